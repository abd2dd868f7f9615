"""How the polls went, and whether what is shown is fresh."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

SLACK = timedelta(hours=2)
"""How much longer than its interval a good poll may be away before the alarm: time for a long poll and its retries."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far the clocks of two machines that use one store may be apart without notice."""

NOT_GIVEN = "mails are listed and not given"
NOT_LISTED = "mails are counted by the server and not listed"
"""How the error of a poll ends that went well but for mails that the server keeps back."""

PollOutcome = Literal["running", "ok", "refused", "failed"]
"""Refused: a setting or password is wrong; failed: later may do."""


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll of one mailbox; `seen` counts mails that the server listed for the first time, `new` those not held."""

    id: int
    mailbox: str
    trigger: str
    started_at: datetime
    ended_at: datetime | None
    outcome: PollOutcome
    seen: int
    new: int
    error: str | None

    @property
    def kept_back(self) -> bool:
        """Whether it went well but for mails that the server keeps back."""
        return (self.error or "").endswith((NOT_GIVEN, NOT_LISTED))


@dataclass(frozen=True, slots=True)
class KeptPolls:
    """The last ended poll of each mailbox, in the order of their ids, and the end of the last good one by mailbox."""

    last: tuple[Poll, ...] = ()
    last_good: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Freshness:
    """When mailboxes were last polled. `last_good` is the end of the last good poll, `age_seconds` ago; `stalest`
    that of the mailbox whose last good poll is the longest ago. They are None where there was none.
    """

    last: Poll | None
    last_good: datetime | None
    stalest: datetime | None
    age_seconds: int | None
    failing: tuple[Poll, ...] = ()
    """The last poll of each mailbox, where it did not go well."""


def freshness(polls: KeptPolls, now: datetime) -> Freshness:
    """How fresh the mails are at this time."""
    ends = polls.last_good
    last_good = max(ends.values(), default=None)
    never_good = any(poll.mailbox not in ends for poll in polls.last)
    return Freshness(
        last=polls.last[-1] if polls.last else None,
        last_good=last_good,
        stalest=None if never_good else min(ends.values(), default=None),
        age_seconds=None if last_good is None else round((now - last_good).total_seconds()),
        failing=tuple(poll for poll in polls.last if poll.outcome != "ok"),
    )


def why_stale(fresh: Freshness, interval: timedelta, now: datetime) -> str:
    """Why the last good poll is too long ago, for mailboxes that are polled at this interval; empty where it is not."""
    if fresh.stalest is None:
        return "a mailbox has had no good poll yet"
    if fresh.last_good is not None and fresh.last_good > now + CLOCKS_DIFFER:
        return f"the last good poll is dated in the future, {fresh.last_good:%Y-%m-%d %H:%M} UTC: was a clock wrong?"
    age = now - fresh.stalest
    return f"the last good poll of a mailbox was {age} ago" if age > interval + SLACK else ""


def night_after(nightly_at: str, timezone: str, when: datetime) -> datetime:
    """The first instant after `when` at which it is `nightly_at` (HH:MM) in the zone. Each date has one, also where the
    clocks change: an hour that occurs twice counts once, one that is left out counts as the hour after it.
    """
    return next(night for night in _nights_around(nightly_at, timezone, when) if night > when)


def night_before(nightly_at: str, timezone: str, when: datetime) -> datetime:
    """The last such instant until `when`."""
    return [night for night in _nights_around(nightly_at, timezone, when) if night <= when][-1]


def day_of(when: datetime, timezone: str) -> date:
    """The date in the zone."""
    return when.astimezone(ZoneInfo(timezone)).date()


def _nights_around(nightly_at: str, timezone: str, when: datetime) -> list[datetime]:
    zone, at = ZoneInfo(timezone), time.fromisoformat(nightly_at)
    today = when.astimezone(zone).date()
    return [datetime.combine(today + timedelta(days=n), at, zone).astimezone(UTC) for n in (-2, -1, 0, 1, 2)]
