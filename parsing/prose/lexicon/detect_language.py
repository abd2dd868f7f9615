"""Which language a sentence is written in, by its script and its commonest words."""

import re
from collections import Counter
from functools import lru_cache
from itertools import chain

from parsing.languages.tables import LANGUAGES, section
from parsing.prose.lexicon.lexicon import MOST_WORDS, lexicon
from parsing.text.normalize import fold
from parsing.text.quotations import without_quotations

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = {name: letters for name in LANGUAGES if (letters := section("letters", name))}
"""The letters of each language that has a script of its own here."""
_SCRIPTS = {name: re.compile(f"[{letters}]") for name, letters in _LETTERS.items()}
_LATIN = tuple(name for name in LANGUAGES if name not in _SCRIPTS)
_OF_ANOTHER = 2
"""Words of a Latin language in a text of another script that may be an instruction."""
_HALF = 0.5
"""A language with less than half the words of the likeliest one is not tried."""
_LOOKED_AT = 1500
"""Characters of a sentence that decide."""


def language_of(text: str, usual: str = "en") -> tuple[str, ...]:
    """The languages to try, likeliest first; quoted words do not count, being the draft's. `usual` is the language that
    the text around is written in.
    """
    script, words = _looked_at(text)
    scores = {name: words[name] + (name == usual) / 2 for name in _LATIN}
    likely = sorted(scores, key=lambda n: (-scores[n], _LATIN.index(n)))
    if script is not None:  # an English instruction with its reason in Russian
        return (script, likely[0]) if scores[likely[0]] >= _OF_ANOTHER else (script,)
    least = max(scores[likely[0]] * _HALF, 0.5)
    found = tuple(name for name in likely if scores[name] >= least)
    return tuple(dict.fromkeys((*found, "en")))


@lru_cache(maxsize=512)
def _looked_at(text: str) -> tuple[str | None, Counter[str]]:
    """The script that is no Latin one, and how many words are those of each Latin language."""
    head = without_quotations(text[:_LOOKED_AT])
    script = next((name for name, letters in _SCRIPTS.items() if letters.search(head)), None)
    return script, Counter(chain.from_iterable(map(_speaking, _WORD.findall(fold(head).text))))


@lru_cache(maxsize=MOST_WORDS)
def _speaking(word: str) -> tuple[str, ...]:
    """The Latin languages that have a word among their commonest, or those of acts and places."""
    long = len(word) > 4
    made = ((name, lexicon(name)) for name in _LATIN)
    return tuple(name for name, one in made if word in one.common or (long and one.starting_with(word).kinds))
