"""The guard before all routes: it lets in what may come in, and puts the headers of security on all that goes out."""

import logging
import traceback
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

import anyio
from anyio.to_thread import run_sync
from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.checks import (
    FORM,
    Refusal,
    RequestHead,
    asked_of,
    form_field,
    too_large,
    why_bad_json,
    why_refused,
    without_token,
)
from api.cookies import VISIT as VISIT_COOKIE
from api.cookies import session_cookie, set_cookie, visit_cookie
from api.identity import NOT_LOGGED_IN, OWN, Identity, is_public, secret_of
from api.problems import RETRY_AFTER, answer
from api.visit import CSRF_FIELD, CSRF_HEADER, VISIT, Visit
from settings import Settings

log = logging.getLogger("kunming.api")
ROOT = Path(__file__).parent.parent
BODY_SECONDS = 20.0
"""In which a body must be here: one that comes by drops keeps nobody waiting."""
SKIP_SECONDS = 2.0
"""In which the body of a refused request must be here."""
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
A_YEAR = "max-age=31536000"
NO_STORE = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE, "store", "the store does not answer now: try later", {"Retry-After": RETRY_AFTER}
)
SLOW = Refusal(HTTPStatus.REQUEST_TIMEOUT, "slow", "the body did not come in time", {"Connection": "close"})
READS_ONLY = Refusal(HTTPStatus.FORBIDDEN, "role", "this changes something, and needs reviewer")
NUL_IN_FORM = Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "nul", "a field of a form has no NUL")
NO_CSRF = Refusal(HTTPStatus.FORBIDDEN, "csrf", "this form is too old, or of another log-in: load its page again")


