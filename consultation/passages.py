"""The proposals of all for one paragraph, arranged for a compilation: by passage, the alternatives of each in order.

A passage holds the words that proposals have in common to change: where they overlap they are alternatives of one
passage, each a version of its words. A proposal that goes over several passages of others (the deletion of a sentence
in which they change words) is kept as one that goes over them; so is the longest of those that overlap, where a passage
would otherwise grow long by what overlaps: nobody compares versions of a whole paragraph. What leaves the same text is
one alternative.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from consultation.facts import EditFact, Speaker
from consultation.redline import Replacement, word_changes
from parsing.text.words import plain

LONGEST = 100
"""Code points of a passage with several proposals, about fifteen words: as much as one compares at a glance."""
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
Order = Callable[[Speaker], object]
Span = tuple[int, int]
"""A key by which speakers are put in order."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One version of the words of a passage, with the edits that ask for it: those of the first speaker first."""

    new: str
    members: tuple[EditFact, ...]

    @property
    def by(self) -> tuple[Speaker, ...]:
        """Those who propose it, in order."""
        return tuple(dict.fromkeys(fact.speaker for fact in self.members if fact.speaker))

    @property
    def first(self) -> EditFact:
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Passage:
    """official[start:end] with its alternatives in order; a point where words are put in has no length."""

    start: int
    end: int
    alternatives: tuple[Alternative, ...]

    @property
    def collide(self) -> bool:
        return len(self.alternatives) > 1

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        return tuple(dict.fromkeys(who for alternative in self.alternatives for who in alternative.by))


@dataclass(frozen=True, slots=True)
class Passages:
    """`apart` do not overlap each other. Those of `over` go over some of these, and may overlap each other; they begin
    and end with a passage, or outside of all.
    """

    apart: tuple[Passage, ...] = ()
    over: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class _SpeakerVersion:
    """One speaker's changes that can be made together."""

    speaker: Speaker
    changes: tuple["_Change", ...]


@dataclass(frozen=True, slots=True)
class _Change(Replacement):
    """A change of whole words, with the edits that it was made of."""

    facts: tuple[EditFact, ...] = ()
    limit: int = 0
    """Where the next change of the same version begins."""

    @property
    def span(self) -> Span:
        return self.start, self.end


def passages_of(official: str, facts: Iterable[EditFact], order: Order) -> Passages:
    """The text edits of one paragraph, by passage. Edits of one speaker that contradict each other are alternatives."""
    versions = _at_one_place(official, _versions(official, facts, order))
    spans = {change.span for version in versions for change in version.changes}
    apart, wide = _arranged(spans)
    overs = [_overs(version, wide, apart) for version in versions]
    found = (_passage(official, span, _outside(versions, overs, span)) for span in apart)
    over = (_over(official, span, versions, overs) for span in sorted({one for own in overs for one in own}))
    return Passages(tuple(one for one in found if one.alternatives), tuple(one for one in over if one.alternatives))


def _overs(version: _SpeakerVersion, wide: Collection[Span], apart: Sequence[Span]) -> list[Span]:
    """Where one version goes over passages: its wide changes, widened to the passages that they would cut."""
    return _united(_widened(change.span, apart) for change in version.changes if change.span in wide)


def _widened(span: Span, apart: Iterable[Span]) -> Span:
    start, end = span
    for passage in apart:
        start = passage[0] if passage[0] < start < passage[1] else start
        end = passage[1] if passage[0] < end < passage[1] else end
    return start, end


def _outside(versions: Sequence[_SpeakerVersion], overs: Sequence[Sequence[Span]], span: Span) -> list[_SpeakerVersion]:
    """The versions that do not go over that passage: what these change in it is part of what goes over it."""
    pairs = zip(versions, overs, strict=True)
    return [version for version, own in pairs if not any(_within(span, over) for over in own)]


