"""Marks that were made by hand, by styling or by typing: put into the text, and kept where the draft bears them out."""

from collections.abc import Iterable
from dataclasses import replace

from parsing.model import Block, Draft, MarkedText, Run
from parsing.placing.match_paragraphs import nearest

PLACES = ("body", "table", "textbox")
"""Where marks by hand are looked for: a bold header is no addition."""
_UNCHANGED = 0.9
"""A paragraph that is this similar to one of the draft with its marked words is no addition."""


def with_marks(block: Block, runs: Iterable[Run]) -> Block:
    """The block with runs that carry marks by hand; its end has the mark of its words, where all have the same."""
    runs = tuple(runs)
    marks = {run.mark for run in runs if run.text.strip() and run.mark != "undone"}
    end = marks.pop() if len(marks) == 1 and block.end == "kept" else block.end
    return replace(block, runs=runs, end=end)


def confirmed(text: MarkedText, draft: Draft) -> MarkedText:
    """The text without those marks by hand that the draft does not bear out: marked words that it has itself."""
    if not any(run.hand for block in text.blocks for run in block.runs):
        return text
    return replace(text, blocks=tuple(_confirmed(block, draft) for block in text.blocks))


def _confirmed(block: Block, draft: Draft) -> Block:
    if not any(run.hand and run.mark == "inserted" for run in block.runs):
        return block
    _, unchanged = nearest(block.text, draft)
    _, rejected = nearest("".join(run.text for run in block.runs if run.mark != "inserted"), draft)
    if unchanged < _UNCHANGED or unchanged <= rejected:
        return block
    plain = tuple(replace(run, mark="kept", hand=False) if run.hand else run for run in block.runs)
    return replace(block, runs=plain, end="kept")
