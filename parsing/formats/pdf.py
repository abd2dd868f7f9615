"""PDF files: their text in the order of reading, mended into paragraphs; scans through a program that reads pictures.

See docs/formats/pdf.md.
"""

from dataclasses import dataclass, field, replace

import pypdfium2 as pdfium

from parsing.formats.pdf_annotations import Note
from parsing.formats.pdf_layout import Area, areas
from parsing.formats.pdf_page import page_of, picture_of
from parsing.formats.pdf_text import text_of
from parsing.formats.scan import MOST_SCANS, scan
from parsing.model import Converters, MarkedText, NotConverted, Problem

MOST_PAGES = 300
MOST_CHARACTERS = 3_000_000
"""Of all pages; a novel has half a million."""
_FEW = 12
"""Characters of a page with a picture on it, such as a number stamped on a scan, that are not its text."""


@dataclass(frozen=True, slots=True)
class PdfRead:
    """The text of a PDF; `scans` is how many of its pages were read as pictures."""

    text: MarkedText
    scans: int = 0


def read_pdf(data: bytes, converters: Converters) -> PdfRead:
    """The text of a PDF. What cannot be opened has no blocks and one Problem that says why."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        why = "the file is encrypted with a password" if locked else f"the file is damaged or no PDF: {error}"
        return PdfRead(MarkedText("pdf", problems=(Problem("", why),)))
    try:
        return _Pages(document, converters).read()
    finally:
        document.close()


@dataclass(slots=True)
class _Pages:
    """A document that is being read: the areas of its pages, their annotations, and what is wrong."""

    document: pdfium.PdfDocument
    converters: Converters
    areas: list[Area] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    scans: int = 0
    characters: int = 0

    def read(self) -> PdfRead:
        count = len(self.document)
        number = 0
        while number < min(count, MOST_PAGES) and self.characters < MOST_CHARACTERS:
            try:
                self._page(number)
            except pdfium.PdfiumError as error:
                self.problems.append(Problem(f"page {number + 1}", f"the page is damaged: {error}"))
            number += 1
        if number < count:
            self.problems.append(Problem("", f"only the first {number:,} of {count:,} pages were read"))
        text = text_of(self.areas, self.heights, self.notes)
        return PdfRead(replace(text, problems=(*self.problems, *text.problems)), self.scans)

    def _page(self, number: int) -> None:
        page = self.document[number]
        try:
            seen = page_of(page)
            self.heights[number] = seen.height
            self.characters += len(seen.chars)
            inked = sum(not char.text.isspace() for char in seen.chars)
            if inked < _FEW and (seen.pictures > 0.3 or len(seen.areas) > 2 * _FEW):
                self._scan(page, number)
            else:
                self.areas += areas(seen, number, len(self.notes))
                self.notes += seen.notes
        finally:
            page.close()

    def _scan(self, page: pdfium.PdfPage, number: int) -> None:
        """A page that is a picture, or whose letters are drawn."""
        place = f"page {number + 1}"
        if self.scans >= MOST_SCANS:
            self.problems.append(Problem(place, f"it is a scan, and only {MOST_SCANS} of a file are read"))
            return
        try:
            self.areas.append(scan(picture_of(page), number, self.converters))
            self.scans += 1
        except NotConverted as error:
            self.problems.append(Problem(place, str(error)))
