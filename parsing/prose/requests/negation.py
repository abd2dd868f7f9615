"""What a sentence does not ask for: changes that it opposes, that others want and it rejects, or that are a condition.

All of it is told by the order of the words' kinds, a letter each (see `acts.skeleton`).
"""

import re
from collections.abc import Sequence

_NOT = r"(?:(?<!!)(?<!!D)(?<!!o)D|!(?![oq]{0,2}D))"
_OPPOSED = re.compile(rf"{_NOT}[^,;:.&jQPdcbirv9]{{0,8}}(?:[QP][oquW]{{0,4}})?[dcbirv9]")
"""Who does not object to a change does not oppose it."""
_REJECTED_AT_ONCE = re.compile(rf"S[^.]*?[dcbirv][^.]*?[,;&][^.QPdcbirv]{{0,6}}{_NOT}[^QPcbirv]*$")
_CONDITION = re.compile(r"I[^,;:]{0,30}?[dcbirvk][^,;:]{0,12}[,;].*|I[^,;:QP]{0,30}[dcbirv][oq]{0,3}\.?$")
"""What is asked for in case something else changes, or stays, is for a person to weigh."""
_RATHER = re.compile(r"n[oq]{0,2}[dv][^,;.]*,")
"""As in "rather than delete paragraph 2, move it"."""
_CONCEDED = re.compile(r"C[^,;:.QP]{0,6}[dcbirv]+[oqWm]{0,3}[QP]?")
"""As in "could accept the deletion of “A”": it is another's wish."""
_REJECTED_BEHIND = re.compile(r"[dcbirv][oqWQPu]{0,6}(?:D|!(?![oq]{0,2}D))")
"""As in "the request to delete paragraph 2 should be rejected"."""
_WORRY = re.compile(r"6[^,;:.&QP]{0,6}[dv][oqm]{0,3}[QP]?|[dv][oqWQPu]{0,6}6")
_WISHED = re.compile(r"7[^;:.,]*|^[^8]*8")
"""What was wished at first, and what is taken back in the same sentence."""
_DENYING = frozenset("D!InC678")
"""Every form above has one of these."""
_REJECTS = re.compile(rf"[^QPcbirv]{{0,10}}?{_NOT}[^QPcbirv]{{0,10}}")
_KEEPS = re.compile(r"[^QPcbirvd]{0,6}k[^QPcbirvd]*")
_SPEAKS_BACK = re.compile(r"[dO]")
_ASKS = re.compile(r"[dcbirvN]")
_DELETES = re.compile(r"[dv]")


def denied(letters: str) -> list[tuple[int, int]]:
    """The spans of a sentence whose acts it does not ask for: "do not delete “A”", "is against the deletion of", "if
    paragraph 2 is deleted, …".
    """
    if _DENYING.isdisjoint(letters):
        return []
    forms = (_OPPOSED, _REJECTED_AT_ONCE, _CONDITION, _RATHER, _CONCEDED, _REJECTED_BEHIND, _WORRY, _WISHED)
    return [match.span() for form in forms for match in form.finditer(letters)]


def rejected(letters: str, following: str) -> bool:
    """Whether a sentence tells what others want, and the next one rejects it: "Some would like to delete “A”. We do not
    agree."
    """
    if not _ASKS.search(letters):
        return False
    retracted = "8" in following and not _ASKS.search(following.partition("8")[0])
    if retracted or ("S" in letters and _KEEPS.fullmatch(following)):
        return True
    return _REJECTS.fullmatch(following) is not None and ("S" in letters or _SPEAKS_BACK.search(following) is not None)


_HELD = frozenset("IC78")
"""Conditions, concessions and what is no longer wished do not say that the words shall stay."""


def keeps(letters: str, denied: Sequence[tuple[int, int]]) -> bool:
    """Whether what is denied would have taken words away: they shall stay."""
    return any(_DELETES.search(letters, *span) for span in denied if _HELD.isdisjoint(letters[slice(*span)]))
