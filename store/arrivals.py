"""What came: each mail's bytes and where it was seen. Each function works inside the caller's transaction."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, and_, bindparam, insert, literal_column, select, update
from sqlalchemy.orm import Session

from consultation.ledger import arrival_state
from store.session import changed
from store.tables import ArrivalRow, MailRow, RawRow

T = TypeVar("T")
AT_ONCE = 500
"""Values per query: well below the limits of both databases."""


@dataclass(frozen=True, slots=True)
class UidSpace:
    """One folder under one numbering: what a UID is unique in."""

    mailbox: str
    folder: str
    uidvalidity: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as the mailbox gave it at (mailbox, folder, uidvalidity, uid). `raw` is None where the server listed the
    mail and then had it no longer. `refused` says why `raw` holds only headers and structure; `size` in bytes is the
    whole mail's.
    """

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    internaldate: datetime | None
    raw: bytes | None
    size: int
    refused: str | None = None

    @property
    def space(self) -> UidSpace:
        return UidSpace(self.mailbox, self.folder, self.uidvalidity)


@dataclass(frozen=True, slots=True)
class KeptArrivals:
    """How many arrivals were kept, by state; `new` holds the ids of Mails not held before, `reused` the UIDs that held
    another mail before.
    """

    new: tuple[int, ...] = ()
    same: int = 0
    refused: int = 0
    vanished: int = 0
    reused: tuple[int, ...] = ()


def last_uid(session: Session, space: UidSpace) -> int:
    """The poller's cursor: the largest UID that was ever listed here; 0 before the first."""
    rows = select(ArrivalRow.uid).where(_at(space)).order_by(ArrivalRow.uid.desc()).limit(1)
    return session.scalar(rows) or 0


def waiting(session: Session, space: UidSpace) -> list[int]:
    """The UIDs that the server has listed and whose mails are still to come."""
    return list(session.scalars(select(ArrivalRow.uid).where(_at(space), _is_listed()).order_by(ArrivalRow.uid)))


def known_uids(session: Session, space: UidSpace) -> dict[int, str]:
    """Every UID ever listed here, with its state."""
    rows = select(ArrivalRow.uid, ArrivalRow.state).where(_at(space))
    return dict(session.execute(rows).all())


def keep_listed(session: Session, space: UidSpace, uids: Sequence[int], now: datetime) -> int:
    """Keeps that the server lists these mails, before any of them is asked for; returns how many rows that changed. A
    mail that had vanished and is listed again is waited for again.
    """
    listed = select(ArrivalRow.uid, ArrivalRow.state).where(_at(space))
    have: dict[int, str] = {}
    for some in _in_lots(uids):
        have.update(session.execute(listed.where(ArrivalRow.uid.in_(some))).all())
    new = [uid for uid in uids if uid not in have]
    if new:
        session.execute(insert(ArrivalRow), [_row(space, uid, "listed", now) for uid in new])
    back = [uid for uid, state in have.items() if state == "vanished"]
    for some in _in_lots(back):
        session.execute(update(ArrivalRow).where(_at(space), ArrivalRow.uid.in_(some)).values(state="listed"))
    return len(new) + len(back)


def give_up_listed(session: Session, mailbox: str, folder: str, but: int) -> int:
    """The numbering has changed to `but`: what was listed under another one cannot be fetched any more."""
    here = (ArrivalRow.mailbox == mailbox) & (ArrivalRow.folder == folder) & (ArrivalRow.uidvalidity != but)
    gone = update(ArrivalRow).values(state="vanished")
    return changed(session, gone.where(here, _is_listed())) + changed(
        session, gone.where(here, ArrivalRow.state == "withheld")
    )


