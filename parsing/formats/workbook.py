"""Excel workbooks (.xlsx, .xlsm, Strict ones too) as tables, a table for each sheet, as they were last shown.

ECMA-376 part 1, 18. Formulas are not evaluated. See docs/formats/sheet.md.
"""

import re
from collections.abc import Sequence
from typing import Any

from parsing.formats.drawing_text import paragraphs_in
from parsing.formats.ooxml import child, children, get, local
from parsing.formats.opc import NotOpened, Opc
from parsing.formats.sheet import Tables
from parsing.formats.workbook_cells import SharedCells, SheetCell, cells_of
from parsing.formats.workbook_notes import Notes, notes_of, people
from parsing.model import Cell, MarginComment, MarkedText, Problem

MOST_SHEETS = 50
_USUAL = re.compile(r"(?:^|/)worksheets/[^/]+\.xml$")


def read_workbook(data: bytes) -> MarkedText:
    """The cells, notes and text boxes of a workbook. What cannot be opened has no blocks and one Problem."""
    try:
        return _Workbook(Opc.of(data)).read()
    except NotOpened as error:
        return MarkedText("xlsx", problems=(Problem("", str(error)),))


class _Workbook:
    def __init__(self, opc: Opc) -> None:
        self.opc = opc
        main = opc.main() or next((name for name in opc.names() if name.endswith("xl/workbook.xml")), None)
        if main is None:
            raise NotOpened("the file holds no workbook")
        self.main = main
        self.shared = SharedCells.of(opc, main)
        self.people = people(opc, main)
        self.tables = Tables("xlsx")

    def read(self) -> MarkedText:
        sheets = self._sheets()
        if self.shared.problem:
            self._say("", self.shared.problem)
        for number, (title, name) in enumerate(sheets[:MOST_SHEETS]):
            try:
                self._sheet(number, title, name)
            except NotOpened as error:
                self._say(title, f"the sheet could not be read: {error}")
        if len(sheets) > MOST_SHEETS:
            self._say("", f"only the first {MOST_SHEETS} of {len(sheets)} sheets were read")
        if any(one.kind in ("revisionHeaders", "usernames") for one in self.opc.related(self.main)):
            self._say("", "changes are tracked in the workbook; what was there before was not read")
        if not self.tables.out.done and any("/media/" in name for name in self.opc.names()):
            self._say("", "the file holds pictures and no text")
        return self.tables.text()

    def _say(self, source: str, problem: str) -> None:
        self.tables.problems.append(Problem(source, problem))

    def _sheets(self) -> list[tuple[str, str]]:
        """(title, part) of each sheet, in their order; by the parts' usual names where the workbook names none."""
        related = {one.id: one.target for one in self.opc.related(self.main)}
        listed = children(child(self.opc.root(self.main), "sheets"), "sheet")
        titled = ((get(one, "name") or "", related.get(_relation(one), "")) for one in listed)
        found = [(title, name) for title, name in titled if name in self.opc]
        return found or [(name, name) for name in sorted(self.opc.names()) if _USUAL.search(name)]

    def _sheet(self, number: int, title: str, name: str) -> None:
        notes = notes_of(self.opc, name, self.people)
        read = cells_of(self.opc.blob(name), name, self.shared)
        for cell in read.cells:
            self._cell(number, cell, notes)
        for problem in read.problems:
            self._say(title, problem)
        for place in notes.places():
            where = Cell(number, *place)
            self._comment(notes, place, self.tables.empty(where))
        for drawing in self.opc.targets(name, "drawing"):
            self._boxes(title, drawing)

    def _cell(self, number: int, cell: SheetCell, notes: Notes) -> None:
        where = Cell(number, cell.row, cell.column)
        at = self.tables.cell(where, cell.runs)
        self._comment(notes, (cell.row, cell.column), at)

    def _comment(self, notes: Notes, place: tuple[int, int], at: tuple[int, int]) -> None:
        """Writes the notes on a cell; the answers in a thread follow the first note of it."""
        first = len(self.tables.comments)
        for note in notes.take(place):
            parent = None if note.parent is None else first + note.parent
            self.tables.comments.append(
                MarginComment(note.text, note.author, note.date, *at, parent=parent, resolved=note.resolved)
            )

    def _boxes(self, title: str, drawing: str) -> None:
        try:
            root = self.opc.root(drawing)
        except NotOpened as error:
            self._say(title, f"the drawing on the sheet could not be read: {error}")
            return
        for shape in _shapes(root):
            for runs in paragraphs_in(shape):
                self.tables.beside(runs, "textbox")


def _relation(sheet: Any) -> str:
    """The r:id of a sheet, in whichever namespace of relationships."""
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


def _shapes(root: Any) -> Sequence[Any]:
    """The shapes with text on a drawing, those in groups too, once where there is a fallback."""
    return [one for one in root.iter() if local(one) == "txBody" and not _is_fallback(one)]


def _is_fallback(element: Any) -> bool:
    return any(local(outer) == "Fallback" for outer in element.iterancestors())
