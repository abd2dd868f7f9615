"""Backup while in use, restore, verify: on SQLite and PostgreSQL."""

import hashlib
import itertools
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import need
from fixture_store import without_guard
from sqlalchemy import make_url, text
from sqlalchemy.exc import DatabaseError

from parsing.model import Edit, Message, Reading, Unplaced
from store.arrivals import Arrived, keep_arrivals
from store.backup_restore import BackupFailed, backup, restore
from store.session import Sessions, checkpoint, migrate, open_store, sessions
from store.shipped import shipped_draft
from store.verify import verify
from store.writes import keep_draft, keep_reading

NOW = datetime(2021, 9, 7, 3, 0, tzinfo=UTC)
RAW = [b"Subject: a\r\n\r\nOne.", b"Subject: b\r\n\r\n\0\xff Two."]


@pytest.fixture
def kept(store_url: str) -> Iterator[Sessions]:
    if store_url.startswith("postgresql"):
        need("pg_dump")
    engine = open_store(store_url)
    made = sessions(engine)
    with made.begin() as session:
        arrived = [Arrived("outcome", "INBOX", 7, uid, NOW, raw, len(raw)) for uid, raw in enumerate(RAW, 1)]
        keep_arrivals(session, arrived, NOW)
    yield made
    engine.dispose()


def _hashes(url: str) -> list[str]:
    engine = open_store(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT content FROM raw ORDER BY mail_id")).scalars().all()
    engine.dispose()
    return [hashlib.sha256(content).hexdigest() for content in found]


def test_a_backup_made_while_a_transaction_is_open_restores_every_raw_mail(
    kept: Sessions, store_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with kept() as reader:
        reader.execute(text("SELECT count(*) FROM mail"))
        backup(store_url, tmp_path / "b")
    sqlite = store_url.startswith("sqlite")
    other = f"sqlite:///{tmp_path / 'other.sqlite'}" if sqlite else request.getfixturevalue("postgres").create()
    restore(other, tmp_path / "b")
    migrate(other)
    assert _hashes(other) == [hashlib.sha256(raw).hexdigest() for raw in RAW]
    engine = open_store(other)
    with sessions(engine)() as session:
        assert verify(session).faults == ()
    engine.dispose()


def test_a_backup_ends_although_another_never_stops_writing(
    sqlite_store: Sessions, sqlite_url: str, tmp_path: Path
) -> None:
    raw = b"x" * 1_000_000
    with sqlite_store.begin() as session:
        keep_arrivals(
            session, [Arrived("m", "INBOX", 7, n, NOW, b"%d %s" % (n, raw), len(raw)) for n in range(99)], NOW
        )
    over = threading.Event()

    def write() -> None:
        for n in itertools.count(100):
            if over.is_set():
                return
            with sqlite_store.begin() as session:
                keep_arrivals(session, [Arrived("m", "INBOX", 7, n, NOW, b"%d" % n, 3)], NOW)

    writer = threading.Thread(target=write)
    writer.start()
    backing = threading.Thread(target=backup, args=[sqlite_url, tmp_path / "b"], daemon=True)
    backing.start()
    backing.join(30)
    still = backing.is_alive()
    over.set()
    writer.join()
    backing.join()
    assert not still


def test_a_store_that_holds_mail_is_replaced_only_where_that_is_said(
    kept: Sessions, store_url: str, tmp_path: Path
) -> None:
    backup(store_url, tmp_path / "b")
    with pytest.raises(BackupFailed):
        restore(store_url, tmp_path / "b")
    restore(store_url, tmp_path / "b", over=True)
    assert len(_hashes(store_url)) == len(RAW)
    del kept


def test_what_is_no_backup_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"no backup")
    with pytest.raises(BackupFailed, match="no backup of a sqlite store"):
        restore(sqlite_url, tmp_path / "b")


def test_verify_finds_raw_bytes_that_have_changed_and_those_that_are_gone(kept: Sessions) -> None:
    with kept.begin() as session:
        without_guard(session)
        session.execute(text("UPDATE raw SET content = :other WHERE mail_id = 1"), {"other": b"other"})
        session.execute(text("DELETE FROM raw WHERE mail_id = 2"))
    with kept() as session:
        found = verify(session)
    assert found.mails == len(RAW)
    assert found.faults == (
        "mail 1: its raw bytes are not those that came (SHA-256)",
        "mail 2: its raw bytes are missing",
    )


@pytest.fixture
def with_a_reading(sqlite_url: str) -> Path:
    """The file of a store that holds a mail with many rows."""
    engine = open_store(sqlite_url)
    made = sessions(engine)
    reading = Reading(
        Message(None, "a@b.org", "Comments", None, "comments"),
        edits=tuple(Edit("OP1", "comment", comment=f"Remark {n}", origin="remark") for n in range(200)),
        unplaced=tuple(Unplaced(f"Passage {n}", "body.txt", "no place") for n in range(200)),
    )
    with made.begin() as session:
        keep_draft(session, shipped_draft())
        keep_arrivals(session, [Arrived("outcome", "INBOX", 7, 1, NOW, b"x" * 100_000, 100_000)], NOW)
        keep_reading(session, 1, reading, shipped_draft().id, "1", NOW)
    checkpoint(made)
    engine.dispose()
    return Path(make_url(sqlite_url).database or "")


def _faults(file: Path) -> tuple[str, ...]:
    engine = open_store(f"sqlite:///{file}")
    with sessions(engine)() as session:
        found = verify(session).faults
    engine.dispose()
    return found


def test_verify_finds_each_destroyed_page(with_a_reading: Path) -> None:
    assert _faults(with_a_reading) == ()
    whole, size = with_a_reading.read_bytes(), 16384
    missed = []
    for page in range(1, len(whole) // size):
        with_a_reading.write_bytes(whole[: page * size] + b"\xa5" * size + whole[(page + 1) * size :])
        try:
            faults = _faults(with_a_reading)
        except DatabaseError as error:  # the page with the names of the tables: the command says so in a line
            faults = (str(error.orig),)
        if not faults:
            missed.append(page)
    assert missed == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM edit WHERE n > 190", "reading of mail 1: 200 rows of edit were kept, 191 are there"),
        ("DELETE FROM unplaced", "reading of mail 1: 200 rows of unplaced were kept, 0 are there"),
        ("UPDATE reading SET draft_id = 'none'", "reading, row 1: what it refers to in draft is not there"),
        ("DELETE FROM raw", "mail 1: its raw bytes are missing"),
        ("UPDATE arrival SET mail_id = 7", "arrival, row 1: what it refers to in mail is not there"),
        ("UPDATE arrival SET state = 'odd'", "the ledger: 1 of 1 arrivals have no state"),
    ],
)
def test_verify_finds_rows_that_are_lost_or_refer_to_nothing(with_a_reading: Path, statement: str, fault: str) -> None:
    with closing(sqlite3.connect(with_a_reading)) as store, store:
        store.execute("DROP TRIGGER raw_stays")
        store.execute(statement)
    assert fault in _faults(with_a_reading)


