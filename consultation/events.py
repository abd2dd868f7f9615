"""What happened, one event after the other: mails that came, readings, decisions of people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from consultation.facts import ConsultationSnapshot, MailFact
from consultation.kept import Correction
from parsing.model import Kind

EventKind = Literal["arrival", "reading", "correction"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: to a `mail`, or a `correction` of the kind `corrected`, made `by` a person. A mail
    that is read again has a new reading, at another time.
    """

    kind: EventKind
    at: datetime
    mail: int | None = None
    mail_class: Kind | None = None
    party: str | None = None
    group: str | None = None
    observer: str | None = None
    late: bool | None = None
    correction: int | None = None
    corrected: str | None = None
    by: str | None = None

    @property
    def id(self) -> str:
        """Different for each; it begins with the time."""
        return f"{self.at.isoformat()}/{self.kind}/{self.mail or self.correction}"


def events(snapshot: ConsultationSnapshot) -> tuple[Event, ...]:
    """All that the snapshot knows of, in the order of time."""
    found = [_of_mail("arrival", mail, mail.first_seen) for mail in snapshot.mails]
    found += [_of_mail("reading", mail, mail.read_at) for mail in snapshot.mails if mail.read_at]
    found += map(_of_correction, snapshot.corrections)
    return tuple(sorted(found, key=lambda event: (event.at, event.id)))


def _of_mail(kind: EventKind, mail: MailFact, at: datetime) -> Event:
    return Event(kind, at, mail.id, mail.kind, mail.party, mail.group, mail.observer, mail.late)


def _of_correction(one: Correction) -> Event:
    return Event("correction", one.at, correction=one.id, corrected=one.kind, by=one.who)
