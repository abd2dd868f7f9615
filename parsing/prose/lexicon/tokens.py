"""A sentence as tokens: quoted words, words that mean something to the readers of places and acts, and others."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from parsing.languages.tables import phrases
from parsing.prose.lexicon.lexicon import Entry, Lexicon, Starting
from parsing.prose.lexicon.order import one_of, order_of
from parsing.text.normalize import Folded, fold
from parsing.text.numerals import HAN_DIGITS, han_number
from parsing.text.quotations import Quoted, quoted
from parsing.text.segment import pieces

_Piece = tuple[str, int, int]
_SIGNS = {
    ",": "comma", "،": "comma", "、": "comma", ":": "colon", ";": "semicolon", "؛": "semicolon",
    "+": "insert",
    "->": "arrow", "=>": "arrow", ">": "arrow", "→": "arrow", "⇒": "arrow",
    "(": "open", ")": "close", "[": "open", "]": "close",
    "【": "open", "】": "close", "〔": "open", "〕": "close",
    "§": "paragraph", "&": "and", "-": "dash", "_": "dash", "/": "dash",
    ".": "stop", "。": "stop", "?": "stop", "!": "stop", "؟": "stop",
}  # fmt: skip


_COUNTING = frozenset("、").union(*(phrases(f"references.{kind}", "zh") for kind in ("number_mark", "range", "and")))
"""Characters after which a Chinese numeral is the number of something: 第三, 第一至三."""
_QUOTE, _LITTLE = one_of("quote"), one_of("comma", "and", "of")
_RECONSIDERED = (
    # "we suggest that paragraph 2 be …": with a number behind it, "that paragraph" is no other one's again
    (re.compile(f"({one_of('same')}){one_of('number')}"), "paragraph"),
    # "written “A”, not “B”": a negation between two quotations says "instead of"
    (re.compile(f"{_QUOTE}{_LITTLE}*({one_of('negation')})(?={_LITTLE}*{_QUOTE})"), "instead"),
    # "take “A” out", "leave the words “A” out": a verb that is parted by the words that go
    (re.compile(f"{one_of('other', 'words')}{_QUOTE}({one_of('parted')})"), "delete"),
)
_UNSURE = frozenset(("same", "negation", "parted"))
"""The kinds that mean something else by what is around them."""
_HINTED = frozenset(("sentence", "line", "foreign"))
"""Nouns whose numbers are no paragraph's."""
_COUNTED = one_of("paragraph", "weak_paragraph", "recital", "preamble", "operative")
_NUMERIC = one_of("number", "ordinal", "cardinal", "number_mark")
_BEFORE = rf"(?!(?<={_COUNTED}){one_of('number')}){_NUMERIC}{{1,3}}{one_of('sentence', 'line')}"
"""As in "second sentence", "the last line", "2nd sentence", 第一句; the number of "PP7 line 1" is another's."""
_BEHIND = rf"{one_of(*_HINTED)}{one_of('number', 'ordinal', 'cardinal', 'number_mark')}*"
"""As in "line 2", "Article 8(j)", "الجملة الأولى"."""
_HINT = re.compile(rf"{_BEFORE}|{_BEHIND}")


class Token(NamedTuple):
    """text[start:end] of the sentence; `word` is its folded form, or the quoted words as they stand."""

    kind: str
    start: int
    end: int
    word: str
    value: int = 0


def tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """The tokens of a sentence, in order; hints and numbers of other things are made one token each."""
    found: list[Token] = []
    for part in _cut(text):
        if isinstance(part, Quoted):
            found.append(Token("quote", part.start, part.end, part.words))
        else:
            found += _plain(part, lexicon)
    kinds = {token.kind for token in found}
    if not _UNSURE.isdisjoint(kinds):
        found = _reconsidered(found)
    return found if _HINTED.isdisjoint(kinds) else _with_hints(found)


@lru_cache(maxsize=16)
def _cut(text: str) -> tuple[Quoted | list[_Piece], ...]:
    """The quotations of a text and the pieces between them, which are the same in every language."""
    folded = fold(text)
    out: list[Quoted | list[_Piece]] = []
    at = 0
    for quote in quoted(text):
        out += (_pieces(folded, at, quote.start), quote)
        at = quote.end
    out.append(_pieces(folded, at, len(text)))
    return tuple(out)


