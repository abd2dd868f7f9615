"""What a file says of its own styling: "additions in bold, deletions struck through"."""

import colorsys
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from parsing.model import Mark

_LONGEST = 60
"""Words of a legend, at most: a paragraph of the draft that speaks of additions is none."""
_CLAUSE = re.compile(r"[;,.:：，；。、،؛\n()]| and | while | et | y | и | а |而|和", re.IGNORECASE)
_TYPED = re.compile(r"[_*~]+")
"""Marks that a legend of typed marks shows around its own words: "additions in _underscores_"."""

Legend = Mapping[str, Mark]
"""What a look means: inserted or deleted."""


def legend_of(texts: Iterable[str]) -> Legend:
    """The looks that a legend among these paragraphs explains; empty where there is none."""
    found: dict[str, Mark] = {}
    for text in texts:
        found.update(_explained(text))
    return found


def is_legend(text: str) -> bool:
    return bool(_explained(text))


@lru_cache(maxsize=1024)
def _explained(text: str) -> Legend:
    """The looks of each clause that names one act; a clause that names looks alone goes on with the act before it."""
    found: dict[str, Mark] = {}
    text = _TYPED.sub(" ", text)
    folded = text.casefold()
    if len(text.split()) > _LONGEST or not any(word in folded for word in _act_words()):
        return found
    act: Mark | None = None
    acts, looks = _patterns()
    for clause in _CLAUSE.split(text):
        acted = {name for name, pattern in acts.items() if pattern.search(clause)}
        looked = [name for name, pattern in looks.items() if pattern.search(clause)]
        if len(acted) == 1:
            act = "inserted" if "inserted" in acted else "deleted"
        elif acted or not looked:
            act = None if acted else act
            continue
        if act is not None:
            found.update(dict.fromkeys(looked, act))
    return found


def look_of(feature: str) -> str:
    """A feature of a run's style as legends name it: "colour:C00000" is "colour:red"."""
    kind, _, value = feature.partition(":")
    if kind in ("colour", "highlight") and (name := _hue(value)):
        return f"{kind}:{name}"
    return feature


def _hue(value: str) -> str | None:
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", value):
        return value.lower()
    red, green, blue = (int(value[n : n + 2], 16) / 255 for n in (0, 2, 4))
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < 0.2:
        return "grey"
    bounds = ((0.05, "red"), (0.11, "orange"), (0.2, "yellow"), (0.47, "green"), (0.72, "blue"), (0.93, "violet"))
    return next((name for bound, name in bounds if hue <= bound), "red")


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("byhand.toml").read_text("utf-8"))


@cache
def _act_words() -> tuple[str, ...]:
    return tuple(word.casefold() for words in _table()["acts"].values() for word in words)


@cache
def _patterns() -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]]]:
    acts, looks = ({name: _any_of(words) for name, words in _table()[part].items()} for part in ("acts", "looks"))
    return acts, looks


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in ordered), re.IGNORECASE)
