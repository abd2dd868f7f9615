"""The walk over an OpenDocument text: paragraphs, lists, tables, tracked changes, notes and comments to blocks.

The elements are those of OpenDocument 1.3, part 3.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from parsing.formats.blocks import Blocks, joined
from parsing.formats.opendocument_changes import ChangedRegion, OpenRegions, paragraphs_of
from parsing.formats.opendocument_comments import CommentCollector
from parsing.formats.opendocument_lists import Lists
from parsing.formats.opendocument_styles import OFFICE, TEXT, ListCount, OpenDocumentStyles, integer
from parsing.formats.opendocument_tables import TABLE, placed_cells
from parsing.formats.revisions import UNSIGNED, Revision, revised
from parsing.model import Block, Cell, MarginComment, Place, Problem, Run

_MOST_SPACES = 1000
_SPACE = re.compile("[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class OpenDocumentContext:
    """What holds for the characters inside an element."""

    place: Place = "body"
    cell: Cell | None = None
    style: frozenset[str] = frozenset()
    gone: Revision | None = None
    ins: Revision | None = None
    list: ListCount | None = None
    level: int = -1


class OpenDocumentWalk:
    """One walk over a text. State: the block that is being filled, the regions that are open, lists and comments."""

    def __init__(self, styles: OpenDocumentStyles, regions: dict[str, ChangedRegion], box: Place = "textbox") -> None:
        self.styles = styles
        self.box = box
        """Where the text of drawings is: on slides, all text is theirs."""
        self.regions = OpenRegions(regions)
        self.out = Blocks()
        self.space = True
        self.head = _ParagraphHead()
        self.number: str | None = None
        self.lists = Lists(styles)
        self.tables = 0
        self.boxes: list[tuple[Any, OpenDocumentContext]] = []
        self.notes: list[tuple[Any, OpenDocumentContext]] = []
        self.comments = CommentCollector()
        self.problems: list[Problem] = []
        self.block_handlers: dict[str, Callable[[Any, OpenDocumentContext], None]] = {
            TEXT + "p": self._paragraph,
            TEXT + "h": self._paragraph,
            TEXT + "list": self._list,
            TABLE + "table": self._table,
            TABLE + "tracked-changes": self._tracked_cells,
            OFFICE + "annotation": self._annotation_on_cell,
            TEXT + "change": self._removed,
        }
        self.inline_handlers: dict[str, Callable[[Any, OpenDocumentContext], None]] = {
            TEXT + "span": self._span,
            TEXT + "s": self._spaces,
            TEXT + "note": self._note,
            TEXT + "ruby-text": self._ruby,
            TEXT + "change": self._taken_out,
            OFFICE + "annotation": self._annotation,
            OFFICE + "annotation-end": self._annotation_end,
        }

    def all(self, body: Any, pages: list[tuple[Place, Any]]) -> None:
        """Writes every block: the text, its notes in their order, headers and footers."""
        self._container(body, OpenDocumentContext())
        for note, context in self.notes:
            place: Place = "endnote" if note.get(TEXT + "note-class") == "endnote" else "footnote"
            for inside in note.iterchildren(TEXT + "note-body"):
                plain = replace(context, place=place, cell=None, style=frozenset(), list=None, level=-1)
                self._container(inside, plain)
        for place, page in pages:
            self._container(page, OpenDocumentContext(place=place))

    def margin(self) -> Iterator[MarginComment]:
        return self.comments.margin(_plain)

    # --- blocks --------------------------------------------------------------------------------------

    def _container(self, element: Any, context: OpenDocumentContext) -> None:
        """All blocks of a container; the last cannot run on into the next container's first."""
        first = len(self.out.done)
        self._blocks(element, context)
        self.out.seal(first)

    def _blocks(self, element: Any, context: OpenDocumentContext) -> None:
        for child in element:
            if child.tag in _SILENT or not isinstance(child.tag, str) or child.tag.endswith("-source"):
                continue
            if (handler := self.block_handlers.get(child.tag)) is not None:
                handler(child, context)
            elif not self.regions.take(child):
                inside = replace(context, place=self.box) if child.tag.startswith(DRAW) else context
                self._blocks(child, inside)

    def _paragraph(self, element: Any, context: OpenDocumentContext) -> None:
        boxes, self.boxes = self.boxes, []
        name = element.get(TEXT + "style-name")
        heading = element.tag == TEXT + "h" or self.styles.is_heading(name)
        self.head = _ParagraphHead(self._number(element, context), heading)
        self.space = True
        inside = replace(context, style=self.styles.of_paragraph(name))
        self._inline(element, inside)
        self._end(inside)
        mine, self.boxes = self.boxes, boxes
        for box, around in mine:
            self._container(box, replace(around, place=self.box, cell=None))

    def _number(self, element: Any, context: OpenDocumentContext) -> str | None:
        """The number shown before a paragraph: that of the list's item that it begins, or of a numbered heading."""
        if (shown := element.findtext(TEXT + "number")) is not None:
            self.number = None
            return shown.strip() or None
        number, self.number = self.number, None
        if number is None and context.list is None and element.tag == TEXT + "h":
            return self.lists.number_of_heading(element)
        return number

    def _end(self, context: OpenDocumentContext) -> None:
        """Finishes the block: its own end is inserted or deleted where a region is open, or the context says so."""
        end = self._run("", context)
        self.out.end(
            Block(
                runs=tuple(joined(self.out.runs)),
                end=end.mark,
                place=context.place,
                number=self.head.number,
                heading=self.head.heading,
                cell=context.cell,
                end_author=end.author,
                end_date=end.date,
                span=(self.out.length, self.out.position),
            )
        )
        self.head, self.space = _ParagraphHead(), True

    def _list(self, element: Any, context: OpenDocumentContext) -> None:
        counter = self.lists.counter(element, context.list)
        inside = replace(context, list=counter, level=context.level + 1)
        for item in element:
            if item.tag == TEXT + "list-item" and _begins_with_text(item):
                self.number = self.lists.number_of_item(item, counter, inside.level)
            self._blocks(item, inside)
            self.number = None

    def _table(self, element: Any, context: OpenDocumentContext) -> None:
        if self.out.done:
            self.out.seal(len(self.out.done) - 1)
        table, self.tables = self.tables, self.tables + 1
        inside = replace(context, place="table" if context.place == "body" else context.place, list=None, level=-1)
        for cell in placed_cells(element):
            self._cell(cell.element, replace(inside, cell=Cell(table, cell.row, cell.column)))
        for shapes in element.iterchildren(TABLE + "shapes"):
            self._blocks(shapes, context)

    def _cell(self, element: Any, context: OpenDocumentContext) -> None:
        """The blocks of a cell. A comment on the cell itself, as sheets have them, is about all of its text."""
        first, comments = len(self.out.done), len(self.comments.all)
        self._container(element, context)
        holds_text = len(self.out.done) > first
        mine = [comment for comment in self.comments.all[comments:] if comment.on_cell]
        if mine and not holds_text:
            self._end(context)
        for comment in mine:
            comment.end = self.out.position if holds_text else comment.start

    # --- tracked changes -----------------------------------------------------------------------------

    def _taken_out(self, element: Any, context: OpenDocumentContext) -> None:
        """A deletion at its place (5.5.4): the first paragraph taken out begins in this one, the last ends in it."""
        region = self.regions.taken_out(element)
        if region is None:
            return
        outer, space = self.head, self.space
        inside = replace(context, gone=region.gone or UNSIGNED, ins=region.ins)
        begun = bool(self.out.runs)
        for n, paragraph in enumerate(paragraphs_of(region.content)):
            if n:
                self._end(inside)
            if n or not begun:
                self.head = _ParagraphHead(heading=paragraph.tag == TEXT + "h")
            self.space = True
            self._inline(paragraph, replace(inside, style=self.styles.of_paragraph(paragraph.get(TEXT + "style-name"))))
        self.head, self.space = outer, space

    def _removed(self, element: Any, context: OpenDocumentContext) -> None:
        """A deletion between paragraphs: whole paragraphs were taken out."""
        region = self.regions.taken_out(element)
        if region is None:
            return
        for paragraph in paragraphs_of(region.content):
            self._paragraph(paragraph, replace(context, gone=region.gone or UNSIGNED, ins=region.ins))

    def _run(self, text: str, context: OpenDocumentContext) -> Run:
        ins, gone = context.ins or self.regions.ins, context.gone or self.regions.gone
        return revised(text, context.style, ins, gone)

    # --- characters ----------------------------------------------------------------------------------

    def _inline(self, element: Any, context: OpenDocumentContext) -> None:
        self._text(element.text, context)
        for child in element:
            self._child(child, context)
            self._text(child.tail, context)

    def _child(self, child: Any, context: OpenDocumentContext) -> None:
        tag = child.tag
        if tag in _SILENT or not isinstance(tag, str) or self.regions.take(child):
            return
        if (handler := self.inline_handlers.get(tag)) is not None:
            handler(child, context)
        elif tag in _CHARACTERS:
            self._put(_CHARACTERS[tag], context)
        elif tag.startswith(DRAW):
            self.boxes.append((child, context))
        else:
            self._inline(child, context)

    def _text(self, text: str | None, context: OpenDocumentContext) -> None:
        """Characters with white space collapsed (6.1.2): what is more than one space is written as text:s."""
        if not text:
            return
        text = _SPACE.sub(" ", text)
        if self.space and text.startswith(" "):
            text = text[1:]
        if text:
            self.space = text.endswith(" ")
            self.out.put(self._run(text, context))

    def _put(self, text: str, context: OpenDocumentContext) -> None:
        self.space = False
        self.out.put(self._run(text, context))

    def _span(self, element: Any, context: OpenDocumentContext) -> None:
        style = self.styles.of_span(element.get(TEXT + "style-name"), context.style)
        self._inline(element, replace(context, style=style))

    def _spaces(self, element: Any, context: OpenDocumentContext) -> None:
        self._put(" " * min(max(integer(element.get(TEXT + "c"), 1), 1), _MOST_SPACES), context)

    def _ruby(self, element: Any, context: OpenDocumentContext) -> None:
        self._put("(", context)
        self._inline(element, context)
        self._put(")", context)

    def _note(self, element: Any, context: OpenDocumentContext) -> None:
        run = self._run("", context)
        gone = Revision(run.deleted_by or run.author, run.date) if run.mark in ("deleted", "undone") else None
        ins = Revision(run.author, run.date) if run.mark in ("inserted", "undone") else None
        self.notes.append((element, replace(context, ins=ins, gone=gone)))

    def _annotation(self, element: Any, _context: OpenDocumentContext) -> None:
        self.comments.begin(element, self.out.position)

    def _annotation_end(self, element: Any, _context: OpenDocumentContext) -> None:
        self.comments.end(element, self.out.position)

    def _annotation_on_cell(self, element: Any, _context: OpenDocumentContext) -> None:
        self.comments.begin(element, self.out.position, on_cell=True)

    def _tracked_cells(self, _element: Any, _context: OpenDocumentContext) -> None:
        self.problems.append(Problem("", "changes are tracked in the sheet; what was there before was not read"))


@dataclass(frozen=True, slots=True)
class _ParagraphHead:
    """The number shown before a block's characters, and whether the block is a heading."""

    number: str | None = None
    heading: bool = False


DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_CHARACTERS = {TEXT + "tab": "\t", TEXT + "line-break": "\n"}
_SILENT = frozenset(
    {TEXT + name for name in (
        "tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "dde-connection-decls", "number",
        "alphabetical-index-auto-mark-file", "soft-page-break", "note-citation", "script",
    )} | {OFFICE + name for name in ("forms", "event-listeners", "binary-data")}
    | {TABLE + "calculation-settings", TABLE + "content-validations"}
)  # fmt: skip


def _begins_with_text(item: Any) -> bool:
    """Whether an item has a paragraph of its own; else it only holds a deeper list."""
    first = next((child for child in item if child.tag not in _SILENT), None)
    return first is not None and first.tag in (TEXT + "p", TEXT + "h")


def _plain(annotation: Any) -> str:
    """A comment's own text."""
    walk = OpenDocumentWalk(OpenDocumentStyles(), {})
    walk._blocks(annotation, OpenDocumentContext())  # noqa: SLF001 - one module
    return "\n".join("".join(run.text for run in block.runs) for block in walk.out.done).strip()
