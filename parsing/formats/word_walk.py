"""One walk over the parts of a Word file: every character once, with its mark.

The elements are those of ECMA-376 part 1, section 17; revisions are its 17.13.5.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, ClassVar

from parsing.formats.numbering import Numbers
from parsing.formats.ooxml import child, get, local, local_name, number, through
from parsing.formats.revisions import UNSIGNED
from parsing.formats.symbols import SYMBOL
from parsing.formats.word_context import OpenParagraph, WordContext, revision_of
from parsing.formats.word_fields import Fields
from parsing.formats.word_package import WordPackage
from parsing.formats.word_style import WordStyles
from parsing.model import Block, Cell, Problem

_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "br": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_TRANSPARENT = frozenset(
    {
        "document", "body", "hyperlink", "smartTag", "customXml", "sdt", "sdtContent", "dir", "bdo",
        "fldSimple", "ruby", "rubyBase", "subDoc", "footnote", "endnote", "hdr", "ftr", "comment",
        "txbxContent", "oMath", "oMathPara", "Choice", "Fallback",
    }
)  # fmt: skip
_SILENT = frozenset(
    {
        "pPr", "rPr", "tcPr", "trPr", "tblPr", "tblGrid", "sdtPr", "sdtEndPr", "sectPr", "bookmarkStart",
        "bookmarkEnd", "proofErr", "permStart", "permEnd", "rubyPr", "lastRenderedPageBreak", "instrText",
        "delInstrText", "annotationRef", "footnoteRef", "endnoteRef", "separator", "continuationSeparator",
        "smartTagPr", "customXmlPr", "tblPrEx", "dayShort", "dayLong", "monthShort", "monthLong", "yearShort",
        "yearLong", "pgNum", "background",
    }
)  # fmt: skip


class WordWalk:
    """Blocks, comment ranges and problems of the containers that it is led through, in their order."""

    def __init__(self, package: WordPackage) -> None:
        self.numbers = Numbers(package.one("numbering"), package.styles)
        self.styles = WordStyles(package.styles)
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        self.length = 0
        self.open: OpenParagraph | None = None
        self.fields = Fields()
        self.moves: dict[str, str] = {}
        self.ranges: dict[str, tuple[int, int | None]] = {}
        self.notes: dict[tuple[str, str | None], tuple[WordContext, int]] = {}
        self.tables = 0

    def container(self, element: Any, context: WordContext) -> None:
        """Reads all blocks of a container; the last cannot run on into the next container's first."""
        first = len(self.blocks)
        outer, self.fields = self.fields, Fields()
        self.walk(element, context)
        self._stop(first)
        self.fields = outer

    def walk(self, element: Any, context: WordContext) -> None:
        for one in element:
            _handler(one.tag)(self, one, context)

    def unknown(self, element: Any, context: WordContext) -> None:
        if any(local(one) in ("t", "delText") for one in element.iter()):
            self._say(f"text inside the unknown element <{local(element)}> was read as it is")
            self.walk(element, context)

    def _say(self, problem: str) -> None:
        self.problems.append(Problem(f"paragraph {len(self.blocks) + 1}", problem))

    def _stop(self, first: int) -> None:
        """A mark that joins a paragraph to the next falls away where none follows: a container's end, a table."""
        if len(self.blocks) == first:
            return
        last = self.blocks[-1]
        for mark, gone in (("deleted", ("deleted", "undone")), ("inserted", ("inserted", "undone"))):
            if last.end == mark and any(run.mark not in gone for run in last.runs):
                self.blocks[-1] = replace(last, end="kept", end_author=None, end_date=None)

    # --- blocks --------------------------------------------------------------------------------------

    def _paragraph(self, element: Any, context: WordContext) -> None:
        outer, self.open = self.open, OpenParagraph()
        properties = child(element, "pPr")
        end = self._end(properties, context)
        self.walk(element, context.styled(frozenset()))
        self._put_all(self.fields.end_instructions())
        mine, self.open = self.open, outer
        counted = context.place in ("body", "table")
        change = end.ins or end.gone or UNSIGNED
        block = Block(
            runs=mine.runs(),
            end=end.mark,
            place=context.place,
            number=self.numbers.of(properties, inserted=end.ins is not None) if counted else None,
            heading=self.numbers.is_heading(properties),
            cell=context.cell,
            end_author=change.author,
            end_date=change.date,
            anchor=context.anchor,
            span=(self.length, self.length + mine.length),
        )
        self.blocks.append(block)
        self.length += mine.length + 1
        for box, inside in mine.boxes:
            self.container(box, inside.at("textbox"))

    def _end(self, properties: Any | None, context: WordContext) -> WordContext:
        """The context of the paragraph's own mark (17.13.5.15 and .20)."""
        mark = child(properties, "rPr")
        ins, gone = child(mark, "ins", "moveTo"), child(mark, "del", "moveFrom")
        return context.changed(
            None if ins is None else revision_of(ins, self._move_of(ins)),
            None if gone is None else revision_of(gone, self._move_of(gone)),
        )

    def _table(self, element: Any, context: WordContext) -> None:
        if self.blocks:
            self._stop(len(self.blocks) - 1)
        table, self.tables = self.tables, self.tables + 1
        for n, row in enumerate(through(element, "tr")):
            properties = child(row, "trPr")
            inside = _existing(context, child(properties, "ins"), child(properties, "del"))
            column = number(child(properties, "gridBefore"), "val", 0)
            for cell in through(row, "tc"):
                self._cell(cell, inside, Cell(table, n, column))
                column += max(1, number(child(child(cell, "tcPr"), "gridSpan"), "val", 1))

    def _cell(self, element: Any, context: WordContext, cell: Cell) -> None:
        properties = child(element, "tcPr")
        inside = _existing(context, child(properties, "cellIns"), child(properties, "cellDel"))
        first = len(self.blocks)
        self.walk(element, inside.at("table" if context.place == "body" else context.place, cell))
        self._stop(first)

    # --- revisions -----------------------------------------------------------------------------------

    def _inserted(self, element: Any, context: WordContext) -> None:
        self.walk(element, context.changed(revision_of(element, self._move_of(element)), None))

    def _deleted(self, element: Any, context: WordContext) -> None:
        self.walk(element, context.changed(None, revision_of(element, self._move_of(element))))

    def _move_of(self, element: Any) -> str | None:
        return self.moves.get(local(element))

    def _move(self, element: Any, _context: WordContext) -> None:
        kind = "moveFrom" if "moveFrom" in element.tag else "moveTo"
        self.moves[kind] = get(element, "name") or get(element, "id") or ""

    def _move_end(self, element: Any, _context: WordContext) -> None:
        self.moves.pop("moveFrom" if "moveFrom" in element.tag else "moveTo", None)

    # --- characters ----------------------------------------------------------------------------------

    def _run(self, element: Any, context: WordContext) -> None:
        first = next(iter(element), None)
        if first is not None and local(first) == "rPr":
            style = self.styles.of(first)
            if style != context.style:
                context = context.styled(style)
        self.walk(element, context)

    def _text(self, element: Any, context: WordContext) -> None:
        if element.text:
            self._put(element.text, context)

    def _put(self, text: str, context: WordContext) -> None:
        if self.fields.hide(text, context):
            return
        if self.open is not None:
            self.open.put(text, context)
        else:
            self._say(f"text outside any paragraph: {text[:60]}")
            span = (self.length, self.length + len(text))
            self.blocks.append(Block((context.run(text),), place=context.place, cell=context.cell, span=span))
            self.length += len(text) + 1

    def _put_all(self, texts: Iterable[tuple[str, WordContext]]) -> None:
        for text, context in texts:
            self._put(text, context)

    def _sign(self, element: Any, context: WordContext) -> None:
        self._put(_SIGNS[local(element)], context)

    def _symbol(self, element: Any, context: WordContext) -> None:
        try:
            code = int(get(element, "char") or "", 16)
        except ValueError:
            return
        known = SYMBOL if (get(element, "font") or "") == "Symbol" else {}
        self._put(known.get(code & 0xFF) or chr(code), context)

    def _ruby(self, element: Any, context: WordContext) -> None:
        self._put("(", context)
        self.walk(element, context)
        self._put(")", context)

    def _field(self, element: Any, _context: WordContext) -> None:
        match get(element, "fldCharType"):
            case "begin":
                self.fields.begin()
            case "separate":
                if hidden := self.fields.separate():
                    self._say(f"words inside a field's instruction, which does not show: {hidden}")
            case "end":
                self._put_all(self.fields.end())

    def _alternate(self, element: Any, context: WordContext) -> None:
        """Reads one of mc:Choice and mc:Fallback, which say the same."""
        choice = child(element, "Choice", "Fallback")
        if choice is not None:
            self.walk(choice, context)

    def _drawing(self, element: Any, context: WordContext) -> None:
        for box in _boxes(element):
            if self.open is None:
                self.container(box, context.at("textbox"))
            else:
                self.open.boxes.append((box, context))
        for one in element.iter():
            if local(one) in ("relIds", "chart", "OLEObject") and one.get("ProgID", "") != "Equation.3":
                self._say("a chart, a diagram or another program's object was not read")

    # --- notes and comments --------------------------------------------------------------------------

    def _note(self, element: Any, context: WordContext) -> None:
        self.notes.setdefault(
            (local(element).removesuffix("Reference"), get(element, "id")), (context, self._position())
        )

    def _position(self) -> int:
        return self.length + (self.open.length if self.open else 0)

    def _comment_start(self, element: Any, _context: WordContext) -> None:
        self.ranges.setdefault(get(element, "id") or "", (self._position(), None))

    def _comment_end(self, element: Any, _context: WordContext) -> None:
        here = self._position()
        start, end = self.ranges.get(get(element, "id") or "", (here, None))
        self.ranges[get(element, "id") or ""] = (start, here if end is None else end)

    def _comment_reference(self, element: Any, _context: WordContext) -> None:
        here = self._position()
        self.ranges.setdefault(get(element, "id") or "", (here, here))

    def _alt_chunk(self, _element: Any, _context: WordContext) -> None:
        self._say("another file is embedded here (altChunk); it was not read")

    BY_NAME: ClassVar[Mapping[str, "_Handler"]] = {
        "p": _paragraph,
        "r": _run,
        "t": _text,
        "delText": _text,
        "sym": _symbol,
        "rt": _ruby,
        "tbl": _table,
        "ins": _inserted,
        "moveTo": _inserted,
        "del": _deleted,
        "moveFrom": _deleted,
        "moveFromRangeStart": _move,
        "moveToRangeStart": _move,
        "moveFromRangeEnd": _move_end,
        "moveToRangeEnd": _move_end,
        "commentRangeStart": _comment_start,
        "commentRangeEnd": _comment_end,
        "commentReference": _comment_reference,
        "footnoteReference": _note,
        "endnoteReference": _note,
        "fldChar": _field,
        "AlternateContent": _alternate,
        "drawing": _drawing,
        "pict": _drawing,
        "object": _drawing,
        "altChunk": _alt_chunk,
        **dict.fromkeys(_SIGNS, _sign),
    }


