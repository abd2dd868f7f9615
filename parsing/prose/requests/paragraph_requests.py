"""Acts on whole paragraphs: delete one, move one, add one; and the acts that change no words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsing.draft_index import DraftIndex
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import Place
from parsing.prose.requests import negation as polarity
from parsing.prose.requests.sentences import Sentence

INTENTS = ("oppose", "split", "merge", "bracket", "retain", "support", "reserve", "renumber", "move")
_DELETE_HERE = re.compile(r"[oqL,:uV]{0,6}d[oqLHu.]{0,6}(?:,?j.*)?")
_NEXT = re.compile(r"i[^QPae]*P[^ae]*Q|^[oqxV]{0,3}P[oqx:.,]{0,3}Q[.;]?$")
_DELETE_PARAGRAPH_HERE = re.compile(r"[oq,:V]{0,3}d[oqH]{0,3}L\.?|[oq,:]{0,3}L[oqu]{0,3}d\.?")
_DELETE_SENTENCE = re.compile(r"d[qHRPp,]{0,7}Z|Z[oqPL,up&V]{0,8}d(?=[.,;&jHy]|w[^QP]*$|[oq]{0,2}\.?$)")
_MOVE = re.compile(r"P[oqLyYu,:V]{0,6}(?:v|h(?=[oqL]{0,3}P))|v[oqLHW]{0,4}P")
_MOVE_HERE = re.compile(r"^[oq,:LV]{0,5}v[oqLyYr]{0,4}[ae3h][^PvQ]*(?:P[^PvQ]*)?$")
_NEW = re.compile(r"N|P[oq]{0,2}x(?=[oq]{0,2}:)|x[oqxF]{0,2}[PL]|L[oq]?x|[WF][oq]{0,2}x?[oq]{0,2}L(?![oq]*P)")
_ADDS = re.compile(r"[iv]")
_UNBRACKETS = re.compile(r"d[oqWp]{0,3}5|5[oqWupP]{0,6}d")
_ANNOUNCES = re.compile(r"[idcbrNV].*F[oqLWx]{0,4}[.:]?$|F[oqLWx]{0,3}[idcbrN][oq]{0,3}[.:]$")
_HEADS = re.compile(r".{0,2}|[oq]{0,2}[aeEB]q{0,3}P[,:]?[oq]{0,2}")
_PARAGRAPH_BESIDE = re.compile(r"[aeEBz][qo]{0,3}P|Pq{0,2}[aez](?=[qo]{0,2}i)")
_LONG_TEXT = 12
"""Characters of a new paragraph, at least."""
_POSITION = {"after": "a", "follow_up": "a", "before": "e", "between": "z", "at_end": "E", "at_start": "B"}


@dataclass(frozen=True, slots=True)
class Move:
    """A paragraph comes to follow another; `to` is None where it is not clear which."""

    label: str
    to: str | None


@dataclass(frozen=True, slots=True)
class Addition:
    """A new paragraph after `after`, None where it is not said. Its text stands in the quotations, or from the offset
    `rest` of the sentence on; with neither it is to come.
    """

    after: str | None
    texts: tuple[str, ...]
    rest: int | None


def rejected(sentence: Sentence, following: Sentence) -> bool:
    """Whether a sentence tells what others want, and the following one rejects it."""
    return polarity.rejected(sentence.letters, following.letters)


def unbrackets(sentence: Sentence) -> bool:
    """Whether brackets are to be taken away: "remove the square brackets"."""
    return _UNBRACKETS.search(sentence.letters) is not None and not sentence.denied


def deletes_here(sentence: Sentence) -> bool:
    """Whether the sentence says no more than "delete"."""
    return _DELETE_HERE.fullmatch(sentence.letters) is not None


def deletes_paragraph_here(sentence: Sentence) -> bool:
    """Whether the sentence says "delete the paragraph", and no more."""
    return _DELETE_PARAGRAPH_HERE.fullmatch(sentence.letters) is not None


def deleted_sentence(sentence: Sentence, covered: Sequence[bool]) -> int:
    """The number of the sentence of a paragraph that is to be deleted; 0 for none."""
    match = _DELETE_SENTENCE.search(_free(sentence, covered))
    if not match:
        return 0
    return sentence.tokens[match.start() + match[0].index("Z")].value


def announces(sentence: Sentence) -> bool:
    """Whether a sentence says no more than that proposals follow: "We propose the following changes."."""
    return _ANNOUNCES.search(sentence.letters) is not None and not sentence.kinds & {"quote", "place"}


def _free(sentence: Sentence, covered: Sequence[bool]) -> str:
    """The letters that no act on words has taken."""
    if not any(covered):
        return sentence.letters
    return "".join("#" if taken else letter for letter, taken in zip(sentence.letters, covered, strict=True))


def moved(sentence: Sentence, sheet: DraftIndex, here: Sequence[str] = ()) -> Move | None:
    """The paragraph that is to stand elsewhere; `here` is what the words around speak of: "move it after OP4"."""
    letters = sentence.letters
    if sentence.denied:
        return None
    swapped = _swapped(sentence, sheet) if "swap" in sentence.kinds else None
    if swapped is not None:
        return swapped
    if len(here) == 1 and _MOVE_HERE.search(letters):
        to = _position(sentence.tokens, sentence.places, sheet, 0)
        return None if to is None else Move(here[0], to)
    match = _MOVE.search(letters)
    if not match:
        return None
    at = match.start() + match[0].index("P")
    place = sentence.places[sentence.tokens[at].value]
    if len(place.labels) != 1:
        return None
    label = place.labels[0]
    to = _position(sentence.tokens, sentence.places, sheet, match.end() if letters[match.end() - 1] == "P" else at + 1)
    return Move(label, sheet.before(label) if to == label else to)


def _swapped(sentence: Sentence, sheet: DraftIndex) -> Move | None:
    """Two neighbours that change places: the second comes before the first."""
    labels = sorted({label for place in sentence.named for label in place.labels}, key=sheet.order.index)
    if len(labels) != 2 or "quote" in sentence.kinds or sheet.before(labels[1]) != labels[0]:
        return None
    return Move(labels[1], sheet.before(labels[0]))


def added(sentence: Sentence, sheet: DraftIndex) -> Addition | None:
    """The new paragraph that a sentence asks for, or announces."""
    letters = sentence.letters
    match = _NEW.search(letters)
    if not (match or sentence.places) or sentence.denied or "split" in sentence.kinds:
        return None
    beside = _PARAGRAPH_BESIDE.search(letters)
    if beside and _ADDS.search(letters) and "W" not in letters and _new_beside(sentence, beside, letters):
        match = match or beside
    following = _next_number(sentence, sheet, letters)
    if following is not None:
        texts = tuple(token.word for token in sentence.tokens if token.kind == "quote")
        return Addition(following, texts, None)
    bis = _bis(sentence)
    if bis is None and (match is None or not (match is beside or _asks(letters, match))):
        return None
    if bis is not None:
        labels = sentence.places[sentence.tokens[bis].value].labels
        after = _position(sentence.tokens[:bis], sentence.places, sheet, 0) or (labels[-1] if labels else None)
    else:
        assert match is not None
        after = _position(sentence.tokens, sentence.places, sheet, 0) or _numbered(sentence, sheet, match)
    texts = tuple(t.word.strip() for t in sentence.tokens if t.kind == "quote" and len(t.word) >= _LONG_TEXT)
    return Addition(after, texts, None if texts else _rest(sentence))


def _bis(sentence: Sentence) -> int | None:
    """The token that names a new paragraph's number: "OP3 bis"."""
    if not any(place.bis for place in sentence.places):
        return None
    return next(n for n, t in enumerate(sentence.tokens) if t.kind == "place" and sentence.places[t.value].bis)


