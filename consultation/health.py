"""Whether all runs as it should: what a look at the service found, and the alarms that follow from it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

from consultation.polling import CLOCKS_DIFFER, NOT_GIVEN, SLACK, KeptPolls, Poll

AlarmKind = Literal[
    "mailbox", "ledger", "disk", "reading", "quarantine", "model", "scanner", "outgoing", "expiring", "canary"
]
ALARM_KINDS: tuple[AlarmKind, ...] = get_args(AlarmKind)
WITHHOLDS_PING: frozenset[AlarmKind] = frozenset({"mailbox", "ledger", "disk", "reading", "outgoing", "canary"})
"""With one of these no night was good: who waits for the ping sees that it is missing."""
UNREADABLE_FOR = timedelta(hours=2)
"""How long a mail may wait for its reading: the largest take minutes."""
UNSENT_FOR = timedelta(minutes=30)
"""How long what leaves may fail before it is an alarm: a mail server restarts in minutes."""
MENDED_AT = 1.1
"""How much more room than the least there must be before a full disk counts as mended: it wavers around the limit."""


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """How many bytes are free in a folder that the service writes to."""

    folder: str
    free: int


@dataclass(frozen=True, slots=True)
class Expiry:
    """Something that stops working at a time unless a person renews it: a token, a certificate, a secret."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CanaryMail:
    """A mail that was sent to find out whether mail arrives. `returned` is when it had come back and was read; `unsent`
    why it did not leave, where it did not.
    """

    address: str
    sent: datetime
    returned: datetime | None = None
    unsent: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """What a look at the service found. `mailboxes` are those of the settings, `polling` those that are being polled at
    this moment; `missing` counts arrivals without a state in the others, by mailbox. `unsent` says why what leaves is
    not sent.
    """

    at: datetime
    mailboxes: tuple[str, ...] = ()
    polls: KeptPolls = field(default_factory=KeptPolls)
    polling: frozenset[str] = frozenset()
    missing: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0
    waiting_since: datetime | None = None
    quarantined: int = 0
    model_away: str = ""
    scanner_away: str = ""
    """Why the virus scanner does not answer, where there is one."""
    unsent: str = ""
    unsent_since: datetime | None = None
    disks: tuple[DiskSpace, ...] = ()
    expiries: tuple[Expiry, ...] = ()
    canaries: tuple[CanaryMail, ...] = ()
    """The last one to each address."""

    @property
    def difference(self) -> int:
        """That of the ledger, but for what a poll that is under way has still to fetch."""
        return sum(self.missing.values())

    def last(self, mailbox: str) -> Poll | None:
        """The last poll of a mailbox that has ended."""
        return next((poll for poll in self.polls.last if poll.mailbox == mailbox), None)


@dataclass(frozen=True, slots=True)
class AlarmLimits:
    """From where on something is wrong: `interval` is how often each mailbox is polled."""

    interval: timedelta = timedelta(days=1)
    least_free: int = 0
    days_before: timedelta = timedelta(days=14)
    canary_within: timedelta = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong. What has the same kind and is about the same is the same alarm, whatever its words."""

    kind: AlarmKind
    about: str
    words: str = field(compare=False)

    @property
    def key(self) -> str:
        return f"{self.kind} {self.about}".strip()


def alarms(health: Health, limits: AlarmLimits, standing: Collection[Alarm] = ()) -> tuple[Alarm, ...]:
    """All that is wrong now. What cannot be judged at this moment, since a poll is under way, stays as it stands."""
    stands = {alarm.key: alarm for alarm in standing}
    found = (
        *_of_mailboxes(health, limits, stands),
        *_of_ledger(health, stands),
        *_of_disk(health, limits, stands),
        *_of_reading(health),
        *_of_what_leaves(health),
        *_of_expiries(health, limits),
        *_of_canaries(health, limits, stands),
    )
    return tuple(found)


def _of_mailboxes(health: Health, limits: AlarmLimits, stands: Mapping[str, Alarm]) -> Iterator[Alarm]:
    for mailbox in health.mailboxes:
        late = why_late(health, mailbox, limits.interval)
        last = health.last(mailbox)
        if mailbox in health.polling and not late:
            yield from _as_it_stands(stands, "mailbox", mailbox)
        elif last is not None and last.kept_back:
            continue  # the ledger's matter: one fault is reported once
        elif last is not None and last.outcome != "ok":
            yield Alarm("mailbox", mailbox, f"its last poll went wrong ({last.outcome}): {last.error or 'unknown'}")
        elif late:
            yield Alarm("mailbox", mailbox, late)


def why_late(health: Health, mailbox: str, interval: timedelta) -> str:
    """Why the last good poll of a mailbox is too long ago; empty where it is not, or where none has ended yet."""
    good = health.polls.last_good.get(mailbox)
    if good is None:
        return ""
    if good > health.at + CLOCKS_DIFFER:
        return f"its last good poll is dated in the future, {good:%Y-%m-%d %H:%M} UTC: was a clock wrong?"
    age = health.at - good
    return f"its last good poll was {span_in_words(age)} ago" if age > interval + SLACK else ""


def _as_it_stands(stands: Mapping[str, Alarm], kind: AlarmKind, about: str) -> Iterator[Alarm]:
    standing = stands.get(f"{kind} {about}")
    if standing is not None:
        yield standing


def _of_ledger(health: Health, stands: Mapping[str, Alarm]) -> Iterator[Alarm]:
    """A poll that broke off leaves mails to be fetched: that is reported as its mailbox's."""
    for mailbox in sorted({*health.mailboxes, *health.missing}):
        last = health.last(mailbox)
        if mailbox in health.polling:
            yield from _as_it_stands(stands, "ledger", mailbox)
        elif last is not None and last.kept_back:
            yield Alarm("ledger", mailbox, last.error or "")
        elif health.missing.get(mailbox) and (last is None or last.outcome == "ok"):
            yield Alarm("ledger", mailbox, f"{health.missing[mailbox]} {NOT_GIVEN}")


