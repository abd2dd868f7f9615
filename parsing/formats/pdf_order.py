"""The characters of a line that contains Arabic, in the order in which they are read.

A page shows them where they are; what was written first follows from the direction of the paragraph and of each word
(UAX 9 turned round).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from parsing.formats.pdf_characters import Char, left_of, right_of

ARABIC = re.compile("[\u0590-\u060b\u060d-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_NONE, _GAP = 0.05, 0.15
"""Of a letter's size: the width of what is no space, and of what is one though none is written."""
_JOINS = frozenset("-–.,:/%٪٫٬")
"""Signs that are inside a number: "2011-2020", "30.5", "50%"."""


def in_order(segments: Iterable[Sequence[Char]], *, backwards: bool) -> list[Char]:
    """The characters of a line as they are read; `backwards` where its paragraph runs from right to left. Those of one
    word are in order already.
    """
    words = sorted((word for chars in segments for word in _words(_drawn(chars))), key=lambda word: word.middle)
    words = list(_numbers(list(_spaced(words))))
    ways = _resolved([word.way for word in words], [word.text for word in words], backwards=backwards)
    shown = list(zip(ways, words, strict=True))
    out: list[Char] = []
    for way, run in groupby(reversed(shown) if backwards else shown, key=lambda one: one[0]):
        inside = [word for _, word in run]
        for word in inside if (way == "right") == backwards else reversed(inside):
            out += word.chars
    return out


@dataclass(frozen=True, slots=True)
class _DrawnWord:
    """Characters of one direction; `way` is "" for signs and spaces, "number" for digits."""

    chars: tuple[Char, ...]
    way: str

    @property
    def x0(self) -> float:
        return left_of(self.chars)

    @property
    def x1(self) -> float:
        return right_of(self.chars)

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def text(self) -> str:
        return "".join(char.text for char in self.chars)


def _drawn(chars: Sequence[Char]) -> list[Char]:
    """Without the spaces that are none on the page: pdfium puts them where it takes the words to end."""
    return [char for char in chars if not char.text.isspace() or char.box.width > _NONE * char.size]


def _spaced(words: Sequence[_DrawnWord]) -> Iterator[_DrawnWord]:
    """With a space wherever there is a gap."""
    last: _DrawnWord | None = None
    for word in words:
        if last is not None and word.x0 - last.x1 > _GAP * word.chars[0].size:
            yield _DrawnWord((replace(word.chars[0], text=" "),), "")
        yield word
        last = word


def _words(chars: Sequence[Char]) -> Iterator[_DrawnWord]:
    """Letters or digits that follow one another; each sign and space alone."""
    ways = [_way(char.text) for char in chars]
    start = 0
    for n in range(1, len(chars) + 1):
        if n == len(chars) or ways[n] != ways[start] or not ways[n]:
            yield _DrawnWord(tuple(chars[start:n]), ways[start])
            start = n


def _way(text: str) -> str:
    if ARABIC.match(text):
        return "right"
    return "number" if text.isdigit() else "left" if text.isalpha() else ""


def _numbers(words: Sequence[_DrawnWord]) -> Iterator[_DrawnWord]:
    """With the signs inside of numbers as parts of these."""
    n = 0
    while n < len(words):
        word = words[n]
        while word.way == "number" and n + 2 < len(words) and words[n + 2].way == "number" and _joins(words[n + 1]):
            word = _DrawnWord((*word.chars, *words[n + 1].chars, *words[n + 2].chars), "number")
            n += 2
        yield word
        n += 1


def _joins(word: _DrawnWord) -> bool:
    return word.text in _JOINS


def _resolved(ways: Sequence[str], texts: Sequence[str], *, backwards: bool) -> list[str]:
    """The direction of each word: numbers and signs go with the words on both sides, or else with the paragraph."""
    base = "right" if backwards else "left"
    known = [_way_of_number(n, ways, texts, base) if way == "number" else way for n, way in enumerate(ways)]
    out: list[str] = []
    for n, way in enumerate(known):
        before = out[-1] if out else base
        after = next((one for one in known[n + 1 :] if one), base)
        out.append(way or (before if before == after else base))
    return out


def _way_of_number(n: int, ways: Sequence[str], texts: Sequence[str], base: str) -> str:
    """The direction of the number at n: that of the words around it, of the Latin word just before it, or `base`."""
    before, after = _letters(ways[:n][::-1]), _letters(ways[n + 1 :])
    if before and before == after:
        return before
    follows_latin = n > 1 and not texts[n - 1].strip() and ways[n - 2] == "left"
    return "left" if follows_latin else base


def _letters(ways: Sequence[str]) -> str:
    """The direction of the first word of letters; "" where there is none."""
    return next((way for way in ways if way in ("left", "right")), "")
