"""The cells of an OpenDocument table (OpenDocument 1.3, part 3, 9.1) at their places, repeated ones too."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from parsing.formats.opendocument_styles import OFFICE, TEXT, integer

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_MOST_COPIES = 200
"""Rows or cells that are alike and written once: what is repeated more often is a pattern and no text."""
_MOST_COLUMNS = 1000
_MOST_ROWS = 1_100_000
_ROWS = frozenset(TABLE + name for name in ("table-header-rows", "table-rows", "table-row-group"))
_WORDS = (TEXT + "p", TEXT + "h", OFFICE + "annotation")


class PlacedCell(NamedTuple):
    """A cell at its row and column, both from 0."""

    row: int
    column: int
    element: Any


def placed_cells(table: Any) -> Iterator[PlacedCell]:
    """The cells of a table that hold paragraphs or comments, row by row."""
    n = 0
    for row in _inside(table, _ROWS, TABLE + "table-row"):
        times = _times(row, "rows", _MOST_ROWS)
        if next(row.iter(*_WORDS), None) is not None:
            for copy in range(min(times, _MOST_COPIES)):
                yield from _cells(row, n + copy)
        n += times


def _cells(row: Any, n: int) -> Iterator[PlacedCell]:
    column = 0
    for cell in row.iterchildren(TABLE + "table-cell", TABLE + "covered-table-cell"):
        times = _times(cell, "columns", _MOST_COLUMNS)
        if len(cell):
            for copy in range(min(times, _MOST_COPIES)):
                yield PlacedCell(n, column + copy, cell)
        column += times


def _times(element: Any, what: str, most: int) -> int:
    return min(max(integer(element.get(f"{TABLE}number-{what}-repeated"), 1), 1), most)


def _inside(element: Any, through: frozenset[str], tag: str) -> Iterator[Any]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in through:
            yield from _inside(child, through, tag)
