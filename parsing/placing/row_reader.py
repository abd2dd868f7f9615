"""What a row of a comment table says: what it proposes for its paragraphs, and why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from parsing.confidence import IN_A_TABLE
from parsing.languages.tables import LANGUAGES
from parsing.model import Draft, Edit, Run, Unplaced
from parsing.placing.column_heads import is_cell, is_new
from parsing.placing.columns import Columns
from parsing.placing.match_paragraphs import ALIKE
from parsing.placing.proposal import proposed
from parsing.placing.row_targets import CommentTable, RowTarget, cells_with, words_with
from parsing.placing.table_cells import Row, TableCell
from parsing.prose.read_prose import Understood, understand
from parsing.prose.requests.paragraph_requests import is_paragraph
from parsing.prose.requests.remarks import is_all, label_before
from parsing.text.quotations import has_quotes, unquoted
from parsing.text.words import is_in_draft, number_before, plain, similarity

RowFindings = list[Edit | Unplaced]

_LABEL = re.compile(r"\s*([^:：\n]{2,40})[:：]\s*(?=\S)")
"""What is before a colon at the beginning of a cell: "New paragraph: …"."""


def read_rows(table: CommentTable, draft: Draft, source: str) -> RowFindings:
    """What all rows of a table say."""
    found: RowFindings = []
    for row, target in table.rows:
        original = cells_with(row, table.columns, "original")
        shown = "\n".join(cell.text for cell in original if _shows_words(cell.text))
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
    target: RowTarget
    shown: str

    def read(self, row: Row, columns: Columns) -> RowFindings:
        """What the cells of the row say, in the order in which they belong together."""
        found: RowFindings = []
        for cell in cells_with(row, columns, "original"):
            if cell.marked:
                found += self._kept(proposed(cell, "", self.target.labels, self.draft), cell.text)
        for cell in cells_with(row, columns, "proposed"):
            found += self._proposal(cell)
        for cell in cells_with(row, columns, "comment", "comment_alone"):
            found = self._with_comment(found, cell)
        reason = words_with(row, columns, "reason")
        return self._with_reason(found, reason) if reason else found

    def _proposal(self, cell: TableCell) -> RowFindings:
        is_same = is_cell(cell.text, "unchanged") or plain(cell.text) == plain(self.shown)
        if is_same and not cell.marked:
            return []
        instruction = self._instruction(cell)
        wording = self._new_wording(instruction)
        if instruction.is_nothing_else and not self.target.beside:
            return self._understood(instruction)
        if wording:
            return self._new_paragraphs(wording, cell.text)
        edits = proposed(_without_label(cell), self.shown, self.target.labels, self.draft)
        return self._kept(edits, cell.text) if edits else self._understood(instruction)

    def _instruction(self, cell: TableCell) -> _Instruction:
        return _Instruction(cell, self.draft, self.source, self.target.labels)

    def _new_wording(self, instruction: _Instruction) -> str:
        """The new paragraphs that a cell states, where its row is about such: "13 bis (new)", "After OP13"."""
        text, target = instruction.cell.text, self.target
        may_be_new = target.beside is not None or (bool(target.labels) and is_new(target.text))
        if self.shown or not may_be_new:
            return ""
        label = _LABEL.match(text)
        if label is not None and is_new(label[1]):
            return unquoted(text[label.end() :])
        return "" if instruction.asks_for_changes else text

    def _new_paragraphs(self, wording: str, text: str) -> RowFindings:
        """New paragraphs, each line of a wording one; what is not called new, and does not look like a paragraph, needs
        review.
        """
        lines = wording.strip('“”"«»').split("\n")
        called_new = wording != text or is_new(self.target.text)
        paragraphs = [line[number_before(line) :].strip() for line in lines]
        after = self.target.beside or self.target.labels[-1]
        edits = [
            Edit(after, "add_paragraph", new=words, needs_review=not (called_new or is_paragraph(words)))
            for words in paragraphs
            if words
        ]
        return self._kept(edits, text)

    def _with_comment(self, found: RowFindings, cell: TableCell) -> RowFindings:
        """With a comment: marked changes, a reason for what its row proposes, or what it says in words."""
        if is_cell(cell.text, "unchanged"):
            return found
        if cell.marked or is_cell(cell.text, "delete"):
            edits = proposed(cell, self.shown, self.target.labels, self.draft)
            if edits:
                return found + self._kept(edits, cell.text)
        if not found and self._is_wording(cell.text):
            return self._proposal(cell)
        instruction = self._instruction(cell)
        wording = "" if found else self._new_wording(instruction)
        if wording and (wording != cell.text or is_paragraph(wording)):
            return self._new_paragraphs(wording, cell.text)
        if any(isinstance(one, Edit) for one in found) and not instruction.asks_for_changes:
            return self._with_reason(found, cell.text)
        return found + self._understood(instruction)

    def _is_wording(self, text: str) -> bool:
        """Whether a comment is another wording of the passage that its row shows: "post 2020", "post-2020"."""
        wording = text[label_before(text, "labels.proposed") :]
        return bool(self.shown) and not has_quotes(text) and similarity(wording, self.shown) >= ALIKE

    def _with_reason(self, found: RowFindings, reason: str) -> RowFindings:
        """With a reason, which belongs to what its row proposes; without that it is a comment."""
        if any(_is_change(one) for one in found):
            return [_with_comment(one, reason) for one in found]
        if is_cell(reason, "unchanged"):
            return found
        return found + self._kept([Edit(self.target.label, "comment", comment=reason)], reason)

    def _understood(self, instruction: _Instruction) -> RowFindings:
        """What a cell says in words: an act, or a comment where it asks for none."""
        said = instruction.at_its_place
        if not said.edits and not said.unplaced:
            return self._remark(instruction.cell.text)
        kept = [one for edit in said.edits for one in self._kept([edit], edit.evidence)]
        return [*said.unplaced, *kept]

    def _remark(self, text: str) -> RowFindings:
        """A comment at the paragraph that the row names; without one it is unplaced, with what else the row says."""
        target = self.target
        if target.labels or any(is_all(target.text, "remarks.general", language) for language in LANGUAGES):
            return self._kept([Edit(target.label, "comment", comment=text, needs_review=bool(target.labels))], text)
        if is_in_draft(text, self.draft):
            return []
        return [Unplaced(f"{target.text} {text}".strip(), self.source, "the row names no paragraph")]

    def _kept(self, edits: Sequence[Edit], evidence: str) -> RowFindings:
        """The edits as the row's own, without comments that only show the draft's own words again."""
        return [self._as_own(edit, evidence) for edit in edits if not self._repeats_draft(edit)]

    def _repeats_draft(self, edit: Edit) -> bool:
        return edit.action == "comment" and all(is_in_draft(line, self.draft) for line in edit.comment.split("\n"))

    def _as_own(self, edit: Edit, evidence: str) -> Edit:
        """An edit of the row; words that were found in another paragraph than the one that it names need review."""
        target = self.target
        is_elsewhere = bool(target.labels) and edit.paragraph not in (*target.labels, target.beside, "general")
        where = target.text or target.hint
        return replace(
            edit,
            origin="table",
            sources=(self.source,),
            confidence=min(edit.confidence, IN_A_TABLE),
            needs_review=edit.needs_review or is_elsewhere,
            evidence=f"{where}: {evidence}" if where else evidence,
        )


def _shows_words(text: str) -> bool:
    """Whether a cell shows a passage of the draft, and does not say that there is none: "–", "(none)"."""
    return any(map(str.isalnum, text)) and not is_cell(text, "unchanged")


def _without_label(cell: TableCell) -> TableCell:
    """A cell without the label before its wording: "To read: …"; one with marks as it is."""
    cut = 0 if cell.marked else label_before(cell.text, "labels.proposed")
    if not cut:
        return cell
    lines = cell.text[cut:].split("\n")
    return TableCell.of([replace(cell.blocks[0], runs=(Run(line),)) for line in lines])


def _is_change(one: Edit | Unplaced) -> bool:
    return isinstance(one, Edit) and one.action != "comment"


def _with_comment(one: Edit | Unplaced, comment: str) -> Edit | Unplaced:
    """A change with one more line of comment; anything else as it is."""
    if isinstance(one, Unplaced) or one.action == "comment":
        return one
    return replace(one, comment=f"{one.comment}\n{comment}".strip())
