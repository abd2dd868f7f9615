"""A secretariat's own directory of focal points, from its CSV."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsing.model import FocalPoint, Problem, Register
from parsing.who.names import find_names, names_of

_COLUMNS = {
    "address": ("address", "email", "e-mail", "mail", "email address", "e-mail address"),
    "name": ("name", "full name", "contact", "focal point"),
    "party": ("party", "country", "code", "iso3", "iso", "party code", "state"),
    "role": ("role", "title", "function", "type", "position"),
}
_ADDRESS = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\".]{2,}")
_NOBODY = frozenset(("", "-", "none", "secretariat", "scbd", "cbd", "host"))
"""What is in the column of the Party for people who speak for none."""


@dataclass(frozen=True, slots=True)
class DirectoryRead:
    """The focal points in the order of the file, and what is wrong with it, by line. With problems there are none, and
    the old directory stays.
    """

    focal_points: tuple[FocalPoint, ...]
    problems: tuple[Problem, ...]


def read_directory(data: bytes, register: Register) -> DirectoryRead:
    """The directory in a CSV of UTF-8 with a line of column names: address, name, Party, role; commas, semicolons or
    tabs part them. The Party is a code or a name that the register knows.
    """
    text, problems = _text(data)
    if problems:
        return DirectoryRead((), problems)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns = _columns(next(rows, []))
    missing = [name for name in ("address", "party") if name not in columns]
    if missing:
        return DirectoryRead((), (Problem("line 1", f"no column for {' and '.join(missing)}"),))
    filled = [(rows.line_num, row) for row in rows if "".join(row).strip()]
    return _points(filled, columns, register)


def _points(rows: Sequence[tuple[int, list[str]]], columns: dict[str, int], register: Register) -> DirectoryRead:
    points: dict[str, FocalPoint] = {}
    found: list[Problem] = []
    for line, row in rows:
        point, wrong = _point(row, columns, register)
        if point and point.address in points:
            wrong.append(f"{point.address} is in the directory already")
        if point:
            points.setdefault(point.address, point)
        found += [Problem(f"line {line}", sentence) for sentence in wrong]
    return DirectoryRead(() if found else tuple(points.values()), tuple(found))


def _text(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text of the file; what is not UTF-8, as Latin-1 is not, by line."""
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        lines = enumerate(data.split(b"\n"), 1)
        bad = tuple(Problem(f"line {n}", "not UTF-8 (Latin-1?)") for n, line in lines if not _is_utf8(line))
        return "", bad


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _columns(head: list[str]) -> dict[str, int]:
    """Where each column is, by its name in the first line."""
    places: dict[str, int] = {}
    for at, title in enumerate(head):
        for column, titles in _COLUMNS.items():
            if title.strip().lower() in titles:
                places.setdefault(column, at)
    return places


def _point(row: list[str], columns: dict[str, int], register: Register) -> tuple[FocalPoint | None, list[str]]:
    cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
    wrong = []
    address = cells["address"].lower()
    if not _ADDRESS.fullmatch(address):
        wrong.append(f"“{cells['address']}” is no address")
    party = None
    if cells["party"].lower() not in _NOBODY:
        party = next(_party(cells["party"], register), None)
        if party is None:
            wrong.append(f"“{cells['party']}” is no Party's code or name")
    if wrong:
        return None, wrong
    return FocalPoint(address, cells.get("name", ""), party, cells.get("role", "")), []


def _party(cell: str, register: Register) -> Iterator[str]:
    """The Party with this code (ISO 3166 alpha-3 or alpha-2, EU) or this name."""
    yield from (party.code for party in register.parties if cell.upper() in (party.code, party.alpha2))
    found = {name.code for name in find_names(cell, names_of(register)) if name.who == "party" and not name.adjective}
    if len(found) == 1:
        yield from found
