"""When something is wrong: pure decisions over what a look at the service found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consultation.alarm_words import WORDS, mended_text, raised_text, title_of
from consultation.health import (
    ALARM_KINDS,
    Alarm,
    AlarmLimits,
    DiskSpace,
    Expiry,
    Health,
    alarms,
    span_in_words,
    was_a_good_night,
)
from consultation.polling import NOT_GIVEN, KeptPolls, Poll, night_after, night_before

NOW = datetime(2021, 9, 6, 6, 30, tzinfo=UTC)
NIGHT = datetime(2021, 9, 6, 3, 0, tzinfo=UTC)
LIMITS = AlarmLimits(timedelta(days=1), least_free=1_000_000_000)
GB = 10**9


def polls(outcome: Any = "ok", error: str | None = None, *, good: float | None = 3.0, mailbox: str = "a") -> KeptPolls:
    """The last poll, and how many hours ago the last good one ended."""
    last = Poll(1, mailbox, "nightly", NOW, NOW, outcome, 0, 0, error)
    return KeptPolls((last,), {} if good is None else {mailbox: NOW - timedelta(hours=good)})


def health(**more: Any) -> Health:
    given: dict[str, Any] = {"mailboxes": ("a",), "polls": polls(), "disks": (DiskSpace("/data", 50 * GB),)}
    return Health(at=NOW, **given | more)


def keys(found: tuple[Alarm, ...]) -> list[str]:
    return [alarm.key for alarm in found]


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"polls": polls("failed", "away")}, ["mailbox a"]),
    ({"polls": polls("refused", "password")}, ["mailbox a"]),
    ({"polls": polls("failed", "away", good=None)}, ["mailbox a"]),
    ({"polls": polls(good=27)}, ["mailbox a"]),
    ({"polls": polls(good=25)}, []),
    ({"polls": polls(good=-24)}, ["mailbox a"]),
    ({"polls": polls("failed", f"3 {NOT_GIVEN}")}, ["ledger a"]),
    ({"polls": polls("failed", f"3 {NOT_GIVEN}", good=99)}, ["ledger a"]),
    ({"polls": KeptPolls()}, []),
    ({"missing": {"a": 2}}, ["ledger a"]),
    ({"missing": {"old": 2}}, ["ledger old"]),
    ({"missing": {"a": 2}, "polls": polls("failed", "dropped")}, ["mailbox a"]),
    ({"missing": {"a": 2}, "polling": frozenset("a")}, []),
    ({"polls": polls("failed", "away"), "polling": frozenset("a")}, []),
    ({"polls": polls(good=27), "polling": frozenset("a")}, ["mailbox a"]),
    ({"disks": (DiskSpace("/data", GB - 1),)}, ["disk /data"]),
    ({"disks": (DiskSpace("/data", GB),)}, []),
    ({"waiting": 3, "waiting_since": NOW - timedelta(hours=1)}, []),
    ({"waiting": 3, "waiting_since": NOW - timedelta(hours=3)}, ["reading"]),
    ({"quarantined": 1}, ["quarantine"]),
    ({"model_away": "timeout"}, ["model"]),
    ({"unsent": "away", "unsent_since": NOW - timedelta(minutes=5)}, []),
    ({"unsent": "away", "unsent_since": NOW - timedelta(minutes=31)}, ["outgoing"]),
    ({"expiries": (Expiry("token x", NOW + timedelta(days=15)),)}, []),
    ({"expiries": (Expiry("token x", NOW + timedelta(days=13)),)}, ["expiring token x"]),
    ({"expiries": (Expiry("token x", NOW - timedelta(days=1)),)}, ["expiring token x"]),
]


@pytest.mark.parametrize(("found", "wrong"), WRONG)
def test_what_is_wrong(found: dict[str, Any], wrong: list[str]) -> None:
    assert keys(alarms(health(**found), LIMITS)) == wrong


@pytest.mark.parametrize("key", ["mailbox", "ledger"])
def test_while_a_poll_is_under_way_an_alarm_of_its_mailbox_stands(key: Any) -> None:
    standing = [Alarm(key, "a", "before")]
    under_way = health(polls=polls("failed", "cut off"), polling=frozenset("a"))
    assert alarms(under_way, LIMITS, standing) == tuple(standing)


@pytest.mark.parametrize(("free", "wrong"), [(1.05, ["disk /data"]), (1.11, [])])
def test_a_disk_that_wavers_around_the_limit_is_one_alarm(free: float, wrong: list[str]) -> None:
    standing = [Alarm("disk", "/data", "")]
    assert keys(alarms(health(disks=(DiskSpace("/data", int(free * GB)),)), LIMITS, standing)) == wrong


def test_the_same_alarm_with_other_words_is_the_same() -> None:
    assert Alarm("disk", "/data", "4 MB") == Alarm("disk", "/data", "3 MB")


@pytest.mark.parametrize(
    ("found", "good"),
    [
        ({}, True),
        ({"polls": polls(good=4)}, False),
        ({"polls": polls("failed", "away", good=99)}, False),
        ({"waiting": 1}, False),
        ({"missing": {"a": 1}}, False),
        ({"polling": frozenset("a")}, False),
        ({"disks": (DiskSpace("/data", 0),)}, False),
        ({"unsent_since": NOW - timedelta(hours=1)}, False),
        ({"quarantined": 1}, True),
        ({"model_away": "x"}, True),
        ({"mailboxes": ()}, False),
    ],
)
def test_a_good_night_leaves_nothing_to_be_done(found: dict[str, Any], good: bool) -> None:
    seen = health(**found)
    assert was_a_good_night(seen, NIGHT, alarms(seen, LIMITS)) is good


def test_a_night_with_one_of_two_mailboxes_is_not_good() -> None:
    two = polls()
    two = KeptPolls(two.last, {**two.last_good, "b": NIGHT - timedelta(minutes=1)})
    assert not was_a_good_night(health(mailboxes=("a", "b"), polls=two), NIGHT, ())


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe"])
def test_between_two_nights_the_one_before_is_the_last_one(zone: str) -> None:
    when = datetime(2025, 1, 1, 12, tzinfo=UTC)
    for _ in range(365):
        after = night_after("02:30", zone, when)
        assert night_before("02:30", zone, after) == after
        assert night_before("02:30", zone, after - timedelta(seconds=1)) < after
        when = after


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"minutes": 12}, "12 minutes"),
        ({"minutes": 119}, "119 minutes"),
        ({"hours": 27}, "27 hours"),
        ({"days": 3}, "3 days"),
    ],
)
def test_a_span_in_words(span: dict[str, int], words: str) -> None:
    assert span_in_words(timedelta(**span)) == words


def test_every_kind_of_alarm_says_what_it_means_and_what_to_do() -> None:
    assert tuple(WORDS) == ALARM_KINDS
    for kind in ALARM_KINDS:
        alarm = Alarm(kind, "this", "because")
        raised = raised_text(alarm, NOW)
        assert all(words in raised for words in (title_of(alarm), "because", WORDS[kind].means, WORDS[kind].do))
        assert title_of(alarm) in mended_text(alarm, NOW, NOW)


def test_times_are_said_with_their_offset() -> None:
    zoned = replace(health()).at.astimezone().tzinfo
    assert "2021-09-06 06:30+00:00" in raised_text(Alarm("model", "", "x"), NOW)
    assert zoned is not None
