"""Backup while in use, restore, verify: on SQLite and PostgreSQL."""

import hashlib
import itertools
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import need
from sqlalchemy import text

from store.arrivals import Arrived, keep_arrivals
from store.keeping import NotKept, backup, restore, verify
from store.session import Sessions, migrate, open_store, sessions

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
    with pytest.raises(NotKept):
        restore(store_url, tmp_path / "b")
    restore(store_url, tmp_path / "b", over=True)
    assert len(_hashes(store_url)) == len(RAW)
    del kept


def test_what_is_no_backup_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"no backup")
    with pytest.raises(NotKept, match="no backup of a sqlite store"):
        restore(sqlite_url, tmp_path / "b")


def test_verify_finds_raw_bytes_that_have_changed_and_those_that_are_gone(kept: Sessions) -> None:
    with kept.begin() as session:
        session.execute(text("UPDATE raw SET content = :other WHERE mail_id = 1"), {"other": b"other"})
        session.execute(text("DELETE FROM raw WHERE mail_id = 2"))
    with kept() as session:
        found = verify(session)
    assert found.mails == len(RAW)
    assert found.faults == (
        "mail 1: its raw bytes are not those that came (SHA-256)",
        "mail 2: its raw bytes are missing",
    )
