"""The command that shows the settings."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from commands.context import AsJson
from commands.settings_reference import as_markdown, settings_now
from settings import load


def settings(
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="What each means, as docs/settings.md has it.")] = False,
) -> None:
    """Shows every setting with its value, its default, where the value came from, and its meaning. Secrets are not
    shown.
    """
    if markdown:
        typer.echo(as_markdown(), nl=False)
        return
    rows = list(settings_now(load()))
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        default = f" (default {row.default})" if row.default and row.default != row.value else ""
        typer.echo(f"{row.name} = {row.value or '—'}{default}  [{row.source}]")
        if row.meaning:
            typer.echo(f"    {row.meaning}")
