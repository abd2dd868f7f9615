"""One look into one folder: what the server lists gets a row, then its mails are taken and kept, a batch a commit."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from ingest.intake import Intake
from ingest.mailbox import Connection, Examined, Folder, Listed
from store.arrivals import (
    Arrived,
    Kept,
    Spot,
    give_up_listed,
    keep_arrivals,
    keep_listed,
    keep_not_given,
    known_uids,
    last_uid,
    waiting,
)
from store.polls import count_poll, folder_before, keep_event, keep_folder

log = logging.getLogger("kunming.ingest")

BATCH_BYTES, BATCH_MAILS = 8_000_000, 200
"""A batch is one FETCH and one commit: long enough that commits cost little, short enough to hold in memory twice."""

LOOKED_AT_ONCE = 5_000
OUTLINE = 64_000
"""Bytes that are kept of a mail whose size the server understated: its headers are among them."""

Heard = Callable[[str, int, int], None]
"""Told of progress: the folder, mails taken, mails wanted."""


@dataclass
class Tally:
    """What one poll has counted so far."""

    listed: int = 0
    new: int = 0
    same: int = 0
    refused: int = 0
    vanished: int = 0
    waiting: int = 0
    retries: int = 0

    def add(self, kept: Kept) -> None:
        self.new += len(kept.new)
        self.same += kept.same
        self.refused += kept.refused
        self.vanished += kept.vanished

    @property
    def kept(self) -> int:
        return self.listed + self.new + self.same + self.refused + self.vanished


@dataclass(frozen=True, slots=True)
class Visit:
    """One session with a server, on behalf of one poll. `largest` in bytes is what a mail may have; `compare` asks for
    all UIDs and not the new ones alone.
    """

    intake: Intake
    connection: Connection
    mailbox: str
    poll_id: int
    largest: int
    compare: bool
    tally: Tally
    heard: Heard


@dataclass(frozen=True, slots=True)
class Before:
    """What the store knows of a folder. `uidnext` is None where the folder or its numbering is new."""

    uidvalidity: int | None
    uidnext: int | None
    last: int
    junk: bool
    waiting: bool
    known: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    arrived: Sequence[Arrived]
    not_given: Sequence[int]
    warnings: Sequence[str]


def look_into(visit: Visit, folder: Folder) -> None:
    """Takes and keeps what is new in the folder. Whatever stops it, the next look goes on where this one was."""
    examined = visit.connection.examine(folder.name)
    spot = Spot(visit.mailbox, folder.name, examined.uidvalidity)
    before = _before(visit, spot)
    _tell_renumbering(visit, spot, before, examined)
    listed: Sequence[int] = ()
    wanted: Sequence[int] = ()
    if visit.compare or before.waiting or before.uidnext is None or before.uidnext != examined.uidnext:
        first = min(before.last + 1, before.uidnext or before.last + 1)
        listed = visit.connection.uids(1 if visit.compare else first, examined)
        wanted = _list(visit, spot, before, first, listed)
    # else the server has given out no UID since (RFC 9051, 2.3.1.1), and the nightly comparison does not believe it.
    _take(visit, spot, wanted)
    visit.intake.later.append(lambda session, now: _close(session, visit, folder, examined, before, listed, now))
    if listed or wanted or examined.uidvalidity != before.uidvalidity:
        visit.intake.write(lambda _session, _now: None)
    if wanted:
        with visit.intake.sessions() as session:
            visit.tally.waiting += len(waiting(session, spot))


def _before(visit: Visit, spot: Spot) -> Before:
    with visit.intake.sessions() as session:
        row = folder_before(session, spot.mailbox, spot.folder)
        same = row is not None and row.uidvalidity == spot.uidvalidity
        return Before(
            row.uidvalidity if row else None,
            row.uidnext if row and same else None,
            last_uid(session, spot),
            row.junk if row else False,
            bool(waiting(session, spot)),
            known_uids(session, spot) if visit.compare else {},
        )


def _tell_renumbering(visit: Visit, spot: Spot, before: Before, examined: Examined) -> None:
    """The event and the new numbers are kept in one transaction: it is told once, whatever ends the look after it."""

    def write(session: Session, now: datetime) -> None:
        if before.uidvalidity not in (None, spot.uidvalidity):
            given_up = give_up_listed(session, spot.mailbox, spot.folder, but=spot.uidvalidity)
            detail = (
                f"UIDVALIDITY was {before.uidvalidity} and is {spot.uidvalidity}: all {examined.messages} mails are"
                f" taken again and matched by their bytes; {given_up} listed before can come no more"
            )
            keep_event(session, spot.mailbox, spot.folder, "uidvalidity-changed", detail, now)
            keep_folder(session, spot.mailbox, spot.folder, now, uidvalidity=spot.uidvalidity, uidnext=1)
        if before.uidnext and examined.uidnext and examined.uidnext < before.uidnext:
            detail = (
                f"UIDNEXT was {before.uidnext} and is {examined.uidnext}, as when a server is restored from a backup:"
                " UIDs from there on are taken anew when they come again"
            )
            keep_event(session, spot.mailbox, spot.folder, "uidnext-went-back", detail, now, alarm=True)
            keep_folder(session, spot.mailbox, spot.folder, now, uidnext=examined.uidnext)

    if before.uidvalidity not in (None, spot.uidvalidity) or (before.uidnext or 0) > (examined.uidnext or 1 << 63):
        visit.intake.write(write)


def _list(visit: Visit, spot: Spot, before: Before, first: int, listed: Sequence[int]) -> list[int]:
    """Gives each UID its row, and returns those whose mails are wanted: all that wait, and those that the server had
    not yet given out at the last look although we hold a mail under them (its numbering went back).
    """
    again = [uid for uid in listed if (before.uidnext or uid + 1) <= uid <= before.last]
    late = [uid for uid in listed if uid < first and uid not in before.known]
    fresh = [uid for uid in listed if uid >= first or before.known.get(uid, "vanished") == "vanished"]

    def write(session: Session, now: datetime) -> int:
        added = keep_listed(session, spot, fresh, now)
        count_poll(session, visit.poll_id, seen=added)
        if late:
            detail = f"{len(late)} mails came up below UID {first}, the first of them {late[0]}: listed late, taken now"
            keep_event(session, spot.mailbox, spot.folder, "listed-late", detail, now)
        return added

    if fresh:
        visit.tally.listed += visit.intake.write(write)
    with visit.intake.sessions() as session:
        return sorted({*waiting(session, spot), *again})


def _take(visit: Visit, spot: Spot, wanted: Sequence[int]) -> None:
    done = 0
    for batch in _batches(visit, spot, wanted):
        visit.intake.go_on()
        kept = visit.intake.write(partial(_keep, visit, spot, batch))
        visit.tally.add(kept)
        done += len(batch.arrived) + len(batch.not_given)
        visit.heard(spot.folder, done, len(wanted))


def _keep(visit: Visit, spot: Spot, batch: Batch, session: Session, now: datetime) -> Kept:
    kept = keep_arrivals(session, batch.arrived, now)
    keep_not_given(session, spot, batch.not_given, "the server lists it and does not give it")
    for warning in batch.warnings:
        keep_event(session, spot.mailbox, spot.folder, "size-differs", warning, now)
    for uid in kept.reused:
        detail = f"UID {uid} has another mail now than it had before: both are kept"
        keep_event(session, spot.mailbox, spot.folder, "uid-reused", detail, now, alarm=True)
    count_poll(session, visit.poll_id, new=len(kept.new))
    return kept


def _batches(visit: Visit, spot: Spot, wanted: Sequence[int]) -> Iterator[Batch]:
    for start in range(0, len(wanted), LOOKED_AT_ONCE):
        some = wanted[start : start + LOOKED_AT_ONCE]
        looked = visit.connection.look(some)
        lost = sorted(set(some) - {mail.uid for mail in looked})
        if lost:
            yield _batch(visit, spot, [Listed(uid, 0, None) for uid in lost], {})
        for mails in _in_batches(looked, min(visit.largest, BATCH_BYTES)):
            yield _fetched(visit, spot, mails)


def _in_batches(mails: Sequence[Listed], largest: int) -> Iterator[list[Listed]]:
    """Mails that are asked for together. One that is `largest` or more stands alone."""
    batch: list[Listed] = []
    size = 0
    for mail in mails:
        full = size + mail.size > BATCH_BYTES or len(batch) >= BATCH_MAILS
        if batch and (full or max(mail.size, batch[0].size) >= largest):
            yield batch
            batch, size = [], 0
        batch.append(mail)
        size += mail.size
    if batch:
        yield batch


def _fetched(visit: Visit, spot: Spot, mails: Sequence[Listed]) -> Batch:
    if mails[0].size > visit.largest:
        outline = visit.connection.outline(mails[0])
        return _batch(visit, spot, mails, {} if outline is None else {mails[0].uid: outline})
    given = {mail.uid: mail for mail in visit.connection.give(mails)}
    warnings = [f"UID {mail.uid}: {mail.warning}" for mail in given.values() if mail.warning]
    return _batch(visit, spot, mails, {uid: mail.raw for uid, mail in given.items()}, warnings)


def _batch(
    visit: Visit, spot: Spot, mails: Sequence[Listed], given: dict[int, bytes], warnings: Sequence[str] = ()
) -> Batch:
    """What came of the mails that were asked for. One that did not come has vanished if the server lists it no more."""
    missing = [mail.uid for mail in mails if mail.uid not in given]
    not_given = visit.connection.has(missing) if missing else set()
    arrived = [_arrived(spot, mail, given.get(mail.uid), visit.largest) for mail in mails if mail.uid not in not_given]
    return Batch(arrived, sorted(not_given), warnings)


def _arrived(spot: Spot, mail: Listed, raw: bytes | None, largest: int) -> Arrived:
    size = max(mail.size, len(raw or b""))
    refused = too_large(size, largest) if raw is not None else None
    kept = raw[:OUTLINE] if raw is not None and refused and len(raw) > largest else raw
    log.info("mailbox=%s folder=%r uid=%d size=%d refused=%s", spot.mailbox, spot.folder, mail.uid, size, bool(refused))
    return Arrived(spot.mailbox, spot.folder, spot.uidvalidity, mail.uid, mail.internaldate, kept, size, refused)


def too_large(size: int, largest: int) -> str | None:
    """Why a mail of that many bytes is refused; None where it is not."""
    return f"too large: {size:,} bytes, and {largest:,} are taken" if size > largest else None


def _close(
    session: Session,
    visit: Visit,
    folder: Folder,
    examined: Examined,
    before: Before,
    listed: Sequence[int],
    now: datetime,
) -> None:
    """Keeps how the folder looked, and what the comparison gave."""
    compared: dict[str, int | datetime] = {}
    if visit.compare:
        there = set(listed)
        gone = sum(uid not in there for uid, state in before.known.items() if state != "vanished")
        compared = {"compared_at": now, "gone": gone}
    keep_folder(
        session,
        visit.mailbox,
        folder.name,
        now,
        uidvalidity=examined.uidvalidity,
        uidnext=max(examined.uidnext or before.uidnext or 1, (listed[-1] if listed else 0) + 1),
        messages=examined.messages,
        junk=folder.junk or before.junk,
        **compared,
    )
