"""What a watchman asks: /readyz with its checks, /metrics."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, inbox, message
from httpx import Client
from sqlalchemy import update

from api.app import create_app
from consultation.health import Alarm
from parsing.model import Reading
from settings import Settings
from store.accounts import add_account
from store.alarms import keep_alarms
from store.expiries import note_expiry
from store.outgoing import NewOutgoing, queue
from store.tables import ArrivalRow

__all__ = ["inbox"]
MAILBOX = {"name": "outcome", "host": "localhost", "user": "u", "password": "p"}


@contextmanager
def asked(inbox: Inbox, settings: Settings | None = None, at: datetime = NOW) -> Iterator[Client]:
    app = create_app(inbox.sessions, settings or Settings(), lambda: at)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        yield client


def ready_checks(client: Client) -> dict[str, bool]:
    return {check["name"]: check["ok"] for check in client.get("/readyz").json()["checks"]}


def test_ready_checks_the_ledger(inbox: Inbox) -> None:
    inbox.arrive("one")
    inbox.poll()
    with inbox.sessions.begin() as session:
        session.execute(update(ArrivalRow).values(state="listed"))
    with asked(inbox, Settings(mailboxes=[MAILBOX], alerts={"least_free_mb": 0})) as client:
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ledger_difference"]) == (503, 1)
    assert answer.json()["why"] == "1 mails are listed and not given"


def test_ready_checks_the_room_on_the_disk(inbox: Inbox) -> None:
    inbox.poll()
    with asked(inbox, Settings(alerts={"least_free_mb": 1e12})) as client:
        assert client.get("/readyz").status_code == 503
        assert ready_checks(client) == {"polls": True, "ledger": True, "disk": False, "reading": True}


def test_ready_checks_that_mail_is_read(inbox: Inbox) -> None:
    inbox.arrive("one")
    inbox.poll()
    with asked(inbox, Settings(alerts={"least_free_mb": 0}), NOW + timedelta(hours=3)) as client:
        assert ready_checks(client)["reading"] is False
        inbox.read(1, Reading(message("NOR")))
        assert ready_checks(client)["reading"] is True


def test_ready_says_how_each_mailbox_stands(inbox: Inbox) -> None:
    inbox.poll(NOW - timedelta(hours=3))
    inbox.poll(NOW - timedelta(hours=1), "failed", "away")
    with asked(inbox, Settings(mailboxes=[MAILBOX])) as client:
        [mailbox] = client.get("/readyz").json()["mailboxes"]
    assert mailbox == {
        "name": "outcome", "polling": False, "outcome": "failed", "last_good": "2021-09-08T03:30:00+00:00",
        "age_seconds": 3 * 3600,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_strangers_are_not_told_what_servers_said(inbox: Inbox, path: str) -> None:
    inbox.poll(NOW - timedelta(hours=1), "failed", "imap.example.org refuses the login of desk@example.org")
    with asked(inbox, Settings(mailboxes=[MAILBOX])) as client:
        assert "desk@example.org" in client.get(path).text
    with asked(inbox, Settings(mailboxes=[MAILBOX], public_url="http://127.0.0.1")) as client:
        answer = client.get(path)
    [failing] = answer.json()["failing"]
    assert (failing["mailbox"], failing["outcome"]) == ("mailbox 1", "failed")
    assert "example.org" not in answer.text
    assert "outcome" not in re.sub('"outcome":', "", answer.text)


def test_what_was_a_mailbox_once_has_no_name_for_strangers_either(inbox: Inbox) -> None:
    inbox.poll(NOW - timedelta(hours=1), "failed", "away")
    with inbox.sessions.begin() as session:
        add_account(session, "ann", "operator", NOW)
    with asked(inbox, Settings(mailboxes=[MAILBOX | {"name": "new"}])) as client:
        for path in ("/healthz", "/readyz"):
            assert client.get(path).json()["failing"][0]["mailbox"] == "another mailbox"
        assert client.get("/readyz").json()["mailboxes"][0]["name"] == "mailbox 1"


def test_metrics_count_what_stands_and_what_leaves(inbox: Inbox) -> None:
    with inbox.sessions.begin() as session:
        keep_alarms(session, [Alarm("disk", "/data", "")], NOW)
        queue(session, NewOutgoing("ping 1", "ping", "ping"), NOW)
        note_expiry(session, "token x", NOW, NOW)
    with asked(inbox) as client:
        text = client.get("/metrics").text
    assert 'kunming_alarms{kind="disk"} 1.0' in text
    assert 'kunming_alarms{kind="mailbox"} 0.0' in text
    assert 'kunming_outgoing{state="waiting"} 1.0' in text
    assert 'kunming_expires_timestamp_seconds{name="token x"} 1.6' in text
    assert "kunming_free_bytes{" in text
