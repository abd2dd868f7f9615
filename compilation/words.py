"""The words of a compilation's headings, in the six languages of the United Nations."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parent / "languages"
RIGHT_TO_LEFT = frozenset({"ar"})


@cache
def words(language: str) -> Mapping[str, str]:
    """By concept; KeyError for one that there is not."""
    found = tomllib.loads((_TABLES / f"{language}.toml").read_text("utf-8"))
    return {concept: str(phrase) for concept, phrase in found.items()}
