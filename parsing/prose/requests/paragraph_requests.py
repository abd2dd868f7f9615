"""Acts on whole paragraphs: one goes, or a sentence of it; one is moved; a new one comes beside one.

What each is about are the places that a sentence names, else the one around it; the words beside them tell what is
asked of them, and how surely.
"""

import re
from collections.abc import Sequence
from itertools import accumulate, takewhile
from typing import NamedTuple

from parsing.draft_index import DraftIndex, index_of, words_of
from parsing.model import Draft, Edit
from parsing.prose.lexicon.detect_language import language_of
from parsing.prose.lexicon.lexicon import lexicon
from parsing.prose.lexicon.order import one_of
from parsing.prose.lexicon.tokens import Token, tokens
from parsing.prose.references.reference import Place
from parsing.prose.references.references import read_places
from parsing.prose.requests.negation import keeps
from parsing.prose.requests.remarks import is_question
from parsing.prose.requests.sentences import Sentence, with_places
from parsing.prose.resolve.edits import shows_opening
from parsing.prose.signs import CHANGE

INTENTS = ("oppose", "split", "merge", "bracket", "retain", "support", "reserve", "renumber", "move")
FEWEST = 6
"""A paragraph has at least so many words."""
_NEAR = 12
"""How far behind a verb its object may begin."""
_LITTLE = 3
"""Words of no meaning to the reader that may be between a paragraph and what is asked of it."""
_HEADED = 2
"""Words before "new paragraph" in a heading, at most."""
_REST = 25
"""Characters of a new paragraph behind a colon, at least."""
_OBJECT = frozenset((
    "of", "whole_paragraph", "paragraph", "weak_paragraph", "recital", "be", "other", "to_old", "colon", "range",
))  # fmt: skip
"""Kinds of words that may be between a verb and what it is about."""
_LINK = _OBJECT | {"comma", "suggest", "weak_with", "words", "read", "same"}
"""Kinds of words that may be between a paragraph and a verb behind it."""
_HOLDING = frozenset((
    "oppose", "retain", "reserve", "reported", "wished", "retract", "concede", "worry", "condition", "support",
    "bracket", "brackets", "split", "merge",
))  # fmt: skip
"""Kinds of words by which a sentence may ask for nothing: its edits then need review."""
_EDGES = frozenset((
    "comma", "colon", "semicolon", "stop", "and", "suggest", "prefer", "so_that", "dash", "open", "close", "reason",
))  # fmt: skip
"""Kinds of words behind which a clause begins."""
_TOLD = frozenset(("reported", "wished", "retract"))
"""Kinds of words by which a sentence tells what others want, or what is no longer wanted."""
_SAYING = frozenset(("other", "concede", "support", "worry", "retain"))
"""Kinds of words by which something is said of a deletion: "The deletion of paragraph 2 would suit us"."""
_ALL_OF_IT = frozenset(("whole_paragraph", "pronoun", "needless"))
"""Kinds of words by which it is all of something that goes."""
_OF_WORDS = frozenset((
    "mention", "words", "sentence", "replace", "substitute", "insert", "read", "write", "instead", "move", "after",
    "before", "between", "new", "new_paragraph", "following", "bis", "arrow", "title", "everywhere", "brackets",
))  # fmt: skip
"""Kinds of words by which a sentence asks for something else than that a paragraph goes."""
_MOVES = frozenset(("move", "follow"))
_POSITIONS = frozenset(("after", "before", "between", "follow", "follow_up", "at_end", "at_start"))
"""Kinds of words beside which it is said what something comes to follow."""
_NEW = re.compile(
    rf"{one_of('new_paragraph')}"
    rf"|{one_of('new')}{one_of('other', 'of', 'new', 'following', 'comma')}{{0,2}}"
    rf"{one_of('place', 'paragraph', 'after', 'before', 'between')}"
    rf"|{one_of('place')}{one_of('other', 'of', 'comma')}{{0,2}}{one_of('new')}"
    rf"(?={one_of('other', 'of')}{{0,2}}{one_of('colon')})"
)
"""As in "a new paragraph", "a new paragraph 8", "paragraph 8 new: …"."""
_LATIN = re.compile("[A-Za-z]")
_OF_A_PART = "a part of the text is named, and not where in it"
_BY_SHAPE = "read from its shape: the line above sets something beside a paragraph"


class Addition(NamedTuple):
    """A new paragraph after `after`, None where it is not said; its texts, none where they are to come."""

    after: str | None
    texts: tuple[str, ...]
    doubt: str = ""


# --- a paragraph, or a sentence of it, goes ----------------------------------------------------------


