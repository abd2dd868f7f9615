"""Whether senders can be verified: the server that is believed (authserv_id), beside those that speak in the mails."""

from collections import Counter
from collections.abc import Sequence
from email.parser import BytesHeaderParser

from sqlalchemy.orm import Session

from parsing.who.authenticity import server_of
from settings import Settings
from store.reads.mails import read_newest_heads

LOOKED_AT = 20
"""Of the newest mails, so many tell how the server calls itself."""
NOBODY = "authserv_id is not set: nobody's sender is verified, and what a mail would take from others needs review"
BELIEVED = (
    "authserv_id is not set: mail from the directory's addresses is believed (believe_directory), a forged From too;"
    " what others would take away needs review"
)


def why_unverified(settings: Settings, session: Session) -> tuple[str, str]:
    """Why no sender is verified, and what to do; two empty texts where some are, or where no mail came yet."""
    named = Counter(filter(None, map(topmost_server, read_newest_heads(session, LOOKED_AT))))
    most = next((name for name, _ in named.most_common(1)), "")
    if settings.authserv_id is None:
        said = BELIEVED if settings.believe_directory else NOBODY
        return said, f'authserv_id = "{most}", if that is your mail server' if most else "docs/who.md says more"
    if not named or settings.authserv_id.casefold() in named:
        return "", ""
    said = f"of the newest {named.total()} mails with Authentication-Results none has one of {settings.authserv_id}"
    return said, f'authserv_id = "{most}", if that is your mail server; until then claims need review'


def topmost_server(head: bytes) -> str:
    """Who wrote the topmost Authentication-Results of a mail: the server that took it in, if any, put it there."""
    values: Sequence[object] = BytesHeaderParser().parsebytes(head).get_all("authentication-results") or ()
    return server_of(str(values[0])) if values else ""
