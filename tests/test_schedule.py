"""When polls happen: nightly, once, late rather than never."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from fixture_dovecot import Dovecot
from fixture_imap_script import Scripted, commands
from sqlalchemy import select

from ingest.schedule import Plan, Rounds, is_missed, pause_after, pause_after_refusals, scheduled
from store.lease import LeaseHeld
from store.polls import end_poll, last_polls, start_poll
from store.session import Sessions
from store.tables import FolderRow


def now() -> datetime:
    return datetime.now(UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_good", "is_now", "missed"),
    [
        (None, "2021-09-01T12:00", True),
        ("2021-09-01T03:00:01", "2021-09-01T12:00", False),
        ("2021-09-01T02:59", "2021-09-01T12:00", True),
        ("2021-08-31T14:00", "2021-09-01T02:59", False),
        ("2021-08-31T14:00", "2021-09-01T03:00", True),
        ("2021-08-01T14:00", "2021-09-01T03:00", True),
        ("2021-09-02T14:00", "2021-09-01T12:00", True),
    ],
)
def test_a_night_is_missed_when_no_good_poll_began_since(last_good: str | None, is_now: str, missed: bool) -> None:
    assert is_missed(Plan("03:00"), at(last_good) if last_good else None, at(is_now)) is missed


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo"])
@pytest.mark.parametrize("hour", ["00:00", "01:30", "02:30", "03:00"])
def test_every_day_of_a_year_has_one_night_whatever_the_clocks_do(zone: str, hour: str) -> None:
    plan, when, dates = Plan(hour, zone), at("2025-01-01T12:00"), []
    for _ in range(365):
        when = plan.night_after(when)
        dates.append(when.astimezone(ZoneInfo(zone)).date())
    assert len(set(dates)) == 365
    assert (dates[-1] - dates[0]).days == 364


def test_pauses_grow_to_a_limit() -> None:
    assert [pause_after(n) // timedelta(minutes=1) for n in (1, 2, 3, 4, 5, 99)] == [5, 10, 20, 40, 60, 60]
    assert [pause_after_refusals(n) // timedelta(minutes=1) for n in (1, 2, 7, 99)] == [15, 30, 720, 720]


def test_what_was_missed_is_polled_at_the_start_and_once(dovecot: Dovecot, sqlite_store: Sessions) -> None:
    dovecot.append(b"Subject: one\r\n\r\n.\r\n")
    read = threading.Semaphore(0)
    with scheduled(Plan(), sqlite_store, [dovecot.mailbox()], 10_000, now, read=lambda _stop: read.release()):
        for _ in ("at the start", "after the poll"):
            assert read.acquire(timeout=20)
    with scheduled(Plan(), sqlite_store, [dovecot.mailbox()], 10_000, now) as scheduler:
        assert scheduler.get_job("missed") is None
    with sqlite_store() as session:
        assert [(poll.trigger, poll.outcome, poll.new) for poll in last_polls(session, "outcome")] == [
            ("missed", "ok", 1)
        ]


def test_after_a_round_nothing_is_left_in_the_log_of_sqlite(dovecot: Dovecot, sqlite_store: Sessions) -> None:
    dovecot.append(b"Subject: one\r\n\r\n" + b"x" * 500_000)
    file = Path(sqlite_store.kw["bind"].url.database)
    sizes: list[int] = []
    read = threading.Semaphore(0)

    def look(_stop: threading.Event) -> None:
        sizes.append(file.with_name(file.name + "-wal").stat().st_size)
        read.release()

    with scheduled(Plan(), sqlite_store, [dovecot.mailbox()], 1_000_000, now, read=look):
        for _ in ("at the start", "after the poll"):
            assert read.acquire(timeout=20)
    assert (len(sizes), sizes[-1]) == (2, 0)


def test_a_night_compares_all_uids_with_the_ledger(dovecot: Dovecot, sqlite_store: Sessions) -> None:
    dovecot.append(b"Subject: one\r\n\r\n.\r\n", b"Subject: two\r\n\r\n.\r\n")
    with sqlite_store.begin() as session:
        end_poll(session, start_poll(session, "outcome", "hand", now()), "ok", None, now())
    rounds: list[tuple[str, int | None]] = []
    polled = threading.Semaphore(0)

    def after() -> None:
        with sqlite_store() as session:
            rounds.append((last_polls(session, "outcome")[0].trigger, session.scalars(select(FolderRow.gone)).first()))
        polled.release()

    plan = Plan(every_minutes=60)
    with scheduled(plan, sqlite_store, [dovecot.mailbox()], 10_000, now, read=lambda _stop: after()) as scheduler:
        assert polled.acquire(timeout=20)
        scheduler.modify_job("interval", next_run_time=now())
        assert polled.acquire(timeout=20)
        with dovecot.client() as client:
            client.select("INBOX")
            client.uid("STORE", "1", "+FLAGS", "(\\Deleted)")
            client.expunge()
        scheduler.modify_job("nightly", next_run_time=now())
        assert polled.acquire(timeout=20)
    assert rounds == [("hand", None), ("interval", None), ("nightly", 1)]


def test_a_second_scheduler_on_the_same_store_learns_who_holds_it(store: Sessions) -> None:
    with scheduled(Plan(), store, [], 10_000, now):
        second = scheduled(Plan(), store, [], 10_000, now)
        with pytest.raises(LeaseHeld, match=r"already polled by kunming run, process \d+ on "), second:
            pass
    with scheduled(Plan(), store, [], 10_000, now):
        pass


def test_a_failed_poll_is_tried_again_later(dovecot: Dovecot, sqlite_store: Sessions) -> None:
    dovecot.stop()
    with sqlite_store.begin() as session:
        end_poll(session, start_poll(session, "outcome", "hand", now()), "ok", None, now())
        for _ in range(2):
            end_poll(session, start_poll(session, "outcome", "nightly", now()), "failed", "away", now())
    read = threading.Semaphore(0)
    plan = Plan(every_minutes=1)
    with scheduled(
        plan, sqlite_store, [dovecot.mailbox()], 10_000, now, read=lambda _stop: read.release()
    ) as scheduler:
        assert read.acquire(timeout=20)
        scheduler.modify_job("interval", next_run_time=now())
        assert read.acquire(timeout=30)
        again = scheduler.get_job("again")
        assert timedelta(minutes=15) < again.next_run_time - now() <= timedelta(minutes=20)


def test_a_mailbox_that_refused_the_password_is_left_alone_for_a_while(
    scripted: Scripted, sqlite_store: Sessions
) -> None:
    scripted.login = "NO [AUTHENTICATIONFAILED] no"
    later = timedelta()
    rounds = Rounds(
        BackgroundScheduler(), sqlite_store, [scripted.mailbox()], 10_000, lambda: now() + later, lambda _stop: None,
        threading.Event(),
    )  # fmt: skip
    tries = []
    for minutes in (0, 14, 16, 45, 47, 106, 108):
        later = timedelta(minutes=minutes)
        rounds.poll("interval")
        tries.append(len(commands(scripted, "LOGIN")))
    assert tries == [1, 1, 2, 2, 3, 3, 4]
