"""The reads as HTML: one page, one template. What a mail says is always escaped text."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from api.context import AppContext
from api.mail_text import mail_text
from api.templating import templates
from consultation.by_paragraph import paragraph_counts, paragraph_view, versions_of
from consultation.details import mail_detail, unplaced_facts
from consultation.facts import ConsultationSnapshot, Speaker
from consultation.ledger import make_ledger
from consultation.polling import freshness
from consultation.reminders import reminders
from consultation.sentences import unread_by_speaker, unread_of, without_unread
from consultation.status import STATES, SpeakerStatus, status
from store.reads.directory import read_focal_points
from store.reads.ledger import read_counts
from store.reads.mails import read_texts, read_unplaced, read_unread_sentences
from store.reads.polls import read_last_polls, read_polls

REGIONS = ("African Group", "Asia-Pacific Group", "Central and Eastern Europe", "GRULAC", "WEOG")


def pages(context: AppContext) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _of_draft(router, context)
    _of_speakers(router, context)
    _of_mails(router, context)
    return router


def page(
    context: AppContext, session: Session, name: str, snapshot: ConsultationSnapshot, **shown: Any
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
        "to_review": sum(len(mail.review) for mail in snapshot.current_mails)
        + sum(bool(fact.review) for fact in snapshot.current_edits),
        "names": snapshot.names,
        "texts": {paragraph.label: paragraph.text for paragraph in snapshot.draft.paragraphs},
    }
    return HTMLResponse(templates.get_template(name).render(common | shown))


def _of_draft(router: APIRouter, context: AppContext) -> None:
    @router.get("/")
    def home() -> HTMLResponse:
        """All Parties with their state, by region; observers and groups apart."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            now = status(snapshot)
            shown = {
                "status": now,
                "regions": _by_region(now.parties),
                "states": STATES,
                "paragraphs": paragraph_counts(snapshot, collisions=False),
            }
            return page(context, session, "home.html", snapshot, **shown)

    @router.get("/paragraphs")
    def paragraphs() -> HTMLResponse:
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            return page(context, session, "paragraphs.html", snapshot, paragraphs=paragraph_counts(snapshot))

    @router.get("/paragraphs/{label}")
    def paragraph(label: str) -> HTMLResponse:
        """One paragraph: the official text, the proposals for it, and each speaker's version as a redline."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            found = paragraph_view(snapshot, label)
            if found is None:
                raise HTTPException(404, f"The draft has no paragraph “{label}”.")
            return page(context, session, "paragraph.html", snapshot, view=found)

    @router.get("/reminders")
    def not_answered() -> HTMLResponse:
        """Who has not answered, with the addresses to remind."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            silent = reminders(status(snapshot).parties, read_focal_points(session))
            return page(context, session, "reminders.html", snapshot, reminders=silent)

    @router.get("/docs")
    def docs(request: Request) -> HTMLResponse:
        """The API, from its own OpenAPI description."""
        with context.sessions() as session:
            return page(context, session, "docs.html", context.snapshot(session), api=request.app.openapi())


def _by_region(rows: tuple[SpeakerStatus, ...]) -> list[tuple[str, list[SpeakerStatus]]]:
    """The UN's regional groups in their order, then those that belong to none."""
    regions = [*REGIONS, *sorted({row.region for row in rows} - set(REGIONS))]
    return [(region, [row for row in rows if row.region == region]) for region in regions]


def _of_speakers(router: APIRouter, context: AppContext) -> None:
    @router.get("/parties/{name}")
    def party(name: str) -> HTMLResponse:
        return _speaker(context, Speaker("party", name.upper()))

    @router.get("/groups/{name:path}")
    def group(name: str) -> HTMLResponse:
        return _speaker(context, Speaker("group", name))

    @router.get("/observers/{name:path}")
    def observer(name: str) -> HTMLResponse:
        return _speaker(context, Speaker("observer", name))


def _speaker(context: AppContext, who: Speaker) -> HTMLResponse:
    with context.sessions() as session:
        snapshot = context.snapshot(session)
        now = status(snapshot)
        rows = {"party": now.parties, "group": now.groups, "observer": now.observers}[who.kind]
        row = next((row for row in rows if row.code == who.name), None)
        if row is None:
            raise HTTPException(404, f"No such Party, Group or observer: “{who.name}”.")
        mails = tuple(mail for mail in snapshot.mails if who in mail.speakers)
        shown = {
            "who": who,
            "row": row,
            "mails": mails,
            "by_paragraph": versions_of(snapshot, who),
            "unplaced": unplaced_facts(read_unplaced(session), mails),
            "covering": [one for one in (*now.parties, *now.groups) if one.code in row.covered_by],
            "covered": [one for one in now.parties if row.code in one.covered_by],
        }
        return page(context, session, "party.html", snapshot, **shown)


def _of_mails(router: APIRouter, context: AppContext) -> None:
    @router.get("/mails")
    def mails() -> HTMLResponse:
        """All mails, the newest first; the ledger and the last polls below them."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            shown = {
                "mails": snapshot.mails[::-1],
                "ledger": make_ledger(read_counts(session)),
                "polls": read_polls(session, 10),
            }
            return page(context, session, "mails.html", snapshot, **shown)

    @router.get("/mails/{mail_id}")
    def mail(mail_id: int) -> HTMLResponse:
        """One mail: its text with the outcome of each sentence, what was found in it, its Parts and their fate."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            fact = snapshot.mail(mail_id)
            if fact is None:
                raise HTTPException(404, f"There is no mail {mail_id}.")
            texts = read_texts(session, mail_id)
            detail = mail_detail(snapshot, fact, texts)
            shown = {
                "mail": detail,
                "text": mail_text(detail.sentences, detail.edits),
                "statements": [
                    one.unplaced for one in without_unread(texts.unplaced, unread_of(mail_id, texts.sentences))
                ],
            }
            return page(context, session, "mail.html", snapshot, **shown)

    @router.get("/work")
    def work() -> HTMLResponse:
        """All that needs review: mails, unread sentences, unplaced statements, doubtful edits, corrections that have no
        effect.
        """
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            mails, unread = snapshot.current_mails, read_unread_sentences(session)
            shown = {
                "mails": [mail for mail in mails if mail.review],
                "unread": unread_by_speaker(unread, mails, snapshot.names),
                "unplaced": unplaced_facts(without_unread(read_unplaced(session), unread), mails),
                "edits": [fact for fact in snapshot.current_edits if fact.review],
                "not_applied": [one for one in snapshot.corrections if one.not_applied and one.undone_by is None],
            }
            return page(context, session, "work.html", snapshot, **shown)
