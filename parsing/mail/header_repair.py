"""Bytes as a tree of parts, within bounds; and mails whose head is damaged, with headers that a parser takes."""

import re
from email import message_from_bytes
from email.errors import FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32

_BEFORE = re.compile(rb"\A(?:\xef\xbb\xbf|[ \t]*\r?\n|[ \t]*\r|>From [^\r\n]*[\r\n]+)+")
"""What programs leave before the first header: a byte order mark, blank lines, the quoted From line of an mbox."""
_HEAD_END = re.compile(rb"\r?\n\r?\n|\r\r")
_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FIELD = re.compile(rb"([!-9;-~]{1,80})[ \t]*:")
_KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|mime-version|content-type|content-transfer-encoding|received)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_BREAKS = (MissingHeaderBodySeparatorDefect, FirstHeaderLineIsContinuationDefect)
"""Defects after which the parser takes the rest of the head for the body."""
_LONGEST = 1 << 18
_LONGEST_FIELD = 1 << 16
"""Characters of a Content-* field: the standard library takes the square of their number to find a boundary."""


class _Bounded(Compat32):
    """compat32 with an end to the fields that it looks into itself."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if len(value) > _LONGEST_FIELD and name.lower().startswith("content-"):
            value = value[:_LONGEST_FIELD]
        return name, value


_POLICY = _Bounded()


def parse(raw: bytes) -> tuple[Message, str]:
    """The parts that the bytes hold, and a sentence where they could not be told apart."""
    try:
        return message_from_bytes(raw, policy=_POLICY), ""
    except RecursionError:
        why = "its parts are nested too deep to be told apart: read as one text"
        return BytesHeaderParser(policy=_POLICY).parsebytes(raw), why


def mended(raw: bytes, message: Message) -> bytes | None:
    """The mail with something before its headers taken away, or with lines among them that are none made part of the
    header above; None where the head is whole, or where there is none.
    """
    if message.keys() and not _is_broken(message):
        return None
    start, end = _head(raw)
    head = raw[start:end]
    if not message.keys() and not _FIELD.match(head):
        return None
    if len(_KNOWN.findall(head)) <= _known_names(message):
        return None
    return b"".join(_line(found[0]) for found in _LINES.finditer(head)) + raw[end:]


def _is_broken(message: Message) -> bool:
    return any(isinstance(defect, _BREAKS) for defect in message.defects)


def _head(raw: bytes) -> tuple[int, int]:
    """Where the headers begin and end."""
    before = _BEFORE.match(raw)
    start = before.end() if before else 0
    limit = min(len(raw), start + _LONGEST)
    end = _HEAD_END.search(raw, start, limit)
    return start, end.start() if end else limit


def _known_names(message: Message) -> int:
    """How many fields of every mail the parser found."""
    return sum(_KNOWN.match(f"{name}:".encode("utf-8", "replace")) is not None for name in message)


def _line(line: bytes) -> bytes:
    """A line of a head: without the space before its colon; as a continuation where it is no field."""
    field = _FIELD.match(line)
    if field:
        return field[1] + line[field.end() - 1 :]
    return line if line[:1] in (b" ", b"\t", b"") or line.startswith(b"From ") else b" " + line
