"""What is drawn over and under the characters of a page, given to these: struck, underlined, highlighted, annotated."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from parsing.formats.pdf_annotations import PageNote
from parsing.formats.pdf_characters import Char, left_of, right_of
from parsing.formats.pdf_geometry import Box
from parsing.formats.pdf_page import Page

_MOST_ANCHORED = 100
"""Annotations of a page that are brought to the character beside them."""
_MOST_NOTES = 10
"""Annotations that one character remembers."""
_STEP = 10
_MOST_ROWS = 400
_MOST_LOOKS = 3_000_000


def decorate(page: Page, first_note: int) -> None:
    """Gives the characters what rules, coloured areas and annotations say of them."""
    rows = _Rows(page.chars)
    for rule in page.rules:
        if rule.width > rule.height:
            _strike_or_underline(rule, list(rows.between(rule.y0 - 20, rule.y1 + 40)))
    for box, colour in page.areas:
        _highlight(rows.inside(box), box, colour)
    for n, note in enumerate(page.notes):
        chars = [char for box in note.areas for char in rows.inside(box)]
        if note.kind in ("note", "caret"):
            chars = chars[:1] or (_nearest(page.chars, note.areas) if n < _MOST_ANCHORED else [])
        _annotate(chars, note, first_note + n)


def _highlight(chars: Iterator[Char], box: Box, colour: str) -> None:
    """An area that is about as high as a line; a higher one is a frame or a picture's ground."""
    for char in chars:
        if box.height < 3 * char.size:
            char.style |= {f"highlight:{colour}"}


def _annotate(chars: Sequence[Char], note: PageNote, number: int) -> None:
    for char in chars:
        if note.text:
            char.notes = (*char.notes[: _MOST_NOTES - 1], number)
        if note.kind in ("strike", "underline"):
            char.style |= {note.kind}


class _Rows:
    """The characters of a page by the height at which they are; after _MOST_LOOKS of them nothing is found any more:
    so many rules and areas over so many characters are a drawing.
    """

    def __init__(self, chars: Sequence[Char]) -> None:
        self._looks = 0
        self._rows: dict[int, list[Char]] = defaultdict(list)
        for char in chars:
            self._rows[int(char.base // _STEP)].append(char)

    def between(self, y0: float, y1: float) -> Iterator[Char]:
        first, last = int(y0 // _STEP), int(y1 // _STEP)
        for row in range(first, min(last, first + _MOST_ROWS) + 1):
            chars = self._rows.get(row, ())
            self._looks += len(chars) + 1
            if self._looks > _MOST_LOOKS:
                return
            yield from chars

    def inside(self, box: Box) -> Iterator[Char]:
        for char in self.between(box.y0, box.y1 + 10):
            if box.holds((char.box.x0 + char.box.x1) / 2, char.base - 0.25 * char.size):
                yield char


def _strike_or_underline(rule: Box, chars: list[Char]) -> None:
    """A rule that begins and ends with characters, through their middle or just below their baseline."""
    y = (rule.y0 + rule.y1) / 2
    for word, low, high in (("strike", 0.10, 0.45), ("underline", -0.25, 0.08)):
        hit = [
            char
            for char in chars
            if low * char.size <= char.base - y <= high * char.size
            and rule.x0 <= (char.box.x0 + char.box.x1) / 2 <= rule.x1
        ]
        if not hit:
            continue
        left, right = left_of(hit), right_of(hit)
        if rule.x0 >= left - 0.6 * hit[0].size and rule.x1 <= right + 0.6 * hit[0].size:
            for char in hit:
                char.style |= {word}
            return


def _nearest(chars: Sequence[Char], boxes: Sequence[Box]) -> list[Char]:
    """The character beside an annotation in the margin, or on it."""
    if not chars or not boxes:
        return []
    x, y = boxes[0].x0, (boxes[0].y0 + boxes[0].y1) / 2
    return [min(chars, key=lambda char: (abs(char.base - y) // char.size, abs(char.box.x0 - x)))]
