"""A private temporary folder that does not outlive its owner, whatever ends that."""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from ingest.convert import stop

PREFIX = "kunming-reading-"
_OWNED = "owner"
"""A file in the folder that its owner has locked: the system gives the lock back when the owner ends."""


class Scratch:
    """The folder, from now on until `close`. Making one removes those whose owners have ended. Raises OSError."""

    def __init__(self) -> None:
        for left in _left_over():
            remove(left)
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._owned = _lock_new(self.folder)

    def close(self) -> None:
        remove(self.folder)
        self._owned.close()


def remove(folder: Path) -> None:
    """Ends the LibreOffice that runs in a folder, and removes the folder."""
    stop(str(folder))
    for _ in range(5):  # what ends just now may still write into it
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


def _lock_new(folder: Path) -> IO[str]:
    """The locked file, which has its name only once it is locked."""
    made = folder / (_OWNED + ".new")
    owned = made.open("w")
    fcntl.flock(owned, fcntl.LOCK_EX)
    made.rename(folder / _OWNED)
    return owned


def _left_over() -> Iterator[Path]:
    for owned in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{_OWNED}"):
        with suppress(OSError):  # another user's, or just removed
            if _has_ended(owned):
                yield owned.parent


def _has_ended(owned: Path) -> bool:
    try:
        with owned.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
