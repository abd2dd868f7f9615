"""Twins: Mails that differ in their transport headers alone. One of them is read and shown, with all Arrivals."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.tables import ArrivalRow, MailRow


def mark_twins(session: Session, mail_id: int, fingerprint: str | None) -> int | None:
    """Keeps a Mail's fingerprint (parsing.twin) and returns the Mail that is shown in its stead, None where it is the
    first with this fingerprint. Whatever the order in which Mails are marked, the one that was held first is shown.
    """
    mail = session.get_one(MailRow, mail_id)
    before, mail.fingerprint = mail.fingerprint, fingerprint
    session.flush()
    for mark in {before, fingerprint} - {None}:
        alike = select(MailRow.id).where(MailRow.fingerprint == mark).order_by(MailRow.id)
        _gather(session, list(session.scalars(alike)))
    if fingerprint is None:
        _gather(session, [mail_id])
    session.refresh(mail)
    return mail.twin_of


def _gather(session: Session, ids: list[int]) -> None:
    """The first of these Mails is itself, the others are its twins."""
    if not ids:
        return
    first, others = ids[0], ids[1:]
    session.execute(update(MailRow).where(MailRow.id == first).values(twin_of=None))
    _turn(session, [first], "twin", "stored")
    session.execute(update(MailRow).where(MailRow.id.in_(others)).values(twin_of=first))
    _turn(session, others, "stored", "twin")


def _turn(session: Session, mails: list[int], state: str, into: str) -> None:
    session.execute(
        update(ArrivalRow).where(ArrivalRow.mail_id.in_(mails), ArrivalRow.state == state).values(state=into)
    )
