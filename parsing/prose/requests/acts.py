"""An act on words, and the kinds of the words that ask for one."""

from collections.abc import Sequence
from dataclasses import dataclass

from parsing.prose.lexicon.tokens import Token

_SIGNS = {
    "quote": "Q", "place": "P", "replace": "c", "substitute": "b", "delete": "d", "insert": "i", "read": "r",
    "instead": "n", "in_place": "t", "with": "w", "weak_with": "y", "range": "Y", "for": "f", "after": "a",
    "before": "e", "between": "z", "at_end": "E", "at_start": "B", "arrow": "A", "write": "g", "rest": "R",
    "from": "m", "comma": ",", "colon": ":", "semicolon": ";", "stop": ".", "and": "&", "sentence": "Z",
    "paragraph": "L", "recital": "L", "same": "L", "new": "x", "everywhere": "U", "words": "W", "be": "u",
    "so_that": "s", "to_old": "p", "of": "q", "reason": "j", "new_paragraph": "N", "move": "v", "follow": "h",
    "following": "F", "whole_paragraph": "H", "negation": "!", "oppose": "D", "followed": "l", "condition": "I",
    "reported": "S", "proposal": "O", "prefer": "K", "than": "T", "suggest": "V", "retain": "k",
    "rest_after": "G", "after_of": "1", "before_of": "2", "follow_up": "3", "brackets": "5", "concede": "C",
    "worry": "6", "wished": "7", "retract": "8", "preceded": "4", "swap": "c", "stop_here": "0", "needless": "9",
}  # fmt: skip
"""One letter for each kind, so that an order of words is a regular expression; other words are "o"."""

_ASKING = frozenset("cbdirnKAglu3049Vv")
ASKING = frozenset(kind for kind, letter in _SIGNS.items() if letter in _ASKING)


@dataclass(frozen=True, slots=True)
class Act:
    """tokens[first:stop] ask for this. `old` stands in the text, `new` shall; `beside` are the words next to which, and
    `other` the second of two between which. `how` says more of the kind: after, before, at_end, at_start, from, rest.
    """

    kind: str
    first: int
    stop: int
    how: str = ""
    old: Token | None = None
    new: Token | None = None
    beside: Token | None = None
    other: Token | None = None


def skeleton(found: Sequence[Token]) -> str:
    """One letter for each token."""
    return "".join([_SIGNS.get(token.kind, "o") for token in found])
