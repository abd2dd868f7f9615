"""How many answers a second the service gives to 32 clients at once, beside Datasette on the same data and a bare
FastAPI route that returns the same bytes; how long an answer takes that is made again; how much memory that takes.

usage: bench_serving.py [--edits 20000] [--seconds 3] [--sizes 2000,60000]
"""

import argparse
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import psutil
from busy_store import make_store
from sqlalchemy import text

from store.session import Sessions

ROOT = Path(__file__).parent.parent
WRK = ("wrk", "-t2", "-c32", "--latency")
STATUS, PARTY, EDITS, PARAGRAPH, OVERVIEW = (
    "/api/v1/status", "/api/v1/parties/NOR", "/api/v1/edits?party=NOR", "/api/v1/edits?paragraph=OP5", "/",
)  # fmt: skip
ASKED = (STATUS, PARTY, EDITS, PARAGRAPH, "/api/v1/paragraphs/OP5", OVERVIEW)
BYTES = "/bytes"
ROUNDS = 4
"""Each is asked so often, in turn, and the better counts: other work on the machine comes and goes."""
BARE = """
import sys
from pathlib import Path
from fastapi import FastAPI, Response
body = Path(sys.argv[1]).read_bytes()
app = FastAPI()
@app.get("/bytes")
async def get_bytes() -> Response:
    return Response(body, media_type="application/json")
import uvicorn
uvicorn.run(app, port=int(sys.argv[2]), log_level="warning", access_log=False)
"""


@dataclass(frozen=True)
class Served:
    """A server that answers at `address`; `headers` are sent along."""

    address: str
    process: subprocess.Popen[bytes]
    headers: dict[str, str]

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.address + path, headers=self.headers, timeout=120, trust_env=False).raise_for_status()

    @property
    def megabytes(self) -> float:
        return float(psutil.Process(self.process.pid).memory_info().rss / 1e6)

    @property
    def cpu_seconds(self) -> float:
        spent = psutil.Process(self.process.pid).cpu_times()
        return float(spent.user + spent.system)


@dataclass(frozen=True, order=True)
class Load:
    """What wrk saw."""

    per_second: float
    cpu: float
    """Microseconds of the server for one answer: other work on the machine changes it little."""
    median: str
    slowest: str
    """Of a hundred."""
    failed: int


def serving(edits: int = 20_000, seconds: float = 3, sizes: Sequence[int] = (2_000, 60_000)) -> None:
    """Prints all of it."""
    print(
        f"serving: 196 Parties, {edits:,} edits; wrk -t2 -c32 for {seconds:g} s, {ROUNDS} rounds, one worker, a token"
    )
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        ours = stack.enter_context(_ours(folder, edits))
        made = {path: _made_anew(ours, path) for path in ASKED}
        bare = stack.enter_context(_bare(folder, ours.get(STATUS).content))
        datasette = stack.enter_context(_datasette(folder, ours.get(STATUS).json()))
        asked = [(ours, path) for path in ASKED] + [(bare, BYTES)] + [(datasette, path) for path in DATASETTE]
        rounds = [[_load(served, path, seconds) for served, path in asked] for _ in range(ROUNDS)]
        _print({path: max(loads) for (_, path), loads in zip(asked, zip(*rounds, strict=True), strict=True)}, made)
        print(f"  memory after that: {ours.megabytes:.0f} MB")
    for size in sizes:
        _of_size(size)


DATASETTE = ("/busy/status.json?_size=max", "/busy/edit.json?_size=100", "/busy/status?_size=max")
"""The table of the status, ready made; a page of a hundred edits; the same table as a page."""
LEAST = (
    (STATUS, BYTES, 0.6),
    (STATUS, DATASETTE[0], 30),
    (PARTY, DATASETTE[1], 3),
    (EDITS, DATASETTE[1], 3),
    (PARAGRAPH, DATASETTE[1], 3),
    ("/api/v1/paragraphs/OP5", DATASETTE[1], 3),
    (OVERVIEW, DATASETTE[2], 1),
)
"""What is promised: the answer, beside what, at least how many times as many a second."""


def _print(loads: dict[str, Load], made: dict[str, float]) -> None:
    for path, load in loads.items():
        anew = f"   made again in {made[path] * 1000:.0f} ms" if path in made else ""
        failed = f"   {load.failed} FAILED" if load.failed else ""
        print(
            f"  {path:32} {load.per_second:8,.0f} a second  {load.cpu:8,.0f} us of CPU"
            f"   median {load.median:>8}  p99 {load.slowest:>8}{anew}{failed}"
        )
    for path, beside, least in LEAST:
        ratio = loads[path].per_second / max(loads[beside].per_second, 0.1)
        by_cpu = loads[beside].cpu / loads[path].cpu
        says = "holds" if ratio >= least else "MISSED"
        print(f"  {path:26} {ratio:7.1f} times {beside:28} (by CPU {by_cpu:6.1f})  {says}: at least {least}")


def _of_size(edits: int) -> None:
    """Ours alone, at another size: how long the first answers take, and the memory."""
    with tempfile.TemporaryDirectory() as folder, _ours(Path(folder), edits) as ours:
        start = time.perf_counter()
        size = len(ours.get(STATUS).content)
        first = time.perf_counter() - start
        anew = ", ".join(f"{path} {_made_anew(ours, path) * 1000:.0f}" for path in ASKED)
        print(
            f"  {edits:,} edits: the first status of {size:,} bytes in {first * 1000:.0f} ms; made again in ms: {anew}"
        )
        print(f"  {edits:,} edits: {ours.megabytes:.0f} MB")


