"""Mails as facts: rows gathered, then whether each is late, stands, and leaves something for a person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, RowMapping, Table, and_, func, select
from sqlalchemy.orm import Session

from consultation.apply_corrections import active
from consultation.facts import ArrivalFact, Correction, Gone, MailFact
from consultation.superseding import superseded
from parsing.model import Claim, Draft, Flags
from store.tables import ArrivalRow, MailRow, PartRow, ProblemRow, ReadingRow, UnplacedRow

DOUBTFUL = 0.5
"""Below this confidence a person confirms who speaks."""


def read_mails(session: Session, draft: Draft, copy_mailboxes: frozenset[str]) -> Iterator[MailFact]:
    read = and_(ReadingRow.mail_id == MailRow.id, ReadingRow.draft_id == draft.id)
    reading = _columns(ReadingRow.__table__, without=("mail_id", "body", "evidence"))  # type: ignore[arg-type]  # is a Table
    mail = _columns(MailRow.__table__, without=())  # type: ignore[arg-type]  # is a Table
    rows = session.execute(select(*mail, *reading).outerjoin(ReadingRow, read).order_by(MailRow.id)).mappings()
    arrivals = _grouped(session, select(ArrivalRow.__table__).where(ArrivalRow.mail_id.is_not(None)))
    parts = _grouped(session, select(PartRow.__table__))
    problems = _grouped(session, select(ProblemRow.__table__))
    count = select(UnplacedRow.mail_id, func.count()).group_by(UnplacedRow.mail_id)
    unplaced = {mail_id: n for mail_id, n in session.execute(count)}  # noqa: C416 - rows are no pairs to a type checker
    found = rows.all()
    for row in found:
        if row["twin_of"]:
            arrivals[row["twin_of"]].extend(arrivals[row["id"]])
    for row in found:
        fact = _mail(row, arrivals[row["id"]], copy_mailboxes)
        if fact.stage == "read":
            fact = _with_contents(fact, parts[fact.id], problems[fact.id], unplaced.get(fact.id, 0))
        yield fact


def _columns(table: Table, without: Iterable[str]) -> list[Any]:
    return [column for column in table.columns if column.name not in without]


def _grouped(session: Session, query: Executable) -> dict[int, list[RowMapping]]:
    groups: dict[int, list[RowMapping]] = defaultdict(list)
    for row in session.execute(query).mappings().all():
        groups[row["mail_id"]].append(row)
    return groups


def _mail(row: RowMapping, arrivals: Iterable[RowMapping], copy_mailboxes: frozenset[str]) -> MailFact:
    seen = tuple(
        ArrivalFact(a["mailbox"], a["folder"], a["uidvalidity"], a["uid"], a["state"], a["internaldate"], a["seen_at"])
        for a in arrivals
    )
    internaldate = min((a.internaldate for a in seen if a.internaldate), default=None)
    copied = any(arrival.mailbox in copy_mailboxes for arrival in seen)
    known = MailFact(
        id=row["id"],
        sha256=row["sha256"],
        size=row["size"],
        first_seen=row["first_seen"],
        stage=_stage(row),
        arrivals=seen,
        internaldate=internaldate,
        provable=internaldate,
        copied=copied,
        same_as=row["twin_of"],
    )
    if row["draft_id"] is None:
        return known
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


def with_lateness(mails: Iterable[MailFact], ends: datetime, own: Mapping[str, datetime]) -> tuple[MailFact, ...]:
    """The mails, late where their provable time is not before the deadline's end, or that of their own Party."""
    return tuple(
        replace(mail, late=True) if mail.provable and mail.provable >= own.get(mail.party or "", ends) else mail
        for mail in mails
    )


def with_standing(mails: tuple[MailFact, ...], corrections: Iterable[Correction]) -> tuple[MailFact, ...]:
    """Who is replaced by whom, people's word before the mails' own; and what each mail leaves for a person."""
    by_hash = {mail.sha256: mail.id for mail in mails}
    said: dict[int, Gone | None] = {}
    for one in active(corrections, "superseded"):
        if one.target["mail"] in by_hash:
            by = by_hash.get(one.value.get("by") or "")
            gone = Gone(by, f"{one.who}: {one.why}" if one.why else one.who)
            said[by_hash[one.target["mail"]]] = gone if one.value["superseded"] else None
    found = superseded(mails)
    seen: dict[str, set[str]] = defaultdict(set)
    for one in active(corrections, "confirm"):
        seen[one.target["mail"]].update(one.value.get("seen", ()))
    return tuple(
        replace(mail, gone=said.get(mail.id, found.get(mail.id)), review=_left_open(mail, seen[mail.sha256]))
        for mail in mails
    )


def _left_open(mail: MailFact, seen: set[str]) -> tuple[str, ...]:
    """What a person must look at, without what one has seen already."""
    return tuple(reason for reason in _review(mail) if reason not in seen)


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
    yield from (problem for problem in mail.problems if problem not in mail.unreadable)
