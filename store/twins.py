"""Twins: copies of one Mail that servers made different. One of them is read and shown, with all Arrivals."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.tables import ArrivalRow, MailRow
from store.writes import forget_reading


def mails_without_fingerprint(session: Session, *, again: bool = False) -> Sequence[int]:
    """The Mails that have no fingerprint yet, or with `again` all, oldest first."""
    query = select(MailRow.id).where(MailRow.erased_at.is_(None)).order_by(MailRow.id)
    return session.scalars(query if again else query.where(MailRow.fingerprint.is_(None))).all()


def mark_twins(session: Session, mail_id: int, fingerprint: str | None) -> int | None:
    """Keeps a Mail's fingerprint (parsing.mail.twin; None: it can have no twin) and returns the Mail that is shown in
    its stead, None where it is the first with this fingerprint. Whatever the order in which Mails are
    marked, the one that was held first is shown.
    """
    mail = session.get_one(MailRow, mail_id)
    before, mail.fingerprint = mail.fingerprint, fingerprint or mail.sha256
    session.flush()
    for mark in {before, mail.fingerprint} - {None}:
        alike = select(MailRow.id).where(MailRow.fingerprint == mark).order_by(MailRow.id)
        _gather(session, list(session.scalars(alike)))
    session.refresh(mail)
    return mail.twin_of


def keep_differences(session: Session, mail_id: int, differences: Sequence[str]) -> None:
    """Keeps how a Mail differs from the one that is shown in its stead."""
    session.execute(update(MailRow).where(MailRow.id == mail_id).values(differences=list(differences)))


def _gather(session: Session, ids: Sequence[int]) -> None:
    """The first of these Mails is itself, the others are its twins."""
    first, others = ids[:1], ids[1:]
    session.execute(update(MailRow).where(MailRow.id.in_(first)).values(twin_of=None))
    _turn(session, first, "twin", "stored")
    if others:
        session.execute(update(MailRow).where(MailRow.id.in_(others)).values(twin_of=first[0]))
        _turn(session, others, "stored", "twin")
        for other in others:
            forget_reading(session, other)


def _turn(session: Session, mails: Sequence[int], state: str, into: str) -> None:
    session.execute(
        update(ArrivalRow).where(ArrivalRow.mail_id.in_(mails), ArrivalRow.state == state).values(state=into)
    )
