"""What clamd says of a file, over its socket: INSTREAM of its protocol (clamd(8))."""

import socket
import struct
from pathlib import Path

CHUNK = 1 << 16
SECONDS = 60.0
"""That clamd may be silent."""


class NoScanner(Exception):
    """clamd does not answer, or does not take the file; the message says why."""


def virus_in(content: bytes, scanner: Path) -> str | None:
    """The name of what was found in it; None where nothing was. Raises NoScanner."""
    try:
        told = _ask(content, scanner)
    except OSError as error:
        raise NoScanner(f"{scanner}: {error.strerror or error}") from error
    if told == "stream: OK":
        return None
    if told.endswith(" FOUND"):
        return told.removeprefix("stream: ").removesuffix(" FOUND")
    raise NoScanner(f"{scanner}: {told[:200] or 'no answer'}")


def _ask(content: bytes, scanner: Path) -> str:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(SECONDS)
        connection.connect(str(scanner))
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        return connection.recv(4096).rstrip(b"\0\n").decode("utf-8", "replace")
