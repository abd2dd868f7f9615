"""The tables. What came (mail, raw, arrival, poll) is never derived; a reading and its rows can be made again."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from store.damage import Damaged, DamagedList, DamagedObject

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC time, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None or isinstance(value, Damaged):
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON object or list. What another program wrote there and is none is a DamagedObject or DamagedList, so that
    one such row stops nobody; store/verify.py names it.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, kind: type[dict[str, Any]] | type[list[Any]] = dict) -> None:
        super().__init__()
        self.kind = kind

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        parse = super().result_processor(dialect, coltype) or (lambda value: value)
        kind, damaged = self.kind, DamagedObject if self.kind is dict else DamagedList

        def read(value: Any) -> Any:
            try:
                found = parse(value)
            except (ValueError, TypeError, RecursionError):
                return damaged()
            return found if found is None or isinstance(found, kind) else damaged()

        return read


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012
        datetime: Instant,
        dict[str, Any]: Json(dict),
        list[dict[str, Any]]: Json(list),
        list[str]: Json(list),
        list[int]: Json(list),
        str: Text,
    }


class DraftRow(Base):
    """One version of the text. `current` marks the one that readings are made on."""

    __tablename__ = "draft"
    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    title: Mapped[str]
    version: Mapped[str]
    language: Mapped[str] = mapped_column(String(10))
    deadline: Mapped[str] = mapped_column(String(10))
    comments_to: Mapped[str]
    copy_to: Mapped[str]
    source: Mapped[str]
    current: Mapped[bool]


class ParagraphRow(Base):
    __tablename__ = "paragraph"
    draft_id: Mapped[str] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(40))
    part: Mapped[str] = mapped_column(String(40))
    number: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str]
    __table_args__ = (UniqueConstraint("draft_id", "label"),)


class MailRow(Base):
    """One e-mail, known by the SHA-256 of its bytes. `refused` says why only its headers were kept."""

    __tablename__ = "mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    first_seen: Mapped[datetime]
    first_read: Mapped[datetime | None]
    """When a reading of it went well for the first time; no new reading changes that."""
    refused: Mapped[str | None]
    failed: Mapped[str | None]
    """The traceback of the last reading, where that crashed."""
    failed_by: Mapped[str | None] = mapped_column(String(40))
    """The version of the parsers that crashed."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Readings by that version that crashed since the last good one."""
    fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)
    """What its twins have in common (parsing.mail.twin); set when it is read."""
    twin_of: Mapped[int | None] = mapped_column(ForeignKey("mail.id"), index=True)
    """The Mail that is read and shown instead of it."""
    differences: Mapped[list[str] | None]
    """How it differs from that one, a sentence each; None where it is no copy."""
    erased_at: Mapped[datetime | None]
    """When all that it said was erased (store/erasure.py); that it was stays."""
    erased_by: Mapped[str | None]
    erased_why: Mapped[str | None]


