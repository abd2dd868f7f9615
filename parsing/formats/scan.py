"""Pictures of pages, alone (.png, .jpg, .tiff) or in a PDF: their text by a program that reads pictures."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace

from PIL import Image, ImageSequence

from parsing.formats.paragraphs import lines_of
from parsing.formats.pdf_layout import Area
from parsing.formats.pdf_text import text_of
from parsing.formats.text import clean
from parsing.model import Converters, MarkedText, NotConverted, Problem

MOST_SCANS = 10
"""Pages of a file that are read as pictures: each takes two to five of the seconds that a mail's reading has."""
_LONGEST_SIDE = 6_000
"""Dots to which a larger page is brought: A4 at 500 to the inch."""
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    Image.DecompressionBombError,
)
"""What Pillow raises on pictures that are damaged, or that would unpack to too much."""


@dataclass(frozen=True, slots=True)
class PictureRead:
    """The text of a picture; `scans` is how many of its pages were read, `missing` why they were not."""

    text: MarkedText
    scans: int = 0
    missing: str = ""


def read_picture(data: bytes, converters: Converters) -> PictureRead:
    """The text of a picture, page by page where it has several, as a fax has."""
    found: list[Area] = []
    try:
        for number, page in enumerate(_pages(data)):
            if number >= MOST_SCANS:
                problem = Problem("", f"only the first {MOST_SCANS} pages were read")
                return PictureRead(replace(text_of(found, {}, ()), problems=(problem,)), len(found))
            found.append(scan(page, number, converters))
    except NotConverted as error:
        problems = (Problem("", str(error)),) if found else ()
        return PictureRead(replace(text_of(found, {}, ()), problems=problems), len(found), str(error))
    except _BROKEN as error:
        return PictureRead(MarkedText("picture", problems=(Problem("", f"the picture is damaged: {error}"),)))
    return PictureRead(text_of(found, {}, ()), len(found))


def scan(picture: bytes, number: int, converters: Converters) -> Area:
    """The lines on the picture of a page. Raises NotConverted with a sentence."""
    if converters.ocr is None:
        missing = next((why for why in converters.missing if "scan" in why), "no program reads scans here")
        raise NotConverted(f"it is a scan; {missing}")
    lines = lines_of(clean(converters.ocr(picture)))
    return Area(tuple(replace(line, page=number) for line in lines), scan=True)


def _pages(data: bytes) -> Iterator[bytes]:
    """Each page as a grey PNG."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.filterwarnings("ignore", category=UserWarning)  # of damaged tags that do not matter
        with Image.open(io.BytesIO(data)) as picture:
            for page in ImageSequence.Iterator(picture):
                grey = page.convert("L")
                grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
                buffer = io.BytesIO()
                grey.save(buffer, "PNG")
                yield buffer.getvalue()
