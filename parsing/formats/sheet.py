"""Sheets in the making: tables of marked text, each line of a cell a Block with the cell's place; and CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsing.formats.blocks import Blocks, joined
from parsing.formats.text import clean, read_text
from parsing.model import Block, Cell, MarginComment, MarkedText, Place, Problem, Run

MOST_ROWS = 20_000
MOST_COLUMNS = 200
_DELIMITERS = ",;\t|"


def read_csv(text: str) -> MarkedText:
    """The fields of a text with separators, as one table; as plain text where the separators are unclear."""
    text = clean(text)
    delimiter = max(_DELIMITERS, key=text[:10_000].count)
    table = Tables("csv")
    try:
        for row, fields in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if row >= MOST_ROWS:
                table.problems.append(Problem("", f"only the first {MOST_ROWS:,} rows were read"))
                break
            for column, value in enumerate(fields[:MOST_COLUMNS]):
                table.cell(Cell(0, row, column), [Run(value)])
    except csv.Error:
        return read_text(text)
    return table.text()


@dataclass(slots=True)
class Tables:
    """Blocks and comments of the cells that were read."""

    format: str
    out: Blocks = field(default_factory=Blocks)
    comments: list[MarginComment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def cell(self, cell: Cell, runs: Sequence[Run]) -> tuple[int, int]:
        """Writes a cell, each of its lines a Block; where it is in the whole marked text."""
        return self._lines(runs, Block((), place="table", cell=cell))

    def beside(self, runs: Sequence[Run], place: Place) -> None:
        """Writes text that is in no cell."""
        self._lines(runs, Block((), place=place))

    def empty(self, cell: Cell) -> tuple[int, int]:
        """Writes a cell without text, for a comment on it."""
        start = self.out.position
        self.out.end(Block((), place="table", cell=cell))
        return start, start

    def _lines(self, runs: Sequence[Run], block: Block) -> tuple[int, int]:
        start = self.out.position
        for line in _lines(runs):
            if any(run.text.strip() for run in line):
                self.out.end(Block(tuple(joined(line)), place=block.place, cell=block.cell))
        return start, self.out.position

    def text(self) -> MarkedText:
        problems = (*self.problems, *self.out.problems())
        return MarkedText(self.format, tuple(self.out.done), tuple(self.comments), problems)


def _lines(runs: Sequence[Run]) -> Iterator[list[Run]]:
    line: list[Run] = []
    for run in runs:
        first, *others = run.text.replace("\r\n", "\n").split("\n")
        line.append(Run(first, style=run.style))
        for other in others:
            yield line
            line = [Run(other, style=run.style)]
    yield line
