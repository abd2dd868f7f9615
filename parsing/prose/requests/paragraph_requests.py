"""Acts on whole paragraphs: delete one, move one, add one; and the acts that change no words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsing.draft_index import DraftIndex, index_of
from parsing.model import Draft
from parsing.prose.lexicon.detect_language import language_of
from parsing.prose.lexicon.lexicon import lexicon
from parsing.prose.lexicon.tokens import Token, tokens
from parsing.prose.references.reference import Place
from parsing.prose.references.references import read_places
from parsing.prose.requests import negation as polarity
from parsing.prose.requests.order import first, none_of, one_of
from parsing.prose.requests.sentences import Sentence, with_places

INTENTS = ("oppose", "split", "merge", "bracket", "retain", "support", "reserve", "renumber", "move")
_LITTLE = one_of("other", "of")
"""A word that says nothing of what is asked."""
_LINK = one_of(
    "other", "of", "paragraph", "whole_paragraph", "comma", "colon", "be", "suggest", "weak_with", "range"
)  # fmt: skip
"""What may stand before a verb, or between a paragraph and its verb."""
_OBJECT = one_of("other", "of", "paragraph", "whole_paragraph", "be")
"""What may stand behind a verb, of the paragraph that it is about."""
_PLACE, _QUOTE, _PARAGRAPH, _STOP = one_of("place"), one_of("quote"), one_of("paragraph"), one_of("stop")
_DELETE, _MOVES, _SENTENCE, _BRACKETS = one_of("delete"), one_of("move"), one_of("sentence"), one_of("brackets")
_FOLLOWING, _NEW_ONE = one_of("following"), one_of("new")
_BESIDE = one_of("after", "before", "between")
_DELETE_HERE = re.compile(
    rf"{_LINK}{{0,6}}{_DELETE}{_OBJECT}{{0,6}}{_STOP}?(?:{one_of('comma')}?{one_of('reason')}.*)?"
)
"""As in "we suggest to delete it entirely, because …"."""
_NEXT = re.compile(
    rf"{one_of('insert')}{none_of('quote', 'place', 'after', 'before')}*{_PLACE}{none_of('after', 'before')}*{_QUOTE}"
    rf"|^{one_of('other', 'of', 'new', 'suggest')}{{0,3}}{_PLACE}"
    rf"{one_of('other', 'of', 'new', 'colon', 'stop', 'comma')}{{0,3}}{_QUOTE}{one_of('stop', 'semicolon')}?$"
)
"""As in "add a paragraph 14: “…”", or "OP14: “…”" alone."""
_DELETE_SENTENCE = re.compile(
    rf"{_DELETE}{one_of('of', 'whole_paragraph', 'rest', 'place', 'to_old', 'comma')}{{0,7}}{_SENTENCE}"
    rf"|{_SENTENCE}{one_of('other', 'of', 'place', 'paragraph', 'comma', 'be', 'to_old', 'and', 'suggest')}{{0,8}}"
    rf"{_DELETE}(?={one_of('stop', 'comma', 'semicolon', 'and', 'reason', 'whole_paragraph', 'weak_with')}"
    rf"|{one_of('with')}{none_of('quote', 'place')}*$|{_LITTLE}{{0,2}}{_STOP}?$)"
)
"""As in "delete the last sentence", "the second sentence of paragraph 5 should be deleted"."""
_MOVE = re.compile(
    rf"{_PLACE}{_LINK}{{0,6}}(?:{_MOVES}|{one_of('follow')}(?={_OBJECT}{{0,3}}{_PLACE}))"
    rf"|{_MOVES}{one_of('other', 'of', 'paragraph', 'whole_paragraph', 'words')}{{0,4}}{_PLACE}"
)
"""As in "paragraph 5 should be moved", "paragraph 5 should follow paragraph 2", "move paragraph 5"."""
_MOVE_HERE = re.compile(
    rf"^{_LINK}{{0,5}}{_MOVES}{one_of('other', 'of', 'paragraph', 'weak_with', 'range', 'read')}{{0,4}}"
    rf"{one_of('after', 'before', 'follow_up', 'follow')}{none_of('place', 'move', 'quote')}*"
    rf"(?:{_PLACE}{none_of('place', 'move', 'quote')}*)?$"
)
"""As in "move it after paragraph 2"."""
_NEW = re.compile(
    rf"{one_of('new_paragraph')}|{_PLACE}{one_of('comma')}?{_LITTLE}{{0,2}}{_NEW_ONE}(?={_LITTLE}{{0,2}}{one_of('colon')})"
    rf"|^{_NEW_ONE}{one_of('other', 'of', 'comma', 'colon')}{{0,2}}{_BESIDE}{_LITTLE}{{0,2}}{_PLACE}{one_of('colon')}?$"
    rf"|{_NEW_ONE}{one_of('other', 'of', 'new', 'following')}{{0,2}}{one_of('place', 'paragraph')}"
    rf"|{_PARAGRAPH}{_LITTLE}?{_NEW_ONE}"
    rf"|{one_of('words', 'following')}{_LITTLE}{{0,2}}{_NEW_ONE}?{_LITTLE}{{0,2}}{_PARAGRAPH}(?!{_LITTLE}*{_PLACE})"
)
"""As in "a new paragraph", "a new paragraph 8", "paragraph 8 new: …", "the following paragraph"."""
_UNBRACKETS = re.compile(
    rf"{_DELETE}{one_of('other', 'of', 'words', 'to_old')}{{0,3}}{_BRACKETS}"
    rf"|{_BRACKETS}{one_of('other', 'of', 'words', 'be', 'place', 'to_old')}{{0,6}}{_DELETE}"
)
"""As in "remove the square brackets"."""
_CHANGE = one_of("insert", "delete", "replace", "substitute", "read", "new_paragraph", "suggest")
_CHANGES = one_of("other", "of", "paragraph", "words", "new")
"""What may be announced."""
_ANNOUNCES = re.compile(
    rf"{_CHANGE}.*{_FOLLOWING}{_CHANGES}{{0,4}}{one_of('stop', 'colon')}?$"
    rf"|{_FOLLOWING}{_CHANGES}{{0,3}}{_CHANGE}{_LITTLE}{{0,3}}{one_of('stop', 'colon')}$"
    rf"|{one_of('comma')}{_FOLLOWING}{one_of('stop', 'colon')}$"
    rf"|^{_LITTLE}{{0,2}}(?:{one_of('new_paragraph')}|{_NEW_ONE}{_PARAGRAPH}|{_PARAGRAPH}{_NEW_ONE})"
    rf"{one_of('stop', 'colon')}?$"
)
"""As in "we propose the following changes", "two new paragraphs"."""
_HEADS = re.compile(
    rf"(?:{_LITTLE}{{0,2}}{_PLACE}{one_of('colon', 'comma')})?.{{0,2}}"
    rf"|{_LITTLE}{{0,2}}{one_of('after', 'before', 'at_end', 'at_start')}{_LITTLE}{{0,3}}{_PLACE}"
    rf"{one_of('comma', 'colon')}?{_LITTLE}{{0,4}}"
)
"""As in "after paragraph 5:", before what is new: all that a heading says."""
_BESIDE_OR_AT = ("after", "before", "at_end", "at_start", "between")
_PARAGRAPH_BESIDE = re.compile(
    rf"{one_of(*_BESIDE_OR_AT)}{_LITTLE}{{0,3}}{_PLACE}"
    rf"|{_PLACE}{_LITTLE}{{0,2}}{one_of('after', 'before', 'between')}(?={_LITTLE}{{0,2}}{one_of('insert')})"
)
"""As in "after paragraph 5"."""
_LONG_TEXT = 12
"""Characters of a new paragraph, at least."""
_POSITIONS = frozenset(("follow", "follow_up", *_BESIDE_OR_AT))
"""Kinds of words behind which it is said what something comes to follow."""
_INSIDE = frozenset(("quote", "line", "sentence", "words"))
"""Kinds of words by which a heading names a place inside a paragraph, and not one beside it."""
_NOT_ASKED = frozenset((
    "quote", "words", "sentence", "split", "reported", "wished", "retract", "condition", "oppose", "negation",
))  # fmt: skip
"""Kinds of words by which a sentence asks for no new paragraph, or for words."""
_AT_EDGES = frozenset(("at_end", "at_start"))
"""The same where it names a paragraph, and not a part of the text."""


@dataclass(frozen=True, slots=True)
class Move:
    """A paragraph comes to follow another; `to` is None where it is not clear which."""

    label: str
    to: str | None


@dataclass(frozen=True, slots=True)
class Addition:
    """A new paragraph after `after`, None where it is not said. Its text is in the quotations, or from the offset
    `rest` of the sentence on; with neither it is to come.
    """

    after: str | None
    texts: tuple[str, ...]
    rest: int | None


def rejected(sentence: Sentence, following: Sentence) -> bool:
    """Whether a sentence tells what others want, and the following one rejects it."""
    return polarity.rejected(sentence.order, following.order)


def unbrackets(sentence: Sentence) -> bool:
    """Whether brackets are to be taken away: "remove the square brackets"."""
    return _UNBRACKETS.search(sentence.order) is not None and not sentence.denied


def deletes_here(sentence: Sentence) -> bool:
    """Whether the sentence says no more than "delete"."""
    return _DELETE_HERE.fullmatch(sentence.order) is not None


def deleted_sentence(sentence: Sentence, covered: Sequence[bool]) -> int:
    """The number of the sentence of a paragraph that is to be deleted; 0 for none."""
    match = _DELETE_SENTENCE.search(_free(sentence, covered))
    if not match:
        return 0
    return sentence.tokens[first("sentence", match)].value


def speaks_of_new(sentence: Sentence) -> bool:
    """Whether a sentence speaks of a new paragraph, in whatever way."""
    return _NEW.search(sentence.order) is not None and not sentence.denied


def announces(sentence: Sentence) -> bool:
    """Whether a sentence says no more than that proposals follow: "We propose the following changes."."""
    return _ANNOUNCES.search(sentence.order) is not None and not sentence.kinds & {"quote", "place"}


def _free(sentence: Sentence, covered: Sequence[bool]) -> str:
    """The order of the kinds of words that no act on words has taken."""
    return "".join("#" if taken else kind for kind, taken in zip(sentence.order, covered, strict=True))


def moved(sentence: Sentence, sheet: DraftIndex, here: Sequence[str] = ()) -> Move | None:
    """The paragraph that is to be elsewhere; `here` is what the words around speak of: "move it after OP4"."""
    if sentence.denied:
        return None
    swapped = _swapped(sentence, sheet) if "swap" in sentence.kinds else None
    if swapped is not None:
        return swapped
    if len(here) == 1 and _MOVE_HERE.search(sentence.order):
        to = _position(sentence.tokens, sentence.places, sheet)
        return None if to is None else Move(here[0], to)
    match = _MOVE.search(sentence.order)
    if not match:
        return None
    at = first("place", match)
    place = sentence.places[sentence.tokens[at].value]
    if len(place.labels) != 1:
        return None
    label = place.labels[0]
    to = _position(sentence.tokens, sentence.places, sheet, at + 1)
    return Move(label, sheet.before(label) if to == label else to)


def _swapped(sentence: Sentence, sheet: DraftIndex) -> Move | None:
    """Two neighbours that change places: the second comes before the first."""
    labels = sorted(sentence.labels, key=sheet.order.index)
    if len(labels) != 2 or "quote" in sentence.kinds or sheet.before(labels[1]) != labels[0]:
        return None
    return Move(labels[1], sheet.before(labels[0]))


def added(sentence: Sentence, sheet: DraftIndex) -> Addition | None:
    """The new paragraph that a sentence asks for, or announces."""
    if sentence.denied or "split" in sentence.kinds:
        return None
    if _is_next_number(sentence, sheet):
        return Addition(sheet.commitments[-1], sentence.quotes, None)
    bis, announced = _bis(sentence), _announced(sentence)
    if bis is not None:
        labels = sentence.places[sentence.tokens[bis].value].labels
        after = _position(sentence.tokens[:bis], sentence.places, sheet) or (labels[-1] if labels else None)
    elif announced is not None:
        after = _position(sentence.tokens, sentence.places, sheet) or _numbered(sentence, sheet, announced)
    else:
        return None
    texts = tuple(words.strip() for words in sentence.quotes if _is_text(words) and not _shows_place(words, sheet))
    since = announced.end() if announced is not None else 0
    return Addition(after, texts, None if texts else _rest(sentence, since))


def asked_beside(sentence: Sentence, sheet: DraftIndex) -> str | None:
    """The paragraph that a new one comes to follow, where a sentence asks for it without its text: "Between 10 and 11
    we ask for a new one."
    """
    kinds = sentence.kinds
    if sentence.denied or not kinds.isdisjoint(_NOT_ASKED):
        return None
    asks = not kinds.isdisjoint(("new", "new_paragraph", "insert"))
    return _position(sentence.tokens, sentence.places, sheet) if asks else None


def _is_text(words: str) -> bool:
    """Whether quoted words may be a whole paragraph: long, or a sentence however short ("Be bold.")."""
    bare = words.strip()
    return len(words) >= _LONG_TEXT or (bare[:1].isupper() and bare[-1:] in ".;")


def _shows_place(words: str, sheet: DraftIndex) -> bool:
    """Whether quoted words are the first of a paragraph, with dots for the others: they say which one is meant."""
    return words.rstrip().endswith(("...", "…")) and bool(sheet.beginning_with(words.rstrip(" .…")))


def _bis(sentence: Sentence) -> int | None:
    """The token that names a new paragraph's number: "OP3 bis"."""
    named = (n for n, token in enumerate(sentence.tokens) if token.kind == "place")
    return next((n for n in named if sentence.places[sentence.tokens[n].value].bis), None)


