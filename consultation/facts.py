"""What is known of a consultation, corrections applied: frozen facts about its mails and edits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from consultation.kept import Arrival, Correction
from parsing.model import Draft, Edit, Flags, Kind, Register
from parsing.prose.lexicon.detect_language import language_of

CONTENT = ("paragraph", "action", "start", "end", "old", "new", "to", "comment")
"""The fields that make an Edit the same Edit, whoever reads it again."""

SpeakerKind = Literal["party", "group", "observer"]
Disposition = Literal["taken up", "not taken up", "merged"]
"""What the drafters did with an edit in their next text."""
Stage = Literal["unread", "failed", "refused", "read"]
"""How far a Mail has come: unread, failed (its reading crashed, only its headers were read), refused (too large), read.
"""


class Speaker(NamedTuple):
    """Who speaks: a Party by its code, a Group or an Observer by name."""

    kind: SpeakerKind
    name: str


Names = Mapping[str, str]
"""The name of each Party, by its code."""


def name_of(speaker: Speaker, names: Names) -> str:
    """A Party's name; a Group or an Observer goes by its name anyway."""
    return names.get(speaker.name, speaker.name) if speaker.kind == "party" else speaker.name


@dataclass(frozen=True, slots=True)
class Superseded:
    """Why a Mail is out of the counts: the Mail (if any) that took its place, and the words or person that say so."""

    by: int | None
    why: str


@dataclass(frozen=True, slots=True)
class SupersededFile:
    """A file of a Mail that a later Mail brought again with other words: its edits are out of the counts."""

    name: str
    by: int | None
    why: str


ClaimKind = Literal["replaces", "withdraws", "sends again", "no comments", "speaks for others"]
"""What a Mail says that would take something away: from other mails, or from the list of those who have not answered.
"""


@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """What a Mail claims and a person has not decided yet. Until then everything counts: the mail itself and those `of`
    from which it would take something. `words` are those that say so, or the names of files; `because` says why it
    waits.
    """

    kind: ClaimKind
    of: tuple[int, ...]
    words: str
    because: str

    @property
    def sentence(self) -> str:
        """The claim and why it waits, for people."""
        quoted = f" (“{self.words}”)" if self.words else ""
        mails = _numbers(self.of)
        claim = _CLAIMS[self.kind].format(mails=mails, after=f", after {mails}" if mails else "")
        return f"{claim}{quoted}: {self.because}; {_UNTIL[self.kind]}"


_CLAIMS: dict[ClaimKind, str] = {
    "replaces": "it says that it replaces {mails}",
    "withdraws": "it says that it withdraws {mails}",
    "sends again": "it brings files of {mails} again with other words",
    "no comments": "it says that there are no comments{after}",
    "speaks for others": "it says that it speaks for others",
}
_UNTIL: dict[ClaimKind, str] = {
    "replaces": "both count until a person decides",
    "withdraws": "both count until a person decides",
    "sends again": "both count until a person decides",
    "no comments": "what was received counts until a person decides",
    "speaks for others": "they do not count as covered until a person decides",
}


def _numbers(mails: tuple[int, ...]) -> str:
    return f"mail {', '.join(map(str, mails))}" if mails else ""