def _pieces(folded: Folded, start: int, end: int) -> list[_Piece]:
    """The pieces of text[start:end], at their offsets in the text."""
    at = folded.at
    if isinstance(at, range):
        return list(pieces(folded.text, start, end))
    found = pieces(folded.text, bisect_left(at, start), bisect_left(at, end))
    return [(word, at[a], at[b - 1] + 1) for word, a, b in found]


def _plain(cut: Sequence[_Piece], lexicon: Lexicon) -> list[Token]:
    """The tokens of what is outside quotation marks."""
    out: list[Token] = []
    known, n = lexicon.known, 0
    while n < len(cut):
        word, start, end = cut[n]
        starting = known.get(word) or lexicon.starting_with(word)
        entry = _entry(cut, n, starting, lexicon) if starting.kinds else None
        if entry is not None:
            if lexicon.is_and(word, entry.words[0]):
                out.append(Token("and", start, start + 1, word[0]))
                start += 1
            n += len(entry.words)
            if entry.kind == "ordinal_suffix":  # "2nd", "2-м"
                at = len(out) - (2 if out[-1].kind == "dash" else 1)
                out[at:] = [out[at]._replace(kind="ordinal", end=end)]
                continue
            out.append(Token(entry.kind, start, cut[n - 1][2], entry.sign or " ".join(entry.words), entry.value))
        elif word in HAN_DIGITS:
            kind = "number" if n and cut[n - 1][0] in _COUNTING else "cardinal"
            last = next((m for m in range(n, len(cut)) if cut[m][0] not in HAN_DIGITS), len(cut))
            digits = "".join(piece[0] for piece in cut[n:last])
            n = last
            out.append(Token(kind, start, cut[last - 1][2], digits, han_number(digits)))
        else:
            n += 1
            if word.isdigit() and word.isascii():
                out.append(Token("number", start, end, word, int(word[:9])))
            else:
                out.append(Token(_SIGNS.get(word, "other"), start, end, word))
    return out


def _reconsidered(found: Sequence[Token]) -> list[Token]:
    """The tokens with those of another kind that mean something else by what is around them."""
    out, order = list(found), order_of(token.kind for token in found)
    for form, kind in _RECONSIDERED:
        for n in (match.start(1) for match in form.finditer(order)):
            out[n] = out[n]._replace(kind=kind)
    return out


def _entry(cut: Sequence[_Piece], n: int, starting: Starting, lexicon: Lexicon) -> Entry | None:
    """The longest entry that begins here."""
    following = lexicon.starting_with(cut[n + 1][0]).forms if starting.seconds and n + 1 < len(cut) else ()
    alone = starting.seconds.isdisjoint([begun for form in following for begun in (form, form[:2])])
    found = starting.alone if alone else starting.entries
    return next((entry for entry in found if _says(cut, n, entry, lexicon)), None)


def _follows_a_number(cut: Sequence[_Piece], n: int) -> bool:
    """As in "2nd" and "2-м"."""
    if n > 1 and cut[n - 1][0] == "-" and cut[n][1] == cut[n - 1][2]:
        n -= 1
    return n > 0 and cut[n - 1][0].isdigit() and cut[n][1] == cut[n - 1][2]


def _says(cut: Sequence[_Piece], n: int, entry: Entry, lexicon: Lexicon) -> bool:
    """Whether the words that follow are the rest of the entry."""
    for at, part in enumerate(entry.words[1:], n + 1):
        if at == len(cut) or not lexicon.says(cut[at][0], part):
            return False
    return entry.kind != "ordinal_suffix" or _follows_a_number(cut, n)


def _with_hints(found: Sequence[Token]) -> list[Token]:
    """Numbers that belong to a sentence, a line, a page, an article, a target … go into one token with their noun."""
    out: list[Token] = []
    at = 0
    for match in _HINT.finditer(order_of(token.kind for token in found)):
        inside = found[match.start() : match.end()]
        noun = next(token for token in inside if token.kind in _HINTED)
        value = next((token.value for token in inside if token.kind in ("number", "ordinal")), 0)
        out += found[at : match.start()]
        out.append(noun._replace(start=inside[0].start, end=inside[-1].end, value=value))
        at = match.end()
    return [*out, *found[at:]]
