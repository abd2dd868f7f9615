"""What leaves: mails, webhooks and pings, kept before they are sent and after. Each function works inside the caller's
transaction.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.session import changed
from store.tables import OutgoingRow

CLAIM_LASTS = timedelta(minutes=15)
"""A process that has not said within this time how sending went is taken to have ended."""
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class NewOutgoing:
    """One thing to be sent. `channel` is mail, webhook or ping; of one `key` only the first is kept."""

    key: str
    kind: str
    channel: str
    content: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    insistent: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One thing whose time to be sent has come."""

    id: int
    key: str
    channel: str
    sender: str
    recipients: tuple[str, ...]
    content: str
    attempts: int
    insistent: bool


@dataclass(frozen=True, slots=True)
class OutgoingCounts:
    """How many are in each state; `failing` are those that were tried and wait, and `error` why the newest of them
    was not sent.
    """

    states: dict[str, int]
    failing: int
    error: str | None
    failing_since: datetime | None


def queue(session: Session, new: NewOutgoing, now: datetime) -> bool:
    """Whether it was put into the queue: False where its key is known."""
    if is_queued(session, new.key):
        return False
    values = asdict(new) | {"recipients": list(new.recipients)}
    session.add(OutgoingRow(**values, state="waiting", made_at=now, next_at=now))
    session.flush()
    return True


def is_queued(session: Session, key: str) -> bool:
    """Whether something with that key was ever put into the queue, sent or not."""
    return session.scalar(select(OutgoingRow.id).where(OutgoingRow.key == key)) is not None


def last_queued(session: Session, kind: str) -> datetime | None:
    """When the last one of a kind was put into the queue."""
    return session.scalar(
        select(OutgoingRow.made_at).where(OutgoingRow.kind == kind).order_by(OutgoingRow.id.desc()).limit(1)
    )


def queued_since(session: Session, kind: str, since: datetime) -> list[tuple[datetime, tuple[str, ...]]]:
    """When those of a kind were put into the queue since then, and whom they are for."""
    query = select(OutgoingRow.made_at, OutgoingRow.recipients)
    rows = session.execute(query.where(OutgoingRow.kind == kind, OutgoingRow.made_at > since)).all()
    return [(at, tuple(recipients)) for at, recipients in rows]


def due(session: Session, now: datetime) -> Sequence[Due]:
    """What is to be sent now, the one that has waited longest first."""
    rows = session.scalars(
        select(OutgoingRow)
        .where(OutgoingRow.state == "waiting", OutgoingRow.next_at <= now)
        .order_by(OutgoingRow.next_at, OutgoingRow.id)
        .limit(MOST_AT_ONCE)
    )
    return [
        Due(row.id, row.key, row.channel, row.sender, tuple(row.recipients), row.content, row.attempts, row.insistent)
        for row in rows
    ]


def claim(session: Session, number: int, now: datetime) -> bool:
    """Whether this process may send it: of several that try, one."""
    mine = update(OutgoingRow).where(OutgoingRow.id == number, OutgoingRow.state == "waiting")
    return bool(changed(session, mine.values(state="sending", claimed_at=now, attempts=OutgoingRow.attempts + 1)))


def keep_sent(session: Session, number: int, now: datetime, remark: str = "") -> None:
    this = update(OutgoingRow).where(OutgoingRow.id == number)
    changed(session, this.values(state="sent", sent_at=now, error=remark or None))


def keep_failed(session: Session, number: int, error: str, again_at: datetime) -> None:
    """Keeps why it was not sent, and when it is tried again."""
    this = update(OutgoingRow).where(OutgoingRow.id == number)
    changed(session, this.values(state="waiting", next_at=again_at, error=error))


def keep_left(session: Session, number: int, state: str, error: str) -> None:
    """Keeps why it is not tried again: given-up, or unsure."""
    changed(session, update(OutgoingRow).where(OutgoingRow.id == number).values(state=state, error=error))


def recover(session: Session, now: datetime) -> int:
    """How many were being sent by a process that has ended meanwhile. Whether they were sent nobody knows: what insists
    is sent again, with the same Message-ID; the others are left as unsure.
    """
    stuck = (OutgoingRow.state == "sending") & (OutgoingRow.claimed_at <= now - CLAIM_LASTS)
    why = "the process ended while it was being sent"
    again = update(OutgoingRow).where(stuck, OutgoingRow.insistent)
    left = update(OutgoingRow).where(stuck, ~OutgoingRow.insistent)
    return changed(session, again.values(state="waiting", next_at=now, error=why)) + changed(
        session, left.values(state="unsure", error=why)
    )


def give_up_on_old(session: Session, now: datetime, after: timedelta) -> int:
    """How many are given up: those that were tried without success for so long, or are not worth sending any more."""
    old = (OutgoingRow.made_at <= now - after) & (OutgoingRow.attempts > 0)
    expired = OutgoingRow.expires_at.is_not(None) & (OutgoingRow.expires_at <= now)
    this = update(OutgoingRow).where(OutgoingRow.state == "waiting", old | expired)
    return changed(session, this.values(state="given-up"))


def outgoing_counts(session: Session) -> OutgoingCounts:
    """The state of the queue."""
    by_state = session.execute(select(OutgoingRow.state, func.count()).group_by(OutgoingRow.state))
    failing = (OutgoingRow.state == "waiting") & (OutgoingRow.attempts > 0)
    count, since = session.execute(select(func.count(), func.min(OutgoingRow.made_at)).where(failing)).one()
    error = session.scalar(select(OutgoingRow.error).where(failing).order_by(OutgoingRow.id.desc()).limit(1))
    return OutgoingCounts(dict(by_state.all()), count, error, since)
