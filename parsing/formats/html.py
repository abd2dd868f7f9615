"""HTML as marked text: what a person sees in it, paragraph by paragraph, with ins, del and styles.

The parser is libxml2's, which mends broken HTML as browsers do; its events are taken one after the other, so that depth
costs no more than length. See docs/formats/html.md.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import unquote

from lxml import etree

from parsing.formats.blocks import Blocks, joined
from parsing.formats.html_roles import begins_history, holds_forward, is_attribution, role_of, says_forwarded
from parsing.formats.numbering import written
from parsing.formats.styles import declarations, rules, styled
from parsing.formats.text import LONGEST, clean, cut
from parsing.model import Block, Cell, Mark, MarkedText, Problem, Run, TextRole

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_UNSEEN = frozenset({
    "script", "style", "head", "title", "template", "noframes", "xml", "textarea", "select", "option", "datalist",
    "object", "applet", "iframe", "svg", "math", "audio", "video", "canvas",
})  # fmt: skip
_STYLED = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "s": "strike", "strike": "strike",
    "sup": "superscript", "sub": "subscript", "mark": "highlight:FFFF00",
}  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_SPACE = re.compile("[ \t\r\n\f]+")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]*)[^<>]*>?")
_WIDEST = 100
"""Columns or rows that a cell may span here; the HTML standard (4.9.11) has 1000 and 65534."""


def read_html(html: str) -> MarkedText:
    """What is seen: one Block for each paragraph or line; quoted history and signatures are told by their role."""
    html, problems = cut(html, LONGEST)
    walk = _Walk()
    # lxml-stubs want a target that takes bytes too; the parser hands over str alone
    parser = etree.HTMLParser(target=cast("Any", walk), encoding="utf-8", huge_tree=True)
    try:
        etree.HTML(_matched(clean(html)).encode("utf-8"), parser)
    except (etree.XMLSyntaxError, etree.ParserError):
        problems = (*problems, Problem("", "the HTML is damaged: what could be read of it was"))
    walk.close()
    return MarkedText("html", tuple(walk.out.done), problems=(*problems, *walk.out.problems()))


def _matched(html: str) -> str:
    """Without the end tags that close nothing: for each of them the parser would search all that is open."""
    opened: Counter[str] = Counter()

    def keep(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if not tag[1]:
            opened[name] += 1
        elif opened[name] > 0:
            opened[name] -= 1
        elif name not in ("br", "p"):
            return ""
        return tag[0]

    return _TAG.sub(keep, html)


@dataclass(frozen=True, slots=True)
class _Change:
    author: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for the characters inside an element."""

    ins: _Change | None = None
    gone: _Change | None = None
    style: frozenset[str] = frozenset()
    role: TextRole = "own"
    cell: Cell | None = None
    heading: bool = False
    pre: bool = False
    hidden: bool = False
    link: bool = False
    number: bool = False
    """Inside the number that Word shows before a list's paragraph."""

    @property
    def mark(self) -> Mark:
        if self.gone is not None:
            return "undone" if self.ins is not None else "deleted"
        return "inserted" if self.ins is not None else "kept"

    def run(self, text: str) -> Run:
        change = self.ins or self.gone
        if change is None:
            return Run(text, style=self.style)
        by = self.gone.author if self.ins is not None and self.gone is not None else None
        return Run(text, self.mark, change.author, change.date, None, by, self.style)


@dataclass(slots=True)
class _Open:
    """An element that is open: `context` holds inside it, and may change (history that begins between siblings)."""

    tag: str
    context: _Context
    list: str | None = None
    next: int = 1
    table: "_Table | None" = None
    forward: bool = False
    attribution: bool = False
    first: int = 0


@dataclass(slots=True)
class _Table:
    """A table that is open. `taken` holds for a column until which row a cell above reaches down into it."""

    number: int
    first: int
    row: int = -1
    column: int = 0
    widest: int = 0
    taken: dict[int, int] = field(default_factory=dict)