def keep_withheld(session: Session, space: UidSpace, uids: Sequence[int], attempts: int) -> list[int]:
    """Sets those aside that were asked for without success so often, so that the others come; returns them."""
    aside: list[int] = []
    for some in _in_lots(uids):
        tried = (ArrivalRow.uid.in_(some)) & (ArrivalRow.attempts >= attempts)
        aside += session.scalars(select(ArrivalRow.uid).where(_at(space), _is_listed(), tried)).all()
    for some in _in_lots(aside):
        changed(session, update(ArrivalRow).where(_at(space), ArrivalRow.uid.in_(some)).values(state="withheld"))
    return aside


def has_withheld(session: Session, space: UidSpace) -> bool:
    """Whether mails of this folder were set aside."""
    return session.scalar(select(ArrivalRow.id).where(_at(space), ArrivalRow.state == "withheld").limit(1)) is not None


def reopen_withheld(session: Session, space: UidSpace) -> int:
    """How many mails that were set aside are waited for again."""
    aside = update(ArrivalRow).where(_at(space), ArrivalRow.state == "withheld")
    return changed(session, aside.values(state="listed"))


def keep_not_given(session: Session, space: UidSpace, uids: Sequence[int], why: str) -> None:
    """The server lists these mails and does not give them: they stay listed, with the reason and the attempts."""
    for some in _in_lots(uids):
        session.execute(
            update(ArrivalRow)
            .where(_at(space), ArrivalRow.uid.in_(some), _is_listed())
            .values(attempts=ArrivalRow.attempts + 1, error=why)
        )


def keep_arrivals(session: Session, arrivals: Iterable[Arrived], now: datetime) -> KeptArrivals:
    """Keeps each mail's bytes and where it was seen. An arrival that is kept already is skipped; a mail whose bytes are
    held already (SHA-256) becomes one more Arrival of it.
    """
    came = [Came(arrived, _sha256(arrived.raw)) for arrived in arrivals]
    held = _held(session, came)
    new = _keep_raw(session, [one for one in came if one.sha256 not in held], now)
    decided = _decide(came, held | new, set(new.values()), _rows_of(session, came))
    _write(session, decided, now)
    states = [one.state for one in decided]
    return KeptArrivals(
        tuple(sorted(new.values())),
        states.count("same"),
        states.count("refused"),
        states.count("vanished"),
        tuple(one.arrived.uid for one in decided if one.takes_over),
    )


@dataclass(frozen=True, slots=True)
class Came:
    arrived: Arrived
    sha256: str | None


@dataclass(frozen=True, slots=True)
class ArrivalDecision:
    """What is written of one arrival. `row` is the id of the row that waits for it, or that it takes the UID over
    from.
    """

    arrived: Arrived
    mail_id: int | None
    state: str
    row: int | None = None
    takes_over: bool = False

    @property
    def fills_row(self) -> bool:
        return self.row is not None and not self.takes_over


Rows = dict[tuple[UidSpace, int], Row[int, int, str, int | None]]


def _sha256(raw: bytes | None) -> str | None:
    return None if raw is None else hashlib.sha256(raw).hexdigest()


def _held(session: Session, came: Sequence[Came]) -> dict[str, int]:
    hashes = [one.sha256 for one in came if one.sha256 is not None]
    return {
        sha256: mail_id
        for some in _in_lots(hashes)
        for sha256, mail_id in session.execute(select(MailRow.sha256, MailRow.id).where(MailRow.sha256.in_(some)))
    }


def _keep_raw(session: Session, came: Sequence[Came], now: datetime) -> dict[str, int]:
    """Ids of Mails that were not held, by hash; their raw bytes go into the same transaction."""
    mails = {one.sha256: one.arrived for one in came if one.sha256 is not None}
    if not mails:
        return {}
    rows = [
        {"sha256": sha256, "size": arrived.size, "first_seen": now, "refused": arrived.refused, "attempts": 0}
        for sha256, arrived in mails.items()
    ]
    ids = dict(session.execute(insert(MailRow).returning(MailRow.sha256, MailRow.id), rows).all())
    session.execute(
        insert(RawRow), [{"mail_id": ids[sha256], "content": arrived.raw} for sha256, arrived in mails.items()]
    )
    return ids


