"""How long it takes to pull 2,000 mails (176 MB) into the store, beside mbsync on the same server; a poll with nothing
new on a mailbox of 100,000, beside login and EXAMINE; the memory that the poll of one mail of 60 MB takes.
"""

import argparse
import base64
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fixture_dovecot import PASSWORD, USER, Dovecot, dovecot_in, make_certificate  # noqa: E402

from ingest.fetch import poll_all  # noqa: E402
from ingest.mailbox import connect  # noqa: E402
from settings import Mailbox  # noqa: E402
from store.session import migrate, open_store, sessions  # noqa: E402

MAILS, MANY = 2_000, 100_000
PULLS, POLLS = 3, 15
LARGEST = 60_000_000


def clock() -> datetime:
    return datetime.now(UTC)


def generated(n: int, chance: random.Random) -> bytes:
    """A mail with a short body, in three of ten an attachment of 40 KB, in one of ten one of 500 KB."""
    size = chance.choices([0, 40_000, 500_000], [60, 30, 10])[0]
    head = f"From: delegation{n}@example.org\nTo: {USER}\nSubject: Comments {n}\nMessage-ID: <{n}@example.org>\n"
    body = "\n".join(f"Line {line} of the comments of delegation {n}." for line in range(chance.randrange(10, 100)))
    if not size:
        return f"{head}\n{body}\n".encode()
    attached = base64.encodebytes(chance.randbytes(size)).decode()
    return (
        f"{head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{body}\n--b\n"
        f'Content-Type: application/octet-stream; name="{n}.docx"\nContent-Transfer-Encoding: base64\n\n'
        f"{attached}\n--b--\n"
    ).encode()


def deliver(server: Dovecot, mails: Iterator[bytes]) -> int:
    """Puts mails into the INBOX as its files, with the sizes that Dovecot would write into their names; returns their
    bytes as IMAP gives them.
    """
    owner = server.maildir.parent.stat()
    for folder in (server.maildir, *(server.maildir / name for name in ("cur", "new", "tmp"))):
        folder.mkdir(exist_ok=True)
        os.chown(folder, owner.st_uid, owner.st_gid)
    total = 0
    for n, mail in enumerate(mails):
        size = len(mail) + mail.count(b"\n")
        path = server.maildir / "cur" / f"{1_600_000_000 + n}.M{n}.bench,S={len(mail)},W={size}:2,"
        path.write_bytes(mail)
        os.chown(path, owner.st_uid, owner.st_gid)
        total += size
    return total


@contextmanager
def serving(mails: Iterator[bytes]) -> Iterator[tuple[Dovecot, Path, int]]:
    """A server with these mails, a folder beside it, and how many bytes they are."""
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        root = Path(name)
        root.chmod(0o755)
        server = dovecot_in(root / "dovecot", make_certificate(root))
        try:
            total = deliver(server, mails)
            with server.client() as client:  # Dovecot indexes what is new at the first look: nobody's time
                client.select("INBOX", readonly=True)
                client.uid("FETCH", "1:*", "(RFC822.SIZE INTERNALDATE)")
            yield server, root, total
        finally:
            server.stop()


def pull_ours(mailbox: Mailbox, root: Path) -> float:
    """Seconds of one poll into a new store."""
    with tempfile.TemporaryDirectory(dir=root) as folder:
        url = f"sqlite:///{folder}/store.sqlite"
        migrate(url)
        engine = open_store(url)
        begin = time.perf_counter()
        [polled] = poll_all(sessions(engine), [mailbox], LARGEST, "bench", clock)
        seconds = time.perf_counter() - begin
        engine.dispose()
    if polled.new != MAILS:
        raise SystemExit(f"the poll gave {polled}")
    return seconds


def pull_mbsync(mailbox: Mailbox, root: Path) -> float:
    """Seconds of mbsync, whole process, into a new Maildir with an fsync for each mail."""
    secure = f"SSLType IMAPS\nCertificateFile {mailbox.ca_file}" if mailbox.security == "tls" else "SSLType None"
    with tempfile.TemporaryDirectory(dir=root) as folder:
        rules = Path(folder, "mbsyncrc")
        rules.write_text(
            f"FSync yes\nIMAPStore far\nHost localhost\nPort {mailbox.port}\nUser {USER}\nPass {PASSWORD}\n{secure}\n\n"
            f"MaildirStore near\nPath {folder}/mail/\nInbox {folder}/mail/INBOX\n\n"
            "Channel all\nFar :far:\nNear :near:\nSync Pull\nCreate Near\nSyncState *\n"
        )
        Path(folder, "mail").mkdir()
        begin = time.perf_counter()
        subprocess.run(["mbsync", "-c", str(rules), "all"], check=True, capture_output=True)
        seconds = time.perf_counter() - begin
        if len(list(Path(folder, "mail", "INBOX").glob("*/*.*"))) < MAILS:
            raise SystemExit("mbsync has not pulled all")
    return seconds


