"""Engine and sessions: SQLite by default, PostgreSQL by URL; and the migrations."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import alembic.command
import alembic.config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CursorResult, Engine, UpdateBase, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from store.damage import TOLERANT, as_text

ROOT = Path(__file__).parent.parent
Sessions = sessionmaker[Session]
OTHERS = 0o077
"""The rights of a group and of all."""
_BLIND = {"synchronize_session": False}

WAITS = 30.0
"""Seconds for a lock that another holds; by default PostgreSQL waits without end."""
WAITS_FOR_REQUESTS = 1.0
"""Seconds where a person or program waits for an answer; then the answer is to try later."""
AT_ONCE = 48
"""Connections to a store: for the forty requests that are answered at once, for downloads and for /healthz."""
KEPT_OPEN = 5
"""Connections to PostgreSQL that stay open; further ones go when they are not needed."""
LOCKS = "-c lock_timeout={}ms -c idle_in_transaction_session_timeout=300s"
"""The second is for a process that was stopped in the middle."""


def open_store(url: str, waits: float = WAITS) -> Engine:
    """An Engine on the store; a SQLite file's folder is made, for its owner alone. SQLite runs in WAL,
    synchronous=FULL, foreign keys on; a new file has pages of 16 KB, since most of it is raw mail. What an error says
    does not repeat the values of a statement: they hold the words of mails, and errors are logged.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        options = {"connect_timeout": 10, "options": LOCKS.format(int(waits * 1000))}
        pool = {"pool_size": KEPT_OPEN, "max_overflow": AT_ONCE - KEPT_OPEN, "pool_timeout": waits}
        return create_engine(address, pool_pre_ping=True, hide_parameters=True, connect_args=options, **pool)
    if address.database:
        keep_private(Path(address.database))
    pool = {"pool_size": AT_ONCE, "max_overflow": 0} if address.database else {}
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": waits}, **pool)
    engine.dialect.colspecs = {**engine.dialect.colspecs, **TOLERANT}

    @event.listens_for(engine, "connect")
    def _durable(connection: sqlite3.Connection, _record: Any) -> None:
        connection.text_factory = as_text
        for pragma in ("page_size=16384", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def keep_private(file: Path) -> None:
    """Makes the folder of a store, for its owner alone, and takes from others the right to read a store that is there;
    where the file is another's, its rights stay.
    """
    with suppress(FileExistsError):
        file.parent.mkdir(mode=0o700, parents=True)
    for one in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        with suppress(OSError):
            if one.stat().st_mode & OTHERS:
                one.chmod(one.stat().st_mode & ~OTHERS)


def sessions(engine: Engine) -> Sessions:
    """A maker of sessions; use `with sessions.begin() as session:` for one transaction."""
    return sessionmaker(engine, expire_on_commit=False)


def changed(session: Session, statement: UpdateBase) -> int:
    """How many rows an UPDATE or DELETE has changed. Objects that the session holds already are not looked at."""
    return cast("CursorResult[Any]", session.execute(statement, execution_options=_BLIND)).rowcount


def migrate(url: str) -> None:
    """Brings the store at `url` to the newest schema, or makes it; does nothing where it is there already."""
    alembic.command.upgrade(_config(url), "head")


SchemaState = Literal["none", "older", "current", "newer"]


@dataclass(frozen=True, slots=True)
class Schema:
    """The schema of a store beside that of this version: `none` where there is no store."""

    state: SchemaState
    have: str | None = None
    newest: str = ""


def schema_of(url: str) -> Schema:
    """The Schema of the store at `url`; nothing is made. Raises SQLAlchemy's errors where it cannot be read."""
    address, scripts = make_url(url), ScriptDirectory.from_config(_config(url))
    newest = scripts.get_current_head() or ""
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return Schema("none", newest=newest)
    engine = open_store(url)
    try:
        with engine.connect() as connection:
            have = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    if have is None:
        return Schema("none", newest=newest)
    known = {script.revision for script in scripts.walk_revisions()}
    return Schema("current" if have == newest else "older" if have in known else "newer", have, newest)


def checkpoint(sessions: Sessions) -> None:
    """Moves what SQLite's write-ahead log holds into the store's file, and empties the log; a reader that is under way
    keeps some of it back until the next time.
    """
    engine = sessions.kw["bind"]
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _config(url: str) -> alembic.config.Config:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(ROOT / "alembic"))
    config.attributes["url"] = url
    return config
