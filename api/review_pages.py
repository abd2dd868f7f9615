"""The review desk: one item at a time, decided by forms that work without scripts; and what was decided."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.context import AppContext
from api.deciding import Decision, decide
from api.forms import Choice, Fields
from api.numbers import Before, CorrectionId, MailId, Start
from api.page import page
from api.person import person, remember
from api.review_filter import Wanted, filter_of, of_any_kind, query_of, speakers_in
from api.visit import visit
from consultation.correction_words import CorrectionLine, correction_lines
from consultation.decisions import decision, edit_of, likely_paragraphs, said_already
from consultation.facts import ConsultationSnapshot, Disposition, Speaker
from consultation.find_speaker import speaker_names, speakers_named
from consultation.kept import Correction
from consultation.new_corrections import DecidedMeanwhile, WrongCorrection
from consultation.review_queue import (
    QueueFilter,
    ReviewItem,
    counts,
    find_item,
    following,
    preceding,
    review_queue,
)
from consultation.sentences import SentenceFact, sentence_facts
from parsing.model import Kind
from store.reads.mails import read_sentences, read_texts

LISTED = 100
"""Items of one page of the list: a mail may have thousands."""
Json = dict[str, Any]


def review_pages(context: AppContext) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _of_queue(router, context)
    _of_decisions(router, context)
    _of_entries(router, context)
    _of_notes(router, context)
    return router


def _of_queue(router: APIRouter, context: AppContext) -> None:
    @router.get("/review")
    def review(
        request: Request,
        wanted: Wanted,
        item: str = "",
        done: Before = None,
        of: str = "",
    ) -> HTMLResponse:
        """One item of the queue: that which is asked for, else the first of those that the filter takes."""
        with context.sessions() as session:
            return _review_page(context, session, request, wanted, item, done=done, undo_to=of)

    @router.get("/review/all")
    def review_all(request: Request, wanted: Wanted, start: Start = 0) -> HTMLResponse:
        """The whole queue as a list, a hundred at a time."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            waiting = context.made(review_queue, snapshot)
            queue = [one for one in waiting if wanted.takes(one)]
            shown = {
                "queue": queue[start : start + LISTED],
                "total": len(queue),
                "start": start,
                "size": LISTED,
                "wanted": wanted,
                "query": query_of(wanted),
                "kinds": counts(of_any_kind(waiting, wanted)),
                "waiting_of": speakers_in(waiting, snapshot),
            }
            return page(context, session, request, "review_all.html", snapshot, shown)

    @router.get("/work")
    def work() -> RedirectResponse:
        return RedirectResponse(f"{visit().root}/review/all", 301)


def _of_decisions(router: APIRouter, context: AppContext) -> None:
    @router.post("/review")
    def decide_item(request: Request, fields: Fields) -> Response:
        """Keeps the decision and goes on to the next item; the item again where it cannot be kept."""
        wanted = filter_of(fields)
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            queue = [one for one in context.made(review_queue, snapshot) if wanted.takes(one)]
            item = find_item(snapshot, fields.get("item", ""))
            if item is None:
                raise HTTPException(404, f"There is nothing to review of the name “{fields.get('item', '')}”.")
            after = following(queue, item.id)
        try:
            kept = _decide_item(context, request, item, _with_speaker(context, fields))
        except (WrongCorrection, DecidedMeanwhile) as error:
            return _refused(context, request, wanted, item.id, fields, error)
        done = {"done": str(kept.id), "of": item.id, **query_of(wanted)}
        query = {"item": after.id, **done} if after else done
        return seen_other(f"/review?{urlencode(query)}", kept.who)

    @router.post("/corrections/{number}/undo")
    def undo(request: Request, number: CorrectionId, fields: Fields) -> Response:
        """Undoes a decision, and shows what it was about again."""
        who = person(request, fields)
        decide(context, [Decision("undo", {"correction": number}, {})], who=who, why=fields.get("why", ""))
        return seen_other(_inside(fields.get("back", "")) or "/corrections", who)

    @router.get("/reviewer")
    def reviewer(request: Request, back: str = "") -> HTMLResponse:
        """Who reviews: a name that this browser remembers."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            return page(context, session, request, "reviewer.html", snapshot, {"back": _inside(back) or "/review"})

    @router.post("/reviewer")
    def name_reviewer(request: Request, fields: Fields) -> Response:
        return seen_other(_inside(fields.get("back", "")) or "/review", person(request, fields))

    @router.get("/corrections")
    def corrections(request: Request) -> HTMLResponse:
        """All that people decided, the newest first."""
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            lines = correction_lines(snapshot)[::-1]
            return page(context, session, request, "corrections.html", snapshot, {"lines": lines})

    @router.post("/mails/{mail_id}/correct")
    def correct_mail(request: Request, mail_id: MailId, fields: Fields) -> Response:
        """Keeps what a person says of a mail."""
        who = person(request, fields)
        kind, value = _of_mail(_with_speaker(context, fields))
        decision = Decision(kind, {"mail": mail_id}, value, _seen(fields))
        decide(context, [decision], who=who, why=fields.get("why", ""))
        return seen_other(f"/mails/{mail_id}#corrections", who)


def _of_entries(router: APIRouter, context: AppContext) -> None:
    @router.get("/entries/new")
    def new_entry(
        request: Request, speaker: str = "", source: str = "", paragraph: str = "", action: str = "comment"
    ) -> HTMLResponse:
        """A form for an edit that no mail gave, or that a person has read in one."""
        fields = {"speaker": speaker, "source": source, "paragraph": paragraph, "action": action}
        return _entry_page(context, request, fields)

    @router.post("/entries")
    def enter(request: Request, fields: Fields) -> Response:
        """Keeps an edit that was entered by hand, and shows it on its paragraph's page."""
        who = person(request, fields)
        try:
            speaker, *_ = _speakers(context, fields.get("speaker", ""))
            value = {"edit": edit_of(fields), "source": fields.get("source", "")}
            decision = Decision("entry", {speaker.kind: speaker.name}, value)
            decide(context, [decision], who=who, why=fields.get("why", ""))
        except WrongCorrection as error:
            return _entry_page(context, request, fields, str(error))
        return seen_other(f"/paragraphs/{fields.get('paragraph', '')}", who)


