"""Mailboxes that are opened with tokens: against a server that gives tokens, and one that takes them."""

import json
import logging
import stat
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from fixture_dovecot import USER, Certificate, Dovecot
from fixture_imap_script import Scripted, commands
from fixture_token_server import SECRET, TokenServer
from typer.testing import CliRunner

from cli import app
from ingest.fetch import poll_all
from ingest.intake import RetryPolicy, now
from ingest.mailbox import connect
from ingest.mailbox_errors import Unreachable, WrongMailbox
from ingest.tokens import access_token, log_in
from settings import Mailbox, OAuth2
from store.expiries import read_expiries
from store.session import Sessions

pytestmark = pytest.mark.outside
FLOWS = [("microsoft", "client-credentials"), ("google", "client-credentials")]


def mailbox_of(server: Scripted, oauth2: OAuth2) -> Mailbox:
    return server.mailbox(password=None, oauth2=oauth2)


def wrong(mailbox: Mailbox) -> str:
    with pytest.raises((WrongMailbox, Unreachable)) as raised, connect(mailbox):
        pass
    assert "\n" not in str(raised.value)
    assert isinstance(raised.value, WrongMailbox | Unreachable)
    return f"{raised.value.exit_code} {raised.value}"


@pytest.fixture
def inbox(scripted: Scripted) -> Scripted:
    scripted.offers = "AUTH=PLAIN AUTH=XOAUTH2"
    scripted.tokens = {f"access-{n}" for n in range(1, 9)}
    return scripted


@pytest.mark.parametrize(("provider", "flow"), FLOWS)
def test_an_app_opens_a_mailbox_with_a_token(
    inbox: Scripted, token_server: TokenServer, provider: str, flow: str
) -> None:
    with connect(mailbox_of(inbox, token_server.oauth2(provider, flow))) as connection:
        assert connection.examine("INBOX").messages == 0
    assert f"sasl user={USER}\1auth=Bearer access-1\1\1".encode() in inbox.lines
    assert token_server.grants == ["client_credentials" if provider == "microsoft" else "jwt-bearer"]


def test_where_oauthbearer_alone_is_offered_it_is_spoken(inbox: Scripted, token_server: TokenServer) -> None:
    inbox.offers = "LOGINDISABLED AUTH=OAUTHBEARER"
    with connect(mailbox_of(inbox, token_server.oauth2())):
        pass
    assert f"sasl n,a={USER},\1auth=Bearer access-1\1\1".encode() in inbox.lines


def test_a_certificate_stands_for_the_secret(
    inbox: Scripted, token_server: TokenServer, certificate: Certificate, tmp_path: Path
) -> None:
    both = tmp_path / "app.pem"
    both.write_text(certificate.key.read_text() + certificate.cert.read_text())
    with connect(mailbox_of(inbox, token_server.oauth2(client_secret=None, certificate_file=both))):
        pass
    assert token_server.asked[0]["client_assertion_type"].endswith("jwt-bearer")


@pytest.mark.parametrize(("provider", "flow"), FLOWS)
def test_a_token_is_used_until_it_ends(inbox: Scripted, token_server: TokenServer, provider: str, flow: str) -> None:
    mailbox = mailbox_of(inbox, token_server.oauth2(provider, flow))
    assert [access_token(mailbox) for _ in range(2)] == ["access-1", "access-1"]
    assert access_token(mailbox, fresh=True) == "access-2"


@pytest.mark.parametrize(("provider", "flow"), FLOWS)
def test_a_token_that_has_ended_is_replaced(
    inbox: Scripted, token_server: TokenServer, provider: str, flow: str
) -> None:
    token_server.expires_in = 10
    mailbox = mailbox_of(inbox, token_server.oauth2(provider, flow))
    assert [access_token(mailbox) for _ in range(2)] == ["access-1", "access-2"]


@pytest.mark.parametrize(("provider", "flow"), FLOWS)
def test_a_token_that_was_revoked_is_replaced_once(
    inbox: Scripted, token_server: TokenServer, provider: str, flow: str
) -> None:
    mailbox = mailbox_of(inbox, token_server.oauth2(provider, flow))
    access_token(mailbox)
    inbox.tokens = {"access-2"}
    with connect(mailbox):
        pass
    assert token_server.given == ["access-1", "access-2"]


