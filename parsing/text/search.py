"""Where quoted words are in an official paragraph: whatever their quotes, case, hyphens, spaces or small mistakes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from parsing.languages.tables import phrases
from parsing.text.normalize import fold

_QUOTES = frozenset("\"'“”„‟‘’‚‛«»‹›「」『』《》`´")
_SPACES = "-\n\t "
_SPACED = str.maketrans(dict.fromkeys(_QUOTES) | dict.fromkeys(_SPACES, " "))
_ELLIPSIS = re.compile(r"\s*[\[(]?\s*(?:\.{3,}|…+|\. \. \.)\s*[\])]?\s*")
_EDGES = " \t\u00a0,;.:!?\"'“”‘’«»()[]"
_ALIKE = 88.0
"""Words with small mistakes are this alike, of 100; different words of the draft are at most 80."""
_ALIKE_AT_WHOLE_WORDS = _ALIKE - 3
"""The same once the place is widened to whole words, which adds letters that were not written."""
_SHORTEST = 6
"""Characters of words that may hold mistakes: in shorter ones a mistake makes another word."""
_WORD = re.compile(r"[^\W_]+")
_FEWEST = 3
"""Words, but for little ones, that are known again though little ones are left out or changed."""
_LONGEST = 700
"""Characters of words that are looked for with mistakes, since that takes time."""
_MOST_LONGER = 1.1
"""How much longer than the whole text words may be of which a few letters are too many."""

Exactness = Literal["exact", "loose", "mistaken"]
"""How the words found compare with those looked for: the same; different in case, hyphens or quotes alone; with small
mistakes.
"""


class Match(NamedTuple):
    """A place of words that were looked for: official[start:end]."""

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
    """Every place of the words, those of the best exactness only; () where there is none."""
    search = _remembered if len(words) <= _LONGEST else _found
    return search(words, official, mistakes)


def _found(words: str, official: str, mistakes: bool) -> tuple[Match, ...]:
    parts = _parts(words)
    if len(parts) > 1:
        return _from_first_to_last(parts, official, mistakes=mistakes)
    bare = words.strip(_EDGES)
    found = _loosely(words, official) or (_loosely(bare, official) if bare != words else ())
    if found:
        return tuple(match for match in found if match.exactness == "exact") or found
    return _mistaken(bare, official) if mistakes else ()


_remembered = lru_cache(maxsize=20_000)(_found)
"""The same words are looked for again and again, as each part that they may have in a sentence is tried."""


def is_sign(words: str) -> bool:
    """Whether what is quoted is no word but a comma or the like."""
    return not any(map(str.isalnum, words))


def may_hold(word: str, official: str) -> bool:
    """Whether words that begin with this one can be there at all, which is quickly known."""
    return not word.isalpha() or _loose(word).text in _loose(official).text


def _parts(words: str) -> Sequence[str]:
    """What is between the ellipses of a quotation; nothing where it has none."""
    if "..." not in words and "…" not in words and ". . ." not in words:
        return ()
    return [part for part in _ELLIPSIS.split(words) if part.strip(_EDGES)]


def _from_first_to_last(parts: Sequence[str], official: str, *, mistakes: bool) -> tuple[Match, ...]:
    """The place from the first part to the last: "make … an important goal of them"."""
    matches: list[Match] = []
    for part in parts:
        after = matches[-1].end if matches else 0
        match = next((m for m in find(part, official, mistakes=mistakes) if m.start >= after), None)
        if match is None:
            return ()
        matches.append(match)
    return (Match(matches[0].start, matches[-1].end, matches[-1].exactness),)


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
    """Where the wanted words begin in the text, as whole words."""
    at = text.find(wanted)
    while at >= 0:
        if not _inside_word(text, at) and not _inside_word(text, at + len(wanted)):
            yield at
        at = text.find(wanted, at + 1)


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _same(one: str, other: str) -> bool:
    """Whether two wordings differ in nothing but quotes, spaces and kinds of hyphens."""
    return _letters(one) == _letters(other.replace("‐", "-").replace("‑", "-"))


def _letters(text: str) -> list[str]:
    return [char for char in text if char not in _QUOTES and not char.isspace()]


def _signs(words: str, official: str) -> tuple[Match, ...]:
    """A sign alone: a comma, a full stop."""
    sign = words.strip()
    return tuple(Match(m.start(), m.end()) for m in re.finditer(re.escape(sign), official)) if sign else ()


@lru_cache(maxsize=1024)
def _loose(text: str) -> _Loose:
    spaced = fold(text).text.translate(_SPACED)
    return _Loose(" ".join([word for word in spaced.split(" ") if word]), text)


def _mistaken(words: str, official: str) -> tuple[Match, ...]:
    """The most similar place, cut at whole words, where it is similar enough for the words to hold small mistakes."""
    wanted, loose = _loose(words).text, _loose(official)
    text = loose.text
    spans = _without_little(wanted, text)
    if spans:
        return tuple(Match(loose.at[start], loose.at[end - 1] + 1, "mistaken") for start, end in spans)
    if not _SHORTEST <= len(wanted) <= _LONGEST or len(wanted) > len(text) * _MOST_LONGER:
        return ()
    hit = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=_ALIKE)
    if hit is None:
        return ()
    start, end = _without_signs(text, *_whole_words(text, hit.dest_start, hit.dest_end))
    if start == end or fuzz.ratio(wanted, text[start:end]) < _ALIKE_AT_WHOLE_WORDS:
        return ()
    is_another_word = " " not in wanted and text[start] != wanted[0]
    return () if is_another_word else (Match(loose.at[start], loose.at[end - 1] + 1, "mistaken"),)


def _without_little(wanted: str, text: str) -> list[tuple[int, int]]:
    """Where the words are, little ones such as "the" aside: "incentives which are harmful to the biodiversity"."""
    said = [word for word in _WORD.findall(wanted) if word not in _little()]
    if len(said) < _FEWEST:
        return []
    theirs = [found for found in _WORD.finditer(text) if found[0] not in _little()]
    words, count = [found[0] for found in theirs], len(said)
    starts = (n for n in range(len(words) - count + 1) if words[n] == said[0] and words[n : n + count] == said)
    return [(theirs[n].start(), theirs[n + count - 1].end()) for n in starts]


@cache
def _little() -> frozenset[str]:
    return frozenset(phrases("wording.little", "en"))


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the whole of the words that it cuts."""
    while _inside_word(text, start):
        start -= 1
    while _inside_word(text, end):
        end += 1
    return start, end


def _without_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the spaces and signs at its edges."""
    while start < end and not text[end - 1].isalnum():
        end -= 1
    while start < end and not text[start].isalnum():
        start += 1
    return start, end
