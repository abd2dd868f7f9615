"""The page of all mails: of everyone or of one, of one class, by words of subject and sender, page by page."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.context import AppContext
from api.cursors import page_of
from api.json_output import MailClass
from api.lists import MailQuery, find_mails
from api.named import one_named
from api.page import page
from api.problems import InvalidQuery
from consultation.facts import ConsultationSnapshot, MailFact
from consultation.find_speaker import speaker_names
from consultation.ledger import make_ledger
from consultation.mail_counts import MailCounts, mail_counts
from store.reads.ledger import read_counts
from store.reads.polls import read_polls

A_PAGE = 200
NEWEST_FIRST = "-received"


def mails_pages(context: AppContext) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/mails")
    def mails(
        request: Request,
        q: str = "",
        of: str = "",
        kind: Annotated[MailClass | Literal[""], Query(alias="class")] = "",
        *,
        review: bool = False,
        cursor: str | None = None,
    ) -> HTMLResponse:
        """The mails, the newest first, with how much each says; the ledger and the last polls below all of them."""
        shown: dict[str, Any] = {"q": q.strip(), "of": of.strip(), "kind": kind, "review": review, "problem": ""}
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            counts = context.made(mail_counts, snapshot)
            found: list[MailFact] = []
            try:
                party = one_named(context.register, shown["of"])
                asked = MailQuery.model_validate({"q": shown["q"], "party": party, "class": kind or None})
                found = [mail for mail in find_mails(snapshot, asked) if not review or _waits(mail, counts)]
                rows, more = page_of(found, _received, sort=NEWEST_FIRST, limit=A_PAGE, cursor=cursor)
            except InvalidQuery as error:
                rows, more, shown["problem"] = [], None, f"{error.name}: {error}"
            shown |= {"mails": rows, "total": len(found), "more": more, "counts": counts, "none_said": MailCounts()}
            shown |= {"is_all": _is_all(snapshot, found), "speakers": speaker_names(context.register)}
            shown |= {"ledger": make_ledger(read_counts(session)), "polls": read_polls(session, 10)}
            return page(context, session, request, "mails.html", snapshot, shown)

    return router


def _waits(mail: MailFact, counts: Mapping[int, MailCounts]) -> bool:
    return mail.id in counts and counts[mail.id].to_review > 0


def _received(mail: MailFact) -> tuple[float, int]:
    return mail.counts_from.timestamp(), mail.id


def _is_all(snapshot: ConsultationSnapshot, found: list[MailFact]) -> bool:
    return len(found) == len(snapshot.mails)