def deletions(
    sentence: Sentence, covered: Sequence[bool], here: Sequence[str], index: DraftIndex
) -> list[tuple[Edit, str]]:
    """The paragraphs that are to go, each with why that is not sure. `covered` are the tokens that are about words,
    `here` what the words around speak of. What the sentence quotes, if anything, are the first words of what goes.
    """
    if "delete" not in sentence.kinds or not sentence.asserted.isdisjoint(_TOLD) or is_question(sentence.text):
        return []
    out: list[tuple[Edit, str]] = []
    quotes = [words_of(words.rstrip(" .…")) for words in sentence.quotes if _LATIN.search(words)]
    since = 0
    for n, token in enumerate(sentence.tokens):
        if token.kind != "delete" or covered[n] or any(a <= n < b for a, b in sentence.denied):
            continue
        places, plain = _going(sentence, since, n) or ([], False)
        if not since and not sentence.named:
            places, plain = _around(sentence, n, here)
        labels = [label for place in places for label in place.labels]
        doubts = {
            "it is asked for on a condition": "condition" in sentence.kinds,
            "read from the paragraph that is named, and that all of it goes": not plain,
            "the paragraph is named by what it is about": not all(place.sure for place in places),
        }
        doubt = next((doubt for doubt, holds in doubts.items() if holds), "")
        if not quotes or any(all(index.words[label][: len(q)] == q for q in quotes) for label in labels):
            out += [(Edit(label, "delete_paragraph"), doubt) for label in labels]
        since = n + 1
    return out


def _going(sentence: Sentence, since: int, verb: int) -> tuple[list[Place], bool] | None:
    """The places that go, and whether that is said plainly: those right behind a verb, or those that its clause begins
    with, where nothing else is asked of them.
    """
    kinds, verb = [token.kind for token in sentence.tokens[since : verb + _NEAR]], verb - since
    behind = next((n for n in range(verb + 1, len(kinds)) if kinds[n] not in _OBJECT), verb)
    if kinds[behind] == "place":
        clause = takewhile(lambda kind: kind not in _EDGES, kinds[behind:])
        return _places_from(sentence, since + behind), _SAYING.isdisjoint((*kinds[verb:behind], *clause))
    named = [n for n in range(verb) if kinds[n] == "place"]
    if not named:
        return None
    at = next((n for n in reversed(named) if _leads(_clause_before(kinds, n))), named[0])
    before, own = _clause_before(kinds, at), _clause_before(kinds, verb)
    said = own if own[:1] == ["pronoun"] else (*before, *kinds[at:verb])  # "…; it should go"
    told = frozenset((*said, *kinds[verb : verb + 2]))
    between = _outside_brackets(kinds[at + 1 : verb])
    little = between.count("other") <= _LITTLE
    if told & _OF_WORDS or not (little or told & _ALL_OF_IT):
        return None
    object_of_verb = next((kind for kind in kinds[verb + 1 :] if kind != "of"), "")
    plain = little and _leads(before) and "topic" not in between and object_of_verb != "other"
    return _places_from(sentence, since + at), plain and "colon" not in between[1:]


def _around(sentence: Sentence, verb: int, here: Sequence[str]) -> tuple[list[Place], bool]:
    """The one paragraph around a sentence that names none, where it says little but that it goes."""
    kinds = [token.kind for token in sentence.tokens]
    told = kinds[: kinds.index("reason") if "reason" in kinds else None]
    plain = {*_LINK, "delete", "stop"}.issuperset(told)
    little = kinds[:verb].count("other") <= _LITTLE and _OF_WORDS.isdisjoint(told)
    return ([Place(0, 0, tuple(here))], plain) if len(here) == 1 and (plain or little) else ([], False)


def _places_from(sentence: Sentence, at: int) -> list[Place]:
    """The places that are listed from here on."""
    out: list[Place] = []
    for token in sentence.tokens[at:]:
        if token.kind == "place":
            out.append(sentence.places[token.value])
        elif token.kind not in ("comma", "and", "of"):
            break
    return out


def _clause_before(kinds: Sequence[str], at: int) -> Sequence[str]:
    """What is before a word in its clause."""
    edges = (n for n in range(at - 1, -1, -1) if kinds[n] in _EDGES)
    return kinds[next(edges, -1) + 1 : at]


def _leads(before: Sequence[str]) -> bool:
    """Whether no word that may be a subject of its own is in a clause before a place: "that paragraph 5 be deleted"."""
    of_proposal = "topic" in before and not {"other", "proposal"}.isdisjoint(before)
    return before.count("other") <= 1 and not of_proposal and {"place", "negation", "quote"}.isdisjoint(before)


