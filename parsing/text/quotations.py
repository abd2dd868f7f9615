"""Quoted words in a text: every style of quotes, nested, wrongly paired, or never closed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsing.languages.tables import phrases
from parsing.text.phrases import expression

_OPENING = dict(zip("«‹「『《〈〝", "»›」』》〉〞", strict=True))
_CLOSING = frozenset(_OPENING.values())
_DOUBLE = frozenset('"“”„‟＂″')
_SINGLE = frozenset("'‘’‚‛`´")
_MARK = re.compile("[" + re.escape("".join([*_OPENING, *_CLOSING, *_DOUBLE, *_SINGLE])) + "]")
_PLAIN_MARK = re.compile("[" + re.escape("".join([*_OPENING, *_DOUBLE])) + r"]|(?<!\w)['‘`´]\w")
_REVERSED = re.compile(r"^[^«»‹›]*[»›]\w[^«»‹›]*[«‹]")
_TURNED = str.maketrans("«»‹›", "»«›‹")
"""»These« are quotation marks, too."""
_ASKS_IN_BRACKETS = re.compile(
    rf"{expression(phrases('quotations.before_brackets'), str.casefold)}\s*\([^()]+\)", re.IGNORECASE
)
_LABEL = re.compile(r"(?:PP|OP)[ .]?\d{1,2}")
"""A paragraph's label in quotation marks is no wording."""
_ARABIC = re.compile(r"[\u0620-\u064a]{3}")
_BRACKETED = re.compile(r"\(([^()\u0600-\u06ff]*[A-Za-z][^()\u0600-\u06ff]+)\)")
"""Brackets around Latin words are quotation marks in an Arabic text that has no others, as in the English of those who
write so.
"""
_MARKS = 60
"""Marks inside one quotation, at most."""
_INVISIBLE = " \u200e\u200f\u202a\u202b\u202c\u00a0\u202f"
LONGEST = 6000
"""Characters of one quotation; what is longer is taken for a quote that was never closed."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """text[start:end] with its quotes; `words` is what is between them."""

    start: int
    end: int
    words: str


def has_quotes(text: str) -> bool:
    """Whether a text has double quotation marks, or single ones around words."""
    return _PLAIN_MARK.search(text) is not None


@lru_cache(maxsize=256)
def quoted(text: str) -> tuple[Quoted, ...]:
    """The outermost quotations, in order."""
    if _REVERSED.search(text):
        text = text.translate(_TURNED)
    marks = [match.start() for match in _MARK.finditer(text)]
    found = tuple(_found(text, marks)) if marks else ()
    if not found and "(" in text and (_ARABIC.search(text) or _ASKS_IN_BRACKETS.search(text)):
        return tuple(Quoted(m.start(), m.end(), m[1].strip(_INVISIBLE)) for m in _BRACKETED.finditer(text))
    return found


def without_quotations(text: str, instead: str = " ") -> str:
    """The text with something else in the place of each quotation."""
    out, at = "", 0
    for quote in quoted(text):
        out += text[at : quote.start] + instead
        at = quote.end
    return out + text[at:]


def unquoted(text: str) -> str:
    """The words inside, where one pair of quotation marks holds the whole text."""
    bare = text.strip()
    quotes = quoted(bare)
    if len(quotes) == 1 and quotes[0].start == 0 and quotes[0].end >= len(bare) - 2:
        return quotes[0].words
    return bare


def after_colon(text: str) -> str:
    """The one quotation that ends a text behind a colon; else the text."""
    quotes = quoted(text)
    if len(quotes) != 1 or quotes[0].end < len(text.rstrip()) - 1:
        return text
    return quotes[0].words if text[: quotes[0].start].rstrip().endswith((":", "：")) else text


def _found(text: str, marks: Sequence[int]) -> Iterator[Quoted]:
    """`marks` are the offsets of all quotation marks."""
    at = 0
    for n, start in enumerate(marks):
        if start < at or not _opens(text, start):
            continue
        end = _end(text, start, marks[n + 1 : n + 1 + _MARKS])
        if end is None:
            continue
        inner = text[start + 1 : end]
        if inner.startswith(("'", "’", "`")) and inner.endswith(("'", "’", "´")) and len(inner) > 2:
            inner = inner[1:-1]
        if inner.strip() and not _LABEL.fullmatch(inner.strip()):
            yield Quoted(start, end + 1, inner.strip(_INVISIBLE))
        at = end + 1


def _opens(text: str, at: int) -> bool:
    char = text[at]
    if char in _OPENING:
        return True
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if char in _SINGLE:
        opened = _letter(after) or after in ",;.([-$€" or after in _DOUBLE
        return not _letter(before) and bool(after.strip()) and opened
    return char in _DOUBLE and bool(after)


def _letter(char: str) -> bool:
    """A letter of a script that puts spaces between words."""
    return char.isalnum() and char < "\u2e80"


def _end(text: str, at: int, marks: Sequence[int]) -> int | None:
    """Where the quotation that opens at `at` closes; None where it does not."""
    char = text[at]
    near = [n for n in marks if n - at < LONGEST]
    if char in _OPENING:
        return _end_paired(text, at, near)
    if char in _SINGLE:
        return _end_single(text, near)
    return _end_double(text, at, near)


def _end_paired(text: str, at: int, marks: Sequence[int]) -> int | None:
    opening, closing, depth = text[at], _OPENING[text[at]], 1
    for n in marks:
        depth += (text[n] == opening) - (text[n] == closing)
        if depth == 0:
            return n
    return None


def _end_double(text: str, at: int, marks: Sequence[int]) -> int | None:
    """The same style closes first: a curly pair may be inside a straight one. Else any double does."""
    own = '"＂″' if text[at] in '"＂″' else "“”„‟"
    return _end_among(own, text, at, marks) or _end_among("".join(_DOUBLE), text, at, marks)


def _end_among(closing: str, text: str, at: int, marks: Sequence[int]) -> int | None:
    """Where the first of these closes; one that opens before a letter nests."""
    depth, first = 0, None
    for n in marks:
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


def _end_single(text: str, marks: Sequence[int]) -> int | None:
    for n in marks:
        if text[n] in _SINGLE and text[n - 1].strip() and not _letter(text[n + 1 : n + 2]):
            return n
    return None
