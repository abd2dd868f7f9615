"""What pages say: one of a thing is not called several, nothing is cut off, a decision speaks before the evidence."""

import re
from typing import Any

import pytest
from fixture_inbox import Inbox, change, document, inbox, message, outcomes, remark, snapshot_of
from fixture_site import page, site
from playwright.sync_api import expect

from consultation.new_corrections import check_correction
from store.corrections import keep_correction

__all__ = ["inbox", "page", "site"]
PATHS = ("/", "/paragraphs", "/paragraphs/OP5", "/paragraphs/OP1", "/parties/NOR", "/parties/FJI", "/mails", "/mails/1",
         "/review", "/review/all", "/corrections", "/reminders", "/search?q=welcome", "/compilation",
         "/groups/African%20Group")  # fmt: skip
SEVERAL = (
    "changes|comments|mails|edits|speakers|sentences|items|Parties|Groups|observers|places|decisions|Parts|reasons"
)
ONE_OF_SEVERAL = re.compile(rf"(?<![\d.,])1 (?:{SEVERAL})\b")
SEVERAL_OF_ONE = re.compile(
    r"\b(?:0|[2-9]|[1-9][\d,]*\d) (?:change|comment|mail|edit|speaker|sentence|item|decision)\b"
)


def one_of_each(inbox: Inbox) -> None:
    said = outcomes("body.txt", ("edit", "In OP5, write “reach”. ", (0,)), ("unread", "Mention the oceans."))
    edits = change("OP5", "effectiveness", "reach", needs_review=True), remark("OP1", "We welcome it.")
    inbox.mail(message("NOR"), *edits, sentences=said, parts=(document("a long name of a file, revised.docx"),))
    inbox.mail(message("MWI", group="African Group"), remark("OP5", "Good."))
    inbox.poll()


@pytest.mark.parametrize("path", PATHS)
def test_one_is_not_called_several(inbox: Inbox, site: str, page: Any, path: str) -> None:
    one_of_each(inbox)
    page.goto(site + path)
    text = " ".join(page.locator("main").inner_text().split())
    assert ONE_OF_SEVERAL.findall(text) + SEVERAL_OF_ONE.findall(text) == []


@pytest.mark.parametrize("path", ["/mails/1", "/parties/NOR", "/review", "/search?q=welcome", "/mails"])
def test_on_a_phone_no_link_and_no_button_is_cut_off(inbox: Inbox, site: str, page: Any, path: str) -> None:
    one_of_each(inbox)
    page.context.add_cookies([{"name": "reviewer", "value": "Maria", "url": site}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site + path)
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main :is(a, button, summary)")]
        .filter((node) => node.checkVisibility() && !node.closest(".hidden"))
        .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline"
                       || node.getBoundingClientRect().right > innerWidth + 1)
        .map((node) => node.textContent)"""
    )
    assert cut == []


def test_a_decision_speaks_before_the_evidence_that_it_overrules(inbox: Inbox, site: str, page: Any) -> None:
    who = message("NOR", evidence=("the sender's domain is Norway's",), confidence=0.4)
    mail = inbox.mail(who, change("OP5", "effectiveness", "reach"))
    said: dict[str, Any] = {"kind": "party", "target": {"mail": mail}, "value": {"party": "FJI"}}
    decided = check_correction(snapshot_of(inbox), **said, who="Maria Silva", why="by its signature")
    with inbox.sessions.begin() as session:
        keep_correction(session, decided, snapshot_of(inbox).mails[0].counts_from)
    page.goto(f"{site}/mails/{mail}")
    lines = page.locator("details").filter(has_text="Evidence").locator("li").all_inner_texts()
    assert "Maria Silva decided" in lines[0]
    assert "Fiji" in lines[0] or "FJI" in lines[0]
    assert lines[1:3] == ["The readers had found:", "the sender's domain is Norway's"]


def test_who_has_not_answered_is_said_in_words_and_listed(inbox: Inbox, site: str, page: Any) -> None:
    one_of_each(inbox)
    page.goto(site)
    page.get_by_role("link", name=re.compile(r"^\d+ Parties have not answered$")).click()
    listed = page.locator(".not-answered")
    expect(listed.get_by_role("link", name="Fiji")).to_be_visible()
    page.goto(f"{site}/reminders")
    assert re.search(r"^\d+ Parties without an answer", page.locator("h1").inner_text())
