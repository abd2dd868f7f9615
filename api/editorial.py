"""The easy editorial proposals as JSON, and the drafters' marks on several edits in one go."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.context import AppContext
from api.deciding import Decision, decide_each
from api.json_output import CorrectionJson, DecidedMeanwhileJson, EasyProposalJson, MarksJson
from api.openapi import errors
from api.routes import who_decides
from api.visit import Reviewer
from consultation.easy_proposals import easy_proposals
from consultation.facts import Disposition
from consultation.new_corrections import DecidedMeanwhile

MOST = 500
"""Marks of one request: they are kept in one transaction, for which others who decide wait."""
_LARGEST_NUMBER = 2**63 - 1


class MarkIn(BaseModel):
    """What the drafters did with one edit in their next text."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    edit: str = Field(min_length=1, max_length=300)
    disposition: Disposition | None
    """Null takes a mark back."""
    note: str = Field(default="", max_length=10_000)
    seen: list[Annotated[int, Field(ge=0, le=_LARGEST_NUMBER)]] | None = Field(default=None, max_length=1000)
    """The `annotations` of the edit when it was looked at: where it has others now, this mark is not kept. Null where
    that does not matter.
    """


class MarksIn(BaseModel):
    """Marks on several edits."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    marks: list[MarkIn] = Field(min_length=1, max_length=MOST)
    by: str | None = Field(default=None, min_length=1, max_length=200)
    """The name of the person, where there are no accounts; else it is the account's, and none other is taken."""


def editorial_routes(context: AppContext) -> APIRouter:
    router = APIRouter(tags=["consultation"], responses=errors(503))

    @router.get("/editorial")
    def get_editorial() -> list[EasyProposalJson]:
        """The editorial proposals that nobody is against, in the draft's order, those with a mark too."""
        with context.sessions() as session:
            found = context.made(easy_proposals, context.snapshot(session))
            return list(map(EasyProposalJson.model_validate, found))

    @router.post("/marks", status_code=201, responses=errors(403, 409, 413, 415, 422))
    def post_marks(said: MarksIn, account: Reviewer) -> MarksJson:
        """Keeps the drafters' marks on several edits in one transaction, and says which of them others have marked
        meanwhile; 409 where that are all, 422 where one is on an edit that is not there, and nothing is kept.
        """
        decisions = [(_decision(one),) for one in said.marks]
        decided = decide_each(context, decisions, who=who_decides(said.by, account))
        if not decided.kept:
            raise DecidedMeanwhile("; ".join(dict.fromkeys(decided.meanwhile.values())))
        meanwhile = [DecidedMeanwhileJson(edit=said.marks[n].edit, why=why) for n, why in decided.meanwhile.items()]
        return MarksJson(kept=list(map(CorrectionJson.model_validate, decided.kept)), decided_meanwhile=meanwhile)

    return router


def _decision(one: MarkIn) -> Decision:
    return Decision("disposition", {"edit": one.edit}, {"disposition": one.disposition, "note": one.note}, one.seen)
