"""Tables that are typed: columns set apart by TABs, by two or more spaces or by bars, with rulers or without.

Lines become the cells of a table only where the table turns out to be one for comments: lists, addresses and paragraphs
that stand in line by accident stay as they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsing.model import Block, Cell, Draft, MarkedText, Run
from parsing.placing.columns import columns_of, is_head
from parsing.placing.table_cells import Row, TableCell
from parsing.prose.read_prose import understand
from parsing.prose.references.references import places_of

_BAR = re.compile(r"[|│┃¦‖║]")
_TAB = re.compile(r"\t")
_DASHES = r"\-=_–—─━═"
_RULER = re.compile(rf"(?=.*[{_DASHES}]{{2}})[\s|+:│┃║┼├┤┬┴┌┐└┘╬╠╣╦╩╔╗╚╝{_DASHES}]+")
_WORDS = re.compile(r"[^\s\u00a0]+(?:[ \u00a0][^\s\u00a0]+)*")
"""Words with single spaces between them: a cell, where more spaces or a TAB set columns apart."""
_FEWEST_COLUMNS = 3
"""Without heads, fewer columns are no table: a number and a text are the item of a list."""
_LONGEST_PLACE = 12
_LONGEST_SECTION = 5
"""Words of a row that holds nothing but the name of a section."""
_SLACK = 2
"""Characters by which a cell may stand left of the edge of its column."""
_LONGEST = 2000
"""Lines of one table."""


def with_typed_tables(text: MarkedText, draft: Draft) -> MarkedText:
    """The text with the lines of typed comment tables as the cells of tables."""
    if text.comments or not any(_is_row(block) for block in text.blocks):
        return text
    out: list[Block] = []
    at, table = 0, 1 + max((block.cell.table for block in text.blocks if block.cell is not None), default=-1)
    while at < len(text.blocks):
        found = _table_at(text.blocks, at, draft) if _is_row(text.blocks[at]) else None
        if found is None:
            out.append(text.blocks[at])
            at += 1
            continue
        for number, row in enumerate(found.rows):
            cells = (
                replace(block, cell=Cell(table, number, column))
                for column, cell in sorted(row.items())
                for block in cell.blocks
            )
            out += cells
        at, table = found.end, table + 1
    return replace(text, blocks=tuple(out))


@dataclass(frozen=True, slots=True)
class _Typed:
    """The rows of a typed table, one block a cell; `end` is the first line after it."""

    rows: Sequence[Row]
    end: int


def _is_row(block: Block) -> bool:
    """Whether a block may be the line of a typed table at all."""
    text = _text(block).strip()
    return _is_free(block) and ("\t" in text or "  " in text or _BAR.search(text) is not None)


def _is_free(block: Block) -> bool:
    return block.cell is None and block.place == "body" and block.role == "own"


def _text(block: Block) -> str:
    return "".join(run.text for run in block.runs).replace("\u00a0", " ")


def _table_at(blocks: Sequence[Block], at: int, draft: Draft) -> _Typed | None:
    """The comment table whose first line this is."""
    line = _text(blocks[at])
    way = _way(line)
    first = [line[cell.start : cell.end] for cell in _cells(line, way)]
    headed = sum(map(is_head, first)) > 1
    if not headed and (len(first) < _FEWEST_COLUMNS or not _names(first[0], draft) or _asks(line, draft)):
        return None
    lines, end = _lines(blocks, at, way)
    rows = [_row(blocks, row, len(first)) for row in _rows(blocks, lines, draft)]
    columns = columns_of(rows, draft) if len(rows) > 1 else None
    if columns is None or bool(columns.heads) != headed or (not headed and len(rows) < _FEWEST_COLUMNS):
        return None
    return _Typed(rows, end)


def _asks(line: str, draft: Draft) -> bool:
    """Whether a line asks for something, its bars aside: "PP2 | replace | “A” | with | “B”"."""
    said = understand([Block((Run(_BAR.sub(" ", line)),))], draft, "")
    return bool(said.edits) and all(edit.origin == "instruction" for edit in said.edits)


def _names(text: str, draft: Draft) -> bool:
    """Whether a cell names a paragraph, or the number of a row, and says no more."""
    return len(text.split()) <= _LONGEST_PLACE and (text.strip(" .()").isdigit() or bool(places_of(text, draft)))


# --- the cells of a line -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cell:
    """Words [start, end) of a line; `at` is where they are seen to stand, TABs counted as a screen shows them."""

    start: int
    end: int
    at: int
    column: int = 0


def _way(line: str) -> str:
    """How a table's first line sets its columns apart; several TABs in a row only move the eye."""
    if _BAR.search(line):
        return "bars"
    return "tabs" if "\t" in line.strip() and "\t\t" not in line.strip() else "spaces"


