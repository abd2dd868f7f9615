"""The JSON API, under /api/v1: each route is one read and one return."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api import json_output as forms
from api.context import AppContext
from api.downloads import attachment, part_of
from api.edits import EditQuery, edits_page
from api.json_output import Json
from consultation.by_paragraph import paragraph_counts, paragraph_view
from consultation.details import mail_detail, speaker_detail, unplaced_facts
from consultation.ledger import make_ledger
from consultation.new_corrections import check_correction
from consultation.polling import freshness
from consultation.reminders import reminders
from consultation.status import status
from store.corrections import keep_correction
from store.reads.directory import read_focal_points
from store.reads.ledger import read_counts
from store.reads.mails import read_raw, read_texts, read_unplaced
from store.reads.polls import read_last_polls, read_polls

NOT_HERE = 404


class CorrectionIn(BaseModel):
    """What a person decides; the kinds, with their targets and values, stand in docs/api.md."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    target: dict[str, Any]
    value: dict[str, Any] = Field(default_factory=dict)
    by: str = Field(min_length=1, max_length=200)
    why: str = Field(default="", max_length=10_000)


def routes(context: AppContext) -> APIRouter:
    router = APIRouter()
    _of_parties(router, context)
    _of_draft(router, context)
    _of_mails(router, context)
    _of_corrections(router, context)
    return router


def _of_parties(router: APIRouter, context: AppContext) -> None:
    @router.get("/status")
    def get_status() -> Json:
        """Where all Parties stand, then observers and groups."""
        with context.sessions() as session:
            now = context.clock()
            return forms.status_form(status(context.snapshot(session)), freshness(read_last_polls(session), now), now)

    @router.get("/parties")
    def get_parties() -> list[Json]:
        with context.sessions() as session:
            return [forms.standing_form(row) for row in status(context.snapshot(session)).parties]

    @router.get("/reminders")
    def get_reminders() -> list[Json]:
        """The Parties without an answer of their own, with the addresses to remind."""
        with context.sessions() as session:
            silent = reminders(status(context.snapshot(session)).parties, read_focal_points(session))
            return [forms.reminder_form(one) for one in silent]

    @router.get("/parties/{code:path}")
    def get_party(code: str) -> Json:
        """One Party by its code; a Group or an observer by its name."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            row = status(snapshot).of(code)
            if row is None:
                raise HTTPException(NOT_HERE, f"no such Party, Group or observer: {code!r}")
            return forms.speaker_form(snapshot, speaker_detail(snapshot, row))


def _of_draft(router: APIRouter, context: AppContext) -> None:
    @router.get("/paragraphs")
    def get_paragraphs() -> list[Json]:
        with context.sessions() as session:
            return forms.places_form(paragraph_counts(context.snapshot(session)))

    @router.get("/paragraphs/{label}")
    def get_paragraph(label: str) -> Json:
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            found = paragraph_view(snapshot, label)
            if found is None:
                raise HTTPException(NOT_HERE, f"the draft has no paragraph {label!r}")
            return forms.place_form(snapshot, found)

    @router.get("/edits")
    def get_edits(asked: Annotated[EditQuery, Query()]) -> Json:
        """Edits and comments that are current, in the draft's order; `next` is the cursor of the next page."""
        with context.sessions() as session:
            return edits_page(context.snapshot(session), asked)

    @router.get("/unplaced")
    def get_unplaced() -> list[Json]:
        """What was said and found no place in the draft."""
        with context.sessions() as session:
            return [
                forms.unplaced_form(one)
                for one in unplaced_facts(read_unplaced(session), context.snapshot(session).current_mails)
            ]


def _of_mails(router: APIRouter, context: AppContext) -> None:
    @router.get("/mails")
    def get_mails() -> list[Json]:
        """All mails by the time that counts, superseded ones and copies too."""
        with context.sessions() as session:
            return [forms.mail_form(mail) for mail in context.snapshot(session).mails]

    @router.get("/mails/{mail_id}")
    def get_mail(mail_id: int) -> Json:
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            fact = snapshot.mail(mail_id)
            if fact is None:
                raise HTTPException(NOT_HERE, f"there is no mail {mail_id}")
            return forms.detail_form(snapshot, mail_detail(snapshot, fact, read_texts(session, mail_id)))

    @router.get("/mails/{mail_id}/raw", response_class=Response)
    def get_raw(mail_id: int) -> Response:
        """The mail byte for byte as it came, as a download."""
        with context.sessions() as session:
            raw = read_raw(session, mail_id)
        if raw is None:
            raise HTTPException(NOT_HERE, f"there is no mail {mail_id}")
        return attachment(raw, f"mail-{mail_id}.eml")

    @router.get("/mails/{mail_id}/parts/{n}", response_class=Response)
    def get_part(mail_id: int, n: int) -> Response:
        """The decoded content of one Part, as a download."""
        return part_of(context, mail_id, n)

    @router.get("/polls")
    def get_polls(limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> list[Json]:
        with context.sessions() as session:
            return [forms.poll_form(poll) for poll in read_polls(session, limit)]

    @router.get("/ledger")
    def get_ledger() -> Json:
        """Every place in a mailbox that was ever seen has one state; `difference` is 0."""
        with context.sessions() as session:
            return forms.ledger_form(make_ledger(read_counts(session)))


def _of_corrections(router: APIRouter, context: AppContext) -> None:
    @router.get("/corrections")
    def get_corrections() -> list[Json]:
        with context.sessions() as session:
            return [forms.correction_form(one) for one in context.snapshot(session).corrections]

    @router.post("/corrections", status_code=201)
    def correct(said: CorrectionIn) -> Json:
        """Keeps what a person decided; 422 with one line where it names what is not there."""
        with context.sessions.begin() as session:
            new = check_correction(
                context.snapshot(session),
                kind=said.kind,
                target=said.target,
                value=said.value,
                who=said.by,
                why=said.why,
            )
            return forms.correction_form(keep_correction(session, new, context.clock()))
