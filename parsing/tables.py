"""Tables for comments: a row names a paragraph, and says what it should read and why."""

from dataclasses import dataclass

from parsing.model import Block, Draft, Edit, MarkedText, Unplaced


@dataclass(frozen=True, slots=True)
class TableRead:
    """The Edits of the comment tables of a file, what found no place, and the `text` without those tables.

    `text` keeps the margin comments that stand elsewhere, at their places in what is left: align it, not the first one.
    """

    text: MarkedText
    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()

    @property
    def rest(self) -> tuple[Block, ...]:
        return self.text.blocks


def read_tables(text: MarkedText, draft: Draft, source: str) -> TableRead:  # noqa: ARG001 (the rows are read next)
    """What the comment tables of a file propose; `source` is the Part's name."""
    return TableRead(text)
