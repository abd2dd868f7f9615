"""Which Mails were read a moment ago, and how they begin."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.tables import MailRow, RawRow, ReadingRow

HEAD = 64_000
"""Bytes among which the headers of a mail are."""


def recently_read(session: Session, since: datetime) -> Sequence[int]:
    """The Mails that have come since then and have a Reading, oldest first; of copies the one that is shown."""
    query = select(MailRow.id).join(ReadingRow, ReadingRow.mail_id == MailRow.id)
    return session.scalars(
        query.where(MailRow.first_seen >= since, MailRow.twin_of.is_(None)).order_by(MailRow.id)
    ).all()


def read_heads(session: Session, mail_ids: Sequence[int]) -> dict[int, bytes]:
    """The first bytes of each Mail, down to the end of its headers."""
    heads = dict.fromkeys(mail_ids, b"")
    for mail_id in mail_ids:
        first = session.scalar(select(func.substr(RawRow.content, 1, HEAD)).where(RawRow.mail_id == mail_id))
        heads[mail_id] = _headers(bytes(first or b""))
    return heads


def _headers(first: bytes) -> bytes:
    ends = [at for at in (first.find(b"\r\n\r\n"), first.find(b"\n\n")) if at >= 0]
    return first[: min(ends)] if ends else first
