"""The page of compilations: what is chosen, what is then in the file and what not, the downloads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from api.compilation import ChoiceQuery, compilation_of
from api.context import AppContext
from api.page import page
from api.problems import InvalidQuery
from compilation import phrases
from consultation.choice import GENERAL
from consultation.compilation import Compilation, LeftOut
from consultation.facts import ConsultationSnapshot, EditFact, Speaker, name_of
from consultation.status import STATES, alphabetical

_LANGUAGES = (
    ("en", "English"), ("fr", "français"), ("es", "español"), ("ru", "русский"), ("zh", "中文"), ("ar", "العربية"),
)  # fmt: skip
_SEVERAL = ("party", "paragraph", "state")
_DOWNLOADS = (
    ("Word, tracked changes", {"format": "docx"}),
    ("Word, in brackets", {"format": "docx", "form": "bracketed"}),
    ("Word, by paragraph", {"format": "docx", "form": "submissions"}),
    ("Excel", {"format": "xlsx"}),
    ("CSV", {"format": "csv"}),
    ("JSON", {"format": "json"}),
)


@dataclass(frozen=True, slots=True)
class Download:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ParagraphLine:
    """How much of a compilation is about one paragraph."""

    label: str
    edits: int
    comments: int
    collisions: int
    names: tuple[str, ...]


def compilation_page(context: AppContext) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/compilation")
    def compilation(request: Request) -> HTMLResponse:
        """What a compilation would hold, before it is downloaded."""
        given = [(name, value) for name, value in request.query_params.multi_items() if value]
        asked, wrong = _asked(given)
        shown: dict[str, Any] = {}
        if not wrong:
            try:
                shown = _shown(compilation_of(context, asked), given)
            except InvalidQuery as error:
                wrong = str(error)
        with context.sessions() as session:
            snapshot = context.snapshot(session)
            choices = {
                "asked": asked,
                "wrong": wrong,
                "speakers": _speakers(snapshot),
                "labels": [*(one.label for one in snapshot.draft.paragraphs), GENERAL],
                "states": STATES,
                "languages": _LANGUAGES,
            }
            status = 422 if wrong else 200
            return page(context, session, request, "compilation.html", snapshot, choices | shown, status=status)

    return router


def _asked(given: list[tuple[str, str]]) -> tuple[ChoiceQuery, str]:
    """What the form asks for; else all, and what is wrong with it."""
    fields: dict[str, Any] = {}
    for name, value in given:
        if name in _SEVERAL:
            fields.setdefault(name, []).append(value)
        else:
            fields[name] = value
    try:
        return ChoiceQuery.model_validate(fields), ""
    except ValidationError as error:
        return ChoiceQuery(), "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())


def _speakers(snapshot: ConsultationSnapshot) -> list[Speaker]:
    found = {fact.speaker for fact in snapshot.current_edits if fact.speaker}
    return sorted(found, key=lambda who: alphabetical(name_of(who, snapshot.names)))


def _shown(compilation: Compilation, given: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "about": phrases.description(compilation),
        "links": [
            Download(name, f"/api/v1/compilation?{urlencode([*more.items(), *given])}") for name, more in _DOWNLOADS
        ],
        "paragraphs": list(_lines(compilation)),
        "left_out": [
            (phrases.count(len(found), *phrases.LEFT_OUT[kind]), [_line(compilation, one) for one in found])
            for kind, found in phrases.by_kind(compilation.left_out)
        ],
    }


def _line(compilation: Compilation, one: LeftOut) -> tuple[str, int | None]:
    return phrases.left_out_line(compilation, one, with_mail=False), one.mail


def _lines(compilation: Compilation) -> Iterator[ParagraphLine]:
    for compiled in compilation.paragraphs:
        if compiled.facts:
            yield _paragraph_line(compilation, compiled.paragraph.label, compiled.facts, compiled.collisions)
    if compilation.general:
        yield _paragraph_line(compilation, GENERAL, compilation.general, 0)


def _paragraph_line(
    compilation: Compilation, label: str, facts: tuple[EditFact, ...], collisions: int
) -> ParagraphLine:
    comments = sum(fact.edit.action == "comment" for fact in facts)
    names = tuple(dict.fromkeys(compilation.name(fact.speaker) for fact in facts))
    return ParagraphLine(label, len(facts) - comments, comments, collisions, names)
