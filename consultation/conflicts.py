"""Whether two proposals for one paragraph can both be made, and if not, why: from the words that each changes.

A proposal is taken apart into its least changes: whole words that go, or come, at one place. One that makes all changes
of another, and more, goes further and does not contradict it; nor do deletions contradict each other, or changes apart
from each other, or words of a different kind inserted at one point.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from consultation.redline import TEXT_ACTIONS, replacements_of, whole_words
from parsing.model import Edit
from parsing.text.diff_words import Different, diff_words
from parsing.text.words import plain

Conflict = Literal[
    "two wordings for the same words", "one deletes what another changes", "one deletes what another keeps"
]
WORDINGS: Conflict = "two wordings for the same words"
DELETES: Conflict = "one deletes what another changes"
KEEPS: Conflict = "one deletes what another keeps"
KEEPING = ("retain", "support")
"""Intents of a comment that asks to keep words as they are."""
_TELLING = re.compile(r"\w{4,}|[\u3400-\u9fff]")
"""Words that tell what an insertion is about: with one in common, two insertions are two wordings of one thing."""


@dataclass(frozen=True, slots=True)
class LeastChange:
    """official[start:end] becomes `new`, as it is compared; an insertion has no length, a deletion no new words."""

    start: int
    end: int
    new: str

    @property
    def is_deletion(self) -> bool:
        return not self.new

    @property
    def is_insertion(self) -> bool:
        return self.start == self.end


def conflict(official: str, one: Edit, other: Edit) -> Conflict | None:
    """Why both edits of the paragraph cannot be made; None where they can."""
    if one.action == "comment" or other.action == "comment":
        return _against_keeping(official, one, other)
    ours, theirs = frozenset(least_changes(official, one)), frozenset(least_changes(official, other))
    if ours <= theirs or theirs <= ours:
        return None
    one_thing = bool(ours & theirs)
    clashes = {_clash(a, b, one_thing=one_thing) for a in ours - theirs for b in theirs - ours}
    return next((why for why in (DELETES, WORDINGS) if why in clashes), None)


def least_changes(official: str, edit: Edit) -> tuple[LeastChange, ...]:
    """The changes of whole words that the edit makes, each at its place."""
    if edit.action == "delete_paragraph":
        return (LeastChange(0, len(official), ""),)
    if edit.action not in TEXT_ACTIONS:
        return ()
    wide = whole_words(official, replacements_of((edit,)))
    return tuple(one for change in wide for one in _taken_apart(official, change.start, change.end, change.new))


@lru_cache(maxsize=4096)
def _taken_apart(official: str, start: int, end: int, new: str) -> tuple[LeastChange, ...]:
    differences = [one for one in diff_words(new, official[start:end]) if isinstance(one, Different)]
    return tuple(
        _trimmed(official, start + one.official_start, start + one.official_end, new[one.start : one.end])
        for one in differences
    )


def _trimmed(official: str, start: int, end: int, new: str) -> LeastChange:
    """Without the spaces at its ends; an insertion comes before the next word."""
    while end > start and official[end - 1].isspace():
        end -= 1
    while start < len(official) and official[start].isspace():
        start += 1
    return LeastChange(start, max(start, end), plain(new).strip())


def _clash(one: LeastChange, other: LeastChange, *, one_thing: bool) -> Conflict | None:
    """Of proposals that have another change in common (`one_thing`), two insertions at one point go on differently."""
    if one.is_insertion and other.is_insertion:
        rival = one_thing or _is_about_the_same(one, other)
        return WORDINGS if one.start == other.start and rival else None
    if not _overlap(one, other) or (one.is_deletion and other.is_deletion):
        return None
    return DELETES if one.is_deletion or other.is_deletion else WORDINGS


def _overlap(one: LeastChange, other: LeastChange) -> bool:
    """Whether they touch the same words; an insertion touches those between which it is."""
    if one.is_insertion or other.is_insertion:
        point, span = (one, other) if one.is_insertion else (other, one)
        return span.start < point.start < span.end
    return one.start < other.end and other.start < one.end


def _is_about_the_same(one: LeastChange, other: LeastChange) -> bool:
    return bool(_telling(one.new) & _telling(other.new))


def _telling(words: str) -> set[str]:
    return set(_TELLING.findall(words.casefold()))


def _against_keeping(official: str, one: Edit, other: Edit) -> Conflict | None:
    """A comment that asks to keep words is against what deletes them."""
    keeping, change = (one, other) if one.action == "comment" else (other, one)
    if keeping.intent not in KEEPING or change.action == "comment":
        return None
    start, end = (keeping.start or 0), len(official) if keeping.end is None else keeping.end
    whole = keeping.start is None
    return (
        KEEPS if any(_deletes(change, start, end, whole=whole) for change in least_changes(official, change)) else None
    )


def _deletes(change: LeastChange, start: int, end: int, *, whole: bool) -> bool:
    """Whether it deletes the words that are to be kept: some of those that are named, else the whole paragraph."""
    if whole:
        return change.is_deletion and change.start <= start and end <= change.end
    return not change.is_insertion and change.start < end and start < change.end


def conflicts(official: str, edits: Iterable[Edit]) -> tuple[tuple[int, int, Conflict], ...]:
    """Each two of the edits that cannot both be made, by their numbers, and why."""
    given = list(edits)
    found = []
    for n, one in enumerate(given):
        for k in range(n + 1, len(given)):
            why = conflict(official, one, given[k])
            if why:
                found.append((n, k, why))
    return tuple(found)
