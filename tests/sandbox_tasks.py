"""What the children of the sandbox's tests do. They import this file within the time of their first task, so it imports
little."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from parsing.documents import Guard, PartNotRead


def read_parts(parts: Mapping[str, str], _consultation: Any, _converters: Any, guard: Guard) -> str:
    """What came of each part: itself, or why it was not read. A part "" stands outside of all guards."""
    return "; ".join(_one(name, what, guard) if name else WORK[what](what) for name, what in parts.items())


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


WORK: dict[str, Callable[[str], Any]] = {
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
