"""Erasing on request: nothing of a mail is left but that it was, when it was erased, by whom and why."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fixture_inbox import (
    DRAFT,
    NOW,
    Inbox,
    change,
    document,
    either_inbox,
    inbox,
    message,
    outcomes,
    snapshot_of,
    status_of,
)  # fmt: skip
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from test_api import asked
from typer.testing import CliRunner

from cli import app
from consultation.ledger import make_ledger
from consultation.retention import Rules, expired
from parsing.model import Problem, Reading, Unplaced
from store.arrivals import Arrived, keep_arrivals
from store.erasure import NoSuchMail, erase, erasures
from store.outgoing import NewOutgoing, queue
from store.questions import keep_questions
from store.reads.health import read_health
from store.reads.ledger import read_counts
from store.session import checkpoint
from store.tables import AnswerRow, AuditRow, Base, CorrectionRow, MailRow
from store.unread import unread_ids
from store.verify import verify

__all__ = ["either_inbox", "inbox"]
SECRET = "Ratatoskr"
"""A word that is in everything that a mail says."""


def a_mail(box: Inbox, word: str = SECRET) -> int:
    """A mail that says the word in all the ways that a mail and its reading can."""
    raw = f"From: {word}@example.org\r\nSubject: {word}\r\n\r\n{word} {word.upper()}\r\n".encode()
    mail_id = box.arrive(word, raw=raw)
    edit = change("OP5", "effectiveness", word, comment=word)
    who = message("NOR", subject=word, sender=f"{word}@example.org", evidence=(word,))
    said = outcomes("body.txt", ("edit", word, (0,)))
    unplaced, problem, file = Unplaced(word, word, word), Problem(word, word), document(f"{word}.docx")
    box.read(mail_id, Reading(who, (edit,), (unplaced,), (problem,), (file,), word, sentences=said))
    with box.sessions.begin() as session:
        sha256 = session.get_one(MailRow, mail_id).sha256
        session.add(
            CorrectionRow(at=NOW, who="Ana", why=word, kind="party", target={"mail": sha256}, value={"a": word})
        )
        queue(session, NewOutgoing(f"receipt {sha256}", "receipt", "mail", word, word, (f"{word}@example.org",)), NOW)
    return mail_id


def everything(box: Inbox) -> str:
    """All that the tables hold, in words."""
    with box.sessions() as session:
        rows = [session.execute(select(table)).all() for table in Base.metadata.sorted_tables]
    return repr(rows)


def erased(box: Inbox, mail_id: int, why: str = "asked for by the sender", **more: Any) -> Any:
    with box.sessions.begin() as session:
        return erase(session, mail_id, "Ana", why, NOW, **more)


def test_nothing_of_a_mail_is_left_but_that_it_was(either_inbox: Inbox) -> None:
    mail_id, other = a_mail(either_inbox), a_mail(either_inbox, "Huginn")
    assert SECRET in everything(either_inbox)
    done = erased(either_inbox, mail_id)
    assert (done.mails, done.corrections) == ((mail_id,), 1)
    assert SECRET.lower() not in everything(either_inbox).lower()
    with either_inbox.sessions() as session:
        mail = session.get_one(MailRow, mail_id)
        assert (mail.erased_at, mail.erased_by, mail.erased_why) == (NOW, "Ana", "asked for by the sender")
        assert session.scalars(select(AuditRow.did)).all() == ["erased"]
        assert verify(session).faults == ()
    assert [fact.id for fact in snapshot_of(either_inbox).mails] == [other]


def test_the_ledger_stays_true(inbox: Inbox) -> None:
    mail_id = a_mail(inbox)
    a_mail(inbox, "Huginn")
    erased(inbox, mail_id)
    with inbox.sessions() as session:
        books = make_ledger(read_counts(session))
        health = read_health(session, NOW, ["outcome"], with_model=False)
        unread = unread_ids(session, DRAFT.id, "1", again=True)
    assert (books.seen, books.difference, books.mails, books.read, books.waiting) == (2, 0, 1, 1, 0)
    assert {state: n for state, n in books.states.items() if n} == {"stored": 1, "erased": 1}
    assert books.events[0].detail == f"mail {mail_id} was erased by Ana: asked for by the sender"
    assert (health.waiting, list(unread)) == (0, [mail_id + 1])


def test_the_status_of_its_party_goes_with_it(inbox: Inbox) -> None:
    mail_id = inbox.mail(message("KEN"), change("OP5", "effectiveness", "impact"))
    assert status_of(inbox, "KEN").state == "commented"
    erased(inbox, mail_id)
    assert status_of(inbox, "KEN").state == "none"


def test_its_copies_go_with_it(inbox: Inbox) -> None:
    first, second = a_mail(inbox), a_mail(inbox, SECRET.lower())
    with inbox.sessions.begin() as session:
        session.get_one(MailRow, second).twin_of = first
    assert erased(inbox, second).mails == (first, second)
    assert SECRET.lower() not in everything(inbox).lower()


def test_what_a_model_said_of_it_goes_and_what_others_asked_too_stays(inbox: Inbox) -> None:
    mine, other = a_mail(inbox), a_mail(inbox, "Huginn")
    with inbox.sessions.begin() as session:
        for key, word in (("a" * 64, SECRET), ("b" * 64, "shared")):
            tokens = {"prompt_tokens": 1, "completion_tokens": 1}
            session.add(AnswerRow(key=key, model="m", at=NOW, seconds=1.0, content=word, **tokens))
        keep_questions(session, mine, ["a" * 64, "b" * 64], frozenset())
        keep_questions(session, other, ["b" * 64], frozenset())
    erased(inbox, mine)
    assert SECRET not in everything(inbox)
    assert "shared" in everything(inbox)


def test_no_free_page_of_the_file_holds_its_words(inbox: Inbox) -> None:
    mail_id = a_mail(inbox)
    checkpoint(inbox.sessions)
    file = Path(str(inbox.engine.url.database))
    assert SECRET.encode() in file.read_bytes()
    erased(inbox, mail_id)
    checkpoint(inbox.sessions)
    held = b"".join(one.read_bytes() for one in file.parent.iterdir())
    assert SECRET.encode() not in held
    assert SECRET.upper().encode() not in held


def test_the_same_bytes_that_come_again_are_not_held_again(inbox: Inbox) -> None:
    mail_id = a_mail(inbox)
    with inbox.sessions() as session:
        raw = session.execute(text("SELECT content FROM raw")).scalar_one()
    erased(inbox, mail_id)
    again = Arrived("outcome", "INBOX", 2, 1, NOW, raw, len(raw))
    with inbox.sessions.begin() as session:
        assert keep_arrivals(session, [again], NOW).same == 1
    assert SECRET not in everything(inbox)


@pytest.mark.parametrize("which", [7, 1])
def test_what_is_not_there_or_erased_is_told(inbox: Inbox, which: int) -> None:
    erased(inbox, a_mail(inbox))
    with pytest.raises(NoSuchMail, match="there is no such mail" if which == 7 else "it was erased before"):
        erased(inbox, which)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM raw", "DELETE FROM mail", "DELETE FROM arrival", "UPDATE raw SET content = content",
        "DELETE FROM raw WHERE mail_id = 2",
    ],
)  # fmt: skip
def test_nothing_else_deletes_or_changes_raw_mail(either_inbox: Inbox, statement: str) -> None:
    erased(either_inbox, a_mail(either_inbox))
    a_mail(either_inbox, "Huginn")
    with (
        pytest.raises(DBAPIError, match="mail is deleted by kunming erase alone"),
        either_inbox.sessions.begin() as session,
    ):
        session.execute(text(statement))
    assert "Huginn" in everything(either_inbox)


def test_no_other_code_deletes_mail() -> None:
    root = Path(__file__).parent.parent
    rooms = ("api", "commands", "ingest", "outgoing", "store")
    files = [file for room in rooms for file in (root / room).rglob("*.py")]
    deletes = re.compile(r"delete\((MailRow|RawRow|ArrivalRow)\b|DELETE FROM (mail|raw|arrival)\b")
    assert [file.name for file in files if deletes.search(file.read_text())] == []


@pytest.fixture
def here(inbox: Inbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The commands, on the inbox's store."""
    monkeypatch.setenv("KUNMING_DATABASE_URL", str(inbox.engine.url))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kunming(*words: str, answer: str = "") -> str:
    ended = CliRunner().invoke(app, list(words), input=answer)
    failed = ended.exception is not None and not isinstance(ended.exception, SystemExit)
    return ended.output + (str(ended.exception) if failed else "")


