"""What a file says of its own styling: "additions in bold, deletions struck through"."""

import colorsys
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from parsing.languages.tables import phrases
from parsing.model import Block, Mark, MarkedText
from parsing.text.phrases import expression, folded, pattern_of

_EDGE = 40
"""Paragraphs at either end of a file among which a legend may be."""
_LONGEST = 60
"""Words of a legend, at most: a paragraph of the draft that speaks of additions is none."""
_LOOK_ALONE = 4
"""Words of a clause that has a look and nothing else, at most: "and in bold"."""
_OTHER: dict[Mark, Mark] = {"inserted": "deleted", "deleted": "inserted"}
_SENTENCE = re.compile(r"[.。؟!\n]")
_PART = re.compile(r"[;:：；؛]")
_TYPED = re.compile(r"[_*~]+")
"""Marks that a legend of typed marks shows around its own words: "additions in _underscores_"."""

_SAYS_MORE = re.compile(r"[\d\"“”„«»「『]")
"""What a legend does not hold: the number of a paragraph, words that are quoted."""

Legend = Mapping[str, Mark]
"""What a look means: inserted or deleted."""


def legend_of(texts: Iterable[str]) -> Legend:
    """The looks that a legend among these paragraphs explains; empty where there is none."""
    found: dict[str, Mark] = {}
    for text in texts:
        found.update(_explained(text))
    return found


def first_and_last(blocks: Sequence[Block]) -> Sequence[Block]:
    """The first and the last of these blocks, among which a legend may be."""
    return [*blocks[:_EDGE], *blocks[_EDGE:][-_EDGE:]]


def is_legend(text: str) -> bool:
    """Whether a paragraph explains looks: "additions in bold"."""
    return bool(_explained(text))


def act_of(text: str) -> Mark | None:
    """The one act that words name: "deletions"."""
    acts, _ = _said(text)
    return None if len(acts) != 1 else "inserted" if "inserted" in acts else "deleted"


def without_legends(blocks: Sequence[Block], text: MarkedText) -> tuple[Block, ...]:
    """The blocks but for the legends that the marks of the whole text have borne out: they say nothing of the draft."""
    if not any(run.hand for block in text.blocks for run in block.runs):
        return tuple(blocks)
    return tuple(block for block in blocks if _SAYS_MORE.search(block.text) or not is_legend(block.text))


@lru_cache(maxsize=1024)
def _explained(text: str) -> Legend:
    """The looks of each clause that names one act.

    A clause that names looks alone goes on with the act before it, or waits for the one behind it in its sentence:
    "[in brackets] – text, that shall go".
    """
    text = _TYPED.sub(" ", text)
    if len(text.split()) > _LONGEST or not any(act.search(folded(text)) for act in _acts().values()):
        return {}
    found: dict[str, Mark] = {}
    for sentence in _SENTENCE.split(text.replace("...", "…")):
        act: Mark | None = None
        for part in _PART.split(sentence):
            act, explained = _explained_in(part, act)
            for look, mark in explained.items():
                _explain(found, (look,), mark)
    if "strike" in found:
        found["strike"] = "deleted"  # nobody strikes out what is new
    return {look: mark for look, mark in found.items() if mark != "kept"}


def _explain(found: dict[str, Mark], looks: Iterable[str], act: Mark) -> None:
    """Says what looks mean; one that means both says nothing: "new: red and underlined, deleted: red and struck"."""
    for look in looks:
        found[look] = act if found.get(look, act) == act else "kept"


def _explained_in(part: str, act: Mark | None) -> tuple[Mark | None, Legend]:
    """(the act that the next part of a sentence may go on with, the looks of this one); `act` is that of the last one.

    Where a look has waited for its act, the next one waits for its own: "red is what we add, struck what we take out".
    A clause of its own whose act is in unknown words says the other one.
    """
    found: dict[str, Mark] = {}
    waiting: list[str] = []
    waits = False
    for clause in _clause().split(part):
        acts, looks = _said(clause)
        if len(acts) == 1:
            act = "inserted" if "inserted" in acts else "deleted"
            _explain(found, looks or waiting, act)
            waits = not looks and bool(waiting)
            waiting = []
        elif acts:
            act = None
        elif act is None or waits:
            waiting += looks
        elif len(clause.split()) > _LOOK_ALONE:
            _explain(found, looks, _OTHER[act])
        else:
            _explain(found, looks, act)
    return act, found


def _said(clause: str) -> tuple[set[str], list[str]]:
    """The acts and the looks that a clause names."""
    words = folded(clause)
    acted = {name for name, pattern in _acts().items() if pattern.search(words)}
    return acted, [name for name, pattern in _looks().items() if pattern.search(words)]


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


# --- the words of legends ----------------------------------------------------------------------------

_ACTS = ("inserted", "deleted")
_LOOKS = (
    "strike", "bold", "underline", "italic", "capitals", "highlight", "brackets", "braces", "angles",
    "colour:red", "colour:blue", "colour:green", "colour:yellow", "colour:violet", "colour",
)  # fmt: skip


@cache
def _acts() -> dict[str, re.Pattern[str]]:
    return {name: pattern_of(f"legend.{name}") for name in _ACTS}


@cache
def _looks() -> dict[str, re.Pattern[str]]:
    looks = {name: pattern_of(f"legend.{name}") for name in _LOOKS}
    specimen = rf"\[(?:\.{{2,3}}|x+|{expression(phrases('legend.specimen'))})\]"
    return looks | {"brackets": re.compile(f"{looks['brackets'].pattern}|{specimen}")}


@cache
def _clause() -> re.Pattern[str]:
    """What parts the clauses of a legend: signs and "and"."""
    return re.compile(rf"[;,.:：，；。、،؛\n()]|{expression(phrases('legend.joins'), str.casefold)}", re.IGNORECASE)
