"""PDF files: their text in the order of reading, mended into paragraphs; scans through a program that reads pictures.

See docs/formats/pdf.md.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

import pypdfium2 as pdfium

from parsing.formats.pdf_annotations import Annotations, PageNote
from parsing.formats.pdf_forms import xfa_values
from parsing.formats.pdf_geometry import Box
from parsing.formats.pdf_layout import Area, areas
from parsing.formats.pdf_page import Page, page_of, picture_of
from parsing.formats.pdf_text import text_of
from parsing.formats.scan import MOST_SCANS, NO_PAGE, NO_WORDS, PictureKind, picture_kind, scan
from parsing.formats.text import clean
from parsing.model import Block, Converters, MarkedText, NotConverted, NoTimeLeft, Problem, Run

MOST_PAGES = 300
MOST_CHARACTERS = 3_000_000
"""Of all pages; a novel has half a million."""
_FEW = 12
"""Characters of a page with a picture on it, such as a number stamped on a scan, that are not its text."""
_LEAST_PICTURE = 0.02
"""Of a page without text: what a picture covers that may hold words; a logo covers less."""
_LARGE_PICTURE = 0.1
"""Of a page with text: what a picture covers that may be a scan put into it."""
WHOLE_PAGE = 0.5
"""Of a page: what pictures cover that are the page itself, scanned."""
FROM_PICTURE = "a picture on the page was read by tesseract: please compare"


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
        document.init_forms()
        return _Pages(document, converters, typed=xfa_values(document)).read()
    finally:
        document.close()


@dataclass(slots=True)
class _Pages:
    """A document that is being read: the areas of its pages, their annotations, and what is wrong."""

    document: pdfium.PdfDocument
    converters: Converters
    areas: list[Area] = field(default_factory=list)
    notes: list[PageNote] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    scans: int = 0
    characters: int = 0
    no_time_left: str = ""
    """Why no further picture is looked at."""

    def read(self) -> PdfRead:
        count = len(self.document)
        number = 0
        while number < min(count, MOST_PAGES) and self.characters < MOST_CHARACTERS:
            try:
                self._page(number)
            except pdfium.PdfiumError as error:
                self._say(number, f"the page is damaged: {error}")
            number += 1
        if number < count:
            self.problems.append(Problem("", f"only the first {number:,} of {count:,} pages were read"))
        text = text_of(self.areas, self.heights, self.notes)
        typed = tuple(Block((Run(clean(value)),)) for value in self.typed)
        problems = (*self.problems, *text.problems)
        return PdfRead(replace(text, blocks=(*text.blocks, *typed), problems=problems), self.scans)

    def _say(self, number: int, problem: str) -> None:
        self.problems.append(Problem(f"page {number + 1}", problem))

    def _page(self, number: int) -> None:
        page = self.document[number]
        try:
            seen = page_of(page)
            self.heights[number] = seen.height
            self.characters += len(seen.chars)
            if is_scan(seen):
                self._scan(page, seen, number)
            else:
                self.areas += areas(seen, number, len(self.notes))
                self._pictures(page, seen, number)
            self._annotations(seen.annotations, number)
        finally:
            page.close()

    def _annotations(self, found: Annotations, number: int) -> None:
        first = len(self.notes)
        for note in found.notes:
            self.notes.append(note if note.parent is None else replace(note, parent=first + note.parent))
        for name, times in Counter(found.wordless).items():
            several = f" ({times} times)" if times > 1 else ""
            self._say(number, f"{name}{several} was put on the page and is not read: please look at it")

    # --- pages and parts of pages that are pictures --------------------------------------------------

    def _scan(self, page: pdfium.PdfPage, seen: Page, number: int) -> None:
        """A page that is a picture, or whose letters are drawn."""
        found = self._read_picture(page, None, number)
        if found is None:
            return
        if not found.lines:
            self._say(number, NO_WORDS)
        elif seen.pictures and seen.share_of(seen.pictures) < WHOLE_PAGE:
            self._say(number, FROM_PICTURE)

    def _pictures(self, page: pdfium.PdfPage, seen: Page, number: int) -> None:
        """The pictures on a page of text that may be scans: large ones without letters over them."""
        for box in large_pictures(seen):
            found = self._read_picture(page, box, number)
            if found is not None and found.lines:
                self._say(number, FROM_PICTURE)

    def _read_picture(self, page: pdfium.PdfPage, part: Box | None, number: int) -> Area | None:
        """The lines of a page or a part of it; None where it is blank, or was not read, which a Problem says."""
        if self.no_time_left:
            self._say(number, self.no_time_left)
            return None
        picture = picture_of(page, part)
        kind = picture_kind(picture)
        if kind is PictureKind.BLANK or (part is not None and kind is not PictureKind.PAGE):
            return None
        if kind is PictureKind.NOISY:
            self._say(number, NO_PAGE)
        elif self.scans >= MOST_SCANS:
            self._say(number, f"it is a scan, and only {MOST_SCANS} of a file are read")
        else:
            try:
                area = scan(picture, number, self.converters)
            except NotConverted as error:
                self._say(number, str(error))
                self.no_time_left = str(error) if isinstance(error, NoTimeLeft) else ""
            else:
                self.scans += 1
                self.areas.append(area)
                return area
        return None


def is_scan(page: Page) -> bool:
    """Whether a page has hardly a letter, and something else: pictures, or areas that may be drawn letters."""
    if page.letters >= _FEW:
        return False
    return page.share_of(page.pictures) > _LEAST_PICTURE or len(page.areas) > 2 * _FEW


def large_pictures(page: Page) -> list[Box]:
    """The large pictures on a page of text without letters over them: a scan with its text has these."""
    large = [box for box in page.pictures if page.share_of([box]) > _LARGE_PICTURE]
    return [box for box in large if not any(box.holds(char.box.x0, char.base) for char in page.chars)]