def pull() -> None:
    """Ours and mbsync in turns, in the clear and through TLS: prints medians and their ratio."""
    chance = random.Random(6)
    with serving(generated(n, chance) for n in range(MAILS)) as (server, root, total):
        for name, mailbox in (("plain", server.plain_mailbox()), ("TLS", server.mailbox())):
            pairs = [(pull_ours(mailbox, root), pull_mbsync(mailbox, root)) for _ in range(PULLS)]
            ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
            print(
                f"pull {MAILS:,} mails, {total / 1e6:.0f} MB, {name}: ours {ours:.2f} s, mbsync (FSync yes) {theirs:.2f} s,"
                f" ratio {ours / theirs:.2f} (at most 1.0)"
            )


def nothing_new() -> None:
    """Prints how long a poll takes that finds nothing new among 100,000 mails, beside login and EXAMINE."""
    with serving(b"Subject: %d\n\n.\n" % n for n in range(MANY)) as (server, root, _):
        url = f"sqlite:///{root}/many.sqlite"
        migrate(url)
        engine = open_store(url)
        store, mailbox = sessions(engine), server.mailbox()
        begin = time.perf_counter()
        poll_all(store, [mailbox], LARGEST, "bench", clock)
        first = time.perf_counter() - begin
        pairs = [(_seconds_of_poll(store, mailbox), _seconds_of_examine(mailbox)) for _ in range(POLLS)]
        begin = time.perf_counter()
        poll_all(store, [mailbox], LARGEST, "bench", clock, compare=True)
        compared = time.perf_counter() - begin
        engine.dispose()
    ours, examine = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    ratio = f"ratio {ours / examine:.2f} (at most 2)"
    print(f"nothing new among {MANY:,}: {ours:.1f} ms, login and EXAMINE {examine:.1f} ms, {ratio}")
    print(f"the first poll of {MANY:,}: {first:.1f} s; all UIDs compared: {compared:.2f} s")


def _seconds_of_poll(store: object, mailbox: Mailbox) -> float:
    begin = time.perf_counter()
    [polled] = poll_all(store, [mailbox], LARGEST, "bench", clock)  # type: ignore[arg-type]
    if polled.outcome != "ok" or polled.listed:
        raise SystemExit(f"the poll gave {polled}")
    return time.perf_counter() - begin


def _seconds_of_examine(mailbox: Mailbox) -> float:
    begin = time.perf_counter()
    with connect(mailbox) as connection:
        connection.examine("INBOX")
    return time.perf_counter() - begin


ONE_POLL = """
import resource, sys
sys.path[:0] = sys.argv[1].split(":")
from bench_pull import *
server_port, cert, url = sys.argv[2:5]
mailbox = Mailbox(name="m", host="localhost", port=int(server_port), user=USER, password=PASSWORD, ca_file=Path(cert))
[polled] = poll_all(sessions(open_store(url)), [mailbox], LARGEST, "bench", clock)
assert polled.new == 1, polled
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def memory() -> None:
    """Prints the most memory that a process takes which polls one mail of 60 MB."""
    mail = b"Subject: large\n\n" + b"x" * 75 + b"\n"
    mail += (b"y" * 75 + b"\n") * ((LARGEST - 10_000) // 77)
    with serving(iter([mail])) as (server, root, total):
        url = f"sqlite:///{root}/large.sqlite"
        migrate(url)
        command = [sys.executable, "-c", ONE_POLL, f"{ROOT}:{ROOT / 'scripts'}:{ROOT / 'tests'}"]
        command += [str(server.tls_port), str(server.certificate.cert), url]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    print(f"a mail of {total / 1e6:.0f} MB: {int(done.stdout)} MB at most (at most 400)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=["pull", "nothing_new", "memory", []])
    chosen = parser.parse_args().what or ["pull", "nothing_new", "memory"]
    for name in chosen:
        {"pull": pull, "nothing_new": nothing_new, "memory": memory}[name]()


if __name__ == "__main__":
    main()
