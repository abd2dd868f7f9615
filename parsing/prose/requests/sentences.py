"""A paragraph's tokens cut into sentences, its places put together into one token each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, pairwise

from parsing.languages.tables import phrases
from parsing.prose.lexicon.order import order_of
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import Place
from parsing.prose.requests.negation import denied

_ALIKE = {"recital": "paragraph", "same": "paragraph", "swap": "replace", "cardinal": "other"}
"""Kinds that no form tells from others."""


@dataclass(frozen=True)
class Sentence:
    """Tokens of one sentence; a token of kind "place" has its index in `places` as value."""

    text: str
    tokens: tuple[Token, ...]
    places: tuple[Place, ...]

    @property
    def start(self) -> int:
        """Where it begins in its line."""
        return self.tokens[0].start

    @cached_property
    def order(self) -> str:
        """The kinds of the tokens in order, a character each."""
        return order_of(_ALIKE.get(token.kind, token.kind) for token in self.tokens)

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(token.kind for token in self.tokens)

    @cached_property
    def asserted(self) -> frozenset[str]:
        """The kinds of its tokens before the reason that it gives."""
        reason = (n for n, token in enumerate(self.tokens) if token.kind == "reason" and n > 2)
        return frozenset(token.kind for token in self.tokens[: next(reason, len(self.tokens))])

    @cached_property
    def denied(self) -> tuple[tuple[int, int], ...]:
        """The spans whose acts it does not ask for."""
        return tuple(denied(self.order))

    @cached_property
    def named(self) -> tuple[Place, ...]:
        """The places that name paragraphs, or would if there were such."""
        return tuple(place for place in self.places if place.names)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The paragraphs that it names, each once."""
        return tuple(dict.fromkeys(label for place in self.named for label in place.labels))

    @cached_property
    def quotes(self) -> tuple[str, ...]:
        """The words that it quotes."""
        return tuple(token.word for token in self.tokens if token.kind == "quote")


def with_places(found: Sequence[Token], places: Sequence[Place]) -> list[Token]:
    """The tokens with each place as one."""
    out: list[Token] = []
    at = 0
    for n, place in enumerate(places):
        out += found[at : place.first]
        first, last = found[place.first], found[place.stop - 1]
        out.append(Token("place", first.start, last.end, "", n))
        at = place.stop
    return [*out, *found[at:]]


def sentences(text: str, found: Sequence[Token], places: Sequence[Place]) -> list[Sentence]:
    """The sentences of a paragraph, with their own words."""
    merged = with_places(found, places)
    ends = [
        n + 1 for n, token in enumerate(merged[:-1]) if token.kind in ("stop", "semicolon") and _ends(text, merged, n)
    ]
    edges = [0, *ends, len(merged)] if merged else []
    return [_sentence(text, merged[a:b], places) for a, b in pairwise(edges)]


def _ends(text: str, merged: Sequence[Token], n: int) -> bool:
    """Whether a sentence ends with this token: a full stop that a space and a capital or a quotation follow;
    a semicolon that a place follows as a heading.
    """
    token, following = merged[n], merged[n + 1]
    if token.kind == "semicolon":
        return following.kind == "place" and n + 2 < len(merged) and merged[n + 2].kind in ("dash", "colon")
    if token.word != ".":
        return True
    if following.start == token.end or not text[following.start : following.start + 1].strip():
        return False
    before = merged[n - 1].word if n else ""
    return not (text[following.start].islower() or before in _ABBREVIATED)


_ABBREVIATED = frozenset(phrases("abbreviations.words"))


def _sentence(text: str, merged: Sequence[Token], places: Sequence[Place]) -> Sentence:
    own = tuple(places[token.value] for token in merged if token.kind == "place")
    number = count()
    numbered = (token._replace(value=next(number)) if token.kind == "place" else token for token in merged)
    return Sentence(text[merged[0].start : merged[-1].end], tuple(numbered), own)
