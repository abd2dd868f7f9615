"""What is written: one function per fact, each inside the caller's transaction."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from parsing.model import Draft, Reading
from store.tables import (
    ArrivalRow,
    DraftRow,
    EditRow,
    LeaseRow,
    MailRow,
    ParagraphRow,
    PartRow,
    PollRow,
    ProblemRow,
    RawRow,
    ReadingRow,
    UnplacedRow,
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as the mailbox gave it at (mailbox, folder, uidvalidity, uid). `raw` is None where the server listed the
    mail and then had it no longer. `refused` says why `raw` holds only headers and structure; `size` in bytes is the
    whole mail's.
    """

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    internaldate: datetime | None
    raw: bytes | None
    size: int
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How many arrivals were kept, by state; `new` holds the ids of Mails not held before."""

    new: tuple[int, ...] = ()
    same: int = 0
    vanished: int = 0


class LeaseLost(Exception):
    """Another process polls this store now; what this one was about to write is not written."""


class LeaseHeld(Exception):
    """This store is already polled by another process."""

    def __init__(self, holder: str, since: datetime) -> None:
        super().__init__(f"this store is already polled by {holder}, since {since:%Y-%m-%d %H:%M:%S} UTC")
        self.holder = holder


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to poll, until it expires or another takes it."""

    name: str
    token: str


def keep_arrivals(session: Session, arrivals: Iterable[Arrived], now: datetime) -> Kept:
    """Keeps each mail's bytes and where it was seen. An arrival already kept is passed over; a mail whose bytes are held
    already (SHA-256) becomes one more Arrival of it.
    """
    new, same, vanished = [], 0, 0
    for arrived in arrivals:
        where = (arrived.mailbox, arrived.folder, arrived.uidvalidity, arrived.uid)
        if session.scalar(_arrival_at(*where)) is not None:
            continue
        if arrived.raw is None:
            mail_id, state = None, "vanished"
            vanished += 1
        else:
            mail_id, is_new = _keep_raw(session, arrived.raw, arrived.size, arrived.refused, now)
            state = "refused" if arrived.refused else "stored" if is_new else "same"
            if is_new:
                new.append(mail_id)
            else:
                same += 1
        session.add(
            ArrivalRow(
                mailbox=arrived.mailbox,
                folder=arrived.folder,
                uidvalidity=arrived.uidvalidity,
                uid=arrived.uid,
                mail_id=mail_id,
                state=state,
                internaldate=arrived.internaldate,
                seen_at=now,
            )
        )
        session.flush()
    return Kept(tuple(new), same, vanished)


