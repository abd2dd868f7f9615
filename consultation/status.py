"""The Status of each Party: facts with their evidence, and one word as their headline."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain

from consultation.facts import ConsultationSnapshot, EditFact, MailFact, Speaker, SpeakerKind, StatementFact
from consultation.review_queue import review_queue
from parsing.model import Draft, Kind, State

STATES: tuple[State, ...] = ("commented", "no-comments", "unreadable", "received", "announced", "covered", "none")
ANSWERED: frozenset[State] = frozenset({"commented", "no-comments", "unreadable", "received"})
"""The states of one that has answered, readable or not."""
EU = "EU"


@dataclass(frozen=True, slots=True)
class SpeakerStatus:
    """The Status of one Party, Group or Observer: counts of what is current, `mails` those that speak on the draft.

    `paragraphs` counts edits and comments by label, in the draft's order. `covered_by` are the codes of Parties and the
    names of Groups that answered for it. The flags (`late`, `copied`, `needs_review`, `unverified`, `superseded`) never
    decide the state; `copied` is None where there is no mail. `to_review` counts what needs review.
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
    """Counts over the 196 Parties alone, but for `observers`, `groups` and the `unattributed` mails."""

    parties: int
    states: Mapping[State, int]
    regions: Mapping[str, Mapping[State, int]]
    answered: int
    mails: int
    edits: int
    comments: int
    late: int
    not_copied: int
    needs_review: int
    observers: int
    groups: int
    unattributed: int
    to_review: int
    """All that needs review: of Parties, Groups and observers, and of mails that are attributed to no one."""


@dataclass(frozen=True, slots=True)
class Status:
    draft: Draft
    deadline: datetime
    totals: Totals
    parties: tuple[SpeakerStatus, ...]
    observers: tuple[SpeakerStatus, ...]
    groups: tuple[SpeakerStatus, ...]

    def of(self, key: str) -> SpeakerStatus | None:
        """The row of a Party by its code (in any case), of a Group or an Observer by its name."""
        rows = (*self.parties, *self.groups, *self.observers)
        return next((row for row in rows if row.code == key or row.code == key.upper()), None)


def status(snapshot: ConsultationSnapshot) -> Status:
    """The Status of all Parties in the order of their names, then of the Groups and Observers that wrote."""
    gathered = _gathered(snapshot)
    groups = _that_wrote(snapshot, "group", gathered)
    observers = _that_wrote(snapshot, "observer", gathered)
    own = {
        party.code: _speaker_status(snapshot, Speaker("party", party.code), party.name, party.region, gathered)
        for party in snapshot.register.parties
    }
    cover = covered_by(snapshot, own, groups)
    rows = (_covered(row, cover.get(row.code, ())) for row in own.values())
    parties = tuple(sorted(rows, key=lambda row: alphabetical(row.name)))
    totals = _totals(snapshot, parties, len(observers), len(groups))
    return Status(snapshot.draft, snapshot.deadline, totals, parties, observers, groups)


_HEADLINES: tuple[tuple[Kind | None, State], ...] = (
    (None, "received"),
    ("comments", "unreadable"),  # comments that gave no edit and no statement are not understood yet
    ("no-comments", "no-comments"),
    ("announcement", "announced"),
)
"""By the kinds of a speaker's mails, the first that there is: what was received and not read is never no-comments."""


def state_of(mails: Collection[MailFact], statements: int) -> State:
    """The headline of one speaker: `mails` are its current ones, `statements` counts its edits and comments. Where all
    that it says is still unread or unplaced, its mail is received.
    """
    speaking = [mail for mail in mails if mail.speaks_on_the_draft]
    if statements:
        return "commented"
    if any(map(_is_unreadable, speaking)):
        return "unreadable"
    kinds = {None if mail.unplaced or mail.stage == "failed" else mail.kind for mail in speaking}
    return next((state for kind, state in _HEADLINES if kind in kinds), "none")


def _is_unreadable(mail: MailFact) -> bool:
    """Whether a person has to look for comments. A mail whose reading crashed is received: it is read again."""
    return mail.stage != "failed" and (bool(mail.unreadable) or mail.stage == "refused")


