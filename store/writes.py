"""What is written: one function per fact, each inside the caller's transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from consultation.kept import inner_of
from parsing.model import Draft, FocalPoint, Outcome, Reading
from store.search import index_mail
from store.session import changed
from store.tables import (
    Base,
    DraftRow,
    EditRow,
    FocalPointRow,
    MailRow,
    ParagraphRow,
    PartRow,
    ProblemRow,
    ReadingRow,
    SearchRow,
    SentenceRow,
    UnplacedRow,
)


def keep_reading(session: Session, mail_id: int, reading: Reading, draft_id: str, parsers: str, now: datetime) -> None:
    """Replaces the Reading of this Mail and all its rows."""
    _replace_reading(session, mail_id, reading, draft_id, parsers, now)
    first = func.coalesce(MailRow.first_read, now)
    well = {"failed": None, "failed_by": None, "attempts": 0, "first_read": first}
    changed(session, update(MailRow).where(MailRow.id == mail_id).values(**well))


def keep_crash(
    session: Session, mail_id: int, report: str, by_headers: Reading, draft_id: str, parsers: str, now: datetime
) -> None:
    """The Mail's reading by these parsers crashed: what its headers say replaces its rows of before, and the report
    is kept.
    """
    keep_failure(session, mail_id, report, parsers)
    _replace_reading(session, mail_id, by_headers, draft_id, parsers, now)


def _replace_reading(
    session: Session, mail_id: int, reading: Reading, draft_id: str, parsers: str, now: datetime
) -> None:
    message = reading.message
    if message is None:
        raise ValueError(f"mail {mail_id}: the reading of a bare document")
    forget_reading(session, mail_id)
    facts = {name: value for name, value in asdict(message).items() if name != "evidence"}
    rows = list(_rows(mail_id, (reading, *reading.mails)))
    session.add(
        ReadingRow(
            mail_id=mail_id,
            draft_id=draft_id,
            parsers=parsers,
            read_at=now,
            evidence=list(message.evidence),
            body=reading.body,
            mails=_inner_forms(reading),
            row_counts=Counter(row.__tablename__ for row in rows),
            **facts,
        )
    )
    session.flush()
    session.add_all(rows)
    session.flush()
    index_mail(session, mail_id)


def _rows(mail_id: int, readings: Sequence[Reading]) -> Iterator[Base]:
    """The rows of a mail, and of the mails inside it."""
    yield from _edit_rows(mail_id, readings)
    tables: tuple[tuple[type[Any], Iterable[Any]], ...] = (
        (PartRow, (part for one in readings for part in one.parts)),
        (UnplacedRow, (unplaced for one in readings for unplaced in one.unplaced)),
        (ProblemRow, (problem for one in readings for problem in one.problems)),
        (SentenceRow, _sentences(readings)),
    )
    for table, values in tables:
        for n, value in enumerate(values):
            yield table(mail_id=mail_id, n=n, **_columns(asdict(value)))


def _edit_rows(mail_id: int, readings: Sequence[Reading]) -> Iterator[EditRow]:
    """The edits of a mail, then those of the mails inside, numbered through."""
    proposed = [(edit, n - 1 if n else None) for n, one in enumerate(readings) for edit in one.edits]
    for n, (edit, inner) in enumerate(proposed):
        yield EditRow(mail_id=mail_id, n=n, inner=inner, **_columns(asdict(edit)))


def _sentences(readings: Iterable[Reading]) -> Iterator[Outcome]:
    """The sentences of a mail and of those inside, with their edits as they are numbered in the rows."""
    first = 0
    for one in readings:
        for sentence in one.sentences:
            yield replace(sentence, edits=tuple(first + n for n in sentence.edits))
        first += len(one.edits)


def _inner_forms(reading: Reading) -> list[dict[str, Any]]:
    """The mails inside another as they are kept: their sentences are numbered after its own."""
    first, forms = len(reading.sentences), []
    for inner in reading.mails:
        if inner.message is None:
            raise ValueError("a mail inside another without a message")
        forms.append(asdict(inner_of(inner.message, len(inner.unplaced), first)))
        first += len(inner.sentences)
    return forms


def _columns(values: dict[str, object]) -> dict[str, object]:
    """What is kept of a value: all but what was weighed for a sentence, which `parse --explain` works out again."""
    kept = ((name, value) for name, value in values.items() if name != "weighed")
    return {name: list(value) if isinstance(value, tuple) else value for name, value in kept}


def forget_reading(session: Session, mail_id: int) -> None:
    for table in (SearchRow, PartRow, EditRow, UnplacedRow, ProblemRow, SentenceRow, ReadingRow):
        session.execute(delete(table).where(table.mail_id == mail_id))


def keep_failure(session: Session, mail_id: int, traceback: str, parsers: str) -> None:
    """The Mail's reading by these parsers crashed: its rows of before are deleted, the traceback is kept."""
    forget_reading(session, mail_id)
    again = case((MailRow.failed_by == parsers, MailRow.attempts + 1), else_=1)
    session.execute(
        update(MailRow).where(MailRow.id == mail_id).values(failed=traceback, failed_by=parsers, attempts=again)
    )


def keep_draft(session: Session, draft: Draft) -> None:
    """Keeps a Draft that is not held yet; the first is the one in use."""
    if session.get(DraftRow, draft.id) is None:
        first = session.scalar(select(func.count()).select_from(DraftRow)) == 0
        session.add(
            DraftRow(
                id=draft.id,
                title=draft.title,
                version=draft.version,
                language=draft.language,
                deadline=draft.deadline.isoformat(),
                comments_to=draft.comments_to,
                copy_to=draft.copy_to,
                source=draft.source,
                current=first,
            )
        )
        session.flush()
        session.add_all(
            ParagraphRow(draft_id=draft.id, position=position, label=p.label, part=p.part, number=p.number, text=p.text)
            for position, p in enumerate(draft.paragraphs)
        )


def use_draft(session: Session, draft_id: str) -> bool:
    """Whether there is such a Draft; readings are made on it from now on."""
    if session.get(DraftRow, draft_id) is None:
        return False
    session.execute(update(DraftRow).values(current=DraftRow.id == draft_id))
    return True


def keep_directory(session: Session, focal_points: Iterable[FocalPoint]) -> None:
    """Replaces the directory of focal points."""
    session.execute(delete(FocalPointRow))
    session.add_all(FocalPointRow(**asdict(point)) for point in focal_points)
