"""Mailboxes -> stored raw Mails and Arrivals; files through the same path."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from threading import Event
from typing import Literal

from sqlalchemy.orm import Session
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential

from consultation.polling import NOT_GIVEN, NOT_LISTED
from ingest.answers import Folder, is_junk_name
from ingest.expirations import expirations
from ingest.folder import (
    BATCH_BYTES,
    BATCH_MAILS,
    OUTLINE,
    MailboxPoll,
    OnProgress,
    PollOrder,
    ServerVisit,
    Tally,
    poll_folder,
    too_large,
)
from ingest.intake import USUAL_RETRIES, Clock, Intake, Interrupted, RetryPolicy, StoreTrouble, holding_lease
from ingest.mailbox import connect
from ingest.mailbox_errors import Unreachable, WrongMailbox, reason_of
from ingest.sources import FileMail, SkippedFile
from settings import Mailbox
from store.arrivals import Arrived, KeptArrivals, keep_arrivals
from store.lease import LeaseLost
from store.polls import keep_event, keep_event_once, start_poll
from store.session import Sessions

log = logging.getLogger("kunming.ingest")
Outcome = Literal["ok", "refused", "failed"]
EXIT_CODES: dict[Outcome, int] = {"ok": 0, "refused": WrongMailbox.exit_code, "failed": Unreachable.exit_code}


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll of one mailbox gave. `listed` are the mails that the server listed for the first time, of which
    `new` are Mails not held before; `waiting` are those that it lists and did not give, `dropped` those at which it
    dropped the connection, of which `withheld` were set aside, `short` those that it counts and did not list. `error`
    is one line.
    """

    mailbox: str
    outcome: Outcome
    listed: int = 0
    new: int = 0
    same: int = 0
    refused: int = 0
    vanished: int = 0
    dropped: int = 0
    withheld: int = 0
    waiting: int = 0
    short: int = 0
    retries: int = 0
    error: str | None = None

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.outcome]


def exit_code(polled: Iterable[Polled]) -> int:
    """0 where all went well; a wrong setting (2) weighs more than a server that is away (75)."""
    codes = {one.exit_code for one in polled}
    return 2 if 2 in codes else max(codes, default=0)


def _quiet(_folder: str, _done: int, _wanted: int) -> None:
    return


def poll_all(
    sessions: Sessions,
    mailboxes: Sequence[Mailbox],
    largest: int,
    trigger: str,
    clock: Clock,
    *,
    compare: bool = False,
    retry_policy: RetryPolicy = USUAL_RETRIES,
    on_progress: OnProgress = _quiet,
    stop: Event | None = None,
) -> list[Polled]:
    """One poll of each mailbox: what is new is kept before this returns. With `compare` all UIDs of the server are
    compared with the ledger. Raises LeaseHeld where another process polls this store, LeaseLost where one took over,
    and StoreTrouble where the store cannot be written; what was kept until then stays. `stop`, when set, ends it after
    the batch that is under way.
    """
    polls = PollRound(mailboxes, trigger, PollOrder(largest, compare, on_progress))
    first = partial(polls.begin, 0)
    with holding_lease(sessions, clock, retry_policy, doing=f"kunming ({trigger})", stop=stop, first=first) as intake:
        return [polls.poll(n, intake) for n in range(len(mailboxes))]


@dataclass(frozen=True, slots=True)
class PollRound:
    """One poll of each mailbox. A poll begins in the commit that ends the one before it, the first in that which takes
    the lease: where nothing is new, commits are what takes the time.
    """

    mailboxes: Sequence[Mailbox]
    trigger: str
    order: PollOrder
    ids: dict[int, int] = field(default_factory=dict)
    """The polls that have begun, by the numbers of their mailboxes."""

    def begin(self, n: int, session: Session, now: datetime) -> None:
        if n < len(self.mailboxes):
            self.ids[n] = start_poll(session, self.mailboxes[n].name, self.trigger, now)

    def poll(self, n: int, intake: Intake) -> Polled:
        poll = MailboxPoll(intake, self.mailboxes[n], self.ids[n], self.order)
        name, tally = poll.mailbox.name, poll.tally
        outcome, error, crashed = _poll_safely(poll)

        def write(session: Session, now: datetime) -> None:
            poll.end(session, outcome, error, now)
            if crashed:
                keep_event(session, name, None, "poll-crashed", error or "", now, alarm=True)
            self.begin(n + 1, session, now)

        intake.write(write, last=n + 1 == len(self.mailboxes))
        log.info("mailbox=%s outcome=%s listed=%d new=%d error=%r", name, outcome, tally.listed, tally.new, error)
        return Polled(name, outcome, error=error, **asdict(tally))


def _poll_safely(poll: MailboxPoll) -> tuple[Outcome, str | None, bool]:
    """How the poll went, in words, and whether it crashed: that is this mailbox's matter, and the next is polled."""
    name, tally = poll.mailbox.name, poll.tally
    try:
        outcome, error = _poll_with_retries(poll)
    except (LeaseLost, StoreTrouble):
        raise
    except Exception as error:
        log.exception("mailbox=%s", name)
        return "failed", f"mailboxes.{name}: {type(error).__name__}: {reason_of(error)}", True
    if outcome == "ok" and tally.waiting:
        return "failed", f"mailboxes.{name}: {tally.waiting} {NOT_GIVEN}", False
    if outcome == "ok" and tally.short:
        return "failed", f"mailboxes.{name}: {tally.short} {NOT_LISTED}", False
    return outcome, error, False


