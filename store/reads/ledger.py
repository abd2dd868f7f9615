"""What came, counted: every place in a mailbox that was ever seen has one state; and how the polls went."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from store.tables import ArrivalRow, EventRow, FolderRow, MailRow, PollRow, ReadingRow

STATES = ("stored", "same", "twin", "refused", "vanished")
"""All that a place in a mailbox can be in the end. One that is listed, and whose mail is still to come, has none of
these: it is the difference.
"""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One folder in one life (UIDVALIDITY): `seen` UIDs, each in one of the states; the `difference` is still to come,
    and 0 after a good poll. When all UIDs of the server were last compared with these, `gone` were not on the server
    any more.
    """

    mailbox: str
    folder: str
    uidvalidity: int
    seen: int
    states: Mapping[str, int]
    difference: int
    highest_uid: int
    junk: bool = False
    looked_at: datetime | None = None
    compared_at: datetime | None = None
    gone: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something about a mailbox that a person may have to know."""

    at: datetime
    mailbox: str
    folder: str | None
    kind: str
    detail: str
    alarm: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """`mails` are held, of these `read`, `failed` and `waiting` for their reading. `only_in` says for each mailbox how
    many Mails, twins and all, have arrived there and nowhere else.
    """

    seen: int
    states: Mapping[str, int]
    difference: int
    folders: tuple[LedgerLine, ...]
    mails: int
    read: int
    failed: int
    waiting: int
    events: tuple[Event, ...]
    only_in: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Poll:
    id: int
    mailbox: str
    trigger: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    seen: int
    new: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """When mailboxes were last looked at. `last_good` is the end of the last good poll, `stalest` that of the mailbox
    whose last good poll is the longest ago; None where there was none.
    """

    last: Poll | None
    last_good: datetime | None
    stalest: datetime | None
    failing: tuple[Poll, ...] = ()
    """The last poll of each mailbox, where it did not go well."""


def ledger(session: Session) -> Ledger:
    place = (ArrivalRow.mailbox, ArrivalRow.folder, ArrivalRow.uidvalidity)
    rows = session.execute(
        select(*place, ArrivalRow.state, func.count(), func.max(ArrivalRow.uid)).group_by(*place, ArrivalRow.state)
    )
    counts: dict[tuple[str, str, int], dict[str, int]] = defaultdict(dict)
    highest: dict[tuple[str, str, int], int] = defaultdict(int)
    for mailbox, folder, uidvalidity, state, n, uid in rows:
        counts[mailbox, folder, uidvalidity][state] = n
        highest[mailbox, folder, uidvalidity] = max(uid, highest[mailbox, folder, uidvalidity])
    folders = {(row.mailbox, row.folder): row for row in session.scalars(select(FolderRow))}
    lines = tuple(_line(where, counts[where], highest[where], folders.get(where[:2])) for where in sorted(counts))
    totals = {state: sum(line.states[state] for line in lines) for state in STATES}
    mails, read, failed = (session.scalar(query) or 0 for query in _counts())
    return Ledger(
        seen=sum(line.seen for line in lines),
        states=totals,
        difference=sum(line.difference for line in lines),
        folders=lines,
        mails=mails,
        read=read,
        failed=failed,
        waiting=mails - read - failed,
        events=_events(session),
        only_in=_only_in(session),
    )


def _counts() -> tuple[Select[int], ...]:
    """Mails held (a twin is read in the other's stead), read, and failed."""
    return (
        select(func.count()).select_from(MailRow).where(MailRow.twin_of.is_(None)),
        select(func.count()).select_from(ReadingRow),
        select(func.count()).select_from(MailRow).where(MailRow.failed.is_not(None)),
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


def _events(session: Session, most: int = 50) -> tuple[Event, ...]:
    rows = session.scalars(select(EventRow).order_by(EventRow.id.desc()).limit(most))
    return tuple(Event(row.at, row.mailbox, row.folder, row.kind, row.detail, row.alarm) for row in rows)


def _line(where: tuple[str, str, int], counts: Mapping[str, int], highest: int, folder: FolderRow | None) -> LedgerLine:
    seen, states, difference = _balance(counts)
    line = LedgerLine(*where, seen, states, difference, highest)
    if folder is None or folder.uidvalidity != line.uidvalidity:
        return line
    return replace(line, junk=folder.junk, looked_at=folder.looked_at, compared_at=folder.compared_at, gone=folder.gone)


def _balance(counts: Mapping[str, int]) -> tuple[int, dict[str, int], int]:
    """Seen, by state, and what has none of the states."""
    seen = sum(counts.values())
    states = {state: counts.get(state, 0) for state in STATES}
    return seen, states, seen - sum(states.values())


def polls(session: Session, limit: int = 50) -> tuple[Poll, ...]:
    """The last polls, newest first."""
    rows = session.scalars(select(PollRow).order_by(PollRow.id.desc()).limit(limit))
    return tuple(map(_poll, rows))


def freshness(session: Session) -> Freshness:
    newest = select(func.max(PollRow.id)).where(PollRow.outcome != "running").group_by(PollRow.mailbox)
    last = [_poll(row) for row in session.scalars(select(PollRow).where(PollRow.id.in_(newest)).order_by(PollRow.id))]
    good = select(PollRow.mailbox, func.max(PollRow.ended_at)).where(PollRow.outcome == "ok").group_by(PollRow.mailbox)
    times = {mailbox: at for mailbox, at in session.execute(good) if at is not None}
    never = any(poll.mailbox not in times for poll in last)
    return Freshness(
        last=last[-1] if last else None,
        last_good=max(times.values(), default=None),
        stalest=None if never else min(times.values(), default=None),
        failing=tuple(poll for poll in last if poll.outcome != "ok"),
    )


def _poll(row: PollRow) -> Poll:
    return Poll(
        row.id, row.mailbox, row.trigger, row.started_at, row.ended_at, row.outcome, row.seen, row.new, row.error
    )
