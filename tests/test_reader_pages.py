"""What a reader sees: everything, and no form that would only be refused."""

from typing import Any

import pytest
from accounts import add, bearer, token
from fixture_inbox import Inbox, change, inbox, message, outcomes, remark
from test_api import asked

from settings import Role

__all__ = ["inbox"]
pytestmark = pytest.mark.outside
PATHS = ("/", "/paragraphs/OP5", "/paragraphs/OP7", "/parties/NOR", "/parties/FJI", "/mails/1", "/review",
         "/review/all", "/corrections", "/entries/new", "/search?q=welcome", "/compilation")  # fmt: skip


def a_morning(inbox: Inbox) -> None:
    said = outcomes("body.txt", ("edit", "In OP5, write “reach”. ", (0,)), ("unread", "Mention the oceans. "))
    edits = change("OP5", "effectiveness", "reach", needs_review=True), remark("OP5", "We welcome it.")
    inbox.mail(message("NOR"), *edits, sentences=said)


def pages_of(inbox: Inbox, role: Role) -> dict[str, Any]:
    add(inbox, f"Kim {role}", role)
    secret = token(inbox, f"Kim {role}")
    with asked(inbox) as client:
        got = {path: client.get(path, headers={"Accept": "text/html"} | bearer(secret)) for path in PATHS}
    assert {path: answer.status_code for path, answer in got.items() if answer.status_code != 200} == {}
    return {path: answer.text for path, answer in got.items()}


def test_a_reader_is_shown_no_form_that_is_refused(inbox: Inbox) -> None:
    a_morning(inbox)
    pages = pages_of(inbox, "reader")
    assert [path for path, text in pages.items() if 'method="post"' in text] == []
    assert [path for path, text in pages.items() if "/entries/new" in text] == []


@pytest.mark.parametrize("path", ["/mails/1", "/review", "/entries/new"])
def test_and_is_told_why(inbox: Inbox, path: str) -> None:
    a_morning(inbox)
    assert "to decide needs the role reviewer" in pages_of(inbox, "reader")[path]


def test_a_reviewer_is_shown_all_of_them(inbox: Inbox) -> None:
    a_morning(inbox)
    pages = pages_of(inbox, "reviewer")
    with_forms = {path for path, text in pages.items() if 'method="post"' in text}
    assert with_forms == {"/paragraphs/OP5", "/mails/1", "/review", "/entries/new"}