def test_a_backup_is_put_over_a_damaged_file(with_a_reading: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{with_a_reading}"
    backup(url, tmp_path / "b")
    whole = with_a_reading.read_bytes()
    for damaged in (b"no database", whole[:20_000], whole[:100] + b"\xff" * 40_000 + whole[40_100:]):
        with_a_reading.write_bytes(damaged)
        with pytest.raises(BackupFailed, match=r"is damaged, and may hold mail: say --over"):
            restore(url, tmp_path / "b")
        assert with_a_reading.read_bytes() == damaged
        restore(url, tmp_path / "b", over=True)
        assert _faults(with_a_reading) == ()


def test_the_log_of_sqlite_is_empty_after_a_checkpoint_and_a_reader_is_not_waited_for(
    sqlite_store: Sessions, sqlite_url: str
) -> None:
    log = Path((make_url(sqlite_url).database or "") + "-wal")
    with sqlite_store.begin() as session:
        keep_arrivals(session, [Arrived("m", "INBOX", 7, 1, NOW, b"x" * 1_000_000, 1_000_000)], NOW)
    assert log.stat().st_size > 1_000_000
    with sqlite_store() as reader:
        reader.execute(text("SELECT count(*) FROM mail"))
        checkpoint(sqlite_store)
    checkpoint(sqlite_store)
    assert log.stat().st_size == 0
