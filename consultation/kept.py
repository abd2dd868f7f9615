"""What the store holds of one consultation, as it was kept: values about which nothing has been decided yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from parsing.model import Draft, Edit, Kind, Message, Outcome, Part, Problem, Unplaced

CorrectionKind = Literal[
    "party", "kind", "same", "superseded", "claim", "confirm", "place", "amend", "dismiss", "statement", "entry",
    "disposition", "translation", "deadline", "undo",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a Mail was seen, and when. `internaldate` is the mailbox's time, `seen_at` ours."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    state: str
    internaldate: datetime | None
    seen_at: datetime


Verdict = Literal["clean", "infected", "failed"]


@dataclass(frozen=True, slots=True)
class VirusScan:
    """What the virus scanner said of a file, and when: `said` names what it found, or says why it was not scanned."""

    verdict: Verdict
    said: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptPart(Part):
    """A Part with its number in the Mail, from 0, and what the virus scanner said of it, if it was asked."""

    n: int = 0
    scan: VirusScan | None = None


@dataclass(frozen=True, slots=True)
class KeptInner:
    """A mail inside a Mail that speaks for another: who wrote it, when by its own words (ISO 8601), what it is, and how
    much of it found no place.
    """

    sender: str | None
    subject: str
    date: str | None
    kind: Kind
    party: str | None
    group: str | None
    observer: str | None
    confidence: float
    unplaced: int = 0
    first_sentence: int | None = None
    """The number of its first sentence among those of the Mail; None where an older version kept it."""


def inner_of(message: Message, unplaced: int, first_sentence: int | None = None) -> KeptInner:
    """What is kept of a mail inside another."""
    return KeptInner(
        sender=message.sender,
        subject=message.subject,
        date=None if message.date is None else message.date.isoformat(),
        kind=message.kind,
        party=message.party,
        group=message.group,
        observer=message.observer,
        confidence=message.confidence,
        unplaced=unplaced,
        first_sentence=first_sentence,
    )


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One Mail with its Reading on the current Draft: `message` is None where there is no such Reading.

    `crashed` says that its last reading crashed, and what is here comes from its headers alone; `refused` that only its
    headers were kept; `twin_of` names the Mail that is shown instead of it. `message` comes without its evidence, and
    `unplaced` counts what found no place; both are read for one Mail at a time (KeptTexts).
    """

    id: int
    sha256: str
    size: int
    first_seen: datetime
    crashed: bool
    refused: bool
    twin_of: int | None
    arrivals: tuple[Arrival, ...] = ()
    message: Message | None = None
    parts: tuple[Part, ...] = ()
    problems: tuple[Problem, ...] = ()
    unplaced: int = 0
    unplaced_in: tuple[str, ...] = ()
    """The Parts that say it."""
    inner: tuple[KeptInner, ...] = ()
    first_read: datetime | None = None
    """When a reading of it went well for the first time."""
    read_at: datetime | None = None
    """When the Reading that is kept was made."""
    differences: tuple[str, ...] = ()
    """How it differs from the Mail that is shown instead of it."""
    viruses: tuple[tuple[str, str], ...] = ()
    """What the virus scanner found: the name of the Part, empty for the Mail itself, and that of the virus."""


@dataclass(frozen=True, slots=True)
class KeptEdit:
    """An Edit with the id of its Mail, and which of the mails inside proposes it; None for the Mail itself."""

    mail: int
    edit: Edit
    inner: int | None = None


@dataclass(frozen=True, slots=True)
class KeptUnplaced:
    """An Unplaced with the id of its Mail."""

    mail: int
    unplaced: Unplaced


@dataclass(frozen=True, slots=True)
class KeptSentence:
    """The outcome of one sentence with the id of its Mail, and its number there, from 0."""

    mail: int
    n: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person decided. consultation/correction_forms.py says what `target` and `value` hold for each kind.

    `not_applied` says why it has no effect now, where what it names is not found any more.
    """

    id: int
    at: datetime
    who: str
    why: str
    kind: CorrectionKind | Literal["unreadable"]
    target: dict[str, Any]
    value: dict[str, Any]
    undone_by: int | None = None
    not_applied: str = ""


@dataclass(frozen=True, slots=True)
class KeptConsultation:
    """All that the store holds of the current Draft: Mails and Edits in the order in which they were kept."""

    draft: Draft
    mails: tuple[KeptMail, ...] = ()
    edits: tuple[KeptEdit, ...] = ()
    corrections: tuple[Correction, ...] = ()
    unread: tuple[KeptSentence, ...] = ()
    unplaced: tuple[KeptUnplaced, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptTexts:
    """What one Mail says, and what was left of its reading: read only where one Mail is looked at.

    `crashed` is the traceback of a reading that crashed, `refused` the reason why only its headers were kept.
    """

    body: str = ""
    evidence: tuple[str, ...] = ()
    parts: tuple[KeptPart, ...] = ()
    problems: tuple[Problem, ...] = ()
    unplaced: tuple[KeptUnplaced, ...] = ()
    sentences: tuple[Outcome, ...] = ()
    crashed: str | None = None
    refused: str | None = None
