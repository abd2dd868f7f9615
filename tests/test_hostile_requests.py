"""Requests that nobody honest sends, byte for byte on a socket: each is refused, and nothing comes of it."""

import base64
import json
import re
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
from accounts import PASSWORD, ROLES, add, logged_in, token
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, inbox_at, message, remark

from api.app import create_app
from settings import Settings
from store.accounts import change_account, revoke_token
from store.reads.snapshot import read_consultation
from store.session import migrate

pytestmark = pytest.mark.outside
OWN = "127.0.0.1"
POST = "/api/v1/corrections"
JSON = {"Content-Type": "application/json"}
SAID = {"kind": "party", "target": {"mail": 1}, "value": {"party": "NGA"}, "by": "A drafter"}
REFUSED = (400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 422, 429, 431)


@dataclass(frozen=True)
class Hostile:
    """One request. `ends` are the statuses that may come of it; 0 is a connection that is closed without an answer."""

    name: str
    target: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    method: str = "GET"
    ends: tuple[int, ...] = REFUSED
    lines: tuple[str, ...] | None = None
    """The lines of the head, where they are no proper ones."""

    def sent(self, port: int) -> bytes:
        own = {"Host": f"{OWN}:{port}", "Connection": "close"} | self.headers
        if self.body and "Content-Length" not in own and "Transfer-Encoding" not in own:
            own["Content-Length"] = str(len(self.body))
        lines = self.lines or (f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {own[name]}" for name in own))
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + self.body


def post(name: str, body: object, *ends: int, headers: dict[str, str] | None = None, **more: object) -> Hostile:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Hostile(name, POST, JSON | (headers or {}), raw, "POST", ends or (422,), **more)  # type: ignore[arg-type]


def said(name: str, **more: object) -> Hostile:
    return post(name, SAID | more)


def cursor(text: str) -> str:
    return "/api/v1/edits?" + urlencode({"cursor": base64.urlsafe_b64encode(text.encode()).decode()})


def host(name: str, given: str) -> Hostile:
    return Hostile(f"rebinding: {name}", "/api/v1/status", {"Host": given}, ends=(400,))


HOSTS = [
    host("another site", "evil.example"),
    host("another site with a port", "evil.example:8015"),
    host("ours before theirs", "127.0.0.1.evil.example"),
    host("theirs with ours behind @", "evil.example@127.0.0.1"),
    host("ours with theirs behind @", "127.0.0.1@evil.example"),
    host("a path behind it", "127.0.0.1/evil"),
    host("this address as a number", "2130706433"),
    host("this address in short", "127.1"),
    host("every address", "0.0.0.0"),
    host("letters of another script", "lосalhost"),  # two of them are Cyrillic
    host("a space in it", "127.0.0.1 evil"),
    host("a port that is none", "127.0.0.1:99999999"),
    host("nothing", ""),
    Hostile("no Host", lines=("GET / HTTP/1.1", "Connection: close"), ends=(400,)),
    Hostile("no Host in HTTP/1.0", lines=("GET / HTTP/1.0",), ends=(400,)),
    Hostile("two Hosts", lines=("GET / HTTP/1.1", "Host: 127.0.0.1", "Host: evil.example"), ends=(400,)),
    Hostile("a target of another site", "http://evil.example/", {"Host": "evil.example"}, ends=(400,)),
]
FORWARDED = [
    Hostile(f"through a proxy: {name}", "/", {name: value}, ends=(403,))
    for name, value in {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Host": "127.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-User": "operator",
        "Forwarded": "for=127.0.0.1;host=localhost",
        "X-Real-IP": "127.0.0.1",
        "X-Original-URL": "/api/v1/audit",
        "X-Rewrite-URL": "/api/v1/audit",
    }.items()
]
PATHS = [
    Hostile(f"traversal: {target}", target)
    for target in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/....//....//etc/passwd",
        "/static//etc/passwd",
        "/static/..%5c..%5capp.py",
        "/static/%252e%252e/app.py",
        "/static/",
        "/static/kunming.css%00.js",
        "/..;/api/v1/status",
        "/api/v1/mails/../../../etc/passwd",
        "/api/v1/mails/1/parts/..%2fraw",
        "/%ff%fe",
        "/%00",
        "//evil.example/%2f..",
        "/mails/1;/raw",
        "/parties/%E2%80%AE",
        "/paragraphs/" + "A" * 9_000,
    )
]
NUMBERS = [
    Hostile(f"number: {target[:60]}", target, ends=(422,))
    for target in (
        f"/api/v1/mails/{2**31}",
        f"/api/v1/mails/{2**63}",
        f"/api/v1/mails/{2**64}",
        f"/api/v1/mails/{2**63}/raw",
        f"/api/v1/mails/1/parts/{2**70}",
        "/api/v1/mails/" + "9" * 5_000,
        "/api/v1/mails/-1",
        "/api/v1/mails/%C2%B2",
        "/api/v1/mails/1e9",
        "/api/v1/mails/0x1",
        "/api/v1/mails/Infinity",
        f"/mails/{2**64}",
        "/mails/%C2%B2",
        "/api/v1/polls?limit=-1",
        "/api/v1/polls?limit=Infinity",
        "/api/v1/polls?limit=%C2%B2",
        "/api/v1/edits?limit=99999999999999999999",
        "/api/v1/edits?review=maybe",
        f"/api/v1/audit?before={2**64}",
        "/review/all?start=-1",
        f"/review/all?start={2**64}",
        "/review?done=%C2%B2",
    )
]
CURSORS = [
    Hostile(f"cursor: {text[:30]}", cursor(text), ends=(422,))
    for text in (
        '[Infinity, 0, 0, "x"]',
        '[NaN, 0, 0, "x"]',
        '[1e999, 0, 0, "x"]',
        '["1", "2", "3", "x"]',
        "[1, 2, 3, 4]",
        "[" * 100_0 + "]" * 100_0,
        f'[{"9" * 5000}, 0, 0, "x"]',
        '{"place": 1}',
        "null",
        '[1, 2, 3, "\\ud800"]',
    )
]
QUERIES = [
    Hostile("cursor: no base64", "/api/v1/edits?cursor=%F0%9F%92%A3", ends=(422,)),
    Hostile("a NUL in what is looked for", "/api/v1/edits?q=%00", ends=(400,)),
    Hostile("an unknown filter", "/api/v1/edits?__class__=x", ends=(422,)),
    Hostile("a query without end", "/?" + "a" * 100_000),
    Hostile("a header without end", "/", {"X-Long": "a" * 100_000}),
    Hostile("very many headers", "/", {f"X-{n}": "a" * 50 for n in range(3000)}, ends=(0, 400, 431)),
    Hostile("TRACE", method="TRACE"),
    Hostile("CONNECT", "evil.example:443", method="CONNECT"),
    Hostile("PUT", "/api/v1/status", JSON, b"{}", "PUT"),
    Hostile("DELETE", "/api/v1/mails/1", method="DELETE"),
    Hostile("no HTTP", lines=("\x16\x03\x01",), ends=(0, 400)),
    Hostile("no method", lines=("/ HTTP/1.1", f"Host: {OWN}"), ends=(0, 400)),
    Hostile("a folded header", lines=("GET / HTTP/1.1", f"Host: {OWN}", "X: a", " b: c"), ends=(200, 400)),
]
SITES = [
    post("CSRF: another origin", SAID, 403, headers={"Origin": "https://evil.example"}),
    post("CSRF: an origin that is none", SAID, 403, headers={"Origin": "null"}),
    post("CSRF: another port", SAID, 403, headers={"Origin": "http://127.0.0.1:1"}),
    post("CSRF: another scheme", SAID, 403, headers={"Origin": "https://127.0.0.1"}),
    post("CSRF: another site, as the browser says", SAID, 403, headers={"Sec-Fetch-Site": "cross-site"}),
    post("CSRF: text", SAID, 415, headers={"Content-Type": "text/plain"}),
    post("CSRF: a form", SAID, 415, headers={"Content-Type": "application/x-www-form-urlencoded"}),
    post("CSRF: a form with files", SAID, 415, headers={"Content-Type": "multipart/form-data; boundary=x"}),
    post("CSRF: no type", SAID, 415, headers={"Content-Type": ""}),
    Hostile("CSRF: a form of a page", "/mails/1/correct", {"Content-Type": "application/x-www-form-urlencoded"},
            b"what=confirm&by=evil", "POST", (403,)),
    Hostile("CSRF: a form with another's token", "/mails/1/correct",
            {"Content-Type": "application/x-www-form-urlencoded"}, b"what=confirm&by=evil&csrf=" + b"0" * 64, "POST",
            (403,)),
    Hostile("CSRF: JSON in the place of a form", "/mails/1/correct", JSON, b'{"what": "confirm"}', "POST"),
    Hostile("a method in disguise", "/api/v1/corrections", {"X-HTTP-Method-Override": "POST"}, ends=(200,)),
]  # fmt: skip
BODIES = [
    post("a body of a gigabyte", b"", 413, headers={"Content-Length": "1000000000"}),
    post("a body of more than can be counted", b"", 400, 413, headers={"Content-Length": "9" * 30}),
    post("a body in pieces that is too large", b"F4241\r\n" + b"a" * 1_000_001 + b"\r\n0\r\n\r\n", 413,
         headers={"Transfer-Encoding": "chunked"}),
    post("a length below nothing", SAID, 0, 400, headers={"Content-Length": "-1"}),
    post("a length that is no number", SAID, 0, 400, headers={"Content-Length": "²"}),
    post("two lengths", SAID, 0, 400,
         lines=(f"POST {POST} HTTP/1.1", f"Host: {OWN}", "Content-Length: 1", "Content-Length: 2")),
    post("a length and pieces", b"0\r\n\r\n", 0, 400, 415, 422,
         headers={"Transfer-Encoding": "chunked", "Content-Length": "5"}),
    post("a piece that is none", b"zz\r\n", 0, 400, headers={"Transfer-Encoding": "chunked"}),
    post("no JSON", b"{"),
    post("nothing", b" "),
    post("a constant that JSON does not have", b'{"kind": NaN}'),
    post("infinity", b'{"target": {"mail": Infinity}}'),
    post("a number beyond all", b'{"target": {"mail": 1e999}}'),
    post("a number beyond 64 bit", SAID | {"target": {"mail": 2**64}}),
    post("a number of 5,000 digits", b'{"target": {"mail": ' + b"9" * 5000 + b"}}"),
    post("a lone surrogate", b'{"kind": "party", "by": "\\ud800", "target": {}}'),
    post("a lone surrogate deep inside", b'{"kind": "party", "by": "x", "target": {"mail": [{"\\udfff": 1}]}}'),
    post("a NUL in a text", SAID | {"why": "a\0b"}),
    post("very deep", b"[" * 100_000 + b"]" * 100_000),
    post("deeper than any value here", SAID | {"target": json.loads("[" * 30 + "]" * 30)}),
    post("no UTF-8", b'{"by": "\xff\xfe"}'),
    post("UTF-16", json.dumps(SAID).encode("utf-16"), 422),
    post("a list", [SAID]),
    post("a text", "party"),
    said("a target that is a list", target=[1]),
    said("a target that is a number", target=5),
    said("an observer that is a number", value={"observer": 5}),
    said("a Party that is a list", value={"party": ["NOR"]}),
    said("a Party that is an object", value={"party": {"$ne": None}}),
    said("an unknown kind", kind="__init__"),
    said("an unknown field", admin=True),
    said("a name that is a list", by=["A drafter"]),
    said("a name of 1,000 characters", by="A" * 1000),
    said("no name", by=""),
    said("a reason of 100,000 characters", why="a" * 100_000),
    said("a target of 60,000 characters", target={"mail": "a" * 60_000}),
    said("a number in another script", kind="undo", target={"correction": "²"}),
    said("a number of a correction beyond all", kind="undo", target={"correction": "9" * 5000}),
    said("a deadline at the end of time", kind="deadline", target={"party": "NOR"},
         value={"deadline": "9999-12-31", "granted_by": "me"}),
    said("a deadline before all time", kind="deadline", target={"party": "NOR"},
         value={"deadline": "0001-01-01", "granted_by": "me"}),
    said("a deadline that is none", kind="deadline", target={"party": "NOR"},
         value={"deadline": "soon", "granted_by": "me"}),
    said("an intent that is a list", kind="entry", target={"party": "NOR"}, value={
        "edit": {"paragraph": "OP5", "action": "comment", "comment": "x", "intent": ["a"]}, "source": "x"}),
    said("offsets that are texts", kind="entry", target={"party": "NOR"}, value={
        "edit": {"paragraph": "OP5", "action": "delete", "start": "0", "end": "5", "old": "x"}, "source": "x"}),
    said("offsets beyond the text", kind="entry", target={"party": "NOR"}, value={
        "edit": {"paragraph": "OP5", "action": "delete", "start": 0, "end": 10**9, "old": "x"}, "source": "x"}),
    said("fields of the machine's own", kind="entry", target={"party": "NOR"}, value={
        "edit": {"paragraph": "OP5", "action": "comment", "comment": "x", "__class__": "x"}, "source": "x"}),
    said("a mail that is superseded by itself", kind="superseded", value={"by": 1}),
    said("a mail that is the same as itself", kind="same", value={"as": 1}),
    said("a mail that is not there", target={"mail": 99}),
    said("a mail that is a truth", target={"mail": True}),
]  # fmt: skip
WITHOUT_ACCOUNTS = [*HOSTS, *FORWARDED, *PATHS, *NUMBERS, *CURSORS, *QUERIES, *SITES, *BODIES]


