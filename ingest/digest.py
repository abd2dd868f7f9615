"""Stored Mail -> read in a child process -> stored Reading, one commit each. A fault stays with its mail."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from ingest.asking import asking_of
from ingest.intake import Clock
from ingest.sandbox import ReaderCrashed, Sandbox
from ingest.twins import gather_twins
from parsing.asking.asking import Asking
from parsing.model import Consultation, Question, Reading
from parsing.reading import read_envelope, read_mail
from parsing.reading import unread as unread_mail
from settings import Model
from store.questions import answers_of, keep_questions
from store.session import Sessions, checkpoint
from store.unread import unread, unread_ids
from store.writes import keep_crash, keep_reading

log = logging.getLogger("kunming.ingest")
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Digested:
    """How many Mails were read, how many of these need review, how many crashed, and what a person has to know of
    the model.
    """

    read: int = 0
    to_review: int = 0
    failed: int = 0
    of_model: str = ""


@dataclass(frozen=True, slots=True)
class MailRead:
    """The Reading of a Mail; where reading the whole of it crashed, that of its headers, and how it crashed."""

    reading: Reading
    crash: ReaderCrashed | None = None
    answers: frozenset[str] = frozenset()
    """The keys of the answers with which it was read."""


def version_of(consultation: Consultation, model: Model | None = None) -> str:
    """The version of all that a Reading depends on beside its Mail: the parsers' code and tables, the Draft, the
    register, the directory, and whether a model is asked. With another one all Mails are read again.
    """
    asks = "" if model is None else f" {model.ask} {model.trust}"
    return hashlib.sha256(f"{_parsers()} {consultation!r}{asks}".encode()).hexdigest()[:16]


@cache
def _parsers() -> str:
    seen = hashlib.sha256()
    for file in sources():
        seen.update(file.read_bytes())
    return seen.hexdigest()


def sources() -> list[Path]:
    """The files of the parsers, code and tables."""
    return sorted(file for file in (ROOT / "parsing").rglob("*") if file.suffix in (".py", ".toml"))


def digest(
    sessions: Sessions,
    sandbox: Callable[[], Sandbox],
    consultation: Consultation,
    clock: Clock,
    *,
    again: bool = False,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
    model: Model | None = None,
) -> Digested:
    """Reads all Mails that have no Reading of this version, or with `again` all there are; `on_progress`
    is called with (done, all). The sandbox is made only where there is something to read. Where there is a model, its
    answers that are kept are used; nothing is asked here (ingest.questions).
    """
    version, draft = version_of(consultation, model), consultation.draft.id
    gather_twins(sessions, again=again)
    with sessions() as session:
        ids = unread_ids(session, draft, version, again=again)
    done = Digested()
    if not ids:
        return done
    with sandbox() as children:
        for n, (mail_id, read) in enumerate(zip(ids, read_each(sessions, children, ids, model), strict=True), 1):
            if read is not None:
                keep_read(sessions, mail_id, read, draft, version, clock())
            done = _counted(done, read)
            _log(mail_id, read)
            on_progress(n, len(ids))
    checkpoint(sessions)
    return done


def read_each(
    sessions: Sessions, children: Sandbox, ids: Sequence[int], model: Model | None
) -> Iterator[MailRead | None]:
    """The Readings of some Mails, in order, with the answers of the model that are kept for them; None where the store
    has lost a Mail's bytes: then what was read before stays.
    """
    return children.each(partial(read_mail_safely, children), _raw_mails(sessions, ids, model))


def read_mail_safely(
    children: Sandbox, raw: bytes | None, arrived: datetime | None, asking: Asking | None = None
) -> MailRead | None:
    """The Reading of a Mail in a child process, whatever the Mail does to it."""
    if raw is None:
        return None
    read = children.run(partial(read_mail, asking=asking), (raw, arrived))
    if isinstance(read, ReaderCrashed):
        return MailRead(read_headers(children, raw, arrived, read), read)
    return MailRead(read, answers=frozenset(asking.answers) if asking else frozenset())


def read_headers(children: Sandbox, raw: bytes, arrived: datetime | None, crash: ReaderCrashed) -> Reading:
    """The Reading of a Mail of which the whole could not be read: by its headers, or by nothing at all."""
    why = f"the reading of the whole mail was stopped: {crash.cause}"
    read = children.run(read_envelope, (raw, arrived, why))
    return unread_mail(raw, why) if isinstance(read, ReaderCrashed) else read


def keep_read(sessions: Sessions, mail_id: int, read: MailRead, draft: str, version: str, now: datetime) -> None:
    """Keeps a Reading and the questions that it raised, or how it crashed."""
    with sessions.begin() as session:
        keep_questions(session, mail_id, [question.key for question in questions_in(read.reading)], read.answers)
        if read.crash is None:
            keep_reading(session, mail_id, read.reading, draft, version, now)
        else:
            keep_crash(session, mail_id, read.crash.report, read.reading, draft, version, now)


def questions_in(reading: Reading) -> tuple[Question, ...]:
    """The questions of a Reading and of those of the mails inside."""
    return tuple(question for one in (reading, *reading.mails) for question in one.questions)


def _raw_mails(
    sessions: Sessions, ids: Sequence[int], model: Model | None
) -> Iterator[tuple[bytes | None, datetime | None, Asking | None]]:
    for mail_id in ids:
        with sessions() as session:
            mail = unread(session, mail_id)
            answers = {} if model is None else answers_of(session, mail_id)
        yield mail.raw, mail.arrived, asking_of(model, answers)


def _counted(done: Digested, read: MailRead | None) -> Digested:
    if read is None or read.crash is not None:
        return replace(done, failed=done.failed + 1)
    reading = read.reading
    to_review = bool(reading.unplaced or reading.problems or any(edit.needs_review for edit in reading.edits))
    return replace(done, read=done.read + 1, to_review=done.to_review + to_review)


def _log(mail_id: int, read: MailRead | None) -> None:
    if read is None:
        log.error("mail=%d state=lost cause='its raw bytes are missing: kunming verify'", mail_id)
        return
    if read.crash is not None:
        log.error("mail=%d state=failed cause=%r", mail_id, read.crash.cause)
        return
    message, result = read.reading.message, read.reading
    assert message is not None
    log.info(
        "mail=%d class=%s party=%s edits=%d unplaced=%d problems=%d",
        mail_id, message.kind, message.party, len(result.edits), len(result.unplaced), len(result.problems),
    )  # fmt: skip
