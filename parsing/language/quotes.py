"""Quoted words in a text: every style of quotes, nested, wrongly paired, or never closed."""

from collections.abc import Iterator
from dataclasses import dataclass

_OPENING = dict(zip("«‹「『《〈〝", "»›」』》〉〞", strict=True))
_CLOSING = frozenset(_OPENING.values())
_DOUBLE = frozenset('"“”„‟＂″')
_SINGLE = frozenset("'‘’‚‛`´")
LONGEST = 6000
"""Characters of one quotation; what is longer is taken for a quote that was never closed."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """text[start:end] with its quotes; `words` is what stands between them."""

    start: int
    end: int
    words: str


def quoted(text: str) -> tuple[Quoted, ...]:
    """The outermost quotations, in order."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[Quoted]:
    at = 0
    while at < len(text):
        end = _end(text, at) if _opens(text, at) else None
        if end is None:
            at += 1
            continue
        inner = text[at + 1 : end]
        if inner.startswith(("'", "’", "`")) and inner.endswith(("'", "’", "´")) and len(inner) > 2:
            inner = inner[1:-1]
        if inner.strip():
            yield Quoted(at, end + 1, inner.strip("\u200e\u200f\u202a\u202b\u202c\u00a0\u202f"))
        at = end + 1


def _opens(text: str, at: int) -> bool:
    char = text[at]
    if char in _OPENING:
        return True
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if char in _SINGLE:
        return (
            not _letter(before) and bool(after.strip()) and (_letter(after) or after in ",;.([-$€" or after in _DOUBLE)
        )
    return char in _DOUBLE and bool(after)


def _letter(char: str) -> bool:
    """A letter of a script that puts spaces between words."""
    return char.isalnum() and char < "\u2e80"


def _end(text: str, at: int) -> int | None:
    """Where the quotation that opens at `at` closes; None where it does not."""
    char, limit = text[at], min(len(text), at + LONGEST)
    if char in _OPENING:
        return _end_paired(text, at, limit)
    if char in _SINGLE:
        return _end_single(text, at, limit)
    return _end_double(text, at, limit)


def _end_paired(text: str, at: int, limit: int) -> int | None:
    opening, closing, depth = text[at], _OPENING[text[at]], 0
    for n in range(at, limit):
        depth += (text[n] == opening) - (text[n] == closing)
        if depth == 0:
            return n
    return None


def _end_double(text: str, at: int, limit: int) -> int | None:
    """The same style closes first: a curly pair may stand in a straight one. Else any double does."""
    own = '"＂″' if text[at] in '"＂″' else "“”„‟"
    return _end_among(own, text, at, limit) or _end_among("".join(_DOUBLE), text, at, limit)


def _end_among(closing: str, text: str, at: int, limit: int) -> int | None:
    """Where the first of these closes; one that opens before a letter nests."""
    depth, first = 0, None
    for n in range(at + 1, limit):
        if text[n] not in closing:
            continue
        if _nested(text, at, n):
            depth += 1
        elif depth:
            depth -= 1
            first = first or n
        else:
            return n
    return first


def _nested(text: str, at: int, n: int) -> bool:
    before, after = text[n - 1], text[n + 1 : n + 2]
    if text[at] in "“„" and text[n] in "“„":
        return n > at + 1 and (before in " ([-" and _letter(after)) and "”" in text[n + 1 : n + 200]
    return before in " (" and n > at + 1 and _letter(after) and text[at] == text[n] == '"'


def _end_single(text: str, at: int, limit: int) -> int | None:
    for n in range(at + 1, limit):
        if text[n] in _SINGLE and text[n - 1].strip() and not _letter(text[n + 1 : n + 2]):
            return n
        if text[n] == "\n":
            return None
    return None