def _over(official: str, span: Span, versions: Sequence[_SpeakerVersion], overs: Sequence[Sequence[Span]]) -> Passage:
    pairs = zip(versions, overs, strict=True)
    return _passage(official, span, [version for version, own in pairs if span in own])


def _passage(official: str, span: Span, versions: Iterable[_SpeakerVersion]) -> Passage:
    """The passage at that span, of the changes that these versions make in it."""
    start, end = span
    groups: dict[str, list[tuple[str, tuple[EditFact, ...]]]] = defaultdict(list)
    for version in versions:
        inside = [one for one in version.changes if _within(one.span, span)]
        new = _applied(official, start, end, inside)
        if inside and new != official[start:end]:
            facts = tuple(fact for one in inside for fact in one.facts)
            groups[plain(official[:start] + new + official[end:])].append((new, facts))
    return Passage(start, end, tuple(_alternative(members) for members in groups.values()))


def _alternative(members: Sequence[tuple[str, tuple[EditFact, ...]]]) -> Alternative:
    return Alternative(members[0][0], tuple(fact for _, facts in members for fact in facts))


def _applied(official: str, start: int, end: int, changes: Iterable[_Change]) -> str:
    """official[start:end] as these changes leave it."""
    out, at = [], start
    for change in changes:
        out += [official[at : change.start], change.new]
        at = change.end
    return "".join([*out, official[at:end]])


def _within(inner: Span, outer: Span) -> bool:
    """Whether a span belongs to a passage: a point at the edge of one that has words is a passage of its own."""
    if inner[0] == inner[1] and outer[0] != outer[1]:
        return outer[0] < inner[0] < outer[1]
    return outer[0] <= inner[0] and inner[1] <= outer[1]


# --- one speaker's edits as changes of whole words ---------------------------------------------------


def _versions(official: str, facts: Iterable[EditFact], order: Order) -> list[_SpeakerVersion]:
    """Each speaker's version, in order; a speaker whose edits contradict each other has several."""
    by_speaker: dict[Speaker, list[EditFact]] = defaultdict(list)
    for fact in facts:
        if fact.speaker and fact.edit.start is not None and fact.edit.end is not None:
            by_speaker[fact.speaker].append(fact)
    return [
        _SpeakerVersion(speaker, tuple(_changes(official, layer)))
        for speaker in sorted(by_speaker, key=order)  # type: ignore[arg-type]  # an order gives what can be sorted
        for layer in layers_of(by_speaker[speaker])
    ]


def layers_of(facts: Iterable[EditFact]) -> list[list[EditFact]]:
    """The edits in as few layers as there are contradictions among them, each without any."""
    layers: list[list[EditFact]] = []
    for fact in sorted(facts, key=lambda one: (_start(one), _end(one))):
        for layer in layers:
            if _same(layer[-1], fact) or _end(layer[-1]) <= _start(fact):
                layer.append(fact)
                break
        else:
            layers.append([fact])
    return layers


def _changes(official: str, facts: Sequence[EditFact]) -> Iterator[_Change]:
    """The changes of whole words that these edits make; those that are said twice are made once."""
    distinct = [fact for n, fact in enumerate(facts) if not n or not _same(facts[n - 1], fact)]
    found = word_changes(official, [fact.edit for fact in distinct])
    limits = [*(change.start for change in found[1:]), len(official)]
    owners = _owners(found, facts)
    for change, limit, members in zip(found, limits, owners, strict=True):
        yield _Change(change.start, change.end, change.new, tuple(members), limit)


def _owners(changes: Sequence[Replacement], facts: Sequence[EditFact]) -> list[list[EditFact]]:
    """For each change the edits that it was made of: each edit is with the change that is nearest to it, and no change
    is without one.
    """
    owners: list[list[EditFact]] = [[] for _ in changes]
    for fact in facts:
        owners[min(range(len(changes)), key=lambda n: _distance(changes[n], fact))].append(fact)
    for change, own in zip(changes, owners, strict=True):
        if not own:
            own.append(min(facts, key=lambda fact: _distance(change, fact)))
    return owners


