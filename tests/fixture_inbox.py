"""A store with Readings made by hand: short functions for what a mail says, and the Inbox that they come into."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from consultation.facts import ConsultationSnapshot
from consultation.snapshot import make_snapshot
from consultation.status import SpeakerStatus, status
from parsing.model import (
    Claim,
    Draft,
    Edit,
    Flags,
    Message,
    Outcome,
    Paragraph,
    Part,
    Problem,
    Reading,
    Register,
    Unplaced,
)
from store import arrivals, polls, writes
from store.reads.snapshot import read_consultation
from store.register import load
from store.session import Sessions, open_store, sessions

NOON = datetime(2021, 9, 3, 12, tzinfo=UTC)
NOW = datetime(2021, 9, 8, 6, 30, tzinfo=UTC)
SHIPPED = Path(__file__).parent.parent / "store" / "drafts" / "kunming-revised-zero-draft.json"


def the_draft() -> Draft:
    form = json.loads(SHIPPED.read_text("utf-8"))
    return Draft(
        id=form["id"],
        title=form["title"],
        version=form["version"],
        language=form["language"],
        deadline=date.fromisoformat(form["deadline"]),
        comments_to=form["comments_to"],
        copy_to=form["copy_to"],
        paragraphs=tuple(Paragraph(p["label"], p["part"], p["number"], p["text"]) for p in form["paragraphs"]),
        source=form["source"],
    )


DRAFT = the_draft()
REGISTER = load()


def change(label: str, old: str, new: str, **more: Any) -> Edit:
    """The text edit that puts `new` where the paragraph has `old`; "a|b" in old is the point between a and b."""
    text = DRAFT.text(label)
    start = text.index(old.replace("|", "")) + (old.index("|") if "|" in old else 0)
    old = "" if "|" in old else old
    action: Any = "insert" if not old else "replace" if new else "delete"
    return Edit(label, action, start, start + len(old), old, new, **more)


def remark(label: str, comment: str, **more: Any) -> Edit:
    return Edit(label, "comment", comment=comment, origin="remark", **more)


def added(after: str, new: str, **more: Any) -> Edit:
    return Edit(after, "add_paragraph", new=new, **more)


def message(party: str | None = None, kind: Any = "comments", **more: Any) -> Message:
    given: dict[str, Any] = {"message_id": None, "sender": "office@example.org", "subject": "Comments", "date": NOON}
    return Message(kind=kind, party=party, **given | {"copied": True, "confidence": 0.95} | more)


def claim(**said: Any) -> Flags:
    return Flags(claim=Claim(**said))


def document(name: str, fate: Any = "read", why: str = "") -> Part:
    return Part(name, "application/octet-stream", 24_000, f"{hash(name) & 0xFFFFFFFF:064x}", fate, why)


def outcomes(source: str, *said: tuple[Any, ...]) -> tuple[Outcome, ...]:
    """The outcomes of a text, of which each of `said` is (kind, text, indexes of edits, why)."""
    made: list[Outcome] = []
    for kind, text, *rest in said:
        start = made[-1].end if made else 0
        made.append(Outcome(source, start, start + len(text), kind, text, *rest))
    return tuple(made)


@dataclass
class Inbox:
    """A store that mails are put into as the digest would."""

    engine: Engine
    sessions: Sessions
    uid: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    def arrive(self, name: str = "", *, at: datetime | None = NOON, mailbox: str = "outcome", raw: bytes = b"") -> int:
        """The id of a mail that arrived and is not read yet."""
        self.uid += 1
        raw = raw or f"Subject: {name or self.uid}\r\n\r\nText\r\n".encode()
        arrived = arrivals.Arrived(mailbox, "INBOX", 1, self.uid, at, raw, len(raw))
        with self.sessions.begin() as session:
            kept = arrivals.keep_arrivals(session, [arrived], NOW)
        if kept.new:
            self.ids[name] = kept.new[0]
        return self.ids[name]

    def read(self, mail_id: int, reading: Reading, parsers: str = "1") -> None:
        with self.sessions.begin() as session:
            writes.keep_reading(session, mail_id, reading, DRAFT.id, parsers, NOW)

    def mail(
        self,
        who: Message,
        *edits: Edit,
        at: datetime | None = NOON,
        parts: tuple[Part, ...] = (),
        unplaced: tuple[Unplaced, ...] = (),
        problems: tuple[Problem, ...] = (),
        body: str = "",
        sentences: tuple[Outcome, ...] = (),
        name: str = "",
    ) -> int:
        """The id of a mail that arrived and was read so."""
        mail_id = self.arrive(name or f"mail {self.uid + 1}", at=at)
        self.read(mail_id, Reading(who, edits, unplaced, problems, parts, body, sentences=sentences))
        return mail_id

    def files(self) -> list[Path]:
        """The files of the store, where it is SQLite's."""
        file = Path(str(self.engine.url.database))
        return [one for one in (file, file.with_name(f"{file.name}-wal")) if one.exists()]

    def poll(self, ended: datetime = NOW - timedelta(hours=3), outcome: str = "ok", error: str | None = None) -> None:
        with self.sessions.begin() as session:
            poll = polls.start_poll(session, "outcome", "nightly", ended - timedelta(seconds=40))
            polls.end_poll(session, poll, outcome, error, ended)


def snapshot_of(inbox: Inbox, register: Register = REGISTER, **more: Any) -> ConsultationSnapshot:
    with inbox.sessions() as session:
        return make_snapshot(read_consultation(session), register, **more)


def status_of(inbox: Inbox, code: str, register: Register = REGISTER) -> SpeakerStatus:
    row = status(snapshot_of(inbox, register)).of(code)
    assert row is not None
    return row


@pytest.fixture
def inbox(sqlite_url: str) -> Iterator[Inbox]:
    """An empty store made by the migrations, with the draft that ships."""
    made = inbox_at(sqlite_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def either_inbox(store_url: str) -> Iterator[Inbox]:
    """The same on SQLite and on PostgreSQL."""
    made = inbox_at(store_url)
    yield made
    made.engine.dispose()


def inbox_at(url: str) -> Inbox:
    engine = open_store(url)
    made = Inbox(engine, sessions(engine))
    with made.sessions.begin() as session:
        writes.keep_draft(session, DRAFT)
    return made
