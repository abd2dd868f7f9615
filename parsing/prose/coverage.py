"""What is left of a file, ready for the reader of words; and whether that reader has found nothing in it."""

import re
from collections.abc import Sequence
from itertools import islice

from parsing.model import Block, Draft, MarkedText
from parsing.prose.references.references import places_of
from parsing.text.quotations import quoted
from parsing.text.search import find

_BROKEN = ("text", "message")
"""Formats whose blocks are lines, which may be broken to a width; those of others are paragraphs."""
_ENDED = re.compile(r"[.;:!?。；：！？؟؛]['\"”’»)\]]?\s*$")
_LOOKED_AT = 400
_LONGEST = 2000


def paragraphs_of(text: MarkedText, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, with an empty one below each that is a paragraph of its own."""
    if text.format in _BROKEN:
        return tuple(blocks)
    out: list[Block] = []
    for block in blocks:
        out.append(block)
        if _ENDED.search(_said(block)):
            out.append(Block(()))
    return tuple(out)


def speaks_of(blocks: Sequence[Block], draft: Draft) -> bool:
    """Whether a line names a paragraph of the draft and quotes words of it: there should be something to hear."""
    own = (_said(block) for block in blocks if block.role == "own")
    return any(_quotes(line, draft) for line in islice((line for line in own if len(line) < _LONGEST), _LOOKED_AT))


def _quotes(line: str, draft: Draft) -> bool:
    words = [quote.words for quote in quoted(line)]
    return bool(words) and any(
        find(one, draft.text(label), mistakes=False) for label in places_of(line, draft) for one in words
    )


def _said(block: Block) -> str:
    return "".join(run.text for run in block.runs if run.mark in ("kept", "inserted"))
