"""How much of one file, and of one mail, is read and listed: far more than a delegation sends, and no more."""

from collections.abc import Sequence
from dataclasses import replace

from parsing.model import Block, MarkedText, Problem, Unplaced

MOST_BLOCKS = 20_000
"""Paragraphs and cells of one file. The draft has 40; a compilation of 196 Parties' comments has some thousands."""
MOST_CHARACTERS = 2_000_000
"""Of one file: a thousand times the draft's paragraphs."""
MOST_UNPLACED = 1_000
"""Passages of one mail that are listed one by one: nobody reads more of them before opening the file itself."""


def within_bounds(text: MarkedText) -> MarkedText:
    """The text as far as it is read; where that is not all of it, a Problem says how much there is."""
    kept = _blocks_within(text.blocks)
    if kept == len(text.blocks):
        return text
    size = sum(len(run.text) for block in text.blocks for run in block.runs)
    why = (
        f"it holds {len(text.blocks):,} paragraphs and cells with {size:,} characters: the first {kept:,} are read,"
        f" {len(text.blocks) - kept:,} are not"
    )
    return replace(text, blocks=text.blocks[:kept], problems=(*text.problems, Problem("", why)))


def _blocks_within(blocks: Sequence[Block]) -> int:
    characters = 0
    for n, block in enumerate(blocks[:MOST_BLOCKS]):
        characters += sum(len(run.text) for run in block.runs)
        if characters > MOST_CHARACTERS and n:
            return n
    return min(len(blocks), MOST_BLOCKS)


def listed(unplaced: Sequence[Unplaced]) -> tuple[Unplaced, ...]:
    """The passages that are listed; where there are more, the last one says how many."""
    if len(unplaced) <= MOST_UNPLACED:
        return tuple(unplaced)
    left = unplaced[MOST_UNPLACED - 1 :]
    rest = Unplaced(f"… and {len(left):,} more passages", left[0].source, "too many to be listed: see the file itself")
    return (*unplaced[: MOST_UNPLACED - 1], rest)
