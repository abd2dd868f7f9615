"""What the desk knows: frozen facts about mails and edits, corrections applied."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from parsing.model import Draft, Edit, Flags, Kind, Register

CONTENT = ("paragraph", "action", "start", "end", "old", "new", "to", "comment")
"""The fields that make an Edit the same Edit, whoever reads it again."""


class Speaker(NamedTuple):
    """Who speaks: a Party by its code, a Group or an Observer by name."""

    kind: Literal["party", "group", "observer"]
    name: str


@dataclass(frozen=True, slots=True)
class ArrivalFact:
    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    state: str
    internaldate: datetime | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """Why a Mail is out of the counts: the Mail (if any) that took its place, and the words or person that say so."""

    by: int | None
    why: str


@dataclass(frozen=True, slots=True)
class MailFact:
    """One Mail with all that its status needs; its texts are asked for one by one (store/reads/mail.py).

    `stage` is unread, failed (its reading died), refused (too large) or read. `kind` is None until it is read.
    `provable` is the time that counts: the earlier of the mailbox's and the topmost Received, the sender's own `date`
    only where there is neither. `same_as` is the Mail that this one is another copy of. `unreadable` are Parts that may
    hold a comment which nobody has read. `review` says what a person must look at, a sentence each.
    """

    id: int
    sha256: str
    size: int
    first_seen: datetime
    stage: Literal["unread", "failed", "refused", "read"]
    arrivals: tuple[ArrivalFact, ...] = ()
    message_id: str | None = None
    sender: str | None = None
    subject: str = ""
    kind: Kind | None = None
    party: str | None = None
    group: str | None = None
    observer: str | None = None
    date: datetime | None = None
    received: datetime | None = None
    internaldate: datetime | None = None
    provable: datetime | None = None
    late: bool = False
    copied: bool = False
    confidence: float = 0.0
    flags: Flags = field(default_factory=Flags)
    files: tuple[tuple[str, str], ...] = ()
    unreadable: tuple[str, ...] = ()
    unplaced: int = 0
    problems: tuple[str, ...] = ()
    same_as: int | None = None
    gone: Gone | None = None
    review: tuple[str, ...] = ()
    corrections: tuple[int, ...] = ()

    @property
    def speaker(self) -> Speaker | None:
        """Who the mail counts for: in a group's mail the Group, not the Party that sends it."""
        if self.group:
            return Speaker("group", self.group)
        if self.party:
            return Speaker("party", self.party)
        return Speaker("observer", self.observer) if self.observer else None

    @property
    def stands(self) -> bool:
        return self.same_as is None and self.gone is None

    @property
    def speaks_on_the_draft(self) -> bool:
        """Whether it may be an answer; a bounce, an auto-reply, an rsvp or spam is none."""
        return self.kind in (None, "comments", "no-comments", "announcement")


@dataclass(frozen=True, slots=True)
class EditFact:
    """One Edit with whose it is. `id` is made of its content, so that it outlives a new Reading; `read` is what the
    Reading gave, before corrections, and `nth` tells equal ones of one Mail apart. `mail` is None for what a person
    entered by hand; `stands` is False where its Mail does not, or a person said that it is no comment.
    """

    id: str
    edit: Edit
    read: Edit
    nth: int
    mail: int | None
    speaker: Speaker | None = None
    stands: bool = True
    review: str = ""
    corrections: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person decided. `target` and `value` as store/corrections.py says for each kind."""

    id: int
    at: datetime
    who: str
    why: str
    kind: str
    target: dict[str, Any]
    value: dict[str, Any]
    undone_by: int | None = None
    idle: str = ""
    """Why it changes nothing now, where what it names is not found any more."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is known of one Draft, corrections applied: mails by provable time, edits in the draft's order."""

    draft: Draft
    register: Register
    mails: tuple[MailFact, ...]
    edits: tuple[EditFact, ...]
    corrections: tuple[Correction, ...]
    deadline: datetime
    """The instant at which the deadline's last day ends."""
    own_deadlines: dict[str, date] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """The name of each Party, by its code."""

    def mail(self, mail_id: int) -> MailFact | None:
        return next((mail for mail in self.mails if mail.id == mail_id), None)

    def position(self, label: str) -> int:
        """Where a paragraph stands in the draft; `general` and what the draft does not have come last."""
        labels = [paragraph.label for paragraph in self.draft.paragraphs]
        return labels.index(label) if label in labels else len(labels)
