"""Commands that keep the store safe."""

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from commands.accounts import this_user
from commands.context import AsJson, open_context
from commands.opening import NoStore, OtherVersion, open_sessions, refuse_while_in_use, shown_url
from ingest.intake import now
from settings import WrongSettings, load
from store import backup_restore
from store.audit import keep_audit
from store.backups import backups as list_backups
from store.backups import keep_backup
from store.erasure import Erased, Erasure, erase_again, erasures
from store.erasure import erase as erase_mail
from store.lease import forget_leases
from store.session import checkpoint, migrate, schema_of
from store.verify import verify as verify_store

Backup = Annotated[Path, typer.Argument(dir_okay=False, help="The file of the backup.")]


def backup(
    file: Backup, over: Annotated[bool, typer.Option("--over", help="Replace the file if it is there.")] = False
) -> None:
    """Writes the whole store into one file, while the service runs."""
    url = load().database_url
    state = schema_of(url).state
    if state == "none":
        raise NoStore(f"database_url: there is no store at {shown_url(url)}")
    before = now()
    backup_restore.backup(url, file, over=over)
    size = file.stat().st_size
    if state == "current":  # an older store has no catalogue
        with open_sessions(url).begin() as session:
            keep_backup(session, str(file.resolve()), size, before)
            keep_audit(session, now(), f"{this_user()} at the command line", "backed up", str(file.resolve()))
    typer.echo(f"{file}: {size / 1e6:.1f} MB")


def backups(as_json: AsJson = False) -> None:
    """Lists the backups that were made, and how many mails in each were erased here since."""
    with open_context(load()).sessions() as session:
        kept = list_backups(session)
    if as_json:
        rows = [asdict(one) | {"at": one.at.isoformat(), "there": Path(one.file).exists()} for one in kept]
        typer.echo(json.dumps(rows))
        return
    for one in kept:
        there = "" if Path(one.file).exists() else ", not there any more"
        erased = f", {one.erased} mails in it were erased since" if one.erased else ""
        typer.echo(f"{one.at:%Y-%m-%d %H:%M} UTC {one.file}: {one.size / 1e6:.1f} MB{erased}{there}")


def erase(
    mail: Annotated[int, typer.Argument(help="The number of the mail, as on its page.")],
    why: Annotated[str, typer.Option(help="Why, for the ledger; no words of the mail.")],
    who: Annotated[str, typer.Option(help="Who erases it, for the ledger.", show_default=False)] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erases one mail with its copies, its reading and what was decided about it, for good. The ledger keeps that it
    was, and when it was erased, by whom and why.
    """
    if not why.strip():
        raise WrongSettings("--why: an erasure has a reason")
    context = open_context(load())
    if not yes:
        typer.confirm(f"Erase mail {mail} for good?", abort=True)
    with context.sessions.begin() as session:
        erased = erase_mail(session, mail, who.strip() or getuser(), why.strip(), now())
    checkpoint(context.sessions)
    typer.echo(_erased_line(erased))
    for one in erased.backups:
        typer.echo(f"This backup still holds it: {one.file} ({one.at:%Y-%m-%d %H:%M} UTC)")


def _erased_line(erased: Erased) -> str:
    numbers = ", ".join(map(str, erased.mails))
    decided = f", with {erased.corrections} corrections" if erased.corrections else ""
    return f"erased: mail {numbers}{decided}. What lies in the mailbox itself is not touched"


def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be erased.")] = False,
) -> None:
    """Erases the mails that the settings under `retention` no longer keep; `run` does so after each reading."""
    context = open_context(load())
    for line in context.retain(dry_run=dry_run):
        typer.echo(line)


def restore(
    file: Backup, over: Annotated[bool, typer.Option("--over", help="Replace a store that holds mail.")] = False
) -> None:
    """Puts a backup in the place of the store; nothing may use the store meanwhile."""
    url = load().database_url
    refuse_while_in_use(url)
    before = _erased_before(url)
    backup_restore.restore(url, file, over=over)
    migrate(url)
    with open_sessions(url).begin() as session:
        forget_leases(session)
        again = erase_again(session, before)
    typer.echo(f"restored from {file}; `kunming verify` checks it")
    if again:
        typer.echo(f"{again} mails that were erased since that backup was made were erased again")


def _erased_before(url: str) -> list[Erasure]:
    """What was erased in the store that is about to be replaced; nothing where that cannot be read."""
    with suppress(SQLAlchemyError, NoStore, OtherVersion), open_sessions(url)() as session:
        return erasures(session)
    return []


def upgrade() -> None:
    """Brings a store of an older version to this one, after a backup beside it."""
    settings = load()
    before = schema_of(settings.database_url)
    open_context(settings, upgrades=True)
    if before.state == "current":
        typer.echo(f"the store is of this version already (schema {before.newest})")
    else:
        typer.echo(f"the store was brought from schema {before.have} to {before.newest}; a backup is next to it")


def verify() -> None:
    """Checks that every page can be read, every raw mail's hash, every derived row, and the ledger."""
    context = open_context(load())
    with context.sessions() as session:
        found = verify_store(session)
    for fault in found.faults:
        typer.echo(fault, err=True)
    typer.echo(f"{found.mails} mails, {len(found.faults)} faults")
    sys.exit(1 if found.faults else 0)
