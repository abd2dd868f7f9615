"""The reads as HTML: one page, one template. What a mail says is always escaped text."""

import sys
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from api.context import AppContext
from api.mail_text import mail_text
from api.mail_windows import mail_windows
from api.not_found import no_paragraph, no_speaker
from api.numbers import MailId
from api.overview import SPANS, overview
from api.page import page
from api.templating import speaker_url
from consultation.by_paragraph import GENERAL, paragraph_counts, paragraph_view, versions_of
from consultation.correction_words import correction_lines
from consultation.details import MailDetail, decided_of, mail_detail
from consultation.facts import ConsultationSnapshot, Disposition, Speaker, StatementFact
from consultation.find_speaker import all_names, speaker_names, speakers_named
from consultation.reminders import reminders
from consultation.review_queue import ReviewItem, review_queue
from consultation.status import SpeakerStatus, Status, status
from consultation.support import support_of
from store.erasure import why_no_mail
from store.reads.directory import read_focal_points
from store.reads.mails import read_texts

MOST_SHOWN = 100
"""Proposals of one passage, and comments, that a paragraph's page shows at first: a mail may bring thousands."""


def pages(context: AppContext) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _of_draft(router, context)
    _of_speakers(router, context)
    _of_mails(router, context)
    return router


def _of_draft(router: APIRouter, context: AppContext) -> None:
    @router.get("/")
    def home(request: Request, since: Literal["a day", "three days", "a week"] = "a day") -> HTMLResponse:
        """The state of the consultation: who has answered, what is new, Parties by paragraphs."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            shown = overview(snapshot, context.made(status, snapshot), context.clock(), SPANS[since])
            paragraphs = context.made(paragraph_counts, snapshot)
            return page(context, session, request, "home.html", snapshot, shown | {"paragraphs": paragraphs})

    @router.get("/find")
    def find(request: Request, q: str = "") -> Response:
        """The page of the Party, Group or observer of that name, in any of the six languages; several as a list."""
        found = speakers_named(context.register, q)
        if len(found) == 1:
            return RedirectResponse(speaker_url(found[0]), 303)
        with context.sessions() as session:
            shown = {"found": found, "q": q}
            return page(context, session, request, "find.html", context.snapshot(session), shown)

    @router.get("/names.json")
    def names() -> JSONResponse:
        """All names of each Party, Group and observer, by what its row carries; for the field that finds them."""
        everyone = {who.name: " | ".join(names) for who, names in all_names(context.register)}
        return JSONResponse(everyone, headers={"Cache-Control": "private, max-age=3600"})

    @router.get("/paragraphs")
    def paragraphs(request: Request) -> HTMLResponse:
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            return page(
                context,
                session,
                request,
                "paragraphs.html",
                snapshot,
                {"paragraphs": context.made(paragraph_counts, snapshot)},
            )

    @router.get("/paragraphs/{label}")
    def paragraph(
        request: Request,
        label: str,
        as_: Annotated[str, Query(alias="as")] = "",
        *,
        clean: bool = False,
        everything: bool = False,
    ) -> HTMLResponse:
        """One paragraph: the official text, or as one speaker would have it; the proposals for it, alike ones together,
        and each speaker's version as a redline.
        """
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            found = paragraph_view(snapshot, label)
            if found is None:
                raise HTTPException(404, no_paragraph(snapshot, label))
            shown = {
                "view": found,
                "read_as": next((one for one in found.versions if one.speaker.name == as_), None),
                "clean": clean,
                "most": sys.maxsize if everything else MOST_SHOWN,
                "support": partial(support_of, context.register),
                "dispositions": get_args(Disposition),
            }
            return page(context, session, request, "paragraph.html", snapshot, shown)

    @router.get("/reminders")
    def not_answered(request: Request) -> HTMLResponse:
        """Who has not answered, with the addresses to remind."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            silent = reminders(context.made(status, snapshot).parties, read_focal_points(session))
            return page(context, session, request, "reminders.html", snapshot, {"reminders": silent})

    @router.get("/docs")
    def docs(request: Request) -> HTMLResponse:
        """The API, from its own OpenAPI description."""
        with context.sessions() as session:
            return page(
                context, session, request, "docs.html", context.snapshot(session), {"api": request.app.openapi()}
            )


