"""The review desk in a real browser: by keyboard alone, without scripts, by two people at once."""

import re
from typing import Any

from fixture_inbox import Inbox, added, change, document, inbox, message, outcomes, remark, snapshot_of, status_of
from fixture_site import page, page_without_scripts, site

from consultation.review_queue import review_queue
from parsing.model import Unplaced

__all__ = ["inbox", "page", "page_without_scripts", "site"]


def a_queue(inbox: Inbox) -> None:
    """One mail with two doubtful edits, an unread sentence and a statement without a place."""
    said = outcomes(
        "body.txt",
        ("courtesy", "Dear colleagues,\n"),
        ("edit", "Perhaps “reach” in OP5. ", (0,)),
        ("edit", "And “see” in OP1. ", (1,)),
        ("unread", "Mention the oceans.", (), "names no paragraph"),
    )
    inbox.mail(
        message("NOR"),
        change("OP5", "effectiveness", "reach", needs_review=True, evidence="Perhaps. (it is asked as a question)"),
        change("OP1", "ensure", "see", needs_review=True, origin="instruction"),
        remark("OP2", "Fine."),
        parts=(document("Norway.docx"),),
        sentences=said,
        unplaced=(Unplaced("Be bold.", "Norway.docx", "names no paragraph"),),
    )


def begin(page: Any, site: str) -> None:
    page.goto(f"{site}/review")
    page.get_by_label("Your name").fill("Maria Silva")
    page.get_by_role("button", name="Begin to review").click()


def test_a_queue_is_worked_off_by_the_keyboard_alone(inbox: Inbox, site: str, page: Any) -> None:
    a_queue(inbox)
    page.goto(f"{site}/review")
    page.keyboard.press("Tab")
    page.get_by_label("Your name").focus()
    page.keyboard.type("Maria Silva")
    page.keyboard.press("Enter")
    page.get_by_text("1 of 4").wait_for()
    assert "it is asked as a question" in page.locator(".item").inner_text()
    assert page.locator("mark.own").inner_text() == "Perhaps “reach” in OP5."
    page.keyboard.press("a")
    page.get_by_text("1 of 3").wait_for()
    page.keyboard.press("m")
    page.keyboard.type("OP6")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("1 of 2").wait_for()
    page.keyboard.press("r")
    page.get_by_text("1 of 1").wait_for()
    page.keyboard.press("u")
    page.get_by_text("1 of 2").wait_for()
    assert page.locator("mark.own").inner_text() == "Mention the oceans."
    page.keyboard.press("a")
    page.get_by_text("1 of 1").wait_for()
    page.keyboard.press("e")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.get_by_text("Nothing waits for review").wait_for()
    assert page.errors == []
    stands = {(fact.edit.paragraph, fact.edit.new or fact.edit.comment) for fact in snapshot_of(inbox).current_edits}
    assert stands == {("OP5", "reach"), ("OP6", "see"), ("OP2", "Fine."), ("general", "Mention the oceans."),
                      ("general", "Be bold.")}  # fmt: skip
    assert {one.who for one in snapshot_of(inbox).corrections} == {"Maria Silva"}


def test_a_correction_appears_in_the_status(inbox: Inbox, site: str, page: Any) -> None:
    mail = inbox.mail(message("NER"), remark("OP5", "Good."))
    page.goto(f"{site}/mails/{mail}")
    page.get_by_text("Correct this mail").click()
    page.get_by_label("Who speaks").fill("atlantis")
    page.get_by_label("Your name").fill("A drafter")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("No Party, Group or observer is called “atlantis”").wait_for()
    page.goto(f"{site}/mails/{mail}")
    page.get_by_text("Correct this mail").click()
    page.get_by_label("Who speaks").fill("尼日利亚")
    page.get_by_label("Your name").fill("A drafter")
    page.get_by_label("Why").fill("the signature")
    page.get_by_role("button", name="Save").click()
    page.locator(".headline").get_by_role("link", name="Nigeria").wait_for()
    decided = page.locator("#corrections")
    assert "A drafter: mail 1 → attributed to Nigeria because the signature" in re.sub(
        r"\s+", " ", decided.inner_text().replace("the mail", "mail 1")
    )
    assert status_of(inbox, "NGA").state == "commented"
    decided.get_by_role("button", name="Undo").click()
    page.locator(".headline").get_by_role("link", name="Niger", exact=True).wait_for()
    assert "attributed to Nigeria" in page.locator(".undone").inner_text()
    assert status_of(inbox, "NER").state == "commented"


