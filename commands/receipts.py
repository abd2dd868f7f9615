"""The command that shows the receipt for a mail, or why there is none."""

from typing import Annotated

import typer

from commands.context import open_context
from consultation.receipts import why_no_receipt
from ingest.intake import now
from outgoing.receipts import headers_of, own_addresses, receipt_letter
from settings import WrongSettings, load
from store.reads.receipts import read_heads


def receipt(mail: Annotated[int, typer.Argument(help="The number of the mail, as on its page.")]) -> None:
    """Prints the receipt that the sender of a mail gets where `receipts.on`, or why there is none. Nothing is sent."""
    context = open_context(load())
    with context.sessions() as session:
        snapshot = context.snapshot(session)
        found = snapshot.mail(mail)
        if found is None:
            raise WrongSettings(f"{mail}: there is no such mail")
        headers = headers_of(read_heads(session, [mail])[mail])
        why = why_no_receipt(found, headers, own_addresses(context.settings, snapshot), now())
        letter = receipt_letter(context.settings, snapshot, found, headers, session)
    typer.echo(f"Nothing is sent: {why}.\n" if why else "")
    typer.echo(f"To: {', '.join(letter.to)}\nSubject: {letter.subject}\n\n{letter.text}")
