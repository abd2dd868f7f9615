"""Words between typed marks: [-old-], {+new+}, ~~old~~, **new**, <del>, or as a legend says."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from parsing.languages.tables import phrases
from parsing.model import Mark
from parsing.placing.legend import Legend, act_of

_SAID_ONLY = ("brackets", "braces", "angles")
"""Looks that mean a change only where a legend says so, or [old] is before new words."""
_CAPITAL = r"[A-Z]+(?:-[A-Z]+)*(?![\w-])"
_CAPITALS = re.compile(rf"(?<![\w-])(?=[A-Z-]{{2}}|[A-Z] [A-Z]{{2}}){_CAPITAL}(?:[ \n,;'’]+(?:{_CAPITAL}|\d+%?))*")
_STOPS = frozenset(",;.")
_VERDICTS = {"deleted": "verdicts.delete", "inserted": "verdicts.insert"}


@dataclass(frozen=True, slots=True)
class TypedPair:
    """Words between two typed marks: text[start:end] with them, text[first:last] without.

    A `weak` pair means other things too; `look` is how a legend names it.
    """

    start: int
    end: int
    first: int
    last: int
    mark: Mark
    weak: bool
    look: str


def may_have_pairs(text: str) -> bool:
    """Whether any mark opens in a text, which is quickly known."""
    return _openings().search(text) is not None


def typed_pairs(text: str, legend: Legend) -> Iterator[TypedPair]:
    """The pairs that may mean a change: of weak brackets and braces those that a legend names, or [old] before new."""
    found = [*_all_pairs(text, legend), *(_capitals(text, legend["capitals"]) if "capitals" in legend else ())]
    found.sort(key=lambda pair: pair.start)
    for pair, following in zip(found, [*found[1:], None], strict=False):
        if pair.look in legend or pair.look not in _SAID_ONLY or _is_replaced(text, pair, following):
            yield pair


def _capitals(text: str, mark: Mark) -> Iterator[TypedPair]:
    """Words in capitals, as a legend explains them; with the comma before them where a sign follows."""
    for match in _CAPITALS.finditer(text):
        start, end = match.span()
        comma = len(text[:start].rstrip()) - 1
        if text[comma : comma + 1] == "," and text[end : end + 1] in _STOPS:
            start = comma
        yield TypedPair(start, end, start, end, mark, weak=True, look="capitals")


def shown_by(texts: Iterable[str]) -> Legend:
    """What pairs mean by the words in them: "~~deletions are between tildes~~", "{taken out}"."""
    found: dict[str, Mark] = {}
    for text in texts:
        for pair in _all_pairs(text, {}):
            act = act_of(text[pair.first : pair.last])
            if act is not None and pair.look != "words":
                found[pair.look] = act
    return found


def _is_replaced(text: str, pair: TypedPair, following: TypedPair | None) -> bool:
    """Whether a pair of brackets has inserted words right behind it."""
    if pair.look != "brackets" or following is None or following.mark != "inserted":
        return False
    return not text[pair.end : following.start].strip()


def _all_pairs(text: str, legend: Legend) -> Iterator[TypedPair]:
    for match in _expression().finditer(text):
        kind = _kinds()[int((match.lastgroup or "g0")[1:])]
        first, last = match.span(match.lastgroup or 0)
        mark = legend.get(kind.look, kind.act)
        weak = kind.weak and kind.look not in legend
        yield TypedPair(match.start(), match.end(), first, last, mark, weak, kind.look)


# --- the kinds of pairs ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of pair: expressions for what opens it, the words and what closes it; what it means, and its look."""

    opening: str
    words: str
    closing: str
    act: Mark
    look: str
    weak: bool = False


@cache
def _kinds() -> list[_Kind]:
    """The kinds in the order in which they are tried: words in brackets, then signs, the longest first."""
    longest_first = sorted(_signs(), key=lambda row: -len(row["open"]))
    return [*_worded("deleted"), *_worded("inserted"), *(_signed(row) for row in longest_first)]


def _worded(act: Literal["deleted", "inserted"]) -> Iterator[_Kind]:
    """A word in brackets before the words: "[delete: …]", "(new: …)"."""
    phrases_of_act = (*phrases(_VERDICTS[act]), *phrases(f"legend.{act}"))
    words = dict.fromkeys(word for phrase in phrases_of_act if (word := phrase.strip("*")).isalpha())
    for opening, closing in ((r"\[", r"\]"), (r"\(", r"\)")):
        opens = rf"{opening}(?:{'|'.join(words)})[:：]\s*"
        yield _Kind(opens, r"[^\[\]()]{1,1500}?", rf"\s*{closing}", act, "words")


def _signed(row: dict[str, Any]) -> _Kind:
    """Signs around the words; weak ones that are the same on both sides are tight around them, a single one not inside
    a word.
    """
    opening, closing, weak = re.escape(row["open"]), re.escape(row["close"]), row.get("weak", False)
    words = ".{1,1500}?"
    if row["open"][-1] in "[{<":
        words = r"[^\[\]{}<>]{1,1500}"
    if row["open"] == row["close"] and weak:
        edge = re.escape(row["open"][0])
        around = edge if len(row["open"]) > 1 else rf"\w{edge}"
        words = rf"[^\s{edge}](?:[^{edge}]{{0,1500}}?[^\s{edge}])?"
        behind_word = rf"|(?<=\w){opening}(?=[,;]\s)"  # "measures+, and …+": a comma may begin what is added
        opening, closing = rf"(?:(?<![{around}]){opening}{behind_word})", rf"{closing}(?![{around}])"
    return _Kind(opening, words, closing, row["act"], row["look"], weak)


@cache
def _expression() -> re.Pattern[str]:
    kinds = (f"{kind.opening}(?P<g{n}>{kind.words}){kind.closing}" for n, kind in enumerate(_kinds()))
    return re.compile("|".join(kinds), re.IGNORECASE)


@cache
def _openings() -> re.Pattern[str]:
    """What opens any pair, by its first signs alone: "[" for "[-", too."""
    signs = [row["open"] for row in _signs()]
    first = [sign for sign in signs if not any(sign != other and sign.startswith(other) for other in signs)]
    words = [kind.opening for kind in _kinds() if kind.look == "words"]
    return re.compile("|".join([*map(re.escape, first), *words]), re.IGNORECASE)


@cache
def _signs() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["pair"]
    return rows
