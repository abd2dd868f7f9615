"""What a line is by its form: a heading, a name, a label with words behind it, words that a language makes sense of."""

from collections.abc import Sequence
from itertools import pairwise

from parsing.prose.requests.acts import ASKING
from parsing.prose.requests.remarks import is_office
from parsing.prose.requests.sentences import Sentence
from parsing.prose.statement import LIGHT

_LONGEST = 14
"""Words and signs of a heading, but for those that say no more than where, at most."""


def bare_heading(text: str, sentence: Sentence) -> bool:
    """Whether a line names a place and says no more of it."""
    kinds = [token.kind for token in sentence.tokens if token.kind not in LIGHT]
    if "quote" in kinds:
        return False
    if text.rstrip().endswith((":", "：")):
        return "delete" not in kinds and "move" not in kinds and len(kinds) <= _LONGEST
    return kinds in ([], ["other"]) and not text.rstrip().endswith((".", "?", "!", "。"))


def is_name(text: str, language: str) -> bool:
    """Whether a text is a name or an office, as in a signature: "Federal Ministry of Environment"."""
    if is_office(text, language):
        return True
    words = [word for word in text.replace(",", " ").split() if len(word) > 3]
    return 2 <= len(words) <= 8 and text[-1:].isalpha() and all(word[:1].isupper() for word in words)


def without_label(text: str, read: Sequence[Sentence]) -> tuple[str, tuple[str, ...]]:
    """The text after a place that is before it with a colon or a dash: "PP3: Concerned that …"."""
    if not read:
        return text, ()
    first = read[0]
    for n, (token, following) in enumerate(pairwise(first.tokens[:12])):
        if token.kind == "place" and following.kind in ("colon", "dash", "stop"):
            told = [first.places[one.value] for one in first.tokens[: n + 1] if one.kind == "place"]
            named = [place.labels or place.others for place in told if place.labels or place.others]
            return text[following.end :].strip(), named[-1] if named else ()
    return text, tuple(label for sentence in read for label in sentence.labels)


def asks(sentence: Sentence) -> bool:
    """Whether a sentence quotes words and has a word by which something may be asked for."""
    return "quote" in sentence.kinds and not sentence.kinds.isdisjoint(ASKING)
