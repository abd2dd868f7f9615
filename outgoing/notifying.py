"""What is done every minute beside the polling: alarms, the ping, the morning's summary, and sending what is due."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from clamd import why_away
from consultation.facts import ConsultationSnapshot
from consultation.health import Alarm, Health, was_a_good_night
from consultation.polling import day_of, night_before
from consultation.status import status
from consultation.summary import summary_subject, summary_text
from outgoing.alerts import check_alarms
from outgoing.canaries import queue_canaries
from outgoing.certificates import ends_at, tls_servers
from outgoing.deliver import deliver
from outgoing.letters import OutgoingLetter, queue_letter
from outgoing.receipts import queue_receipts
from settings import Settings
from store.disk_space import disk_spaces
from store.expiries import note_expiry
from store.outgoing import NewOutgoing, is_queued, last_queued, queue
from store.reads.health import read_health
from store.session import Sessions

log = logging.getLogger("kunming.outgoing")
EVERY = 60.0
"""Seconds."""
LEAVES_WITHIN = 8.0
"""Seconds that sending has to end when the program ends: what is under way is taken up again at the next start."""
WORTH_PINGING = timedelta(hours=12)
WORTH_SUMMARISING = timedelta(hours=6)
"""After so long a summary of the morning is none: the next one has it all."""


@dataclass(frozen=True, slots=True)
class Notifier:
    """`snapshot` reads the consultation as it is now; it is asked only when a summary is due."""

    sessions: Sessions
    settings: Settings
    clock: Callable[[], datetime]
    snapshot: Callable[[Session], ConsultationSnapshot]
    stop: threading.Event = field(default_factory=threading.Event)
    considered: set[int] = field(default_factory=set)
    """Mails about whose receipts was decided."""

    def notify(self) -> None:
        """Looks, queues what is to be reported, and sends what is due."""
        with self.sessions.begin() as session:
            health = self.look(session)
            wrong = check_alarms(session, health, self.settings)
            self._ping(session, health, wrong)
            self._summarise(session, health.at, wrong)
            queue_canaries(session, self.settings, health.at)
            queue_receipts(session, self.settings, health.at, self.snapshot, self.considered)
        deliver(self.sessions, self.settings, self.clock, self.stop)

    def look(self, session: Session) -> Health:
        """The state of the service now."""
        names = [mailbox.name for mailbox in self.settings.mailboxes]
        health = read_health(session, self.clock(), names, with_model=self.settings.model is not None)
        away = "" if self.settings.clamd is None else why_away(self.settings.clamd)
        return replace(health, disks=disk_spaces(self.settings.database_url), scanner_away=away)

    def _ping(self, session: Session, health: Health, wrong: Collection[Alarm]) -> None:
        """One ping for each good night."""
        if self.settings.alerts.ping_url is None:
            return
        night = night_before(self.settings.nightly_at, self.settings.timezone, health.at)
        if was_a_good_night(health, night, wrong):
            ping = NewOutgoing(f"ping {night:%Y-%m-%d %H:%M}", "ping", "ping", insistent=True)
            queue(session, replace(ping, expires_at=health.at + WORTH_PINGING), health.at)

    def _summarise(self, session: Session, now: datetime, wrong: Collection[Alarm]) -> None:
        """One summary a day, from its hour on."""
        to, smtp = self.settings.summary.to, self.settings.smtp
        if not to or smtp is None:
            return
        due = night_before(self.settings.summary.at, self.settings.timezone, now)
        key = f"summary {day_of(due, self.settings.timezone)}"
        if now - due > WORTH_SUMMARISING or is_queued(session, key):
            return
        since = last_queued(session, "summary") or due - timedelta(days=1)
        letter = self._summary(session, key, since, now, wrong)
        queue_letter(session, smtp, letter, now)

    def _summary(
        self, session: Session, key: str, since: datetime, now: datetime, wrong: Collection[Alarm]
    ) -> OutgoingLetter:
        snapshot = self.snapshot(session)
        standing = status(snapshot)
        text = summary_text(
            snapshot, standing, wrong, since=since, now=now, zone=ZoneInfo(self.settings.timezone), link=self._link
        )
        subject = summary_subject(snapshot, standing, since)
        to = self.settings.summary.to
        return OutgoingLetter(key, "summary", to, subject, text, insistent=True, expires=WORTH_SUMMARISING)

    @property
    def _link(self) -> str:
        return self.settings.public_url or ""

    def note_certificates(self) -> None:
        """Keeps until when the certificates of the servers that are used hold; one that cannot be had stays known."""
        for server in dict.fromkeys(tls_servers(self.settings)):
            try:
                ends = ends_at(server)
            except OSError as error:
                log.info("certificate=%r error=%r", server.name, str(error))
                continue
            with self.sessions.begin() as session:
                note_expiry(session, server.name, ends, self.clock())


@contextmanager
def notifying(notifier: Notifier, every: float = EVERY) -> Iterator[Callable[[], None]]:
    """Reports every minute, and when the function that is given is called; on a thread of its own."""
    wake = threading.Event()
    thread = threading.Thread(target=_tell_on, args=[notifier, wake, every], name="notifying", daemon=True)
    thread.start()
    try:
        yield wake.set
    finally:
        notifier.stop.set()
        wake.set()
        thread.join(LEAVES_WITHIN)


def _tell_on(notifier: Notifier, wake: threading.Event, every: float) -> None:
    looked: date | None = None
    while not notifier.stop.is_set():
        if looked != (today := notifier.clock().date()):
            looked = today
            _safely(notifier.note_certificates)
        notify_safely(notifier)
        wake.wait(every)
        wake.clear()


def notify_safely(notifier: Notifier) -> None:
    """Reports; what goes wrong is logged, and tried again the next time."""
    _safely(notifier.notify)


def _safely(do: Callable[[], None]) -> None:
    try:
        do()
    except SQLAlchemyError as error:
        log.warning("notifying=failed error=%r", " ".join(str(error).split())[:300])
    except Exception:  # whatever it is, the next minute is another try
        log.exception("notifying=failed")
