"""What the ledger counts: arrivals by place and state, folders, Mails and their Readings, events."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from consultation.ledger import ArrivalCount, KeptCounts, KeptFolder, LedgerEvent
from store.tables import ArrivalRow, EventRow, FolderRow, MailRow, ReadingRow


def read_counts(session: Session, most_events: int = 50) -> KeptCounts:
    """All that the ledger is made of, with the newest events first. A twin is no Mail of its own in the counts."""
    own_mails = select(func.count()).select_from(MailRow).where(MailRow.twin_of.is_(None), MailRow.erased_at.is_(None))
    readings = select(func.count()).select_from(ReadingRow).join(MailRow).where(MailRow.failed.is_(None))
    failed = select(func.count()).select_from(MailRow).where(MailRow.failed.is_not(None))
    return KeptCounts(
        arrivals=_arrivals(session),
        folders=_folders(session),
        mails=_count(session, own_mails),
        read=_count(session, readings),
        failed=_count(session, failed),
        events=_events(session, most_events),
        only_in=_only_in(session),
    )


def _count(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0


def _arrivals(session: Session) -> tuple[ArrivalCount, ...]:
    place = (ArrivalRow.mailbox, ArrivalRow.folder, ArrivalRow.uidvalidity, ArrivalRow.state)
    rows = session.execute(select(*place, func.count(), func.max(ArrivalRow.uid)).group_by(*place))
    return tuple(ArrivalCount(*row) for row in rows)


def _folders(session: Session) -> tuple[KeptFolder, ...]:
    return tuple(
        KeptFolder(row.mailbox, row.folder, row.uidvalidity, row.junk, row.looked_at, row.compared_at, row.gone)
        for row in session.scalars(select(FolderRow))
    )


def _only_in(session: Session) -> dict[str, int]:
    shown = func.coalesce(MailRow.twin_of, MailRow.id)
    one = func.min(ArrivalRow.mailbox)
    alone = (
        select(one.label("mailbox"))
        .join(MailRow, MailRow.id == ArrivalRow.mail_id)
        .group_by(shown)
        .having(one == func.max(ArrivalRow.mailbox))
        .subquery()
    )
    rows = session.execute(select(alone.c.mailbox, func.count()).group_by(alone.c.mailbox))
    return dict(rows.all())


def _events(session: Session, most: int) -> tuple[LedgerEvent, ...]:
    rows = session.scalars(select(EventRow).order_by(EventRow.id.desc()).limit(most))
    return tuple(LedgerEvent(row.at, row.mailbox, row.folder, row.kind, row.detail, row.alarm) for row in rows)
