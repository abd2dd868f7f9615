"""What every write of one poll needs: the lease, the clock, and how often the store is tried again."""

import logging
import os
import re
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TypeVar

import psutil
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_delay, wait_exponential_jitter

from store.lease import Lease, LeaseHeld, LeaseLost, drop_lease, forget_leases, prolong_lease, take_lease
from store.session import Sessions

log = logging.getLogger("kunming.ingest")
T = TypeVar("T")
Clock = Callable[[], datetime]
Work = Callable[[Session, datetime], T]

LASTS = timedelta(minutes=10)
"""How long a lease holds unless it is prolonged: longer than one batch of mail takes on a slow connection."""


LASTING = ("no such", "readonly database")
"""Words of SQLite about what waiting does not mend: a store without its tables, a file that may not be written."""

PROLONGED_EVERY = 60.0
"""Seconds."""


class StoreTrouble(Exception):
    """The store did not take what had to be written: disk full, locked, or not there. Nothing is lost: try later."""

    exit_code = 75


class Interrupted(Exception):
    """The program is being ended."""

    exit_code = 75


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often an unreachable server is tried without getting anything, and how many seconds the store is waited for.
    Between two tries it waits twice as long each time, from `first` to `longest` seconds.
    """

    tries: int = 4
    first: float = 1.0
    longest: float = 60.0
    store: float = 90.0


USUAL_RETRIES = RetryPolicy()


@dataclass(frozen=True, slots=True)
class Intake:
    """The right to write what comes, while the lease holds."""

    sessions: Sessions
    lease: Lease
    clock: Clock
    retry_policy: RetryPolicy
    stop: Event
    over: Event = field(default_factory=Event)

    def go_on(self) -> None:
        """Raises Interrupted when it is time to stop."""
        if self.stop.is_set():
            raise Interrupted("stopped in the middle; the next poll goes on from there")

    def pause(self, seconds: float) -> None:
        """Waits, but not when it is time to stop."""
        self.stop.wait(seconds)
        self.go_on()

    def prolong(self) -> None:
        """Holds the lease for another while. Raises LeaseLost, StoreTrouble."""
        self.write(_nothing)

    def write(self, work: Work[T], *, last: bool = False) -> T:
        """One transaction that holds the lease, and gives it up where it is the `last`; `work` must be such that a
        second run of it changes nothing more. Waits where the store is locked, full or restarting. Raises LeaseLost,
        and StoreTrouble when that lasts too long.
        """

        def once() -> T:
            with self.sessions.begin() as session:
                now = self.clock()
                if last:
                    drop_lease(session, self.lease)
                else:
                    prolong_lease(session, self.lease, now, LASTS)
                return work(session, now)

        done = retried(once, self.retry_policy)
        if last:
            self.over.set()
        return done


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def in_use(sessions: Sessions, clock: Clock, doing: str) -> Iterator[None]:
    """Says in the store that this process uses it, until the end: what would replace the store is then refused."""
    name = f"serve {os.getpid()} {uuid.uuid4().hex[:8]}"
    with sessions.begin() as session:
        forget_leases(session, clock())
    with holding_lease(sessions, clock, name=name, doing=doing) as intake:
        over = Event()
        thread = threading.Thread(target=_prolong, args=[intake, over], daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _prolong(intake: "Intake", over: Event) -> None:
    while not over.wait(PROLONGED_EVERY):
        try:
            intake.prolong()
        except (LeaseLost, StoreTrouble) as error:
            log.warning("lease=%s error=%r", intake.lease.name, str(error))


def _nothing(_session: Session, _now: datetime) -> None:
    return


def retried(work: Callable[[], T], retry_policy: RetryPolicy) -> T:
    """What `work` returns, tried again while the store is locked, full or restarting."""
    retrying = Retrying(
        retry=retry_if_exception(_is_temporary),
        stop=stop_after_delay(retry_policy.store),
        wait=wait_exponential_jitter(multiplier=0.1, max=5),
        before_sleep=_log_waiting,
        reraise=True,
    )
    try:
        return retrying(work)
    except (OperationalError, InterfaceError) as error:
        if any(words in str(error) for words in LASTING):
            raise
        raise StoreTrouble(f"database_url: the store cannot be written: {_cause(error)}") from error


def _is_temporary(error: BaseException) -> bool:
    """Whether it is worth waiting: a locked or full or restarting database, not one without its tables."""
    temporary = isinstance(error, OperationalError | InterfaceError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
    return temporary and not any(words in str(error) for words in LASTING)


def _log_waiting(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning("store=waiting attempt=%d error=%r", state.attempt_number, _cause(error))


def _cause(error: BaseException | None) -> str:
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split())[:200]


@contextmanager
def holding_lease(
    sessions: Sessions,
    clock: Clock,
    retry_policy: RetryPolicy = USUAL_RETRIES,
    *,
    name: str = "poll",
    doing: str = "kunming poll",
    stop: Event | None = None,
    first: Work[object] = _nothing,
) -> Iterator[Intake]:
    """The Intake, with the lease until the end; `first` is written in the transaction that takes it. Raises LeaseHeld,
    which names the holder; the lease of a process of this machine that has ended is taken over.
    """
    holder = f"{doing}, process {os.getpid()} on {socket.gethostname()} started {_start(psutil.Process())}"
    lease = retried(lambda: _take(sessions, clock, name, holder, first), retry_policy)
    intake = Intake(sessions, lease, clock, retry_policy, stop or Event())
    try:
        yield intake
    finally:
        if not intake.over.is_set():
            with suppress(OperationalError, InterfaceError, LeaseLost), sessions.begin() as session:
                drop_lease(session, lease)


def _take(sessions: Sessions, clock: Clock, name: str, holder: str, first: Work[object]) -> Lease:
    over: str | None = None
    while True:
        try:
            with sessions.begin() as session:
                now = clock()
                lease = take_lease(session, name, holder, now, LASTS, over=over)
                first(session, now)
                return lease
        except LeaseHeld as held:
            if held.holder == over or not ended(held.holder):
                raise
            log.warning("lease=%s taken_over_from=%r", name, held.holder)
            over = held.holder


def ended(holder: str) -> bool:
    """Whether the holder of a lease was a process of this machine that has ended. Its number may be another's by now:
    the time of its start tells, give or take what the machine's clock was corrected by.
    """
    named = re.search(r"process (\d+) on (\S+) started (\S+)$", holder)
    if named is None or named[2] != socket.gethostname():
        return False
    try:
        started = datetime.fromisoformat(_start(psutil.Process(int(named[1]))))
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return True
    except psutil.AccessDenied:
        return False
    return abs(started - datetime.fromisoformat(named[3])) > timedelta(seconds=10)


def _start(process: psutil.Process) -> str:
    if process.status() == psutil.STATUS_ZOMBIE:
        raise psutil.ZombieProcess(process.pid)
    return datetime.fromtimestamp(process.create_time(), UTC).isoformat(timespec="seconds")
