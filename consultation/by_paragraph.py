"""One paragraph: the official text, the proposals for it with who agrees and what collides, each speaker's version."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from consultation.agreement import Proposal, Spot, alike, spots
from consultation.facts import Desk, EditFact, Speaker
from consultation.redline import TEXT_ACTIONS, Segment, redline
from consultation.status import un_order
from parsing.model import Paragraph


@dataclass(frozen=True, slots=True)
class Said:
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
class PlaceCount:
    """`speakers` counts Parties, Groups and Observers that say something of the paragraph; `collisions` the places
    where their proposals collide, where that was asked for.
    """

    paragraph: Paragraph
    edits: int
    comments: int
    speakers: int
    collisions: int
    to_review: int


@dataclass(frozen=True, slots=True)
class Place:
    """`touched` is the official text in pieces, each with how many speakers change it; an empty piece is a point at
    which so many insert.
    """

    paragraph: Paragraph
    spots: tuple[Spot[EditFact], ...]
    added: tuple[Proposal[EditFact], ...]
    comments: tuple[Proposal[EditFact], ...]
    said: tuple[Said, ...]
    touched: tuple[tuple[str, int], ...]
    before: str | None
    after: str | None


GENERAL = Paragraph("general", "general", None, "")


def speaker_name(desk: Desk, speaker: Speaker) -> str:
    return desk.names.get(speaker.name, speaker.name) if speaker.kind == "party" else speaker.name


def place(desk: Desk, label: str) -> Place | None:
    """The paragraph with that label, `general` for what is said of the whole text; None where there is none."""
    found = [*desk.draft.paragraphs, GENERAL]
    at = next((n for n, paragraph in enumerate(found) if paragraph.label.casefold() == label.casefold()), None)
    if at is None:
        return None
    paragraph = found[at]
    facts = sorted(
        (fact for fact in desk.edits if fact.stands and fact.speaker and fact.edit.paragraph == paragraph.label),
        key=lambda fact: _order(desk, fact),
    )
    added = [fact for fact in facts if fact.edit.action in ("add_paragraph", "move_paragraph")]
    comments = [fact for fact in facts if fact.edit.action == "comment"]
    changes = [fact for fact in facts if fact.edit.action in (*TEXT_ACTIONS, "delete_paragraph")]
    return Place(
        paragraph=paragraph,
        spots=spots(paragraph.text, changes),
        added=alike(paragraph.text, added),
        comments=alike(paragraph.text, comments),
        said=said(desk, paragraph, facts),
        touched=_touched(paragraph.text, changes),
        before=found[at - 1].label if at else None,
        after=found[at + 1].label if at + 1 < len(found) else None,
    )


def said(desk: Desk, paragraph: Paragraph | None, facts: Iterable[EditFact]) -> tuple[Said, ...]:
    """What each speaker says of the paragraph: Parties in the order of their names, then Groups, then Observers.

    Without a paragraph: of the whole text.
    """
    by_speaker: dict[Speaker, list[EditFact]] = defaultdict(list)
    for fact in facts:
        if fact.speaker:
            by_speaker[fact.speaker].append(fact)
    return tuple(_said(desk, paragraph or GENERAL, speaker, own) for speaker, own in by_speaker.items())


def _said(desk: Desk, paragraph: Paragraph, speaker: Speaker, facts: Iterable[EditFact]) -> Said:
    own = tuple(facts)
    changes = tuple(fact for fact in own if fact.edit.action in TEXT_ACTIONS)
    return Said(
        speaker=speaker,
        name=speaker_name(desk, speaker),
        segments=redline(paragraph.text, (fact.edit for fact in changes)) if changes else (),
        changes=changes,
        whole=tuple(f for f in own if f.edit.action in ("add_paragraph", "delete_paragraph", "move_paragraph")),
        comments=tuple(f for f in own if f.edit.action == "comment" or f.edit.comment),
    )


def places(desk: Desk, *, collisions: bool = True) -> tuple[PlaceCount, ...]:
    """All paragraphs in the draft's order, then `general`, with how much is said of each."""
    by_label: dict[str, list[EditFact]] = defaultdict(list)
    for fact in desk.edits:
        if fact.stands and fact.speaker:
            by_label[fact.edit.paragraph].append(fact)
    found = (*desk.draft.paragraphs, GENERAL)
    return tuple(_count(paragraph, by_label[paragraph.label], collisions=collisions) for paragraph in found)


def _count(paragraph: Paragraph, facts: list[EditFact], *, collisions: bool) -> PlaceCount:
    kinds = Counter(fact.edit.action == "comment" for fact in facts)
    changes = [fact for fact in facts if fact.edit.action in (*TEXT_ACTIONS, "delete_paragraph")]
    return PlaceCount(
        paragraph=paragraph,
        edits=kinds[False],
        comments=kinds[True],
        speakers=len({fact.speaker for fact in facts}),
        collisions=sum(spot.collide for spot in spots(paragraph.text, changes)) if collisions else 0,
        to_review=sum(bool(fact.review) for fact in facts),
    )


def _order(desk: Desk, fact: EditFact) -> tuple[int, str]:
    assert fact.speaker is not None
    kinds: Mapping[str, int] = {"party": 0, "group": 1, "observer": 2}
    return kinds[fact.speaker.kind], un_order(speaker_name(desk, fact.speaker))


def _touched(text: str, facts: Iterable[EditFact]) -> tuple[tuple[str, int], ...]:
    """The text cut where changes begin and end, each piece with the number of speakers that change it."""
    spans = {
        (f.speaker, f.edit.start, f.edit.end) for f in facts if f.edit.start is not None and f.edit.end is not None
    }
    points = Counter(start for _, start, end in spans if start == end)
    cuts = sorted({0, len(text), *(at for _, start, end in spans for at in (start, end) if at is not None)})
    out = [("", points[0])] if points[0] else []
    for start, end in pairwise(cuts):
        who = {speaker for speaker, a, b in spans if a is not None and b is not None and a <= start and end <= b}
        out.append((text[start:end], len(who)))
        if points[end]:
            out.append(("", points[end]))
    return tuple(out)
