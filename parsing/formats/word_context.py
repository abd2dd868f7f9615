"""What holds for the characters inside an element of a Word file, and the paragraph that is being filled."""

from dataclasses import dataclass, field
from typing import Any

from parsing.formats.ooxml import get
from parsing.formats.revisions import Revision, mark_of, revised
from parsing.model import Cell, Mark, Place, Run

_DATE_UTC = "{http://schemas.microsoft.com/office/word/2023/wordml/word16du}dateUtc"
"""The true instant; w:date is the author's wall clock with a false Z ([MS-DOCX] 2.7.4)."""


def revision_of(element: Any, move: str | None = None) -> Revision:
    """Who inserted or deleted, as w:ins, w:del, w:moveFrom and w:moveTo say."""
    return Revision(get(element, "author") or None, element.get(_DATE_UTC) or get(element, "date") or None, move)


@dataclass(frozen=True, slots=True)
class WordContext:
    """What holds for the characters inside an element. `anchor`: where the note that they are in is referred to."""

    place: Place = "body"
    ins: Revision | None = None
    gone: Revision | None = None
    cell: Cell | None = None
    style: frozenset[str] = frozenset()
    anchor: int | None = None

    @property
    def mark(self) -> Mark:
        return mark_of(self.ins, self.gone)

    def changed(self, ins: Revision | None, gone: Revision | None) -> "WordContext":
        """With an insertion or a deletion around it; the innermost of a kind rules."""
        return WordContext(self.place, ins or self.ins, gone or self.gone, self.cell, self.style, self.anchor)

    def styled(self, style: frozenset[str]) -> "WordContext":
        return WordContext(self.place, self.ins, self.gone, self.cell, style, self.anchor)

    def at(self, place: Place, cell: Cell | None = None, anchor: int | None = None) -> "WordContext":
        return WordContext(place, self.ins, self.gone, cell, anchor=anchor)

    def run(self, text: str) -> Run:
        return revised(text, self.style, self.ins, self.gone)


@dataclass(slots=True)
class OpenParagraph:
    """The paragraph that is being filled. `length` in characters; `boxes` are the text boxes anchored in it."""

    texts: list[tuple[WordContext, list[str]]] = field(default_factory=list)
    length: int = 0
    boxes: list[tuple[Any, WordContext]] = field(default_factory=list)

    def put(self, text: str, context: WordContext) -> None:
        self.length += len(text)
        if self.texts:
            last, texts = self.texts[-1]
            if last is context or last == context:
                texts.append(text)
                return
        self.texts.append((context, [text]))

    def runs(self) -> tuple[Run, ...]:
        return tuple(context.run("".join(texts)) for context, texts in self.texts)
