"""Words between typed marks: [-old-], {+new+}, ~~old~~, **new**, <del>, or as a legend says."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from parsing.languages.tables import phrases
from parsing.model import Mark
from parsing.placing.legend import Legend

_SAID_ONLY = ("brackets", "braces", "angles")
"""Looks that mean a change only where a legend says so, or [old] is before new words."""


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
    found = list(_all_pairs(text, legend))
    for pair, following in zip(found, [*found[1:], None], strict=False):
        if pair.look in legend or pair.look not in _SAID_ONLY or _is_replaced(text, pair, following):
            yield pair


def _is_replaced(text: str, pair: TypedPair, following: TypedPair | None) -> bool:
    """Whether a pair of brackets has inserted words right behind it."""
    if pair.look != "brackets" or following is None or following.mark != "inserted":
        return False
    return not text[pair.end : following.start].strip()


def _all_pairs(text: str, legend: Legend) -> Iterator[TypedPair]:
    for match in _expression().finditer(text):
        row = _table()[int((match.lastgroup or "g0")[1:])]
        first, last = match.span(match.lastgroup or 0)
        mark = legend.get(row["look"], row["act"])
        weak = row.get("weak", False) and row["look"] not in legend
        yield TypedPair(match.start(), match.end(), first, last, mark, weak, row["look"])


# --- the table of marks ------------------------------------------------------------------------------


@cache
def _table() -> list[dict[str, Any]]:
    """The rows of the table and the words in brackets, those with the longer opening first."""
    signs = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["pair"]
    worded = [*_worded("deleted", "verdicts.delete"), *_worded("inserted", "verdicts.insert")]
    return sorted([*worded, *signs], key=_rank)


def _worded(act: str, verdict: str) -> Iterator[dict[str, Any]]:
    """Rows for a word in brackets before the words: "[delete: …]", "(new: …)"."""
    for phrase in (*phrases(verdict), *phrases(f"legend.{act}")):
        if (word := phrase.strip("*")).isalpha():
            for opening, closing in (("[", "]"), ("(", ")")):
                for colon in ":：":
                    yield {"open": f"{opening}{word}{colon}", "close": closing, "act": act, "look": "words"}


def _rank(row: dict[str, Any]) -> int:
    return -len(row["open"])


@cache
def _expression() -> re.Pattern[str]:
    """All pairs. Weak marks that are the same on both sides are tight around words, a single sign not inside one."""
    return re.compile("|".join(_pattern(n, row) for n, row in enumerate(_table())), re.IGNORECASE)


def _pattern(n: int, row: dict[str, Any]) -> str:
    opening, closing = re.escape(row["open"]), re.escape(row["close"])
    edge = re.escape(row["open"][0])
    if row["open"] == row["close"] and row.get("weak"):
        inside = rf"(?P<g{n}>[^\s{edge}](?:[^{edge}]{{0,1500}}?[^\s{edge}])?)"
        around = edge if len(row["open"]) > 1 else rf"\w{edge}"
        return rf"(?<![{around}]){opening}{inside}{closing}(?![{around}])"
    if row["look"] == "words":
        return rf"{opening}\s*(?P<g{n}>[^\[\]()]{{1,1500}}?)\s*{closing}"
    if row["open"][-1] in "[{<":
        return rf"{opening}(?P<g{n}>[^\[\]{{}}<>]{{1,1500}}){closing}"
    return rf"{opening}(?P<g{n}>.{{1,1500}}?){closing}"


@cache
def _openings() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(row["open"]) for row in _table()), re.IGNORECASE)
