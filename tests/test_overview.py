"""The overview: who has answered, what is new, who says how much of what; by hand, by keyboard, without scripts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fixture_inbox import NOON, NOW, Inbox, change, inbox, message, remark, snapshot_of
from fixture_site import page, page_without_scripts, site

from api.overview import Countdown, countdown
from consultation.new_mails import Day, arrivals_by_day, new_mails

__all__ = ["inbox", "page", "page_without_scripts", "site"]
DEADLINE = datetime(2021, 9, 7, 12, tzinfo=UTC)


def a_morning(inbox: Inbox) -> None:
    inbox.mail(
        message("NOR"), change("OP5", "effective systems", "systems"), remark("OP1", "Good."), remark("OP1", "!")
    )
    inbox.mail(message("MWI", group="African Group"), remark("general", "Be bold."))
    inbox.mail(message("KEN"), remark("OP9", "Fine."), at=NOW)
    inbox.mail(message("PAK", kind="auto-reply"))
    inbox.poll()


COUNTDOWNS = [
    (DEADLINE - timedelta(days=3, hours=5), Countdown(3, 5, is_over=False)),
    (DEADLINE - timedelta(hours=5), Countdown(0, 5, is_over=False)),
    (DEADLINE, Countdown(0, 0, is_over=True)),
    (DEADLINE + timedelta(days=1), Countdown(1, 0, is_over=True)),
]


@pytest.mark.parametrize(("now", "shown"), COUNTDOWNS)
def test_the_time_to_the_deadline(now: datetime, shown: Countdown) -> None:
    assert countdown(DEADLINE, now) == shown


def test_mails_by_day_are_those_that_speak_from_the_first_to_the_deadline(inbox: Inbox) -> None:
    a_morning(inbox)
    days = arrivals_by_day(snapshot_of(inbox))
    assert days[0] == Day(date(2021, 9, 3), 2, 0)
    assert days[-1] == Day(date(2021, 9, 8), 0, 1)
    assert [day.mails for day in days] == [2, 0, 0, 0, 0, 1]


def test_what_is_new_is_what_the_store_has_seen_since(inbox: Inbox) -> None:
    a_morning(inbox)
    snapshot = snapshot_of(inbox)
    found = new_mails(snapshot, NOW - timedelta(days=1))
    assert [(one.counts.edits, one.counts.comments, one.is_first) for one in found.mails] == [
        (0, 1, True), (0, 1, True), (1, 2, True),
    ]  # fmt: skip
    assert (found.others, found.first_answers) == (1, 3)
    assert new_mails(snapshot, NOW + timedelta(seconds=1)).mails == ()


def test_a_second_mail_is_not_a_first_answer(inbox: Inbox) -> None:
    inbox.mail(message("NOR"), remark("OP1", "Good."))
    first = snapshot_of(inbox).mails[0].first_seen
    inbox.mail(message("NOR"), remark("OP2", "Good."), at=NOON + timedelta(days=1))
    assert [one.is_first for one in new_mails(snapshot_of(inbox), first).mails] == [True, True]
    assert new_mails(snapshot_of(inbox), first + timedelta(days=1)).first_answers == 0


def test_the_overview_answers_the_questions_of_the_morning(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site)
    assert (
        "3 of 196" in page.locator("h1").inner_text().replace("\n", " ")
        or "2 of 196" in page.locator("h1").inner_text()
    )
    assert "since the deadline, 6 September 2021" in page.locator(".countdown").inner_text()
    assert "3 mails speak on the draft, 3 speakers for the first time" in page.locator(".new").inner_text()
    assert page.locator(".news li").count() == 3
    assert "Parties have not answered" in page.locator("main").inner_text()
    assert page.locator(".not-answered").get_by_role("link", name="Fiji").is_visible()
    assert page.errors == []


def test_the_heat_map_says_who_says_how_much_of_what(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site)
    norway = page.get_by_role("row", name="Norway")
    assert norway.get_by_role("link", name="OP1: 2").inner_text() == "2"
    norway.get_by_role("link", name="OP5: 1").click()
    page.wait_for_url("**/paragraphs/OP5#NOR")


NAMES = ["norw", "NOR", "挪威", "Норвегия", "النرويج", "Norvège", "noruega"]


def test_a_party_is_found_by_each_of_its_names(inbox: Inbox, site: str, page: Any) -> None:
    a_morning(inbox)
    page.goto(site)
    page.get_by_role("searchbox").focus()
    page.wait_for_load_state("networkidle")
    for name in NAMES:
        page.get_by_role("searchbox").fill(name)
        page.wait_for_function("document.querySelectorAll('tr[data-name]:not([hidden])').length === 1")
        assert page.get_by_role("row", name="Norway").is_visible(), name
    for name, party in (("UK", "United Kingdom"), ("Turkey", "Türkiye")):
        page.get_by_role("searchbox").fill(name)
        assert page.locator(".not-answered").get_by_role("link", name=party).is_visible(), name
    page.get_by_role("searchbox").fill("atlantis")
    assert page.get_by_text("No Party has this name.").is_visible()
    assert page.errors == []


@pytest.mark.parametrize("name", ["UK", "Turkey", "挪威"])
def test_without_scripts_the_field_is_a_form(site: str, page_without_scripts: Any, name: str) -> None:
    page = page_without_scripts
    page.goto(site)
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/parties/*")


def test_several_of_one_name_are_listed(site: str, page_without_scripts: Any) -> None:
    page = page_without_scripts
    page.goto(f"{site}/find?q=united")
    assert "United Arab Emirates" in page.locator("main ul a").all_inner_texts()
    page.goto(f"{site}/find?q=atlantis")
    assert page.get_by_role("heading", name="No one of this name").is_visible()


def test_the_first_page_has_few_stops_of_the_keyboard(inbox: Inbox, site: str, page: Any) -> None:
    for party in ("NOR", "CHE", "KEN", "PAK", "EGY", "FJI"):
        inbox.mail(message(party), *(remark(f"OP{n}", "Good.") for n in range(1, 14)))
    page.goto(site)
    stops = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]"
        ".filter((one) => one.tabIndex >= 0 && one.checkVisibility()).length"
    )
    assert stops < 60
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.locator("table.heat thead").get_by_role("link", name="OP1", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.closest('tr').dataset.name") == "EGY"
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "OP13: 1"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').dataset.name") == "KEN"


def test_a_paragraph_with_thousands_of_proposals_stays_usable(inbox: Inbox, site: str, page: Any) -> None:
    inbox.mail(message("NOR"), *(change("OP5", "effectiveness", f"reach {n}") for n in range(3000)))
    answer = page.goto(f"{site}/paragraphs/OP5")
    assert len(answer.body()) < 1_000_000
    assert page.locator(".proposal").count() == 100
    assert "100 of 3,000 are shown" in page.locator("#passage-0").inner_text()


def test_what_is_not_there_is_told_with_what_is(site: str, page: Any) -> None:
    assert page.goto(f"{site}/paragraphs/OP99").status == 404
    assert "it has title, subtitle, opening, PP1" in page.locator("main").inner_text()
    assert page.goto(f"{site}/parties/UK").status == 404
    assert "Is it GBR?" in page.locator("main").inner_text()
