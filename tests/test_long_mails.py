"""A mail with thousands of edits: its page and its JSON have an end, and everything in it has an address."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixture_inbox import DRAFT, Inbox, inbox, inbox_at, message, outcomes
from fixture_site import page, site
from fixture_store import overwrite
from httpx import Client
from made_once import made_once
from playwright.sync_api import expect
from sqlalchemy import select
from test_api import asked, get

from api.mail_json import MOST
from api.mail_windows import EDITS, SENTENCES
from parsing.model import Edit, Unplaced
from store.session import checkpoint, migrate
from store.tables import MailRow

__all__ = ["inbox", "page", "site"]
pytestmark = pytest.mark.outside
MANY = 5_000
WORDS = [word for paragraph in DRAFT.paragraphs for word in paragraph.text.split()]


def edit(n: int) -> Edit:
    """The nth of many: each at a place of its own, or of its own words."""
    paragraph = DRAFT.paragraphs[n % len(DRAFT.paragraphs)]
    at = n % len(paragraph.text)
    return Edit(paragraph.label, "insert", at, at, "", f"[words {n}] ", origin="instruction", sources=("body",))


def make_long_mail(folder: Path) -> None:
    """A store with a mail of so many edits."""
    url = f"sqlite:///{folder / 'long.sqlite'}"
    migrate(url)
    inbox = inbox_at(url)
    said = outcomes("body", *(("edit", f"Insert [words {n}]. ", (n,)) for n in range(MANY)))
    unplaced = tuple(Unplaced(f"Statement {n} has no place.", "file.docx", "names none") for n in range(MANY))
    inbox.mail(message("NOR"), *map(edit, range(MANY)), sentences=said, unplaced=unplaced)
    checkpoint(inbox.sessions)
    inbox.engine.dispose()


@pytest.fixture
def mail(inbox: Inbox, tmp_path_factory: pytest.TempPathFactory) -> int:
    """The id of the only mail of the inbox."""
    overwrite(
        Path(str(inbox.engine.url.database)), made_once(tmp_path_factory, "long mail", make_long_mail) / "long.sqlite"
    )
    with inbox.sessions() as session:
        return session.scalars(select(MailRow.id)).one()


@pytest.fixture
def client(inbox: Inbox) -> Iterator[Client]:
    with asked(inbox) as made:
        yield made


def test_its_page_shows_so_many_and_leads_on(mail: int, site: str, page: Any) -> None:
    page.goto(f"{site}/mails/{mail}")
    assert page.locator(".s").count() == SENTENCES
    assert page.locator("article.said").count() == 2 * EDITS
    assert "Sentences 1 to 300 of 5,000" in page.locator("main").inner_text()
    page.get_by_label("Edits shown").first.get_by_role("link", name="after").click()
    expect(page.locator("main")).to_contain_text("Edits 101 to 200 of 5,000")
    assert page.errors == []


@pytest.mark.parametrize(
    "path", ["/mails/{}", "/api/v1/mails/{}", "/parties/NOR", "/paragraphs/OP5", "/review/all", "/search?q=words"]
)
def test_nothing_that_shows_it_is_larger_than_a_megabyte(mail: int, client: Client, path: str) -> None:
    answer = client.get(path.format(mail)).raise_for_status()
    assert len(answer.content) < 1_000_000


@pytest.mark.parametrize("n", [0, 777, MANY - 1])
def test_the_address_of_an_edit_leads_to_it(mail: int, client: Client, site: str, page: Any, n: int) -> None:
    found = get(client, "/edits", mail=mail, q=f"[words {n}]")["edits"][0]
    page.goto(f"{site}/mails/{mail}?at=e{found['id']}#e{found['id']}")
    shown = page.locator("article.said:target")
    assert f"[words {n}]" in shown.inner_text()
    shown.get_by_role("link", name="its sentence").click()
    assert page.locator(".s:target .words").inner_text() == f"Insert [words {n}]."


def test_so_does_the_address_of_one_who_kept_it_without_the_page(
    mail: int, client: Client, site: str, page: Any
) -> None:
    found = get(client, "/edits", mail=mail, q=f"[words {MANY - 1}]")["edits"][0]
    page.goto(f"{site}/mails/{mail}#e{found['id']}")
    page.wait_for_url(re.compile(r"\?at="))
    assert f"[words {MANY - 1}]" in page.locator("article.said:target").inner_text()


@pytest.mark.usefixtures("mail")
def test_from_the_paragraph_to_the_edit_in_its_mail(site: str, page: Any) -> None:
    page.goto(f"{site}/paragraphs/OP5")
    page.locator("details.where > summary").first.click()
    words = page.locator(".passage ins").first.inner_text()
    page.locator(".passage .source a").first.click()
    assert words in page.locator("article.said:target").inner_text()


def test_the_next_unread_sentence_is_on_its_own_page(inbox: Inbox, site: str, page: Any) -> None:
    said = [("unread", f"Unread {n}. ") if n in (2, 900) else ("courtesy", f"Thanks {n}. ") for n in range(1000)]
    mail = inbox.mail(message("NOR"), sentences=outcomes("body", *said))
    page.goto(f"{site}/mails/{mail}")
    page.get_by_role("link", name="2 sentences are unread").click()
    page.get_by_role("link", name="Next unread sentence").click()
    expect(page.locator(".s:target .words")).to_have_text("Unread 900.")


def test_an_anchor_that_is_gone_shows_the_mail_from_its_beginning(mail: int, site: str, page: Any) -> None:
    page.goto(f"{site}/mails/{mail}?at=e1-gone#e1-gone")
    assert "Edits 1 to 100 of 5,000" in page.locator("main").inner_text()


@pytest.mark.parametrize(("rows", "behind"), [("edits", "edits"), ("sentences", None), ("unplaced", None)])
def test_its_json_has_an_end_and_the_rest_an_address(mail: int, client: Client, rows: str, behind: str | None) -> None:
    told = get(client, f"/mails/{mail}")
    assert len(told[rows]) == MOST
    found, address = list(told[rows]), told[f"{rows}_next"]
    while address is not None:
        answer = client.get(address).raise_for_status()
        found += answer.json()[behind] if behind else answer.json()
        address = answer.url.join(answer.links["next"]["url"]) if "next" in answer.links else None
    assert len(found) == len({str(row) for row in found}) == MANY


def test_a_short_mail_is_whole(inbox: Inbox, client: Client) -> None:
    told = get(client, f"/mails/{inbox.mail(message('NOR'), edit(1))}")
    assert [told[f"{rows}_next"] for rows in ("edits", "sentences", "unplaced")] == [None, None, None]


def test_edits_at_one_place_stand_as_their_mail_says_them(inbox: Inbox, client: Client) -> None:
    said = [Edit("OP5", "add_paragraph", new=f"New paragraph {n}") for n in range(6)]
    mail = inbox.mail(message("NOR"), *said)
    assert [one["new"] for one in get(client, "/edits", mail=mail)["edits"]] == [one.new for one in said]
