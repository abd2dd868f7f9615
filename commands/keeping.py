"""Commands that keep the store safe."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands.context import open_context
from commands.opening import NoStore, open_sessions, refuse_while_in_use, shown
from settings import load
from store import keeping
from store.lease import forget_leases
from store.session import migrate, schema_of
from store.verify import verify as verify_store

Backup = Annotated[Path, typer.Argument(dir_okay=False, help="The file of the backup.")]


def backup(
    file: Backup, over: Annotated[bool, typer.Option("--over", help="Replace the file if it is there.")] = False
) -> None:
    """Writes the whole store into one file, while the service runs."""
    url = load().database_url
    if schema_of(url).state == "none":
        raise NoStore(f"database_url: there is no store at {shown(url)}")
    keeping.backup(url, file, over=over)
    typer.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


def restore(
    file: Backup, over: Annotated[bool, typer.Option("--over", help="Replace a store that holds mail.")] = False
) -> None:
    """Puts a backup in the place of the store; nothing may use the store meanwhile."""
    url = load().database_url
    refuse_while_in_use(url)
    keeping.restore(url, file, over=over)
    migrate(url)
    with open_sessions(url).begin() as session:
        forget_leases(session)
    typer.echo(f"restored from {file}; `kunming verify` checks it")


def upgrade() -> None:
    """Brings a store of an older version to this one, after a backup beside it."""
    settings = load()
    before = schema_of(settings.database_url)
    open_context(settings, upgrades=True)
    if before.state == "current":
        typer.echo(f"the store is of this version already (schema {before.newest})")
    else:
        typer.echo(f"the store was brought from schema {before.have} to {before.newest}; a backup stands beside it")


def verify() -> None:
    """Checks that every page can be read, every raw mail's hash, every derived row, and the ledger."""
    context = open_context(load())
    with context.sessions() as session:
        found = verify_store(session)
    for fault in found.faults:
        typer.echo(fault, err=True)
    typer.echo(f"{found.mails} mails, {len(found.faults)} faults")
    sys.exit(1 if found.faults else 0)
