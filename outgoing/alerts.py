"""Reports what breaks, once, and once more when it is mended: alarms -> letters and webhooks in the queue."""

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from consultation.alarm_words import mended_text, raised_text, title_of
from consultation.health import Alarm, Health, alarms
from outgoing.letters import OutgoingLetter, queue_letter
from settings import Settings
from store.alarms import KeptAlarm, active_alarms, keep_alarms
from store.outgoing import NewOutgoing, queue
from store.reads.polls import Happened, read_alarming_events

log = logging.getLogger("kunming.outgoing")
State = Literal["broken", "mended"]
REPORTED_WITHIN = timedelta(days=1)
"""Events that are older are history: who sets alerts up later gets none of them."""


def check_alarms(session: Session, health: Health, settings: Settings) -> tuple[Alarm, ...]:
    """What is wrong now. What that changes is kept and put into the queue, in the caller's transaction."""
    standing = [one.alarm for one in active_alarms(session)]
    wrong = alarms(health, settings.limits, standing)
    changes = keep_alarms(session, wrong, health.at)
    for one in changes.raised:
        log.warning("alarm=%r state=broken words=%r", one.alarm.key, one.alarm.words)
        _tell(session, settings, one, "broken", health.at)
    for one in changes.mended:
        log.warning("alarm=%r state=mended", one.alarm.key)
        _tell(session, settings, one, "mended", health.at)
    _report_events(session, settings, read_alarming_events(session, health.at - REPORTED_WITHIN), health.at)
    return wrong


def _tell(session: Session, settings: Settings, one: KeptAlarm, state: State, now: datetime) -> None:
    zone = ZoneInfo(settings.timezone)
    since, until = one.since.astimezone(zone), now.astimezone(zone)
    broken = state == "broken"
    title = title_of(one.alarm)
    text = raised_text(one.alarm, since) if broken else mended_text(one.alarm, since, until)
    _queue_letter(session, settings, f"alarm {one.id}", state, title if broken else f"mended: {title}", text, now)
    form = {"alarm": one.alarm.kind, "about": one.alarm.about, "state": state, "text": text, "at": until.isoformat()}
    _queue_webhook(session, settings, f"alarm {one.id} {state}", form, now)


def _report_events(session: Session, settings: Settings, events: Iterable[Happened], now: datetime) -> None:
    """Reports what happened once and is no lasting state: there is no all-clear for it."""
    for event in events:
        at = event.at.astimezone(ZoneInfo(settings.timezone))
        where = f"{event.mailbox}/{event.folder}" if event.folder else event.mailbox
        title = f"{event.kind} in {where}"
        text = f"{title}, at {at.isoformat(sep=' ', timespec='minutes')}: {event.detail}\n\nIt is reported once.\n"
        _queue_letter(session, settings, f"event {event.id}", "broken", title, text, now)
        form = {"alarm": event.kind, "about": where, "state": "happened", "text": text, "at": at.isoformat()}
        _queue_webhook(session, settings, f"event {event.id}", form, now)


def _queue_letter(
    session: Session, settings: Settings, key: str, state: State, title: str, text: str, now: datetime
) -> None:
    """The all-clear is a reply to the alert, so that mail programs show them together."""
    to: Sequence[str] = settings.alerts.to
    if settings.smtp is None or not to:
        return
    mended = state == "mended"
    letter = OutgoingLetter(
        key=f"{key} {state}",
        kind="alert",
        to=tuple(to),
        subject=f"kunming: {title}",
        text=text,
        replies_to=f"{key} broken" if mended else None,
        insistent=True,
    )
    queue_letter(session, settings.smtp, letter, now)


def _queue_webhook(session: Session, settings: Settings, key: str, form: dict[str, str], now: datetime) -> None:
    if settings.alerts.webhook is None:
        return
    content = json.dumps(form, ensure_ascii=False)
    queue(session, NewOutgoing(f"webhook {key}", "alert", "webhook", content, insistent=True), now)
