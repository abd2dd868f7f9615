"""What private servers need: a free port, a folder that their own users may enter, a thread that answers HTTP."""

import random
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

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


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder that other users may enter, since Dovecot and PostgreSQL run as others. It is none of pytest's: each new
    session shuts those, whosever servers run in them. Its name is short: the path of a socket has 107 bytes at most.
    """
    with tempfile.TemporaryDirectory(prefix="test-server-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


class QuietHandler(BaseHTTPRequestHandler):
    """Answers requests, and writes nothing about them."""

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def answering(handler: type[QuietHandler]) -> Iterator[str]:
    """The address on 127.0.0.1 at which `handler` answers until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
