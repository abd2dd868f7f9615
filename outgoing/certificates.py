"""Until when the certificates hold of the servers that are used, and of the pages themselves."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from settings import Settings

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class TlsServer:
    """A server that speaks TLS from the first byte, and the authority that its certificate is believed by."""

    host: str
    port: int
    ca_file: Path | None = None

    @property
    def name(self) -> str:
        return f"certificate of {self.host}:{self.port}"


def tls_servers(settings: Settings) -> Iterator[TlsServer]:
    """The mail server and the public address. STARTTLS is left to the login itself."""
    if settings.smtp is not None and settings.smtp.security == "tls":
        yield TlsServer(settings.smtp.host, settings.smtp.at_port, settings.smtp.ca_file)
    address = urlsplit(settings.public_url or "")
    if address.scheme == "https" and address.hostname:
        yield TlsServer(address.hostname, address.port or 443)


def mailbox_servers(settings: Settings) -> Iterator[TlsServer]:
    """Those of the mailboxes; each poll notes until when they hold."""
    for mailbox in settings.mailboxes:
        if mailbox.security == "tls":
            yield TlsServer(mailbox.host, mailbox.port, mailbox.ca_file)


def ends_at(server: TlsServer) -> datetime:
    """When the server's certificate ends. Raises OSError, which ssl's errors are, where it cannot be had."""
    context = ssl.create_default_context(cafile=server.ca_file and str(server.ca_file))
    with (
        socket.create_connection((server.host, server.port), SECONDS) as connection,
        context.wrap_socket(connection, server_hostname=server.host) as secure,
    ):
        certificate = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
