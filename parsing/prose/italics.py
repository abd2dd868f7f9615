"""Words in italics that stand for quoted ones: "After *women* insert *girls*"."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from parsing.model import Block, Draft, Run
from parsing.prose.signs import stands
from parsing.text.quotations import quoted

_FEWEST = 2
"""Words of the draft in italics that show that these quote; one alone may be stressed."""


def with_italics_quoted(blocks: Sequence[Block], draft: Draft) -> list[Block]:
    """The blocks with quotation marks around what is in italics, where that is how a block quotes the draft."""
    return [replace(block, runs=tuple(_quoted(block.runs))) if _quotes(block, draft) else block for block in blocks]


def _quotes(block: Block, draft: Draft) -> bool:
    shown = [run.text for run in block.runs if _is_italic(run)]
    if not shown or len(shown) == len(block.runs) or quoted("".join(run.text for run in block.runs)):
        return False
    return any(len(words.split()) >= _FEWEST and stands(words.strip(" ,;."), draft) for words in shown)


def _quoted(runs: Sequence[Run]) -> Iterator[Run]:
    for italic, together in groupby(runs, key=_is_italic):
        found = list(together)
        if italic and any(run.text.strip() for run in found):
            found[0] = replace(found[0], text=f"“{found[0].text.lstrip()}")
            found[-1] = replace(found[-1], text=f"{found[-1].text.rstrip()}”")
        yield from found


def _is_italic(run: Run) -> bool:
    return "italic" in run.style
