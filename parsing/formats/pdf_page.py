"""One page of a PDF as pdfium gives it: characters, rules, coloured areas and annotations, at their places.

All that speaks to pdfium stands here. Places are in points from the upper left corner of the page as it is shown.
"""

import ctypes
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from math import hypot
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from parsing.formats.styles import is_paper, is_plain

MOST_CHARACTERS = 60_000
"""Of one page; a newspaper's has 30,000."""
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 2_000
_MOST_NOTES = 1_000
_THIN = 3.0
"""Points; what is thinner is a rule, not an area."""
_BOLD = 600
_DOTS = 25_000_000
"""Of a rendered page: A4 at 600 to the inch has more, at 400 less."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `y0` is its upper edge."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        return self.x0 - slack <= x <= self.x1 + slack and self.y0 - slack <= y <= self.y1 + slack


@dataclass(slots=True)
class Char:
    """A character: its place, its baseline, the size of its letters, how it looks."""

    text: str
    box: Box
    base: float
    size: float
    style: frozenset[str]
    notes: tuple[int, ...] = ()


def left_of(chars: Iterable[Char]) -> float:
    """Where the first of some characters begins, in points."""
    return min(char.box.x0 for char in chars)


def right_of(chars: Iterable[Char]) -> float:
    """Where the last of some characters ends, in points."""
    return max(char.box.x1 for char in chars)


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation: what it says, and the areas of the text that it is about."""

    kind: str
    text: str
    author: str | None
    date: str | None
    areas: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page. `pictures` is the share of it that pictures cover."""

    width: float
    height: float
    chars: list[Char]
    rules: list[Box]
    areas: list[tuple[Box, str]]
    notes: list[Note]
    pictures: float


def page_of(page: pdfium.PdfPage) -> Page:
    """What pdfium finds on a page."""
    frame = _Frame(page)
    rules: list[Box] = []
    areas: list[tuple[Box, str]] = []
    pictures = 0.0
    for thing, matrix in _objects(page):
        kind = raw.FPDFPageObj_GetType(thing)
        box = _bounds(thing, matrix, frame)
        if box is None:
            continue
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictures += box.width * box.height
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            _path(thing, matrix, frame, box, rules, areas)
    share = pictures / max(frame.width * frame.height, 1.0)
    return Page(frame.width, frame.height, _chars(page, frame), rules, areas, _notes(page, frame), share)


def picture_of(page: pdfium.PdfPage) -> bytes:
    """The page as it is seen, as a PNG in grey, at 300 dots to the inch or as many as fit."""
    width, height = page.get_size()
    scale = min(300 / 72, (_DOTS / max(width * height, 1.0)) ** 0.5)
    buffer = io.BytesIO()
    page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().save(buffer, "PNG", dpi=(300, 300))
    return buffer.getvalue()


class _Frame:
    """Turns pdfium's places (from the lower left, before the page is turned) into ours."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.turn = page.get_rotation()
        self.left, self.bottom, self.right, self.top = page.get_cropbox()
        self.width, self.height = page.get_size()

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        if self.turn == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        (a, b), (c, d) = self.point(x0, y0), self.point(x1, y1)
        return Box(min(a, c), min(b, d), max(a, c), max(b, d))


_Matrix = tuple[float, float, float, float, float, float]


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[Any, _Matrix | None]]:
    """The objects of a page and of the forms on it, with the matrix that takes them to the page."""
    for n in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        thing = raw.FPDFPage_GetObject(page, n)
        if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_FORM:
            yield thing, None
            continue
        matrix = _matrix(thing)
        for k in range(min(max(raw.FPDFFormObj_CountObjects(thing), 0), _MOST_OBJECTS)):
            yield raw.FPDFFormObj_GetObject(thing, k), matrix


def _matrix(thing: Any) -> _Matrix:
    m = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, m)
    return m.a, m.b, m.c, m.d, m.e, m.f


def _moved(x: float, y: float, matrix: _Matrix | None) -> tuple[float, float]:
    if matrix is None:
        return x, y
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(thing: Any, matrix: _Matrix | None, frame: _Frame) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return None
    return frame.box(*_moved(left.value, bottom.value, matrix), *_moved(right.value, top.value, matrix))


def _path(
    thing: Any,
    matrix: _Matrix | None,
    frame: _Frame,
    box: Box,
    rules: list[Box],
    areas: list[tuple[Box, str]],
) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(thing, fill, stroke)
    if not fill.value and not stroke.value:
        return
    if min(box.width, box.height) <= _THIN:
        rules.append(box)
        return
    colour = _colour(thing, raw.FPDFPageObj_GetFillColor)
    if fill.value and colour is not None and not is_paper(colour):
        areas.append((box, colour))
    if stroke.value:
        rules.extend(_edges(thing, matrix, frame))


