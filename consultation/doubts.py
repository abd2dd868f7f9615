"""Why an edit needs review, in words that say what to look at."""

import re

from parsing.model import Edit, Origin

_SAID = re.compile(r"(?:\s*\([a-z][^()]*\))+\s*$")
"""The doubts that a reader has written after the words that it read."""
_DOUBT = re.compile(r"\(([^()]*)\)")
_LIKELIHOOD = re.compile(r"read so with a probability of [\d.]+")
"""How sure the reading is, which does not say of what one may doubt."""
_OF_ORIGIN: dict[Origin, str] = {
    "tracked-change": "the tracked change is in a text that differs from the draft: check its place",
    "margin-comment": "the comment in the margin may ask for a change: check its place",
    "silent-change": "the file differs from the draft here without a tracked change: is it meant?",
    "comparison": "found by comparing a retyped text with the draft: is it meant?",
    "formatting": "marked by hand, with colour, underline or strike-through, not tracked: is it meant?",
    "table": "the row does not say clearly which words it changes: check the place",
    "instruction": "the sentence does not say clearly which words it changes: check the place",
    "rewrite": "the paragraph is restated: is the difference meant?",
    "remark": "it may ask for a change of words, and was read as a comment",
}


def why_doubtful(edit: Edit) -> str:
    """What is doubtful of an edit that needs review: what its reader says, else what its origin leaves open."""
    said = _SAID.search(edit.evidence)
    doubts = list(dict.fromkeys(_DOUBT.findall(said[0]))) if said else []
    if all(_LIKELIHOOD.fullmatch(doubt) for doubt in doubts):
        doubts.insert(0, _OF_ORIGIN[edit.origin])
    return "; ".join(doubts)
