"""One bad mail stops nobody: what kills its reader is a fact about one Part."""

import os
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ingest.sandbox import Limits, ReaderCrashed, Sandbox
from parsing.model import Consultation
from store import register
from store.shipped import shipped_draft

CONSULTATION = Consultation(shipped_draft(), register.load())
LIMITS = Limits(seconds=3, memory=1_000_000_000, workers=1)


def _parts(parts: Mapping[str, str], _c: Any, _v: Any, *, skip: Mapping[str, str], at: Callable[[str], None]) -> str:
    """A reader of parts: "dies", "hangs", "eats", "raises" do so; others are read. Its answer names what was read."""
    read = []
    for name, what in parts.items():
        if name in skip:
            read.append(f"{name} skipped: {skip[name]}")
            continue
        at(name)
        if what == "dies":
            os._exit(9)
        if what == "hangs":
            time.sleep(60)
        if what == "eats":
            bytearray(2_000_000_000)
        if what == "raises":
            raise ValueError("no such thing")
        read.append(name)
    at("")
    return "; ".join(read)


@pytest.fixture(scope="module")
def sandbox() -> Any:
    with Sandbox(CONSULTATION, LIMITS) as children:
        yield children


@pytest.mark.parametrize(
    ("what", "stated"),
    [
        ("fine", "a; b"),
        ("dies", "a skipped: its reader was stopped: the process crashed"),
        ("hangs", "a skipped: its reader was stopped: it took more than 3 seconds"),
        ("eats", "a skipped: its reader was stopped: it wanted more than 1000 MB of memory"),
        ("raises", "a skipped: its reader was stopped: ValueError: no such thing"),
    ],
)
def test_a_part_that_kills_its_reader_is_left_out_and_the_rest_is_read(
    sandbox: Sandbox, what: str, stated: str
) -> None:
    answer = sandbox.run(_parts, ({"a": what, "b": "fine"},))
    assert answer.startswith(stated)
    assert answer.endswith("; b")


def test_a_mail_that_dies_outside_any_part_is_given_up_with_the_reason(sandbox: Sandbox) -> None:
    answer = sandbox.run(_parts, ({"": "raises"},))
    assert isinstance(answer, ReaderCrashed)
    assert "ValueError: no such thing" in str(answer)


def test_results_come_in_the_order_of_what_was_asked(sandbox: Sandbox) -> None:
    asked = [({str(n): "fine"},) for n in range(7)]
    assert list(sandbox.map(_parts, asked)) == [str(n) for n in range(7)]
