"""Polls, folders as the server showed them, and events. Each function works inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.session import changed
from store.tables import EventRow, FolderRow, PollRow


def start_poll(session: Session, mailbox: str, trigger: str, now: datetime) -> int:
    """The new poll's id. A poll still marked as running was cut off: it is closed as failed."""
    cut_off = update(PollRow).where(PollRow.mailbox == mailbox, PollRow.outcome == "running")
    changed(
        session, cut_off.values(outcome="failed", ended_at=now, error="cut off: the process ended in the middle of it")
    )
    poll = PollRow(mailbox=mailbox, trigger=trigger, started_at=now, outcome="running", seen=0, new=0, retries=0)
    session.add(poll)
    session.flush()
    return poll.id


def count_poll(session: Session, poll_id: int, *, seen: int = 0, new: int = 0) -> None:
    """Adds to what the poll has counted; `seen` are the mails that the server listed for the first time."""
    counted = update(PollRow).where(PollRow.id == poll_id).values(seen=PollRow.seen + seen, new=PollRow.new + new)
    changed(session, counted)


def end_poll(
    session: Session, poll_id: int, outcome: str, error: str | None, now: datetime, *, retries: int = 0
) -> None:
    ended = {"outcome": outcome, "error": error, "ended_at": now, "retries": retries}
    changed(session, update(PollRow).where(PollRow.id == poll_id).values(**ended))


def last_polls(session: Session, mailbox: str, most: int = 50) -> Sequence[PollRow]:
    """The newest polls of a mailbox, newest first."""
    return session.scalars(
        select(PollRow).where(PollRow.mailbox == mailbox).order_by(PollRow.id.desc()).limit(most)
    ).all()


def folder_before(session: Session, mailbox: str, folder: str) -> FolderRow | None:
    """The folder as it was when last polled; None before the first poll."""
    return session.get(FolderRow, (mailbox, folder))


def keep_folder(session: Session, mailbox: str, folder: str, now: datetime, **values: int | bool | datetime) -> None:
    """Keeps how the server showed the folder: uidvalidity, uidnext, messages, junk; and the comparison, if any."""
    here = (FolderRow.mailbox == mailbox) & (FolderRow.folder == folder)
    if not changed(session, update(FolderRow).where(here).values(looked_at=now, **values)):
        session.add(FolderRow(mailbox=mailbox, folder=folder, looked_at=now, **values))


def mark_junk(session: Session, mailbox: str, folder: str) -> None:
    """Keeps that the server calls this folder its junk, where that is not known yet."""
    row = session.get(FolderRow, (mailbox, folder))
    if row is not None:
        row.junk = True


def keep_event(
    session: Session, mailbox: str, folder: str | None, kind: str, detail: str, now: datetime, *, alarm: bool = False
) -> None:
    """Keeps an event that people may have to know of."""
    session.add(EventRow(at=now, mailbox=mailbox, folder=folder, kind=kind, detail=detail, alarm=alarm))


def keep_event_once(session: Session, mailbox: str, folder: str, kind: str, detail: str, now: datetime) -> None:
    """Keeps it unless the folder's last event says the same."""
    last = session.scalars(
        select(EventRow)
        .where(EventRow.mailbox == mailbox, EventRow.folder == folder)
        .order_by(EventRow.id.desc())
        .limit(1)
    ).first()
    if last is None or (last.kind, last.detail) != (kind, detail):
        keep_event(session, mailbox, folder, kind, detail, now)