def test_the_command_asks_says_which_backups_hold_it_and_a_restore_erases_it_again(here: Path, inbox: Inbox) -> None:
    mail_id = a_mail(inbox)
    kunming("backup", "before")
    a_mail(inbox, "Huginn")
    assert "Aborted" in kunming("erase", str(mail_id), "--why", "asked for", answer="n\n")
    assert SECRET in everything(inbox)
    said = kunming("erase", str(mail_id), "--why", "asked for", "--who", "Ana", answer="y\n")
    assert f"erased: mail {mail_id}, with 1 corrections." in said
    assert f"This backup still holds it: {here / 'before'}" in said
    assert "1 mails in it were erased since" in kunming("backups")
    kunming("backup", "after")
    [newest, _] = json.loads(kunming("backups", "--json"))
    assert (newest["erased"], newest["there"]) == (0, True)
    inbox.engine.dispose()
    said = kunming("restore", "before", "--over")
    assert "1 mails that were erased since that backup was made were erased again" in said
    assert SECRET not in everything(inbox)
    with inbox.sessions() as session:
        assert [(one.who, one.why) for one in erasures(session)] == [("Ana", "asked for")]
    assert "0 faults" in kunming("verify")


def test_an_erasure_has_a_reason(here: Path, inbox: Inbox) -> None:
    mail_id = a_mail(inbox)
    assert "an erasure has a reason" in kunming("erase", str(mail_id), "--why", " ", "--yes")
    assert SECRET in everything(inbox)
    assert here.is_dir()