def _is_next_number(sentence: Sentence, sheet: DraftIndex) -> bool:
    """Whether words are to be inserted as the number after the last one: "add a paragraph 14: …"."""
    following = f"OP{len(sheet.commitments) + 1}"
    named = any(place.missing == following for place in sentence.places)
    return named and _NEXT.search(sentence.order) is not None


def _announced(sentence: Sentence) -> re.Match[str] | None:
    """Where a sentence says that there shall be a new paragraph, or something beside a whole one."""
    new = _NEW.search(sentence.order)
    if new is not None:
        return new if _asks(sentence, new) else None
    beside = _PARAGRAPH_BESIDE.search(sentence.order)
    return beside if beside is not None and _puts_paragraph(sentence, beside) else None


def _puts_paragraph(sentence: Sentence, beside: re.Match[str]) -> bool:
    """Whether what shall be beside a whole paragraph, or at the end of a part, is a new paragraph: quoted words, or
    what comes on the next line.
    """
    if sentence.kinds.isdisjoint(("insert", "move")) or "words" in sentence.kinds:
        return False
    place = sentence.places[sentence.tokens[first("place", beside)].value]
    at_edge = sentence.tokens[beside.start()].kind in ("at_end", "at_start")
    quotes = sentence.quotes
    put = len(quotes[0]) >= _LONG_TEXT if quotes else sentence.tokens[-1].kind == "colon"
    return put and len(quotes) < 2 and bool(place.part if at_edge else place.labels)


