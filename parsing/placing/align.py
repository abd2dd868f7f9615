"""Marked text + Draft -> Edits at character offsets of the official text.

A file's paragraphs, with its changes rejected, are matched to the Draft's; each is compared with its official text, and
its changes are given at the official text's offsets. What differs without having been tracked is an edit too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsing.model import Block, Draft, Edit, MarginComment, MarkedText, Origin, Problem, Unplaced
from parsing.placing.comment_anchors import AnchorIndex, asked_in, placed_comments
from parsing.placing.hand_marks import confirmed
from parsing.placing.marked_lines import MarkedLine, flowing, marked_lines
from parsing.placing.moves import in_order
from parsing.placing.repeated_drafts import accepted, pasted_over, repeated_drafts
from parsing.placing.version import DraftCopy, Version
from parsing.placing.version_changes import Findings, findings_of, outside_findings


@dataclass(frozen=True, slots=True)
class Aligned:
    """The Edits of a file, what found no place, and the blocks that were not used: the file's own words."""

    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    rest: tuple[Block, ...] = ()


def align(text: MarkedText, draft: Draft, source: str) -> Aligned:
    """What a text that is a version of the draft, or carries marks on its paragraphs, changes in it.

    `source` is the Part's name. A text that is neither is left wholly in `rest`.
    """
    text = confirmed(text, draft)
    lines = marked_lines(text.blocks)
    if pasted_over(lines, draft):
        text = accepted(text)
        return _as_tracked(_aligned(text, marked_lines(text.blocks), draft, source, any_base=True), lines)
    return _aligned(text, lines, draft, source)


def _aligned(
    text: MarkedText, lines: Sequence[MarkedLine], draft: Draft, source: str, *, any_base: bool = False
) -> Aligned:
    versions = _versions(lines, draft, source, any_base=any_base)
    if not versions:
        return Aligned(rest=text.blocks)
    first, *others = [findings_of(version) for version in versions]
    outside = [outside_findings(line, draft, source) for line in _outside(lines, versions)]
    found = Findings.together([first, *outside, *others])
    edits = dict.fromkeys(found.edits) if others else found.edits
    comments = _comments(text.comments, AnchorIndex(found.anchors, lines), draft, source)
    return Aligned(
        edits=in_order([*edits, *comments], draft),
        unplaced=found.unplaced,
        problems=tuple(dict.fromkeys(found.problems)),
        rest=_without_used(text.blocks, found.used),
    )


def _versions(lines: Sequence[MarkedLine], draft: Draft, source: str, *, any_base: bool) -> list[Version]:
    """The versions of the draft that a file holds: mostly one, or none."""
    untracked: Origin = "silent-change" if any(line.changed for line in lines) else "comparison"
    copies = [DraftCopy.of(part, draft) for part in repeated_drafts(flowing(lines), draft)]
    return [Version.of(copy, source, untracked, any_base=any_base) for copy in copies if copy.is_version]


def _outside(lines: Sequence[MarkedLine], versions: Sequence[Version]) -> Iterator[MarkedLine]:
    """The sender's own lines that are in no version: notes, headers, footers."""
    running = {id(line) for version in versions for line in version.lines}
    return (line for line in lines if line.role == "own" and id(line) not in running)


def _comments(comments: Sequence[MarginComment], anchors: AnchorIndex, draft: Draft, source: str) -> Iterator[Edit]:
    """The margin comments, each with what it asks for behind it."""
    for comment in placed_comments(comments, anchors, draft, source):
        yield comment
        yield from asked_in(comment, draft)


def _without_used(blocks: Sequence[Block], lines: Sequence[MarkedLine]) -> tuple[Block, ...]:
    used = {id(block) for line in lines for block in line.blocks}
    return tuple(block for block in blocks if id(block) not in used)


def _as_tracked(aligned: Aligned, lines: Sequence[MarkedLine]) -> Aligned:
    """The comparison of a text that was pasted over the draft with tracking on: its author's tracked changes."""
    run = next(run for line in lines for run in line.deleted if run is not None)
    edits = (
        replace(edit, origin="tracked-change", author=run.author, date=run.date, needs_review=False)
        if edit.origin in ("comparison", "silent-change")
        else edit
        for edit in aligned.edits
    )
    return replace(aligned, edits=tuple(edits))
