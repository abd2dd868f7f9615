"""Who gets in, by which way, and what they may: accounts, tokens, log-ins, and what every request must be like."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from accounts import PASSWORD, ROLES, add, bearer, csrf, log_in, logged_in, token
from fastapi.routing import iter_route_contexts
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, inbox, message, remark
from httpx import Client

from api.app import create_app
from api.checks import FORM, SAFE_METHODS
from api.identity import OWN, is_public
from api.login import local_path
from settings import Role, Settings
from store.accounts import change_account, find_account, read_tokens, revoke_token
from store.audit import read_audit
from store.session import open_store, sessions

__all__ = ["inbox"]
OPEN = Settings(mailboxes=())
CORRECTION = {"kind": "party", "target": {"mail": 1}, "value": {"party": "NGA"}}
NAMED = {"by": "A drafter"}


@contextmanager
def asked(inbox: Inbox, settings: Settings = OPEN, **more: Any) -> Iterator[Client]:
    app = create_app(inbox.sessions, settings, lambda: NOW)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60, **more) as client:
        yield client


@pytest.fixture
def client(inbox: Inbox) -> Iterator[Client]:
    """Of a site with an account of each role, named after it."""
    for role in ROLES:
        add(inbox, role, role)
    with asked(inbox) as made:
        yield made


# --- without accounts ---------------------------------------------------------------------------------

LOCAL_ALONE = [
    ({"Host": "evil.example"}, 400),
    ({"Host": "evil.example:8015"}, 400),
    ({"Host": "127.0.0.1.evil.example"}, 400),
    ({"Host": "localhost@evil.example"}, 400),
    ({"Host": "localhost:80:80"}, 400),
    ({"Host": ""}, 400),
    ({"Host": "[::1"}, 400),
    ({"Host": "localhost"}, 200),
    ({"Host": "LOCALHOST:9"}, 200),
    ({"Host": "[::1]:8015"}, 200),
    ({"X-Forwarded-For": "10.0.0.1"}, 403),
    ({"X-Forwarded-Host": "localhost"}, 403),
    ({"X-Real-IP": "127.0.0.1"}, 403),
    ({"Forwarded": "for=127.0.0.1"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), LOCAL_ALONE)
def test_without_accounts_only_a_direct_request_from_this_machine_is_served(
    inbox: Inbox, headers: dict[str, str], status: int
) -> None:
    with asked(inbox) as client:
        assert client.get("/api/v1/status", headers=headers).status_code == status


def test_an_allowed_host_is_one_that_is_configured(inbox: Inbox) -> None:
    add(inbox, "ann")
    settings = Settings(mailboxes=(), allowed_hosts=("desk.example",), public_url="https://comments.example")
    with asked(inbox, settings, headers=bearer(token(inbox, "ann"))) as client:
        answers = [client.get("/api/v1/ledger", headers={"Host": host}) for host in
                   ("desk.example", "DESK.example:1", "comments.example", "other.example")]  # fmt: skip
    assert [answer.status_code for answer in answers] == [200, 200, 200, 400]


UNSAFE = [
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://localhost"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "same-origin"}, 201),
    ({}, 201),
    ({"Content-Type": "text/plain"}, 415),
    ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
    ({"Content-Type": "Application/JSON; charset=utf-8"}, 201),
]


@pytest.mark.parametrize(("headers", "status"), UNSAFE)
def test_no_other_site_makes_a_browser_change_anything(inbox: Inbox, headers: dict[str, str], status: int) -> None:
    inbox.mail(message("NER"), remark("OP1", "Good."))
    with asked(inbox) as client:
        answer = client.post("/api/v1/corrections", json=CORRECTION | NAMED, headers=headers)
        kept = client.get("/api/v1/corrections").json()
    assert (answer.status_code, len(kept)) == (status, int(status == 201))


def test_our_own_origin_is_ours(inbox: Inbox) -> None:
    inbox.mail(message("NER"), remark("OP1", "Good."))
    with asked(inbox) as client:
        origin = {"Origin": str(client.base_url).rstrip("/")}
        assert client.post("/api/v1/corrections", json=CORRECTION | NAMED, headers=origin).status_code == 201


# --- with accounts ------------------------------------------------------------------------------------


def test_once_there_is_an_account_everything_asks_for_a_login(inbox: Inbox) -> None:
    with asked(inbox) as client:
        assert client.get("/api/v1/status").status_code == 200
        add(inbox, "ann")
        answers = {path: client.get(path).status_code for path in ("/", "/api/v1/status", "/openapi.json", "/nothing")}
        public = {
            path: client.get(path).status_code for path in ("/healthz", "/readyz", "/login", "/static/kunming.css")
        }
    assert set(answers.values()) == {401}
    assert set(public.values()) == {200}


IN_PATHS = {"mail_id": "1", "n": "0", "label": "OP5"}


def every_route() -> Iterator[tuple[str, str]]:
    """The method and path of every route and page, as the application has them."""
    app = create_app(sessions(open_store("sqlite://")), OPEN, lambda: NOW)
    for route in iter_route_contexts(app.routes):
        path = re.sub(r"\{(\w+)(:path)?\}", lambda found: IN_PATHS.get(found[1], "NOR"), str(route.path))
        for method in sorted(getattr(route, "methods", None) or ()):
            yield method, path


def test_every_route_but_the_public_ones_asks_for_a_login(client: Client) -> None:
    walked = [(method, path) for method, path in every_route() if not is_public(path)]
    assert len(walked) > 30
    assert ("GET", "/api/v1/mails/1/parts/0") in walked
    for method, path in walked:
        for headers in ({}, {"Accept": "text/html"}, bearer("kmg_wrong"), {"Cookie": "kunming=forged"}):
            answer = client.request(method, path, headers=headers)
            assert answer.status_code in (401, 429), (method, path, headers)


def test_every_route_is_for_those_of_its_role(inbox: Inbox, client: Client) -> None:
    """Readers change nothing but their own account, and operators alone see the audit log."""
    walked = [(method, path) for method, path in every_route() if not is_public(path) and path not in OWN]
    for role in ROLES:
        secret = bearer(token(inbox, role))
        refused = {(method, path) for method, path in walked if _status(client, method, path, secret) == 403}
        audit = {one for one in walked if one[1].endswith("/audit")}
        changing = {one for one in walked if one[0] not in SAFE_METHODS}
        assert refused == {"reader": audit | changing, "reviewer": audit, "operator": set()}[role]


def _status(client: Client, method: str, path: str, headers: dict[str, str]) -> int:
    """A stream that has no end is left after its head."""
    body = {"Content-Type": "application/json" if path.startswith("/api/") else FORM}
    with client.stream(method, path, headers=headers | (body if method == "POST" else {})) as answer:
        assert answer.status_code < 500, (method, path)
        assert answer.status_code != 401, (method, path)
        return answer.status_code


def test_a_new_program_without_a_token_is_told_so(client: Client) -> None:
    answer = client.get("/api/v1/status")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="kunming"')
    assert answer.headers["content-type"] == "application/problem+json"


NEEDS: list[tuple[str, str, Role]] = [
    ("GET", "/api/v1/status", "reader"),
    ("GET", "/metrics", "reader"),
    ("GET", "/", "reader"),
    ("GET", "/account", "reader"),
    ("POST", "/api/v1/corrections", "reviewer"),
    ("GET", "/api/v1/audit", "operator"),
    ("GET", "/audit", "operator"),
]


@pytest.mark.parametrize(("method", "path", "role"), NEEDS)
def test_a_role_may_do_what_those_below_it_may_and_no_more(
    inbox: Inbox, client: Client, method: str, path: str, role: Role
) -> None:
    for one in ROLES:
        answer = client.request(method, path, headers=bearer(token(inbox, one)), json={} if method == "POST" else None)
        assert (answer.status_code == 403) == (ROLES.index(one) < ROLES.index(role)), (one, path)
        assert answer.status_code != 401


def test_a_token_is_good_until_it_expires_is_revoked_or_its_account_is_disabled(inbox: Inbox, client: Client) -> None:
    good, old, gone, off = (token(inbox, "reader"), token(inbox, "reader", days=-1), token(inbox, "reader"),
                            token(inbox, "reviewer"))  # fmt: skip
    with inbox.sessions.begin() as session:
        revoke_token(session, 3, NOW)
        change_account(session, "reviewer", disabled_at=NOW)
    answers = [client.get("/api/v1/ledger", headers=bearer(one)).status_code for one in (good, old, gone, off)]
    assert answers == [200, 401, 401, 401]
    with inbox.sessions() as session:
        assert [one.last_used_at for one in read_tokens(session)] == [NOW, None, None, None]


def test_a_token_may_be_for_less_than_its_account(inbox: Inbox, client: Client) -> None:
    less = bearer(token(inbox, "operator", "reader"))
    assert client.get("/api/v1/status", headers=less).status_code == 200
    assert client.get("/api/v1/audit", headers=less).status_code == 403


def test_no_token_is_kept(inbox: Inbox) -> None:
    add(inbox, "ann")
    secret = token(inbox, "ann")
    raw = b"".join(file.read_bytes() for file in inbox.files())
    assert secret.encode() not in raw
    assert PASSWORD.encode() not in raw


def test_a_token_in_an_address_is_refused_even_where_it_is_good(inbox: Inbox, client: Client, caplog: Any) -> None:
    secret = token(inbox, "reader")
    assert client.get("/api/v1/status", params={"token": secret}).status_code == 400
    assert client.get(f"/{secret}", headers=bearer(secret)).status_code == 400
    assert secret not in caplog.text
    assert "path='/kmg_…'" in caplog.text


def test_a_person_logs_in_looks_and_logs_out(client: Client) -> None:
    answer = log_in(client, "Reviewer", back="/mails")
    assert (answer.status_code, answer.headers["location"]) == (303, "/mails")
    assert "HttpOnly; Max-Age=43200; Path=/; SameSite=lax" in answer.headers["set-cookie"]
    assert client.get("/mails").status_code == 200
    assert client.post("/logout", data={"csrf": csrf(client, "/account")}).status_code == 303
    assert client.get("/mails").status_code == 401


def test_logging_out_everywhere_ends_the_other_browsers_too(inbox: Inbox, client: Client) -> None:
    other = {"Cookie": f"kunming={logged_in(inbox, 'reader')}"}
    log_in(client, "reader")
    assert client.get("/mails", headers=other).status_code == 200
    client.post("/logout/everywhere", data={"csrf": csrf(client, "/account")})
    assert client.get("/mails").status_code == 401
    assert client.get("/mails", headers=other).status_code == 401


def test_a_log_in_ends_by_itself(inbox: Inbox, client: Client) -> None:
    cookie = logged_in(inbox, "reader", hours=-0.1)
    assert client.get("/mails", headers={"Cookie": f"kunming={cookie}"}).status_code == 401


def test_a_log_in_is_for_a_password_that_is_right(client: Client) -> None:
    for name, password in (("reader", "wrong horse battery"), ("nobody", PASSWORD), ("", "")):
        answer = log_in(client, name, password)
        assert answer.status_code == 403
        assert "Wrong name or password" in answer.text
    assert client.get("/mails").status_code == 401


def test_attempts_are_limited_by_account(client: Client) -> None:
    statuses = [log_in(client, "reader", "wrong horse battery").status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]
    assert log_in(client, "reader").status_code == 429
    assert log_in(client, "reviewer").status_code == 303


def test_attempts_are_limited_by_address(client: Client) -> None:
    statuses = [client.get("/mails", headers=bearer(f"kmg_{n}")).status_code for n in range(32)]
    assert (statuses[:30], statuses[30:]) == ([401] * 30, [429] * 2)


def test_a_good_token_is_good_however_many_wrong_ones_came_from_its_address(inbox: Inbox, client: Client) -> None:
    for n in range(40):
        client.get("/mails", headers=bearer(f"kmg_{n}"))
    assert client.get("/mails", headers=bearer(token(inbox, "reader"))).status_code == 200


FORGED = [{}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "ü"}]


@pytest.mark.parametrize("fields", FORGED)
@pytest.mark.parametrize("path", ["/login", "/logout", "/logout/everywhere", "/account/password"])
def test_a_form_without_its_token_is_refused(client: Client, path: str, fields: dict[str, str]) -> None:
    log_in(client, "reader")
    assert client.post(path, data={"name": "reader", "password": PASSWORD, **fields}).status_code == 403
    assert client.get("/mails").status_code == 200


def test_json_of_a_page_carries_the_token_too(inbox: Inbox, client: Client) -> None:
    inbox.mail(message("NER"), remark("OP1", "Good."))
    log_in(client, "reviewer")
    assert client.post("/api/v1/corrections", json=CORRECTION).status_code == 403
    headers = {"X-CSRF-Token": csrf(client, "/account")}
    answer = client.post("/api/v1/corrections", json=CORRECTION, headers=headers)
    assert (answer.status_code, answer.json()["by"]) == (201, "reviewer")


def test_who_corrects_is_the_account(inbox: Inbox, client: Client) -> None:
    inbox.mail(message("NER"), remark("OP1", "Good."))
    secret = bearer(token(inbox, "reviewer"))
    answer = client.post("/api/v1/corrections", json=CORRECTION | {"by": "somebody else"}, headers=secret)
    assert (answer.status_code, answer.json()["detail"]) == (422, "by: you are logged in as reviewer; leave it out")
    assert client.post("/api/v1/corrections", json=CORRECTION, headers=secret).json()["by"] == "reviewer"


def test_a_new_password_ends_the_log_ins_of_the_old(inbox: Inbox, client: Client) -> None:
    other = {"Cookie": f"kunming={logged_in(inbox, 'reader')}"}
    log_in(client, "reader")
    new = {"csrf": csrf(client, "/account"), "old": PASSWORD, "new": "another horse battery"}
    assert client.post("/account/password", data=new | {"old": "no"}).status_code == 403
    assert client.post("/account/password", data=new | {"new": "short"}).status_code == 422
    assert client.post("/account/password", data=new).status_code == 303
    assert client.get("/mails").status_code == 200
    assert client.get("/mails", headers=other).status_code == 401
    client.cookies.clear()
    assert log_in(client, "reader").status_code == 403
    assert log_in(client, "reader", "another horse battery").status_code == 303


ELSEWHERE = ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", "x", "/a\r\nb"]


@pytest.mark.parametrize("back", ELSEWHERE)
def test_a_log_in_leads_to_no_other_site(back: str) -> None:
    assert local_path(back) == "/"


def test_passwords_that_are_tried_at_once_are_counted_one_by_one(inbox: Inbox) -> None:
    add(inbox, "ann")
    with asked(inbox) as client, ThreadPoolExecutor(20) as at_once:
        fields = {"csrf": csrf(client), "name": "ann"}
        tries = [at_once.submit(client.post, "/login", data=fields | {"password": f"guess {n}"}) for n in range(20)]
        statuses = Counter(one.result().status_code for one in tries)
    assert statuses == {403: 10, 429: 10}
    with inbox.sessions() as session:
        assert Counter(one.did for one in read_audit(session)) == {"log-in refused": 10}


@pytest.mark.parametrize(("path", "name"), [("/desk", "__Secure-kunming_visit="), ("", "__Host-kunming_visit=")])
def test_cookies_go_over_tls_alone_where_the_pages_do(inbox: Inbox, path: str, name: str) -> None:
    add(inbox, "ann")
    settings = Settings(mailboxes=(), public_url=f"https://comments.example{path}")
    with asked(inbox, settings, headers={"Host": "comments.example"}) as client:
        answer = client.get("/login")
    assert answer.headers["set-cookie"].startswith(name)
    assert answer.headers["set-cookie"].endswith(f"; HttpOnly; Path={path or '/'}; SameSite=lax; Secure")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


# --- by a proxy ---------------------------------------------------------------------------------------

HERE = {"addresses": ["127.0.0.1"], "user_header": "Remote-User"}
ELSEWHERE_PROXY = {"addresses": ["192.0.2.1"], "user_header": "Remote-User"}


def by_proxy(inbox: Inbox, proxy: dict[str, Any], headers: Any, path: str = "/mails") -> int:
    with asked(inbox, Settings(mailboxes=(), proxy=proxy)) as client:
        return client.get(path, headers=headers).status_code


def test_the_proxys_user_is_believed_from_its_own_address_alone(inbox: Inbox) -> None:
    add(inbox, "ann")
    assert by_proxy(inbox, HERE, {"Remote-User": "Ann"}) == 200
    assert by_proxy(inbox, ELSEWHERE_PROXY, {"Remote-User": "Ann"}) == 403
    assert by_proxy(inbox, ELSEWHERE_PROXY, {"X-Forwarded-For": "192.0.2.1", "Remote-User": "Ann"}) == 403
    assert by_proxy(inbox, {"addresses": ["127.0.0.1"]}, {"Remote-User": "Ann"}) == 401
    assert by_proxy(inbox, HERE, {}) == 401
    assert by_proxy(inbox, HERE, {"Remote-User": ""}) == 401
    assert by_proxy(inbox, HERE, [("Remote-User", "ann"), ("Remote-User", "operator")]) == 403


def test_a_user_of_the_proxy_without_an_account_gets_in_only_where_the_settings_say_so(inbox: Inbox) -> None:
    assert by_proxy(inbox, HERE, {"Remote-User": "new"}) == 403
    assert by_proxy(inbox, HERE | {"new_users": "reader"}, {"Remote-User": "new"}) == 200
    assert by_proxy(inbox, HERE, {"Remote-User": "new"}, "/audit") == 403
    assert by_proxy(inbox, HERE, {"Remote-User": "new"}) == 200
    with inbox.sessions.begin() as session:
        change_account(session, "new", disabled_at=NOW)
    assert by_proxy(inbox, HERE | {"new_users": "reader"}, {"Remote-User": "new"}) == 403


def test_a_form_of_the_proxys_user_needs_its_token_too(inbox: Inbox) -> None:
    add(inbox, "ann", "reviewer")
    inbox.mail(message("NER"), remark("OP1", "Good."))
    user = {"Remote-User": "ann"}
    with asked(inbox, Settings(mailboxes=(), proxy=HERE), headers=user) as client:
        assert client.post("/api/v1/corrections", json=CORRECTION).status_code == 403
        text = client.get("/mails").text
        token_of_page = text.partition('name="csrf" content="')[2].partition('"')[0]
        sent = {"X-CSRF-Token": token_of_page}
        assert client.post("/api/v1/corrections", json=CORRECTION, headers=sent).status_code == 201


def test_the_address_of_a_visitor_is_what_the_proxy_saw(inbox: Inbox) -> None:
    add(inbox, "ann")
    for proxy in (HERE, ELSEWHERE_PROXY):
        with asked(inbox, Settings(mailboxes=(), proxy=proxy)) as client:
            forged = {"X-Forwarded-For": "10.9.9.9, 203.0.113.7", "X-Forwarded-Proto": "http"}
            client.post("/login", data={"csrf": csrf(client), "name": "ann", "password": "wrong"}, headers=forged)
    with inbox.sessions() as session:
        assert [one.address for one in read_audit(session)] == ["127.0.0.1", "203.0.113.7"]


# --- what somebody did is kept -----------------------------------------------------------------------


def test_who_did_what_is_kept_and_shown_to_operators(inbox: Inbox, client: Client) -> None:
    mail = inbox.mail(message("NER"), remark("OP1", "Good."))
    log_in(client, "<b>nobody", "wrong horse battery")
    log_in(client, "reviewer")
    client.get(f"/api/v1/mails/{mail}/raw")
    client.post("/api/v1/corrections", json=CORRECTION, headers={"X-CSRF-Token": csrf(client, "/account")})
    with inbox.sessions() as session:
        entries = [(one.who, one.did, one.what) for one in reversed(read_audit(session))]
    assert entries == [
        ("<b>nobody", "log-in refused", "wrong name or password"),
        ("reviewer", "logged in", "password"),
        ("reviewer", "read raw mail", f"mail {mail}"),
        ("reviewer", "corrected", "party, correction 1"),
    ]
    client.cookies.clear()
    log_in(client, "operator")
    text = client.get("/audit").text
    assert "read raw mail" in text
    assert "&lt;b&gt;nobody" in text


def test_a_log_in_with_a_name_that_no_store_takes_is_refused(client: Client) -> None:
    assert log_in(client, "nul\0").status_code == 422
    assert log_in(client, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")).status_code == 403


# --- under a path ------------------------------------------------------------------------------------


@pytest.mark.parametrize("stripped", [True, False])
def test_under_a_path_every_link_leads_on_under_it(inbox: Inbox, stripped: bool) -> None:
    inbox.mail(message("NOR"), remark("OP5", "Good."))
    add(inbox, "ann")
    settings = Settings(mailboxes=(), public_url="http://127.0.0.1/desk")
    with asked(inbox, settings, headers=bearer(token(inbox, "ann"))) as client:
        for path in (
            "/",
            "/mails",
            "/mails/1",
            "/parties/NOR",
            "/paragraphs/OP5",
            "/review",
            "/review/all",
            "/corrections",
            "/entries/new",
            "/docs",
            "/login",
            "/account",
        ):
            answer = client.get(path if stripped else f"/desk{path}")
            assert answer.status_code == 200, path
            links = [part.partition('"')[0] for name in ("href", "src", "action") for part in
                     answer.text.split(f' {name}="')[1:]]  # fmt: skip
            assert [link for link in links if not link.startswith(("/desk/", "#"))] == [], path
        assert client.get("/static/kunming.css" if stripped else "/desk/static/kunming.css").status_code == 200


def test_a_session_lasts_no_longer_than_the_settings_say(inbox: Inbox) -> None:
    add(inbox, "ann")
    with asked(inbox, Settings(mailboxes=(), login_hours=2)) as client:
        assert "Max-Age=7200" in log_in(client, "ann").headers["set-cookie"]
    with inbox.sessions() as session:
        account = find_account(session, "ANN")
        assert account is not None
        assert account.last_login_at == NOW
    assert timedelta(hours=2).total_seconds() == 7200
