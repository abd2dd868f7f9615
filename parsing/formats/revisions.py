"""Tracked changes as every format knows them: who inserted or deleted characters, and when."""

from dataclasses import dataclass

from parsing.model import Mark, Run


@dataclass(frozen=True, slots=True)
class Revision:
    """Who inserted or deleted, and when; `move` where it is one end of a move."""

    author: str | None = None
    date: str | None = None
    move: str | None = None


UNSIGNED = Revision()


def mark_of(ins: Revision | None, gone: Revision | None) -> Mark:
    """The mark of characters inside an insertion, a deletion, both or neither."""
    if ins is not None and gone is not None:
        return "undone"
    if ins is not None:
        return "inserted"
    return "kept" if gone is None else "deleted"


def revised(text: str, style: frozenset[str], ins: Revision | None, gone: Revision | None) -> Run:
    """Characters inside an insertion, a deletion, both or neither."""
    change = ins or gone
    if change is None:
        return Run(text, style=style)
    by = gone.author if ins is not None and gone is not None else None
    return Run(text, mark_of(ins, gone), change.author, change.date, change.move, by, style)
