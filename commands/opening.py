"""Opens the store that the settings name: makes it, brings it to the newest schema, or says why neither is done."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError

from ingest.intake import ended, now
from store import backup_restore
from store.lease import held_leases
from store.search import index_missing
from store.session import Schema, Sessions, migrate, open_store, schema_of, sessions
from store.shipped import shipped_draft
from store.writes import keep_draft


class NoStore(Exception):
    """There is no store yet, and this command makes none."""

    exit_code = 2


class OtherVersion(Exception):
    """The store was made by another version of this program, and this command does not upgrade it."""

    exit_code = 2


class StoreInUse(Exception):
    """Another process uses the store; what was asked for would replace it."""

    exit_code = 75


def open_sessions(url: str, *, makes: bool = False, upgrades: bool = False) -> Sessions:
    """Sessions on the store, which has the newest schema and the draft that ships. Without `makes` a store that is not
    there is not made, without `upgrades` one of an older version stays as it is. Raises NoStore, OtherVersion.
    """
    schema = schema_of(url)
    if schema.state == "none":
        if not makes:
            raise NoStore(
                f"database_url: no store at {shown_url(url)} yet; kunming import, poll, run or serve makes it"
            )
        migrate(url)
    elif schema.state != "current":
        _of_other_version(url, schema, upgrades=upgrades)
    made = sessions(open_store(url))
    with made.begin() as session:
        keep_draft(session, shipped_draft())
    return made


def _of_other_version(url: str, schema: Schema, *, upgrades: bool) -> None:
    versions = f"its schema is {schema.have}, and this version's is {schema.newest}"
    if schema.state == "newer":
        raise OtherVersion(f"database_url: a newer kunming made this store ({versions}): install that version")
    if not upgrades:
        raise OtherVersion(
            f"database_url: an older kunming made this store ({versions}): kunming upgrade, or run, backs it"
            " up and brings it to this one"
        )
    refuse_while_in_use(url)
    backup_restore.backup(url, backup_before(url, schema, now()))
    migrate(url)
    _index(url)


def _index(url: str) -> None:
    """Makes what older versions have read searchable, some mails a transaction."""
    engine = open_store(url)
    made, indexed = sessions(engine), True
    while indexed:
        with made.begin() as session:
            indexed = index_missing(session) > 0
    engine.dispose()


def backup_before(url: str, schema: Schema, at: datetime) -> Path:
    """Where the backup that is made before an upgrade is put: beside the file, or where the command was started."""
    address = make_url(url)
    file = Path(address.database or "kunming")
    folder = file.parent if address.get_backend_name() == "sqlite" else Path()
    return folder / f"{file.name}.before-{schema.newest}.{at.astimezone(UTC):%Y%m%d-%H%M%S}"


def shown_url(url: str) -> str:
    """The file of a store, or its address without the password."""
    address = make_url(url)
    return address.database or url if address.get_backend_name() == "sqlite" else address.render_as_string()


def refuse_while_in_use(url: str) -> None:
    """Raises StoreInUse where another process serves, polls or runs on the store, or has its file open."""
    for who in _users(url):
        raise StoreInUse(f"database_url: {shown_url(url)} is in use by {who}: stop that first")


def _users(url: str) -> Iterator[str]:
    yield from _with_file_open(url)
    try:
        if schema_of(url).state == "none":
            return
        engine = open_store(url)
        with sessions(engine)() as session:
            held = held_leases(session, now())
        engine.dispose()
    except DatabaseError:  # it is damaged: who has it open is all that can be known
        return
    for lease in held:
        if not ended(lease.holder):
            yield f"{lease.holder}, since {lease.since:%Y-%m-%d %H:%M} UTC"


def _with_file_open(url: str) -> Iterator[str]:
    """Processes of this machine that have a SQLite store's file open, as far as this user may see them."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return
    file = str(Path(address.database or "").resolve())
    for process in psutil.process_iter(["pid", "name"]):
        try:
            files = [opened.path for opened in process.open_files()]
        except psutil.Error:
            continue
        if file in files and process.pid != psutil.Process().pid:
            yield f"process {process.pid} ({process.name()})"
