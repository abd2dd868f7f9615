"""The kinds of a sentence's words in order, and the parts of regular expressions over it, by the kinds' names."""

from collections.abc import Sequence

from parsing.prose.lexicon.tokens import Token

_ALIKE = {"recital": "paragraph", "same": "paragraph", "swap": "replace"}
"""Kinds that no form tells from others."""
_KINDS = (
    "other", "after", "and", "be", "before", "between", "colon", "comma", "concede", "condition", "delete", "following",
    "for", "from", "in_place", "insert", "instead", "move", "needless", "negation", "new", "new_paragraph", "of",
    "oppose", "paragraph", "place", "prefer", "proposal", "quote", "range", "read", "reason", "replace", "reported",
    "retain", "retract", "semicolon", "stop", "substitute", "than", "weak_with", "wished", "with", "words", "worry",
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
