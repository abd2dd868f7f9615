"""Rewrites one paragraph of a Word document: words kept, deleted and inserted in order, then whole new paragraphs."""

import copy
from collections.abc import Iterable, Sequence

from compilation.official import OfficialParagraph, TextElement
from compilation.word_xml import (
    By,
    Element,
    RevisionRegister,
    comment_end,
    comment_start,
    make,
    properties,
    right_to_left,
    run,
    w,
)


class ParagraphWriter:
    """Takes the offsets of the official text from its start to its end, and replaces the paragraph when finished.

    A line break in inserted words is an inserted paragraph mark: what comes before it becomes a paragraph of its own,
    and runs on again when the change is rejected (17.13.5.20).
    """

    def __init__(self, place: OfficialParagraph, notes: RevisionRegister) -> None:
        self._place = place
        self._notes = notes
        self._layout = place.layout
        self._children: list[Element] = []
        self._finished: list[Element] = []
        self._pieces = list(place.pieces)

    def begin(self, deleted_by: By | None) -> None:
        """What is before the first word, as the paragraph's number: it goes when the whole paragraph goes."""
        while self._pieces and self._pieces[0].start == self._pieces[0].end:
            element = self._pieces.pop(0).cut(0, 0, "", deleted=deleted_by is not None)
            gone = deleted_by is not None and element.tag == w("r")
            self._children.append(self._notes.revision("del", deleted_by, element) if gone and deleted_by else element)

    def keep(self, start: int, end: int) -> None:
        self._children += [piece.cut(start, end, self._place.text, deleted=False) for piece in self._take(start, end)]

    def delete(self, start: int, end: int, by: By) -> None:
        """What has no words is deleted only where it is between words that are."""
        for piece in self._take(start, end):
            gone = piece.element.tag == w("r") and not piece.start == piece.end == start
            cut = piece.cut(start, end, self._place.text, deleted=gone)
            self._children.append(self._notes.revision("del", by, cut) if gone else cut)

    def insert(self, text: str, by: By, start: int, end: int) -> None:
        """Words that come in the place of those from start to end: they look like these, or like those before."""
        look = self._look(start, end)
        for n, line in enumerate(text.split("\n")):
            if n:
                self._finished.append(self._paragraph(by))
                self._children = []
            if line:
                self._children.append(self._notes.revision("ins", by, run(line, _with_direction(look, line))))

    def open(self, comments: Iterable[int]) -> None:
        self._children += map(comment_start, comments)

    def close(self, comments: Iterable[int]) -> None:
        for number in comments:
            self._children += comment_end(number)

    def finish(self, deleted_by: By | None) -> Element:
        """Puts what was written in the place of the paragraph; gives the last element."""
        self._children += [copy.deepcopy(piece.element) for piece in self._pieces]
        self._pieces = []
        last = self._place.element
        for child in list(last):
            if child.tag != w("pPr"):
                last.remove(child)
        last.extend(self._children)
        if deleted_by is not None:
            _mark(last, self._notes.revision("del", deleted_by))
        for element in self._finished:
            last.addprevious(element)
        return last

    def add(self, text: str, by: By, after: Element, comments: Sequence[int]) -> Element:
        """New paragraphs after an element, a line each; gives the last of them."""
        lines = [line for line in text.split("\n") if line.strip()] or [text]
        for n, line in enumerate(lines):
            self._children = list(map(comment_start, comments)) if n == 0 else []
            words = self._notes.revision("ins", by, run(line, _with_direction(None, line)))
            self._children.append(words)
            if n == len(lines) - 1:
                self.close(comments)
            new = self._paragraph(by)
            if self._place.is_numbered:
                _indent(new)
            after.addnext(new)
            after = new
        return after

    @staticmethod
    def surround(element: Element, comments: Sequence[int]) -> None:
        """Puts comments around all that a paragraph holds."""
        at = 1 if len(element) and element[0].tag == w("pPr") else 0
        for number in reversed(comments):
            element.insert(at, comment_start(number))
        for number in comments:
            element.extend(comment_end(number))

    def _paragraph(self, by: By) -> Element:
        """A paragraph like the official one that holds what was written, its own mark inserted."""
        new = make("p")
        if self._layout is not None:
            new.append(_copied_layout(self._layout))
        new.extend(self._children)
        _mark(new, self._notes.revision("ins", by))
        return new

    def _take(self, start: int, end: int) -> list[TextElement]:
        """The pieces of these words; those without words go with the ones that they precede."""
        out = []
        while self._pieces and (self._pieces[0].start < end or self._pieces[0].end <= start):
            piece = self._pieces[0]
            out.append(piece)
            if piece.end > end:
                break
            self._pieces.pop(0)
        return [piece for piece in out if piece.start == piece.end or piece.end > start]

    def _look(self, start: int, end: int) -> Element | None:
        """The properties of the official run in whose place new words come, without italics of an opening word."""
        pieces = [piece for piece in self._place.pieces if piece.start < piece.end]
        found = [piece for piece in pieces if piece.start < max(end, start + 1) and piece.end > start]
        before = [piece for piece in pieces if piece.end <= start]
        piece = next(iter(found), before[-1] if before else None)
        return piece.look if piece is not None else None


def _with_direction(look: Element | None, text: str) -> Element | None:
    """The properties for words that are written from right to left, where they are."""
    return properties("rtl", base=look) if right_to_left(text) else look


def _copied_layout(layout: Element) -> Element:
    """The layout of a paragraph without what belongs to one alone: its mark, its section, its automatic number."""
    made = copy.deepcopy(layout)
    for name in ("rPr", "sectPr", "pPrChange"):
        for child in made.findall(w(name)):
            made.remove(child)
    for number in made.findall(w("numPr")):
        number[:] = [make("numId", val="0")]  # 17.9.18: 0 takes the number of its style away, too
    return made


_BEHIND_INDENT = (
    "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap",
    "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
)  # fmt: skip
"""What follows w:ind in w:pPr (CT_PPrBase)."""


def _indent(paragraph: Element) -> None:
    """Lets the first line begin where the others do: there is no number before it."""
    layout = paragraph.find(w("pPr"))
    for found in layout.findall(w("ind")):
        found.attrib.pop(w("hanging"), None)
        found.set(w("firstLine"), "0")
        return
    behind = [n for n, child in enumerate(layout) if child.tag in map(w, _BEHIND_INDENT)]
    layout.insert(behind[0] if behind else len(layout), make("ind", firstLine="0"))


def _mark(paragraph: Element, revision: Element) -> None:
    """Tracks the mark of a paragraph: w:rPr comes before w:sectPr and w:pPrChange, the revision first in it."""
    layout = paragraph.find(w("pPr"))
    if layout is None:
        layout = make("pPr")
        paragraph.insert(0, layout)
    look = layout.find(w("rPr"))
    if look is None:
        look = make("rPr")
        behind = [n for n, child in enumerate(layout) if child.tag in (w("sectPr"), w("pPrChange"))]
        layout.insert(behind[0] if behind else len(layout), look)
    look.insert(0, revision)
