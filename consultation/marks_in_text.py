"""What is deleted and inserted in the words of a Part. The text of a file with tracked changes, and of a body with
struck and coloured words, holds both side by side; the changes that were read from it tell which is which.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from consultation.redline import TEXT_ACTIONS, Kind, Segment
from parsing.model import Edit

_MARKED = ("tracked-change", "formatting")
"""Origins of changes that leave both wordings in the text."""
_ACTIONS = (*TEXT_ACTIONS, "add_paragraph", "delete_paragraph")
_NUMBER = re.compile(r"\s*(?:[A-Z]{1,2}\.?\s*)?\d+\s*[.):]?\s*")
"""What may be before the words of a paragraph and is no part of them."""


@dataclass(frozen=True, slots=True)
class TextInPieces:
    """A text in pieces; `is_sure` where every change of it was found, and none of it reads as kept that is not."""

    segments: tuple[Segment, ...]
    is_sure: bool = True


def marked_text(text: str, edits: Sequence[Edit], officials: Mapping[str, str]) -> TextInPieces:
    """The text with its changes marked, all that are found; `officials` are the draft's paragraphs by label."""
    changes = [_with_words(edit, officials) for edit in edits if edit.origin in _MARKED and edit.action in _ACTIONS]
    if not changes:
        return TextInPieces((Segment(text, "kept"),))
    return _by_the_paragraph(text, changes, officials) or _each_by_itself(text, changes)


def _with_words(edit: Edit, officials: Mapping[str, str]) -> Edit:
    """The edit with the words that it deletes, where that is the whole paragraph."""
    return replace(edit, old=officials.get(edit.paragraph, "")) if edit.action == "delete_paragraph" else edit


def _by_the_paragraph(text: str, changes: Sequence[Edit], officials: Mapping[str, str]) -> TextInPieces | None:
    """The text is a stretch of its paragraph with both wordings of each change: then each letter has its kind. None
    where it is no such stretch, or could be several.
    """
    official, placed = _official_of(changes, officials), _in_places(changes)
    if not official or not placed:
        return None
    for wordings in (_old_first, _new_first):
        found = _stretch(text, list(_with_both(official, placed, wordings)))
        if found is not None:
            return TextInPieces(found)
    return None


def _official_of(changes: Sequence[Edit], officials: Mapping[str, str]) -> str:
    """The paragraph that all of them change; empty where there is no such one."""
    labels = {edit.paragraph for edit in changes}
    return officials.get(labels.pop(), "") if len(labels) == 1 else ""


def _in_places(changes: Sequence[Edit]) -> list[Edit]:
    """The changes in the order of their places; none where one has no place, or two overlap."""
    if any(edit.start is None or edit.end is None for edit in changes):
        return []
    placed = sorted(changes, key=lambda one: (one.start, one.end))
    overlap = any(one.end > two.start for one, two in pairwise(placed))  # type: ignore[operator]  # all have a place
    return [] if overlap else placed


def _old_first(edit: Edit) -> tuple[Segment, ...]:
    return Segment(edit.old, "deleted"), Segment(edit.new, "inserted")


def _new_first(edit: Edit) -> tuple[Segment, ...]:
    return Segment(edit.new, "inserted"), Segment(edit.old, "deleted")


def _with_both(
    official: str, placed: Sequence[Edit], wordings: Callable[[Edit], tuple[Segment, ...]]
) -> Iterator[Segment]:
    at = 0
    for edit in placed:
        assert edit.start is not None
        assert edit.end is not None
        yield Segment(official[at : edit.start], "kept")
        yield from wordings(edit)
        at = edit.end
    yield Segment(official[at:], "kept")


def _stretch(text: str, whole: Sequence[Segment]) -> tuple[Segment, ...] | None:
    """The text in the pieces of the whole of which it is a stretch, spaces apart."""
    letters = "".join("".join(one.text.split()) for one in whole)
    kinds = [one.kind for one in whole for _ in "".join(one.text.split())]
    number = _NUMBER.match(text)
    for begins in {0, number.end() if number else 0}:
        wanted = "".join(text[begins:].split())
        if wanted and letters.count(wanted) == 1:
            at = letters.index(wanted)
            return tuple(_in_pieces(text, begins, kinds[at : at + len(wanted)]))
    return None


def _in_pieces(text: str, begins: int, kinds: Sequence[Kind]) -> Iterator[Segment]:
    """The text cut where the kind of its letters changes; a space goes with the letter before it, a number that is
    before all of them with none.
    """
    solid = [n for n, letter in enumerate(text) if n >= begins and not letter.isspace()]
    firsts = [0, *(n for n, (one, two) in enumerate(pairwise(kinds), 1) if one != two)]
    yield Segment(text[:begins], "kept")
    starts = [begins, *(solid[n] for n in firsts[1:]), len(text)]
    for first, (start, end) in zip(firsts, pairwise(starts), strict=True):
        yield Segment(text[start:end], kinds[first])


def _each_by_itself(text: str, changes: Sequence[Edit]) -> TextInPieces:
    """Each change where its words occur once, the deleted ones before the inserted; what meets another is left out."""
    places = sorted(place for place in (_place_of(edit, text) for edit in changes) if place is not None)
    ends = accumulate((place.end for place in places), max, initial=0)
    apart = [place for place, before in zip(places, ends, strict=False) if place.start >= before]
    known = [edit for edit in changes if len(edit.sources) < 2]  # what another Part says too may be said here in words
    return TextInPieces(tuple(_marked_at(text, apart)), is_sure=len(apart) >= len(known))


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """Where the words that a change deletes begin in a text, where those that it inserts begin, and where these end."""

    start: int
    middle: int
    end: int


def _place_of(edit: Edit, text: str) -> _Place | None:
    """Where the words of the change are, spaces apart; None where they occur nowhere, or more than once."""
    old, new = _loose(edit.old), _loose(edit.new)
    found = list(re.finditer(rf"({old})\s*({new})", text)) if old or new else []
    if len(found) != 1:
        return None
    return _Place(found[0].start(), found[0].start(2) if new else found[0].end(), found[0].end())


def _loose(words: str) -> str:
    """The words as a pattern, whatever spaces and breaks are between them."""
    return r"\s+".join(map(re.escape, words.split()))


def _marked_at(text: str, places: Sequence[_Place]) -> Iterator[Segment]:
    at = 0
    for place in places:
        yield Segment(text[at : place.start], "kept")
        yield Segment(text[place.start : place.middle], "deleted")
        yield Segment(text[place.middle : place.end], "inserted")
        at = place.end
    yield Segment(text[at:], "kept")
