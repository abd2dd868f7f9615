"""Two texts compared word by word: which words are the same but for typography, which differ, and where."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from parsing.text.words import TOKEN, TYPOGRAPHY

_Token = tuple[str, int, int]
"""A word, sign or space as it is compared, and its span in the text."""


@dataclass(frozen=True, slots=True)
class Same:
    """A token that both texts have, but for typography: text[start:end], official[official_start:official_end]."""

    start: int
    end: int
    official_start: int
    official_end: int


@dataclass(frozen=True, slots=True)
class Different:
    """Tokens text[start:end] instead of official[official_start:official_end]; either span may be empty."""

    start: int
    end: int
    official_start: int
    official_end: int


def diff_words(text: str, official: str, *, start: int = 0, any_case: bool = False) -> Iterator[Same | Different]:
    """The minimal word difference of text[start:] and the official text, in order.

    No two differences are neighbours. Spaces that only one of the texts has are no difference.
    """
    if text[start:] == official:
        yield Same(start, len(text), 0, len(official))
        return
    left, right = _tokens(text, start, any_case=any_case), _tokens(official, any_case=any_case)
    difference: Different | None = None
    for op in Indel.opcodes([word for word, _, _ in left], [word for word, _, _ in right]):
        if op.tag != "equal":
            span = _span(left, op.src_start, op.src_end, len(text))
            official_span = _span(right, op.dest_start, op.dest_end, len(official))
            difference = _joined(difference, Different(*span, *official_span))
            continue
        if difference is not None:
            yield difference
        difference = None
        yield from _same(left[op.src_start : op.src_end], right[op.dest_start : op.dest_end])
    if difference is not None:
        yield difference


def _joined(last: Different | None, next_one: Different) -> Different:
    """Two neighbouring differences as one."""
    if last is None:
        return next_one
    return Different(last.start, next_one.end, last.official_start, next_one.official_end)


def _same(left: Sequence[_Token], right: Sequence[_Token]) -> Iterator[Same]:
    for (_, start, end), (_, official_start, official_end) in zip(left, right, strict=True):
        yield Same(start, end, official_start, official_end)


def _tokens(text: str, start: int = 0, *, any_case: bool) -> list[_Token]:
    tokens = []
    for match in TOKEN.finditer(text, start):
        word = _compared(match[0])
        if word:
            tokens.append((word.casefold() if any_case else word, match.start(), match.end()))
    return tokens


def _compared(word: str) -> str:
    """A token without typography; nothing for invisible characters."""
    if word.isspace():
        return " "
    if word.isascii() and word.isalnum():
        return word
    return unicodedata.normalize("NFKC", word).translate(TYPOGRAPHY)


def _span(tokens: Sequence[_Token], first: int, last: int, length: int) -> tuple[int, int]:
    """Characters of tokens [first:last]; an empty span is where the next token begins."""
    if first == last:
        at = tokens[first][1] if first < len(tokens) else length
        return at, at
    return tokens[first][1], tokens[last - 1][2]
