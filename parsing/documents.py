"""What the readers see of a file before anything is placed: `kunming read`."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from parsing.formats.door import FormatRead, read_format
from parsing.formats.sniff import sniff
from parsing.json_output import mail_form, text_form
from parsing.mail.message import UNREAD, open_file, open_mail
from parsing.model import Consultation, Converters, Leaf, MarkedText

T = TypeVar("T")

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:From |>?[!-9;-~]{2,60}:[ \t\r\n])")
_MAIL_HEADERS = re.compile(
    rb"^(?:from|to|date|subject|cc|reply-to|received|return-path|message-id|mime-version|content-type|dkim-signature):",
    re.IGNORECASE | re.MULTILINE,
)
_CARRIERS = ("application/vnd.ms-outlook", "application/ms-tnef", "application/pkcs7-mime")
"""What open_mail takes apart beside RFC 5322: Outlook's .msg, winmail.dat, opaque signed mail."""


class PartNotRead(Exception):
    """The reading of a Part was stopped; the message says why."""


class Guard(Protocol):
    """Limits the work on one Part, by the caller's means: it returns what `work` gives, and raises PartNotRead where
    that went beyond its limits or crashed, now or in an earlier attempt. `step` names the work, alike in each attempt.
    """

    def __call__(self, step: str, work: Callable[[], T]) -> T: ...


def unguarded(step: str, work: Callable[[], T]) -> T:
    """What `work` gives, without limits."""
    del step
    return work()


def inspect(
    name: str, data: bytes, _consultation: Consultation, converters: Converters, guard: Guard
) -> dict[str, Any]:
    """The line of `kunming read --json` for a file: a mail, or a document."""
    if is_mail(name, data):
        return _mail_seen(name, data, converters, guard)
    return _document_seen(name, data, converters, guard)


def _mail_seen(name: str, data: bytes, converters: Converters, guard: Guard) -> dict[str, Any]:
    mail = open_mail(data)
    read = {id(leaf): read_leaf(leaf, converters, guard)[0] for leaf in mail.leaves}
    return mail_form(name, replace(mail, leaves=tuple(read[id(leaf)] for leaf in mail.leaves)))


def _document_seen(name: str, data: bytes, converters: Converters, guard: Guard) -> dict[str, Any]:
    """The form of a document, with the Parts and the texts of what it holds inside: an archive's files, attachments."""
    opened = open_file(name, data)
    (leaf, text), *others = (read_leaf(leaf, converters, guard) for leaf in opened.leaves)
    form = text_form(name, text, leaf.part)
    held = [text_form(leaf.part.name, text, leaf.part) for leaf, text in others]
    form["parts"] += [inner["parts"][0] for inner in held]
    form["problems"] += [{"source": one.source, "problem": one.problem} for one in opened.problems]
    inside = [inner for inner in held if inner["blocks"] or inner["comments"]]
    inside += [mail_form(mail.subject, mail) for mail in opened.inside]
    return form | ({"inside": inside} if inside else {})


def is_mail(name: str, data: bytes) -> bool:
    """Whether a file is a mail: by its name, else by what it begins with."""
    if name.lower().endswith((".eml", ".mbox", ".mail")) or sniff(data, name) in _CARRIERS:
        return True
    start = data[:20_000].lstrip()
    if not _HEADER.match(start):
        return False
    head = re.split(rb"\r?\n\r?\n|\r\r", start, maxsplit=1)[0]
    return bool(_HEADER.match(head) and _MAIL_HEADERS.search(head.replace(b"\r", b"\n")))


def read_leaf(leaf: Leaf, converters: Converters, guard: Guard) -> tuple[Leaf, MarkedText]:
    """The Leaf with its fate, and its text; of a Leaf that the mail itself accounts for, no text."""
    if leaf.part.why != UNREAD:
        return leaf, MarkedText(leaf.part.type)
    part = leaf.part
    try:
        read = guard(
            f"read {part.sha256}", lambda: read_format(part.name, part.type, leaf.data, converters, leaf.charset)
        )
    except PartNotRead as stopped:
        read = FormatRead(MarkedText(part.type), "unreadable", str(stopped))
    return replace(leaf, part=replace(leaf.part, fate=read.fate, why=read.why)), read.text


def content_of(
    raw: bytes, sha256: str, _consultation: Consultation, _converters: Converters, _guard: Guard
) -> bytes | None:
    """The decoded content of the Part of a mail with that SHA-256; None where there is none."""
    return next((leaf.data for leaf in open_mail(raw).leaves if leaf.part.sha256 == sha256), None)


def contents_of(
    raw: bytes, hashes: Collection[str], _consultation: Consultation, _converters: Converters, _guard: Guard
) -> dict[str, bytes]:
    """The decoded contents of the Parts of a mail with these SHA-256, of those that are there."""
    return {leaf.part.sha256: leaf.data for leaf in open_mail(raw).leaves if leaf.part.sha256 in hashes}


def text_of(name: str, data: bytes, _consultation: Consultation, converters: Converters, guard: Guard) -> MarkedText:
    """The marked text of a document."""
    return read_leaf(open_file(name, data).leaves[0], converters, guard)[1]
