"""One paragraph: the official text, the proposals for it with who agrees and what collides, each speaker's version."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

from consultation.agreement import ChangedPassage, Proposal, changed_passages, proposals_of
from consultation.facts import ConsultationSnapshot, EditFact, Speaker, SpeakerKind, name_of
from consultation.redline import TEXT_ACTIONS, Segment, redline
from consultation.status import alphabetical
from parsing.model import Paragraph

CHANGES = (*TEXT_ACTIONS, "delete_paragraph")
"""What changes the paragraph's own words."""
ADDITIONS = ("add_paragraph", "move_paragraph")
"""What puts a paragraph after it."""
GENERAL = Paragraph("general", "general", None, "")
"""The whole text as a place for comments, after the draft's paragraphs."""


@dataclass(frozen=True, slots=True)
class SpeakerVersion:
    """What one speaker says of one paragraph: its version as a redline, whole paragraphs and comments beside it."""

    speaker: Speaker
    name: str
    segments: tuple[Segment, ...]
    changes: tuple[EditFact, ...]
    whole: tuple[EditFact, ...]
    comments: tuple[EditFact, ...]

    @property
    def facts(self) -> tuple[EditFact, ...]:
        """Each edit and comment once; a comment given with a change is that change's."""
        return (*self.changes, *self.whole, *(fact for fact in self.comments if fact.edit.action == "comment"))

    @property
    def reviews(self) -> tuple[str, ...]:
        """What a person must look at, each reason once."""
        return tuple(dict.fromkeys(fact.review for fact in self.facts if fact.review))


@dataclass(frozen=True, slots=True)
class ParagraphCounts:
    """`speakers` counts Parties, Groups and Observers that say something of the paragraph; `collisions` the passages
    where their proposals collide, where that was asked for.
    """

    paragraph: Paragraph
    edits: int
    comments: int
    speakers: int
    collisions: int
    to_review: int


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """`touched` is the official text in pieces, each with how many speakers change it, and the number of the passage
    that changes it, from 0; an empty piece is a point at which so many insert. What goes over several passages is not
    shown.
    """

    paragraph: Paragraph
    passages: tuple[ChangedPassage, ...]
    added: tuple[Proposal, ...]
    comments: tuple[Proposal, ...]
    versions: tuple[SpeakerVersion, ...]
    touched: tuple[tuple[str, int, int], ...]
    before: str | None
    after: str | None


def paragraph_view(snapshot: ConsultationSnapshot, label: str) -> ParagraphView | None:
    """The paragraph with that label, `general` for what is said of the whole text; None where there is none."""
    found = (*snapshot.draft.paragraphs, GENERAL)
    at = next((n for n, paragraph in enumerate(found) if paragraph.label.casefold() == label.casefold()), None)
    if at is None:
        return None
    paragraph = found[at]
    facts = sorted(_current_by_label(snapshot)[paragraph.label], key=_order)
    changes = _with_action(facts, CHANGES)
    passages = changed_passages(paragraph.text, changes, _with_action(facts, ("comment",)))
    return ParagraphView(
        paragraph=paragraph,
        passages=passages,
        added=proposals_of(paragraph.text, _with_action(facts, ADDITIONS)),
        comments=proposals_of(paragraph.text, _with_action(facts, ("comment",))),
        versions=versions(snapshot, paragraph, facts),
        touched=_touched(paragraph.text, passages),
        before=found[at - 1].label if at else None,
        after=found[at + 1].label if at + 1 < len(found) else None,
    )


def versions(
    snapshot: ConsultationSnapshot, paragraph: Paragraph, facts: Iterable[EditFact]
) -> tuple[SpeakerVersion, ...]:
    """What each speaker says of the paragraph, the speakers in the order in which the facts name them."""
    by_speaker: dict[Speaker, list[EditFact]] = defaultdict(list)
    for fact in facts:
        if fact.speaker:
            by_speaker[fact.speaker].append(fact)
    return tuple(
        _version(paragraph, speaker, name_of(speaker, snapshot.names), own) for speaker, own in by_speaker.items()
    )


def _version(paragraph: Paragraph, speaker: Speaker, name: str, facts: Sequence[EditFact]) -> SpeakerVersion:
    changes = _with_action(facts, TEXT_ACTIONS)
    return SpeakerVersion(
        speaker=speaker,
        name=name,
        segments=redline(paragraph.text, (fact.edit for fact in changes)) if changes else (),
        changes=changes,
        whole=_with_action(facts, (*ADDITIONS, "delete_paragraph")),
        comments=tuple(fact for fact in facts if fact.edit.action == "comment" or fact.edit.comment),
    )


