"""A place in the draft, as a sentence names it, and what it is read from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsing.draft_index import DraftIndex
from parsing.prose.lexicon.order import one_of
from parsing.prose.lexicon.tokens import Token

NOUNS = ("paragraph", "weak_paragraph", "recital", "preamble", "operative")
"""A recital is a paragraph of the preamble, where nothing else is said."""
NUMBERS = ("number", "ordinal", "cardinal")
NOUN, OF = one_of(*NOUNS), one_of("of")
LONGEST = 60
"""Tokens of one place, at most: a list of paragraphs."""


@dataclass(frozen=True, slots=True)
class Line:
    """The tokens of a line, their kinds in order, and the draft that they speak of."""

    tokens: Sequence[Token]
    order: str
    sheet: DraftIndex

    def match(self, form: re.Pattern[str], n: int) -> re.Match[str] | None:
        """What a form finds from a token on."""
        return form.match(self.order, n, n + LONGEST)

    def kinds(self, first: int, stop: int) -> frozenset[str]:
        """The kinds of some of the tokens."""
        return frozenset(token.kind for token in self.tokens[first:stop])


@dataclass(frozen=True, slots=True)
class Place:
    """tokens[first:stop] name these labels. `others` are further readings, for when the words are not found in the
    first. `part` is set where a part of the text is named and no more; `missing` where there is no such number.
    """

    first: int
    stop: int
    labels: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    part: str | None = None
    missing: str = ""
    bis: bool = False
    sure: bool = True
    weak: bool = False
    beside: str = ""
    """What is in it of "after", "before" or "last": "New commitment, after 13", "new last paragraph"."""

    @property
    def names(self) -> bool:
        """Whether it names paragraphs, or would if there were such."""
        return bool(self.labels or self.others or self.missing)
