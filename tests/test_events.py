"""The stream of events: what happens comes at once, and what was missed comes after a break."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from accounts import add, bearer, token
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, either_inbox, inbox, message, remark
from httpx import Client

from api.app import create_app
from settings import Settings
from store.accounts import revoke_token

__all__ = ["either_inbox", "inbox"]
pytestmark = pytest.mark.outside
EVENTS = "/api/v1/events"


@contextmanager
def asked(inbox: Inbox) -> Iterator[Client]:
    app = create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        yield client


def names(lines: Iterator[str]) -> Iterator[str]:
    return (line.removeprefix("event: ") for line in lines if line.startswith("event: "))


def test_a_mail_that_comes_is_told_to_who_listens(either_inbox: Inbox) -> None:
    either_inbox.mail(message("FJI"), remark("OP1", "Old."))
    with asked(either_inbox) as client, client.stream("GET", EVENTS) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        either_inbox.mail(message("NOR"), remark("OP1", "New."))
        lines = answer.iter_lines()
        assert sorted(islice(names(lines), 2)) == ["arrival", "reading"]


def test_a_stream_ends_with_the_token_of_who_listens(inbox: Inbox) -> None:
    inbox.mail(message("FJI"))
    add(inbox, "ann")
    with asked(inbox) as client, client.stream("GET", EVENTS, headers=bearer(token(inbox, "ann"))) as answer:
        assert answer.status_code == 200
        with inbox.sessions.begin() as session:
            revoke_token(session, 1, NOW)
        inbox.mail(message("NOR"))
        assert "NOR" not in "".join(answer.iter_text())


SINCE: list[tuple[dict[str, Any], dict[str, str], int]] = [
    ({}, {}, 0),
    ({"since": NOW.isoformat()}, {}, 2),
    ({"since": (NOW + timedelta(hours=1)).isoformat()}, {}, 0),
    ({}, {"Last-Event-ID": f"{NOW.isoformat()}/arrival/1"}, 2),
]


@pytest.mark.parametrize(("query", "headers", "count"), SINCE)
def test_what_was_missed_comes_first(inbox: Inbox, query: dict[str, Any], headers: dict[str, str], count: int) -> None:
    inbox.mail(message("NOR"), remark("OP1", "Good."))
    with asked(inbox) as client:
        text = client.get(EVENTS, params={"seconds": 0} | query, headers=headers).text
    assert text.count("event: ") == text.count('"party":"NOR"') == count


@pytest.mark.parametrize(
    ("query", "headers"), [({"since": "now"}, {}), ({}, {"Last-Event-ID": "12"}), ({"seconds": "-1"}, {})]
)
def test_what_cannot_be_is_refused(inbox: Inbox, query: dict[str, str], headers: dict[str, str]) -> None:
    with asked(inbox) as client:
        assert client.get(EVENTS, params=query, headers=headers).status_code == 422


def test_head_gives_the_headers_and_ends(inbox: Inbox) -> None:
    with asked(inbox) as client:
        for _ in range(2):
            answer = client.head(EVENTS)
            assert (answer.status_code, answer.content) == (200, b"")
