"""Whether a line has the marks of a comment on a draft: what mail programs and lawyers write has none of them."""

import re

from parsing.languages.tables import phrases
from parsing.text.numerals import HAN_UP_TO_TEN
from parsing.text.phrases import folded, pattern
from parsing.text.quotations import quoted

_ACTS = ("replace", "substitute", "delete", "insert", "read", "move", "instead", "suggest")
_PLACES = ("paragraph", "preamble", "operative", "title")


_ACT = pattern(phrase for name in _ACTS for phrase in phrases(f"acts.{name}"))
_PLACE = pattern(phrase for name in _PLACES for phrase in phrases(f"references.{name}"))
_FIRST_PERSON = pattern(phrases("signatures.first_person"))
_LABEL = re.compile(r"(?<![A-Za-z])(?:OP|PP)[ .]?\d{1,2}(?!\d)")
_ITEM = re.compile(
    r"\s*(?:[-•*·o▪–]\s+\S|\(?[0-9]{1,2}[.):]\s+[^\W\d]|\(?[ivx]{1,4}[.)]\s|\(?[a-h]\)\s|"
    rf"[{HAN_UP_TO_TEN}]{{1,3}}、)",
    re.IGNORECASE,
)
"""An item of a list."""
_BEGINS, _NEAR = 24, 6
"""Characters from the start of a line to the end of the paragraph's name, and from there to its number."""
_LONGEST = 4000
_NUMBER = re.compile(rf"\d|[{HAN_UP_TO_TEN}]")


def is_item(line: str) -> bool:
    """Whether the line is an item of a list, or begins with the paragraph that it speaks of."""
    return bool(_ITEM.match(line) or _LABEL.match(line.lstrip())) or _begins_with_a_place(folded(line.lstrip()[:80]))


def speaks_of_the_draft(text: str) -> bool:
    """Whether the text names a paragraph, or asks for a change: two of a paragraph, a quotation, a verb of change."""
    if _LABEL.search(text):
        return True
    words = folded(text[:_LONGEST])
    place, act = _PLACE.search(words) is not None, _ACT.search(words) is not None
    if place and act:
        return True
    return (place or act) and bool(quoted(text))


def has_first_person(text: str) -> bool:
    """Whether the text says "we", "our" or the like."""
    return _FIRST_PERSON.search(folded(text)) is not None


def _begins_with_a_place(words: str) -> bool:
    found = _PLACE.search(words, 0, _BEGINS)
    return found is not None and bool(_NUMBER.search(words, 0, found.end() + _NEAR))
