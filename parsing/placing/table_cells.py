"""The tables of a text, cell by cell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from parsing.model import Block


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell with its words, read once: `text` has its changes accepted, `marked` says whether it has any."""

    blocks: Sequence[Block]
    text: str
    marked: bool

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> "TableCell":
        lines = ("".join(run.text for run in block.runs if run.mark in ("kept", "inserted")) for block in blocks)
        return cls(blocks, "\n".join(lines).strip(), any(run.mark != "kept" for block in blocks for run in block.runs))

    @property
    def as_running_text(self) -> tuple[Block, ...]:
        """Its blocks as if they were paragraphs outside a table."""
        return tuple(replace(block, cell=None, place="body") for block in self.blocks)


EMPTY = TableCell((), "", marked=False)
"""The cell where a row has none."""

Row = Mapping[int, TableCell]
"""The cells of a row, by column."""


def tables_of(blocks: Iterable[Block]) -> Iterator[list[Row]]:
    """The rows of each table among the sender's own blocks."""
    tables: dict[int, dict[int, dict[int, list[Block]]]] = {}
    for block in blocks:
        if block.cell is not None and block.place == "table" and block.role == "own":
            row = tables.setdefault(block.cell.table, {}).setdefault(block.cell.row, {})
            row.setdefault(block.cell.column, []).append(block)
    for rows in tables.values():
        yield [{column: TableCell.of(cell) for column, cell in rows[n].items()} for n in sorted(rows)]


def texts_of(rows: Iterable[Row], column: int) -> list[str]:
    """The words of the cells of a column that hold any."""
    return [cell.text for row in rows if (cell := row.get(column, EMPTY)).text]
