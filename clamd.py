"""Asks a virus scanner about a file: clamd, by its socket and its own protocol (clamd(8))."""

import socket
import struct
from contextlib import suppress
from pathlib import Path

CHUNK = 1 << 16
SECONDS, PING_SECONDS = 60.0, 5.0
"""That clamd may be silent: while it scans, and where it is only asked whether it is there."""


class NoScanner(Exception):
    """clamd does not answer; the message says why."""


class NotScanned(NoScanner):
    """clamd is there, and says nothing of this file; the message says why. A file that makes it slow or crash is this
    file's matter: others are scanned.
    """


def virus_in(content: bytes, scanner: Path) -> str | None:
    """The name of what was found in it; None where nothing was. Raises NoScanner, NotScanned."""
    try:
        connection = _connected(scanner)
    except OSError as error:
        raise NoScanner(f"{scanner}: {error.strerror or error}") from error
    with connection:
        told = _scanned(content, connection)
    if told == "stream: OK":
        return None
    if told.endswith(" FOUND"):
        return told.removeprefix("stream: ").removesuffix(" FOUND")
    raise NotScanned(told[:200] or "clamd ended without an answer")


def why_away(scanner: Path) -> str:
    """Why clamd does not answer; empty where it does."""
    try:
        with _connected(scanner) as connection:
            connection.settimeout(PING_SECONDS)
            connection.sendall(b"zPING\0")
            return "" if _answer(connection) == "PONG" else f"{scanner}: it does not answer as clamd does"
    except OSError as error:
        return f"{scanner}: {error.strerror or error}"


def _scanned(content: bytes, connection: socket.socket) -> str:
    """What clamd says of the content. Raises NotScanned."""
    try:
        with suppress(BrokenPipeError, ConnectionResetError):  # what is too large it does not read to its end
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
        return _answer(connection)
    except TimeoutError:
        raise NotScanned(f"clamd said nothing for {SECONDS:g} seconds") from None
    except OSError as error:
        raise NotScanned(f"clamd ended without an answer: {error.strerror or error}") from error


def _connected(scanner: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS)
    try:
        connection.connect(str(scanner))
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    return connection.recv(4096).rstrip(b"\0\n").decode("utf-8", "replace")
