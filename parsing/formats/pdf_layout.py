"""A page's characters in the order in which they are read: areas of lines, columns, and the cells of tables.

Pure geometry.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from parsing.formats.paragraphs import PageLine
from parsing.formats.pdf_decoration import decorate
from parsing.formats.pdf_lines import LineSegment, TableCell, lines_of_segments, segments_of
from parsing.formats.pdf_page import Page
from parsing.formats.pdf_tables import Grid, grids

_MOST_LINES_OF_ONE = 12
"""Lines up to which a page has one column: fewer say nothing of a white middle."""


@dataclass(frozen=True, slots=True)
class Area:
    """Lines that are read one after the other: a column of text, or with `cell` (row, column) a cell of a grid.

    Those of a `scan` know no places.
    """

    lines: tuple[PageLine, ...]
    grid: Grid | None = None
    cell: tuple[int, int] | None = None
    scan: bool = False


def areas(page: Page, number: int, first_note: int = 0) -> list[Area]:
    """The areas of a page, in the order of reading; its annotations are counted from `first_note`."""
    decorate(page, first_note)
    tables = grids(page.rules)
    cells: dict[TableCell, list[LineSegment]] = defaultdict(list)
    free: list[LineSegment] = []
    for place, segment in segments_of(page.chars, tables):
        (free if place is None else cells[place]).append(segment)
    found: list[Area] = []
    for n, grid in enumerate(tables):
        above = [segment for segment in free if segment.base < grid.ys[0]]
        free = [segment for segment in free if segment.base >= grid.ys[0]]
        found += _columns(above, page, number)
        found += _cells(n, grid, cells, number)
    found += _columns(free, page, number)
    return [area for area in found if area.lines]


def _cells(n: int, grid: Grid, cells: Mapping[TableCell, Sequence[LineSegment]], number: int) -> Iterator[Area]:
    """The areas of the n-th table, cell by cell."""
    for table, row, column in sorted(cells):
        if table == n:
            segments = cells[table, row, column]
            yield Area(tuple(lines_of_segments(segments, number)), grid, (row, column))


def _columns(segments: Sequence[LineSegment], page: Page, number: int) -> list[Area]:
    """The areas outside of tables: one, or two columns between lines that span both."""
    inked = [segment for segment in segments if any(not char.text.isspace() for char in segment.chars)]
    gutter = _gutter(inked, page.width)
    if gutter is None:
        return [Area(tuple(lines_of_segments(inked, number)))]
    found: list[Area] = []
    sides: tuple[list[LineSegment], list[LineSegment]] = ([], [])
    for segment in sorted(inked, key=lambda segment: segment.base):
        if segment.x0 < gutter < segment.x1:
            found += _sides(sides, number)
            sides = ([], [])
            found.append(Area(tuple(lines_of_segments([segment], number))))
        else:
            sides[segment.x0 >= gutter].append(segment)
    return found + _sides(sides, number)


def _sides(sides: tuple[list[LineSegment], list[LineSegment]], number: int) -> list[Area]:
    """The left column, then the right one, each counted from its own left edge."""
    found = []
    for side in sides:
        lines = list(lines_of_segments(side, number))
        left = min((line.x0 for line in lines), default=0.0)
        found.append(Area(tuple(replace(line, x0=line.x0 - left, x1=line.x1 - left) for line in lines)))
    return found


def _gutter(segments: Sequence[LineSegment], width: float) -> float | None:
    """Where a page of two columns has its white middle: few lines cross it, and there is running text on both sides."""
    starts, ends = _edges_of_text(segments, width)
    if len(starts) < _MOST_LINES_OF_ONE:
        return None

    def crossing(x: float) -> int:
        return bisect_left(starts, x) - bisect_left(ends, x)

    middle = min((width * n / 100 for n in range(35, 66)), key=crossing)
    left = bisect_right(ends, middle)
    right = len(starts) - bisect_left(starts, middle)
    few = crossing(middle) <= 0.3 * min(left, right)
    return middle if few and min(left, right) >= 5 else None


def _edges_of_text(segments: Sequence[LineSegment], width: float) -> tuple[list[float], list[float]]:
    """Where the segments of running text begin and end; what is narrow is a number or a mark."""
    spans = [(segment.x0, segment.x1) for segment in segments]
    wide = [(x0, x1) for x0, x1 in spans if x1 - x0 > 0.2 * width]
    return sorted(x0 for x0, _ in wide), sorted(x1 for _, x1 in wide)
