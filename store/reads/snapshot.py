"""The desk as it is now: rows gathered, facts made of them, corrections and what stands applied."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.apply_corrections import correct_edits, correct_mails, own_deadlines
from consultation.facts import Correction, Desk
from parsing.model import Draft, Paragraph, Register
from store.reads.edits import in_order, read_edits, with_contradictions
from store.reads.mails import read_mails, with_lateness, with_standing
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
)

EVERYWHERE = timedelta(hours=-12)
"""The offset from UTC at which a day ends last."""


class NoDraft(Exception):
    """The store holds no draft yet."""


def read_desk(
    session: Session,
    register: Register,
    *,
    offset: timedelta = EVERYWHERE,
    mailboxes: Mapping[str, str] | None = None,
) -> Desk:
    """Everything that is known of the current draft, in a fixed number of queries, whatever there is.

    `offset` is where the deadline's day ends; `mailboxes` gives the address of each polled mailbox, by name.
    """
    draft = current_draft(session)
    copy_mailboxes = frozenset(n for n, address in (mailboxes or {}).items() if draft.copy_to in (n, address))
    corrections = read_corrections(session)
    deadlines = own_deadlines(corrections)
    ends = {code: day_ends(day, offset) for code, day in deadlines.items()}
    mails, idle = correct_mails(read_mails(session, draft, copy_mailboxes), corrections)
    mails = with_lateness(mails, day_ends(draft.deadline, offset), ends)
    mails = with_standing(mails, corrections)
    edits, lost = correct_edits(read_edits(session, draft, mails), mails, corrections, draft)
    return Desk(
        draft=draft,
        register=register,
        mails=tuple(sorted(mails, key=lambda mail: (mail.provable or mail.first_seen, mail.id))),
        edits=in_order(with_contradictions(edits), draft),
        corrections=tuple(replace(one, idle=(idle | lost).get(one.id, "")) for one in corrections),
        deadline=day_ends(draft.deadline, offset),
        own_deadlines=deadlines,
        names={party.code: party.name for party in register.parties},
    )


def stamp(session: Session) -> tuple[Any, ...]:
    """Differs whenever anything that a Desk shows has changed: what came, what was read, what people decided."""
    tables = (MailRow, ReadingRow, EditRow, UnplacedRow, ProblemRow, PartRow, CorrectionRow)
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in tables]
    of_mails = select(func.sum(MailRow.attempts), func.count(MailRow.failed), func.count(MailRow.twin_of))
    more = select(
        select(func.max(ReadingRow.read_at)).scalar_subquery(),
        select(func.count(ArrivalRow.mail_id)).scalar_subquery(),
        select(DraftRow.id).where(DraftRow.current).scalar_subquery(),
        select(func.count(CorrectionRow.undone_by)).scalar_subquery(),
        *counts,
    )
    return (*session.execute(of_mails).one(), *session.execute(more).one())


def day_ends(day: date, offset: timedelta) -> datetime:
    """The instant at which the day has ended, at that offset from UTC."""
    return datetime.combine(day + timedelta(days=1), time(), timezone(offset)).astimezone(UTC)


def current_draft(session: Session) -> Draft:
    row = session.scalar(select(DraftRow).where(DraftRow.current))
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
        deadline=date.fromisoformat(row.deadline),
        comments_to=row.comments_to,
        copy_to=row.copy_to,
        paragraphs=tuple(Paragraph(p.label, p.part, p.number, p.text) for p in paragraphs),
        source=row.source,
    )


def read_corrections(session: Session) -> tuple[Correction, ...]:
    """All corrections in the order in which they were made, the undone ones too."""
    rows = session.scalars(select(CorrectionRow).order_by(CorrectionRow.id))
    return tuple(
        Correction(row.id, row.at, row.who, row.why, row.kind, row.target, row.value, row.undone_by) for row in rows
    )
