"""One bad mail stops nobody: what crashes its reader, or takes too much, is a fact about one Part."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sandbox_tasks import read_parts

from ingest import scratch
from ingest.intake import Interrupted
from ingest.sandbox import PartLimits, ReaderCrashed, ReaderNotStarted, Sandbox
from parsing.model import Consultation
from store import register
from store.shipped import shipped_draft

pytestmark = pytest.mark.outside
ROOT = Path(__file__).parent.parent
CONSULTATION = Consultation(shipped_draft(), register.load())
LIMITS = PartLimits(seconds=6, memory=600_000_000, workers=1)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(CONSULTATION, LIMITS) as children:
        yield children


@pytest.mark.parametrize(
    ("what", "stated"),
    [
        ("fine", "a; b"),
        ("dies", "a: its reading was stopped: its process crashed (exit code 9); b"),
        ("aborts", "a: its reading was stopped: its process crashed (SIGABRT): Fatal Python error: Aborted; b"),
        ("hangs", "a: its reading was stopped: it took more than 6 seconds; b"),
        ("eats", "a: its reading was stopped: it needed more than 600 MB of memory; b"),
        ("raises", "a: its reading was stopped: ValueError: no such thing (sandbox_tasks.py, line "),
    ],
)
def test_a_part_that_crashes_its_reader_is_left_out_and_the_rest_is_read(
    sandbox: Sandbox, what: str, stated: str
) -> None:
    answer = sandbox.run(read_parts, ({"a": what, "b": "fine"},))
    assert answer.startswith(stated)
    assert answer.endswith("; b")


def test_each_part_has_the_whole_time(sandbox: Sandbox, tmp_path: Path) -> None:
    parts = {name: f"counted {tmp_path}/{name}" for name in "abcd"}
    assert sandbox.run(read_parts, (parts,)) == "a; b; c; d"


def test_each_part_has_memory_of_its_own(sandbox: Sandbox) -> None:
    assert sandbox.run(read_parts, ({"a": "holds", "b": "holds"},)) == "a; b"


def test_what_took_long_before_a_crash_is_not_read_again(sandbox: Sandbox, tmp_path: Path) -> None:
    parts = {"a": f"counted {tmp_path}/a", "b": "dies", "c": f"counted {tmp_path}/c", "d": "hangs", "e": "fine"}
    answer = sandbox.run(read_parts, (parts,))
    assert [part.partition(":")[0] for part in answer.split("; ")] == list(parts)
    assert [Path(tmp_path, name).read_text() for name in "ac"] == ["x", "x"]


def test_the_time_for_one_mail_ends_and_what_was_read_before_stays(tmp_path: Path) -> None:
    parts = {"quick": "fine", "long": f"counted {tmp_path}/long", "a": "hangs", "b": "hangs", "last": "fine"}
    with Sandbox(CONSULTATION, PartLimits(seconds=5, workers=1, parts=2)) as children:
        children.run(read_parts, ({"a": "fine"},))  # the child's start is not a part of what is measured
        read = children.run(read_parts, (parts,)).split("; ")
    assert read[:3] == ["quick", "long", "a: its reading was stopped: it took more than 5 seconds"]
    assert read[-1] == "last: it was not read: the 10 seconds for one mail were used up before"
    assert (tmp_path / "long").read_text() == "x"


def test_a_stray_kill_is_tried_again(sandbox: Sandbox, tmp_path: Path) -> None:
    assert sandbox.run(read_parts, ({"a": f"killed-once {tmp_path}/a", "b": "fine"},)) == "a; b"


def kill_the_readers() -> None:
    """All of this process: those that other tests keep are replaced."""
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):  # another child that just ended
            if "ingest.reader" in " ".join(child.cmdline()):
                child.kill()


def test_a_kill_from_outside_in_the_middle_is_tried_again(sandbox: Sandbox, tmp_path: Path) -> None:
    def kill_when_it_reads() -> None:
        while not (tmp_path / "a").exists():
            time.sleep(0.01)
        kill_the_readers()

    killer = threading.Thread(target=kill_when_it_reads)
    killer.start()
    assert sandbox.run(read_parts, ({"a": f"counted {tmp_path}/a"},)) == "a"
    killer.join()
    assert (tmp_path / "a").read_text() == "xx"


def test_a_child_that_is_killed_while_it_waits_is_replaced(sandbox: Sandbox, tmp_path: Path) -> None:
    assert sandbox.run(read_parts, ({"a": "fine"},)) == "a"
    kill_the_readers()
    assert sandbox.run(read_parts, ({"a": f"killed-once {tmp_path}/a"},)) == "a"


def test_a_mail_that_crashes_outside_any_part_is_given_up_with_the_reason(sandbox: Sandbox) -> None:
    answer = sandbox.run(read_parts, ({"": "raises"},))
    assert isinstance(answer, ReaderCrashed)
    assert answer.cause.startswith("ValueError: no such thing")
    assert "Traceback" in answer.report


def test_results_come_in_the_order_of_what_was_asked(sandbox: Sandbox) -> None:
    asked = [({str(n): "fine"},) for n in range(7)]
    assert list(sandbox.map(read_parts, asked)) == [str(n) for n in range(7)]


def test_stopping_ends_what_is_being_read_at_once(tmp_path: Path) -> None:
    stop, began = threading.Event(), list[float]()

    def stop_the_reading() -> None:
        while not (tmp_path / "a").exists():
            time.sleep(0.01)
        began.append(time.monotonic())
        stop.set()

    stopper = threading.Thread(target=stop_the_reading)
    stopper.start()
    with Sandbox(CONSULTATION, PartLimits(seconds=60, workers=1), stop) as children, pytest.raises(Interrupted):
        children.run(read_parts, ({"a": f"hangs {tmp_path}/a"},))
    stopper.join()
    assert time.monotonic() - began[0] < 30


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 1", "it ended at once"),
        ("echo; echo Not today >&2; exit 1", "Not today"),
        ("exec sleep 60", "it was not ready within 1 seconds"),
        (None, r"\[Errno 2\].*"),
    ],
)
def test_a_reader_that_cannot_start_is_one_line_within_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, why: str
) -> None:
    program = tmp_path / "python"
    if script:
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    began = time.monotonic()
    with (
        Sandbox(CONSULTATION, PartLimits(start=1)) as children,
        pytest.raises(ReaderNotStarted, match=f"^no process that reads can be started: {why}$"),
    ):
        children.run(read_parts, ({"a": "fine"},))
    assert time.monotonic() - began < 30


def test_without_a_temporary_folder_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(ReaderNotStarted, match="no temporary folder can be made"):
        Sandbox(CONSULTATION, LIMITS)


_OWNER = """
import sys
import time
from sandbox_tasks import read_parts
from test_sandbox import CONSULTATION, LIMITS
from ingest.sandbox import Sandbox
with Sandbox(CONSULTATION, LIMITS) as children:
    children.run(read_parts, ({"a": "fine"},))
    print("ready", flush=True)
    if sys.argv[1] == "reading":
        children.run(read_parts, ({"a": "hangs"},))
    time.sleep(60)
"""


@pytest.mark.parametrize("doing", ["reading", "nothing"])
def test_its_folder_and_children_go_when_their_owner_is_killed(tmp_path: Path, doing: str) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, doing],
        env=os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        stdout=subprocess.PIPE,
    )
    assert owner.stdout is not None
    with owner.stdout as out:
        assert out.readline() == b"ready\n"
    children = psutil.Process(owner.pid).children(recursive=True)
    owner.kill()
    owner.wait()
    assert psutil.wait_procs(children, timeout=10)[1] == []
    end = time.monotonic() + 10  # who tidies up may be none of the children that were there a moment ago
    while list(tmp_path.iterdir()) and time.monotonic() < end:
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_a_killed_owner_left_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / f"{scratch.PREFIX}left"
    left.mkdir()
    (left / "owner").touch()
    kept = scratch.Scratch()
    other = scratch.Scratch()
    assert set(tmp_path.iterdir()) == {kept.folder, other.folder}
    kept.close()
    other.close()
    assert list(tmp_path.iterdir()) == []
