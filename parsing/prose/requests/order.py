"""The kinds of a sentence's words in order, and the parts of regular expressions over it, by the kinds' names."""

import re
from collections.abc import Sequence

from parsing.prose.lexicon.tokens import Token

_ALIKE = {"recital": "paragraph", "same": "paragraph", "swap": "replace"}
"""Kinds that no form tells from others."""
_KINDS = (
    "other", "quote", "place", "replace", "substitute", "delete", "insert", "read", "instead", "in_place", "with",
    "weak_with", "range", "for", "after", "before", "between", "at_end", "at_start", "arrow", "write", "rest", "from",
    "comma", "colon", "semicolon", "stop", "and", "sentence", "paragraph", "new", "everywhere", "words", "be",
    "so_that", "to_old", "of", "reason", "new_paragraph", "move", "follow", "following", "whole_paragraph", "negation",
    "oppose", "followed", "condition", "reported", "proposal", "prefer", "than", "suggest", "retain", "rest_after",
    "after_of", "before_of", "follow_up", "brackets", "concede", "worry", "wished", "retract", "preceded", "stop_here",
    "needless",
)  # fmt: skip
"""The kinds that forms tell apart; all that is not here is as good as "other"."""
_SIGN = {kind: chr(0xE000 + n) for n, kind in enumerate(_KINDS)}
"""A character of no meaning for each kind."""


def order_of(found: Sequence[Token]) -> str:
    """The kinds of tokens in order, a character each."""
    return "".join([_SIGN.get(_ALIKE.get(token.kind, token.kind), _SIGN["other"]) for token in found])


def one_of(*kinds: str) -> str:
    """A token of one of these kinds."""
    return f"[{''.join(_SIGN[kind] for kind in kinds)}]"


def none_of(*kinds: str) -> str:
    """A token of another kind."""
    return f"[^{''.join(_SIGN[kind] for kind in kinds)}]"


def first(kind: str, match: re.Match[str]) -> int:
    """The number of the first token of a kind in what a form has found."""
    return match.start() + match[0].index(_SIGN[kind])
