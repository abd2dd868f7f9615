"""HTTP as it is read from the network: by llhttp, in C, with limits that it does not set itself."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64_000
"""Bytes of a request before its body."""
HEAD_SECONDS = 15.0
"""In which the head of the first request must be here: connections that say nothing leave no room for others."""


class BoundedHttp(HttpToolsProtocol):
    """One connection. A head without an end, and what comes without an end behind it, is answered with 400."""

    def __init__(self, largest_body: int, **given: Any) -> None:
        super().__init__(**given)
        self._largest = largest_body
        self._received = 0
        self._is_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._silent = self.loop.call_later(HEAD_SECONDS, self._close_if_silent)

    def connection_lost(self, exc: Exception | None) -> None:
        self._silent.cancel()
        super().connection_lost(exc)

    def _close_if_silent(self) -> None:
        if self.cycle is None:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        # One piece may hold the head and much of the body; the system gives at most 256 KB at once.
        most = LARGEST_HEAD if self._is_head else 2 * (LARGEST_HEAD + self._largest)
        if self._received > most and not self.transport.is_closing():
            self.send_400_response("The request is too large.")

    def on_headers_complete(self) -> None:
        self._is_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_head = True
        self._received = 0
        super().on_message_complete()
