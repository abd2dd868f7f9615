"""A mail that is sent every night to the mailboxes that are polled: it must come back by itself."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from consultation.polling import day_of, night_before
from outgoing.letters import OutgoingLetter, queue_letter
from settings import Settings
from store.outgoing import is_queued

AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Autoreply": "yes"}
"""By which the secretariat's and everybody's programs know that it is no mail of a person."""
TEXT = (
    "This mail was sent by a program to find out whether mail arrives and is read.\n"
    "It says nothing about the draft, and needs no answer.\n"
)


def queue_canaries(session: Session, settings: Settings, now: datetime) -> None:
    """Puts one for each address and night into the queue, in the caller's transaction."""
    if settings.smtp is None:
        return
    due = night_before(settings.canary.at, settings.timezone, now)
    within = timedelta(hours=settings.canary.within_hours)
    day = day_of(due, settings.timezone)
    for address in settings.canary.to:
        key = f"canary {day} {address}"
        if now - due > within or is_queued(session, key):
            continue
        subject = f"Test of the mail, {day}, {secrets.token_hex(8)}"
        letter = OutgoingLetter(
            key, "canary", (address,), subject, TEXT, headers=dict(AUTOMATIC), insistent=True, expires=within
        )
        queue_letter(session, settings.smtp, letter, now)
