"""Phrases as patterns over text that is folded so that its offsets stay, and the table of what tells who speaks."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from parsing.languages.tables import phrases
from parsing.text.han import SIMPLIFIED
from parsing.text.phrases import expression

TABLE: dict[str, Any] = tomllib.loads((files("parsing.who") / "attribution.toml").read_text("utf-8"))


def any_of(*concepts: str) -> str:
    """The source of a pattern of all phrases of the concepts, for text that is folded in place."""
    return expression((phrase for concept in concepts for phrase in phrases(concept)), fold_in_place)


@cache
def pattern_in_place(*concepts: str, flags: int = 0) -> re.Pattern[str]:
    """All phrases of the concepts as one pattern over text that is folded in place; made when it is first asked for."""
    return re.compile(any_of(*concepts), flags)


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
