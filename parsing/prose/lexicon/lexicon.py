"""The words of a language that the readers of places and acts know, ready to be looked up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from parsing.languages.tables import phrases, section
from parsing.text.normalize import fold
from parsing.text.segment import pieces

_SECTIONS = ("references", "acts", "intents", "stance")
"""The sections of a language's table whose concepts are kinds of tokens."""
_STEM = 12
"""The longest stem that is looked up; stems are the beginnings of inflected words, written with a star."""


MOST_WORDS = 50_000
"""Words whose entries are remembered, at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase, word by word, and its kind; `value` is that of a number word, `sign` the sign that it names."""

    words: tuple[str, ...]
    kind: str
    value: int = 0
    sign: str = ""


class Starting(NamedTuple):
    """The entries that begin with a word, longest first, and their kinds; those of this word `alone`; the second words
    of the others, or two letters of a stem. `forms` are the word, and it without a prefix that is written on to it.
    """

    entries: tuple[Entry, ...]
    kinds: frozenset[str]
    forms: tuple[str, ...]
    alone: tuple[Entry, ...]
    seconds: frozenset[str]


@dataclass(slots=True)
class Lexicon:
    """The phrases of one language by their first word. `prefixes` are written together with the word that follows."""

    prefixes: tuple[str, ...] = ()
    exact: dict[str, list[Entry]] = field(default_factory=dict)
    stems: dict[str, list[Entry]] = field(default_factory=dict)
    joined_ands: frozenset[str] = frozenset()
    """The words for "and" that are prefixes."""
    common: frozenset[str] = frozenset()
    known: dict[str, Starting] = field(default_factory=dict)

    def starting_with(self, word: str) -> Starting:
        """The entries whose first word this may be."""
        found = self.known.get(word)
        if found is None:
            if len(self.known) > MOST_WORDS:
                self.known.clear()
            forms = (word, *(word[len(p) :] for p in self.prefixes if word.startswith(p) and len(word) > len(p) + 1))
            entries = sorted(self._starting_with(forms), key=lambda entry: -len(entry.words))
            kinds, alone = frozenset(entry.kind for entry in entries), (e for e in entries if len(e.words) == 1)
            seconds = frozenset(e.words[1][: 2 if "*" in e.words[1] else None] for e in entries if len(e.words) > 1)
            found = self.known[word] = Starting(tuple(entries), kinds, forms, tuple(alone), seconds)
        return found

    def _starting_with(self, forms: Iterable[str]) -> Iterator[Entry]:
        for form in forms:
            yield from self.exact.get(form, ())
            for length in range(1, min(len(form), _STEM) + 1):
                yield from self.stems.get(form[:length], ())

    def is_and(self, word: str, first: str) -> bool:
        """Whether "and" is written together with the first word of an entry, as in Arabic."""
        joined = word[0] in self.joined_ands and len(word) > 2
        return joined and not word.startswith(first.removesuffix("*"))

    def says(self, word: str, part: str) -> bool:
        """Whether a word of a text is this word of an entry."""
        forms = self.starting_with(word).forms
        if part.endswith("*"):
            return any(form.startswith(part[:-1]) for form in forms)
        return part in forms


@cache
def lexicon(name: str) -> Lexicon:
    """The lexicon of a language, read once."""
    made = Lexicon(
        tuple(sorted((fold(p).text for p in phrases("prefixes", name)), key=len, reverse=True)),
        joined_ands=frozenset(phrases("prefixes", name)).intersection(phrases("references.and", name)),
        common=frozenset(fold(w).text for w in phrases("common", name)),
    )
    for entry in _entries(name):
        first = entry.words[0]
        where = made.stems if first.endswith("*") else made.exact
        where.setdefault(first.removesuffix("*"), []).append(entry)
    return made


def _entries(language: str) -> Iterator[Entry]:
    for kind in ("cardinal", "ordinal"):
        for phrase, value in section(kind, language).items():
            yield Entry(_words(phrase), kind, value)
    for phrase, sign in section("signs", language).items():
        yield Entry(_words(phrase), "quote" if sign else "other", sign=sign)
    for name in _SECTIONS:
        for kind, found in section(name, language).items():
            for phrase in found:
                yield Entry(_words(phrase), kind)
    for phrase in phrases("labels.reason", language):
        yield Entry(_words(phrase), "reason")


def _words(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as the text is cut; a star stays with its stem."""
    out: list[str] = []
    for piece in pieces(fold(phrase).text):
        if piece[0] == "*" and out:
            out[-1] += "*"
        else:
            out.append(piece[0])
    return tuple(out)