def test_what_is_kept_may_be_read_by_its_owner_alone(inbox: Scripted, token_server: TokenServer) -> None:
    oauth2 = token_server.oauth2(token_file=token_server.folder / "tokens" / "outcome.json")
    access_token(mailbox_of(inbox, oauth2))
    assert oauth2.token_file
    assert [stat.S_IMODE(place.stat().st_mode) for place in (oauth2.token_file, oauth2.token_file.parent)] == [
        0o600,
        0o700,
    ]


def test_a_token_of_other_settings_is_not_used(inbox: Scripted, token_server: TokenServer) -> None:
    access_token(mailbox_of(inbox, token_server.oauth2()))
    assert access_token(mailbox_of(inbox, token_server.oauth2(client_id="app-2"))) == "access-2"


def test_a_mailbox_is_opened_where_no_token_can_be_kept(inbox: Scripted, token_server: TokenServer) -> None:
    (token_server.folder / "file").write_text("")
    with connect(mailbox_of(inbox, token_server.oauth2(token_file=token_server.folder / "file" / "t.json"))):
        pass


def test_a_person_logs_in_at_microsoft_once(inbox: Scripted, token_server: TokenServer) -> None:
    mailbox = mailbox_of(inbox, token_server.oauth2(flow="device"))
    assert wrong(mailbox) == ("2 mailboxes.outcome.oauth2: nobody has logged in yet: `kunming mailbox login outcome`")
    shown: list[str] = []
    log_in(mailbox, shown.append, str)
    assert shown == ["open /device and type ABCD-EFGH"]
    with connect(mailbox):
        pass
    assert access_token(mailbox, fresh=True) == "access-2"
    assert token_server.grants == ["device_code", "device_code", "refresh_token"]


def test_a_person_agrees_at_google_once(inbox: Scripted, token_server: TokenServer) -> None:
    mailbox = mailbox_of(inbox, token_server.oauth2("google", "device", client_secret=SECRET))
    shown: list[str] = []

    def answer(_question: str) -> str:
        asked = parse_qs(urlsplit(shown[0].splitlines()[1]).query)
        assert asked["scope"] == ["https://mail.google.com/"]
        return f"http://127.0.0.1/?state={asked['state'][0]}&code=c0de&scope=x\n"

    log_in(mailbox, shown.append, answer)
    assert token_server.asked[0]["code"] == "c0de"
    with connect(mailbox):
        pass
    assert access_token(mailbox, fresh=True) == "access-2"
    assert token_server.grants == ["authorization_code", "refresh_token"]


@pytest.mark.parametrize(
    "answer", ["", "http://127.0.0.1/?state=other&code=1", "http://127.0.0.1/?error=access_denied"]
)
def test_an_answer_that_is_not_of_this_login_keeps_nothing(
    inbox: Scripted, token_server: TokenServer, answer: str
) -> None:
    mailbox = mailbox_of(inbox, token_server.oauth2("google", "device", client_secret=SECRET))
    with pytest.raises(WrongMailbox, match="not the address of this login"):
        log_in(mailbox, lambda _: None, lambda _: answer)
    assert not token_server.asked
    assert "nobody has logged in yet" in wrong(mailbox)


@pytest.mark.parametrize("provider", ["microsoft", "google"])
def test_a_login_that_has_ended_says_how_to_log_in_again(
    inbox: Scripted, token_server: TokenServer, provider: str
) -> None:
    token_server.expires_in = 10
    mailbox = mailbox_of(inbox, of_a_person(token_server, provider))
    _agree(mailbox)
    token_server.known = set()
    assert wrong(mailbox).startswith(
        "2 mailboxes.outcome.oauth2: log in again with `kunming mailbox login outcome`: invalid_grant: "
    )
    assert not commands(inbox, "AUTHENTICATE")


def of_a_person(server: TokenServer, provider: str) -> OAuth2:
    return server.oauth2(provider, "device", client_secret=SECRET if provider == "google" else None)


def _agree(mailbox: Mailbox) -> None:
    shown: list[str] = []

    def answer(_question: str) -> str:
        return f"http://127.0.0.1/?code=1&state={parse_qs(urlsplit(shown[0].splitlines()[1]).query)['state'][0]}"

    log_in(mailbox, shown.append, answer)


