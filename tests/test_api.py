"""The JSON API and what a watchman asks."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

import pytest
from fixture_chromium import served
from fixture_inbox import DRAFT, NOON, NOW, Inbox, change, document, inbox, message, outcomes, remark
from httpx import Client

from api.app import create_app
from api.context import Content
from consultation.new_corrections import NewCorrection
from parsing.model import Claim, Flags, FocalPoint, Reading, Unplaced
from settings import Settings
from store.corrections import keep_correction
from store.session import open_store, sessions
from store.tables import CorrectionRow
from store.writes import keep_directory, keep_reading

__all__ = ["inbox"]
SETTINGS = Settings(mailboxes=())
JSON_BODY = {"Content-Type": "application/json"}


@pytest.fixture
def client(inbox: Inbox) -> Iterator[Client]:
    with asked(inbox) as made:
        yield made


@contextmanager
def asked(inbox: Inbox, settings: Settings = SETTINGS, content: Content | None = None) -> Iterator[Client]:
    app = create_app(inbox.sessions, settings, lambda: NOW, content)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        yield client


def get(client: Client, path: str, **query: Any) -> Any:
    answer = client.get("/api/v1" + path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_status_has_a_row_for_each_of_the_196_parties(client: Client) -> None:
    status = get(client, "/status")
    assert set(status) == {"draft", "deadline", "generated_at", "last_poll", "totals", "parties", "observers", "groups"}
    assert len(status["parties"]) == 196
    wanted = {"code", "name", "region", "state", "mails", "edits", "comments", "paragraphs", "late", "copied",
              "needs_review", "covered_by", "first_received", "last_received"}  # fmt: skip
    assert wanted <= set(status["parties"][0])
    assert status["deadline"] == "2021-09-07T12:00:00+00:00"


def test_status_counts_by_paragraph(inbox: Inbox, client: Client) -> None:
    inbox.mail(message("NOR"), change("OP5", "effectiveness", "the effectiveness"), remark("OP1", "Good."))
    row = next(row for row in get(client, "/status")["parties"] if row["code"] == "NOR")
    assert (row["state"], row["edits"], row["comments"]) == ("commented", 1, 1)
    assert row["paragraphs"] == {"OP1": 1, "OP5": 1}
    assert row["first_received"] == row["last_received"] == NOON.isoformat()


def test_parties_stand_in_the_order_of_their_names(client: Client) -> None:
    names = [row["name"] for row in get(client, "/parties")]
    assert names[0] == "Afghanistan"
    assert names.index("Côte d'Ivoire") < names.index("Croatia")


def test_one_party_shows_its_edits_by_paragraph(inbox: Inbox, client: Client) -> None:
    inbox.mail(message("NOR"), change("OP5", "effectiveness", "the effectiveness"))
    party = get(client, "/parties/nor")
    assert [edit["new"] for edit in party["by_paragraph"]["OP5"]] == ["the effectiveness"]
    assert len(party["mail_list"]) == 1


def test_paragraphs_are_the_drafts_and_general(client: Client) -> None:
    labels = [row["label"] for row in get(client, "/paragraphs")]
    assert labels == [*(paragraph.label for paragraph in DRAFT.paragraphs), "general"]


def test_a_paragraph_groups_those_who_agree(inbox: Inbox, client: Client) -> None:
    inbox.mail(message("NOR"), change("OP5", "effectiveness", "the effectiveness"))
    inbox.mail(message("CHE"), change("OP5", "|effectiveness", "the "))
    passages = get(client, "/paragraphs/OP5")["passages"]
    assert [proposal["by"] for passage in passages for proposal in passage["proposals"]] == [["NOR", "CHE"]]


EDITS = (("party", "nor", 2), ("paragraph", "OP1", 1), ("action", "comment", 1), ("origin", "remark", 1),
         ("q", "THE EFFECT", 2), ("review", "true", 1), ("review", "false", 2))  # fmt: skip


@pytest.mark.parametrize(("name", "value", "count"), EDITS)
def test_edits_are_filtered(inbox: Inbox, client: Client, name: str, value: str, count: int) -> None:
    inbox.mail(message("NOR"), change("OP5", "effectiveness", "the effectiveness"), remark("OP1", "Good."))
    inbox.mail(message("CHE"), change("OP5", "effectiveness", "the effect", needs_review=True))
    assert len(get(client, "/edits", **{name: value})["edits"]) == count


def test_pages_of_edits_give_each_edit_once(inbox: Inbox, client: Client) -> None:
    inbox.mail(message("NOR"), *(change("OP5", "effectiveness", f"effectiveness {n}") for n in range(7)))
    seen: list[str] = []
    page = get(client, "/edits", limit=3)
    while True:
        seen += [edit["new"] for edit in page["edits"]]
        if page["next"] is None:
            break
        page = get(client, "/edits", limit=3, cursor=page["next"])
    assert sorted(seen) == [f"effectiveness {n}" for n in range(7)]


def test_edits_are_filtered_by_language_and_mail(inbox: Inbox, client: Client) -> None:
    inbox.mail(message("NOR"), remark("OP1", "We welcome this paragraph."))
    french = inbox.mail(message("FRA"), remark("OP1", "Nous souhaitons que ce paragraphe soit renforcé."))
    inbox.mail(message("CHN"), remark("OP1", "建议保护生物多样性。"), remark("OP2", "支持。"))
    assert [edit["party"] for edit in get(client, "/edits", language="fr")["edits"]] == ["FRA"]
    assert [edit["language"] for edit in get(client, "/edits", language="ZH")["edits"]] == ["zh", "zh"]
    assert [edit["party"] for edit in get(client, "/edits", mail=french)["edits"]] == ["FRA"]


LATER, A_DAY = NOW + timedelta(hours=1), timedelta(days=1)


def test_a_mail_that_is_first_read_later_is_new_then_and_not_again_with_a_new_reading(
    inbox: Inbox, client: Client
) -> None:
    inbox.mail(message("NOR"), remark("OP1", "Good."))
    late = inbox.arrive("crashed")
    reading = Reading(message("CHE"), (remark("OP1", "Fine."),))
    for at in (LATER, LATER + A_DAY):
        with inbox.sessions.begin() as session:
            keep_reading(session, late, reading, DRAFT.id, "1", at)
    assert [mail["id"] for mail in get(client, "/mails", since=LATER.isoformat())] == [late]
    assert [edit["party"] for edit in get(client, "/edits", since=LATER.isoformat())["edits"]] == ["CHE"]
    assert get(client, "/edits", since=(LATER + A_DAY).isoformat())["edits"] == []


def test_what_a_person_decided_since_is_new(inbox: Inbox, client: Client) -> None:
    mail = inbox.mail(message("NOR"), remark("OP1", "Good."))
    assert get(client, "/mails", since=LATER.isoformat()) == []
    target = {"mail": get(client, f"/mails/{mail}")["sha256"]}
    party = {"party": "FIN", "group": None, "observer": None}
    with inbox.sessions.begin() as session:
        keep_correction(session, NewCorrection("party", target, party, "A drafter", ""), LATER)
    assert [row["party"] for row in get(client, "/mails", since=LATER.isoformat())] == ["FIN"]
    assert len(get(client, "/corrections", since=LATER.isoformat())) == 1
    assert get(client, "/corrections", since=(LATER + A_DAY).isoformat()) == []


SORTED = [
    ("place", ["PP1", "OP1", "OP5"]),
    ("-place", ["OP5", "OP1", "PP1"]),
    ("party", ["PP1", "OP5", "OP1"]),
    ("-received", ["OP1", "PP1", "OP5"]),
    ("confidence", ["OP1", "PP1", "OP5"]),
]


@pytest.mark.parametrize(("sort", "labels"), SORTED)
def test_edits_come_in_the_order_that_is_asked_for_page_by_page(
    inbox: Inbox, client: Client, sort: str, labels: list[str]
) -> None:
    inbox.mail(message("NOR"), change("OP5", "effectiveness", "reach"))
    inbox.mail(message("CHE"), remark("OP1", "Good.", confidence=0.5), at=NOON + timedelta(hours=2))
    inbox.mail(message("FIN"), remark("PP1", "Good.", confidence=0.7), at=NOON + timedelta(hours=1))
    first = get(client, "/edits", sort=sort, limit=2)
    second = get(client, "/edits", sort=sort, limit=2, cursor=first["next"])
    assert [edit["paragraph"] for page in (first, second) for edit in page["edits"]] == labels


LISTS = [
    ("/mails", {}, "id", [1, 2, 3]),
    ("/mails", {"sort": "-received"}, "id", [3, 2, 1]),
    ("/mails", {"sort": "-party"}, "id", [1, 2, 3]),
    ("/mails", {"party": "fin"}, "id", [2]),
    ("/mails", {"class": "no-comments"}, "id", [3]),
    ("/mails", {"q": "COMMENTS"}, "id", [1, 2, 3]),
    ("/mails", {"review": "true"}, "id", [3]),
    ("/parties", {"state": "commented"}, "code", ["FIN", "NOR"]),
    ("/parties", {"state": "commented", "sort": "-name"}, "code", ["NOR", "FIN"]),
    ("/parties", {"sort": "-comments", "region": "weog", "state": "commented"}, "code", ["NOR", "FIN"]),
    ("/unplaced", {}, "text", ["Be bold.", "Be bolder.", "Be bold."]),
]


@pytest.mark.parametrize(("path", "query", "name", "values"), LISTS)
def test_lists_are_filtered_sorted_and_paged(
    inbox: Inbox, client: Client, path: str, query: dict[str, str], name: str, values: list[Any]
) -> None:
    bold, bolder = (Unplaced(text, "body", "names no paragraph") for text in ("Be bold.", "Be bolder."))
    inbox.mail(message("NOR"), remark("OP1", "A."), remark("OP2", "B."), unplaced=(bold, bolder))
    inbox.mail(message("FIN"), remark("OP1", "C."), unplaced=(bold,), at=NOON + timedelta(hours=1))
    inbox.mail(message("CHE", "no-comments", needs_review=True), at=NOON + timedelta(hours=2))
    assert [row[name] for row in get(client, path, **query)] == values
    seen, url = [], f"/api/v1{path}?{urlencode(query | {'limit': 1})}"
    while url:
        answer = client.get(url)
        seen += [row[name] for row in answer.json()]
        url = str(answer.url.join(answer.links["next"]["url"])) if "next" in answer.links else ""
    assert seen == values


def test_all_times_are_in_utc(inbox: Inbox, client: Client) -> None:
    of_manila = datetime(2021, 9, 3, 20, tzinfo=timezone(timedelta(hours=8)))
    mail = inbox.arrive("several")
    inner = Reading(message("CHE", date=of_manila), (remark("OP1", "Fine."),))
    inbox.read(mail, Reading(message("NOR", date=of_manila, received=of_manila), (), mails=(inner,)))
    inbox.poll()
    for path in ("/status", "/mails", f"/mails/{mail}", "/polls", "/parties/CHE"):
        times = re.findall(r'"(\d{4}-\d\d-\d\dT[^"]+)"', client.get(f"/api/v1{path}").text)
        assert times == [time for time in times if time.endswith("+00:00")], path
        assert times


UNKNOWN = [
    ({"party": "XXX"}, "query.party: there is no 'XXX'", "NOR"),
    ({"paragraph": "OP99"}, "query.paragraph: there is no 'OP99'", "OP13"),
    ({"action": "improve"}, "query.action: Input should be 'replace'", "move_paragraph"),
    ({"origin": "rumour"}, "query.origin: Input should be 'tracked-change'", "remark"),
    ({"review": "maybe"}, "query.review: Input should be a valid boolean", None),
    ({"limit": "0"}, "query.limit: Input should be greater than or equal to 1", None),
    ({"praty": "NOR"}, "query.praty: Extra inputs are not permitted", None),
    ({"cursor": "bm9uZQ=="}, "query.cursor: not one that this API gave", None),
    ({"cursor": "WyJwbGFjZSIsICJhIl0="}, "query.cursor: not one that this API gave", None),
    ({"cursor": "eyJwbGFjZSI6IDF9"}, "query.cursor: not one that this API gave", None),
    ({"cursor": "WyJwbGFjZSJd"}, "query.cursor: not one that this API gave", None),
    ({"cursor": "W10="}, "query.cursor: not one that this API gave", None),
    ({"cursor": "WyItcGxhY2UiLCAxXQ=="}, "query.cursor: not one that this API gave", None),
    ({"language": "de"}, "query.language: there is no 'de'", "fr"),
    ({"sort": "size"}, "query.sort: Input should be 'place'", "-received"),
    ({"since": "2021-09-03T12:00:00"}, "query.since: Input should have timezone info", None),
    ({"since": "yesterday"}, "query.since: Input should be a valid datetime", None),
]


@pytest.mark.parametrize(("query", "says", "allowed"), UNKNOWN)
def test_a_filter_value_that_does_not_exist_is_refused_with_those_that_do(
    inbox: Inbox, client: Client, query: dict[str, str], says: str, allowed: str | None
) -> None:
    inbox.mail(message("NOR"), remark("OP1", "Good."))
    answer = client.get("/api/v1/edits", params=query)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, answer.json()["detail"][: len(says)]) == (422, says)
    assert allowed is None or allowed in error["allowed"]


def test_a_filter_takes_whoever_may_speak_and_whoever_has_spoken(inbox: Inbox, client: Client) -> None:
    inbox.mail(message(observer="Friends of the Sea"), remark("OP1", "Good."))
    assert get(client, "/edits", party="FJI")["edits"] == []
    assert get(client, "/edits", party="african group")["edits"] == []
    assert [edit["name"] for edit in get(client, "/edits", party="friends of the sea")["edits"]] == [
        "Friends of the Sea"
    ]


def test_a_mail_shows_its_parts_and_their_fate(inbox: Inbox, client: Client) -> None:
    lost = Unplaced("Be bold.", "body", "names no paragraph")
    mail = inbox.mail(message("NOR"), parts=(document("a.docx", "unreadable", "broken"),), unplaced=(lost,), body="Hi")
    shown = get(client, f"/mails/{mail}")
    assert (shown["parts"][0]["fate"], shown["unplaced"][0]["text"], shown["body"]) == ("unreadable", "Be bold.", "Hi")
    assert [row["id"] for row in get(client, "/mails")] == [mail]
    assert [row["text"] for row in get(client, "/unplaced")] == ["Be bold."]


def test_a_mail_shows_the_outcome_of_each_sentence_with_the_ids_of_its_edits(inbox: Inbox, client: Client) -> None:
    said = outcomes("body", ("courtesy", "Dear all, ", (), "a greeting"), ("edit", "delete PP1; keep OP5", (1, 0)))
    mail = inbox.mail(message("NOR"), remark("OP5", "Keep."), change("PP1", "Recalling", ""), sentences=said)
    shown = get(client, f"/mails/{mail}")
    deleted, kept = shown["edits"]
    assert (deleted["paragraph"], kept["paragraph"]) == ("PP1", "OP5")
    assert shown["sentences"] == [
        {"source": "body", "start": 0, "end": 10, "outcome": "courtesy", "text": "Dear all, ", "edits": [],
         "why": "a greeting"},
        {"source": "body", "start": 10, "end": 30, "outcome": "edit", "text": "delete PP1; keep OP5",
         "edits": [deleted["id"], kept["id"]], "why": ""},
    ]  # fmt: skip


def test_the_raw_mail_is_a_download_byte_for_byte(inbox: Inbox, client: Client) -> None:
    raw = b"Subject: \xff\x00\r\n\r\n<script>alert(1)</script>"
    mail = inbox.arrive("odd", raw=raw)
    answer = client.get(f"/api/v1/mails/{mail}/raw")
    assert answer.content == raw
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_part_is_a_download_of_its_content(inbox: Inbox) -> None:
    mail = inbox.mail(message("NOR"), parts=(document('Ünë "x".docx'),))

    def content(raw: bytes, sha256: str) -> bytes | None:
        return raw[-6:] + sha256[:1].encode()

    with asked(inbox, content=content) as client:
        answer = client.get(f"/api/v1/mails/{mail}/parts/0")
        assert answer.content == b"Text\r\n0"
        assert answer.headers["content-disposition"].startswith('attachment; filename="_n_ _x_.docx"; filename*=UTF-8')
        assert client.get(f"/api/v1/mails/{mail}/parts/7").status_code == 404


@pytest.mark.parametrize("path", ["/parties/XXX", "/paragraphs/OP99", "/mails/99", "/mails/99/raw"])
def test_what_is_not_there_is_a_404(client: Client, path: str) -> None:
    assert client.get("/api/v1" + path).status_code == 404


PROBLEMS = [
    ("GET", "/parties/XXX", 404, "Not Found", "No such Party, Group or observer: “XXX”"),
    ("GET", "/nothing", 404, "Not Found", "Not Found"),
    ("DELETE", "/status", 405, "Method Not Allowed", "Method Not Allowed"),
    ("GET", "/mails/first", 422, "Unprocessable", "path.mail_id: Input should be a valid integer"),
]


@pytest.mark.parametrize(("method", "path", "status", "title", "says"), PROBLEMS)
def test_what_goes_wrong_is_told_as_rfc_9457_has_it(
    client: Client, method: str, path: str, status: int, title: str, says: str
) -> None:
    answer = client.request(method, "/api/v1" + path)
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, told["status"], told["type"], told["instance"]) == (
        status,
        status,
        "about:blank",
        "/api/v1" + path,
    )
    assert told["title"].startswith(title)
    assert told["detail"].startswith(says)


def test_head_gives_the_headers_of_get_everywhere(inbox: Inbox, client: Client) -> None:
    mail = inbox.mail(message("NOR"), remark("OP1", "Good."))
    paths = ["/", "/mails", "/static/kunming.css", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"]
    paths += [f"/api/v1/{path}" for path in ("status", "edits", "parties/NOR", f"mails/{mail}/raw", "parties/XXX")]
    for path in paths:
        got, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert head.headers["content-type"] == got.headers["content-type"]
        if path not in ("/readyz", "/metrics"):  # the room on the disk changes from one to the next
            assert head.headers["content-length"] == got.headers["content-length"]


def test_the_ledger_balances(inbox: Inbox, client: Client) -> None:
    inbox.arrive("one")
    inbox.arrive("one", mailbox="copies")
    ledger = get(client, "/ledger")
    assert (ledger["seen"], ledger["states"]["stored"], ledger["states"]["same"], ledger["difference"]) == (2, 1, 1, 0)


def test_ready_tells_the_age_of_the_last_good_poll(inbox: Inbox, client: Client) -> None:
    inbox.poll(NOW - timedelta(hours=3))
    inbox.poll(NOW - timedelta(hours=1), "failed", "connection refused")
    answer = client.get("/readyz").json()
    assert (answer["age_seconds"], answer["failing"][0]["error"]) == (3 * 3600, "connection refused")
    assert [poll["outcome"] for poll in get(client, "/polls")] == ["failed", "ok"]
    assert client.get("/healthz").json()["ok"] is True


MAILBOX = {"name": "outcome", "host": "localhost", "user": "u", "password": "p"}


@pytest.mark.parametrize(("hours", "code"), [(3, 200), (27, 503)])
def test_ready_fails_when_the_last_good_poll_is_too_old(inbox: Inbox, hours: int, code: int) -> None:
    inbox.poll(NOW - timedelta(hours=hours))
    with asked(inbox, Settings(mailboxes=[MAILBOX])) as client:
        assert client.get("/readyz").status_code == code


def test_a_good_poll_that_is_dated_in_the_future_makes_nothing_ready_and_the_next_one_does(inbox: Inbox) -> None:
    inbox.poll(NOW + timedelta(days=400))
    with asked(inbox, Settings(mailboxes=[MAILBOX])) as client:
        assert client.get("/readyz").status_code == 503
        assert "dated in the future" in client.get("/readyz").json()["why"]
        inbox.poll(NOW - timedelta(hours=1))
        assert client.get("/readyz").status_code == 200


def test_a_store_without_a_draft_says_so(sqlite_url: str) -> None:
    engine = open_store(sqlite_url)
    app = create_app(sessions(engine), SETTINGS, lambda: NOW)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        answer = client.get("/api/v1/status")
    engine.dispose()
    assert (answer.status_code, answer.json()["detail"]) == (503, "the store holds no draft yet: kunming draft add")


def test_metrics_count_parties_by_state(inbox: Inbox, client: Client) -> None:
    inbox.mail(message("LAO", "no-comments"))
    inbox.poll()
    text = client.get("/metrics").text
    assert 'kunming_parties{state="no-comments"} 1.0' in text
    assert "kunming_last_good_poll_age_seconds 10800.0" in text


def test_a_correction_is_posted_with_a_name_and_listed(inbox: Inbox, client: Client) -> None:
    mail = inbox.mail(message("NER"), remark("OP1", "Good."))
    said = {"kind": "party", "target": {"mail": mail}, "value": {"party": "NGA"}, "by": "A drafter", "why": "signature"}
    answer = client.post("/api/v1/corrections", json=said)
    assert (answer.status_code, answer.json()["by"]) == (201, "A drafter")
    assert [row["why"] for row in get(client, "/corrections")] == ["signature"]
    assert get(client, "/parties/NGA")["state"] == "commented"


REFUSED = [
    (
        {"kind": "party", "target": {"mail": 99}, "value": {"party": "NGA"}, "by": "A drafter"},
        "mail '99': there is none",
    ),
    ({"kind": "party", "target": {"mail": 99}}, "by"),
]


@pytest.mark.parametrize(("said", "why"), REFUSED)
def test_a_correction_that_cannot_be_is_refused_with_its_reason(client: Client, said: Any, why: str) -> None:
    answer = client.post("/api/v1/corrections", json=said)
    assert answer.status_code == 422
    assert why in str(answer.json()["detail"])


def test_a_correction_from_a_form_of_another_site_is_refused(client: Client) -> None:
    said = '{"kind": "undo", "target": {"correction": 1}, "by": "x"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = client.post("/api/v1/corrections", content=said, headers={"Content-Type": kind})
        assert (answer.status_code, "application/json" in answer.text) == (415, True)


def test_those_without_an_answer_of_their_own_are_listed_with_the_addresses_to_remind(
    inbox: Inbox, client: Client
) -> None:
    inbox.mail(message("EU"), remark("OP1", "Good."))
    with inbox.sessions.begin() as session:
        keep_directory(session, [FocalPoint("focal@example.org", "Office", "FJI", "focal point")])
    silent = {row["code"]: row for row in get(client, "/reminders")}
    assert len(silent) == 195
    assert silent["FJI"]["addresses"] == [{"address": "focal@example.org", "name": "Office", "role": "focal point"}]
    assert silent["AUT"]["covered_by"] == ["EU"]


def test_a_row_that_something_else_wrote_breaks_nothing_and_is_told(inbox: Inbox, client: Client) -> None:
    inbox.mail(message("NOR"), change("OP5", "effectiveness", "reach"))
    deadline = ("deadline", {"party": "NOR"}, {"deadline": "9999-12-31", "granted_by": "x"})
    party = ("party", {"mail": 1}, {"observer": "\ud800"})
    with inbox.sessions.begin() as session:
        for kind, target, value in (deadline, party):
            session.add(CorrectionRow(at=NOW, who="A", why="", kind=kind, target=target, value=value))
    bad = get(client, "/corrections")
    assert [bool(one["not_applied"]) for one in bad] == [True, True]
    for path in ("/", "/parties/NOR", "/mails/1", "/corrections", "/review", "/api/v1/status"):
        assert client.get(path).status_code == 200
    said = {"kind": "undo", "target": {"correction": 1}, "by": "A drafter"}
    assert client.post("/api/v1/corrections", json=said).status_code == 201


WRONG_BODIES = [
    {"kind": "party", "target": {"mail": 1}, "value": {"observer": 5}},
    {"kind": "party", "target": {"mail": 1}, "value": {"observer": "\ud800"}},
    {"kind": "deadline", "target": {"party": "NOR"}, "value": {"deadline": "9999-12-31", "granted_by": "x"}},
    {"kind": "undo", "target": {"correction": 2**80}, "value": {}},
    {"kind": "party", "target": {"mail": 1}, "value": {"\ud800": 1}},
]


@pytest.mark.parametrize("said", WRONG_BODIES)
def test_a_correction_that_cannot_be_is_422_with_one_line(inbox: Inbox, client: Client, said: Any) -> None:
    inbox.mail(message("NOR"))
    answer = client.post("/api/v1/corrections", content=json.dumps(said | {"by": "A"}), headers=JSON_BODY)
    assert (answer.status_code, "\n" in answer.json()["detail"]) == (422, False)


def test_what_a_stranger_claims_is_shown_with_its_reason_and_decided_by_one_act(inbox: Inbox, client: Client) -> None:
    inbox.mail(message("NOR", sender="a@kld.dep.no"), change("OP5", "effectiveness", "reach"))
    flags = Flags(claim=Claim(withdraws=True, why="we withdraw"), speaks_for=())
    inbox.mail(message("NOR", sender="b@evil.example", flags=flags), at=NOON + timedelta(hours=1))
    claimed, claiming = get(client, "/mails/1"), get(client, "/mails/2")
    assert (claimed["current"], claimed["claimed_by"]) == (True, [2])
    (waiting,) = claiming["waiting"]
    assert (waiting["kind"], waiting["of"]) == ("withdraws", [1])
    assert waiting["because"] == "b@evil.example is not known to speak for Norway"
    assert waiting["sentence"] in client.get("/mails/2").text.replace("&#39;", "'")
    said = {"kind": "claim", "target": {"mail": 2}, "value": {"accepted": True}, "by": "A drafter"}
    assert client.post("/api/v1/corrections", json=said).status_code == 201
    assert (get(client, "/mails/1")["current"], get(client, "/mails/2")["waiting"]) == (False, [])
