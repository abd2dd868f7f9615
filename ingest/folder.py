"""One look into one folder: what the server lists gets a row, then its mails are taken and kept, a batch a commit."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from ingest.answers import Folder, Listed
from ingest.expirations import note_expirations
from ingest.intake import Intake
from ingest.mailbox import Connection, Examined
from ingest.mailbox_errors import Unreachable
from settings import Mailbox
from store.arrivals import (
    Arrived,
    KeptArrivals,
    UidSpace,
    give_up_listed,
    has_withheld,
    keep_arrivals,
    keep_listed,
    keep_not_given,
    keep_withheld,
    known_uids,
    last_uid,
    reopen_withheld,
    waiting,
)
from store.polls import count_poll, end_poll, folder_before, keep_event, keep_event_once, keep_folder, mark_junk

log = logging.getLogger("kunming.ingest")

BATCH_BYTES, BATCH_MAILS = 8_000_000, 200
"""A batch is one FETCH and one commit: long enough that commits cost little, short enough to hold in memory twice."""

LOOKED_AT_ONCE = 5_000
LOST_TWICE = 2
"""A mail at which the connection was lost so often while it alone was asked for is left for the next poll."""
DROPPED_IN = 3
"""After so many polls the server is the cause, and not a bad connection or a bad hour: the mail is set aside."""
OUTLINE = 64_000
"""Bytes that are kept of a mail whose size the server understated: its headers are among them."""

OnProgress = Callable[[str, int, int], None]
"""Called with the folder, the number of mails taken and that of mails wanted."""


@dataclass
class Tally:
    """What one poll has counted so far."""

    listed: int = 0
    new: int = 0
    same: int = 0
    refused: int = 0
    vanished: int = 0
    dropped: int = 0
    """Mails at which the server has dropped the connection."""
    withheld: int = 0
    """Those of them that were set aside."""
    waiting: int = 0
    short: int = 0
    """Mails that the server counts and does not list."""
    retries: int = 0

    def add(self, kept: KeptArrivals) -> None:
        self.new += len(kept.new)
        self.same += kept.same
        self.refused += kept.refused
        self.vanished += kept.vanished

    @property
    def kept(self) -> int:
        return self.listed + self.new + self.same + self.refused + self.vanished + self.dropped


@dataclass(frozen=True, slots=True)
class PollOrder:
    """How a poll is made. `largest` in bytes is what a mail may have; with `compare` the server is asked for all UIDs
    and not for the new ones alone.
    """

    largest: int
    compare: bool
    on_progress: OnProgress


@dataclass(frozen=True, slots=True)
class FolderSeen:
    """How the server showed a folder. `gone` counts the Arrivals that it lists no more; None where it was not asked for
    all UIDs.
    """

    name: str
    uidvalidity: int
    uidnext: int
    messages: int
    junk: bool
    gone: int | None

    def keep(self, session: Session, mailbox: str, now: datetime) -> None:
        compared: dict[str, int | datetime] = {} if self.gone is None else {"compared_at": now, "gone": self.gone}
        keep_folder(
            session,
            mailbox,
            self.name,
            now,
            uidvalidity=self.uidvalidity,
            uidnext=self.uidnext,
            messages=self.messages,
            junk=self.junk,
            **compared,
        )


@dataclass(frozen=True, slots=True)
class MailboxPoll:
    """One poll of one mailbox, over as many connections as it takes, and what is still to be kept when it ends: where
    nothing is new, commits are what takes the time.
    """

    intake: Intake
    mailbox: Mailbox
    poll_id: int
    order: PollOrder
    tally: Tally = field(default_factory=Tally)
    unchanged: list[FolderSeen] = field(default_factory=list)
    """Folders in which nothing was new."""
    junk: list[str] = field(default_factory=list)
    """Folders that the server marks as those for spam."""
    lost_at: dict[UidSpace, "LostAt"] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    """When what opens the mailbox stops working."""

    def end(self, session: Session, outcome: str, error: str | None, now: datetime) -> None:
        """Keeps what is still to be kept, and the outcome."""
        for seen in self.unchanged:
            seen.keep(session, self.mailbox.name, now)
        for folder in self.junk:
            mark_junk(session, self.mailbox.name, folder)
        if self.ends:  # where the mailbox was opened
            note_expirations(session, self.mailbox.name, self.ends, now)
        end_poll(session, self.poll_id, outcome, error, now, retries=self.tally.retries)


@dataclass(slots=True)
class LostAt:
    """The mails at which the connection was lost in this poll: those that were asked for `together`, and how often each
    was asked for `alone`. They come last, one by one, so that no mail is held up by another. `kept` are those of which
    it is kept already.
    """

    together: set[int] = field(default_factory=set)
    alone: Counter[int] = field(default_factory=Counter)
    kept: set[int] = field(default_factory=set)

    def note(self, uids: Sequence[int]) -> None:
        if len(uids) == 1:
            self.alone.update(uids)
        self.together.update(uids)

    @property
    def dropped(self) -> set[int]:
        """Those that are not asked for again in this poll."""
        return {uid for uid, times in self.alone.items() if times >= LOST_TWICE}


@dataclass(frozen=True, slots=True)
class ServerVisit:
    """One session with the server, on behalf of a poll."""

    poll: MailboxPoll
    connection: Connection

    @property
    def intake(self) -> Intake:
        return self.poll.intake


@dataclass(frozen=True, slots=True)
class Before:
    """What the store knows of a folder. `uidnext` is None where the folder or its numbering is new; `messages` is how
    many mails it had at the last look.
    """

    uidvalidity: int | None
    uidnext: int | None
    messages: int
    last: int
    junk: bool
    waiting: bool
    known: dict[int, str] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The UID that new mails begin at."""
        return min(self.last + 1, self.uidnext or self.last + 1)

    def is_fresh(self, uid: int) -> bool:
        """Whether a UID that the server lists has no row yet, or one that had vanished."""
        return uid >= self.first or self.known.get(uid, "vanished") == "vanished"

    def is_renumbered(self, examined: Examined) -> bool:
        return self.uidvalidity not in (None, examined.uidvalidity)

    def went_back(self, examined: Examined) -> bool:
        """Whether the server gave out UIDs before that it now says are still to come."""
        return bool(self.uidnext and examined.uidnext and examined.uidnext < self.uidnext)


