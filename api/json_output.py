"""The JSON of the API, of `kunming status --json` and `kunming ledger --json`: one model an answer, made straight from
the values of consultation/ (`Model.model_validate(value)`). Times are ISO 8601 in UTC.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AliasPath, BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from typing_extensions import TypeAliasType, TypedDict

from consultation import conflicts, editorial, facts, health, kept, ledger, polling, search_hits
from consultation.redline import Segment
from consultation.status import Status, Totals
from parsing import model

State = TypeAliasType("State", model.State)
SpeakerKind = TypeAliasType("SpeakerKind", facts.SpeakerKind)
MailClass = TypeAliasType("MailClass", model.Kind)
OutcomeKind = TypeAliasType("OutcomeKind", model.OutcomeKind)
Fate = TypeAliasType("Fate", model.Fate)
Stage = TypeAliasType("Stage", facts.Stage)
ArrivalState = TypeAliasType("ArrivalState", ledger.ArrivalState)
Action = TypeAliasType("Action", model.Action)
Origin = TypeAliasType("Origin", model.Origin)
ReadBy = TypeAliasType("ReadBy", model.ReadBy)
Conflict = TypeAliasType("Conflict", conflicts.Conflict)
PollOutcome = TypeAliasType("PollOutcome", polling.PollOutcome)
EditorialKind = TypeAliasType("EditorialKind", editorial.EditorialKind)
Disposition = TypeAliasType("Disposition", facts.Disposition)
ClaimKind = TypeAliasType("ClaimKind", facts.ClaimKind)
Verdict = TypeAliasType("Verdict", kept.Verdict)
CorrectionKind = TypeAliasType("CorrectionKind", kept.CorrectionKind)

Instant = Annotated[
    datetime,
    PlainSerializer(lambda at: at.astimezone(UTC).isoformat(), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class JsonModel(BaseModel):
    """Made of a value's attributes; every field is in every answer."""

    model_config = ConfigDict(from_attributes=True, frozen=True, serialize_by_alias=True, use_attribute_docstrings=True)


def inside(name: str, attribute: str) -> Any:
    """A field that is an attribute of the value's attribute `name`."""
    return Field(validation_alias=AliasPath(name, attribute))


def named(name: str) -> Any:
    """A field that goes by another name in JSON."""
    return Field(serialization_alias=name)


# --- the Status of Parties, Groups and Observers -----------------------------------------------------


class DraftJson(JsonModel):
    id: str
    title: str
    version: str
    language: str
    deadline: date
    """The last day for comments."""
    comments_to: str
    copy_to: str
    source: str


class PollJson(JsonModel):
    id: int
    mailbox: str
    trigger: str
    started_at: Instant
    ended_at: Instant | None
    outcome: PollOutcome
    seen: int
    """Mails that the server listed for the first time."""
    new: int
    """Mails that were not held before."""
    error: str | None


class FreshnessJson(JsonModel):
    last: PollJson | None
    last_good: Instant | None
    """The end of the last good poll."""
    stalest: Instant | None
    """The end of the last good poll of the mailbox whose last good poll is the longest ago."""
    age_seconds: int | None
    """How long ago the last good poll ended."""
    failing: list[PollJson]
    """The last poll of each mailbox, where it did not go well."""


class SpeakerStatusJson(JsonModel):
    """The Status of one Party, Group or Observer: counts of what is current, mails that speak on the draft."""

    code: str
    """Of a Party its ISO 3166 code, or EU; of a Group or Observer its name."""
    name: str
    region: str
    """Of a Party its regional group; else `group` or `observer`."""
    state: State
    mails: int
    edits: int
    comments: int
    paragraphs: dict[str, int]
    """Edits and comments by label, in the draft's order."""
    late: bool
    copied: bool | None
    """Null where there is no mail."""
    needs_review: bool
    covered_by: list[str]
    """Codes of Parties and names of Groups that answered for it."""
    first_received: Instant | None
    last_received: Instant | None
    to_review: int
    """How much needs review."""
    unplaced: int
    """Statements without a place in the draft."""
    superseded: int
    """Mails that later ones have superseded."""
    unverified: bool
    """Whether the sender of a mail is not verified."""
    unreadable: list[str]
    """Parts that could not be read."""
    marks: list[str]
    """Handling marks of its mails, as they are written."""
    deadline: date | None
    """Its own last day, where it was given more time."""
    speakers: list[str]
    """Of a Group: the Parties that wrote for it."""


