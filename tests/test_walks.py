"""Walks of a drafter through the pages, and what axe finds on each: nothing serious."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fixture_inbox import Inbox, added, change, document, inbox, message, outcomes, remark, snapshot_of
from fixture_site import page, site

from parsing.model import Unplaced

__all__ = ["inbox", "page", "site"]
SERIOUS = ("serious", "critical")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RULES = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
"""Of the rules that hold, axe tells one element each."""
PAGES = ("/", "/paragraphs", "/paragraphs/OP5", "/paragraphs/OP5?as=NOR", "/paragraphs/general", "/parties/NOR",
         "/parties/FJI", "/groups/African%20Group", "/mails", "/mails/1", "/review", "/review/all", "/corrections",
         "/editorial", "/entries/new", "/reviewer", "/find?q=united", "/reminders", "/docs",
         "/search", "/search?q=welcome", "/search?q=effectively", "/search?q=xyzzy", "/compilation",
         "/mails/2?at=s2", "/mails?of=norway", "/review/all?mail=2", "/review?party=NOR")  # fmt: skip


def a_morning(inbox: Inbox) -> None:
    said = outcomes(
        "body.txt",
        ("courtesy", "Dear colleagues,\n"),
        ("edit", "In OP5, write “effectively managed systems”. ", (0,), "an instruction"),
        ("unread", "Mention the oceans. ", (), "names no paragraph"),
        ("quoted", "> Dear Parties, we ask for comments.", (), "taken for quoted"),
    )
    raw = b"Subject: Comments of Norway\r\n\r\nDear colleagues,"
    first = inbox.arrive("norway", raw=raw)
    edits = (change("OP5", "effective systems", "effectively managed systems"), remark("OP1", "We welcome it."))
    read = inbox.mail(
        message("NOR"), *edits, parts=(document("Norway.docx"), document("scan.pdf", "unreadable", "a picture")),
        sentences=said, unplaced=(Unplaced("Be bold.", "Norway.docx", "names no paragraph"),),
    )  # fmt: skip
    assert (first, read) == (1, 2)
    inbox.mail(message("CHE"), change("OP5", "effective systems", "effectively managed systems"), added("OP5", "New;"))
    inbox.mail(message("PAK"), change("OP5", "effective systems", "systems", needs_review=True))
    inbox.mail(message("EGY"), remark("OP5", "نرحب بهذه الفقرة"))
    inbox.mail(message("MWI", group="African Group"), remark("general", "Be bold."))
    inbox.poll()


def test_from_the_overview_to_the_original(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site)
    page.get_by_role("row", name="Norway").get_by_role("link", name="OP5: 1").click()
    page.wait_for_url("**/paragraphs/OP5#NOR")
    proposal = page.locator(".proposal").filter(has_text="2 agree")
    proposal.get_by_role("link", name="Norway").first.click()
    page.wait_for_url("**/parties/NOR")
    assert page.locator("#OP5 ins").inner_text() == "effectively managed"
    page.locator("#history").locator("..").get_by_role("link", name="Comments").first.click()
    page.wait_for_url(re.compile(r"/mails/2$"))
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download the mail")).click()
    assert Path(download.value.path()).read_bytes().startswith(b"Subject: mail 2")
    assert page.errors == []


def test_from_an_unread_sentence_of_a_mail_to_its_decision_and_back(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(f"{site}/mails/2")
    page.get_by_role("link", name="Review this sentence").click()
    page.get_by_label("Your name").fill("Maria Silva")
    page.get_by_role("button", name="Begin to review").click()
    page.locator("mark.own").get_by_text("Mention the oceans.").wait_for()
    page.keyboard.press("r")
    page.locator(".done").get_by_text("no comment").wait_for()
    page.goto(f"{site}/mails/2")
    page.get_by_role("link", name="What was decided of this sentence").click()
    page.locator(".decided").get_by_text("no comment").wait_for()
    assert [one.kind for one in snapshot_of(inbox).corrections] == ["statement"]
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(inbox: Inbox, site: str, page: Any, scheme: Any) -> None:
    a_morning(inbox)
    page.emulate_media(color_scheme=scheme)
    page.context.add_cookies([{"name": "reviewer", "value": "Maria", "url": site}])
    found = []
    for path in PAGES:
        assert page.goto(site + path).status == 200, path
        found += [(path, *one) for one in serious(page)]
    assert found == []


def serious(page: Any) -> list[tuple[str, str]]:
    """What axe finds on the page: the rule, and the first element that breaks it."""
    violations = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in violations if one["impact"] in SERIOUS]