@dataclass(frozen=True, slots=True)
class Listing:
    """What the server lists in a folder; `short` is by how many mails that is less than it counts there."""

    before: Before
    examined: Examined
    uids: Sequence[int] = ()
    short: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """The outcome of mails that were asked for together; `events` are kinds and words."""

    arrived: Sequence[Arrived]
    not_given: Sequence[int]
    events: Sequence[tuple[str, str]]


def poll_folder(visit: ServerVisit, folder: Folder) -> None:
    """Takes and keeps what is new in the folder. Whatever stops it, the next look goes on where this one was."""
    poll = visit.poll
    examined = visit.connection.examine(folder.name)
    space = UidSpace(poll.mailbox.name, folder.name, examined.uidvalidity)
    before = _before(visit, space)
    _keep_renumbering(visit, space, before, examined)
    listing = _listing(visit, space, before, examined)
    wanted = _wanted(visit, space, listing)
    _take(visit, space, wanted)
    seen = _seen(folder, listing, compare=poll.order.compare)
    if listing.uids or wanted or examined.uidvalidity != before.uidvalidity:
        poll.intake.write(lambda session, now: seen.keep(session, space.mailbox, now))
    else:
        poll.unchanged.append(seen)
    poll.tally.short += listing.short
    if wanted:
        with poll.intake.sessions() as session:
            poll.tally.waiting += len(waiting(session, space))


def _before(visit: ServerVisit, space: UidSpace) -> Before:
    if visit.poll.order.compare and space not in visit.poll.lost_at:
        _wait_for_withheld(visit, space)
    with visit.intake.sessions() as session:
        row = folder_before(session, space.mailbox, space.folder)
        same = row is not None and row.uidvalidity == space.uidvalidity
        return Before(
            row.uidvalidity if row else None,
            row.uidnext if row and same else None,
            row.messages if row and same else 0,
            last_uid(session, space),
            row.junk if row else False,
            bool(waiting(session, space)),
            known_uids(session, space) if visit.poll.order.compare else {},
        )