def _poll_with_retries(poll: MailboxPoll) -> tuple[Outcome, str | None]:
    """Looks into all folders, on a new connection after each fault of the network, until one brings nothing several
    times in a row. A folder that is done is not looked into again.
    """
    done: dict[str, WrongMailbox | None] = {}
    retry_policy = poll.intake.retry_policy
    retrying = Retrying(
        retry=retry_if_exception_type(Unreachable),
        stop=_Stuck(retry_policy.tries, poll.tally),
        wait=wait_exponential(multiplier=retry_policy.first, max=retry_policy.longest),
        sleep=poll.intake.pause,
        before_sleep=partial(_log_retry, poll),
        reraise=True,
    )
    try:
        retrying(_poll_folders, poll, done)
    except WrongMailbox as wrong:
        return "refused", str(wrong)
    except (Unreachable, Interrupted) as away:
        return "failed", str(away)
    missing = [str(error) for name, error in done.items() if error and name in poll.mailbox.folders]
    return ("refused", missing[0]) if missing else ("ok", None)


class _Stuck:
    """Stops after `tries` attempts in a row that have kept nothing."""

    def __init__(self, tries: int, tally: Tally) -> None:
        self.tries, self.tally, self.kept, self.since = tries, tally, 0, 0

    def __call__(self, state: RetryCallState) -> bool:
        if self.tally.kept > self.kept:
            self.kept, self.since = self.tally.kept, state.attempt_number - 1
        return state.attempt_number - self.since >= self.tries


def _log_retry(poll: MailboxPoll, state: RetryCallState) -> None:
    poll.tally.retries += 1
    error = state.outcome and state.outcome.exception()
    log.warning("mailbox=%s attempt=%d error=%r", poll.mailbox.name, state.attempt_number, str(error))


def _poll_folders(poll: MailboxPoll, done: dict[str, WrongMailbox | None]) -> None:
    """Looks into the folders of the settings, then into those for spam: a comment taken for spam is a comment."""
    with connect(poll.mailbox, poll.intake.stop) as connection:
        poll.ends.update(expirations(poll.mailbox) | connection.certificate)
        visit = ServerVisit(poll, connection)
        for name in poll.mailbox.folders:
            _poll_folder_once(visit, Folder(name, is_junk_name(name)), done)
        if not poll.mailbox.read_junk:
            return
        # Not before: in a session that has listed the folders, Dovecot's EXAMINE of a large one takes a second.
        listed = connection.folders()
        for line in listed.unnamed:
            _keep_event_once(visit, line, "folder-skipped", f"a folder whose name cannot be read: {line}")
        for folder in listed.folders:
            if folder.junk:
                _poll_folder_once(visit, folder, done)
                poll.junk.append(folder.name)


def _poll_folder_once(visit: ServerVisit, folder: Folder, done: dict[str, WrongMailbox | None]) -> None:
    if folder.name in done:
        return
    try:
        poll_folder(visit, folder)
    except WrongMailbox as missing:
        _keep_event_once(visit, folder.name, "folder-missing", str(missing))
        done[folder.name] = missing
    else:
        done[folder.name] = None


def _keep_event_once(visit: ServerVisit, folder: str, kind: str, detail: str) -> None:
    mailbox = visit.poll.mailbox.name
    visit.intake.write(lambda session, now: keep_event_once(session, mailbox, folder, kind, detail, now))


@dataclass(frozen=True, slots=True)
class Imported:
    """What came from files: `found` mails, of which `new` were not held before. `not_taken` names the other files."""

    found: int = 0
    new: int = 0
    same: int = 0
    refused: int = 0
    not_taken: tuple[SkippedFile, ...] = ()


def import_mails(
    sessions: Sessions,
    mails: Iterable[FileMail | SkippedFile],
    largest: int,
    clock: Clock,
    *,
    retry_policy: RetryPolicy = USUAL_RETRIES,
) -> Imported:
    """Keeps mail from files as if it had come by mail. Its place is the file's name and a number made of its bytes, so
    that the same import twice changes nothing. Raises LeaseHeld, StoreTrouble.
    """
    found, not_taken = 0, []
    tally = Tally()
    with holding_lease(sessions, clock, retry_policy, doing="kunming import") as intake:
        for batch in _in_batches(mails):
            files = [one for one in batch if isinstance(one, FileMail)]
            not_taken += [one for one in batch if isinstance(one, SkippedFile)]
            found += len(files)
            arrived = [_from_file(mail, largest) for mail in files]
            tally.add(intake.write(partial(_keep_files, arrived)))
    return Imported(found, tally.new, tally.same, tally.refused, tuple(not_taken))


def _keep_files(arrived: Sequence[Arrived], session: Session, now: datetime) -> KeptArrivals:
    return keep_arrivals(session, arrived, now)


def _from_file(mail: FileMail, largest: int) -> Arrived:
    size = len(mail.raw)
    refused = too_large(size, largest)
    raw = mail.raw[:OUTLINE] if refused else mail.raw
    uid = int.from_bytes(sha256(raw).digest()[:7])
    return Arrived("files", mail.where[-1000:], 0, uid, None, raw, size, refused)


def _in_batches(found: Iterable[FileMail | SkippedFile]) -> Iterator[list[FileMail | SkippedFile]]:
    batch: list[FileMail | SkippedFile] = []
    size = 0
    for one in found:
        batch.append(one)
        size += len(one.raw) if isinstance(one, FileMail) else 0
        if size > BATCH_BYTES or len(batch) >= BATCH_MAILS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
