"""An embedded IMAP server with sample mails, so that the ordinary poller has something to poll. Never in production."""

import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from pathlib import Path

from imapclient import IMAPClient
from pydantic import SecretStr

from settings import Mailbox

EXAMPLES = Path(__file__).parent.parent / "examples"
AUTHSERV_ID = "samples.invalid"
"""The name of the server in the verdicts that it gives on the senders of its mails."""
STARTS_IN = 20.0
"""Seconds."""
_SERVER = """
from pymap.mailbox import MailboxSnapshot
from pymap.main import main
MailboxSnapshot.new_uid_validity = classmethod(lambda _: {uidvalidity})
main()
"""
"""pymap, which draws a new UIDVALIDITY at each start."""
_USER, _PASSWORD = "demouser", "demopass"


class NoEmbeddedServer(Exception):
    """The embedded server cannot be started; the message says what is missing."""

    exit_code = 2


@contextmanager
def embedded_mailbox(mails: Sequence[Path]) -> Iterator[Mailbox]:
    """A mailbox that holds the mails, each with its own date; the server ends with the context. Raises
    NoEmbeddedServer.
    """
    if find_spec("pymap") is None:
        raise NoEmbeddedServer("no mailbox is configured, and pymap (pip install kunming[demo]) is not installed")
    with _free_port() as port:
        pass
    script = _SERVER.format(uidvalidity=_number_of(mails))
    command = [sys.executable, "-c", script, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _fill(_client(port, server), mails)
        yield Mailbox(
            name="sample mails",
            host="127.0.0.1",
            port=port,
            user=_USER,
            password=SecretStr(_PASSWORD),
            security="plain",
        )
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(5)
        server.kill()


def _number_of(mails: Sequence[Path]) -> int:
    """A UIDVALIDITY for these mails: the same mails have the same UIDs each time that the server starts."""
    seen = 0
    for path in mails:
        seen = zlib.crc32(path.read_bytes(), seen)
    return seen or 1


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


def _client(port: int, server: subprocess.Popen[bytes]) -> IMAPClient:
    end = time.monotonic() + STARTS_IN
    while True:
        try:
            return IMAPClient("127.0.0.1", port, ssl=False, timeout=10)
        except OSError as error:
            if server.poll() is not None or time.monotonic() > end:
                raise NoEmbeddedServer("the embedded IMAP server did not start") from error
            time.sleep(0.05)


def _fill(client: IMAPClient, mails: Sequence[Path]) -> None:
    with client:
        client.login(_USER, _PASSWORD)
        for path in mails:
            raw = path.read_bytes()
            client.append("INBOX", _verdict(raw) + raw, msg_time=_date_of(raw))


def _verdict(raw: bytes) -> bytes:
    """What a mail server that checks senders puts above a mail whose sender it has verified."""
    sender = BytesHeaderParser(policy=default).parsebytes(raw)["From"].addresses[0]
    return f"Authentication-Results: {AUTHSERV_ID}; dmarc=pass header.from={sender.domain}\r\n".encode()


def _date_of(raw: bytes) -> datetime:
    """The instant of the Date header, as the day on which the mail came; naive in UTC, which imapclient wants."""
    line = next(line for line in raw.splitlines() if line.startswith(b"Date: "))
    return parsedate_to_datetime(line[6:].decode("ascii")).astimezone(UTC)