@dataclass
class AttackedSite:
    inbox: Inbox
    address: str

    def status(self, hostile: Hostile) -> int:
        """What comes of it; 0 where the connection is closed without an answer."""
        return int(self.answer(hostile).partition(b" ")[2][:3] or 0)

    def answer(self, hostile: Hostile) -> bytes:
        port = urlsplit(self.address).port or 0
        with socket.create_connection((OWN, port), timeout=120) as connection:
            try:
                connection.sendall(hostile.sent(port))
                return b"".join(iter(lambda: connection.recv(65536), b""))
            except ConnectionError:
                return b""

    def kept(self) -> int:
        """How many corrections there are."""
        with self.inbox.sessions() as session:
            return len(read_consultation(session).corrections)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AttackedSite]:
    yield from _site(tmp_path_factory, accounts=False)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AttackedSite]:
    yield from _site(tmp_path_factory, accounts=True)


def _site(folders: pytest.TempPathFactory, *, accounts: bool) -> Iterator[AttackedSite]:
    url = f"sqlite:///{folders.mktemp('site') / 'kunming.sqlite'}"
    migrate(url)
    inbox = inbox_at(url)
    inbox.mail(message("NER"), remark("OP1", "Good."))
    for role in ROLES if accounts else ():
        add(inbox, role, role)
    with served(create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW)) as address:
        yield AttackedSite(inbox, address)
    inbox.engine.dispose()


