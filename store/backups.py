"""The catalogue of backups that were made: which of them hold what was erased since. Each function works inside the
caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.tables import BackupRow, MailRow


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup that was made. `erased` counts the Mails in it that were erased in the store since."""

    at: datetime
    file: str
    size: int
    erased: int = 0


def keep_backup(session: Session, file: str, size: int, now: datetime) -> None:
    """Keeps that a backup was begun at that time. Of a Mail that came meanwhile it is taken that it is in it."""
    last = session.scalar(select(func.max(MailRow.id))) or 0
    session.add(BackupRow(at=now, file=file, size=size, last_mail=last))


def backups(session: Session) -> tuple[KeptBackup, ...]:
    """All that were made, the newest first; of those under one name the last, which took the place of the others."""
    newest = select(func.max(BackupRow.id)).group_by(BackupRow.file)
    rows = session.scalars(select(BackupRow).where(BackupRow.id.in_(newest)).order_by(BackupRow.id.desc())).all()
    return tuple(KeptBackup(row.at, row.file, row.size, _erased_since(session, row)) for row in rows)


def backups_holding(session: Session, mails: Sequence[MailRow]) -> tuple[KeptBackup, ...]:
    """The backups that still hold any of these Mails."""
    first = min((mail.id for mail in mails), default=0)
    newest = select(func.max(BackupRow.id)).group_by(BackupRow.file)
    rows = session.scalars(select(BackupRow).where(BackupRow.id.in_(newest), BackupRow.last_mail >= first))
    return tuple(KeptBackup(row.at, row.file, row.size) for row in rows)


def _erased_since(session: Session, row: BackupRow) -> int:
    since = (MailRow.erased_at > row.at) & (MailRow.id <= row.last_mail)
    return session.scalar(select(func.count()).where(since)) or 0
