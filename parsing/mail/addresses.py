"""Which address is the sender of a mail: one rule, and a sentence where another reader would name another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import getaddresses

from parsing.mail.headers import decode_words

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_ANGLE = re.compile(r"<([^<>]*)>")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@\\]+@(?:[^\s<>()\[\],;:\"@\\]+|\[[0-9A-Fa-f.:]+\])")
_LONGEST = 1 << 12
"""Characters of a From field that are looked at: longer ones are attacks."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The name and address of who sent a mail, both empty where nothing says; `doubts` are sentences for a person."""

    name: str = ""
    address: str = ""
    doubts: tuple[str, ...] = ()


def sender_of(froms: Sequence[str], others: Sequence[tuple[str, str]] = (), hint: str | None = None) -> Sender:
    """The sender by the From fields as they came; without an address there, by the first of `others` (name, value).

    The rule: the first From field; in it the first address in angle brackets that are outside quotes and comments,
    and where there are none, the first address. What is encoded (RFC 2047) is a name, never an address.
    """
    if not froms:
        return _from_others(Sender(doubts=("the mail has no From field",)), others, hint)
    sender = _read(froms[0][:_LONGEST], hint)
    doubts = list(sender.doubts)
    addresses = {_read(value[:_LONGEST], hint).address.lower() for value in froms[1:]} - {sender.address.lower()}
    if addresses:
        doubts.append("a second From field names another sender: " + ", ".join(sorted(addresses)))
    sender = Sender(sender.name, sender.address, tuple(doubts))
    if not sender.address:
        return _from_others(sender, others, hint)
    return sender


def _read(value: str, hint: str | None) -> Sender:
    bare = _blank(value)
    angles = [found for found in _ANGLE.finditer(bare) if "@" in found[1] or found[1].strip()]
    if angles:
        start, end = angles[0].span(1)
        address = "".join(_COMMENT.sub("", value[start:end]).split())
        name = value[: angles[0].start()]
    else:
        plain = _ADDRESS.search(bare)
        address = plain[0] if plain else ""
        name = value.replace(address, "", 1) if address else value
    shown = _name(name, hint)
    address = decode_words(address, hint)
    return Sender(shown, address if "@" in address else "", _doubts(value, bare, shown, address))


def _blank(value: str) -> str:
    """The value with its quoted strings and comments blanked, offsets kept."""
    for pattern in (_QUOTED, _COMMENT):
        value = pattern.sub(lambda found: " " * len(found[0]), value)
    return value


def _name(text: str, hint: str | None) -> str:
    shown = decode_words(text.strip().strip(",").strip(), hint)
    while len(shown) > 1 and (shown[0], shown[-1]) in {('"', '"'), ("'", "'"), ("(", ")")}:
        shown = shown[1:-1].strip()
    return shown.replace('\\"', '"')


def _doubts(value: str, bare: str, name: str, address: str) -> tuple[str, ...]:
    doubts: list[str] = []
    if "@" not in address:
        return ("the From field has no address",)
    here = address.lower()
    if shown := [found for found in _ADDRESS.findall(name) if found.lower() != here]:
        doubts.append(f"the sender's name shows another address ({shown[0]}) than the sender's own ({address})")
    if len(_ANGLE.findall(bare)) > 1:
        doubts.append("the From field names several addresses; the first is taken")
    other = _by_library(value)
    if not shown and _ADDRESS.fullmatch(other) and other.lower() != here and value.isascii():
        doubts.append(f"another reading of the From field gives {decode_words(other)}")
    return tuple(doubts)


def _by_library(value: str) -> str:
    """The address that the standard library would take; it can be led astray by quotes and brackets."""
    found = getaddresses([value.replace("\r", " ").replace("\n", " ")])
    return next((address for _, address in found if "@" in address), "")


def _from_others(sender: Sender, others: Sequence[tuple[str, str]], hint: str | None) -> Sender:
    for name, value in others:
        other = _read(value[:_LONGEST], hint)
        if other.address:
            doubt = f"the sender is taken from the {name} field"
            return Sender(sender.name or other.name, other.address, (*sender.doubts, doubt))
    return sender
