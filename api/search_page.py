"""The page of the search."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.context import AppContext
from api.named import one_named
from api.page import page
from api.problems import InvalidQuery
from api.search import SearchQuery, search
from consultation.find_speaker import speaker_names

KINDS = ("", "edit", "comment", "mail")


def search_pages(context: AppContext) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/search")
    def find(request: Request, q: str = "", kind: str = "", of: str = "", cursor: str | None = None) -> HTMLResponse:
        """What is found of the words, page by page, of everyone or of one; without words the form alone."""
        q, kind, of = q.strip()[:200], kind if kind in KINDS else "", of.strip()[:200]
        shown: dict[str, Any] = {"q": q, "kind": kind, "of": of, "cursor": cursor, "problem": ""}
        shown |= {"hits": [], "more": None, "speakers": speaker_names(context.register)}
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            try:
                if q:
                    party = one_named(context.register, of)
                    asked = SearchQuery.model_validate({"q": q, "kind": kind or None, "party": party, "cursor": cursor})
                    shown["hits"], shown["more"] = search(session, snapshot, asked)
            except InvalidQuery as error:
                shown["problem"] = f"{error.name}: {error}"
            return page(context, session, request, "search.html", snapshot, shown)

    return router
