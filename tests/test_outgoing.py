"""What leaves by mail: once, later where the server is away, and never in a way that gives something away."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fixture_dovecot import Certificate
from fixture_smtp import PASSWORD, USER, PostOffice, open_post_office
from private_server import free_port
from pydantic import ValidationError
from sqlalchemy import select

from outgoing.deliver import Delivered, deliver, pause_after
from outgoing.errors import NotKnown, NotNow
from outgoing.letters import OutgoingLetter, message_of, one_line, queue_letter
from outgoing.smtp import send_mail, try_smtp
from settings import Settings, Smtp, WrongSettings
from store.outgoing import claim, due, outgoing_counts
from store.session import Sessions
from store.tables import OutgoingRow

NOW = datetime(2021, 9, 3, 12, tzinfo=UTC)
LETTER = OutgoingLetter(
    "receipt 1", "receipt", ("desk@min.example",), "Received: your comments", "We have received it.\n"
)
SMTP = Smtp(host="127.0.0.1", security="plain", sender="Secretariat <kunming@example.test>")


def settings(smtp: Smtp | None) -> Settings:
    return Settings(smtp=smtp)


def put(store: Sessions, smtp: Smtp, letter: OutgoingLetter = LETTER, at: datetime = NOW) -> bool:
    with store.begin() as session:
        return queue_letter(session, smtp, letter, at)


def send(store: Sessions, smtp: Smtp | None, at: datetime = NOW, stop: threading.Event | None = None) -> Delivered:
    return deliver(store, settings(smtp), lambda: at, stop)


def rows(store: Sessions) -> list[tuple[str, int, str | None]]:
    with store() as session:
        return [(row.state, row.attempts, row.error) for row in session.scalars(select(OutgoingRow))]


# --- a letter -------------------------------------------------------------------------------------------


def test_a_letter_says_that_a_program_sent_it() -> None:
    message = message_of(SMTP, LETTER, NOW)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "Secretariat <kunming@example.test>"
    assert message["Message-ID"] == message_of(SMTP, LETTER, NOW + timedelta(days=1))["Message-ID"]


def test_an_answer_belongs_to_the_thread_of_the_mail_that_it_answers() -> None:
    answer = replace(LETTER, answers=True, in_reply_to="<b@x>", references=("<a@x>", "<b@x>"))
    message = message_of(SMTP, answer, NOW)
    assert (message["In-Reply-To"], message["References"]) == ("<b@x>", "<a@x> <b@x>")
    assert message["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize("text", ["a\r\nBcc: all@x", "a\nb", "a\x00b", "a\u2028b", "a\x85Bcc: b", "\ta  b\x0b"])
def test_no_header_can_be_slipped_in(text: str) -> None:
    letter = replace(LETTER, subject=text, in_reply_to=text, references=(text,), headers={"X-Mail": text})
    message = message_of(SMTP, letter, NOW)
    raw = message.as_bytes()
    assert b"\nBcc:" not in raw
    assert message["Bcc"] is None
    assert one_line(text).isprintable()


@pytest.mark.parametrize("text", ["ascii\n", "déjà reçu\n", "已收到\n", ".\nFrom here\n..\n", "x" * 3000 + "\n"])
def test_a_text_arrives_as_it_is(post_office: PostOffice, sqlite_store: Sessions, text: str) -> None:
    put(sqlite_store, post_office.smtp(), replace(LETTER, text=text, subject=f"Re: {text[:60]}"))
    assert send(sqlite_store, post_office.smtp()) == Delivered(sent=1)
    [taken] = post_office.taken
    assert (taken.sender, taken.to, taken.text) == ("kunming@example.test", ("desk@min.example",), text)
    assert taken.message["Subject"] == one_line(f"Re: {text[:60]}")
    assert max(map(len, taken.raw.splitlines())) < 998


def test_an_answer_has_no_return_path(post_office: PostOffice, sqlite_store: Sessions) -> None:
    put(sqlite_store, post_office.smtp(), replace(LETTER, answers=True))
    send(sqlite_store, post_office.smtp())
    assert [one.sender for one in post_office.taken] == ["<>"]


def test_an_address_beyond_ascii_is_written_to(post_office: PostOffice, sqlite_store: Sessions) -> None:
    put(sqlite_store, post_office.smtp(), replace(LETTER, to=("büro@ministerium.example",)))
    assert send(sqlite_store, post_office.smtp()).sent == 1
    assert post_office.taken[0].to == ("büro@ministerium.example",)


# --- once -----------------------------------------------------------------------------------------------


def test_of_one_key_one_letter_is_sent(post_office: PostOffice, store: Sessions) -> None:
    assert put(store, post_office.smtp())
    assert not put(store, post_office.smtp(), replace(LETTER, text="Other words."))
    send(store, post_office.smtp())
    assert not put(store, post_office.smtp())
    send(store, post_office.smtp(), NOW + timedelta(days=1))
    assert len(post_office.taken) == 1


def test_of_two_that_send_one_does(post_office: PostOffice, store: Sessions) -> None:
    put(store, post_office.smtp())
    with store.begin() as session:
        [one] = due(session, NOW)
        assert [claim(session, one.id, NOW) for _ in range(2)] == [True, False]
    assert send(store, post_office.smtp()) == Delivered()


@pytest.mark.parametrize(("insistent", "state", "sent"), [(False, "unsure", 0), (True, "sent", 1)])
def test_what_was_being_sent_when_the_process_ended(
    post_office: PostOffice, store: Sessions, insistent: bool, state: str, sent: int
) -> None:
    put(store, post_office.smtp(), replace(LETTER, insistent=insistent))
    with store.begin() as session:
        claim(session, due(session, NOW)[0].id, NOW)
    send(store, post_office.smtp(), NOW + timedelta(minutes=5))
    assert rows(store)[0][0] == "sending"
    send(store, post_office.smtp(), NOW + timedelta(minutes=20))
    assert rows(store)[0][0] == state
    assert len(post_office.taken) == sent


# --- later ----------------------------------------------------------------------------------------------


def test_a_server_that_is_away_is_tried_again_later(sqlite_store: Sessions) -> None:
    port = free_port()
    away = SMTP.model_copy(update={"port": port})
    put(sqlite_store, away)
    assert send(sqlite_store, away) == Delivered(later=1)
    assert send(sqlite_store, away) == Delivered()
    [(state, attempts, error)] = rows(sqlite_store)
    assert (state, attempts) == ("waiting", 1)
    assert str(error).startswith(f"smtp.host: 127.0.0.1:{port}: ")
    with open_post_office() as office:
        assert send(sqlite_store, office.smtp(), NOW + timedelta(minutes=1)) == Delivered(sent=1)
        assert len(office.taken) == 1


def test_while_a_server_is_away_one_letter_tries_for_all(sqlite_store: Sessions) -> None:
    away = SMTP.model_copy(update={"port": free_port()})
    for n in range(5):
        put(sqlite_store, away, replace(LETTER, key=f"receipt {n}"))
    assert send(sqlite_store, away) == Delivered(later=5)
    assert sorted(attempts for _, attempts, _ in rows(sqlite_store)) == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("answer", "state"),
    [("451 4.3.0 greylisted", "waiting"), ("552 5.3.4 too large", "given-up"), ("421 4.3.2 going down", "waiting")],
)
def test_a_server_may_refuse_now_or_for_good(
    post_office: PostOffice, sqlite_store: Sessions, answer: str, state: str
) -> None:
    post_office.reply = lambda _taken: answer
    put(sqlite_store, post_office.smtp())
    send(sqlite_store, post_office.smtp())
    [(was, _, error)] = rows(sqlite_store)
    assert was == state
    assert answer in str(error)


def test_an_address_that_does_not_exist_is_given_up_and_the_other_letters_go(
    post_office: PostOffice, sqlite_store: Sessions
) -> None:
    post_office.refused = {"nobody@min.example"}
    for name in ("nobody", "desk"):
        put(sqlite_store, post_office.smtp(), replace(LETTER, key=f"receipt {name}", to=(f"{name}@min.example",)))
    assert send(sqlite_store, post_office.smtp()) == Delivered(sent=1, given_up=1)


def test_of_several_addresses_the_good_ones_get_it(post_office: PostOffice, sqlite_store: Sessions) -> None:
    post_office.refused = {"nobody@min.example"}
    put(sqlite_store, post_office.smtp(), replace(LETTER, to=("nobody@min.example", "desk@min.example")))
    assert send(sqlite_store, post_office.smtp()) == Delivered(sent=1)
    [(_, _, remark)] = rows(sqlite_store)
    assert "nobody@min.example: 550" in str(remark)


def test_after_three_days_in_vain_it_is_given_up(sqlite_store: Sessions) -> None:
    away = SMTP.model_copy(update={"port": free_port()})
    put(sqlite_store, away)
    send(sqlite_store, away)
    assert send(sqlite_store, away, NOW + timedelta(days=3)) == Delivered(given_up=1)


def test_what_is_not_worth_sending_any_more_is_not_sent(post_office: PostOffice, sqlite_store: Sessions) -> None:
    put(sqlite_store, post_office.smtp(), replace(LETTER, expires=timedelta(hours=12)))
    assert send(sqlite_store, post_office.smtp(), NOW + timedelta(hours=12)) == Delivered(given_up=1)
    assert post_office.taken == []


def test_without_a_mail_server_letters_wait(sqlite_store: Sessions) -> None:
    put(sqlite_store, SMTP)
    assert send(sqlite_store, None) == Delivered(later=1)
    with sqlite_store() as session:
        counts = outgoing_counts(session)
    assert (counts.states, counts.failing, counts.error) == ({"waiting": 1}, 1, "smtp: it is not set")


def test_pauses_grow_to_a_limit() -> None:
    assert [pause_after(n) // timedelta(minutes=1) for n in (1, 2, 3, 7, 8, 99)] == [1, 2, 4, 64, 120, 120]


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.outside
def test_a_server_that_says_nothing_is_left_in_time() -> None:
    with silent_server() as port:
        silent = SMTP.model_copy(update={"port": port, "timeout": 0.2})
        with pytest.raises(NotNow, match=r"smtp\.host: "):
            send_mail(silent, "a@x", ["b@x"], b"Subject: x\r\n\r\n", threading.Event())


def test_ending_the_program_ends_the_sending(post_office: PostOffice) -> None:
    stop, asked = threading.Event(), threading.Event()
    post_office.delay = 30.0
    post_office.reply = lambda _taken: asked.set()
    errors: list[BaseException] = []

    def try_it() -> None:
        try:
            send_mail(post_office.smtp(timeout=60), "a@x", ["b@x"], b"Subject: x\r\n\r\n", stop)
        except NotKnown as error:
            errors.append(error)

    thread = threading.Thread(target=try_it)
    thread.start()
    assert asked.wait(10)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert len(errors) == 1


@pytest.mark.parametrize(("insistent", "state"), [(False, "unsure"), (True, "waiting")])
def test_a_connection_lost_after_the_message_was_given(
    post_office: PostOffice, sqlite_store: Sessions, insistent: bool, state: str
) -> None:
    post_office.delay = 5.0
    put(sqlite_store, post_office.smtp(), replace(LETTER, insistent=insistent))
    send(sqlite_store, post_office.smtp(timeout=0.3))
    assert rows(sqlite_store)[0][0] == state


# --- safely ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_over_tls_with_a_password_from_a_file(
    certificate: Certificate, sqlite_store: Sessions, tmp_path: Path, security: str
) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    with open_post_office(certificate, security) as office:
        smtp = office.smtp(host="localhost", user=USER, password_file=tmp_path / "password")
        put(sqlite_store, smtp)
        assert send(sqlite_store, smtp) == Delivered(sent=1)
        assert try_smtp(smtp).startswith("250 ")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "wrong"}, r"smtp\.password: .* refuses the login of kunming: 535"),
        ({"ca_file": None}, r"smtp\.ca_file: the certificate of .* is not trusted"),
        ({"security": "tls"}, r"smtp\.security: .* speaks no TLS"),
    ],
)
def test_a_wrong_setting_is_named(certificate: Certificate, changes: dict[str, Any], said: str) -> None:
    with open_post_office(certificate, "starttls") as office:
        smtp = office.smtp(**{"host": "localhost", "user": USER, "password": PASSWORD} | changes)
        with pytest.raises(NotNow, match=said) as caught:
            try_smtp(smtp)
    assert PASSWORD not in str(caught.value)


def test_where_starttls_is_not_offered_nothing_is_sent(post_office: PostOffice) -> None:
    smtp = post_office.smtp(security="starttls", user=USER, password=PASSWORD)
    with pytest.raises(NotNow, match=r"smtp\.security: .*nothing was sent"):
        send_mail(smtp, "a@x", ["b@x"], b"Subject: x\r\n\r\n", threading.Event())
    assert post_office.taken == []


def test_a_password_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match=r"smtp\.password_file: .*No such file"):
        Smtp(host="x", sender="a@b", user="u", password_file=tmp_path / "none").secret()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"security": "plain", "user": "u", "password": "p"}, "would send the password"),
        ({"sender": "nobody"}, "is not a mail address"),
        ({"user": "u"}, "a password or a password_file belongs to it"),
        ({"password": "p", "password_file": "f"}, "give one of them"),
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Smtp(**{"host": "mail.example.org", "sender": "a@b.example"} | changes)