class StatusJson(JsonModel):
    draft: DraftJson
    deadline: Instant
    """The instant at which the deadline's last day has ended."""
    generated_at: Instant
    last_poll: FreshnessJson
    totals: Totals
    parties: list[SpeakerStatusJson]
    observers: list[SpeakerStatusJson]
    groups: list[SpeakerStatusJson]


def status_json(status: Status, fresh: polling.Freshness, now: datetime) -> StatusJson:
    """The Status with how fresh it is at this time."""
    return StatusJson(
        draft=status.draft,
        deadline=status.deadline,
        generated_at=now,
        last_poll=fresh,
        totals=status.totals,
        parties=status.parties,
        observers=status.observers,
        groups=status.groups,
    )


class FocalPointJson(JsonModel):
    address: str
    name: str
    role: str


class ReminderJson(JsonModel):
    """A Party without an answer of its own, with the addresses to remind."""

    code: str = inside("party", "code")
    name: str = inside("party", "name")
    state: State = inside("party", "state")
    covered_by: list[str] = inside("party", "covered_by")
    focal_points: list[FocalPointJson] = named("addresses")


# --- edits and mails ---------------------------------------------------------------------------------


class EditJson(JsonModel):
    """One proposed change, or one comment. Offsets count Unicode code points of the paragraph's official text."""

    id: str
    """Made of its content, so that it outlives a new reading."""
    mail: int | None
    """Null for what a person entered by hand."""
    party: str | None
    group: str | None
    observer: str | None
    name: str | None
    """Of the one who proposes it."""
    paragraph: str = inside("edit", "paragraph")
    action: Action = inside("edit", "action")
    start: int | None = inside("edit", "start")
    end: int | None = inside("edit", "end")
    old: str = inside("edit", "old")
    new: str = inside("edit", "new")
    to: str | None = inside("edit", "to")
    """Of a moved paragraph: the one that it comes to follow."""
    comment: str = inside("edit", "comment")
    intent: str | None = inside("edit", "intent")
    author: str | None = inside("edit", "author")
    date: str | None = inside("edit", "date")
    origin: Origin = inside("edit", "origin")
    language: str
    """Of what it says: ar, en, es, fr, pt, ru or zh; en where that cannot be determined."""
    sources: list[str] = inside("edit", "sources")
    """The Parts that say it."""
    confidence: float = inside("edit", "confidence")
    evidence: str = inside("edit", "evidence")
    read_by: ReadBy = inside("edit", "read_by")
    """Who read it: the rules, a language model whose words were verified, or both."""
    draft: str
    """The draft that it was made on."""
    needs_review: bool
    review: str
    """Why it needs review."""
    is_current: bool = named("current")
    """False where its mail is superseded or does not speak on the draft, or a person has dismissed it."""
    by_hand: bool
    """Whether a person entered it."""
    corrections: list[int]
    """The corrections that were applied to it."""
    disposition: Disposition | None
    """What the drafters did with it; null where they have not said."""
    note: str
    """The drafters' note on that."""
    translation: str
    """What its words mean, where a person has entered it."""
    annotations: list[int]
    """The corrections that say these."""


class SupersededJson(JsonModel):
    by: int | None
    """The mail that took its place."""
    why: str


class ArrivalJson(JsonModel):
    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    state: ArrivalState
    internaldate: Instant | None
    seen_at: Instant