def covered_by(
    snapshot: ConsultationSnapshot, own: Mapping[str, SpeakerStatus], groups: Iterable[SpeakerStatus]
) -> dict[str, tuple[str, ...]]:
    """By Party: the European Union, the Groups and the joint submissions of others that answered for it."""
    answered = {code for code, row in own.items() if row.state in ANSWERED}
    covering = (
        *_of_union(snapshot, answered),
        *_of_groups(
            snapshot, (one for one in groups if one.state in ANSWERED and _covers(snapshot, Speaker("group", one.code)))
        ),
        *_of_joint(snapshot, answered),
    )
    cover: dict[str, dict[str, None]] = defaultdict(dict)
    for name, codes in covering:
        for code in codes:
            cover[code][name] = None
    return {code: tuple(name for name in names if name != code) for code, names in cover.items()}


_Covering = Iterator[tuple[str, Collection[str]]]
"""One that answered, with the codes of those that it answered for."""


def _of_union(snapshot: ConsultationSnapshot, answered: Collection[str]) -> _Covering:
    if EU in answered and _covers(snapshot, Speaker("party", EU)):
        yield EU, [party.code for party in snapshot.register.parties if party.eu]


def _covers(snapshot: ConsultationSnapshot, speaker: Speaker) -> bool:
    """Whether one of the speaker's answers is from somebody who may speak for the others."""
    answers = (one for mail in snapshot.mails for one in mail.speaking if one.speaker == speaker and one.is_current)
    return any(one.covers and one.speaks_on_the_draft and one.kind != "announcement" for one in answers)


def _of_groups(snapshot: ConsultationSnapshot, groups: Iterable[SpeakerStatus]) -> _Covering:
    """Members from the register, and the Party that wrote for the Group, listed there or not."""
    members = {group.name: group.members for group in snapshot.register.groups}
    for group in groups:
        yield group.code, (*members.get(group.code, ()), *group.speakers)


def _of_joint(snapshot: ConsultationSnapshot, answered: Collection[str]) -> _Covering:
    for mail in snapshot.mails:
        if mail.is_current and mail.covers and mail.party and mail.party in answered and not mail.group:
            yield mail.party, mail.flags.joint


def _that_wrote(
    snapshot: ConsultationSnapshot, kind: SpeakerKind, gathered: Mapping[Speaker, "_Gathered"]
) -> tuple[SpeakerStatus, ...]:
    """The Groups or Observers that wrote, by name."""
    names = sorted(speaker.name for speaker in gathered if speaker.kind == kind)
    return tuple(_speaker_status(snapshot, Speaker(kind, name), name, kind, gathered) for name in names)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """The facts of one speaker."""

    mails: list[MailFact] = field(default_factory=list)
    edits: list[EditFact] = field(default_factory=list)
    statements: list[StatementFact] = field(default_factory=list)
    """Those that need review."""


def _gathered(snapshot: ConsultationSnapshot) -> dict[Speaker, _Gathered]:
    out: dict[Speaker, _Gathered] = defaultdict(_Gathered)
    for mail in snapshot.mails:
        for one in mail.speaking:
            if one.speaker:
                out[one.speaker].mails.append(one)
    for fact in snapshot.edits:
        if fact.speaker and fact.is_current:
            out[fact.speaker].edits.append(fact)
    for statement in snapshot.statements:
        if statement.speaker and statement.needs_review:
            out[statement.speaker].statements.append(statement)
    return out


def _speaker_status(
    snapshot: ConsultationSnapshot, speaker: Speaker, name: str, region: str, gathered: Mapping[Speaker, _Gathered]
) -> SpeakerStatus:
    facts = gathered.get(speaker, _Gathered())
    speaking = [mail for mail in facts.mails if mail.speaks_on_the_draft]
    current = [mail for mail in speaking if mail.is_current]
    row = SpeakerStatus(
        code=speaker.name,
        name=name,
        region=region,
        state=state_of(current, len(facts.edits)),
        superseded=_how_many(mail for mail in speaking if mail.superseded is not None),
        deadline=snapshot.own_deadlines.get(speaker.name),
    )
    if current:
        row = _with_flags(_with_mails(row, current), current)
    return _with_review(_with_edits(row, facts.edits, snapshot), facts)


