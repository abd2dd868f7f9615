"""Commands that keep the store safe."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands.context import now, open_context
from ingest.intake import holding
from settings import load
from store import keeping
from store.session import migrate, open_store, sessions

Backup = Annotated[Path, typer.Argument(dir_okay=False, help="The file of the backup.")]


def backup(file: Backup) -> None:
    """Writes the whole store into one file, while the service runs."""
    keeping.backup(load().database_url, file)
    typer.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


def restore(
    file: Backup, over: Annotated[bool, typer.Option("--over", help="Replace a store that holds mail.")] = False
) -> None:
    """Puts a backup in the place of the store; nothing may use the store meanwhile."""
    url = load().database_url
    migrate(url)
    with holding(sessions(open_store(url)), now, name="schedule", doing="kunming restore"):
        pass
    keeping.restore(url, file, over=over)
    migrate(url)
    typer.echo(f"restored from {file}; `kunming verify` checks it")


def verify() -> None:
    """Checks every raw mail's hash, every derived row's source, and the ledger."""
    context = open_context(load())
    with context.sessions() as session:
        found = keeping.verify(session)
    for fault in found.faults:
        typer.echo(fault, err=True)
    typer.echo(f"{found.mails} mails, {len(found.faults)} faults")
    sys.exit(1 if found.faults else 0)
