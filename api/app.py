"""The web application: the JSON API, the pages, and the routes for monitoring."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from api.context import AppContext, Content
from api.from_memory import FromMemory, by_cookies
from api.head import HeadAsGet
from api.monitoring import monitoring
from api.openapi import describe
from api.pages import pages
from api.problems import HANDLERS
from api.review_pages import review_pages
from api.routes import routes
from settings import Settings
from store.register import load
from store.session import Sessions
from store.version import store_version

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
        title="kunming",
        description="The comments of Parties on a draft declaration.",
        docs_url=None,
        redoc_url=None,
        exception_handlers=HANDLERS,
        generate_unique_id_function=lambda route: route.name,
    )
    app.include_router(routes(context), prefix="/api/v1")
    app.include_router(monitoring(context))
    app.include_router(review_pages(context))
    app.include_router(pages(context))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.middleware("http")(_safe)
    app.add_middleware(FromMemory, version=store_version(sessions.kw["bind"]), reader=by_cookies)
    app.add_middleware(HeadAsGet)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # as FastAPI says how to extend it
    return app


async def _safe(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in SAFE.items():
        response.headers.setdefault(name, value)
    return response
