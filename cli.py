"""The command `kunming`: all commands in one place, and what their errors mean."""

import logging
import os
import signal
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, SQLAlchemyError

from api.passwords import WeakPassword
from commands import (
    accounts,
    doctor,
    drafts,
    export,
    files,
    mail,
    mailboxes,
    maintenance,
    receipts,
    service,
    show_settings,
)
from commands import status as parties_status
from commands.ending import end_within
from commands.opening import NoStore, OtherVersion, StoreInUse
from consultation.edit_content import WrongCorrection
from ingest.embedded import NoEmbeddedServer
from ingest.intake import Interrupted, StoreTrouble
from ingest.mailbox_errors import Unreachable, WrongMailbox
from ingest.sandbox import ReaderNotStarted
from ingest.sources import NoMail, NoSuchPath
from settings import CONFIG, WrongSettings
from store.accounts import WrongAccount
from store.backup_restore import BackupFailed
from store.erasure import NoSuchMail
from store.lease import LeaseHeld, LeaseLost

TRY_LATER = 75
EXPECTED = (
    WrongSettings, NoSuchPath, NoMail, NoEmbeddedServer, NoStore, OtherVersion, StoreInUse, BackupFailed,
    WrongCorrection, LeaseHeld, LeaseLost, StoreTrouble, ReaderNotStarted, Interrupted, WrongMailbox, Unreachable,
    NoSuchMail, WrongAccount, WeakPassword,
)  # fmt: skip
"""Errors that say in a line what to do; each has its exit code."""
NO_RIGHTS = ("readonly database", "unable to open database file", "permission denied")
DAMAGED = ("malformed", "not a database", "disk image")
"""Words of SQLite and PostgreSQL."""

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.command("run")(service.run)
app.command("serve")(service.serve)
app.command("poll")(mail.poll)
app.command("import")(mail.import_)
app.command("digest")(mail.digest)
app.command("ledger")(mail.ledger)
app.command("status")(parties_status.status)
app.command("export")(export.export)
app.command("correct")(parties_status.correct)
app.command("backup")(maintenance.backup)
app.command("restore")(maintenance.restore)
app.command("backups")(maintenance.backups)
app.command("erase")(maintenance.erase)
app.command("retain")(maintenance.retain)
app.command("verify")(maintenance.verify)
app.command("upgrade")(maintenance.upgrade)
app.command("receipt")(receipts.receipt)
app.command("read")(files.read)
app.command("parse")(files.parse)
app.command("doctor")(doctor.doctor)
app.command("settings")(show_settings.settings)
parties = typer.Typer(no_args_is_help=True, help="The directory of focal points.")
parties.command("import")(parties_status.import_parties)
parties.callback()(lambda: None)
app.add_typer(parties, name="parties")
app.add_typer(drafts.app, name="draft")
app.add_typer(mailboxes.app, name="mailbox")
app.add_typer(accounts.app, name="account")
app.add_typer(accounts.tokens, name="token")


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"kunming {version('kunming')}")
        raise typer.Exit


@app.callback()
def kunming(
    config: Annotated[
        Path | None, typer.Option("--config", help="The file of the settings, instead of kunming.toml here.")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Takes Parties' comments on a draft declaration from the mail as it comes, and shows the Status of each Party."""
    if config is not None:
        os.environ[CONFIG] = str(config)


def main() -> None:
    """Runs the command. What went wrong is one line; 2 is wrong use or configuration, 75 means: try later."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    os.umask(0o077)  # whatever is made here, and by every child, is its owner's alone
    signal.signal(signal.SIGTERM, lambda *_: _terminate())
    try:
        app(_config_first(sys.argv[1:]))
    except KeyboardInterrupt:
        _stop(130, "stopped")
    except BrokenPipeError:  # who reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        code = exit_code_of(error)
        if code is None:
            raise
        _stop(code, line_of(error))


def _terminate() -> NoReturn:
    code = 128 + signal.SIGTERM
    end_within(code=code)
    sys.exit(code)


def _config_first(arguments: list[str]) -> list[str]:
    """--config is taken before the command and after it."""
    found = next((n for n, word in enumerate(arguments) if word.partition("=")[0] == "--config"), None)
    if found is None:
        return arguments
    size = 1 if "=" in arguments[found] else 2
    return arguments[found : found + size] + arguments[:found] + arguments[found + size :]


def exit_code_of(error: Exception) -> int | None:
    """What a command ends with after an error that is no bug; None for a bug."""
    if isinstance(error, EXPECTED):
        return int(getattr(error, "exit_code", 1))
    if isinstance(error, OperationalError):
        return 2 if _is_about_rights(error) else TRY_LATER
    if isinstance(error, PermissionError):
        return 2
    return 1 if isinstance(error, SQLAlchemyError | OSError) else None


def line_of(error: Exception) -> str:
    """What went wrong and what to do, in a line."""
    if isinstance(error, PermissionError) and error.filename:
        return f"{error.filename}: {error.strerror}: this user may not open it"
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    if not isinstance(error, DBAPIError):
        return str(error)
    cause = " ".join(str(error.orig).split())
    if _is_about_rights(error):
        return f"database_url: {cause}: the file of the store, and its folder, must be writable for this user"
    if isinstance(error, DatabaseError) and any(words in cause for words in DAMAGED):
        return f"database_url: the store is damaged ({cause}): kunming restore BACKUP --over puts a backup in its place"
    return f"database_url: the store cannot be used: {cause}"


def _is_about_rights(error: DBAPIError) -> bool:
    return any(words in str(error.orig) for words in NO_RIGHTS)


def _stop(code: int, line: str) -> NoReturn:
    typer.echo(line, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
