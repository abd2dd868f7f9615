"""Stored Mail -> read in a child process -> stored Reading, one commit each. A fault stays with its mail."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ingest.intake import Clock
from ingest.sandbox import ReaderCrashed, Sandbox
from ingest.twins import gather_twins
from parsing.model import Consultation, Reading
from parsing.reading import read_mail
from store.session import Sessions
from store.unread import unread, unread_ids
from store.writes import keep_failure, keep_reading

log = logging.getLogger("kunming.ingest")
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Digested:
    """How many Mails were read, how many of these need review, and how many readings crashed."""

    read: int = 0
    to_review: int = 0
    failed: int = 0


def version_of(consultation: Consultation) -> str:
    """The version of all that a Reading depends on beside its Mail: the parsers' code and tables, the Draft, the
    register, the directory. With another one all Mails are read again.
    """
    return hashlib.sha256(f"{_parsers()} {consultation!r}".encode()).hexdigest()[:16]


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
) -> Digested:
    """Reads all Mails that have no Reading of this version, or with `again` all there are; `on_progress`
    is called with (done, all). The sandbox is made only where there is something to read.
    """
    version, draft = version_of(consultation), consultation.draft.id
    gather_twins(sessions, again=again)
    with sessions() as session:
        ids = unread_ids(session, draft, version, again=again)
    done = Digested()
    if not ids:
        return done
    with sandbox() as children:
        results = children.map(read_mail, _raw_mails(sessions, ids))
        for n, (mail_id, result) in enumerate(zip(ids, results, strict=True), 1):
            with sessions.begin() as session:
                if isinstance(result, ReaderCrashed):
                    keep_failure(session, mail_id, str(result), version)
                else:
                    keep_reading(session, mail_id, result, draft, version, clock())
            done = _counted(done, result)
            _log(mail_id, result)
            on_progress(n, len(ids))
    return done


def _raw_mails(sessions: Sessions, ids: Sequence[int]) -> Iterator[tuple[object, ...]]:
    for mail_id in ids:
        with sessions() as session:
            mail = unread(session, mail_id)
        yield mail.raw, mail.arrived


def _counted(done: Digested, result: Reading | ReaderCrashed) -> Digested:
    if isinstance(result, ReaderCrashed):
        return replace(done, failed=done.failed + 1)
    to_review = bool(result.unplaced or result.problems or any(edit.needs_review for edit in result.edits))
    return replace(done, read=done.read + 1, to_review=done.to_review + to_review)


def _log(mail_id: int, result: Reading | ReaderCrashed) -> None:
    if isinstance(result, ReaderCrashed):
        log.error("mail=%d state=failed cause=%r", mail_id, str(result).splitlines()[0])
        return
    message = result.message
    assert message is not None
    log.info(
        "mail=%d class=%s party=%s edits=%d unplaced=%d problems=%d",
        mail_id, message.kind, message.party, len(result.edits), len(result.unplaced), len(result.problems),
    )  # fmt: skip
