"""Tables for comments: a row names a paragraph, and says what it should read and why.

The columns may come in any order and wording; what a cell proposes is a passage, a whole paragraph, tracked changes or
an instruction in words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from parsing.languages.tables import LANGUAGES
from parsing.model import Block, Draft, Edit, MarginComment, MarkedText, Unplaced
from parsing.placing.columns import Columns, Row, columns_of, is_cell, is_new, text_of, upright
from parsing.placing.proposal import SURE, proposed, shown_in
from parsing.prose.read_prose import understand
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

    `text` keeps the margin comments that stand elsewhere, at their places in what is left: align it, not the first one.
    """

    text: MarkedText
    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()

    @property
    def rest(self) -> tuple[Block, ...]:
        return self.text.blocks


def read_tables(text: MarkedText, draft: Draft, source: str) -> TableRead:
    """What the comment tables of a file propose; `source` is the Part's name."""
    tables = [_Table(draft, source, *found) for found in _comment_tables(text, draft)]
    if not tables:
        return TableRead(text)
    for table in tables:
        table.read()
    labels = {id(block): label for table in tables for block, label in table.labels}
    left, inside = _without(text, labels)
    edits = [edit for table in tables for edit in table.edits] + [
        _beside(*comment, draft, source) for comment in inside
    ]
    return TableRead(left, tuple(edits), tuple(one for table in tables for one in table.unplaced))


def _comment_tables(text: MarkedText, draft: Draft) -> Iterator[tuple[Sequence[Row], Columns, list[Block]]]:
    """The rows, columns and blocks of each comment table."""
    grids: dict[int, dict[int, dict[int, list[Block]]]] = {}
    for block in text.blocks:
        if block.cell is not None and block.place == "table" and block.role == "own":
            row = grids.setdefault(block.cell.table, {}).setdefault(block.cell.row, {})
            row.setdefault(block.cell.column, []).append(block)
    for grid in grids.values():
        rows = upright([grid[n] for n in sorted(grid)])
        columns = columns_of(rows, draft)
        if columns is not None:
            yield rows, columns, [block for row in grid.values() for cell in row.values() for block in cell]


@dataclass(slots=True)
class _Place:
    """What a row speaks of. `text` is its own words for it; `hint` the page and line."""

    labels: tuple[str, ...] = ()
    text: str = ""
    hint: str = ""


