"""Changes made by hand: strike-through, bold, underline, colour, highlight or [brackets] used instead of tracking.

Recognised as a habit of the whole file, so that a bold title is no edit. A legend in the file is believed. Where
changes are tracked too, styling is left alone: the two are never mixed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from parsing.model import Block, Mark, MarkedText, Problem, Run
from parsing.placing.hand_marks import PLACES, with_marks
from parsing.placing.legend import Legend, first_and_last, is_legend, legend_of, look_of
from parsing.text.words import number_before

_LINK = re.compile(r"\s*(?:https?://|www\.|[\w.+-]+@)\S+\s*")
_BRACKETED = re.compile(r"(\[[^\[\]]+\])")
_PARAGRAPHS = 2
"""Without a strike-through or a legend, this many paragraphs must be styled inside for it to be a habit."""
_HEADING = 3
"""Words of a paragraph that is a heading or a label where it is styled as a whole, at most."""
_BESIDE_TRACKED = "some words are marked by styling beside the tracked changes; the styling was not read as changes"


def marked_by_hand(text: MarkedText) -> MarkedText:
    """The text with what was marked by styling, as a habit of the whole file, as insertions and deletions."""
    if text.format == "html":
        text = replace(text, blocks=tuple(_as_hand(block) for block in text.blocks))
    if not _may_be_marked(text):
        return text
    blocks, legend = _own_blocks(text)
    habit = _habit(blocks, legend)
    if not habit:
        return text
    if _is_tracked(text):
        return _beside_tracked(text) if "strike" in habit else text
    marked = {id(block): _marked(block, habit) for block in blocks}
    return replace(text, blocks=tuple(marked.get(id(block), block) for block in text.blocks))


def _as_hand(block: Block) -> Block:
    """With the ins and del of HTML as marks made by hand."""
    return replace(block, runs=tuple(replace(run, hand=run.mark != "kept") for run in block.runs))


def _may_be_marked(text: MarkedText) -> bool:
    runs = (run for block in text.blocks for run in block.runs)
    return any(run.style or run.hand or "[" in run.text for run in runs)


def _own_blocks(text: MarkedText) -> tuple[list[Block], Legend]:
    """The sender's own blocks that may be marked, and what the legends among them say, which are no part of them."""
    own = [block for block in text.blocks if block.place in PLACES and block.role == "own"]
    legends = {id(block): block.text for block in first_and_last(own) if is_legend(block.text)}
    return [block for block in own if id(block) not in legends], legend_of(legends.values())


def _is_tracked(text: MarkedText) -> bool:
    return any(run.mark != "kept" and not run.hand for block in text.blocks for run in block.runs)


def _beside_tracked(text: MarkedText) -> MarkedText:
    return replace(text, problems=(*text.problems, Problem("", _BESIDE_TRACKED)))


# --- the habit ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Styled:
    """How the words of a run look: all `looks` that can mean a change, and of these the ones that most text lacks."""

    struck: bool
    looks: set[str]
    unusual: set[str]


def _habit(blocks: Sequence[Block], legend: Legend) -> Legend:
    """What each look means in this file; empty where styling means nothing."""
    usual = _usual_looks(blocks)
    beside, inside = Counter[str](), Counter[str]()
    struck = False
    for block in blocks:
        styled = [_styled(run, usual) for run in block.runs if run.text.strip()]
        struck = struck or any(one.struck for one in styled)
        beside.update(_beside_struck(styled))
        inside.update({} if legend else dict.fromkeys(_begun_inside(styled), 1))
    means: dict[str, Mark] = {"strike": "deleted"} if struck or legend else {}
    means |= dict.fromkeys(_of_additions(beside, inside, struck=struck), "inserted")
    return means | {look: mark for look, mark in legend.items() if look not in usual}


def _styled(run: Run, usual: set[str]) -> _Styled:
    looks = _looks(run)
    return _Styled("strike" in run.style, looks, looks - usual - {"strike"})


