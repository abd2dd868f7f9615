"""Stored mail becomes readings: again, identical, each failure with its mail, quarantine until other parsers come."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fixture_reader import kept_sandbox
from fixture_store import without_guard
from sqlalchemy import delete, select

from api.context import read_snapshot
from consultation.status import status
from ingest import digest as digesting
from ingest.digest import Digested, digest, version_of
from ingest.fetch import import_mails
from ingest.sandbox import PartLimits, ReaderCrashed, Sandbox
from ingest.sources import mails_in
from parsing.model import Consultation, FocalPoint
from parsing.reading import read_mail
from settings import Settings
from store import register
from store.session import Sessions
from store.shipped import shipped_draft
from store.tables import EditRow, MailRow, PartRow, RawRow, ReadingRow
from store.unread import unread_ids
from store.writes import keep_draft, keep_failure

CONSULTATION = Consultation(shipped_draft(), register.load())
OTHER = Consultation(shipped_draft(), register.load(), (FocalPoint("a@b.org", "A", "FJI"),))
EXAMPLES = Path(__file__).parent.parent / "examples"


def clock() -> datetime:
    return datetime(2021, 9, 7, 3, 0, tzinfo=UTC)


def sandbox() -> Sandbox:
    return kept_sandbox(CONSULTATION)


@pytest.fixture
def store(sqlite_store: Sessions) -> Sessions:
    with sqlite_store.begin() as session:
        keep_draft(session, shipped_draft())
    names = ("02-kenya", "05-paraguay", "12-bhutan", "20-away")
    import_mails(sqlite_store, mails_in([EXAMPLES / f"{name}.eml" for name in names]), 60_000_000, clock)
    return sqlite_store


def _made(store: Sessions) -> list[Any]:
    with store() as session:
        return [
            [tuple(row) for row in session.execute(select(table.__table__).order_by(*table.__table__.primary_key))]
            for table in (ReadingRow, PartRow, EditRow)
        ]


def test_readings_made_anew_from_raw_mail_are_identical(store: Sessions) -> None:
    first = digest(store, sandbox, CONSULTATION, clock)
    made = _made(store)
    again = digest(store, sandbox, CONSULTATION, clock, again=True)
    assert (first.read, again.read, _made(store)) == (4, 4, made)


def test_what_was_read_is_not_read_again_and_no_child_is_started(store: Sessions) -> None:
    digest(store, sandbox, CONSULTATION, clock)

    def none() -> Sandbox:
        raise AssertionError

    assert digest(store, none, CONSULTATION, clock) == Digested()


def test_a_mail_that_kills_its_reader_twice_waits_for_the_next_parsers(store: Sessions) -> None:
    with store.begin() as session:
        killer = session.scalars(select(MailRow.id)).first()
        assert killer is not None
        for _ in range(2):
            assert killer in unread_ids(session, CONSULTATION.draft.id, "1")
            keep_failure(session, killer, "Segmentation fault", "1")
        assert killer not in unread_ids(session, CONSULTATION.draft.id, "1")
        assert killer in unread_ids(session, CONSULTATION.draft.id, "2")


def _aborts(*_: Any) -> None:
    os.abort()


def _aborts_once(file: str, *arguments: Any) -> Any:
    if not Path(file).exists():
        Path(file).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return read_mail(*arguments)


class Crashing(Sandbox):
    """Children that crash over the mail from Bhutan: at the tasks of these names, or once where a file says so."""

    def __init__(self, *tasks: str, once: Path | None = None) -> None:
        super().__init__(CONSULTATION, PartLimits(workers=1))
        self.tasks, self.once = tasks, once

    def run(self, task: Any, arguments: tuple[Any, ...]) -> Any:
        if b"Bhutan" not in arguments[0]:
            return super().run(task, arguments)
        if self.once is not None:
            return super().run(_aborts_once, (str(self.once), *arguments))
        return super().run(_aborts if getattr(task, "func", task).__name__ in self.tasks else task, arguments)


class Crashed(Sandbox):
    """Gives for Bhutan's mail what comes of a reading that crashed, without a child that crashes."""

    def __init__(self) -> None:
        super().__init__(CONSULTATION, PartLimits(workers=1))

    def run(self, task: Any, arguments: tuple[Any, ...]) -> Any:
        if b"Bhutan" in arguments[0] and getattr(task, "func", task) is read_mail:
            return ReaderCrashed("its process crashed", "how it crashed")
        return super().run(task, arguments)


def _bhutan(store: Sessions) -> tuple[MailRow, ReadingRow, list[PartRow]]:
    with store() as session:
        mail = session.scalars(select(MailRow).where(MailRow.failed.is_not(None))).one()
        parts = session.scalars(select(PartRow).where(PartRow.mail_id == mail.id)).all()
        return mail, session.get_one(ReadingRow, mail.id), list(parts)


