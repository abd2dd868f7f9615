"""Downloads are scanned before they are given, where clamd is configured: by a real one, with one signature."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import need
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, document, inbox, message
from httpx import Client
from private_server import server_folder

from api.app import create_app
from api.scan import NoScanner, virus_in
from settings import Settings
from store.audit import read_audit

__all__ = ["inbox"]
pytestmark = pytest.mark.outside
VIRUS = b"this stands for a virus, and is none"
CLAMD = """\
LocalSocket {folder}/clamd.socket
DatabaseDirectory {folder}/signatures
Foreground yes
StreamMaxLength 1M
User root
"""


@pytest.fixture(scope="module")
def scanner() -> Iterator[Path]:
    """The socket of a clamd that knows one virus."""
    program = need("clamd")
    with server_folder() as folder:
        (folder / "signatures").mkdir()
        (folder / "signatures" / "test.ndb").write_text(f"Test.Virus:0:*:{VIRUS.hex()}\n")
        config = folder / "clamd.conf"
        config.write_text(CLAMD.format(folder=folder))
        with (folder / "clamd.log").open("wb") as log:
            process = subprocess.Popen([program, "--config-file", str(config)], stdout=log, stderr=log)
        place = folder / "clamd.socket"
        deadline = time.monotonic() + 60
        while not place.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert place.exists(), (folder / "clamd.log").read_text()
        yield place
        process.terminate()
        process.wait()


def test_a_virus_is_named_and_what_is_none_is_not(scanner: Path) -> None:
    assert virus_in(b"Dear colleagues", scanner) is None
    assert virus_in(b"", scanner) is None
    assert virus_in(b"x" * 200_000 + VIRUS, scanner) == "Test.Virus.UNOFFICIAL"


def test_what_cannot_be_scanned_is_told(scanner: Path, tmp_path: Path) -> None:
    with pytest.raises(NoScanner):
        virus_in(b"x" * 3_000_000, scanner)
    with pytest.raises(NoScanner):
        virus_in(b"x", tmp_path / "none.socket")


def statuses(inbox: Inbox, place: Path, content: bytes) -> tuple[Any, ...]:
    """Of a Part with that content, and of the raw mail."""
    app = create_app(inbox.sessions, Settings(mailboxes=(), clamd=place), lambda: NOW, lambda _raw, _sha256: content)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        mail = inbox.mail(message("NOR"), parts=(document("a.docx"),))
        part = client.get(f"/api/v1/mails/{mail}/parts/0")
        raw = client.get(f"/api/v1/mails/{mail}/raw")
        return part.status_code, raw.status_code, part.text if part.status_code != 200 else ""


def test_a_download_with_a_virus_is_refused_and_kept_in_the_audit_log(inbox: Inbox, scanner: Path) -> None:
    part, raw, told = statuses(inbox, scanner, VIRUS)
    assert (part, raw) == (409, 200)
    assert "Test.Virus" in told
    with inbox.sessions() as session:
        noted = [(one.did, one.what) for one in read_audit(session)]
    assert ("virus found", "mail 1, part 0: Test.Virus.UNOFFICIAL") in noted


def test_a_clean_download_is_given(inbox: Inbox, scanner: Path) -> None:
    assert statuses(inbox, scanner, b"words")[:2] == (200, 200)


def test_without_an_answer_of_the_scanner_nothing_is_given(inbox: Inbox, tmp_path: Path) -> None:
    assert statuses(inbox, tmp_path / "none.socket", b"words")[:2] == (503, 503)
