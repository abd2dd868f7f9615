"""The desk as it is now: rows gathered, facts made of them, corrections and what stands applied."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from hashlib import sha1
from typing import Any

from sqlalchemy import Executable, RowMapping, Table, and_, func, select
from sqlalchemy.orm import Session

from parsing.model import Claim, Draft, Edit, Flags, Paragraph, Register
from store.reads.corrected import active, correct_edits, correct_mails, own_deadlines
from store.reads.facts import CONTENT, ArrivalFact, Correction, Desk, EditFact, Gone, MailFact
from store.reads.standing import contradictions, superseded
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

DOUBTFUL = 0.5
"""Below this confidence a person confirms who speaks."""
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
    edits = tuple(_edits(session, draft))
    mails, idle = correct_mails(_mails(session, draft, copy_mailboxes), corrections)
    deadlines = own_deadlines(corrections)
    mails = tuple(_with_lateness(mail, draft, deadlines, offset) for mail in mails)
    mails = _with_standing(mails, corrections)
    edits, lost = correct_edits(edits, mails, corrections, draft)
    clash = contradictions(edits)
    order = {paragraph.label: n for n, paragraph in enumerate(draft.paragraphs)}
    return Desk(
        draft=draft,
        register=register,
        mails=tuple(sorted(mails, key=lambda mail: (mail.provable or mail.first_seen, mail.id))),
        edits=tuple(sorted((_with_clash(fact, clash) for fact in edits), key=lambda fact: _place(fact, order))),
        corrections=tuple(replace(one, idle=(idle | lost).get(one.id, "")) for one in corrections),
        deadline=day_ends(draft.deadline, offset),
        own_deadlines=deadlines,
    )


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


# --- mails -------------------------------------------------------------------------------------------


def _mails(session: Session, draft: Draft, copy_mailboxes: frozenset[str]) -> Iterator[MailFact]:
    read = and_(ReadingRow.mail_id == MailRow.id, ReadingRow.draft_id == draft.id)
    reading = _columns(ReadingRow.__table__, without=("mail_id", "body", "evidence"))  # type: ignore[arg-type]  # is a Table
    mail = _columns(MailRow.__table__, without=())  # type: ignore[arg-type]  # is a Table
    rows = session.execute(select(*mail, *reading).outerjoin(ReadingRow, read).order_by(MailRow.id)).mappings()
    arrivals = _grouped(session, select(ArrivalRow.__table__).where(ArrivalRow.mail_id.is_not(None)))
    parts = _grouped(
        session, select(PartRow.mail_id, PartRow.name, PartRow.type, PartRow.sha256, PartRow.fate, PartRow.why)
    )
    problems = _grouped(session, select(ProblemRow.__table__))
    count = select(UnplacedRow.mail_id, func.count()).group_by(UnplacedRow.mail_id)
    unplaced = {mail_id: n for mail_id, n in session.execute(count)}  # noqa: C416 - rows are no pairs to a type checker
    for row in rows:
        fact = _mail(row, arrivals[row["id"]], copy_mailboxes)
        if fact.stage == "read":
            fact = _with_contents(fact, parts[fact.id], problems[fact.id], unplaced.get(fact.id, 0))
        yield fact


def _columns(table: Table, without: Iterable[str]) -> list[Any]:
    return [column for column in table.columns if column.name not in without]


def _grouped(session: Session, query: Executable) -> Mapping[int, list[RowMapping]]:
    groups: dict[int, list[RowMapping]] = defaultdict(list)
    for row in session.execute(query).mappings():
        groups[row["mail_id"]].append(row)
    return groups


def _mail(row: RowMapping, arrivals: Iterable[RowMapping], copy_mailboxes: frozenset[str]) -> MailFact:
    seen = tuple(
        ArrivalFact(a["mailbox"], a["folder"], a["uidvalidity"], a["uid"], a["state"], a["internaldate"], a["seen_at"])
        for a in arrivals
    )
    internaldate = min((a.internaldate for a in seen if a.internaldate), default=None)
    known = MailFact(
        row["id"], row["sha256"], row["size"], row["first_seen"], _stage(row), seen, internaldate=internaldate
    )
    copied = any(arrival.mailbox in copy_mailboxes for arrival in seen)
    if row["draft_id"] is None:
        return replace(known, provable=internaldate, copied=copied)
    provable = min((at for at in (internaldate, row["received"]) if at), default=row["date"])
    return replace(
        known,
        message_id=row["message_id"],
        sender=row["sender"],
        subject=row["subject"],
        kind=row["kind"],
        party=row["party"],
        group=row["speaks_for"],
        observer=row["observer"],
        date=row["date"],
        received=row["received"],
        provable=provable,
        copied=row["copied"] or copied,
        confidence=row["confidence"],
        flags=_flags(row["flags"]),
    )


def _stage(row: RowMapping) -> Any:
    if row["draft_id"] is not None:
        return "read"
    return "failed" if row["failed"] else "refused" if row["refused"] else "unread"


def _flags(kept: Mapping[str, Any]) -> Flags:
    """The flags as they were kept, as JSON."""
    named: Any = _tuples(kept) | {"claim": Claim(**_tuples(kept.get("claim", {})))}
    return Flags(**named)


def _tuples(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}


def _with_contents(
    mail: MailFact, parts: Iterable[RowMapping], problems: Iterable[RowMapping], unplaced: int
) -> MailFact:
    rows = list(parts)
    documents = [(p["name"], p["sha256"]) for p in rows if p["fate"] in ("read", "converted") and _is_document(p)]
    unread = [p for p in rows if p["fate"] in ("unreadable", "not-obtained")]
    return replace(
        mail,
        files=tuple(documents),
        unreadable=tuple(f"{p['name']}: {p['why']}" if p["why"] else p["name"] for p in unread),
        unplaced=unplaced,
        problems=tuple(f"{p['source']}: {p['problem']}" if p["source"] else p["problem"] for p in problems),
    )


def _is_document(part: RowMapping) -> bool:
    """Whether the part is a file of its own, not the mail's body."""
    return bool(part["type"].startswith("application/")) and "." in part["name"]


