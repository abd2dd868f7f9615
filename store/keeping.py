"""Backup, restore and verification of a store, while it is in use or not."""

import hashlib
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, func, make_url, select
from sqlalchemy.orm import Session

from consultation.ledger import make_ledger
from store.reads.ledger import read_counts
from store.tables import ArrivalRow, MailRow, RawRow, ReadingRow

SQLITE_MAGIC = b"SQLite format 3\0"
DUMP_MAGIC = b"PGDMP"


class NotKept(Exception):
    """The backup or the restore was not made; the message says why."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How many raw mails were looked at; `faults` is a sentence for each thing that is wrong."""

    mails: int
    faults: tuple[str, ...]


def backup(url: str, file: Path) -> None:
    """Writes the whole store into one file, while it is in use. The file has its name only when it is whole.
    SQLite's online backup, or pg_dump; raises NotKept.
    """
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    address = make_url(url)
    try:
        if address.get_backend_name() == "sqlite":
            _copy(Path(address.database or ""), part)
        else:
            _run(address, "pg_dump", "--format=custom", "--no-owner", f"--file={part}")
        _sync(part)
        part.replace(file)
        _sync(file.parent)
    except OSError as error:
        raise NotKept(f"{file}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def restore(url: str, file: Path, *, over: bool = False) -> None:
    """Puts a backup in the place of the store at `url`; one that holds mail is replaced only with `over`. Nothing may
    use the store meanwhile. Raises NotKept, and then has changed nothing.
    """
    address = make_url(url)
    kind = "sqlite" if address.get_backend_name() == "sqlite" else "postgresql"
    if _kind_of(file) != kind:
        raise NotKept(f"{file}: no backup of a {kind} store")
    if kind == "postgresql":
        clean = ("--clean", "--if-exists") if over else ()
        _run(address, "pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", *clean, str(file))
        return
    target = Path(address.database or "")
    if not over and target.exists() and _mails_in(target):
        raise NotKept(f"{target} holds mail: say --over to put the backup in its place")
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        _copy(file, part)
        for left in ("-wal", "-shm"):
            target.with_name(target.name + left).unlink(missing_ok=True)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def verify(session: Session) -> Verified:
    """Whether each raw mail is what it was when it came, each derived row has its mail, and the ledger balances."""
    faults = [*_of_raw(session), *_of_rows(session)]
    books = make_ledger(read_counts(session))
    if books.difference:
        faults.append(f"the ledger: {books.difference} of {books.seen} arrivals have no state")
    return Verified(session.scalar(select(func.count()).select_from(MailRow)) or 0, tuple(faults))


def _of_raw(session: Session) -> Iterator[str]:
    for mail_id, sha256 in session.execute(select(MailRow.id, MailRow.sha256).order_by(MailRow.id)).all():
        content = session.scalar(select(RawRow.content).where(RawRow.mail_id == mail_id))
        if content is None:
            yield f"mail {mail_id}: its raw bytes are missing"
        elif hashlib.sha256(content).hexdigest() != sha256:
            yield f"mail {mail_id}: its raw bytes are not those that came (SHA-256)"


def _of_rows(session: Session) -> Iterator[str]:
    kept = select(MailRow.id)
    for mail_id in session.scalars(select(ReadingRow.mail_id).where(ReadingRow.mail_id.not_in(kept))):
        yield f"reading of mail {mail_id}: there is no such mail"
    homeless = ArrivalRow.mail_id.is_(None) & ArrivalRow.state.in_(("stored", "same", "twin", "refused"))
    for arrival in session.scalars(select(ArrivalRow).where(homeless)):
        yield f"arrival {arrival.mailbox}/{arrival.folder} {arrival.uid}: {arrival.state}, and no mail is held"
    for mail_id in session.scalars(
        kept.where(MailRow.id.not_in(select(ArrivalRow.mail_id).where(ArrivalRow.mail_id.is_not(None))))
    ):
        yield f"mail {mail_id}: it never arrived"


def _kind_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            head = opened.read(len(SQLITE_MAGIC))
    except OSError as error:
        raise NotKept(f"{file}: {error.strerror}") from error
    return "sqlite" if head == SQLITE_MAGIC else "postgresql" if head.startswith(DUMP_MAGIC) else "unknown"


def _copy(source: Path, target: Path) -> None:
    """Copies a SQLite file whole, its write-ahead log included, and checks the copy."""
    if not source.exists():
        raise NotKept(f"{source}: there is no store")
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            # In one step: in WAL it keeps no writer waiting, and in several it begins anew with each commit of another.
            old.backup(new)
            (sound,) = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise NotKept(f"{source}: {error}") from error
    if sound != "ok":
        raise NotKept(f"{source}: the store is damaged: {sound}")


def _mails_in(file: Path) -> int:
    try:
        with closing(sqlite3.connect(file)) as store:
            (count,) = store.execute("SELECT count(*) FROM mail").fetchone()
    except sqlite3.Error:
        return 0
    return int(count)


def _run(address: URL, program: str, *arguments: str) -> None:
    target = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(address.password)} if address.password else {})
    try:
        subprocess.run(
            [program, f"--dbname={target}", *arguments], check=True, capture_output=True, text=True, env=environment
        )
    except FileNotFoundError as error:
        raise NotKept(f"{program} is not installed (Debian: postgresql-client)") from error
    except subprocess.CalledProcessError as error:
        raise NotKept(
            f"{program}: {error.stderr.strip().splitlines()[-1] if error.stderr.strip() else error}"
        ) from error


def _sync(path: Path) -> None:
    """Makes a file, or the names in a folder, safe from a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
