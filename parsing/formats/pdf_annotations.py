"""The annotations of a page of a PDF (ISO 32000-1, 12.5): what people wrote, struck, drew and stamped on it."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from parsing.formats.html import read_html
from parsing.formats.pdf_geometry import Box, Frame

_MOST_NOTES = 1_000


@dataclass(frozen=True, slots=True)
class PageNote:
    """An annotation: what it says, the areas of the text that it is about, and the note of the same page, by its place
    among these, that it answers.
    """

    kind: str
    text: str
    author: str | None
    date: str | None
    areas: tuple[Box, ...]
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Annotations:
    """The notes on a page, and what was put on it that has no words: handwriting, stamps, shapes, recordings."""

    notes: list[PageNote] = field(default_factory=list)
    wordless: list[str] = field(default_factory=list)


_KINDS = {
    raw.FPDF_ANNOT_TEXT: ("note", ""),
    raw.FPDF_ANNOT_FREETEXT: ("note", ""),
    raw.FPDF_ANNOT_CARET: ("caret", ""),
    raw.FPDF_ANNOT_HIGHLIGHT: ("highlight", ""),
    raw.FPDF_ANNOT_UNDERLINE: ("underline", ""),
    raw.FPDF_ANNOT_SQUIGGLY: ("underline", ""),
    raw.FPDF_ANNOT_STRIKEOUT: ("strike", ""),
    raw.FPDF_ANNOT_STAMP: ("note", "a stamp"),
    raw.FPDF_ANNOT_INK: ("note", "handwriting"),
    raw.FPDF_ANNOT_SQUARE: ("note", "a drawn frame"),
    raw.FPDF_ANNOT_CIRCLE: ("note", "a drawn circle"),
    raw.FPDF_ANNOT_LINE: ("note", "a drawn line"),
    raw.FPDF_ANNOT_POLYGON: ("note", "a drawn polygon"),
    raw.FPDF_ANNOT_POLYLINE: ("note", "a drawn line"),
    raw.FPDF_ANNOT_FILEATTACHMENT: ("note", ""),
    raw.FPDF_ANNOT_REDACT: ("note", "a mark for redaction"),
    raw.FPDF_ANNOT_SOUND: ("note", "a sound recording"),
    raw.FPDF_ANNOT_MOVIE: ("note", "a film"),
    raw.FPDF_ANNOT_SCREEN: ("note", "a film"),
    raw.FPDF_ANNOT_RICHMEDIA: ("note", "a film"),
    raw.FPDF_ANNOT_THREED: ("note", "a model in three dimensions"),
}
"""What an annotation does to the text under it, and what it is called where it has no words and means something."""


def annotations_of(page: pdfium.PdfPage, frame: Frame) -> Annotations:
    """The annotations of a page that are shown; answers name what they answer."""
    found = Annotations()
    places: dict[int, int] = {}
    for n, annotation in _shown(page):
        kind, name = _KINDS[raw.FPDFAnnot_GetSubtype(annotation)]
        words = _words(annotation)
        if not words and name:
            title = _string(annotation, b"Name")
            found.wordless.append(f"{name} ({title})" if title else name)
        places[n] = len(found.notes)
        found.notes.append(_note(annotation, kind, words, frame, places.get(_answered(page, annotation))))
    return found


def _shown(page: pdfium.PdfPage) -> Iterator[tuple[int, Any]]:
    """The annotations of the kinds that are read, with their number on the page."""
    for n in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        annotation = raw.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        try:
            is_hidden = raw.FPDFAnnot_GetFlags(annotation) & raw.FPDF_ANNOT_FLAG_HIDDEN
            if raw.FPDFAnnot_GetSubtype(annotation) in _KINDS and not is_hidden:
                yield n, annotation
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _note(annotation: Any, kind: str, words: str, frame: Frame, parent: int | None) -> PageNote:
    areas = _quadrangles(annotation, frame)
    if not areas:
        rect = raw.FS_RECTF()
        if raw.FPDFAnnot_GetRect(annotation, rect):
            areas.append(frame.box(rect.left, rect.bottom, rect.right, rect.top))
    date = _date(_string(annotation, b"M") or _string(annotation, b"CreationDate"))
    return PageNote(kind, words, _string(annotation, b"T") or None, date, tuple(areas), parent)


def _quadrangles(annotation: Any, frame: Frame) -> list[Box]:
    """The areas of text that are marked."""
    areas = []
    for n in range(min(raw.FPDFAnnot_CountAttachmentPoints(annotation), _MOST_NOTES)):
        quad = raw.FS_QUADPOINTSF()
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, n, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            areas.append(frame.box(min(xs), min(ys), max(xs), max(ys)))
    return areas


def _words(annotation: Any) -> str:
    """What an annotation says: its contents, else its rich text (12.7.3.4)."""
    plain = _string(annotation, b"Contents").replace("\r\n", "\n").replace("\r", "\n").strip()
    if plain:
        return plain
    if rich := _string(annotation, b"RC"):
        lines = ("".join(run.text for run in block.runs) for block in read_html(rich).blocks)
        return "\n".join(lines).strip()
    return ""


def _answered(page: pdfium.PdfPage, annotation: Any) -> int:
    """The number on its page of the annotation that one answers; -1 for none, and in a group of marks (12.5.6.2)."""
    if _string(annotation, b"RT") == "Group":
        return -1
    other = raw.FPDFAnnot_GetLinkedAnnot(annotation, b"IRT")
    if not other:
        return -1
    try:
        return int(raw.FPDFPage_GetAnnotIndex(page, other))
    finally:
        raw.FPDFPage_CloseAnnot(other)


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
