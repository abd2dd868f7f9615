"""Stored mail becomes readings: anew and identical, each failure with its mail, quarantine until other parsers come."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ingest import digest as digesting
from ingest.digest import Digested, digest, version_of
from ingest.fetch import import_mails
from ingest.sandbox import Limits, ReaderCrashed, Sandbox
from ingest.sources import mails_in
from parsing.model import Consultation, FocalPoint
from store import register
from store.session import Sessions
from store.shipped import shipped_draft
from store.tables import EditRow, MailRow, PartRow, ReadingRow
from store.unread import unread_ids
from store.writes import keep_draft, keep_failure

CONSULTATION = Consultation(shipped_draft(), register.load())
EXAMPLES = Path(__file__).parent.parent / "examples"


def clock() -> datetime:
    return datetime(2021, 9, 7, 3, 0, tzinfo=UTC)


def sandbox() -> Sandbox:
    return Sandbox(CONSULTATION, Limits(workers=1))


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


def test_the_reason_of_a_dead_reading_stays_with_its_mail_and_the_others_are_read(store: Sessions) -> None:
    class Dying(Sandbox):
        def run(self, task: Any, arguments: tuple[Any, ...]) -> Any:
            return (
                ReaderCrashed("it crashed", "it crashed\nhere")
                if b"Bhutan" in arguments[0]
                else super().run(task, arguments)
            )

    done = digest(store, lambda: Dying(CONSULTATION, Limits(workers=1)), CONSULTATION, clock)
    with store() as session:
        failed = session.scalars(select(MailRow.failed).where(MailRow.failed.is_not(None))).all()
    assert (done.read, done.failed, failed) == (3, 1, ["it crashed\nhere"])


def test_another_directory_is_another_version() -> None:
    known = Consultation(shipped_draft(), register.load(), (FocalPoint("a@b.org", "A", "FJI"),))
    assert version_of(known) != version_of(CONSULTATION)
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
