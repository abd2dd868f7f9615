"""Asks a virus scanner about a file: clamd, by its socket and its own protocol (clamd(8))."""

import socket
import struct
from contextlib import suppress
from pathlib import Path

CHUNK = 1 << 16
SECONDS = 60.0
"""That clamd may be silent."""


class NoScanner(Exception):
    """clamd does not answer; the message says why."""


class NotTaken(NoScanner):
    """clamd answers, and does not take this file; the message says why."""


def virus_in(content: bytes, scanner: Path) -> str | None:
    """The name of what was found in it; None where nothing was. Raises NoScanner, NotTaken."""
    try:
        told = _ask(content, scanner)
    except OSError as error:
        raise NoScanner(f"{scanner}: {error.strerror or error}") from error
    if told == "stream: OK":
        return None
    if told.endswith(" FOUND"):
        return told.removeprefix("stream: ").removesuffix(" FOUND")
    if not told:
        raise NoScanner(f"{scanner}: no answer")
    raise NotTaken(told[:200])


def why_away(scanner: Path) -> str:
    """Why clamd does not answer; empty where it does."""
    try:
        with _connected(scanner) as connection:
            connection.sendall(b"zPING\0")
            return "" if _answer(connection) == "PONG" else f"{scanner}: it does not answer as clamd does"
    except OSError as error:
        return f"{scanner}: {error.strerror or error}"


def _ask(content: bytes, scanner: Path) -> str:
    with _connected(scanner) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # what is too large it does not read to its end
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
        return _answer(connection)


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