class SupersededFileJson(JsonModel):
    """A file of a mail that a later mail of the same sender brought again with other words: its edits are out."""

    name: str
    by: int | None
    why: str


class WaitingClaimJson(JsonModel):
    """What a mail claims and a person has not decided yet; until then everything counts."""

    kind: ClaimKind
    of: list[int]
    """The mails from which it would take something."""
    words: str
    """Those that say so, or the name of a file."""
    because: str
    """Why it waits."""
    sentence: str
    """All of that for people."""


class InnerMailJson(JsonModel):
    """A mail inside another, of another speaker; it came with that one, and its edits are among that one's."""

    sender: str | None = named("from")
    subject: str
    kind: MailClass | None = named("class")
    party: str | None
    group: str | None
    observer: str | None
    date: Instant | None
    confidence: float
    review: list[str]


class MailBase(JsonModel):
    """One Mail. All its times are given; `provable` is the one that decides whether it is late."""

    id: int
    sha256: str
    size: int
    stage: Stage
    message_id: str | None
    sender: str | None = named("from")
    subject: str
    kind: MailClass | None = named("class")
    """Null until it is read."""
    party: str | None
    group: str | None
    observer: str | None
    date: Instant | None
    """The sender's claim."""
    received: Instant | None
    """Of the topmost Received header."""
    internaldate: Instant | None
    """Of the mailbox."""
    provable: Instant | None
    first_seen: Instant
    first_read: Instant | None
    """When a reading of it went well for the first time."""
    read_at: Instant | None
    """When its present reading was made."""
    late: bool
    copied: bool
    confidence: float
    """Of its attribution."""
    flags: model.Flags
    is_current: bool = named("current")
    """Whether it counts: it is no copy of another mail, and none has taken its place."""
    superseded: SupersededJson | None
    superseded_files: list[SupersededFileJson]
    """Files of it that came again with other words; what else it says is current."""
    waiting: list[WaitingClaimJson]
    """What it claims and a person has to decide, with a correction of the kind `claim`."""
    same_as: int | None
    """The mail that this one is another copy of."""
    differences: list[str]
    """How it differs from that one, a sentence each."""
    unreadable: list[str]
    """Parts that may hold a comment and could not be read."""
    infected: list[str]
    """Parts in which the virus scanner found something, with its name: they are not given out."""
    review: list[str]
    """Why it needs review, a sentence each."""
    corrections: list[int]
    """The corrections that were applied to it."""
    arrivals: list[ArrivalJson]
    inner: list[InnerMailJson] = named("mails")
    """The mails inside that speak for others."""


class MailJson(MailBase):
    """One Mail in a list."""

    unplaced: int
    """How many of its statements found no place in the draft."""


class VirusScanJson(JsonModel):
    """What the virus scanner said of a Part."""

    verdict: Verdict
    """`failed` where it did not take it."""
    said: str
    """What it found, or why it did not take it."""
    at: Instant


class PartJson(JsonModel):
    """One piece of a Mail; `size` in bytes and `sha256` are of its decoded content."""

    n: int
    """Its number in the mail, from 0: `/mails/{mail_id}/parts/{n}` is its content."""
    name: str
    type: str
    size: int
    sha256: str
    fate: Fate
    why: str
    depth: int
    """0 for the mail's own pieces, 1 for those inside an attached mail or archive, and so on."""
    scan: VirusScanJson | None
    """Null where it was not scanned. What is infected is not given out."""


class SentenceJson(JsonModel):
    """The outcome of one sentence, or table cell: characters [start, end) of the text of its Part."""

    source: str
    start: int
    end: int
    kind: OutcomeKind = named("outcome")
    text: str
    edits: list[str]
    """The ids of the edits that it states, or gives the reason of."""
    why: str
    """The reason of its outcome, in words."""


