"""Backup of a store while it is in use, and restore."""

import os
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, make_url

SQLITE_MAGIC = b"SQLite format 3\0"
DUMP_MAGIC = b"PGDMP"
_DAMAGED = "is damaged, and may hold mail"


class BackupFailed(Exception):
    """The backup or the restore was not made; the message says why."""


def backup(url: str, file: Path, *, over: bool = False) -> None:
    """Writes the whole store into one file, while it is in use. The file is under its name only when it is whole;
    one that is there is replaced only with `over`. SQLite's online backup, or pg_dump; raises BackupFailed.
    """
    if not file.parent.is_dir():
        raise BackupFailed(f"{file}: there is no folder {file.parent}")
    if file.exists() and not over:
        raise BackupFailed(f"{file} is there already: say --over to replace it, or give another name")
    part = file.with_name(file.name + ".part")
    address = make_url(url)
    try:
        part.unlink(missing_ok=True)
        part.touch()  # says whether the folder can be written, in the system's words
        if address.get_backend_name() == "sqlite":
            _copy(Path(address.database or ""), part)
        else:
            _run(address, "pg_dump", "--format=custom", "--no-owner", f"--file={part}")
        _sync(part)
        part.replace(file)
        _sync(file.parent)
    except OSError as error:
        raise BackupFailed(f"{file}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def restore(url: str, file: Path, *, over: bool = False) -> None:
    """Puts a backup in the place of the store at `url`, sound or damaged; one that may hold mail is replaced only with
    `over`. Nothing may use the store meanwhile. Raises BackupFailed, and then has changed nothing.
    """
    address = make_url(url)
    kind = "sqlite" if address.get_backend_name() == "sqlite" else "postgresql"
    if _kind_of(file) != kind:
        raise BackupFailed(f"{file}: no backup of a {kind} store")
    if kind == "postgresql":
        clean = ("--clean", "--if-exists") if over else ()
        _run(address, "pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", *clean, str(file))
    else:
        _restore_file(Path(address.database or ""), file, over=over)


def _restore_file(target: Path, file: Path, *, over: bool) -> None:
    if not over and (held := _what_it_holds(target)):
        raise BackupFailed(f"{target} {held}: say --over to put the backup in its place")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(file, part)
        for left in ("-wal", "-shm"):
            target.with_name(target.name + left).unlink(missing_ok=True)
        part.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise BackupFailed(f"{target}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def is_damaged_file(url: str) -> bool:
    """Whether the store is a file that is no SQLite database, or whose first pages cannot be read."""
    address = make_url(url)
    file = Path(address.database or "")
    return address.get_backend_name() == "sqlite" and file.exists() and _what_it_holds(file) == _DAMAGED


def _kind_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            head = opened.read(len(SQLITE_MAGIC))
    except OSError as error:
        raise BackupFailed(f"{file}: {error.strerror}") from error
    return "sqlite" if head == SQLITE_MAGIC else "postgresql" if head.startswith(DUMP_MAGIC) else "unknown"


def _copy(source: Path, target: Path) -> None:
    """Copies a SQLite file whole, its write-ahead log included, and checks the copy."""
    if not source.exists():
        raise BackupFailed(f"{source}: there is no store")
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            # In one step: in WAL it keeps no writer waiting, and in several it starts over with each commit of another.
            old.backup(new)
            (sound,) = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise BackupFailed(f"{source}: {error}") from error
    if sound != "ok":
        raise BackupFailed(f"{source}: the store is damaged: {sound}")


def _what_it_holds(file: Path) -> str:
    """In words; empty where no file is there, or no mail in it."""
    if not file.exists() or not file.stat().st_size:
        return ""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as store:
            tables = store.execute("SELECT count(*) FROM sqlite_master WHERE name = 'mail'").fetchone()[0]
            return "holds mail" if tables and store.execute("SELECT count(*) FROM mail").fetchone()[0] else ""
    except sqlite3.Error:
        return _DAMAGED


def _run(address: URL, program: str, *arguments: str) -> None:
    target = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(address.password)} if address.password else {})
    try:
        subprocess.run(
            [program, f"--dbname={target}", *arguments], check=True, capture_output=True, text=True, env=environment
        )
    except FileNotFoundError as error:
        raise BackupFailed(f"{program} is not installed (Debian: postgresql-client)") from error
    except subprocess.CalledProcessError as error:
        raise BackupFailed(
            f"{program}: {error.stderr.strip().splitlines()[-1] if error.stderr.strip() else error}"
        ) from error


def _sync(path: Path) -> None:
    """Makes a file, or the names in a folder, safe from a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
