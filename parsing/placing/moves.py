"""Deleted paragraphs and inserted ones that belong together, moved or rewritten; and the order of edits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from parsing.model import Draft, Edit, Run
from parsing.placing.version import Version
from parsing.placing.version_edits import deleted_paragraph, rewritten
from parsing.text.words import similarity

MOVED = 0.97
MOVED_BY_NAME = 0.6
"""How similar a deleted paragraph and an inserted one must be to be one that has moved; Word's name for the move makes
less of it enough."""
REWRITTEN = 0.45
"""How similar a deleted paragraph and a new one beside it must be to be one paragraph that was rewritten."""


@dataclass(frozen=True, slots=True)
class DeletedParagraph:
    """A paragraph of which nothing is left at its place, the label of the one above it, and the run that deleted it."""

    label: str
    above: str | None
    run: Run | None


def with_deletions(edits: Sequence[Edit], deleted: Iterable[DeletedParagraph], version: Version) -> Sequence[Edit]:
    """The edits with those of deleted paragraphs.

    One that was deleted at one place and inserted at another is one move, with the changes made on the way; one that
    was deleted with a similar new one beside it was rewritten.
    """
    for paragraph in deleted:
        edits = _with_deletion(edits, paragraph, version)
    return edits


def _with_deletion(edits: Sequence[Edit], deleted: DeletedParagraph, version: Version) -> Sequence[Edit]:
    official = version.draft.text(deleted.label)
    beside = _rewritten_at(edits, deleted, official)
    if beside is not None:
        others = [*edits[:beside], *edits[beside + 1 :]]
        return [*others, *rewritten(deleted.label, edits[beside].new, deleted.run, version)]
    elsewhere = _moved_to(edits, deleted, official)
    if elsewhere is None:
        return [*edits, deleted_paragraph(deleted.label, deleted.run, version)]
    changes = rewritten(deleted.label, edits[elsewhere].new, deleted.run, version)
    settled = [_resettled(edit, deleted) for edit in edits]
    landed = settled[elsewhere]
    settled[elsewhere] = replace(
        landed, paragraph=deleted.label, action="move_paragraph", to=landed.paragraph, old=official, new=""
    )
    return [*settled, *changes]


def _rewritten_at(edits: Sequence[Edit], deleted: DeletedParagraph, official: str) -> int | None:
    """The index of a new paragraph right above or below a deleted one, where the two are one that was rewritten."""
    added = [n for n, edit in enumerate(edits) if edit.action == "add_paragraph"]
    before = [n for n in added if edits[n].paragraph == deleted.above]
    after = [n for n in added if edits[n].paragraph == deleted.label]
    beside = (*before[-1:], *after[:1])
    return next((n for n in beside if similarity(edits[n].new, official) >= REWRITTEN), None)


def _moved_to(edits: Sequence[Edit], deleted: DeletedParagraph, official: str) -> int | None:
    """The index of the inserted paragraph that a deleted one has become."""
    least = MOVED_BY_NAME if deleted.run is not None and deleted.run.move else MOVED
    inserted = (n for n, edit in enumerate(edits) if _is_inserted(edit))
    return next((n for n in inserted if similarity(edits[n].new, official) >= least), None)


def _is_inserted(edit: Edit) -> bool:
    return edit.action == "add_paragraph" and edit.origin in ("tracked-change", "formatting")


def _resettled(edit: Edit, moved: DeletedParagraph) -> Edit:
    """What came to follow a paragraph that has moved away follows the one above it."""
    if moved.above is not None and edit.action == "add_paragraph" and edit.paragraph == moved.label:
        return replace(edit, paragraph=moved.above)
    if edit.action == "move_paragraph" and edit.to == moved.label:
        return replace(edit, to=moved.above)
    return edit


def in_order(edits: Iterable[Edit], draft: Draft) -> tuple[Edit, ...]:
    """In the order of the draft; what comes to follow a paragraph keeps the order of the file."""
    order = {paragraph.label: n for n, paragraph in enumerate(draft.paragraphs)}

    def place(edit: Edit) -> tuple[int, int, int]:
        if edit.action == "add_paragraph":
            return order.get(edit.paragraph, -1), 1, 0
        if edit.action == "move_paragraph":
            return order.get(edit.to or "", -1), 1, 0
        return order.get(edit.paragraph, -1), 0, edit.start or 0

    return tuple(sorted(edits, key=place))