def versions_of(snapshot: ConsultationSnapshot, speaker: Speaker) -> tuple[tuple[str, SpeakerVersion], ...]:
    """What one speaker says of each paragraph, by label, in the draft's order."""
    paragraphs = {paragraph.label: paragraph for paragraph in snapshot.draft.paragraphs}
    out = []
    for label, facts in _current_by_label(snapshot).items():
        own = [fact for fact in facts if fact.speaker == speaker]
        out += [(label, version) for version in versions(snapshot, paragraphs.get(label, GENERAL), own)]
    return tuple(out)


def paragraph_counts(snapshot: ConsultationSnapshot, *, collisions: bool = True) -> tuple[ParagraphCounts, ...]:
    """All paragraphs in the draft's order, then `general`, with how much is said of each."""
    by_label = _current_by_label(snapshot)
    found = (*snapshot.draft.paragraphs, GENERAL)
    return tuple(_counts(paragraph, by_label[paragraph.label], collisions=collisions) for paragraph in found)


def _counts(paragraph: Paragraph, facts: Sequence[EditFact], *, collisions: bool) -> ParagraphCounts:
    comments = _with_action(facts, ("comment",))
    found = changed_passages(paragraph.text, _with_action(facts, CHANGES), comments) if collisions else ()
    return ParagraphCounts(
        paragraph=paragraph,
        edits=len(facts) - len(comments),
        comments=len(comments),
        speakers=len({fact.speaker for fact in facts}),
        collisions=sum(passage.collide for passage in found),
        to_review=sum(bool(fact.review) for fact in facts),
    )


def _current_by_label(snapshot: ConsultationSnapshot) -> Mapping[str, list[EditFact]]:
    """By paragraph: the current edits and comments of those who are known."""
    by_label: dict[str, list[EditFact]] = defaultdict(list)
    for fact in snapshot.edits:
        if fact.is_current and fact.speaker:
            by_label[fact.edit.paragraph].append(fact)
    return by_label


def _with_action(facts: Iterable[EditFact], actions: Sequence[str]) -> tuple[EditFact, ...]:
    return tuple(fact for fact in facts if fact.edit.action in actions)


def _order(fact: EditFact) -> tuple[int, str]:
    """Parties by name, then Groups, then Observers."""
    assert fact.speaker is not None
    kinds: Mapping[SpeakerKind, int] = {"party": 0, "group": 1, "observer": 2}
    return kinds[fact.speaker.kind], alphabetical(fact.name or fact.speaker.name)


class _Touch(NamedTuple):
    """Where a speaker changes the text, in which passage; an insertion has no length."""

    speaker: Speaker | None
    start: int
    end: int
    passage: int


def _touched(text: str, passages: Sequence[ChangedPassage]) -> tuple[tuple[str, int, int], ...]:
    """The text cut where changes begin and end, each piece with the number of speakers that change it."""
    touches = set(_touches(passages))
    cuts = {0, len(text), *(touch.start for touch in touches), *(touch.end for touch in touches)}
    pieces = [_point(touches, 0)]
    for start, end in pairwise(sorted(cuts)):
        pieces += [_piece(text, touches, start, end), _point(touches, end)]
    return tuple(piece for piece in pieces if piece[0] or piece[1])


def _touches(passages: Sequence[ChangedPassage]) -> Iterable[_Touch]:
    for number, passage in enumerate(passages):
        if passage.over:
            continue
        for fact in chain.from_iterable(proposal.members for proposal in passage.proposals):
            if fact.edit.start is not None and fact.edit.end is not None:
                yield _Touch(fact.speaker, fact.edit.start, fact.edit.end, number)


def _point(touches: Iterable[_Touch], at: int) -> tuple[str, int, int]:
    return _counted("", [touch for touch in touches if touch.start == touch.end == at])


def _piece(text: str, touches: Iterable[_Touch], start: int, end: int) -> tuple[str, int, int]:
    return _counted(text[start:end], [touch for touch in touches if touch.start <= start and end <= touch.end])


def _counted(text: str, touches: Sequence[_Touch]) -> tuple[str, int, int]:
    speakers = {touch.speaker for touch in touches}
    return text, len(speakers), min((touch.passage for touch in touches), default=-1)