class RawRow(Base):
    """The bytes as they came, of a refused mail its headers and structure; apart, so that they are loaded on demand."""

    __tablename__ = "raw"
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ArrivalRow(Base):
    """That a Mail was seen at (mailbox, folder, UIDVALIDITY, UID), and its state: listed (by the server; its
    bytes are still to come), then finally stored, same, twin, refused, vanished, withheld or erased. The poller's
    cursor is the largest UID here.
    """

    __tablename__ = "arrival"
    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(255))
    folder: Mapped[str] = mapped_column(String(1000))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    superseded: Mapped[int] = mapped_column(default=0)
    """0; or this row's own id, where the server gave the same UID to another mail later."""
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    internaldate: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often the server listed the mail and did not give it."""
    error: Mapped[str | None]
    """Why it was not given the last time."""
    __table_args__ = (
        UniqueConstraint("mailbox", "folder", "uidvalidity", "uid", "superseded"),
        Index(
            "ix_arrival_listed",
            "mailbox",
            "folder",
            "uidvalidity",
            "uid",
            sqlite_where=text("state = 'listed'"),
            postgresql_where=text("state = 'listed'"),
        ),
    )


class FolderRow(Base):
    """One folder of one mailbox as the server showed it in the last poll. `messages` is the server's own count."""

    __tablename__ = "folder"
    mailbox: Mapped[str] = mapped_column(String(255), primary_key=True)
    folder: Mapped[str] = mapped_column(String(1000), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uidnext: Mapped[int] = mapped_column(BigInteger)
    messages: Mapped[int]
    junk: Mapped[bool]
    """The server's folder for spam: read too, since it catches comments."""
    looked_at: Mapped[datetime]
    compared_at: Mapped[datetime | None]
    """When all UIDs of the server were last compared with the arrivals."""
    gone: Mapped[int | None]
    """Arrivals that the server did not list in that comparison: moved or deleted there since."""


class EventRow(Base):
    """Something about a mailbox that people may have to know. `alarm` marks what should never happen."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    mailbox: Mapped[str] = mapped_column(String(255), index=True)
    folder: Mapped[str | None] = mapped_column(String(1000))
    kind: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str]
    alarm: Mapped[bool]


class PollRow(Base):
    """One poll of one mailbox. `outcome` is running, ok, refused (a setting or password is wrong) or failed (later)."""

    __tablename__ = "poll"
    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(255), index=True)
    trigger: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(20))
    seen: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    retries: Mapped[int] = mapped_column(default=0)
    """How often the connection was lost and made again."""
    error: Mapped[str | None]


class FocalPointRow(Base):
    """A line of the secretariat's own directory, replaced as a whole by the next import."""

    __tablename__ = "focal_point"
    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    name: Mapped[str]
    party: Mapped[str | None] = mapped_column(String(3))
    role: Mapped[str]


class LeaseRow(Base):
    """Who may poll this store now: one row, taken and prolonged in the transaction that needs it."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str]
    token: Mapped[str] = mapped_column(String(36))
    taken_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ReadingRow(Base):
    """All that the parsers made of one Mail on one Draft: derived, disposable."""

    __tablename__ = "reading"
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("draft.id"))
    parsers: Mapped[str] = mapped_column(String(40))
    """The version of the parsers that made it."""
    read_at: Mapped[datetime]
    message_id: Mapped[str | None]
    sender: Mapped[str | None]
    subject: Mapped[str]
    date: Mapped[datetime | None]
    received: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(String(20))
    party: Mapped[str | None] = mapped_column(String(3), index=True)
    group: Mapped[str | None] = mapped_column("speaks_for", String(200))
    observer: Mapped[str | None]
    late: Mapped[bool]
    copied: Mapped[bool]
    confidence: Mapped[float]
    needs_review: Mapped[bool]
    evidence: Mapped[list[str]]
    flags: Mapped[dict[str, Any]]
    body: Mapped[str]
    mails: Mapped[list[dict[str, Any]]]
    """What is known of each mail inside that speaks for another (consultation.kept.KeptInner)."""
    row_counts: Mapped[dict[str, Any]]
    """How many rows of each table were kept with it; empty where an older version kept it."""


class _OfMail:
    """A row that belongs to one Reading: the n-th of its kind."""

    mail_id: Mapped[int] = mapped_column(ForeignKey("reading.mail_id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True)


class PartRow(_OfMail, Base):
    __tablename__ = "part"
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    fate: Mapped[str] = mapped_column(String(20))
    why: Mapped[str]
    depth: Mapped[int]


class VirusScanRow(Base):
    """What the virus scanner said of a Part of a Mail, or of the Mail itself, by the SHA-256 of its content; it
    outlives the Reading. `verdict` is clean, infected or failed; `said` names what was found, or says why it was not
    scanned.
    """

    __tablename__ = "virus_scan"
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10))
    said: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (
        Index(
            "ix_virus_scan_infected",
            "at",
            sqlite_where=text("verdict = 'infected'"),
            postgresql_where=text("verdict = 'infected'"),
        ),
    )


class EditRow(_OfMail, Base):
    __tablename__ = "edit"
    paragraph: Mapped[str] = mapped_column(String(40), index=True)
    action: Mapped[str] = mapped_column(String(20))
    start: Mapped[int | None] = mapped_column("start_offset")
    end: Mapped[int | None] = mapped_column("end_offset")
    old: Mapped[str]
    new: Mapped[str]
    to: Mapped[str | None] = mapped_column("moves_after", String(40))
    comment: Mapped[str]
    intent: Mapped[str | None] = mapped_column(String(40))
    author: Mapped[str | None]
    date: Mapped[str | None] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(20))
    sources: Mapped[list[str]]
    confidence: Mapped[float]
    needs_review: Mapped[bool]
    evidence: Mapped[str]
    read_by: Mapped[str] = mapped_column(String(10), default="rules")
    """rules, model or both."""
    inner: Mapped[int | None]
    """Which of the mails inside proposes it, from 0; None for the mail itself."""


class UnplacedRow(_OfMail, Base):
    __tablename__ = "unplaced"
    text: Mapped[str]
    source: Mapped[str]
    why: Mapped[str]


class SentenceRow(_OfMail, Base):
    """The outcome of one sentence: those of a Part cover its text, once. `edits` are the numbers of EditRows."""

    __tablename__ = "sentence"
    source: Mapped[str]
    start: Mapped[int] = mapped_column("start_offset")
    end: Mapped[int] = mapped_column("end_offset")
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str]
    edits: Mapped[list[int]]
    why: Mapped[str]


class ProblemRow(_OfMail, Base):
    __tablename__ = "problem"
    source: Mapped[str]
    problem: Mapped[str]


class SearchRow(Base):
    """A stretch of a mail, or an edit, by the words with which it is found (store/search.py). On SQLite an FTS5 table
    `search_index` follows it by triggers; on PostgreSQL `search_index` is an index of it.
    """

    __tablename__ = "search"
    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("reading.mail_id", ondelete="CASCADE"), index=True)
    n: Mapped[int]
    """Its number in the Mail."""
    kind: Mapped[str] = mapped_column(String(10))
    """mail, edit or comment."""
    source: Mapped[str]
    """The Part; empty for the head of the mail."""
    edit: Mapped[int | None]
    """The number of the EditRow."""
    text: Mapped[str]
    words: Mapped[str]
    """The text's words as they are compared (consultation/search_words.py)."""


class AnswerRow(Base):
    """What a language model answered, raw: evidence, kept like raw mail. `key` is the SHA-256 of the question."""

    __tablename__ = "answer"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str]
    """The model by the name that it gives itself."""
    at: Mapped[datetime]
    seconds: Mapped[float]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    content: Mapped[str]


