"""A clamd that knows one virus; with so few signatures it starts at once."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import need
from private_server import server_folder

VIRUS = b"this stands for a virus, and is none"
CLAMD = """\
LocalSocket {folder}/clamd.socket
DatabaseDirectory {folder}/signatures
Foreground yes
StreamMaxLength 1M
User root
"""


@pytest.fixture(scope="module")
def scanner() -> Iterator[Path]:
    """The socket of a clamd that runs."""
    with server_folder() as folder, running(folder) as place:
        yield place


@contextmanager
def running(folder: Path) -> Iterator[Path]:
    """The socket of a clamd that runs meanwhile."""
    program = need("clamd")
    signatures, config, place = folder / "signatures", folder / "clamd.conf", folder / "clamd.socket"
    signatures.mkdir(exist_ok=True)
    (signatures / "test.ndb").write_text(f"Test.Virus:0:*:{VIRUS.hex()}\n")
    config.write_text(CLAMD.format(folder=folder))
    with (folder / "clamd.log").open("wb") as log:
        process = subprocess.Popen([program, "--config-file", str(config)], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not place.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert place.exists(), (folder / "clamd.log").read_text()
        yield place
    finally:
        process.terminate()
        process.wait()
