"""Log-in at a provider of OpenID Connect: a real one on loopback, and one that lies."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from accounts import add
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, inbox
from joserfc import jwt
from joserfc.jwk import RSAKey
from private_server import free_port

from api.app import create_app
from api.openid import role_of
from settings import OpenID, Settings
from store.accounts import change_account, find_account, read_accounts
from store.audit import read_audit

__all__ = ["inbox"]
pytestmark = pytest.mark.outside
ROLES = {"desk": "reviewer", "admins": "operator"}
USERS = [
    {"sub": "1", "preferred_username": "ann", "groups": ["staff", "desk"]},
    {"sub": "2", "preferred_username": "eve", "groups": ["others"]},
]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The issuer of a provider that runs on loopback."""
    port = free_port()
    users = [argument for user in USERS for argument in ("--user-claims", json.dumps(user))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *users]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    _wait_for(f"{issuer}/.well-known/openid-configuration")
    yield issuer
    process.terminate()
    process.wait()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, trust_env=False, timeout=60).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


@contextmanager
def site(inbox: Inbox, issuer: str, **more: Any) -> Iterator[str]:
    openid = {"issuer": issuer, "client_id": "kunming", "client_secret": "s3cret", "roles": ROLES} | more
    with served(create_app(inbox.sessions, Settings(mailboxes=(), openid=openid), lambda: NOW)) as address:
        yield address


def test_a_person_comes_from_the_provider_to_the_page_that_was_wanted(
    inbox: Inbox, provider: str, chromium: Any
) -> None:
    with site(inbox, provider) as address:
        context = chromium.new_context()
        page = context.new_page()
        answer = page.goto(f"{address}/mails")
        assert answer.status == 401
        page.get_by_role("link", name="Log in with your organisation").click()
        page.get_by_role("button", name="1", exact=True).click()
        page.wait_for_url(f"{address}/mails")
        assert page.get_by_role("link", name="ann").is_visible()
        page.get_by_role("link", name="ann").click()
        with page.expect_navigation():
            page.get_by_role("button", name="Log out", exact=True).click()
        assert page.goto(f"{address}/mails").status == 401
        context.close()
    with inbox.sessions() as session:
        (account,) = read_accounts(session)
        assert (account.name, account.role, account.subject) == ("ann", "reviewer", f"{provider} 1")
        assert [entry.did for entry in read_audit(session)] == ["logged out", "logged in", "account made"]


def through(client: httpx.Client, sub: str) -> httpx.Response:
    """Logs in at the provider as that subject; the answer of our callback."""
    there = client.get("/login/openid").headers["location"]
    with httpx.Client(trust_env=False, timeout=60) as browser:
        back = browser.post(there, data={"sub": sub}).headers["location"]
    assert back.startswith(str(client.base_url))
    return client.get(back)


@contextmanager
def browser(inbox: Inbox, issuer: str, **more: Any) -> Iterator[httpx.Client]:
    with site(inbox, issuer, **more) as address, httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        yield client


def test_who_is_in_none_of_the_groups_does_not_get_in(inbox: Inbox, provider: str) -> None:
    with browser(inbox, provider) as client:
        answer = through(client, "2")
        assert (answer.status_code, client.get("/mails").status_code) == (403, 401)
    with inbox.sessions() as session:
        assert [(one.who, one.did) for one in read_audit(session)] == [("eve", "log-in refused")]


def test_a_role_is_set_anew_at_each_log_in(inbox: Inbox, provider: str) -> None:
    with browser(inbox, provider) as client:
        assert through(client, "1").status_code == 303
    with browser(inbox, provider, roles={"staff": "operator"}) as client:
        assert through(client, "1").status_code == 303
        assert client.get("/audit").status_code == 200


def test_a_name_that_is_taken_is_nobody_elses(inbox: Inbox, provider: str) -> None:
    add(inbox, "Ann", "operator")
    with browser(inbox, provider) as client:
        assert through(client, "1").status_code == 403
        assert client.get("/mails").status_code == 401


def test_a_disabled_account_does_not_get_in_by_the_provider_either(inbox: Inbox, provider: str) -> None:
    with browser(inbox, provider) as client:
        through(client, "1")
        with inbox.sessions.begin() as session:
            change_account(session, "ann", disabled_at=NOW)
        assert client.get("/mails").status_code == 401
        assert through(client, "1").status_code == 403


