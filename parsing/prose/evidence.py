"""What a sentence asks for by what it quotes, whatever its verb.

Words that stand in the paragraph are old ones, or show the place; words that do not are new. A few words of place and
of order say how they are put together.
"""

from collections.abc import Sequence

from parsing.draft_index import DraftIndex, words_of
from parsing.prose.requests.sentences import Sentence

_HOLDING = frozenset((
    "oppose", "retain", "reserve", "reported", "wished", "retract", "concede", "worry", "condition", "support",
    "bracket", "brackets", "split", "merge",
))  # fmt: skip
"""Kinds of words by which a sentence may ask for nothing: what it quotes is then for a person to weigh."""
_BESIDE = frozenset(("after", "before", "between", "follow", "follow_up", "new", "new_paragraph", "bis"))
"""Kinds of words that set a new paragraph beside others."""
_OTHERWISE = frozenset(("quote", "new", "new_paragraph", "insert", "bis", "delete", "negation"))
"""Kinds of words by which two paragraphs that are named are something else than moved."""
_FEWEST = 6
"""A paragraph has at least so many words."""
_LITTLE = 3
"""Words of no meaning to the reader that may stand before the one that a paragraph goes."""
_OF_WORDS = frozenset((
    "words", "sentence", "replace", "substitute", "insert", "read", "write", "with", "instead", "move", "after",
    "before", "between", "new", "new_paragraph", "following", "bis", "arrow", "title", "everywhere", "brackets",
))  # fmt: skip
"""Kinds of words by which a sentence asks for something else than that a paragraph goes."""


def goes_in(sentence: Sentence, index: DraftIndex, here: Sequence[str]) -> str | None:
    """The paragraph that is to go, where a sentence names one, or speaks of `here`, and says that all of it goes; what
    it quotes, if anything, are the paragraph's first words.
    """
    kinds = [token.kind for token in sentence.tokens]
    if "delete" not in kinds or not sentence.asserted.isdisjoint(_HOLDING) or sentence.denied:
        return None
    told = sentence.tokens[: kinds.index("delete") + 1]
    if any(token.kind in _OF_WORDS for token in told) or sentence.text.rstrip().endswith((":", "：")):
        return None
    if sum(token.kind == "other" for token in told) > _LITTLE:
        return None
    ahead = [sentence.places[token.value] for token in told if token.kind == "place"]
    named = [place for place in ahead or sentence.named if place.labels or place.others]
    labels = tuple(dict.fromkeys(label for place in named for label in place.labels)) or tuple(here)
    if len(labels) != 1 or any(place.others and not place.labels for place in named):
        return None
    opening = index.words[labels[0]]
    quotes = (words_of(token.word.rstrip(" .…")) for token in sentence.tokens if token.kind == "quote")
    return labels[0] if all(opening[: len(words)] == words for words in quotes) else None


def move_in(sentence: Sentence, index: DraftIndex) -> tuple[str, str] | None:
    """The paragraph that comes to follow another, where a sentence names two and sets them beside each other."""
    if not sentence.asserted.isdisjoint(_HOLDING | _OTHERWISE):
        return None
    told = [token for token in sentence.tokens if token.kind in ("place", "after", "before", "follow_up")]
    places = [sentence.places[token.value] for token in told if token.kind == "place"]
    if [token.kind == "place" for token in told] not in ([True, False, True], [True, True, False]):
        return None
    moved, other = (tuple(dict.fromkeys(place.labels)) for place in places)
    if len(moved) != 1 or len(other) != 1 or moved == other:
        return None
    ahead = any(token.kind == "before" for token in told)
    to = index.before(other[0]) if ahead else other[0]
    return None if to == moved[0] else (moved[0], to)


def announced_after(read: Sequence[Sentence], index: DraftIndex) -> str | None:
    """The paragraph that the text on the next line shall follow, where the sentences of a line set something beside a
    paragraph and end with a colon.
    """
    if not read or not read[-1].text.rstrip().endswith((":", "：")):
        return None
    beside = (sentence for sentence in read if _sets_beside(sentence))
    found = next(beside, None)
    if found is None:
        return None
    label = next(place.labels[0] for place in found.named if place.labels)
    return index.before(label) if "before" in found.kinds and "after" not in found.kinds else label


def _sets_beside(sentence: Sentence) -> bool:
    named = any(place.labels for place in sentence.named)
    return named and not sentence.kinds.isdisjoint(_BESIDE) and sentence.kinds.isdisjoint(_HOLDING)


def is_paragraph(text: str) -> bool:
    """Whether words look like a paragraph of a declaration: a capital at the beginning, a sign at the end."""
    bare = text.strip().strip('“”"«»„')
    return bare[:1].isupper() and bare[-1:] in ",;." and len(words_of(bare)) >= _FEWEST
