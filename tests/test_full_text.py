"""Search over mails, edits and comments, in every script: the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fixture_chromium import served
from fixture_inbox import DRAFT, NOW, Inbox, change, document, either_inbox, inbox, message, outcomes, remark
from httpx import Client

from api.app import create_app
from consultation.search_words import excerpt, holds_all, terms_of, words_of
from parsing.model import Reading
from settings import Settings
from store.search import Found, find, index_missing
from store.session import Sessions

__all__ = ["either_inbox", "inbox"]

WORDS = [
    ("Éducation, naïve", "education naive"),
    ("L’eau d'Europe", "l eau d europe"),
    ("保护生物", "保护 护生 生物 物"),
    ("2030年目标", "2030 年目 目标 标"),
    ("والتنوع البيولوجيّ للأطراف", "تنوع بيولوجي اطراف"),
    ("Ёлка; ещё", "елка еще"),
    ("ＦＵＬＬ width ①", "full width 1"),
    ("विविधता", "ववधत"),
    ("", ""),
    ("… — !", ""),
]


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_words_are_compared_without_case_accents_and_articles(text: str, words: str) -> None:
    assert words_of(text) == words


HELD = [
    ("Protect biodiversity everywhere", "biodiv", True),
    ("Protect biodiversity everywhere", "diversity", False),
    ("Protect biodiversity everywhere", '"protect biodiversity"', True),
    ("Protect biodiversity everywhere", '"biodiversity protect"', False),
    ("Protect biodiversity everywhere", "everywhere PROTECT", True),
    ("保护生物多样性", "生物多样性", True),
    ("保护生物多样性", "样", True),
    ("保护生物多样性", "多生", False),
    ("حماية التنوع البيولوجي", "تنوع", True),
    ("حماية التنوع البيولوجي", "بالتنوع", True),
    ("защита биоразнообразия", "БИОРАЗНООБРАЗИЕ", False),
    ("защита биоразнообразия", "биоразнообраз", True),
    ("la protección", "proteccion", True),
]


@pytest.mark.parametrize(("text", "query", "holds"), HELD)
def test_what_is_looked_for_is_in_the_text(text: str, query: str, *, holds: bool) -> None:
    assert holds_all(text, terms_of(query)) is holds


def test_an_excerpt_marks_what_was_looked_for() -> None:
    pieces = excerpt("x " * 200 + "we protect Biodiversity now", terms_of("biodiversity we"))
    assert [piece.text for piece in pieces if piece.found] == ["we", "Biodiversity"]
    assert pieces[0].text == "… "


QUERIES = [query for _, query, _ in HELD] + ["AND", "NEAR", '"', "a*", "x' OR", "(", "col:x", "-", "&|!", "the the"]


@pytest.mark.outside
def test_both_databases_find_what_the_pure_function_finds(either_inbox: Inbox) -> None:
    texts = tuple(dict.fromkeys((*(text for text, _, _ in HELD), "near and or not col x the", "多样性多样")))
    for text in texts:
        either_inbox.mail(message("NOR"), remark("OP1", text))
    for query in QUERIES:
        terms = terms_of(query)
        if terms:
            found = {one.text for one in found_in(either_inbox.sessions, query) if one.kind == "comment"}
            assert found == {text for text in texts if holds_all(text, terms)}, query


def found_in(store: Sessions, query: str, **more: object) -> tuple[Found, ...]:
    with store() as session:
        return find(session, DRAFT.id, terms_of(query), **more)  # type: ignore[arg-type]


@pytest.mark.outside
def test_a_mail_is_found_by_its_head_its_body_and_its_documents_and_so_are_edits(either_inbox: Inbox) -> None:
    said = (*outcomes("body", ("courtesy", "Dear colleagues, "), ("remark", "here are the oceans. ")),
            *outcomes("Norway.docx", ("remark", "Rivers matter too. " * 400)))  # fmt: skip
    mail = either_inbox.mail(
        message("NOR", subject="Comments of Norway"),
        change("OP5", "effectiveness", "lakes"),
        parts=(document("Norway.docx"),),
        sentences=said,
    )
    for query, kind, source in (
        ("comments norway", "mail", ""),
        ("office@example.org", "mail", ""),
        ("norway.docx", "mail", ""),
        ("colleagues oceans", "mail", "body"),
        ("rivers", "mail", "Norway.docx"),
        ("lakes", "edit", ""),
    ):
        found = found_in(either_inbox.sessions, query)
        assert {(one.mail, one.kind, one.source) for one in found} == {(mail, kind, source)}, query
    assert found_in(either_inbox.sessions, "lakes", mails=[]) == ()


@pytest.mark.outside
def test_a_new_reading_replaces_what_is_found_and_an_old_store_is_indexed(either_inbox: Inbox) -> None:
    mail = either_inbox.mail(message("NOR"), remark("OP1", "oceans"))
    either_inbox.read(mail, Reading(message("NOR"), (remark("OP1", "rivers"),)))
    assert [len(found_in(either_inbox.sessions, query)) for query in ("oceans", "rivers")] == [0, 1]
    with either_inbox.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM search")
    assert found_in(either_inbox.sessions, "rivers") == ()
    with either_inbox.sessions.begin() as session:
        assert [index_missing(session), index_missing(session)] == [1, 0]
    assert len(found_in(either_inbox.sessions, "rivers")) == 1


REFUSED = [
    ({"q": "!"}, "query.q"),
    ({"q": ""}, "query.q"),
    ({"q": "x", "party": "XXX"}, "query.party"),
    ({"q": "x", "cursor": "W10="}, "query.cursor"),
]


@contextmanager
def asked(inbox: Inbox) -> Iterator[Client]:
    app = create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        yield client


@pytest.mark.outside
def test_the_api_gives_hits_page_by_page_and_what_people_entered_first(inbox: Inbox) -> None:
    for n in range(5):
        inbox.mail(message("NOR" if n % 2 else "CHN"), remark("OP1", f"保护海洋 {n}"))
    edit = {"paragraph": "OP2", "action": "comment", "comment": "海洋 by telephone"}
    entry = {
        "kind": "entry",
        "target": {"party": "FJI"},
        "value": {"edit": edit, "source": "a call"},
        "by": "A drafter",
    }
    with asked(inbox) as client:
        assert client.post("/api/v1/corrections", json=entry).status_code == 201
        seen, url = [], "/api/v1/search?q=海洋&limit=2"
        while url:
            answer = client.get(url)
            seen += [(hit["name"], hit["paragraph"], hit["mail"]) for hit in answer.json()["hits"]]
            url = str(answer.url.join(answer.links["next"]["url"])) if "next" in answer.links else ""
        assert seen[0] == ("Fiji", "OP2", None)
        assert [mail for _, _, mail in seen[1:]] == [5, 4, 3, 2, 1]
        hits = client.get("/api/v1/search", params={"q": "海洋", "party": "NOR"}).json()["hits"]
        assert [hit["mail"] for hit in hits] == [4, 2]
        assert [piece["text"] for piece in hits[0]["pieces"] if piece["found"]] == ["海洋"]
        page = client.get("/search", params={"q": "海洋", "kind": "comment"}).text
        assert page.count("<mark>海洋</mark>") == 6
        assert "<script>" not in client.get("/search", params={"q": "<script>x"}).text
        for query, where in REFUSED:
            refused = client.get("/api/v1/search", params=query)
            assert (refused.status_code, refused.json()["errors"][0]["where"]) == (422, where)
