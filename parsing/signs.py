"""The phrases of party.toml as patterns over folded text, and text folded so that its offsets stay."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

TABLE: dict[str, Any] = tomllib.loads((files("parsing") / "party.toml").read_text("utf-8"))


def any_of(phrases: Iterable[str]) -> str:
    """A pattern of any of the phrases as whole words; Chinese has no words, and Arabic "and" is written on."""
    spaced: list[str] = []
    for phrase in phrases:
        if re.search(r"[\u3400-\u9fff]", phrase):
            spaced.append(phrase)
        elif re.search(r"[\u0620-\u06ff]", phrase):
            spaced.append(rf"(?<![^\W_])[وف]?(?:{phrase})(?![^\W_])")
        else:
            spaced.append(rf"(?<![^\W_])(?:{phrase})(?![^\W_])".replace(" ", r"[\s'-]+"))
    return "(?:" + "|".join(spaced) + ")"


def fold_in_place(text: str) -> str:
    """The cleaned text without case and accents, one character for each: offsets are those of the text."""
    return text.translate(_FOLDED)


class _Folded(dict[int, str]):
    """Folds each character once, when it is first met."""

    def __missing__(self, code: int) -> str:
        bare = unicodedata.normalize("NFD", chr(code).lower())[:1] or chr(code)
        self[code] = _ALIKE.get(bare, bare)
        return self[code]


_ALIKE = {"ة": "ه", "ى": "ي"} | dict.fromkeys("’‘`´ʼ", "'") | dict.fromkeys("‑‐–—", "-")
_FOLDED = _Folded()
