"""When comments are in time."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from consultation.facts import MailFact

END_OF_DAY_OFFSET = timedelta(hours=-12)
"""The offset from UTC at which a day ends last on Earth: a deadline's day that ends there has ended everywhere."""

_ALWAYS, _NEVER = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
"""For days at whose end there is no time any more; every zone can show these."""


def day_ends(day: date, offset: timedelta) -> datetime:
    """The instant at which the day has ended, at that offset from UTC."""
    try:
        return datetime.combine(day + timedelta(days=1), time(), timezone(offset)).astimezone(UTC)
    except OverflowError:
        return _NEVER if day.year > _NEVER.year // 2 else _ALWAYS


def with_lateness(mails: Iterable[MailFact], ends: datetime, own: Mapping[str, datetime]) -> tuple[MailFact, ...]:
    """The mails, late where their provable time is not before the deadline's end, or that of their own Party."""
    return tuple(replace(mail, late=_is_late(mail, own.get(mail.party or "", ends))) for mail in mails)


def _is_late(mail: MailFact, ends: datetime) -> bool:
    return mail.provable is not None and mail.provable >= ends
