"""What a server says, and what we make of it: a table of faults, each told in one line or healed."""

import re
import socket
import time
from pathlib import Path

import pytest
from fixture_dovecot import ODD_USERS, Certificate, Dovecot, make_certificate
from fixture_imap_script import Fault, Scripted, commands
from private_server import free_port

from ingest.answers import Listed
from ingest.mailbox import Connection, FetchedMail, connect
from ingest.mailbox_errors import Unreachable, WrongMailbox
from settings import Mailbox

pytestmark = pytest.mark.outside
MAILS = {uid: b"Subject: %d\r\n\r\nbody of %d\r\n" % (uid, uid) for uid in (3, 4, 9)}


def given(connection: Connection) -> dict[int, bytes]:
    examined = connection.examine("INBOX")
    return {mail.uid: mail.raw for mail in connection.give(connection.look(connection.uids(1, examined)))}


def test_a_mailbox_is_read_without_a_trace(dovecot: Dovecot) -> None:
    dovecot.append(b"Subject: seen\r\n\r\n1", flags="(\\Seen)")
    dovecot.append(b"Subject: new\r\n\r\n2")
    before = flags(dovecot)
    with connect(dovecot.mailbox()) as connection:
        assert given(connection) == {1: b"Subject: seen\r\n\r\n1", 2: b"Subject: new\r\n\r\n2"}
    assert flags(dovecot) == before


def flags(dovecot: Dovecot) -> object:
    with dovecot.client() as client:
        client.select("INBOX", readonly=True)
        return client.uid("FETCH", "1:*", "(FLAGS)")


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_a_connection_is_made_as_it_is_set(dovecot: Dovecot, security: str) -> None:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    with connect(dovecot.mailbox(security=security, port=port)) as connection:
        assert connection.examine("INBOX").messages == 0


def test_the_password_may_hold_letters_beyond_ascii(dovecot: Dovecot) -> None:
    with pytest.raises(WrongMailbox, match="refuses the login"), connect(dovecot.mailbox(password="pässword")):
        pass


@pytest.mark.parametrize("user", ODD_USERS)
def test_a_user_name_may_hold_what_the_language_of_imap_does(dovecot: Dovecot, user: str) -> None:
    with connect(dovecot.mailbox(user=user)) as connection:
        assert connection.examine("INBOX").messages == 0


def test_a_user_name_is_quoted(scripted: Scripted) -> None:
    with connect(scripted.mailbox(user='a"b\\c d')):
        pass
    assert commands(scripted, "LOGIN")[0].split(" ", 1)[1] == r'LOGIN "a\"b\\c d" "secret"'


@pytest.mark.parametrize(
    ("offers", "password", "sent"),
    [
        ("AUTH=PLAIN", "secret", b'tls LOGIN inbox@example.test "secret"'),
        ("LOGINDISABLED AUTH=PLAIN AUTH=LOGIN", "secret", b"sasl \0inbox@example.test\0secret"),
        ("LOGINDISABLED AUTH=LOGIN AUTH=XOAUTH2", "secret", b"sasl secret"),
        ("AUTH=PLAIN", "sécret", "sasl \0inbox@example.test\0sécret".encode()),
        ("AUTH=LOGIN", "sécret", "sasl sécret".encode()),
        ("AUTH=PLAIN", "sec\nret", b"sasl \0inbox@example.test\0sec\nret"),
    ],
)
def test_the_login_is_the_one_that_the_server_takes(
    scripted: Scripted, offers: str, password: str, sent: bytes
) -> None:
    scripted.offers = offers
    with connect(scripted.mailbox(password=password)) as connection:
        connection.examine("INBOX")
    logins = [
        re.sub(rb"^(tls) \w+ ", rb"\1 ", line).rstrip() for line in scripted.lines if password.encode()[:3] in line
    ]
    assert logins == [sent]


def test_a_server_that_takes_no_password_is_sent_none(scripted: Scripted) -> None:
    scripted.offers = "LOGINDISABLED AUTH=XOAUTH2"
    assert wrong(scripted.mailbox()) == (
        "2 mailboxes.outcome.security: localhost takes no password this way (LOGINDISABLED), and offers AUTH=XOAUTH2;"
        " no password was sent"
    )
    assert not commands(scripted, "LOGIN|AUTHENTICATE")


