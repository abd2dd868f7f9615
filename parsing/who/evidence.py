"""Every sign of who wrote a mail, each with its weight and a sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsing.languages.tables import phrases
from parsing.model import Directory
from parsing.who.domains import host_of, is_a_collector, is_desk, is_freemail, owner_of
from parsing.who.letter import Letter
from parsing.who.names import Mention, given_names
from parsing.who.observers import SelfNamed, is_no_state, is_organization, own_name
from parsing.who.passage import (
    TextWithNames,
    introduces_itself,
    is_a_place,
    is_in_a_short_line,
    is_institutional_adjective,
    is_official,
    is_own,
    passage,
    said_on_behalf,
    signs,
    without_quotes,
)
from parsing.who.phrases import TABLE, fold_in_place, pattern_in_place
from parsing.who.recipients import addresses_in
from parsing.who.register_index import RegisterIndex

WEIGHTS: dict[str, float] = TABLE["weights"]
_HEAD = 900
"""Delegations say who they are in the first characters; further down they speak of others."""
_TAIL = 900
_NAME, _FILES = 200, 50
_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{2,3})(?![A-Za-z])")
_WORDS = frozenset(phrases("names.country_codes"))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TELEPHONE = re.compile(r"(?:\+|\b00)[ (]*(\d[\d ().-]{5,})")
_ANSWERS = re.compile(
    rf"\s*(?:{'|'.join(map(re.escape, map(fold_in_place, phrases('quoted_mail.reply_prefix'))))})\s*[:：]"
)
_OFFICE = pattern_in_place("institutions.focal_points")


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign: for whom it speaks ("party", "observer" or "group", and which), what kind of sign, and the sentence."""

    who: str
    name: str
    kind: str
    sentence: str
    rank: int = 0
    """The place in a claim's list: 0 for the one that is named first."""

    @property
    def weight(self) -> float:
        return WEIGHTS[self.kind]


def gather(letter: Letter, index: RegisterIndex, directory: Directory = ()) -> tuple[Signal, ...]:
    """All signs of a letter, in the order of their weight; what it forwards is not looked at."""
    sender = passage(letter.sender_name[:_NAME], index)
    people = () if sender.names else given_names(letter.sender_name)
    subject, head, tail = (passage(text, index, people) for text in (letter.subject[:_HEAD], *_ends(letter.body)))
    signals = [
        *_of_address(letter, index, directory),
        *_of_subject(subject),
        *_of_words(head, "The mail"),
        *_of_lines(tail, "signature"),
        *_of_signature(head, tail),
        *_of_sender(sender),
        *_of_files(letter, index),
        *_of_documents(letter, index),
        *_of_authors(letter, index),
        *_of_places(tail, index),
        *_of_organization(letter, index),
    ]
    return tuple(sorted(set(signals), key=lambda signal: (-signal.weight, signal.sentence)))


def _ends(body: str) -> tuple[str, str]:
    """The first and the last words of a body, without what they quote."""
    return without_quotes(body[: 2 * _HEAD])[:_HEAD], without_quotes(body[-2 * _TAIL :])[-_TAIL:]


def _of_address(letter: Letter, index: RegisterIndex, directory: Directory) -> Iterator[Signal]:
    address = letter.sender_address.strip().lower()
    if not _is_for_answers_alone(address, letter):
        yield from _of_sender_address(address, index, directory)
    copied = _owners_of_copies(letter, index)
    if len(copied) == 1:
        name = copied.pop()
        yield Signal("party", name, "copied", f"A government's address of {name} is among the copied.")


def _is_for_answers_alone(address: str, letter: Letter) -> bool:
    """Whether the address is in Reply-To and in no field that says who sent the mail: nothing vouches for it."""
    for_answers = {one.lower() for one in addresses_in(letter.headers.get("reply-to", ()))}
    senders = {
        one.lower()
        for field in ("from", "sender", "return-path")
        for one in addresses_in(letter.headers.get(field, ()))
    }
    return address in for_answers - senders