def _cells(line: str, way: str) -> list[_Cell]:
    """The cells of a line from the left; between bars and single TABs the empty ones too."""
    if way == "spaces":
        spans = [match.span() for match in _WORDS.finditer(line)]
        return [_Cell(start, end, len(line[:start].expandtabs())) for start, end in spans]
    bounds = [-1, *(match.start() for match in (_BAR if way == "bars" else _TAB).finditer(line)), len(line)]
    spans = [_stripped(line, start + 1, end) for start, end in pairwise(bounds)]
    if way == "bars" and line.lstrip()[:1] and _BAR.match(line.lstrip()):
        spans = spans[1:]
    if way == "bars" and _BAR.match(line.rstrip()[-1:]):
        spans = spans[:-1]
    return [_Cell(start, end, start) for start, end in spans]


def _stripped(line: str, start: int, end: int) -> tuple[int, int]:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return start, end


def _placed(cells: Sequence[_Cell], edges: Sequence[int], way: str) -> list[_Cell] | None:
    """The cells of a line with their columns; None for a line that is none of the table's."""
    if way != "spaces" or len(cells) == len(edges):
        columns = [min(n, len(edges) - 1) for n in range(len(cells))]
        fits = way == "spaces" or len(cells) > 1
    else:
        columns = _by_edges(cells, edges)
        fits = len(cells) > 1 or columns != [0] or cells[0].at + cells[0].end - cells[0].start < edges[1]
    placed = [replace(cell, column=column) for cell, column in zip(cells, columns, strict=True)]
    return [cell for cell in placed if cell.start < cell.end] if fits else None


def _by_edges(cells: Sequence[_Cell], edges: Sequence[int]) -> list[int]:
    """The column of each cell by the edge that it stands at; a cell that is too wide pushes the next one on."""
    columns: list[int] = []
    pushed = False
    for cell in cells:
        column = max([n for n, edge in enumerate(edges) if edge <= cell.at + _SLACK], default=0)
        if pushed:
            column = min(columns[-1] + 1, len(edges) - 1)
        columns.append(column)
        width = cell.at + cell.end - cell.start
        pushed = column + 1 < len(edges) and width + 1 >= edges[column + 1]
    return columns


# --- the lines of a table, and its rows --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with its cells; `parted` where a blank line or a ruler stands above it."""

    block: int
    cells: Sequence[_Cell]
    parted: bool


def _lines(blocks: Sequence[Block], at: int, way: str) -> tuple[list[_Line], int]:
    """The lines that belong to a table which begins here, and where the text goes on."""
    found: list[_Line] = []
    edges = [cell.at for cell in _cells(_text(blocks[at]), way)]
    parted, blank = False, False
    for n in range(at, min(at + _LONGEST, len(blocks))):
        line = _text(blocks[n])
        if not line.strip() and not blank:
            parted = blank = True
            continue
        cells = _placed(_cells(line, way), edges, way) if line.strip() and _is_free(blocks[n]) else None
        if _RULER.fullmatch(line):
            edges = _ruled(line, edges, way)
            parted, blank = True, False
        elif cells:
            found.append(_Line(n, cells, parted))
            parted = blank = False
        else:
            break
    while len(found) > 1 and len(found[-1].cells) == 1 and found[-1].parted:
        found.pop()
    return found, found[-1].block + 1 + _rulers_after(blocks, found[-1].block)


def _rulers_after(blocks: Sequence[Block], last: int) -> int:
    return int(last + 1 < len(blocks) and _RULER.fullmatch(_text(blocks[last + 1])) is not None)


def _ruled(line: str, edges: list[int], way: str) -> list[int]:
    """The edges that a ruler under the heads shows: "----  --------"."""
    shown = [cell.at for cell in _cells(line, way)]
    return shown if way == "spaces" and len(shown) == len(edges) else edges


def _rows(blocks: Sequence[Block], lines: Sequence[_Line], draft: Draft) -> list[list[_Line]]:
    """The lines of each row. A line begins one where its first cell is filled; where rows are parted by blank lines or
    rulers, only below one of these or where it names a paragraph.
    """
    parts = sum(line.parted for line in lines)
    apart = parts > 1 and len(lines) > parts + 1
    rows: list[list[_Line]] = []
    for line in lines:
        first = line.cells[0]
        begins = first.column == 0 and (not apart or _names(_text(blocks[line.block])[first.start : first.end], draft))
        if not rows or line.parted or begins:
            rows.append([])
        rows[-1].append(line)
    return rows


def _row(blocks: Sequence[Block], lines: Sequence[_Line], width: int) -> Row:
    """One block for each cell, the lines that it runs over joined."""
    cells: dict[int, list[Run]] = {column: [] for column in range(width)}
    for line in lines:
        for cell in line.cells:
            runs = cells[cell.column]
            runs += [Run(" ")] * bool(runs)
            runs += _cut(blocks[line.block].runs, cell.start, cell.end)
    shown = [blocks[line.block].span for line in lines]
    spans = [span for span in shown if span is not None]
    span = (spans[0][0], spans[-1][1]) if spans else None
    return {column: TableCell.of([Block(tuple(runs), place="table", span=span)]) for column, runs in cells.items()}


def _cut(runs: Sequence[Run], start: int, end: int) -> Iterator[Run]:
    """The runs of [start, end)."""
    at = 0
    for run in runs:
        piece = run.text[max(0, start - at) : max(0, end - at)]
        at += len(run.text)
        if piece:
            yield replace(run, text=piece)
