"""What a file is called in a sentence: by its type, by the ending of its name, else by the type itself."""

import tomllib
from pathlib import Path

_TABLE: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("formats.toml").read_text(encoding="utf-8"))


def format_name(type_: str, name: str = "") -> str:
    """The name of a format with its article, as in "an Excel workbook"."""
    if (known := _TABLE["names"].get(type_)) is not None:
        return known
    return named_format(name) or _TABLE["families"].get(type_.partition("/")[0]) or f"a file of the type {type_}"


def named_format(name: str) -> str | None:
    """The format that the ending of a file's name claims; None where it claims none that is known."""
    return _TABLE["endings"].get(name.lower().rpartition(".")[2])