def _beside_struck(styled: Sequence[_Styled]) -> Iterator[str]:
    """The looks of words next to struck ones, as they are counted."""
    for n, one in enumerate(styled):
        if not one.struck and any(other.struck for other in _neighbours(styled, n)):
            yield from one.unusual


def _begun_inside(styled: Sequence[_Styled]) -> set[str]:
    """The looks of words behind the first of a paragraph that a neighbour does not have."""
    inside: set[str] = set()
    for n, one in enumerate(styled[1:], 1):
        if any(other.looks.isdisjoint(one.unusual) for other in _neighbours(styled, n)):
            inside |= one.unusual
    return inside


def _neighbours(styled: Sequence[_Styled], n: int) -> Sequence[_Styled]:
    return [*styled[max(0, n - 1) : n], *styled[n + 1 : n + 2]]


def _of_additions(beside: Counter[str], inside: Counter[str], *, struck: bool) -> Iterable[str]:
    """The looks that mark additions: those beside struck words, else those inside paragraphs."""
    if beside:
        most = max(beside.values())
        return [look for look, count in beside.items() if 2 * count >= most]
    least = 1 if struck else _PARAGRAPHS
    return [look for look, count in inside.most_common(2) if count >= least]


def _usual_looks(blocks: Sequence[Block]) -> set[str]:
    """The looks that most of the text has anyway."""
    letters: Counter[str] = Counter()
    total = 0
    for block in blocks:
        for run in block.runs:
            total += len(run.text)
            letters.update(dict.fromkeys(_looks(run), len(run.text)))
    return {look for look, count in letters.items() if 2 * count > total}


def _looks(run: Run) -> set[str]:
    """The looks that can mean a change; a link's are none, and italics are for the openers of paragraphs."""
    if _LINK.fullmatch(run.text):
        return set()
    return {look_of(feature) for feature in run.style} - {"italic", "superscript", "subscript", "colour:grey"}


# --- the marks ---------------------------------------------------------------------------------------


def _marked(block: Block, habit: Legend) -> Block:
    """The block with the marks that its styling means; headings, and labels that are styled as a whole, as they are."""
    runs = _bracketed(block.runs, habit["brackets"]) if "brackets" in habit else block.runs
    marked = _with_plain_label(tuple(_with_mark(run, habit) for run in runs))
    marks = {run.mark for run in marked if run.text.strip() and run.mark != "undone"}
    is_label = len(block.text.split()) <= _HEADING and marks == {"inserted"}
    return block if block.heading or is_label else with_marks(block, marked)


def _with_plain_label(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs with a paragraph's label before its words as no mark: "**PP2.** Emphasizing …"."""
    first = next((n for n, run in enumerate(runs) if run.text.strip()), 0)
    if len(runs) > first + 1 and runs[first].hand and number_before(f"{runs[first].text.strip()} x"):
        label = replace(runs[first], mark="kept", hand=False)
        return (*runs[:first], label, *runs[first + 1 :])
    return runs


def _with_mark(run: Run, habit: Legend) -> Run:
    """The run with the mark that its looks mean; a legend may say "coloured" of any colour, and of a highlight too."""
    if run.mark != "kept":
        return run
    looks = {look_of(feature) for feature in run.style}
    looks |= {look.partition(":")[0] for look in looks} | {look.replace("highlight:", "colour:") for look in looks}
    marks = {habit[look] for look in looks if look in habit}
    if not marks:
        return run
    return replace(run, mark="deleted" if "deleted" in marks else "inserted", hand=True)


def _bracketed(runs: Iterable[Run], mark: Mark) -> Iterator[Run]:
    """With [bracketed words] as runs of their own, marked; the brackets are in neither view."""
    for run in runs:
        if run.mark != "kept":
            yield run
            continue
        for piece in _BRACKETED.split(run.text):
            if _BRACKETED.fullmatch(piece):
                yield replace(run, text="[", mark="undone", hand=True)
                yield replace(run, text=piece[1:-1], mark=mark, hand=True)
                yield replace(run, text="]", mark="undone", hand=True)
            elif piece:
                yield replace(run, text=piece)
