"""Whether the sentences that a statement cites show which paragraph it is about: a model's word alone is no place."""

import re
from collections.abc import Sequence

from parsing.asking.answers import ModelStatement
from parsing.draft_index import index_of, words_of
from parsing.model import Draft
from parsing.prose.references.references import places_of
from parsing.text.words import stand_in

_ENOUGH = 4
"""Words of a paragraph in a row that show it; of 670 statements that were recorded and are right, 658 show their place
by their label, by words that are in their paragraph alone, or by so many in a row.
"""
_NUMBER = re.compile(r"\d+")


def shows_place(statement: ModelStatement, texts: Sequence[str], draft: Draft) -> bool:
    """Whether the texts of the cited sentences name the paragraph of a statement, or have words of it."""
    if statement.label == "general":
        return True
    cited = words_of(" ".join(texts))
    return (
        _has_number(statement.label, cited)
        or _has_own_words(statement, cited, draft)
        or _share_words(cited, index_of(draft).words[statement.label])
        or any(statement.label in places_of(text, draft) for text in (*texts, " ".join(texts)))
    )


def _has_number(label: str, cited: Sequence[str]) -> bool:
    number = _NUMBER.search(label)
    return number is not None and number[0] in cited


def _has_own_words(statement: ModelStatement, cited: Sequence[str], draft: Draft) -> bool:
    """Whether the old words or the anchor are cited, and are in this paragraph alone."""
    for words in map(words_of, (statement.old, statement.anchor)):
        having = [label for label, theirs in index_of(draft).words.items() if stand_in(words, theirs)]
        if having == [statement.label] and stand_in(words, cited):
            return True
    return False


def _share_words(cited: Sequence[str], official: Sequence[str]) -> bool:
    """Whether enough words are in both in a row."""
    rows = {tuple(cited[n : n + _ENOUGH]) for n in range(len(cited) - _ENOUGH + 1)}
    return any(tuple(official[n : n + _ENOUGH]) in rows for n in range(len(official) - _ENOUGH + 1))
