"""The cells of a typed line: words that bars, TABs or wide spaces set apart, and the columns that they are in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

Separator = Literal["bars", "tabs", "spaces"]
"""What sets the columns of a table apart."""

_BAR = re.compile(r"[|│┃¦‖║]")
_TAB = re.compile(r"\t")
_DASHES = r"\-=_–—─━═"
_RULER = re.compile(rf"(?=.*[{_DASHES}]{{2}})[\s|+:│┃║┼├┤┬┴┌┐└┘╬╠╣╦╩╔╗╚╝{_DASHES}]+")
_WORDS = re.compile(r"[^\s\u00a0]+(?:[ \u00a0][^\s\u00a0]+)*")
"""Words with single spaces between them: a cell, where more spaces or a TAB set columns apart."""
_SLACK = 2
"""Characters by which a cell may begin left of the edge of its column."""


@dataclass(frozen=True, slots=True)
class TypedCell:
    """Words [start, end) of a line; `at` is where they are seen to begin, TABs counted as a screen shows them."""

    start: int
    end: int
    at: int
    column: int = 0

    @property
    def right(self) -> int:
        """Where they are seen to end."""
        return self.at + self.end - self.start


def may_be_row(line: str) -> bool:
    """Whether a line has anything that could set columns apart."""
    bare = line.strip()
    return "\t" in bare or "  " in bare or _BAR.search(bare) is not None


def is_ruler(line: str) -> bool:
    """Whether a line is drawn and holds no words: "-----+-----"."""
    return _RULER.fullmatch(line) is not None


def without_bars(line: str) -> str:
    return _BAR.sub(" ", line)


def separator_of(line: str) -> Separator:
    """How a table's first line sets its columns apart; several TABs in a row only move the eye."""
    if _BAR.search(line):
        return "bars"
    return "tabs" if "\t" in line.strip() and "\t\t" not in line.strip() else "spaces"


def cells_of(line: str, separator: Separator) -> list[TypedCell]:
    """The cells of a line from the left; between bars and single TABs the empty ones too."""
    if separator == "spaces":
        spans = [match.span() for match in _WORDS.finditer(line)]
        return [TypedCell(start, end, len(line[:start].expandtabs())) for start, end in spans]
    if separator == "tabs":
        return _between(_TAB, line)
    cells = _between(_BAR, line)
    first = 1 if _BAR.match(line.lstrip()) else 0
    last = -1 if _BAR.match(line.rstrip()[-1:]) else len(cells)
    return cells[first:last]


def _between(sign: re.Pattern[str], line: str) -> list[TypedCell]:
    """The cells before, between and after the signs."""
    bounds = [-1, *(match.start() for match in sign.finditer(line)), len(line)]
    spans = [_stripped(line, start + 1, end) for start, end in pairwise(bounds)]
    return [TypedCell(start, end, start) for start, end in spans]


def _stripped(line: str, start: int, end: int) -> tuple[int, int]:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return start, end


def in_columns(cells: Sequence[TypedCell], edges: Sequence[int], separator: Separator) -> list[TypedCell]:
    """The cells of a line that hold words, with their columns; none of a line that is none of the table's.

    `edges` are where the columns of the table are seen to begin.
    """
    if separator == "spaces" and len(cells) != len(edges):
        columns, fits = _by_edges(cells, edges), len(cells) > 1 or _fits_alone(cells[0], edges)
    else:
        first = _blank_before(cells, edges)
        columns, fits = range(first, first + len(cells)), separator == "spaces" or first + len(cells) > 1
    last = len(edges) - 1
    placed = [replace(cell, column=min(column, last)) for cell, column in zip(cells, columns, strict=True)]
    return [cell for cell in placed if cell.start < cell.end] if fits else []


def _blank_before(cells: Sequence[TypedCell], edges: Sequence[int]) -> int:
    """1 where the first column of a line is blank up to its bar, which then seems to open the line; else 0."""
    return int(0 < len(cells) < len(edges) and cells[0].start >= edges[1] - _SLACK)


def _by_edges(cells: Sequence[TypedCell], edges: Sequence[int]) -> Sequence[int]:
    """The column of each cell by the edge that it begins at; a cell that is too wide pushes the next one on."""
    columns: list[int] = []
    is_pushed = False
    for cell in cells:
        column = min(columns[-1] + 1, len(edges) - 1) if is_pushed else _column_at(cell.at, edges)
        columns.append(column)
        is_pushed = column + 1 < len(edges) and cell.right + 1 >= edges[column + 1]
    return columns


def _column_at(at: int, edges: Sequence[int]) -> int:
    return max((n for n, edge in enumerate(edges) if edge <= at + _SLACK), default=0)


def _fits_alone(cell: TypedCell, edges: Sequence[int]) -> bool:
    """Whether the only cell of a line can be one of the table: one that begins at its left must fit its column."""
    return _column_at(cell.at, edges) != 0 or cell.right < edges[1]