def test_a_code_is_good_once_and_in_the_browser_that_asked_for_it(inbox: Inbox, provider: str) -> None:
    with site(inbox, provider) as address, httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        there = client.get("/login/openid").headers["location"]
        back = httpx.post(there, data={"sub": "1"}, trust_env=False, timeout=60).headers["location"]
        assert httpx.get(back, trust_env=False, timeout=60).status_code == 403
        assert client.get(back).status_code == 303
        client.cookies.clear()
        assert client.get(back).status_code == 403


def test_a_provider_that_is_away_is_told(inbox: Inbox) -> None:
    with browser(inbox, f"http://127.0.0.1:{free_port()}") as client:
        answer = client.get("/login/openid")
    assert (answer.status_code, "does not answer" in answer.text) == (502, True)


@dataclass
class Liar:
    """A provider whose ID tokens say what a test wants; `key` signs them, the JWKS has `shown`."""

    port: int = field(default_factory=free_port)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    shown: RSAKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    drops: tuple[str, ...] = ()
    algorithm: str = "RS256"
    nonce: str = ""

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str) -> dict[str, Any]:
        match path:
            case "/.well-known/openid-configuration":
                return {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/jwks",
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            case "/jwks":
                return {"keys": [(self.shown or self.key).as_dict(private=False)]}
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token()}

    def id_token(self) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "sub": "7", "aud": "kunming", "iat": now, "exp": now + 300, "nonce": self.nonce}
        said |= {"preferred_username": "mallory", "groups": ["admins"]} | self.claims
        for name in self.drops:
            said.pop(name)
        if self.algorithm == "none":
            head, body = ({"alg": "none"}, said)
            return ".".join(_base64(json.dumps(one)) for one in (head, body)) + "."
        return jwt.encode({"alg": "RS256", "kid": "1"}, said, self.key)


def _base64(text: str) -> str:
    import base64  # noqa: PLC0415 - of one line

    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@pytest.fixture
def liar() -> Iterator[Liar]:
    made = Liar()

    class ProviderHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.dumps(made.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", made.port), ProviderHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def logged_in_by(liar: Liar, inbox: Inbox) -> int:
    """The status of the callback after the provider has given its answer."""
    with browser(inbox, liar.issuer) as client:
        asked = parse_qs(urlsplit(client.get("/login/openid").headers["location"]).query)
        liar.nonce = liar.nonce or asked["nonce"][0]
        assert asked["code_challenge_method"] == ["S256"]
        return client.get(f"/login/callback?{urlencode({'code': 'c', 'state': asked['state'][0]})}").status_code


def test_a_token_that_is_right_lets_in(liar: Liar, inbox: Inbox) -> None:
    assert logged_in_by(liar, inbox) == 303


LIES: list[dict[str, Any]] = [
    {"nonce": "of another log-in"},
    {"drops": ("nonce",)},
    {"claims": {"aud": "another client"}},
    {"claims": {"aud": ["another client"]}},
    {"claims": {"aud": ["kunming", "another"], "azp": "another"}},
    {"claims": {"iss": "http://127.0.0.1:1"}},
    {"claims": {"exp": 1}},
    {"claims": {"iat": 4102444800}},
    {"drops": ("sub",)},
    {"drops": ("aud",)},
    {"drops": ("exp",)},
    {"algorithm": "none"},
    {"shown": RSAKey.generate_key(2048, {"kid": "1"})},
]


@pytest.mark.parametrize("lie", LIES, ids=range(len(LIES)))
def test_a_token_that_is_wrong_lets_nobody_in(liar: Liar, inbox: Inbox, lie: dict[str, Any], caplog: Any) -> None:
    for name, value in lie.items():
        setattr(liar, name, value)
    assert logged_in_by(liar, inbox) == 403
    with inbox.sessions() as session:
        assert find_account(session, "mallory") is None
    assert "refused=" in caplog.text
    assert "s3cret" not in caplog.text


GROUPS = [
    ({"groups": ["desk", "admins"]}, "groups", "operator"),
    ({"groups": "desk"}, "groups", "reviewer"),
    ({"groups": None}, "groups", None),
    ({"groups": [["desk"], 5, None]}, "groups", None),
    ({"realm_access": {"roles": ["desk"]}}, "realm_access.roles", "reviewer"),
    ({"realm_access": ["desk"]}, "realm_access.roles", None),
    ({"https://x.example/groups": ["desk"]}, "https://x.example/groups", "reviewer"),
    ({}, "groups", None),
]


@pytest.mark.parametrize(("said", "claim", "role"), GROUPS)
def test_groups_give_the_role_that_may_most(said: Any, claim: str, role: str | None) -> None:
    openid = OpenID(issuer="https://id.example", client_id="k", roles=ROLES, groups_claim=claim)
    assert role_of(openid, said) == role
