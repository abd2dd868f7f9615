"""What the commands share: the open store, the consultation, the child processes that read."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from threading import Event
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.orm import Session

from api.context import read_snapshot
from commands.logs import set_up_logs
from commands.opening import open_sessions
from consultation.facts import ConsultationSnapshot
from consultation.retention import Rules, expired
from consultation.review_queue import review_queue
from ingest.digest import Digested, digest
from ingest.intake import now
from ingest.questions import ask_waiting
from ingest.sandbox import PartLimits, Sandbox
from ingest.viruses import scan_new
from outgoing.notifying import Notifier
from parsing.model import Consultation, Draft, FocalPoint
from settings import Mailbox, Settings
from store import register
from store.erasure import erase
from store.reads.directory import read_focal_points
from store.reads.snapshot import current_draft
from store.session import Sessions

AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of lines for people.")]
Strict = Annotated[bool, typer.Option(help="Exit 1 where something needs review.")]


@dataclass(frozen=True, slots=True)
class CommandContext:
    """An open store of the newest schema, with the settings that it was opened by."""

    settings: Settings
    sessions: Sessions

    @property
    def consultation(self) -> Consultation:
        with self.sessions() as session:
            return consultation_of(self.settings, current_draft(session), read_focal_points(session))

    def snapshot(self, session: Session) -> ConsultationSnapshot:
        """The consultation as it is now."""
        return read_snapshot(session, register.load(), self.settings)

    def read_new(self, *, again: bool = False, stop: Event | None = None) -> Digested:
        """Reads the Mails that have no Reading by these parsers yet, or all again; then the model, where there is one,
        is asked about those that raise questions, and the virus scanner about the files that are new. Raises
        Interrupted where `stop` is set meanwhile.
        """
        consultation, model = self.consultation, self.settings.model
        children = partial(sandbox, self.settings, consultation, stop=stop)
        with progress("reading") as on_progress:
            read = digest(self.sessions, children, consultation, now, again=again, on_progress=on_progress, model=model)
        if model is not None:
            with progress("asking") as on_progress:
                asked = ask_waiting(self.sessions, children, consultation, now, model, on_progress, stop=stop)
            read = replace(read, of_model=asked.in_words)
        if self.settings.clamd is not None:
            scan_new(self.sessions, children, self.settings.clamd, now, again=again)
        return read

    def retain(self, *, dry_run: bool = False) -> list[str]:
        """Erases what is kept no longer by the rules of the settings, and says so, a line each."""
        given = self.settings.retention
        rules = Rules(given.spam_days, given.automatic_days, given.all_days_after_deadline)
        if not rules.any:
            return []
        lines = []
        with self.sessions.begin() as session:
            for one in list(expired(self.snapshot(session), rules, now())):
                if not dry_run:
                    erase(session, one.mail.id, "kunming", one.why, now())
                lines.append(f"mail {one.mail.id}: {'would be erased' if dry_run else 'erased'}: {one.why}")
        return lines

    def notifier(self, mailboxes: Sequence[Mailbox] | None = None) -> Notifier:
        """The Notifier, which reports what goes wrong, and that a night went well; `mailboxes` are those of the
        settings unless given.
        """
        settings = self.settings
        if mailboxes is not None:
            settings = settings.model_copy(update={"mailboxes": tuple(mailboxes)})
        return Notifier(self.sessions, settings, now, self.snapshot)

    def to_review(self) -> int:
        """How many Mails need review, or have an edit or a statement that does."""
        with self.sessions() as session:
            queue = review_queue(self.snapshot(session))
        return len({item.mail.id for item in queue if item.mail})


def open_context(
    settings: Settings, *, makes: bool = False, upgrades: bool = False, logs_from: int = logging.WARNING
) -> CommandContext:
    """The store that the settings name. Without `makes` it must be there, without `upgrades` be of this version. Logs
    are set up too: from the level of the settings, or the usual one that is given.
    """
    set_up_logs(settings, logs_from)
    return CommandContext(settings, open_sessions(settings.database_url, makes=makes, upgrades=upgrades))


def consultation_of(settings: Settings, draft: Draft, focal_points: tuple[FocalPoint, ...] = ()) -> Consultation:
    return Consultation(
        draft,
        register.load(),
        focal_points,
        settings.deadline_offset,
        settings.authserv_id,
        settings.believe_directory,
    )


def sandbox(
    settings: Settings, consultation: Consultation, *, workers: int | None = None, stop: Event | None = None
) -> Sandbox:
    memory = settings.read_memory_mb * 1_000_000
    return Sandbox(consultation, PartLimits(settings.read_seconds, memory, workers or settings.read_workers), stop)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function that draws (done, of) as a bar on a terminal; where the output is no terminal it does nothing."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