def _with_lateness(mail: MailFact, draft: Draft, deadlines: Mapping[str, date], offset: timedelta) -> MailFact:
    day = deadlines.get(mail.party or "", draft.deadline)
    return replace(mail, late=mail.provable is not None and mail.provable >= day_ends(day, offset))


def _with_standing(mails: tuple[MailFact, ...], corrections: Iterable[Correction]) -> tuple[MailFact, ...]:
    """Who is replaced by whom, people's word before the mails' own; and what each mail leaves for a person."""
    by_hash = {mail.sha256: mail.id for mail in mails}
    said: dict[int, Gone | None] = {}
    for one in active(corrections, "superseded"):
        if one.target["mail"] in by_hash:
            by = by_hash.get(one.value.get("by") or "")
            gone = Gone(by, f"{one.who}: {one.why}" if one.why else one.who)
            said[by_hash[one.target["mail"]]] = gone if one.value["superseded"] else None
    found = superseded(mails)
    seen = {c.target["mail"]: set(c.value["seen"]) for c in active(corrections, "confirm") if "seen" in c.value}
    return tuple(
        _with_review(replace(mail, gone=said.get(mail.id, found.get(mail.id))), seen.get(mail.sha256, set()))
        for mail in mails
    )


def _with_review(mail: MailFact, seen: set[str]) -> MailFact:
    return replace(mail, review=tuple(reason for reason in _review(mail) if reason not in seen))


def _review(mail: MailFact) -> Iterator[str]:
    if mail.stage == "failed":
        yield "reading it failed"
    if mail.stage == "refused":
        yield "too large: only its headers were kept"
    if mail.stage != "read" or not mail.speaks_on_the_draft:
        return
    if mail.speaker is None:
        yield "nobody is named as the one who speaks"
    elif mail.confidence < DOUBTFUL:
        yield "who speaks is doubtful"
    yield from (f"not read: {name}" for name in mail.unreadable)
    if mail.unplaced:
        yield f"{mail.unplaced} without a place in the draft"
    yield from mail.problems


# --- edits -------------------------------------------------------------------------------------------


def _edits(session: Session, draft: Draft) -> Iterator[EditFact]:
    query = select(EditRow.__table__).join(ReadingRow, ReadingRow.mail_id == EditRow.mail_id)
    rows = session.execute(query.where(ReadingRow.draft_id == draft.id).order_by(EditRow.mail_id, EditRow.n))
    nth: Counter[str] = Counter()
    for row in rows.mappings():
        edit = Edit(
            paragraph=row["paragraph"],
            action=row["action"],
            start=row["start_offset"],
            end=row["end_offset"],
            old=row["old"],
            new=row["new"],
            to=row["moves_after"],
            comment=row["comment"],
            intent=row["intent"],
            author=row["author"],
            date=row["date"],
            origin=row["origin"],
            sources=tuple(row["sources"]),
            confidence=row["confidence"],
            needs_review=row["needs_review"],
            evidence=row["evidence"],
        )
        base = f"{row['mail_id']}-{_content_hash(edit)}"
        n, nth[base] = nth[base], nth[base] + 1
        yield EditFact(f"{base}-{n}" if n else base, edit, edit, n, row["mail_id"])


def _content_hash(edit: Edit) -> str:
    content = "\x1f".join(str(getattr(edit, name)) for name in CONTENT)
    return sha1(content.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:10]


def _with_clash(fact: EditFact, clash: Mapping[str, str]) -> EditFact:
    if fact.id not in clash or fact.corrections:
        return fact
    return replace(fact, review=clash[fact.id])


def _place(fact: EditFact, order: Mapping[str, int]) -> tuple[int, int, int, str]:
    start = -1 if fact.edit.start is None else fact.edit.start
    return order.get(fact.edit.paragraph, len(order)), start, fact.mail or 0, fact.id
