"""A sentence as tokens: quoted words, words that mean something to the readers of places and acts, and others."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from parsing.language.fold import fold
from parsing.language.lexicon import Entry, Lexicon, Starting
from parsing.language.numerals import HAN_DIGITS, han_number
from parsing.language.pieces import pieces
from parsing.language.quotes import Quoted, quoted

_Piece = tuple[str, int, int]
_SIGNS = {
    ",": "comma", "،": "comma", "、": "comma", ":": "colon", ";": "semicolon", "؛": "semicolon",
    "+": "insert",
    "->": "arrow", "=>": "arrow", "→": "arrow", "⇒": "arrow", "(": "open", ")": "close", "[": "open", "]": "close",
    "§": "paragraph", "&": "and", "-": "dash", "_": "dash", "/": "dash",
    ".": "stop", "。": "stop", "?": "stop", "!": "stop", "؟": "stop",
}  # fmt: skip


class Token(NamedTuple):
    """text[start:end] of the sentence; `word` is its folded form, or the quoted words as they stand."""

    kind: str
    start: int
    end: int
    word: str
    value: int = 0


def tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """The tokens of a sentence, in order; hints and numbers of other things are made one token each."""
    quotes = quoted(text)
    found = list(_tokens(text, quotes, lexicon))
    return list(_hints(list(_with_signs(found))))


def _tokens(text: str, quotes: Sequence[Quoted], lexicon: Lexicon) -> Iterator[Token]:
    at = 0
    for quote in quotes:
        yield from _plain(text, at, quote.start, lexicon)
        yield Token("quote", quote.start, quote.end, quote.words)
        at = quote.end
    yield from _plain(text, at, len(text), lexicon)


def _plain(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Token]:
    folded = fold(text[start:end])
    cut = [(word, start + folded.at[a], start + folded.at[b - 1] + 1) for word, a, b in pieces(folded.text)]
    n = 0
    while n < len(cut):
        word, a, b = cut[n]
        starting = lexicon.starting_with(word)
        entry = _entry(cut, n, starting, lexicon) if starting.kinds else None
        if entry is not None:
            if lexicon.is_and(word, entry.words[0]):
                yield Token("and", a, a + 1, word[0])
                a += 1
            n += len(entry.words)
            yield Token(entry.kind, a, cut[n - 1][2], entry.sign or " ".join(entry.words), entry.value)
        elif word.isdigit() and word.isascii():
            n += 1
            yield Token("number", a, b, word, int(word[:9]))
        elif word in HAN_DIGITS:
            last = _run(cut, n)
            kind = "number" if n and cut[n - 1][0] in _COUNTING else "cardinal"
            digits = "".join(piece[0] for piece in cut[n:last])
            n = last
            yield Token(kind, a, cut[last - 1][2], digits, han_number(digits))
        else:
            n += 1
            yield Token(_SIGNS.get(word, "other"), a, b, word)


def _with_signs(found: Sequence[Token]) -> Iterator[Token]:
    """A sign that is named stands for itself where something is to be done with it: "delete the comma after …"."""
    for n, token in enumerate(found):
        if token.kind != "character":
            yield token
            continue
        near = {other.kind for other in found[max(0, n - 4) : n + 4]}
        yield token._replace(kind="quote" if near & _DOING else "other")


_DOING = {"delete", "insert", "replace", "with", "instead", "after", "before", "read"}


def _entry(cut: Sequence[_Piece], n: int, starting: Starting, lexicon: Lexicon) -> Entry | None:
    """The longest entry that begins here."""
    if n + 1 < len(cut) and (starting.phrases or starting.inflected):
        here = starting.phrases.get(cut[n + 1][0], ())
        found = (entry for entry in (*here, *starting.inflected) if _says(cut, n, entry, lexicon))
        longest = max(found, key=lambda entry: len(entry.words), default=None)
        if longest is not None:
            return longest
    for entry in starting.alone:
        if entry.kind != "ordinal_suffix" or _follows_a_number(cut, n):
            return entry
    return None


def _follows_a_number(cut: Sequence[_Piece], n: int) -> bool:
    """As in "2nd" and "2-м"."""
    if n > 1 and cut[n - 1][0] == "-" and cut[n][1] == cut[n - 1][2]:
        n -= 1
    return n > 0 and cut[n - 1][0].isdigit() and cut[n][1] == cut[n - 1][2]


def _says(cut: Sequence[_Piece], n: int, entry: Entry, lexicon: Lexicon) -> bool:
    """Whether the words that follow are the rest of the entry."""
    words = entry.words
    if len(words) > len(cut) - n:
        return False
    return all(lexicon.says(cut[n + k][0], words[k]) for k in range(1, len(words)))


_COUNTING = frozenset("第至到和与及、")
"""Characters after which a Chinese numeral is the number of something: 第三, 第一至三."""


def _run(cut: Sequence[_Piece], n: int) -> int:
    while n < len(cut) and cut[n][0] in HAN_DIGITS:
        n += 1
    return n


def _hints(found: Sequence[Token]) -> Iterator[Token]:
    """Numbers that belong to a sentence, a line, a page, an article, a target … go into one token with their noun."""
    n = 0
    while n < len(found):
        token = found[n]
        stop = _hint_after(found, n) if token.kind in ("sentence", "line", "foreign") else _hint_before(found, n)
        if stop is None:
            yield token
            n += 1
            continue
        inside = found[n:stop]
        noun = next(t for t in inside if t.kind in ("sentence", "line", "foreign"))
        value = next((t.value for t in inside if t.kind in ("number", "ordinal")), 0)
        yield noun._replace(start=inside[0].start, end=inside[-1].end, value=value)
        n = stop


def _hint_after(found: Sequence[Token], n: int) -> int:
    """After the noun: "line 2", "lines 31-32", "target 14.2", "Article 8(j)", "decision 14/9", "الجملة الأولى"."""
    stop = n + 1
    while stop < len(found):
        kind = found[stop].kind
        linked = kind in ("dash", "stop", "range", "and", "comma", "number_mark") and _numeric(found, stop + 1)
        if kind not in ("number", "ordinal", "cardinal") and not linked:
            break
        stop += 1
        if found[n].kind == "sentence" and stop - n >= 2:
            break
    return stop


def _numeric(found: Sequence[Token], n: int) -> bool:
    """A number that no noun of a paragraph follows or precedes."""
    if not (n < len(found) and found[n].kind in ("number", "ordinal")):
        return False
    return not (n + 1 < len(found) and found[n + 1].kind in ("paragraph", "preamble", "operative", "sentence"))


def _hint_before(found: Sequence[Token], n: int) -> int | None:
    """Before it: "second sentence", "the last line", "2nd sentence", 第一句."""
    if found[n].kind not in ("number", "ordinal", "cardinal", "number_mark"):
        return None
    stop = n
    while stop < len(found) and stop - n < 4:
        kind = found[stop].kind
        if kind in ("sentence", "line"):
            return stop + 1 if stop > n else None
        if kind not in ("number", "ordinal", "cardinal", "number_mark", "ordinal_suffix", "dash"):
            return None
        stop += 1
    return None
