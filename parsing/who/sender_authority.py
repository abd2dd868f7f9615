"""For whom a sender's address is known to speak, and what speaks against its being the sender's own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsing.model import Consultation, OpenMail
from parsing.who.authenticity import Authenticated, failures
from parsing.who.domains import Owner, host_of, is_a_collector, owner_of
from parsing.who.phrases import TABLE
from parsing.who.recipients import addresses_in
from parsing.who.register_index import register_index

_RESERVED_IN: dict[str, list[str]] = TABLE["reserved_in"]
UNCHECKED = "nothing verifies that its sender wrote it"


@dataclass(frozen=True, slots=True)
class SenderAuthority:
    """`speaks_for` are the Parties and Observers for whom the sender's address is known to speak: by the directory, or
    by a domain that is their government's own. `unproven` says why the address may not be the sender's own; it is empty
    where that is verified, or believed of the directory.
    """

    speaks_for: tuple[str, ...] = ()
    unproven: str = ""


def sender_authority(mail: OpenMail, checked: Authenticated, consultation: Consultation) -> SenderAuthority:
    """The standing of the one who sends the mail itself, whatever it passes on."""
    reasons = _reasons(mail, checked, consultation)
    return SenderAuthority(tuple(_speaks_for(mail, consultation)), next(reasons, ""))


def _reasons(mail: OpenMail, checked: Authenticated, consultation: Consultation) -> Iterator[str]:
    senders = addresses_in(mail.headers.get("from", ()))
    if senders != {mail.sender_address.lower()}:
        yield "its From field does not name one sender"
    yield from map(_clause, checked.doubts)
    if checked.verdict == "verified":
        return
    yield from map(_clause, failures(mail))
    if consultation.authserv_id:
        yield f"{consultation.authserv_id} has not verified its sender"
    elif not (consultation.believes_directory and any(_listed(mail, consultation))):
        yield UNCHECKED


def _clause(sentence: str) -> str:
    return sentence.rstrip(".")


def _speaks_for(mail: OpenMail, consultation: Consultation) -> Iterator[str]:
    address = mail.sender_address.strip().lower()
    listed = list(_listed(mail, consultation))
    yield from listed
    host = host_of(address)
    owner = owner_of(host, register_index(consultation.register))
    is_desk = is_a_collector(address, consultation.directory)
    if owner and not is_desk and owner.name not in listed and _is_its_own(host, owner):
        yield owner.name


def _listed(mail: OpenMail, consultation: Consultation) -> Iterator[str]:
    """The Parties for which the directory lists the sender's address."""
    address = mail.sender_address.strip().lower()
    yield from (point.party for point in consultation.directory if point.party and point.address.lower() == address)


def _is_its_own(host: str, owner: Owner) -> bool:
    """Whether nobody else may have a name there: mfa.it is for sale to anybody, and go.it, which looks like go.jp."""
    return owner.kind == "domain" and _is_reserved(host.split(".")[-2:])


def _is_reserved(below: Iterable[str]) -> bool:
    label, top = below
    return label not in _RESERVED_IN or top in _RESERVED_IN[label]
