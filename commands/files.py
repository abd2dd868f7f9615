"""Commands on files, without a store."""

import json
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.context import AsJson, Strict, consultation_of, sandbox
from commands.drafts import draft_of
from ingest.asking import Answered, asking_of, asking_round
from ingest.digest import questions_in, read_headers
from ingest.sandbox import ReaderCrashed, Sandbox
from parsing.documents import inspect, is_mail
from parsing.json_output import reading_form
from parsing.model import Draft, Edit, Reading
from parsing.reading import read_file
from settings import Model, load
from store.shipped import shipped_draft

Files = Annotated[list[Path], typer.Argument(help="Files to read.", exists=True, dir_okay=False)]
OtherDraft = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Another draft: .docx, or JSON."),
]
Explain = Annotated[bool, typer.Option("--explain", help="Shows how each sentence was read.")]


def read(files: Files, as_json: AsJson = False) -> None:
    """Shows what the readers see in files, before anything is placed."""
    settings = load()
    with sandbox(settings, consultation_of(settings, shipped_draft())) as children:
        for file, seen in zip(files, children.map(inspect, _named(files)), strict=True):
            form = _crashed(str(file), seen) if isinstance(seen, ReaderCrashed) else seen
            typer.echo(json.dumps(form, ensure_ascii=False) if as_json else _seen(form))


def parse(
    files: Files,
    as_json: AsJson = False,
    strict: Strict = False,
    draft: OtherDraft = None,
    explain: Explain = False,
) -> None:
    """Shows what mails and files propose, each change at its place in the draft."""
    settings = load()
    text = shipped_draft() if draft is None else draft_of(draft, settings)
    to_review = False
    with sandbox(settings, consultation_of(settings, text)) as children:
        for file, reading in zip(files, _readings(children, files, settings.model), strict=True):
            if isinstance(reading, ReaderCrashed):
                form = _crashed_form(children, file, reading, text)
            else:
                form = reading_form(str(file), reading, text)
            to_review = to_review or _needs_review(form)
            if explain and isinstance(reading, Reading):
                form["explained"] = _explained(reading)
            typer.echo(json.dumps(form, ensure_ascii=False) if as_json else _placed(form))
    if strict and to_review:
        sys.exit(1)


def _explained(reading: Reading) -> list[dict[str, Any]]:
    """Each sentence with its outcome, its edits and what speaks for them, and how its quotations can be understood."""
    return [
        {
            "outcome": one.kind,
            "why": one.why,
            "text": one.text.strip(),
            "edits": [_found(reading.edits[n], one.text.strip()) for n in one.edits],
            "weighed": list(one.weighed),
        }
        for one in reading.sentences
        if one.text.strip()
    ]


def _found(edit: Edit, sentence: str) -> str:
    review = ", needs review" if edit.needs_review else ""
    told = edit.evidence.removeprefix(" ".join(sentence.split())).strip()
    return f"{edit.paragraph} {edit.action}, {edit.confidence:.2f}{review}{told and f': {told}'}"


def _readings(children: Sandbox, files: Sequence[Path], model: Model | None) -> Iterator[Reading | ReaderCrashed]:
    """The Readings of files; with a model, what it answers is asked for and used, and not kept."""
    asking = asking_of(model)
    read = children.map(partial(read_file, asking=asking), _named(files))
    if model is None:
        yield from read
        return
    first: list[Reading | ReaderCrashed] = list(read)
    asked = [question for one in first if isinstance(one, Reading) for question in questions_in(one)]
    with asking_round(model) as round_:
        said = {one.key: one.content for one in round_.results(asked) if isinstance(one, Answered)}
    again = children.map(partial(read_file, asking=asking_of(model, said)), _named(files))
    yield from again if said else first


def _named(files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    return ((str(file), file.read_bytes()) for file in files)


def _crashed_form(children: Sandbox, file: Path, error: ReaderCrashed, draft: Draft) -> dict[str, Any]:
    """What is known of a file whose reading crashed: of a mail what its headers say."""
    data = file.read_bytes()
    if is_mail(file.name, data):
        return reading_form(str(file), read_headers(children, data, None, error), draft)
    return _crashed(str(file), error)


def _crashed(file: str, error: ReaderCrashed) -> dict[str, Any]:
    problem = {"source": file, "problem": error.cause}
    return {"file": file, "message": None, "edits": [], "unplaced": [], "problems": [problem], "parts": []}


def _needs_review(form: dict[str, Any]) -> bool:
    return bool(form["unplaced"] or form["problems"] or any(edit["needs_review"] for edit in form["edits"]))


def _seen(form: dict[str, Any]) -> str:
    lines = [form["file"]]
    lines += ["".join(run["text"] for run in block["runs"]) for block in form.get("blocks", ())]
    lines += [form["body"]] if "body" in form else []
    lines += [f"  {part['name']} ({part['type']}): {part['fate']} {part['why']}".rstrip() for part in form["parts"]]
    return "\n".join(lines + _problems(form))


def _placed(form: dict[str, Any]) -> str:
    message = form["message"] or {}
    who = message.get("party") or message.get("observer") or "?"
    lines = [f"{form['file']}: {message['class']}, {who}" if message else form["file"]]
    for edit in form["edits"]:
        what = edit["comment"] if edit["action"] == "comment" else f"[-{edit['old']}-]{{+{edit['new']}+}}"
        lines.append(f"  {edit['paragraph']} {edit['action']} {what}{' (review)' if edit['needs_review'] else ''}")
    lines += [f"  unplaced: {one['text']} ({one['why']})" for one in form["unplaced"]]
    for one in form.get("explained", ()):
        why = f" ({one['why']})" if one["why"] else ""
        lines.append(f"  {one['outcome']}{why}: {one['text']}")
        lines += [f"    {line}" for line in (*one["edits"], *one["weighed"])]
    return "\n".join(lines + _problems(form))


def _problems(form: dict[str, Any]) -> list[str]:
    return [f"  ! {problem['source']}: {problem['problem']}" for problem in form["problems"]]
