"""Whether a store is sound: its pages, what refers to what, the raw mails' hashes, the rows of each Reading, the
ledger.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import LargeBinary, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from consultation.ledger import make_ledger
from store.damage import Damaged, is_damaged
from store.reads.ledger import read_counts
from store.tables import (
    ArrivalRow,
    Base,
    EditRow,
    MailRow,
    PartRow,
    ProblemRow,
    RawRow,
    ReadingRow,
    SentenceRow,
    UnplacedRow,
)

ROWS_OF_A_READING = (PartRow, EditRow, UnplacedRow, ProblemRow, SentenceRow)
MOST_FAULTS = 20
"""Of one kind that are named: a damaged page has hundreds."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How many raw mails were looked at; `faults` is a sentence for each thing that is wrong."""

    mails: int
    faults: tuple[str, ...]


def verify(session: Session) -> Verified:
    """Whether all that is kept can be read, and fits together. A store that is damaged is a fault, not an error."""
    faults: list[str] = []
    mails = 0
    for look in (_of_pages, _of_references, _of_raw, _of_rows, _of_cells, _of_counts, _of_ledger):
        try:
            faults += look(session)
        except DatabaseError as error:
            session.rollback()
            faults.append(f"the store is damaged: {error.orig}")
    try:
        mails = session.scalar(select(func.count()).select_from(MailRow)) or 0
    except DatabaseError:
        session.rollback()
    return Verified(mails, tuple(dict.fromkeys(faults)))


def _of_pages(session: Session) -> Iterator[str]:
    """SQLite's own check of all its pages and indexes; PostgreSQL checks a page when it reads it."""
    if session.get_bind().dialect.name == "sqlite":
        for (line,) in session.execute(text(f"PRAGMA integrity_check({MOST_FAULTS})")):
            if line != "ok":
                yield f"the store is damaged: {' '.join(line.split())}"


def _of_references(session: Session) -> Iterator[str]:
    """What refers to a row that is not there. PostgreSQL lets none be."""
    if session.get_bind().dialect.name == "sqlite":
        for table, row, parent, _ in session.execute(text("PRAGMA foreign_key_check")).all()[:MOST_FAULTS]:
            yield f"{table}, row {row}: what it refers to in {parent} is not there"


def _of_raw(session: Session) -> Iterator[str]:
    for mail_id, sha256 in session.execute(
        select(MailRow.id, MailRow.sha256).where(MailRow.erased_at.is_(None)).order_by(MailRow.id)
    ).all():
        content = session.scalar(select(RawRow.content).where(RawRow.mail_id == mail_id))
        if content is None:
            yield f"mail {mail_id}: its raw bytes are missing"
        elif hashlib.sha256(content).hexdigest() != sha256:
            yield f"mail {mail_id}: its raw bytes are not those that came (SHA-256)"


def _of_rows(session: Session) -> Iterator[str]:
    kept = select(MailRow.id)
    for mail_id in session.scalars(select(ReadingRow.mail_id).where(ReadingRow.mail_id.not_in(kept))):
        yield f"reading of mail {mail_id}: there is no such mail"
    homeless = ArrivalRow.mail_id.is_(None) & ArrivalRow.state.in_(("stored", "same", "twin", "refused"))
    for arrival in session.scalars(select(ArrivalRow).where(homeless)):
        yield f"arrival {arrival.mailbox}/{arrival.folder} {arrival.uid}: {arrival.state}, and no mail is held"
    arrived = select(ArrivalRow.mail_id).where(ArrivalRow.mail_id.is_not(None))
    for mail_id in session.scalars(kept.where(MailRow.id.not_in(arrived))):
        yield f"mail {mail_id}: it never arrived"


def _of_cells(session: Session) -> Iterator[str]:
    """Cells that hold what their column does not: another program has written there."""
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if not isinstance(column.type, LargeBinary)]
        damaged = (row for row in session.execute(select(*columns)) if is_damaged(row))
        for row in islice(damaged, MOST_FAULTS):
            found = row._asdict()
            key = "/".join(str(found[column.name]) for column in table.primary_key)
            names = ", ".join(name for name, value in found.items() if isinstance(value, Damaged))
            yield f"{table.name}, row {key}: {names} is damaged"


def _of_counts(session: Session) -> Iterator[str]:
    """Rows that a Reading has lost or gained since it was kept."""
    kept: dict[int, dict[str, int]] = dict(session.execute(select(ReadingRow.mail_id, ReadingRow.row_counts)).all())
    for table in ROWS_OF_A_READING:
        name = table.__tablename__
        has = dict(session.execute(select(table.mail_id, func.count()).group_by(table.mail_id)).all())
        for mail_id, counts in kept.items():
            were, there = counts.get(name, 0), has.get(mail_id, 0)
            if counts and were != there:
                yield f"reading of mail {mail_id}: {were} rows of {name} were kept, {there} are there"


def _of_ledger(session: Session) -> Iterator[str]:
    books = make_ledger(read_counts(session))
    if books.difference:
        yield f"the ledger: {books.difference} of {books.seen} arrivals have no state"
