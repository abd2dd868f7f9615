"""Runs the reading in child processes, each Part within limits of time and memory.

A child that crashes has said which step it was at. That is tried once more, since a stray kill says nothing about the
Part; then the mail is read without it.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from pathlib import Path
from threading import BoundedSemaphore, Event, Lock
from typing import Any, Self, TypeVar

from ingest.convert import converters
from ingest.intake import Interrupted
from ingest.isolation import (
    LARGEST_ANSWER,
    InvalidResult,
    environment,
    find_isolation,
    isolating_command,
    most_processes,
    received_value,
)
from ingest.reader import OUTSIDE, AtStep, Done, Order, Raised, Ready, Setup, Task
from ingest.scratch import Scratch
from parsing.model import Consultation

T = TypeVar("T")
SERVE = "from ingest.reader import serve; serve()"

TASKS_OF_A_CHILD = 100
"""A child is replaced after so many tasks, and what a library leaked goes with it."""
STARTS_IN = 30.0
"""Seconds; a child is ready after one or two on a machine that is not busy."""
PARTS_OF_A_MAIL = 10
"""Ten files that each take nearly all of their minute are more than a delegation sends; the rest is left unread."""
LOOKS_EVERY = 0.25
"""Seconds between two looks whether it is time to stop."""


class ReaderNotStarted(Exception):
    """No child process that reads can be started here; the message says why. Nothing is lost: try later."""

    exit_code = 75


@dataclass(frozen=True, slots=True)
class ReaderCrashed:
    """In the place of a result: the reading of a whole mail crashed. `cause` is a sentence, `report` the traceback or
    how the child ended.
    """

    cause: str
    report: str


@dataclass(frozen=True, slots=True)
class PartLimits:
    """What the reading of one Part may take: seconds, and bytes of memory."""

    seconds: float = 60.0
    memory: int = 2_048_000_000
    workers: int = 2
    parts: int = PARTS_OF_A_MAIL
    """A whole mail may take so many times the time of one Part."""
    start: float = STARTS_IN
    """Seconds in which a child must be ready."""


class Sandbox:
    """Children that read. Leave it with `with`: no child outlives it, nor its temporary folder. `stop`, when set, ends
    what is being read. Raises ReaderNotStarted.
    """

    def __init__(self, consultation: Consultation, limits: PartLimits, stop: Event | None = None) -> None:
        self._limits = limits
        self._stop = stop or Event()
        try:
            self._scratch = Scratch()
        except OSError as error:
            raise ReaderNotStarted(f"no temporary folder can be made (TMPDIR sets where): {error}") from error
        folder = self._scratch.folder
        programs = converters(str(folder))
        isolated_by = find_isolation().how
        self._setup = Setup(
            consultation, programs, limits.memory, limits.seconds, folder, isolated_by, most_processes()
        )
        self._threads = ThreadPoolExecutor(limits.workers)
        self._slots = BoundedSemaphore(limits.workers)
        self._lock = Lock()
        self._idle: list[_Child] = []
        self._busy: list[_Child] = []
        self._closed = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        with self._lock:
            for child in self._idle:
                child.end()
            for child in self._busy:
                child.kill()  # the thread that waits for it ends it
        self._threads.shutdown(cancel_futures=True)
        self._scratch.close()

    def map(self, task: Task, inputs: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """The results of task(*input) in the order of the inputs, or a ReaderCrashed in a result's place. Raises
        Interrupted, ReaderNotStarted.
        """
        return self.each(lambda *arguments: self.run(task, arguments), inputs)

    def each(self, work: Callable[..., T], inputs: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        """The results of work(*input) in the order of the inputs; the work runs tasks here. No more inputs are held at
        once than the children need.
        """
        waiting: deque[Future[T]] = deque()
        for arguments in inputs:
            waiting.append(self._threads.submit(work, *arguments))
            if len(waiting) > 2 * self._limits.workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def run(self, task: Task, arguments: tuple[Any, ...]) -> Any:
        """The result of task(*arguments), without the Parts that crashed their reader or took too much; or a
        ReaderCrashed. Raises Interrupted, ReaderNotStarted.
        """
        with self._slots, tempfile.TemporaryDirectory(dir=self._scratch.folder, ignore_cleanup_errors=True) as kept:
            whole = self._limits.parts * self._limits.seconds
            attempts = _Attempts(task, arguments, Path(kept), whole)
            while True:
                try:
                    answer = self._try(attempts)
                except _Ended as end:
                    if not attempts.may_go_on_after(end):
                        return ReaderCrashed(end.cause, end.cause)
                    continue
                if isinstance(answer, Raised):
                    return ReaderCrashed(answer.cause, answer.traceback)
                return answer.result

    def _try(self, attempts: "_Attempts") -> Done | Raised:
        child = self._take()
        try:
            answer = child.answer(attempts, self._should_stop)
        except BaseException:
            child.end()
            self._should_stop()
            raise
        finally:
            self._give_back(child)
        return answer

    def _should_stop(self) -> None:
        if self._stop.is_set() or self._closed.is_set():
            raise Interrupted("stopped in the middle of a mail; it is read the next time")

    def _take(self) -> "_Child":
        self._should_stop()
        child = self._idle_one() or _Child(self._setup, self._limits.start)
        with self._lock:
            self._busy.append(child)
        return child

    def _idle_one(self) -> "_Child | None":
        """A child that waits for work; one that was killed meanwhile is no more."""
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.lives:
                    return child
                child.end()
        return None

    def _give_back(self, child: "_Child") -> None:
        with self._lock:
            self._busy.remove(child)
            if child.lives and child.tasks < TASKS_OF_A_CHILD and not self._closed.is_set():
                self._idle.append(child)
                return
        child.end()


class _Ended(Exception):
    """A child ended in the middle of a task, or was ended. `may_pass` says that another try may succeed."""

    def __init__(self, step: str, cause: str, *, may_pass: bool = False) -> None:
        super().__init__(cause)
        self.step, self.cause, self.may_pass = step, cause, may_pass


class _TimeIsUp(_Ended):
    """The time for the whole mail is used up."""


@dataclass
class _Attempts:
    """The attempts at one task: which steps are not to be tried again."""

    task: Task
    arguments: tuple[Any, ...]
    kept: Path
    whole: float
    skip: dict[str, str] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    rest: str = ""

    def __post_init__(self) -> None:
        self.ends = time.monotonic() + self.whole

    def order(self) -> Order:
        return Order(self.task, self.arguments, dict(self.skip), self.kept, frozenset(self.done), self.rest)

    def check_time(self, step: str) -> None:
        """Raises _TimeIsUp where a Part is begun after the time for the whole mail."""
        if step != OUTSIDE and time.monotonic() > self.ends:
            raise _TimeIsUp(step, f"it was not read: the {self.whole:g} seconds for one mail were used up before")

    def may_go_on_after(self, end: _Ended) -> bool:
        """Whether another attempt may succeed; it then leaves out what ended this one."""
        if isinstance(end, _TimeIsUp):
            self.rest, self.ends = end.cause, float("inf")
            return True
        if end.may_pass and end.step not in self.tried:
            self.tried.add(end.step)
            return True
        if end.step == OUTSIDE or end.step in self.skip:
            return False
        self.skip[end.step] = f"its reading was stopped: {end.cause}"
        return True


class _Child:
    """One process that reads, and the pipe to it. Raises ReaderNotStarted."""

    def __init__(self, setup: Setup, start: float) -> None:
        self.tasks = 0
        self._seconds = setup.seconds
        self._open = ExitStack()
        try:
            self._start(setup)
        except OSError as error:
            self._open.close()
            raise ReaderNotStarted(f"no process that reads can be started: {error}") from error
        self._begin(setup, start)

    def _start(self, setup: Setup) -> None:
        """Starts the process with the child's ends of two pipes: one for tasks, one that ends with this process."""
        self._errors = self._open.enter_context(tempfile.TemporaryFile(dir=setup.folder))  # noqa: SIM115 (closed by it)
        with ExitStack() as theirs:
            ours, tasks = Pipe()
            self._pipe = self._open.enter_context(ours)
            theirs.enter_context(tasks)
            life, our_life = os.pipe()
            theirs.callback(os.close, life)
            self._open.callback(os.close, our_life)
            home = self._open.enter_context(tempfile.TemporaryDirectory(dir=setup.folder, ignore_cleanup_errors=True))
            command = [sys.executable, "-P", "-c", SERVE, str(tasks.fileno()), str(life)]
            self._process = subprocess.Popen(
                [*isolating_command(setup.isolated_by), *command],
                pass_fds=(tasks.fileno(), life),
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                env=environment(HOME=home, TMPDIR=home, PYTHONFAULTHANDLER="1"),
            )

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def _begin(self, setup: Setup, start: float) -> None:
        why = f"it was not ready within {start:g} seconds"
        try:
            self._pipe.send(setup)
            if self._pipe.poll(start) and isinstance(received_value(self._pipe.recv_bytes(LARGEST_ANSWER)), Ready):
                return
        except (EOFError, OSError, InvalidResult):
            why = self._end_of_stderr() or "it ended at once"
        self.end()
        raise ReaderNotStarted(f"no process that reads can be started: {why}")

    def answer(self, attempts: _Attempts, should_stop: Callable[[], None]) -> Done | Raised:
        """The outcome of the attempt. Raises _Ended; `should_stop` raises where it is time to stop."""
        self.tasks += 1
        step = OUTSIDE
        try:
            self._pipe.send(attempts.order())
            while True:
                attempts.check_time(step)
                self._wait(step, should_stop)
                message = self._received()
                if not isinstance(message, AtStep):
                    return message
                if message.step == OUTSIDE:
                    attempts.done.add(step)
                step = message.step
        except (EOFError, OSError):
            raise _Ended(step, self._how_it_ended(), may_pass=True) from None
        except InvalidResult as error:
            raise _Ended(step, str(error)) from None

    def _received(self) -> Done | Raised | AtStep:
        """What the child says. Raises InvalidResult where that is nothing that a reader says; EOFError, OSError."""
        try:
            said = received_value(self._pipe.recv_bytes(LARGEST_ANSWER))
        except OSError as error:
            if "bad message length" in str(error):
                raise InvalidResult(f"a reader gave back more than {LARGEST_ANSWER // 1_000_000} MB") from None
            raise
        if not isinstance(said, Done | Raised | AtStep):
            raise InvalidResult(f"a reader gave back {type(said).__name__}")
        return said

    def _wait(self, step: str, should_stop: Callable[[], None]) -> None:
        """Until the child has something to say. Each step has its own time."""
        until = time.monotonic() + self._seconds
        while not self._pipe.poll(LOOKS_EVERY):
            should_stop()
            if time.monotonic() > until:
                raise _Ended(step, f"it took more than {self._seconds:g} seconds")

    def _how_it_ended(self) -> str:
        words = self._end_of_stderr()
        self.kill()
        code = self._process.wait()
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"its process crashed ({name})" + (f": {words}" if words else "")

    def _end_of_stderr(self) -> str:
        """What the process wrote to its standard error at its end, in a line."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines() or [""]
        return next((line for line in lines if line.startswith("Fatal Python error")), lines[-1])[:300]

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        """Ends the process and closes what belongs to it; a second call does nothing."""
        self.kill()
        self._process.wait()
        self._open.close()
