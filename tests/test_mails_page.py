"""The page of all mails, and the ways from there and from the overview to what waits."""

from datetime import timedelta
from typing import Any

import pytest
from fixture_inbox import NOON, Inbox, change, document, inbox, message, outcomes, remark
from fixture_site import page, page_without_scripts, site
from playwright.sync_api import expect

from api.mails_page import A_PAGE
from parsing.model import Unplaced

__all__ = ["inbox", "page", "page_without_scripts", "site"]


def three_mails(inbox: Inbox) -> None:
    said = outcomes("body.txt", ("unread", "Mention the oceans."))
    doubtful = change("OP5", "effectiveness", "reach", needs_review=True)
    inbox.mail(message("NOR", subject="Comments of Norway"), doubtful, remark("OP1", "Good."), sentences=said)
    inbox.mail(message("EGY", subject="ملاحظات"), parts=(document("scan.pdf", "unreadable"),))
    inbox.mail(message(None, "spam", subject="Call for papers"), at=NOON + timedelta(hours=1))


def subjects(page: Any) -> list[str]:
    found: list[str] = page.locator(".mails > li > a").all_inner_texts()
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Call for papers", "ملاحظات", "Comments of Norway"]),
        ("?q=norway", ["Comments of Norway"]),
        ("?of=挪威", ["Comments of Norway"]),
        ("?class=spam", ["Call for papers"]),
        ("?review=true", ["ملاحظات", "Comments of Norway"]),
        ("?of=egypt&review=true", ["ملاحظات"]),
        ("?of=egypt&class=spam", []),
        ("?of=Atlantis", []),
    ],
)
def test_mails_are_chosen_by_words_speaker_and_class(
    inbox: Inbox, site: str, page: Any, query: str, found: list[str]
) -> None:
    three_mails(inbox)
    page.goto(f"{site}/mails{query}")
    assert subjects(page) == found
    assert page.errors == []


def test_a_mail_says_how_much_it_holds_and_leads_to_what_waits_in_it(inbox: Inbox, site: str, page: Any) -> None:
    three_mails(inbox)
    page.goto(f"{site}/mails")
    row = page.locator(".mails > li").filter(has_text="Comments of Norway")
    assert "1 change, 1 comment" in row.inner_text()
    assert "not read" in page.locator(".mails > li").filter(has_text="ملاحظات").inner_text()
    row.get_by_role("link", name="2 to review").click()
    expect(page.locator(".queue > li")).to_have_count(2)
    assert "Only of mail 1" in page.locator(".only-of").inner_text()


def test_many_mails_are_shown_page_by_page(inbox: Inbox, site: str, page_without_scripts: Any) -> None:
    for n in range(A_PAGE + 5):
        inbox.mail(message("NOR", subject=f"Mail {n}"), at=NOON + timedelta(minutes=n))
    page = page_without_scripts
    page.goto(f"{site}/mails?of=norway")
    assert len(subjects(page)) == A_PAGE
    page.get_by_role("link", name="Earlier mails").click()
    page.wait_for_url("**cursor=*")
    assert subjects(page) == [f"Mail {n}" for n in range(4, -1, -1)]


def test_the_ways_to_what_waits(inbox: Inbox, site: str, page: Any) -> None:
    three_mails(inbox)
    inbox.mail(message("FJI"), unplaced=(Unplaced("Be bold.", "a.docx", "names no paragraph"),))
    for start, link, where in (
        ("/", page.get_by_role("row", name="Norway").get_by_role("link", name="2 to review"), "of Norway"),
        ("/", page.locator(".news").get_by_role("link", name="2 to review"), "of mail 1"),
        ("/paragraphs", page.get_by_role("link", name="1 to review"), "on OP5"),
    ):
        page.goto(site + start)
        link.click()
        expect(page.locator(".only-of")).to_contain_text(where)
    page.goto(f"{site}/review/all")
    page.get_by_label("Of", exact=True).select_option(label="Fiji")
    page.wait_for_url("**party=FJI*")
    assert "it found no place in the draft: names no paragraph" in page.locator(".queue").inner_text()