class _Walk:
    """The parser's target: takes its events, holds what is open."""

    def __init__(self) -> None:
        self.out = Blocks()
        self.open = [_Open("", _Context())]
        self.sheet: dict[str, Mapping[str, str]] = {}
        self.tables = 0
        self.layout: dict[int, Cell | None] = {}
        self.number = ""
        self.first: _Context | None = None
        self.space: str = "start"

    # --- events --------------------------------------------------------------------------------------

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        outer = self.open[-1]
        if tag == "br":
            self._break(outer.context, forced=True)
            return
        if tag in _BLOCKS:
            self._break(outer.context)
        element = _Open(
            tag,
            self._context(tag, attributes, outer.context),
            table=outer.table,
            forward=holds_forward(attributes),
            attribution=is_attribution(attributes),
            first=len(self.out.done),
        )
        if outer.context.role == "own" and begins_history(attributes):
            self._history()
        self.open.append(element)
        if tag in ("ol", "ul", "dir", "menu"):
            element.list = _LISTS.get(attributes.get("type", "1"), "decimal") if tag == "ol" else "bullet"
            element.next = _int(attributes.get("start"), 1)
        elif tag == "li" and not element.context.hidden:
            self.number = self._list_number(attributes)
        elif tag in ("table", "tr", "td", "th"):
            self._table(element, tag, attributes)

    def end(self, tag: str) -> None:
        if tag == "br":
            return
        while len(self.open) > 1:
            element = self.open.pop()
            self._close(element)
            if element.tag == tag:
                return

    def data(self, text: str) -> None:
        context = self.open[-1].context
        if self.open[-1].tag == "style":
            self.sheet.update(rules(text))
        if context.hidden:
            return
        if context.number:
            self.number += text
        elif context.pre:
            self._lines(text, context)
        else:
            self._words(text, context)

    def comment(self, text: str) -> None:
        """Nothing: a comment is never seen."""

    def close(self) -> None:
        while len(self.open) > 1:
            self._close(self.open.pop())
        self._break(self.open[0].context)
        self.out.seal(0)
        self.out.done = [_placed(block, self.layout) for block in self.out.done]

    # --- elements ------------------------------------------------------------------------------------

    def _context(self, tag: str, attributes: Mapping[str, str], outer: _Context) -> _Context:
        css = self._css(tag, attributes)
        role = role_of(tag, attributes) if outer.role == "own" else None
        style = outer.style | {_STYLED[tag]} if tag in _STYLED else outer.style
        link = outer.link or (tag == "a" and "href" in attributes)
        if css and not link:
            style = styled(style, css)
        return replace(
            outer,
            ins=outer.ins or (_change(attributes) if tag == "ins" else None),
            gone=outer.gone or (_change(attributes) if tag == "del" else None),
            style=style,
            role=role or outer.role,
            heading=outer.heading or tag in _HEADINGS,
            pre=tag == "pre" or _keeps_lines(css.get("white-space"), outer.pre),
            hidden=outer.hidden or tag in _UNSEEN or css.get("display") == "none" or css.get("mso-hide") == "all",
            link=link,
            number=outer.number or css.get("mso-list") == "ignore",
        )

    def _css(self, tag: str, attributes: Mapping[str, str]) -> Mapping[str, str]:
        """What the style sheet and the element's own attributes say, the later over the earlier."""
        css = dict(self.sheet.get(tag, {}))
        for name in attributes.get("class", "").lower().split()[:20]:
            css |= self.sheet.get("." + name, {})
            css |= self.sheet.get(f"{tag}.{name}", {})
        if tag == "font" and "color" in attributes:
            css["color"] = attributes["color"]
        if (own := attributes.get("style")) is not None:
            css |= declarations(own)
        return css

    def _list_number(self, attributes: Mapping[str, str]) -> str:
        owner = next((element for element in self.open[-2:-6:-1] if element.list is not None), None)
        if owner is None or owner.list in (None, "bullet"):
            return ""
        number = _int(attributes.get("value"), owner.next)
        owner.next = number + 1
        return written(number, owner.list or "") + "."

    def _table(self, element: _Open, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "table":
            element.table = _Table(self.tables, len(self.out.done))
            self.tables += 1
            element.context = replace(element.context, cell=None)
            return
        table = element.table
        if table is None:
            return
        if tag == "tr":
            table.row, table.column = table.row + 1, 0
            return
        table.row = max(table.row, 0)
        while table.taken.get(table.column, -1) >= table.row:
            table.column += 1
        element.context = replace(
            element.context, cell=Cell(table.number, table.row, table.column), heading=tag == "th"
        )
        width = min(max(_int(attributes.get("colspan"), 1), 1), _WIDEST)
        height = min(max(_int(attributes.get("rowspan"), 1), 1), _WIDEST)
        if height > 1:
            table.taken |= dict.fromkeys(range(table.column, table.column + width), table.row + height - 1)
        table.column += width
        table.widest = max(table.widest, table.column)

    def _close(self, element: _Open) -> None:
        outer = self.open[-1].context
        if element.tag in _BLOCKS:
            self._break(element.context)
        if element.tag == "li":
            self.number = ""
        elif element.tag in ("td", "th"):
            self.out.seal(element.first)
        elif element.tag == "table" and element.table is not None and element.table.widest <= 1:
            self.layout[element.table.number] = outer.cell
        if element.attribution and self._forwards(element.first):
            self.open[-1].context = replace(outer, role="quoted")

    def _forwards(self, first: int) -> bool:
        """Whether what was written since says, in a frame of Gmail's, that the mail below is forwarded."""
        said = self.out.done[first].runs if len(self.out.done) > first else ()
        return self.open[-1].forward and says_forwarded("".join(run.text for run in said))

    def _history(self) -> None:
        """Everything from here on is history, wherever it stands."""
        for element in self.open:
            element.context = replace(element.context, role="quoted")

    # --- characters ----------------------------------------------------------------------------------

    def _words(self, text: str, context: _Context) -> None:
        """Characters with white space collapsed: a space after a space that stands in both views is none."""
        text = _SPACE.sub(" ", text)
        if text.startswith(" ") and self.space in ("start", "kept", context.mark):
            text = text[1:]
        if not text:
            return
        self._put(text, context)
        self.space = context.mark if text.endswith(" ") else ""

    def _lines(self, text: str, context: _Context) -> None:
        first, *others = text.replace("\r\n", "\n").split("\n")
        self._put(first, context)
        for line in others:
            self._break(context, forced=True)
            self._put(line, context)

    def _put(self, text: str, context: _Context) -> None:
        if text:
            self.first = self.first or context
            self.out.put(context.run(text))

    def _break(self, context: _Context, *, forced: bool = False) -> None:
        """Ends the block that is being filled; an empty one stands only where a line was ended by hand."""
        runs = self.out.runs
        while runs and not runs[-1].text.strip(" "):
            runs.pop()
        if runs:
            runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" "))
        elif not forced and self.first is None:
            return
        end = _end(context, runs)
        if end.mark == "kept" and not any(run.text.strip() for run in runs):
            runs.clear()
        inside = self.first or context
        block = Block(
            runs=tuple(joined(runs)),
            end=end.mark,
            place="body" if inside.cell is None else "table",
            number=_shown(self.number) if runs else None,
            heading=inside.heading,
            cell=inside.cell,
            end_author=(end.ins or end.gone or _NOBODY).author,
            end_date=(end.ins or end.gone or _NOBODY).date,
            role=inside.role,
        )
        self.number = "" if runs else self.number
        self.first, self.space = None, "start"
        self.out.end(block)