def _of_disk(health: Health, limits: AlarmLimits, stands: Mapping[str, Alarm]) -> Iterator[Alarm]:
    for disk in health.disks:
        least = limits.least_free * (MENDED_AT if f"disk {disk.folder}" in stands else 1)
        if disk.free < least:
            yield Alarm("disk", disk.folder, f"{disk.free / 1e6:,.0f} MB are free")


def _of_reading(health: Health) -> Iterator[Alarm]:
    since = health.waiting_since
    if since is not None and health.at - since > UNREADABLE_FOR:
        yield Alarm("reading", "", f"{health.waiting} mails wait for their reading, since {_utc(since)}")
    if health.quarantined:
        yield Alarm("quarantine", "", f"{health.quarantined} mails crash their reading, and need a person")
    if health.model_away:
        yield Alarm("model", "", health.model_away)
    if health.scanner_away:
        yield Alarm("scanner", "", health.scanner_away)


def _of_what_leaves(health: Health) -> Iterator[Alarm]:
    since = health.unsent_since
    if since is not None and health.at - since > UNSENT_FOR:
        yield Alarm("outgoing", "", f"nothing was sent since {_utc(since)}: {health.unsent}")


def _of_expiries(health: Health, limits: AlarmLimits) -> Iterator[Alarm]:
    for one in health.expiries:
        left = one.at - health.at
        if left <= timedelta():
            yield Alarm("expiring", one.name, f"it has expired on {_utc(one.at)}")
        elif left <= limits.days_before:
            yield Alarm("expiring", one.name, f"it expires on {_utc(one.at)}, in {span_in_words(left)}")


def _of_canaries(health: Health, limits: AlarmLimits, stands: Mapping[str, Alarm]) -> Iterator[Alarm]:
    """One that is under way does not yet say that the loss of the one before it was an accident."""
    for one in health.canaries:
        if one.returned is None and health.at - one.sent > limits.canary_within:
            left = f"did not leave ({one.unsent})" if one.unsent else "has not come back"
            yield Alarm("canary", one.address, f"the test mail of {_utc(one.sent)} {left}")
        elif one.returned is None:
            yield from _as_it_stands(stands, "canary", one.address)


def was_a_good_night(health: Health, night: datetime, now_wrong: Collection[Alarm]) -> bool:
    """Whether everything that was to be done since that instant is done: each mailbox polled well, all mail read, the
    ledger balanced, and no alarm says otherwise.
    """
    polled = all(health.polls.last_good.get(name, night) > night for name in health.mailboxes)
    still = health.polling.isdisjoint(health.mailboxes) and not (health.waiting or health.difference)
    return bool(health.mailboxes) and polled and still and WITHHOLDS_PING.isdisjoint(a.kind for a in now_wrong)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so before what is shown can be relied on; `why` says why it is not, and may be public."""

    name: str
    ok: bool
    why: str = ""


def checks(health: Health, limits: AlarmLimits, polls_stale: str) -> tuple[Check, ...]:
    """Whether what is shown is fresh and complete. `polls_stale` says why the polls are too old, where they are."""
    since = health.waiting_since
    reading_late = since is not None and health.at - since > UNREADABLE_FOR
    too_full = [disk for disk in health.disks if disk.free < limits.least_free]
    return (
        _check("polls", polls_stale),
        _check("ledger", f"{health.difference} {NOT_GIVEN}" if health.difference else ""),
        _check("disk", f"less than {limits.least_free / 1e6:,.0f} MB are free" if too_full else ""),
        _check("reading", f"{health.waiting} mails wait for their reading" if reading_late else ""),
    )


def _check(name: str, why: str) -> Check:
    return Check(name, not why, why)


def span_in_words(span: timedelta) -> str:
    """A span of time as people say it: 3 days, 27 hours, 12 minutes."""
    minutes = int(span.total_seconds() // 60)
    for size, name in ((24 * 60, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size} {name}"
    return f"{minutes} minutes"


def _utc(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
