"""Commands about the mailboxes of the settings."""

from typing import Annotated

import typer

from ingest.mailbox import connect
from settings import Mailbox, WrongSettings, load

app = typer.Typer(no_args_is_help=True, help="The mailboxes of the settings.")
Name = Annotated[str, typer.Argument(help="The mailbox's name in the settings.")]


@app.command()
def login(name: Name) -> None:
    """Has a person log in once at Microsoft or Google, for a mailbox with `flow = "device"`; then tries the mailbox."""
    mailbox = _named(name)
    if mailbox.oauth2 is None:
        raise WrongSettings(f"mailboxes.{name}.oauth2: it is not set: the mailbox is opened with its password")
    from ingest.tokens import log_in  # noqa: PLC0415 (both providers' libraries take half a second)

    log_in(mailbox, typer.echo, typer.prompt)
    _try(mailbox)


@app.command()
def check(name: Name) -> None:
    """Opens the mailbox and each of its folders, as a poll does, and takes nothing."""
    _try(_named(name))


def _named(name: str) -> Mailbox:
    mailboxes = load().mailboxes
    found = next((mailbox for mailbox in mailboxes if mailbox.name == name), None)
    if found is None:
        there = ", ".join(mailbox.name for mailbox in mailboxes) or "none"
        raise WrongSettings(f"{name}: there is no such mailbox in the settings (there are: {there})")
    return found


def _try(mailbox: Mailbox) -> None:
    with connect(mailbox) as connection:
        for folder in mailbox.folders:
            typer.echo(f"{mailbox.name}/{folder}: {connection.examine(folder).messages} mails")
