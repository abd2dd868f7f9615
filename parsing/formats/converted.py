"""What LibreOffice reads: turned into OpenDocument, which keeps tracked changes and comments, and read as such.

See docs/formats/converted.md.
"""

from dataclasses import replace

from parsing.formats.opc import NotOpened, Opc
from parsing.formats.opendocument import read_opendocument
from parsing.formats.sniff import DOC, IWORK, KEYNOTE, NUMBERS, PAGES, PPT, XLS, XLSB
from parsing.model import Converters, MarkedText, NotConverted

CONVERTED = {
    "application/rtf": ".rtf",
    DOC: ".doc",
    "application/vnd.wordperfect": ".wpd",
    "application/x-mswrite": ".wri",
    "application/vnd.ms-works": ".wps",
    "application/vnd.hancom.hwp": ".hwp",
    "application/vnd.ms-word.2003+xml": ".xml",
    "application/vnd.ms-word.flat-opc+xml": ".xml",
    XLS: ".xls",
    XLSB: ".xlsb",
    "application/vnd.ms-excel.2003+xml": ".xls",
    "application/vnd.lotus-1-2-3": ".wk1",
    "application/vnd.sun.xml.writer": ".sxw",
    "application/vnd.sun.xml.calc": ".sxc",
    PPT: ".ppt",
    PAGES: ".pages",
    NUMBERS: ".numbers",
    KEYNOTE: ".key",
    IWORK: ".pages",
}
"""The types that are converted, and the suffix by which LibreOffice knows them."""


PREVIEW = "quicklook/preview.pdf"
"""What Apple's programs up to 2013 put beside the document: how it looks, as a PDF."""


def preview_in(data: bytes) -> bytes | None:
    """The PDF inside a document of Apple's iWork; None where there is none."""
    try:
        return Opc.of(data).blob(PREVIEW)
    except NotOpened:
        return None


def read_converted(data: bytes, kind: str, converters: Converters) -> MarkedText:
    """The marked text of a file of one of the types of CONVERTED. Raises NotConverted with a sentence for the Part."""
    if converters.office is None:
        raise NotConverted(next(iter(converters.missing), "LibreOffice is not installed"))
    suffix = CONVERTED[kind]
    return replace(read_opendocument(converters.office(data, suffix)), format=suffix.removeprefix("."))