def _next_number(sentence: Sentence, sheet: DraftIndex, letters: str) -> str | None:
    """The last paragraph of a part, where words are to be inserted as the number after it: "add a paragraph 14: …"."""
    if f"OP{len(sheet.commitments) + 1}" not in {place.missing for place in sentence.places}:
        return None
    return sheet.commitments[-1] if _NEXT.search(letters) else None


def _new_beside(sentence: Sentence, beside: re.Match[str], letters: str) -> bool:
    """Whether what shall stand beside a whole paragraph, or at the end of a part, is a new paragraph: quoted words, or
    what comes on the next line.
    """
    place = sentence.places[sentence.tokens[beside.start() + beside[0].index("P")].value]
    whole = bool(place.part) if beside[0][0] in "EB" else bool(place.labels)
    quotes = [token for token in sentence.tokens if token.kind == "quote"]
    announced = not quotes and letters.endswith(":")
    return whole and (announced or (len(quotes) == 1 and len(quotes[0].word) >= _LONG_TEXT))


def _asks(letters: str, match: re.Match[str]) -> bool:
    """A verb asks for it, or it stands at the beginning as a heading does, with no more than its place before it."""
    asked = "i" in letters or "V" in letters[: match.start()]
    return asked or "N" in match[0] or _HEADS.fullmatch(letters, 0, match.start()) is not None


