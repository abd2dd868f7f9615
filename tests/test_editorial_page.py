"""The easy editorial proposals marked in one go: by the page, by JSON, by two reviewers at once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from accounts import add, bearer, csrf, log_in, token
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, change, inbox, message, snapshot_of
from fixture_site import page, site
from httpx import Client

from api.app import create_app
from settings import Settings

__all__ = ["inbox", "page", "site"]
pytestmark = pytest.mark.outside
BOX = re.compile(r'name="(take-\d+)" value="([^"]*)"')
Json = dict[str, Any]


@contextmanager
def asked(inbox: Inbox) -> Iterator[Client]:
    app = create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        yield client


def a_morning(inbox: Inbox) -> None:
    """Two easy proposals, the second of two Parties, and one that is not easy."""
    inbox.mail(message("NOR"), change("OP5", "area-based conservation|", ","), change("OP5", "systems", "system"))
    inbox.mail(message("CHE"), change("OP5", "systems", "system"), change("OP5", "wild species", "wildlife"))


def the_form(client: Client) -> Json:
    """The form as the page has it, all boxes checked."""
    text = client.get("/editorial").text
    return {name: unescape(value) for name, value in BOX.findall(text)} | {"csrf": csrf(client, "/editorial")}


def marks_of(inbox: Inbox) -> dict[tuple[str | None, str], str | None]:
    return {(fact.party, fact.edit.new): fact.disposition for fact in snapshot_of(inbox).edits}


def test_all_are_marked_with_one_form_and_taken_back_with_another(inbox: Inbox) -> None:
    a_morning(inbox)
    with asked(inbox) as client:
        form = the_form(client) | {"disposition": "taken up", "note": "all of them", "by": "Maria Silva"}
        answer = client.post("/editorial", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/editorial?kept=1-3&meanwhile=")
        marked = marks_of(inbox)
        shown = client.get("/editorial?kept=1-3").text
        undo = {"corrections": "1 2 3", "csrf": form["csrf"]}
        client.post("/editorial/undo", data=undo, headers={"Cookie": "reviewer=Maria%20Silva"})
    assert marked == {("NOR", ","): "taken up", ("NOR", "system"): "taken up", ("CHE", "system"): "taken up",
                      ("CHE", "wildlife"): None}  # fmt: skip
    assert "3 marks are kept." in shown
    assert "All are marked." in shown
    assert set(marks_of(inbox).values()) == {None}


def test_only_those_that_are_checked_are_marked(inbox: Inbox) -> None:
    a_morning(inbox)
    with asked(inbox) as client:
        form = the_form(client)
        del form["take-2"]
        client.post("/editorial", data=form | {"disposition": "merged", "by": "Maria Silva"})
        left = the_form(client)
    assert [new for (_, new), mark in marks_of(inbox).items() if mark == "merged"] == [","]
    assert [name for name in left if name.startswith("take-")] == ["take-1"]


def test_what_another_decided_meanwhile_is_listed_and_the_others_are_kept(inbox: Inbox) -> None:
    a_morning(inbox)
    with asked(inbox) as client:
        form = the_form(client) | {"disposition": "taken up", "by": "Maria Silva"}
        edit = form["take-2"].partition(":")[0]
        one = {"marks": [{"edit": edit, "disposition": "not taken up"}], "by": "Li Wei"}
        assert client.post("/api/v1/marks", json=one).status_code == 201
        answer = client.post("/editorial", data=form)
        shown = client.get(answer.headers["location"]).text
    marks = marks_of(inbox)
    assert "1 edit was decided meanwhile" in shown
    assert "Li Wei" in shown
    assert "1 mark is kept." in shown
    assert (marks["NOR", ","], marks["NOR", "system"], marks["CHE", "system"]) == ("taken up", "not taken up", None)


REFUSED = [({"disposition": ""}, "Choose a mark"), ({"disposition": "lost"}, "Choose a mark"),
           ({"disposition": "merged", "take-1": "", "take-2": ""}, "Nothing is checked"),
           ({"disposition": "merged", "take-2": "none:"}, "there is none")]  # fmt: skip


@pytest.mark.parametrize(("said", "why"), REFUSED)
def test_a_form_that_cannot_be_kept_comes_back_with_its_note(inbox: Inbox, said: Json, why: str) -> None:
    a_morning(inbox)
    with asked(inbox) as client:
        form = the_form(client) | {"note": "as agreed", "by": "Maria Silva"}
        answer = client.post("/editorial", data=form | said)
    assert answer.status_code == 422
    assert why in answer.text
    assert 'value="as agreed"' in answer.text
    assert snapshot_of(inbox).corrections == ()


def test_the_form_is_for_reviewers_and_carries_its_token(inbox: Inbox) -> None:
    a_morning(inbox)
    add(inbox, "ann", "reader")
    add(inbox, "ben", "reviewer")
    with asked(inbox) as client:
        log_in(client, "ben")
        form = the_form(client) | {"disposition": "merged"}
        assert client.post("/editorial", data=form | {"csrf": "x"}).status_code == 403
        client.cookies.clear()
        log_in(client, "ann")
        text = client.get("/editorial").text
        assert client.post("/editorial", data=form | {"csrf": csrf(client, "/account")}).status_code == 403
    assert "Norway" in text
    assert "take-1" not in text
    assert snapshot_of(inbox).corrections == ()


def test_the_same_by_json(inbox: Inbox) -> None:
    a_morning(inbox)
    add(inbox, "ben", "reviewer")
    with asked(inbox) as client:
        client.headers.update(bearer(token(inbox, "ben")))
        found = client.get("/api/v1/editorial").json()
        edits = [edit for one in found for edit in one["edits"]]
        marks = [{"edit": edit["id"], "disposition": "merged", "seen": edit["annotations"]} for edit in edits]
        first, again = (client.post("/api/v1/marks", json={"marks": marks}) for _ in range(2))
        partly = [marks[0], marks[1] | {"seen": [first.json()["kept"][1]["id"]], "disposition": None}]
        mixed = client.post("/api/v1/marks", json={"marks": partly}).json()
        wrong = client.post("/api/v1/marks", json={"marks": [partly[1], {"edit": "x", "disposition": None}]})
    assert [(one["kind"], one["by"]) for one in found] == [("signs", ["NOR"]), ("number or article", ["NOR", "CHE"])]
    assert [one["by"] for one in first.json()["kept"]] == ["ben"] * 3
    assert (again.status_code, "ben has decided this meanwhile" in again.json()["detail"]) == (409, True)
    assert [one["edit"] for one in mixed["decided_meanwhile"]] == [marks[0]["edit"]]
    assert [one["value"]["disposition"] for one in mixed["kept"]] == [None]
    assert (wrong.status_code, len(snapshot_of(inbox).corrections)) == (422, 4)


def test_the_table_is_worked_off_by_the_keyboard_alone(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(f"{site}/editorial")
    page.locator("#take-2").focus()
    page.keyboard.press("Space")
    page.locator("#mark").focus()
    page.keyboard.type("merged")
    page.keyboard.press("Tab")
    page.keyboard.type("as agreed")
    page.keyboard.press("Tab")
    page.keyboard.type("Maria Silva")
    page.keyboard.press("Enter")
    page.get_by_text("1 mark is kept.").wait_for()
    assert page.locator(".disposition").inner_text() == "merged as agreed"
    page.get_by_role("button", name="Undo it").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="2 easy editorial proposals").wait_for()
    assert page.errors == []
