"""Which Mails are to be read: those that have no Reading by these parsers on this Draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import Session

from store.tables import ArrivalRow, MailRow, RawRow, ReadingRow

QUARANTINED_AFTER = 2
"""So many readings by the same parsers may crash: the second time it is the Mail, not an accident of the machine."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A Mail to be read; `arrived` is its earliest INTERNALDATE. `raw` is None where the store has lost its bytes."""

    id: int
    raw: bytes | None
    arrived: datetime | None


def unread_ids(session: Session, draft_id: str, parsers: str, *, again: bool = False) -> Sequence[int]:
    """The ids of the Mails to be read, oldest first; with `again` of all of them. A Mail that crashed these parsers
    once is among them, one that crashed them twice is quarantined: it is left until there are others.
    """
    query = select(MailRow.id).where(MailRow.twin_of.is_(None), MailRow.erased_at.is_(None)).order_by(MailRow.id)
    if not again:
        read = and_(ReadingRow.mail_id == MailRow.id, ReadingRow.draft_id == draft_id, ReadingRow.parsers == parsers)
        crashed = and_(MailRow.failed_by.is_not(None), MailRow.failed_by == parsers)
        query = query.outerjoin(ReadingRow, read).where(or_(ReadingRow.mail_id.is_(None), crashed))
        query = query.where(not_(and_(crashed, MailRow.attempts >= QUARANTINED_AFTER)))
    return session.scalars(query).all()


def unread(session: Session, mail_id: int) -> Unread:
    """The bytes and the time of a Mail."""
    raw = session.scalars(select(RawRow.content).where(RawRow.mail_id == mail_id)).one_or_none()
    arrived = session.scalar(select(func.min(ArrivalRow.internaldate)).where(ArrivalRow.mail_id == mail_id))
    return Unread(mail_id, raw, arrived)
