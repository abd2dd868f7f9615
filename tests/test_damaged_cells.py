"""Each column of the store, damaged in turn as another program or a failing disk would: pages and answers are served
all the same. Each column is tried with some of the pages, each table with nearly all of them.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from accounts import add, bearer, logged_in, token
from fastapi import FastAPI
from fixture_inbox import NOW, Inbox, change, claim, document, inbox_at, message, outcomes, remark
from fixture_store import overwrite
from httpx import ASGITransport, AsyncClient
from sqlalchemy import Column, String
from test_access import every_route

from api.app import create_app
from consultation.new_corrections import NewCorrection
from parsing.model import Problem, Unplaced
from settings import Settings
from store.audit import keep_audit
from store.corrections import keep_correction
from store.session import checkpoint, open_store, sessions
from store.tables import (
    AlarmRow,
    AnswerRow,
    BackupRow,
    Base,
    EventRow,
    ExpiryRow,
    FocalPointRow,
    FolderRow,
    Json,
    LeaseRow,
    OutgoingRow,
    QuestionRow,
    VirusScanRow,
)

pytestmark = [pytest.mark.outside, pytest.mark.long]
WORDS, BYTES, INFINITE = "no such thing", b"\xff\xfe", 1e999
OTHER_JSON = '{"x": 1, "claim": 5}', "[5]"
"""JSON of the right kind that holds something else."""
STREAMS = ("/api/v1/events",)
SHARE = 8
"""One page of so many is asked for where a column is damaged, others where the next one is."""


def fill(inbox: Inbox) -> None:
    """At least one row in every table."""
    said = outcomes("body", ("edit", "The reach.", (0,)), ("unread", "Be bold."))
    parts = document("a.docx"), document("b.pdf", "unreadable", "crashed")
    told = Unplaced("Be bold.", "body", "no place"), Problem("b.pdf", "crashed")
    edits = change("OP5", "effectiveness", "reach", needs_review=True, sources=("a.docx",)), remark("OP1", "Good.")
    inbox.mail(message("NOR"), *edits, parts=parts, sentences=said, unplaced=told[:1], problems=told[1:])
    inbox.mail(message("NOR", flags=claim(replaces="all", why="all")), remark("OP2", "Better."), parts=parts)
    inbox.mail(message("JPN", "no-comments"))
    inbox.mail(message("FJI", "no-comments"), name="the last")
    inbox.poll()
    for name in ("ann", "bo", "cy"):
        add(inbox, name, "reader")
        token(inbox, name)
        logged_in(inbox, name)
    at: dict[str, Any] = {"at": NOW}
    with inbox.sessions.begin() as session:
        sha256 = session.connection().exec_driver_sql("SELECT sha256 FROM mail WHERE id = 1").scalar_one()
        keep_correction(session, NewCorrection("party", {"mail": sha256}, {"party": "NOR"}, "A", ""), NOW)
        keep_audit(session, NOW, "ann", "read", "mail 1", "127.0.0.1")
        session.add_all(
            [
                FolderRow(mailbox="outcome", folder="INBOX", uidvalidity=1, uidnext=9, messages=3, junk=False,
                          looked_at=NOW, compared_at=NOW, gone=0),
                EventRow(**at, mailbox="outcome", folder="INBOX", kind="gone", detail="x", alarm=True),
                FocalPointRow(address="a@gov.no", name="A", party="NOR", role=""),
                LeaseRow(name="poll", holder="x", token="x", taken_at=NOW, expires_at=NOW),
                VirusScanRow(mail_id=1, sha256=parts[0].sha256, verdict="infected", said="Eicar", **at),
                AnswerRow(key="k", model="m", **at, seconds=1.0, prompt_tokens=1, completion_tokens=1, content="{}"),
                QuestionRow(mail_id=1, key="k", used=False, attempts=1, tried_at=NOW, error="x"),
                OutgoingRow(key="k", kind="alert", channel="mail", sender="", recipients=["a@b.org"], content="x",
                            insistent=False, state="waiting", made_at=NOW, next_at=NOW, attempts=1, error="x"),
                AlarmRow(kind="poll", about="outcome", words="x", since=NOW, standing="poll outcome"),
                ExpiryRow(name="token", at=NOW + timedelta(days=3), noted_at=NOW),
                BackupRow(**at, file="x", size=1, last_mail=1),
            ]
        )  # fmt: skip


PATHS = sorted({path for method, path in every_route() if method == "GET" and path not in STREAMS})


COLUMNS = [column for table in Base.metadata.sorted_tables for column in table.columns]


def wrongs(column: Column[Any]) -> tuple[Any, ...]:
    """What is written into the first rows, one after the other."""
    if isinstance(column.type, Json):
        return OTHER_JSON if column.type.kind is dict else OTHER_JSON[::-1]
    return (BYTES, WORDS) if isinstance(column.type, String) else (WORDS, INFINITE, BYTES)


def damage(file: Path, column: Column[Any]) -> bool:
    """Whether the store takes any of it."""
    done = 0
    with closing(sqlite3.connect(file)) as connection, connection:
        rows = connection.execute(f"SELECT rowid FROM {column.table.name} ORDER BY rowid").fetchall()
        for (row,), wrong in zip(rows, wrongs(column), strict=False):
            cell = "CAST(? AS TEXT)" if wrong == BYTES else "?"
            statement = f'UPDATE {column.table.name} SET "{column.name}" = {cell} WHERE rowid = ?'
            with suppress(sqlite3.IntegrityError):  # the number of a row, or a CHECK
                done += connection.execute(statement, (wrong, row)).rowcount
    return bool(done)


def without_triggers(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")


@dataclass(frozen=True)
class DamagedSite:
    """A site that runs while its store is damaged. `whole` is the store as it was, with something in every table."""

    app: FastAPI
    headers: dict[str, str]
    file: Path
    whole: Path

    def answers(self, paths: list[str]) -> dict[str, int]:
        """What pages and answers of the API give an operator, by their paths."""

        async def walk() -> dict[str, int]:
            transport = ASGITransport(self.app, client=("127.0.0.1", 5000))
            async with AsyncClient(
                transport=transport, base_url="http://127.0.0.1", headers=self.headers, timeout=None
            ) as client:
                return {path: (await client.get(path, headers=html(path))).status_code for path in paths}

        with ThreadPoolExecutor(1) as thread:  # Playwright keeps a loop in the thread of the tests
            return thread.submit(asyncio.run, walk()).result()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[DamagedSite]:
    """A site whose visitor is an operator."""
    folder = tmp_path_factory.mktemp("filled")
    file, whole = folder / "kunming.sqlite", folder / "whole.sqlite"
    shutil.copy(migrated_sqlite, whole)
    inbox = inbox_at(f"sqlite:///{whole}")
    fill(inbox)
    add(inbox, "op", "operator")
    headers = bearer(token(inbox, "op"))
    checkpoint(inbox.sessions)
    inbox.engine.dispose()
    without_triggers(whole)
    shutil.copy(whole, file)
    engine = open_store(f"sqlite:///{file}")
    yield DamagedSite(create_app(sessions(engine), Settings(mailboxes=()), lambda: NOW), headers, file, whole)
    engine.dispose()


def html(path: str) -> dict[str, str]:
    return {} if path.startswith("/api/") else {"Accept": "text/html"}


def news(file: Path, n: int) -> None:
    """The last mail, which is never damaged, was tried once more: what the site has made of the store is made anew from
    what it holds now.
    """
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE mail SET attempts = ? WHERE id = (SELECT max(id) FROM mail)", (n,))


TABLES = sorted({column.table.name for column in COLUMNS})


@pytest.mark.parametrize("table", TABLES)
def test_whatever_a_column_holds_pages_are_served(site: DamagedSite, table: str) -> None:
    for n, column in enumerate(column for column in COLUMNS if column.table.name == table):
        overwrite(site.file, site.whole)
        news(site.file, 1)
        assert site.answers(["/account"]) == {"/account": 200}
        if damage(site.file, column):
            news(site.file, n + 2)
            some = site.answers(PATHS[n % SHARE :: SHARE])
            failed = {path: status for path, status in some.items() if status >= 500}
            assert not failed, column
