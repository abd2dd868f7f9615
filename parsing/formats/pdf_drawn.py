"""What is drawn on a page of a PDF: rules, coloured areas, pictures."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from parsing.formats.pdf_geometry import Box, Frame, Matrix, bounds_of, matrix_of, moved
from parsing.formats.styles import is_paper

_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 2_000
_THIN = 3.0
"""Points; what is thinner is a rule, not an area."""


@dataclass(slots=True)
class Drawn:
    """Rules, areas with their colour, pictures."""

    rules: list[Box] = field(default_factory=list)
    areas: list[tuple[Box, str]] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)


def drawn_on(page: pdfium.PdfPage, frame: Frame) -> Drawn:
    """What is drawn on a page, beside its characters."""
    drawn = Drawn()
    for thing, matrix in _objects(page):
        box = bounds_of(thing, matrix, frame)
        if box is None:
            continue
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            drawn.pictures.append(box)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            _add_path(thing, matrix, frame, box, drawn)
    return drawn


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[Any, Matrix | None]]:
    """The objects of a page and of the forms on it, with the matrix that takes them to the page."""
    for n in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        thing = raw.FPDFPage_GetObject(page, n)
        if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_FORM:
            yield thing, None
            continue
        matrix = matrix_of(thing)
        for k in range(min(max(raw.FPDFFormObj_CountObjects(thing), 0), _MOST_OBJECTS)):
            yield raw.FPDFFormObj_GetObject(thing, k), matrix


def _add_path(thing: Any, matrix: Matrix | None, frame: Frame, box: Box, drawn: Drawn) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(thing, fill, stroke)
    if not fill.value and not stroke.value:
        return
    if min(box.width, box.height) <= _THIN:
        drawn.rules.append(box)
        return
    colour = fill_of(thing)
    if fill.value and colour is not None and not is_paper(colour):
        drawn.areas.append((box, colour))
    if stroke.value:
        drawn.rules.extend(_edges(thing, matrix, frame))


def _edges(thing: Any, matrix: Matrix | None, frame: Frame) -> Iterator[Box]:
    """The straight lines of a path that are horizontal or vertical."""
    own = matrix_of(thing)
    start = last = (0.0, 0.0)
    for n in range(min(raw.FPDFPath_CountSegments(thing), _MOST_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(thing, n)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = moved(*moved(x.value, y.value, own), matrix)
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


def fill_of(thing: Any) -> str | None:
    """The colour with which an object is filled; None where it has none of its own."""
    r, g, b, a = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(thing, r, g, b, a) or a.value == 0:
        return None
    return f"{r.value:02X}{g.value:02X}{b.value:02X}"
