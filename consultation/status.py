"""Where each Party stands: facts with their evidence, and one word as their headline."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from consultation.facts import Desk, EditFact, MailFact, Speaker
from parsing.model import Draft, State

STATES: tuple[State, ...] = ("commented", "no-comments", "unreadable", "received", "announced", "covered", "none")
ANSWERED: frozenset[State] = frozenset({"commented", "no-comments", "unreadable", "received"})
"""The states of one that has answered, whatever became of the answer."""
EU = "EU"


@dataclass(frozen=True, slots=True)
class Standing:
    """The Status of one Party, Group or Observer. Counts are of what stands; `mails` that speak on the draft.

    `paragraphs` counts edits and comments by label, in the draft's order. `covered_by` are the codes of Parties and the
    names of Groups that answered for it. The flags (`late`, `copied`, `needs_review`, `unverified`, `superseded`) never
    decide the state; `copied` is None where there is no mail. `to_review` counts what waits for a person.
    """

    code: str
    name: str
    region: str
    state: State
    mails: int = 0
    edits: int = 0
    comments: int = 0
    paragraphs: Mapping[str, int] = field(default_factory=dict)
    late: bool = False
    copied: bool | None = None
    needs_review: bool = False
    covered_by: tuple[str, ...] = ()
    first_received: datetime | None = None
    last_received: datetime | None = None
    to_review: int = 0
    unplaced: int = 0
    superseded: int = 0
    unverified: bool = False
    unreadable: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    deadline: date | None = None
    speakers: tuple[str, ...] = ()
    """Of a Group: the codes of the Parties that wrote for it."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over the 196 Parties alone, but for what the names say. `waiting` are mails that count for nobody yet."""

    parties: int
    states: Mapping[str, int]
    regions: Mapping[str, Mapping[str, int]]
    answered: int
    mails: int
    edits: int
    comments: int
    late: int
    not_copied: int
    needs_review: int
    observers: int
    groups: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Status:
    draft: Draft
    deadline: datetime
    totals: Totals
    parties: tuple[Standing, ...]
    observers: tuple[Standing, ...]
    groups: tuple[Standing, ...]

    def of(self, key: str) -> Standing | None:
        """The row of a Party by its code (in any case), of a Group or an Observer by its name."""
        rows = (*self.parties, *self.groups, *self.observers)
        return next((row for row in rows if row.code == key or row.code == key.upper()), None)


def status(desk: Desk) -> Status:
    """Where everyone stands: all Parties in the order of their names, then those Groups and Observers that wrote."""
    gathered = _gathered(desk)
    groups, observers = (
        tuple(
            _standing(desk, who, who.name, kind, gathered[who])
            for who in (Speaker(kind, n) for n in _names(desk, kind))
        )
        for kind in ("group", "observer")
    )
    own = {
        party.code: _standing(desk, who, party.name, party.region, gathered[who])
        for party, who in ((party, Speaker("party", party.code)) for party in desk.register.parties)
    }
    cover = covered_by(desk, own, groups)
    rows = (_covered(row, cover.get(row.code, ())) for row in own.values())
    parties = tuple(sorted(rows, key=lambda row: un_order(row.name)))
    totals = _totals(desk, parties, len(observers), len(groups))
    return Status(desk.draft, desk.deadline, totals, parties, observers, groups)


def state_of(mails: Collection[MailFact], statements: int) -> State:
    """The headline of one speaker: `mails` are its standing ones, `statements` counts its edits, comments and what
    found no place. What was received and not read is never no-comments.
    """
    speaking = [mail for mail in mails if mail.speaks_on_the_draft]
    kinds = {mail.kind for mail in speaking}
    if statements:
        return "commented"
    if any(mail.unreadable or mail.stage in ("failed", "refused") for mail in speaking):
        return "unreadable"
    if None in kinds:
        return "received"
    if "comments" in kinds:
        return "unreadable"
    if "no-comments" in kinds:
        return "no-comments"
    return "announced" if "announcement" in kinds else "none"


def covered_by(desk: Desk, own: Mapping[str, Standing], groups: Iterable[Standing]) -> dict[str, tuple[str, ...]]:
    """By Party: the European Union, the Groups and the joint submissions of others that answered for it."""
    cover: dict[str, dict[str, None]] = defaultdict(dict)
    for name, codes in (*_of_union(desk, own), *_of_groups(desk, groups), *_of_joint(desk, own)):
        for code in codes:
            cover[code][name] = None
    return {code: tuple(name for name in names if name != code) for code, names in cover.items()}


def _of_union(desk: Desk, own: Mapping[str, Standing]) -> Iterator[tuple[str, Collection[str]]]:
    if EU in own and own[EU].state in ANSWERED:
        yield EU, [party.code for party in desk.register.parties if party.eu]


