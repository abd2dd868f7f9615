"""Tables that are typed: columns set apart by TABs, by two or more spaces or by bars, with rulers or without.

Lines become the cells of a table only where the table turns out to be one for comments: lists, addresses and paragraphs
that are in line by accident stay as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsing.model import Block, Cell, Draft, MarkedText, Run
from parsing.placing.column_heads import is_head
from parsing.placing.columns import columns_of
from parsing.placing.table_cells import Row, TableCell
from parsing.placing.typed_cells import (
    Separator,
    TypedCell,
    cells_of,
    in_columns,
    is_ruler,
    may_be_row,
    separator_of,
    without_bars,
)
from parsing.prose.read_prose import understand
from parsing.prose.references.references import places_of

_FEWEST = 3
"""Without heads, fewer columns or rows are no table: a number and a text are the item of a list."""
_LONGEST_PLACE = 12
"""Words of a cell that names a place and says no more."""
_SLACK = 2
"""Columns from the left within which the first one begins."""
_LONGEST = 2000
"""Lines of one table."""


def with_typed_tables(text: MarkedText, draft: Draft) -> MarkedText:
    """The text with the lines of typed comment tables as the cells of tables."""
    if text.comments or not any(_may_be_row(block) for block in text.blocks):
        return text
    out: list[Block] = []
    at, number = 0, _free_number(text.blocks)
    while at < len(text.blocks):
        table = _table_at(text.blocks, at, draft)
        if table is None:
            out.append(text.blocks[at])
            at += 1
        else:
            out += table.blocks(number)
            at, number = table.end, number + 1
    return replace(text, blocks=tuple(out))


def _free_number(blocks: Sequence[Block]) -> int:
    """A number that no table of the text has."""
    return 1 + max((block.cell.table for block in blocks if block.cell is not None), default=-1)


@dataclass(frozen=True, slots=True)
class _TypedTable:
    """The rows of a typed table, one block a cell; `end` is the first line after it."""

    rows: Sequence[Row]
    end: int

    def blocks(self, number: int) -> Iterator[Block]:
        """Its blocks as the cells of the table with this number."""
        for row, cells in enumerate(self.rows):
            for column, cell in sorted(cells.items()):
                yield from (replace(block, cell=Cell(number, row, column)) for block in cell.blocks)


def _may_be_row(block: Block) -> bool:
    """Whether a block may be the line of a typed table at all."""
    return _is_free(block) and may_be_row(_text(block))


def _is_free(block: Block) -> bool:
    return block.cell is None and block.place == "body" and block.role == "own"


def _text(block: Block) -> str:
    return block.text.replace("\u00a0", " ")


def _table_at(blocks: Sequence[Block], at: int, draft: Draft) -> _TypedTable | None:
    """The comment table whose first line this is."""
    if not _may_be_row(blocks[at]):
        return None
    line = _text(blocks[at])
    separator = separator_of(line)
    first = [line[cell.start : cell.end] for cell in cells_of(line, separator)]
    has_heads = sum(map(is_head, first)) > (0 if _is_underlined(blocks, at, len(first)) else 1)
    if not has_heads and not _opens_table(line, first, draft):
        return None
    edges = _edges(blocks, at, separator)
    lines, end = _lines(blocks, at, separator, edges)
    rows = [_row(blocks, row, len(edges)) for row in _rows(lines, draft)]
    return _TypedTable(rows, end) if _is_comment_table(rows, draft, has_heads=has_heads) else None


def _is_underlined(blocks: Sequence[Block], at: int, width: int) -> bool:
    """Whether several heads have a ruler below them, in as many pieces: "Now | We want" over "----  ------"."""
    below = _text(blocks[at + 1]) if at + 1 < len(blocks) else ""
    return width > 1 and is_ruler(below) and len(cells_of(below, "spaces")) == width


def _edges(blocks: Sequence[Block], at: int, separator: Separator) -> list[int]:
    """Where the columns begin below the first line, one more at the left where spaces alone are in its place there."""
    edges = [cell.at for cell in cells_of(_text(blocks[at]), separator)]
    if separator != "spaces" or edges[0] <= _SLACK:
        return edges
    below = (_text(block) for block in blocks[at + 1 : at + 1 + _FEWEST])
    first = next((cells_of(line, separator)[0] for line in below if line.strip() and not is_ruler(line)), None)
    return [0, *edges] if first is not None and first.at == 0 and first.right < edges[0] else edges


def _opens_table(line: str, cells: Sequence[str], draft: Draft) -> bool:
    """Whether a line without heads can be the first of a table: it names a place and asks for nothing by itself."""
    return len(cells) >= _FEWEST and _names_place(cells[0], draft) and not _asks(line, draft)


def _is_comment_table(rows: Sequence[Row], draft: Draft, *, has_heads: bool) -> bool:
    columns = columns_of(rows, draft) if len(rows) > 1 else None
    if columns is None or bool(columns.heads) != has_heads:
        return False
    return has_heads or len(rows) >= _FEWEST


def _asks(line: str, draft: Draft) -> bool:
    """Whether a line asks for something, its bars aside: "PP2 | replace | “A” | with | “B”"."""
    said = understand([Block((Run(without_bars(line)),))], draft, "")
    return bool(said.edits) and all(edit.origin == "instruction" for edit in said.edits)


def _names_place(text: str, draft: Draft) -> bool:
    """Whether a cell names a paragraph, or the number of a row, and says no more."""
    return len(text.split()) <= _LONGEST_PLACE and (text.strip(" .()").isdigit() or bool(places_of(text, draft)))


# --- the lines of a table, and its rows --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _TableLine:
    """A line with its cells; `parted` where a blank line or a ruler is above it. `block` is its index."""

    block: int
    text: str
    cells: Sequence[TypedCell]
    parted: bool


def _lines(blocks: Sequence[Block], at: int, separator: Separator, edges: list[int]) -> tuple[list[_TableLine], int]:
    """The lines that belong to a table which begins here with these edges, and where the text goes on."""
    found: list[_TableLine] = []
    parted = blank = False
    for n in range(at, min(at + _LONGEST, len(blocks))):
        line = _text(blocks[n])
        if is_ruler(line):
            edges = _edges_below(line, edges, separator)
            parted, blank = True, False
        elif line.strip():
            cells = in_columns(cells_of(line, separator), edges, separator) if _is_free(blocks[n]) else []
            if not cells:
                break
            found.append(_TableLine(n, line, cells, parted))
            parted = blank = False
        elif blank:  # two blank lines end a table
            break
        else:
            parted = blank = True
    lines = _without_sections_at_end(found)
    return lines, _behind(lines[-1].block, blocks)


def _edges_below(ruler: str, edges: list[int], separator: Separator) -> list[int]:
    """The edges that a ruler under the heads shows: "----  --------"."""
    shown = [cell.at for cell in cells_of(ruler, separator)]
    ahead = len(edges) - len(shown)  # a column that the heads leave out
    return [*edges[:ahead], *shown] if separator == "spaces" and ahead in (0, 1) else edges


def _without_sections_at_end(lines: list[_TableLine]) -> list[_TableLine]:
    """The lines without those of a single cell that are set apart at the end: the text goes on with them."""
    last = len(lines)
    while last > 1 and len(lines[last - 1].cells) == 1 and lines[last - 1].parted:
        last -= 1
    return lines[:last]


def _behind(last: int, blocks: Sequence[Block]) -> int:
    """The index of the first block after a table's last line, and after the ruler that closes it."""
    following = last + 1
    is_closed = following < len(blocks) and is_ruler(_text(blocks[following]))
    return following + 1 if is_closed else following


def _rows(lines: Sequence[_TableLine], draft: Draft) -> list[list[_TableLine]]:
    """The lines of each row. A line begins one where its first cell is filled; where rows are parted by blank lines or
    rulers, only below one of these or where it names a paragraph.
    """
    parts = sum(line.parted for line in lines)
    are_parted = parts > 1 and len(lines) > parts + 1
    rows: list[list[_TableLine]] = []
    for line in lines:
        if not rows or line.parted or _begins_row(line, draft, are_parted=are_parted):
            rows.append([])
        rows[-1].append(line)
    return rows


def _begins_row(line: _TableLine, draft: Draft, *, are_parted: bool) -> bool:
    first = line.cells[0]
    if first.column != 0:
        return False
    return not are_parted or _names_place(line.text[first.start : first.end], draft)


def _row(blocks: Sequence[Block], lines: Sequence[_TableLine], width: int) -> Row:
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
