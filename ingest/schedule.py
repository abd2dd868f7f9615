"""When to poll: nightly, every N minutes, again after a failure; and what was missed while the machine was off."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from consultation.polling import night_after
from ingest.fetch import Polled, poll_all
from ingest.intake import Clock, Intake, Interrupted, RetryPolicy, StoreTrouble, holding_lease
from settings import Mailbox
from store.lease import LeaseHeld, LeaseLost
from store.polls import last_polls
from store.session import Sessions, checkpoint

log = logging.getLogger("kunming.ingest")

AT_NIGHT = RetryPolicy(tries=8, store=600.0)
"""Nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When to poll: every night at `nightly_at` (HH:MM) in `timezone`, and every so many minutes."""

    nightly_at: str = "03:00"
    timezone: str = "UTC"
    every_minutes: int | None = None

    def night_after(self, when: datetime) -> datetime:
        """The first night's instant after `when`."""
        return night_after(self.nightly_at, self.timezone, when)


class Nights(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """The scheduler's own cron trigger leaves a night out, or has two, where the clocks change (3.11 at 00:00 and 02:30
    in Europe/Paris).
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return self._plan.night_after(previous_fire_time or now)


def is_missed(plan: Plan, last_good: datetime | None, now: datetime) -> bool:
    """Whether a night's poll should have been made since the last good one began. The scheduler remembers nothing, so
    that it is found from the stored polls; one that is dated in the future, by a clock that was wrong, says nothing.
    """
    return last_good is None or last_good > now or plan.night_after(last_good) <= now


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failed polls in a row: 5 minutes, then twice as long each time, up to an hour."""
    return min(timedelta(minutes=5 * 2.0 ** min(failures - 1, 10)), timedelta(hours=1))


def pause_after_refusals(refusals: int) -> timedelta:
    """How long a mailbox whose password or certificate is wrong is left alone: many tries lock the account."""
    return min(timedelta(minutes=15 * 2.0 ** min(refusals - 1, 10)), timedelta(hours=12))


@contextmanager
def scheduled(
    plan: Plan,
    sessions: Sessions,
    mailboxes: Sequence[Mailbox],
    largest: int,
    clock: Clock,
    *,
    read: Callable[[Event], None] = lambda _stop: None,
) -> Iterator[BackgroundScheduler]:
    """A scheduler that runs until the context ends; a poll that is under way then ends after its batch. `read` is
    called at the start, for mail that waits, and after each round of polls, whatever came of them; the event that it is
    given is set when it is to end. Raises LeaseHeld where another process does the same.
    """
    stop = Event()
    with holding_lease(sessions, clock, name="schedule", doing="kunming run") as intake:
        scheduler = BackgroundScheduler(
            timezone=ZoneInfo(plan.timezone),
            executors={
                "default": ThreadPoolExecutor(1),
                "lease": ThreadPoolExecutor(1),
                "reading": ThreadPoolExecutor(1),
            },
            # A job that is late runs all the same, and once; APScheduler's own default drops what is a second late.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        rounds = Rounds(scheduler, sessions, mailboxes, largest, clock, read, stop)
        _plan(scheduler, plan, rounds, intake)
        scheduler.start()
        waiting = Thread(target=rounds.read_waiting)
        waiting.start()
        try:
            yield scheduler
        finally:
            stop.set()
            scheduler.shutdown(wait=True)
            waiting.join()


def _plan(scheduler: BackgroundScheduler, plan: Plan, rounds: "Rounds", intake: Intake) -> None:
    scheduler.add_listener(rounds.log_event, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    scheduler.add_job(rounds.poll, Nights(plan), ["nightly"], id="nightly")
    if plan.every_minutes:
        scheduler.add_job(rounds.poll, IntervalTrigger(minutes=plan.every_minutes), ["interval"], id="interval")
    if rounds.mailboxes and is_missed(plan, rounds.last_good(), intake.clock()):
        scheduler.add_job(rounds.poll, args=["missed"], id="missed")
    # It also wakes the scheduler after the machine has slept, which a long wait would sleep through.
    scheduler.add_job(_hold, IntervalTrigger(minutes=1), [intake], id="lease", executor="lease")


def _hold(intake: Intake) -> None:
    intake.prolong()


@dataclass(frozen=True, slots=True)
class Rounds:
    """One round polls all mailboxes that are due."""

    scheduler: BackgroundScheduler
    sessions: Sessions
    mailboxes: Sequence[Mailbox]
    largest: int
    clock: Clock
    read: Callable[[Event], None]
    stop: Event
    reading: Lock = field(default_factory=Lock)

    def poll(self, trigger: str) -> None:
        try:
            polled = self._poll(trigger)
        except (LeaseHeld, LeaseLost, StoreTrouble) as error:
            log.warning("trigger=%s error=%r", trigger, str(error))
            self._again(pause_after(1))
        else:
            self._again_where_failed(polled)
        finally:
            checkpoint(self.sessions)
            self.read_waiting()

    def read_waiting(self) -> None:
        """Reads the mail that has no Reading yet."""
        with self.reading:
            if self.stop.is_set():
                return
            try:
                self.read(self.stop)
            except Interrupted as stopped:
                log.info("reading=%r", str(stopped))
            except Exception:  # whatever stopped it, the mails wait: they are read after the next poll
                log.exception("reading=failed")
                self._again(pause_after(1))

    def _poll(self, trigger: str) -> list[Polled]:
        by_clock = trigger == "interval"
        due = [mailbox for mailbox in self.mailboxes if not by_clock or self._is_due(mailbox)]
        full = trigger in ("nightly", "missed")
        retry_policy = AT_NIGHT if full else RetryPolicy()
        return poll_all(
            self.sessions,
            due,
            self.largest,
            trigger,
            self.clock,
            compare=full,
            retry_policy=retry_policy,
            stop=self.stop,
        )

    def _is_due(self, mailbox: Mailbox) -> bool:
        """Not a mailbox that was refused a short while ago."""
        with self.sessions() as session:
            polls = last_polls(session, mailbox.name)
        refusals = 0
        while refusals < len(polls) and polls[refusals].outcome == "refused":
            refusals += 1
        if not refusals:
            return True
        return self.clock() >= (polls[0].ended_at or polls[0].started_at) + pause_after_refusals(refusals)

    def _again_where_failed(self, polled: Sequence[Polled]) -> None:
        failed = [one.mailbox for one in polled if one.outcome == "failed"]
        if failed and not self.stop.is_set():
            self._again(pause_after(max(self._failures(name) for name in failed)))

    def _failures(self, mailbox: str) -> int:
        with self.sessions() as session:
            outcomes = [poll.outcome for poll in last_polls(session, mailbox)]
        return next((n for n, outcome in enumerate(outcomes) if outcome != "failed"), len(outcomes)) or 1

    def _again(self, pause: timedelta) -> None:
        when = self.clock() + pause
        log.warning("poll_again_at=%s", when.isoformat(timespec="seconds"))
        self.scheduler.add_job(self.poll, "date", ["interval"], run_date=when, id="again", replace_existing=True)

    def last_good(self) -> datetime | None:
        """When the last good poll of the mailbox that was neglected longest began; None where one had none."""
        began: list[datetime] = []
        with self.sessions() as session:
            for mailbox in self.mailboxes:
                good = [poll.started_at for poll in last_polls(session, mailbox.name) if poll.outcome == "ok"]
                if not good:
                    return None
                began.append(good[0])
        return min(began, default=None)

    def log_event(self, event: JobEvent) -> None:
        """Logs a job that crashed or was skipped; one that crashed is tried again."""
        error = getattr(event, "exception", None)
        log.error("job=%s event=%d error=%r", event.job_id, event.code, error)
        if error is not None and event.job_id != "lease":
            self._again(pause_after(1))
