"""Where quoted words stand in an official paragraph: whatever their quotes, case, hyphens, spaces or small mistakes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from rapidfuzz import fuzz

from parsing.text.normalize import fold

_QUOTES = frozenset("\"'“”„‟‘’‚‛«»‹›「」『』《》`´")
_SPACES = "-\n\t "
_SPACED = str.maketrans(dict.fromkeys(_QUOTES) | dict.fromkeys(_SPACES, " "))
_ELLIPSIS = re.compile(r"\s*[\[(]?\s*(?:\.{3,}|…+|\. \. \.)\s*[\])]?\s*")
_EDGES = " \t\u00a0,;.:!?\"'“”‘’«»()[]"
_ALIKE = 88.0
"""Words with small mistakes are this alike, of 100; different words of the draft are at most 80."""
_LONGEST = 700

Exactness = Literal["exact", "loose", "mistaken", "several"]
"""How the words found compare with those looked for: the same; different in case, hyphens or quotes alone; with small
mistakes. "several" is for a caller who took the first of several places that are equally good.
"""


@dataclass(frozen=True, slots=True)
class Match:
    """A place where words that were looked for stand: official[start:end]."""

    start: int
    end: int
    exactness: Exactness = "exact"


@dataclass(frozen=True)
class _Loose:
    """A text without case, quotes, accents; hyphens are spaces and spaces are single."""

    text: str
    original: str

    @cached_property
    def at(self) -> Sequence[int]:
        """The offset in the original of each character of the text."""
        folded, out, last = fold(self.original), list[int](), " "
        for char, at in zip(folded.text, folded.at, strict=False):
            plain = " " if char in _SPACES else char
            if char not in _QUOTES and not plain == last == " ":
                out.append(at)
                last = plain
        return out


def find(words: str, official: str, *, mistakes: bool = True) -> tuple[Match, ...]:
    """Every place where the words stand, the best kind of likeness only; () where they do not."""
    if "..." in words or "…" in words or ". . ." in words:
        parts = [part for part in _ELLIPSIS.split(words) if part.strip(_EDGES)]
        if len(parts) > 1:
            return _spans(parts, official, mistakes=mistakes)
    found = _loosely(words, official) or _loosely(words.strip(_EDGES), official)
    if found:
        exact = tuple(f for f in found if f.exactness == "exact")
        return exact or found
    return _mistaken(words.strip(_EDGES), official) if mistakes else ()


def is_sign(words: str) -> bool:
    """Whether quoted words are none, but a comma or the like."""
    return not any(map(str.isalnum, words))


def may_hold(word: str, official: str) -> bool:
    """A cheap look: whether words that begin with this one can stand there."""
    return not word.isalpha() or _loose(word).text in _loose(official).text


def _spans(parts: Sequence[str], official: str, *, mistakes: bool) -> tuple[Match, ...]:
    """From the first part to the last: "make … an important goal of them"."""
    start, last = None, None
    for part in parts:
        after = last.end if last else 0
        last = next((f for f in find(part, official, mistakes=mistakes) if f.start >= after), None)
        if last is None:
            return ()
        start = last.start if start is None else start
    return (Match(start or 0, last.end, last.exactness),) if last else ()


def _loosely(words: str, official: str) -> tuple[Match, ...]:
    wanted = _loose(words).text
    if not wanted.strip():
        return _signs(words, official)
    where = _loose(official)
    if wanted not in where.text:
        return ()
    found = []
    for start in _starts(wanted, where.text):
        a, b = _with_quotes(where.at[start], where.at[start + len(wanted) - 1] + 1, official)
        found.append(Match(a, b, "exact" if _same(official[a:b], words) else "loose"))
    return tuple(found)


def _with_quotes(start: int, end: int, official: str) -> tuple[int, int]:
    """The span with the quotation mark at its edge whose other half is inside."""
    inside = official[start:end]
    if inside.count("“") > inside.count("”") and official[end : end + 1] == "”":
        return start, end + 1
    if inside.count("”") > inside.count("“") and official[start - 1 : start] == "“":
        return start - 1, end
    return start, end


def _starts(wanted: str, text: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        if not (_inside(text, at, wanted[0]) or _inside(text, at + len(wanted), wanted[-1])):
            yield at
        at = text.find(wanted, at + 1)


def _inside(text: str, at: int, edge: str) -> bool:
    """Whether the words would begin or end in the middle of a word."""
    return edge.isalnum() and 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _same(one: str, other: str) -> bool:
    return [c for c in one if c not in _QUOTES and not c.isspace()] == [
        c for c in other.replace("‐", "-").replace("‑", "-") if c not in _QUOTES and not c.isspace()
    ]


def _signs(words: str, official: str) -> tuple[Match, ...]:
    """A sign alone: a comma, a full stop."""
    sign = words.strip()
    return tuple(Match(m.start(), m.end()) for m in re.finditer(re.escape(sign), official)) if sign else ()


@lru_cache(maxsize=1024)
def _loose(text: str) -> _Loose:
    spaced = fold(text).text.translate(_SPACED)
    return _Loose(" ".join([word for word in spaced.split(" ") if word]), text)


def _mistaken(words: str, official: str) -> tuple[Match, ...]:
    """The words with small mistakes in them, cut at whole words."""
    wanted, where = _loose(words).text, _loose(official)
    if not 6 <= len(wanted) <= _LONGEST or len(wanted) > len(where.text) * 1.1:
        return ()
    hit = fuzz.partial_ratio_alignment(wanted, where.text, score_cutoff=_ALIKE)
    if hit is None:
        return ()
    start, end = hit.dest_start, hit.dest_end
    while start > 0 and where.text[start - 1].isalnum() and where.text[start].isalnum():
        start -= 1
    while end < len(where.text) and where.text[end - 1].isalnum() and where.text[end].isalnum():
        end += 1
    while end > start and not where.text[end - 1].isalnum():
        end -= 1
    while start < end and not where.text[start].isalnum():
        start += 1
    alone = " " not in wanted and where.text[start] != wanted[0]
    if end <= start or alone or fuzz.ratio(wanted, where.text[start:end]) < _ALIKE - 3:
        return ()
    return (Match(where.at[start], where.at[end - 1] + 1, "mistaken"),)