def _of_speakers(router: APIRouter, context: AppContext) -> None:
    @router.get("/parties/{name}")
    def party(request: Request, name: str) -> HTMLResponse:
        return _speaker(context, request, Speaker("party", name.upper()))

    @router.get("/groups/{name:path}")
    def group(request: Request, name: str) -> HTMLResponse:
        return _speaker(context, request, Speaker("group", name))

    @router.get("/observers/{name:path}")
    def observer(request: Request, name: str) -> HTMLResponse:
        return _speaker(context, request, Speaker("observer", name))


def _speaker(context: AppContext, request: Request, who: Speaker) -> HTMLResponse:
    with context.sessions() as session:
        snapshot = context.snapshot(session)
        shown = _of_speaker(snapshot, context.made(status, snapshot), who)
        return page(context, session, request, "party.html", snapshot, shown)


def _of_speaker(snapshot: ConsultationSnapshot, now: Status, who: Speaker) -> dict[str, Any]:
    """What is known of one speaker; 404 where there is none of that name."""
    rows = {"party": now.parties, "group": now.groups, "observer": now.observers}[who.kind]
    row = next((row for row in rows if row.code == who.name), None)
    if row is None:
        raise HTTPException(404, no_speaker(snapshot, who.name))
    mails = tuple(mail for mail in snapshot.mails if who in mail.speakers)
    return {
        "who": who,
        "row": row,
        "mails": mails,
        "by_paragraph": versions_of(snapshot, who),
        "labels": [*(paragraph.label for paragraph in snapshot.draft.paragraphs), GENERAL.label],
        "lines": correction_lines(snapshot, decided_of(snapshot, who, mails)),
        "unplaced": _unplaced_of(snapshot, who),
        **_covers(now, row),
    }


def _covers(now: Status, row: SpeakerStatus) -> dict[str, Any]:
    """Those who answered for it, and those for whom it did."""
    return {
        "covering": [one for one in (*now.parties, *now.groups) if one.code in row.covered_by],
        "covered": [one for one in now.parties if row.code in one.covered_by],
    }


def _unplaced_of(snapshot: ConsultationSnapshot, who: Speaker) -> list[StatementFact]:
    return [one for one in snapshot.statements if one.speaker == who and one.is_current and not one.settled]


def _of_mails(router: APIRouter, context: AppContext) -> None:
    @router.get("/mails/{mail_id}")
    def mail(request: Request, mail_id: MailId, at: str = "") -> HTMLResponse:
        """One mail: its text with the outcome of each sentence, what was found in it, its Parts and their fate; of a
        long one what is around the anchor `at`.
        """
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            fact = snapshot.mail(mail_id)
            if fact is None:
                why = why_no_mail(session, mail_id)
                raise HTTPException(404, f"{why[0].upper()}{why[1:]}.")
            detail = mail_detail(snapshot, fact, read_texts(session, mail_id))
            waiting = [item for item in context.made(review_queue, snapshot) if item.mail is fact]
            return page(context, session, request, "mail.html", snapshot, _of_mail(snapshot, detail, waiting, at))


def _of_mail(
    snapshot: ConsultationSnapshot, detail: MailDetail, waiting: Sequence[ReviewItem], at: str
) -> dict[str, Any]:
    """What one mail says, as its page shows it."""
    said = [one for one in snapshot.statements if one.mail == detail.id]
    windows = mail_windows(detail, [one for one in said if one.n is None], at)
    officials = {paragraph.label: paragraph.text for paragraph in snapshot.draft.paragraphs}
    shown = range(windows.sentences.first, windows.sentences.end)
    return {
        "mail": detail,
        "lines": correction_lines(snapshot, detail.decided),
        "items": len(waiting),
        "first_item": waiting[0].id if waiting else "",
        "speakers": speaker_names(snapshot.register),
        "text": mail_text(detail.sentences, detail.edits, officials, shown),
        "windows": windows,
        "statement_of": {one.n: one for one in said if one.n is not None},
    }
