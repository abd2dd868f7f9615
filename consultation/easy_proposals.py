"""The easy editorial proposals: nobody is against them, and none is in the way of another proposal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from consultation.agreement import Proposal, proposals_of
from consultation.conflicts import conflict, least_changes
from consultation.editorial import EditorialKind, editorial_kind
from consultation.facts import ConsultationSnapshot, EditFact
from consultation.redline import (
    TEXT_ACTIONS,
    Segment,
    applied,
    in_context,
    redline,
    replacements_of,
    whole_words,
    word_changes,
)
from parsing.model import Edit, Paragraph

Span = tuple[int, int]
_AROUND = 5
"""Words that are shown on each side of a change."""
SPACE = "␣"
"""Shown for a space that comes or goes (Unicode U+2423, the sign for one)."""
AGAINST = ("oppose", "retain", "reserve", "bracket")
"""Intents of a comment that is against a change of the words that it is about."""


@dataclass(frozen=True, slots=True)
class EasyProposal:
    """A change that a drafter can take up without weighing it, with what is different."""

    paragraph: str
    kind: EditorialKind
    proposal: Proposal

    @property
    def members(self) -> tuple[EditFact, ...]:
        return self.proposal.members

    @property
    def unmarked(self) -> tuple[EditFact, ...]:
        """Its edits of which the drafters have not said what they did with them."""
        return tuple(fact for fact in self.members if not fact.disposition)


def easy_proposals(snapshot: ConsultationSnapshot) -> tuple[EasyProposal, ...]:
    """All that are easy, in the draft's order."""
    by_label: dict[str, list[EditFact]] = defaultdict(list)
    for fact in snapshot.current_edits:
        if fact.speaker:
            by_label[fact.edit.paragraph].append(fact)
    language = snapshot.draft.language
    return tuple(
        one
        for paragraph in snapshot.draft.paragraphs
        for one in easy_ones(paragraph, by_label[paragraph.label], language)
    )


def easy_ones(paragraph: Paragraph, facts: Sequence[EditFact], language: str) -> Iterator[EasyProposal]:
    """Those of one paragraph, of which the facts are all that is current."""
    official = paragraph.text
    kinds = {fact.id: editorial_kind(official, fact.edit, language) for fact in facts}
    if not any(kinds.values()):
        return
    others = _others(official, facts)
    for proposal in _exact(official, [fact for fact in facts if fact.edit.action in TEXT_ACTIONS]):
        kind = next((kinds[fact.id] for fact in proposal.members if kinds[fact.id]), None)
        in_doubt = any(fact.review for fact in proposal.members)
        if kind and not in_doubt and _is_free(official, proposal.edit, others):
            yield EasyProposal(paragraph.label, kind, proposal)


def _exact(official: str, facts: Iterable[EditFact]) -> Iterator[Proposal]:
    """The proposals; those that differ in signs of typography, or in where these are, apart."""
    for proposal in proposals_of(official, facts):
        if least_changes(official, proposal.edit):
            yield proposal
            continue
        texts: dict[str, list[EditFact]] = defaultdict(list)
        for fact in proposal.members:
            texts[applied(official, (fact.edit,))].append(fact)
        yield from (Proposal(tuple(members)) for members in texts.values())


def _others(official: str, facts: Iterable[EditFact]) -> tuple[tuple[Edit, Span], ...]:
    """What may be in the way of an edit, each once, with the words that it is about."""
    edits = {_content(fact.edit): fact.edit for fact in facts}
    return tuple((edit, _span(official, edit)) for edit in edits.values() if _may_be_in_the_way(edit))


def _content(edit: Edit) -> tuple[object, ...]:
    return edit.action, edit.start, edit.end, edit.new, edit.intent


def _may_be_in_the_way(edit: Edit) -> bool:
    return edit.action in (*TEXT_ACTIONS, "delete_paragraph") or (edit.action == "comment" and edit.intent in AGAINST)


def _span(official: str, edit: Edit) -> Span:
    """The words that an edit is about; all of them where it names none."""
    if edit.start is None or edit.end is None:
        return 0, len(official)
    changes = list(whole_words(official, replacements_of((edit,))))
    return (changes[0].start, changes[0].end) if changes else (edit.start, edit.end)


def _is_free(official: str, edit: Edit, others: Iterable[tuple[Edit, Span]]) -> bool:
    """Whether no other edit of the paragraph, and no wish to leave its words as they are, is in the way."""
    span, text = _span(official, edit), applied(official, (edit,))
    return not any(_meet(span, other) and _is_in_the_way(official, edit, text, one) for one, other in others)


def _is_in_the_way(official: str, edit: Edit, text: str, other: Edit) -> bool:
    if other.action not in TEXT_ACTIONS:
        return True
    if applied(official, (other,)) == text:
        return False
    ours, theirs = least_changes(official, edit), least_changes(official, other)
    if not ours or not theirs:  # signs of typography alone, which are not compared
        return any(_meet(one, two) for one in _places(official, edit) for two in _places(official, other))
    return conflict(official, edit, other) is not None


def _places(official: str, edit: Edit) -> list[Span]:
    found = least_changes(official, edit) or word_changes(official, (edit,))
    return [(one.start, one.end) for one in found]


def _meet(one: Span, other: Span) -> bool:
    """Whether they overlap or touch."""
    return one[0] <= other[1] and other[0] <= one[1]


def short_redline(official: str, edit: Edit) -> tuple[Segment, ...]:
    """A text edit with a few words around it; where only spaces come or go they are shown by a sign."""
    segments = redline(official, (edit,))
    if all(one.kind == "kept" or not one.text.strip() for one in segments):
        segments = tuple(one if one.kind == "kept" else replace(one, text=SPACE * len(one.text)) for one in segments)
    return in_context(segments, _AROUND)
