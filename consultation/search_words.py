"""The words by which mails, edits and comments are found, in every script: the same for what is kept and for what is
looked for, so that every database finds the same.

A word is compared without case, accents, vowel signs and the Arabic article. Scripts that write no spaces between words
are cut into pairs of neighbouring characters, and looked for as a chain of such pairs.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from consultation.borders import border_after, border_before
from parsing.text.arabic import AND, ARTICLE
from parsing.text.quotations import quoted

_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M")
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}\u0640])*")
_WITHOUT_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana, Han: scripts that write no spaces between words."""
_PIECE = re.compile(f"[{_WITHOUT_SPACES}]+|[^{_WITHOUT_SPACES}]+")
_ARABIC = str.maketrans({"ى": "ي", "ة": "ه", "ـ": None, "ی": "ي", "ک": "ك"})
"""Letters that are written for each other, the stretched line, and the Persian forms."""
_ARTICLE = re.compile(rf"^[{AND}]?(?:{ARTICLE}|ب{ARTICLE}|ك{ARTICLE}|لل)(?=.{{3}})")
"""The article, with what is written together with it: and, by, like, for."""
_AROUND = 100
"""Characters shown on each side of what was found."""


class SearchWord(NamedTuple):
    """One word as it is compared, and where it is in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow each other; of the last one the beginning is enough where it is `open`."""

    words: tuple[str, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class SearchHighlight:
    """A stretch of a text; `found` where it is what was looked for."""

    text: str
    found: bool = False


def tokens(text: str) -> Iterator[SearchWord]:
    """The words of a text, in its order."""
    for word in _WORD.finditer(text):
        for piece in _PIECE.finditer(word[0]):
            yield from _of_piece(piece[0], word.start() + piece.start())


def _of_piece(piece: str, at: int) -> Iterator[SearchWord]:
    if not re.match(f"[{_WITHOUT_SPACES}]", piece):
        yield SearchWord(_folded(piece), at, at + len(piece))
        return
    for n in range(len(piece)):
        pair = piece[n : n + 2]
        yield SearchWord(_folded(pair), at + n, at + n + len(pair))


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", word) if unicodedata.category(char)[0] != "M")
    return _ARTICLE.sub("", bare.casefold().translate(_ARABIC))


def words_of(text: str) -> str:
    """The words of a text as they are kept, with a space between."""
    return " ".join(token.word for token in tokens(text) if token.word)


def terms_of(query: str) -> tuple[Term, ...]:
    """What is looked for: each word, or words in quotes as they stand; all of them must be there."""
    terms, at = list[Term](), 0
    for quote in quoted(query):
        terms += map(_term, _WORD.findall(query[at : quote.start]))
        terms.append(_chain(query[quote.start : quote.end], is_open=False))
        at = quote.end
    terms += map(_term, _WORD.findall(query[at:]))
    return tuple(dict.fromkeys(term for term in terms if term.words))


def _term(word: str) -> Term:
    return _chain(word, is_open=True)


def _chain(text: str, *, is_open: bool) -> Term:
    """Of a script without spaces the last character alone says nothing beyond the pair before it."""
    found = list(tokens(text))
    words = [token.word for n, token in enumerate(found) if not (n and found[n - 1].end == token.end)]
    is_pair = bool(found) and found[-1].end - found[-1].start > 1 and bool(re.match(f"[{_WITHOUT_SPACES}]", text[-1:]))
    return Term(tuple(word for word in words if word), is_open and not is_pair)


def excerpt(text: str, terms: Sequence[Term]) -> tuple[SearchHighlight, ...]:
    """The text in one line around the first word that was looked for, with all that are near it marked; its beginning
    where there is none.
    """
    text = " ".join(text.split())
    spans = _merged(_spans(list(tokens(text)), terms))
    start = border_before(text, max(0, spans[0][0] - _AROUND)) if spans else 0
    end = border_after(text, min(len(text), (spans[0][1] if spans else 0) + 2 * _AROUND))
    pieces, at = [SearchHighlight("… ")] if start else [], start
    for first, last in spans:
        if last <= end:
            pieces += [SearchHighlight(text[at:first]), SearchHighlight(text[first:last], found=True)]
            at = last
    pieces += [SearchHighlight(text[at:end]), *([SearchHighlight(" …")] if end < len(text) else [])]
    return tuple(piece for piece in pieces if piece.text)


def holds_all(text: str, terms: Iterable[Term]) -> bool:
    """Whether all that is looked for is in the text."""
    found = list(tokens(text))
    return all(next(_spans(found, (term,)), None) for term in terms)


def _spans(found: Sequence[SearchWord], terms: Iterable[Term]) -> Iterator[tuple[int, int]]:
    for term in terms:
        long = len(term.words)
        for n in range(len(found) - long + 1):
            if _is_here(found[n : n + long], term):
                yield found[n].start, found[n + long - 1].end


def _is_here(found: Sequence[SearchWord], term: Term) -> bool:
    *before, last = term.words
    if [token.word for token in found[:-1]] != before:
        return False
    return found[-1].word.startswith(last) if term.open else found[-1].word == last


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In the order of the text, those that touch as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return out
