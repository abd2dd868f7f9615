"""The reads as HTML: one page, one template. What a mail says is always escaped text."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from api.context import House
from api.templating import templates
from consultation.by_paragraph import place, places, said
from consultation.facts import Desk, EditFact, Speaker
from consultation.reminders import reminders
from consultation.status import ANSWERED, STATES, Standing, status
from store.reads.directory import directory
from store.reads.ledger import freshness, ledger, polls
from store.reads.mail import mail_detail, unplaced

REGIONS = ("African Group", "Asia-Pacific Group", "Central and Eastern Europe", "GRULAC", "WEOG")


def pages(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _of_draft(router, house)
    _of_speakers(router, house)
    _of_mails(router, house)
    return router


def page(house: House, session: Session, name: str, desk: Desk, **shown: Any) -> HTMLResponse:
    """The template with what every page shows: the draft, the age of the last good poll, what waits for a person."""
    common = {
        "draft": desk.draft,
        "deadline": desk.deadline,
        "fresh": freshness(session),
        "now": house.clock(),
        "settings": house.settings,
        "several": len(house.settings.mailboxes) > 1,
        "waiting": sum(len(mail.review) for mail in desk.mails if mail.stands)
        + sum(bool(fact.review) for fact in desk.edits if fact.stands),
        "names": desk.names,
        "texts": {paragraph.label: paragraph.text for paragraph in desk.draft.paragraphs},
    }
    return HTMLResponse(templates.get_template(name).render(common | shown))


def _of_draft(router: APIRouter, house: House) -> None:
    @router.get("/")
    def home() -> HTMLResponse:
        """All Parties with their state, by region; observers and groups apart."""
        with house.sessions() as session:
            desk = house.desk(session)
            stands = status(desk)
            shown = {
                "status": stands,
                "regions": _by_region(stands.parties),
                "states": STATES,
                "places": places(desk, collisions=False),
            }
            return page(house, session, "home.html", desk, **shown)

    @router.get("/paragraphs")
    def paragraphs() -> HTMLResponse:
        with house.sessions() as session:
            desk = house.desk(session)
            return page(house, session, "paragraphs.html", desk, places=places(desk))

    @router.get("/paragraphs/{label}")
    def paragraph(label: str) -> HTMLResponse:
        """One paragraph: the official text, the proposals for it, and each speaker's version as a redline."""
        with house.sessions() as session:
            desk = house.desk(session)
            found = place(desk, label)
            if found is None:
                raise HTTPException(404, f"The draft has no paragraph “{label}”.")
            return page(house, session, "paragraph.html", desk, place=found)

    @router.get("/reminders")
    def not_answered() -> HTMLResponse:
        """Who has not answered, with the addresses to remind."""
        with house.sessions() as session:
            desk = house.desk(session)
            silent = reminders(status(desk).parties, directory(session))
            return page(house, session, "reminders.html", desk, reminders=silent)

    @router.get("/docs")
    def docs(request: Request) -> HTMLResponse:
        """The API, from its own OpenAPI description."""
        with house.sessions() as session:
            return page(house, session, "docs.html", house.desk(session), api=request.app.openapi())


def _by_region(rows: tuple[Standing, ...]) -> list[tuple[str, list[Standing]]]:
    """The UN's regional groups in their order, then those that belong to none."""
    regions = [*REGIONS, *sorted({row.region for row in rows} - set(REGIONS))]
    return [(region, [row for row in rows if row.region == region]) for region in regions]


def _of_speakers(router: APIRouter, house: House) -> None:
    @router.get("/parties/{name}")
    def party(name: str) -> HTMLResponse:
        return _speaker(house, Speaker("party", name.upper()))

    @router.get("/groups/{name:path}")
    def group(name: str) -> HTMLResponse:
        return _speaker(house, Speaker("group", name))

    @router.get("/observers/{name:path}")
    def observer(name: str) -> HTMLResponse:
        return _speaker(house, Speaker("observer", name))


def _speaker(house: House, who: Speaker) -> HTMLResponse:
    with house.sessions() as session:
        desk = house.desk(session)
        stands = status(desk)
        rows = {"party": stands.parties, "group": stands.groups, "observer": stands.observers}[who.kind]
        row = next((row for row in rows if row.code == who.name), None)
        if row is None:
            raise HTTPException(404, f"Nobody here is called “{who.name}”.")
        mails = tuple(mail for mail in desk.mails if mail.speaker == who)
        shown = {
            "who": who,
            "row": row,
            "mails": mails,
            "by_paragraph": _by_paragraph(desk, who),
            "unplaced": unplaced(session, desk, mails),
            "covering": [one for one in (*stands.parties, *stands.groups) if one.code in row.covered_by],
            "covered": [one for one in stands.parties if row.code in one.covered_by],
            "answered": row.state in ANSWERED,
        }
        return page(house, session, "party.html", desk, **shown)


def _by_paragraph(desk: Desk, who: Speaker) -> list[tuple[str, Any]]:
    """What the speaker says of each paragraph, in the draft's order."""
    facts = [fact for fact in desk.edits if fact.speaker == who and fact.stands]
    found = {paragraph.label: paragraph for paragraph in desk.draft.paragraphs}
    out = []
    for label in dict.fromkeys(fact.edit.paragraph for fact in facts):
        own = [fact for fact in facts if fact.edit.paragraph == label]
        out += [(label, one) for one in said(desk, found.get(label), own)]
    return out


def _of_mails(router: APIRouter, house: House) -> None:
    @router.get("/mails")
    def mails() -> HTMLResponse:
        """All mails, the newest first; the ledger and the last polls below them."""
        with house.sessions() as session:
            desk = house.desk(session)
            shown = {"mails": desk.mails[::-1], "ledger": ledger(session), "polls": polls(session, 10)}
            return page(house, session, "mails.html", desk, **shown)

    @router.get("/mails/{mail_id}")
    def mail(mail_id: int) -> HTMLResponse:
        """One mail with its Parts and what became of each."""
        with house.sessions() as session:
            desk = house.desk(session)
            detail = mail_detail(session, desk, mail_id)
            if detail is None:
                raise HTTPException(404, f"There is no mail {mail_id}.")
            decided = [one for one in desk.corrections if one.id in _ids(detail.fact.corrections, detail.edits)]
            return page(house, session, "mail.html", desk, detail=detail, mail=detail.fact, corrections=decided)

    @router.get("/work")
    def work() -> HTMLResponse:
        """All that waits for a person: mails, unplaced statements, doubtful edits, corrections that find nothing."""
        with house.sessions() as session:
            desk = house.desk(session)
            shown = {
                "mails": [mail for mail in desk.mails if mail.stands and mail.review],
                "unplaced": unplaced(session, desk),
                "edits": [fact for fact in desk.edits if fact.stands and fact.review],
                "idle": [one for one in desk.corrections if one.idle and one.undone_by is None],
            }
            return page(house, session, "work.html", desk, **shown)


def _ids(of_mail: tuple[int, ...], edits: tuple[EditFact, ...]) -> set[int]:
    return {*of_mail, *(number for fact in edits for number in fact.corrections)}
