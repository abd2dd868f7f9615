"""The page of compilations in a real browser: choose, look at what is in it and what not, download."""

import io
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from fixture_inbox import Inbox, change, inbox, message, remark
from fixture_site import page, site
from playwright.sync_api import expect

from parsing.model import Unplaced

__all__ = ["inbox", "page", "site"]


@pytest.fixture
def morning(inbox: Inbox) -> Inbox:
    lost = Unplaced("Mention UNEP.", "body", "names no paragraph")
    inbox.mail(message("NOR"), change("OP5", "Improve", "Raise"), remark("OP1", "Good."), unplaced=(lost,))
    inbox.mail(message("CHE"), change("OP5", "Improve", "Increase"))
    inbox.poll()
    return inbox


def test_it_shows_what_is_in_it_and_what_is_not(morning: Inbox, site: str, page: Any) -> None:
    assert morning.ids
    page.goto(site)
    page.get_by_role("link", name="Compilation").click()
    page.wait_for_url("**/compilation")
    main = page.locator("main").inner_text()
    assert "2 edits, 1 comment" in main
    assert "1 statement without a place in the draft" in main
    assert "Norway: Mention UNEP. (body) – names no paragraph" in main
    row = page.get_by_role("row").filter(has_text="OP5")
    assert row.locator("td").all_inner_texts() == ["2", "", "1", "Norway, Switzerland"]
    assert page.errors == []


def test_what_is_chosen_is_previewed_and_downloaded(morning: Inbox, site: str, page: Any, tmp_path: Path) -> None:
    assert morning.ids
    page.goto(f"{site}/compilation")
    page.get_by_label("By whom").select_option("NOR")
    page.get_by_role("button", name="Show the contents").click()
    expect(page.locator("main")).to_contain_text("1 Party")
    assert page.get_by_label("By whom").evaluate("one => one.value") == "NOR"
    with page.expect_download() as started:
        page.get_by_role("link", name="Word, tracked changes").click()
    assert started.value.suggested_filename.startswith("kunming-revised-zero-draft-NOR-")
    started.value.save_as(tmp_path / "one.docx")
    comments = docx.Document(str(tmp_path / "one.docx")).comments
    assert {comment.author for comment in comments} == {"Compilation", "Norway"}
    page.locator("output").filter(has_text="is downloaded").wait_for()
    assert page.errors == []


def test_a_partys_page_has_its_changes_in_word(morning: Inbox, site: str, page: Any) -> None:
    assert morning.ids
    page.goto(f"{site}/parties/CHE")
    with page.expect_download() as started:
        page.get_by_role("link", name="Its changes in Word").click()
    assert "-CHE-" in started.value.suggested_filename


def test_each_button_is_a_link_to_a_file(morning: Inbox, site: str, page: Any) -> None:
    assert morning.ids
    page.goto(f"{site}/compilation?paragraph=OP5&review=without")
    addresses = [link.get_attribute("href") for link in page.locator("a[data-download]").all()]
    assert len(addresses) == 6
    for address in addresses:
        answer = page.request.get(site + address)
        assert answer.status == 200, address
        assert len(answer.body()) > 1000
    sheet = openpyxl.load_workbook(io.BytesIO(page.request.get(site + addresses[3]).body()))["Edits"]
    assert {row[1].value for row in sheet.iter_rows(min_row=2)} == {"OP5"}


WRONG = ("party=XXX", "since=tomorrow", "language=de", "other=1")


@pytest.mark.parametrize("query", WRONG)
def test_a_wrong_choice_says_what_is_wrong(morning: Inbox, site: str, page: Any, query: str) -> None:
    assert morning.ids
    assert page.goto(f"{site}/compilation?{query}").status == 422
    assert page.get_by_role("alert").inner_text()


def test_an_empty_form_is_no_error(morning: Inbox, site: str, page: Any) -> None:
    assert morning.ids
    assert page.goto(f"{site}/compilation?since=&until=&late=&state=&review=all&language=en").status == 200
