"""Stores that are copies of one made by `alembic upgrade head`: SQLite in a file, PostgreSQL in a temporary folder."""

import atexit
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from conftest import need
from private_server import NOBODY, free_port, server_folder
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session

from store.session import Sessions, migrate, open_store, sessions


@dataclass
class Postgres:
    """A running server without durability: it is a test's, and only its process may be killed, not the machine."""

    root: Path
    port: int = 0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://kunming@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self.port = self.port or free_port()
        arguments = ["-D", str(self.root / "data"), "-p", str(self.port), "-k", str(self.root), "-h", "127.0.0.1"]
        with (self.root / "postgres.log").open("ab") as log:
            process = subprocess.Popen(
                [_postgres("postgres"), *arguments, "-c", "fsync=off"],
                start_new_session=True,
                stdout=log,
                stderr=log,
                cwd=self.root,
                user=_owner(),
                group=_owner(),
            )
        self.processes.append(process)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self._address("postgres")).close()
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL does not answer:\n{(self.root / 'postgres.log').read_text()}")

    def stop(self) -> None:
        """At once, as `pg_ctl stop -m immediate` does."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGQUIT)
            process.wait()
        self.processes.clear()

    def create(self, template: str = "template1") -> str:
        """The URL of a new database, with no tables or those of another."""
        name = f"k{uuid.uuid4().hex}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)

    def _address(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=kunming dbname={database} connect_timeout=5"


def _postgres(program: str) -> str:
    places = sorted(str(place) for place in Path("/usr/lib/postgresql").glob("*/bin"))
    return need(program, *places)


def _owner() -> int | None:
    """PostgreSQL refuses to run as root."""
    return NOBODY if os.geteuid() == 0 else None


def postgres_in(root: Path) -> Postgres:
    """A server that runs; the caller stops it."""
    root.mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(root, NOBODY, NOBODY)
    subprocess.run(
        [
            _postgres("initdb"),
            "-D",
            str(root / "data"),
            "-U",
            "kunming",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        ],
        check=True,
        capture_output=True,
        cwd=root,
        user=_owner(),
        group=_owner(),
    )
    server = Postgres(root)
    atexit.register(server.stop)
    server.start()
    return server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    _postgres("initdb")
    with server_folder() as folder:
        server = postgres_in(folder / "postgres")
        yield server
        server.stop()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema and no rows, which is copied and never opened."""
    file = tmp_path_factory.mktemp("migrated") / "kunming.sqlite"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> str:
    """The name of a database with the newest schema and no rows, of which copies are made."""
    url = postgres.create()
    migrate(url)
    return str(make_url(url).database)


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """A store with the newest schema and no rows."""
    file = tmp_path / "store" / "kunming.sqlite"
    file.parent.mkdir(mode=0o700)
    shutil.copy(migrated_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The same, once on each of the databases."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres").create(request.getfixturevalue("migrated_postgres")))


def fresh(url: str, postgres: Postgres | None = None) -> str:
    """A copy of a store that is not in use."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        assert postgres is not None
        return postgres.create(template=str(address.database))
    copy = Path(str(address.database)).with_name(f"{uuid.uuid4().hex}.sqlite")
    shutil.copy(str(address.database), copy)
    return f"sqlite:///{copy}"


def overwrite(file: Path, whole: Path) -> None:
    """The store in `file`, which may be in use, holds what `whole` holds."""
    with closing(sqlite3.connect(whole)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)


def without_guard(session: Session) -> None:
    """Lets raw mail be changed and deleted, as a fault of the disk would."""
    on = "" if session.get_bind().dialect.name == "sqlite" else " ON raw"
    for name in ("raw_stays", "raw_is_as_it_came"):
        session.execute(text(f"DROP TRIGGER {name}{on}"))


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    engine = open_store(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> Sessions:
    return sessions(engine)


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Sessions]:
    engine = open_store(sqlite_url)
    yield sessions(engine)
    engine.dispose()
