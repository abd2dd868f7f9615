"""Pictures of pages, alone (.png, .jpg, .tiff, .heic …) or in a PDF: their text by a program that reads pictures."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from PIL import Image, ImageChops, ImageSequence

from parsing.formats.paragraphs import lines_of
from parsing.formats.pdf_layout import Area
from parsing.formats.pdf_text import text_of
from parsing.formats.text import clean
from parsing.model import Converters, MarkedText, NotConverted, Problem

MOST_SCANS = 10
"""Pages of a file that are read as pictures: each takes two to five of the seconds that a mail's reading has."""
NO_WORDS = "no words were found on the picture; it may be handwriting or a photograph"
NO_PAGE = "the picture is too noisy to be a page of text, and was not read"
_LONGEST_SIDE = 4_200
"""Dots to which a larger page is brought: A4 at 360 to the inch, more than tesseract makes use of."""
_GLANCE = 1_200
"""Dots to which a page is brought for a first look at it."""
_FAINT = 12
"""Of 255: what the lightest and the darkest dot of a picture of one colour may differ by."""
_NOISY = 0.35
"""Of all neighbours in a row, those of which one is light and one dark: a page full of the smallest Chinese letters has
0.29, noise 0.45. On such a picture tesseract spends a minute and finds nothing.
"""
_COLOURFUL = 0.25
"""Of all dots: a logo or a photograph of a landscape has more of strong colour, paper that is written on has less."""
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    RuntimeError,
    Image.DecompressionBombError,
)
"""What Pillow and libheif raise on pictures that are damaged, or that would unpack to too much."""


class PictureKind(Enum):
    """What a first look at a picture shows."""

    BLANK = "blank"
    NOISY = "noisy"
    COLOURFUL = "colourful"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class PictureRead:
    """The text of a picture; `scans` is how many of its pages were read, `missing` why they were not. `kinds` is what
    a first look at each page showed.
    """

    text: MarkedText
    scans: int = 0
    missing: str = ""
    kinds: frozenset[PictureKind] = frozenset()


def read_picture(data: bytes, converters: Converters) -> PictureRead:
    """The text of a picture, page by page where it has several, as a fax has."""
    found: list[Area] = []
    problems: list[Problem] = []
    kinds: set[PictureKind] = set()
    missing = ""
    try:
        for number, page in enumerate(_pages(data)):
            if number >= MOST_SCANS:
                problems.append(Problem("", f"only the first {MOST_SCANS} pages were read"))
                break
            kind = picture_kind(page)
            kinds.add(kind)
            if kind is PictureKind.NOISY:
                problems.append(Problem(f"page {number + 1}", NO_PAGE))
            elif kind is not PictureKind.BLANK:
                found.append(scan(page, number, converters))
    except NotConverted as error:
        missing = str(error)
        problems += [Problem("", missing)] if found else []
    except _BROKEN as error:
        problems.append(Problem("", f"the picture is damaged: {_without_address(error)}"))
    text = text_of(found, {}, ())
    text = replace(text, format="picture", problems=tuple(problems))
    return PictureRead(text, len(found), missing, frozenset(kinds))


def scan(picture: Image.Image, number: int, converters: Converters) -> Area:
    """The lines on the picture of a page. Raises NotConverted with a sentence."""
    if converters.ocr is None:
        missing = next((why for why in converters.missing if "scan" in why), "no program reads scans here")
        raise NotConverted(f"it is a scan; {missing}")
    lines = lines_of(clean(converters.ocr(_png(picture))))
    return Area(tuple(replace(line, page=number) for line in lines), scan=True)


def picture_kind(picture: Image.Image) -> PictureKind:
    """What a picture is, as far as a glance tells: a look of some milliseconds spares tesseract its minute."""
    small = picture.copy()
    small.thumbnail((_GLANCE, _GLANCE))
    grey = small.convert("L")
    dark, light = grey.getextrema()
    assert isinstance(dark, int)
    assert isinstance(light, int)
    if light - dark <= _FAINT:
        return PictureKind.BLANK
    middle = (dark + light) // 2
    inked = grey.point([0 if level <= middle else 255 for level in range(256)])
    changes = ImageChops.difference(inked, ImageChops.offset(inked, 1, 0))
    if _share(changes) > _NOISY:
        return PictureKind.NOISY
    saturation = small.convert("HSV").getchannel("S").point([0 if level < 110 else 255 for level in range(256)])
    return PictureKind.COLOURFUL if _share(saturation) > _COLOURFUL else PictureKind.PAGE


def _share(mask: Image.Image) -> float:
    """The share of a mask that is set."""
    return mask.histogram()[255] / max(mask.width * mask.height, 1)


def _pages(data: bytes) -> Iterator[Image.Image]:
    """Each page, no larger than tesseract makes use of."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.filterwarnings("ignore", category=UserWarning)  # of damaged tags that do not matter
        with _opened(data) as picture:
            # only TIFF holds pages: a GIF's pictures after the first are those of an animation
            for frame in ImageSequence.Iterator(picture) if picture.format == "TIFF" else (picture,):
                page = frame.convert("RGB")
                page.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
                yield page


def _opened(data: bytes) -> Image.Image:
    if data[4:8] != b"ftyp":
        return Image.open(io.BytesIO(data))
    import pillow_heif  # noqa: PLC0415 - 20 MB of libraries for photographs of a telephone, which few mails hold

    return pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True).to_pillow()


def _png(picture: Image.Image) -> bytes:
    """The picture in grey, as tesseract takes it."""
    buffer = io.BytesIO()
    picture.convert("L").save(buffer, "PNG", dpi=(300, 300))
    return buffer.getvalue()


def _without_address(error: BaseException) -> str:
    """Pillow's sentence without the place of the file in memory, which differs each time."""
    return str(error).partition(" <_io.")[0]