def _numbered(sentence: Sentence, sheet: DraftIndex, match: re.Match[str]) -> str | None:
    """Before the old bearer of its number, "a new paragraph 8"; else after the paragraph that the sentence names."""
    for n in range(match.start(), len(sentence.tokens)):
        token = sentence.tokens[n]
        if token.kind == "number" and n == match.end():  # "a new paragraph 14", where the two are one word
            label = sheet.numbered("operative", token.value)
            if label and any(following.kind == "bis" for following in sentence.tokens[n + 1 : n + 2]):
                return label
            return sheet.before(label) if label else sheet.commitments[-1]
        if token.kind == "place":
            place = sentence.places[token.value]
            if place.labels:
                ahead = place.beside == "before" or (n <= match.end() and not place.beside)
                return sheet.before(place.labels[0]) if ahead else place.labels[-1]
            if place.missing and n <= match.end():
                return sheet.commitments[-1] if place.missing.startswith("OP") else sheet.last_recital
    named = [place for place in sentence.places if place.labels]
    if named:
        return named[0].labels[-1]
    part = next((place.part for place in sentence.places if place.part), None)
    return _end_of(part, sheet)


def _end_of(part: str | None, sheet: DraftIndex) -> str | None:
    if part == "preamble":
        return sheet.last_recital
    return sheet.commitments[-1] if part == "operative" else None


def _position(tokens: Sequence[Token], places: Sequence[Place], sheet: DraftIndex, start: int) -> str | None:
    """The paragraph that something comes to follow: "after paragraph 7", "before PP3", "at the end of the preamble"."""
    for n in range(start, len(tokens)):
        kind = tokens[n].kind
        if kind not in _POSITION and kind != "follow":
            continue
        place = next(
            (places[t.value] for t in tokens[max(0, n - 1) : n + 5] if t.kind == "place" and t.start > tokens[n].start),
            None,
        )
        again = _same_part(tokens[n + 1 : n + 4], places, sheet)
        if place is None and again is not None:
            return sheet.before(again) if kind == "before" else again
        if place is None and n and tokens[n - 1].kind == "place":
            place = places[tokens[n - 1].value]
        if place is None:
            continue
        found = _beside(kind, _as_before(place, places, sheet), sheet)
        if found is not None:
            return found
    return None


def _same_part(following: Sequence[Token], places: Sequence[Place], sheet: DraftIndex) -> str | None:
    """The paragraph that a bare ordinal names: "the ninth preambular paragraph before the eighth"."""
    ordinal = next((token.value for token in following if token.kind == "ordinal"), None)
    labels = next((place.labels for place in places if place.labels), ())
    part = next((place.part for place in places if place.part), None)
    if ordinal is None or not (labels or part):
        return None
    if labels:
        part = "operative" if labels[0] in sheet.commitments else "preamble"
    return sheet.numbered(part or "", ordinal)


def _as_before(place: Place, places: Sequence[Place], sheet: DraftIndex) -> Place:
    """A place without its part is in that of the first: "the seventh preambular paragraph after the second"."""
    first = places[0]
    named = first.labels[:1] or first.others[:1]
    if place is first or first.others or not named or not place.others:
        return place
    same = tuple(o for o in place.others if (o in sheet.preamble) == (named[0] in sheet.preamble))
    return replace(place, labels=same) if same and not set(place.labels) & set(same) else place


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


def _rest(sentence: Sentence) -> int | None:
    """Where the text begins that follows a colon at the end of what is asked."""
    for token in sentence.tokens:
        if token.kind == "colon" and len(sentence.text) - (token.end - sentence.tokens[0].start) > 25:
            return token.end - sentence.tokens[0].start
    return None


def intent(sentence: Sentence) -> str | None:
    """What a sentence asks for that changes no words."""
    if polarity.keeps(sentence.letters, sentence.denied):
        return "retain"
    return next((name for name in INTENTS if name in sentence.kinds), None)
