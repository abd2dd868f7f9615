"""The comment tables of a text, and which paragraphs each of their rows speaks of."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from parsing.model import Block, Draft, MarkedText
from parsing.placing.columns import Columns, columns_of, with_heads_on_top
from parsing.placing.proposal import shown_in
from parsing.placing.table_cells import EMPTY, Row, TableCell, tables_of
from parsing.prose.references.references import places_of
from parsing.prose.requests.paragraph_requests import beside
from parsing.text.search import find

_BARE = re.compile(r"\W*(\d{1,2})(?!\d)")
"""A number that opens a place: "5", "13 bis (new)"."""


@dataclass(frozen=True, slots=True)
class RowTarget:
    """The paragraphs that a row speaks of. `text` is its own words for them; `hint` the page and line; `beside` the
    paragraph that a new one comes to follow, where the row is about what is between two: "After OP13".
    """

    labels: tuple[str, ...] = ()
    text: str = ""
    hint: str = ""
    beside: str | None = None

    @property
    def label(self) -> str:
        return self.labels[0] if self.labels else "general"


@dataclass(frozen=True, slots=True)
class CommentTable:
    """A comment table with what each of its rows speaks of; `blocks` are all blocks of its cells."""

    blocks: Sequence[Block]
    rows: Sequence[tuple[Row, RowTarget]]
    columns: Columns

    def labels(self) -> Iterator[tuple[Block, str]]:
        """Every block of the table, with the paragraph that its row speaks of."""
        yield from ((block, "general") for block in self.blocks)
        for row, target in self.rows:
            yield from ((block, target.label) for cell in row.values() for block in cell.blocks)


def comment_tables(text: MarkedText, draft: Draft) -> Iterator[CommentTable]:
    for table in tables_of(text.blocks):
        rows = with_heads_on_top(table)
        columns = columns_of(rows, draft)
        if columns is not None:
            blocks = [block for row in table for cell in row.values() for block in cell.blocks]
            below = rows[columns.heads :]
            yield CommentTable(blocks, list(zip(below, _targets(below, columns, draft), strict=True)), columns)


def cells_with(row: Row, columns: Columns, *roles: str) -> list[TableCell]:
    """The cells of a row with one of the roles that hold anything."""
    cells = [row.get(column, EMPTY) for column in columns.of(*roles)]
    return [cell for cell in cells if cell.text or cell.marked]


def words_with(row: Row, columns: Columns, *roles: str) -> str:
    return " ".join(cell.text for cell in cells_with(row, columns, *roles))


def _targets(rows: Iterable[Row], columns: Columns, draft: Draft) -> Iterator[RowTarget]:
    """What each row speaks of; a row that leaves its place empty goes on with the one above."""
    above: tuple[str, ...] = ()
    section = ""
    for row in rows:
        text = words_with(row, columns, "place")
        if _is_section(row, text):
            section = text
        above = _named(text, section, draft) if text else _labels_of_unnamed(row, columns, above, draft)
        where = [(role, words_with(row, columns, role)) for role in ("page", "line")]
        hint = ", ".join(f"{role} {words}" for role, words in where if words)
        yield RowTarget(above, text, hint, beside(text, draft) if text else None)


def _is_section(row: Row, text: str) -> bool:
    """Whether a row holds nothing but the name of a part of the draft: "PREAMBLE"."""
    return sum(1 for cell in row.values() if cell.text) == 1 and not text[:1].isdigit()


def _named(text: str, section: str, draft: Draft) -> tuple[str, ...]:
    """The paragraphs that a cell names; a bare number is one of the section that the rows above have opened."""
    labels = places_of(text, draft)
    bare = _BARE.match(text)
    if labels or bare is None:
        return labels
    asked = f"paragraph {bare[1]}"
    return places_of(f"{section}, {asked}", draft) or places_of(asked, draft)


def _labels_of_unnamed(row: Row, columns: Columns, above: tuple[str, ...], draft: Draft) -> tuple[str, ...]:
    """The paragraphs of a row that names none: those above it, unless it shows words of another one."""
    shown = words_with(row, columns, "original")
    goes_on = not shown or any(find(shown, draft.text(label)) for label in above)
    if columns.of("place") and above and goes_on:
        return above
    return shown_in(shown, draft)
