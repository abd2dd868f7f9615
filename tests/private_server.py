"""What servers in temporary folders need: a free port, and folders that their own users may enter."""

import os
import socket
from pathlib import Path

NOBODY = 65534


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def open_to_others(folder: Path) -> None:
    """Other users may pass: pytest makes its folders for the owner alone, and Dovecot and PostgreSQL run as others."""
    for parent in (folder, *folder.parents):
        if os.access(parent, os.W_OK) and parent.stat().st_uid == os.geteuid():
            parent.chmod(parent.stat().st_mode | 0o755)
