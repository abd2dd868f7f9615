"""The stream of what happens, as server-sent events (HTML Living Standard, 9.2)."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.checks import Refusal, asked_of
from api.context import AppContext
from api.cursors import Since
from api.identity import Identity
from api.json_output import EventJson
from api.openapi import Responses, errors
from api.problems import InvalidQuery
from consultation.events import Event, events
from store.version import StoreVersion

LOOKS = 1.0
"""Seconds between two looks at the version of the store."""
LASTS = 900
"""Seconds of a stream: then the client comes again with its last id, and is asked again who it is."""
RECHECKS = 60.0
"""Seconds after which it is looked at again whether who listens may; where the store has changed, at once."""
OVERLAP = timedelta(minutes=1)
"""A transaction that took long may bring something that happened before what was sent already."""
MOST = 200
"""Streams at once."""
STREAM: Responses = {
    200: {"description": "Server-sent events.", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


def event_routes(context: AppContext, version: StoreVersion, identity: Identity) -> APIRouter:
    router = APIRouter(tags=["consultation"], responses=errors(503))
    streams = _Streams(context, version)

    def is_still_in(request: Request) -> bool:
        return not isinstance(identity.identify(asked_of(request.scope, context.settings)), Refusal)

    @router.get("/events", response_class=EventSourceResponse, responses=STREAM | errors(422))
    async def get_events(
        request: Request,
        since: Annotated[Since, Query()] = None,
        seconds: Annotated[int, Query(ge=0, le=LASTS)] = LASTS,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> EventSourceResponse:
        """What happens, as it happens: `arrival` and `reading` of mails, and `correction`. With `since`, or the header
        Last-Event-ID, first what has happened since then; some of it may come twice, under the same id. It ends where
        the token or log-in of the one who listens does.
        """
        if len(streams.open) >= MOST:
            raise HTTPException(503, "there are too many streams: try later", {"Retry-After": "30"})
        after = since if last_event_id is None else _time_of(last_event_id)
        first = await run_in_threadpool(streams.read)
        told = streams.stream(first, after, seconds, partial(is_still_in, request))
        return EventSourceResponse(told, send_timeout=30)

    return router


def _time_of(last_event_id: str) -> datetime:
    try:
        at = datetime.fromisoformat(last_event_id.partition("/")[0])
    except ValueError as error:
        raise InvalidQuery("last_event_id", "not one that this API gave") from error
    if at.tzinfo is None:
        raise InvalidQuery("last_event_id", "not one that this API gave")
    return at


class _Streams:
    """All streams that are open; each knows what it has sent."""

    def __init__(self, context: AppContext, version: StoreVersion) -> None:
        self._context = context
        self._version = version
        self.open: set[object] = set()

    def read(self) -> tuple[Hashable, tuple[Event, ...]]:
        """What happened until now, with the version of the store that says so."""
        version = self._version.now()
        with self._context.sessions() as session:
            return version, self._context.made(events, self._context.snapshot(session))

    async def stream(
        self,
        first: tuple[Hashable, tuple[Event, ...]],
        after: datetime | None,
        seconds: int,
        is_still_in: Callable[[], bool],
    ) -> AsyncIterator[ServerSentEvent]:
        ends, (version, found), me = time.monotonic() + seconds, first, object()
        rechecked = time.monotonic()
        self.open.add(me)
        try:
            sent = {event.id for event in found if after is None or event.at < after - OVERLAP}
            while True:
                for event in _unsent(found, sent):
                    yield _message(event)
                if time.monotonic() >= ends:
                    return
                await asyncio.sleep(LOOKS)
                is_new = await run_in_threadpool(self._version.now) != version
                if not is_new and time.monotonic() - rechecked < RECHECKS:
                    continue
                if not await run_in_threadpool(is_still_in):
                    return
                rechecked = time.monotonic()
                version, found = await run_in_threadpool(self.read)
        finally:
            self.open.discard(me)


def _unsent(found: Iterable[Event], sent: set[str]) -> Iterator[Event]:
    """Those that were not sent yet; from now on they were."""
    for event in found:
        if event.id not in sent:
            sent.add(event.id)
            yield event


def _message(event: Event) -> ServerSentEvent:
    return ServerSentEvent(EventJson.model_validate(event).model_dump_json(), event=event.kind, id=event.id)
