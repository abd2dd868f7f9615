"""The words of human languages, by concept and language: what every reader of words asks, and the only place that
knows where they are written down.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar", "pt")
"""The languages that are read in full, one file each; where several are as likely, the one that is named first."""
_FOLDER = Path(__file__).parent
CORRESPONDENCE = tuple(sorted(file.stem for file in _FOLDER.glob("*.toml") if file.stem not in LANGUAGES))
"""Further languages, of which only some words are known: what mail programs and their users write around comments, how
ministries are called.
"""


@cache
def phrases(concept: str, language: str | None = None) -> tuple[str, ...]:
    """The phrases of a concept such as "labels.reason" in one language; without one, those of all languages, each once.
    A language that has no words for the concept gives none; a concept that no language has is a KeyError.
    """
    if language is not None:
        return tuple(section(concept, language))
    found = [phrase for name in (*LANGUAGES, *CORRESPONDENCE) for phrase in section(concept, name)]
    if not found:
        raise KeyError(concept)
    return tuple(dict.fromkeys(found))


def section(concept: str, language: str) -> Any:
    """What a language's file has under a concept: a list of phrases, or a table of them by narrower concepts; an empty
    table where it has nothing.
    """
    found: Any = _table(language)
    for name in concept.split("."):
        found = found.get(name, {})
    return found


@cache
def _table(language: str) -> Mapping[str, Any]:
    if language not in (*LANGUAGES, *CORRESPONDENCE):
        return {}
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
