"""All rows of the current consultation, in a fixed number of queries; and a version that tells when they change."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.kept import KeptConsultation
from parsing.model import Draft, Paragraph
from store.corrections import read_corrections
from store.reads.edits import read_edits
from store.reads.mails import read_mails, read_unplaced, read_unread_sentences
from store.tables import (
    ArrivalRow,
    CorrectionRow,
    DraftRow,
    EditRow,
    MailRow,
    ParagraphRow,
    PartRow,
    ProblemRow,
    ReadingRow,
    UnplacedRow,
    VirusScanRow,
)

UNKNOWN_DEADLINE = date(2999, 12, 31)


class NoDraft(Exception):
    """The store holds no draft yet."""


def read_consultation(session: Session) -> KeptConsultation:
    """All that is held of the current draft, in a fixed number of queries, whatever there is. Raises NoDraft."""
    draft = current_draft(session)
    return KeptConsultation(
        draft=draft,
        mails=tuple(read_mails(session, draft.id)),
        edits=tuple(read_edits(session, draft)),
        corrections=read_corrections(session),
        unread=read_unread_sentences(session),
        unplaced=read_unplaced(session),
    )


def with_corrections(session: Session, kept: KeptConsultation) -> KeptConsultation:
    """What was read before, with the corrections as they are now."""
    return replace(kept, corrections=read_corrections(session))


def snapshot_version(session: Session) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Differs whenever anything that a snapshot shows has changed: first what came and was read, then what people
    decided.
    """
    decided = select(func.count(), func.count(CorrectionRow.undone_by)).select_from(CorrectionRow)
    return _version_of_readings(session), tuple(session.execute(decided).one())


def _version_of_readings(session: Session) -> tuple[Any, ...]:
    tables = (MailRow, ReadingRow, EditRow, UnplacedRow, ProblemRow, PartRow)
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in tables]
    of_mails = select(
        func.sum(MailRow.attempts),
        func.count(MailRow.failed),
        func.count(MailRow.twin_of),
        func.count(MailRow.erased_at),
    )
    more = select(
        select(func.max(ReadingRow.read_at)).scalar_subquery(),
        select(func.count(ArrivalRow.mail_id)).scalar_subquery(),
        select(DraftRow.id).where(DraftRow.current).scalar_subquery(),
        select(func.max(VirusScanRow.at)).where(VirusScanRow.verdict == "infected").scalar_subquery(),
        select(func.count()).where(VirusScanRow.verdict == "infected").scalar_subquery(),
        *counts,
    )
    return (*session.execute(of_mails).one(), *session.execute(more).one())


def current_draft(session: Session) -> Draft:
    """The draft on which mail is read now. Raises NoDraft."""
    row = session.scalar(select(DraftRow).order_by(DraftRow.current.desc()).limit(1))
    if row is None:
        raise NoDraft
    paragraphs = session.scalars(
        select(ParagraphRow).where(ParagraphRow.draft_id == row.id).order_by(ParagraphRow.position)
    )
    return Draft(
        id=row.id,
        title=row.title,
        version=row.version,
        language=row.language,
        deadline=_deadline(row.deadline),
        comments_to=row.comments_to,
        copy_to=row.copy_to,
        paragraphs=tuple(Paragraph(p.label, p.part, p.number, p.text) for p in paragraphs),
        source=row.source,
    )


def _deadline(kept: str) -> date:
    """The day; where the row is damaged one after which nothing comes, so that nothing is called late."""
    try:
        return date.fromisoformat(kept)
    except ValueError:
        return UNKNOWN_DEADLINE
