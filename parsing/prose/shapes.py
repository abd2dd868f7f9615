"""The requests that quotations can make, by their number and order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from parsing.prose.lexicon.tokens import Token
from parsing.prose.requests.acts import Act


class Role(NamedTuple):
    """An act of which each word is a quotation, given by its number: `Role("replace", old=0, new=1)`."""

    kind: str
    how: str = ""
    old: int | None = None
    new: int | None = None
    beside: int | None = None
    other: int | None = None

    def act(self, quotes: Sequence[Token]) -> Act:
        """The act of these quotations."""
        named = (None if n is None else quotes[n] for n in self[2:])
        return Act(self.kind, self.how, *named)


@dataclass(frozen=True, slots=True)
class Shape:
    """A name, the acts, and the numbers of the quotations that must be in the text."""

    name: str
    roles: tuple[Role, ...]
    standing: frozenset[int]


def _shape(name: str, *roles: Role) -> Shape:
    named = (n for role in roles for n in (role.old, role.beside, role.other))
    return Shape(name, roles, frozenset(n for n in named if n is not None))


_OF_ONE = (
    _shape("delete", Role("delete", old=0)),
    _shape("read", Role("read", new=0)),
    _shape("insert at end", Role("insert", "at_end", new=0)),
    _shape("insert at start", Role("insert", "at_start", new=0)),
    _shape("insert", Role("insert", new=0)),
    _shape("exchange a sentence", Role("replace", "sentence", new=0)),
    _shape("delete a sentence", Role("delete", "sentence", old=0)),
    _shape("end with a sign", Role("replace", "last_sign", new=0)),
    _shape("delete rest", Role("delete", "rest", old=0)),
    _shape("delete from here", Role("delete", "from_here", old=0)),
)
_OF_TWO = (
    _shape("exchange", Role("replace", old=0, new=1)),
    _shape("exchange, new first", Role("replace", old=1, new=0)),
    _shape("insert after", Role("insert", "after", beside=0, new=1)),
    _shape("insert after, new first", Role("insert", "after", beside=1, new=0)),
    _shape("insert before", Role("insert", "before", beside=0, new=1)),
    _shape("insert before, new first", Role("insert", "before", beside=1, new=0)),
    _shape("delete after", Role("delete", "after", beside=0, old=1)),
    _shape("delete before", Role("delete", "before", beside=1, old=0)),
    _shape("delete after, old first", Role("delete", "after", beside=1, old=0)),
    _shape("delete before, old last", Role("delete", "before", beside=0, old=1)),
    _shape("delete from to", Role("delete", "from", old=0, new=1)),
    _shape("move after", Role("move", "after", old=0, beside=1)),
    _shape("move before", Role("move", "before", old=0, beside=1)),
    _shape("swap", Role("replace", old=0, new=1), Role("replace", old=1, new=0)),
)
_OF_THREE = (
    _shape("insert between", Role("insert", "after", beside=0, other=1, new=2)),
    _shape("insert between, new first", Role("insert", "after", beside=1, other=2, new=0)),
)
_OF_FOUR = (
    _shape("exchange between", Role("replace", "after", beside=1, old=0, new=3)),
    _shape("between exchange, new first", Role("replace", "after", beside=0, old=3, new=2)),
    _shape("respectively", Role("replace", old=0, new=2), Role("replace", old=1, new=3)),
)
SHAPES: tuple[tuple[Shape, ...], ...] = (_OF_ONE, _OF_TWO, _OF_THREE, _OF_FOUR)
"""The shapes of one quotation, of two, of three and of four."""
OF_ONE_AND_SPOKEN = (*_OF_ONE, _shape("exchange what was quoted before", Role("replace", old=1, new=0)))
"""Shapes of one quotation that follows another in the sentence before: new words for that one."""
