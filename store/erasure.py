"""Erasing one Mail: the only place where mail is deleted. That it was, when it was erased, by whom and why, stays.

The store itself (a trigger) lets no other statement delete or change raw mail, nor a Mail, nor an Arrival.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, or_, select, text, update
from sqlalchemy.orm import Session

from store.audit import keep_audit
from store.backups import KeptBackup, backups_holding
from store.polls import keep_event
from store.session import changed
from store.tables import AnswerRow, ArrivalRow, Base, CorrectionRow, MailRow, OutgoingRow, QuestionRow, RawRow

KEPT = frozenset({"arrival"})
"""Tables of rows about a Mail that stay: that it came is no content."""


class NoSuchMail(Exception):
    """There is no such mail, or it was erased before."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Erasure:
    """That a Mail was erased."""

    sha256: str
    at: datetime
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: the Mail and its copies, and what people had decided about them. `backups` still hold them."""

    mails: tuple[int, ...]
    corrections: int
    backups: tuple[KeptBackup, ...]


def erase(session: Session, mail_id: int, who: str, why: str, now: datetime) -> Erased:
    """Erases a Mail with all its copies, inside the caller's transaction. Raises NoSuchMail."""
    mail = session.get(MailRow, mail_id)
    if mail is None or mail.erased_at is not None:
        raise NoSuchMail(f"mail {mail_id}: " + ("there is no such mail" if mail is None else "it was erased before"))
    if session.get_bind().dialect.name == "sqlite":  # else the words stay in the file, in pages that are free
        session.execute(text("PRAGMA secure_delete = ON"))
    shown = mail.twin_of or mail.id
    copies = select(MailRow).where(or_(MailRow.id == shown, MailRow.twin_of == shown)).order_by(MailRow.id)
    rows = session.scalars(copies).all()
    ids, hashes = [row.id for row in rows], [row.sha256 for row in rows]
    corrections = _erase_corrections(session, hashes)
    _erase_answers(session, ids)
    _keep_erasures(session, rows, who, why, now)
    _erase_rows(session, ids)
    _erase_receipts(session, hashes)
    _tidy_search(session)
    keep_audit(session, now, who, "erased", f"mails {', '.join(map(str, ids))}: {why}")
    return Erased(tuple(ids), corrections, backups_holding(session, rows))


def erasures(session: Session) -> list[Erasure]:
    """All that was erased."""
    rows = session.scalars(select(MailRow).where(MailRow.erased_at.is_not(None)).order_by(MailRow.erased_at))
    return [
        Erasure(row.sha256, row.erased_at, row.erased_by or "", row.erased_why or "") for row in rows if row.erased_at
    ]


def why_no_mail(session: Session, mail_id: int) -> str:
    """What is said where a mail is asked for that is not there: it was erased, or there never was one."""
    mail = session.get(MailRow, mail_id)
    if mail is None or mail.erased_at is None:
        return f"there is no mail {mail_id}"
    return f"mail {mail_id} was erased on {mail.erased_at:%Y-%m-%d} by {mail.erased_by}: {mail.erased_why}"


def erase_again(session: Session, before: Sequence[Erasure]) -> int:
    """How many Mails were erased in a store that a backup from before their erasure was put in the place of."""
    done = 0
    for one in before:
        mail = session.scalars(select(MailRow).where(MailRow.sha256 == one.sha256)).one_or_none()
        if mail is not None and mail.erased_at is None:
            done += len(erase(session, mail.id, one.who, one.why, one.at).mails)
    return done


def _keep_erasures(session: Session, rows: Sequence[MailRow], who: str, why: str, now: datetime) -> None:
    """That they were, and what the ledger shows: each Arrival has a state that says so."""
    for row in rows:
        row.erased_at, row.erased_by, row.erased_why = now, who, why
        row.failed = row.fingerprint = row.differences = None
    session.flush()
    here = ArrivalRow.mail_id.in_([row.id for row in rows])
    for mailbox, folder in session.execute(select(ArrivalRow.mailbox, ArrivalRow.folder).where(here).distinct()).all():
        numbers = ", ".join(str(row.id) for row in rows)
        keep_event(session, mailbox, folder, "erased", f"mail {numbers} was erased by {who}: {why}", now)
    changed(session, update(ArrivalRow).where(here).values(state="erased"))


def _tidy_search(session: Session) -> None:
    """Merges the index of words of SQLite, where it is there: FTS5 only marks what is deleted, and keeps its words."""
    if session.get_bind().dialect.name != "sqlite":
        return
    if session.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'search_index'")):
        session.execute(text("INSERT INTO search_index(search_index) VALUES ('optimize')"))


def _erase_receipts(session: Session, hashes: Sequence[str]) -> None:
    """What was said to the sender; that something was stays, and what waits is not sent any more."""
    theirs = OutgoingRow.key.in_([f"receipt {sha256}" for sha256 in hashes])
    waits = update(OutgoingRow).where(theirs, OutgoingRow.state == "waiting")
    changed(session, waits.values(state="given-up"))
    nothing: dict[str, Any] = {"sender": "", "recipients": [], "content": "", "error": None}
    changed(session, update(OutgoingRow).where(theirs).values(**nothing))


def _erase_rows(session: Session, ids: Sequence[int]) -> None:
    """All rows that belong to these Mails, whatever the table; those of a Reading before it."""
    for table in reversed(Base.metadata.sorted_tables):
        if "mail_id" in table.c and table.name not in KEPT:
            session.execute(delete(table).where(_of(table, ids)))
    assert not session.scalar(select(RawRow.mail_id).where(RawRow.mail_id.in_(ids)).limit(1))


def _of(table: Table, ids: Sequence[int]) -> ColumnElement[bool]:
    return table.c.mail_id.in_(ids)


def _erase_answers(session: Session, ids: Sequence[int]) -> None:
    """What a model answered to questions that were raised by these Mails alone: answers repeat the words."""
    asked = select(QuestionRow.key).where(QuestionRow.mail_id.in_(ids))
    others = select(QuestionRow.key).where(QuestionRow.mail_id.not_in(ids))
    session.execute(delete(AnswerRow).where(AnswerRow.key.in_(asked), AnswerRow.key.not_in(others)))


def _erase_corrections(session: Session, hashes: Sequence[str]) -> int:
    """How many decisions were about these Mails: they repeat the words. What undid them goes with them."""
    about = [row for row in session.scalars(select(CorrectionRow)) if row.target.get("mail") in hashes]
    ids = {row.id for row in about} | {row.undone_by for row in about if row.undone_by is not None}
    if ids:
        mine = CorrectionRow.id.in_(ids)
        changed(session, update(CorrectionRow).where(mine).values(undone_by=None))
        changed(session, delete(CorrectionRow).where(mine))
    return len(about)