def _of_notes(router: APIRouter, context: AppContext) -> None:
    @router.post("/notes")
    def annotate(request: Request, fields: Fields) -> Response:
        """Keeps what the drafters did with edits, with a note; or a translation of their words."""
        who = person(request, fields)
        kind = "translation" if "text" in fields else "disposition"
        said: Json = {name: fields[name] for name in ("text", "disposition", "note") if name in fields}
        edits = [one.partition(":") for one in fields.get("edits", "").split()]
        decide(context, [Decision(kind, {"edit": one}, said, numbers_in(seen)) for one, _, seen in edits], who=who)
        return seen_other(_inside(fields.get("back", "")) or "/", who)


def _decide_item(context: AppContext, request: Request, item: ReviewItem, fields: Choice) -> Correction:
    if fields.get("move_to"):
        fields = {**fields, "act": "move", "paragraph": fields["move_to"]}
    kind, target, value = decision(item, fields.get("act", ""), fields)
    who = person(request, fields)
    (kept,) = decide(context, [Decision(kind, target, value, _seen(fields))], who=who, why=fields.get("why", ""))
    return kept


def _review_page(
    context: AppContext,
    session: Session,
    request: Request,
    wanted: QueueFilter,
    item_id: str,
    *,
    done: int | None = None,
    undo_to: str = "",
    fields: Choice | None = None,
    refused: str = "",
    status: int = 200,
) -> HTMLResponse:
    snapshot = context.snapshot(session)
    queue = context.made(review_queue, snapshot)
    among = [one for one in queue if wanted.takes(one)]
    item = find_item(snapshot, item_id) if item_id else next(iter(among), None)
    if item is None and item_id:
        raise HTTPException(404, f"There is nothing to review of the name “{item_id}”.")
    shown: Json = {
        "item": item,
        "total": len(among),
        "kinds": counts(of_any_kind(queue, wanted)),
        "wanted": wanted,
        "query": query_of(wanted),
        **({} if item is None else _of_item(snapshot, session, item, among)),
        "done": next(iter(_lines(snapshot, (done,))), None),
        "undo_to": undo_to,
        "fields": defaultdict(str, fields or {}),
        "refused": refused,
    }
    return page(context, session, request, "review.html", snapshot, shown | _choices(context), status=status)


def _of_item(snapshot: ConsultationSnapshot, session: Session, item: ReviewItem, among: Sequence[ReviewItem]) -> Json:
    """What is shown of one item, and where it is among the others."""
    return {
        "place": among.index(item) + 1 if item in among else None,
        "next": following(among, item.id),
        "previous": preceding(among, item.id),
        "sentences": _sentences(snapshot, session, item),
        "evidence": read_texts(session, item.mail.id).evidence if item.kind == "mail" and item.mail else (),
        "likely": likely_paragraphs(item, snapshot.draft),
        "already": said_already(item, snapshot.edits),
        "decided": _lines(snapshot, item.seen),
    }


