"""Counts agree everywhere: the API, the pages and `kunming status`, over a consultation of made-up mails."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fixture_chromium import served
from fixture_inbox import DRAFT, NOW
from httpx import Client
from made_once import made_once
from typer.testing import CliRunner

from api.app import create_app
from cli import app as cli
from ingest.digest import digest
from ingest.fetch import import_mails
from ingest.sandbox import PartLimits, Sandbox
from ingest.sources import mails_in
from parsing.model import Consultation
from settings import Settings
from store import register
from store.session import Sessions, migrate, open_store, sessions
from store.writes import keep_draft

pytestmark = pytest.mark.outside
LETTERS = Path(__file__).parent / "letters"
LARGEST = 60_000_000


def read_all(folder: Path) -> None:
    url = f"sqlite:///{folder / 'store.db'}"
    migrate(url)
    engine = open_store(url)
    made = sessions(engine)
    with made.begin() as session:
        keep_draft(session, DRAFT)
    import_mails(made, mails_in([LETTERS]), LARGEST, lambda: NOW)
    consultation = Consultation(DRAFT, register.load())
    digest(made, lambda: Sandbox(consultation, PartLimits(workers=2)), consultation, lambda: NOW)
    engine.dispose()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The store of a consultation in which all mails have been read."""
    made = made_once(tmp_path_factory, "counts", read_all)
    return f"sqlite:///{shutil.copy(made / 'store.db', tmp_path_factory.mktemp('counts-'))}"


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Client]:
    store: Sessions = sessions(open_store(url))
    app = create_app(store, Settings(mailboxes=()), lambda: NOW + timedelta(hours=1))
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as made:
        yield made


@pytest.fixture(scope="module")
def status(client: Client) -> Any:
    return client.get("/api/v1/status").json()


@pytest.fixture(scope="module")
def rows(status: Any) -> list[Any]:
    return [*status["parties"], *status["groups"], *status["observers"]]


@pytest.fixture(scope="module")
def edits(client: Client) -> list[Any]:
    """All edits, page by page."""
    found, cursor = [], ""
    while True:
        page = client.get("/api/v1/edits", params={"limit": 100, **({"cursor": cursor} if cursor else {})}).json()
        found += page["edits"]
        cursor = page["next"]
        if not cursor:
            return found


def by_speaker(edits: list[Any]) -> Counter[str]:
    return Counter(one["party"] or one["group"] or one["observer"] for one in edits)


def test_the_mails_say_something(rows: list[Any], edits: list[Any]) -> None:
    assert sum(row["mails"] for row in rows) > 40
    assert len(edits) > 150


def test_the_rows_of_the_status_are_the_edits(rows: list[Any], edits: list[Any]) -> None:
    counted = by_speaker(edits)
    assert {row["code"]: row["edits"] + row["comments"] for row in rows if row["code"] in counted} == {
        code: n for code, n in counted.items() if code is not None
    }
    assert all(sum(row["paragraphs"].values()) == row["edits"] + row["comments"] for row in rows)


def test_the_totals_are_the_sum_of_the_parties(status: Any) -> None:
    totals, parties = status["totals"], status["parties"]
    for name in ("mails", "edits", "comments"):
        assert totals[name] == sum(row[name] for row in parties), name
    assert sum(totals["states"].values()) == totals["parties"] == 196
    assert totals["states"] == {state: sum(row["state"] == state for row in parties) for state in totals["states"]}
    regions = totals["regions"].values()
    assert {state: sum(region[state] for region in regions) for state in totals["states"]} == totals["states"]


def test_the_paragraphs_are_the_edits_of_all_that_are_known(client: Client, rows: list[Any], edits: list[Any]) -> None:
    paragraphs = {row["label"]: row["edits"] + row["comments"] for row in client.get("/api/v1/paragraphs").json()}
    known = Counter(one["paragraph"] for one in edits if one["name"])
    assert {label: n for label, n in paragraphs.items() if n} == dict(known)
    assert sum(paragraphs.values()) == sum(row["edits"] + row["comments"] for row in rows)


def test_one_partys_answer_is_its_row(client: Client, rows: list[Any]) -> None:
    for row in rows[:196:20]:
        assert client.get(f"/api/v1/parties/{row['code']}").json()["edits"] == row["edits"]


