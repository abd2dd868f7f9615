"""The command that writes compilations."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from commands.accounts import this_user
from commands.context import open_context
from compilation.official import NotTheDraft
from compilation.phrases import description
from compilation.word import tracked
from compilation.write import FORMATS, FORMS, LANGUAGES, Form, Format, written
from consultation.choice import Choice, NotInConsultation, ReviewChoice
from consultation.compilation import Compilation, compile_comments
from consultation.status import STATES
from ingest.intake import now
from parsing.model import State
from settings import WrongSettings, load
from store.audit import keep_audit
from store.reads.mails import read_unplaced
from store.register import un_names

Many = list[str] | None


def export(
    file_format: Annotated[Format, typer.Option("--format", help=f"{', '.join(FORMATS)}.")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="The file to write.")],
    form: Annotated[Form | None, typer.Option(help=f"Of a Word file: {', '.join(FORMS)}.")] = None,
    party: Annotated[
        Many, typer.Option(help="A Party's code, or a Group's or observer's name; may be repeated.")
    ] = None,
    paragraph: Annotated[Many, typer.Option(help="A paragraph's label, as OP5; may be repeated.")] = None,
    state: Annotated[
        Many, typer.Option(help=f"Of Parties in this state: {', '.join(STATES)}; may be repeated.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Of mails from this day on, as 2021-09-01.")] = None,
    until: Annotated[str | None, typer.Option(help="Of mails until this day.")] = None,
    late: Annotated[bool | None, typer.Option("--late/--in-time", help="Only what came late, or in time.")] = None,
    review: Annotated[ReviewChoice, typer.Option(help="What needs review: all is with it, without, only.")] = "all",
    official: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="The draft's own Word file: its formatting is kept."),
    ] = None,
    language: Annotated[str, typer.Option(help=f"Of names and headings: {', '.join(LANGUAGES)}.")] = "en",
) -> None:
    """Writes a compilation of all proposals: Word with tracked changes, Excel, CSV or JSON."""
    if language not in LANGUAGES:
        raise WrongSettings(f"--language {language}: one of {', '.join(LANGUAGES)}")
    if form is not None and file_format != "docx":
        raise WrongSettings(f"--form {form}: only a Word file has forms: --format docx")
    if official is not None and (file_format != "docx" or form not in (None, "tracked")):
        raise WrongSettings("--official: only for Word with tracked changes: --format docx")
    choice = Choice(
        speakers=tuple(party or ()),
        paragraphs=tuple(paragraph or ()),
        states=tuple(map(_state, state or ())),
        since=_day("--since", since),
        until=_day("--until", until),
        late=late,
        review=review,
    )
    with Console(stderr=True).status("compiling"):
        compilation = _compiled(choice, language)
        content = _content(compilation, file_format, form, official)
    facts = dict(description(compilation))
    _note(f"{out.name}: {facts['Made of']}")  # before the file is there: nothing is taken out unseen
    out.write_bytes(content)
    typer.echo(f"{out}: {facts['Proposals']} of {facts['Speakers']}; not in it: {facts['Not in it']}")


def _compiled(choice: Choice, language: str) -> Compilation:
    context = open_context(load())
    with context.sessions() as session:
        snapshot, unplaced = context.snapshot(session), read_unplaced(session)
    names = un_names(language)
    try:
        return compile_comments(snapshot, choice, unplaced, made_at=now(), language=language, names=names)
    except NotInConsultation as error:
        raise WrongSettings(f"--{error.what}: {error}") from error


def _note(what: str) -> None:
    """Keeps in the audit log that somebody took this out."""
    with open_context(load()).sessions.begin() as session:
        keep_audit(session, now(), f"{this_user()} at the command line", "exported", what)


def _content(compilation: Compilation, file_format: Format, form: Form | None, official: Path | None) -> bytes:
    """The file; a Word file that is named in the command must be the draft's, that of the settings may be older."""
    if official is None:
        own = load().official_file
        return written(compilation, file_format, form, own.read_bytes() if own else None)
    try:
        return tracked(compilation, official.read_bytes())
    except NotTheDraft as error:
        raise WrongSettings(f"--official {official}: {error}") from error


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise WrongSettings(f"{option} {text}: not a date such as 2021-09-06") from error


def _state(text: str) -> State:
    for state in STATES:
        if state == text:
            return state
    raise WrongSettings(f"--state {text}: one of {', '.join(STATES)}")