def test_a_mail_whose_reading_crashes_keeps_what_its_headers_say_and_the_others_are_read(store: Sessions) -> None:
    done = digest(store, lambda: Crashing("read_mail"), CONSULTATION, clock)
    mail, reading, [part] = _bhutan(store)
    assert (done.read, done.failed) == (3, 1)
    assert mail.failed is not None
    assert "its process crashed (SIGABRT): Fatal Python error: Aborted" in mail.failed
    assert (reading.party, reading.kind, reading.needs_review) == ("BTN", "comments", True)
    assert reading.subject
    assert (part.fate, part.size) == ("unreadable", mail.size)
    with store() as session:
        row = status(read_snapshot(session, register.load(), Settings(database_url="sqlite:///x"))).of("BTN")
    assert row is not None
    assert (row.state, row.mails, row.first_received is not None) == ("received", 1, True)


def test_a_mail_whose_headers_crash_too_is_received_all_the_same(store: Sessions) -> None:
    digest(store, lambda: Crashing("read_mail", "read_envelope"), CONSULTATION, clock)
    _, reading, [part] = _bhutan(store)
    assert (reading.party, reading.kind, part.fate) == (None, "comments", "unreadable")


def test_a_mail_that_crashes_is_tried_again_then_quarantined_and_again_by_other_parsers(store: Sessions) -> None:
    tries = []
    for consultation in (CONSULTATION, CONSULTATION, CONSULTATION, OTHER, OTHER, OTHER):
        done = digest(store, Crashed, consultation, clock)
        tries.append(done.failed)
    assert tries == [1, 1, 0, 1, 1, 0]
    assert digest(store, sandbox, CONSULTATION, clock).failed == 0
    with store() as session:
        assert session.scalars(select(MailRow.failed).where(MailRow.failed.is_not(None))).all() == []


def test_a_stray_kill_leaves_no_trace(store: Sessions, tmp_path: Path) -> None:
    done = digest(store, lambda: Crashing(once=tmp_path / "killed"), CONSULTATION, clock)
    assert (tmp_path / "killed").exists()
    made = _made(store)
    digest(store, sandbox, CONSULTATION, clock, again=True)
    assert (done.read, done.failed, made) == (4, 0, _made(store))


def test_a_mail_whose_bytes_the_store_has_lost_stops_nobody_and_keeps_its_reading(store: Sessions) -> None:
    digest(store, sandbox, CONSULTATION, clock)
    made = _made(store)
    with store.begin() as session:
        without_guard(session)
        session.execute(delete(RawRow).where(RawRow.mail_id == 2))
    done = digest(store, sandbox, CONSULTATION, clock, again=True)
    assert (done.read, done.failed, _made(store)) == (3, 1, made)


def test_what_is_read_is_in_the_store_s_file_and_not_in_its_log(store: Sessions) -> None:
    digest(store, sandbox, CONSULTATION, clock)
    file = Path(store.kw["bind"].url.database)
    assert file.with_name(file.name + "-wal").stat().st_size == 0


def test_another_directory_is_another_version() -> None:
    assert version_of(OTHER) != version_of(CONSULTATION)
    assert version_of(CONSULTATION) == version_of(Consultation(shipped_draft(), register.load()))


def test_the_version_names_all_files_of_the_parsers() -> None:
    names = {file.name for file in digesting.sources()}
    assert {"reading.py", "en.toml", "word.py"} <= names


def test_mails_inside_a_mail_are_kept_with_their_speakers(sqlite_store: Sessions, tmp_path: Path) -> None:
    said = 'Paragraph PP5: replace "grave concern" with "deep concern".'
    parts = "".join(
        f"--b\nContent-Type: message/rfc822\n\nFrom: {name}\nSubject: Comments\n\n{said}\n"
        for name in ("kari@kld.dep.no", "paulo@itamaraty.gov.br")
    )
    head = "From: desk@cbd.int\nSubject: FW\nContent-Type: multipart/mixed; boundary=b\n\n"
    (tmp_path / "two.eml").write_text(f"{head}--b\n\nSee attached.\n{parts}--b--\n")
    with sqlite_store.begin() as session:
        keep_draft(session, shipped_draft())
    import_mails(sqlite_store, mails_in([tmp_path / "two.eml"]), 60_000_000, clock)
    digest(sqlite_store, sandbox, CONSULTATION, clock)
    with sqlite_store() as session:
        (reading,) = session.scalars(select(ReadingRow))
        assert [kept["party"] for kept in reading.mails] == ["NOR", "BRA"]
        assert [row.inner for row in session.scalars(select(EditRow).order_by(EditRow.n))] == [0, 1]
        assert len(session.scalars(select(PartRow)).all()) == 3


def test_how_a_copy_differs_is_kept(sqlite_store: Sessions, tmp_path: Path) -> None:
    mail = "From: a@kld.dep.no\nMessage-ID: <1@kld.dep.no>\nSubject: {}\n\nPP5: delete it.\n"
    for name, subject in (("1", "Comments"), ("2", "[EXTERNAL] Comments")):
        (tmp_path / f"{name}.eml").write_text(mail.format(subject))
    with sqlite_store.begin() as session:
        keep_draft(session, shipped_draft())
    import_mails(sqlite_store, mails_in([tmp_path]), 60_000_000, clock)
    digest(sqlite_store, sandbox, CONSULTATION, clock)
    with sqlite_store() as session:
        kept = {row.twin_of: row.differences for row in session.scalars(select(MailRow))}
    assert kept == {None: None, 1: ["Subject: “Comments” and “[EXTERNAL] Comments”"]}
