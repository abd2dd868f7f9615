"""What a sentence does not ask for: changes that it opposes, that others want and it rejects, or that are a condition.

All of it follows from the order of the kinds of its words (see `order`).
"""

import re
from collections.abc import Sequence

from parsing.prose.requests.order import none_of, one_of

_CHANGES = ("delete", "move", "replace", "substitute", "insert", "read")
_CHANGE = one_of(*_CHANGES)
"""A word by which a change is asked for."""
_GOES = one_of("delete", "move")
"""A word by which words are taken away."""
_NAMED = one_of("quote", "place")
"""Words or a paragraph, of which something is said."""
_LITTLE = one_of("other", "of")
"""A word that says nothing of what is asked."""
_AROUND = one_of("other", "of", "words", "quote", "place", "be")
"""What may be between a change and what is said of it."""
_UP_TO_A_NAME = none_of("comma", "semicolon", "colon", "stop", "quote", "place")
"""A word of the same clause, before anything is named."""
_NO_CHANGE = none_of("quote", "place", "replace", "substitute", "insert", "read", "move")
"""A word that asks for nothing, unless that something goes."""
_NOTHING = none_of("quote", "place", *_CHANGES)
"""A word that asks for nothing."""
_AGAINST, _NEGATED = one_of("oppose"), one_of("negation")
_AGAINST_AFTER_ALL = rf"{_NEGATED}(?!{_LITTLE}{{0,2}}{_AGAINST})"
"""A negation; who does not object to a change does not oppose it."""
_NOT = rf"(?:(?<!{_NEGATED})(?<!{_NEGATED}{_AGAINST})(?<!{_NEGATED}{one_of('other')}){_AGAINST}|{_AGAINST_AFTER_ALL})"
"""A word against something, or a negation, that are not taken back by each other."""
_BEFORE_CHANGE = none_of(
    "comma", "semicolon", "colon", "stop", "and", "reason", "quote", "place", "needless", *_CHANGES
)
"""A word of the same clause, before anything is named or asked for."""
_OPPOSED = re.compile(
    rf"{_NOT}{_BEFORE_CHANGE}{{0,8}}(?:{_NAMED}{one_of('other', 'of', 'be', 'words')}{{0,4}})?"
    rf"{one_of('needless', *_CHANGES)}"
)
"""As in "do not delete “A”", "is against “A” being deleted"."""
_REJECTED_AT_ONCE = re.compile(
    rf"{one_of('reported')}{none_of('stop')}*?{_CHANGE}{none_of('stop')}*?{one_of('comma', 'semicolon', 'and')}"
    rf"{none_of('stop', 'quote', 'place', *_CHANGES)}{{0,6}}{_NOT}{_NO_CHANGE}*$"
)
"""As in "some want to delete “A”, but we do not agree"."""
_CONDITION = re.compile(
    rf"{one_of('condition')}{none_of('comma', 'semicolon', 'colon')}{{0,30}}?{one_of('retain', *_CHANGES)}"
    rf"{none_of('comma', 'semicolon', 'colon')}{{0,12}}{one_of('comma', 'semicolon')}.*"
    rf"|{one_of('condition')}{none_of('comma', 'semicolon', 'colon', 'quote', 'place')}{{0,30}}{_CHANGE}"
    rf"{_LITTLE}{{0,3}}{one_of('stop')}?$"
)
"""What is asked for in case something else changes, or stays, is for a person to weigh."""
_NEEDLESS = re.compile(rf"{one_of('needless')}{one_of('of', 'range', 'be')}{{0,2}}{_GOES}")
"""As in "it is not necessary to delete paragraph 2"."""
_RATHER = re.compile(
    rf"{one_of('instead')}{_LITTLE}{{0,2}}{_GOES}{none_of('comma', 'semicolon', 'stop')}*{one_of('comma')}"
)
"""As in "rather than delete paragraph 2, move it"."""
_CONCEDED = re.compile(
    rf"{one_of('concede')}{_UP_TO_A_NAME}{{0,6}}{_CHANGE}+{one_of('other', 'of', 'words', 'from')}{{0,3}}{_NAMED}?"
)
"""As in "could accept the deletion of “A”": it is another's wish."""
_REJECTED_BEHIND = re.compile(rf"{_CHANGE}{_AROUND}{{0,6}}(?:{_AGAINST}|{_AGAINST_AFTER_ALL})")
"""As in "the request to delete paragraph 2 should be rejected"."""
_WORRY = re.compile(
    rf"{one_of('worry')}{none_of('comma', 'semicolon', 'colon', 'stop', 'and', 'quote', 'place')}{{0,6}}"
    rf"{_GOES}{one_of('other', 'of', 'from')}{{0,3}}{_NAMED}?|{_GOES}{_AROUND}{{0,6}}{one_of('worry')}"
)
"""As in "is concerned at the deletion of “A”"."""
_WISHED = re.compile(
    rf"{one_of('wished')}{none_of('comma', 'semicolon', 'colon', 'stop')}*|^{none_of('retract')}*{one_of('retract')}"
)
"""What was wished at first, and what is taken back in the same sentence."""
_DENYING = re.compile(
    one_of("oppose", "negation", "condition", "instead", "concede", "worry", "wished", "retract", "needless")
)
"""Every form above has one of these."""
_FORMS = (_NEEDLESS, _OPPOSED, _REJECTED_AT_ONCE, _CONDITION, _RATHER, _CONCEDED, _REJECTED_BEHIND, _WORRY, _WISHED)
_REJECTS = re.compile(rf"{_NO_CHANGE}{{0,10}}?{_NOT}{_NO_CHANGE}{{0,10}}")
"""As in "we do not agree"."""
_KEEPS = re.compile(rf"{_NOTHING}{{0,6}}{one_of('retain')}{_NOTHING}*")
"""As in "it should stay"."""
_RETRACTS = re.compile(rf"{none_of('new_paragraph', *_CHANGES)}*{one_of('retract')}")
"""As in "we no longer wish that"."""
_ASKS = re.compile(one_of("new_paragraph", *_CHANGES))
_REPORTS = re.compile(one_of("reported"))
_SPEAKS_BACK = re.compile(one_of("delete", "proposal"))
"""As in "we do not support this proposal"."""
_TAKES_AWAY = re.compile(_GOES)
_HELD = re.compile(one_of("condition", "concede", "wished", "retract"))
"""Conditions, concessions and what is no longer wished do not say that the words shall stay."""


def denied(order: str) -> list[tuple[int, int]]:
    """The spans of a sentence whose acts it does not ask for: "do not delete “A”", "is against the deletion of", "if
    paragraph 2 is deleted, …".
    """
    if not _DENYING.search(order):
        return []
    return [match.span() for form in _FORMS for match in form.finditer(order)]


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


def keeps(order: str, denied: Sequence[tuple[int, int]]) -> bool:
    """Whether what is denied would have taken words away: they shall stay."""
    return any(_TAKES_AWAY.search(order, *span) and not _HELD.search(order, *span) for span in denied)