ERRORS = [
    (401, {"error": "invalid_client", "error_description": "AADSTS7000222: it has expired\r\nTrace: 1"}, "2",
     ".client_secret: no token: invalid_client: AADSTS7000222: it has expired"),
    (400, {"error": "unauthorized_client"}, "2", ".client_id: no token: unauthorized_client"),
    (400, {"error": "invalid_scope"}, "2", ".scope: no token: invalid_scope"),
    (400, {"error": "temporarily_unavailable"}, "75", ": no token now: temporarily_unavailable"),
    (503, {"error": "temporarily_unavailable"}, "75", ": no token now: HTTP Error: 503"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "answer", "code", "said"), ERRORS)
def test_what_a_provider_refuses_is_a_line_that_names_the_setting(
    inbox: Scripted, token_server: TokenServer, status: int, answer: dict[str, str], code: str, said: str
) -> None:
    token_server.answers = [(status, answer)] * 9
    assert wrong(mailbox_of(inbox, token_server.oauth2())) == f"{code} mailboxes.outcome.oauth2{said}"
    assert not commands(inbox, "AUTHENTICATE")


@pytest.mark.parametrize(("provider", "flow"), FLOWS)
def test_a_provider_that_is_away_is_tried_later(
    certificate: Certificate, tmp_path: Path, inbox: Scripted, provider: str, flow: str
) -> None:
    server = TokenServer(certificate, tmp_path)
    server.start()
    oauth2 = server.oauth2(provider, flow)
    server.stop()
    assert wrong(mailbox_of(inbox, oauth2)).startswith("75 mailboxes.outcome.oauth2: ")


@pytest.mark.parametrize(("provider", "flow"), FLOWS)
def test_a_provider_with_anothers_certificate_is_sent_nothing(
    inbox: Scripted, token_server: TokenServer, provider: str, flow: str
) -> None:
    said = wrong(mailbox_of(inbox, token_server.oauth2(provider, flow, ca_file=None)))
    assert said.startswith("2 mailboxes.outcome.oauth2.ca_file: ")
    assert not token_server.asked


@pytest.mark.parametrize("held", ["", "{}", "no json"])
def test_a_file_that_is_no_key_of_a_service_account_is_named(
    inbox: Scripted, token_server: TokenServer, tmp_path: Path, held: str
) -> None:
    (tmp_path / "key.json").write_text(held)
    said = wrong(mailbox_of(inbox, token_server.oauth2("google", service_account_file=tmp_path / "key.json")))
    assert said.startswith("2 mailboxes.outcome.oauth2.service_account_file: ")


def test_a_token_that_the_server_refuses_twice_is_said_with_its_reason(
    inbox: Scripted, token_server: TokenServer
) -> None:
    inbox.tokens = set()
    said = wrong(mailbox_of(inbox, token_server.oauth2()))
    assert said.startswith("2 mailboxes.outcome.oauth2: localhost refuses the login of inbox@example.test: ")
    assert said.endswith('{"status":"401","schemes":"bearer"}')
    assert token_server.given == ["access-1", "access-2"]


def test_a_server_that_takes_no_tokens_is_sent_none(scripted: Scripted, token_server: TokenServer) -> None:
    assert wrong(mailbox_of(scripted, token_server.oauth2())) == (
        "2 mailboxes.outcome.oauth2: localhost takes no token, and offers AUTH=PLAIN; none was sent"
    )
    assert not token_server.asked


@pytest.mark.parametrize("greeting", ["* OK ready", "* PREAUTH ready"])
def test_no_token_is_sent_where_starttls_is_stripped(
    certificate: Certificate, token_server: TokenServer, greeting: str
) -> None:
    server = Scripted(certificate, tls=False, offers_starttls=False, greeting=greeting, offers="AUTH=XOAUTH2")
    server.start()
    wrong(mailbox_of(server, token_server.oauth2()))
    server.stop()
    assert not token_server.asked
    assert not commands(server, "AUTHENTICATE")


