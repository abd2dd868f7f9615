"""Tables for comments: a row names a paragraph, and says what it should read and why.

The columns may come in any order and wording; what a cell proposes is a passage, a whole paragraph, tracked changes or
an instruction in words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from parsing.confidence import IN_A_TABLE
from parsing.languages.tables import LANGUAGES
from parsing.model import Block, Draft, Edit, MarginComment, MarkedText, Unplaced
from parsing.placing.columns import Columns, columns_of, is_cell, is_new, upright
from parsing.placing.proposal import proposed, shown_in
from parsing.placing.table_cells import EMPTY, Row, TableCell, tables_of
from parsing.prose.read_prose import Understood, understand
from parsing.prose.references.references import places_of
from parsing.prose.requests.remarks import is_all
from parsing.text.quotations import has_quotes
from parsing.text.search import find
from parsing.text.words import is_in_draft, number_before, plain

_BARE = re.compile(r"\W*(\d{1,2})(?!\d)")
"""A number that opens a place: "5", "13 bis (new)"."""


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
    tables = list(_comment_tables(text, draft))
    if not tables:
        return TableRead(text)
    found = [one for table in tables for one in _read(table, draft, source)]
    comments, left = _without_tables(text, tables)
    edits = [one for one in found if isinstance(one, Edit)]
    edits += [_beside(comment, label, draft, source) for comment, label in comments]
    return TableRead(left, tuple(edits), tuple(one for one in found if isinstance(one, Unplaced)))


# --- the rows, and what they speak of ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _RowTarget:
    """The paragraphs that a row speaks of. `text` is its own words for them; `hint` the page and line."""

    labels: tuple[str, ...] = ()
    text: str = ""
    hint: str = ""

    @property
    def label(self) -> str:
        return self.labels[0] if self.labels else "general"


@dataclass(frozen=True, slots=True)
class _CommentTable:
    """A comment table with what each of its rows speaks of; `blocks` are all blocks of its cells."""

    blocks: Sequence[Block]
    rows: Sequence[tuple[Row, _RowTarget]]
    columns: Columns

    def labels(self) -> Iterator[tuple[Block, str]]:
        """Every block of the table, with the paragraph that its row speaks of."""
        yield from ((block, "general") for block in self.blocks)
        for row, target in self.rows:
            yield from ((block, target.label) for cell in row.values() for block in cell.blocks)


def _comment_tables(text: MarkedText, draft: Draft) -> Iterator[_CommentTable]:
    for table in tables_of(text.blocks):
        rows = upright(table)
        columns = columns_of(rows, draft)
        if columns is not None:
            blocks = [block for row in table for cell in row.values() for block in cell.blocks]
            below = rows[columns.heads :]
            yield _CommentTable(blocks, list(zip(below, _targets(below, columns, draft), strict=True)), columns)


def _cells(row: Row, columns: Columns, *roles: str) -> list[TableCell]:
    """The cells of a row with one of the roles that hold anything."""
    cells = [row.get(column, EMPTY) for column in columns.of(*roles)]
    return [cell for cell in cells if cell.text or cell.marked]


def _words(row: Row, columns: Columns, *roles: str) -> str:
    return " ".join(cell.text for cell in _cells(row, columns, *roles))


def _targets(rows: Iterable[Row], columns: Columns, draft: Draft) -> Iterator[_RowTarget]:
    """What each row speaks of; a row that leaves its place empty goes on with the one above."""
    above: tuple[str, ...] = ()
    section = ""
    for row in rows:
        text = _words(row, columns, "place")
        if _is_section(row, text):
            section = text
        above = _named(text, section, draft) if text else _labels_of_unnamed(row, columns, above, draft)
        where = [(role, _words(row, columns, role)) for role in ("page", "line")]
        yield _RowTarget(above, text, ", ".join(f"{role} {words}" for role, words in where if words))


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
    shown = _words(row, columns, "original")
    goes_on = not shown or any(find(shown, draft.text(label)) for label in above)
    if columns.of("place") and above and goes_on:
        return above
    return shown_in(shown, draft)


# --- what a row says ---------------------------------------------------------------------------------

_Found = list[Edit | Unplaced]


def _read(table: _CommentTable, draft: Draft, source: str) -> _Found:
    """What all rows of a table say."""
    found: _Found = []
    for row, target in table.rows:
        original = _cells(row, table.columns, "original")
        shown = "\n".join(cell.text for cell in original if any(map(str.isalnum, cell.text)))
        found += _RowReader(draft, source, target, shown).read(row, table.columns)
    return found


@dataclass(frozen=True)
class _Instruction:
    """What a cell says in words; each way of reading it is done once, and only where it is asked for."""

    cell: TableCell
    draft: Draft
    source: str
    labels: tuple[str, ...]

    @cached_property
    def at_its_place(self) -> Understood:
        """What it says of the paragraphs that its row names."""
        return understand(self.cell.as_running_text, self.draft, self.source, at=self.labels)

    @property
    def is_nothing_else(self) -> bool:
        """Whether it has no marks and says no more than what to do: "Replace “A” with “B”"."""
        if self.cell.marked or not has_quotes(self.cell.text):
            return False
        said = self.at_its_place
        return bool(said.edits) and not said.unplaced and all(edit.origin == "instruction" for edit in said.edits)

    @cached_property
    def asks_for_changes(self) -> bool:
        """Whether it asks for changes in words, and does not state a text."""
        said = understand(self.cell.as_running_text, self.draft, "")
        return any(edit.action != "comment" for edit in said.edits)


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads the cells of a row; `shown` is the passage of the draft that it shows."""

    draft: Draft
    source: str
    target: _RowTarget
    shown: str

    def read(self, row: Row, columns: Columns) -> _Found:
        """What the cells of the row say, in the order in which they belong together."""
        found: _Found = []
        for cell in _cells(row, columns, "original"):
            if cell.marked:
                found += self._kept(proposed(cell, "", self.target.labels, self.draft), cell.text)
        for cell in _cells(row, columns, "proposed"):
            found += self._proposal(cell)
        for cell in _cells(row, columns, "comment", "comment_alone"):
            found = self._with_comment(found, cell)
        reason = _words(row, columns, "reason")
        return self._with_reason(found, reason) if reason else found

    def _proposal(self, cell: TableCell) -> _Found:
        is_same = is_cell(cell.text, "unchanged") or plain(cell.text) == plain(self.shown)
        if is_same and not cell.marked:
            return []
        instruction = self._instruction(cell)
        if instruction.is_nothing_else:
            return self._understood(instruction)
        if self._may_be_new and not instruction.asks_for_changes:
            return self._new_paragraphs(cell.text)
        edits = proposed(cell, self.shown, self.target.labels, self.draft)
        return self._kept(edits, cell.text) if edits else self._understood(instruction)

    def _instruction(self, cell: TableCell) -> _Instruction:
        return _Instruction(cell, self.draft, self.source, self.target.labels)

    @property
    def _may_be_new(self) -> bool:
        """Whether the row asks for a new paragraph: "13 bis (new)"."""
        return not self.shown and bool(self.target.labels) and is_new(self.target.text)

    def _new_paragraphs(self, text: str) -> _Found:
        """New paragraphs, each line of the cell one, after the last that the row names."""
        lines = text.strip('“”"«»').split("\n")
        paragraphs = [line[number_before(line) :].strip() for line in lines]
        after = self.target.labels[-1]
        return self._kept([Edit(after, "add_paragraph", new=words) for words in paragraphs if words], text)

    def _with_comment(self, found: _Found, cell: TableCell) -> _Found:
        """With a comment: marked changes, a reason for what its row proposes, or what it says in words."""
        if is_cell(cell.text, "unchanged"):
            return found
        if cell.marked or is_cell(cell.text, "delete"):
            edits = proposed(cell, self.shown, self.target.labels, self.draft)
            if edits:
                return found + self._kept(edits, cell.text)
        instruction = self._instruction(cell)
        if any(isinstance(one, Edit) for one in found) and not instruction.asks_for_changes:
            return self._with_reason(found, cell.text)
        return found + self._understood(instruction)

    def _with_reason(self, found: _Found, reason: str) -> _Found:
        """With a reason, which belongs to what its row proposes; without that it is a comment."""
        if any(_is_change(one) for one in found):
            return [_with_comment(one, reason) for one in found]
        if is_cell(reason, "unchanged"):
            return found
        return found + self._kept([Edit(self.target.label, "comment", comment=reason)], reason)

    def _understood(self, instruction: _Instruction) -> _Found:
        """What a cell says in words: an act, or a comment where it asks for none."""
        said = instruction.at_its_place
        if not said.edits and not said.unplaced:
            return self._remark(instruction.cell.text)
        kept = [one for edit in said.edits for one in self._kept([edit], edit.evidence)]
        return [*said.unplaced, *kept]

    def _remark(self, text: str) -> _Found:
        """A comment at the paragraph that the row names; without one it is unplaced, with what else the row says."""
        target = self.target
        if target.labels or any(is_all(target.text, "remarks.general", language) for language in LANGUAGES):
            return self._kept([Edit(target.label, "comment", comment=text, needs_review=bool(target.labels))], text)
        if is_in_draft(text, self.draft):
            return []
        return [Unplaced(f"{target.text} {text}".strip(), self.source, "the row names no paragraph")]

    def _kept(self, edits: Sequence[Edit], evidence: str) -> _Found:
        """The edits as the row's own, without comments that only show the draft's own words again."""
        return [self._as_own(edit, evidence) for edit in edits if not self._repeats_draft(edit)]

    def _repeats_draft(self, edit: Edit) -> bool:
        return edit.action == "comment" and all(is_in_draft(line, self.draft) for line in edit.comment.split("\n"))

    def _as_own(self, edit: Edit, evidence: str) -> Edit:
        """An edit of the row; words that were found in another paragraph than the one that it names need review."""
        target = self.target
        is_elsewhere = bool(target.labels) and edit.paragraph not in (*target.labels, "general")
        where = target.text or target.hint
        return replace(
            edit,
            origin="table",
            sources=(self.source,),
            confidence=min(edit.confidence, IN_A_TABLE),
            needs_review=edit.needs_review or is_elsewhere,
            evidence=f"{where}: {evidence}" if where else evidence,
        )


def _is_change(one: Edit | Unplaced) -> bool:
    return isinstance(one, Edit) and one.action != "comment"


def _with_comment(one: Edit | Unplaced, comment: str) -> Edit | Unplaced:
    """A change with one more line of comment; anything else as it is."""
    if isinstance(one, Unplaced) or one.action == "comment":
        return one
    return replace(one, comment=f"{one.comment}\n{comment}".strip())


# --- margin comments ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Moved:
    """Where a block is in the whole marked text, [start, end), and where it begins when the tables are taken out.

    `label` is the paragraph that its row speaks of, None for a block that is in no comment table.
    """

    start: int
    end: int
    new: int
    label: str | None


def _without_tables(
    text: MarkedText, tables: Iterable[_CommentTable]
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


def _beside(comment: MarginComment, label: str, draft: Draft, source: str) -> Edit:
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
