"""RTF and old Word files: turned into an OpenDocument text, which keeps changes and comments, and read as such.

See docs/formats/rtf.md.
"""

from dataclasses import replace

from parsing.formats.opendocument import read_opendocument
from parsing.formats.sniff import DOC
from parsing.model import Converters, MarkedText, NotConverted

CONVERTED = {
    "application/rtf": ".rtf",
    DOC: ".doc",
    "application/vnd.wordperfect": ".wpd",
    "application/vnd.ms-word.2003+xml": ".xml",
    "application/vnd.ms-word.flat-opc+xml": ".xml",
}
"""The types that are converted, and the suffix by which LibreOffice knows them."""


def read_rtf(data: bytes, kind: str, converters: Converters) -> MarkedText:
    """The marked text of a file of one of the types of CONVERTED. Raises NotConverted with a sentence for the Part."""
    if converters.office is None:
        raise NotConverted(next(iter(converters.missing), "LibreOffice is not installed"))
    suffix = CONVERTED[kind]
    return replace(read_opendocument(converters.office(data, suffix)), format=suffix.removeprefix("."))
