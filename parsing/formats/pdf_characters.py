"""The characters of a page of a PDF, in the order in which the page writes them."""

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from math import hypot
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from parsing.formats.pdf_drawn import fill_of
from parsing.formats.pdf_geometry import Box, Frame, clip_of, matrix_of
from parsing.formats.styles import is_plain

_MOST_CHARACTERS = 60_000
"""Of one page; a newspaper's has 30,000."""
_BOLD = 600
_NO_CHARACTER = frozenset({0, 10, 13, *range(3, 9), 11, 12, *range(14, 32), 0xFFFF})


@dataclass(slots=True)
class Char:
    """A character: its place, its baseline, the size of its letters, how it looks; `clip` is the part of the page in
    which it is shown, `field` the line of a form's field into which it was typed.
    """

    text: str
    box: Box
    base: float
    size: float
    style: frozenset[str]
    notes: tuple[int, ...] = ()
    clip: Box | None = None
    field: int | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """Where it is shown: what a cell that is too low cuts off still belongs to the cell."""
        x, y = (self.box.x0 + self.box.x1) / 2, self.base - 0.25 * self.size
        return (x, y) if self.clip is None else self.clip.nearest(x, y)


@dataclass(frozen=True, slots=True)
class _Look:
    """What all characters of one text object have in common."""

    size: float = 10.0
    style: frozenset[str] = frozenset()
    clip: Box | None = None


def left_of(chars: Iterable[Char]) -> float:
    """Where the first of some characters begins, in points."""
    return min(char.box.x0 for char in chars)


def right_of(chars: Iterable[Char]) -> float:
    """Where the last of some characters ends, in points."""
    return max(char.box.x1 for char in chars)


def characters_of(page: pdfium.PdfPage, frame: Frame) -> list[Char]:
    """The characters in the order in which the page writes them."""
    text = raw.FPDFText_LoadPage(page)
    if not text:
        return []
    try:
        count = min(raw.FPDFText_CountChars(text), _MOST_CHARACTERS)
        return list(_ligatures(_read_chars(text, count, frame)))
    finally:
        raw.FPDFText_ClosePage(text)


def _read_chars(text: Any, count: int, frame: Frame) -> Iterator[Char]:
    looks: dict[int, _Look] = {}
    look = _Look()
    area = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    for n in range(count):
        code = raw.FPDFText_GetUnicode(text, n)
        if code in _NO_CHARACTER or 0xD800 <= code <= 0xDFFF:
            continue
        if not raw.FPDFText_GetLooseCharBox(text, n, area):
            continue
        raw.FPDFText_GetCharOrigin(text, n, x, y)
        thing = raw.FPDFText_GetTextObject(text, n)
        address = ctypes.cast(thing, ctypes.c_void_p).value or 0
        if address and address not in looks:
            looks[address] = _Look(_size(thing), _style(thing), clip_of(thing, frame))
        look = looks[address] if address else look  # the spaces that pdfium puts between words are of no object
        box = frame.box(area.left, area.bottom, area.right, area.top)
        base = frame.point(x.value, y.value)[1]
        # pdfium writes U+FFFE (or 2) for a hyphen at the end of a line
        letter = "-" if code in (0xFFFE, 2) else chr(code)
        yield Char(letter, box, base, look.size, look.style, clip=look.clip)


def _ligatures(chars: Iterator[Char]) -> Iterator[Char]:
    """The letters of one Arabic glyph, as of lam-alef, in their order: pdfium turns them round with the line."""
    for _, group in groupby(chars, key=lambda char: (char.box.x0, char.box.x1, char.base)):
        letters = list(group)
        arabic = len(letters) > 1 and all("\u0600" <= char.text <= "\u06ff" for char in letters)
        yield from reversed(letters) if arabic else letters


def _size(thing: Any) -> float:
    """The size of the letters of a text object, in points of the page."""
    size = ctypes.c_float()
    raw.FPDFTextObj_GetFontSize(thing, size)
    _, _, c, d, _, _ = matrix_of(thing)
    return max(abs(size.value) * hypot(c, d), 1.0)


def _style(thing: Any) -> frozenset[str]:
    """How the characters of a text object look."""
    style = set()
    font = raw.FPDFTextObj_GetFont(thing)
    name = _font_name(font).lower() if font else ""
    if font and (raw.FPDFFont_GetWeight(font) >= _BOLD or "bold" in name or "black" in name):
        style.add("bold")
    if "italic" in name or "oblique" in name:
        style.add("italic")
    colour = fill_of(thing)
    if colour is not None and not is_plain(colour):
        style.add(f"colour:{colour}")
    return frozenset(style)


def _font_name(font: Any) -> str:
    length = raw.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(min(length, 1000), 1))
    raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace")
