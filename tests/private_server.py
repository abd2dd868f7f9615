"""What servers in temporary folders need: a free port, and folders that their own users may enter."""

import os
import random
import socket
from contextlib import suppress
from pathlib import Path

NOBODY = 65534


FIXED = range(20_000, 32_000)
"""Below the ports that Linux gives to clients (32768 and up): none of these is taken in passing."""


def free_port() -> int:
    """A port of 127.0.0.1 that no other test process is given while this one lives."""
    for port in random.sample(FIXED, len(FIXED)):
        with suppress(OSError):
            _reserve(port)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
                return port
    raise RuntimeError("no port is free")


def _reserve(port: int) -> None:
    """Raises OSError where another has reserved it: an abstract socket of its name, which goes with this process."""
    with socket.socket(socket.AF_UNIX) as reservation:
        reservation.bind(f"\0kunming-test-port-{port}")
        reservation.detach()


def open_to_others(folder: Path) -> None:
    """Other users may pass: pytest makes its folders for the owner alone, and Dovecot and PostgreSQL run as others."""
    for parent in (folder, *folder.parents):
        if os.access(parent, os.W_OK) and parent.stat().st_uid == os.geteuid():
            parent.chmod(parent.stat().st_mode | 0o755)
