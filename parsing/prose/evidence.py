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
_VERBS = frozenset(("replace", "substitute", "delete", "insert", "move"))
"""Verbs that a negation refuses; without one "not “A” but “B”" exchanges words."""
_EXCHANGING = frozenset(("replace", "substitute", "with", "instead", "in_place", "read", "arrow", "negation"))
_BESIDE = frozenset(("after", "before", "between", "follow", "follow_up", "new", "new_paragraph", "bis"))
"""Kinds of words that set a new paragraph beside others."""
_OTHERWISE = frozenset(("quote", "new", "new_paragraph", "insert", "bis", "delete", "negation"))
"""Kinds of words by which two paragraphs that are named are something else than moved."""
_ELSE = frozenset(("insert", "replace", "substitute", "read", "write", "move", "after", "before", "between", "reason"))
"""Kinds of words by which something else is asked for than that words go."""
_LITTLE = 4
_HOLDS, _EXCHANGED = "the new words hold the old ones", "words are exchanged"
_PLAIN = (_HOLDS, _EXCHANGED)
"""Right in 35 of 35 sentences of 193 mails, of which 40 were not seen before: such an edit is sure."""
_FEWEST = 6
"""A paragraph has at least so many words."""
_LIKE = 0.4
"""New words so like the paragraph are its new wording; others are a paragraph of their own."""


def move_in(sentence: Sentence, index: DraftIndex) -> tuple[str, str] | None:
    """The paragraph that comes to follow another, where a sentence names two and sets them beside each other."""
    if not sentence.kinds.isdisjoint(_HOLDING | _OTHERWISE):
        return None
    told = [token for token in sentence.tokens if token.kind in ("place", "after", "before", "follow_up")]
    if [token.kind == "place" for token in told] != [True, False, True]:
        return None
    moved, other = sentence.places[told[0].value].labels, sentence.places[told[2].value].labels
    if len(moved) != 1 or len(other) != 1 or moved == other:
        return None
    to = index.before(other[0]) if told[1].kind == "before" else other[0]
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