@pytest.mark.parametrize("hostile", WITHOUT_ACCOUNTS, ids=lambda one: one.name[:60])
def test_what_nobody_honest_sends_is_refused(site: AttackedSite, hostile: Hostile) -> None:
    assert site.status(hostile) in hostile.ends
    assert site.kept() == 0
    assert httpx.get(f"{site.address}/healthz", trust_env=False, timeout=60).status_code == 200


def test_there_are_enough_of_them_and_each_has_a_name() -> None:
    assert len({one.name for one in WITHOUT_ACCOUNTS}) == len(WITHOUT_ACCOUNTS) >= 80


def test_what_an_honest_person_sends_is_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    for site in _site(tmp_path_factory, accounts=False):
        assert site.status(post("honest", SAID)) == 201
        assert site.kept() == 1


def cookie(value: str) -> dict[str, str]:
    return {"Cookie": f"kunming={value}"}


def form(name: str, target: str, fields: dict[str, str], *ends: int, **headers: str) -> Hostile:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return Hostile(name, target, kind | headers, urlencode(fields).encode(), "POST", ends or (403,))


LOGIN = {"name": "operator", "password": PASSWORD}
WITH_ACCOUNTS = [
    Hostile("nobody", "/mails", ends=(401,)),
    Hostile("a forged cookie", "/mails", cookie("x" * 43), ends=(401,)),
    Hostile("a cookie of 10,000 characters", "/mails", cookie("x" * 10_000), ends=(401,)),
    Hostile("a cookie with a quote", "/mails", cookie('"; DROP TABLE login; --'), ends=(401,)),
    Hostile("a cookie that is no text", "/mails", cookie("\udcff\udcfe"), ends=(401,)),
    Hostile("a cookie that names an account", "/mails", cookie("operator"), ends=(401,)),
    Hostile("the hash in the place of the secret", "/mails", cookie("0" * 64), ends=(401,)),
    Hostile("a password of HTTP", "/mails", {"Authorization": "Basic b3BlcmF0b3I6eA=="}, ends=(401,)),
    Hostile("an empty token", "/mails", {"Authorization": "Bearer "}, ends=(401, 429)),
    Hostile("a token that is none", "/mails", {"Authorization": "Bearer kmg_' OR 1=1"}, ends=(401, 429)),
    Hostile("a token that is no text", "/mails", {"Authorization": "Bearer \udcff"}, ends=(401, 429)),
    Hostile("two tokens", "/mails", {"Authorization": "Bearer a, Bearer b"}, ends=(401, 429)),
    Hostile("the user of a proxy that is not configured", "/mails", {"Remote-User": "operator"}, ends=(401,)),
    Hostile("this machine, through a proxy", "/mails", {"X-Forwarded-For": "127.0.0.1"}, ends=(401,)),
    Hostile("a public path before a private one", "/static/../mails", ends=(404,)),
    Hostile("a public path behind a private one", "/mails/../healthz", ends=(401,)),
    Hostile("a public path in other letters", "/HEALTHZ", ends=(401,)),
    Hostile("a public path with more behind it", "/login/x", ends=(401,)),
    Hostile("a public path with a semicolon", "/healthz;/../mails", ends=(401,)),
    Hostile("the log-in of a provider that is not configured", "/login/callback?code=x&state=y", ends=(404,)),
    Hostile("a websocket", "/mails", {"Upgrade": "websocket", "Connection": "Upgrade",
                                      "Sec-WebSocket-Key": "eA==", "Sec-WebSocket-Version": "13"}, ends=(401,)),
    Hostile("a log-in that leads elsewhere", "/login?back=" + quote("//evil.example"), ends=(200,)),
    Hostile("a log-in with a header in it", "/login?back=" + quote("/\r\nSet-Cookie: a=b"), ends=(200,)),
    form("a log-in of another site", "/login", LOGIN, Origin="https://evil.example"),
    form("a log-in without the form's token", "/login", LOGIN),
    form("a log-in with a token of nobody", "/login", LOGIN | {"csrf": "0" * 64}),
    form("a log-in with a token of another browser", "/login", LOGIN | {"csrf": "1" * 64}, Cookie="kunming_visit=x"),
    form("a log-in with a password of 100,000 characters", "/login", LOGIN | {"password": "a" * 100_000}),
    Hostile("a log-in as JSON", "/login", JSON, json.dumps(LOGIN).encode(), "POST", (415,)),
    form("a way out for another", "/logout/everywhere", {}, 401),
    post("a correction of nobody", SAID, 401),
]  # fmt: skip