@dataclass(slots=True)
class _Table:
    draft: Draft
    source: str
    rows: Sequence[Row]
    columns: Columns
    blocks: Sequence[Block]
    edits: list[Edit] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    labels: list[tuple[Block, str]] = field(default_factory=list)
    """Every block of the table, with the paragraph that its row speaks of."""
    above: tuple[str, ...] = ()
    section: str = ""
    """The words of the last row that holds nothing but them: "PREAMBLE"."""

    def read(self) -> None:
        self.labels += [(block, "general") for block in self.blocks]
        for n, row in enumerate(self.rows):
            place = _Place() if n < self.columns.heads else self._place(row)
            label = place.labels[0] if place.labels else "general"
            self.labels += [(block, label) for cell in row.values() for block in cell]
            if n >= self.columns.heads:
                self._row(row, place)

    def _cells(self, row: Row, *roles: str) -> list[Sequence[Block]]:
        return [
            row[column] for column in self.columns.of(*roles) if text_of(row.get(column, ())) or _marked(row, column)
        ]

    def _said(self, row: Row, *roles: str) -> str:
        return " ".join(text_of(cell) for cell in self._cells(row, *roles))

    def _place(self, row: Row) -> _Place:
        """The paragraphs that a row names; a row that leaves its place empty goes on with the one above."""
        text = self._said(row, "place")
        if len([cell for cell in row.values() if text_of(cell)]) == 1 and not text[:1].isdigit():
            self.section = text
        labels = self._named(text) if text else ()
        if not text and self.columns.of("place"):
            shown = self._said(row, "original")
            labels = self.above if not shown or any(find(shown, self.draft.text(one)) for one in self.above) else ()
        if not labels and not text:
            labels = shown_in(self._said(row, "original"), self.draft)
        self.above = labels
        where = ((role, self._said(row, role)) for role in ("page", "line"))
        return _Place(labels, text, ", ".join(f"{role} {said}" for role, said in where if said))

    def _named(self, text: str) -> tuple[str, ...]:
        """The paragraphs that a cell names; a bare number is one of the section that the rows above have opened."""
        labels = places_of(text, self.draft)
        bare = _BARE.match(text)
        if labels or bare is None:
            return labels
        asked = f"paragraph {bare[1]}"
        return places_of(f"{self.section}, {asked}", self.draft) or places_of(asked, self.draft)

    # --- a row ---------------------------------------------------------------------------------------

    def _row(self, row: Row, place: _Place) -> None:
        first = len(self.edits)
        original = self._cells(row, "original")
        for cell in original:
            if any(run.mark != "kept" for block in cell for run in block.runs):
                self._keep(proposed(cell, "", place.labels, self.draft), place, cell)
        shown = "\n".join(text for cell in original if any(map(str.isalnum, text := text_of(cell))))
        for cell in self._cells(row, "proposed"):
            self._proposal(cell, shown, place)
        for cell in self._cells(row, "comment", "comment_alone"):
            self._comment(cell, shown, place, first)
        if reason := self._said(row, "reason"):
            self._reason(reason, place, first)

    def _proposal(self, cell: Sequence[Block], shown: str, place: _Place) -> None:
        text = text_of(cell)
        same = is_cell(text, "unchanged") or plain(text) == plain(shown)
        if same and not any(run.mark != "kept" for block in cell for run in block.runs):
            return
        if _asks_in_words(cell, place.labels, self.draft):
            self._understood(cell, place)
        elif not shown and place.labels and is_new(place.text) and not _is_instruction(cell, self.draft):
            self._new(text, place)
        elif not self._keep(proposed(cell, shown, place.labels, self.draft), place, cell):
            self._understood(cell, place)

    def _new(self, text: str, place: _Place) -> None:
        """New paragraphs, each line of the cell one, after the last that the place names."""
        for line in text.strip('“”"«»').split("\n"):
            words = line[number_before(line) :].strip()
            if words:
                self._add(Edit(place.labels[-1], "add_paragraph", new=words), place, text)

    def _comment(self, cell: Sequence[Block], shown: str, place: _Place, first: int) -> None:
        text = text_of(cell)
        if is_cell(text, "unchanged"):
            return
        marked = any(run.mark != "kept" for block in cell for run in block.runs)
        if (marked or is_cell(text, "delete")) and self._keep(
            proposed(cell, shown, place.labels, self.draft), place, cell
        ):
            return
        if len(self.edits) > first and not _is_instruction(cell, self.draft):
            self._reason(text, place, first)
        else:
            self._understood(cell, place)

    def _understood(self, cell: Sequence[Block], place: _Place) -> None:
        """What a cell says in words: an act, or a comment where it asks for none."""
        blocks = [replace(block, cell=None, place="body") for block in cell]
        said = understand(blocks, self.draft, self.source, at=place.labels, origin="table")
        self.unplaced += said.unplaced
        for edit in said.edits:
            self._add(edit, place, edit.evidence)
        if not said.edits and not said.unplaced:
            self._remark(text_of(cell), place)

    def _remark(self, text: str, place: _Place) -> None:
        """A comment at the paragraph that the row names; without one it is unplaced, with what else the row says."""
        if place.labels or any(is_all(place.text, "remarks.general", name) for name in LANGUAGES):
            label = place.labels[0] if place.labels else "general"
            self._add(Edit(label, "comment", comment=text, needs_review=bool(place.labels)), place, text)
        elif not is_in_draft(text, self.draft):
            self.unplaced.append(Unplaced(f"{place.text} {text}".strip(), self.source, "the row names no paragraph"))

    def _reason(self, reason: str, place: _Place, first: int) -> None:
        """A reason belongs to what its row proposes; without that it is a comment."""
        changes = [n for n in range(first, len(self.edits)) if self.edits[n].action != "comment"]
        for n in changes:
            self.edits[n] = replace(self.edits[n], comment=f"{self.edits[n].comment}\n{reason}".strip())
        if not changes and not is_cell(reason, "unchanged"):
            label = place.labels[0] if place.labels else "general"
            self._add(Edit(label, "comment", comment=reason), place, reason)

    def _keep(self, edits: Sequence[Edit], place: _Place, cell: Sequence[Block]) -> bool:
        for edit in edits:
            self._add(edit, place, text_of(cell))
        return bool(edits)

    def _add(self, edit: Edit, place: _Place, evidence: str) -> None:
        """Keeps an edit of a row; words that were found in another paragraph than the one named need a person. The
        draft's own words, shown again, are no comment.
        """
        if edit.action == "comment" and all(is_in_draft(line, self.draft) for line in edit.comment.split("\n")):
            return
        elsewhere = bool(place.labels) and edit.paragraph not in (*place.labels, "general")
        where = f"{place.text or place.hint}: " if place.text or place.hint else ""
        self.edits.append(
            replace(
                edit,
                origin="table",
                sources=(self.source,),
                confidence=min(edit.confidence, SURE),
                needs_review=edit.needs_review or elsewhere,
                evidence=f"{where}{evidence}",
            )
        )


