"""What the children of the sandbox's tests do. They import this file within the time of their first task, so it imports
little."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from parsing.documents import Guard, PartNotRead
from parsing.model import Converters


def read_parts(parts: Mapping[str, str], _consultation: Any, _converters: Any, guard: Guard) -> str:
    """What came of each part: itself, or why it was not read. A part "" is outside of all guards."""
    return "; ".join(_one(name, what, guard) if name else WORK[what](what) for name, what in parts.items())


def converted(data: bytes, suffix: str, _consultation: Any, converters: Converters, _guard: Guard) -> bytes:
    """A document, as LibreOffice makes it from within."""
    assert converters.office is not None
    return converters.office(data, suffix)


def give_back(what: str, _consultation: Any, _converters: Any, _guard: Guard) -> Any:
    """A result that no reader gives."""
    return {"call": Sneaky(), "function": os.system, "other": Path("/"), "large": b"x" * 600_000_000}[what]


def _one(name: str, what: str, guard: Guard) -> str:
    kind, _, file = what.partition(" ")
    try:
        return guard(name, lambda: WORK[kind](file) or name)
    except PartNotRead as stopped:
        return f"{name}: {stopped}"


def _killed_once(file: str) -> str:
    if not Path(file).exists():
        Path(file).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return ""


def _counted(file: str) -> str:
    """Takes a second and a bit, and counts how often."""
    with Path(file).open("a") as counts:
        counts.write("x")
    time.sleep(1.3)
    return ""


def _hangs(file: str) -> None:
    if file:
        Path(file).touch()
    time.sleep(60)


def _raises(_: str) -> str:
    raise ValueError("no such thing")


def _connects(port: str) -> str:
    with socket.create_connection(("127.0.0.1", int(port)), 5):
        return ""


def _asks_a_program_to_connect(port: str) -> str:
    script = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
    return _raise_where(subprocess.run([sys.executable, "-c", script], check=False).returncode, "it found no network")


def _raise_where(wrong: int, words: str) -> str:
    if wrong:
        raise OSError(words)
    return ""


def _shows_variables(_: str) -> str:
    raise ValueError(" ".join(sorted(name for name in os.environ if "KUNMING" in name or "SECRET" in name)) or "none")


def _leaves_files(_: str) -> str:
    """Says where its home is; the next finds what was left."""
    home = Path.home()
    left = len(list(home.iterdir()))
    (home / "left").write_text("x")
    (home / "folder" / "below").mkdir(parents=True)
    raise ValueError(f"{left} in {home} {tempfile.gettempdir()}")


def _writes(_: str) -> str:
    with (Path.home() / "large").open("wb") as file:
        file.truncate(2_000_000_000)
    return ""


def _opens(_: str) -> str:
    opened = [Path("/dev/null").open() for _ in range(5000)]  # noqa: SIM115 (until the system lets it open no more)
    return str(len(opened))


class Sneaky:
    """What pickle makes of it is whatever its sender wants to be called."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch /tmp/this-was-run",)


WORK: dict[str, Callable[[str], Any]] = {
    "connects": _connects,
    "program": _asks_a_program_to_connect,
    "shows-variables": _shows_variables,
    "leaves-files": _leaves_files,
    "writes": _writes,
    "opens": _opens,
    "fine": lambda _: "",
    "dies": lambda _: os._exit(9),
    "aborts": lambda _: os.abort(),
    "hangs": _hangs,
    "eats": lambda _: len(bytearray(2_000_000_000)),
    "raises": _raises,
    "killed-once": _killed_once,
    "counted": _counted,
    "holds": lambda _: HELD.append(bytearray(250_000_000)),
}
HELD: list[bytearray] = []
