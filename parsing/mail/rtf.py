"""The text of an Outlook item that is kept as RTF: the HTML wrapped in it, or its plain words ([MS-OXRTFEX])."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from compressed_rtf import decompress

from parsing.mail.mapi import charset_of
from parsing.text.charsets import decode, fit

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SILENT = {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"generator",
           b"themedata", b"listtable", b"listoverridetable", b"rsidtbl", b"mmathPr", b"xmlnstbl", b"latentstyles",
           b"datastore", b"fldinst", b"pntext", b"bkmkstart", b"bkmkend", b"filetbl", b"revtbl",
           b"mhtmltag"}  # fmt: skip
_LETTERS = {b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t", b"cell": "\t",
            b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–",
            b"emdash": "—", b"emspace": " ", b"enspace": " "}  # fmt: skip
_CHARSETS = {0: 1252, 77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255,
             178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250}  # fmt: skip
"""The code page of a font's \\fcharset (RTF 1.9.1, font table)."""
_LONGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Rtf:
    """The RTF as it stands, its text, and whether that is HTML."""

    data: bytes
    text: str
    is_html: bool


def read_rtf(packed: bytes) -> Rtf | None:
    """The text in a compressed RTF property; None where it cannot be unpacked."""
    try:
        data = decompress(packed)
    except Exception:  # noqa: BLE001  compressed_rtf raises bare Exception on a wrong checksum
        return None
    is_html = b"\\fromhtml" in data[:1000]
    return Rtf(data, fit("".join(_RtfTokens(is_html).read(data[:_LONGEST]))), is_html)


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside a group."""

    silent: bool = False
    tag: bool = False
    """Inside {\\*\\htmltag …}: HTML as it was."""
    rtf: bool = False
    """After \\htmlrtf: RTF that stands for that HTML."""
    fallback: int = 1
    """Characters after a \\u that say the same to old readers."""
    font: int = 0
    fonts: bool = False


class _RtfTokens:
    """RTF read token by token."""

    def __init__(self, is_html: bool) -> None:
        self.is_html = is_html
        self.state = _State()
        self.stack: list[_State] = []
        self.charset: str | None = "cp1252"
        self.of_font: dict[int, str | None] = {}
        self.pending = bytearray()
        self.skip = 0
        self.star = False

    def read(self, data: bytes) -> Iterator[str]:
        for token in _TOKEN.finditer(data):
            word, number, code, symbol, brace, text = token.groups()
            if code:
                self._byte(int(code, 16))
                continue
            if text:
                self._bytes(text)
                continue
            yield from self._flush()
            if brace:
                self._brace(brace)
            elif word:
                yield from self._word(word, int(number) if number else None)
            elif symbol:
                yield from self._symbol(symbol)
        yield from self._flush()

    @property
    def _is_shown(self) -> bool:
        state = self.state
        return not state.silent and not (self.is_html and state.rtf and not state.tag)

    def _shown(self, text: str) -> str:
        return text if self._is_shown else ""

    def _byte(self, byte: int) -> None:
        if self.skip:
            self.skip -= 1
        elif self._is_shown:
            self.pending.append(byte)

    def _bytes(self, text: bytes) -> None:
        text = text[self.skip :] if self.skip < len(text) else b""
        self.skip = 0
        if self._is_shown:
            self.pending += text

    def _flush(self) -> Iterator[str]:
        if self.pending:
            charset = self.of_font.get(self.state.font) or self.charset
            yield decode(bytes(self.pending), charset).text
            self.pending.clear()

    def _brace(self, brace: bytes) -> None:
        self.skip = 0
        if brace == b"{":
            self.stack.append(self.state)
        elif self.stack:
            self.state = self.stack.pop()

    def _word(self, word: bytes, number: int | None) -> Iterator[str]:
        starred, self.star = self.star, False
        if word == b"htmltag":
            self.state = replace(self.state, tag=True, silent=False)
        elif starred or word in _SILENT:
            self.state = replace(self.state, silent=True, fonts=word == b"fonttbl" or self.state.fonts)
        elif word == b"u" and number is not None:
            self.skip = self.state.fallback
            yield self._shown(chr(number % 65536))
        elif word in _LETTERS:
            yield self._shown(self._letter(word))
        else:
            self._setting(word, number)

    def _letter(self, word: bytes) -> str:
        """The character of a word; a line's end of the HTML source is none."""
        is_of_source = word == b"par" and self.is_html and self.state.tag
        return "" if is_of_source else _LETTERS[word]

    def _setting(self, word: bytes, number: int | None) -> None:
        if word == b"htmlrtf":
            self.state = replace(self.state, rtf=number != 0)
        elif word == b"ansicpg":
            self.charset = charset_of(number)
        elif word == b"uc":
            self.state = replace(self.state, fallback=max(0, min(number or 0, 8)))
        elif word == b"f" and number is not None:
            self.state = replace(self.state, font=number)
        elif word == b"fcharset" and self.state.fonts:
            self.of_font[self.state.font] = charset_of(_CHARSETS.get(number or 0))

    def _symbol(self, symbol: bytes) -> Iterator[str]:
        if symbol == b"*":
            self.star = True
        elif self._is_shown:
            yield {b"~": "\u00a0", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n"}.get(symbol, symbol.decode("latin-1"))
