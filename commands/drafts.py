"""Commands for the drafts that are commented on."""

import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from commands.context import AsJson, consultation_of, open_context, sandbox
from commands.mail import reading_line
from ingest.sandbox import ReaderCrashed
from parsing.documents import text_of
from parsing.draft import draft_from
from parsing.model import Draft, MarkedText
from settings import Settings, WrongSettings, load
from store.shipped import draft_of_json, shipped_draft
from store.tables import DraftRow
from store.writes import keep_draft, use_draft

SHOWN = 90
"""Characters of a paragraph that a list shows."""
NO_DEADLINE = date(9999, 12, 31)

app = typer.Typer(no_args_is_help=True, help="The drafts that are commented on.")
Document = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A Word file, or the JSON that was made of it.")
]
Day = Annotated[str | None, typer.Option(help="The last day for comments, as 2021-09-06.")]


def draft_of(file: Path, settings: Settings) -> Draft:
    """The Draft in a file: JSON in the form of the one that ships, or any document that can be read."""
    if file.suffix.lower() == ".json":
        try:
            return draft_of_json(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise WrongSettings(f"{file}: {error}") from error
    with sandbox(settings, consultation_of(settings, shipped_draft())) as children:
        text = children.run(text_of, (file.name, file.read_bytes()))
    if isinstance(text, ReaderCrashed) or not text.blocks:
        raise WrongSettings(f"{file}: no text was read from it{_why(text)}")
    return draft_from(text, file.stem, file.stem, NO_DEADLINE, source=file.name)


def _why(text: MarkedText | ReaderCrashed) -> str:
    if isinstance(text, ReaderCrashed):
        return f": {text.cause}"
    return f": {text.problems[0].problem}" if text.problems else ""


@app.command()
def add(
    file: Document, version: Annotated[str | None, typer.Option(help='As "Final Draft".')] = None,
    name: Annotated[str | None, typer.Option(help="A short name, without spaces.")] = None, deadline: Day = None,
    comments_to: str = "", copy_to: str = "",
    keep: Annotated[bool, typer.Option("--keep", help="Keep it with the labels as they are.")] = False,
) -> None:  # fmt: skip
    """Makes a draft of a file. First it shows the labels and writes them to a JSON file, to be corrected there; that
    file is then kept with a second `draft add`, and used from `draft use` on.
    """
    settings = load()
    made = draft_of(file, settings)
    facts = {"version": version, "id": name, "comments_to": comments_to, "copy_to": copy_to}
    made = replace(made, **{key: value for key, value in facts.items() if value})  # type: ignore[arg-type]  # strings all
    if deadline is not None:
        made = replace(made, deadline=_day(deadline))
    if file.suffix.lower() != ".json" and not keep:
        _show(made)
        target = file.with_suffix(".draft.json")
        target.write_text(json.dumps(asdict(made), ensure_ascii=False, indent=1, default=str) + "\n", "utf-8")
        typer.echo(
            f"{len(made.paragraphs)} paragraphs. Correct the labels in {target}, then: kunming draft add {target}"
        )
        return
    if made.deadline == NO_DEADLINE:
        raise WrongSettings("--deadline: a draft has a last day for comments")
    context = open_context(settings, makes=True)
    with context.sessions.begin() as session:
        if session.get(DraftRow, made.id) is not None:
            raise WrongSettings(f"{made.id}: there is a draft of that name; --name gives another")
        keep_draft(session, made)
    typer.echo(
        f"{made.id}: {len(made.paragraphs)} paragraphs are kept; `kunming draft use {made.id}` makes it the current one"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongSettings(f"--deadline {text}: not a date such as 2021-09-06") from error


def _show(draft: Draft) -> None:
    for paragraph in draft.paragraphs:
        number = f"{paragraph.number}. " if paragraph.number else ""
        typer.echo(f"{paragraph.label:10} {number}{paragraph.text[:SHOWN]}")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Shows the drafts that are kept; the one with a star is in use."""
    context = open_context(load())
    with context.sessions() as session:
        rows = session.scalars(select(DraftRow).order_by(DraftRow.deadline, DraftRow.id)).all()
    if as_json:
        fields = ("id", "title", "version", "language", "deadline", "comments_to", "copy_to", "current")
        typer.echo(json.dumps([{name: getattr(row, name) for name in fields} for row in rows], ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{'*' if row.current else ' '} {row.id}: {row.title}, {row.version}; comments until {row.deadline}")


@app.command()
def use(name: Annotated[str, typer.Argument(help="As `draft list` shows it.")]) -> None:
    """Reads all mail against another draft from now on."""
    context = open_context(load())
    with context.sessions.begin() as session:
        if not use_draft(session, name):
            raise WrongSettings(f"{name}: there is no such draft; `kunming draft list` shows them")
    typer.echo(f"{name} is in use; {reading_line(context.read_new(), context.to_review())}")
