"""Which proposals for one paragraph are the same, and which collide: for pages and compilations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from parsing.model import Edit
from parsing.redline import TEXT_ACTIONS, applied
from parsing.words import plain


class HasEdit(Protocol):
    @property
    def edit(self) -> Edit: ...


T = TypeVar("T", bound=HasEdit)


@dataclass(frozen=True, slots=True)
class Proposal(Generic[T]):
    """One change that one or several propose: `members` say the same, but for typography and spaces."""

    members: tuple[T, ...]

    @property
    def edit(self) -> Edit:
        return self.members[0].edit


@dataclass(frozen=True, slots=True)
class Spot(Generic[T]):
    """Proposals that touch the same words, or stand at the same point. More than one collide."""

    proposals: tuple[Proposal[T], ...]

    @property
    def collide(self) -> bool:
        return len(self.proposals) > 1


def alike(official: str, facts: Iterable[T]) -> tuple[Proposal[T], ...]:
    """The edits of one paragraph, those that leave the same text together, in the order of their place."""
    groups: dict[tuple[object, ...], list[T]] = {}
    for fact in facts:
        groups.setdefault(_meaning(official, fact.edit), []).append(fact)
    proposals = [Proposal(tuple(members)) for members in groups.values()]
    return tuple(sorted(proposals, key=lambda proposal: _span(official, proposal.edit)))


def spots(official: str, facts: Iterable[T]) -> tuple[Spot[T], ...]:
    """The proposals of one paragraph by the words that they touch."""
    out: list[list[Proposal[T]]] = []
    reach = (-1, -1)
    for proposal in alike(official, facts):
        start, end = _span(official, proposal.edit)
        if out and _meets(reach, (start, end)):
            out[-1].append(proposal)
            reach = (reach[0], max(reach[1], end))
        else:
            out.append([proposal])
            reach = (start, end)
    return tuple(Spot(tuple(proposals)) for proposals in out)


def _meaning(official: str, edit: Edit) -> tuple[object, ...]:
    """Equal for two edits that leave the same text."""
    if edit.action in TEXT_ACTIONS:
        return "text", plain(applied(official, (edit,)))
    if edit.action == "comment":
        return "comment", edit.intent, plain(edit.comment).casefold()
    return edit.action, edit.to, plain(edit.new)


def _span(official: str, edit: Edit) -> tuple[int, int]:
    """The characters that an edit touches; spaces at its ends aside."""
    if edit.start is None or edit.end is None:
        return (0, len(official)) if edit.action == "delete_paragraph" else (len(official) + 1, len(official) + 1)
    start, end = edit.start, edit.end
    while start < end and official[start].isspace():
        start += 1
    while end > start and official[end - 1].isspace():
        end -= 1
    return start, end


def _meets(reach: Sequence[int], span: Sequence[int]) -> bool:
    """Whether a span overlaps what came before it, or is an insertion at the same point."""
    return span[0] < reach[1] or tuple(span) == tuple(reach)