def _outside_brackets(kinds: Sequence[str]) -> list[str]:
    depths = accumulate((kind == "open") - (kind == "close") for kind in kinds)
    return [kind for kind, depth in zip(kinds, depths, strict=True) if depth <= 0 and kind != "close"]


def deleted_sentence(sentence: Sentence, covered: Sequence[bool]) -> int:
    """The number of the sentence of a paragraph that is to be deleted; 0 for none."""
    free = [n for n, taken in enumerate(covered) if not taken and sentence.tokens[n].kind in ("delete", "sentence")]
    if [sentence.tokens[n].kind for n in free] not in (["delete", "sentence"], ["sentence", "delete"]):
        return 0
    between = {token.kind for token in sentence.tokens[free[0] + 1 : free[1]]}
    number = next(sentence.tokens[n].value for n in free if sentence.tokens[n].kind == "sentence")
    return number if between <= {*_LINK, "place", "rest", "and"} and "quote" not in sentence.kinds else 0


# --- a paragraph is moved ----------------------------------------------------------------------------


def moved(sentence: Sentence, here: Sequence[str], index: DraftIndex) -> tuple[Edit, str] | None:
    """The paragraph that comes to follow another, and why that is not sure: the first that is named, or that `here`,
    and not as what is beside it.
    """
    if not sentence.places and sentence.kinds.isdisjoint(_MOVES):
        return None
    tokens, places, kinds = sentence.tokens, sentence.places, [token.kind for token in sentence.tokens]
    named = [n for n, token in enumerate(tokens) if token.kind == "place" and places[token.value].labels]
    ahead = [n for n in named if _POSITIONS.isdisjoint(kinds[max(0, n - 2) : n])]
    linked = [n for n in ahead if _is_moved(kinds, n)]
    verbs = [n for n, kind in enumerate(kinds) if kind in _MOVES]
    at = next(iter((*linked, *ahead, *verbs)), None)
    if at is None or any(a <= at < b for a, b in sentence.denied):
        return None
    labels, to = places[tokens[at].value].labels if ahead else tuple(here), _position(tokens, places, index)
    if len(labels) != 1 or to in (None, labels[0]):
        return None
    edit = Edit(labels[0], "move_paragraph", to=to)
    if linked or not ahead:
        return edit, ""
    beside = len(named) == 2 and sentence.asserted.isdisjoint(_HOLDING)
    return (edit, "read from the places that are named: one paragraph beside another") if beside else None


def _is_moved(kinds: Sequence[str], place: int) -> bool:
    """Whether no more than small words are between a place and a word that moves it, behind it or before it."""
    behind = (kind for kind in kinds[place + 1 : place + _NEAR] if kind not in _LINK)
    before = (kind for kind in reversed(kinds[max(0, place - _NEAR) : place]) if kind not in _OBJECT)
    return not _MOVES.isdisjoint((next(behind, ""), next(before, "")))


# --- a new paragraph ---------------------------------------------------------------------------------


def added(sentence: Sentence, draft: Draft) -> Addition | None:
    """The new paragraph that a sentence asks for, or announces; in doubt where it only sets something beside a
    paragraph, and ends with a colon.
    """
    if sentence.denied or "split" in sentence.kinds:
        return None
    index = index_of(draft)
    new, after = _new(sentence, index), _position(sentence.tokens, sentence.places, index)
    if new is not None:
        texts = tuple(words.strip() for words in sentence.quotes if not shows_opening(words, draft))
        vague = "quote" in sentence.kinds and sentence.kinds.isdisjoint(("at_end", "at_start")) and not sentence.named
        doubt = _OF_A_PART if vague and any(place.part for place in sentence.places) else ""
        return Addition(after or _numbered(sentence, index, *new), texts or _rest(sentence, new[1]), doubt)
    asks = not sentence.kinds.isdisjoint(("insert", "move")) and "words" not in sentence.kinds
    alone = asks and not sentence.named and len(sentence.quotes) == 1
    if after is None or not (alone or ends_with_colon(sentence)):
        return None
    plain = asks and sentence.kinds.isdisjoint(_HOLDING)
    return Addition(after, sentence.quotes, "" if plain else _BY_SHAPE)


def _new(sentence: Sentence, index: DraftIndex) -> tuple[int, int] | None:
    """Where a sentence that asks for a new paragraph names it: by a number that is new, "OP3 bis", or in words."""
    for n, token in enumerate(sentence.tokens):
        if token.kind == "place" and _is_new(sentence.places[token.value], sentence, index):
            return n, n
    match = _NEW.search(sentence.order)
    if match is None:
        return None
    named = match.start() <= _HEADED or sentence.tokens[match.start()].kind == "new_paragraph"
    asks = named or not sentence.kinds.isdisjoint(("insert", "suggest", "colon"))
    return match.span() if asks else None


