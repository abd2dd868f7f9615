"""Texts compared by their words: without typography, without a paragraph's number, and how similar two are.

Typography is the style of quotes and dashes, the width and kind of spaces, and Unicode's compatibility forms.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Indel

from parsing.languages.tables import phrases
from parsing.model import Draft
from parsing.text.normalize import fold
from parsing.text.phrases import expression, folded

TYPOGRAPHY = str.maketrans(
    dict.fromkeys("“”„‟«»″〝〞「」『』＂", '"')
    | dict.fromkeys("‘’‚‛‹›′`´＇", "'")
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c", None)
)
"""Characters that only the style of a text chooses, each with the one that is compared instead."""

_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u9fff"
_JOINED = r"\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f\u064b-\u065f"
TOKEN = re.compile(rf"\.{{3,}}|[{_IDEOGRAPH}]|[^\W{_IDEOGRAPH}](?:[^\W{_IDEOGRAPH}]|[{_JOINED}])*|\s+|[^\w\s]")
"""A word with its accents and invisible characters, an ideograph, a run of spaces, or one other character."""
_ABBREVIATION = re.compile(r".{2,5}|.*[B-DF-HJ-NP-TV-XZ]{5}.*")
"""One short word in capitals, or one that cannot be spoken."""
_PASSAGE = 8
"""Words of a passage that is too long to be the same by chance."""
_WRITTEN_BIS = {written for word in phrases("references.bis") for written in (word, folded(word))}
BIS = "|".join(map(re.escape, sorted(_WRITTEN_BIS, key=len, reverse=True)))
"""What is behind the number of a paragraph that is put between others ("5 bis"), as the source of an expression."""
_PART = expression((*phrases("references.operative"), *phrases("references.preamble")))
_NOUN = rf"(?:(?:{_PART}\s+)?{expression(phrases('references.paragraph'))}|{_PART})"
_NUMBER = re.compile(
    rf"\s*(?:(?:\(?(?:op|pp)[\s.]?\d+(?:\s?(?:{BIS}))?\)?[.:)]?)|(?:{_NOUN}[\s.]*\d{{1,2}}\s?[.:)-])|"
    rf"(?:\(?\d{{1,2}}(?:\s?(?:{BIS}))?[.):、]))\s+"
)
_LONGEST_NUMBER = 80
"""A number that is typed before a paragraph: "5. ", "(5) ", "OP5: ", "(PP1) ", "Paragraph 5: "."""


def number_before(text: str) -> int:
    """The length of a paragraph number typed at the start, with its space; 0 where there is none."""
    start = fold(text[:_LONGEST_NUMBER])
    found = _NUMBER.match(start.text)
    length = start.at[found.end()] if found else 0
    return length if length < len(text) else 0


def lower_emphatic_capitals(new: str, official: str) -> str:
    """New words as they are to be written: in small letters where all of them are in capitals, which only shows that
    they are new. An abbreviation stays as it is.
    """
    shown = [word for word in re.findall(r"[^\W\d_]{2,}", new) if word not in official]
    if not shown or not all(word.isupper() for word in shown):
        return new
    return new if len(shown) == 1 and _ABBREVIATION.fullmatch(shown[0]) else new.lower()


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span widened to the words that it cuts, for reading."""
    if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
        return start, end
    touched = [match.span() for match in TOKEN.finditer(text) if match.start() <= end and match.end() >= start]
    spans = [(start, end), *(span for span in touched if text[span[0]].isalnum())]
    return min(first for first, _ in spans), max(last for _, last in spans)


def plain(text: str) -> str:
    """The text without typography, for comparison; its length may differ."""
    if text.isascii() and "`" not in text:
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFKC", text).translate(TYPOGRAPHY).split())


@lru_cache(maxsize=4096)
def paragraph_key(text: str) -> str:
    """A paragraph without typography, number, case and closing punctuation: what its copies have in common."""
    return plain(text[number_before(text) :]).casefold().strip(" ,;.:[]")


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a paragraph, without typography, number and case."""
    return tuple(token for token in TOKEN.findall(paragraph_key(text)) if token[0].isalnum())


def stand_in(few: Sequence[str], many: Sequence[str]) -> bool:
    """Whether words are among others in a row."""
    return bool(few) and any(tuple(many[n : n + len(few)]) == tuple(few) for n in range(len(many) - len(few) + 1))


def similarity(one: str, other: str) -> float:
    """How similar two texts are, 0 to 1: twice the words in their longest common subsequence, of all their words."""
    return Indel.normalized_similarity(words(one), words(other))


def is_in_draft(text: str, draft: Draft) -> bool:
    """Whether a text is a paragraph of the draft, or a long passage of one, word for word."""
    passage = _spaced(text)
    if len(words(text)) < _PASSAGE:
        return bool(passage.strip()) and any(passage == _spaced(paragraph.text) for paragraph in draft.paragraphs)
    return any(passage in _spaced(paragraph.text) for paragraph in draft.paragraphs)


@lru_cache(maxsize=4096)
def _spaced(text: str) -> str:
    return f" {' '.join(words(text))} "