def test_right_as_it_stands_takes_the_mail_out_of_the_count(inbox: Inbox, site: str, page: Any) -> None:
    a_queue(inbox)
    page.goto(f"{site}/mails/1")
    assert page.locator("nav .count").inner_text() == "4"
    page.get_by_label("Your name").last.fill("A drafter")
    page.get_by_role("button", name="Right as it stands").click()
    page.get_by_text("No. 1,").wait_for()
    assert page.locator("nav .count").count() == 0


def test_every_form_works_without_scripts(inbox: Inbox, site: str, page_without_scripts: Any) -> None:
    page = page_without_scripts
    a_queue(inbox)
    begin(page, site)
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("1 of 3").wait_for()
    page.locator("summary", has_text="Edit").click()
    page.get_by_label("What it asks").select_option("insert")
    page.get_by_label("Words of the draft").fill("no such words")
    page.get_by_label("New words").fill("always ")
    page.get_by_role("button", name="Keep it so").click()
    page.get_by_role("alert").get_by_text("holds 'no such words' 0 times").wait_for()
    assert page.get_by_label("New words").input_value() == "always "
    page.get_by_label("Words of the draft").fill("ensure")
    page.get_by_role("button", name="Keep it so").click()
    page.get_by_text("1 of 2").wait_for()
    page.get_by_role("button", name="Undo the last").click()
    page.get_by_text("1 of 3").wait_for()
    assert "Norway on OP1" in page.locator(".item h2").inner_text()


def test_an_edit_is_entered_by_hand(inbox: Inbox, site: str, page_without_scripts: Any) -> None:
    page = page_without_scripts
    page.goto(f"{site}/entries/new")
    page.get_by_label("Party, Group or observer").fill("UK")
    page.get_by_label("What it asks").select_option("replace")
    page.get_by_label("Paragraph", exact=True).select_option("OP5")
    page.get_by_label("Words of the draft").fill("effectiveness")
    page.get_by_label("New words").fill("reach")
    page.get_by_label("Where it comes from").fill("a phone call")
    page.get_by_label("Your name").fill("A drafter")
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url("**/paragraphs/OP5")
    assert page.locator("#GBR ins").inner_text() == "reach"
    assert status_of(inbox, "GBR").state == "commented"


def test_two_reviewers_at_once_are_told_and_nothing_is_lost(inbox: Inbox, site: str, chromium: Any) -> None:
    a_queue(inbox)
    contexts = [chromium.new_context() for _ in range(2)]
    first, second = (context.new_page() for context in contexts)
    begin(first, site)
    begin(second, site)
    first.get_by_role("button", name="Accept").click()
    first.get_by_text("1 of 3").wait_for()
    with second.expect_response(re.compile("/review$")) as answer:
        second.get_by_role("button", name="Reject").click()
    assert answer.value.status == 409
    assert "Maria Silva has decided this meanwhile" in second.get_by_role("alert").inner_text()
    assert len(snapshot_of(inbox).corrections) == 1
    second.get_by_role("button", name="Reject").click()
    second.get_by_text("1 of 3").wait_for()
    assert [one.kind for one in snapshot_of(inbox).corrections] == ["confirm", "dismiss"]
    for context in contexts:
        context.close()


def test_a_form_of_another_site_decides_nothing(inbox: Inbox, site: str, page: Any) -> None:
    a_queue(inbox)
    item = review_queue(snapshot_of(inbox))[0].id
    fields = {"item": item, "act": "accept", "by": "A stranger"}
    answer = page.request.post(f"{site}/review", form=fields, headers={"Origin": "https://elsewhere.example"})
    assert (answer.status, snapshot_of(inbox).corrections) == (403, ())


def test_a_mail_of_thousands_of_edits_stays_usable(inbox: Inbox, site: str, page: Any) -> None:
    many = (added("OP5", f"Paragraph {n};", needs_review=True, origin="table") for n in range(5000))
    inbox.mail(message("NOR"), *many)
    begin(page, site)
    page.get_by_text("1 of 5,000").wait_for()
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("1 of 4,999").wait_for()
    page.goto(f"{site}/review/all")
    assert page.locator(".queue > li").count() == 100


def test_what_is_asked_for_and_not_there_is_not_found(site: str, page: Any) -> None:
    assert page.goto(f"{site}/review?item=99-abc").status == 404
    assert page.goto(f"{site}/review?kind=song").status == 422
