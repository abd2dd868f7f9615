"""What the site does in trouble: a bug, a locked store, a slow client, hostile downloads."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from accounts import add, bearer, token
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, document, inbox, message, remark
from httpx import Client
from starlette.websockets import WebSocket

from api import guard
from api.app import create_app
from api.downloads import AT_ONCE, QUEUE, safe_name
from commands import http
from settings import Settings
from store.session import WAITS_FOR_REQUESTS, open_store, sessions

__all__ = ["inbox"]
OPEN = Settings(mailboxes=())
SECURE = ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy",
          "cross-origin-opener-policy", "cross-origin-resource-policy")  # fmt: skip
SAID = {"kind": "party", "target": {"mail": 1}, "value": {"party": "NGA"}, "by": "A drafter"}


@contextmanager
def asked(inbox: Inbox, content: Any = None, clock: Any = lambda: NOW) -> Iterator[Client]:
    """A site whose requests wait as little for a lock as those of the service."""
    engine = open_store(str(inbox.engine.url), WAITS_FOR_REQUESTS)
    app = create_app(sessions(engine), OPEN, clock, content)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        yield client
    engine.dispose()


def test_a_bug_is_told_once_and_shows_nothing(inbox: Inbox, caplog: Any) -> None:
    def broken() -> Any:
        raise RuntimeError("words of a mail")

    with asked(inbox, clock=broken) as client:
        for path, accept in (("/api/v1/status?q=secret", "*/*"), ("/", "text/html")):
            caplog.clear()
            answer = client.get(path, headers={"Accept": accept})
            assert answer.status_code == 500
            assert [name for name in SECURE if name not in answer.headers] == []
            assert "words of a mail" not in answer.text
            (line,) = [record for record in caplog.records if record.name == "kunming.api"]
            assert "error=RuntimeError at=tests/test_guard.py:" in line.getMessage()
            assert "words of a mail" not in line.getMessage()
            assert "secret" not in line.getMessage()
        assert client.get("/static/kunming.css").status_code == 200


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/v1/status", "/healthz", "/static/kunming.js", "/docs"])
def test_every_answer_has_the_headers_of_security(inbox: Inbox, path: str) -> None:
    with asked(inbox) as client:
        answers = [client.get(path), client.head(path), client.get(path, headers={"Host": "evil.example"})]
    for answer in answers:
        assert [name for name in SECURE if name not in answer.headers] == []
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_no_websocket_passes(inbox: Inbox) -> None:
    """Whatever the server makes of an upgrade: nobody is asked who he is on that way."""
    app = create_app(inbox.sessions, OPEN, lambda: NOW)

    @app.websocket("/mails")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()

    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message_: Any) -> None:
        sent.append(message_)

    scope = {"type": "websocket", "path": "/mails", "headers": [], "query_string": b"", "subprotocols": []}
    with ThreadPoolExecutor(1) as thread:  # Playwright keeps a loop in the thread of the tests
        thread.submit(asyncio.run, app(scope, receive, send)).result()
    assert [one["type"] for one in sent] == ["websocket.close"]


def test_a_locked_store_is_told_at_once_and_read_meanwhile(inbox: Inbox) -> None:
    inbox.mail(message("NER"), remark("OP1", "Good."))
    with asked(inbox) as client, inbox.engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        began = time.monotonic()
        answer = client.post("/api/v1/corrections", json=SAID)
        waited = time.monotonic() - began
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert waited < 15  # the service waits for one second, and this machine may be busy
        assert client.get("/api/v1/mails/1/raw").status_code == 503
        assert client.get("/api/v1/status").status_code == 200
        assert client.get("/mails/1").status_code == 200
        other.exec_driver_sql("ROLLBACK")
        assert client.post("/api/v1/corrections", json=SAID).status_code == 201


def test_a_token_is_good_while_its_use_cannot_be_written(inbox: Inbox) -> None:
    add(inbox, "ann")
    secret = bearer(token(inbox, "ann"))
    with asked(inbox) as client, inbox.engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        assert client.get("/api/v1/ledger", headers=secret).status_code == 200
        other.exec_driver_sql("ROLLBACK")


@pytest.mark.outside
def test_a_store_that_is_away_is_503_for_everybody() -> None:
    app = create_app(sessions(open_store("postgresql+psycopg://u@127.0.0.1:9/none")), OPEN, lambda: NOW)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        answer = client.get("/api/v1/status")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert client.get("/static/kunming.css").status_code == 200


def test_downloads_that_hang_block_nobody_else(inbox: Inbox) -> None:
    """Forty hostile Parts are as many as there are threads for all requests."""
    inbox.mail(message("NOR"), parts=(document("bomb.zip"),))
    free, begun = threading.Event(), threading.Semaphore(0)

    def content(_raw: bytes, _sha256: str) -> bytes:
        begun.release()
        free.wait(60)
        return b"at last"

    statuses: list[int] = []

    def download(address: str) -> None:
        with Client(base_url=address, trust_env=False, timeout=90) as one:
            statuses.append(one.get("/api/v1/mails/1/parts/0").status_code)

    with asked(inbox, content) as client:
        threads = [threading.Thread(target=download, args=(str(client.base_url),)) for _ in range(40)]
        for thread in threads:
            thread.start()
        for _ in range(AT_ONCE):
            assert begun.acquire(timeout=30)
        deadline = time.monotonic() + 30
        while len(statuses) < 40 - QUEUE and time.monotonic() < deadline:
            time.sleep(0.05)
        assert statuses == [503] * (40 - QUEUE)
        for path in ("/healthz", "/api/v1/status", "/"):
            assert client.get(path, timeout=20).status_code == 200
        free.set()
        for thread in threads:
            thread.join()
    assert sorted(statuses) == [200] * QUEUE + [503] * (40 - QUEUE)


def test_it_says_that_it_lives_while_all_others_wait(inbox: Inbox) -> None:
    """As many requests as there are threads hold a connection to the store and do not end."""
    engine = open_store(str(inbox.engine.url), WAITS_FOR_REQUESTS)
    app = create_app(sessions(engine), OPEN, lambda: NOW)
    free, begun = threading.Event(), threading.Semaphore(0)

    @app.get("/api/v1/endless")
    def endless() -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            begun.release()
            free.wait(60)

    with served(app) as address, ThreadPoolExecutor(60) as clients:
        asking = [clients.submit(_status, f"{address}/api/v1/endless") for _ in range(60)]
        try:
            assert all(begun.acquire(timeout=60) for _ in range(40))
            assert _status(f"{address}/healthz", 20) == 200
        finally:
            free.set()
        assert {one.result() for one in asking} == {200}
    engine.dispose()


def _status(url: str, seconds: float = 90) -> int:
    return httpx.get(url, trust_env=False, timeout=seconds).status_code


def test_a_refused_body_is_taken_before_the_answer(inbox: Inbox) -> None:
    """Caddy, which still sends the body when the answer comes, gave the headers of the answer and lost its body."""
    headers = {"host": "127.0.0.1:8015", "origin": "https://evil.example", "content-type": "application/json"}
    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/corrections", "query_string": b"", "scheme": "http",
        "client": ("127.0.0.1", 1), "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    done: list[Any] = []

    async def receive() -> Any:
        done.append("body")
        return {"type": "http.request", "body": b"{", "more_body": len(done) < 3}

    async def send(message_: Any) -> None:
        done.append(message_.get("status", message_["type"]))

    app = create_app(inbox.sessions, OPEN, lambda: NOW)
    with ThreadPoolExecutor(1) as thread:  # Playwright keeps a loop in the thread of the tests
        thread.submit(asyncio.run, app(scope, receive, send)).result()
    assert done == ["body", "body", "body", 403, "http.response.body"]


def test_a_body_that_comes_by_drops_is_refused(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.5)
    with asked(inbox) as client, socket.create_connection(("127.0.0.1", client.base_url.port or 0), 30) as slow:
        head = f"POST /api/v1/corrections HTTP/1.1\r\nHost: {urlsplit(str(client.base_url)).netloc}\r\n"
        slow.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
        assert slow.recv(100).startswith(b"HTTP/1.1 408")
        assert client.get("/healthz").status_code == 200


def test_a_connection_that_says_nothing_is_closed(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "HEAD_SECONDS", 0.5)
    app = create_app(inbox.sessions, OPEN, lambda: NOW)
    with served(app, partial(http.BoundedHttp, 1_000_000)) as address:
        port = urlsplit(address).port or 0
        for said in (b"", b"GET / HTTP/1.1\r\nHost: 127.0"):
            with socket.create_connection(("127.0.0.1", port), 60) as silent:
                silent.sendall(said)
                assert silent.recv(100) == b""
        with Client(base_url=address, trust_env=False, timeout=60) as client:
            assert client.get("/healthz").status_code == 200
            time.sleep(0.7)
            assert client.get("/healthz").status_code == 200


NAMES = [
    ("comments.docx", "comments.docx"),
    ("../../etc/passwd", "_.._etc_passwd"),
    ("..\\..\\autoexec.bat", "_.._autoexec.bat"),
    ("C:\\x.docx", "C__x.docx"),
    ("a\r\nSet-Cookie: b=c.docx", "a__Set-Cookie_ b=c.docx"),
    ('a".docx', "a_.docx"),
    ("invoice\u202excod.exe", "invoice_xcod.exe"),
    (".bashrc", "bashrc"),
    ("a.docx. . .", "a.docx"),
    ("\0", "file"),
    ("", "file"),
    ("///", "file"),
    ("\ud800.docx", "_.docx"),
    ("备注.docx", "备注.docx"),
    ("ملاحظات.docx", "ملاحظات.docx"),
    ("a" * 500 + ".docx", "a" * 115 + ".docx"),
]


@pytest.mark.parametrize(("name", "safe"), NAMES)
def test_the_name_of_a_download_is_a_name_and_no_more(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_download_is_never_shown(inbox: Inbox) -> None:
    inbox.mail(message("NOR"), parts=(document("a\r\nX: y.html"), document("x.svg")))
    with asked(inbox, lambda _raw, _sha256: b"<script>alert(1)</script>") as client:
        for path in ("/api/v1/mails/1/parts/0", "/api/v1/mails/1/parts/1", "/api/v1/mails/1/raw"):
            answer = client.get(path)
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["content-disposition"].startswith('attachment; filename="')
            assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
            assert "x" not in answer.headers