@pytest.mark.parametrize(("provider", "flow"), [*FLOWS, ("microsoft", "device"), ("google", "device")])
def test_no_secret_stands_in_any_log_line(
    inbox: Scripted, token_server: TokenServer, caplog: pytest.LogCaptureFixture, provider: str, flow: str
) -> None:
    caplog.set_level(logging.DEBUG)
    mailbox = mailbox_of(
        inbox, of_a_person(token_server, provider) if flow == "device" else token_server.oauth2(provider)
    )
    if flow == "device":
        _agree(mailbox)
    inbox.tokens = set()
    said = wrong(mailbox)
    logged = said + "\n".join(record.getMessage() for record in caplog.records)
    kept = json.loads((token_server.folder / "token.json").read_text())
    secrets = {*token_server.given, SECRET, *token_server.known, "device-code-1"}
    assert kept
    assert [secret for secret in secrets if secret in logged] == []


def test_the_command_logs_in_and_tries_the_mailbox(
    inbox: Scripted, token_server: TokenServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.mails = {1: b"Subject: 1\r\n\r\n"}
    oauth2 = json.loads(token_server.oauth2(flow="device").model_dump_json(exclude_none=True))
    box = json.loads(inbox.mailbox().model_dump_json(exclude_none=True, exclude={"password"})) | {"oauth2": oauth2}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KUNMING_MAILBOXES", json.dumps([box]))
    ended = CliRunner().invoke(app, ["mailbox", "login", "outcome"])
    assert ended.output.splitlines() == ["open /device and type ABCD-EFGH", "outcome/INBOX: 1 mails"]
    missing = CliRunner().invoke(app, ["mailbox", "check", "copy"])
    assert str(missing.exception) == "copy: there is no such mailbox in the settings (there are: outcome)"


class Introspection(BaseHTTPRequestHandler):
    """Says of a token whether it holds, to Dovecot."""

    holding: ClassVar[set[str]] = set()

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        holds = asked.get("token", [""])[0] in self.holding
        body = json.dumps({"active": holds, "username": USER} if holds else {"active": False}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def introspection() -> Iterator[str]:
    Introspection.holding = {"access-1"}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Introspection)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.mark.parametrize(("provider", "flow"), FLOWS)
def test_dovecot_takes_the_token_and_refuses_one_that_holds_no_more(
    dovecot: Dovecot, token_server: TokenServer, introspection: str, provider: str, flow: str
) -> None:
    dovecot.append(b"Subject: 1\r\n\r\n")
    dovecot.stop()
    dovecot.introspection = introspection
    dovecot.start()
    mailbox = dovecot.mailbox(password=None, oauth2=token_server.oauth2(provider, flow))
    with connect(mailbox) as connection:
        assert connection.examine("INBOX").messages == 1
    Introspection.holding = {"access-2"}
    with connect(mailbox):
        pass
    assert token_server.given == ["access-1", "access-2"]
    Introspection.holding = set()
    assert wrong(mailbox).startswith("2 mailboxes.outcome.oauth2: localhost refuses the login of inbox@example.test: ")


def test_what_ends_is_kept_with_each_poll(
    inbox: Scripted, token_server: TokenServer, certificate: Certificate, sqlite_store: Sessions, tmp_path: Path
) -> None:
    def names(oauth2: OAuth2) -> dict[str, int]:
        poll_all(sqlite_store, [mailbox_of(inbox, oauth2)], 1_000, "hand", now, retry_policy=RetryPolicy(tries=1))
        with sqlite_store() as session:
            return {one.name: (one.at - now()).days for one in read_expiries(session)}

    server = {"mailbox outcome: certificate of localhost": 29}
    eleventh_day = (now() + timedelta(days=11)).date()
    assert names(token_server.oauth2(secret_expires=eleventh_day)) == server | {"mailbox outcome: client secret": 10}
    both = tmp_path / "app.pem"
    both.write_text(certificate.key.read_text() + certificate.cert.read_text())
    app_certificate = {"mailbox outcome: certificate of the app": 29}
    assert names(token_server.oauth2(client_secret=None, certificate_file=both)) == server | app_certificate
    device = token_server.oauth2(flow="device")
    log_in(mailbox_of(inbox, device), lambda _: None, str)
    assert names(device) == server | {"mailbox outcome: login": 89}
