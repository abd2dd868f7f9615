"""The page of the search, in a real browser."""

from typing import Any

import pytest
from fixture_inbox import Inbox, change, inbox, message, outcomes, remark
from fixture_site import page, page_without_scripts, site
from playwright.sync_api import expect

__all__ = ["inbox", "page", "page_without_scripts", "site"]


def two_mails(inbox: Inbox) -> None:
    said = outcomes("body.txt", ("edit", "In OP5, write “reach”. ", (0,)), ("remark", "We welcome the oceans.", (1,)))
    edits = change("OP5", "effectiveness", "reach"), remark("OP1", "We welcome the oceans.")
    inbox.mail(message("NOR", subject="Comments of Norway"), *edits, sentences=said)
    inbox.mail(message("EGY", subject="Egypt"), remark("OP5", "نرحب بالمحيطات في هذه الفقرة"))


def test_it_is_used_by_the_keyboard_alone(inbox: Inbox, site: str, page: Any) -> None:
    two_mails(inbox)
    page.goto(f"{site}/search")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("oceans")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=oceans*")
    assert page.locator(".results").inner_text() == "2 found"
    assert page.locator(".excerpt mark").all_inner_texts() == ["oceans", "oceans"]
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.errors == []


def test_a_change_is_shown_as_one_and_leads_to_its_place_in_the_mail(inbox: Inbox, site: str, page: Any) -> None:
    two_mails(inbox)
    page.goto(f"{site}/search?q=reach&kind=edit")
    hit = page.locator(".hit")
    assert (hit.locator("del").inner_text(), hit.locator("ins").inner_text()) == ("effectiveness", "reach")
    hit.get_by_role("link", name="Comments of Norway").click()
    assert page.locator("article.said:target ins").inner_text() == "reach"


@pytest.mark.parametrize("name", ["Norway", "nor", "Norvège", "挪威"])
def test_it_asks_for_one_speaker_by_any_name(inbox: Inbox, site: str, page_without_scripts: Any, name: str) -> None:
    two_mails(inbox)
    page = page_without_scripts
    page.goto(f"{site}/search")
    page.get_by_label("Words in mails").fill("welcome")
    page.get_by_label("Of this Party").fill(name)
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".hit h3")).to_have_text(["Norway", "Norway on OP1"])


@pytest.mark.parametrize(
    ("query", "said"),
    [("q=welcome&of=united", "several are called"), ("q=welcome&of=Atlantis", "no one is called “Atlantis”"),
     ("q=welcome&cursor=x", "not one that this API gave"), ("q=%21", "there is no word in it")],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_told(inbox: Inbox, site: str, page: Any, query: str, said: str) -> None:
    two_mails(inbox)
    page.goto(f"{site}/search?{query}")
    assert said in page.get_by_role("alert").inner_text()


def test_words_of_a_body_are_found_once(inbox: Inbox, site: str, page: Any) -> None:
    said = outcomes("body.html", ("remark", "We welcome the\n  oceans."))
    inbox.mail(message("NOR"), body="We welcome the oceans.", sentences=said)
    page.goto(f"{site}/search?q=oceans")
    assert page.locator(".hit").count() == 1


def test_arabic_is_found_and_set_from_right_to_left(inbox: Inbox, site: str, page: Any) -> None:
    two_mails(inbox)
    page.goto(f"{site}/search?q=المحيطات")
    assert page.locator(".excerpt mark").inner_text() == "بالمحيطات"
    assert page.locator(".excerpt").evaluate("node => getComputedStyle(node).direction") == "rtl"