def _asks(sentence: Sentence, new: re.Match[str]) -> bool:
    """A verb asks for it, or it is at the beginning as a heading does, with no more than its place before it."""
    told = {token.kind for token in sentence.tokens[new.start() : new.end()]}
    suggested = any(token.kind == "suggest" for token in sentence.tokens[: new.start()])
    headed = _HEADS.fullmatch(sentence.order, 0, new.start()) is not None
    return "insert" in sentence.kinds or suggested or "new_paragraph" in told or headed


def _numbered(sentence: Sentence, sheet: DraftIndex, new: re.Match[str]) -> str | None:
    """Before the old bearer of its number, "a new paragraph 8"; else after the paragraph that the sentence names."""
    for n, token in enumerate(sentence.tokens[new.start() :], new.start()):
        if token.kind == "number" and n == new.end():  # "a new paragraph 14", where the two are one word
            return _as_number(token.value, sentence.tokens[n + 1 : n + 2], sheet)
        if token.kind == "place" and (place := sentence.places[token.value]).names:
            return _at_place(place, sheet, is_its_number=n <= new.end())
    named = next((place.labels[-1] for place in sentence.places if place.labels), None)
    return named or _end_of(next((place.part for place in sentence.places if place.part), None), sheet)


def _as_number(number: int, following: Sequence[Token], sheet: DraftIndex) -> str:
    """What a new paragraph of the operative part comes to follow that shall have this number, or "8 bis"."""
    label = sheet.numbered("operative", number)
    if label is None:
        return sheet.commitments[-1]
    return label if any(token.kind == "bis" for token in following) else sheet.before(label)