def _edges(thing: Any, matrix: _Matrix | None, frame: _Frame) -> Iterator[Box]:
    """The straight lines of a path that lie or stand."""
    own = _matrix(thing)
    start = last = (0.0, 0.0)
    for n in range(min(raw.FPDFPath_CountSegments(thing), _MOST_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(thing, n)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _moved(*_moved(x.value, y.value, own), matrix)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _edge(frame.box(*last, *point))
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _edge(frame.box(*point, *start))
        last = point


def _edge(box: Box) -> Iterator[Box]:
    if min(box.width, box.height) <= 1.0 < max(box.width, box.height):
        yield box


def _colour(thing: Any, get: Any) -> str | None:
    r, g, b, a = (ctypes.c_uint() for _ in range(4))
    if not get(thing, r, g, b, a) or a.value == 0:
        return None
    return f"{r.value:02X}{g.value:02X}{b.value:02X}"


# --- characters --------------------------------------------------------------------------------------


def _chars(page: pdfium.PdfPage, frame: _Frame) -> list[Char]:
    """The characters in the order in which the page writes them."""
    text = raw.FPDFText_LoadPage(page)
    if not text:
        return []
    try:
        count = min(raw.FPDFText_CountChars(text), MOST_CHARACTERS)
        return list(_ligatures(_read_chars(text, count, frame)))
    finally:
        raw.FPDFText_ClosePage(text)


def _read_chars(text: Any, count: int, frame: _Frame) -> Iterator[Char]:
    looks: dict[int, tuple[float, frozenset[str]]] = {}
    look: tuple[float, frozenset[str]] = (10.0, frozenset())
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
            looks[address] = (_size(thing), _style(thing))
        look = looks[address] if address else look  # the spaces that pdfium puts between words are of no object
        box = frame.box(area.left, area.bottom, area.right, area.top)
        base = frame.point(x.value, y.value)[1]
        # pdfium writes U+FFFE (or 2) for a hyphen at the end of a line
        yield Char("-" if code in (0xFFFE, 2) else chr(code), box, base, *look)


def _ligatures(chars: Iterator[Char]) -> Iterator[Char]:
    """The letters of one Arabic glyph, as of lam-alef, in their order: pdfium turns them round with the line."""
    for _, group in groupby(chars, key=lambda char: (char.box.x0, char.box.x1, char.base)):
        letters = list(group)
        arabic = len(letters) > 1 and all("\u0600" <= char.text <= "\u06ff" for char in letters)
        yield from reversed(letters) if arabic else letters


_NO_CHARACTER = frozenset({0, 10, 13, *range(3, 9), 11, 12, *range(14, 32), 0xFFFF})


def _size(thing: Any) -> float:
    """The size of the letters of a text object, in points of the page."""
    size = ctypes.c_float()
    raw.FPDFTextObj_GetFontSize(thing, size)
    _, _, c, d, _, _ = _matrix(thing)
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
    colour = _colour(thing, raw.FPDFPageObj_GetFillColor)
    if colour is not None and not is_plain(colour):
        style.add(f"colour:{colour}")
    return frozenset(style)


def _font_name(font: Any) -> str:
    length = raw.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(min(length, 1000), 1))
    raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace")


# --- annotations -------------------------------------------------------------------------------------

_KINDS = {
    raw.FPDF_ANNOT_TEXT: "note",
    raw.FPDF_ANNOT_FREETEXT: "note",
    raw.FPDF_ANNOT_CARET: "caret",
    raw.FPDF_ANNOT_STAMP: "note",
    raw.FPDF_ANNOT_HIGHLIGHT: "highlight",
    raw.FPDF_ANNOT_UNDERLINE: "underline",
    raw.FPDF_ANNOT_SQUIGGLY: "underline",
    raw.FPDF_ANNOT_STRIKEOUT: "strike",
}


def _notes(page: pdfium.PdfPage, frame: _Frame) -> list[Note]:
    found = []
    for n in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        annotation = raw.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        try:
            kind = _KINDS.get(raw.FPDFAnnot_GetSubtype(annotation))
            if kind is not None and not raw.FPDFAnnot_GetFlags(annotation) & raw.FPDF_ANNOT_FLAG_HIDDEN:
                found.append(_note(annotation, kind, frame))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return found


def _note(annotation: Any, kind: str, frame: _Frame) -> Note:
    areas = []
    for n in range(min(raw.FPDFAnnot_CountAttachmentPoints(annotation), _MOST_NOTES)):
        quad = raw.FS_QUADPOINTSF()
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, n, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            areas.append(frame.box(min(xs), min(ys), max(xs), max(ys)))
    if not areas:
        rect = raw.FS_RECTF()
        if raw.FPDFAnnot_GetRect(annotation, rect):
            areas.append(frame.box(rect.left, rect.bottom, rect.right, rect.top))
    return Note(
        kind,
        _string(annotation, b"Contents").replace("\r\n", "\n").replace("\r", "\n").strip(),
        _string(annotation, b"T") or None,
        _date(_string(annotation, b"M") or _string(annotation, b"CreationDate")),
        tuple(areas),
    )


def _string(annotation: Any, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(min(length, 200_000))
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), len(buffer))
    return buffer.raw.decode("utf-16-le", "replace").split("\0")[0].replace("\ufffd", "")


def _date(text: str) -> str | None:
    """ISO 8601 of a PDF's date, D:YYYYMMDDHHmmSS (ISO 32000-1, 7.9.4)."""
    digits = text.removeprefix("D:")[:14]
    if len(digits) < 8 or not digits.isdigit():
        return None
    day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    return day if len(digits) < 14 else f"{day}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}"
