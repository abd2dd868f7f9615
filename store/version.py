"""A version of the whole store that tells at once when anything was committed, by whichever process."""

import sqlite3
from collections.abc import Hashable
from threading import Lock
from typing import Protocol

from sqlalchemy import Engine, text

_WAITS = 2.0
"""Seconds for a lock: SQLite takes one only while it recovers from a crash."""


class StoreVersion(Protocol):
    """Two values of `now()` that are equal say that nothing was committed in between. It is never stale, and may change
    where nothing did.
    """

    is_instant: bool
    """Whether `now()` takes microseconds; else it asks a server."""

    def now(self) -> Hashable:
        """The version. Raises SQLAlchemy's or sqlite3's errors where the store does not answer."""


def store_version(engine: Engine) -> StoreVersion:
    """The version of the store behind this engine."""
    if engine.dialect.name != "sqlite":
        return _OfPostgres(engine)
    return _OfFile(engine.url.database) if engine.url.database else _OfMemory()


class _OfFile:
    """SQLite counts the commits of all other connections (PRAGMA data_version), so this one never writes."""

    is_instant = True

    def __init__(self, file: str) -> None:
        self._file = file
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None

    def now(self) -> Hashable:
        with self._lock:
            if self._connection is None:
                self._connection = sqlite3.connect(self._file, _WAITS, check_same_thread=False)
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            return int(version)

    def __del__(self) -> None:
        if self._connection is not None:
            self._connection.close()


class _OfMemory:
    """A store of one process alone: it is never said to be unchanged."""

    is_instant = True

    def now(self) -> Hashable:
        return object()


class _OfPostgres:
    """Which transactions a reader sees just now (pg_current_snapshot): each that ends changes it. No row is written for
    it, so nobody waits for another's.
    """

    is_instant = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def now(self) -> Hashable:
        with self._engine.connect() as connection:
            return str(connection.scalar(text("SELECT pg_current_snapshot()")))
