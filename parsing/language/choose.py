"""Which language a sentence is written in, by its script and its commonest words."""

import re
from functools import cache

from parsing.language.fold import fold
from parsing.language.lexicon import LANGUAGES, lexicon

_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)
_LATIN = ("en", "fr", "es", "pt")
_LOOKED_AT = 600
"""Characters of a sentence that decide."""


def language_of(text: str, usual: str = "en") -> tuple[str, ...]:
    """The languages to try, likeliest first. `usual` is the one that the text around is written in."""
    head = text[:_LOOKED_AT]
    for name, letters in _SCRIPTS:
        if letters.search(head):
            return (name,)
    words = _WORD.findall(fold(head).text)
    scores = {
        name: sum(word in _common(name) for word in words) + (name == usual) / 2 for name in _LATIN if name in LANGUAGES
    }
    return tuple(sorted(scores, key=lambda n: (-scores[n], _LATIN.index(n))))


@cache
def _common(name: str) -> frozenset[str]:
    """The words that tell a language: its commonest ones and the first words of its phrases."""
    made = lexicon(name)
    return made.common | {word for word in made.exact if len(word) > 3}