def _marked(row: Row, column: int) -> bool:
    return any(run.mark != "kept" for block in row.get(column, ()) for run in block.runs)


def _asks_in_words(cell: Sequence[Block], labels: Sequence[str], draft: Draft) -> bool:
    """Whether a cell has no marks and says no more than what to do: "Replace “A” with “B”"."""
    if any(run.mark != "kept" for block in cell for run in block.runs) or not has_quotes(text_of(cell)):
        return False
    said = understand([replace(block, cell=None, place="body") for block in cell], draft, "", at=labels)
    return bool(said.edits) and not said.unplaced and all(edit.origin == "instruction" for edit in said.edits)


def _is_instruction(cell: Sequence[Block], draft: Draft) -> bool:
    """Whether a cell asks for changes in words, and does not state a text."""
    blocks = [replace(block, cell=None, place="body") for block in cell]
    said = understand(blocks, draft, "", at=())
    return any(edit.action != "comment" for edit in said.edits)


# --- margin comments ---------------------------------------------------------------------------------


def _without(text: MarkedText, labels: dict[int, str]) -> tuple[MarkedText, list[tuple[MarginComment, str]]]:
    """The text without the blocks of comment tables; and the comments that stand beside those, with their labels."""
    moved: list[tuple[int, int, int, str | None]] = []
    old = new = 0
    for block in text.blocks:
        length = sum(len(run.text) for run in block.runs) + 1
        label = labels.get(id(block))
        moved.append((old, old + length, new, label))
        old += length
        new += 0 if label is not None else length
    left, inside = [], []
    for comment in text.comments:
        at = next((span for span in moved if comment.start is not None and span[0] <= comment.start < span[1]), None)
        if at is not None and at[3] is not None:
            inside.append((comment, at[3]))
            left.append(replace(comment, text="", start=None, end=None))
        else:
            left.append(_shifted(comment, moved))
    blocks = tuple(block for block in text.blocks if id(block) not in labels)
    return replace(text, blocks=blocks, comments=tuple(left)), inside


def _shifted(comment: MarginComment, moved: Sequence[tuple[int, int, int, str | None]]) -> MarginComment:
    if comment.start is None or comment.end is None:
        return comment

    def shift(position: int) -> int:
        first, _, new, label = next((s for s in moved if s[0] <= position < s[1]), moved[-1])
        return new if label is not None else new + position - first

    return replace(comment, start=shift(comment.start), end=shift(comment.end))


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
        confidence=SURE,
    )