class QuestionRow(Base):
    """That the last Reading of a Mail raised a question. `used` where it was made with the answer."""

    __tablename__ = "question"
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    used: Mapped[bool]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often the model answered with something that was no answer."""
    tried_at: Mapped[datetime | None]
    error: Mapped[str | None]
    """Why there was no answer the last time."""


class CorrectionRow(Base):
    """What a person decided against the machine: an input, never overwritten by a new Reading. `target` names what it
    is about, `value` what holds instead (consultation/correction_forms.py says how, for each kind).
    """

    __tablename__ = "correction"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    why: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20))
    target: Mapped[dict[str, Any]]
    value: Mapped[dict[str, Any]]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("correction.id"))


class OutgoingRow(Base):
    """A mail, webhook or ping that leaves: kept before it is sent, and after, so that nothing is sent twice."""

    __tablename__ = "outgoing"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """What it is about, as `receipt SHA-256`: nothing of the same key is sent again."""
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    sender: Mapped[str]
    """The return path of a mail; empty for none."""
    recipients: Mapped[list[str]]
    content: Mapped[str]
    """The whole message of a mail, the JSON of a webhook."""
    insistent: Mapped[bool]
    """Whether it is sent again where it is not known if it was sent."""
    state: Mapped[str] = mapped_column(String(10), index=True)
    """waiting, sending, sent, given-up, unsure (the process ended while it was being sent)."""
    attempts: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    error: Mapped[str | None]


class AlarmRow(Base):
    """Something that is or was wrong with the service. `standing` is its key while it lasts: it is raised once."""

    __tablename__ = "alarm"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    about: Mapped[str]
    words: Mapped[str]
    since: Mapped[datetime]
    mended_at: Mapped[datetime | None]
    standing: Mapped[str | None] = mapped_column(String(1000), unique=True)


class ExpiryRow(Base):
    """When something stops working unless a person renews it."""

    __tablename__ = "expiry"
    name: Mapped[str] = mapped_column(String(300), primary_key=True)
    at: Mapped[datetime]
    noted_at: Mapped[datetime]


class AccountRow(Base):
    """A person or program that may look, review or operate. `key` is the name as it is compared; `subject` is who it is
    to the provider that vouches for it (OpenID Connect); `password` is the hash with its parameters.
    """

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(800), unique=True)
    role: Mapped[str] = mapped_column(String(10))
    password: Mapped[str | None]
    subject: Mapped[str | None] = mapped_column(String(800), unique=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]


class TokenRow(Base):
    """What a program shows in the place of a password: its SHA-256 alone is kept."""

    __tablename__ = "token"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(200))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginRow(Base):
    """One log-in of a person, in one browser: the SHA-256 of what its cookie holds."""

    __tablename__ = "login"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(60))


class AuditRow(Base):
    """Who did what, and from where. Nothing changes or deletes a row."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(200))
    did: Mapped[str] = mapped_column(String(40))
    what: Mapped[str]
    address: Mapped[str] = mapped_column(String(60))


class BackupRow(Base):
    """That a backup was made, and the newest Mail in it."""

    __tablename__ = "backup"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    file: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    last_mail: Mapped[int]