def test_what_waits_for_review_is_counted_alike(client: Client, status: Any, rows: list[Any]) -> None:
    listed = client.get("/review/all", headers={"accept": "text/html"}).text
    shown = int(re.findall(r"<h1>([\d,]+) <small>to review", listed)[0].replace(",", ""))
    head = int(re.findall(r'class="count">([\d,]+)<', listed)[0].replace(",", ""))
    assert shown == head == status["totals"]["to_review"] > 0
    unattributed = sum(
        item.startswith("Not attributed") for item in re.findall(r'class="to-item"[^>]*>([^<]*)<', listed)
    )
    assert sum(row["to_review"] for row in rows) + unattributed == shown


def test_the_overview_shows_the_counts_of_the_status(client: Client, status: Any) -> None:
    page, totals = client.get("/", headers={"accept": "text/html"}).text, status["totals"]
    assert f'<h1 class="lead">{totals["answered"]} <span>of 196 Parties' in page
    cells = re.findall(r'aria-label="[^":]+: (\d+)">\1</a>', page)
    rows = [*status["parties"], *status["groups"], *status["observers"]]
    assert sum(map(int, cells)) == sum(row["edits"] + row["comments"] for row in rows)
    silent = page[page.index('id="silent"') :]
    assert len(re.findall(r'data-name="[A-Z]+"', silent)) == totals["states"]["none"]


def test_the_paragraphs_pages_show_the_counts_of_the_status(client: Client, rows: list[Any]) -> None:
    counted = Counter[str]()
    for row in rows:
        counted.update(row["paragraphs"])
    for label, number in counted.items():
        page = client.get(f"/paragraphs/{label}", headers={"accept": "text/html"}).text
        changes, comments = re.findall(r"([\d,]+) changes? and ([\d,]+) comments? of", page)[0]
        assert int(changes) + int(comments) == number, label


def test_the_partys_page_shows_its_row(client: Client, rows: list[Any]) -> None:
    for row in [row for row in rows if row["mails"]][::6]:
        folder = {"group": "groups", "observer": "observers"}.get(row["region"], "parties")
        page = client.get(f"/{folder}/{row['code']}", headers={"accept": "text/html"}).text
        said = re.findall(r"([\d,]+) changes?, ([\d,]+) comments? in ([\d,]+) mails?", page)[0]
        assert tuple(map(int, said)) == (row["edits"], row["comments"], row["mails"]), row["code"]
        strip = sum(map(int, re.findall(r"<small>(\d+)</small>", page)))
        assert strip in (0, row["edits"] + row["comments"]), row["code"]


def test_the_mails_page_lists_what_the_api_lists(client: Client) -> None:
    page = client.get("/mails", headers={"accept": "text/html"}).text
    mails = client.get("/api/v1/mails").json()
    assert int(re.findall(r"<h1>([\d,]+) ", page)[0]) == len(mails) == client.get("/api/v1/ledger").json()["mails"]
    for mail in mails[::8]:
        text = client.get(f"/mails/{mail['id']}", headers={"accept": "text/html"}).text
        told = client.get(f"/api/v1/mails/{mail['id']}").json()
        assert text.count('<article class="said') == len(told["edits"]) + text.count('id="u')


def test_the_words_of_the_command_are_those_of_the_status(
    url: str, status: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUNMING_DATABASE_URL", url)
    said = CliRunner().invoke(cli, ["status"], catch_exceptions=False).stdout
    states = re.findall(r"(\d+) ([a-z-]+)", said[said.rindex("196 Parties:") :])
    assert {state: int(number) for number, state in states} == status["totals"]["states"]


def test_the_command_says_what_the_api_says(url: str, status: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUNMING_DATABASE_URL", url)
    said = json.loads(CliRunner().invoke(cli, ["status", "--json"], catch_exceptions=False).stdout)
    assert (said["totals"], said["parties"]) == (status["totals"], status["parties"])


def test_every_statement_is_unplaced_for_its_speaker(client: Client, rows: list[Any]) -> None:
    unplaced = Counter(one["party"] or one["group"] or one["observer"] for one in client.get("/api/v1/unplaced").json())
    assert {row["code"]: row["unplaced"] for row in rows if row["unplaced"]} == {
        code: n for code, n in unplaced.items() if code is not None
    }