@pytest.mark.parametrize("hostile", WITH_ACCOUNTS, ids=lambda one: one.name[:60])
def test_who_is_nobody_gets_nothing(guarded: AttackedSite, hostile: Hostile) -> None:
    answer = guarded.answer(hostile)
    assert int(answer.partition(b" ")[2][:3]) in hostile.ends
    assert b"Niger" not in answer
    assert b"evil.example" not in answer.lower()
    assert b"set-cookie: a=b" not in answer.lower()
    assert guarded.kept() == 0


def test_who_was_let_in_before_and_is_no_more_gets_nothing(guarded: AttackedSite) -> None:
    inbox = guarded.inbox
    old, revoked = token(inbox, "reader", days=-1), token(inbox, "reader")
    ended, disabled = logged_in(inbox, "reader", hours=-1), logged_in(inbox, "reviewer")
    with inbox.sessions.begin() as session:
        revoke_token(session, 2, NOW)
        change_account(session, "reviewer", disabled_at=NOW)
    for headers in (
        {"Authorization": f"Bearer {old}"},
        {"Authorization": f"Bearer {revoked}"},
        cookie(ended),
        cookie(disabled),
    ):
        assert guarded.status(Hostile("was let in before", "/mails", headers)) in (401, 429)


def test_ten_thousand_requests_are_refused_and_the_next_is_served(guarded: AttackedSite) -> None:
    """With a wrong token, one behind the other on one connection."""
    port = urlsplit(guarded.address).port or 0
    request = f"GET /api/v1/status HTTP/1.1\r\nHost: {OWN}:{port}\r\nAuthorization: Bearer kmg_x\r\n"
    last = f"{request}Connection: close\r\n\r\n".encode()
    with socket.create_connection((OWN, port), timeout=120) as connection, ThreadPoolExecutor(1) as sender:
        sending = sender.submit(connection.sendall, f"{request}\r\n".encode() * 9_999 + last)
        answers = b"".join(iter(lambda: connection.recv(1 << 20), b""))
        sending.result()
    statuses = Counter(re.findall(rb"HTTP/1\.1 (\d+) ", answers))
    assert set(statuses) == {b"401", b"429"}
    assert (statuses.total(), statuses[b"429"] > 9_900) == (10_000, True)
    assert guarded.status(Hostile("afterwards", "/healthz", ends=(200,))) == 200


def test_a_reader_changes_nothing(guarded: AttackedSite) -> None:
    inbox = guarded.inbox
    for headers in ({"Authorization": f"Bearer {token(inbox, 'reader')}"}, cookie(logged_in(inbox, "reader"))):
        assert guarded.status(post("of a reader", SAID, headers=headers)) == 403
        assert guarded.status(form("of a reader", "/mails/1/correct", {"what": "confirm"}, **headers)) == 403
    assert guarded.kept() == 0
