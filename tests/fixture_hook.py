"""An address on 127.0.0.1 that is called: webhooks and pings, counted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from private_server import QuietHandler, answering


@dataclass
class Hook:
    """`calls` are the methods, paths and JSON bodies; `status` is what is answered."""

    url: str = ""
    status: int = 200
    calls: list[tuple[str, str, Any]] = field(default_factory=list)

    def bodies(self, path: str) -> list[Any]:
        return [body for _, called, body in self.calls if called == path]


@contextmanager
def open_hook() -> Iterator[Hook]:
    """One that listens until the block ends."""
    hook = Hook()

    class HookHandler(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that the library calls
            self._answer(None)

        def do_POST(self) -> None:  # noqa: N802 - the name that the library calls
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body: Any) -> None:
            hook.calls.append((self.command, self.path, body))
            self.send_response(hook.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with answering(HookHandler) as hook.url:
        yield hook


@pytest.fixture
def hook() -> Iterator[Hook]:
    with open_hook() as listening:
        yield listening
