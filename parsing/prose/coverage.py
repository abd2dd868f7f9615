"""What is left of a file, ready for the reader of words."""

import re
from collections.abc import Sequence

from parsing.model import Block, MarkedText

_BROKEN = ("text", "message")
"""Formats whose blocks are lines, which may be broken to a width; those of others are paragraphs."""
_ENDED = re.compile(r"[.;:!?。；：！？؟؛]['\"”’»)\]]?\s*$")


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


def _said(block: Block) -> str:
    return "".join(run.text for run in block.runs if run.mark in ("kept", "inserted"))