class Refused(Exception):
    """The request is refused; the guard answers."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.kind)
        self.why = why


class RequestGuard:
    """Every request passes it. It refuses what comes from elsewhere, is too large, or is from an unknown sender."""

    def __init__(self, app: ASGIApp, settings: Settings, identity: Identity) -> None:
        self._app = app
        self._settings = settings
        self._identity = identity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # there are none, and nobody is asked who he is on that way
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        _put_under_root(scope, self._settings.root_path)
        asked = asked_of(scope, self._settings)
        answered = _AnswerWithHeaders(send, asked)
        try:
            await self._answer(scope, receive, answered, asked)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged once, and the next request is served
            await _tell(error, scope, receive, answered, asked)

    async def _answer(self, scope: Scope, receive: Receive, send: "_AnswerWithHeaders", asked: RequestHead) -> None:
        visit = await self._let_in(asked)
        if isinstance(visit, Refusal):
            if not asked.is_safe and "Connection" not in (visit.headers or {}):
                await _skip_body(receive, self._settings.largest_request)
            await self._refuse(scope, receive, send, asked, visit)
            return
        try:
            receive = receive if asked.is_safe else await self._take_body(asked, visit, receive)
        except Refused as refused:
            await self._refuse(scope, receive, send, asked, refused.why)
            return
        VISIT.set(visit)
        await self._app(scope, receive, send)

    async def _let_in(self, asked: RequestHead) -> Visit | Refusal:
        """Who asks; nobody in particular where all may."""
        visit = why_refused(asked) or await self._visit(asked)
        if isinstance(visit, Refusal):
            return visit
        if not asked.is_safe and asked.path not in OWN and not (visit.account and visit.account.may("reviewer")):
            return READS_ONLY
        return visit

    async def _take_body(self, asked: RequestHead, visit: Visit, receive: Receive) -> Receive:
        """Gives the body once more, after it was looked at. Raises Refused."""
        body = await _read_body(receive, self._settings.largest_request)
        refusal = _why_bad_body(asked, visit, body)
        if refusal is not None:
            raise Refused(refusal)
        return _Again(body, receive)

    async def _visit(self, asked: RequestHead) -> Visit | Refusal:
        """Who asks; nobody in particular where all may."""
        if is_public(asked.path):
            return Visit(None, None, asked.address, self._settings.root_path, secret_of(asked))
        try:
            known = self._identity.at_once(asked)
            return known if known is not None else await run_sync(self._identity.identify, asked)
        except SQLAlchemyError:
            return NO_STORE

    async def _refuse(
        self, scope: Scope, receive: Receive, send: "_AnswerWithHeaders", asked: RequestHead, refusal: Refusal
    ) -> None:
        level = logging.INFO if refusal is NOT_LOGGED_IN else logging.WARNING
        log.log(level, "refused=%s status=%d %s", refusal.kind, refusal.status, _named(asked))
        VISIT.set(Visit(None, None, asked.address, self._settings.root_path, secret_of(asked)))
        request = Request(scope)
        await answer(request, refusal.status, refusal.detail, headers=refusal.headers)(scope, receive, send)


async def _tell(
    error: Exception, scope: Scope, receive: Receive, send: "_AnswerWithHeaders", asked: RequestHead
) -> None:
    """Logs a bug in one line, without its message, which may hold words of a mail; and answers, if that can be done."""
    log.error("status=500 %s error=%s at=%s", _named(asked), type(error).__name__, _frames(error))
    if not send.started:
        told = answer(Request(scope), HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong here; it is logged")
        await told(scope, receive, send)


def _put_under_root(scope: Scope, root: str) -> None:
    """A proxy may pass the path on with the root path or without it; from here on it begins with it."""
    scope["root_path"] = root
    if root and scope["path"] != root and not scope["path"].startswith(f"{root}/"):
        scope["path"] = root + scope["path"]
        scope["raw_path"] = root.encode() + scope.get("raw_path", b"")


async def _skip_body(receive: Receive, most: int) -> None:
    """Takes what is sent with a refused request, and keeps none of it.

    A proxy that still sends a body when the answer comes may lose the answer (Go's ReverseProxy, so Caddy).
    """
    with anyio.move_on_after(SKIP_SECONDS):
        while most >= 0:
            message = await receive()
            most -= len(message.get("body", b""))
            if not message.get("more_body", False):
                return


async def _read_body(receive: Receive, most: int) -> bytes:
    """The whole body, where it is small enough and comes in time. Raises Refused."""
    body = bytearray()
    with anyio.move_on_after(BODY_SECONDS):
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > most:
                raise Refused(too_large(most))
            if not message.get("more_body", False):
                return bytes(body)
    raise Refused(SLOW)


def _why_bad_body(asked: RequestHead, visit: Visit, body: bytes) -> Refusal | None:
    if not _is_ours(asked, visit, body):
        return NO_CSRF
    if asked.media_type == FORM:
        return NUL_IN_FORM if b"%00" in body or b"\0" in body else None
    wrong = why_bad_json(body) if body else None
    return None if wrong is None else Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "json", f"body: {wrong}")


def _is_ours(asked: RequestHead, visit: Visit, body: bytes) -> bool:
    """Whether a page of ours sent it, or a program: no other site can make a browser show a token, or JSON where there
    are no cookies.
    """
    if visit.way == "token" or (visit.way == "local" and asked.media_type != FORM):
        return True
    try:
        given = form_field(body, CSRF_FIELD) if asked.media_type == FORM else asked.headers.get(CSRF_HEADER, "")
    except ValueError:
        return False
    return given.isascii() and visit.is_csrf(given)


class _Again:
    """Gives the body that was read already, then what comes after it."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


@dataclass
class _AnswerWithHeaders:
    """Sends, with the headers that every answer has."""

    send: Send
    asked: RequestHead
    started: bool = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = message["headers"] = list(message.get("headers", ()))
            given = {name.lower(): value for name, value in headers}
            is_page = given.get(b"content-type", b"").startswith(b"text/html")
            ours = _headers(self.asked.path.startswith("/static/"), is_page, self.asked.scheme == "https")
            headers += [one for one in ours if one[0] not in given]
            if is_page:
                _keep_visit(MutableHeaders(scope=message), self.asked)
        await self.send(message)


@lru_cache
def _headers(is_static: bool, is_page: bool, is_https: bool) -> tuple[tuple[bytes, bytes], ...]:
    """As ASGI has them. Nothing of ours is kept by a cache that others use; pages are kept by none."""
    kept = "no-store" if is_page else "private, no-cache"
    cache = {} if is_static else {"Cache-Control": kept, "Vary": "Authorization, Cookie"}
    headers = HEADERS | cache | ({"Strict-Transport-Security": A_YEAR} if is_https else {})
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


def _keep_visit(headers: MutableHeaders, asked: RequestHead) -> None:
    """A browser without a cookie of ours is given one with its first page, for the tokens of the page's forms."""
    if VISIT.get().way in ("local", "token") or session_cookie(asked) or visit_cookie(asked):
        return
    cookies = Response()
    set_cookie(cookies, asked, VISIT_COOKIE, VISIT.get().secret)
    headers.append("set-cookie", cookies.headers["set-cookie"])


def _named(asked: RequestHead) -> str:
    """The request in a line of the log: without its query, its body, and what it shows of itself."""
    return f"method={asked.method!r} path={without_token(asked.path)!r} address={asked.address!r}"


def _frames(error: Exception) -> str:
    """Where it was raised, and how one came there, in our own files."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        frame for frame in frames if Path(frame.filename).is_relative_to(ROOT) and "site-packages" not in frame.filename
    ]
    places = [f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno}" for frame in (ours or frames[-1:])]
    return "<".join(reversed(places[-8:]))
