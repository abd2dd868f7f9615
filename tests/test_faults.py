"""The night alone: kills, stops, full disks, locked and restarted databases, two pollers at once. Nothing is lost,
nothing is doubled."""

import os
import resource
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from durable_steps import BROKEN, HELD, LOST, ended, polling_process, until_no_step_is_left
from fixture_dovecot import Dovecot
from fixture_store import Postgres, fresh, postgres_in
from private_server import server_folder
from sqlalchemy import event, make_url, select
from test_fetch import QUICK, events, hashes, mail, now, of, poll, states

from ingest.fetch import exit_code, poll_all
from ingest.intake import RetryPolicy, StoreTrouble
from settings import Mailbox
from store.session import Sessions, migrate, open_store, sessions
from store.tables import ArrivalRow, FolderRow, MailRow, RawRow

FULL = 44
MAILS = [mail(n) for n in range(6)] + [mail(0), mail(6, b"x" * 5_000), mail(7)]


def contents(url: str) -> tuple[object, ...]:
    """All that a poll leaves, but for times and the numbers of rows."""
    engine = open_store(url)
    with sessions(engine)() as session:
        place = (ArrivalRow.mailbox, ArrivalRow.folder, ArrivalRow.uidvalidity, ArrivalRow.uid)
        arrivals = session.execute(
            select(*place, ArrivalRow.state, ArrivalRow.internaldate, MailRow.sha256)
            .outerjoin(MailRow)
            .order_by(*place)
        ).all()
        raw = session.execute(
            select(MailRow.sha256, MailRow.size, MailRow.refused, RawRow.content).join(RawRow).order_by(MailRow.sha256)
        ).all()
        folders = session.execute(select(FolderRow.folder, FolderRow.uidnext, FolderRow.messages)).all()
    engine.dispose()
    return tuple(map(tuple, arrivals)), tuple(map(tuple, raw)), tuple(map(tuple, folders))


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Postgres | None:
    """The PostgreSQL of the test, where it is one."""
    return request.getfixturevalue("postgres") if "postgresql" in request.node.name else None


@pytest.mark.timeout(900)
def test_killed_before_and_after_every_durable_step_it_goes_on_to_the_same(
    dovecot: Dovecot, store_url: str, server: Postgres | None
) -> None:
    dovecot.append(*MAILS)
    mailboxes = [dovecot.mailbox()]
    clean = fresh(store_url, server)
    assert ended(polling_process(clean, mailboxes)) == 0

    def run(n: int) -> int:
        url = fresh(store_url, server)
        code = ended(polling_process(url, mailboxes, at=n))
        assert ended(polling_process(url, mailboxes)) == 0
        assert contents(url) == contents(clean)
        return code

    assert until_no_step_is_left(run) >= 14
    before = contents(clean)
    assert ended(polling_process(clean, mailboxes)) == 0
    assert contents(clean) == before


@pytest.mark.timeout(900)
def test_killed_at_every_step_after_the_numbering_changed_it_doubles_nothing(dovecot: Dovecot, tmp_path: Path) -> None:
    dovecot.append(*MAILS)
    mailboxes, before = [dovecot.mailbox()], tmp_path / "before.sqlite"
    migrate(f"sqlite:///{before}")
    assert ended(polling_process(f"sqlite:///{before}", mailboxes)) == 0
    dovecot.change_uidvalidity()
    dovecot.append(mail(8))
    found: list[object] = []

    def run(n: int) -> int:
        file = shutil.copy(before, tmp_path / f"{n}.sqlite")
        code = ended(polling_process(f"sqlite:///{file}", mailboxes, at=n))
        assert ended(polling_process(f"sqlite:///{file}", mailboxes)) == 0
        engine = open_store(f"sqlite:///{file}")
        assert events(sessions(engine)) == ["uidvalidity-changed"]
        assert len(hashes(sessions(engine))) == len({*MAILS, mail(8)})
        engine.dispose()
        found.append(contents(f"sqlite:///{file}"))
        return code

    assert until_no_step_is_left(run) >= 12
    assert found == [found[-1]] * len(found)


@pytest.mark.timeout(900)
def test_two_pollers_at_once_on_an_empty_store_keep_each_mail_once(
    dovecot: Dovecot, store_url: str, server: Postgres | None
) -> None:
    dovecot.append(*MAILS)
    mailboxes = [dovecot.mailbox()]
    clean = fresh(store_url, server)
    assert ended(polling_process(clean, mailboxes)) == 0
    for _ in range(20):
        url = fresh(store_url, server)
        pipe = os.pipe()
        pollers = [polling_process(url, mailboxes, ready=pipe) for _ in range(2)]
        for end in pipe:
            os.close(end)
        codes = sorted(map(ended, pollers))
        assert codes in ([0, 0], [0, HELD])
        assert contents(url) == contents(clean)


def test_a_poller_that_slept_past_its_lease_writes_nothing_more(
    dovecot: Dovecot, store_url: str, server: Postgres | None
) -> None:
    dovecot.append(*MAILS)
    clean, url = fresh(store_url, server), fresh(store_url, server)
    assert ended(polling_process(clean, [dovecot.mailbox()])) == 0
    sleeper = polling_process(url, [dovecot.mailbox()], at=6, does=signal.SIGSTOP)
    os.waitpid(sleeper, os.WUNTRACED)
    assert ended(polling_process(url, [dovecot.mailbox()])) == HELD
    engine = open_store(url)
    poll_all(sessions(engine), [dovecot.mailbox()], 3_000, "hand", lambda: now() + timedelta(minutes=11))
    engine.dispose()
    os.kill(sleeper, signal.SIGCONT)
    assert ended(sleeper) == LOST
    assert contents(url) == contents(clean)


