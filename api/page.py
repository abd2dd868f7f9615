"""A page: a template with what every page shows."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from api.context import AppContext
from api.person import remembered
from api.templating import templates
from api.visit import visit
from consultation.facts import ConsultationSnapshot
from consultation.polling import freshness
from consultation.review_queue import review_queue
from store.reads.polls import read_last_polls


def page(
    context: AppContext,
    session: Session,
    request: Request,
    name: str,
    snapshot: ConsultationSnapshot,
    shown: Mapping[str, Any],
    *,
    status: int = 200,
) -> HTMLResponse:
    """The template with what every page shows: the draft, the age of the last good poll, what needs review."""
    now = context.clock()
    common = {
        "draft": snapshot.draft,
        "deadline": snapshot.deadline,
        "fresh": freshness(read_last_polls(session), now),
        "now": now,
        "settings": context.settings,
        "several": len(context.settings.mailboxes) > 1,
        "to_review": len(context.made(review_queue, snapshot)),
        "names": snapshot.names,
        "texts": {paragraph.label: paragraph.text for paragraph in snapshot.draft.paragraphs},
        "reviewer": remembered(request),
        "may_decide": _may_decide(),
        "path": request.url.path.removeprefix(visit().root),
    }
    return HTMLResponse(templates.get_template(name).render(common | dict(shown)), status)


def _may_decide() -> bool:
    """Whether who looks at the page may send its forms."""
    account = visit().account
    return account is not None and account.may("reviewer")
