"""Where a margin comment is in the official text, what it asks for there, and where a new paragraph wants to be."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsing.confidence import ASKED_IN_THE_MARGIN, MARGIN_COMMENT, MARGIN_COMMENT_ON_ALL, SURE_PLACE
from parsing.model import Block, Draft, Edit, MarginComment, Run
from parsing.placing.column_heads import is_cell
from parsing.placing.marked_lines import MarkedLine
from parsing.prose.read_prose import understand

_QUOTED = re.compile(r"[\"“”„«»「『]")
_LONGEST_HEAD = 80
"""Characters before a colon that may say where a new paragraph is to be."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line that comments can be beside.

    `offsets` lead from its original text into the official text of `label`; without them the line holds a paragraph
    that comes to follow `label`. `above` is what paragraphs inserted at the head of the line come to follow.
    """

    line: MarkedLine
    label: str | None
    offsets: Sequence[int] = ()
    above: str | None = None


@dataclass(frozen=True, slots=True)
class CommentPlace:
    """A place in the draft: `start` and `end` in the official text of `label`, None for the paragraph as a whole.

    `more` are the labels of the further paragraphs that the range runs over.
    """

    label: str = "general"
    start: int | None = None
    end: int | None = None
    more: tuple[str, ...] = ()


def placed_comments(
    comments: Sequence[MarginComment], anchors: "AnchorIndex", draft: Draft, source: str
) -> Iterator[Edit]:
    """The Edits of margin comments, each at its exact range in the official text where it has one."""
    for comment in comments:
        if comment.text:
            parent = comments[comment.parent] if comment.parent is not None else None
            yield _placed_comment(comment, parent, anchors.place(comment), draft, source)


def _placed_comment(
    comment: MarginComment, parent: MarginComment | None, place: "CommentPlace", draft: Draft, source: str
) -> Edit:
    return Edit(
        paragraph=place.label,
        action="comment",
        start=place.start,
        end=place.end,
        old="" if place.start is None else draft.text(place.label)[place.start : place.end],
        comment=comment.text,
        intent="resolved" if comment.resolved else "reply" if parent is not None else None,
        author=comment.author,
        date=comment.date,
        origin="margin-comment",
        sources=(source,),
        confidence=MARGIN_COMMENT if place.label != "general" else MARGIN_COMMENT_ON_ALL,
        evidence="; ".join(_evidence(place, parent)),
    )


def _evidence(place: "CommentPlace", parent: MarginComment | None) -> Iterator[str]:
    if parent is not None:
        yield f"in answer to {parent.author or 'a comment'}: {parent.text}"
    if place.more:
        yield f"the range runs on over {', '.join(place.more)}"


def asked_in(comment: Edit, draft: Draft) -> Iterator[Edit]:
    """What a margin comment asks for in plain words at its own place: "Delete", "Replace "x" with "y"".

    Only quoted words are taken as asked for: much that comments say of a deletion is against it. Answers and resolved
    comments ask for nothing. What is asked beside the text needs review.
    """
    if comment.intent is not None or comment.paragraph == "general":
        return
    for edit in _deletion_asked_in(comment, draft) or _changes_asked_in(comment, draft):
        yield replace(edit, comment=comment.comment, confidence=ASKED_IN_THE_MARGIN, needs_review=True)


def _deletion_asked_in(comment: Edit, draft: Draft) -> list[Edit]:
    """The deletion of the words beside a comment that says "delete" and no more; a whole paragraph is not meant."""
    if not is_cell(comment.comment, "delete") or not comment.old.strip():
        return []
    return [] if comment.old == draft.text(comment.paragraph) else [replace(comment, action="delete")]


def _changes_asked_in(comment: Edit, draft: Draft) -> list[Edit]:
    """The changes that a comment asks for in words, where all of them are sure and at its own paragraph."""
    if not _QUOTED.search(comment.comment):
        return []
    said = understand([Block((Run(comment.comment),))], draft, comment.sources[0], at=(comment.paragraph,))
    changes = [edit for edit in said.edits if edit.action != "comment"]
    if any(edit.paragraph != comment.paragraph or edit.confidence < SURE_PLACE for edit in changes):
        return []
    return [replace(edit, origin="margin-comment", author=comment.author, date=comment.date) for edit in changes]


def announced(text: str, after: str | None, draft: Draft) -> tuple[str | None, str]:
    """(the paragraph that a new one follows, its text).

    One that opens with its place, as "New OP after OP5: Conserve …", is put there, without the words that say so.
    """
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    addition = _announced_addition(bare, after, draft)
    return (after, text) if addition is None else (addition.paragraph, addition.new)


def _announced_addition(text: str, after: str | None, draft: Draft) -> Edit | None:
    """The addition that a paragraph asks for, where it opens with its place, `after` unless it says so, and the rest is
    what is to be added.
    """
    head, colon, rest = text.partition(":")
    if not colon or len(head) > _LONGEST_HEAD or not rest.strip():
        return None
    said = understand([Block((Run(text),))], draft, "", at=(after,) if after else ()).edits
    additions = [edit for edit in said if edit.action == "add_paragraph" and edit.new in rest]
    return additions[0] if len(additions) == len(said) == 1 else None


class AnchorIndex:
    """Finds the place of one comment after another."""

    def __init__(self, anchors: Sequence[Anchor], notes: Sequence[MarkedLine]) -> None:
        self._anchors = sorted(anchors, key=lambda anchor: anchor.line.first)
        self._firsts = [anchor.line.first for anchor in self._anchors]
        self._notes = [note for note in notes if note.anchor is not None]

    def place(self, comment: MarginComment) -> CommentPlace:
        """The place of the first paragraph of the draft that the comment's range touches; "general" without one."""
        if comment.start is None or comment.end is None:
            return CommentPlace()
        start, end = self._in_running_text(comment.start, comment.end)
        touched = [(anchor, anchor.label) for anchor in self._between(start, end) if anchor.label is not None]
        if not touched:
            return CommentPlace()
        (anchor, label), *others = touched
        return _placed(anchor, label, start, end, tuple(other for _, other in others))

    def _in_running_text(self, start: int, end: int) -> tuple[int, int]:
        """The range; that of a comment in a note is where the text refers to the note."""
        for note in self._notes:
            if note.first <= start <= note.last and note.anchor is not None:
                return note.anchor, note.anchor
        return start, end

    def _between(self, start: int, end: int) -> list[Anchor]:
        """The anchors that a range touches, with more than the end of a paragraph where it can be."""
        first = max(0, bisect_right(self._firsts, start) - 1)
        last = bisect_right(self._firsts, end)
        touched = [anchor for anchor in self._anchors[first:last] if anchor.line.last >= start]
        inside = [anchor for anchor in touched if anchor.line.last > start and anchor.line.first < end]
        return inside or touched


def _placed(anchor: Anchor, label: str, start: int, end: int, more: tuple[str, ...]) -> CommentPlace:
    if not anchor.offsets:
        return CommentPlace(label, more=more)
    if anchor.above is not None and _in_new_paragraph(anchor.line, start):
        return CommentPlace(anchor.above, more=more)
    a, b = (anchor.offsets[anchor.line.offset_of(position)] for position in (start, end))
    return CommentPlace(label, a, max(a, b), more)


def _in_new_paragraph(line: MarkedLine, position: int) -> bool:
    """Whether a position is in a paragraph that was inserted whole at the head of a line."""
    here = line.first
    for block in line.blocks:
        length = sum(len(run.text) for run in block.runs)
        if here <= position <= here + length:
            return block.end == "inserted" and all(run.mark in ("inserted", "undone") for run in block.runs)
        here += length + 1
    return False
