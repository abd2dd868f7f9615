"""Sheets (.xlsx, .csv) as tables of marked text: each line of a cell is a Block with the cell's place."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock

from parsing.formats.blocks import Blocks, joined
from parsing.formats.opendocument import DAMAGED
from parsing.formats.package import LARGEST_XML
from parsing.formats.styles import colour_of, is_plain
from parsing.formats.text import clean, read_text
from parsing.model import Block, Cell, MarginComment, MarkedText, Problem, Run

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_SHEETS = 50
_MOST_CELLS = 400_000
"""Of a sheet, empty ones among them."""
_DELIMITERS = ",;\t|"
_RICH = 4_000_000
"""Bytes of XML up to which a workbook is taken whole, with the looks of its cells and its comments."""
_WRONG = (
    *DAMAGED,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    etree.LxmlError,
    SyntaxError,
)
"""What openpyxl raises on workbooks that no program has written."""


def read_workbook(data: bytes) -> MarkedText:
    """The cells of an .xlsx, a table for each sheet, as they were last shown: formulas are not evaluated.

    What cannot be opened has no blocks and one Problem that says why.
    """
    try:
        size = _unpacked(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of every Excel extension that it drops
            book = load_workbook(
                io.BytesIO(data), read_only=size > _RICH, data_only=True, rich_text=True, keep_links=False
            )
            table = _Tables("xlsx")
            for n, sheet in enumerate(book.worksheets[:MOST_SHEETS]):
                table.sheet(n, sheet)
    except _WRONG as error:
        return MarkedText("xlsx", problems=(Problem("", f"the file is damaged: {error}"),))
    return table.text()


def _unpacked(data: bytes) -> int:
    """The bytes of all XML in a workbook; ValueError where it is too much, or declares entities."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith((".xml", ".rels"))]
        size = sum(entry.file_size for entry in entries)
        if size > LARGEST_XML:
            raise ValueError(f"it unpacks to {size / 1e6:.0f} MB, more than {LARGEST_XML / 1e6:.0f}")
        for entry in entries:
            with archive.open(entry) as part:
                if b"<!DOCTYPE" in part.read(4096):
                    raise ValueError(f"{entry.filename} declares a document type, which no workbook does")
    return size


def read_csv(text: str) -> MarkedText:
    """The fields of a text with separators, as one table; as plain text where the separators are unclear."""
    text = clean(text)
    delimiter = max(_DELIMITERS, key=text[:10_000].count)
    table = _Tables("csv")
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
class _Tables:
    """Blocks and comments of the cells that were read."""

    format: str
    out: Blocks = field(default_factory=Blocks)
    comments: list[MarginComment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def sheet(self, number: int, sheet: Any) -> None:
        """Writes a sheet, as far as it is not too large."""
        columns = min(sheet.max_column or MOST_COLUMNS, MOST_COLUMNS)
        rows = min(sheet.max_row or MOST_ROWS, MOST_ROWS, _MOST_CELLS // columns)
        if rows < (sheet.max_row or 0) or columns < (sheet.max_column or 0):
            self.problems.append(Problem(sheet.title, f"only {rows:,} rows of {columns} columns were read"))
        for row in sheet.iter_rows(max_row=rows, max_col=columns):
            for cell in row:
                if cell.value is not None:
                    self._written(number, cell)

    def _written(self, number: int, cell: Any) -> None:
        start = self.out.position
        self.cell(Cell(number, cell.row - 1, cell.column - 1), _runs(cell))
        if (comment := getattr(cell, "comment", None)) is not None:
            self.comments.append(
                MarginComment(clean(comment.text), comment.author or None, None, start, self.out.position)
            )

    def cell(self, place: Cell, runs: Sequence[Run]) -> None:
        """Writes a cell, each of its lines a Block."""
        for line in _lines(runs):
            if any(run.text.strip() for run in line):
                self.out.end(Block(tuple(joined(line)), place="table", cell=place))

    def text(self) -> MarkedText:
        problems = (*self.problems, *self.out.problems())
        return MarkedText(self.format, tuple(self.out.done), tuple(self.comments), problems)


def _runs(cell: Any) -> list[Run]:
    """What a cell shows, each part as it looks."""
    value, look = cell.value, _look(cell.font) if getattr(cell, "has_style", False) else frozenset()
    if isinstance(value, CellRichText):
        return [
            Run(clean(part.text), style=_look(part.font))
            if isinstance(part, TextBlock)
            else Run(clean(part), style=look)
            for part in value
        ]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return [Run(clean(str(value)), style=look)]


def _look(font: Any) -> frozenset[str]:
    style = {
        word
        for word, on in (
            ("bold", getattr(font, "b", None)),
            ("italic", getattr(font, "i", None)),
            ("strike", getattr(font, "strike", None)),
            ("underline", getattr(font, "u", None)),
        )
        if on
    }
    colour = getattr(getattr(font, "color", None), "rgb", None)
    if isinstance(colour, str) and (found := colour_of(colour[-6:])) is not None and not is_plain(found):
        style.add(f"colour:{found}")
    return frozenset(style)


def _lines(runs: Sequence[Run]) -> Iterator[list[Run]]:
    line: list[Run] = []
    for run in runs:
        first, *others = run.text.replace("\r\n", "\n").split("\n")
        line.append(Run(first, style=run.style))
        for other in others:
            yield line
            line = [Run(other, style=run.style)]
    yield line