@pytest.mark.parametrize("offers", ["AUTH=PLAIN ID", "AUTH=PLAIN"])
def test_a_server_that_wants_to_know_who_asks_gets_an_answer(scripted: Scripted, offers: str) -> None:
    scripted.wants_id, scripted.offers, scripted.mails = True, offers, dict(MAILS)
    with connect(scripted.mailbox()) as connection:
        assert given(connection) == MAILS
    assert commands(scripted, " ID ")


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_a_host_may_be_an_address_of_ipv6(certificate: Certificate, host: str) -> None:
    server = Scripted(certificate, dict(MAILS), address="::1")
    server.start()
    with connect(server.mailbox(host=host)) as connection:
        assert given(connection) == MAILS
    server.stop()


def wrong(mailbox: Mailbox) -> str:
    with pytest.raises((WrongMailbox, Unreachable)) as raised, connect(mailbox) as connection:
        connection.examine(mailbox.folders[0])
    assert "\n" not in str(raised.value)
    assert isinstance(raised.value, WrongMailbox | Unreachable)
    return f"{raised.value.exit_code} {raised.value}"


def test_what_is_wrong_with_a_setting_is_one_line_that_names_it(dovecot: Dovecot) -> None:
    assert wrong(dovecot.mailbox(password="wrong")).startswith("2 mailboxes.outcome.password: localhost refuses")
    assert wrong(dovecot.mailbox(ca_file=None)).startswith("2 mailboxes.outcome.ca_file: the certificate of localhost:")
    assert wrong(dovecot.mailbox(ca_file=Path("/nowhere"))).startswith(
        "2 mailboxes.outcome.ca_file: no certificates in"
    )
    assert wrong(dovecot.mailbox(folders=["Gone"])).startswith(
        "2 mailboxes.outcome.folders: no folder 'Gone' (there are: "
    )
    assert wrong(dovecot.mailbox(port=dovecot.port)).startswith("2 mailboxes.outcome.security: ")
    assert wrong(dovecot.mailbox(port=free_port())).startswith("75 mailboxes.outcome.host: ")
    assert "secret" not in wrong(dovecot.mailbox(user="other@example.test"))


def test_a_password_is_not_shown_when_the_server_repeats_it(scripted: Scripted) -> None:
    scripted.login = "NO [AUTHENTICATIONFAILED] no such password: secret"
    assert "secret" not in wrong(scripted.mailbox())


def test_a_login_that_fails_for_a_while_is_no_wrong_password(scripted: Scripted) -> None:
    scripted.login = "NO [UNAVAILABLE] Temporary authentication failure"
    assert wrong(scripted.mailbox()).startswith("75 ")


@pytest.mark.parametrize(("name", "days"), [("localhost", -1), ("elsewhere.example", 30)])
def test_an_expired_certificate_and_anothers_are_refused(tmp_path: Path, name: str, days: int) -> None:
    server = Scripted(make_certificate(tmp_path, name, days))
    server.start()
    said = wrong(server.mailbox())
    server.stop()
    assert said.startswith("2 mailboxes.outcome.ca_file: ")
    assert server.lines == []


@pytest.mark.parametrize(("greeting", "offers"), [("* OK ready", False), ("* PREAUTH ready", True), ("* BYE no", True)])
def test_no_password_is_sent_where_starttls_is_stripped(certificate: Certificate, greeting: str, offers: bool) -> None:
    server = Scripted(certificate, tls=False, offers_starttls=offers, greeting=greeting)
    server.start()
    wrong(server.mailbox())
    server.stop()
    assert not server.sent_password_in_clear
    assert not commands(server, "LOGIN|AUTHENTICATE")


def test_the_password_goes_through_starttls(certificate: Certificate) -> None:
    server = Scripted(certificate, dict(MAILS), tls=False)
    server.start()
    with connect(server.mailbox()) as connection:
        assert given(connection) == MAILS
    server.stop()
    assert not server.sent_password_in_clear


@pytest.mark.parametrize("security", ["starttls", "plain"])
def test_a_port_of_tls_that_is_spoken_to_in_plain_says_so_at_once(scripted: Scripted, security: str) -> None:
    assert wrong(scripted.mailbox(security=security, timeout=60.0)).startswith(
        "2 mailboxes.outcome.security: localhost:"
    )
    assert not scripted.lines


