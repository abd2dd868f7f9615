"""Header fields as people read them: unfolded, encoded words decoded, control characters gone; and their parameters."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from email.message import Message
from urllib.parse import unquote_to_bytes

from parsing.text.charsets import decode, fit

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*)(?:\?=|\??\Z)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')
_PIECE = re.compile(r"(.+?)\*(\d{1,3})(\*?)\Z")
_LONGEST = 1 << 16
"""Characters of one field in which parameters are looked for."""


def read_headers(message: Message, hint: str | None = None) -> dict[str, tuple[str, ...]]:
    """All fields with lower-case names and decoded values, in their order."""
    fields: dict[str, list[str]] = {}
    for name, value in raw_fields(message):
        key = one_line(name.lower()).replace("\ufffd", "?")
        fields.setdefault(key, []).append(decode_words(value, hint))
    return {name: tuple(values) for name, values in fields.items()}


def raw_fields(message: Message) -> Iterable[tuple[str, str]]:
    """Names and values as they came; bytes that are not ASCII are surrogates."""
    return ((str(name), str(value)) for name, value in message.raw_items())


def raw_field(message: Message, name: str) -> str | None:
    """The first field of this name as it came, or None."""
    for key, value in message.raw_items():
        if key.lower() == name:
            return str(value)
    return None


def decode_words(value: str, hint: str | None = None) -> str:
    """One line: the words of RFC 2047 decoded, raw bytes too, and no control character left to forge a header with."""
    if value.isascii() and "=?" not in value:
        return one_line(value)
    out: list[str] = []
    at = 0
    for words, start, end in _adjacent(value):
        between = _raw(value[at:start], hint)
        out.append(between)
        out.append("".join(_decode_run(words)))
        at = end
    out.append(_raw(value[at:], hint))
    return one_line("".join(out))


def one_line(text: str) -> str:
    """The text without line ends and other control characters, its runs of them one space."""
    if text.isprintable():
        return text.strip()
    return _CONTROL.sub(" ", fit(text)).strip()


def parameters(value: str | None, hint: str | None = None) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition; pieces of RFC 2231 joined, words of RFC 2047 decoded."""
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer((value or "")[:_LONGEST]):
        name, text = match[1].lower(), _unquoted(match[2])
        if piece := _PIECE.match(name):
            pieces.setdefault(piece[1], {}).setdefault(int(piece[2]), (text, bool(piece[3])))
        elif name.endswith("*"):
            pieces.setdefault(name[:-1], {}).setdefault(0, (text, True))
        else:
            found.setdefault(name, decode_words(text, hint))
    return found | {name: _joined(parts, hint) for name, parts in pieces.items()}


def first(headers: Mapping[str, Sequence[str]], name: str) -> str:
    """The first value of a field, or an empty string."""
    values = headers.get(name, ())
    return values[0] if values else ""


def _adjacent(value: str) -> Iterable[tuple[list[tuple[str, str, str]], int, int]]:
    """Encoded words with nothing but space between them belong together (RFC 2047, 6.2): (words, start, end)."""
    run: list[tuple[str, str, str]] = []
    start = end = 0
    for match in _WORD.finditer(value):
        if run and value[end : match.start()].strip():
            yield run, start, end
            run = []
        if not run:
            start = match.start()
        run.append((match[1].split("*")[0].lower(), match[2].lower(), match[3]))
        end = match.end()
    if run:
        yield run, start, end


def _decode_run(words: Sequence[tuple[str, str, str]]) -> Iterable[str]:
    """The texts; the bytes of neighbours in one charset are joined first, since programs split amid a character."""
    at = 0
    while at < len(words):
        charset, encoding, text = words[at]
        at += 1
        texts = [text]
        data = b""
        while at < len(words) and words[at][0] == charset:
            if words[at][1] != encoding or (encoding == "b" and len(texts[-1]) % 4 == 0):
                data += _bytes_of(encoding, "".join(texts))
                texts, encoding = [], words[at][1]
            texts.append(words[at][2])
            at += 1
        yield decode(data + _bytes_of(encoding, "".join(texts)), charset).text


def _bytes_of(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding == "q":
        return _HEX.sub(lambda found: bytes.fromhex(found[1].decode()), raw.replace(b"_", b" "))
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return raw


def _raw(value: str, hint: str | None) -> str:
    """Text outside encoded words, its raw bytes decoded."""
    return value if value.isascii() else decode(value.encode("utf-8", "surrogateescape"), hint=hint).text


def _unquoted(text: str) -> str:
    text = text.strip()
    if not text.startswith('"'):
        return text
    inside = text[1:].removesuffix('"')
    return _ESCAPED.sub(r"\1", inside) if "\\" in inside else inside


def _joined(parts: Mapping[int, tuple[str, bool]], hint: str | None) -> str:
    """The value of RFC 2231 pieces in the order of their numbers; the first names the charset."""
    charset = None
    data = b""
    for _, (text, encoded) in sorted(parts.items()):
        raw = text.encode("utf-8", "surrogateescape")
        if encoded and not data and text.count("'") >= 2:
            declared, _, rest = text.split("'", 2)
            charset, raw = declared, rest.encode("utf-8", "surrogateescape")
        data += unquote_to_bytes(raw) if encoded else raw
    return one_line(decode(data, charset, hint).text)
