"""One Mail in full: its texts and Parts, and its bytes where they are asked for."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.facts import Desk, EditFact, MailFact
from parsing.model import Part, Problem, Unplaced
from store.tables import MailRow, PartRow, ProblemRow, RawRow, ReadingRow, UnplacedRow


@dataclass(frozen=True, slots=True)
class MailDetail:
    """`edits` hold the dismissed ones too; `copies` are the other Mails that are the same as this one, `replaces` those
    whose place it took. `failed` is the traceback of a reading that died.
    """

    fact: MailFact
    body: str
    evidence: tuple[str, ...]
    parts: tuple[Part, ...]
    edits: tuple[EditFact, ...]
    unplaced: tuple[Unplaced, ...]
    problems: tuple[Problem, ...]
    copies: tuple[MailFact, ...]
    replaces: tuple[MailFact, ...]
    failed: str | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class OfMail:
    """An Unplaced with the Mail that it stands in."""

    mail: MailFact
    unplaced: Unplaced


def mail_detail(session: Session, desk: Desk, mail_id: int) -> MailDetail | None:
    fact = desk.mail(mail_id)
    row = session.get(MailRow, mail_id)
    if fact is None or row is None:
        return None
    reading = session.get(ReadingRow, mail_id) if fact.stage == "read" else None
    parts = session.scalars(select(PartRow).where(PartRow.mail_id == mail_id).order_by(PartRow.n))
    problems = session.scalars(select(ProblemRow).where(ProblemRow.mail_id == mail_id).order_by(ProblemRow.n))
    return MailDetail(
        fact=fact,
        body=reading.body if reading else "",
        evidence=tuple(reading.evidence) if reading else (),
        parts=tuple(map(_part, parts)),
        edits=tuple(edit for edit in desk.edits if edit.mail == mail_id),
        unplaced=tuple(one.unplaced for one in unplaced(session, desk, (fact,))),
        problems=tuple(Problem(p.source, p.problem) for p in problems),
        copies=tuple(mail for mail in desk.mails if mail.same_as == mail_id),
        replaces=tuple(mail for mail in desk.mails if mail.gone and mail.gone.by == mail_id),
        failed=row.failed,
        refused=row.refused,
    )


def raw_mail(session: Session, mail_id: int) -> bytes | None:
    """The bytes as they came (of a refused mail its headers); None where there is no such mail."""
    return session.scalar(select(RawRow.content).where(RawRow.mail_id == mail_id))


def unplaced(session: Session, desk: Desk, mails: tuple[MailFact, ...] | None = None) -> tuple[OfMail, ...]:
    """What found no place in the draft, of these mails or of all that stand."""
    wanted = {mail.id: mail for mail in (desk.mails if mails is None else mails) if mails is not None or mail.stands}
    query = select(UnplacedRow).order_by(UnplacedRow.mail_id, UnplacedRow.n)
    if mails is not None:
        query = query.where(UnplacedRow.mail_id.in_(wanted))
    rows = (row for row in session.scalars(query) if row.mail_id in wanted)
    return tuple(OfMail(wanted[row.mail_id], Unplaced(row.text, row.source, row.why)) for row in rows)


def part_row(session: Session, mail_id: int, n: int) -> Part | None:
    """The n-th Part of a mail; None where there is none."""
    row = session.get(PartRow, (mail_id, n))
    return None if row is None else _part(row)


def _part(row: PartRow) -> Part:
    return Part(row.name, row.type, row.size, row.sha256, row.fate, row.why, row.depth)  # type: ignore[arg-type]  # a Fate
