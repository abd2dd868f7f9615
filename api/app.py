"""The web application: the JSON API, the pages, and the routes for monitoring."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.sessions import SessionMiddleware

from api.access_log import AccessLog
from api.attempts import Attempts
from api.audit import audit_pages, audit_routes
from api.compilation import compilation_routes
from api.compilation_page import compilation_page
from api.context import AppContext, Content
from api.editorial import editorial_routes
from api.editorial_page import editorial_pages
from api.events import event_routes
from api.guard import RequestGuard
from api.head import HeadAsGet
from api.identity import Identity
from api.login import Logins, login
from api.mails_page import mails_pages
from api.monitoring import monitoring
from api.openapi import describe
from api.pages import pages
from api.problems import HANDLERS
from api.response_cache import ResponseCache
from api.review_pages import review_pages
from api.routes import routes
from api.search_page import search_pages
from api.visit import by_visit
from api.zone import InZone
from settings import Settings
from store.register import load
from store.session import Sessions
from store.version import store_version

STATIC = Path(__file__).parent / "static"
UNDER_WAY: dict[str, Any] = {"session_cookie": "kunming_login", "max_age": 600, "same_site": "lax"}
"""The signed cookie of a log-in at a provider that is under way: its key is of this process alone."""


def create_app(
    sessions: Sessions, settings: Settings, clock: Callable[[], datetime], content: Content | None = None
) -> FastAPI:
    """The application on that store. `content` takes a Part out of a raw mail for download; without it only the raw
    mail can be downloaded.
    """
    context, attempts = AppContext(sessions, settings, clock, load(), content), Attempts()
    version = store_version(sessions.kw["bind"])
    app = FastAPI(
        title="kunming",
        description="The comments of Parties on a draft declaration.",
        docs_url=None,
        redoc_url=None,
        exception_handlers=HANDLERS,
        generate_unique_id_function=lambda route: route.name,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nothing leaves but through outgoing/
    )
    app.state.settings = settings
    app.include_router(routes(context), prefix="/api/v1")
    identity = Identity(context, attempts, version)
    app.include_router(editorial_routes(context), prefix="/api/v1")
    app.include_router(event_routes(context, version, identity), prefix="/api/v1")
    app.include_router(audit_routes(context), prefix="/api/v1")
    app.include_router(monitoring(context))
    app.include_router(review_pages(context))
    app.include_router(editorial_pages(context))
    logins = Logins(context, attempts)
    app.include_router(login(logins))
    if settings.openid is not None:
        from api.openid import openid_routes  # noqa: PLC0415 - a library that takes its time, for those who use it

        app.include_router(openid_routes(context, logins, settings.openid))
        cookie = UNDER_WAY | {"path": settings.root_path or "/", "https_only": settings.is_https}
        app.add_middleware(SessionMiddleware, secret_key=token_urlsafe(32), **cookie)
    app.include_router(audit_pages(context))
    app.include_router(search_pages(context))
    app.include_router(mails_pages(context))
    app.include_router(pages(context))
    app.include_router(compilation_page(context))
    app.include_router(compilation_routes(context), prefix="/api/v1")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(ResponseCache, version=version, reader=by_visit)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestGuard, settings=settings, identity=identity)
    app.add_middleware(InZone, timezone=settings.timezone)
    app.add_middleware(AccessLog)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # as FastAPI says how to extend it
    return app
