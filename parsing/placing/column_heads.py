"""The words of the heads and of whole cells of comment tables: "Proposed text", "delete", "new"."""

import re
from functools import lru_cache

from parsing.text.phrases import folded, pattern_of

_LONGEST = 8
"""Words of a head, at most."""
_QUOTED = re.compile(r"[\"“”„«»「『]")
_ROLES = {
    "kind": ("heads.kind",),
    "reason": ("labels.reason",),
    "original": ("labels.original",),
    "comment": ("heads.comment_and_proposal",),
    "proposed": ("labels.proposed", "heads.proposed"),
    "page": ("heads.page",),
    "line": ("heads.line",),
    "party": ("heads.party",),
    "place": ("heads.place", "references.paragraph"),
    "comment_alone": ("labels.comment", "heads.comment"),
    "number": ("heads.number",),
}
"""How the heads of each role are worded. A head holds a phrase of its role; where it holds phrases of several, the role
that comes first here wins.
"""
_ALONE = {
    "original": ("labels.original_alone",),
    "proposed": ("labels.proposed_alone",),
    "comment_alone": ("labels.comment_alone",),
}
"""Words that are heads of the role only where a head says no more: "Before", "After"."""
_VERDICTS = {"delete": ("verdicts.delete", "legend.deleted"), "unchanged": ("verdicts.unchanged", "remarks.nothing")}
_NEW = ("references.bis", "acts.new", "verdicts.insert", "legend.inserted")


@lru_cache(maxsize=512)
def role_of(head: str) -> str | None:
    """The role that a head gives its column; None for a text that is no head."""
    if not head or len(head.split()) > _LONGEST or _QUOTED.search(head):
        return None
    text = folded(" ".join(head.split()))
    alone = (role for role, concepts in _ALONE.items() if pattern_of(*concepts).fullmatch(text.rstrip(":")))
    held = (role for role, concepts in _ROLES.items() if pattern_of(*concepts).search(text))
    return next(alone, None) or next(held, None)


def is_cell(text: str, kind: str) -> bool:
    """Whether a whole cell says no more than "delete", or "no change"."""
    bare = folded(text).strip(" .[]()*\n")
    if not bare.strip("-/"):
        return kind == "unchanged"
    return pattern_of(*_VERDICTS[kind]).fullmatch(bare) is not None


def is_head(text: str) -> bool:
    """Whether a text can be the head of a column."""
    return role_of(text.strip()) is not None


def is_new(text: str) -> bool:
    """Whether a place asks for a paragraph that the draft does not have."""
    return pattern_of(*_NEW).search(folded(text)) is not None
