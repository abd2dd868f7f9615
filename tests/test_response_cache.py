"""Answers from memory: made once after each change, never stale, never another reader's."""

import asyncio
import subprocess
import sys
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, either_inbox, inbox, message, remark
from httpx import ASGITransport, AsyncClient, Client, Response

from api.app import create_app
from api.response_cache import OLDEST, ResponseCache, by_cookies
from settings import Settings
from store.session import open_store
from store.version import store_version

__all__ = ["either_inbox", "inbox"]
STATUS = "/api/v1/status"


@dataclass
class CountingSite:
    """An application that counts what it is asked, with the version and the clock of its store set by hand."""

    version: Hashable = 1
    now: float = 0.0
    status: int = 200
    made: list[str] = field(default_factory=list)

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        self.made.append(scope["path"])
        await asyncio.sleep(0)
        kind = b"application/json" if scope["path"].startswith("/api/") else b"text/html; charset=utf-8"
        await send({"type": "http.response.start", "status": self.status, "headers": [(b"content-type", kind)]})
        body = b'{"generated_at":"%d","answer":%d}' % (self.now, hash(self.version))
        await send({"type": "http.response.body", "body": body})

    def get(self, *paths: str, **headers: str) -> list[Response]:
        """The answers to requests that come at once. Playwright keeps a loop in the thread of the tests."""
        asked = self._get(paths, {name.replace("_", "-"): value for name, value in headers.items()})
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, asked).result()

    async def _get(self, paths: tuple[str, ...], headers: dict[str, str]) -> list[Response]:
        async with AsyncClient(transport=ASGITransport(self.app), base_url="http://site") as client:
            return list(await asyncio.gather(*(client.get(path, headers=headers) for path in paths)))

    def __post_init__(self) -> None:
        self.app = ResponseCache(self, _Version(self), by_cookies, lambda: self.now)


@dataclass
class _Version:
    site: CountingSite
    is_instant: bool = True

    def now(self) -> Hashable:
        return self.site.version


def test_an_answer_is_made_once_for_all_who_ask_at_once() -> None:
    site = CountingSite()
    answers = site.get(*[STATUS] * 32)
    assert (len(site.made), {answer.text for answer in answers}) == (1, {'{"generated_at":"0","answer":1}'})


def test_after_a_change_it_is_made_anew() -> None:
    site = CountingSite()
    before = site.get(STATUS)[0].headers["etag"]
    site.version = 2
    assert site.get(STATUS)[0].headers["etag"] != before
    assert len(site.made) == 2


def test_what_tells_the_time_is_made_anew_after_a_while_and_its_etag_stays() -> None:
    site = CountingSite()
    before = site.get(STATUS)[0]
    site.now = OLDEST + 1
    after = site.get(STATUS)[0]
    assert (before.text != after.text, before.headers["etag"]) == (True, after.headers["etag"])


HELD = [("{etag}", 304), ("{strong}", 304), ('"other", {etag}', 304), ("*", 304), ('"other"', 200)]


@pytest.mark.parametrize(("held", "status"), HELD)
def test_who_holds_the_answer_is_told_so_without_a_body(held: str, status: int) -> None:
    site = CountingSite()
    etag = site.get(STATUS)[0].headers["etag"]
    answer = site.get(STATUS, If_None_Match=held.format(etag=etag, strong=etag.removeprefix("W/")))[0]
    assert (answer.status_code, bool(answer.content), answer.headers["etag"]) == (status, status == 200, etag)
    assert "content-length" not in answer.headers or status == 200


def test_each_query_has_its_own_answer() -> None:
    site = CountingSite()
    site.get("/api/v1/edits?party=NOR", "/api/v1/edits?party=CHE", "/api/v1/edits")
    assert len(site.made) == 3


def test_a_page_is_kept_for_its_reader_alone_and_without_an_etag() -> None:
    site = CountingSite()
    (page,) = site.get("/", Cookie="session=a")
    site.get("/", Cookie="session=a")
    assert ("etag" in page.headers, len(site.made)) == (False, 1)
    site.get("/", Cookie="session=b")
    site.get("/")
    assert len(site.made) == 3


NEVER = ["/api/v1/mails/1/raw", "/api/v1/mails/1/parts/0", "/api/v1/events", "/healthz", "/metrics", "/audit",
         "/api/v1/audit", "/api/v1/compilation", "/login", "/account", "/static/kunming.css"]  # fmt: skip


@pytest.mark.parametrize("path", NEVER)
def test_what_notes_who_asks_or_needs_another_role_is_never_kept(path: str) -> None:
    site = CountingSite()
    site.get(path)
    site.get(path)
    assert len(site.made) == 2


def test_an_error_is_not_kept() -> None:
    site = CountingSite(status=503)
    assert [site.get(STATUS)[0].status_code, len(site.made)] == [503, 1]
    site.status = 200
    assert site.get(STATUS)[0].status_code == 200


@pytest.mark.outside
def test_the_version_changes_with_every_commit_and_with_nothing_else(either_inbox: Inbox) -> None:
    version = store_version(either_inbox.engine)
    first = version.now()
    with either_inbox.sessions() as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM mail").all()
    assert version.now() == first
    either_inbox.mail(message("NOR"))
    second = version.now()
    assert second != first
    another = open_store(either_inbox.engine.url.render_as_string(hide_password=False))
    with another.begin() as connection:
        connection.exec_driver_sql("UPDATE mail SET size = size + 1")
    another.dispose()
    assert version.now() != second


COMMIT = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('DELETE FROM edit'); c.commit()"


@pytest.mark.outside
def test_what_another_process_commits_is_shown_by_the_next_answer(inbox: Inbox) -> None:
    inbox.mail(message("NOR"), remark("OP1", "Good."))
    app = create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        before = client.get(STATUS)
        assert client.get(STATUS, headers={"If-None-Match": before.headers["etag"]}).status_code == 304
        subprocess.run([sys.executable, "-c", COMMIT, str(inbox.engine.url.database)], check=True)
        after = client.get(STATUS, headers={"If-None-Match": before.headers["etag"]})
    assert (before.json()["totals"]["comments"], after.json()["totals"]["comments"]) == (1, 0)


@pytest.mark.outside
def test_a_mail_that_comes_between_two_questions_is_in_the_second_answer(inbox: Inbox) -> None:
    app = create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        for n in range(1, 6):
            inbox.mail(message("NOR"), remark("OP1", f"Good {n}."))
            assert len(client.get("/api/v1/mails").json()) == n
            assert client.get("/api/v1/parties/NOR").json()["comments"] == n
            assert f"Good {n}." in client.get("/paragraphs/OP1").text
