"""A model behind an endpoint: its answers are kept and used; whatever is wrong with it, mails are read without."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fixture_reader import kept_sandbox
from forked import forked
from model_endpoint import Reply, completion, endpoint
from sqlalchemy import select

from ingest.asking import try_model
from ingest.digest import digest
from ingest.fetch import import_mails
from ingest.questions import AskedAbout, ask_waiting
from ingest.sandbox import Sandbox
from ingest.sources import mails_in
from parsing.model import Consultation
from settings import Model, Settings, WrongSettings, load
from store import register
from store.questions import MOST_ATTEMPTS, asking_counts, waiting_mails
from store.session import Sessions
from store.shipped import shipped_draft
from store.tables import AnswerRow, EditRow, QuestionRow, ReadingRow, SentenceRow, UnplacedRow
from store.writes import keep_draft

pytestmark = pytest.mark.outside
CONSULTATION = Consultation(shipped_draft(), register.load())
WORDS = "Could the fifth commitment not speak of Strengthen where it says Improve"
MAIL = f"""From: Kari Nordmann <kari.nordmann@kld.dep.no>
To: cop15hls-outcome@mee.gov.cn
Subject: Comments of Norway
Date: Thu, 2 Sep 2021 10:00:00 +0000
Message-ID: <one@kld.dep.no>
Content-Type: text/plain; charset=utf-8

