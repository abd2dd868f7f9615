"""What every test can use: servers and browsers from fixtures, and `need` for what must be installed.

A test that reaches out of its process (to a store, a server, a browser, a program) is marked `outside`, by the fixtures
that it uses or by its module. The others are the fast lane, `make quick`, and a fence keeps them inside.
"""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile("no seconds", deadline=None)
hypothesis.settings.load_profile("no seconds")

pytest_plugins = [
    "fixture_store",
    "fixture_reader",
    "fixture_dovecot",
    "fixture_imap_script",
    "fixture_smtp",
    "fixture_hook",
    "fixture_chromium",
    "fixture_clamd",
    "fixture_token_server",
]

OUTSIDE = {"certificate", "chromium", "hook", "own_postgres", "post_office", "postgres", "sqlite_url", "store_url"}
"""The fixtures on which all others rest that start something or keep a store."""
LONG = 16
"""Bytes that say what they are in a test's name are no longer; the head of a made file is."""
REACHING_OUT = {
    "os.fork", "os.posix_spawn", "os.system", "socket.bind", "socket.connect", "sqlite3.connect", "subprocess.Popen",
}  # fmt: skip
"""Names of the interpreter's own audit events."""


def need(program: str, *places: str) -> str:
    """The path of a program. Without it the test is skipped with the reason; with CI=true it fails."""
    found = shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *places]))
    if found is None:
        reason = f"{program} is not installed (scripts/system-packages)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long bytes are named by their argument: an archive holds the time when it was made, or chance, and the workers
    that run the tests side by side must agree on names.
    """
    return argname if isinstance(val, bytes) and len(val) > LONG else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is imported and collected stays until the end: neither the collector of garbage nor a forked command walks
    through these millions of objects again and again.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that reach outside come first: they are the long ones, and at the end no worker waits for another."""
    for item in items:
        if OUTSIDE.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("outside")
    items.sort(key=lambda item: item.get_closest_marker("outside") is None)


class _Fence:
    """Raises where a test of the fast lane reaches out. An audit hook cannot be taken away again, so it is switched."""

    up = False

    def __call__(self, event: str, _arguments: tuple[Any, ...]) -> None:
        if self.up and event in REACHING_OUT:
            raise RuntimeError(f"{event}: a test that reaches out of its process is marked `outside`")


FENCE = _Fence()
sys.addaudithook(FENCE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    FENCE.up = item.get_closest_marker("outside") is None
    try:
        return (yield)
    finally:
        FENCE.up = False