def _arrival_at(mailbox: str, folder: str, uidvalidity: int, uid: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return select(ArrivalRow.id).where(
        ArrivalRow.mailbox == mailbox,
        ArrivalRow.folder == folder,
        ArrivalRow.uidvalidity == uidvalidity,
        ArrivalRow.uid == uid,
    )


def _keep_raw(session: Session, raw: bytes, size: int, refused: str | None, now: datetime) -> tuple[int, bool]:
    """The Mail's id, and whether it is new; its raw bytes go into the same transaction."""
    sha256 = hashlib.sha256(raw).hexdigest()
    held = session.scalar(select(MailRow.id).where(MailRow.sha256 == sha256))
    if held is not None:
        return held, False
    mail = MailRow(sha256=sha256, size=size, first_seen=now, refused=refused, attempts=0)
    session.add(mail)
    session.flush()
    session.add(RawRow(mail_id=mail.id, content=raw))
    return mail.id, True


def keep_reading(session: Session, mail_id: int, reading: Reading, draft_id: str, parsers: str, now: datetime) -> None:
    """Replaces all that was made of this Mail before."""
    message = reading.message
    if message is None:
        raise ValueError(f"mail {mail_id}: the reading of a bare document")
    forget_reading(session, mail_id)
    facts = {name: value for name, value in asdict(message).items() if name != "evidence"}
    session.add(
        ReadingRow(
            mail_id=mail_id,
            draft_id=draft_id,
            parsers=parsers,
            read_at=now,
            evidence=list(message.evidence),
            body=reading.body,
            **facts,
        )
    )
    session.flush()
    rows = ((PartRow, reading.parts), (EditRow, reading.edits), (UnplacedRow, reading.unplaced), (ProblemRow, reading.problems))  # fmt: skip
    for table, values in rows:
        session.add_all(table(mail_id=mail_id, n=n, **_columns(asdict(value))) for n, value in enumerate(values))
    session.execute(update(MailRow).where(MailRow.id == mail_id).values(failed=None, attempts=0))


def _columns(values: dict[str, object]) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def forget_reading(session: Session, mail_id: int) -> None:
    for table in (PartRow, EditRow, UnplacedRow, ProblemRow, ReadingRow):
        session.execute(delete(table).where(table.mail_id == mail_id))


def keep_failure(session: Session, mail_id: int, traceback: str) -> None:
    """The Mail's reading died: what was made of it before goes, the reason stays with it."""
    forget_reading(session, mail_id)
    session.execute(
        update(MailRow).where(MailRow.id == mail_id).values(failed=traceback, attempts=MailRow.attempts + 1)
    )


def keep_draft(session: Session, draft: Draft, *, current: bool = False) -> None:
    """Keeps a Draft that is not held yet; with `current`, readings are made on it from now on. The first is current."""
    if session.get(DraftRow, draft.id) is None:
        first = session.scalar(select(func.count()).select_from(DraftRow)) == 0
        session.add(
            DraftRow(
                id=draft.id,
                title=draft.title,
                version=draft.version,
                language=draft.language,
                deadline=draft.deadline.isoformat(),
                comments_to=draft.comments_to,
                copy_to=draft.copy_to,
                source=draft.source,
                current=first,
            )
        )
        session.flush()
        session.add_all(
            ParagraphRow(draft_id=draft.id, position=position, label=p.label, part=p.part, number=p.number, text=p.text)
            for position, p in enumerate(draft.paragraphs)
        )
    if current:
        session.execute(update(DraftRow).values(current=DraftRow.id == draft.id))


def start_poll(session: Session, mailbox: str, trigger: str, now: datetime) -> int:
    """The new poll's id. A poll still marked as running was cut off: it is closed as failed."""
    session.execute(
        update(PollRow)
        .where(PollRow.mailbox == mailbox, PollRow.outcome == "running")
        .values(outcome="failed", ended_at=now, error="cut off: the process ended in the middle of it")
    )
    poll = PollRow(mailbox=mailbox, trigger=trigger, started_at=now, outcome="running", seen=0, new=0)
    session.add(poll)
    session.flush()
    return poll.id


def count_poll(session: Session, poll_id: int, *, seen: int, new: int) -> None:
    session.execute(
        update(PollRow).where(PollRow.id == poll_id).values(seen=PollRow.seen + seen, new=PollRow.new + new)
    )


def end_poll(session: Session, poll_id: int, outcome: str, error: str | None, now: datetime) -> None:
    session.execute(update(PollRow).where(PollRow.id == poll_id).values(outcome=outcome, error=error, ended_at=now))


def take_lease(
    session: Session, name: str, holder: str, now: datetime, lasts: timedelta, *, over: str | None = None
) -> Lease:
    """The Lease, free or expired, for `holder`. Raises LeaseHeld where another holds it, unless that other's holder text
    is `over`, which the caller knows to be dead.
    """
    token = str(uuid.uuid4())
    free = (LeaseRow.expires_at <= now) | (LeaseRow.holder == (over or ""))
    values = {"holder": holder, "token": token, "taken_at": now, "expires_at": now + lasts}
    taken = session.execute(update(LeaseRow).where(LeaseRow.name == name, free).values(**values))
    if taken.rowcount:
        return Lease(name, token)
    held = session.get(LeaseRow, name)
    if held is not None:
        raise LeaseHeld(held.holder, held.taken_at)
    session.add(LeaseRow(name=name, **values))
    session.flush()
    return Lease(name, token)


def prolong_lease(session: Session, lease: Lease, now: datetime, lasts: timedelta) -> None:
    """Called in the transaction whose writes need the lease; raises LeaseLost where another has it."""
    done = session.execute(
        update(LeaseRow)
        .where(LeaseRow.name == lease.name, LeaseRow.token == lease.token)
        .values(expires_at=now + lasts)
    )
    if not done.rowcount:
        raise LeaseLost(lease.name)


def drop_lease(session: Session, lease: Lease) -> None:
    session.execute(delete(LeaseRow).where(LeaseRow.name == lease.name, LeaseRow.token == lease.token))