def _how_many(mails: Iterable[MailFact]) -> int:
    """How many mails these are: one that speaks for the same as the mail that it came in is no further one."""
    return len({mail.id for mail in mails})


def _with_mails(row: SpeakerStatus, mails: Sequence[MailFact]) -> SpeakerStatus:
    """The row with its current mails counted; there is at least one."""
    return replace(
        row,
        mails=_how_many(mails),
        first_received=min(mail.counts_from for mail in mails),
        last_received=max(mail.counts_from for mail in mails),
        unplaced=sum(mail.unplaced for mail in mails),
        unreadable=tuple(chain.from_iterable(mail.unreadable for mail in mails)),
    )


def _with_flags(row: SpeakerStatus, mails: Sequence[MailFact]) -> SpeakerStatus:
    """The row with what is shown beside its current mails and never decides its state."""
    return replace(
        row,
        late=any(mail.late for mail in mails),
        copied=all(mail.copied for mail in mails),
        unverified=any(mail.flags.authenticity != "verified" for mail in mails),
        marks=_distinct(chain.from_iterable(mail.flags.marks for mail in mails)),
        speakers=_distinct(mail.party for mail in mails if mail.group and mail.party),
    )


def _with_edits(row: SpeakerStatus, edits: Sequence[EditFact], snapshot: ConsultationSnapshot) -> SpeakerStatus:
    """The row with its current edits and comments counted."""
    labels = Counter(fact.edit.paragraph for fact in edits)
    comments = sum(fact.edit.action == "comment" for fact in edits)
    return replace(
        row,
        edits=len(edits) - comments,
        comments=comments,
        paragraphs={label: labels[label] for label in sorted(labels, key=snapshot.position)},
    )


def _with_review(row: SpeakerStatus, facts: "_Gathered") -> SpeakerStatus:
    """The row with its items of the queue counted (consultation/review_queue.py)."""
    edits = sum(bool(fact.review) for fact in facts.edits)
    current = [mail for mail in facts.mails if mail.is_current]
    mails = sum(bool(mail.reasons) + bool(mail.open_claims) for mail in current)
    to_review = mails + edits + len(facts.statements)
    return replace(row, to_review=to_review, needs_review=bool(to_review))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _covered(row: SpeakerStatus, names: tuple[str, ...]) -> SpeakerStatus:
    if not names:
        return row
    return replace(row, covered_by=names, state="covered" if row.state == "none" else row.state)


def _totals(snapshot: ConsultationSnapshot, parties: Collection[SpeakerStatus], observers: int, groups: int) -> Totals:
    states = Counter(row.state for row in parties)
    counts = _counts(parties)
    return Totals(
        parties=len(parties),
        states={state: states[state] for state in STATES},
        regions=_by_region(parties),
        answered=counts["answered"],
        mails=counts["mails"],
        edits=counts["edits"],
        comments=counts["comments"],
        late=counts["late"],
        not_copied=counts["not_copied"],
        needs_review=counts["needs_review"],
        observers=observers,
        groups=groups,
        unattributed=sum(_is_unattributed(mail) for mail in snapshot.mails),
        to_review=len(review_queue(snapshot)),
    )


def _counts(parties: Iterable[SpeakerStatus]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in parties:
        counts.update(
            answered=row.state in ANSWERED,
            mails=row.mails,
            edits=row.edits,
            comments=row.comments,
            late=row.late,
            not_copied=row.copied is False,
            needs_review=row.needs_review,
        )
    return counts


def _by_region(parties: Iterable[SpeakerStatus]) -> dict[str, dict[State, int]]:
    regions: dict[str, Counter[State]] = defaultdict(Counter)
    for row in parties:
        regions[row.region][row.state] += 1
    return {region: {state: counts[state] for state in STATES} for region, counts in sorted(regions.items())}


def _is_unattributed(mail: MailFact) -> bool:
    """Whether the mail may be an answer, and is attributed to no one; one that carries others' is theirs."""
    speaks = not mail.inner and mail.speaks_on_the_draft
    return mail.is_current and mail.speaker is None and speaks


def alphabetical(name: str) -> str:
    """The key by which the United Nations list States: alphabetical in the reader's language, accents aside."""
    return "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char)).casefold()
