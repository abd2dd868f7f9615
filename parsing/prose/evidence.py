"""What a sentence asks for by what it quotes, whatever its verb.

Words that are in the paragraph are old ones, or show the place; words that are not are new. A few words of place and
of order say how they are put together.
"""

import re
from collections.abc import Sequence

from parsing.draft_index import DraftIndex, words_of
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import Place
from parsing.prose.requests.sentences import Sentence

_HOLDING = frozenset((
    "oppose", "retain", "reserve", "reported", "wished", "retract", "concede", "worry", "condition", "support",
    "bracket", "brackets", "split", "merge",
))  # fmt: skip
"""Kinds of words by which a sentence may ask for nothing: what it quotes is then for a person to weigh."""
_BESIDE = frozenset(("after", "before", "between", "follow", "follow_up", "new", "new_paragraph", "bis"))
"""Kinds of words that set a new paragraph beside others."""
FEWEST = 6
"""A paragraph has at least so many words."""
_LITTLE = 3
"""Words of no meaning to the reader that may be before the one that a paragraph goes."""
_LEADING = 1
"""The same before the paragraph that a clause begins with: "that paragraph 5 be deleted"."""
_FILLING = frozenset(("of", "whole_paragraph", "paragraph", "weak_paragraph", "be", "other", "to_old", "colon"))
"""Kinds of words that may be between a verb and the paragraph that goes."""
_EDGES = frozenset((
    "comma", "colon", "semicolon", "stop", "and", "suggest", "prefer", "so_that", "dash", "open", "close", "reason",
))  # fmt: skip
"""Kinds of words behind which a clause begins."""
_ALL_OF_IT = frozenset(("whole_paragraph", "pronoun", "needless"))
"""Kinds of words by which it is all of something that goes."""
_OF_WORDS = frozenset((
    "mention",
    "words", "sentence", "replace", "substitute", "insert", "read", "write", "instead", "move", "after", "before",
    "between", "new", "new_paragraph", "following", "bis", "arrow", "title", "everywhere", "brackets",
))  # fmt: skip
"""Kinds of words by which a sentence asks for something else than that a paragraph goes."""


_LATIN = re.compile("[A-Za-z]")


def deletions(sentence: Sentence, covered: Sequence[bool], index: DraftIndex) -> list[tuple[Place, str]]:
    """The places that are to go whole, each with why that is not sure. `covered` are the tokens that are about words.

    What goes is right behind the verb, or is what the clause begins with; a sentence that names other paragraphs
    on the way, or says much, is believed where a word such as "entirely" or "it" says that all of something goes.
    What it quotes, if anything, are the first words of what goes.
    """
    out: list[tuple[Place, str]] = []
    quotes = [words_of(words.rstrip(" .…")) for words in sentence.quotes if _LATIN.search(words)]
    since = 0
    for n, token in enumerate(sentence.tokens):
        if token.kind != "delete" or covered[n] or any(a <= n < b for a, b in sentence.denied):
            continue
        found = _object_of(sentence, n, covered) or _subject_of(sentence, since, n)
        places, doubt = found or ([], "")
        labels = [label for place in places for label in place.labels]
        if not quotes or any(all(index.words[label][: len(q)] == q for q in quotes) for label in labels):
            out += [(place, doubt) for place in places]
        since = n + 1
    return out


def _object_of(sentence: Sentence, verb: int, covered: Sequence[bool]) -> tuple[list[Place], str] | None:
    """The places right behind a verb, up to which there is at most one word of no meaning."""
    others, at = 0, verb + 1
    while at < len(sentence.tokens) and (kind := sentence.tokens[at].kind) in _FILLING:
        others, at = others + (kind == "other"), at + 1
    places = _places_from(sentence, at)
    if not places or covered[at] or others > 1 or _is_of_a_sentence(sentence, at + len(places)):
        return None
    return places, "a word of no known meaning comes before the paragraph" if others else ""


def _places_from(sentence: Sentence, at: int) -> list[Place]:
    """The places that are listed from here on."""
    out: list[Place] = []
    for token in sentence.tokens[at:]:
        if token.kind == "place":
            out.append(sentence.places[token.value])
        elif token.kind not in ("comma", "and", "of"):
            break
    return out


def _is_of_a_sentence(sentence: Sentence, at: int) -> bool:
    return any(token.kind == "sentence" for token in sentence.tokens[at : at + 2])


