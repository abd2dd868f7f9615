"""Deleted and inserted paragraphs that belong together, moved or written anew; and the order of edits."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from parsing.model import Draft, Edit, Run
from parsing.text.words import similarity

MOVED = 0.97
MOVED_BY_NAME = 0.6
"""How alike an inserted paragraph and a deleted one must be to be the same, without and with Word's name for a move."""
REWRITTEN = 0.45
"""How alike a deleted paragraph and a new one beside it must be to be one paragraph that was rewritten."""


def moved_to(edits: Sequence[Edit], official: str, run: Run | None) -> int | None:
    """The index of the inserted paragraph that a deleted one has become; `run` is what deleted it."""
    least = MOVED_BY_NAME if run is not None and run.move else MOVED
    return next(
        (n for n, edit in enumerate(edits) if _is_inserted(edit) and similarity(edit.new, official) >= least), None
    )


def _is_inserted(edit: Edit) -> bool:
    return edit.action == "add_paragraph" and edit.origin in ("tracked-change", "formatting")


def rewritten_at(edits: Sequence[Edit], label: str, official: str, above: str | None) -> int | None:
    """The index of a new paragraph right above or below a deleted one, where the two are one that was rewritten."""
    added = [n for n, edit in enumerate(edits) if edit.action == "add_paragraph"]
    before = [n for n in added if edits[n].paragraph == above]
    after = [n for n in added if edits[n].paragraph == label]
    return next((n for n in (*before[-1:], *after[:1]) if similarity(edits[n].new, official) >= REWRITTEN), None)


def resettled(edit: Edit, moved: str, above: str | None) -> Edit:
    """What came to follow a paragraph that has moved away follows the one above it."""
    if above is not None and edit.action == "add_paragraph" and edit.paragraph == moved:
        return replace(edit, paragraph=above)
    return replace(edit, to=above) if edit.action == "move_paragraph" and edit.to == moved else edit


def in_order(edits: Iterable[Edit], draft: Draft) -> tuple[Edit, ...]:
    """In the order of the draft; what comes to follow a paragraph keeps the order in which it was told."""
    order = {paragraph.label: n for n, paragraph in enumerate(draft.paragraphs)}

    def place(edit: Edit) -> tuple[int, int, int]:
        if edit.action == "add_paragraph":
            return order.get(edit.paragraph, -1), 1, 0
        if edit.action == "move_paragraph":
            return order.get(edit.to or "", -1), 1, 0
        return order.get(edit.paragraph, -1), 0, edit.start or 0

    return tuple(sorted(edits, key=place))
