"""Files that hold the draft more than once, or a whole new text pasted over it."""

from collections.abc import Sequence
from dataclasses import replace

from parsing.model import Block, Draft, Mark, MarkedText, Run
from parsing.placing.marked_lines import MarkedLine
from parsing.placing.match_paragraphs import COVERS, nearest
from parsing.text.words import paragraph_key

SAME = 0.7
"""How similar a line and a paragraph must be for the line to be counted as a wording of it."""
_TRIES = 20
"""Places at which a further copy is looked for: comparing many lines with the whole draft takes time."""
_LOOKED_AT = 3
"""Lines that are looked at for each paragraph of the draft: tables and remarks may be among them."""


def repeated_drafts(lines: Sequence[MarkedLine], draft: Draft) -> list[Sequence[MarkedLine]]:
    """The lines of each copy of the draft in a file, in order; all lines as one where there is one copy, or none."""
    starts = _starts(lines, draft)
    return [lines[a:b] for a, b in zip([0, *starts], [*starts, len(lines)], strict=True)]


def _starts(lines: Sequence[MarkedLine], draft: Draft) -> list[int]:
    """Where a further copy begins: with a paragraph that the copy before holds, once that one is whole enough."""
    exact = {paragraph_key(paragraph.text): n for n, paragraph in enumerate(draft.paragraphs)}
    enough = COVERS * len(draft.paragraphs)
    if len(lines) < 2 * enough:
        return []
    starts: list[int] = []
    seen: set[int] = set()
    tries = 0
    for i, line in enumerate(lines):
        paragraph = exact.get(paragraph_key(line.original))
        if paragraph is None:
            continue
        if paragraph in seen and len(seen) >= enough / 2 and tries < _TRIES:
            tries += 1
            if _holds(lines[i : i + _LOOKED_AT * len(draft.paragraphs)], draft) >= enough:
                starts.append(i)
                seen = set()
        seen.add(paragraph)
    return starts


def _holds(lines: Sequence[MarkedLine], draft: Draft) -> int:
    """How many paragraphs of the draft the lines hold."""
    found = (nearest(line.original, draft) for line in lines if line.original.strip())
    return len({paragraph for paragraph, score in found if score >= SAME})


def pasted_over(lines: Sequence[MarkedLine], draft: Draft) -> bool:
    """Whether most of the draft was deleted with tracking, and a version of it inserted instead."""
    texts = {paragraph_key(paragraph.text) for paragraph in draft.paragraphs}
    gone = {paragraph_key(line.original) for line in lines if line.deleted and all(line.deleted)} & texts
    if len(gone) < COVERS * len(draft.paragraphs):
        return False
    new = [MarkedLine.of(new.text) for line in lines for new in line.inserted_paragraphs()]
    return _holds(new, draft) >= COVERS * len(draft.paragraphs) / 2


def accepted(text: MarkedText) -> MarkedText:
    """The text with its changes accepted, every character still at its place: what was deleted is in no view of it."""
    return replace(text, blocks=tuple(_accepted(block) for block in text.blocks))


_BECOMES: dict[Mark, Mark] = {"kept": "kept", "inserted": "kept", "deleted": "undone", "undone": "undone"}


def _accepted(block: Block) -> Block:
    runs = tuple(Run(run.text, _BECOMES[run.mark], style=run.style) for run in block.runs)
    return replace(block, runs=runs, end=_BECOMES[block.end], end_author=None, end_date=None)