def _of_sender_address(address: str, index: RegisterIndex, directory: Directory) -> Iterator[Signal]:
    for point in directory:
        if point.party and point.address.lower() == address:
            yield Signal(
                "party",
                point.party,
                "directory",
                f"The directory has {address} as {point.role or 'an address'} of {point.party}.",
            )
    host = host_of(address)
    owner = None if is_a_collector(address, directory) else owner_of(host, index)
    if owner:
        what = {"domain": "a government's or organization's domain", "ministry": "a ministry's domain"}.get(
            owner.kind, "a domain in the country"
        )
        yield Signal(owner.who, owner.name, owner.kind, f"{host} is {what} of {owner.name}.")


def _owners_of_copies(letter: Letter, index: RegisterIndex) -> set[str]:
    hosts = {
        host_of(address)
        for header in ("cc", "to", "reply-to")
        for address in addresses_in(letter.headers.get(header, ()))
    }
    owners = (owner_of(host, index) for host in hosts if not is_desk(host))
    return {owner.name for owner in owners if owner and owner.who == "party" and owner.kind != "country"}


def _of_words(text: TextWithNames, source: str) -> Iterator[Signal]:
    """Claims to speak for others, and names that own or do something."""
    for claim in said_on_behalf(text):
        for rank, name in enumerate(claim.names):
            yield Signal(name.who, name.code, "behalf", f"{source} says “{claim.words}”.", rank)
    for name in text.names:
        if is_own(text, name):
            yield Signal(name.who, name.code, "own", f"{source} speaks of “{_around(text, name)}”.")
        elif name.who != "group" and introduces_itself(text, name):
            yield Signal(name.who, name.code, "letterhead", f"{source} speaks of “{_around(text, name)}”.")


def _around(text: TextWithNames, name: Mention) -> str:
    return " ".join(text.text[max(0, name.start - 30) : name.end + 20].split())


def _of_subject(subject: TextWithNames) -> Iterator[Signal]:
    """What the subject says; that of an answer was written by the one who is answered, and owns nothing."""
    if not _ANSWERS.match(subject.folded):
        yield from _of_words(subject, "The subject")
    for name in subject.names:
        if name.who != "group" and not (name.adjective and not is_institutional_adjective(subject, name)):
            yield Signal(name.who, name.code, "subject", f"The subject names {name.code}.")


def _of_lines(text: TextWithNames, where: str) -> Iterator[Signal]:
    """Names in the short lines of a signature or a letterhead."""
    for name in text.names:
        if name.who == "group" or not is_in_a_short_line(text, name) or is_a_place(text, name):
            continue
        if name.adjective and not is_institutional_adjective(text, name):
            continue
        kind = "letterhead" if is_official(text, name) else "address"
        yield Signal(name.who, name.code, kind, f"The {where} names {name.code}: “{_around(text, name)}”.")


def _of_signature(head: TextWithNames, tail: TextWithNames) -> Iterator[Signal]:
    """A State's name that signs alone, where no organization speaks."""
    if is_no_state(head.text) or is_no_state(tail.text):
        return
    for name in tail.names:
        around = (tail.text[: name.start], tail.text[name.end :])
        if name.who != "group" and not name.adjective and signs(tail, name) and not own_name(around):
            yield Signal(name.who, name.code, "signed", f"{name.code} signs in a line of its own.")


def _of_sender(sender: TextWithNames) -> Iterator[Signal]:
    for name in sender.names:
        around = (sender.text[: name.start] + sender.text[name.end :]).strip()
        alone = not around and not given_names(sender.text)
        if name.who == "group":
            continue
        if is_official(sender, name):
            yield Signal(name.who, name.code, "letterhead", f"The sender is named “{sender.text}”.")
        elif alone or _OFFICE.search(sender.folded):
            yield Signal(name.who, name.code, "sender", f"The sender is named “{sender.text}”.")


