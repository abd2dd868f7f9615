"""Commands that show the Status of the Parties, and correct it."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from api.json_output import status_json
from commands.accounts import this_user
from commands.context import AsJson, open_context
from commands.mail import reading_line
from consultation import status as statuses
from consultation.kept import CorrectionKind
from consultation.new_corrections import check_correction, check_undo
from consultation.polling import freshness
from ingest.intake import now
from parsing.who.directory import read_directory
from settings import WrongSettings, load
from store import register
from store.accounts import WrongAccount, find_account, has_accounts
from store.corrections import keep_correction, read_corrections
from store.reads.polls import read_last_polls
from store.writes import keep_directory

WIDE = 140
"""Columns where the output is no terminal."""


def status(as_json: AsJson = False) -> None:
    """Shows the Status of each Party, by region, with totals."""
    context = open_context(load())
    with context.sessions() as session:
        polls, status_now = read_last_polls(session), statuses.status(context.snapshot(session))
    if as_json:
        at = now()
        form = status_json(status_now, freshness(polls, at), at).model_dump(mode="json")
        typer.echo(json.dumps(form, ensure_ascii=False))
    else:
        _print(status_now)


def _print(status_now: statuses.Status) -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    for region in dict.fromkeys(row.region for row in status_now.parties):
        console.print(_table(region, [row for row in status_now.parties if row.region == region]))
    for name, rows in (("Groups", status_now.groups), ("Observers", status_now.observers)):
        if rows:
            console.print(_table(name, rows))
    counts = ", ".join(f"{n} {state}" for state, n in status_now.totals.states.items())
    console.print(f"{status_now.totals.parties} Parties: {counts}")


def _table(title: str, rows: "tuple[statuses.SpeakerStatus, ...] | list[statuses.SpeakerStatus]") -> Table:
    table = Table(title=title, title_justify="left", show_edge=False)
    for column in ("name", "state", "flags"):
        table.add_column(column)
    for column in ("edits", "comments", "to review"):
        table.add_column(column, justify="right")
    for row in rows:
        counts = (str(n or "") for n in (row.edits, row.comments, row.to_review))
        table.add_row(row.name, row.state, ", ".join(_flags(row)), *counts)
    return table


def _flags(row: statuses.SpeakerStatus) -> list[str]:
    flags = {
        "late": row.late,
        "not copied": row.copied is False,
        "superseded": bool(row.superseded),
        "not verified": row.unverified,
        f"covered by {', '.join(row.covered_by)}": bool(row.covered_by),
    }
    return [name for name, holds in flags.items() if holds]


def correct(
    kind: Annotated[str, typer.Argument(help=f"{', '.join(get_args(CorrectionKind))}.")],
    target: Annotated[
        str, typer.Option(help='What it is about, as JSON: {"mail": 12}, {"edit": "…"}, {"party": "FJI"}.')
    ],
    by: Annotated[
        str, typer.Option(help="The account of who decides; where there are none, a name. Without it, this user.")
    ] = "",
    value: Annotated[str, typer.Option(help='What was decided, as JSON: {"party": "FJI"}; see docs/api.md.')] = "{}",
    why: Annotated[str, typer.Option(help="The reason.")] = "",
) -> None:
    """Keeps what a person decided against the machine; no new reading overwrites it."""
    context = open_context(load())
    about, decided = _json("--target", target), _json("--value", value)
    with context.sessions.begin() as session:
        who = _who(session, by or this_user())
        if kind == "undo":
            new = check_undo(read_corrections(session), target=about, value=decided, who=who, why=why)
        else:
            new = check_correction(context.snapshot(session), kind=kind, target=about, value=decided, who=who, why=why)
        number = keep_correction(session, new, now()).id
    typer.echo(
        f"correction {number} is kept; undo it with: kunming correct undo --target '{{\"correction\": {number}}}'"
    )


def _who(session: Session, name: str) -> str:
    """The name of the account. Raises WrongAccount where there are accounts, and none of this name may review."""
    if not has_accounts(session):
        return name
    account = find_account(session, name)
    if account is None or account.disabled_at is not None or not account.may("reviewer"):
        raise WrongAccount(f"--by {name!r}: no account of this name may review (kunming account list)")
    return account.name


def _json(option: str, text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongSettings(f"{option}: not JSON: {error}") from error
    if not isinstance(given, dict):
        raise WrongSettings(f"{option}: a JSON object is expected")
    return given


def import_parties(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Takes the secretariat's own directory of focal points: a CSV with address, name, Party and role. It weighs
    most in who speaks; with a fault in it the old one stays.
    """
    read = read_directory(file.read_bytes(), register.load())
    if read.problems:
        lines = [f"{file}: {problem.source}: {problem.problem}" for problem in read.problems]
        raise WrongSettings("\n".join([*lines, "nothing was imported: the old directory stays"]))
    context = open_context(load(), makes=True)
    with context.sessions.begin() as session:
        keep_directory(session, read.focal_points)
    typer.echo(f"{len(read.focal_points)} focal points; {reading_line(context.read_new(), context.to_review())}")
