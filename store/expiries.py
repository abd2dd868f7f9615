"""What stops working at a known time: tokens, certificates, secrets of OAuth clients. Each function works inside the
caller's transaction.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consultation.health import Expiry
from store.tables import ExpiryRow


def note_expiry(session: Session, name: str, at: datetime, now: datetime) -> None:
    """Keeps when something expires, by a name that says what it is, as `mailbox outcome: client secret`. The next time
    with the same name takes its place.
    """
    row = session.get(ExpiryRow, name)
    if row is None:
        session.add(ExpiryRow(name=name, at=at, noted_at=now))
    else:
        row.at, row.noted_at = at, now


def forget_expiry(session: Session, name: str) -> None:
    """Forgets what is not used any more."""
    session.execute(delete(ExpiryRow).where(ExpiryRow.name == name))


def read_expiries(session: Session) -> tuple[Expiry, ...]:
    """All that expires, the first first."""
    rows = session.scalars(select(ExpiryRow).order_by(ExpiryRow.at, ExpiryRow.name))
    return tuple(Expiry(row.name, row.at) for row in rows)
