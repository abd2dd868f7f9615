"""Answers inside the quoted draft: words with a look of their own in a paragraph that is the draft's without them.

Nothing need announce them: whoever first sent the draft did not write them.
"""

from collections import Counter
from dataclasses import replace

from parsing.model import Block, Draft, MarkedText, Run
from parsing.placing.match_paragraphs import nearest

_SAME = 0.97
"""How similar a paragraph must be to one of the draft: a word of twenty may be lost in quoting."""


def with_answers_in_quotes(text: MarkedText, draft: Draft) -> MarkedText:
    """The text with such paragraphs as the sender's own."""
    if not any(block.role == "quoted" for block in text.blocks):
        return text
    return replace(text, blocks=tuple(_answered(block, draft) for block in text.blocks))


def _answered(block: Block, draft: Draft) -> Block:
    if block.role == "quoted" and _has_several_looks(block) and _is_answer(block, draft):
        return replace(block, role="own")
    return block


def _is_answer(block: Block, draft: Draft) -> bool:
    """Whether a paragraph is one of the draft, but for words that look different and for struck ones."""
    usual = _usual_style(block)
    added = [run for run in block.runs if _is_added(run, usual)]
    is_struck = any(_is_taken_out(run, usual) for run in block.runs)
    if not added and not is_struck:
        return False
    _, without = nearest("".join(run.text for run in block.runs if run not in added), draft)
    _, unchanged = nearest(block.text, draft)
    return without >= _SAME and (is_struck or without > unchanged)


def _has_several_looks(block: Block) -> bool:
    return len({(run.style, run.mark) for run in block.runs}) > 1


def _usual_style(block: Block) -> frozenset[str]:
    """How most of a paragraph's characters look."""
    counted: Counter[frozenset[str]] = Counter()
    for run in block.runs:
        counted[run.style] += len(run.text.strip())
    return counted.most_common(1)[0][0]


def _is_added(run: Run, usual: frozenset[str]) -> bool:
    if run.mark != "kept":
        return run.mark == "inserted"
    return bool(run.text.strip()) and run.style != usual and "strike" not in run.style


def _is_taken_out(run: Run, usual: frozenset[str]) -> bool:
    return run.mark == "deleted" or "strike" in run.style - usual
