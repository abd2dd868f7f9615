"""The state of the service, by what the store holds: polls, the ledger, what waits, what does not get away."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.health import Health
from store.expiries import all_expiries
from store.outgoing import outgoing_counts
from store.questions import MOST_ATTEMPTS
from store.reads.canaries import last_canaries
from store.reads.polls import read_last_polls
from store.tables import AnswerRow, ArrivalRow, MailRow, PollRow, QuestionRow, ReadingRow
from store.unread import QUARANTINED_AFTER


def read_health(session: Session, now: datetime, mailboxes: Sequence[str], *, with_model: bool = False) -> Health:
    """All but what no store knows: the room on the disks, and whether the virus scanner answers."""
    polling = frozenset(session.scalars(select(PollRow.mailbox).where(PollRow.outcome == "running")))
    waiting, since = _waiting(session)
    leaving = outgoing_counts(session)
    return Health(
        at=now,
        mailboxes=tuple(mailboxes),
        polls=read_last_polls(session),
        polling=polling,
        missing=_missing(session, polling),
        waiting=waiting,
        waiting_since=since,
        quarantined=_quarantined(session),
        model_away=_model_away(session) if with_model else "",
        unsent=leaving.error or "",
        unsent_since=leaving.failing_since,
        expiries=all_expiries(session, now),
        canaries=last_canaries(session),
    )


def _missing(session: Session, polling: frozenset[str]) -> dict[str, int]:
    """Arrivals without a state, by mailbox: during a poll they are what it has still to fetch."""
    listed = select(ArrivalRow.mailbox, func.count()).where(ArrivalRow.state == "listed")
    rows = session.execute(listed.where(ArrivalRow.mailbox.not_in(polling)).group_by(ArrivalRow.mailbox))
    return dict(rows.all())


def _waiting(session: Session) -> tuple[int, datetime | None]:
    """The mails without any Reading, and since when the first of them waits."""
    unread = (
        (MailRow.twin_of.is_(None))
        & (MailRow.erased_at.is_(None))
        & (MailRow.failed.is_(None))
        & (ReadingRow.mail_id.is_(None))
    )
    query = select(func.count(), func.min(MailRow.first_seen)).outerjoin(ReadingRow).where(unread)
    count, since = session.execute(query.select_from(MailRow)).one()
    return count, since


def _quarantined(session: Session) -> int:
    crashed = MailRow.failed.is_not(None) & (MailRow.attempts >= QUARANTINED_AFTER)
    return session.scalar(select(func.count()).where(crashed)) or 0


def _model_away(session: Session) -> str:
    """Why the model gave no answer the last time, where it has given none since and some are waited for."""
    in_vain = (~QuestionRow.used) & (QuestionRow.attempts < MOST_ATTEMPTS) & QuestionRow.error.is_not(None)
    newest = select(QuestionRow.error, QuestionRow.tried_at).where(in_vain, QuestionRow.attempts == 0)
    row = session.execute(newest.order_by(QuestionRow.tried_at.desc()).limit(1)).first()
    if row is None:
        return ""
    answered = session.scalar(select(func.max(AnswerRow.at)))
    return str(row.error) if answered is None or answered < row.tried_at else ""
