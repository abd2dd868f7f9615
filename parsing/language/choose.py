"""Which language a sentence is written in, by its script and its commonest words."""

import re
from functools import lru_cache

from parsing.language.fold import fold
from parsing.language.lexicon import LANGUAGES, lexicon
from parsing.language.quotes import quoted

_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)
_LATIN = ("en", "fr", "es", "pt")
_OF_ANOTHER = 2
"""Words of a Latin language in a text of another script that may be an instruction."""
_HALF = 0.5
"""A language with less than half the words of the likeliest one is not tried."""
_LOOKED_AT = 1500
"""Characters of a sentence that decide."""


@lru_cache(maxsize=512)
def language_of(text: str, usual: str = "en") -> tuple[str, ...]:
    """The languages to try, likeliest first; quoted words do not count, being the draft's. `usual` is the language that
    the text around is written in.
    """
    head = _outside_quotes(text[:_LOOKED_AT])
    script = next((name for name, letters in _SCRIPTS if letters.search(head)), None)
    words = _WORD.findall(fold(head).text)
    scores = {name: _score(words, name) + (name == usual) / 2 for name in _LATIN if name in LANGUAGES}
    likely = sorted(scores, key=lambda n: (-scores[n], _LATIN.index(n)))
    if script is not None:  # an English instruction with its reason in Russian
        return (script, likely[0]) if scores[likely[0]] >= _OF_ANOTHER else (script,)
    least = max(scores[likely[0]] * _HALF, 0.5)
    found = tuple(name for name in likely if scores[name] >= least) or (usual,) if usual in _LATIN else ()
    return tuple(dict.fromkeys((*found, "en")))


def _outside_quotes(text: str) -> str:
    out, at = "", 0
    for quote in quoted(text):
        out += text[at : quote.start] + " "
        at = quote.end
    return out + text[at:]


def _score(words: list[str], name: str) -> int:
    """How many of the words are the language's commonest ones, or words of its acts and places."""
    made = lexicon(name)
    return sum(word in made.common or (len(word) > 4 and bool(made.starting_with(word).kinds)) for word in words)
