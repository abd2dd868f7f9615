"""Pollers as processes of their own that die, or stop, at the n-th durable step: before or after each commit. Whatever
commits is counted, so that no step can be forgotten."""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence

from sqlalchemy import event
from sqlalchemy.orm import Session
from test_fetch import poll

from ingest.fetch import exit_code
from settings import Mailbox
from store.lease import LeaseHeld, LeaseLost
from store.session import open_store, sessions

NO_SUCH_STEP, HELD, LOST, BROKEN = 0, 41, 42, 43


def polling_process(
    url: str,
    mailboxes: Sequence[Mailbox],
    *,
    at: int = 0,
    does: signal.Signals = signal.SIGKILL,
    ready: tuple[int, int] | None = None,
) -> int:
    """The number of a new process that polls once. At step `at` it sends itself the signal; with `ready` it begins when
    that pipe is closed."""
    pid = os.fork()
    if pid:
        return pid
    code = BROKEN
    try:
        if ready is not None:
            os.close(ready[1])
            os.read(ready[0], 1)
        code = _poll(url, mailboxes, at, does)
    except BaseException:  # noqa: BLE001 # the process ends here
        traceback.print_exc()
    finally:
        os._exit(code)


def _poll(url: str, mailboxes: Sequence[Mailbox], at: int, does: signal.Signals) -> int:
    engine = open_store(url)
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == at:
            os.kill(os.getpid(), does)

    def after(session: Session) -> None:
        if not session.in_nested_transaction():
            step()

    store = sessions(engine)
    event.listen(engine, "commit", step)
    event.listen(store, "after_commit", after)
    try:
        polled = poll(store, *mailboxes, largest=3_000)
        sys.stderr.write("".join(f"{one.error}\n" for one in polled if one.error))
        return exit_code(polled)
    except LeaseHeld:
        return HELD
    except LeaseLost:
        return LOST
    finally:
        engine.dispose()


def ended(pid: int) -> int:
    """How the process ended: its exit code, or minus the signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def until_no_step_is_left(run: Callable[[int], int]) -> int:
    """How many steps there were: `run(n)` is called for 1, 2, 3 … until a process got through without dying."""
    n = 1
    while (code := run(n)) == -signal.SIGKILL:
        n += 1
    assert code == NO_SUCH_STEP
    return n - 1
