"""The cells of a sheet of a workbook (ECMA-376 part 1, 18.3.1), what they show and how it looks."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from parsing.formats.ooxml import child, children, get, is_on, local, number
from parsing.formats.opc import NotOpened, Opc
from parsing.formats.sheet import MOST_COLUMNS, MOST_ROWS
from parsing.formats.styles import colour_of, is_plain
from parsing.formats.text import clean as without_controls
from parsing.model import Run

_MOST_CELLS = 400_000
"""Of a sheet, empty ones among them."""
_MOST_STRINGS = 400_000
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A character that XML cannot hold, as strings in a workbook write it (22.9.2.19)."""


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell that shows something; row and column from 0."""

    row: int
    column: int
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class SheetRead:
    """The cells of one sheet in their order, and what was not read of it."""

    cells: list[SheetCell]
    problems: list[str]


@dataclass(frozen=True, slots=True)
class SharedCells:
    """What the cells of all sheets refer to: strings, looks, which number formats are dates, the first day counted."""

    strings: list[list[Run]]
    looks: list[frozenset[str]]
    dates: frozenset[int]
    epoch: Any
    problem: str = ""

    @classmethod
    def of(cls, opc: Opc, main: str) -> Self:
        styles = next(iter(opc.targets(main, "styles")), None)
        root = _root(opc, styles)
        strings, problem = _strings(opc, main)
        return cls(strings, _looks(root), _dates(root), _epoch(opc.root(main)), problem)


def _root(opc: Opc, name: str | None) -> Any | None:
    """The root of a part without which the cells can still be read; None where there is none."""
    try:
        return None if name is None else opc.root(name)
    except NotOpened:
        return None


def _strings(opc: Opc, main: str) -> tuple[list[list[Run]], str]:
    """The shared strings, and what is wrong with them."""
    found: list[list[Run]] = []
    for name in opc.targets(main, "sharedStrings")[:1]:
        try:
            for item in _streamed(opc.blob(name), name, "si"):
                found.append(runs_of(item))
                if len(found) >= _MOST_STRINGS:
                    return found, f"only the first {_MOST_STRINGS:,} strings of the workbook were read"
        except (DamagedXml, NotOpened):
            return found, "the strings of the workbook are damaged: some cells may be empty"
    return found, ""


class DamagedXml(Exception):
    """The XML of a part is damaged, and what could be read of it was."""


def _streamed(blob: bytes, name: str, tag: str) -> Iterator[Any]:
    """The elements with a name, one after the other: a large sheet is never held whole. Of damaged XML come those that
    can be read, then DamagedXml is raised. Raises NotOpened for a document type.
    """
    if b"<!DOCTYPE" in blob[:4096]:
        raise NotOpened(f"{name} declares a document type or entities, which no program of Office does")
    events = etree.iterparse(
        io.BytesIO(blob), tag=f"{{*}}{tag}", resolve_entities=False, no_network=True, collect_ids=False, recover=True
    )
    try:
        for _, element in events:
            yield element
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise DamagedXml from error
    if len(events.error_log):
        raise DamagedXml


def runs_of(item: Any | None) -> list[Run]:
    """The runs of rich text: of a shared string, an inline string or a note (18.4); phonetic hints aside."""
    found = []
    for one in () if item is None else item:
        name = local(one)
        if name == "t":
            found.append(Run(clean(one.text or "")))
        elif name == "r":
            found.append(Run(clean(_text(one)), style=_look(child(one, "rPr"))))
    return found


def clean(text: str) -> str:
    """A string of a workbook without escapes and control characters."""
    return without_controls(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))


def _text(run: Any) -> str:
    element = child(run, "t")
    return "" if element is None else element.text or ""


# --- looks -------------------------------------------------------------------------------------------


def _looks(styles: Any | None) -> list[frozenset[str]]:
    """The look of each cell format (18.8.10)."""
    fonts = [_look(font) for font in children(child(styles, "fonts"), "font")]
    formats = children(child(styles, "cellXfs"), "xf")
    numbers = [number(one, "fontId", 0) for one in formats]
    return [fonts[n] if 0 <= n < len(fonts) else frozenset() for n in numbers]


def _look(font: Any | None) -> frozenset[str]:
    """How text in a font looks (18.8.22, 18.4.7)."""
    toggles = (("b", "bold"), ("i", "italic"), ("strike", "strike"))
    style = {word for name, word in toggles if is_on(child(font, name))}
    underline = child(font, "u")
    if underline is not None and get(underline, "val") != "none":
        style.add("underline")
    colour = colour_of((get(child(font, "color"), "rgb") or "")[-6:])
    if colour is not None and not is_plain(colour):
        style.add(f"colour:{colour}")
    return frozenset(style)


def _dates(styles: Any | None) -> frozenset[int]:
    """The cell formats that show numbers as dates."""
    own = {
        number(one, "numFmtId", -1): get(one, "formatCode") or ""
        for one in children(child(styles, "numFmts"), "numFmt")
    }
    formats = enumerate(children(child(styles, "cellXfs"), "xf"))
    codes = {n: number(one, "numFmtId", 0) for n, one in formats}
    return frozenset(n for n, code in codes.items() if is_date_format(own.get(code) or BUILTIN_FORMATS.get(code, "")))


def _epoch(workbook: Any) -> Any:
    """The day from which dates are counted (18.2.28)."""
    mac = get(child(workbook, "workbookPr"), "date1904") in ("1", "true")
    return CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900


# --- cells -------------------------------------------------------------------------------------------


def cells_of(blob: bytes, name: str, shared: SharedCells) -> SheetRead:
    """The cells of a sheet that show something. Raises NotOpened."""
    read = SheetRead([], [])
    formulas = 0
    try:
        for row, element in _rows(blob, name):
            if row >= MOST_ROWS or len(read.cells) >= _MOST_CELLS:
                read.problems.append(f"only the first {row:,} rows were read")
                break
            for column, cell in _cells(element):
                if column >= MOST_COLUMNS:
                    read.problems.append(f"only {MOST_COLUMNS} columns of row {row + 1} were read")
                    break
                formulas += _formula(cell) is not None
                if runs := _shown(cell, shared):
                    read.cells.append(SheetCell(row, column, runs))
    except DamagedXml:
        read.problems.append("the sheet is damaged: what could be read of it was")
    if formulas:
        read.problems.append(f"{formulas} formulas have no stored result: the formulas themselves are shown")
    return read


def _rows(blob: bytes, name: str) -> Iterator[tuple[int, Any]]:
    """The rows of a sheet with their numbers, from 0; one without a number follows the one before it."""
    row = -1
    for element in _streamed(blob, name, "row"):
        row = number(element, "r", row + 2) - 1
        yield row, element


def _cells(row: Any) -> Iterator[tuple[int, Any]]:
    """The cells of a row with their columns, from 0."""
    column = -1
    for cell in children(row, "c"):
        place = place_of(get(cell, "r"))
        column = column + 1 if place is None else place[1]
        yield column, cell


def place_of(reference: str | None) -> tuple[int, int] | None:
    """(row, column) from 0 of a reference such as "AB12"; None where it is none."""
    found = _REFERENCE.match(reference or "")
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _formula(cell: Any) -> str | None:
    """The formula of a cell without a stored result, as programs write that do not calculate."""
    formula = child(cell, "f")
    return "=" + formula.text if formula is not None and formula.text and not _value(cell) else None


def _value(cell: Any) -> str:
    element = child(cell, "v")
    return "" if element is None else element.text or ""


def _shown(cell: Any, shared: SharedCells) -> list[Run]:
    """What a cell shows, each part as it looks."""
    style = number(cell, "s", 0)
    look = shared.looks[style] if 0 <= style < len(shared.looks) else frozenset[str]()
    runs = _rich(cell, shared)
    if runs is None:
        text = _formula(cell) or _plain(get(cell, "t"), _value(cell), shared.epoch if style in shared.dates else None)
        runs = [Run(clean(text))] if text else []
    is_rich = len(runs) > 1
    return [run if run.style or is_rich else Run(run.text, style=look) for run in runs]


def _rich(cell: Any, shared: SharedCells) -> list[Run] | None:
    """The text of a cell that has it elsewhere or inside; None for a plain value."""
    match get(cell, "t"):
        case "s":
            n = int(value) if (value := _value(cell)).isdecimal() else -1
            return shared.strings[n] if 0 <= n < len(shared.strings) else []
        case "inlineStr":
            return runs_of(child(cell, "is"))
        case _:
            return None


def _plain(kind: str | None, value: str, epoch: Any | None) -> str:
    """A value as it is shown; with an epoch, a number is the date that it counts to."""
    match kind:
        case "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        case "str" | "e" | "d":
            return value
        case _:
            return _number(value, epoch)


def _number(value: str, epoch: Any | None) -> str:
    """A number as it is written, whole ones without a point."""
    try:
        amount = float(value)
        if epoch is not None:
            return str(from_excel(amount, epoch))
        return str(int(amount)) if amount.is_integer() else str(amount)
    except (ValueError, OverflowError):
        return value
