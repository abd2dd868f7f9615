"""How the polls went."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.polling import KeptPolls, Poll, PollOutcome
from store.damage import DAMAGED, is_damaged, one_of
from store.tables import EventRow, PollRow


def read_polls(session: Session, limit: int = 50) -> tuple[Poll, ...]:
    """The last polls, newest first."""
    rows = session.scalars(select(PollRow).order_by(PollRow.id.desc()).limit(limit))
    return tuple(map(_poll, rows))


def read_last_polls(session: Session) -> KeptPolls:
    """Of each mailbox the last poll that has ended, and when its last good one ended."""
    newest = select(func.max(PollRow.id)).where(PollRow.outcome != "running").group_by(PollRow.mailbox)
    last = session.scalars(select(PollRow).where(PollRow.id.in_(newest)).order_by(PollRow.id))
    # The newest by its number: a clock may have been wrong.
    newest_good = select(func.max(PollRow.id)).where(PollRow.outcome == "ok").group_by(PollRow.mailbox)
    good = select(PollRow.mailbox, PollRow.ended_at).where(PollRow.id.in_(newest_good))
    ends = {mailbox: at for mailbox, at in session.execute(good) if at is not None and not is_damaged((at,))}
    return KeptPolls(tuple(map(_poll, last)), ends)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that should never happen."""

    id: int
    at: datetime
    mailbox: str
    folder: str | None
    kind: str
    detail: str


def read_alarming_events(session: Session, since: datetime) -> tuple[Happened, ...]:
    """The events since then that should never happen, oldest first."""
    rows = session.scalars(select(EventRow).where(EventRow.alarm, EventRow.at >= since).order_by(EventRow.id))
    return tuple(Happened(row.id, row.at, row.mailbox, row.folder, row.kind, row.detail) for row in rows)


def _poll(row: PollRow) -> Poll:
    outcome = one_of(row.outcome, PollOutcome, "failed")
    poll = Poll(row.id, row.mailbox, row.trigger, row.started_at, row.ended_at, outcome, row.seen, row.new, row.error)
    damaged = is_damaged((poll.mailbox, poll.started_at, poll.ended_at, outcome, poll.seen, poll.new))
    return replace(poll, outcome="failed", error=DAMAGED) if damaged else poll
