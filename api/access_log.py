"""One log line a request: who asked for what, what was answered, and how long it took."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.checks import without_token
from api.visit import VISIT

log = logging.getLogger("kunming.access")
QUIET = ("/static/", "/healthz", "/readyz", "/metrics")
"""What is asked for all the time is logged only where it goes wrong."""


class AccessLog:
    """Around everything else. The query is left out, since people put tokens there; so are headers and bodies."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            _log(scope, status, time.monotonic() - began)


def _log(scope: Scope, status: int, seconds: float) -> None:
    path = without_token(str(scope["path"]))
    visit = VISIT.get()
    client = visit.address or (scope.get("client") or ("?", 0))[0]
    quiet = status < 400 and path.startswith(QUIET)
    log.log(
        logging.DEBUG if quiet else logging.INFO,
        "access method=%s path=%r status=%d ms=%d client=%s account=%r",
        scope["method"], path, status, round(seconds * 1000), client, visit.account.name if visit.account else None,
    )  # fmt: skip
