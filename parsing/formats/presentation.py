"""PowerPoint presentations (.pptx): the slides in their order, what is in tables and diagrams, notes and comments.

ECMA-376 part 1, 19. See docs/formats/presentation.md.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from parsing.formats.blocks import Blocks, has_words, joined
from parsing.formats.drawing_text import paragraphs_in
from parsing.formats.ooxml import child, children, get, local
from parsing.formats.opc import NotOpened, Opc
from parsing.formats.text import clean
from parsing.model import Block, Cell, MarginComment, MarkedText, Problem, Run

_MOST_SLIDES = 500
_NO_NOTES = frozenset({"sldImg", "sldNum", "dt", "hdr", "ftr"})
"""Placeholders of a notes page that hold no notes (19.7.10)."""


def read_presentation(data: bytes) -> MarkedText:
    """The words of all slides. What cannot be opened has no blocks and one Problem that says why."""
    try:
        return _Presentation(Opc.of(data)).read()
    except NotOpened as error:
        return MarkedText("pptx", problems=(Problem("", str(error)),))


class _Presentation:
    def __init__(self, opc: Opc) -> None:
        self.opc = opc
        main = opc.main() or ("ppt/presentation.xml" if "ppt/presentation.xml" in opc else None)
        if main is None:
            raise NotOpened("the file holds no presentation")
        self.main = main
        self.out = Blocks()
        self.comments: list[MarginComment] = []
        self.problems: list[Problem] = []
        self.tables = 0
        self.authors = self._authors()

    def read(self) -> MarkedText:
        slides = self._slides()
        for n, name in enumerate(slides[:_MOST_SLIDES], 1):
            try:
                self._slide(name)
            except NotOpened as error:
                self.problems.append(Problem(f"slide {n}", f"the slide could not be read: {error}"))
        if len(slides) > _MOST_SLIDES:
            self.problems.append(Problem("", f"only the first {_MOST_SLIDES} of {len(slides)} slides were read"))
        has_pictures = any("/media/" in name for name in self.opc.names())
        if has_pictures and not self.comments and not has_words(self.out.done):
            self.problems.append(Problem("", "the file holds pictures and no text"))
        problems = (*self.problems, *self.out.problems())
        return MarkedText("pptx", tuple(self.out.done), tuple(self.comments), problems)

    def _slides(self) -> list[str]:
        """The parts of the slides in their order; hidden ones too."""
        related = {one.id: one.target for one in self.opc.related(self.main) if one.kind == "slide"}
        listed = children(child(self.opc.root(self.main), "sldIdLst"), "sldId")
        found = [related.get(_relation(one), "") for one in listed]
        return [name for name in found or related.values() if name in self.opc]

    def _slide(self, name: str) -> None:
        start = self.out.position
        self._shapes(child(self.opc.root(name), "cSld"))
        for diagram in self.opc.targets(name, "diagramData"):
            self._paragraphs(self.opc.root(diagram))
        end = self.out.position
        for comments in self.opc.targets(name, "comments"):
            self.comments += self._comments(self.opc.root(comments), start, end)
        for notes in self.opc.targets(name, "notesSlide"):
            self._notes(self.opc.root(notes))

    def _shapes(self, element: Any | None) -> None:
        """The text of shapes and tables, those in groups too."""
        for one in () if element is None else element:
            name = local(one)
            if name == "tbl":
                self._table(one)
            elif name == "txBody":
                self._paragraphs(one)
            elif name and name != "Fallback":
                self._shapes(one)

    def _paragraphs(self, element: Any, cell: Cell | None = None) -> None:
        for runs in paragraphs_in(element):
            self._block(runs, cell)

    def _block(self, runs: Sequence[Run], cell: Cell | None) -> None:
        if any(run.text.strip() for run in runs):
            self.out.end(Block(tuple(joined(runs)), place="body" if cell is None else "table", cell=cell))

    def _table(self, element: Any) -> None:
        table, self.tables = self.tables, self.tables + 1
        for row, tr in enumerate(children(element, "tr")):
            for column, tc in enumerate(children(tr, "tc")):
                self._paragraphs(tc, Cell(table, row, column))

    def _notes(self, root: Any) -> None:
        for shape in root.iter():
            if local(shape) == "sp" and get(_placeholder(shape), "type") not in _NO_NOTES:
                self._paragraphs(shape)

    # --- comments ------------------------------------------------------------------------------------

    def _authors(self) -> dict[str, str]:
        """The names of those who comment, by their id."""
        found = {}
        for kind in ("commentAuthors", "authors"):
            for name in self.opc.targets(self.main, kind):
                for one in self.opc.root(name):
                    found[get(one, "id") or ""] = get(one, "name") or ""
        return found

    def _comments(self, root: Any, start: int, end: int) -> Iterator[MarginComment]:
        """The comments on a slide: of PowerPoint up to 2019 (19.4), and threads ([MS-PPTX] 2.6)."""
        for one in children(root, "cm"):
            first = len(self.comments)
            yield self._comment(one, start, end)
            for reply in children(child(one, "replyLst"), "reply"):
                yield self._comment(reply, start, end, first)

    def _comment(self, element: Any, start: int, end: int, parent: int | None = None) -> MarginComment:
        text = child(element, "text")
        words = clean(text.text or "") if text is not None else _words(child(element, "txBody"))
        author = self.authors.get(get(element, "authorId") or "") or None
        date = get(element, "dt") or get(element, "created")
        resolved = get(element, "status") == "resolved"
        return MarginComment(words, author, date, start, end, parent, resolved)


def _relation(slide: Any) -> str:
    """The r:id of a slide, in whichever namespace of relationships."""
    return next((value for key, value in slide.attrib.items() if key.endswith("}id")), "")


def _placeholder(shape: Any) -> Any | None:
    return child(child(child(shape, "nvSpPr"), "nvPr"), "ph")


def _words(body: Any | None) -> str:
    lines = () if body is None else paragraphs_in(body)
    return "\n".join("".join(run.text for run in runs) for runs in lines)
