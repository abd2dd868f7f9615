"""The characters of a page as segments (side by side), and segments at one height as lines.

Pure geometry; the thresholds are parts of the height of the characters concerned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import dropwhile, groupby, takewhile, zip_longest
from statistics import median

from parsing.formats.paragraphs import LineRun, PageLine
from parsing.formats.pdf_characters import Char, left_of, right_of
from parsing.formats.pdf_order import ARABIC, in_order
from parsing.formats.pdf_tables import Grid

TableCell = tuple[int, int, int]
"""(table, row, column)"""
_SOME_ARABIC = 0.2
"""Of the letters: what Arabic text that quotes English has at least."""


@dataclass(slots=True)
class LineSegment:
    """Characters side by side."""

    chars: list[Char] = field(default_factory=list)

    @property
    def x0(self) -> float:
        return left_of(self.chars)

    @property
    def x1(self) -> float:
        return right_of(self.chars)

    @property
    def base(self) -> float:
        return self.chars[0].base


def segments_of(chars: Sequence[Char], tables: Sequence[Grid]) -> Iterator[tuple[TableCell | None, LineSegment]]:
    """Characters that follow one another on a line, in one cell; their cell, or None outside of tables."""
    current = LineSegment()
    here: TableCell | None = None
    for char in chars:
        place = here if char.text.isspace() else _place(char, tables)
        if current.chars and (place != here or not _adjoins(current.chars[-1], char)):
            yield here, current
            current = LineSegment()
            place = _place(char, tables)
        current.chars.append(char)
        here = place
    if current.chars:
        yield here, current


def _place(char: Char, tables: Sequence[Grid]) -> TableCell | None:
    for n, grid in enumerate(tables):
        if (cell := grid.cell(*char.middle)) is not None:
            return (n, *cell)
    return None


def _adjoins(before: Char, char: Char) -> bool:
    """Whether a character is on the line of the one before it, with no more than a wide space between them."""
    size = max(before.size, char.size)
    apart = max(char.box.x0 - before.box.x1, before.box.x0 - char.box.x1)
    return abs(char.base - before.base) < 0.4 * size and apart < size


def lines_of_segments(segments: Sequence[LineSegment], number: int) -> Iterator[PageLine]:
    """Segments at one height as one line, from top to bottom."""
    rows: list[list[LineSegment]] = []
    for segment in sorted(segments, key=lambda segment: segment.base):
        if not rows or segment.base - rows[-1][0].base > 0.4 * rows[-1][0].chars[0].size:
            rows.append([])
        rows[-1].append(segment)
    backwards = _backwards(rows)
    for row in rows:
        yield from _line(row, number, backwards=backwards)


def _backwards(rows: Sequence[Sequence[LineSegment]]) -> bool:
    """Whether lines run from right to left: Arabic ones that do not begin at one left edge and end where they may."""
    if not _is_arabic(rows):
        return False
    lefts = [min(segment.x0 for segment in row) for row in rows]
    rights = [max(segment.x1 for segment in row) for row in rows]
    ragged_left = sum(lefts) - len(lefts) * min(lefts)
    ragged_right = len(rights) * max(rights) - sum(rights)
    return ragged_right <= 2 * ragged_left + rows[0][0].chars[0].size


def _is_arabic(rows: Sequence[Sequence[LineSegment]]) -> bool:
    letters = [char.text for row in rows for segment in row for char in segment.chars if char.text.isalpha()]
    arabic = sum(ARABIC.match(letter) is not None for letter in letters)
    return arabic > 0 and arabic >= _SOME_ARABIC * len(letters)


def _line(row: Sequence[LineSegment], number: int, *, backwards: bool) -> Iterator[PageLine]:
    chars = _in_order(row, backwards=backwards)
    runs = _runs(chars)
    if runs:
        inked = [char for char in chars if not char.text.isspace()]
        word = list(takewhile(lambda char: not char.text.isspace(), dropwhile(lambda char: char.text.isspace(), chars)))
        yield PageLine(
            runs,
            x0=left_of(inked),
            x1=right_of(inked),
            y=row[0].base,
            size=median(char.size for char in inked),
            first=right_of(word) - left_of(word),
            page=number,
            backwards=backwards,
            fields=frozenset(char.field for char in inked if char.field is not None),
        )


def _in_order(row: Sequence[LineSegment], *, backwards: bool) -> list[Char]:
    """The characters of a line as they are read, a space between segments."""
    if backwards or any(ARABIC.match(char.text) for segment in row for char in segment.chars):
        return in_order([segment.chars for segment in row], backwards=backwards)
    chars: list[Char] = []
    for segment in sorted(row, key=lambda segment: segment.x0):
        if chars and not chars[-1].text.isspace() and not segment.chars[0].text.isspace():
            chars.append(replace(chars[-1], text=" "))
        chars += segment.chars
    return chars


def _runs(chars: Sequence[Char]) -> tuple[LineRun, ...]:
    """Characters that look alike together."""
    runs = []
    for (style, notes), group in groupby(_spaced(chars), key=lambda char: (char.style, char.notes)):
        runs.append(LineRun("".join(char.text for char in group), style, notes))
    while runs and not runs[-1].text.strip():
        runs.pop()
    if runs:
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip())
    return tuple(runs)


def _spaced(chars: Sequence[Char]) -> Iterator[Char]:
    """One space for several, none at the start. It looks as it was drawn, and as both its neighbours do."""
    last: Char | None = None
    for char, after in zip_longest(chars, chars[1:]):
        if not char.text.isspace():
            yield char
            last = char
        elif last is not None and after is not None and not after.text.isspace():
            notes = tuple(note for note in last.notes if note in after.notes)
            yield replace(char, text=" ", notes=notes, style=char.style | (last.style & after.style))
