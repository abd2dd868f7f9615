"""The page of the easy editorial proposals: one table, one mark on all that are checked, one undo."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.context import AppContext
from api.deciding import Decision, decide, decide_each
from api.forms import Choice, Fields
from api.page import page
from api.person import person
from api.review_pages import numbers_in, seen_other
from consultation.correction_words import correction_lines
from consultation.easy_proposals import EasyProposal, easy_proposals
from consultation.facts import ConsultationSnapshot, Disposition
from consultation.new_corrections import WrongCorrection
from consultation.support import support_of

PROPOSALS, EDITS = 50, 500
"""Of one table: a form has at most a hundred fields, and others who decide wait while so many marks are kept."""
Json = dict[str, Any]


def editorial_pages(context: AppContext) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/editorial")
    def editorial(
        request: Request,
        kept: Annotated[str, Query(max_length=50)] = "",
        meanwhile: Annotated[str, Query(max_length=10_000)] = "",
    ) -> HTMLResponse:
        """The easy editorial proposals; after a decision what was kept of it, and what was decided meanwhile."""
        return _page(context, request, {"kept": kept, "meanwhile": meanwhile})

    @router.post("/editorial")
    def mark(request: Request, fields: Fields) -> Response:
        """Keeps one mark and note for all proposals that are checked, but for those that were decided meanwhile."""
        who = person(request, fields)
        try:
            checked = _checked(fields)
            decided = decide_each(context, [_decisions(one, fields) for one in checked], who=who)
        except WrongCorrection as error:
            return _page(context, request, fields, str(error))
        numbers = [one.id for one in decided.kept]
        done = {"kept": f"{min(numbers)}-{max(numbers)}"} if numbers else {}
        others = " ".join(edit for n in decided.meanwhile for edit in _ids(checked[n]))
        return seen_other(f"/editorial?{urlencode({**done, 'meanwhile': others})}", who)

    @router.post("/editorial/undo")
    def undo(request: Request, fields: Fields) -> Response:
        """Takes back all marks of one decision."""
        who = person(request, fields)
        undone = [Decision("undo", {"correction": number}, {}) for number in numbers_in(fields.get("corrections", ""))]
        decide(context, undone, who=who)
        return seen_other("/editorial", who)

    return router


def _checked(fields: Choice) -> list[str]:
    """What the boxes say that are checked. Raises WrongCorrection."""
    if fields.get("disposition") not in get_args(Disposition):
        raise WrongCorrection("Choose a mark: what was done with them.")
    checked = [value for name, value in fields.items() if name.startswith("take-") and value.strip()]
    if not checked:
        raise WrongCorrection("Nothing is checked: check the proposals to mark.")
    return checked


def _decisions(box: str, fields: Choice) -> list[Decision]:
    """One for each edit of a proposal, as a box names them."""
    said: Json = {"disposition": fields["disposition"], "note": fields.get("note", "")}
    edits = [one.partition(":") for one in box.split()]
    return [Decision("disposition", {"edit": edit}, said, numbers_in(seen)) for edit, _, seen in edits]


def _ids(box: str) -> list[str]:
    return [one.partition(":")[0] for one in box.split()]


def _page(context: AppContext, request: Request, said: Choice, refused: str = "") -> HTMLResponse:
    with context.sessions() as session:
        snapshot = context.snapshot(session)
        found = context.made(easy_proposals, snapshot)
        waiting = [one for one in found if one.unmarked]
        shown: Json = {
            "waiting": waiting,
            "shown": list(_first(waiting)),
            "marked": [one for one in found if not one.unmarked],
            "kept": _kept(snapshot, said.get("kept", "")),
            "meanwhile": _meanwhile(snapshot, said.get("meanwhile", "").split()),
            "support": partial(support_of, context.register),
            "dispositions": get_args(Disposition),
            "fields": defaultdict(str, said),
            "left_out": _left_out(said, found) if refused else frozenset(),
            "refused": refused,
        }
        return page(context, session, request, "editorial.html", snapshot, shown, status=422 if refused else 200)


def _first(waiting: Sequence[EasyProposal]) -> Iterator[EasyProposal]:
    """The first proposals, as many as one form takes."""
    edits = 0
    for one in waiting[:PROPOSALS]:
        edits += len(one.unmarked)
        if edits > EDITS and edits > len(one.unmarked):
            return
        yield one


def _left_out(said: Choice, found: Sequence[EasyProposal]) -> frozenset[str]:
    """The proposals whose boxes were not checked in a form that was refused, by the ids of their first edits."""
    taken = {edit for name, box in said.items() if name.startswith("take-") for edit in _ids(box)}
    return frozenset(one.members[0].id for one in found if taken.isdisjoint(fact.id for fact in one.unmarked))


def _kept(snapshot: ConsultationSnapshot, numbers: str) -> list[int]:
    """The marks of one decision that hold still: the numbers of corrections, of which the first and last are given."""
    span = re.fullmatch(r"(\d{1,18})-(\d{1,18})", numbers)
    if span is None:
        return []
    within = (one for one in snapshot.corrections if int(span[1]) <= one.id <= int(span[2]))
    return [one.id for one in within if one.kind == "disposition" and one.undone_by is None]


def _meanwhile(snapshot: ConsultationSnapshot, ids: Sequence[str]) -> list[Json]:
    """The edits that others decided meanwhile, each with what they decided."""
    named = set(ids)
    facts = [fact for fact in snapshot.edits if fact.id in named and fact.annotations]
    by_id = {one.id: one for one in snapshot.corrections}
    return [
        {"edit": fact.edit, "lines": correction_lines(snapshot, [by_id[n] for n in fact.annotations if n in by_id])}
        for fact in facts
    ]