@dataclass(frozen=True, slots=True)
class MailFact:
    """One Mail with all that a Status needs; its texts are read one Mail at a time (consultation/details.py).

    `kind` is None until it is read. `provable` is the time that counts: the earlier of the mailbox's and the topmost
    Received, the sender's own `date` only where there is neither. `same_as` is the Mail that this one is another copy
    of. `unreadable` are Parts that may hold a comment and could not be read. `doubtful_class` says that the reading was
    not sure of its class. `review` says what a person must look at, a sentence each.
    """

    id: int
    sha256: str
    size: int
    first_seen: datetime
    stage: Stage
    arrivals: tuple[Arrival, ...] = ()
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
    first_read: datetime | None = None
    read_at: datetime | None = None
    """When its Reading was made; None where there is none on this draft."""
    late: bool = False
    copied: bool = False
    confidence: float = 0.0
    flags: Flags = field(default_factory=Flags)
    files: tuple[tuple[str, str], ...] = ()
    unreadable: tuple[str, ...] = ()
    unplaced: int = 0
    doubtful_class: bool = False
    problems: tuple[str, ...] = ()
    infected: tuple[str, ...] = ()
    """Parts in which the virus scanner found something, with its name: they are not given out."""
    same_as: int | None = None
    differences: tuple[str, ...] = ()
    """How it differs from that one, a sentence each."""
    superseded: Superseded | None = None
    superseded_files: tuple[SupersededFile, ...] = ()
    """Those of its files that a later mail of the same sender brought again with other words."""
    waiting: tuple[WaitingClaim, ...] = ()
    covers: bool = True
    """Whether others for whom it says that it speaks count as covered by it."""
    said_in: frozenset[tuple[str, ...]] = frozenset()
    """The Parts that say something, alone or together: of each edit, and of each statement without a place."""
    review: tuple[str, ...] = ()
    corrections: tuple[int, ...] = ()
    attributed_by_hand: bool = False
    """Whether a person has said for whom it speaks."""
    classed_by_hand: bool = False
    """Whether a person has said what class of mail it is."""
    first_sentence: int | None = None
    """Of a mail inside another: the number of its first sentence there."""
    inner: "tuple[MailFact, ...]" = ()
    """The mails inside that speak for others; they came with this one, and count as it does."""

    @property
    def open_claims(self) -> tuple[WaitingClaim, ...]:
        """What it claims and a person has neither decided nor confirmed as it stands."""
        return tuple(one for one in self.waiting if one.sentence in self.review)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it needs review, what it claims aside."""
        claims = {one.sentence for one in self.waiting}
        return tuple(reason for reason in self.review if reason not in claims)

    @property
    def speaking(self) -> "tuple[MailFact, ...]":
        """The mail, and those inside it."""
        inside = (replace(one, same_as=self.same_as, superseded=self.superseded) for one in self.inner)
        return (self, *inside)

    def saying(self, n: int | None) -> "MailFact":
        """The mail that says the sentence of that number: itself, or one of those inside."""
        begun = [
            one for one in self.inner if n is not None and one.first_sentence is not None and one.first_sentence <= n
        ]
        return begun[-1] if begun else self

    @property
    def speakers(self) -> frozenset[Speaker]:
        """All that speak in it."""
        return frozenset(one.speaker for one in self.speaking if one.speaker)

    @property
    def speaker(self) -> Speaker | None:
        """Who the mail counts for: in a group's mail the Group, not the Party that sends it."""
        if self.group:
            return Speaker("group", self.group)
        if self.party:
            return Speaker("party", self.party)
        return Speaker("observer", self.observer) if self.observer else None

    @property
    def has_reading(self) -> bool:
        """Whether it was read on this draft; of one whose reading crashed its headers were."""
        return self.kind is not None

    @property
    def is_current(self) -> bool:
        """Whether it counts: it is no copy of another Mail, and none has taken its place."""
        return self.same_as is None and self.superseded is None

    @property
    def speaks_on_the_draft(self) -> bool:
        """Whether it may be an answer. A bounce, an auto-reply, an rsvp or spam is none, unless a sentence or a Part of
        it was not read and no person has said what it is.
        """
        answers = self.kind in (None, "comments", "no-comments", "announcement")
        may_hold_one = bool(self.unplaced or self.unreadable) and not self.classed_by_hand
        return answers or may_hold_one

    @property
    def counts_from(self) -> datetime:
        """The time by which it is ordered: the provable one, else when it was first seen."""
        return self.provable or self.first_seen


