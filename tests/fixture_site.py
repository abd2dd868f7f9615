"""The pages of an inbox on a real port, and a browser page that remembers what went wrong on it."""

from collections.abc import Iterator
from typing import Any

import pytest
from fixture_chromium import served
from fixture_inbox import NOW, Inbox

from api.app import create_app
from settings import Settings

WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def site(inbox: Inbox) -> Iterator[str]:
    with served(create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW)) as address:
        yield address


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport=WIDE)
    yield watched(context)
    context.close()


@pytest.fixture
def page_without_scripts(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False)
    yield watched(context)
    context.close()


def watched(context: Any) -> Any:
    """A page whose `errors` are what its console and its scripts complain of."""
    page = context.new_page()
    page.errors = []
    page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    return page