_NOBODY = _Change(None, None)
_BULLETS = frozenset("o·§Øüv•-–—")


def _end(context: _Context, runs: list[Run]) -> _Context:
    """What became of the block's own end: as what stands around it, else as all that stands in it."""
    marks = {run.mark for run in runs}
    if context.mark != "kept" or len(marks) != 1 or marks == {"kept"}:
        return context
    change = _Change(runs[-1].author, runs[-1].date)
    mark = runs[-1].mark
    return replace(
        context,
        ins=change if mark in ("inserted", "undone") else None,
        gone=change if mark in ("deleted", "undone") else None,
    )


def _shown(number: str) -> str | None:
    number = _SPACE.sub(" ", number.replace("\xa0", " ")).strip()
    return None if not number or number in _BULLETS or not any(c.isalnum() for c in number) else number


def _change(attributes: Mapping[str, str]) -> _Change:
    """Who and when: Word writes cite="mailto:Name" and datetime, web editors data-username and data-time."""
    author = attributes.get("data-username") or unquote(attributes.get("cite", "")).removeprefix("mailto:")
    return _Change(author.strip() or None, attributes.get("datetime") or attributes.get("data-time") or None)


def _keeps_lines(value: str | None, outer: bool) -> bool:
    return outer if value is None or value == "inherit" else value in ("pre", "pre-wrap", "pre-line", "break-spaces")


def _placed(block: Block, layout: Mapping[int, Cell | None]) -> Block:
    """The block, out of the tables that only lay out the page: those with one column."""
    cell = block.cell
    while cell is not None and cell.table in layout:
        cell = layout[cell.table]
    return replace(block, cell=cell, place="body" if cell is None else "table") if cell != block.cell else block


def _int(text: str | None, default: int) -> int:
    try:
        return min(max(int(text or ""), -999_999), 999_999)
    except ValueError:
        return default