def _wait_for_withheld(visit: ServerVisit, space: UidSpace) -> None:
    with visit.intake.sessions() as session:
        aside = has_withheld(session, space)
    if aside:
        visit.intake.write(lambda session, _now: reopen_withheld(session, space))


def _keep_renumbering(visit: ServerVisit, space: UidSpace, before: Before, examined: Examined) -> None:
    """The event and the new numbers are kept in one transaction: the event is kept once, whatever ends the look."""

    def write(session: Session, now: datetime) -> None:
        if before.is_renumbered(examined):
            _keep_new_uidvalidity(session, space, before, examined, now)
        if before.went_back(examined):
            detail = (
                f"UIDNEXT was {before.uidnext} and is {examined.uidnext}, as when a server is restored from a backup:"
                " UIDs from there on are taken when they come again"
            )
            keep_event(session, space.mailbox, space.folder, "uidnext-went-back", detail, now, alarm=True)
            keep_folder(session, space.mailbox, space.folder, now, uidnext=examined.uidnext or 1)

    if before.is_renumbered(examined) or before.went_back(examined):
        visit.intake.write(write)


def _keep_new_uidvalidity(session: Session, space: UidSpace, before: Before, examined: Examined, now: datetime) -> None:
    given_up = give_up_listed(session, space.mailbox, space.folder, but=space.uidvalidity)
    detail = (
        f"UIDVALIDITY was {before.uidvalidity} and is {space.uidvalidity}: all {examined.messages} mails are"
        f" taken again and matched by their bytes; {given_up} listed before can come no more"
    )
    keep_event(session, space.mailbox, space.folder, "uidvalidity-changed", detail, now)
    keep_folder(session, space.mailbox, space.folder, now, uidvalidity=space.uidvalidity, uidnext=1)


def _listing(visit: ServerVisit, space: UidSpace, before: Before, examined: Examined) -> Listing:
    """What the server lists. Where it counts more mails than it lists, or counts more after NOOP, it is asked again,
    in the end for all that it has.
    """
    first = _asked(visit, before, examined)
    refreshed = visit.connection.refreshed(examined)
    if refreshed == examined and not first.short:
        return first
    again = _asked(visit, before, refreshed, always=True)
    if again.short:
        again = _asked_for_all(visit, space, before)
    if event := _event_of(first, again):
        kind, detail = event
        visit.intake.write(
            lambda session, now: keep_event_once(session, space.mailbox, space.folder, kind, detail, now)
        )
    return again


def _asked(visit: ServerVisit, before: Before, examined: Examined, *, always: bool = False) -> Listing:
    """What the server lists, of all mails or of those that may be new."""
    compare = visit.poll.order.compare
    # No UID was given out since (RFC 9051, 2.3.1.1); the nightly comparison does not rely on that.
    nothing_new = before.uidnext is not None and before.uidnext == examined.uidnext
    grown = examined.messages - before.messages
    if nothing_new and grown <= 0 and not (before.waiting or compare or always):
        return Listing(before, examined)
    first = 1 if compare else before.first
    uids = visit.connection.uids(first, examined)
    return Listing(before, examined, uids, max(0, (examined.messages if first == 1 else grown) - len(uids)))


def _asked_for_all(visit: ServerVisit, space: UidSpace, before: Before) -> Listing:
    """What the server lists of all mails, in the folder that is reopened: by now a person may have moved some."""
    examined = visit.connection.examine(space.folder)
    if examined.uidvalidity != space.uidvalidity:
        raise Unreachable(f"mailboxes.{space.mailbox}: {space.folder} was renumbered in the middle of a poll")
    uids = visit.connection.uids(1, examined)
    with visit.intake.sessions() as session:
        known = known_uids(session, space)
    return Listing(replace(before, known=known), examined, uids, max(0, examined.messages - len(uids)))


