"""The kinds of a sentence's words in order, as far as they bear on what it asks for."""

from collections.abc import Sequence

from parsing.prose.lexicon import order
from parsing.prose.lexicon.tokens import Token

_ALIKE = {"recital": "paragraph", "same": "paragraph", "swap": "replace"}
"""Kinds that no form tells from others."""
_KINDS = frozenset((
    "other", "after", "and", "be", "before", "between", "colon", "comma", "concede", "condition", "delete", "following",
    "for", "from", "in_place", "insert", "instead", "move", "needless", "negation", "new", "new_paragraph", "of",
    "oppose", "paragraph", "place", "prefer", "proposal", "quote", "range", "read", "reason", "replace", "reported",
    "retain", "retract", "semicolon", "stop", "substitute", "than", "weak_with", "wished", "with", "words", "worry",
))  # fmt: skip
"""The kinds that forms tell apart; all that is not here is as good as "other"."""


def order_of(found: Sequence[Token]) -> str:
    """The kinds of tokens in order, a character each."""
    kinds = (_ALIKE.get(token.kind, token.kind) for token in found)
    return order.order_of(kind if kind in _KINDS else "other" for kind in kinds)
