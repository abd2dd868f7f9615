"""Runs the reading in child processes with limits of time and memory.

A child that crashes has written down which Part it was at, so that the rest of the mail is read without it.
"""

import multiprocessing
import resource
import signal
import tempfile
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool

from ingest.convert import converters, stop
from parsing.model import Consultation, Converters

TASKS_OF_A_CHILD = 100
"""A child is replaced after so many tasks, and what a library leaked goes with it."""
MOST_CRASHES = 5
"""So many Parts of one mail may crash their reader before the whole mail is given up."""


class ReaderCrashed(Exception):
    """The reading of a whole mail crashed; the message is its traceback, or how the child ended."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take: seconds, and bytes of memory."""

    seconds: float = 60.0
    memory: int = 2_048_000_000
    workers: int = 2


Task = Callable[..., Any]
"""A function of parsing that takes (…, consultation, converters, skip=, at=); it is called in a child."""


class Sandbox:
    """A pool of children that read. Leave it with `with`: no child outlives it."""

    def __init__(self, consultation: Consultation, limits: Limits) -> None:
        self._limits = limits
        self._folder = tempfile.TemporaryDirectory(prefix="kunming-")
        self._threads = ThreadPoolExecutor(limits.workers)
        self._pool = ProcessPool(
            max_workers=limits.workers,
            max_tasks=TASKS_OF_A_CHILD,
            initializer=_begin,
            initargs=(consultation, limits.memory, converters(self._folder.name)),
            context=multiprocessing.get_context("spawn"),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble has no types
        self._pool.join()
        stop(self._folder.name)
        self._folder.cleanup()

    def map(self, task: Task, inputs: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """The results of task(*input) in the order of the inputs, or a ReaderCrashed in a result's place. No more
        inputs are held at once than the children need.
        """
        waiting: deque[Future[Any]] = deque()
        for arguments in inputs:
            waiting.append(self._threads.submit(self.run, task, arguments))
            if len(waiting) > 2 * self._limits.workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def run(self, task: Task, arguments: tuple[Any, ...]) -> Any:
        """The result of task(*arguments), without the Parts that crashed their reader; or a ReaderCrashed."""
        skip: dict[str, str] = {}
        with tempfile.NamedTemporaryFile(dir=self._folder.name) as place:
            while True:
                Path(place.name).write_text("")
                try:
                    return self._pool.schedule(
                        _work, (task, arguments, skip, place.name), timeout=self._limits.seconds
                    ).result()
                except Exception as error:  # noqa: BLE001 (whatever crashes a reader is a fact about that mail)
                    part = Path(place.name).read_text()
                    if not part or part in skip or len(skip) >= MOST_CRASHES:
                        return ReaderCrashed(self._report(error))
                    skip[part] = f"its reader was stopped: {self._cause(error)}"

    def _cause(self, error: Exception) -> str:
        """A sentence for the Part."""
        if isinstance(error, TooSlow):
            return f"it took more than {self._limits.seconds:g} seconds"
        if isinstance(error, MemoryError):
            return f"it wanted more than {self._limits.memory / 1e6:.0f} MB of memory"
        if isinstance(error, ProcessExpired):
            return f"the process crashed ({error})"
        return f"{type(error).__name__}: {error}"

    def _report(self, error: Exception) -> str:
        remote = getattr(error, "traceback", None)
        return f"{self._cause(error)}\n{remote or ''.join(traceback.format_exception(error))}"


class _Child:
    """What a child holds between its tasks."""

    consultation: Consultation
    converters: Converters


def _begin(consultation: Consultation, memory: int, programs: Converters) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    _Child.consultation = consultation
    _Child.converters = programs


def _work(task: Task, arguments: tuple[Any, ...], skip: Mapping[str, str], place: str) -> Any:
    at = partial(_note, place)
    return task(*arguments, _Child.consultation, _Child.converters, skip=skip, at=at)


def _note(place: str, part: str) -> None:
    """Writes down which Part is being read now."""
    Path(place).write_text(part)
