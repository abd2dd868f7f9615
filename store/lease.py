"""Leases: the right to poll this store, which one process has at a time; and who else uses it."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.session import changed
from store.tables import LeaseRow

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class LeaseLost(Exception):
    """Another process polls this store now; what this one was about to write is not written."""

    exit_code = 75


@dataclass(frozen=True, slots=True)
class LeaseHolder:
    """Who holds a lease, in words that name the process, and since when."""

    holder: str
    since: datetime


class LeaseHeld(Exception):
    """This store is already polled by another process."""

    exit_code = 75

    def __init__(self, holder: str, since: datetime) -> None:
        super().__init__(f"this store is already polled by {holder}, since {since:%Y-%m-%d %H:%M:%S} UTC")
        self.holder = holder


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to poll, until it expires or another takes it."""

    name: str
    token: str


def take_lease(
    session: Session, name: str, holder: str, now: datetime, lasts: timedelta, *, over: str | None = None
) -> Lease:
    """The Lease, free or expired, for `holder`. Raises LeaseHeld where another holds it, unless that other's holder
    text is `over`, which the caller knows to have ended.
    """
    token = str(uuid.uuid4())
    # A lease that ends far beyond what one lasts was taken before the clock went back.
    free = or_(LeaseRow.expires_at <= now, LeaseRow.expires_at > now + 2 * lasts, LeaseRow.holder == (over or ""))
    values = {"holder": holder, "token": token, "taken_at": now, "expires_at": now + lasts}
    if changed(session, update(LeaseRow).where(LeaseRow.name == name, free).values(**values)):
        return Lease(name, token)
    held = session.get(LeaseRow, name)
    if held is not None:
        raise LeaseHeld(held.holder, held.taken_at)
    try:
        with session.begin_nested():
            session.add(LeaseRow(name=name, **values))
    except IntegrityError:  # another was first, a moment ago
        held = session.get_one(LeaseRow, name)
        raise LeaseHeld(held.holder, held.taken_at) from None
    return Lease(name, token)


def prolong_lease(session: Session, lease: Lease, now: datetime, lasts: timedelta) -> None:
    """Called in the transaction whose writes need the lease; raises LeaseLost where another has it."""
    _change(session, lease, expires_at=now + lasts)


def held_leases(session: Session, now: datetime) -> list[LeaseHolder]:
    """The leases that hold, with their holders: processes that poll, serve, or run."""
    rows = session.scalars(select(LeaseRow).where(LeaseRow.expires_at > now).order_by(LeaseRow.name))
    return [LeaseHolder(row.holder, row.taken_at) for row in rows]


def forget_leases(session: Session, now: datetime | None = None) -> None:
    """Deletes the leases that have expired by now, or all."""
    gone = delete(LeaseRow)
    session.execute(gone if now is None else gone.where(LeaseRow.expires_at <= now))


def drop_lease(session: Session, lease: Lease) -> None:
    """Gives the lease back: its row stays, expired, for the next one to take with a single statement. Raises LeaseLost
    where another has it.
    """
    _change(session, lease, expires_at=LONG_AGO, token="")


def _change(session: Session, lease: Lease, **values: object) -> None:
    mine = (LeaseRow.name == lease.name) & (LeaseRow.token == lease.token)
    if not changed(session, update(LeaseRow).where(mine).values(**values)):
        raise LeaseLost("another process polls this store now; nothing more was written")
