"""The command `kunming`: all commands in one place, and what their errors mean."""

import logging
import sys
from typing import NoReturn

import typer
from sqlalchemy.exc import OperationalError

from commands import drafts, files, keeping, mail, service
from commands import status as parties_status
from consultation.new_corrections import WrongCorrection
from ingest.embedded import NoEmbeddedServer
from ingest.intake import StoreTrouble
from ingest.sources import NoSuchPath
from settings import WrongSettings
from store.keeping import NotKept
from store.lease import LeaseHeld, LeaseLost

TRY_LATER = 75

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.command("run")(service.run)
app.command("serve")(service.serve)
app.command("poll")(mail.poll)
app.command("import")(mail.import_)
app.command("digest")(mail.digest)
app.command("ledger")(mail.ledger)
app.command("status")(parties_status.status)
app.command("correct")(parties_status.correct)
app.command("backup")(keeping.backup)
app.command("restore")(keeping.restore)
app.command("verify")(keeping.verify)
app.command("read")(files.read)
app.command("parse")(files.parse)
app.command("doctor")(service.doctor)
parties = typer.Typer(no_args_is_help=True, help="The directory of focal points.")
parties.command("import")(parties_status.import_parties)
parties.callback()(lambda: None)
app.add_typer(parties, name="parties")
app.add_typer(drafts.app, name="draft")


@app.callback()
def kunming() -> None:
    """Takes Parties' comments on a draft declaration from the mail as it comes, and shows the Status of each Party."""


def main() -> None:
    """Runs the command. What went wrong is one line; 2 is wrong use or configuration, 75 means: try later."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        app()
    except (WrongSettings, NoSuchPath, NoEmbeddedServer) as error:
        _stop(2, str(error))
    except (NotKept, WrongCorrection) as error:
        _stop(1, str(error))
    except (LeaseHeld, LeaseLost, StoreTrouble) as error:
        _stop(TRY_LATER, str(error))
    except OperationalError as error:
        _stop(TRY_LATER, f"database_url: the store cannot be used: {str(error.orig).splitlines()[0]}")
    except KeyboardInterrupt:
        _stop(130, "stopped")


def _stop(code: int, line: str) -> NoReturn:
    typer.echo(line, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
