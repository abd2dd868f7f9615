"""The annotations of a page of a PDF (ISO 32000-1, 12.5): what people wrote, struck and highlighted on it."""

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from parsing.formats.pdf_geometry import Box, Frame

_MOST_NOTES = 1_000


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation: what it says, and the areas of the text that it is about."""

    kind: str
    text: str
    author: str | None
    date: str | None
    areas: tuple[Box, ...]


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


def notes_of(page: pdfium.PdfPage, frame: Frame) -> list[Note]:
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


def _note(annotation: Any, kind: str, frame: Frame) -> Note:
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
