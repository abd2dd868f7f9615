"""The walk over an HTML page: takes the parser's events, knows which elements are open and what holds inside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from parsing.formats.html_context import HtmlContext, StyleSheet, context_inside
from parsing.formats.html_lines import HtmlLines
from parsing.formats.html_roles import begins_history, holds_forward, is_attribution, says_forwarded
from parsing.formats.numbering import written
from parsing.model import Block, Cell

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_LISTS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_WIDEST = 100
"""Columns or rows that a cell may span here; the HTML standard (4.9.11) has 1000 and 65534."""


@dataclass(slots=True)
class OpenElement:
    """An element that is open: `context` holds inside it, and may change (history that begins between siblings)."""

    tag: str
    context: HtmlContext
    list: str | None = None
    next: int = 1
    table: "OpenTable | None" = None
    forward: bool = False
    in_forward: bool = False
    """Whether it, or one around it, is Gmail's frame of a mail that is forwarded."""
    attribution: bool = False
    first: int = 0


@dataclass(slots=True)
class OpenTable:
    """A table that is open. `taken` holds for a column until which row a cell above reaches down into it."""

    number: int
    row: int = -1
    column: int = 0
    widest: int = 0
    taken: dict[int, int] = field(default_factory=dict)

    def next_row(self) -> None:
        self.row, self.column = self.row + 1, 0

    def next_cell(self, attributes: Mapping[str, str]) -> Cell:
        """The place of the cell that begins, as wide and high as its attributes say."""
        self.row = max(self.row, 0)
        while self.taken.get(self.column, -1) >= self.row:
            self.column += 1
        cell = Cell(self.number, self.row, self.column)
        width, height = _span(attributes, "colspan"), _span(attributes, "rowspan")
        if height > 1:
            self.taken |= dict.fromkeys(range(self.column, self.column + width), self.row + height - 1)
        self.column += width
        self.widest = max(self.widest, self.column)
        return cell


class HtmlWalk:
    """The parser's target: takes its events, holds what is open. After `close` all `blocks` are there."""

    def __init__(self) -> None:
        self.lines = HtmlLines()
        self.blocks: list[Block] = []
        self._open = [OpenElement("", HtmlContext())]
        self._sheet = StyleSheet()
        self._tables = 0
        self._layout: dict[int, Cell | None] = {}
        """Tables that only lay out the page, and the cell that contains each."""

    # --- events --------------------------------------------------------------------------------------

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        outer = self._open[-1]
        if tag == "br":
            self.lines.end(outer.context, forced=True)
            return
        if tag in _BLOCKS:
            self.lines.end(outer.context)
        in_history = tag == "blockquote" and self._is_in_history()
        css, forward = self._sheet.of(tag, attributes), holds_forward(attributes)
        element = OpenElement(
            tag,
            context_inside(tag, attributes, css, outer.context, in_history=in_history),
            table=outer.table,
            forward=forward,
            in_forward=forward or outer.in_forward,
            attribution=is_attribution(attributes),
            first=len(self.lines.out.done),
        )
        if outer.context.role == "own" and begins_history(attributes):
            self._history()
        self._open.append(element)
        self._list_or_table(element, attributes)

    def end(self, tag: str) -> None:
        if tag == "br":
            return
        while len(self._open) > 1:
            element = self._open.pop()
            self._close(element)
            if element.tag == tag:
                return

    def data(self, text: str) -> None:
        element = self._open[-1]
        if element.tag == "style":
            self._sheet.add(text)
        self.lines.put(text, element.context)

    def comment(self, text: str) -> None:
        """Nothing: a comment is never seen."""

    def close(self) -> None:
        while len(self._open) > 1:
            self._close(self._open.pop())
        self.lines.end(self._open[0].context)
        self.lines.out.seal(0)
        self.blocks = [_placed(block, self._layout) for block in self.lines.out.done]

    # --- elements ------------------------------------------------------------------------------------

    def _list_or_table(self, element: OpenElement, attributes: Mapping[str, str]) -> None:
        match element.tag:
            case "ol":
                element.list = _LISTS.get(attributes.get("type", "1"), "decimal")
                element.next = _int(attributes.get("start"), 1)
            case "ul" | "dir" | "menu":
                element.list = "bullet"
            case "li" if not element.context.hidden:
                self.lines.number = self._list_number(attributes)
            case "table":
                element.table = OpenTable(self._tables)
                self._tables += 1
                element.context = replace(element.context, cell=None)
            case "tr" if element.table is not None:
                element.table.next_row()
            case "td" | "th" if element.table is not None:
                cell = element.table.next_cell(attributes)
                element.context = replace(element.context, cell=cell, heading=element.tag == "th")

    def _list_number(self, attributes: Mapping[str, str]) -> str:
        owner = next((element for element in self._open[-2:-6:-1] if element.list is not None), None)
        if owner is None or owner.list in (None, "bullet"):
            return ""
        number = _int(attributes.get("value"), owner.next)
        owner.next = number + 1
        return written(number, owner.list or "") + "."

    def _close(self, element: OpenElement) -> None:
        outer = self._open[-1].context
        if element.tag in _BLOCKS:
            self.lines.end(element.context)
        if element.tag == "li":
            self.lines.number = ""
        elif element.tag in ("td", "th"):
            self.lines.out.seal(element.first)
        elif element.tag == "table" and element.table is not None and element.table.widest <= 1:
            self._layout[element.table.number] = outer.cell
        if element.attribution and self._forwards(element.first):
            self._open[-1].context = replace(outer, role="quoted")

    def _forwards(self, first: int) -> bool:
        """Whether what was written since says, in a frame of Gmail's, that the mail below is forwarded."""
        done = self.lines.out.done
        said = done[first].runs if len(done) > first else ()
        return self._open[-1].forward and says_forwarded("".join(run.text for run in said))

    def _is_in_history(self) -> bool:
        """Whether what is last is history, or Gmail's frame around it is open."""
        done = self.lines.out.done
        follows = bool(done) and done[-1].role == "quoted" and not done[-1].indented
        return follows or self._open[-1].in_forward

    def _history(self) -> None:
        """Everything from here on is history, in whatever element."""
        for element in self._open:
            element.context = replace(element.context, role="quoted")


def _placed(block: Block, layout: Mapping[int, Cell | None]) -> Block:
    """The block, out of the tables that only lay out the page: those with one column."""
    cell = block.cell
    while cell is not None and cell.table in layout:
        cell = layout[cell.table]
    return replace(block, cell=cell, place="body" if cell is None else "table") if cell != block.cell else block


def _span(attributes: Mapping[str, str], name: str) -> int:
    return min(max(_int(attributes.get(name), 1), 1), _WIDEST)


def _int(text: str | None, default: int) -> int:
    try:
        return min(max(int(text or ""), -999_999), 999_999)
    except ValueError:
        return default
