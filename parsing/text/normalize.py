"""Text made comparable, with a map back: NFKC, no case, no accents, no vowel signs, one kind of digit and dash,
simplified ideographs.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsing.text.han import SIMPLIFIED

_DASHES = frozenset("‐‑‒–—―−﹣－")
_APOSTROPHES = frozenset("’‘ʼ´`")
_ARABIC = str.maketrans("أإآٱىة", "ااااي\u0647")
_DROPPED = frozenset("\u0640")
"""The tatweel, which stretches an Arabic word and means nothing."""


@dataclass(frozen=True, slots=True)
class Folded:
    """`at[n]` is the offset in the original of the folded text's character n; its last entry is the original's end."""

    text: str
    at: Sequence[int]


class _Characters(dict[int, str]):
    """What each character becomes, worked out once; `uneven` are those that become none, or several."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, char: int) -> str:
        self[char] = folded = _folded(chr(char))
        if len(folded) != 1:
            self.uneven.add(chr(char))
        return folded


_CHARACTERS = _Characters()


@lru_cache(maxsize=256)
def fold(text: str) -> Folded:
    if text.isascii() and "`" not in text:
        return Folded(text.lower(), range(len(text) + 1))
    folded = text.translate(_CHARACTERS)
    if _CHARACTERS.uneven.isdisjoint(text):
        return Folded(folded, range(len(text) + 1))
    at, start = list[int](), 0
    for n in [n for n, char in enumerate(text) if char in _CHARACTERS.uneven]:
        at += (*range(start, n), *[n] * len(_CHARACTERS[ord(text[n])]))
        start = n + 1
    return Folded(folded, [*at, *range(start, len(text) + 1)])


def _folded(char: str) -> str:
    if char in _DASHES:
        return "-"
    if char in _APOSTROPHES:
        return "'"
    if char in SIMPLIFIED:
        return SIMPLIFIED[char]
    out = ""
    for one in unicodedata.normalize("NFKC", char):
        category = unicodedata.category(one)
        if category in ("Mn", "Cf") or one in _DROPPED:
            continue
        if category == "Nd":
            out += str(unicodedata.digit(one))
        elif category in ("Zs", "Cc"):
            out += " "
        else:
            out += _bare(one).casefold()
    return out


def _bare(char: str) -> str:
    """A letter without its accent, where the accent is one of spelling alone."""
    if "\u0600" <= char <= "\u06ff":
        return char.translate(_ARABIC)
    if char in "ёЁ":
        return "е"
    base = unicodedata.normalize("NFD", char)[0]
    return base if "a" <= base.lower() <= "z" else char