class MailDetailJson(MailBase):
    """One Mail in full."""

    body: str
    evidence: list[str]
    """Why it is attributed and classed so, a sentence each."""
    parts: list[PartJson]
    edits: list[EditJson]
    """With the dismissed ones, in the draft's order; those behind `edits_next` are not among them."""
    edits_next: str | None = None
    """The address of the next page of them; null where these are all."""
    statements: list[model.Unplaced] = named("unplaced")
    """What found no place in the draft."""
    unplaced_next: str | None = None
    sentences: list[SentenceJson]
    """The outcome of every sentence; together they cover the text of each Part."""
    sentences_next: str | None = None
    reported: list[model.Problem] = named("problems")
    copies: list[int]
    """Other mails that are copies of this one."""
    siblings: list[int]
    """Other mails of its sender that belong with it: one brings a file, the other its password."""
    claimed_by: list[int]
    """Mails that would take its place, and need review."""
    replaces: list[int]
    """Mails whose place it took."""
    refused: str | None
    """Why only its headers were kept."""
    crashed: str | None = named("failed")
    """The error of a reading that crashed."""


class SpeakerDetailJson(SpeakerStatusJson):
    """One Party, Group or Observer in full."""

    mail_list: list[MailJson]
    by_paragraph: dict[str, list[EditJson]]
    """Its edits and comments, those that are not current too."""


class UnplacedJson(JsonModel):
    """Something that was said and found no place in the draft."""

    mail: int = inside("mail", "id")
    party: str | None = inside("mail", "party")
    group: str | None = inside("mail", "group")
    observer: str | None = inside("mail", "observer")
    text: str = inside("unplaced", "text")
    source: str = inside("unplaced", "source")
    why: str = inside("unplaced", "why")


class EventJson(JsonModel):
    """What an event of the stream carries: of a mail who speaks in it, of a correction its kind."""

    at: Instant
    mail: int | None
    mail_class: MailClass | None = named("class")
    party: str | None
    group: str | None
    observer: str | None
    late: bool | None
    correction: int | None
    corrected: str | None
    by: str | None


class PieceJson(JsonModel):
    """A stretch of a text; `found` where it is what was looked for."""

    text: str
    found: bool


class HitJson(JsonModel):
    """One thing that was found: a mail, an edit or a comment, with the words around."""

    kind: search_hits.HitKind
    mail: int | None = Field(validation_alias=AliasPath("mail_id"))
    edit: str | None = Field(validation_alias=AliasPath("edit_id"))
    """The id of the edit or comment."""
    paragraph: str | None
    source: str
    """The Part of the mail; empty for its subject, its sender and the names of its files."""
    name: str | None
    """Of the one who says it."""
    received: Instant | None
    is_current: bool = named("current")
    pieces: list[PieceJson]


class SearchPageJson(JsonModel):
    hits: list[HitJson]
    next: str | None
    """The cursor of the next page; null at the end."""


class EditsPageJson(JsonModel):
    edits: list[EditJson]
    next: str | None
    """The cursor of the next page; null at the end."""


# --- the draft, paragraph by paragraph ---------------------------------------------------------------


class ParagraphBase(JsonModel):
    label: str = inside("paragraph", "label")
    part: str = inside("paragraph", "part")
    number: str | None = inside("paragraph", "number")
    """As printed before it."""
    text: str = inside("paragraph", "text")
    """The official text."""


class ParagraphCountsJson(ParagraphBase):
    """One paragraph with how much is said of it; `general` is the whole text."""

    edits: int
    comments: int
    speakers: int
    """Parties, Groups and Observers that say something of it."""
    collisions: int
    """Passages where their proposals collide."""
    to_review: int


class ProposalJson(JsonModel):
    """One change that one or several propose: their edits differ in typography and spaces at most."""

    by: list[str]
    members: list[EditJson] = named("edits")


