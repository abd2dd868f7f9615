"""Every sign of who wrote a mail, each with its weight and a sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsing.model import Directory
from parsing.who.domains import host_of, is_a_collector, is_desk, is_freemail, owner_of
from parsing.who.letter import Letter
from parsing.who.names import Mention, given_names
from parsing.who.observers import is_no_state, is_organization, own_name
from parsing.who.passage import (
    Passage,
    claims,
    introduces_itself,
    is_a_place,
    is_in_a_short_line,
    is_institutional_adjective,
    is_official,
    is_own,
    passage,
    signs,
    without_quotes,
)
from parsing.who.phrases import TABLE, any_of
from parsing.who.recipients import addresses_in
from parsing.who.register_index import Known

WEIGHTS: dict[str, float] = TABLE["weights"]
_HEAD = 900
"""Delegations say who they are in the first characters; further down they speak of others."""
_TAIL = 900
_NAME, _FILES = 200, 50
_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{2,3})(?![A-Za-z])")
_WORDS = frozenset(TABLE["words"])
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TELEPHONE = re.compile(r"(?:\+|\b00)[ (]*(\d[\d ().-]{5,})")
_OFFICE = re.compile(any_of(["cbd", "cdb", "nfp", "pnf", "focal", "kunming", "cop"]))


@dataclass(frozen=True, slots=True)
class Piece:
    """One sign: for whom it speaks ("party", "observer" or "group", and which), what kind of sign, and the sentence."""

    who: str
    name: str
    sign: str
    sentence: str
    rank: int = 0
    """The place in a claim's list: 0 for the one that is named first."""

    @property
    def weight(self) -> float:
        return WEIGHTS[self.sign]


def gather(letter: Letter, known: Known, directory: Directory = ()) -> tuple[Piece, ...]:
    """All signs of a letter, in the order of their weight; what it forwards is not looked at."""
    sender = passage(letter.sender_name[:_NAME], known)
    people = () if sender.names else given_names(letter.sender_name)
    subject, head, tail = (passage(text, known, people) for text in (letter.subject[:_HEAD], *_ends(letter.body)))
    pieces = [
        *_of_address(letter, known, directory),
        *_of_subject(subject),
        *_of_words(head, "The mail"),
        *_of_lines(tail, "signature"),
        *_of_signature(head, tail),
        *_of_sender(sender),
        *_of_files(letter, known),
        *_of_documents(letter, known),
        *_of_authors(letter, known),
        *_of_places(tail, known),
        *_of_organization(letter, known),
    ]
    return tuple(sorted(set(pieces), key=lambda piece: (-piece.weight, piece.sentence)))


def _ends(body: str) -> tuple[str, str]:
    """The first and the last words of a body, without what they quote."""
    return without_quotes(body[: 2 * _HEAD])[:_HEAD], without_quotes(body[-2 * _TAIL :])[-_TAIL:]


def _of_address(letter: Letter, known: Known, directory: Directory) -> Iterator[Piece]:
    address = letter.sender_address.strip().lower()
    for point in directory:
        if point.party and point.address.lower() == address:
            yield Piece(
                "party",
                point.party,
                "directory",
                f"The directory has {address} as {point.role or 'an address'} of {point.party}.",
            )
    host = host_of(address)
    owner = None if is_a_collector(address, directory) else owner_of(host, known)
    if owner:
        what = {"domain": "a government's or organization's domain", "ministry": "a ministry's domain"}.get(
            owner.sign, "a domain in the country"
        )
        yield Piece(owner.who, owner.name, owner.sign, f"{host} is {what} of {owner.name}.")
    copied = _owners_of_copies(letter, known)
    if len(copied) == 1:
        name = copied.pop()
        yield Piece("party", name, "copied", f"A government's address of {name} is among the copied.")


def _owners_of_copies(letter: Letter, known: Known) -> set[str]:
    hosts = {
        host_of(address)
        for header in ("cc", "to", "reply-to")
        for address in addresses_in(letter.headers.get(header, ()))
    }
    owners = (owner_of(host, known) for host in hosts if not is_desk(host))
    return {owner.name for owner in owners if owner and owner.who == "party" and owner.sign != "country"}


def _of_words(text: Passage, source: str) -> Iterator[Piece]:
    """Claims to speak for others, and names that own or do something."""
    for claim in claims(text):
        for rank, name in enumerate(claim.names):
            yield Piece(name.who, name.code, "behalf", f"{source} says “{claim.words}”.", rank)
    for name in text.names:
        if is_own(text, name):
            yield Piece(name.who, name.code, "own", f"{source} speaks of “{_around(text, name)}”.")
        elif name.who != "group" and introduces_itself(text, name):
            yield Piece(name.who, name.code, "letterhead", f"{source} speaks of “{_around(text, name)}”.")


def _around(text: Passage, name: Mention) -> str:
    return " ".join(text.text[max(0, name.start - 30) : name.end + 20].split())


def _of_subject(subject: Passage) -> Iterator[Piece]:
    yield from _of_words(subject, "The subject")
    for name in subject.names:
        if name.who != "group" and not (name.adjective and not is_institutional_adjective(subject, name)):
            yield Piece(name.who, name.code, "subject", f"The subject names {name.code}.")


