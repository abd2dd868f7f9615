"""What two copies of one mail have in common, whatever the servers between did to them."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from email.message import Message
from html import unescape

from parsing.formats.text import read_text
from parsing.mail.addresses import sender_of
from parsing.mail.body import without_style_sheets
from parsing.mail.disclaimers import with_disclaimers
from parsing.mail.header_repair import parse
from parsing.mail.headers import decode_words, parameters, raw_field, raw_fields, read_headers
from parsing.mail.hops import read_date
from parsing.mail.leaves import payload
from parsing.text.charsets import decode

_IDENTIFIER = re.compile(r"<[^<>\s]+>")
_ORIGINAL_ID = re.compile(r"(?:original|parent|journal\w*)-message-?id")
"""Headers in which a server that gives a copy a new Message-ID keeps the old one (X-MS-Exchange-Parent-Message-Id)."""
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_LINE_END = re.compile(r"</?(?:p|div|br|tr|td|li|h\d|table|blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(r"(?:https?://|www\.)\S*")
"""Filters put their own links in the place of others."""
_NO_WORD = re.compile(r"[\W_]+")
_LONGEST = 200_000
"""Characters of a text, and bytes of one that is HTML, that are compared; what is longer is compared as it came."""
_SHOWN = ("from", "to", "cc", "reply-to", "date", "subject", "message-id")


def fingerprint(raw: bytes) -> str | None:
    """The SHA-256 of what a mail's sender wrote: who, the words without warnings and footers that were put to them, the
    files, and the Message-ID, the first one where a server gave another. None without a Message-ID: then nothing says
    that two such mails are one.
    """
    message, _ = parse(raw)
    identifier = _identifier(message)
    if identifier is None:
        return None
    froms = [value for name, value in raw_fields(message) if name.lower() == "from"]
    written = [identifier, sender_of(froms).address.lower(), _words(message), *sorted(_files(message))]
    return hashlib.sha256("\n".join(written).encode("utf-8", "surrogatepass")).hexdigest()


def differences(one: bytes, other: bytes) -> tuple[str, ...]:
    """How a copy differs from another to a reader's eye: a sentence for each header that people see, and for the words
    that were put to it.
    """
    shown, also = (_shown(raw) for raw in (one, other))
    return tuple(
        f"{name.title()}: “{shown.get(name, '')}” and “{also.get(name, '')}”"
        for name in _SHOWN
        if shown.get(name) != also.get(name)
    )


def _identifier(message: Message) -> str | None:
    """The Message-ID that the sender gave."""
    ids = {
        name.lower(): found[0]
        for name, value in reversed(list(raw_fields(message)))
        if (found := _IDENTIFIER.search(value))
    }
    original = next((value for name, value in ids.items() if _ORIGINAL_ID.search(name)), None)
    return original or ids.get("message-id")


def _shown(raw: bytes) -> Mapping[str, str]:
    headers = read_headers(parse(raw)[0])
    shown = {name: ", ".join(headers[name]) for name in _SHOWN if name in headers}
    date = read_date(shown.get("date", ""))
    return shown | ({"date": f"{date:%Y-%m-%d %H:%M:%S} UTC"} if date else {})


# --- words -------------------------------------------------------------------------------------------


def _words(message: Message) -> str:
    """The letters of all that the plain texts say, or where there are none of what the HTML says."""
    plain, html = ([part for part in _leaves(message) if _is_text(part, kind)] for kind in ("plain", "html"))
    said = " ".join(_plain(part) for part in plain)
    return _letters(said) or _letters("\n".join(_without_markup(_plain(part)) for part in html))


def _letters(text: str) -> str:
    if len(text) > _LONGEST:
        return _NO_WORD.sub("", text.casefold())
    blocks = with_disclaimers(read_text(_LINK.sub(" ", text)).blocks)
    own = (run.text for block in blocks if block.role == "own" for run in block.runs)
    return _NO_WORD.sub("", "".join(own).casefold())


def _plain(part: Message) -> str:
    declared = parameters(raw_field(part, "content-type")).get("charset")
    return decode(payload(part).data, declared).text


def _without_markup(html: str) -> str:
    if len(html) > _LONGEST:
        return html
    return unescape(_TAG.sub("", _LINE_END.sub("\n\n", without_style_sheets(html))))


# --- parts -------------------------------------------------------------------------------------------


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold no others; a mail that is attached is one of them."""
    stack = [message]
    while stack:
        part = stack.pop()
        children = _children(part) if part.get_content_maintype() == "multipart" else []
        stack += reversed(children)
        if not children:
            yield part


def _children(part: Message) -> list[Message]:
    return [child for child in part.get_payload() if isinstance(child, Message)] if part.is_multipart() else []


def _is_text(part: Message, kind: str) -> bool:
    return part.get_content_type() == f"text/{kind}" and not _is_attached(part)


def _is_attached(part: Message) -> bool:
    placed = decode_words(raw_field(part, "content-disposition") or "").lower()
    return placed.startswith("attachment") or "filename" in placed


def _files(message: Message) -> Iterator[str]:
    """The hash of each file; signatures are of the copy, and an attached mail counts by what it says."""
    for part in _leaves(message):
        if _is_text(part, "plain") or _is_text(part, "html") or part.get_content_type() in _SIGNATURES:
            continue
        yield hashlib.sha256(_content(part)).hexdigest()


def _content(part: Message) -> bytes:
    children = _children(part)
    return "\n".join(map(_words, children)).encode() if children else payload(part).data