def _is_new(place: Place, sentence: Sentence, index: DraftIndex) -> bool:
    """Whether a place is the number of a new paragraph: "OP3 bis", or the one after the last."""
    asks = "insert" in sentence.kinds or sentence.kinds.isdisjoint(CHANGE)
    following = place.missing == f"OP{len(index.commitments) + 1}"
    return place.bis or (following and asks and bool(sentence.quotes))


def adds(sentence: Sentence, draft: Draft) -> bool:
    """Whether a sentence asks for a new paragraph, or announces one, beyond doubt."""
    addition = added(sentence, draft)
    return addition is not None and not addition.doubt


def _numbered(sentence: Sentence, index: DraftIndex, start: int, stop: int) -> str | None:
    """Before the old bearer of its number, "a new paragraph 8"; else after the paragraph that is named behind it."""
    for n, token in enumerate(sentence.tokens[start:], start):
        if token.kind == "number" and n == stop:  # "a new paragraph 14", where the two are one word
            label = index.numbered("operative", token.value)
            bis = [one.kind for one in sentence.tokens[n + 1 : n + 2]] == ["bis"]
            return index.commitments[-1] if label is None else label if bis else index.before(label)
        if token.kind == "place" and (place := sentence.places[token.value]).names:
            return _beside("after" if place.beside or place.bis else "before", place, index)
    found = (_beside("after", place, index) for place in sentence.places)
    return next(filter(None, found), None)


def _rest(sentence: Sentence, since: int) -> tuple[str, ...]:
    """The text behind a colon, from a token on."""
    ends = (token.end - sentence.start for token in sentence.tokens[since:] if token.kind == "colon")
    rest = next((sentence.text[end:].strip() for end in ends), "")
    return (rest,) if len(rest) >= _REST else ()


def asked_beside(sentence: Sentence, index: DraftIndex) -> str | None:
    """The paragraph beside which a sentence sets something: "Between 10 and 11 we ask for a new one"."""
    asks = not sentence.quotes and not sentence.denied and sentence.kinds.isdisjoint(_HOLDING)
    return _position(sentence.tokens, sentence.places, index) if asks else None


def ends_with_colon(sentence: Sentence) -> bool:
    return sentence.text.rstrip().endswith((":", "："))


def beside(heading: str, draft: Draft) -> str | None:
    """The paragraph that a new one comes to follow under a heading, or in a row: "After OP13", "Before PP3"."""
    index = index_of(draft)
    for name in language_of(heading):
        found = tokens(heading, lexicon(name))
        places = read_places(found, index)
        kinds = {token.kind for token in found}
        inside = not kinds.isdisjoint(("quote", "line", "sentence", "words"))
        if not places or inside or (places[0].labels and not kinds.isdisjoint(("at_end", "at_start"))):
            continue
        return _position(with_places(found, places), places, index)
    return None


def _position(tokens: Sequence[Token], places: Sequence[Place], index: DraftIndex, start: int = 0) -> str | None:
    """The paragraph that something comes to follow: "after paragraph 7", "before PP3", "at the end of the preamble"."""
    told = next((place for place in places if place.beside in ("after", "before")), None)
    if told is not None:
        return _beside(told.beside, told, index)
    for n in [n for n in range(start, len(tokens)) if tokens[n].kind in _POSITIONS]:
        around = (*tokens[n + 1 : n + 5], *tokens[max(0, n - 1) : n])
        place = next((places[token.value] for token in around if token.kind == "place"), None)
        label = _beside(tokens[n].kind, place, index) if place else None
        if label is not None:
            return label
    return None


def _beside(kind: str, place: Place, index: DraftIndex) -> str | None:
    """What comes before that which is put beside a place, or at its end."""
    if place.labels:
        return index.before(place.labels[0]) if kind == "before" else place.labels[0 if kind == "between" else -1]
    if place.part and kind in ("before", "at_start"):
        return index.before(index.of_part(place.part)[0])
    if place.part == "preamble" or place.missing.startswith("PP"):
        return index.last_recital
    return index.commitments[-1] if place.part == "operative" or place.missing else None


# --- what changes no words ---------------------------------------------------------------------------


def intent(sentence: Sentence) -> str | None:
    """What a sentence asks for that changes no words."""
    if keeps(sentence.order, sentence.denied):
        return "retain"
    return next((name for name in INTENTS if name in sentence.kinds), None)


def is_paragraph(text: str) -> bool:
    """Whether words look like a paragraph of a declaration: a capital at the beginning, a sign at the end."""
    bare = text.strip().strip('“”"«»„')
    return bare[:1].isupper() and bare[-1:] in ",;." and len(words_of(bare)) >= FEWEST
