"""What is new since a time, and how many mails came each day."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from consultation.facts import ConsultationSnapshot, MailFact
from consultation.kept import Correction
from consultation.mail_counts import MailCounts, mail_counts

LONGEST = 62
"""Days that a chart of arrivals shows: two months."""


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail that came, with how much it says of the draft. `is_first` where its speaker had no mail before."""

    mail: MailFact
    counts: MailCounts
    is_first: bool


@dataclass(frozen=True, slots=True)
class NewMails:
    """What is new since a time: `mails` that speak on the draft, the newest first; `others` counts those that do not,
    and copies; `decided` are the corrections that people made.
    """

    since: datetime
    mails: tuple[NewMail, ...]
    others: int
    decided: tuple[Correction, ...]

    @property
    def first_answers(self) -> int:
        """How many speakers wrote for the first time."""
        return len({one.mail.speaker for one in self.mails if one.is_first and one.mail.speaker})


def new_mails(snapshot: ConsultationSnapshot, since: datetime) -> NewMails:
    """What the store has seen since that time."""
    came = [mail for mail in snapshot.mails if mail.first_seen >= since]
    speaking = [mail for mail in came if mail.is_current and mail.speaks_on_the_draft]
    newest = sorted(speaking, key=lambda mail: (mail.first_seen, mail.counts_from, mail.id), reverse=True)
    return NewMails(
        since=since,
        mails=tuple(_new(newest, snapshot, since)),
        others=len(came) - len(speaking),
        decided=tuple(one for one in snapshot.corrections if one.at >= since),
    )


def _new(newest: Iterable[MailFact], snapshot: ConsultationSnapshot, since: datetime) -> Iterator[NewMail]:
    counts = mail_counts(snapshot)
    before = {who for mail in snapshot.mails if mail.first_seen < since for who in mail.speakers}
    for mail in newest:
        yield NewMail(mail, counts.get(mail.id, MailCounts()), mail.speaker not in before)


@dataclass(frozen=True, slots=True)
class Day:
    """How many mails that speak on the draft came on one day (UTC), in time and late."""

    day: date
    in_time: int
    late: int

    @property
    def mails(self) -> int:
        return self.in_time + self.late


def arrivals_by_day(snapshot: ConsultationSnapshot) -> tuple[Day, ...]:
    """Every day from the first arrival to the last or the deadline's, by provable time; the last LONGEST of them."""
    came: Counter[tuple[date, bool]] = Counter()
    for mail in snapshot.mails:
        if mail.is_current and mail.speaks_on_the_draft and mail.provable:
            came[mail.provable.astimezone(UTC).date(), mail.late] += 1
    if not came:
        return ()
    days = [day for day, _ in came]
    first, last = min(days), max(*days, snapshot.draft.deadline)
    shown = min((last - first).days + 1, LONGEST)
    return tuple(
        Day(day, came[day, False], came[day, True])
        for day in (last - timedelta(days=n) for n in range(shown - 1, -1, -1))
    )
