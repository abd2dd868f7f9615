"""The application on a real port, and Debian's Chromium to look at it."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip


@contextmanager
def served(app: FastAPI, http: Any = "auto") -> Iterator[str]:
    """The address of the application, served on a free port of this machine until the end."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", lifespan="off", ws="none", proxy_headers=False, http=http)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


def chromium_program() -> str:
    """Where Debian's Chromium is: the one without windows, for which a page costs half as much, or the whole."""
    from conftest import need  # noqa: PLC0415 - a plugin of conftest cannot import it while conftest loads

    return shutil.which("chromium-headless-shell") or need("chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running browser. Without Debian's Chromium the test is skipped; with CI=true it fails."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    program = chromium_program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()
