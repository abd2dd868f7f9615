"""Tables for comments: a row names a paragraph, and says what it should read and why.

The columns may come in any order and wording; what a cell proposes is a passage, a whole paragraph, tracked changes or
an instruction in words.
"""

from dataclasses import dataclass

from parsing.model import Block, Draft, Edit, MarkedText, Unplaced
from parsing.placing.row_reader import read_rows
from parsing.placing.row_targets import comment_tables
from parsing.placing.table_comments import comment_beside, without_tables


@dataclass(frozen=True, slots=True)
class TableRead:
    """The Edits of the comment tables of a file, what found no place, and the `text` without those tables.

    `text` keeps the margin comments that are elsewhere, at their places in what is left: align it, not the first one.
    """

    text: MarkedText
    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()

    @property
    def rest(self) -> tuple[Block, ...]:
        return self.text.blocks


def read_tables(text: MarkedText, draft: Draft, source: str) -> TableRead:
    """What the comment tables of a file propose; `source` is the Part's name."""
    tables = list(comment_tables(text, draft))
    if not tables:
        return TableRead(text)
    found = [one for table in tables for one in read_rows(table, draft, source)]
    comments, left = without_tables(text, tables)
    edits = [one for one in found if isinstance(one, Edit)]
    edits += [comment_beside(comment, label, draft, source) for comment, label in comments]
    return TableRead(left, tuple(edits), tuple(one for one in found if isinstance(one, Unplaced)))