@dataclass(frozen=True, slots=True)
class EditFact:
    """One Edit with the one who proposes it. `id` is made of its content, so that it outlives a new Reading.

    `read` is what the Reading gave, before corrections, `index` its number among the edits of its Mail there, and `nth`
    tells equal ones of one Mail apart. What a person entered by hand has the index -1, and a Mail where it is from one.
    `name` is the speaker's for people, `draft` the id of the draft that it was made on. `is_current` is False where its
    Mail is not current, or a person has dismissed it. `review` says why it needs review. `disposition`, its `note` and
    the `translation` are the drafters' own, and `annotations` the corrections that say them.
    """

    id: str
    edit: Edit
    read: Edit
    nth: int
    mail: int | None
    index: int = 0
    speaker: Speaker | None = None
    name: str | None = None
    draft: str = ""
    is_current: bool = True
    review: str = ""
    corrections: tuple[int, ...] = ()
    disposition: Disposition | None = None
    note: str = ""
    translation: str = ""
    annotations: tuple[int, ...] = ()

    @property
    def party(self) -> str | None:
        return self._speaker_of("party")

    @property
    def group(self) -> str | None:
        return self._speaker_of("group")

    @property
    def observer(self) -> str | None:
        return self._speaker_of("observer")

    def _speaker_of(self, kind: SpeakerKind) -> str | None:
        return self.speaker.name if self.speaker and self.speaker.kind == kind else None

    @property
    def needs_review(self) -> bool:
        return bool(self.review)

    @property
    def language(self) -> str:
        """The language of what it says: of its comment, else of its new words, else of the old ones; English where that
        cannot be determined.
        """
        return _language_of(self.edit.comment or self.edit.new or self.edit.old)

    @property
    def by_hand(self) -> bool:
        """Whether a person entered it."""
        return self.index < 0


@lru_cache(maxsize=50_000)
def _language_of(text: str) -> str:
    return language_of(text)[0]


@dataclass(frozen=True, slots=True)
class StatementFact:
    """Something that was said and found no place in the draft: an unread sentence (`n` is its number in the Mail), or
    another statement (`n` is None). `id` is made of its words, so that it outlives a new Reading; `nth` tells equal
    ones of one Mail apart; `indexes` are the numbers of the edits that were read from it. A person has `settled` it, or
    it `waits` for the review of these edits, or of those that have its words.
    """

    id: str
    mail: int
    nth: int
    source: str
    text: str
    why: str
    n: int | None = None
    indexes: tuple[int, ...] = ()
    speaker: Speaker | None = None
    name: str | None = None
    is_current: bool = True
    settled: bool = False
    waits: bool = False
    corrections: tuple[int, ...] = ()

    @property
    def needs_review(self) -> bool:
        return self.is_current and not self.settled and not self.waits


@dataclass(frozen=True, slots=True)
class ConsultationSnapshot:
    """All that is known of one Draft, corrections applied: mails by provable time, edits in the draft's order."""

    draft: Draft
    register: Register
    mails: tuple[MailFact, ...]
    edits: tuple[EditFact, ...]
    corrections: tuple[Correction, ...]
    deadline: datetime
    """The instant at which the deadline's last day ends."""
    own_deadlines: dict[str, date] = field(default_factory=dict)
    names: Names = field(default_factory=dict)
    statements: tuple[StatementFact, ...] = ()
    """What found no place in the draft, mail by mail, what people have settled too."""

    @property
    def current_mails(self) -> tuple[MailFact, ...]:
        return tuple(mail for mail in self.mails if mail.is_current)

    @property
    def current_edits(self) -> tuple[EditFact, ...]:
        return tuple(fact for fact in self.edits if fact.is_current)

    def mail(self, mail_id: int) -> MailFact | None:
        return next((mail for mail in self.mails if mail.id == mail_id), None)

    def position(self, label: str) -> int:
        """The place of a paragraph in the draft; `general` and what the draft does not have come last."""
        labels = [paragraph.label for paragraph in self.draft.paragraphs]
        return labels.index(label) if label in labels else len(labels)
