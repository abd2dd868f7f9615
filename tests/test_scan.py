"""Each Part is scanned when it is read, and again before it is given: by a real clamd, with one signature."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fixture_chromium import served
from fixture_clamd import VIRUS
from fixture_inbox import DRAFT, NOW, REGISTER, Inbox, document, inbox, message
from httpx import Client
from private_server import server_folder

import clamd
from api.app import create_app
from clamd import NoScanner, NotScanned, virus_in, why_away
from commands.context import CommandContext
from consultation.kept import VirusScan
from ingest.intake import now
from ingest.sandbox import PartLimits, Sandbox
from ingest.viruses import scan_new
from parsing.model import Consultation, Part, Reading
from settings import Settings
from store.audit import read_audit
from store.erasure import erase
from store.reads.mails import read_texts
from store.reads.snapshot import read_consultation
from store.viruses import keep_scan, scans_of

__all__ = ["inbox"]
pytestmark = pytest.mark.outside


def test_a_virus_is_named_and_what_is_none_is_not(scanner: Path) -> None:
    assert virus_in(b"Dear colleagues", scanner) is None
    assert virus_in(b"", scanner) is None
    assert virus_in(b"x" * 200_000 + VIRUS, scanner) == "Test.Virus.UNOFFICIAL"


def test_what_cannot_be_scanned_is_told(scanner: Path, tmp_path: Path) -> None:
    with pytest.raises(NotScanned, match="size limit"):
        virus_in(b"x" * 3_000_000, scanner)
    with pytest.raises(NoScanner):
        virus_in(b"x", tmp_path / "none.socket")
    assert (why_away(scanner), "none.socket: No such file" in why_away(tmp_path / "none.socket")) == ("", True)


BROKEN = [(True, "ended without an answer"), (False, "said nothing for 0.2 seconds")]


@pytest.mark.parametrize(("ends", "why"), BROKEN)
@pytest.mark.parametrize("goes_on", [True, False])
def test_a_file_at_which_the_scanner_ends_or_hangs_is_told_of_and_the_next_is_scanned(
    inbox: Inbox, children: Sandbox, monkeypatch: pytest.MonkeyPatch, ends: bool, why: str, goes_on: bool
) -> None:
    monkeypatch.setattr(clamd, "SECONDS", 0.2)
    monkeypatch.setattr(clamd, "PING_SECONDS", 0.2)
    keep_mail(inbox, {"a.bin": b"words"})
    with server_folder() as folder, broken_scanner(folder / "clamd.socket", ends=ends, goes_on=goes_on) as place:
        for _ in range(2):  # one that is away is asked again the next time, about the next file
            scan(inbox, children, place)
    with inbox.sessions() as session:
        said = [(one.verdict, why in one.said) for one in scans_of(session, 1).values()]
    assert said == [("failed", True)] * 2


@contextmanager
def broken_scanner(place: Path, *, ends: bool, goes_on: bool) -> Iterator[Path]:
    """One that takes a file and says nothing, and closes the connection or does not; it may still answer PING."""
    held: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                held.append(listening.accept()[0])
                if held[-1].recv(6).startswith(b"zPING"):
                    if goes_on:
                        held[-1].sendall(b"PONG\0")
                    held[-1].close()
                elif ends:
                    held[-1].recv(1000)
                    held[-1].close()

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield place
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            for one in held:
                one.close()


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
    assert (part, raw) == (409, 409)
    assert "Test.Virus" in told
    with inbox.sessions() as session:
        noted = [(one.did, one.what) for one in read_audit(session)]
    assert ("virus found", "mail 1, part 0: Test.Virus.UNOFFICIAL") in noted


def test_a_clean_download_is_given(inbox: Inbox, scanner: Path) -> None:
    assert statuses(inbox, scanner, b"words")[:2] == (200, 200)


def test_without_an_answer_of_the_scanner_nothing_is_given(inbox: Inbox, tmp_path: Path) -> None:
    assert statuses(inbox, tmp_path / "none.socket", b"words")[:2] == (503, 503)


# --- as an outcome of the Part, when mails are read -------------------------------------------------------

FILES = {"comments.txt": b"In paragraph 5, delete effective.", "tool.bin": VIRUS, "large.bin": bytes(1_500_000)}


def raw_mail(files: dict[str, bytes]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "office@example.org", "Comments", "Mon, 06 Sep 2021 10:00:00 +0000"
    mail.set_content("Please find our comments attached.")
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


@pytest.fixture(scope="module")
def children() -> Iterator[Sandbox]:
    with Sandbox(Consultation(DRAFT, REGISTER), PartLimits(workers=1)) as made:
        yield made


def keep_mail(inbox: Inbox, files: dict[str, bytes]) -> None:
    """A mail with these files that was read."""
    kind = "application/octet-stream"
    parts = [Part(name, kind, len(content), sha256(content).hexdigest(), "read") for name, content in files.items()]
    inbox.read(inbox.arrive("one", raw=raw_mail(files)), Reading(message("NOR"), parts=tuple(parts)))


def scan(inbox: Inbox, children: Sandbox, place: Path, *, again: bool = False) -> int:
    return scan_new(inbox.sessions, lambda: nullcontext(children), place, now, again=again)  # type: ignore[arg-type,return-value]


@contextmanager
def desk(inbox: Inbox, place: Path) -> Iterator[Client]:
    app = create_app(inbox.sessions, Settings(mailboxes=(), clamd=place), now, lambda _raw, _sha256: b"words")
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        yield client


def verdicts(client: Client) -> dict[str, str | None]:
    parts = client.get("/api/v1/mails/1").json()["parts"]
    return {part["name"]: part["scan"] and part["scan"]["verdict"] for part in parts}


def test_the_verdict_is_an_outcome_of_the_part_and_goes_to_review(inbox: Inbox, scanner: Path) -> None:
    inbox.arrive("one", raw=raw_mail(FILES))
    CommandContext(Settings(mailboxes=(), clamd=scanner, read_workers=1), inbox.sessions).read_new()
    with desk(inbox, scanner) as client:
        shown = client.get("/api/v1/mails/1").json()
        found = verdicts(client)
        page = client.get("/mails/1").text
        given = [client.get(f"/api/v1/mails/1/parts/{n}").status_code for n in range(len(found))]
        raw = client.get("/api/v1/mails/1/raw")
        queue = client.get("/review/all").text
    assert list(found.items())[1:] == [("comments.txt", "clean"), ("tool.bin", "infected"), ("large.bin", "failed")]
    assert given == [200, 200, 409, 200]
    assert (raw.status_code, "Test.Virus" in raw.text) == (409, True)
    assert shown["infected"] == ["tool.bin: Test.Virus.UNOFFICIAL"]
    assert "the virus scanner finds something: tool.bin: Test.Virus.UNOFFICIAL" in shown["review"]
    assert "tool.bin: Test.Virus.UNOFFICIAL" in queue
    assert 'href="/api/v1/mails/1/parts/1"' in page
    assert 'href="/api/v1/mails/1/parts/2"' not in page
    assert 'href="/api/v1/mails/1/raw"' not in page
    assert "not scanned: <bdi>INSTREAM size limit exceeded" in page


def test_where_the_scanner_is_away_what_is_new_is_scanned_the_next_time(
    inbox: Inbox, children: Sandbox, scanner: Path, tmp_path: Path
) -> None:
    keep_mail(inbox, FILES)
    assert scan(inbox, children, tmp_path / "none.socket") == 0
    with inbox.sessions() as session:
        assert scans_of(session, 1) == {}
    assert [scan(inbox, children, scanner) for _ in range(2)] == [1, 0]
    with inbox.sessions() as session:
        assert sorted(one.verdict for one in scans_of(session, 1).values()) == ["clean", "failed", "failed", "infected"]


def test_what_was_found_by_mistake_is_given_after_all_is_scanned_anew(
    inbox: Inbox, children: Sandbox, scanner: Path
) -> None:
    keep_mail(inbox, {"a.bin": b"words"})
    with inbox.sessions.begin() as session:
        keep_scan(session, 1, sha256(b"words").hexdigest(), VirusScan("infected", "Mistake", NOW))
    with desk(inbox, scanner) as client:
        assert client.get("/api/v1/mails/1/parts/0").status_code == 409
        assert scan(inbox, children, scanner, again=True) == 1
        assert client.get("/api/v1/mails/1/parts/0").status_code == 200
        assert client.get("/api/v1/mails/1").json()["infected"] == []


def test_a_virus_that_became_known_later_is_an_outcome_of_the_part_too(inbox: Inbox, scanner: Path) -> None:
    statuses(inbox, scanner, VIRUS)
    with inbox.sessions() as session:
        [part] = read_texts(session, 1).parts
        assert part.scan is not None
        assert (part.scan.verdict, part.scan.said) == ("infected", "Test.Virus.UNOFFICIAL")
        assert read_consultation(session).mails[0].viruses == (("a.docx", "Test.Virus.UNOFFICIAL"),)


def test_what_was_scanned_goes_with_an_erased_mail(inbox: Inbox, children: Sandbox, scanner: Path) -> None:
    keep_mail(inbox, FILES)
    scan(inbox, children, scanner)
    with inbox.sessions.begin() as session:
        erase(session, 1, "A. Keeper", "asked for", NOW)
        assert scans_of(session, 1) == {}
    assert scan(inbox, children, scanner, again=True) == 0