def test_a_server_that_dies_between_batches_is_found_again(dovecot: Dovecot, sqlite_store: Sessions) -> None:
    mails = [mail(n, b"x" * 5_000_000) for n in range(4)]
    dovecot.append(*mails)
    kills = iter([1, 2])

    def on_progress(_folder: str, _done: int, _wanted: int) -> None:
        if next(kills, None):
            assert dovecot.kill_sessions() >= 1

    [polled] = poll_all(
        sqlite_store, [dovecot.mailbox()], 60_000_000, "hand", now, retry_policy=QUICK, on_progress=on_progress
    )
    assert (polled.outcome, polled.new, polled.retries) == ("ok", 4, 2)
    assert hashes(sqlite_store) == of(*mails)


def test_a_server_that_dies_in_the_middle_of_a_mail_is_found_again(dovecot: Dovecot, sqlite_store: Sessions) -> None:
    mails = [mail(n, b"x" * 7_000_000) for n in range(5)]
    dovecot.append(*mails)
    done = threading.Event()

    def kill() -> None:
        while not done.wait(0.15):
            dovecot.kill_sessions()

    killer = threading.Thread(target=kill)
    killer.start()
    retry_policy = RetryPolicy(tries=3, first=0.01, longest=0.02)
    for _ in range(5):
        poll_all(sqlite_store, [dovecot.mailbox()], 60_000_000, "hand", now, retry_policy=retry_policy)
    done.set()
    killer.join()
    [polled] = poll(sqlite_store, dovecot.mailbox())
    assert polled.outcome == "ok"
    assert hashes(sqlite_store) == of(*mails)
    assert states(sqlite_store) == {"stored": 5}


def test_a_sqlite_store_that_another_locks_for_ten_seconds_is_waited_for(dovecot: Dovecot, sqlite_url: str) -> None:
    dovecot.append(*MAILS)
    engine = open_store(sqlite_url)
    other = sqlite3.connect(make_url(sqlite_url).database or "", check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(10, other.rollback).start()
    began = time.monotonic()
    [polled] = poll(sessions(engine), dovecot.mailbox())
    assert time.monotonic() - began > 9
    assert (polled.outcome, polled.new) == ("ok", 8)
    other.close()
    engine.dispose()


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A server that a test may stop and start, and no other test uses."""
    with server_folder() as folder:
        server = postgres_in(folder / "postgres")
        yield server
        server.stop()


def test_postgresql_restarted_in_the_middle_of_a_transaction_is_waited_for(
    dovecot: Dovecot, own_postgres: Postgres
) -> None:
    dovecot.append(*MAILS)
    url = own_postgres.create()
    migrate(url)
    engine = open_store(url)
    commits, starts = 0, list[threading.Timer]()

    def restart(_connection: object) -> None:
        nonlocal commits
        commits += 1
        if commits in (3, 6):
            for start in starts:
                start.join()
            own_postgres.stop()
            starts.append(threading.Timer(0.5, own_postgres.start))
            starts[-1].start()

    event.listen(engine, "commit", restart)
    [polled] = poll_all(sessions(engine), [dovecot.mailbox()], 60_000_000, "hand", now, retry_policy=QUICK)
    for start in starts:
        start.join()
    assert (polled.outcome, commits > 6) == ("ok", True)
    assert hashes(sessions(engine)) == sorted(set(of(*MAILS)))
    engine.dispose()


@pytest.mark.parametrize("again_after", [None, 1.0])
def test_a_full_disk_loses_nothing_and_room_lets_the_poll_go_on(
    dovecot: Dovecot, sqlite_url: str, again_after: float | None
) -> None:
    mails = [mail(n, b"x" * 300_000) for n in range(5)]
    dovecot.append(*mails)
    began = time.monotonic()
    poller = os.fork()
    if poller == 0:
        os._exit(_poll_on_a_full_disk(sqlite_url, dovecot.mailbox(), again_after))
    assert ended(poller) == (0 if again_after else FULL)
    assert time.monotonic() - began >= (again_after or 0)
    engine = open_store(sqlite_url)
    [polled] = poll(sessions(engine), dovecot.mailbox())
    assert polled.new == (0 if again_after else 5)
    assert hashes(sessions(engine)) == of(*mails)
    assert states(sessions(engine)) == {"stored": 5}
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    engine.dispose()


def _poll_on_a_full_disk(url: str, mailbox: Mailbox, again_after: float | None) -> int:
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (800_000, hard))
    if again_after:
        lift = threading.Timer(again_after, resource.setrlimit, [resource.RLIMIT_FSIZE, (hard, hard)])
        lift.start()
    engine = open_store(url)
    retry_policy = RetryPolicy(tries=4, first=0.1, longest=0.5, store=20 if again_after else 0.3)
    try:
        return exit_code(poll_all(sessions(engine), [mailbox], 60_000_000, "hand", now, retry_policy=retry_policy))
    except StoreTrouble:
        return FULL
    except BaseException:  # noqa: BLE001 # the process ends here, and its code says how
        return BROKEN


def test_clocks_that_jump_do_not_matter(dovecot: Dovecot, store: Sessions) -> None:
    dovecot.append(*MAILS)
    jumps = iter([timedelta(days=400), timedelta(), -timedelta(days=400), timedelta(hours=1)] * 50)
    for _ in range(3):
        [polled] = poll_all(store, [dovecot.mailbox()], 60_000_000, "hand", lambda: now() + next(jumps))
        assert polled.outcome == "ok"
    assert states(store) == {"stored": 8, "same": 1}
