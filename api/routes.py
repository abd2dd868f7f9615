"""The JSON API, under /api/v1: each route is one read and one return."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api import json_output as forms
from api.context import House
from api.downloads import attachment, part_of
from api.edits import EditQuery, edits_page
from api.json_output import Json
from consultation.by_paragraph import place, places
from consultation.reminders import reminders
from consultation.status import status
from store.corrections import keep_correction
from store.reads.directory import directory
from store.reads.ledger import freshness, ledger, polls
from store.reads.mail import mail_detail, raw_mail, unplaced

NOT_HERE = 404


class CorrectionIn(BaseModel):
    """What a person decides; the kinds, with their targets and values, stand in docs/api.md."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    target: dict[str, Any]
    value: dict[str, Any] = Field(default_factory=dict)
    by: str = Field(min_length=1, max_length=200)
    why: str = Field(default="", max_length=10_000)


def routes(house: House) -> APIRouter:
    router = APIRouter()
    _of_parties(router, house)
    _of_draft(router, house)
    _of_mails(router, house)
    _of_corrections(router, house)
    return router


def _of_parties(router: APIRouter, house: House) -> None:
    @router.get("/status")
    def read_status() -> Json:
        """Where all Parties stand, then observers and groups."""
        with house.sessions() as session:
            return forms.status_form(status(house.desk(session)), freshness(session), house.clock())

    @router.get("/parties")
    def read_parties() -> list[Json]:
        with house.sessions() as session:
            return [forms.standing_form(row) for row in status(house.desk(session)).parties]

    @router.get("/reminders")
    def read_reminders() -> list[Json]:
        """The Parties without an answer of their own, with the addresses to remind."""
        with house.sessions() as session:
            silent = reminders(status(house.desk(session)).parties, directory(session))
            return [forms.reminder_form(one) for one in silent]

    @router.get("/parties/{code:path}")
    def read_party(code: str) -> Json:
        """One Party by its code; a Group or an observer by its name."""
        with house.sessions() as session:
            desk = house.desk(session)
            row = status(desk).of(code)
            if row is None:
                raise HTTPException(NOT_HERE, f"nobody here is called {code!r}")
            return forms.speaker_form(desk, row)


def _of_draft(router: APIRouter, house: House) -> None:
    @router.get("/paragraphs")
    def read_paragraphs() -> list[Json]:
        with house.sessions() as session:
            return forms.places_form(places(house.desk(session)))

    @router.get("/paragraphs/{label}")
    def read_paragraph(label: str) -> Json:
        with house.sessions() as session:
            desk = house.desk(session)
            found = place(desk, label)
            if found is None:
                raise HTTPException(NOT_HERE, f"the draft has no paragraph {label!r}")
            return forms.place_form(desk, found)

    @router.get("/edits")
    def read_edits(asked: Annotated[EditQuery, Query()]) -> Json:
        """Edits and comments that stand, in the draft's order; `next` is the cursor of the next page."""
        with house.sessions() as session:
            return edits_page(house.desk(session), asked)

    @router.get("/unplaced")
    def read_unplaced() -> list[Json]:
        """What was said and found no place in the draft."""
        with house.sessions() as session:
            return [forms.unplaced_form(one) for one in unplaced(session, house.desk(session))]


def _of_mails(router: APIRouter, house: House) -> None:
    @router.get("/mails")
    def read_mails() -> list[Json]:
        """All mails by the time that counts, superseded ones and copies too."""
        with house.sessions() as session:
            return [forms.mail_form(mail) for mail in house.desk(session).mails]

    @router.get("/mails/{mail_id}")
    def read_mail(mail_id: int) -> Json:
        with house.sessions() as session:
            desk = house.desk(session)
            detail = mail_detail(session, desk, mail_id)
            if detail is None:
                raise HTTPException(NOT_HERE, f"there is no mail {mail_id}")
            return forms.detail_form(desk, detail)

    @router.get("/mails/{mail_id}/raw", response_class=Response)
    def read_raw(mail_id: int) -> Response:
        """The mail byte for byte as it came, as a download."""
        with house.sessions() as session:
            raw = raw_mail(session, mail_id)
        if raw is None:
            raise HTTPException(NOT_HERE, f"there is no mail {mail_id}")
        return attachment(raw, f"mail-{mail_id}.eml")

    @router.get("/mails/{mail_id}/parts/{n}", response_class=Response)
    def read_part(mail_id: int, n: int) -> Response:
        """The decoded content of one Part, as a download."""
        return part_of(house, mail_id, n)

    @router.get("/polls")
    def read_polls(limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> list[Json]:
        with house.sessions() as session:
            return [forms.poll_form(poll) for poll in polls(session, limit)]

    @router.get("/ledger")
    def read_ledger() -> Json:
        """Every place in a mailbox that was ever seen has one state; `difference` is 0."""
        with house.sessions() as session:
            return forms.ledger_form(ledger(session))


def _of_corrections(router: APIRouter, house: House) -> None:
    @router.get("/corrections")
    def read_corrections() -> list[Json]:
        with house.sessions() as session:
            return [forms.correction_form(one) for one in house.desk(session).corrections]

    @router.post("/corrections", status_code=201)
    def correct(said: CorrectionIn) -> Json:
        """Keeps what a person decided; 422 with one line where it names what is not there."""
        with house.sessions.begin() as session:
            number = keep_correction(
                session, house.desk(session), kind=said.kind, target=said.target, value=said.value,
                who=said.by, why=said.why, now=house.clock(),
            )  # fmt: skip
        with house.sessions() as session:
            return next(forms.correction_form(c) for c in house.desk(session).corrections if c.id == number)
