"""What one cell of a comment table proposes for the paragraphs that its row names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from parsing.confidence import IN_A_TABLE
from parsing.model import Action, Draft, Edit, MarkedText
from parsing.placing.align import align
from parsing.placing.column_heads import is_cell
from parsing.placing.diff_paragraph import diff_paragraph
from parsing.placing.marked_lines import END, MarkedLine, marked_lines
from parsing.placing.match_paragraphs import ALIKE
from parsing.placing.table_cells import TableCell
from parsing.text.search import find
from parsing.text.words import similarity, words

_MANY = 4
"""Paragraphs of which a cell need not hold most of the words: it may change a few of them and leave out the others."""
_AROUND = " \n…."
"""Spaces, and dots for the words before and after a passage."""
_DOTS = re.compile(r"…|\.{3}")


@dataclass(frozen=True, slots=True)
class _OfficialSpan:
    """official[start:end] of a paragraph."""

    label: str
    start: int
    end: int


def proposed(cell: TableCell, original: str, labels: Sequence[str], draft: Draft) -> tuple[Edit, ...]:
    """The Edits of a cell that holds new wording; () where it holds none, and must be understood as words.

    `original` is the passage that the row shows beside it, "" where it shows none.
    """
    passages = _passages(original, labels, draft) if original else ()
    if is_cell(cell.text, "delete") and (passages or labels):
        return _deleted(passages, labels, draft)
    if cell.marked:
        return _marked(cell, passages, labels, draft)
    if any(_is_of_the_passage(cell.text, passage, draft) for passage in passages):
        return _in_passages(cell, passages, draft)
    return _whole(cell, labels, draft) or _in_passages(cell, passages, draft)


def _marked(
    cell: TableCell, passages: Sequence[_OfficialSpan], labels: Sequence[str], draft: Draft
) -> tuple[Edit, ...]:
    """The changes that are marked in a cell; without a passage beside it, its own words show where they belong."""
    if passages:
        return _whole(cell, labels, draft) or _in_passages(cell, passages, draft)
    rejected = "\n".join(line.original for line in marked_lines(cell.blocks))
    part = _part(rejected, labels, draft)
    if part is not None:
        return _in_passage(cell, part, draft)
    return _whole(cell, labels, draft) or _in_passages(cell, _passages(rejected, labels, draft), draft)


def _is_of_the_passage(text: str, passage: _OfficialSpan, draft: Draft) -> bool:
    """Whether a text is more like the passage, which is a part of its paragraph, than like the whole of it."""
    official = draft.text(passage.label)
    part = official[passage.start : passage.end]
    return len(words(part)) < len(words(official)) and similarity(text, part) > similarity(text, official)


def _whole(cell: TableCell, labels: Sequence[str], draft: Draft) -> tuple[Edit, ...]:
    """The changes of a cell that states whole paragraphs, or marks its changes in them."""
    asked = draft
    if labels:
        asked = replace(draft, paragraphs=tuple(p for p in draft.paragraphs if p.label in labels))
    if not cell.marked and len(asked.paragraphs) < _MANY and (_is_too_short(cell, asked) or _DOTS.search(cell.text)):
        return ()
    found = align(MarkedText("table", cell.as_running_text), asked, "")
    return found.edits if not found.unplaced else ()


def _is_too_short(cell: TableCell, draft: Draft) -> bool:
    """Whether a cell has fewer words than any wording of the draft's paragraphs can have."""
    text = "".join(line.original for line in marked_lines(cell.as_running_text))
    official = " ".join(paragraph.text for paragraph in draft.paragraphs)
    return len(words(text)) < ALIKE * len(words(official))


def _part(rejected: str, labels: Sequence[str], draft: Draft) -> _OfficialSpan | None:
    """The one place where the words of a cell with marks are a part of a paragraph that its row names."""
    here = [(label, place) for label in labels for place in find(rejected, draft.text(label), mistakes=False)]
    if len(here) != 1 or len(words(rejected)) >= len(words(draft.text(here[0][0]))):
        return None
    label, place = here[0]
    return _OfficialSpan(label, place.start, place.end)


