"""A paragraph with proposed changes shown in it: kept, deleted and inserted words, in order, always whole words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from parsing.model import Edit

_WORD = re.compile(r"\S+")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
TEXT_ACTIONS = ("replace", "insert", "delete")
Kind = Literal["kept", "deleted", "inserted", "gap"]


@dataclass(frozen=True, slots=True)
class Replacement:
    """`new` in the place of official[start:end]."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    kind: Kind
    """A gap marks kept words that are left out."""


def replacements_of(edits: Iterable[Edit]) -> list[Replacement]:
    """The text edits as replacements, by place; what is said twice, as in two mails of one Party, is made once."""
    spans = (
        Replacement(edit.start, edit.end, edit.new)
        for edit in edits
        if edit.action in TEXT_ACTIONS and edit.start is not None and edit.end is not None
    )
    return sorted(dict.fromkeys(spans), key=lambda change: (change.start, change.end))


def applied(official: str, edits: Iterable[Edit]) -> str:
    """The paragraph as these text edits leave it. Where two overlap the first has the place."""
    out, at = [], 0
    for change in replacements_of(edits):
        if change.start >= at:
            out += [official[at : change.start], change.new]
            at = change.end
    return "".join([*out, official[at:]])


def word_changes(official: str, edits: Iterable[Edit]) -> list[Replacement]:
    """The text edits as changes of whole words, by place; together they leave the same text."""
    return [_narrowed(official, wide) for wide in whole_words(official, replacements_of(edits))]


def redline(official: str, edits: Iterable[Edit]) -> tuple[Segment, ...]:
    """The whole paragraph with the text edits in it."""
    out: list[Segment] = []
    at = 0
    for change in word_changes(official, edits):
        out.append(Segment(official[at : change.start], "kept"))
        out.append(Segment(official[change.start : change.end], "deleted"))
        out.append(Segment(change.new, "inserted"))
        at = change.end
    out.append(Segment(official[at:], "kept"))
    return tuple(segment for segment in out if segment.text)


def in_context(segments: Iterable[Segment], words: int = 9) -> tuple[Segment, ...]:
    """The segments with long kept stretches shortened to so many words beside a change."""
    parts = list(segments)
    out: list[Segment] = []
    for n, segment in enumerate(parts):
        if segment.kind != "kept":
            out.append(segment)
            continue
        out += _shortened(segment.text, words, after=n > 0, before=n < len(parts) - 1)
    return tuple(out)


def _shortened(text: str, words: int, *, after: bool, before: bool) -> Iterator[Segment]:
    """The words after the change on its left, and before the one on its right."""
    ends = [match.end() for match in _WORD.finditer(text)]
    head = words if after else 0
    tail = words if before else 0
    if len(ends) <= head + tail + 3:
        yield Segment(text, "kept")
        return
    if head:
        yield Segment(text[: ends[head - 1]] + " ", "kept")
    yield Segment("…", "gap")
    if tail:
        yield Segment(text[ends[-tail - 1] :], "kept")


def whole_words(official: str, changes: Iterable[Replacement]) -> Iterator[Replacement]:
    """The changes widened to the words that they touch; those that meet in one word, or overlap, as one."""
    last: Replacement | None = None
    for change in changes:
        if last is not None and change.start < last.end:
            last = _merged(official, last, change)
            continue
        wide = _widened(official, change, 0 if last is None else last.end)
        if last is not None and wide.start == last.end and not _boundary(official, wide.start):
            last = Replacement(last.start, wide.end, last.new + wide.new)
            continue
        if last is not None:
            yield last
        last = wide
    if last is not None:
        yield last


def _narrowed(official: str, change: Replacement) -> Replacement:
    """Without the words that it has in common with what it replaces, at its start and at its end."""
    old, new = _TOKEN.findall(official[change.start : change.end]), _TOKEN.findall(change.new)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    start = change.start + sum(map(len, old[:head]))
    end = change.end - sum(map(len, old[len(old) - tail :]))
    return Replacement(start, end, "".join(new[head : len(new) - tail]))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _widened(official: str, change: Replacement, floor: int) -> Replacement:
    """To whole words, never before `floor`. A change that begins or ends between words stays there."""
    start, end = change.start, change.end
    first = (official[start:end] + change.new)[:1], change.new[:1]
    last = (official[start:end])[-1:], change.new[-1:]
    if any(char.isalnum() for char in first):
        while start > floor and official[start - 1].isalnum():
            start -= 1
    if any(char.isalnum() for char in last):
        while end < len(official) and official[end].isalnum():
            end += 1
    return Replacement(start, end, official[start : change.start] + change.new + official[change.end : end])


def _merged(official: str, wide: Replacement, change: Replacement) -> Replacement:
    """A change inside the word that another was widened over, or one that overlaps it."""
    kept = wide.end - change.start
    if kept <= len(wide.new) and wide.new.endswith(official[change.start : wide.end]) and change.end >= change.start:
        end = max(wide.end, change.end)
        tail = official[change.end : wide.end]
        grown = _widened(
            official, Replacement(wide.start, end, wide.new[: len(wide.new) - kept] + change.new + tail), wide.start
        )
        return Replacement(wide.start, grown.end, grown.new)
    both = " / " if wide.new and change.new else ""
    return Replacement(wide.start, max(wide.end, change.end), f"{wide.new}{both}{change.new}")


def _boundary(official: str, at: int) -> bool:
    return not (0 < at < len(official) and official[at - 1].isalnum() and official[at].isalnum())
