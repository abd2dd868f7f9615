"""The notes on the cells of a sheet: old comments (ECMA-376 part 1, 18.7) and threads ([MS-XLSX] 2.6.207)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from parsing.formats.ooxml import child, children, get, number
from parsing.formats.opc import NotOpened, Opc
from parsing.formats.text import clean
from parsing.formats.workbook_cells import place_of, runs_of

_EXPLAINED = "https://go.microsoft.com/fwlink/?linkid=870924"
"""Where Excel explains threads, in a note for programs that know none: the same in all languages."""
_LABEL = re.compile(r"\S.*[:：]\s*$")
Place = tuple[int, int]
"""(row, column) of a cell, from 0."""


@dataclass(frozen=True, slots=True)
class CellNote:
    """A note on a cell. `parent` is the place of the note that it answers, among those on its cell."""

    text: str
    author: str | None = None
    date: str | None = None
    parent: int | None = None
    resolved: bool = False


@dataclass(slots=True)
class Notes:
    """The notes of a sheet by their cell; each is taken once."""

    by_cell: dict[Place, list[CellNote]] = field(default_factory=lambda: defaultdict(list))

    def take(self, place: Place) -> list[CellNote]:
        return self.by_cell.pop(place, [])

    def places(self) -> list[Place]:
        """The cells whose notes were not taken yet, in their order."""
        return sorted(self.by_cell)


def people(opc: Opc, main: str) -> dict[str, str]:
    """The names of the people who write in threads, by their id."""
    found: dict[str, str] = {}
    for root in _roots(opc, main, "person"):
        found |= {get(one, "id") or "": get(one, "displayName") or "" for one in children(root, "person")}
    return found


def notes_of(opc: Opc, sheet: str, names: Mapping[str, str]) -> Notes:
    """The notes of a sheet. A thread is there a second time as a note for old programs, which is left out."""
    notes = Notes()
    for root in _roots(opc, sheet, "threadedComment"):
        for cell, thread in _threads(root).items():
            notes.by_cell[cell] += _thread(thread, names)
    threads = set(notes.by_cell)
    for root in _roots(opc, sheet, "comments"):
        for cell, note in _old_notes(root):
            if cell not in threads:
                notes.by_cell[cell].append(note)
    return notes


def _roots(opc: Opc, name: str, kind: str) -> Iterator[Any]:
    for target in opc.targets(name, kind):
        try:
            yield opc.root(target)
        except NotOpened:
            continue


def _threads(root: Any) -> dict[Place, list[Any]]:
    found: dict[Place, list[Any]] = defaultdict(list)
    for one in children(root, "threadedComment"):
        if (cell := place_of(get(one, "ref"))) is not None:
            found[cell].append(one)
    return found


def _thread(comments: list[Any], names: Mapping[str, str]) -> list[CellNote]:
    order = {get(one, "id"): n for n, one in enumerate(comments)}
    found = []
    for one in comments:
        text = child(one, "text")
        found.append(
            CellNote(
                text=clean("" if text is None else text.text or ""),
                author=names.get(get(one, "personId") or "") or None,
                date=get(one, "dT"),
                parent=order.get(get(one, "parentId") or "-"),
                resolved=get(one, "done") in ("1", "true"),
            )
        )
    return found


def _old_notes(root: Any) -> Iterator[tuple[Place, CellNote]]:
    authors = [one.text or "" for one in children(child(root, "authors"), "author")]
    for one in children(child(root, "commentList"), "comment"):
        if (cell := place_of(get(one, "ref"))) is not None:
            words = "".join(run.text for run in runs_of(child(one, "text")))
            author = _at(authors, number(one, "authorId", -1))
            yield cell, CellNote(_without_name(words, author), author or None)


def _at(authors: list[str], n: int) -> str:
    return authors[n] if 0 <= n < len(authors) else ""


def _without_name(words: str, author: str) -> str:
    """A note's own words: Excel writes the author's name before them, and before a thread that old programs show as a
    note a paragraph with a link, and labels above each answer.
    """
    before, link, thread = words.partition(_EXPLAINED)
    if not link:
        return (before.removeprefix(f"{author}:") if author else before).strip()
    lines = (line for line in thread.split("\n")[1:] if line.strip() and not _LABEL.match(line))
    return "\n".join(line.strip() for line in lines)
