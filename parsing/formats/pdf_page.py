"""One page of a PDF as pdfium gives it: characters, rules, coloured areas and annotations, at their places."""

import io
from dataclasses import dataclass

import pypdfium2 as pdfium

from parsing.formats.pdf_annotations import Note, notes_of
from parsing.formats.pdf_characters import Char, characters_of
from parsing.formats.pdf_drawn import drawn_on
from parsing.formats.pdf_geometry import Box, Frame

_DOTS = 25_000_000
"""Of a rendered page: A4 at 600 to the inch has more, at 400 less."""


@dataclass(frozen=True, slots=True)
class Page:
    """The contents of a page. `pictures` is the share of it that pictures cover."""

    width: float
    height: float
    chars: list[Char]
    rules: list[Box]
    areas: list[tuple[Box, str]]
    notes: list[Note]
    pictures: float


def page_of(page: pdfium.PdfPage) -> Page:
    """What pdfium finds on a page."""
    frame = Frame(page)
    drawn = drawn_on(page, frame)
    share = drawn.pictures / max(frame.width * frame.height, 1.0)
    chars, notes = characters_of(page, frame), notes_of(page, frame)
    return Page(frame.width, frame.height, chars, drawn.rules, drawn.areas, notes, share)


def picture_of(page: pdfium.PdfPage) -> bytes:
    """The page as it is seen, as a PNG in grey, at 300 dots to the inch or as many as fit."""
    width, height = page.get_size()
    scale = min(300 / 72, (_DOTS / max(width * height, 1.0)) ** 0.5)
    buffer = io.BytesIO()
    page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().save(buffer, "PNG", dpi=(300, 300))
    return buffer.getvalue()
