"""When what opens a mailbox stops working: secrets, certificates and logins that a person must renew."""

import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, time
from pathlib import Path

from cryptography import x509
from sqlalchemy.orm import Session

from credentials import place_of
from ingest.kept_token import kept_of
from settings import Mailbox
from store.expiries import forget_expiry, note_expiry, read_expiries


def expirations(mailbox: Mailbox) -> dict[str, datetime]:
    """What opens the mailbox, in words, and when each ends; what never ends, or does not say, is not among it."""
    oauth2 = mailbox.oauth2
    if oauth2 is None:
        return {}
    ends: dict[str, datetime | None] = {}
    if oauth2.secret_expires is not None:
        ends["client secret"] = datetime.combine(oauth2.secret_expires, time.min, UTC)
    if oauth2.certificate_file is not None:
        ends["certificate of the app"] = _ends(oauth2.certificate_file)
    if oauth2.flow == "device":
        said = kept_of(mailbox).data.get("login_ends")
        ends["login"] = datetime.fromtimestamp(said, UTC) if isinstance(said, int | float) else None
    return {what: at for what, at in ends.items() if at is not None}


def _ends(file: Path) -> datetime | None:
    with suppress(OSError, ValueError):
        return x509.load_pem_x509_certificate(place_of(file).read_bytes()).not_valid_after_utc
    return None


def end_of_certificate(connection: object) -> datetime | None:
    """When the certificate that the other side of a connection has shown ends; None without TLS."""
    shown = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    ends = shown.get("notAfter") if shown else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None


def note_expirations(session: Session, mailbox: str, ends: Mapping[str, datetime], now: datetime) -> None:
    """Keeps when what opens a mailbox ends, and forgets what opens it no more."""
    place = f"mailbox {mailbox}: "
    for one in read_expiries(session):
        if one.name.startswith(place) and one.name.removeprefix(place) not in ends:
            forget_expiry(session, one.name)
    for what, at in ends.items():
        note_expiry(session, place + what, at, now)