def _made_anew(served: Served, path: str) -> float:
    """Seconds until the first answer after a mail was read again, median of three."""
    took = []
    for _ in range(3):
        _change(served)
        start = time.perf_counter()
        served.get(path)
        took.append(time.perf_counter() - start)
    return sorted(took)[1]


_STORES: dict[int, Sessions] = {}


def _change(served: Served) -> None:
    with _STORES[served.process.pid].begin() as session:
        session.execute(text("UPDATE reading SET read_at = datetime(read_at, '+1 second') WHERE mail_id = 1"))


def _load(served: Served, path: str, seconds: float) -> Load:
    served.get(path)
    spent = served.cpu_seconds
    sent = [part for name, value in served.headers.items() for part in ("-H", f"{name}: {value}")]
    command = (*WRK, f"-d{seconds:g}s", *sent, served.address + path)
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    lost = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    answers = int(_found(r"(\d+) requests in", said))
    return Load(
        float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        (served.cpu_seconds - spent) / max(answers, 1) * 1e6,
        _found(r"\n\s+50%\s+(\S+)", said),
        _found(r"\n\s+99%\s+(\S+)", said),
        (int(failed[1]) if failed else 0) + (sum(map(int, lost.groups())) if lost else 0),
    )


def _found(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    assert found is not None, said
    return found[1]


@contextmanager
def _ours(folder: Path, edits: int) -> Iterator[Served]:
    store = folder / f"{edits}.sqlite"
    url = f"sqlite:///{store}"
    made = make_store(url, edits)
    kunming = str(Path(sys.executable).with_name("kunming"))
    (folder / "kunming.toml").touch()
    settings = {"KUNMING_DATABASE_URL": url, "KUNMING_CONFIG": str(folder / "kunming.toml"), "PYTHONPATH": str(ROOT)}
    environment = os.environ | settings
    headers = {"Authorization": f"Bearer {_token(kunming, environment)}"}
    port = _free_port()
    with _server([kunming, "serve"], port, "/healthz", environment | {"KUNMING_PORT": str(port)}) as served:
        _STORES[served.process.pid] = made
        yield replace(served, headers=headers)
    made.kw["bind"].dispose()


def _token(kunming: str, environment: dict[str, str]) -> str:
    """A token of a reader."""
    for command in (("account", "add", "bench", "--no-password"), ("token", "add", "bench", "--name", "bench")):
        said = subprocess.run([kunming, *command], check=True, capture_output=True, text=True, env=environment).stdout
    return _found(r"(kmg_\S+)", said)


@contextmanager
def _bare(folder: Path, body: bytes) -> Iterator[Served]:
    (folder / "body").write_bytes(body)
    port = _free_port()
    with _server([sys.executable, "-c", BARE, str(folder / "body"), str(port)], port, BYTES) as served:
        yield served


@contextmanager
def _datasette(folder: Path, status: dict[str, Any]) -> Iterator[Served]:
    """Datasette with the same data: the edits with their Parties, and the rows of our status as a table made before. It
    is spared the search for facets, which takes it seconds.
    """
    data, port = folder / "busy.db", _free_port()
    store = next(folder.glob("*.sqlite"))
    with closing(sqlite3.connect(data)) as connection:
        connection.execute("ATTACH ? AS store", (str(store),))
        connection.execute(
            "CREATE TABLE edit AS SELECT edit.*, reading.party FROM store.edit JOIN store.reading USING (mail_id)"
        )
        connection.execute("CREATE INDEX edit_by_party ON edit (party)")
        names = list(status["parties"][0])
        connection.execute(f"CREATE TABLE status ({', '.join(names)}, PRIMARY KEY (code))")
        rows = ([_column(row[name]) for name in names] for row in status["parties"])
        connection.executemany(f"INSERT INTO status VALUES ({', '.join('?' * len(names))})", rows)
        connection.commit()
    program = str(Path(sys.executable).with_name("datasette"))
    patient = ("--setting", "sql_time_limit_ms", "60000")  # else it answers 400 where the machine is busy
    command = [program, "serve", str(data), "-p", str(port), "--setting", "suggest_facets", "off", *patient]
    with _server(command, port, "/-/versions.json") as served:
        yield served


def _column(value: object) -> object:
    return json.dumps(value) if isinstance(value, (list, dict)) else value


@contextmanager
def _server(
    command: Sequence[str], port: int, ready: str, environment: dict[str, str] | None = None
) -> Iterator[Served]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    served = Served(f"http://127.0.0.1:{port}", process, {})
    try:
        _wait(served, ready)
        yield served
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(served: Served, path: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and served.process.poll() is None:
        try:
            served.get(path)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"nothing answers at {served.address}{path}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--edits", type=int, default=20_000)
    told.add_argument("--seconds", type=float, default=3)
    told.add_argument("--sizes", default="2000,60000")
    asked = told.parse_args()
    serving(asked.edits, asked.seconds, [int(size) for size in asked.sizes.split(",") if size])


if __name__ == "__main__":
    main()
