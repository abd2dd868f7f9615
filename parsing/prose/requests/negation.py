"""What a sentence does not ask for: changes that it opposes, that others want and it rejects, or that are a condition.

All of it follows from the order of the kinds of its words (see `order`).
"""

import re
from collections.abc import Sequence

from parsing.prose.lexicon.order import none_of, one_of

_CHANGES = ("delete", "move", "replace", "substitute", "insert", "read")
_CHANGE = one_of(*_CHANGES)
"""A word by which a change is asked for."""
_NAMED = one_of("quote", "place")
"""Words or a paragraph, of which something is said."""
_LITTLE = one_of("other", "of", "words", "be", "range", "from")
"""A word that says nothing of what is asked."""
_OF_CLAUSE = none_of("comma", "semicolon", "colon", "stop", "and", "reason", "quote", "place", "needless", *_CHANGES)
"""A word of the same clause, before anything is named or asked for."""
_NO_CHANGE = none_of("quote", "place", "replace", "substitute", "insert", "read", "move")
"""A word that asks for nothing, unless that something goes."""
_NOTHING = none_of("quote", "place", *_CHANGES)
"""A word that asks for nothing."""
_LINK = one_of("comma", "semicolon", "and")
_NEGATED = one_of("negation")
_NOT = (
    rf"(?:(?<!{_NEGATED})(?<!{_NEGATED}{one_of('oppose', 'other')}){one_of('oppose')}"
    rf"|{_NEGATED}(?!{_LITTLE}{{0,2}}{one_of('oppose')}))"
)
"""A word against something, or a negation, that are not taken back by each other: "we do not object"."""
_DENIED = re.compile(
    # "do not delete “A”", "is against “A” being deleted"
    rf"{_NOT}{_OF_CLAUSE}{{0,8}}(?:{_NAMED}{_LITTLE}{{0,4}})?{one_of('needless', *_CHANGES)}"
    # "could accept the deletion of “A”", "rather than delete paragraph 2", "it is not necessary to delete it"
    rf"|(?:{one_of('concede', 'worry', 'instead')}{_OF_CLAUSE}{{0,6}}"
    rf"|{one_of('needless')}{one_of('of', 'range', 'be')}*){_CHANGE}+(?:{_LITTLE}{{0,3}}{_NAMED})?"
    # "the request to delete paragraph 2 should be rejected"
    rf"|{_CHANGE}(?:{_LITTLE}|{_NAMED}){{0,6}}(?:{_NOT}|{one_of('worry')})"
    # "some want to delete “A”, but we do not agree"
    rf"|{one_of('reported')}{none_of('stop')}{{0,30}}?{_CHANGE}{none_of('stop')}{{0,30}}?{_LINK}"
    rf"{none_of('stop', 'quote', 'place', *_CHANGES)}{{0,6}}{_NOT}{_NO_CHANGE}*$"
    # "if paragraph 2 is deleted, …"
    rf"|{one_of('condition')}{none_of('comma', 'semicolon', 'colon')}{{0,30}}?{one_of('retain', *_CHANGES)}"
    rf"{none_of('comma', 'semicolon', 'colon')}{{0,12}}{one_of('comma', 'semicolon')}.*"
    # "at first we wished to delete “A”", and what is taken back in the same sentence
    rf"|{one_of('wished')}{none_of('comma', 'semicolon', 'colon', 'stop')}*|^{none_of('retract')}*{one_of('retract')}"
)
_REJECTS = re.compile(rf"{_NO_CHANGE}{{0,10}}?{_NOT}{_NO_CHANGE}{{0,10}}")
"""As in "we do not agree"."""
_OPPOSES = re.compile(one_of("oppose"))
_KEEPS = re.compile(rf"{_NOTHING}{{0,6}}{one_of('retain')}{_NOTHING}*")
"""As in "it should stay"."""
_RETRACTS = re.compile(rf"{none_of('new_paragraph', *_CHANGES)}*{one_of('retract')}")
"""As in "we no longer wish that"."""
_ASKS = re.compile(one_of("new_paragraph", *_CHANGES))
_REPORTS = re.compile(one_of("reported"))
_SPEAKS_BACK = re.compile(one_of("delete", "proposal"))
"""As in "we do not support this proposal"."""
_TAKES_AWAY = re.compile(one_of("delete", "move"))
_HELD = re.compile(one_of("condition", "concede", "wished", "retract"))
"""Conditions, concessions and what is no longer wished do not say that the words shall stay."""


def denied(order: str) -> list[tuple[int, int]]:
    """The spans of a sentence whose acts it does not ask for: "do not delete “A”", "is against the deletion of", "if
    paragraph 2 is deleted, …".
    """
    return [match.span() for match in _DENIED.finditer(order)]


def rejected(order: str, following: str) -> bool:
    """Whether a sentence tells what others want, and the next one rejects it: "Some would like to delete “A”. We do not
    agree."
    """
    if not _ASKS.search(order):
        return False
    reports = _REPORTS.search(order) is not None
    if _RETRACTS.match(following) or (reports and _KEEPS.fullmatch(following)):
        return True
    return _REJECTS.fullmatch(following) is not None and (reports or _SPEAKS_BACK.search(following) is not None)


def opposes(order: str) -> bool:
    """Whether a sentence takes a position against something, and names and asks for nothing: it may speak of the one
    before it.
    """
    return _OPPOSES.search(order) is not None and _REJECTS.fullmatch(order) is not None


def keeps(order: str, denied: Sequence[tuple[int, int]]) -> bool:
    """Whether what is denied would have taken words away: they shall stay."""
    return any(_TAKES_AWAY.search(order, *span) and not _HELD.search(order, *span) for span in denied)