def _at_place(place: Place, sheet: DraftIndex, *, is_its_number: bool) -> str:
    """The same where a place is named: the new one's own number, or the paragraph beside it."""
    if place.labels:
        ahead = place.beside == "before" or (is_its_number and not place.beside)
        return sheet.before(place.labels[0]) if ahead else place.labels[-1]
    return sheet.commitments[-1] if place.missing.startswith("OP") else sheet.last_recital


def _end_of(part: str | None, sheet: DraftIndex) -> str | None:
    if part == "preamble":
        return sheet.last_recital
    return sheet.commitments[-1] if part == "operative" else None


def beside(heading: str, draft: Draft) -> str | None:
    """The paragraph that a new one comes to follow under a heading, or in a row: "After OP13", "Before PP3"."""
    sheet = index_of(draft)
    for name in language_of(heading):
        found = tokens(heading, lexicon(name))
        places = read_places(found, sheet)
        kinds = {token.kind for token in found}
        if not places or not _INSIDE.isdisjoint(kinds) or (places[0].labels and not _AT_EDGES.isdisjoint(kinds)):
            continue
        told = next((place for place in places if place.beside in ("after", "before")), None)
        if told is not None:
            return _at_place(told, sheet, is_its_number=False)
        return _position(with_places(found, places), places, sheet)
    return None


