"""The web application: the JSON API, the pages, and what a watchman asks."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from api.context import AppContext, Content
from api.monitoring import watch
from api.pages import pages
from api.routes import routes
from api.templating import templates
from consultation.new_corrections import WrongCorrection
from settings import Settings
from store.reads.snapshot import NoDraft
from store.register import load
from store.session import Sessions

STATIC = Path(__file__).parent / "static"
SAFE = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(
    sessions: Sessions, settings: Settings, clock: Callable[[], datetime], content: Content | None = None
) -> FastAPI:
    """The application on that store. `content` takes a Part out of a raw mail for download; without it only the raw
    mail can be downloaded.
    """
    context = AppContext(sessions, settings, clock, load(), content)
    app = FastAPI(
        title="kunming", description="Where each Party stands on a draft declaration.", docs_url=None, redoc_url=None
    )
    app.include_router(routes(context), prefix="/api/v1")
    app.include_router(watch(context))
    app.include_router(pages(context))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.middleware("http")(_safe)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(WrongCorrection)(_wrong)
    app.exception_handler(NoDraft)(_no_draft)
    app.exception_handler(OperationalError)(_no_store)
    return app


async def _safe(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in SAFE.items():
        response.headers.setdefault(name, value)
    return response


async def _http(request: Request, error: Exception) -> Response:
    """A page for people, JSON for programs."""
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"detail": error.detail}, status_code=error.status_code)
    text = templates.get_template("error.html").render(error=error)
    return HTMLResponse(text, status_code=error.status_code)


async def _wrong(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=422)


async def _no_store(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "the store does not answer now: try later"}, status_code=503)


async def _no_draft(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "the store holds no draft yet: kunming draft add"}, status_code=503)