def _of_files(letter: Letter, index: RegisterIndex) -> Iterator[Signal]:
    for file_name in letter.file_names[:_FILES]:
        stem = _CAMEL.sub(" ", file_name[:_NAME].rpartition(".")[0] or file_name[:_NAME])
        text = passage(stem, index)
        for name in text.names:
            if name.who != "group" and not (name.adjective and not is_institutional_adjective(text, name)):
                yield Signal(name.who, name.code, "file", f"The file “{file_name}” names {name.code}.")
            elif name.who == "group":
                yield Signal("group", name.code, "file", f"The file “{file_name}” names {name.code}.")
        yield from _of_codes(stem, index, f"The file “{file_name}”")
    yield from _of_codes(letter.subject[:_HEAD], index, "The subject")


def _of_codes(text: str, index: RegisterIndex, source: str) -> Iterator[Signal]:
    for code in _CODE.findall(text):
        if code not in _WORDS and (party := index.codes.get(code)):
            yield Signal("party", party, "code", f"{source} has the code {code}.")


def _of_documents(letter: Letter, index: RegisterIndex) -> Iterator[Signal]:
    for document in letter.documents[:_FILES]:
        text = passage(without_quotes(document[:_HEAD] + "\n\n" + document[_HEAD:][-_TAIL:]), index)
        yield from _of_words(text, "An attached document")
        yield from _of_lines(text, "letterhead or signature of a document")
        yield from _of_places(text, index)


def _of_authors(letter: Letter, index: RegisterIndex) -> Iterator[Signal]:
    for author in letter.authors[:_FILES]:
        text = passage(author[:_NAME], index)
        for name in text.names:
            if not name.adjective and name.who != "group":
                yield Signal(name.who, name.code, "author", f"An author of changes is named “{author}”.")


def _of_places(text: TextWithNames, index: RegisterIndex) -> Iterator[Signal]:
    """The town and the telephone of a signature."""
    for seat in text.seats:
        yield Signal("party", seat.code, "seat", f"The signature names {text.text[seat.start : seat.end]}.")
    for number in _TELEPHONE.findall(text.text):
        digits = re.sub(r"\D", "", number)
        code = next((digits[:n] for n in (4, 3, 2) if digits[:n] in index.dialling), None)
        if code:
            yield Signal("party", index.dialling[code], "dialling", f"A telephone number begins with +{code}.")


def _of_organization(letter: Letter, index: RegisterIndex) -> Iterator[Signal]:
    """An organization that no table knows, by its own name."""
    host = host_of(letter.sender_address)
    if is_desk(host) or _is_a_governments(host, index):
        return
    named = _named_organization(letter, index)
    organized = is_organization(host) and not is_freemail(host)
    if named is None or not (named.nature or organized):
        return
    if named.nature:
        yield Signal("observer", named.name, "nature", f"The mail says of {named.name}: “{named.nature}”.")
    if organized:
        yield Signal("observer", named.name, "country", f"{host} is an organization's domain.")
    for place in range(min(named.places, 3)):
        yield Signal(
            "observer", named.name, "organization", f"{named.name} occurs in {named.places} places of the mail.", place
        )


def _is_a_governments(host: str, index: RegisterIndex) -> bool:
    owner = owner_of(host, index)
    return owner is not None and owner.kind in ("domain", "ministry")


def _named_organization(letter: Letter, index: RegisterIndex) -> SelfNamed | None:
    """The organization that the letter names most; None where that is a Group's name."""
    documents = [without_quotes(document[:600])[:300] for document in letter.documents[:_FILES]]
    named = own_name((letter.sender_name[:_NAME], letter.subject[:_HEAD], *_ends(letter.body), *documents))
    if named and any(found.who == "group" for found in passage(named.name, index).names):
        return None
    return named
