"""Which proposals for one paragraph are the same, which can all be made, which collide: for pages and compilations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from consultation.conflicts import KEEPING, KEEPS, Conflict, conflict, conflicts
from consultation.facts import EditFact, Speaker
from consultation.redline import TEXT_ACTIONS, applied
from parsing.model import Edit
from parsing.text.words import plain

Span = tuple[int, int]
MOST = 60
"""Proposals for one passage that are compared two by two: more are never looked at so."""
WIDE = 120
"""Characters, about two lines: what changes fewer is listed with the proposals for its words, however many."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change that one or several propose: `members` say the same, but for typography and spaces."""

    members: tuple[EditFact, ...]

    @property
    def edit(self) -> Edit:
        return self.members[0].edit

    @property
    def by(self) -> tuple[str, ...]:
        """The codes or names of those who propose it."""
        return tuple(fact.speaker.name for fact in self.members if fact.speaker)

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Those who propose it, each once."""
        return tuple(dict.fromkeys(fact.speaker for fact in self.members if fact.speaker))


@dataclass(frozen=True, slots=True)
class ChangedPassage:
    """Words of a paragraph, or a point between two, with the proposals for them. `why` says why they cannot all be
    made, `rivals` which of them not, by their numbers; `kept` are comments that ask to keep what one of them deletes.

    A proposal that goes over the words of several others, apart from each other, is in a passage of its own, and `over`
    counts those others.
    """

    proposals: tuple[Proposal, ...]
    over: int = 0
    why: tuple[Conflict, ...] = ()
    rivals: tuple[tuple[int, int], ...] = ()
    kept: tuple[Proposal, ...] = ()

    @property
    def collide(self) -> bool:
        return bool(self.why)


def proposals_of(official: str, facts: Iterable[EditFact]) -> tuple[Proposal, ...]:
    """The edits of one paragraph in their order, those that leave the same text as one proposal."""
    groups: dict[tuple[object, ...], list[EditFact]] = {}
    for fact in facts:
        groups.setdefault(_meaning(official, fact.edit), []).append(fact)
    proposals = [Proposal(tuple(members)) for members in groups.values()]
    return tuple(sorted(proposals, key=lambda proposal: _span(official, proposal.edit)))


def changed_passages(
    official: str, facts: Iterable[EditFact], comments: Iterable[EditFact] = ()
) -> tuple[ChangedPassage, ...]:
    """The proposals for one paragraph by the words that they touch, those that go over several others first; those of
    the comments on it that ask to keep words are listed with what deletes these.
    """
    proposals = proposals_of(official, facts)
    keeping = proposals_of(official, (fact for fact in comments if fact.edit.intent in KEEPING))
    spans = [_span(official, proposal.edit) for proposal in proposals]
    over = [_goes_over(n, spans) for n in range(len(spans))]
    wide = [
        _over_others(official, proposal, proposals, count)
        for proposal, count in zip(proposals, over, strict=True)
        if count
    ]
    narrow = [(p, span) for p, span, count in zip(proposals, spans, over, strict=True) if not count]
    passages = (*wide, *(_passage(official, members) for members in _meeting(narrow)))
    return tuple(_with_kept(official, passage, keeping) for passage in passages)


def _over_others(official: str, wide: Proposal, proposals: Iterable[Proposal], count: int) -> ChangedPassage:
    """The passage of a proposal that goes over so many others."""
    others = [other for other in proposals if other is not wide]
    why = (conflict(official, wide.edit, other.edit) for other in others)
    return ChangedPassage((wide,), count, tuple(dict.fromkeys(one for one in why if one)))


def _passage(official: str, proposals: Sequence[Proposal]) -> ChangedPassage:
    """The passage of proposals that touch the same words."""
    found = conflicts(official, (proposal.edit for proposal in proposals[:MOST]))
    why = tuple(dict.fromkeys(one for _, _, one in found))
    return ChangedPassage(tuple(proposals), 0, why, tuple((n, k) for n, k, _ in found))


def _with_kept(official: str, passage: ChangedPassage, keeping: Iterable[Proposal]) -> ChangedPassage:
    """The passage with the comments that one of its proposals goes against."""
    edits = [proposal.edit for proposal in passage.proposals]
    kept = tuple(one for one in keeping if any(conflict(official, one.edit, edit) for edit in edits))
    if not kept:
        return passage
    return replace(passage, kept=kept, why=(*passage.why, KEEPS))


def _goes_over(n: int, spans: Sequence[Span]) -> int:
    """How many other spans lie within the n-th, where it is wide and at least two of them are apart; else 0."""
    start, end = spans[n]
    if end - start < WIDE:
        return 0
    inside = [s for k, s in enumerate(spans) if k != n and start <= s[0] and s[1] <= end and s != (start, end)]
    apart = any(not _meets(one, other) for one, other in pairwise(sorted(inside)))
    return len(inside) if apart else 0


def _meeting(placed: Iterable[tuple[Proposal, Span]]) -> list[list[Proposal]]:
    """The proposals, given in the order of their spans, with those that touch the same words together."""
    out: list[list[Proposal]] = []
    reach = (-1, -1)
    for proposal, span in placed:
        if out and _meets(reach, span):
            out[-1].append(proposal)
            reach = (reach[0], max(reach[1], span[1]))
        else:
            out.append([proposal])
            reach = span
    return out


def _meaning(official: str, edit: Edit) -> tuple[object, ...]:
    """A key that two edits share where they leave the same text."""
    if edit.action in TEXT_ACTIONS:
        return "text", plain(applied(official, (edit,)))
    if edit.action == "comment":
        return "comment", edit.intent, plain(edit.comment).casefold()
    return edit.action, edit.to, plain(edit.new)


def _span(official: str, edit: Edit) -> Span:
    """The characters that an edit touches, without the spaces at its ends."""
    if edit.start is None or edit.end is None:
        return (0, len(official)) if edit.action == "delete_paragraph" else (len(official) + 1, len(official) + 1)
    start, end = edit.start, edit.end
    while start < end and official[start].isspace():
        start += 1
    while end > start and official[end - 1].isspace():
        end -= 1
    return start, end


def _meets(reach: Span, span: Span) -> bool:
    """Whether a span overlaps what came before it, or is an insertion at the same point."""
    return span[0] < reach[1] or span == reach
