"""Commands that bring mail in, read it, and account for it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.json_output import ledger_form
from commands.context import AsJson, Strict, now, open_house
from ingest.digest import Digested
from ingest.fetch import Polled, exit_code, import_paths, poll_all
from settings import WrongSettings, load
from store.reads import ledger as books

Paths = Annotated[list[Path], typer.Argument(help=".eml and .msg files, mbox, Maildir, folders of them.")]
_TOLD = ("mailbox", "outcome", "listed", "new", "same", "refused", "vanished", "waiting", "error")


def poll(as_json: AsJson = False) -> None:
    """Polls all mailboxes once, reads what came, and says what it was."""
    settings = load()
    if not settings.mailboxes:
        raise WrongSettings("mailboxes: none is configured; `kunming run` shows the service with sample mails")
    house = open_house(settings)
    polled = poll_all(house.sessions, settings.mailboxes, settings.largest_mail, "by hand", now)
    read = house.read_new()
    if as_json:
        typer.echo(json.dumps([{name: getattr(one, name) for name in _TOLD} for one in polled]))
    else:
        typer.echo("\n".join([*map(told, polled), told_reading(read)]))
    sys.exit(exit_code(polled))


def told(one: Polled) -> str:
    """What a poll gave, in a line."""
    if one.error:
        return f"{one.mailbox}: {one.error}"
    counts = ((one.same, "held already"), (one.refused, "too large"), (one.vanished, "vanished"))
    notes = ", ".join(f"{n} {what}" for n, what in counts if n)
    return f"{one.mailbox}: {one.listed} mails listed, {one.new} new" + (f" ({notes})" if notes else "")


def told_reading(read: Digested) -> str:
    failed = f", {read.failed} could not be read" if read.failed else ""
    return f"read {read.read} mails, {read.awaiting} of them await a person{failed}"


def import_(paths: Paths) -> None:
    """Takes mail from files, through the same path as mail from a mailbox."""
    house = open_house(load())
    taken = import_paths(house.sessions, paths, house.settings.largest_mail, now)
    for one in taken.not_taken:
        typer.echo(f"{one.where}: not taken: {one.why}", err=True)
    typer.echo(f"{taken.found} mails found, {taken.new} new\n{told_reading(house.read_new())}")


def digest(
    again: Annotated[bool, typer.Option("--again", help="Read all mails anew, from their raw bytes.")] = False,
    strict: Strict = False,
) -> None:
    """Reads the stored mails that have no reading by these parsers yet."""
    read = open_house(load()).read_new(again=again)
    typer.echo(told_reading(read))
    if strict and (read.awaiting or read.failed):
        sys.exit(1)


def ledger(as_json: AsJson = False) -> None:
    """Shows that every mail ever seen has one state: seen = the sum of the states."""
    house = open_house(load())
    with house.sessions() as session:
        kept = books.ledger(session)
    if as_json:
        typer.echo(json.dumps(ledger_form(kept)))
        return
    for line in kept.folders:
        states = ", ".join(f"{n} {state}" for state, n in line.states.items() if n)
        place = f"{line.mailbox}/{line.folder} {line.uidvalidity}"
        typer.echo(f"{place}: seen {line.seen} = {states}; difference {line.difference}")
    typer.echo(f"seen {kept.seen}, difference {kept.difference}; {kept.mails} mails, {kept.waiting} not read yet")
