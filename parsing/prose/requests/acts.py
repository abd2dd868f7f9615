"""An act on words, and the kinds of the words that ask for one."""

from typing import NamedTuple

from parsing.prose.lexicon.tokens import Token

ASKING = frozenset((
    "replace", "swap", "substitute", "delete", "insert", "read", "write", "move", "instead", "prefer", "suggest",
    "arrow", "followed", "follow_up", "preceded", "stop_here", "needless", "be",
))  # fmt: skip


class Act(NamedTuple):
    """What is asked for. `old` is in the text, `new` shall; `beside` are the words next to which, and
    `other` the second of two between which. `how` says more of the kind: after, before, at_end, at_start, from, rest.
    """

    kind: str
    how: str = ""
    old: Token | None = None
    new: Token | None = None
    beside: Token | None = None
    other: Token | None = None
