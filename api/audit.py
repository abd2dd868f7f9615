"""The audit log: who read a raw mail, exported, corrected, logged in or was refused."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from api.context import AppContext
from api.json_output import AuditEntryJson
from api.numbers import Before
from api.openapi import errors
from api.page import page
from api.visit import OPERATOR, visit
from store.audit import keep_audit, read_audit

A_PAGE = 200


def note(context: AppContext, session: Session, did: str, what: str = "") -> None:
    """Keeps in the session's transaction that whoever asks just now did this."""
    now = visit()
    who = "local" if now.account is None else now.account.name
    keep_audit(session, context.clock(), who, did, what, now.address)


def audit_routes(context: AppContext) -> APIRouter:
    router = APIRouter(tags=["operation"], responses=errors(503), dependencies=[OPERATOR])

    @router.get("/audit", responses=errors(422))
    def get_audit(before: Before = None, limit: Annotated[int, Query(ge=1, le=1000)] = A_PAGE) -> list[AuditEntryJson]:
        """Who did what, the newest first; `before` goes on from the last one's number."""
        with context.sessions() as session:
            return list(map(AuditEntryJson.model_validate, read_audit(session, limit, before)))

    return router


def audit_pages(context: AppContext) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=[OPERATOR])

    @router.get("/audit")
    def audit(request: Request, before: Before = None) -> HTMLResponse:
        """The same for people."""
        with context.sessions() as session:
            entries = read_audit(session, A_PAGE, before)
            older = entries[-1].id if len(entries) == A_PAGE else None
            shown = {"entries": entries, "older": older}
            return page(context, session, request, "audit.html", context.snapshot(session), shown)

    return router
