"""Mails with what their Readings on one Draft gave; the texts and bytes of one Mail where they are asked for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Executable, RowMapping, Table, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from consultation.kept import (
    Arrival,
    KeptInner,
    KeptMail,
    KeptPart,
    KeptSentence,
    KeptTexts,
    KeptUnplaced,
    VirusScan,
)
from consultation.ledger import ArrivalState
from parsing.model import Fate, Flags, Kind, Message, Outcome, OutcomeKind, Problem, Unplaced
from store.damage import Damaged, is_damaged, one_of
from store.tables import (
    ArrivalRow,
    MailRow,
    PartRow,
    ProblemRow,
    RawRow,
    ReadingRow,
    SentenceRow,
    UnplacedRow,
)
from store.viruses import scans_of, viruses_by_mail

DAMAGED = "what the store holds of its reading is damaged: kunming digest --again rebuilds it"
HEAD_BYTES = 64_000
"""In which the headers of a mail end."""


def read_mails(session: Session, draft_id: str) -> Iterator[KeptMail]:
    """All Mails that were not erased, in the order in which they were kept, with their Readings on that draft."""
    read = and_(ReadingRow.mail_id == MailRow.id, ReadingRow.draft_id == draft_id)
    reading = _columns(ReadingRow.__table__, without=("mail_id", "body", "evidence"))  # type: ignore[arg-type]  # is a Table
    mail = _columns(MailRow.__table__, without=())  # type: ignore[arg-type]  # is a Table
    all_mails = select(*mail, *reading).outerjoin(ReadingRow, read)
    rows = session.execute(all_mails.order_by(MailRow.id)).mappings()
    arrivals = _grouped(session, select(ArrivalRow.__table__).where(ArrivalRow.mail_id.is_not(None)))
    parts = _grouped(session, select(PartRow.__table__))
    problems = _grouped(session, select(ProblemRow.__table__))
    unplaced, viruses = _unplaced_by_part(session), viruses_by_mail(session)
    for row in rows.all():
        if row["erased_at"] is not None and not is_damaged((row["erased_at"],)):
            continue
        mail_id = row["id"]
        yield KeptMail(
            id=mail_id,
            sha256=row["sha256"],
            size=row["size"],
            first_seen=row["first_seen"],
            crashed=bool(row["failed"]) or _is_damaged(row),
            refused=bool(row["refused"]),
            twin_of=row["twin_of"],
            arrivals=tuple(map(_arrival, arrivals[mail_id])),
            message=None if row["draft_id"] is None else _message(row),
            parts=tuple(map(_part, parts[mail_id])),
            problems=tuple(map(_problem, problems[mail_id])),
            unplaced=sum(unplaced[mail_id].values()),
            unplaced_in=tuple(unplaced[mail_id]),
            first_read=row["first_read"],
            read_at=row["read_at"],
            inner=_inner(row["mails"]) or (),
            differences=tuple(map(str, row["differences"] or ())),
            viruses=tuple(viruses.get(mail_id, ())),
        )


def _unplaced_by_part(session: Session) -> dict[int, dict[str, int]]:
    """By Mail, and the Part that says it: how much found no place."""
    out: dict[int, dict[str, int]] = defaultdict(dict)
    count = select(UnplacedRow.mail_id, UnplacedRow.source, func.count())
    for mail_id, source, n in session.execute(count.group_by(UnplacedRow.mail_id, UnplacedRow.source)):
        out[mail_id][source] = n
    return out


def read_texts(session: Session, mail_id: int) -> KeptTexts:
    """What one Mail says and holds; empty where there is no such mail."""
    mail, reading = session.get(MailRow, mail_id), session.get(ReadingRow, mail_id)
    parts = session.execute(select(PartRow.__table__).where(PartRow.mail_id == mail_id).order_by(PartRow.n))
    problems = session.execute(select(ProblemRow.__table__).where(ProblemRow.mail_id == mail_id).order_by(ProblemRow.n))
    scans = scans_of(session, mail_id)
    damaged = mail is not None and reading is not None and _is_damaged(_shown(mail, reading))
    return KeptTexts(
        body=reading.body if reading else "",
        evidence=tuple(map(str, reading.evidence)) if reading else (),
        parts=tuple(_part(row, scans) for row in parts.mappings()),
        problems=tuple(map(_problem, problems.mappings())),
        unplaced=read_unplaced(session, (mail_id,)),
        sentences=read_sentences(session, mail_id),
        crashed=(mail.failed if mail else None) or (DAMAGED if damaged else None),
        refused=mail.refused if mail else None,
    )


def read_unplaced(session: Session, mails: Collection[int] | None = None) -> tuple[KeptUnplaced, ...]:
    """What found no place in the draft, in these Mails or in all."""
    query = select(UnplacedRow.mail_id, UnplacedRow.text, UnplacedRow.source, UnplacedRow.why)
    if mails is not None:
        query = query.where(UnplacedRow.mail_id.in_(mails))
    rows = session.execute(query.order_by(UnplacedRow.mail_id, UnplacedRow.n))
    return tuple(KeptUnplaced(mail_id, Unplaced(*said)) for mail_id, *said in rows)


_SENTENCE: tuple[InstrumentedAttribute[Any], ...] = (
    SentenceRow.source, SentenceRow.start, SentenceRow.end, SentenceRow.kind, SentenceRow.text, SentenceRow.edits,
    SentenceRow.why,
)  # fmt: skip


def read_sentences(session: Session, mail_id: int) -> tuple[Outcome, ...]:
    """The outcomes of one Mail's sentences, Part by Part, in the order of the text."""
    query = select(*_SENTENCE).where(SentenceRow.mail_id == mail_id).order_by(SentenceRow.n)
    return tuple(_outcome(*row) for row in session.execute(query))