def _position(tokens: Sequence[Token], places: Sequence[Place], sheet: DraftIndex, start: int = 0) -> str | None:
    """The paragraph that something comes to follow: "after paragraph 7", "before PP3", "at the end of the preamble"."""
    told = (n for n in range(start, len(tokens)) if tokens[n].kind in _POSITIONS)
    found = (_position_at(n, tokens, places, sheet) for n in told)
    return next((label for label in found if label is not None), None)


def _position_at(n: int, tokens: Sequence[Token], places: Sequence[Place], sheet: DraftIndex) -> str | None:
    """The same by one word of position: of the place behind it, else of the one before it."""
    kind, following = tokens[n].kind, tokens[n + 1 : n + 5]
    place = next((places[token.value] for token in following if token.kind == "place"), None)
    if place is None and n and tokens[n - 1].kind == "place":
        place = places[tokens[n - 1].value]
    return None if place is None else _beside(kind, place, sheet)


def _beside(kind: str, place: Place, sheet: DraftIndex) -> str | None:
    if place.labels:
        if kind == "before":
            return sheet.before(place.labels[0])
        return place.labels[0] if kind == "between" else place.labels[-1]
    if kind in ("at_end", "after"):
        return _end_of(place.part, sheet)
    if place.part is None:
        return None
    return sheet.before(sheet.of_part(place.part)[0])


def _rest(sentence: Sentence, since: int) -> int | None:
    """Where the text begins that follows a colon at the end of what is asked, from a token on."""
    for token in sentence.tokens[since:]:
        if token.kind == "colon" and len(sentence.text) - (token.end - sentence.tokens[0].start) > 25:
            return token.end - sentence.tokens[0].start
    return None


def intent(sentence: Sentence) -> str | None:
    """What a sentence asks for that changes no words."""
    if polarity.keeps(sentence.order, sentence.denied):
        return "retain"
    return next((name for name in INTENTS if name in sentence.kinds), None)