def _rows_of(session: Session, came: Sequence[Came]) -> Rows:
    by_space: dict[UidSpace, list[int]] = {}
    for one in came:
        by_space.setdefault(one.arrived.space, []).append(one.arrived.uid)
    columns = (ArrivalRow.uid, ArrivalRow.id, ArrivalRow.state, ArrivalRow.mail_id)
    return {
        (space, row.uid): row
        for space, uids in by_space.items()
        for some in _in_lots(uids)
        for row in session.execute(select(*columns).where(_at(space), ArrivalRow.uid.in_(some)))
    }


def _decide(came: Sequence[Came], ids: dict[str, int], new: set[int], rows: Rows) -> list[ArrivalDecision]:
    """What is to be written, once for each UID; `new` are the Mails that were not held before."""
    decided: dict[tuple[UidSpace, int], ArrivalDecision] = {}
    for one in came:
        place = (one.arrived.space, one.arrived.uid)
        mail_id = ids.get(one.sha256) if one.sha256 else None
        row = rows.get(place)
        if place in decided or (row is not None and _is_kept(row, mail_id)):
            continue
        state = arrival_state(given=mail_id is not None, new=mail_id in new, refused=one.arrived.refused)
        new.discard(mail_id or 0)
        takes_over = row is not None and row.state != "listed"
        decided[place] = ArrivalDecision(one.arrived, mail_id, state, row and row.id, takes_over)
    return list(decided.values())


def _is_kept(row: Row[int, int, str, int | None], mail_id: int | None) -> bool:
    """Whether the UID has its final state already, and holds no other mail now."""
    return row.state != "listed" and mail_id in (None, row.mail_id)


def _write(session: Session, decided: Sequence[ArrivalDecision], now: datetime) -> None:
    for one in decided:
        if one.takes_over:
            session.execute(update(ArrivalRow).where(ArrivalRow.id == one.row).values(superseded=ArrivalRow.id))
    _fill(session, [one for one in decided if one.fills_row])
    _add(session, [one for one in decided if not one.fills_row], now)


def _fill(session: Session, decided: Sequence[ArrivalDecision]) -> None:
    """Fills the rows that waited for their mails."""
    statement = (
        update(ArrivalRow)
        .where(ArrivalRow.id == bindparam("row"))
        .values(
            mail_id=bindparam("its_mail"), state=bindparam("its_state"), internaldate=bindparam("its_date"), error=None
        )
    )
    values = [
        {"row": one.row, "its_mail": one.mail_id, "its_state": one.state, "its_date": one.arrived.internaldate}
        for one in decided
    ]
    if values:
        session.connection().execute(statement, values)


def _add(session: Session, decided: Iterable[ArrivalDecision], now: datetime) -> None:
    rows = [_row(one.arrived.space, one.arrived.uid, one.state, now, one) for one in decided]
    if rows:
        session.execute(insert(ArrivalRow), rows)


def _row(
    space: UidSpace, uid: int, state: str, now: datetime, decided: ArrivalDecision | None = None
) -> dict[str, Any]:
    return {
        "mailbox": space.mailbox,
        "folder": space.folder,
        "uidvalidity": space.uidvalidity,
        "uid": uid,
        "superseded": 0,
        "mail_id": decided and decided.mail_id,
        "state": state,
        "internaldate": decided and decided.arrived.internaldate,
        "seen_at": now,
        "attempts": 0,
    }


def _at(space: UidSpace) -> ColumnElement[bool]:
    return and_(
        ArrivalRow.mailbox == space.mailbox,
        ArrivalRow.folder == space.folder,
        ArrivalRow.uidvalidity == space.uidvalidity,
        ArrivalRow.superseded == 0,
    )


def _is_listed() -> ColumnElement[bool]:
    """Written out, not bound: so that the partial index of what is listed is used."""
    return ArrivalRow.state == literal_column("'listed'")


def _in_lots(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
