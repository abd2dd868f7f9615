"""The phrases of attribution.toml as patterns over folded text, and text folded so that its offsets stay."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from parsing.text.han import SIMPLIFIED

_HAN = re.compile(r"[\u3400-\u9fff]")
_ARABIC = re.compile(r"^[\u0620-\u06ff]")

TABLE: dict[str, Any] = tomllib.loads((files("parsing.who") / "attribution.toml").read_text("utf-8"))


def any_of(phrases: Iterable[str]) -> str:
    """A pattern of any of the phrases as whole words; Chinese has no words, and Arabic "and" is written on."""
    han: list[str] = []
    words: list[str] = []
    for phrase in phrases:
        if _HAN.search(phrase):
            han.append(phrase)
        else:
            words.append("[وف]?[بلك]?" + phrase if _ARABIC.search(phrase) else phrase)
    both = [rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])"] if words else []
    return folded_pattern(f"(?:{'|'.join(both + han)})")


def folded_pattern(pattern: str) -> str:
    """The pattern for folded text: its letters folded (ASCII is kept: classes are), its blanks any blanks."""
    spaced = pattern.replace(" ?", r"[\s'-]*").replace(" ", r"[\s'-]+")
    return "".join(c if c.isascii() else fold_in_place(c) for c in spaced)


def fold_in_place(text: str) -> str:
    """The cleaned text without case and accents, one character for each: offsets are those of the text."""
    return text.translate(_FOLDED)


class _Folded(dict[int, str]):
    """Folds each character once, when it is first met."""

    def __missing__(self, code: int) -> str:
        bare = unicodedata.normalize("NFD", chr(code).lower())[:1] or chr(code)
        self[code] = _ALIKE.get(bare, bare)
        return self[code]


_ALIKE = SIMPLIFIED | {"ة": "ه", "ى": "ي"} | dict.fromkeys("’‘`´ʼ", "'") | dict.fromkeys("‑‐–—", "-")
_FOLDED = _Folded()
