"""A store as it is at the end of a busy consultation: mails of all 196 Parties with thousands of edits, made by chance
from a fixed seed.
"""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]

from parsing.model import Action, Draft, Edit, Message, Outcome, Paragraph, Reading  # noqa: E402
from store import arrivals, writes  # noqa: E402
from store.register import load  # noqa: E402
from store.session import Sessions, migrate, open_store, sessions  # noqa: E402
from store.shipped import shipped_draft  # noqa: E402

FIRST = datetime(2021, 9, 1, 6, tzinfo=UTC)
WORDS = ("biodiversity", "shall", "urgently", "all Parties", "as appropriate", "equitable", "resources", "by 2030",
         "ecosystems", "indigenous peoples and local communities", "生物多样性", "التنوع البيولوجي")  # fmt: skip


def make_store(url: str, edits: int, mails_of_each: int = 3) -> Sessions:
    """A new store with that many edits, of all Parties alike."""
    migrate(url)
    made = sessions(open_store(url))
    chance, draft, parties = random.Random(17), shipped_draft(), load().parties
    mails = [party.code for party in parties for _ in range(mails_of_each)]
    counts = [edits // len(mails) + (n < edits % len(mails)) for n in range(len(mails))]
    with made.begin() as session:
        writes.keep_draft(session, draft)
        for n, (code, count) in enumerate(zip(mails, counts, strict=True)):
            _keep(session, n, code, tuple(_edits(chance, draft, count)), draft)
    return made


def _keep(session: object, n: int, code: str, edits: tuple[Edit, ...], draft: Draft) -> None:
    at = FIRST + timedelta(minutes=9 * n)
    raw = f"From: office{n}@example.org\r\nSubject: Comments {n}\r\n\r\nPlease find our comments.\r\n".encode()
    arrived = arrivals.Arrived("outcome", "INBOX", 1, n + 1, at, raw, len(raw))
    (mail_id,) = arrivals.keep_arrivals(session, [arrived], at).new  # type: ignore[arg-type]  # a Session
    said = tuple(_sentences(edits))
    message = Message(
        f"<{n}@example.org>", f"office{n}@example.org", f"Comments {n}", at, "comments", code, copied=True, received=at
    )
    reading = Reading(message, edits, body="".join(one.text for one in said), sentences=said)
    writes.keep_reading(session, mail_id, reading, draft.id, "bench", at)  # type: ignore[arg-type]  # a Session


def _sentences(edits: tuple[Edit, ...]) -> Iterator[Outcome]:
    at = 0
    for n, edit in enumerate(edits):
        text = f"In {edit.paragraph}, we propose: {edit.new or edit.comment or 'delete ' + edit.old}. "
        yield Outcome("body", at, at + len(text), "edit", text, (n,), "names the paragraph")
        at += len(text)


def _edits(chance: random.Random, draft: Draft, count: int) -> Iterator[Edit]:
    for _ in range(count):
        yield _edit(chance, chance.choice(draft.paragraphs))


def _edit(chance: random.Random, paragraph: Paragraph) -> Edit:
    said = " ".join(chance.choices(WORDS, k=chance.randrange(1, 6)))
    doubtful = chance.random() < 0.05
    if chance.random() < 0.3 or not paragraph.text:
        return Edit(paragraph.label, "comment", comment=said, origin="remark", sources=("body",), needs_review=doubtful)
    start = chance.randrange(len(paragraph.text))
    end = min(len(paragraph.text), start + chance.choice((0, 5, 12, 40)))
    old, new = paragraph.text[start:end], chance.choice(("", said)) if end > start else said
    action: Action = "insert" if not old else "replace" if new else "delete"
    return Edit(
        paragraph.label, action, start, end, old, new, origin="instruction", sources=("body",), needs_review=doubtful
    )