class EasyProposalJson(JsonModel):
    """An editorial proposal that nobody is against, and that is in the way of no other."""

    paragraph: str
    kind: EditorialKind
    """What is different: signs, spacing, capitals, spelling, number or article."""
    by: list[str] = inside("proposal", "by")
    members: list[EditJson] = named("edits")


class PassageJson(JsonModel):
    """Words of the paragraph, or a point between two, with the proposals for them."""

    collide: bool
    """Whether not all of them can be made."""
    why: list[Conflict]
    """Why not."""
    rivals: list[tuple[int, int]]
    """Which two of the proposals cannot both be made, by their numbers here from 0."""
    kept: list[ProposalJson]
    """Comments that ask to keep what a proposal deletes."""
    over: int
    """How many other proposals this one goes over."""
    proposals: list[ProposalJson]


class VersionJson(JsonModel):
    """The paragraph as one speaker would have it."""

    speaker: str = inside("speaker", "name")
    kind: SpeakerKind = inside("speaker", "kind")
    name: str
    segments: list[Segment] = named("redline")


class ParagraphJson(ParagraphBase):
    """One paragraph with what is proposed for it."""

    passages: list[PassageJson]
    added: list[ProposalJson]
    """New paragraphs after it, and moves."""
    comments: list[ProposalJson]
    versions: list[VersionJson]


# --- what came, and what people decided --------------------------------------------------------------


class LedgerLineJson(JsonModel):
    """One folder under one UIDVALIDITY."""

    mailbox: str
    folder: str
    uidvalidity: int
    seen: int
    states: dict[ArrivalState, int]
    difference: int
    """Listed, and still to come."""
    highest_uid: int
    junk: bool
    looked_at: Instant | None
    compared_at: Instant | None
    """When all UIDs of the server were last compared with these."""
    gone: int | None
    """How many were not on the server any more in that comparison."""


class LedgerEventJson(JsonModel):
    at: Instant
    mailbox: str
    folder: str | None
    kind: str
    detail: str
    alarm: bool


class LedgerJson(JsonModel):
    """Every place in a mailbox that was ever seen has one state: their sum is `seen`, and `difference` is 0."""

    seen: int
    states: dict[ArrivalState, int]
    difference: int
    folders: list[LedgerLineJson]
    mails: int
    """Held, of these `read`, `failed` and `waiting` for their reading."""
    read: int
    failed: int
    waiting: int
    events: list[LedgerEventJson]
    only_in: dict[str, int]
    """By mailbox: mails that have arrived there and nowhere else."""


class CorrectedEdit(TypedDict, total=False):
    """The content by which an edit is found again, or that of one which was entered by hand."""

    paragraph: str
    action: Action
    start: int | None
    end: int | None
    old: str
    new: str
    to: str | None
    comment: str
    intent: str | None


class StatementRef(TypedDict):
    """A statement without a place, by its words; `nth` tells equal ones of one mail apart."""

    source: str
    text: str
    nth: int


class CorrectionTarget(TypedDict, total=False):
    """What a correction is about: only what its kind names."""

    mail: str
    edit: CorrectedEdit
    nth: int
    statement: StatementRef
    entered: int
    """The correction that entered the edit by hand."""
    party: str
    group: str
    observer: str
    correction: int


CorrectionValue = TypedDict(
    "CorrectionValue",
    {
        "party": str | None,
        "group": str | None,
        "observer": str | None,
        "kind": MailClass,
        "as": str,
        "superseded": bool,
        "accepted": bool,
        "by": str | None,
        "seen": list[str],
        "edits": list[str],
        "statements": list[StatementRef],
        "disposition": Disposition | None,
        "note": str,
        "text": str,
        "paragraph": str,
        "start": int | None,
        "end": int | None,
        "edit": CorrectedEdit,
        "source": str,
        "draft": str,
        "deadline": date,
        "granted_by": str,
    },
    total=False,
)
"""What holds instead: only what its kind names."""


