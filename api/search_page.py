"""The page of the search."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.context import AppContext
from api.page import page
from api.problems import InvalidQuery
from api.search import SearchQuery, search

KINDS = ("", "edit", "comment", "mail")


def search_pages(context: AppContext) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/search")
    def find(request: Request, q: str = "", kind: str = "", cursor: str | None = None) -> HTMLResponse:
        """What is found of the words, page by page; without words the form alone."""
        q, kind = q.strip()[:200], kind if kind in KINDS else ""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            shown: dict[str, Any] = {"q": q, "kind": kind, "hits": [], "more": None, "problem": ""}
            if q:
                asked = SearchQuery.model_validate({"q": q, "kind": kind or None, "cursor": cursor})
                try:
                    shown["hits"], shown["more"] = search(session, snapshot, asked)
                except InvalidQuery as error:
                    shown["problem"] = f"{error.name}: {error}"
            return page(context, session, request, "search.html", snapshot, shown)

    return router
