"""A night in short: another client appends, moves and expunges while pollers and the server are killed at random. At the
end every mail is in the store once, byte for byte; only what was expunged before any poll listed it may be missing.
"""

import argparse
import hashlib
import imaplib
import random
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fixture_dovecot import PASSWORD, USER, Dovecot, dovecot_in, make_certificate  # noqa: E402
from pydantic import SecretStr  # noqa: E402
from sqlalchemy import func, select  # noqa: E402

from ingest.fetch import Polled, poll_all  # noqa: E402
from ingest.intake import RetryPolicy, StoreTrouble  # noqa: E402
from settings import Mailbox  # noqa: E402
from store.lease import LeaseHeld, LeaseLost  # noqa: E402
from store.session import Sessions, migrate, open_store, sessions  # noqa: E402
from store.tables import ArrivalRow, RawRow  # noqa: E402

FOLDERS = ("INBOX", "Processed")
HURRIED = RetryPolicy(tries=2, first=0.05, longest=0.1, store=30)


def clock() -> datetime:
    return datetime.now(UTC)


def mailbox_at(port: int, certificate: str) -> Mailbox:
    return Mailbox(
        name="soak", host="localhost", port=port, user=USER, password=SecretStr(PASSWORD), folders=FOLDERS,
        ca_file=Path(certificate), timeout=30,
    )  # fmt: skip


def look(store: Sessions, mailbox: Mailbox, retry_policy: RetryPolicy = HURRIED) -> list[Polled]:
    return poll_all(store, [mailbox], 60_000_000, "soak", clock, compare=True, retry_policy=retry_policy)


def poll_for_ever(url: str, port: int, certificate: str) -> None:
    """What a poller process does until it is killed."""
    store = sessions(open_store(url))
    while True:
        with suppress(LeaseHeld, LeaseLost, StoreTrouble):
            look(store, mailbox_at(port, certificate))
        time.sleep(0.05)


@dataclass
class Client:
    """Another client of the mailbox. `certain` are mails that the server has taken and not lost since; `perhaps` are
    those whose answer got lost, and those that were expunged, maybe before a poll has listed them.
    """

    server: Dovecot
    chance: random.Random
    certain: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)
    acts: int = 0

    def work(self, until: float) -> None:
        n = 0
        while time.monotonic() < until:
            with suppress(OSError, imaplib.IMAP4.error, AssertionError), self.server.client() as client:
                client.create("Processed")
                while time.monotonic() < until:
                    n += 1
                    self._act(client, n)
                    self.acts += 1
                    time.sleep(self.chance.random() * 0.1)
            time.sleep(0.1)

    def _act(self, client: imaplib.IMAP4, n: int) -> None:
        folder = self.chance.choice(FOLDERS)
        if self.chance.random() < 0.7:
            self._append(client, folder, n)
            return
        client.select(folder)
        uids = client.uid("SEARCH", "ALL")[1][0].split()
        if not uids:
            return
        uid = self.chance.choice(uids).decode()
        if self.chance.random() < 0.6:
            client.uid("MOVE", uid, FOLDERS[1 - FOLDERS.index(folder)])
        else:
            self._expunge(client, uid)

    def _append(self, client: imaplib.IMAP4, folder: str, n: int) -> None:
        body = self.chance.randbytes(self.chance.choice([100, 1_000, 200_000])).hex()
        raw = f"Subject: {n}\r\nMessage-ID: <{n}@soak>\r\n\r\n{body}\r\n".encode()
        sha256 = hashlib.sha256(raw).hexdigest()
        self.perhaps.add(sha256)
        answer, _ = client.append(folder, "", "", raw)
        if answer == "OK":
            self.certain.add(sha256)

    def _expunge(self, client: imaplib.IMAP4, uid: str) -> None:
        data = client.uid("FETCH", uid, "(BODY.PEEK[])")[1]
        if data and isinstance(data[0], tuple):
            self.certain.discard(hashlib.sha256(data[0][1]).hexdigest())
            client.uid("STORE", uid, "+FLAGS", "(\\Deleted)")
            client.expunge()


def trouble(server: Dovecot, url: str, chance: random.Random, until: float) -> tuple[int, int]:
    """Kills pollers and the server's sessions, now and then the whole server; says how many of each."""
    pollers = sessions_killed = 0
    code = "import sys; sys.path.insert(0, sys.argv[1]); import soak; soak.poll_for_ever(sys.argv[2], int(sys.argv[3]), sys.argv[4])"
    command = [
        sys.executable,
        "-c",
        code,
        str(ROOT / "scripts"),
        url,
        str(server.tls_port),
        str(server.certificate.cert),
    ]
    while time.monotonic() < until:
        with subprocess.Popen(command) as poller:
            ends = time.monotonic() + chance.uniform(3, 10)
            try:
                while time.monotonic() < min(ends, until):
                    time.sleep(chance.uniform(0.1, 0.8))
                    sessions_killed += server.kill_sessions()
                    if chance.random() < 0.03:
                        server.stop()
                        server.start()
            finally:
                poller.kill()
            pollers += 1
    return pollers, sessions_killed


def soak(seconds: float, seed: int) -> list[str]:
    """What happened; raises SystemExit where a mail is lost or doubled."""
    with tempfile.TemporaryDirectory(prefix="soak") as name:
        root = Path(name)
        root.chmod(0o755)
        server = dovecot_in(root / "dovecot", make_certificate(root))
        url = f"sqlite:///{root}/store.sqlite"
        migrate(url)
        client = Client(server, random.Random(seed))
        until = time.monotonic() + seconds
        writer = threading.Thread(target=client.work, args=[until])
        writer.start()
        try:
            killed = trouble(server, url, random.Random(seed + 1), until)
            writer.join()
            engine = open_store(url)
            polled = look(sessions(engine), mailbox_at(server.tls_port, str(server.certificate.cert)), RetryPolicy())
            if polled[0].outcome != "ok":
                raise SystemExit(f"the last poll, which nobody disturbed: {polled[0]}")
            counted = _count(sessions(engine), client)
            engine.dispose()
        finally:
            server.stop()
    return [
        f"{seconds:.0f} s, seed {seed}: {client.acts} acts, {killed[0]} pollers and {killed[1]} sessions killed",
        counted,
    ]


def _count(store: Sessions, client: Client) -> str:
    with store() as session:
        held = [hashlib.sha256(raw).hexdigest() for raw in session.scalars(select(RawRow.content))]
        waiting = session.scalar(select(func.count()).where(ArrivalRow.state == "listed"))
        arrivals = session.scalar(select(func.count()).select_from(ArrivalRow))
    lost = client.certain - set(held)
    strange = set(held) - client.certain - client.perhaps
    if lost or strange or waiting or len(held) > len(set(held)):
        raise SystemExit(
            f"lost {len(lost)}, strange {len(strange)}, doubled {len(held) - len(set(held))}, waiting {waiting}"
        )
    return f"{len(held)} mails held, {arrivals} arrivals, {len(client.certain)} that had to be there: none lost, none doubled"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=1200)
    parser.add_argument("--seed", type=int, default=6)
    arguments = parser.parse_args()
    for line in soak(arguments.seconds, arguments.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
