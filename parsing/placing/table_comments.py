"""Margin comments beside comment tables, and those that are left when the tables are taken out of a text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from parsing.confidence import IN_A_TABLE
from parsing.model import Block, Draft, Edit, MarginComment, MarkedText
from parsing.placing.row_targets import CommentTable


@dataclass(frozen=True, slots=True)
class _Moved:
    """Where a block is in the whole marked text, [start, end), and where it begins when the tables are taken out.

    `label` is the paragraph that its row speaks of, None for a block that is in no comment table.
    """

    start: int
    end: int
    new: int
    label: str | None


def without_tables(
    text: MarkedText, tables: Iterable[CommentTable]
) -> tuple[list[tuple[MarginComment, str]], MarkedText]:
    """The comments beside comment tables, with the labels of their rows; and the text without those tables.

    The comments that are left keep their numbers, since others answer them; those beside tables are empty there.
    """
    labels = {id(block): label for table in tables for block, label in table.labels()}
    moved = list(_moved(text.blocks, labels))
    beside, left = [], []
    for comment in text.comments:
        block = None if comment.start is None else _block_at(comment.start, moved)
        if block is not None and block.label is not None:
            beside.append((comment, block.label))
            left.append(replace(comment, text="", start=None, end=None))
        else:
            left.append(_shifted(comment, moved))
    blocks = tuple(block for block in text.blocks if id(block) not in labels)
    return beside, replace(text, blocks=blocks, comments=tuple(left))


def _moved(blocks: Iterable[Block], labels: Mapping[int, str]) -> Iterator[_Moved]:
    old = new = 0
    for block in blocks:
        length = sum(len(run.text) for run in block.runs) + 1
        label = labels.get(id(block))
        yield _Moved(old, old + length, new, label)
        old += length
        new += length if label is None else 0


def _block_at(position: int, moved: Iterable[_Moved]) -> _Moved | None:
    return next((block for block in moved if block.start <= position < block.end), None)


def _shifted(comment: MarginComment, moved: Sequence[_Moved]) -> MarginComment:
    if comment.start is None or comment.end is None:
        return comment
    return replace(comment, start=_shift(comment.start, moved), end=_shift(comment.end, moved))


def _shift(position: int, moved: Sequence[_Moved]) -> int:
    block = _block_at(position, moved) or moved[-1]
    return block.new + position - block.start if block.label is None else block.new


def comment_beside(comment: MarginComment, label: str, draft: Draft, source: str) -> Edit:
    """A margin comment in a table's row, at the paragraph that the row names."""
    return Edit(
        label if label in {paragraph.label for paragraph in draft.paragraphs} else "general",
        "comment",
        comment=comment.text,
        intent="resolved" if comment.resolved else "reply" if comment.parent is not None else None,
        author=comment.author,
        date=comment.date,
        origin="margin-comment",
        sources=(source,),
        confidence=IN_A_TABLE,
    )