Dear colleagues,
{WORDS}?
Kind regards,
Kari Nordmann
Norwegian Ministry of Climate and Environment
"""
STATEMENT = {
    "sentences": [2], "words": WORDS, "label": "OP5", "act": "replace", "old": "Improve", "new": "Strengthen",
    "anchor": "", "to": "", "intent": "", "stance": "asked", "reason": "",
}  # fmt: skip
GOOD = json.dumps({"statements": [STATEMENT], "outcomes": {"courtesy": [1, 3], "signature": [4, 5]}})


def clock() -> datetime:
    return datetime(2021, 9, 7, 3, 0, tzinfo=UTC)


def sandbox() -> Sandbox:
    return kept_sandbox(CONSULTATION)


@pytest.fixture
def store(sqlite_store: Sessions, tmp_path: Path) -> Sessions:
    with sqlite_store.begin() as session:
        keep_draft(session, shipped_draft())
    (tmp_path / "one.eml").write_text(MAIL)
    import_mails(sqlite_store, mails_in([tmp_path / "one.eml"]), 60_000_000, clock)
    return sqlite_store


def read(store: Sessions, model: Model, *, again: bool = False) -> AskedAbout:
    digest(store, sandbox, CONSULTATION, clock, again=again, model=model)
    return ask_waiting(store, sandbox, CONSULTATION, clock, model, pause=0.01)


def edits(store: Sessions) -> list[tuple[str, str, str, str, bool]]:
    with store() as session:
        rows = session.scalars(select(EditRow).where(EditRow.action != "comment"))
        return [(row.paragraph, row.old, row.new, row.read_by, row.needs_review) for row in rows]


def facts(store: Sessions) -> list[Any]:
    """All that a Reading says but for its version."""
    with store() as session:
        return [
            [tuple(value for name, value in row._mapping.items() if name not in ("parsers", "read_at")) for row in rows]
            for rows in (
                session.execute(select(table.__table__))
                for table in (ReadingRow, EditRow, SentenceRow, UnplacedRow)
            )
        ]  # fmt: skip


def test_what_a_model_alone_reads_is_kept_for_review_and_asked_once(store: Sessions) -> None:
    with endpoint(lambda _: completion(GOOD)) as there:
        model = Model(url=there.url, name="clerk")
        done = read(store, model)
        assert (done.answered, done.mails, done.over) == (1, 1, "")
        assert edits(store) == [("OP5", "Improve", "Strengthen", "model", True)]
        once = facts(store)
        assert read(store, model) == read(store, model, again=True) == AskedAbout()
        assert facts(store) == once
        assert len(there.asked) == 1
    with store() as session:
        (answer,) = session.scalars(select(AnswerRow))
        assert (answer.model, answer.content, answer.prompt_tokens) == ("clerk-7b", GOOD, 100)


def test_verified_words_pass_where_the_settings_say_so(store: Sessions) -> None:
    with endpoint(lambda _: completion(GOOD)) as there:
        read(store, Model(url=there.url, name="clerk", trust="verified"))
    assert edits(store) == [("OP5", "Improve", "Strengthen", "model", False)]


def _slow(_: dict[str, Any]) -> Reply:
    time.sleep(2.0)
    return completion(GOOD)


FAULTS: dict[str, Callable[[dict[str, Any]], Reply]] = {
    "busy": lambda _: (429, b'{"error": {"message": "later"}}'),
    "broken": lambda _: (500, b"<h1>Internal Server Error</h1>"),
    "cut off": lambda _: completion(GOOD[: len(GOOD) // 2]),
    "cut off by its own limit": lambda _: completion(GOOD, end="length"),
    "other words": lambda _: completion("Here is what I think of it."),
    "no JSON at all": lambda _: (200, b"<html>"),
    "no choices": lambda _: (200, b'{"choices": []}'),
    "a refusal": lambda _: (200, b'{"choices": [{"message": {"content": null, "refusal": "I will not."}}]}'),
    "10 MB": lambda _: completion("x" * 10_000_000),
    "a loop": lambda _: completion(json.dumps({"statements": [STATEMENT] * 5000, "outcomes": {}})),
    "too slow": _slow,
    "letter by letter": lambda _: (200, b'{"choices": [' + b" " * 10_000, 0.05),
    "a wrong key": lambda _: (401, b'{"error": {"message": "Incorrect API key"}}'),
    "not there": lambda _: (404, b""),
    "moved": lambda _: (301, b""),
    "too long": lambda _: (400, b'{"error": {"message": "context length"}}'),
    "a dropped connection": lambda _: None,
}


SLOW = ("too slow", "letter by letter")


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_is_wrong_the_mail_is_read_without_and_asked_about_later(store: Sessions, fault: str) -> None:
    digest(store, sandbox, CONSULTATION, clock)
    without = facts(store)
    with endpoint(FAULTS[fault]) as there:
        model = Model(url=there.url, name="clerk", timeout=0.5 if fault in SLOW else 20.0)
        done = read(store, model)
        assert (done.answered, done.unanswered, done.mails) == (0, 1, 0)
        assert facts(store) == without
        with store() as session:
            assert session.scalars(select(QuestionRow.error)).one()
            assert len(waiting_mails(session)) == 1
        there.reply = lambda _: completion(GOOD)
        assert read(store, Model(url=there.url, name="clerk")).answered == 1
    assert edits(store) == [("OP5", "Improve", "Strengthen", "model", True)]


def test_a_model_that_is_not_there_changes_nothing(store: Sessions) -> None:
    with endpoint(lambda _: None) as there:
        gone = there.url
    done = read(store, Model(url=gone, name="clerk"))
    assert done.unanswered == 1
    assert done.in_words.startswith("the model has left questions open (ConnectError")
    with store() as session:
        assert asking_counts(session).waiting == 1


def keep_more(store: Sessions, folder: Path, *words: str) -> None:
    """Keeps mails that say the same, each with a word more."""
    for word in words:
        file = folder / f"{word}.eml"
        file.write_text(MAIL.replace("one@", f"{word}@").replace("Improve?", f"Improve {word}?"))
        import_mails(store, mails_in([file]), 60_000_000, clock)


def test_a_model_that_is_unplugged_in_the_middle_loses_nothing(store: Sessions, tmp_path: Path) -> None:
    keep_more(store, tmp_path, "now", "here")
    digest(store, sandbox, CONSULTATION, clock)
    without = facts(store)
    replies = iter([completion(GOOD)])
    with endpoint(lambda _: next(replies, None)) as there:
        done = read(store, Model(url=there.url, name="clerk", concurrency=1))
        assert (done.answered, done.unanswered, done.mails) == (1, 2, 1)
        assert len(facts(store)[0]) == len(without[0]) == 3
        assert [edit[3] for edit in edits(store)] == ["model"]
        there.reply = lambda _: completion(GOOD)
        done = read(store, Model(url=there.url, name="clerk", concurrency=1))
        assert (done.answered, done.mails) == (2, 2)
    assert edits(store) == [("OP5", "Improve", "Strengthen", "model", True)] * 3


def test_with_a_wrong_key_nothing_more_is_asked(store: Sessions, tmp_path: Path) -> None:
    keep_more(store, tmp_path, "now", "here")
    with endpoint(FAULTS["a wrong key"]) as there:
        done = read(store, Model(url=there.url, name="clerk", concurrency=1))
        assert (len(there.asked), done.unanswered) == (1, 1)
        assert done.over == "the endpoint answered 401: see the settings of [model]"


def test_a_model_that_only_babbles_is_left_after_some_attempts(store: Sessions) -> None:
    with endpoint(FAULTS["other words"]) as there:
        model = Model(url=there.url, name="clerk")
        for _ in range(MOST_ATTEMPTS):
            read(store, model)
        asked = len(there.asked)
        assert read(store, model) == AskedAbout()
        assert len(there.asked) == asked
    with store() as session:
        assert asking_counts(session).left == 1


def test_a_fault_that_passes_is_tried_again_at_once(store: Sessions) -> None:
    replies = iter([FAULTS["busy"]({}), FAULTS["other words"]({}), completion(GOOD)])
    with endpoint(lambda _: next(replies)) as there:
        assert read(store, Model(url=there.url, name="clerk")).answered == 1


def test_with_the_budget_used_up_nothing_is_asked(store: Sessions, tmp_path: Path) -> None:
    with endpoint(lambda _: completion(GOOD)) as there:
        model = Model(url=there.url, name="clerk", tokens_per_day=100)
        read(store, model)
        keep_more(store, tmp_path, "now")
        assert "budget" in read(store, model).over
        assert len(there.asked) == 1


def test_another_model_under_the_same_name_is_known_by_its_answers(store: Sessions, tmp_path: Path) -> None:
    names = iter(("clerk-7b", "clerk-1b"))
    with endpoint(lambda _: completion(GOOD, model=next(names))) as there:
        model = Model(url=there.url, name="clerk")
        read(store, model)
        keep_more(store, tmp_path, "now")
        told = read(store, model).in_words
    assert told == "the endpoint answers with another model than before: clerk-1b, not clerk-7b"
    with store() as session:
        assert set(session.scalars(select(AnswerRow.model))) == {"clerk-7b", "clerk-1b"}


def test_the_key_is_sent_and_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret\n")
    with endpoint(lambda _: completion(GOOD)) as there:
        works, said = try_model(Model(url=there.url, name="clerk", key_file=tmp_path / "key"), shipped_draft())
        assert there.keys == ["Bearer secret"]
        assert works
        assert "did not understand" in said


def test_doctor_says_why_a_model_does_not_answer() -> None:
    with endpoint(FAULTS["a wrong key"]) as there:
        assert try_model(Model(url=there.url, name="clerk"), shipped_draft()) == (
            False, "no answer: the endpoint answered 401",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"url": "http://gpu.example.org/v1"}, "unprotected"),
        ({"url": "http://127.0.0.1.example.org/v1"}, "unprotected"),
        ({"url": "http://127.0.0.1:8000@example.org/v1"}, "unprotected"),
        ({"url": "file:///etc/passwd"}, "model.url"),
        ({"url": "https://example.org/v1", "key": "a", "key_file": "b"}, "give one of them"),
        ({"url": "https://example.org/v1", "ask": "sometimes"}, "model.ask"),
    ],
)
def test_settings_that_are_not_taken(given: dict[str, str], why: str) -> None:
    with pytest.raises(WrongSettings, match=why):
        load(model={"name": "clerk", **given})


@pytest.mark.parametrize("url", ["http://localhost:11434/v1", "http://[::1]:8000/v1", "https://example.org/v1"])
def test_settings_that_are_taken(url: str) -> None:
    assert Settings(model=Model(url=url, name="clerk")).model


def test_plain_http_to_another_machine_must_be_said() -> None:
    assert Model(url="http://gpu.example.org/v1", name="clerk", plain_http_to_other_machines=True)


def test_the_command_says_what_the_model_left_open(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_text(MAIL)
    with endpoint(FAULTS["a wrong key"]) as there:
        code, out, _ = forked(
            "import", "one.eml", folder=tmp_path, KUNMING_MODEL__URL=there.url, KUNMING_MODEL__NAME="clerk"
        )
    assert code == 0
    assert "read 1 mails; 1 mail needs review; the model has left questions open (the endpoint answered 401" in out


def test_without_a_model_its_client_is_not_loaded() -> None:
    code = "import sys, cli; sys.exit(bool({'httpx', 'ingest.model_client'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parent.parent).returncode == 0