def _event_of(first: Listing, again: Listing) -> tuple[str, str] | None:
    """The kind and the words of what a person may have to know about two listings that differ."""
    if again.short:
        counts = f"the server counts {again.examined.messages} mails and lists {len(again.uids)}, after NOOP too"
        return "list-incomplete", f"{counts}: {again.short} cannot be taken; each poll asks again"
    late = {uid for uid in again.uids if uid >= again.before.first}.difference(first.uids)
    return ("listed-after-noop", f"{len(late)} mails were listed only after NOOP: taken now") if late else None


def _wanted(visit: ServerVisit, space: UidSpace, listing: Listing) -> list[int]:
    """Gives each UID its row, and returns those whose mails are wanted: all that wait, and those that the server had
    not yet given out at the last look although we hold a mail under them (its numbering went back).
    """
    before = listing.before
    if fresh := [uid for uid in listing.uids if before.is_fresh(uid)]:
        visit.poll.tally.listed += visit.intake.write(partial(_keep_listed, visit, space, before, fresh))
    again = {uid for uid in listing.uids if (before.uidnext or uid + 1) <= uid <= before.last}
    if not (listing.uids or before.waiting):
        return []
    with visit.intake.sessions() as session:
        return sorted(again.union(waiting(session, space)))


def _keep_listed(
    visit: ServerVisit,
    space: UidSpace,
    before: Before,
    fresh: Sequence[int],
    session: Session,
    now: datetime,
) -> int:
    added = keep_listed(session, space, fresh, now)
    count_poll(session, visit.poll.poll_id, seen=added)
    if late := [uid for uid in fresh if uid < before.first and uid not in before.known]:
        detail = f"{len(late)} mails came up below UID {before.first}, the first of them {late[0]}: taken now"
        keep_event(session, space.mailbox, space.folder, "listed-late", detail, now)
    return added


def _take(visit: ServerVisit, space: UidSpace, wanted: Sequence[int]) -> None:
    done = 0
    for batch in _batches(visit, space, _without_dropped(visit, space, wanted)):
        visit.intake.go_on()
        kept = visit.intake.write(partial(_keep, visit, space, batch))
        visit.poll.tally.add(kept)
        done += len(batch.arrived) + len(batch.not_given)
        visit.poll.order.on_progress(space.folder, done, len(wanted))


def _without_dropped(visit: ServerVisit, space: UidSpace, wanted: Sequence[int]) -> Sequence[int]:
    """What is wanted, but for the mails at which the server has dropped the connection in this poll: they wait for the
    next one, and where it was so in several polls they are set aside and reported.
    """
    lost = visit.poll.lost_at.get(space)
    if lost is None:
        return wanted
    dropped = [uid for uid in wanted if uid in lost.dropped]
    if new := [uid for uid in dropped if uid not in lost.kept]:
        lost.kept.update(new)
        visit.poll.tally.dropped += len(new)
        visit.poll.tally.withheld += visit.intake.write(partial(_keep_dropped, space, new))
    return [uid for uid in wanted if uid not in lost.dropped]


def _keep_dropped(space: UidSpace, uids: Sequence[int], session: Session, now: datetime) -> int:
    """How many of them are set aside now."""
    keep_not_given(session, space, uids, "the server drops the connection whenever it is asked for this mail")
    aside = keep_withheld(session, space, uids, DROPPED_IN)
    for uid in aside:
        detail = f"UID {uid}: the server drops the connection when it is asked for this mail: asked again each night"
        keep_event(session, space.mailbox, space.folder, "withheld", detail, now, alarm=True)
    return len(aside)


def _keep(visit: ServerVisit, space: UidSpace, batch: Batch, session: Session, now: datetime) -> KeptArrivals:
    kept = keep_arrivals(session, batch.arrived, now)
    keep_not_given(session, space, batch.not_given, "the server lists it and does not give it")
    for kind, detail in batch.events:
        keep_event(session, space.mailbox, space.folder, kind, detail, now)
    for uid in kept.reused:
        detail = f"UID {uid} has another mail now than it had before: both are kept"
        keep_event(session, space.mailbox, space.folder, "uid-reused", detail, now, alarm=True)
    count_poll(session, visit.poll.poll_id, new=len(kept.new))
    return kept


