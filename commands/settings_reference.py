"""Every setting with its type, default and meaning, and where its value came from: for `kunming settings` and
docs/settings.md.

All is taken from the models of the settings themselves, so that it cannot differ from them.
"""

import os
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import TomlConfigSettingsSource

from commands.opening import shown_url as store_address
from settings import Settings, file_of_settings

HIDDEN = "(secret)"
"""What is shown of a password: that there is one."""
NAMES = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "file", SecretStr: "secret"}


@dataclass(frozen=True, slots=True)
class Reference:
    """One setting: `name` as in the file, `variable` of the environment, what it may be, its default, its meaning."""

    name: str
    variable: str
    kind: str
    default: str
    meaning: str
    required: bool


@dataclass(frozen=True, slots=True)
class SetTo:
    """One setting as it is now: its value, hidden where it is secret, and where that came from."""

    name: str
    value: str
    default: str
    source: str
    meaning: str


def references() -> Iterator[Reference]:
    """All settings, tables after what is above them."""
    yield from _of_model(Settings, "", "KUNMING_")


def _of_model(model: type[BaseModel], prefix: str, variable: str) -> Iterator[Reference]:
    tables: list[tuple[str, type[BaseModel]]] = []
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner is None:
            yield _reference(name, field, prefix, variable)
        else:
            tables.append((name, inner))
    for name, inner in tables:
        several = name == "mailboxes"
        above = "KUNMING_MAILBOX_NAME__" if several else f"{variable}{name.upper()}__"
        yield from _of_model(inner, f"{prefix}{name}.", above)


def _reference(name: str, field: FieldInfo, prefix: str, variable: str) -> Reference:
    meaning = " ".join((field.description or "").split())
    default = "" if field.is_required() else _shown(field.get_default(call_default_factory=True))
    kind = _kind(field.annotation)
    return Reference(f"{prefix}{name}", f"{variable}{name.upper()}", kind, default, meaning, field.is_required())


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model of a table, or of each of a list of tables."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(one) for one in get_args(annotation))
    return next((one for one in found if one is not None), None)


def _kind(annotation: Any) -> str:
    """What a value may be, in words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(map(str, arguments))
    if origin in (Union, types.UnionType):
        return _kind(next(one for one in arguments if one is not type(None)))
    if origin is tuple:
        return "list"
    if origin is dict or annotation is dict:
        return "table"
    return NAMES.get(annotation, "text" if not isinstance(annotation, type) else annotation.__name__.lower())


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case SecretStr():
            return HIDDEN
        case bool():
            return str(value).lower()
        case tuple():
            return "[" + ", ".join(map(_shown, value)) + "]"
        case Mapping():
            return ", ".join(f"{key} = {_shown(one)}" for key, one in value.items()) or "{}"
    return str(value)


def settings_now(settings: Settings) -> Iterator[SetTo]:
    """Every setting as it is now; of a table that is not set, and of no mailbox, nothing."""
    said = _Sources(TomlConfigSettingsSource(Settings, file_of_settings())(), file_of_settings(), dict(os.environ))
    yield from _values(settings, "", "KUNMING_", said.file, said)


@dataclass(frozen=True, slots=True)
class _Sources:
    """What the file says, its name, and the environment."""

    file: Mapping[str, Any]
    name: Path
    environment: Mapping[str, str]

    def of(self, variable: str, name: str, table: Any) -> str:
        """Where a value came from: the variable itself, one that holds the table around it as JSON, the file."""
        parts = variable.split("__")
        for n in range(len(parts), 0, -1):
            if (around := "__".join(parts[:n])) in self.environment:
                return around
        return str(self.name) if isinstance(table, Mapping) and name in table else "default"


def _values(model: BaseModel, prefix: str, variable: str, table: Any, said: _Sources) -> Iterator[SetTo]:
    fields = type(model).model_fields
    for name, field in fields.items():
        value, inner = getattr(model, name), _model_in(field.annotation)
        below = table.get(name) if isinstance(table, Mapping) else None
        if inner is None:
            source = said.of(f"{variable}{name.upper()}", name, table)
            known = _reference(name, field, prefix, variable)
            yield SetTo(known.name, _said(known, value), known.default, source, known.meaning)
        elif isinstance(value, BaseModel):
            yield from _values(value, f"{prefix}{name}.", f"{variable}{name.upper()}__", below, said)
        elif value:
            yield from _of_mailboxes(value, below, said)


def _said(known: Reference, value: Any) -> str:
    """The value, but for what opens something."""
    if known.kind == "secret" and value is not None:
        return HIDDEN
    return store_address(value) if known.name == "database_url" else _shown(value)


def _of_mailboxes(mailboxes: Any, tables: Any, said: _Sources) -> Iterator[SetTo]:
    for n, mailbox in enumerate(mailboxes):
        capitals = "".join(letter if letter.isalnum() else "_" for letter in mailbox.name).upper()
        table = tables[n] if isinstance(tables, list) and n < len(tables) else None
        whole = "KUNMING_MAILBOXES" in said.environment
        variable = "KUNMING_MAILBOXES__" if whole else f"KUNMING_MAILBOX_{capitals}__"
        yield from _values(mailbox, f"mailboxes.{mailbox.name}.", variable, table, said)


HEAD = """# Settings

Made from the settings themselves by `make settings-docs`; a test fails where the two differ.

Settings are in `kunming.toml` where the command is started (`--config FILE` or `KUNMING_CONFIG` names another), or in
the environment, which wins: `poll_every_minutes` is `KUNMING_POLL_EVERY_MINUTES`, `smtp.host` is `KUNMING_SMTP__HOST`,
and `host` of the mailbox *outcome* is `KUNMING_MAILBOX_OUTCOME__HOST`. `KUNMING_MAILBOXES` sets all mailboxes, as JSON.
Lists and tables in the environment are JSON. `kunming settings` prints every setting with its value and where that came
from; secrets are never printed. A wrong setting, and one that does not exist, is refused with a line that names it.

What ends in `_file` is read again each time. A name without a folder is that of a credential of systemd
(`LoadCredential=`) or a secret of Docker (`/run/secrets`).
"""


def as_markdown() -> str:
    """The whole of docs/settings.md."""
    rows = list(references())
    tables = dict.fromkeys(row.name.rpartition(".")[0] for row in rows)
    blocks = [HEAD]
    for table in tables:
        heading = "## At the top" if not table else f"## `[[{table}]]`" if table == "mailboxes" else f"## `[{table}]`"
        blocks.append("\n".join([heading, "", *_purpose(table), *_lines(rows, table)]) + "\n")
    return "\n".join(blocks)


def _purpose(table: str) -> list[str]:
    """What a table is for: the first sentence of its model."""
    if not table:
        return []
    model: type[BaseModel] = Settings
    for name in table.split("."):
        inner = _model_in(model.model_fields[name].annotation)
        assert inner is not None
        model = inner
    return [" ".join((model.__doc__ or "").split()), ""]


def _lines(rows: list[Reference], table: str) -> Iterator[str]:
    yield "| setting | may be | default | meaning |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        above, _, name = row.name.rpartition(".")
        if above == table:
            default = "must be set" if row.required else f"`{row.default}`" if row.default else ""
            cells = (f"`{name}`", row.kind, default, row.meaning)
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
