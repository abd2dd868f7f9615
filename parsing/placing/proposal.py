"""What one cell of a comment table proposes for the paragraphs that its row names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsing.model import Action, Block, Draft, Edit, MarkedText
from parsing.placing.align import align
from parsing.placing.columns import is_cell, text_of
from parsing.placing.diff_paragraph import diff_paragraph
from parsing.placing.marked_lines import END, MarkedLine, marked_lines
from parsing.placing.match_paragraphs import ALIKE
from parsing.text.search import find
from parsing.text.words import similarity, words

SURE = 0.95
_AROUND = " \n…."
"""Spaces, and dots that stand for the words before and after a passage."""
_DOTS = re.compile(r"…|\.{3}")


@dataclass(frozen=True, slots=True)
class _Passage:
    """official[start:end] of a paragraph."""

    label: str
    start: int
    end: int


def proposed(cell: Sequence[Block], original: str, labels: Sequence[str], draft: Draft) -> tuple[Edit, ...]:
    """The Edits of a cell that holds new wording; () where it holds none, and must be understood as words.

    `original` is the passage that the row shows beside it, "" where it shows none.
    """
    text = text_of(cell)
    passages = _passages(original, labels, draft) if original else ()
    if is_cell(text, "delete") and (passages or labels):
        return _deleted(passages, labels, draft)
    marked = any(run.mark != "kept" for block in cell for run in block.runs)
    rejected = "\n".join(line.original for line in marked_lines(cell)) if marked else ""
    if marked and not passages and (part := _part(rejected, labels, draft)):
        return _in_passage(cell, part, draft)
    if not marked and any(_is_of_the_passage(text, passage, draft) for passage in passages):
        return tuple(edit for passage in passages for edit in _in_passage(cell, passage, draft))
    whole = _whole(cell, labels or tuple(p.label for p in draft.paragraphs), draft, marked=marked)
    if whole:
        return whole
    if marked and not passages:
        passages = _passages(rejected, labels, draft)
    return tuple(edit for passage in passages for edit in _in_passage(cell, passage, draft))


def _is_of_the_passage(text: str, passage: _Passage, draft: Draft) -> bool:
    """Whether a text is more like the passage, which is a part of its paragraph, than like the whole of it."""
    official = draft.text(passage.label)
    part = official[passage.start : passage.end]
    return len(words(part)) < len(words(official)) and similarity(text, part) > similarity(text, official)


def _whole(cell: Sequence[Block], labels: Sequence[str], draft: Draft, *, marked: bool) -> tuple[Edit, ...]:
    """The changes of a cell that states whole paragraphs, or marks its changes in them."""
    asked = replace(draft, paragraphs=tuple(p for p in draft.paragraphs if p.label in labels))
    blocks = tuple(replace(block, cell=None, place="body") for block in cell)
    text = "".join(line.original for line in marked_lines(blocks))
    official = " ".join(paragraph.text for paragraph in asked.paragraphs)
    if not marked and len(labels) < 4 and len(words(text)) < ALIKE * len(words(official)):
        return ()
    found = align(MarkedText("table", blocks), asked, "")
    return found.edits if not found.unplaced else ()


def _part(rejected: str, labels: Sequence[str], draft: Draft) -> _Passage | None:
    """The one place where the words of a cell with marks stand as a part of a paragraph that its row names."""
    here = [(label, place) for label in labels for place in find(rejected, draft.text(label), mistakes=False)]
    if len(here) != 1 or len(words(rejected)) >= len(words(draft.text(here[0][0]))):
        return None
    label, place = here[0]
    return _Passage(label, place.start, place.end)


def _passages(original: str, labels: Sequence[str], draft: Draft) -> tuple[_Passage, ...]:
    """Where a passage stands: in each paragraph that the row names, else in the only one that has it."""
    bare = original.strip(_AROUND).strip('“”"«»').strip(_AROUND) or original
    here = [(label, found[0]) for label in labels if (found := find(bare, draft.text(label)))]
    if not here:
        every = [(p.label, found) for p in draft.paragraphs if (found := find(bare, p.text, mistakes=False))]
        here = [(label, found[0]) for label, found in every] if len(every) == 1 and len(every[0][1]) == 1 else []
    return tuple(_Passage(label, found.start, found.end) for label, found in here)


def shown_in(original: str, draft: Draft) -> tuple[str, ...]:
    """The one paragraph that has the words which a row shows; () for none, for several, and for a single word."""
    if len(words(original)) < 2:
        return ()
    return tuple(passage.label for passage in _passages(original, (), draft))


def _deleted(passages: Sequence[_Passage], labels: Sequence[str], draft: Draft) -> tuple[Edit, ...]:
    """What a cell that says "delete" takes out: the passage beside it, or the paragraphs that its row names."""
    if not passages:
        return tuple(_gone(label, draft) for label in labels)
    return tuple(_taken_out(passage, draft) for passage in passages)


def _taken_out(passage: _Passage, draft: Draft) -> Edit:
    official = draft.text(passage.label)
    if len(official[passage.start : passage.end].strip()) < len(official.strip(" ;,.")):
        return _edit(passage.label, passage.start, _with_space(official, passage), "", draft)
    return _gone(passage.label, draft)


def _gone(label: str, draft: Draft) -> Edit:
    return Edit(label, "delete_paragraph", old=draft.text(label), origin="table", confidence=SURE)


def _with_space(official: str, passage: _Passage) -> int:
    """The end of a passage with the space behind it, where one stands before it too."""
    doubled = official[passage.end : passage.end + 1] == " " and official[: passage.start][-1:] in ("", " ")
    return passage.end + doubled


def _in_passage(cell: Sequence[Block], passage: _Passage, draft: Draft) -> tuple[Edit, ...]:
    """The difference between a passage and what the cell has in its stead."""
    official = draft.text(passage.label)[passage.start : passage.end]
    joined: MarkedLine | None = None
    for line in marked_lines(cell):
        joined = line if joined is None else joined.joined(line)
    if joined is None or not joined.accepted.strip():
        return ()
    done = diff_paragraph(_bare(joined), official)
    return tuple(
        _edit(passage.label, passage.start + op.start, passage.start + op.end, op.new.replace(END, "\n"), draft)
        for op in done.changes
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
    return Edit(label, action, start, end, old, new, origin="table", confidence=SURE)
