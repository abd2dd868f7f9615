"""A page's characters in the order in which they are read: areas of lines, and the cells of tables.

Pure geometry; the thresholds are parts of the height of the characters concerned.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import dropwhile, groupby, takewhile, zip_longest
from statistics import median

from parsing.formats.paragraphs import Line, Piece
from parsing.formats.pdf_order import ARABIC, in_order
from parsing.formats.pdf_page import Box, Char, Page, left_of, right_of
from parsing.formats.pdf_tables import Grid, grids

_MOST_ANCHORED = 100
"""Annotations of a page that are brought to the character beside them."""
_STEP = 10
_MOST_ROWS = 400
_MOST_LOOKS = 3_000_000
_SOME_ARABIC = 0.2
"""Of the letters: what Arabic text that quotes English has at least."""


@dataclass(frozen=True, slots=True)
class Area:
    """Lines that are read one after the other: a column of text, or with `cell` (row, column) a cell of a grid.

    Those of a `scan` know no places.
    """

    lines: tuple[Line, ...]
    grid: Grid | None = None
    cell: tuple[int, int] | None = None
    scan: bool = False


@dataclass(slots=True)
class _Segment:
    """Characters side by side."""

    chars: list[Char] = field(default_factory=list)

    @property
    def x0(self) -> float:
        return left_of(self.chars)

    @property
    def x1(self) -> float:
        return right_of(self.chars)


def areas(page: Page, number: int, first_note: int = 0) -> list[Area]:
    """The areas of a page, in the order of reading; its annotations are counted from `first_note`."""
    _decorate(page, first_note)
    tables = grids(page.rules)
    cells: dict[tuple[int, int, int], list[_Segment]] = defaultdict(list)
    free: list[_Segment] = []
    for place, segment in _segments(page.chars, tables):
        (free if place is None else cells[place]).append(segment)
    found = []
    for n, grid in enumerate(tables):
        above = [segment for segment in free if segment.chars[0].base < grid.ys[0]]
        free = [segment for segment in free if segment.chars[0].base >= grid.ys[0]]
        found += _columns(above, page, number)
        for (table, row, column), segments in sorted(cells.items(), key=lambda item: item[0]):
            if table == n:
                found.append(Area(tuple(_lines(segments, number)), grid, (row, column)))
    return [area for area in (*found, *_columns(free, page, number)) if area.lines]


# --- what is drawn over and under the characters -----------------------------------------------------


def _decorate(page: Page, first_note: int) -> None:
    """Gives the characters what rules, coloured areas and annotations say of them."""
    rows = _Rows(page.chars)
    for rule in page.rules:
        if rule.width > rule.height:
            _strike_or_underline(rule, list(rows.between(rule.y0 - 20, rule.y1 + 40)))
    for box, colour in page.areas:
        for char in rows.inside(box):
            if box.height < 3 * char.size:
                char.style |= {f"highlight:{colour}"}
    for n, note in enumerate(page.notes):
        covered = [char for box in note.areas for char in rows.inside(box)]
        if note.kind in ("note", "caret"):
            covered = covered[:1] or (_nearest(page.chars, note.areas) if n < _MOST_ANCHORED else [])
        for char in covered:
            char.notes = (*char.notes[:9], first_note + n) if note.text else char.notes
            char.style |= {note.kind} & {"strike", "underline"}


class _Rows:
    """The characters of a page by the height at which they stand; after _MOST_LOOKS of them nothing is found any more:
    so many rules and areas over so many characters are a drawing.
    """

    def __init__(self, chars: Sequence[Char]) -> None:
        self._looks = 0
        self._rows: dict[int, list[Char]] = defaultdict(list)
        for char in chars:
            self._rows[int(char.base // _STEP)].append(char)

    def between(self, y0: float, y1: float) -> Iterator[Char]:
        first, last = int(y0 // _STEP), int(y1 // _STEP)
        for row in range(first, min(last, first + _MOST_ROWS) + 1):
            chars = self._rows.get(row, ())
            self._looks += len(chars) + 1
            if self._looks > _MOST_LOOKS:
                return
            yield from chars

    def inside(self, box: Box) -> Iterator[Char]:
        for char in self.between(box.y0, box.y1 + 10):
            if box.holds((char.box.x0 + char.box.x1) / 2, char.base - 0.25 * char.size):
                yield char


def _strike_or_underline(rule: Box, chars: list[Char]) -> None:
    """A rule that begins and ends with characters, through their middle or just below their baseline."""
    y = (rule.y0 + rule.y1) / 2
    for word, low, high in (("strike", 0.10, 0.45), ("underline", -0.25, 0.08)):
        hit = [
            char
            for char in chars
            if low * char.size <= char.base - y <= high * char.size
            and rule.x0 <= (char.box.x0 + char.box.x1) / 2 <= rule.x1
        ]
        if not hit:
            continue
        left, right = left_of(hit), right_of(hit)
        if rule.x0 >= left - 0.6 * hit[0].size and rule.x1 <= right + 0.6 * hit[0].size:
            for char in hit:
                char.style |= {word}
            return


def _nearest(chars: Sequence[Char], boxes: Sequence[Box]) -> list[Char]:
    """The character beside an annotation in the margin, or on it."""
    if not chars or not boxes:
        return []
    x, y = boxes[0].x0, (boxes[0].y0 + boxes[0].y1) / 2
    return [min(chars, key=lambda char: (abs(char.base - y) // char.size, abs(char.box.x0 - x)))]


# --- characters to segments, segments to lines -------------------------------------------------------


def _segments(chars: Sequence[Char], tables: Sequence[Grid]) -> Iterator[tuple[tuple[int, int, int] | None, _Segment]]:
    """Characters that follow one another on a line, in one cell; (table, row, column), or None outside of tables."""
    current = _Segment()
    here: tuple[int, int, int] | None = None
    for char in chars:
        place = here if char.text.isspace() else _place(char, tables)
        if current.chars and (place != here or not _adjoins(current.chars[-1], char)):
            yield here, current
            current = _Segment()
            place = _place(char, tables)
        current.chars.append(char)
        here = place
    if current.chars:
        yield here, current


def _place(char: Char, tables: Sequence[Grid]) -> tuple[int, int, int] | None:
    x, y = (char.box.x0 + char.box.x1) / 2, char.base - 0.25 * char.size
    for n, grid in enumerate(tables):
        if (cell := grid.cell(x, y)) is not None:
            return (n, *cell)
    return None


def _adjoins(before: Char, char: Char) -> bool:
    """Whether a character stands on the line of the one before it, with no more than a wide space between them."""
    size = max(before.size, char.size)
    apart = max(char.box.x0 - before.box.x1, before.box.x0 - char.box.x1)
    return abs(char.base - before.base) < 0.4 * size and apart < size


def _lines(segments: Sequence[_Segment], number: int) -> Iterator[Line]:
    """Segments at one height as one line, from top to bottom."""
    rows: list[list[_Segment]] = []
    for segment in sorted(segments, key=lambda segment: segment.chars[0].base):
        if not rows or segment.chars[0].base - rows[-1][0].chars[0].base > 0.4 * rows[-1][0].chars[0].size:
            rows.append([])
        rows[-1].append(segment)
    backwards = _backwards(rows)
    for row in rows:
        yield from _line(row, number, backwards=backwards)


def _backwards(rows: Sequence[Sequence[_Segment]]) -> bool:
    """Whether lines run from right to left: Arabic ones that do not begin at one left edge and end where they may."""
    chars = [char.text for row in rows for segment in row for char in segment.chars if char.text.isalpha()]
    arabic = sum(ARABIC.match(char) is not None for char in chars)
    if not arabic or arabic < _SOME_ARABIC * len(chars):
        return False
    lefts = [min(segment.x0 for segment in row) for row in rows]
    rights = [max(segment.x1 for segment in row) for row in rows]
    ragged_left = sum(left - min(lefts) for left in lefts)
    ragged_right = sum(max(rights) - right for right in rights)
    return ragged_right <= 2 * ragged_left + rows[0][0].chars[0].size


def _line(row: Sequence[_Segment], number: int, *, backwards: bool) -> Iterator[Line]:
    chars = _in_order(row, backwards=backwards)
    pieces = _pieces(chars)
    if pieces:
        inked = [char for char in chars if not char.text.isspace()]
        word = list(takewhile(lambda char: not char.text.isspace(), dropwhile(lambda char: char.text.isspace(), chars)))
        yield Line(
            pieces,
            x0=left_of(inked),
            x1=right_of(inked),
            y=row[0].chars[0].base,
            size=median(char.size for char in inked),
            first=right_of(word) - left_of(word),
            page=number,
            backwards=backwards,
        )


def _in_order(row: Sequence[_Segment], *, backwards: bool) -> list[Char]:
    """The characters of a line as they are read, a space between segments."""
    if backwards or any(ARABIC.match(char.text) for segment in row for char in segment.chars):
        return in_order([segment.chars for segment in row], backwards=backwards)
    chars: list[Char] = []
    for segment in sorted(row, key=lambda segment: segment.x0):
        if chars and not chars[-1].text.isspace() and not segment.chars[0].text.isspace():
            chars.append(replace(chars[-1], text=" "))
        chars += segment.chars
    return chars


def _pieces(chars: Sequence[Char]) -> tuple[Piece, ...]:
    """Characters that look alike together."""
    pieces = []
    for (style, notes), group in groupby(_spaced(chars), key=lambda char: (char.style, char.notes)):
        pieces.append(Piece("".join(char.text for char in group), style, notes))
    while pieces and not pieces[-1].text.strip():
        pieces.pop()
    if pieces:
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text.rstrip())
    return tuple(pieces)


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


# --- columns -----------------------------------------------------------------------------------------


def _columns(segments: Sequence[_Segment], page: Page, number: int) -> list[Area]:
    """The areas of what stands outside of tables: one, or two columns between lines that span both."""
    inked = [segment for segment in segments if any(not char.text.isspace() for char in segment.chars)]
    gutter = _gutter(inked, page.width)
    if gutter is None:
        return [Area(tuple(_lines(inked, number)))]
    found: list[Area] = []
    sides: tuple[list[_Segment], list[_Segment]] = ([], [])
    for segment in sorted(inked, key=lambda segment: segment.chars[0].base):
        if segment.x0 < gutter < segment.x1:
            found += _sides(sides, number)
            sides = ([], [])
            found.append(Area(tuple(_lines([segment], number))))
        else:
            sides[segment.x0 >= gutter].append(segment)
    return found + _sides(sides, number)


def _sides(sides: tuple[list[_Segment], list[_Segment]], number: int) -> list[Area]:
    """The left column, then the right one, each counted from its own left edge."""
    found = []
    for side in sides:
        lines = list(_lines(side, number))
        left = min((line.x0 for line in lines), default=0.0)
        found.append(Area(tuple(replace(line, x0=line.x0 - left, x1=line.x1 - left) for line in lines)))
    return found


def _gutter(segments: Sequence[_Segment], width: float) -> float | None:
    """Where a page of two columns has its white middle: few lines cross it, and running text stands on both sides."""
    spans = [(segment.x0, segment.x1) for segment in segments]
    wide = [span for span in spans if span[1] - span[0] > 0.2 * width]
    if len(wide) < 12:
        return None
    starts, ends = sorted(x0 for x0, _ in wide), sorted(x1 for _, x1 in wide)

    def crossing(x: float) -> int:
        return bisect_left(starts, x) - bisect_left(ends, x)

    middle = min((width * n / 100 for n in range(35, 66)), key=crossing)
    left = sum(x1 <= middle for _, x1 in wide)
    right = sum(x0 >= middle for x0, _ in wide)
    few = crossing(middle) <= 0.3 * min(left, right)
    return middle if few and min(left, right) >= 5 else None