def _subject_of(sentence: Sentence, since: int, verb: int) -> tuple[list[Place], str] | None:
    """The places that a clause begins with, where it says no other thing of them but that they go."""
    tokens = sentence.tokens
    named = [n for n in range(since, verb) if tokens[n].kind == "place" and sentence.places[tokens[n].value].names]
    if not named:
        return None
    at = named[-1] if _begins_clause(tokens, since, named[-1]) else named[0]
    places = _places_from(sentence, at)
    between = _without_brackets([token for token in tokens[at + 1 : verb] if token.kind != "place"])
    little = sum(token.kind == "other" for token in between) <= _LITTLE
    whole = any(token.kind in _ALL_OF_IT for token in (*between, *tokens[verb : verb + 3]))
    told = tokens[_clause_of(tokens, since, at) : verb]
    own = tokens[_clause_of(tokens, since, verb) : verb]
    by_pronoun = bool(own) and own[0].kind == "pronoun"  # "…; it should go"
    if any(token.kind in _OF_WORDS for token in (*(own if by_pronoun else told), *tokens[verb + 1 : verb + 3])):
        return None
    if _is_set_off(between, refused=_negates(tokens[since:at]), whole=whole):
        return None
    plain = little and not _negates(between) and (len(places) == 1 or not by_pronoun)
    if plain and _begins_clause(tokens, since, at) and named[-len(places)] == at:
        return places, ""
    doubtful = (whole or little) and sentence.asserted.isdisjoint(_HOLDING)
    return (places, "read from the paragraph that is named, and that all of it goes") if doubtful else None


def _is_set_off(between: Sequence[Token], *, refused: bool, whole: bool) -> bool:
    """Whether a verb is in the same clause as a negation before the paragraph, or behind a colon that says how it is
    shown: "paragraph 3 is shown below: what goes is struck out".
    """
    kinds = [token.kind for token in between]
    if refused and _EDGES.isdisjoint(kinds):
        return True
    return not whole and "colon" in kinds and "other" in kinds[: kinds.index("colon")]


def _without_brackets(tokens: Sequence[Token]) -> list[Token]:
    """The tokens that are not in brackets."""
    out, inside = list[Token](), False
    for token in tokens:
        inside = token.kind == "open" or (inside and token.kind != "close")
        if not inside and token.kind != "close":
            out.append(token)
    return out


def _negates(tokens: Sequence[Token]) -> bool:
    """Whether something is denied or quoted; "adds nothing, and can go" says that it can go."""
    own = tokens[_clause_of(tokens, 0, len(tokens)) :]
    return any(token.kind in ("negation", "quote") for token in tokens) or any(t.kind == "needless" for t in own)


def _clause_of(tokens: Sequence[Token], since: int, at: int) -> int:
    """Where the clause of a token begins."""
    edges = (n for n in range(at - 1, since - 1, -1) if tokens[n].kind in _EDGES)
    return next(edges, since - 1) + 1


def _begins_clause(tokens: Sequence[Token], since: int, at: int) -> bool:
    """Whether no word that may be a subject of its own is in a clause before a place."""
    before = tokens[_clause_of(tokens, since, at) : at]
    leading = sum(token.kind == "other" for token in before) <= _LEADING
    return leading and not _negates(before) and all(token.kind != "place" for token in before)


def goes_here(sentence: Sentence, here: Sequence[str]) -> bool:
    """Whether a sentence that names no place says in few words that the one paragraph around it goes."""
    kinds = [token.kind for token in sentence.tokens]
    if "delete" not in kinds or len(here) != 1 or sentence.named or "quote" in kinds:
        return False
    told = sentence.tokens[: kinds.index("delete") + 1]
    little = sum(token.kind == "other" for token in told) <= _LITTLE
    held = sentence.denied or not sentence.asserted.isdisjoint(_HOLDING) or sentence.text.rstrip().endswith((":", "："))
    return little and not held and all(token.kind not in _OF_WORDS for token in told)


def move_in(sentence: Sentence, index: DraftIndex) -> tuple[str, str] | None:
    """The paragraph that comes to follow another, where a sentence names two and sets them beside each other."""
    if not sentence.asserted.isdisjoint(_HOLDING):
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
    return bare[:1].isupper() and bare[-1:] in ",;." and len(words_of(bare)) >= FEWEST