def _passages(original: str, labels: Sequence[str], draft: Draft) -> tuple[_OfficialSpan, ...]:
    """Where a passage is: in each paragraph that the row names, else in the only one that has it."""
    bare = original.strip(_AROUND).strip('“”"«»').strip(_AROUND) or original
    named = [
        _OfficialSpan(label, found[0].start, found[0].end)
        for label in labels
        if (found := find(bare, draft.text(label)))
    ]
    if named:
        return tuple(named)
    anywhere = [
        _OfficialSpan(paragraph.label, found.start, found.end)
        for paragraph in draft.paragraphs
        for found in find(bare, paragraph.text, mistakes=False)
    ]
    return tuple(anywhere) if len(anywhere) == 1 else ()


def shown_in(original: str, draft: Draft) -> tuple[str, ...]:
    """The one paragraph that has the words which a row shows; () for none, for several, and for a single word."""
    if len(words(original)) < 2:
        return ()
    return tuple(passage.label for passage in _passages(original, (), draft))


def _deleted(passages: Sequence[_OfficialSpan], labels: Sequence[str], draft: Draft) -> tuple[Edit, ...]:
    """What a cell that says "delete" takes out: the passage beside it, or the paragraphs that its row names."""
    if not passages:
        return tuple(_gone(label, draft) for label in labels)
    return tuple(_taken_out(passage, draft) for passage in passages)


def _taken_out(passage: _OfficialSpan, draft: Draft) -> Edit:
    official = draft.text(passage.label)
    if len(official[passage.start : passage.end].strip()) < len(official.strip(" ;,.")):
        return _edit(passage.label, passage.start, _with_space(official, passage), "", draft)
    return _gone(passage.label, draft)


def _gone(label: str, draft: Draft) -> Edit:
    return Edit(label, "delete_paragraph", old=draft.text(label), origin="table", confidence=IN_A_TABLE)


def _with_space(official: str, passage: _OfficialSpan) -> int:
    """The end of a passage with the space behind it, where there is one before it too."""
    doubled = official[passage.end : passage.end + 1] == " " and official[: passage.start][-1:] in ("", " ")
    return passage.end + doubled


def _in_passages(cell: TableCell, passages: Sequence[_OfficialSpan], draft: Draft) -> tuple[Edit, ...]:
    return tuple(edit for passage in passages for edit in _in_passage(cell, passage, draft))


def _in_passage(cell: TableCell, passage: _OfficialSpan, draft: Draft) -> tuple[Edit, ...]:
    """The difference between a passage and what the cell has instead."""
    official = draft.text(passage.label)[passage.start : passage.end]
    line = reduce(MarkedLine.joined, marked_lines(cell.blocks))
    if not line.accepted.strip():
        return ()
    changes = diff_paragraph(_bare(line), official).changes
    return tuple(
        _edit(passage.label, passage.start + change.start, passage.start + change.end, change.new, draft)
        for change in changes
    )


def _bare(line: MarkedLine) -> MarkedLine:
    """Without the dots and the quotes around the whole of it, where it has no marks."""
    if line.changed:
        return line
    inside = MarkedLine.of(_without_dots(line.original)).unquoted()
    return MarkedLine.of(_without_dots(inside.original))


def _without_dots(text: str) -> str:
    return text.strip(_AROUND if _DOTS.search(text) else None)


def _edit(label: str, start: int, end: int, new: str, draft: Draft) -> Edit:
    old = draft.text(label)[start:end]
    action: Action = "insert" if start == end else "replace" if new else "delete"
    return Edit(label, action, start, end, old, new.replace(END, "\n"), origin="table", confidence=IN_A_TABLE)
