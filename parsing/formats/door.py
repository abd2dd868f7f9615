"""The door to the readers: a file's bytes in, marked text and the Part's fate out. One format, one reader, one call."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from parsing.formats.html import read_html
from parsing.formats.opendocument import read_opendocument
from parsing.formats.pdf import read_pdf
from parsing.formats.pictures import is_small
from parsing.formats.rtf import CONVERTED, read_rtf
from parsing.formats.scan import read_picture
from parsing.formats.sheet import read_csv, read_workbook
from parsing.formats.sniff import BINARY, DOCX, EMPTY, ENCRYPTED_OFFICE, FODT, ODT, XLSX, sniff
from parsing.formats.text import read_text
from parsing.formats.word import read_word
from parsing.model import Converters, Fate, MarkedText, NotConverted, Problem
from parsing.text.charsets import decode

_DOCUMENTS = frozenset(
    ("doc", "docx", "docm", "dot", "dotx", "odt", "ott", "rtf", "pdf", "pages", "wpd", "wps", "hwp", "hwpx")
)
"""Endings of the names of documents, those too that no reader here reads."""


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
    if found == BINARY or (found == "text/plain" and declared in _READERS):
        found = declared
    return _READERS.get(found, _unknown)(_File(name, found, data, converters, charset))


def _word(file: _File) -> FormatRead:
    return _judged(read_word(file.data))


def _opendocument(file: _File) -> FormatRead:
    return _judged(read_opendocument(file.data))


def _rtf(file: _File) -> FormatRead:
    try:
        read = _judged(read_rtf(file.data, file.type, file.converters))
    except NotConverted as error:
        return FormatRead(MarkedText(file.type), "unreadable", str(error))
    return replace(read, fate="converted", why="converted by LibreOffice") if read.fate == "read" else read


def _pdf(file: _File) -> FormatRead:
    found = read_pdf(file.data, file.converters)
    return _scanned(_judged(found.text), found.scans)


def _picture(file: _File) -> FormatRead:
    """A picture is a page when text is found on it; a small one is a logo and is not looked at."""
    if is_small(file.data):
        return FormatRead(MarkedText(file.type), "ignored", "a small picture, no page of text")
    found = read_picture(file.data, file.converters)
    read = _judged(found.text)
    if found.missing and read.fate != "read":
        return FormatRead(found.text, "unreadable", found.missing)
    if read.fate == "empty":
        return FormatRead(found.text, "ignored", "a picture without text")
    return _scanned(read, found.scans)


def _scanned(read: FormatRead, scans: int) -> FormatRead:
    if read.fate != "read" or not scans:
        return read
    pages = "one scanned page was" if scans == 1 else f"{scans} scanned pages were"
    return replace(read, fate="converted", why=f"{pages} read by tesseract")


def _encrypted(file: _File) -> FormatRead:
    return _unreadable(file, "the file is encrypted with a password")


def _workbook(file: _File) -> FormatRead:
    return _judged(read_workbook(file.data))


def _csv(file: _File) -> FormatRead:
    return _judged(read_csv(_decoded(file)))


def _html(file: _File) -> FormatRead:
    return _judged(read_html(_decoded(file)))


def _text(file: _File) -> FormatRead:
    return _judged(read_text(_decoded(file)))


def _empty(_file: _File) -> FormatRead:
    return FormatRead(MarkedText("empty"), "empty", "the file is empty")


def _unknown(file: _File) -> FormatRead:
    """A file that is named as a document waits for a person; others hold nothing to read."""
    ending = file.name.lower().rpartition(".")[2]
    if ending in _DOCUMENTS:
        why = f"the file is named .{ending}, and is damaged or of a kind that is not read ({file.type})"
        return _unreadable(file, why)
    return FormatRead(MarkedText(file.type), "ignored", f"no text is read from {file.type}")


def _unreadable(file: _File, why: str) -> FormatRead:
    return FormatRead(MarkedText(file.type, problems=(Problem("", why),)), "unreadable", why)


def _judged(text: MarkedText) -> FormatRead:
    """The fate of a file whose reader gave this text."""
    if any(run.text.strip() for block in text.blocks for run in block.runs) or text.comments:
        return FormatRead(text, "read")
    if text.problems:
        return FormatRead(text, "unreadable", text.problems[0].problem)
    return FormatRead(text, "empty", "the file holds no text")


def _decoded(file: _File) -> str:
    return decode(file.data, file.charset).text


_READERS: dict[str, Callable[[_File], FormatRead]] = {
    EMPTY: _empty,
    DOCX: _word,
    ENCRYPTED_OFFICE: _encrypted,
    ODT: _opendocument,
    ODT + "-template": _opendocument,
    FODT: _opendocument,
    **dict.fromkeys(CONVERTED, _rtf),
    "application/pdf": _pdf,
    **dict.fromkeys(("image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp"), _picture),
    XLSX: _workbook,
    "text/csv": _csv,
    "text/tab-separated-values": _csv,
    "text/html": _html,
    "text/plain": _text,
    "text/markdown": _text,
    "message/rfc822": _text,  # what only begins like a mail, as a memo does: mails are opened before
}
