"""Which proposals for one paragraph are the same, and which collide: for pages and compilations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from consultation.facts import EditFact
from consultation.redline import TEXT_ACTIONS, applied
from parsing.model import Edit
from parsing.text.words import plain

Span = tuple[int, int]


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


@dataclass(frozen=True, slots=True)
class ChangedPassage:
    """Words of a paragraph, or a point between two, with the proposals for them: more than one collide.

    A proposal that goes over the words of several others, apart from each other, is in a passage of its own, and `over`
    counts those others.
    """

    proposals: tuple[Proposal, ...]
    over: int = 0

    @property
    def collide(self) -> bool:
        return len(self.proposals) > 1 or self.over > 0


def proposals_of(official: str, facts: Iterable[EditFact]) -> tuple[Proposal, ...]:
    """The edits of one paragraph in their order, those that leave the same text as one proposal."""
    groups: dict[tuple[object, ...], list[EditFact]] = {}
    for fact in facts:
        groups.setdefault(_meaning(official, fact.edit), []).append(fact)
    proposals = [Proposal(tuple(members)) for members in groups.values()]
    return tuple(sorted(proposals, key=lambda proposal: _span(official, proposal.edit)))


def changed_passages(official: str, facts: Iterable[EditFact]) -> tuple[ChangedPassage, ...]:
    """The proposals for one paragraph by the words that they touch, those that go over several others first."""
    proposals = proposals_of(official, facts)
    spans = [_span(official, proposal.edit) for proposal in proposals]
    over = [_goes_over(n, spans) for n in range(len(spans))]
    wide = [ChangedPassage((proposal,), count) for proposal, count in zip(proposals, over, strict=True) if count]
    return (*wide, *_meeting([(p, span) for p, span, count in zip(proposals, spans, over, strict=True) if not count]))


def _goes_over(n: int, spans: Sequence[Span]) -> int:
    """How many other spans lie within the n-th, where at least two of them are apart; else 0."""
    start, end = spans[n]
    inside = [s for k, s in enumerate(spans) if k != n and start <= s[0] and s[1] <= end and s != (start, end)]
    apart = any(not _meets(one, other) for one, other in pairwise(sorted(inside)))
    return len(inside) if apart else 0


def _meeting(placed: Iterable[tuple[Proposal, Span]]) -> list[ChangedPassage]:
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
    return [ChangedPassage(tuple(proposals)) for proposals in out]


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
