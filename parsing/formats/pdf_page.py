"""One page of a PDF as pdfium gives it: characters, rules, coloured areas and annotations, at their places."""

from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import Image

from parsing.formats.pdf_annotations import Annotations, PageNote, annotations_of
from parsing.formats.pdf_characters import Char, characters_of
from parsing.formats.pdf_drawn import drawn_on
from parsing.formats.pdf_forms import typed_characters
from parsing.formats.pdf_geometry import Box, Frame

_DOTS = 25_000_000
"""Of a rendered page: A4 at 600 to the inch has more, at 400 less."""
_DOTS_PER_POINT = 300 / 72
"""300 to the inch, the resolution for which tesseract was made."""


@dataclass(frozen=True, slots=True)
class Page:
    """The contents of a page; `pictures` are the places of pictures on it."""

    width: float
    height: float
    chars: list[Char]
    rules: list[Box]
    areas: list[tuple[Box, str]]
    annotations: Annotations
    pictures: list[Box]

    @property
    def notes(self) -> list[PageNote]:
        return self.annotations.notes

    @property
    def letters(self) -> int:
        """How many characters there are to be seen."""
        return sum(not char.text.isspace() for char in self.chars)

    def share_of(self, boxes: list[Box]) -> float:
        """The share of the page that boxes cover, as if none lay over another."""
        return sum(box.width * box.height for box in boxes) / max(self.width * self.height, 1.0)


def page_of(page: pdfium.PdfPage) -> Page:
    """What pdfium finds on a page."""
    frame = Frame(page)
    drawn = drawn_on(page, frame)
    chars = [*characters_of(page, frame), *typed_characters(page, frame)]
    annotations = annotations_of(page, frame)
    return Page(frame.width, frame.height, chars, drawn.rules, drawn.areas, annotations, drawn.pictures)


def picture_of(page: pdfium.PdfPage, part: Box | None = None) -> Image.Image:
    """The page as it is seen, or a part of it, at 300 dots to the inch or as many as fit."""
    width, height = page.get_size()
    scale = min(_DOTS_PER_POINT, (_DOTS / max(width * height, 1.0)) ** 0.5)
    crop = (0.0, 0.0, 0.0, 0.0)
    if part is not None:
        left, top = max(part.x0, 0.0), max(part.y0, 0.0)
        crop = (left, max(height - part.y1, 0.0), max(width - part.x1, 0.0), top)
    picture: Image.Image = page.render(scale=scale, crop=crop, may_draw_forms=False).to_pil()
    return picture