def _choices(context: AppContext) -> Json:
    """What fields of forms offer."""
    return {
        "speakers": speaker_names(context.register),
        "classes": get_args(Kind),
        "dispositions": get_args(Disposition),
    }


def _refused(
    context: AppContext, request: Request, wanted: QueueFilter, item_id: str, fields: Choice, error: Exception
) -> HTMLResponse:
    """The item again, with what was typed and why it was not kept."""
    status = 409 if isinstance(error, DecidedMeanwhile) else 422
    with context.sessions() as session:
        return _review_page(
            context, session, request, wanted, item_id, fields=fields, refused=str(error), status=status
        )


def _entry_page(context: AppContext, request: Request, fields: Choice, refused: str = "") -> HTMLResponse:
    with context.sessions() as session:
        snapshot = context.snapshot(session)
        shown: Json = {"fields": defaultdict(str, fields), "refused": refused}
        status = 422 if refused else 200
        return page(context, session, request, "entry.html", snapshot, shown | _choices(context), status=status)


def _sentences(
    snapshot: ConsultationSnapshot, session: Session, item: ReviewItem
) -> Sequence[tuple[SentenceFact, bool]]:
    """The sentences that an item is about, with the one before and the one after; whether each is one of them."""
    if item.mail is None or item.kind == "mail":
        return ()
    edits = [fact for fact in snapshot.edits if fact.mail == item.mail.id]
    return _with_those_beside(item, sentence_facts(read_sentences(session, item.mail.id), edits))


def _with_those_beside(item: ReviewItem, facts: Sequence[SentenceFact]) -> list[tuple[SentenceFact, bool]]:
    own = {one.n for one in facts if _is_about(item, one)}
    near = {n + step for n in own for step in (-1, 0, 1)}
    return [(one, one.n in own) for one in facts if one.n in near and one.text.strip()]


def _is_about(item: ReviewItem, sentence: SentenceFact) -> bool:
    if item.statement:
        return sentence.n == item.statement.n
    return item.id in sentence.edits


def _lines(snapshot: ConsultationSnapshot, numbers: Sequence[int | None]) -> tuple[CorrectionLine, ...]:
    return correction_lines(snapshot, [one for one in snapshot.corrections if one.id in numbers])


def _seen(fields: Choice) -> list[int] | None:
    """The corrections that the page showed; None where the form has no such field."""
    if "seen" not in fields:
        return None
    return numbers_in(fields["seen"])


def numbers_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"[0-9]+", text)]


def _with_speaker(context: AppContext, fields: Choice) -> Choice:
    """The fields with the Party, Group or observer that a name in any language means."""
    name = fields.get("speaker", "").strip()
    if not name:
        return fields
    (who,) = _speakers(context, name)
    return {**fields, who.kind: who.name}


def _speakers(context: AppContext, name: str) -> tuple[Speaker]:
    """The only one of this name. Raises WrongCorrection."""
    found = speakers_named(context.register, name)
    if len(found) == 1:
        return (found[0],)
    if found:
        raise WrongCorrection(f"“{name}” may be {', '.join(who.name for who in found[:8])}: write one of these")
    raise WrongCorrection(f"No Party, Group or observer is called “{name}”.")


def _of_mail(fields: Choice) -> tuple[str, Json]:
    """Kind and value of what a form says of a mail."""
    what, said = fields.get("what", ""), fields.get("is", "").strip()
    if what == "speaker":
        return "party", {kind: fields.get(kind) for kind in ("party", "group", "observer")}
    values: Mapping[str, Json] = {
        "kind": {"kind": fields.get("class", "")},
        "same": {"as": said},
        "superseded": {"by": said or None},
        "current": {"superseded": False},
        "confirm": {},
        "accept": {"accepted": True},
        "refuse": {"accepted": False},
    }
    kinds = {"current": "superseded", "accept": "claim", "refuse": "claim"}
    return kinds.get(what, what), values.get(what, {})


def _inside(path: str) -> str:
    """The path, where it is one of this site."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else ""


def seen_other(path: str, who: str) -> RedirectResponse:
    """The page that follows a form that was kept: sending it again is nothing that a browser's reload does."""
    answer = RedirectResponse(visit().root + path, 303)
    remember(answer, who)
    return answer