def _of_lines(text: Passage, where: str) -> Iterator[Piece]:
    """Names in the short lines of a signature or a letterhead."""
    for name in text.names:
        if name.who == "group" or not is_in_a_short_line(text, name) or is_a_place(text, name):
            continue
        if name.adjective and not is_institutional_adjective(text, name):
            continue
        sign = "letterhead" if is_official(text, name) else "address"
        yield Piece(name.who, name.code, sign, f"The {where} names {name.code}: “{_around(text, name)}”.")


def _of_signature(head: Passage, tail: Passage) -> Iterator[Piece]:
    """A State's name that signs alone, where no organization speaks."""
    if is_no_state(head.text) or is_no_state(tail.text):
        return
    for name in tail.names:
        around = (tail.text[: name.start], tail.text[name.end :])
        if name.who != "group" and not name.adjective and signs(tail, name) and not own_name(around):
            yield Piece(name.who, name.code, "signed", f"{name.code} signs in a line of its own.")


def _of_sender(sender: Passage) -> Iterator[Piece]:
    for name in sender.names:
        around = (sender.text[: name.start] + sender.text[name.end :]).strip()
        alone = not around and not given_names(sender.text)
        if name.who == "group":
            continue
        if is_official(sender, name):
            yield Piece(name.who, name.code, "letterhead", f"The sender is named “{sender.text}”.")
        elif alone or _OFFICE.search(sender.folded):
            yield Piece(name.who, name.code, "sender", f"The sender is named “{sender.text}”.")


def _of_files(letter: Letter, known: Known) -> Iterator[Piece]:
    for file_name in letter.file_names[:_FILES]:
        stem = _CAMEL.sub(" ", file_name[:_NAME].rpartition(".")[0] or file_name[:_NAME])
        text = passage(stem, known)
        for name in text.names:
            if name.who != "group" and not (name.adjective and not is_institutional_adjective(text, name)):
                yield Piece(name.who, name.code, "file", f"The file “{file_name}” names {name.code}.")
            elif name.who == "group":
                yield Piece("group", name.code, "file", f"The file “{file_name}” names {name.code}.")
        yield from _of_codes(stem, known, f"The file “{file_name}”")
    yield from _of_codes(letter.subject[:_HEAD], known, "The subject")


def _of_codes(text: str, known: Known, source: str) -> Iterator[Piece]:
    for code in _CODE.findall(text):
        if code not in _WORDS and (party := known.codes.get(code)):
            yield Piece("party", party, "code", f"{source} has the code {code}.")


def _of_documents(letter: Letter, known: Known) -> Iterator[Piece]:
    for document in letter.documents[:_FILES]:
        text = passage(without_quotes(document[:_HEAD] + "\n\n" + document[_HEAD:][-_TAIL:]), known)
        yield from _of_words(text, "An attached document")
        yield from _of_lines(text, "letterhead or signature of a document")
        yield from _of_places(text, known)


def _of_authors(letter: Letter, known: Known) -> Iterator[Piece]:
    for author in letter.authors[:_FILES]:
        text = passage(author[:_NAME], known)
        for name in text.names:
            if not name.adjective and name.who != "group":
                yield Piece(name.who, name.code, "author", f"An author of changes is named “{author}”.")


def _of_places(text: Passage, known: Known) -> Iterator[Piece]:
    """The town and the telephone of a signature."""
    for seat in text.seats:
        yield Piece("party", seat.code, "seat", f"The signature names {text.text[seat.start : seat.end]}.")
    for number in _TELEPHONE.findall(text.text):
        digits = re.sub(r"\D", "", number)
        code = next((digits[:n] for n in (4, 3, 2) if digits[:n] in known.dialling), None)
        if code:
            yield Piece("party", known.dialling[code], "dialling", f"A telephone number begins with +{code}.")


def _of_organization(letter: Letter, known: Known) -> Iterator[Piece]:
    """An organization that no table knows, by its own name."""
    host = host_of(letter.sender_address)
    owner = owner_of(host, known)
    if is_desk(host) or (owner and owner.sign in ("domain", "ministry")):
        return
    documents = [without_quotes(document[:600])[:300] for document in letter.documents[:_FILES]]
    named = own_name((letter.sender_name[:_NAME], letter.subject[:_HEAD], *_ends(letter.body), *documents))
    organized = is_organization(host) and not is_freemail(host)
    if named is None or not (named.nature or organized) or _is_a_group(named.name, known):
        return
    if named.nature:
        yield Piece("observer", named.name, "nature", f"The mail says of {named.name}: “{named.nature}”.")
    if organized:
        yield Piece("observer", named.name, "country", f"{host} is an organization's domain.")
    for place in range(min(named.places, 3)):
        yield Piece(
            "observer", named.name, "organization", f"{named.name} stands in {named.places} places of the mail.", place
        )


def _is_a_group(name: str, known: Known) -> bool:
    return any(found.who == "group" for found in passage(name, known).names)
