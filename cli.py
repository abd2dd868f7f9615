"""The command `kunming`: the only file that puts everything together."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from ingest.sandbox import Limits, ReaderDiedError, Sandbox
from parsing.forms import reading_form
from parsing.looking import look
from parsing.model import Consultation
from parsing.reading import read_file
from settings import Settings, WrongSettings, load
from store import register
from store.shipped import draft_of_json, shipped_draft

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
Files = Annotated[list[Path], typer.Argument(help="Files to read.", exists=True, dir_okay=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def main() -> None:
    """Runs the command; a wrong setting ends it with exit code 2 and one line."""
    try:
        app()
    except WrongSettings as error:
        _stop(2, str(error))


@app.callback()
def kunming() -> None:
    """Takes Parties' comments on a draft declaration from the mail as it comes, and shows where each Party stands."""


@app.command()
def read(files: Files, as_json: AsJson = False) -> None:
    """What the readers see in files, before anything is placed."""
    settings = load()
    with _sandbox(settings) as sandbox:
        for file, seen in zip(files, sandbox.map(look, _named(files)), strict=True):
            form = _died(str(file), seen) if isinstance(seen, ReaderDiedError) else seen
            typer.echo(json.dumps(form, ensure_ascii=False) if as_json else _told(form))


@app.command()
def parse(
    files: Files, as_json: AsJson = False,
    draft: Annotated[Path | None, typer.Option(help="Another draft: .docx, or JSON as of the one that ships.")] = None,
    strict: Annotated[bool, typer.Option(help="Exit 1 where something awaits a person.")] = False,
) -> None:  # fmt: skip
    """What mails and files propose, placed in the draft; no store is needed."""
    settings = load()
    awaiting = False
    with _sandbox(settings, draft) as sandbox:
        for file, reading in zip(files, sandbox.map(read_file, _named(files)), strict=True):
            died = isinstance(reading, ReaderDiedError)
            form = (
                _died(str(file), reading) | {"message": None, "edits": [], "unplaced": []}
                if died
                else reading_form(str(file), reading)
            )
            awaiting = awaiting or bool(
                form["unplaced"] or form["problems"] or any(e["needs_review"] for e in form["edits"])
            )
            typer.echo(json.dumps(form, ensure_ascii=False) if as_json else _placed(form))
    if strict and awaiting:
        sys.exit(1)


def _named(files: list[Path]) -> Iterator[tuple[str, bytes]]:
    return ((str(file), file.read_bytes()) for file in files)


def _died(file: str, error: ReaderDiedError) -> dict[str, Any]:
    return {"file": file, "problems": [{"source": file, "problem": str(error).splitlines()[0]}], "parts": []}


def _told(form: dict[str, Any]) -> str:
    lines = [form["file"]]
    lines += ["".join(run["text"] for run in block["runs"]) for block in form.get("blocks", ())] + [
        form.get("body", "")
    ]
    lines += [f"  {part['name']} ({part['type']}): {part['fate']} {part['why']}" for part in form["parts"]]
    lines += [f"  ! {problem['source']}: {problem['problem']}" for problem in form["problems"]]
    return "\n".join(lines)


def _placed(form: dict[str, Any]) -> str:
    message = form["message"] or {}
    who = message.get("party") or message.get("observer") or "?"
    lines = [f"{form['file']}: {message.get('class', 'document')}, {who}"]
    for edit in form["edits"]:
        what = edit["comment"] if edit["action"] == "comment" else f"[-{edit['old']}-]{{+{edit['new']}+}}"
        lines.append(f"  {edit['paragraph']} {edit['action']} {what}{' (review)' if edit['needs_review'] else ''}")
    lines += [f"  unplaced: {one['text']} ({one['why']})" for one in form["unplaced"]]
    lines += [f"  ! {problem['source']}: {problem['problem']}" for problem in form["problems"]]
    return "\n".join(lines)


@contextmanager
def _sandbox(settings: Settings, draft: Path | None = None) -> Iterator[Sandbox]:
    limits = Limits(settings.read_seconds, settings.read_memory_mb * 1_000_000, settings.read_workers)
    text = shipped_draft() if draft is None else draft_of_json(draft.read_text("utf-8"))
    consultation = Consultation(text, register.load(), deadline_offset=settings.deadline_offset)
    with Sandbox(consultation, limits) as sandbox:
        yield sandbox


def _stop(code: int, line: str) -> None:
    typer.echo(line, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
