"""Changes made by hand: strike-through, bold, underline, colour, highlight or [brackets] used instead of tracking.

Recognised as a habit of the whole file, so that a bold title is no edit. A legend in the file is believed. Where
changes are tracked too, styling is left alone: the two are never mixed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from parsing.model import Block, Draft, Mark, MarkedText, Problem, Run
from parsing.placing.legend import Legend, is_legend, legend_of, look_of
from parsing.placing.match_paragraphs import nearest
from parsing.text.words import number_before

_PLACES = ("body", "table", "textbox")
_LINK = re.compile(r"\s*(?:https?://|www\.|[\w.+-]+@)\S+\s*")
_BRACKETED = re.compile(r"(\[[^\[\]]+\])")
_PARAGRAPHS = 2
"""Without a strike-through or a legend, this many paragraphs must be styled inside for it to be a habit."""
_EDGE = 40
"""Paragraphs at either end of a file among which a legend may stand."""
_AS_IT_STANDS = 0.9
"""A paragraph that is this much alike with its styled words is no addition."""


def marked_by_hand(text: MarkedText) -> MarkedText:
    """The text with what was marked by styling, as a habit of the whole file, as insertions and deletions."""
    if text.format == "html":
        text = replace(text, blocks=tuple(_as_hand(block) for block in text.blocks))
    if not any(run.style or run.hand for block in text.blocks for run in block.runs) and not _brackets(text):
        return text
    looked_at = [block for block in text.blocks if block.place in _PLACES and block.role == "own"]
    edges = looked_at[:_EDGE] + looked_at[_EDGE:][-_EDGE:]
    legends = {id(block) for block in edges if is_legend(_text(block))}
    legend = legend_of(_text(block) for block in edges if id(block) in legends)
    looked_at = [block for block in looked_at if id(block) not in legends]
    habit = _habit(looked_at, legend)
    if not habit:
        return text
    if any(run.mark != "kept" and not run.hand for block in text.blocks for run in block.runs):
        says = "some words are marked by styling beside the tracked changes; the styling was not read as changes"
        return replace(text, problems=(*text.problems, Problem("", says))) if "strike" in habit else text
    own = {id(block) for block in looked_at}
    return replace(text, blocks=tuple(_marked(block, habit) if id(block) in own else block for block in text.blocks))


def _as_hand(block: Block) -> Block:
    """With the ins and del of HTML as marks made by hand."""
    return replace(block, runs=tuple(replace(run, hand=run.mark != "kept") for run in block.runs))


def _brackets(text: MarkedText) -> bool:
    return any("[" in run.text for block in text.blocks for run in block.runs)


def _text(block: Block) -> str:
    return "".join(run.text for run in block.runs)


# --- the habit ---------------------------------------------------------------------------------------


def _habit(blocks: Sequence[Block], legend: Legend) -> Legend:
    """What each look means in this file; empty where styling means nothing."""
    base = _base(blocks)
    if legend:
        said: dict[str, Mark] = {"strike": "deleted", **legend}
        return {look: mark for look, mark in said.items() if look not in base}
    beside, inside = Counter[str](), Counter[str]()
    struck = False
    for block in blocks:
        runs = [run for run in block.runs if run.text.strip()]
        struck = struck or any("strike" in run.style for run in runs)
        seen = set[str]()
        for n, run in enumerate(runs):
            looks = _looks(run) - base - {"strike"}
            near = runs[max(0, n - 1) : n] + runs[n + 1 : n + 2]
            if any("strike" in other.style for other in near) and "strike" not in run.style:
                beside.update(looks)
            if n > 0 and any(not (_looks(other) & looks) for other in near):
                seen |= looks
        inside.update(seen)
    means: dict[str, Mark] = {"strike": "deleted"} if struck else {}
    return means | dict.fromkeys(_of_additions(beside, inside, struck=struck), "inserted")


def _of_additions(beside: Counter[str], inside: Counter[str], *, struck: bool) -> Iterable[str]:
    """The looks that mark additions: those that stand beside struck words, else those that stand inside paragraphs."""
    if beside:
        most = max(beside.values())
        return [look for look, count in beside.items() if 2 * count >= most]
    least = 1 if struck else _PARAGRAPHS
    return [look for look, count in inside.most_common(2) if count >= least]


def _base(blocks: Sequence[Block]) -> set[str]:
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
    runs = tuple(_bracketed(block.runs, habit["brackets"]) if "brackets" in habit else block.runs)
    runs = _with_plain_label(tuple(_styled(run, habit) for run in runs))
    marks = {run.mark for run in runs if run.text.strip() and run.mark != "undone"}
    words = len(_text(block).split())
    if block.heading or (words <= 3 and marks == {"inserted"}):
        return block
    whole = next(iter(marks)) if len(marks) == 1 and block.end == "kept" else block.end
    return replace(block, runs=runs, end=whole)


def _with_plain_label(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs with a paragraph's label before its words as no mark: "**PP2.** Emphasizing …"."""
    first = next((n for n, run in enumerate(runs) if run.text.strip()), 0)
    if len(runs) > first + 1 and runs[first].hand and number_before(f"{runs[first].text.strip()} x"):
        label = replace(runs[first], mark="kept", hand=False)
        return (*runs[:first], label, *runs[first + 1 :])
    return runs


def _styled(run: Run, habit: Legend) -> Run:
    if run.mark != "kept":
        return run
    looks = {look_of(feature) for feature in run.style}
    looks |= {look.partition(":")[0] for look in looks} | {look.replace("highlight:", "colour:") for look in looks}
    marks = {habit[look] for look in looks if look in habit}
    if not marks:
        return run
    return replace(run, mark="deleted" if "deleted" in marks else "inserted", hand=True)


def _bracketed(runs: Iterable[Run], mark: Mark) -> Iterator[Run]:
    """With [bracketed words] as runs of their own, marked; the brackets stand in neither view."""
    for run in runs:
        for piece in _BRACKETED.split(run.text) if run.mark == "kept" else [run.text]:
            if _BRACKETED.fullmatch(piece) and run.mark == "kept":
                yield replace(run, text="[", mark="undone", hand=True)
                yield replace(run, text=piece[1:-1], mark=mark, hand=True)
                yield replace(run, text="]", mark="undone", hand=True)
            elif piece:
                yield replace(run, text=piece)


# --- against the draft -------------------------------------------------------------------------------


def confirmed(text: MarkedText, draft: Draft) -> MarkedText:
    """The text without those marks by hand that the draft does not bear out: styled words that it has itself."""
    if not any(run.hand for block in text.blocks for run in block.runs):
        return text
    return replace(text, blocks=tuple(_confirmed(block, draft) for block in text.blocks))


def _confirmed(block: Block, draft: Draft) -> Block:
    if not any(run.hand and run.mark == "inserted" for run in block.runs):
        return block
    _, as_it_stands = nearest(_text(block), draft)
    _, rejected = nearest("".join(run.text for run in block.runs if run.mark != "inserted"), draft)
    if as_it_stands < _AS_IT_STANDS or as_it_stands <= rejected:
        return block
    plain = tuple(replace(run, mark="kept", hand=False) if run.hand else run for run in block.runs)
    return replace(block, runs=plain, end="kept")