def test_what_is_said_in_clear_after_starttls_counts_for_nothing(certificate: Certificate) -> None:
    """A line that another put behind the answer to STARTTLS, to be taken for the server's (CVE-2011-0411)."""
    server = Scripted(certificate, dict(MAILS), tls=False, slipped_in="* CAPABILITY IMAP4rev1 LOGINDISABLED")
    server.start()
    with connect(server.mailbox()) as connection:
        assert given(connection) == MAILS
    server.stop()
    assert commands(server, "LOGIN")
    assert not server.sent_password_in_clear


def test_a_server_that_says_nothing_at_all_is_left(certificate: Certificate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mailbox = Scripted(certificate)
        mailbox.port = silent.getsockname()[1]
        assert wrong(mailbox.mailbox(timeout=1.0)).startswith("75 ")


@pytest.mark.parametrize("fault", ["stall", "cut", "trickle", "bye"])
def test_a_mail_that_breaks_off_is_an_unreachable_server_and_soon(scripted: Scripted, fault: Fault) -> None:
    scripted.mails, scripted.faults = dict(MAILS), {4: [fault]}
    began = time.monotonic()
    with pytest.raises(Unreachable), connect(scripted.mailbox(timeout=1.0)) as connection:
        given(connection)
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("faults", "gives"),
    [
        ([], MAILS[4]),
        (["nil"], MAILS[4]),
        (["skip"], MAILS[4]),
        (["short"], MAILS[4]),
        (["no", "no"], MAILS[4]),
        (["nil", "nil"], None),
        (["skip", "nil"], None),
        (["no", "no", "no"], MAILS[4]),
        (["no"] * 4, None),
        (["odd"], MAILS[4]),
        (["odd"] * 4, None),
        (["literal8"], MAILS[4]),
        (["short", "short"], MAILS[4][: len(MAILS[4]) // 2]),
        (["short", "nil"], MAILS[4][: len(MAILS[4]) // 2]),
    ],
)
def test_what_is_passed_over_in_silence_is_asked_for_once_more(
    scripted: Scripted, faults: list[Fault], gives: bytes | None
) -> None:
    scripted.mails, scripted.faults = dict(MAILS), {4: faults}
    with connect(scripted.mailbox()) as connection:
        assert given(connection) == {uid: raw for uid, raw in (MAILS | {4: gives}).items() if raw is not None}


def test_a_size_that_is_wrong_is_stated_and_the_mail_kept(scripted: Scripted) -> None:
    scripted.mails, scripted.sizes = dict(MAILS), {4: 5}
    with connect(scripted.mailbox()) as connection:
        connection.examine("INBOX")
        assert list(connection.give([Listed(4, 5, None)])) == [
            FetchedMail(4, MAILS[4], f"the server said 5 bytes and gave {len(MAILS[4])}, twice")
        ]


def test_uids_come_in_order_and_none_below_the_first(scripted: Scripted) -> None:
    scripted.mails, scripted.backwards = dict(MAILS), True
    with connect(scripted.mailbox()) as connection:
        examined = connection.examine("INBOX")
        assert connection.uids(1, examined) == [3, 4, 9]
        assert connection.uids(4, examined) == [4, 9]
        assert connection.uids(10, examined) == []
        assert connection.has([3, 5, 9]) == {3, 9}


def test_long_lists_are_asked_for_in_ranges_and_no_command_is_long(scripted: Scripted) -> None:
    scripted.mails = {4_000_000_000 + 7 * n: b"x" for n in range(1050)}
    with connect(scripted.mailbox(timeout=20)) as connection:
        examined = connection.examine("INBOX")
        uids = connection.uids(1, examined, most=100)
        assert uids == sorted(scripted.mails)
        assert len(connection.look(uids)) == 1050
    assert len(commands(scripted, "UID SEARCH")) == 11
    assert max(map(len, scripted.lines)) < 8000


def test_the_outline_of_a_mail_holds_its_headers_and_names_its_parts(dovecot: Dovecot) -> None:
    raw = (
        b"Subject: big\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n"
        b'--b\r\nContent-Type: application/pdf; name="our comments.pdf"\r\n\r\nxxxx\r\n--b--\r\n'
    )
    dovecot.append(raw)
    with connect(dovecot.mailbox()) as connection:
        connection.examine("INBOX")
        outline = connection.outline(Listed(1, len(raw), None))
    assert outline is not None
    assert outline.startswith(raw.split(b"--b")[0])
    assert b'part 1: text/plain 2 bytes\r\npart 2: application/pdf "our comments.pdf" 4 bytes\r\n' in outline
