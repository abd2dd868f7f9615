"""Compilations for download, and what is chosen for one in a query."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from api.audit import note
from api.context import AppContext
from api.downloads import attachment
from api.json_output import State
from api.openapi import DOWNLOAD, errors
from api.problems import InvalidQuery
from compilation import phrases, write
from compilation.write import NoSuchForm, file_name, written
from consultation import choice
from consultation.choice import Choice, NotInConsultation
from consultation.compilation import Compilation, compile_comments
from store.reads.mails import read_unplaced
from store.register import un_names

Format = TypeAliasType("Format", write.Format)
Form = TypeAliasType("Form", write.Form)
Language = TypeAliasType("Language", write.Language)
ReviewChoice = TypeAliasType("ReviewChoice", choice.ReviewChoice)


class ChoiceQuery(BaseModel):
    """What goes into a compilation; each may be left out, and then all is taken."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    party: list[str] = Field(default_factory=list)
    """Codes of Parties, names of Groups and observers."""
    paragraph: list[str] = Field(default_factory=list)
    """Labels of the draft, or `general`."""
    state: list[State] = Field(default_factory=list)
    """Of Parties in one of these states."""
    since: date | None = None
    """Of mails from this day on (UTC), by the time that counts."""
    until: date | None = None
    """Of mails until this day."""
    late: bool | None = None
    """Whether the mail came late."""
    review: ReviewChoice = "all"
    """With what needs review, without it, or that alone."""
    language: Language = "en"
    """Of the names of Parties, their order, and the headings of the form `submissions`."""


class CompilationQuery(ChoiceQuery):
    """A compilation and its form."""

    format: Format
    form: Form | None = None
    """Of a Word file; `tracked` when left out."""


def compilation_routes(context: AppContext) -> APIRouter:
    """The route of the API that gives compilations."""
    router = APIRouter(tags=["consultation"], responses=errors(503))

    @router.get("/compilation", response_class=Response, responses=DOWNLOAD | errors(422))
    def get_compilation(asked: Annotated[CompilationQuery, Query()]) -> Response:
        """The proposals of all, or of some, in one file: Word, Excel, CSV or JSON, as a download."""
        return compilation_file(context, asked)

    return router


def compilation_of(context: AppContext, asked: ChoiceQuery) -> Compilation:
    """The compilation that is asked for. Raises InvalidQuery."""
    chosen = Choice(
        speakers=tuple(asked.party),
        paragraphs=tuple(asked.paragraph),
        states=tuple(asked.state),
        since=asked.since,
        until=asked.until,
        late=asked.late,
        review=asked.review,
    )
    with context.sessions() as session:
        snapshot, unplaced = context.snapshot(session), read_unplaced(session)
    more: dict[str, Any] = {"language": asked.language, "names": un_names(asked.language)}
    try:
        return compile_comments(snapshot, chosen, unplaced, made_at=context.clock(), **more)
    except NotInConsultation as error:
        raise InvalidQuery(error.what, str(error), error.known) from error


def compilation_file(context: AppContext, asked: CompilationQuery) -> Response:
    """The file, as a download. Raises InvalidQuery."""
    compilation = compilation_of(context, asked)
    own = context.settings.official_file
    try:
        content = written(compilation, asked.format, asked.form, own.read_bytes() if own and own.is_file() else None)
    except NoSuchForm as error:
        raise InvalidQuery("form", str(error)) from error
    name = file_name(compilation, asked.format, asked.form)
    with context.sessions.begin() as session:
        note(context, session, "exported", f"{name}: {dict(phrases.description(compilation))['Made of']}")
    return attachment(content, name)
