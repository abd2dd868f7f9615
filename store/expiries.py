"""What stops working at a known time: tokens, certificates, secrets of OAuth clients. Each function works inside the
caller's transaction.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consultation.health import Expiry
from store.tables import AccountRow, ExpiryRow, TokenRow

STILL_REPORTED = timedelta(days=7)
"""How long a token that has expired is still reported: later it was given up, not forgotten."""


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
    """All that was noted, the first to expire first."""
    rows = session.scalars(select(ExpiryRow).order_by(ExpiryRow.at, ExpiryRow.name))
    return tuple(Expiry(row.name, row.at) for row in rows)


def all_expiries(session: Session, now: datetime) -> tuple[Expiry, ...]:
    """All that expires, the first first: what was noted, and the tokens of accounts until a while after."""
    return tuple(sorted([*read_expiries(session), *_tokens(session, now)], key=lambda one: (one.at, one.name)))


def _tokens(session: Session, now: datetime) -> Iterator[Expiry]:
    in_use = TokenRow.revoked_at.is_(None) & (TokenRow.expires_at > now - STILL_REPORTED)
    named = select(TokenRow.id, TokenRow.name, AccountRow.name, TokenRow.expires_at).join(AccountRow).where(in_use)
    for number, name, account, ends in session.execute(named):
        if ends is not None:
            yield Expiry(f"token {number} of {account} ({name})", ends)
