"""A sentence as tokens: quoted words, words that mean something to the readers of places and acts, and others."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from parsing.languages.tables import phrases
from parsing.prose.lexicon.lexicon import Entry, Lexicon, Starting
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
    if "same" in kinds:
        found = list(_with_numbers(found))
    if {"negation", "quote"} <= kinds:
        found = list(_with_opposites(found))
    if "parted" in kinds:
        found = list(_with_parted(found))
    if "character" in kinds or {"dash", "quote"} <= kinds:
        found = list(_with_signs(found))
    return found if _HINTED.isdisjoint(kinds) else list(_hints(found))


def kinds_in(text: str, lexicon: Lexicon) -> set[str]:
    """The kinds that the tokens of a text can have: a cheap look before they are made."""
    cut = _cut(text)
    words = {word for part in cut if not isinstance(part, Quoted) for word, _, _ in part}
    kinds = {_SIGNS[word] for word in words & _SIGNS.keys()}.union(
        *(lexicon.starting_with(word).kinds for word in words)
    )
    return kinds | {"quote"} if len(cut) > 1 else kinds


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
            out.append(Token(entry.kind, start, cut[n - 1][2], entry.sign or " ".join(entry.words), entry.value))
        elif word in HAN_DIGITS:
            last = _run(cut, n)
            kind = "number" if n and cut[n - 1][0] in _COUNTING else "cardinal"
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


def _with_numbers(found: Sequence[Token]) -> Iterator[Token]:
    """As in "we suggest that paragraph 2 be …": with a number behind it "that paragraph" is no other one's again."""
    for token, following in zip(found, (*found[1:], None), strict=True):
        numbered = token.kind == "same" and following is not None and following.kind == "number"
        yield token._replace(kind="paragraph") if numbered else token


def _with_parted(found: Sequence[Token]) -> Iterator[Token]:
    """As in "take “A” out", "leave “A” out of it": the verb is parted by the words that go."""
    for n, token in enumerate(found):
        if token.kind != "parted":
            yield token
            continue
        before = [one.kind for one in found[max(0, n - 2) : n]]
        yield token._replace(kind="delete" if before in (["other", "quote"], ["words", "quote"]) else "other")


def _with_signs(found: Sequence[Token]) -> Iterator[Token]:
    """A sign that is named stands for itself where something is to be done with it: "delete the comma after …"."""
    for n, token in enumerate(found):
        if token.kind == "dash" and _between_quotes(found, n):
            yield token._replace(kind="arrow")
            continue
        if token.kind != "character":
            yield token
            continue
        excepted = any(before.kind == "except" for before in found[max(0, n - _EXCEPTED) : n])
        spoken_of = not excepted and _is_about(token, found[max(0, n - 4) : n + 4], found)
        yield token._replace(kind="quote" if spoken_of else "other")


def _with_opposites(found: Sequence[Token]) -> Iterator[Token]:
    """As in "written “A”, not “B”": a negation between two quotations says "instead of"."""
    told = [n for n, token in enumerate(found) if token.kind not in ("comma", "and", "of")]
    sides = dict(zip(told[1:], zip(told, told[2:], strict=False), strict=False))
    for n, token in enumerate(found):
        between = n in sides and all(found[m].kind == "quote" for m in sides[n])
        yield token._replace(kind="instead") if token.kind == "negation" and between else token


def _is_about(sign: Token, near: Sequence[Token], found: Sequence[Token]) -> bool:
    """Whether a sign that is named is spoken of: a word of a change is near it, or another sign is named; "point"
    and "period" mean other things too.
    """
    others = {token.word for token in found if token.kind == "character"}
    doing = _DOING - {"insert", "read"} if sign.word == "." else _DOING
    kinds = {token.kind for token in (near if sign.word == "." else found)}
    return bool(kinds & doing) or len(others) > 1


def _between_quotes(found: Sequence[Token], n: int) -> bool:
    if not (0 < n < len(found) - 1 and found[n - 1].kind == found[n + 1].kind == "quote"):
        return False
    return all(token.kind not in ("after", "before", "between") for token in found[max(0, n - 4) : n - 1])


_DOING = {"delete", "insert", "replace", "with", "instead", "after", "before", "read", "at_end", "stop_here"}


def _entry(cut: Sequence[_Piece], n: int, starting: Starting, lexicon: Lexicon) -> Entry | None:
    """The longest entry that begins here."""
    if n + 1 < len(cut) and (starting.phrases or starting.inflected):
        longest = None
        for entry in _tried(cut[n + 1][0], starting, lexicon):
            longer = longest is None or len(entry.words) > len(longest.words)
            if longer and _says(cut, n, entry, lexicon):
                longest = entry
        if longest is not None:
            return longest
    for entry in starting.alone:
        if entry.kind != "ordinal_suffix" or _follows_a_number(cut, n):
            return entry
    return None


def _tried(following: str, starting: Starting, lexicon: Lexicon) -> tuple[Entry, ...]:
    """The entries whose second word this may be."""
    out: tuple[Entry, ...] = ()
    for form in lexicon.starting_with(following).forms if starting.phrases else ():
        out += starting.phrases.get(form, ())
    return out + starting.inflected


def _follows_a_number(cut: Sequence[_Piece], n: int) -> bool:
    """As in "2nd" and "2-м"."""
    if n > 1 and cut[n - 1][0] == "-" and cut[n][1] == cut[n - 1][2]:
        n -= 1
    return n > 0 and cut[n - 1][0].isdigit() and cut[n][1] == cut[n - 1][2]


def _says(cut: Sequence[_Piece], n: int, entry: Entry, lexicon: Lexicon) -> bool:
    """Whether the words that follow are the rest of the entry."""
    if len(entry.words) > len(cut) - n:
        return False
    for (word, _, _), part in zip(cut[n + 1 : n + len(entry.words)], entry.words[1:], strict=True):
        if word != part and not lexicon.says(word, part):
            return False
    return True


_COUNTING = frozenset("、").union(*(phrases(f"references.{kind}", "zh") for kind in ("number_mark", "range", "and")))
"""Characters after which a Chinese numeral is the number of something: 第三, 第一至三."""


def _run(cut: Sequence[_Piece], n: int) -> int:
    while n < len(cut) and cut[n][0] in HAN_DIGITS:
        n += 1
    return n


_EXCEPTED = 3
"""Words between "except for" and the sign that shall stay, at most."""
_NUMBERED = ("paragraph", "weak_paragraph", "recital", "preamble", "operative")
_HINTED = frozenset(("sentence", "line", "foreign"))


def _hints(found: Sequence[Token]) -> Iterator[Token]:
    """Numbers that belong to a sentence, a line, a page, an article, a target … go into one token with their noun."""
    n = 0
    while n < len(found):
        token = found[n]
        stop = _hint_after(found, n) if token.kind in _HINTED else _hint_before(found, n)
        if stop is None:
            yield token
            n += 1
            continue
        inside = found[n:stop]
        noun = next(t for t in inside if t.kind in _HINTED)
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
    return stop


def _numeric(found: Sequence[Token], n: int) -> bool:
    """A number that no noun of a paragraph follows or precedes."""
    if not (n < len(found) and found[n].kind in ("number", "ordinal")):
        return False
    return not (
        n + 1 < len(found) and found[n + 1].kind in ("paragraph", "recital", "preamble", "operative", "sentence")
    )


def _hint_before(found: Sequence[Token], n: int) -> int | None:
    """Before it: "second sentence", "the last line", "2nd sentence", 第一句."""
    if n and found[n - 1].kind in _NUMBERED and found[n].kind == "number":  # "PP7 line 1"
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
