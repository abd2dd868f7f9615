"""The door to the readers: a file's bytes in, marked text and the Part's fate out. One format, one reader, one call."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from charset_normalizer import from_bytes

from parsing.formats.html import read_html
from parsing.formats.opendocument import read_opendocument
from parsing.formats.pdf import read_pdf
from parsing.formats.rtf import CONVERTED, read_rtf
from parsing.formats.sniff import BINARY, DOCX, EMPTY, ENCRYPTED_OFFICE, FODT, ODT, sniff
from parsing.formats.text import read_text
from parsing.formats.word import read_word
from parsing.model import Converters, Fate, MarkedText, NotConverted


@dataclass(frozen=True, slots=True)
class FormatRead:
    """What a file says, and what became of it: its fate and why, for the Part."""

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
    read = _judged(found.text)
    if read.fate == "read" and found.scans:
        return replace(read, fate="converted", why=f"{found.scans} scanned page(s) read by tesseract")
    return read


def _encrypted(file: _File) -> FormatRead:
    return FormatRead(MarkedText(file.type), "unreadable", "the file is encrypted with a password")


def _html(file: _File) -> FormatRead:
    return _judged(read_html(_decoded(file)))


def _text(file: _File) -> FormatRead:
    return _judged(read_text(_decoded(file)))


def _empty(_file: _File) -> FormatRead:
    return FormatRead(MarkedText("empty"), "empty", "the file is empty")


def _unknown(file: _File) -> FormatRead:
    return FormatRead(MarkedText(file.type), "ignored", f"no text is read from {file.type}")


def _judged(text: MarkedText) -> FormatRead:
    """The fate of a file whose reader gave this text."""
    if any(run.text.strip() for block in text.blocks for run in block.runs) or text.comments:
        return FormatRead(text, "read")
    if text.problems:
        return FormatRead(text, "unreadable", text.problems[0].problem)
    return FormatRead(text, "empty", "the file holds no text")


def _decoded(file: _File) -> str:
    """The characters of a text: by its byte order mark, by the charset that it declares, as UTF-8, else by a guess."""
    for mark, marked in _ORDER_MARKS:
        if file.data.startswith(mark):
            return file.data.decode(marked, "replace")
    for charset in (file.charset, "utf-8"):
        try:
            return file.data.decode(charset or "utf-8")
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    best = from_bytes(file.data).best()
    return str(best) if best is not None else file.data.decode("cp1252", "replace")


_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

_READERS: dict[str, Callable[[_File], FormatRead]] = {
    EMPTY: _empty,
    DOCX: _word,
    ENCRYPTED_OFFICE: _encrypted,
    ODT: _opendocument,
    ODT + "-template": _opendocument,
    FODT: _opendocument,
    **dict.fromkeys(CONVERTED, _rtf),
    "application/pdf": _pdf,
    "text/html": _html,
    "text/plain": _text,
    "text/markdown": _text,
}