def _distance(change: Replacement, fact: EditFact) -> tuple[int, int]:
    """How far apart a change and an edit are; where they meet, how much their ends differ."""
    start, end = _start(fact), _end(fact)
    return max(change.start - end, start - change.end, 0), abs(change.start - start) + abs(change.end - end)


def _at_one_place(official: str, versions: Sequence[_SpeakerVersion]) -> list[_SpeakerVersion]:
    """The versions with insertions and deletions that leave the same text at one place, that of the first."""
    first: dict[Replacement, _Change] = {}
    out = []
    for version in versions:
        changes: list[_Change] = []
        for change in version.changes:
            found = first.setdefault(_slid(official, change), change)
            fits = not changes or changes[-1].end <= found.start
            own = replace(change, start=found.start, end=found.end, new=found.new) if fits else change
            changes.append(own)
        out.append(_SpeakerVersion(version.speaker, tuple(changes)))
    return out


def _slid(official: str, change: _Change) -> Replacement:
    """An insertion or a deletion moved behind words that it can as well be before: "a[ new] thing" is
    "a [new ]thing".
    """
    start, end, new = change.start, change.end, change.new
    while start == end or not new:
        ahead = _TOKEN.match(official, end)
        moving = _TOKEN.match(new or official[start:end])
        if ahead is None or moving is None or ahead[0] != moving[0] or ahead.end() > change.limit:
            break
        step = len(ahead[0])
        start, end = start + step, end + step
        new = new[step:] + ahead[0] if new else ""
    return Replacement(start, end, new)


def _same(one: EditFact, other: EditFact) -> bool:
    """Whether two edits of one speaker are the same change, said twice (in different mails)."""
    first, second = one.edit, other.edit
    same = (first.start, first.end, first.new) == (second.start, second.end, second.new)
    return same and one.mail != other.mail


def _start(fact: EditFact) -> int:
    assert fact.edit.start is not None
    return fact.edit.start


def _end(fact: EditFact) -> int:
    assert fact.edit.end is not None
    return fact.edit.end


# --- spans -------------------------------------------------------------------------------------------


def _arranged(spans: Collection[Span]) -> tuple[list[Span], set[Span]]:
    """The passages, and the spans that go over them. A passage of several spans is no longer than LONGEST."""
    ordered = sorted(spans)
    wide = {span for span in ordered if _goes_over(span, ordered)}
    while True:
        passages = _united(set(spans) - wide)
        long = [one for one in passages if one[1] - one[0] > LONGEST]
        found = {span for one in long for span in _longest_in(one, set(spans) - wide)}
        if not found:
            return passages, {span for span in wide if not any(_inside(span, one) for one in passages)}
        wide |= found


def _goes_over(span: Span, ordered: Sequence[Span]) -> bool:
    """Whether several others that are apart lie within it."""
    inside = [one for one in ordered if one != span and _within(one, span)]
    return any(other[0] >= one[1] and other != one for one, other in pairwise(inside))


def _longest_in(passage: Span, spans: Iterable[Span]) -> list[Span]:
    """The longest spans of a passage; none where it has one alone."""
    inside = [one for one in spans if _within(one, passage)]
    most = max(end - start for start, end in inside)
    return [one for one in inside if one[1] - one[0] == most] if len(inside) > 1 else []


def _inside(span: Span, passage: Span) -> bool:
    """Whether a wide span is no more than a part of a passage after all, and so one of its alternatives."""
    return passage[0] <= span[0] and span[1] <= passage[1]


def _united(spans: Iterable[Span]) -> list[Span]:
    """The spans, those that overlap as one. A point within words is theirs; one at their edge is a span of its own."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and (start < out[-1][1] or (start, end) == out[-1]):
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out
