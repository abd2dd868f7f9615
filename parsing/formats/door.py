"""The entry point of the readers: a file's bytes in, marked text and the Part's fate out. One reader a format."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from parsing.formats.blocks import has_words
from parsing.formats.converted import CONVERTED, preview_in, read_converted
from parsing.formats.data_text import address_in, read_json, read_xml
from parsing.formats.html import read_html
from parsing.formats.names import format_name, named_format
from parsing.formats.opendocument import read_opendocument
from parsing.formats.pdf import read_pdf
from parsing.formats.pictures import is_small_picture
from parsing.formats.presentation import read_presentation
from parsing.formats.saved_page import read_epub, read_mht, read_webarchive
from parsing.formats.scan import NO_WORDS, PictureKind, read_picture
from parsing.formats.sheet import read_csv
from parsing.formats.sniff import (
    ARCHIVED_PAGE,
    BINARY,
    DOCX,
    EMPTY,
    ENCRYPTED_OFFICE,
    FODT,
    IWORK,
    KEYNOTE,
    NUMBERS,
    ODG,
    ODP,
    ODS,
    ODT,
    PAGES,
    PPTX,
    THEME,
    WEBARCHIVE,
    XLSX,
    XPS,
    sniff,
)
from parsing.formats.text import read_text
from parsing.formats.word import read_word
from parsing.formats.workbook import read_workbook
from parsing.formats.xps import read_xps
from parsing.model import Converters, Fate, MarkedText, NotConverted, Problem
from parsing.text.charsets import decode

_WORDLESS = {
    "application/pgp-keys": "a key",
    "application/pgp-signature": "a signature",
    "application/pkcs7-signature": "a signature",
    THEME: "a theme of Office's: colours and fonts",
    "image/vnd.microsoft.icon": "an icon",
    "font/otf": "a font",
    "font/ttf": "a font",
    "font/woff": "a font",
    "font/woff2": "a font",
    "text/vcard": "a business card",
    "text/x-vcard": "a business card",
    "text/directory": "a business card",
}
"""What cannot hold a comment, and what it is; everything else that is not read needs review."""


_HEAD = 1_000
"""Bytes from the start of a file that tell whether it is words."""


@dataclass(frozen=True, slots=True)
class FormatRead:
    """What was read of a file, and the fate of its Part: read, converted, empty, ignored or unreadable, and why."""

    text: MarkedText
    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    type: str
    data: bytes
    converters: Converters
    charset: str | None


def read_format(
    name: str, declared: str, data: bytes, converters: Converters, charset: str | None = None
) -> FormatRead:
    """The text of a file by what it is, not by what it is called; `declared` is the type that its sender
    gives it, and counts where the bytes do not tell. Never raises: what cannot be read is unreadable, and says why.
    """
    found = sniff(data, name)
    if found == BINARY or (found == "text/plain" and (declared in _TEXTS or _is_encoded(data))):
        found = declared or found
    file = _File(name, found, data, converters, charset)
    if found in _WORDLESS:
        return FormatRead(MarkedText(found), "ignored", _WORDLESS[found])
    return _READERS.get(found, _unknown)(file)


def _is_encoded(data: bytes) -> bool:
    """Whether a text is letters without a blank, as base64 is that nothing has decoded."""
    head = data[:_HEAD]
    return len(head) == _HEAD and head.isascii() and b" " not in head


def _read_by(reader: Callable[[bytes], MarkedText]) -> Callable[[_File], FormatRead]:
    """What a reader of bytes makes of a file."""
    return lambda file: _judged(reader(file.data))


def _read_as_text(reader: Callable[[str], MarkedText]) -> Callable[[_File], FormatRead]:
    """What a reader of text makes of a file, in the charset of its Part."""
    return lambda file: _judged(reader(decode(file.data, file.charset).text))


def _converted(file: _File) -> FormatRead:
    try:
        read = _judged(read_converted(file.data, file.type, file.converters))
    except NotConverted as error:
        preview = preview_in(file.data) if file.type in _IWORK else None
        if preview is not None:
            return _pdf(replace(file, data=preview))
        return _unreadable(file, f"{format_name(file.type, file.name)}: {error}")
    return replace(read, fate="converted", why="converted by LibreOffice") if read.fate == "read" else read


def _pdf(file: _File) -> FormatRead:
    found = read_pdf(file.data, file.converters)
    return _scanned(_judged(found.text), found.scans)


def _picture(file: _File) -> FormatRead:
    """A picture is a page when text is found on it. One that is small, of one colour, or a logo by its colours is
    ignored; all others without words need review: they may be handwriting.
    """
    if is_small_picture(file.data):
        return FormatRead(MarkedText("picture"), "ignored", "a small picture, no page of text")
    found = read_picture(file.data, file.converters)
    read = _judged(found.text)
    if read.fate == "read":
        return _scanned(read, found.scans)
    if found.missing:
        return _unreadable(file, found.missing)
    return read if read.fate == "unreadable" else _without_words(file, found.kinds)


def _without_words(file: _File, kinds: frozenset[PictureKind]) -> FormatRead:
    if kinds <= {PictureKind.BLANK}:
        return FormatRead(MarkedText("picture"), "ignored", "a picture of one colour")
    if kinds <= {PictureKind.BLANK, PictureKind.COLOURFUL}:
        return FormatRead(MarkedText("picture"), "ignored", "a coloured picture without text")
    return _unreadable(file, NO_WORDS)


def _scanned(read: FormatRead, scans: int) -> FormatRead:
    if read.fate != "read" or not scans:
        return read
    pages = "one scanned page was" if scans == 1 else f"{scans} scanned pages were"
    return replace(read, fate="converted", why=f"{pages} read by tesseract")


def _json(file: _File) -> FormatRead:
    """The data of a JSON file; that of a Google document holds nothing but its address."""
    text = decode(file.data, file.charset).text
    address = address_in(text)
    if address is not None and "docs.google.com" in address:
        return FormatRead(MarkedText("json"), "not-obtained", f"the file only points to {address}")
    return _judged(read_json(text))


def _shortcut(file: _File) -> FormatRead:
    address = address_in(decode(file.data, file.charset).text)
    if address is not None:
        return FormatRead(MarkedText("shortcut"), "not-obtained", f"the file only points to {address}")
    return _read_as_text(read_text)(file)


def _encrypted(file: _File) -> FormatRead:
    return _unreadable(file, "the file is encrypted with a password")


def _empty(_file: _File) -> FormatRead:
    return FormatRead(MarkedText("empty"), "empty", "the file is empty")


def _unknown(file: _File) -> FormatRead:
    """A file of any other kind needs review, and its kind is named."""
    if file.type.startswith("text/"):
        return _read_as_text(read_text)(file)
    claimed = named_format(file.name)
    is_odd = claimed is not None and file.type in (BINARY, "application/zip", "application/x-ole-storage")
    if is_odd:
        return _unreadable(file, f"the file is named as {claimed}, and is damaged or of another kind")
    return _unreadable(file, f"{format_name(file.type, file.name)} is not read")


def _unreadable(file: _File, why: str) -> FormatRead:
    return FormatRead(MarkedText(file.type, problems=(Problem("", why),)), "unreadable", why)


def _judged(text: MarkedText) -> FormatRead:
    """The fate of a file whose reader gave this text."""
    if has_words(text.blocks) or text.comments:
        return FormatRead(text, "read")
    if text.problems:
        return FormatRead(text, "unreadable", text.problems[0].problem)
    return FormatRead(text, "empty", "the file holds no text")


_PICTURES = (
    "image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp", "image/gif", "image/heic", "image/jp2",
    "image/vnd.adobe.photoshop",
)  # fmt: skip
_TEXTS = frozenset({
    "text/csv", "text/tab-separated-values", "text/html", "text/markdown", "text/xml", "text/x-url", "text/vcard",
    "text/x-vcard", "text/directory", "application/json", "application/xml",
})  # fmt: skip
"""Declared types that are believed of a text: nothing in it tells."""
_IWORK = (PAGES, NUMBERS, KEYNOTE, IWORK)
_OPENDOCUMENT = (ODT, ODS, ODP, ODG, ODT + "-master", ODT + "-web")
_READERS: dict[str, Callable[[_File], FormatRead]] = {
    EMPTY: _empty,
    DOCX: _read_by(read_word),
    XLSX: _read_by(read_workbook),
    PPTX: _read_by(read_presentation),
    XPS: _read_by(read_xps),
    ENCRYPTED_OFFICE: _encrypted,
    **dict.fromkeys(_OPENDOCUMENT, _read_by(read_opendocument)),
    **dict.fromkeys((kind + "-template" for kind in _OPENDOCUMENT), _read_by(read_opendocument)),
    FODT: _read_by(read_opendocument),
    **dict.fromkeys(CONVERTED, _converted),
    "application/pdf": _pdf,
    **dict.fromkeys(_PICTURES, _picture),
    "application/epub+zip": _read_by(read_epub),
    ARCHIVED_PAGE: _read_by(read_mht),
    WEBARCHIVE: _read_by(read_webarchive),
    "text/csv": _read_as_text(read_csv),
    "text/tab-separated-values": _read_as_text(read_csv),
    "text/html": _read_as_text(read_html),
    "text/plain": _read_as_text(read_text),
    "text/markdown": _read_as_text(read_text),
    "message/rfc822": _read_as_text(read_text),  # what only begins like a mail, as a memo does: mails are opened before
    "text/x-url": _shortcut,
    "application/json": _json,
    "application/xml": _read_by(read_xml),
    "text/xml": _read_by(read_xml),
    "image/svg+xml": _read_by(read_xml),
}