_Handler = Callable[[WordWalk, Any, WordContext], None]


@lru_cache(maxsize=1024)
def _handler(tag: Any) -> _Handler:
    """What reads an element. It is no method bound to the walk: walks that refer to themselves would keep the trees of
    their files until the next collection of garbage.
    """
    name = local_name(tag)
    if name in WordWalk.BY_NAME:
        return WordWalk.BY_NAME[name]
    if not name or name in _SILENT or (name.startswith("customXml") and name.endswith(("Start", "End"))):
        return _nothing
    return WordWalk.walk if name in _TRANSPARENT or "/math" in tag else WordWalk.unknown


def _nothing(_walk: WordWalk, _element: Any, _context: WordContext) -> None:
    """What holds no text."""


def _existing(context: WordContext, ins: Any | None, gone: Any | None) -> WordContext:
    """The context inside a row or cell that was inserted or deleted, whatever the marks of its text."""
    return context.changed(None if ins is None else revision_of(ins), None if gone is None else revision_of(gone))


def _boxes(element: Any) -> Iterator[Any]:
    """The text boxes in a drawing: once, not in mc:Choice and again in mc:Fallback."""
    for one in element:
        name = local(one)
        if name == "txbxContent":
            yield one
        elif name == "AlternateContent":
            choice = child(one, "Choice", "Fallback")
            yield from _boxes(choice) if choice is not None else ()
        else:
            yield from _boxes(one)