def _of_groups(desk: Desk, groups: Iterable[Standing]) -> Iterator[tuple[str, Collection[str]]]:
    """Members from the register, and the Party that wrote for the Group, listed there or not."""
    members = {group.name: group.members for group in desk.register.groups}
    for group in groups:
        if group.state in ANSWERED:
            yield group.code, (*members.get(group.code, ()), *group.speakers)


def _of_joint(desk: Desk, own: Mapping[str, Standing]) -> Iterator[tuple[str, Collection[str]]]:
    for mail in desk.mails:
        if mail.stands and mail.party and not mail.group and mail.party in own and own[mail.party].state in ANSWERED:
            yield mail.party, mail.flags.joint


def _names(desk: Desk, kind: str) -> list[str]:
    """The Groups or Observers that wrote, by name."""
    speakers = {mail.speaker for mail in desk.mails} | {fact.speaker for fact in desk.edits}
    return sorted(speaker.name for speaker in speakers if speaker is not None and speaker.kind == kind)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """The facts of one speaker."""

    mails: list[MailFact] = field(default_factory=list)
    edits: list[EditFact] = field(default_factory=list)


def _gathered(desk: Desk) -> dict[Speaker, _Gathered]:
    out: dict[Speaker, _Gathered] = defaultdict(_Gathered)
    for mail in desk.mails:
        if mail.speaker:
            out[mail.speaker].mails.append(mail)
    for fact in desk.edits:
        if fact.speaker and fact.stands:
            out[fact.speaker].edits.append(fact)
    return out


def _standing(desk: Desk, speaker: Speaker, name: str, region: str, gathered: _Gathered) -> Standing:
    speaking = [mail for mail in gathered.mails if mail.speaks_on_the_draft]
    stand = [mail for mail in speaking if mail.stands]
    times = [mail.provable or mail.first_seen for mail in stand]
    places = Counter(fact.edit.paragraph for fact in gathered.edits)
    comments = sum(fact.edit.action == "comment" for fact in gathered.edits)
    unplaced = sum(mail.unplaced for mail in stand)
    to_review = sum(bool(fact.review) for fact in gathered.edits) + sum(len(mail.review) for mail in stand)
    return Standing(
        code=speaker.name,
        name=name,
        region=region,
        state=state_of(stand, len(gathered.edits) + unplaced),
        mails=len(stand),
        edits=len(gathered.edits) - comments,
        comments=comments,
        paragraphs={label: places[label] for label in sorted(places, key=desk.position)},
        late=any(mail.late for mail in stand),
        copied=all(mail.copied for mail in stand) if stand else None,
        needs_review=bool(to_review),
        first_received=min(times, default=None),
        last_received=max(times, default=None),
        to_review=to_review,
        unplaced=unplaced,
        superseded=sum(mail.gone is not None for mail in speaking),
        unverified=any(mail.flags.authenticity != "verified" for mail in stand),
        unreadable=tuple(part for mail in stand for part in mail.unreadable),
        marks=tuple(dict.fromkeys(mark for mail in stand for mark in mail.flags.marks)),
        deadline=desk.own_deadlines.get(speaker.name),
        speakers=tuple(dict.fromkeys(mail.party for mail in stand if mail.group and mail.party)),
    )


def _covered(row: Standing, names: tuple[str, ...]) -> Standing:
    if not names:
        return row
    return replace(row, covered_by=names, state="covered" if row.state == "none" else row.state)


def _totals(desk: Desk, parties: Collection[Standing], observers: int, groups: int) -> Totals:
    regions: dict[str, Counter[str]] = defaultdict(Counter)
    for row in parties:
        regions[row.region][row.state] += 1
    states = Counter(row.state for row in parties)
    return Totals(
        parties=len(parties),
        states={state: states[state] for state in STATES},
        regions={region: {state: counts[state] for state in STATES} for region, counts in sorted(regions.items())},
        answered=sum(row.state in ANSWERED for row in parties),
        mails=sum(row.mails for row in parties),
        edits=sum(row.edits for row in parties),
        comments=sum(row.comments for row in parties),
        late=sum(row.late for row in parties),
        not_copied=sum(row.copied is False for row in parties),
        needs_review=sum(row.needs_review for row in parties),
        observers=observers,
        groups=groups,
        waiting=sum(mail.speaker is None and mail.speaks_on_the_draft and mail.stands for mail in desk.mails),
    )


def un_order(name: str) -> str:
    """The key by which the United Nations list States: alphabetical in the reader's language, accents aside."""
    return "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char)).casefold()
