"""Answers that everybody asks for: made once after each change of the store, then given from memory with an ETag.

What is kept depends on the store and the address alone; of pages also on the reader, since they hold a name and the
token of forms. Each answer is kept with the version of the store before it was made, so that none is ever stale.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import sha256
from sqlite3 import Error as SqliteError
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.version import StoreVersion

_API = re.compile(
    r"/api/v1/(?:status|parties(?:/.+)?|reminders|paragraphs(?:/[^/]+)?|edits|unplaced|mails(?:/\d+(?:/sentences|/unplaced)?)?|polls|ledger"
    r"|corrections|search)"
)
_PAGE = re.compile(r"/|/(?:paragraphs(?:/[^/]+)?|reminders|(?:parties|groups|observers)/.+|mails(?:/\d+)?)")
"""What a reader may see. A route that asks for another role, or that notes who asked, must never be listed here."""
_CLOCK = re.compile(rb'"(?:generated_at|age_seconds)":[^,}]*')
"""What the clock alone changes in an answer. Its ETag goes without, and is a weak one (RFC 9110, 8.8.1)."""
OLDEST = 60.0
"""Seconds after which an answer is made again: some tell how long ago the last poll was."""
MOST = 64_000_000
"""Bytes of all answers together."""
LARGEST = 16_000_000
"""Bytes of one answer that is kept."""

Key = Hashable
ReaderKey = Callable[[Scope], Hashable | None]
"""What tells readers apart, for pages; None where the page is not kept."""


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """An answer with status 200."""

    version: Hashable
    made: float
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    etag: str | None
    """None for a page: browsers keep none."""


class ResponseCache:
    """Gives the answers that are kept, and keeps what others answer."""

    def __init__(
        self, app: ASGIApp, version: StoreVersion, reader: ReaderKey, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._version = version
        self._reader = reader
        self._clock = clock
        self._answers = _Answers()
        self._making: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope, self._reader)
        version = None if key is None else await self._now()
        if key is None or version is None:
            await self._app(scope, receive, send)
            return
        kept = self._answers.get(key, version, self._clock()) or await self._once(key, scope, receive, send)
        if kept is not None:
            await _give(kept, scope, send)

    async def _now(self) -> Hashable | None:
        """The store's version; None where it does not answer: the routes say so then."""
        try:
            return self._version.now() if self._version.is_instant else await run_in_threadpool(self._version.now)
        except (SQLAlchemyError, SqliteError):
            return None

    async def _once(self, key: Key, scope: Scope, receive: Receive, send: Send) -> CachedResponse | None:
        """The answer, made by one request while others for the same wait. None where it was given already, since it is
        none to be kept.
        """
        lock = self._making.setdefault(key, asyncio.Lock())
        async with lock:
            version = await self._now()
            kept = self._answers.get(key, version, self._clock())
            return kept or await self._make(key, version, scope, receive, send)

    async def _make(
        self, key: Key, version: Hashable | None, scope: Scope, receive: Receive, send: Send
    ) -> CachedResponse | None:
        answer = _ResponseToCache(send)
        await self._app(scope, receive, answer)
        if version is None or not answer.is_kept:
            await answer.pass_on()
            return None
        kept = _kept(version, self._clock(), answer)
        self._answers.put(key, kept)
        return kept


def by_cookies(scope: Scope) -> Hashable | None:
    """The reader as the cookies tell."""
    return tuple(value for name, value in scope["headers"] if name == b"cookie")


def _key(scope: Scope, reader: ReaderKey) -> Key | None:
    """What the answer depends on beside the store; None where it is none that is kept."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if _API.fullmatch(path):
        return path, scope["query_string"]
    if not _PAGE.fullmatch(path):
        return None
    who = reader(scope)
    return None if who is None else (path, scope["query_string"], who)


class _Answers:
    """Those of one version of the store, up to MOST bytes; what was asked for the longest ago goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, CachedResponse] = OrderedDict()
        self._size = 0

    def get(self, key: Key, version: Hashable | None, now: float) -> CachedResponse | None:
        kept = self._kept.get(key)
        if kept is None or kept.version != version or now - kept.made > OLDEST:
            return None
        self._kept.move_to_end(key)
        return kept

    def put(self, key: Key, answer: CachedResponse) -> None:
        last = next(reversed(self._kept.values()), None)
        if last is not None and last.version != answer.version:
            self._kept.clear()
            self._size = 0
        self._drop(key)
        self._kept[key] = answer
        self._size += len(answer.body)
        while self._size > MOST:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        gone = self._kept.pop(key, None)
        self._size -= len(gone.body) if gone else 0


class _ResponseToCache:
    """Takes an answer that is being sent. What grows beyond what is kept is passed on while it comes."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._messages: list[Message] = []
        self._size = 0
        self._is_passed_on = False

    async def __call__(self, message: Message) -> None:
        self._messages.append(message)
        self._size += len(message.get("body", b""))
        if self._size > LARGEST or self._is_passed_on:
            await self.pass_on()

    async def pass_on(self) -> None:
        """Sends what was taken, and from now on all that comes."""
        self._is_passed_on = True
        messages, self._messages = self._messages, []
        for message in messages:
            await self._send(message)

    @property
    def is_kept(self) -> bool:
        """Whether it is whole, good, and no cookie goes with it."""
        if self._is_passed_on or not self._messages or self._messages[0]["status"] != 200:
            return False
        return not any(name == b"set-cookie" for name, _ in self.headers)

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        return tuple(self._messages[0].get("headers", ()))

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self._messages[1:])


def _kept(version: Hashable, now: float, answer: _ResponseToCache) -> CachedResponse:
    headers, body = answer.headers, answer.body
    if (b"content-type", b"application/json") not in headers:
        return CachedResponse(version, now, headers, body, None)
    etag = f'W/"{sha256(_CLOCK.sub(b"", body)).hexdigest()[:32]}"'
    more = ((b"etag", etag.encode()), (b"cache-control", b"private, no-cache"))
    return CachedResponse(version, now, (*headers, *more), body, etag)


async def _give(kept: CachedResponse, scope: Scope, send: Send) -> None:
    if kept.etag is not None and _has_it(scope, kept.etag):
        headers = [one for one in kept.headers if one[0] not in (b"content-length", b"content-type")]
        await _send(send, 304, headers, b"")
    else:
        await _send(send, 200, list(kept.headers), kept.body)


def _has_it(scope: Scope, etag: str) -> bool:
    """Whether the client holds this answer already; ETags are compared weakly (RFC 9110, 13.1.2)."""
    lines = (value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match")
    held = {one.strip().removeprefix("W/") for line in lines for one in line.split(",")}
    return "*" in held or etag.removeprefix("W/") in held


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
