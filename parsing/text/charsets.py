"""Text from bytes: by the charset that is declared, its aliases, UTF-8, then a guess that says that it is one."""

import codecs
import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from charset_normalizer import from_bytes

from parsing.text.japanese import from_euc_jp, from_iso_2022_jp

_TABLE = tomllib.loads(Path(__file__).with_name("charsets.toml").read_text(encoding="utf-8"))
_ALIASES: dict[str, str] = _TABLE["charsets"]
_REFUSED = frozenset(_TABLE["refused"]["charsets"])
_NAME = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,40}\Z")
_UNFIT = re.compile("[\ud800-\udfff\0]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LATIN = ("windows-1252", "us-ascii", "windows-1254")
"""What programs declare by default, whatever they send: bytes that are good UTF-8 are then UTF-8."""
_SAMPLE = 1 << 14
"""Bytes that a guess looks at: enough to tell a language, and the same time for every mail."""
_LIKELY = ["cp1252", "cp1251", "gb18030", "koi8_r", "cp1256", "big5", "cp949", "cp932", "euc_jp", "cp1253"]
"""The charsets that a guess chooses from, the more common first: rarer ones fit short texts by accident."""
_TIE = 0.02
"""Guesses that differ by no more, in disorder and in coherence, are equally good: the more common charset is taken."""
_EXTENDED = {
    "iso2022_jp_ext": from_iso_2022_jp, "euc_jp": from_euc_jp,
}  # fmt: skip
"""Charsets in which programs write signs that are not theirs."""
_SPOILT = 0.02
"""The share of characters that may be broken in a text before its declared charset is no longer believed."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the charset that it was read in, and whether that is a guess. `broken` says that characters were lost."""

    text: str
    charset: str
    guessed: bool = False
    broken: bool = False


def decode(data: bytes, declared: str | None = None, hint: str | None = None) -> Decoded:
    """The text of these bytes, without NULs and lone surrogates; `hint` is a charset that the mail uses elsewhere."""
    if data.isascii() and b"\x1b" not in data and not _stateful(declared):
        return Decoded(fit(data.decode("ascii")), "us-ascii")
    known = known_charset(declared)
    return (
        _by_byte_order_mark(data)
        or _as_utf_8(data, known)
        or _as_declared(data, known)
        or _as_elsewhere(data, known_charset(hint))
        or _guess(data)
    )


def fit(text: str) -> str:
    """The text without NULs and lone surrogates, which no JSON, database or page takes."""
    if not _UNFIT.search(text):
        return text
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired.replace("\0", "")


@lru_cache(maxsize=512)
def known_charset(declared: str | None) -> str | None:
    """The Python codec for a declared charset, or None where the name says nothing."""
    name = (declared or "").strip().strip("\"'").lower()
    if not _NAME.match(name):
        return None
    name = _ALIASES.get(name, name)
    try:
        codec = codecs.lookup(name)
        b"".decode(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if codec.name in _REFUSED or name in _REFUSED else name


def _stateful(declared: str | None) -> bool:
    """Whether bytes below 128 are more than ASCII here: UTF-7, UTF-16, HZ, ISO-2022."""
    known = known_charset(declared)
    return bool(known) and known not in (*_LATIN, "utf-8") and b"+AGE-~{}".decode(known or "", "replace") != "+AGE-~{}"


def _by_byte_order_mark(data: bytes) -> Decoded | None:
    name = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    return None if name is None else _whole(data, name) or _with_losses(data, name)


def _as_utf_8(data: bytes, known: str | None) -> Decoded | None:
    """The bytes as good UTF-8, where nothing else is declared on purpose."""
    return _whole(data, "utf-8") if known is None or known in _LATIN else None


def _as_declared(data: bytes, known: str | None) -> Decoded | None:
    """The bytes in their declared charset; as what they are where too many of them have no meaning in it."""
    if known is None or known == "us-ascii":
        return None
    if text := _whole(data, known):
        return text
    spoilt = _with_losses(data, known)
    lost = spoilt.text.count("\ufffd")
    if known in _LATIN or lost <= max(2, len(spoilt.text) * _SPOILT):
        return spoilt
    return _whole(data, "utf-8") or _guess(data)


def _as_elsewhere(data: bytes, other: str | None) -> Decoded | None:
    """The bytes in the charset that the mail uses elsewhere, where all of them have a meaning in it."""
    if other is None or other == "us-ascii":
        return None
    text = _whole(data, other)
    return None if text is None else replace(text, guessed=True)


def _whole(data: bytes, charset: str) -> Decoded | None:
    """The text where every byte has a meaning in the charset."""
    try:
        return Decoded(fit(data.decode(charset)), charset)
    except (UnicodeError, ValueError):
        text = _EXTENDED[charset](data) if charset in _EXTENDED else None
        return None if text is None else Decoded(fit(text), charset)


def _with_losses(data: bytes, charset: str) -> Decoded:
    """The text with U+FFFD for each byte that has no meaning in the charset."""
    return Decoded(fit(data.decode(charset, "replace")), charset, broken=True)


def _guess(data: bytes) -> Decoded:
    """What the bytes most likely are, by the languages that they would be in; windows-1252 when nothing tells."""
    found = list(from_bytes(data[:_SAMPLE], cp_isolation=_LIKELY, preemptive_behaviour=False))
    ties = {m.encoding for m in found if m.chaos <= found[0].chaos + _TIE and m.coherence >= found[0].coherence - _TIE}
    for name in _LIKELY:
        if name in ties and (text := _whole(data, name)):
            return replace(text, guessed=True)
    text_1252 = _with_losses(data, "windows-1252")
    return replace(text_1252, guessed=True, broken="\ufffd" in text_1252.text)