def _batches(visit: ServerVisit, space: UidSpace, wanted: Sequence[int]) -> Iterator[Batch]:
    for start in range(0, len(wanted), LOOKED_AT_ONCE):
        some = wanted[start : start + LOOKED_AT_ONCE]
        looked = visit.connection.look(some)
        lost = sorted(set(some) - {mail.uid for mail in looked})
        if lost:
            yield _batch(visit, space, [Listed(uid, 0, None) for uid in lost], {})
        doubtful = visit.poll.lost_at.get(space, LostAt()).together
        sound = [mail for mail in looked if mail.uid not in doubtful]
        for mails in _in_batches(sound, min(visit.poll.order.largest, BATCH_BYTES)):
            yield _fetched(visit, space, mails)
        for mail in looked:
            if mail.uid in doubtful:
                yield _fetched(visit, space, [mail])


def _in_batches(mails: Sequence[Listed], largest: int) -> Iterator[list[Listed]]:
    """Mails that are asked for together. One of `largest` bytes or more is asked for by itself."""
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


def _fetched(visit: ServerVisit, space: UidSpace, mails: Sequence[Listed]) -> Batch:
    try:
        return _asked_for(visit, space, mails)
    except Unreachable:
        visit.poll.lost_at.setdefault(space, LostAt()).note([mail.uid for mail in mails])
        raise


def _asked_for(visit: ServerVisit, space: UidSpace, mails: Sequence[Listed]) -> Batch:
    if mails[0].size > visit.poll.order.largest:
        outline = visit.connection.outline(mails[0])
        return _batch(visit, space, mails, {} if outline is None else {mails[0].uid: outline})
    given = {mail.uid: mail for mail in visit.connection.give(mails)}
    events = [("size-differs", f"UID {mail.uid}: {mail.warning}") for mail in given.values() if mail.warning]
    return _batch(visit, space, mails, {uid: mail.raw for uid, mail in given.items()}, events)


def _batch(
    visit: ServerVisit,
    space: UidSpace,
    mails: Sequence[Listed],
    given: dict[int, bytes],
    events: Sequence[tuple[str, str]] = (),
) -> Batch:
    """The outcome of the mails that were asked for. One that did not come has vanished if it is not listed any more."""
    missing = [mail.uid for mail in mails if mail.uid not in given]
    not_given = visit.connection.has(missing) if missing else set()
    arrived = [
        _arrived(space, mail, given.get(mail.uid), visit.poll.order.largest)
        for mail in mails
        if mail.uid not in not_given
    ]
    odd_times = [("time-unknown", _odd_time(mail)) for mail in mails if mail.odd_time and mail.uid in given]
    return Batch(arrived, sorted(not_given), [*events, *odd_times])


def _odd_time(mail: Listed) -> str:
    return (
        f"UID {mail.uid}: the server says that it came at {mail.odd_time!r}, which is no time: when it came is known"
        " from its headers alone"
    )


def _arrived(space: UidSpace, mail: Listed, raw: bytes | None, largest: int) -> Arrived:
    size = max(mail.size, len(raw or b""))
    refused = too_large(size, largest) if raw is not None else None
    kept = raw[:OUTLINE] if raw is not None and refused and len(raw) > largest else raw
    log.info(
        "mailbox=%s folder=%r uid=%d size=%d refused=%s", space.mailbox, space.folder, mail.uid, size, bool(refused)
    )
    return Arrived(space.mailbox, space.folder, space.uidvalidity, mail.uid, mail.internaldate, kept, size, refused)


def too_large(size: int, largest: int) -> str | None:
    """Why a mail of that many bytes is refused; None where it is not."""
    return f"too large: {size:,} bytes, and {largest:,} are taken" if size > largest else None


def _seen(folder: Folder, listing: Listing, *, compare: bool) -> FolderSeen:
    before, examined, there = listing.before, listing.examined, set(listing.uids)
    gone = sum(uid not in there for uid, state in before.known.items() if state != "vanished")
    return FolderSeen(
        folder.name,
        examined.uidvalidity,
        max(examined.uidnext or before.uidnext or 1, max(there, default=0) + 1),
        examined.messages - listing.short,
        folder.junk or before.junk,
        gone if compare else None,
    )
