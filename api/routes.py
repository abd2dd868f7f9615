"""The JSON API, under /api/v1: each route is one read and one return, in a type of api/json_output.py."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.context import AppContext
from api.cursors import PageQuery, link_next
from api.deciding import Decision, decide
from api.downloads import DownloadSlots, part_of, raw_of
from api.edits import EditQuery, edits_page
from api.json_output import (
    CorrectionJson,
    CorrectionKind,
    EditsPageJson,
    LedgerJson,
    MailDetailJson,
    MailJson,
    ParagraphCountsJson,
    ParagraphJson,
    PollJson,
    ReminderJson,
    SearchPageJson,
    SentenceJson,
    SpeakerDetailJson,
    SpeakerStatusJson,
    StatusJson,
    UnplacedJson,
    status_json,
)
from api.lists import (
    MailQuery,
    PartyQuery,
    SinceQuery,
    corrections_page,
    mails_page,
    parties_page,
    sentences_page,
    statements_page,
    unplaced_page,
)
from api.mail_json import mail_json
from api.not_found import no_paragraph, no_speaker
from api.numbers import MailId, PartNumber
from api.openapi import DOWNLOAD, errors
from api.search import SearchQuery, search_page
from api.visit import Reviewer, visit
from consultation.by_paragraph import paragraph_counts, paragraph_view
from consultation.details import MailDetail, mail_detail, speaker_detail, unplaced_facts
from consultation.ledger import make_ledger
from consultation.new_corrections import WrongCorrection
from consultation.polling import freshness
from consultation.reminders import reminders
from consultation.status import status
from parsing.model import Unplaced
from store.accounts import Account
from store.erasure import why_no_mail
from store.reads.directory import read_focal_points
from store.reads.ledger import read_counts
from store.reads.mails import read_texts, read_unplaced
from store.reads.polls import read_last_polls, read_polls

NOT_FOUND = 404
LARGEST = 50_000
"""Characters of what a correction is about, or says; the longest paragraph of a draft has some 2,000."""


def _small(given: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(given)) > LARGEST:
        raise ValueError(f"it has more than {LARGEST:,} characters")
    return given


Small = Annotated[dict[str, Any], AfterValidator(_small)]


class CorrectionIn(BaseModel):
    """What a person decides; docs/api.md says what `target` and `value` hold for each kind."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    kind: CorrectionKind
    target: Small
    value: Small = Field(default_factory=dict)
    by: str | None = Field(default=None, min_length=1, max_length=200)
    """The name of the person, where there are no accounts; else it is the account's, and none other is taken."""
    why: str = Field(default="", max_length=10_000)
    seen: list[int] | None = None
    """The corrections of the target that were known when it was decided: where others hold now, it is refused. Null
    where that does not matter.
    """


def routes(context: AppContext) -> APIRouter:
    """All routes of the API."""
    router = APIRouter(tags=["consultation"], responses=errors(503))
    _of_parties(router, context)
    _of_draft(router, context)
    _of_mails(router, context)
    _of_intake(router, context)
    _of_corrections(router, context)
    return router