def read_unread_sentences(session: Session) -> tuple[KeptSentence, ...]:
    """The sentences of all Mails that are unread, Mail by Mail, in the order of the text."""
    query = select(SentenceRow.mail_id, SentenceRow.n, *_SENTENCE).where(SentenceRow.kind == "unread")
    rows = session.execute(query.order_by(SentenceRow.mail_id, SentenceRow.n))
    return tuple(KeptSentence(mail_id, n, _outcome(*said)) for mail_id, n, *said in rows)


def _outcome(source: str, start: int, end: int, kind: Any, text: str, edits: Iterable[int], why: str) -> Outcome:
    kind = one_of(kind, OutcomeKind, "unread")
    numbers = tuple(number for number in edits if isinstance(number, int))
    return Outcome(source, start, end, kind, text, numbers, why)


def read_raw(session: Session, mail_id: int) -> bytes | None:
    """The bytes as they came (of a refused mail its headers); None where there is no such mail."""
    return session.scalar(select(RawRow.content).where(RawRow.mail_id == mail_id))


def read_newest_heads(session: Session, most: int) -> Sequence[bytes]:
    """The beginnings of the newest mails: their headers."""
    newest = select(func.substr(RawRow.content, 1, HEAD_BYTES)).order_by(RawRow.mail_id.desc()).limit(most)
    return [bytes(head) for head in session.scalars(newest)]


def read_part(session: Session, mail_id: int, n: int) -> KeptPart | None:
    """The n-th Part of a mail; None where there is none."""
    query = select(PartRow.__table__).where(PartRow.mail_id == mail_id, PartRow.n == n)
    row = session.execute(query).mappings().first()
    return None if row is None else _part(row, scans_of(session, mail_id))


_OF_MAIL = ("size", "first_seen", "first_read", "twin_of", "erased_at")
_OF_READING = ("flags", "mails", "kind", "date", "received", "read_at", "confidence", "needs_review")


def _shown(mail: MailRow, reading: ReadingRow) -> dict[str, Any]:
    """What pages show of both, by the name of its column."""
    of_mail = {name: getattr(mail, name) for name in _OF_MAIL}
    return of_mail | {name: getattr(reading, name) for name in _OF_READING}


def _is_damaged(row: RowMapping | dict[str, Any]) -> bool:
    """Whether what was kept of a Mail or of its Reading cannot be read: it counts as one that crashed."""
    kept = (value for name, value in row.items() if name != "differences")
    return is_damaged(kept) or (row["kind"] is not None and _has_other_words(row))


def _has_other_words(row: RowMapping | dict[str, Any]) -> bool:
    return row["kind"] not in get_args(Kind) or _flags(row["flags"]) is None or _inner(row["mails"]) is None


def _columns(table: Table, without: Iterable[str]) -> list[Any]:
    return [column for column in table.columns if column.name not in without]


def _grouped(session: Session, query: Executable) -> dict[int, list[RowMapping]]:
    groups: dict[int, list[RowMapping]] = defaultdict(list)
    for row in session.execute(query).mappings().all():
        groups[row["mail_id"]].append(row)
    return groups


def _arrival(row: RowMapping) -> Arrival:
    state = one_of(row["state"], ArrivalState, "stored")
    return Arrival(
        row["mailbox"], row["folder"], row["uidvalidity"], row["uid"], state, _time(row["internaldate"]), row["seen_at"]
    )


def _time(kept: datetime | None) -> datetime | None:
    """None where it cannot be read: no time is better than a wrong one."""
    return None if is_damaged((kept,)) else kept


def _message(row: RowMapping) -> Message:
    return Message(
        message_id=row["message_id"],
        sender=row["sender"],
        subject=row["subject"],
        date=_time(row["date"]),
        kind=one_of(row["kind"], Kind, "comments"),
        party=row["party"],
        group=row["speaks_for"],
        observer=row["observer"],
        late=row["late"],
        copied=row["copied"],
        received=_time(row["received"]),
        confidence=row["confidence"],
        needs_review=row["needs_review"],
        flags=_flags(row["flags"]) or Flags(),
    )


_FLAGS: TypeAdapter[Flags] = TypeAdapter(Flags)
_INNER: TypeAdapter[tuple[KeptInner, ...]] = TypeAdapter(tuple[KeptInner, ...])


def _flags(kept: Mapping[str, Any]) -> Flags | None:
    """The flags as they were kept, as JSON; None where they are none."""
    with suppress(ValidationError):
        return None if isinstance(kept, Damaged) else _FLAGS.validate_python(kept)
    return None


def _inner(kept: Sequence[Any] | None) -> tuple[KeptInner, ...] | None:
    with suppress(ValidationError):
        return None if isinstance(kept, Damaged) else _INNER.validate_python(kept or ())
    return None


def _part(row: RowMapping, scans: Mapping[str, VirusScan] | None = None) -> KeptPart:
    content = (row["name"], row["type"], row["size"], row["sha256"])
    scan = (scans or {}).get(row["sha256"])
    fate, why = one_of(row["fate"], Fate, "unreadable"), row["why"]
    if is_damaged((*content, fate, why, row["depth"], row["n"])):
        fate, why = "unreadable", DAMAGED
    return KeptPart(*content, fate, why, row["depth"], row["n"], scan)


def _problem(row: RowMapping) -> Problem:
    return Problem(row["source"], row["problem"])