class CorrectionJson(JsonModel):
    """What a person decided; docs/api.md says what `target` and `value` hold for each kind."""

    id: int
    at: Instant
    who: str = named("by")
    why: str
    kind: CorrectionKind | Literal["unreadable"]
    """`unreadable` where it is none that can be posted."""
    target: CorrectionTarget
    value: CorrectionValue
    undone_by: int | None
    not_applied: str
    """Why it has no effect now: what it names is not found any more, or it says what cannot be, which is left out."""


class DecidedMeanwhileJson(JsonModel):
    """A mark that was not kept, as somebody has marked the edit since it was looked at."""

    edit: str
    why: str
    """Who has, with the numbers of the corrections."""


class MarksJson(JsonModel):
    """The outcome of several marks."""

    kept: list[CorrectionJson]
    decided_meanwhile: list[DecidedMeanwhileJson]


class AuditEntryJson(JsonModel):
    """One thing that somebody did."""

    id: int
    at: Instant
    who: str
    """The name of the account; of a log-in that was refused, the name that was typed."""
    did: str
    what: str
    address: str
    """From where, as far as it is known."""


class HealthJson(FreshnessJson):
    """Whether the process lives and the store answers."""

    ok: bool
    why: str
    """Why it is not well."""
    ledger_difference: int | None


class CheckJson(JsonModel):
    """One thing that must be so: polls, ledger, disk, reading."""

    name: str
    ok: bool
    why: str


class MailboxHealthJson(JsonModel):
    """When a mailbox was last polled well; null where it never was."""

    name: str
    polling: bool
    """Whether it is being polled now."""
    outcome: str | None
    """Of the last poll that has ended."""
    last_good: Instant | None
    age_seconds: int | None


class ReadinessJson(FreshnessJson):
    """Whether what it shows is fresh and complete."""

    ready: bool
    why: str
    """Why it is not ready."""
    checks: tuple[CheckJson, ...]
    mailboxes: tuple[MailboxHealthJson, ...]
    ledger_difference: int
    waiting: int
    """Mails that wait for their reading."""
    free_mb: int | None
    """On the disk with the least room."""


def health_json(fresh: polling.Freshness, ledger_difference: int | None, why: str = "") -> HealthJson:
    """That it is well, unless there is a reason why it is not."""
    return HealthJson(
        ok=not why,
        why=why,
        ledger_difference=ledger_difference,
        last=fresh.last,
        last_good=fresh.last_good,
        stalest=fresh.stalest,
        age_seconds=fresh.age_seconds,
        failing=fresh.failing,
    )


def readiness_json(
    fresh: polling.Freshness,
    seen: health.Health,
    checked: Sequence[health.Check],
    why: str = "",
    nameless: Mapping[str, str] | None = None,
) -> ReadinessJson:
    """That it is ready, unless one of the checks, or what else is said, speaks against it. `nameless` is what mailboxes
    are called instead of their names.
    """
    called = nameless or {}
    whys = [why, *(check.why for check in checked)]
    return ReadinessJson(
        ready=not any(whys),
        why="; ".join(one for one in whys if one),
        checks=tuple(CheckJson.model_validate(check) for check in checked),
        mailboxes=tuple(_mailbox_health(seen, name, called.get(name, name)) for name in seen.mailboxes),
        ledger_difference=seen.difference,
        waiting=seen.waiting,
        free_mb=min((disk.free // 1_000_000 for disk in seen.disks), default=None),
        last=fresh.last,
        last_good=fresh.last_good,
        stalest=fresh.stalest,
        age_seconds=fresh.age_seconds,
        failing=fresh.failing,
    )


def _mailbox_health(seen: health.Health, name: str, called: str) -> MailboxHealthJson:
    last, good = seen.last(name), seen.polls.last_good.get(name)
    return MailboxHealthJson(
        name=called,
        polling=name in seen.polling,
        outcome=last.outcome if last else None,
        last_good=good,
        age_seconds=None if good is None else round((seen.at - good).total_seconds()),
    )