def _of_parties(router: APIRouter, context: AppContext) -> None:
    @router.get("/status")
    def get_status() -> StatusJson:
        """The Status of all Parties, then of the observers and groups that wrote."""
        with context.sessions() as session:
            now = context.clock()
            fresh = freshness(read_last_polls(session), now)
            return status_json(context.made(status, context.snapshot(session)), fresh, now)

    @router.get("/parties", responses=errors(422))
    def get_parties(
        asked: Annotated[PartyQuery, Query()], request: Request, response: Response
    ) -> list[SpeakerStatusJson]:
        """The Status of the Parties, in the order of their names."""
        with context.sessions() as session:
            rows = context.made(status, context.snapshot(session)).parties
        page, cursor = parties_page(rows, asked)
        link_next(request, response, cursor)
        return list(map(SpeakerStatusJson.model_validate, page))

    @router.get("/reminders")
    def get_reminders() -> list[ReminderJson]:
        """The Parties without an answer of their own, with the addresses to remind."""
        with context.sessions() as session:
            silent = reminders(context.made(status, context.snapshot(session)).parties, read_focal_points(session))
            return list(map(ReminderJson.model_validate, silent))

    @router.get("/parties/{code:path}", responses=errors(404))
    def get_party(code: str) -> SpeakerDetailJson:
        """One Party by its code; a Group or an observer by its name."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            row = context.made(status, snapshot).of(code)
            if row is None:
                raise HTTPException(NOT_FOUND, no_speaker(snapshot, code))
            return SpeakerDetailJson.model_validate(speaker_detail(snapshot, row))


def _of_draft(router: APIRouter, context: AppContext) -> None:
    @router.get("/paragraphs")
    def get_paragraphs() -> list[ParagraphCountsJson]:
        """All paragraphs in the draft's order, then `general`, with how much is said of each."""
        with context.sessions() as session:
            return list(map(ParagraphCountsJson.model_validate, paragraph_counts(context.snapshot(session))))

    @router.get("/paragraphs/{label}", responses=errors(404))
    def get_paragraph(label: str) -> ParagraphJson:
        """One paragraph with what is proposed for it, by whom, and what collides."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            found = paragraph_view(snapshot, label)
            if found is None:
                raise HTTPException(NOT_FOUND, no_paragraph(snapshot, label))
            return ParagraphJson.model_validate(found)

    @router.get("/edits", responses=errors(422))
    def get_edits(asked: Annotated[EditQuery, Query()], request: Request, response: Response) -> EditsPageJson:
        """Edits and comments that are current, in the draft's order; `next` is the cursor of the next page."""
        with context.sessions() as session:
            page = edits_page(context.snapshot(session), asked)
        link_next(request, response, page.next)
        return page

    @router.get("/search", responses=errors(422))
    def get_search(asked: Annotated[SearchQuery, Query()], request: Request, response: Response) -> SearchPageJson:
        """Mails, edits and comments that hold all the words, in every script: the newest mail first."""
        with context.sessions() as session:
            page = search_page(session, context.snapshot(session), asked)
        link_next(request, response, page.next)
        return page

    @router.get("/unplaced", responses=errors(422))
    def get_unplaced(asked: Annotated[SinceQuery, Query()], request: Request, response: Response) -> list[UnplacedJson]:
        """What was said and found no place in the draft."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            found = unplaced_facts(read_unplaced(session), snapshot.current_mails, snapshot.statements)
        page, cursor = unplaced_page(snapshot, found, asked)
        link_next(request, response, cursor)
        return list(map(UnplacedJson.model_validate, page))


def _of_mails(router: APIRouter, context: AppContext) -> None:
    slots = DownloadSlots()

    @router.get("/mails", responses=errors(422))
    def get_mails(asked: Annotated[MailQuery, Query()], request: Request, response: Response) -> list[MailJson]:
        """Mails by the time that counts, superseded ones and copies too."""
        with context.sessions() as session:
            page, cursor = mails_page(context.snapshot(session), asked)
        link_next(request, response, cursor)
        return list(map(MailJson.model_validate, page))

    @router.get("/mails/{mail_id}", responses=errors(404, 422))
    def get_mail(mail_id: MailId) -> MailDetailJson:
        """One mail in full; of its edits, statements and sentences the first 500, and where the others are."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            return mail_json(snapshot, _detail(context, session, mail_id))

    @router.get("/mails/{mail_id}/sentences", responses=errors(404, 422))
    def get_sentences(
        mail_id: MailId, asked: Annotated[PageQuery, Query()], request: Request, response: Response
    ) -> list[SentenceJson]:
        """The outcome of each sentence of one mail, Part by Part."""
        with context.sessions() as session:
            page, cursor = sentences_page(_detail(context, session, mail_id).sentences, asked)
        link_next(request, response, cursor)
        return list(map(SentenceJson.model_validate, page))

    @router.get("/mails/{mail_id}/unplaced", responses=errors(404, 422))
    def get_unplaced_of_mail(
        mail_id: MailId, asked: Annotated[PageQuery, Query()], request: Request, response: Response
    ) -> list[Unplaced]:
        """What one mail says that found no place in the draft, what people have settled too."""
        with context.sessions() as session:
            page, cursor = statements_page(_detail(context, session, mail_id).statements, asked)
        link_next(request, response, cursor)
        return page

    @router.get("/mails/{mail_id}/raw", response_class=Response, responses=DOWNLOAD | errors(404, 409, 422))
    async def get_raw_mail(mail_id: MailId) -> Response:
        """The mail byte for byte as it came, as a download; 409 where the virus scanner finds something in it."""
        return await slots.take(raw_of, context, mail_id)

    @router.get("/mails/{mail_id}/parts/{n}", response_class=Response, responses=DOWNLOAD | errors(404, 409, 422))
    async def get_part(mail_id: MailId, n: PartNumber) -> Response:
        """The decoded content of one Part, as a download; 409 where it cannot be taken out of the mail again."""
        return await slots.take(part_of, context, mail_id, n)


def _detail(context: AppContext, session: Session, mail_id: int) -> MailDetail:
    """All of one mail; 404 where there is none of that number."""
    snapshot = context.snapshot(session)
    mail = snapshot.mail(mail_id)
    if mail is None:
        raise HTTPException(NOT_FOUND, why_no_mail(session, mail_id))
    return mail_detail(snapshot, mail, read_texts(session, mail_id))


def _of_intake(router: APIRouter, context: AppContext) -> None:
    @router.get("/polls", responses=errors(422))
    def get_polls(limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> list[PollJson]:
        """The last polls, the newest first."""
        with context.sessions() as session:
            return list(map(PollJson.model_validate, read_polls(session, limit)))

    @router.get("/ledger")
    def get_ledger() -> LedgerJson:
        """Every place in a mailbox that was ever seen has one state; `difference` is 0."""
        with context.sessions() as session:
            return LedgerJson.model_validate(make_ledger(read_counts(session)))


def _of_corrections(router: APIRouter, context: AppContext) -> None:
    @router.get("/corrections", responses=errors(422))
    def get_corrections(
        asked: Annotated[SinceQuery, Query()], request: Request, response: Response
    ) -> list[CorrectionJson]:
        """What people decided, in the order in which they did, the undone ones too."""
        with context.sessions() as session:
            page, cursor = corrections_page(context.snapshot(session).corrections, asked)
        link_next(request, response, cursor)
        return list(map(CorrectionJson.model_validate, page))

    @router.post("/corrections", status_code=201, responses=errors(403, 409, 413, 415, 422))
    def post_correction(said: CorrectionIn, account: Reviewer) -> CorrectionJson:
        """Keeps what a person decided; 422 with one line where it names what is not there, 409 where someone has
        decided it since it was looked at.
        """
        decision = Decision(said.kind, said.target, said.value, said.seen)
        (kept,) = decide(context, [decision], who=who_decides(said.by, account), why=said.why)
        return CorrectionJson.model_validate(kept)


def who_decides(by: str | None, account: Account) -> str:
    """Who decides: the account; where there are none, the name that was given."""
    if visit().way == "local":
        return by or ""
    if by not in (None, account.name):
        raise WrongCorrection(f"by: you are logged in as {account.name}; leave it out")
    return account.name