def test_by_rule_only_what_can_be_no_answer_goes(inbox: Inbox) -> None:
    spam = inbox.mail(message(kind="spam", confidence=0.99))
    away = inbox.mail(message("KEN", kind="auto-reply", confidence=0.99))
    unread = (Unplaced("delete", "body.txt", "why"),)
    doubtful = inbox.mail(message(kind="spam", confidence=0.99, needs_review=True), unplaced=unread)
    comments = inbox.mail(message("NOR"), change("OP5", "effectiveness", "impact"))
    snapshot, rules = snapshot_of(inbox), Rules(spam=30, automatic=60)

    def gone(days: int, rules: Rules = rules) -> list[int]:
        return [one.mail.id for one in expired(snapshot, rules, NOW + timedelta(days=days))]

    assert [gone(days) for days in (29, 31, 61, 4000)] == [[], [spam], [spam, away], [spam, away]]
    assert gone(4000, Rules()) == []
    everything_goes = Rules(all_after_deadline=365)
    assert gone(360, everything_goes) == []
    assert gone(370, everything_goes) == [spam, away, doubtful, comments]


def test_the_rules_are_carried_out_and_listed_before(here: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    spam = inbox.mail(message(kind="spam", confidence=0.99))
    monkeypatch.setenv("KUNMING_RETENTION__SPAM_DAYS", "30")
    line = "retention: spam, after 30 days"
    assert kunming("retain", "--dry-run") == f"mail {spam}: would be erased: {line}\n"
    assert kunming("retain") == f"mail {spam}: erased: {line}\n"
    assert kunming("retain") == ""
    assert here.is_dir()
    with inbox.sessions() as session:
        assert [(one.who, one.why) for one in erasures(session)] == [("kunming", line)]


@pytest.mark.parametrize("path", ["/api/v1/mails/1", "/mails/1"])
def test_who_asks_for_an_erased_mail_is_told_that_it_was(inbox: Inbox, path: str) -> None:
    erased(inbox, a_mail(inbox))
    with asked(inbox) as client:
        answer = client.get(path)
    assert answer.status_code == 404
    assert "ail 1 was erased on 2021-09-08 by Ana: asked for by the sender" in answer.text
