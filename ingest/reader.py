"""The child process that reads: it takes tasks from a pipe, and writes back which step it is at, and the result."""

import hashlib
import os
import pickle
import resource
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

import parsing.reading  # noqa: F401 (loaded before the first task: its time is not the first mail's)
from ingest.convert import Office, Tesseract
from ingest.isolation import isolate, limit_resources
from ingest.scratch import remove
from parsing.documents import PartNotRead
from parsing.model import Consultation, Converters, NoTimeLeft

T = TypeVar("T")
Task = Callable[..., Any]
"""A function of parsing that takes (…, consultation, converters, guard)."""

_TIMED = (Office, Tesseract)
OUTSIDE = ""
"""The step of a task at which it works on no Part."""
GRACE = 15.0
"""Seconds beyond its limit after which the system ends a child that nobody watches any more."""
WORTH_KEEPING = 1.0
"""Seconds that a step took, from which on its result is kept on disk: reading it again costs more."""
RESERVE = 1 / 4
"""What of a Part's time a converter leaves for what comes after it: the placing of what was converted, at least."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a child needs before its first task. `memory` in bytes and `seconds` are what one step may take."""

    consultation: Consultation
    converters: Converters
    memory: int
    seconds: float
    folder: Path
    isolated_by: str
    """How the network is taken away (ingest.isolation.Isolation)."""
    processes: int
    """How many processes and threads the user may have in all."""


@dataclass(frozen=True, slots=True)
class Order:
    """A task to be done. `skip` are the steps that are not to be tried again, and why; `kept` is the folder with the
    results of steps that took long. With `rest` no step is tried but those that were `done` before, and that is why.
    """

    task: Task
    arguments: tuple[Any, ...]
    skip: Mapping[str, str]
    kept: Path
    done: frozenset[str] = frozenset()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """The child can read."""


@dataclass(frozen=True, slots=True)
class AtStep:
    step: str


@dataclass(frozen=True, slots=True)
class Done:
    result: Any


@dataclass(frozen=True, slots=True)
class Raised:
    """The task raised an exception outside any Part."""

    cause: str
    traceback: str


def serve() -> None:
    """Reads until its parent ends. Called with two open files: the pipe of the tasks, and one that the
    parent never writes to, which ends with it.
    """
    for number in (signal.SIGINT, signal.SIGTERM):  # both are the parent's to act on
        signal.signal(number, signal.SIG_IGN)
    pipe, life = Connection(int(sys.argv[1])), int(sys.argv[2])
    setup: Setup = pipe.recv()
    if setup.isolated_by == "seccomp":
        isolate()
    limit_resources(setup.processes)
    watch = threading.Thread(target=_end_with_parent, args=[life, setup.folder], daemon=True)
    watch.start()
    _allow(setup.memory)
    try:
        pipe.send(Ready())
        while True:
            pipe.send(_answer(pipe, setup, pipe.recv()))
            _empty_home(setup.folder)
    except (EOFError, OSError):  # the parent has ended
        watch.join()


def _empty_home(folder: Path) -> None:
    """Removes what the reading of one mail left in this process's own folder, so that the next finds nothing of it."""
    home = Path(os.environ["HOME"])
    if home.parent != folder:  # only what was made for this process is emptied
        return
    for left in home.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _end_with_parent(life: int, folder: Path) -> None:
    """Ends this process, and removes the folder, as soon as the parent has ended, whatever ended it."""
    os.read(life, 1)
    remove(folder)
    os._exit(1)


def _answer(pipe: Connection, setup: Setup, order: Order) -> Done | Raised:
    steps = _Steps(pipe, setup, order)
    try:
        return Done(order.task(*order.arguments, setup.consultation, steps.converters(), steps.guard))
    except Exception as error:  # noqa: BLE001 (whatever crashes a task is a fact about its mail)
        return Raised(_cause(error, setup.memory), traceback.format_exc())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class _Steps:
    """The steps of one task, each within its limits."""

    def __init__(self, pipe: Connection, setup: Setup, order: Order) -> None:
        self._pipe, self._setup, self._order = pipe, setup, order
        self._enter(OUTSIDE)

    def guard(self, step: str, work: Callable[[], T]) -> T:
        """What the work gives, or gave at an earlier attempt. Raises PartNotRead (parsing.documents.Guard)."""
        if step in self._order.skip:
            raise PartNotRead(self._order.skip[step])
        file = self._order.kept / hashlib.sha256(step.encode()).hexdigest()
        if file.exists():
            kept: T = pickle.loads(file.read_bytes())  # noqa: S301 (this program's own)
            return kept
        if self._order.rest and step not in self._order.done:
            raise PartNotRead(self._order.rest)
        began = time.monotonic()
        result = self._within_limits(step, work)
        if time.monotonic() - began > WORTH_KEEPING:
            _keep(file, result)
        return result

    def _within_limits(self, step: str, work: Callable[[], T]) -> T:
        self._enter(step)
        try:
            return work()
        except Exception as error:  # noqa: BLE001 (whatever crashes a step is a fact about its Part)
            raise PartNotRead(f"its reading was stopped: {_cause(error, self._setup.memory)}") from None
        finally:
            self._enter(OUTSIDE)

    def _enter(self, step: str) -> None:
        self._ends = time.monotonic() + self._setup.seconds
        signal.setitimer(signal.ITIMER_REAL, self._setup.seconds + GRACE)
        _allow(self._setup.memory)
        self._pipe.send(AtStep(step))

    def converters(self) -> Converters:
        """The converters, each of which ends before the time of the Part does: so what was read before it stays."""
        programs = self._setup.converters
        return replace(
            programs,
            office=programs.office and partial(self._in_time, programs.office),
            ocr=programs.ocr and partial(self._in_time, programs.ocr),
        )

    def _in_time(self, program: Callable[..., Any], *given: Any) -> Any:
        left = self._ends - time.monotonic() - RESERVE * self._setup.seconds
        if left <= 0:
            raise NoTimeLeft(f"the {self._setup.seconds:g} seconds for one file were used up before it")
        if isinstance(program, _TIMED):
            return replace(program, seconds=min(program.seconds, left))(*given)
        return program(*given)


def _keep(file: Path, result: object) -> None:
    """Writes the result; the file has its name only when it is whole."""
    part = file.with_suffix(".part")
    part.write_bytes(pickle.dumps(result))
    part.rename(file)


def _allow(memory: int) -> None:
    """Lets the process take so much memory more than it has now, and at most twice as much in all."""
    limit = min(_address_space() + memory, 2 * memory)
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))


def _address_space() -> int:
    """Bytes; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _cause(error: Exception, memory: int) -> str:
    if isinstance(error, MemoryError):
        return f"it needed more than {memory / 1e6:.0f} MB of memory"
    where = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(where[-1].filename).name}, line {where[-1].lineno})" if where else ""
    return f"{type(error).__name__}: {error}{place}"
