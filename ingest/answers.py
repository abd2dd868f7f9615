"""What a server's answers say, from imaplib's bytes to values. Pure; RFC 9051, section 7.

imapclient gives up a whole answer for one line in it that is odd. Here an odd line costs what it stands for, and no
more: one mail's time, one folder's name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imapclient import imap_utf7
from imapclient.datetime_util import parse_to_datetime
from imapclient.exceptions import ProtocolError
from imapclient.response_parser import parse_fetch_response, parse_response

from parsing.languages.tables import phrases

Raw = bytes | tuple[bytes, bytes] | None
"""A line as imaplib gives it: with a literal it is a pair, and the rest of the line follows by itself."""

YEARS = range(1970, 9999)
"""In which mail can have come. In 9999 a time zone leads beyond what a datetime holds."""

_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)", re.IGNORECASE)
_TIME = re.compile(rb'\bINTERNALDATE "([^"]*)"', re.IGNORECASE)
_YEAR = re.compile(rb" ?\d{1,2}-[A-Za-z]{3}-(\d+) ")
"""Four digits of a year, which the parser of mail's dates takes for two: 0001 is not 2001."""
_LITERAL8 = re.compile(rb"~(\{\d+\})$")
_JUNK_NAMES = frozenset(phrases("mail_folders.junk"))
"""Where the server does not mark it \\Junk (RFC 6154)."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the server lists it. `junk` marks the one that spam is put into."""

    name: str
    junk: bool


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders that can be opened; `unnamed` are the lines of those whose names say nothing."""

    folders: tuple[Folder, ...]
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail before its bytes are asked for. `odd_time` is the INTERNALDATE where that is no time."""

    uid: int
    size: int
    internaldate: datetime | None
    odd_time: str = ""


def facts_of(data: Iterable[Raw]) -> dict[int, Listed]:
    """Size and time of each mail in the answer to FETCH, by UID. Lines about something else are passed over."""
    lines = (line for line in data if isinstance(line, bytes))
    return {listed.uid: listed for line in lines if (listed := _facts(line)) is not None}


def _facts(line: bytes) -> Listed | None:
    uid, size, time = _UID.search(line), _SIZE.search(line), _TIME.search(line)
    if uid is None or (size is None and time is None):
        return None
    instant = None if time is None else instant_of(time[1])
    odd = time[1].decode("ascii", "replace") if time is not None and instant is None else ""
    return Listed(int(uid[1]), int(size[1]) if size else 0, instant, odd)


def instant_of(internaldate: bytes) -> datetime | None:
    """The instant in UTC; None where that is no time, or none that mail can have come at."""
    year = _YEAR.match(internaldate)
    if year and int(year[1]) not in YEARS:
        return None
    try:
        said = parse_to_datetime(internaldate, normalise=False)
        instant = said.astimezone(UTC) if said.tzinfo else None
    except (ValueError, TypeError, LookupError, ArithmeticError):
        return None
    return instant if instant is not None and instant.year in YEARS else None


def items_of(data: Iterable[Raw]) -> Mapping[int, Mapping[bytes, Any]]:
    """The items of each mail in the answer to FETCH, by UID. Raises ProtocolError and ValueError."""
    lines = [_without_literal8(line) for line in data if line is not None]
    answer: Mapping[int, Mapping[bytes, Any]] = parse_fetch_response(lines, normalise_times=False, uid_is_key=True)
    return answer


def _without_literal8(line: bytes | tuple[bytes, bytes]) -> bytes | tuple[bytes, bytes]:
    """A literal8 (`~{n}`, RFC 3516) as the literal that it is otherwise."""
    return (_LITERAL8.sub(rb"\1", line[0]), line[1]) if isinstance(line, tuple) else line


def folders_of(data: Iterable[Raw]) -> Folders:
    """The folders in the answer to LIST."""
    found, unnamed = [], []
    for line in _whole_lines(data):
        try:
            flags, delimiter, name = parse_response(line)
            found.append(_folder(flags, delimiter, name))
        except (ProtocolError, ValueError, TypeError, AttributeError):
            unnamed.append(repr(line)[:300])
    return Folders(tuple(folder for folder in found if folder is not None), tuple(unnamed))


def _whole_lines(data: Iterable[Raw]) -> Iterator[list[bytes | tuple[bytes, bytes]]]:
    """What belongs to one line, together: a name may be a literal."""
    line: list[bytes | tuple[bytes, bytes]] = []
    for piece in data:
        if not piece and not line:
            continue
        if piece:
            line.append(piece)
        if not isinstance(piece, tuple):
            yield line
            line = []
    if line:
        yield line


def _folder(flags: Sequence[bytes], delimiter: bytes | None, name: Any) -> Folder | None:
    """None for one that cannot be opened. Raises ValueError where the name is not in modified UTF-7."""
    if {b"\\noselect", b"\\nonexistent"} & {flag.lower() for flag in flags}:
        return None
    text = str(name) if isinstance(name, int) else _decoded(name)
    return Folder(text, is_junk(text, delimiter, flags))


def _decoded(name: bytes) -> str:
    """RFC 3501, section 5.1.3; UTF-8 as in RFC 9051. What another decoder would write otherwise names no folder."""
    if not name.isascii():
        return name.decode("utf-8")
    text: str = imap_utf7.decode(name)
    if not text.isprintable():
        raise ValueError(f"{name!r} is no name")
    return text


def is_junk(name: str, delimiter: bytes | None, flags: Iterable[bytes]) -> bool:
    """Whether a folder is the one for spam: the server says so, or it is called so."""
    last = name.rsplit(delimiter.decode(), 1)[-1] if delimiter else name
    return b"\\junk" in {flag.lower() for flag in flags} or is_junk_name(last)


def is_junk_name(name: str) -> bool:
    """Whether folders for spam are called so."""
    return name.casefold() in _JUNK_NAMES


def structure_of(body: Any, number: str = "") -> list[str]:
    """A line for each part of a BODYSTRUCTURE: its number, type, name and size (RFC 9051, section 7.5.2)."""
    if not isinstance(body, tuple) or not body:
        return []
    if not isinstance(body[0], list):
        return [_part_line(body, number or "1")]
    lines: list[str] = []
    for n, part in enumerate(body[0], start=1):
        lines += structure_of(part, f"{number}.{n}" if number else str(n))
    return lines


def _part_line(part: tuple[Any, ...], number: str) -> str:
    kind = b"/".join(word for word in part[:2] if isinstance(word, bytes)).decode("ascii", "replace").lower()
    names = re.findall(rb"(?i)name\*?[0-9*]*', b'([^']*)'", repr(part).encode())
    name = f' "{names[0].decode("utf-8", "replace")}"' if names else ""
    size = f" {part[6]} bytes" if len(part) > 6 and isinstance(part[6], int) else ""
    return f"part {number}: {kind}{name}{size}"
