"""The bytes of a MIME part, and what can be mended where its encoding or its boundary is wrong."""

import base64
import binascii
import quopri
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from email.message import Message

from parsing.mail.headers import raw_field, raw_fields

_KNOWN = ("", "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue")
_LETTERS = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDED = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_BLANKS = re.compile(rb"=[ \t]+(?=\r?\n)")
"""Blanks that a server put behind the sign that joins two lines: they must be deleted (RFC 2045, 6.7, rule 3)."""
_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Leafed:
    """The decoded bytes of a part."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Mended:
    """What a part most likely holds: bytes, or a MIME entity; `why` says what was wrong."""

    data: bytes
    why: str
    entity: bytes | None = None


def payload(part: Message) -> Leafed:
    """The bytes of a part as the standard library decodes them; as they came where it cannot."""
    if _encoding(part) == "quoted-printable" and (raw := _raw(part)) and _BLANKS.search(raw):
        return Leafed(quopri.decodestring(_BLANKS.sub(b"=", raw)))
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):  # odd charset names and broken uuencode
        data = None
    return Leafed(data if isinstance(data, bytes) else _raw(part))


def repaired(part: Message, leaf: Leafed) -> Mended | None:
    """The content where the standard library's reading of an encoding or a boundary falls short; else None."""
    if part.get_content_maintype() == "multipart":
        return _split_anew(leaf.data)
    encoding = _encoding(part)
    if encoding == "base64":
        return _beyond_padding(_raw(part), leaf.data)
    plain = re.sub(r"[^a-z0-9]", "", encoding.partition(";")[0])
    if encoding in _KNOWN or plain not in ("base64", "quotedprintable"):
        return None
    data = _from_base64(_raw(part)) if plain == "base64" else quopri.decodestring(_raw(part))
    return Mended(data, f"the transfer encoding is misspelt ({encoding[:40]}): decoded beside it") if data else None


def _encoding(part: Message) -> str:
    return str(part.get("content-transfer-encoding", "")).lower()


def encoded_again(part: Message, children: Sequence[Message]) -> bytes | None:
    """The bytes of an attached mail that is itself encoded, which RFC 2046 forbids and programs do; else None."""
    encoding = re.sub(r"[^a-z0-9]", "", (raw_field(part, "content-transfer-encoding") or "").lower())
    if encoding not in ("base64", "quotedprintable") or len(children) != 1:
        return None
    if children[0].is_multipart():
        return None
    head = "".join(
        f"{name}:{value if value.startswith((' ', chr(9))) else ' ' + value}\n"
        for name, value in raw_fields(children[0])
    )
    raw = (head + "\n" if head else "").encode("utf-8", "surrogateescape") + _raw(children[0])
    return _from_base64(raw) if encoding == "base64" else quopri.decodestring(raw)


def _raw(part: Message) -> bytes:
    """The characters of a part as they came, its transfer encoding left as it is."""
    if part.is_multipart():
        return b""
    bare = copy(part)
    del bare["content-transfer-encoding"]
    data = bare.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _from_base64(raw: bytes) -> bytes:
    """All that base64 holds, whatever is between its letters and wherever it is padded."""
    out = bytearray()
    for piece in _PADDED.finditer(_LETTERS.sub(b"", raw)):
        letters = piece[0].rstrip(b"=")
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        try:
            out += base64.b64decode(letters + b"=" * (-len(letters) % 4))
        except binascii.Error:
            continue
    return bytes(out)


def _beyond_padding(raw: bytes, data: bytes) -> Mended | None:
    """Base64 that was put together from pieces, each with its padding: the library stops at the first."""
    head = raw.rstrip()
    at = head.find(b"=")
    if at < 0 or not (rest := head[at:].lstrip(b"=").strip()) or not re.fullmatch(rb"[A-Za-z0-9+/=\s]+", rest):
        return None
    whole = _from_base64(raw)
    return (
        Mended(whole, "its base64 is padded in the middle: all of it is attached too")
        if len(whole) > len(data)
        else None
    )


def _split_anew(data: bytes) -> Mended | None:
    """A multipart whose declared boundary does not occur, by the boundary that does."""
    found = _BOUNDARY.search(data)
    if not found:
        return None
    entity = b'Content-Type: multipart/mixed; boundary="' + found[1] + b'"\n\n' + data
    return Mended(data, "its boundary is not the one that it declares: parted by the one that it contains", entity)
