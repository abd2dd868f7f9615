"""Whether senders can be verified here: `authserv_id` beside the servers that speak in the mails."""

from typing import Any

import pytest
from fixture_inbox import Inbox, inbox
from pydantic import ValidationError

from commands.context import CommandContext
from commands.doctor import _in_store
from commands.senders import BELIEVED, NOBODY, topmost_server, why_unverified
from commands.service import _warn
from settings import Settings

__all__ = ["inbox"]
OURS = b"Authentication-Results: MX.host.example 1;\r\n dmarc=pass header.from=a.example\r\n"
THEIRS = b"Authentication-Results: mx.evil.example; dmarc=pass header.from=a.example\r\n"
MAILBOX = {"name": "outcome", "host": "localhost", "user": "u", "password": "p"}


@pytest.mark.parametrize(
    ("head", "server"),
    [
        (b"", ""),
        (b"Subject: x\r\n\r\nAuthentication-Results: mx.body.example; none", ""),
        (OURS, "mx.host.example"),
        (OURS + THEIRS, "mx.host.example"),
        (b"Received: by x\r\n" + THEIRS + OURS, "mx.evil.example"),
        (b"Authentication-Results: \r\n", ""),
        (b"Authentication-Results: ;;;\xff\x00\r\n" + OURS, ""),
    ],
)
def test_the_server_that_took_a_mail_in_wrote_the_topmost_field(head: bytes, server: str) -> None:
    assert topmost_server(head) == server


LOOKS = [
    ([], None, NOBODY, "docs/who.md says more"),
    ([OURS], None, NOBODY, 'authserv_id = "mx.host.example", if that is your mail server'),
    ([THEIRS, OURS, OURS], None, NOBODY, 'authserv_id = "mx.host.example", if that is your mail server'),
    ([], "mx.host.example", "", ""),
    ([b"Subject: x\r\n"], "mx.host.example", "", ""),
    ([THEIRS, OURS], "MX.host.example", "", ""),
    ([OURS, OURS], "mx.another.example",
     "of the newest 2 mails with Authentication-Results none has one of mx.another.example",
     'authserv_id = "mx.host.example", if that is your mail server; until then claims need review'),
]  # fmt: skip


def test_doctor_says_that_the_directory_is_believed(inbox: Inbox) -> None:
    settings = Settings(mailboxes=[MAILBOX], believe_directory=True)
    with inbox.sessions() as session:
        assert why_unverified(settings, session)[0] == BELIEVED


def test_who_names_a_server_believes_nothing_else() -> None:
    with pytest.raises(ValidationError, match="believe_directory: with authserv_id that server's verdicts alone"):
        Settings(believe_directory=True, authserv_id="mx.host.example")


@pytest.mark.parametrize(("heads", "believed", "why", "do"), LOOKS)
def test_doctor_and_start_say_where_nobody_is_verified(
    inbox: Inbox, heads: list[bytes], believed: str | None, why: str, do: str, caplog: Any
) -> None:
    for n, head in enumerate(heads):
        inbox.arrive(f"{n}", raw=head + b"Subject: %d\r\n\r\nText" % n)
    url = inbox.engine.url.render_as_string(hide_password=False)
    settings = Settings(mailboxes=[MAILBOX], authserv_id=believed, database_url=url)
    with inbox.sessions() as session:
        assert why_unverified(settings, session) == (why, do)
    found = [one for one in _in_store(settings) if one.what == "senders"]
    assert [(one.state, one.said) for one in found] == ([("FAILED" if believed else "note", why)] if why else [])
    _warn(CommandContext(settings, inbox.sessions))
    assert [line.getMessage() for line in caplog.records] == (
        [f"senders=unverified why={why!r} do={do!r}"] if why else []
    )
