"""Whether a long paragraph may concern the draft at all: a cheap look before the reading."""

import re

from parsing.draft_index import index_of
from parsing.model import Draft
from parsing.prose.lexicon.detect_language import language_of
from parsing.prose.lexicon.lexicon import lexicon
from parsing.prose.requests.remarks import says
from parsing.text.normalize import fold
from parsing.text.quotations import has_quotes

_WORD = re.compile(r"[^\W\d_]+")
_NAMING = frozenset((
    "subtitle", "chapeau", "declare", "closing", "paragraph", "preamble", "operative", "title", "opening", "whole",
))  # fmt: skip
_OWN = 0.7
"""A paragraph of the draft that is restated has so many of the draft's words, of all its words."""


def may_concern(text: str, draft: Draft) -> bool:
    """Whether a text names a place, quotes, speaks of the draft, or has mostly the draft's words."""
    if has_quotes(text):
        return True
    words = set(_WORD.findall(fold(text).text))
    for name in language_of(text)[:2]:
        made = lexicon(name)
        kinds = {entry.kind for word in words for entry in made.starting_with(word).alone}
        if name == "zh" or kinds & _NAMING or says(text, "remarks.subject", name):
            return True
    return len(words & index_of(draft).vocabulary) >= _OWN * len(words)
