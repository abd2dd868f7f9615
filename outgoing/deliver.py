"""Sends what waits in the queue. What fails is tried again later; nothing is sent twice, and nobody waits for it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from outgoing.errors import NotAccepted, NotKnown, NotNow
from outgoing.smtp import send_mail
from outgoing.web import ping, post
from settings import Settings, WrongSettings
from store.outgoing import Due, claim, due, give_up_on_old, keep_failed, keep_left, keep_sent, recover
from store.session import Sessions

log = logging.getLogger("kunming.outgoing")
Send = Callable[[Due, threading.Event], str]
"""Sends one, and returns what was odd. Raises NotNow, NotAccepted."""
Outcome = Literal["sent", "later", "given-up", "unsure", "taken"]
GIVES_UP_AFTER = timedelta(days=3)
"""As mail servers do (RFC 5321, section 4.5.4.1: 4 to 5 days at most)."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many were sent, how many are left for later, and how many were given up, or may have been sent."""

    sent: int = 0
    later: int = 0
    given_up: int = 0


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute, then twice as long each time, up to two hours."""
    return min(timedelta(minutes=2.0 ** min(attempts - 1, 10)), timedelta(hours=2))


def deliver(
    sessions: Sessions, settings: Settings, clock: Callable[[], datetime], stop: threading.Event | None = None
) -> Delivered:
    """Sends all that is due. A channel that is away is left until the next time; setting `stop` ends it."""
    ended = stop or threading.Event()
    with sessions.begin() as session:
        recover(session, clock())
        given_up = give_up_on_old(session, clock(), GIVES_UP_AFTER)
        waiting = due(session, clock())
    channels = {
        "mail": partial(_mail, settings),
        "webhook": partial(_webhook, settings),
        "ping": partial(_ping, settings),
    }
    away: set[str] = set()
    sent = later = 0
    for one in waiting:
        if ended.is_set():
            break
        if one.channel in away:
            later += 1
            continue
        outcome = _deliver_one(sessions, one, channels[one.channel], clock, ended)
        sent += outcome == "sent"
        later += outcome == "later"
        given_up += outcome in ("given-up", "unsure")
        if outcome == "later":
            away.add(one.channel)
    return Delivered(sent, later, given_up)


def _deliver_one(
    sessions: Sessions, one: Due, send: Send, clock: Callable[[], datetime], stop: threading.Event
) -> Outcome:
    """The outcome: taken where another process was first."""
    with sessions.begin() as session:
        if not claim(session, one.id, clock()):
            return "taken"
    outcome, words = _try(one, send, stop)
    with sessions.begin() as session:
        if outcome == "sent":
            keep_sent(session, one.id, clock(), words)
        elif outcome == "later":
            keep_failed(session, one.id, words, clock() + pause_after(one.attempts + 1))
        else:
            keep_left(session, one.id, outcome, words)
    level = logging.INFO if outcome == "sent" else logging.WARNING
    log.log(level, "outgoing=%r channel=%s outcome=%s error=%r", one.key, one.channel, outcome, words)
    return outcome


def _try(one: Due, send: Send, stop: threading.Event) -> tuple[Outcome, str]:
    """The outcome, and why or what was odd."""
    try:
        return "sent", send(one, stop)
    except (NotNow, WrongSettings) as error:
        return "later", str(error)
    except NotKnown as error:
        return ("later" if one.insistent else "unsure"), str(error)
    except NotAccepted as error:
        return "given-up", str(error)
    except Exception as error:  # a fault with one is no reason to keep the others
        log.exception("outgoing=%r", one.key)
        return "given-up", f"{type(error).__name__}: {error}"


def _mail(settings: Settings, one: Due, stop: threading.Event) -> str:
    if settings.smtp is None:
        raise NotNow("smtp: it is not set")
    return send_mail(settings.smtp, one.sender, one.recipients, one.content.encode(), stop)


def _webhook(settings: Settings, one: Due, _stop: threading.Event) -> str:
    if settings.alerts.webhook is None:
        raise NotNow("alerts.webhook: it is not set")
    post(settings.alerts.webhook.get_secret_value(), one.content)
    return ""


def _ping(settings: Settings, _one: Due, _stop: threading.Event) -> str:
    if settings.alerts.ping_url is None:
        raise NotNow("alerts.ping_url: it is not set")
    ping(settings.alerts.ping_url.get_secret_value())
    return ""
