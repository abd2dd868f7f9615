"""What a reader that a file has taken over may not do, and no program that it starts."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import need
from private_server import NOBODY
from sandbox_tasks import converted, give_back, read_parts

from ingest import isolation
from ingest.sandbox import PartLimits, ReaderCrashed, Sandbox
from parsing.model import Consultation
from store import register
from store.shipped import shipped_draft

pytestmark = pytest.mark.outside
CONSULTATION = Consultation(shipped_draft(), register.load())
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(CONSULTATION, PartLimits(seconds=20, workers=1)) as children:
        yield children


@pytest.fixture
def listening() -> Iterator[int]:
    """The port of a service of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


needs_isolation = pytest.mark.skipif(
    isolation.find_isolation().how == "none", reason=f"no cage here: {isolation.find_isolation().why}"
)


@needs_isolation
@pytest.mark.parametrize("who", ["connects", "program"])
def test_a_reader_finds_no_network_nor_does_what_it_starts(sandbox: Sandbox, listening: int, who: str) -> None:
    answer = sandbox.run(read_parts, ({"a": f"{who} {listening}", "b": "fine"},))
    assert answer.startswith(
        "a: its reading was stopped: " + ("PermissionError" if who == "connects" else "OSError: it found no network")
    )
    assert answer.endswith("; b")


@pytest.mark.parametrize("way", ["seccomp", "unshare"])
def test_in_either_way_files_are_read_and_no_service_is_reached(
    monkeypatch: pytest.MonkeyPatch, listening: int, way: isolation.Way
) -> None:
    need("soffice")
    if why := isolation._tried(way):
        pytest.skip(f"{way}: {why}")
    monkeypatch.setattr("ingest.sandbox.find_isolation", lambda: isolation.Isolation(way))
    with Sandbox(CONSULTATION, PartLimits(seconds=40, workers=1)) as children:
        assert children.run(converted, (b"{\\rtf1 text}", ".rtf"))[:2] == b"PK"
        for who in ("connects", "program"):
            assert children.run(read_parts, ({"a": f"{who} {listening}"},)).startswith("a: its reading was stopped: ")
        assert children.run(read_parts, ({"a": "fine"},)) == "a"


@pytest.mark.parametrize("way", ["seccomp", "unshare"])
def test_each_way_takes_the_network_away_where_the_kernel_lets_it(way: isolation.Way) -> None:
    if why := isolation._tried(way):
        pytest.skip(f"{way}: {why}")
    assert why == ""


def test_where_nothing_helps_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_tried", lambda how: f"{how} is not here")
    assert isolation.find_isolation.__wrapped__() == isolation.Isolation(
        "none", "seccomp: seccomp is not here; unshare: unshare is not here"
    )


def test_a_reader_is_given_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUNMING_MAILBOX_OUTCOME__PASSWORD", "secret")
    monkeypatch.setenv("CLIENT_SECRET", "secret")
    with Sandbox(CONSULTATION, PartLimits(seconds=20, workers=1)) as children:
        assert "ValueError: none" in children.run(read_parts, ({"a": "shows-variables"},))


def test_what_is_left_at_home_is_gone_before_the_next_mail(sandbox: Sandbox) -> None:
    said = [sandbox.run(read_parts, ({"a": "leaves-files"},)) for _ in range(2)]
    homes = [one.split(" in ")[1].split(" (")[0].split() for one in said]
    assert all("ValueError: 0 in " in one for one in said)
    assert homes[0] == homes[1]
    assert homes[0][0] == homes[0][1]
    assert Path(homes[0][0]).parent.name.startswith("kunming-reading-")


def test_the_home_goes_with_the_reader() -> None:
    with Sandbox(CONSULTATION, PartLimits(seconds=20, workers=1)) as children:
        said = children.run(read_parts, ({"a": "leaves-files"},))
        home = Path(said.split(" in ")[1].split()[0])
        assert home.is_dir()
    assert not home.exists()


@pytest.mark.parametrize(("who", "why"), [("writes", "File too large"), ("opens", "Too many open files")])
def test_files_have_a_limit(sandbox: Sandbox, who: str, why: str) -> None:
    assert why in sandbox.run(read_parts, ({"a": who},))


_FORKS = f"""
import os, signal, time
from ingest import isolation
os.setgid({NOBODY})
os.setuid({NOBODY})
isolation.limit_resources(20)
started = []
try:
    while len(started) < 100:
        started.append(os.fork())
        if not started[-1]:
            time.sleep(60)
except OSError as error:
    print(error, len(started) < 20)
for one in started:
    os.kill(one, signal.SIGKILL)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become another user")
def test_processes_have_a_limit() -> None:
    """Tried as a user that has none yet, since the system holds root to no number."""
    ended = subprocess.run([sys.executable, "-c", _FORKS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stdout == "[Errno 11] Resource temporarily unavailable True\n", ended.stderr


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("call", "a reader gave back posix.system"),
        ("function", "a reader gave back posix.system"),
        ("other", "a reader gave back pathlib.PosixPath"),
        ("large", "a reader gave back more than 500 MB"),
    ],
)
def test_what_a_reader_gives_back_calls_nothing_here(sandbox: Sandbox, what: str, why: str) -> None:
    answer = sandbox.run(give_back, (what,))
    assert isinstance(answer, ReaderCrashed)
    assert answer.cause == why
    assert not Path("/tmp/this-was-run").exists()
    assert sandbox.run(read_parts, ({"a": "fine"},)) == "a"


@pytest.mark.parametrize("bytes_", [b"", b"\x80", b"cos\nsystem\n(S'true'\ntR.", b"cparsing.reading\nread_mail\n."])
def test_bytes_that_are_no_answer_are_told(bytes_: bytes) -> None:
    with pytest.raises(isolation.InvalidResult):
        isolation.received_value(bytes_)


def test_the_doctor_says_where_readers_find_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isolation.missing_isolation() == [] or isolation.find_isolation().how == "none"
    monkeypatch.setattr(
        isolation, "find_isolation", lambda: isolation.Isolation("none", "seccomp: Unable to find libseccomp")
    )
    [line] = isolation.missing_isolation()
    assert "libseccomp2" in line
    assert line.endswith("seccomp: Unable to find libseccomp")
