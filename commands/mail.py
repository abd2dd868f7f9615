"""Commands that bring mail in, read it, and account for it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.json_output import LedgerJson
from commands.context import AsJson, Strict, open_context
from consultation.ledger import make_ledger
from ingest.digest import Digested
from ingest.fetch import Polled, exit_code, import_mails, poll_all
from ingest.intake import now
from ingest.sources import mails_in
from outgoing.notifying import notify_safely
from parsing.documents import is_mail
from settings import WrongSettings, load
from store.reads.ledger import read_counts

Paths = Annotated[list[Path], typer.Argument(help=".eml and .msg files, mbox, Maildir, folders of them.")]
_FIELDS = ("mailbox", "outcome", "listed", "new", "same", "refused", "vanished", "withheld", "waiting", "error")


def poll(as_json: AsJson = False) -> None:
    """Polls all mailboxes once, reads what came, and prints what it was."""
    settings = load()
    if not settings.mailboxes:
        raise WrongSettings("mailboxes: none is configured; `kunming run` shows the service with sample mails")
    context = open_context(settings, makes=True)
    polled = poll_all(context.sessions, settings.mailboxes, settings.largest_mail, "by hand", now)
    read = context.read_new()
    notify_safely(context.notifier())
    if as_json:
        typer.echo(json.dumps([{name: getattr(one, name) for name in _FIELDS} for one in polled]))
    else:
        typer.echo("\n".join([*map(poll_line, polled), reading_line(read, context.to_review())]))
    sys.exit(exit_code(polled))


def poll_line(one: Polled) -> str:
    """What a poll gave, in a line."""
    if one.error:
        return f"{one.mailbox}: {one.error}"
    counts = (
        (one.same, "held already"),
        (one.refused, "too large"),
        (one.vanished, "vanished"),
        (one.withheld, "withheld by the server"),
    )
    notes = ", ".join(f"{n} {what}" for n, what in counts if n)
    return f"{one.mailbox}: {one.listed} mails listed, {one.new} new" + (f" ({notes})" if notes else "")


def reading_line(read: Digested, to_review: int) -> str:
    """What was read, how many of all mails need review, and what there is to say of a model, in a line."""
    failed = f", {read.failed} could not be read" if read.failed else ""
    of_model = f"; {read.of_model}" if read.of_model else ""
    needs = "mail needs" if to_review == 1 else "mails need"
    return f"read {read.read} mails{failed}; {to_review} {needs} review{of_model}"


def import_(
    paths: Paths,
    force: Annotated[bool, typer.Option("--force", help="Take files too that do not look like mail.")] = False,
) -> None:
    """Keeps and reads mail from files, as if it had come by mail."""
    mails = mails_in(paths, looks_like_mail=None if force else is_mail)
    context = open_context(load(), makes=True)
    taken = import_mails(context.sessions, mails, context.settings.largest_mail, now)
    for one in taken.not_taken:
        typer.echo(f"{one.where}: not taken: {one.why}", err=True)
    read = context.read_new()
    typer.echo(f"{taken.found} mails found, {taken.new} new\n{reading_line(read, context.to_review())}")


def digest(
    again: Annotated[bool, typer.Option("--again", help="Read all mails again, from their raw bytes.")] = False,
    strict: Strict = False,
) -> None:
    """Reads the stored mails that have no reading by these parsers yet."""
    context = open_context(load())
    read = context.read_new(again=again)
    typer.echo(reading_line(read, context.to_review()))
    if strict and (read.to_review or read.failed):
        sys.exit(1)


def ledger(as_json: AsJson = False) -> None:
    """Shows that every mail ever seen has one state: seen = the sum of the states."""
    context = open_context(load())
    with context.sessions() as session:
        kept = make_ledger(read_counts(session))
    if as_json:
        typer.echo(json.dumps(LedgerJson.model_validate(kept).model_dump(mode="json")))
        return
    for line in kept.folders:
        states = ", ".join(f"{n} {state}" for state, n in line.states.items() if n)
        place = f"{line.mailbox}/{line.folder} {line.uidvalidity}"
        typer.echo(f"{place}: seen {line.seen} = {states}; difference {line.difference}")
    typer.echo(f"seen {kept.seen}, difference {kept.difference}; {kept.mails} mails, {kept.waiting} not read yet")
