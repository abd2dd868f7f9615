"""Log lines: one a record, as text or as JSON, with what varies as fields; what is secret is in none of them."""

import json
import logging
import sys
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fixture_inbox import Inbox, inbox, message
from sqlalchemy.exc import IntegrityError
from test_api import asked

from commands.logs import AsJson, AsText, pairs_of, set_up_logs
from ingest.mailbox_errors import WrongMailbox
from settings import Settings
from store.session import Sessions
from store.tables import ProblemRow

__all__ = ["inbox"]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def record(message: str, *arguments: Any, exc_info: Any = None) -> logging.LogRecord:
    made = logging.LogRecord("kunming.ingest", logging.INFO, "file.py", 1, message, arguments, exc_info)
    made.created = 1630868404.125
    return made


@pytest.mark.parametrize(
    ("message", "arguments", "pairs"),
    [
        ("mail=%d class=%s edits=%d", (12, "comments", 3), {"mail": 12, "class": "comments", "edits": 3}),
        ("mail=%d party=%s", (12, None), {"mail": 12, "party": None}),
        ("error=%r", ("a b=c",), {"error": "a b=c"}),
        ("mail=%d state=lost cause='its raw bytes'", (3,), {"mail": 3, "state": "lost", "cause": "its raw bytes"}),
        ("asked answered=%d", (2,), {"answered": 2}),
        ("refused=%s %s status=%d", ("host", "GET /", 421), {"refused": "host", "status": 421}),
        ("question=%.12s why=%r", ("abc", WrongMailbox("x")), {"question": "abc", "why": "x"}),
        ("nothing to say", (), {}),
        ("level=%s", ("high",), {"level_": "high"}),
    ],
)
def test_what_varies_in_a_message_is_a_field(message: str, arguments: tuple[Any, ...], pairs: dict[str, Any]) -> None:
    assert pairs_of(record(message, *arguments)) == pairs


def test_as_text_a_line_has_its_time_with_the_offset() -> None:
    line = AsText(SHANGHAI).format(record("mail=%d class=%s", 12, "comments"))
    assert line == "2021-09-06 03:00:04.125+08:00 INFO mail=12 class=comments"


def test_as_json_a_line_is_an_object() -> None:
    line = json.loads(AsJson(SHANGHAI).format(record("mail=%d class=%s", 12, "comments")))
    assert line == {
        "time": "2021-09-06T03:00:04.125+08:00",
        "level": "info",
        "logger": "kunming.ingest",
        "message": "mail=12 class=comments",
        "mail": 12,
        "class": "comments",
    }


@pytest.mark.parametrize("text", ["a\nINFO mail=1", "a\r\nb", "a\u2028b", "a\x1b[2Jb", "a\x00b"])
@pytest.mark.parametrize("formatter", [AsText(SHANGHAI), AsJson(SHANGHAI)])
def test_nobody_begins_a_line_of_his_own(formatter: logging.Formatter, text: str) -> None:
    line = formatter.format(record("subject=%s", text))
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_a_crash_is_one_object_too() -> None:
    try:
        int("no such thing")
    except ValueError:
        line = AsJson(SHANGHAI).format(record("reading=failed", exc_info=sys.exc_info()))
    assert "\n" not in line
    assert "no such thing" in json.loads(line)["exc_info"]


@pytest.mark.parametrize(
    ("given", "usual", "shown"),
    [({}, logging.WARNING, False), ({}, logging.INFO, True), ({"log_level": "warning"}, logging.INFO, False)],
)
def test_from_which_level_on_lines_are_shown(given: dict[str, Any], usual: int, shown: bool) -> None:
    before = logging.getLogger("kunming").level
    set_up_logs(Settings(**given), usual)
    try:
        assert logging.getLogger("kunming.ingest").isEnabledFor(logging.INFO) is shown
        assert not logging.getLogger("sqlalchemy").isEnabledFor(logging.INFO)
    finally:
        logging.getLogger("kunming").setLevel(before)
        logging.basicConfig(handlers=[], level=logging.WARNING, force=True)


def test_a_request_is_one_line_without_its_query(inbox: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kunming.access")
    with asked(inbox) as client:
        client.get("/api/v1/edits", params={"q": "secret-words"}, headers={"Authorization": "Bearer other-secret"})
        client.get("/static/kunming.css")
        client.get("/static/none.css")
        client.get("/api/v1/mails/1%0d%0aINFO")
    lines = [one.getMessage() for one in caplog.records if one.name == "kunming.access"]
    assert len(lines) == 3
    assert lines[0].startswith("access method=GET path='/api/v1/edits' status=200 ms=")
    assert lines[0].endswith(" client=127.0.0.1 account='local'")
    assert "status=404" in lines[1]
    assert "\n" not in "".join(lines)
    assert "secret" not in caplog.text


def test_an_error_of_the_store_does_not_repeat_the_words_of_a_mail(inbox: Inbox) -> None:
    mail = inbox.mail(message("NOR"))
    sessions: Sessions = inbox.sessions
    with sessions() as session:
        session.add_all([ProblemRow(mail_id=mail, n=9, source="body", problem="unpublished words") for _ in range(2)])
        with pytest.raises(IntegrityError) as caught:
            session.flush()
    assert "unpublished words" not in str(caught.value)
