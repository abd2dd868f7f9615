"""The places that a sentence names: numbers and ordinals, openers, topics, the title, the closing bracket."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from parsing.draft_index import DraftIndex, index_of
from parsing.model import Draft
from parsing.prose.lexicon.detect_language import language_of
from parsing.prose.lexicon.lexicon import lexicon
from parsing.prose.lexicon.order import one_of, order_of
from parsing.prose.lexicon.tokens import Token, tokens
from parsing.prose.references.by_number import by_number
from parsing.prose.references.by_opening_words import by_opener
from parsing.prose.references.reference import NOUN, NOUNS, NUMBERS, OF, Line, Place
from parsing.text.phrases import pattern_of

_SPECIAL = ("title", "subtitle", "opening", "chapeau", "declare", "closing")
NAMING = frozenset((*NOUNS, *_SPECIAL, "beginning_with"))
"""No place is without a token of these kinds."""
_BEGINS = re.compile(
    rf"{one_of(*NOUNS, *NUMBERS, *_SPECIAL, 'number_mark', 'beginning_with')}|{one_of('other', 'quote')}(?={NOUN})"
)
"""Where a place may begin; other words than those of places begin one before a noun alone."""
_WHOLE = frozenset(("new_paragraph", "new", "move", "follow"))
"""Where one of these is, a whole paragraph is spoken of."""
_ENDS = frozenset(("stop", "semicolon"))
"""Behind one of these another part of the text may be spoken of."""
_NUMBER = one_of("number", "ordinal")
_NUMBERS = rf"{_NUMBER}(?:{one_of('and', 'of')}*{_NUMBER})*"
_BARE = re.compile(
    rf"{_NUMBERS}(?={one_of('and', 'comma', 'colon', 'close', 'delete', 'insert', 'after', 'before')})"
    rf"|(?<!^)(?<!{one_of('stop')}){_NUMBERS}(?=$|{one_of('stop', 'semicolon', 'quote', 'open')})"
)
"""As in "a new paragraph after 7, which says: …", "with regard to 9, …"; "after 3 months" is not set off."""
_OF_LINE = re.compile(rf"{one_of('line', 'sentence')}{OF}$")
_BESIDE = re.compile(rf"{one_of('after', 'before', 'between', 'follow')}{one_of('of', 'range')}*$")
_BEGINS_CLAUSE = re.compile(rf"(?:^|{one_of('stop', 'semicolon', 'colon', 'quote')}){one_of('and', 'of', 'to_old')}*$")
_PRECEDING = re.compile(
    rf"(?<!{one_of('insert')}{OF})(?<!{one_of('following')}){one_of('paragraph')}{one_of('other', 'cardinal')}?"
    rf"{one_of('paragraph')}?{one_of('before')}{OF}*$"
)
"""As in "the paragraph immediately before OP7", "the paragraph two before OP7"; not what is put there."""
_NEAR = 6
"""Tokens before a number that are looked at."""


def places_of(text: str, draft: Draft) -> tuple[str, ...]:
    """The labels that a heading or a cell names, in order, each once; () where it names none."""
    sheet = index_of(draft)
    for name in language_of(text):
        found = tokens(text, lexicon(name))
        labels = dict.fromkeys(label for place in read_places(found, sheet) for label in place.labels)
        if labels:
            return tuple(labels)
    return ()


@dataclass(slots=True)
class _Around:
    """What is around a place: the part of the text that a heading above names, the one that the line has named last,
    and whether a whole paragraph is spoken of.
    """

    part: str | None
    here: str | None = None
    whole: bool = False

    def names(self, place: Place, found: Sequence[Token], sheet: DraftIndex) -> None:
        if place.labels and any(token.kind in ("ordinal", "preamble", "operative") for token in found):
            self.here = "preamble" if place.labels[0] in sheet.preamble else "operative"
        if place.part and not place.labels:  # "PREAMBLE: delete paragraph 4"
            self.part = place.part


def read_places(found: Sequence[Token], sheet: DraftIndex, part: str | None = None) -> list[Place]:
    """The places that tokens name, in order. `part` is the part of the text that a heading above names."""
    out: list[Place] = []
    kinds = [token.kind for token in found]
    line = Line(found, order_of(kinds), sheet)
    around = _Around(part, whole=not _WHOLE.isdisjoint(kinds))
    ends = list(accumulate(kind in _ENDS for kind in kinds))
    stop = 0
    for n in (beginning.start() for beginning in _BEGINS.finditer(line.order)):
        same = n >= stop and ends[n] == ends[max(0, stop - 1)]
        place = _place_at(line, n, around, same=same) if n >= stop else None
        if place is not None:
            out.append(place if around.whole else _preceding(line, place))
            stop = place.stop
            around.names(place, found[n:stop], sheet)
    return out


def _place_at(line: Line, n: int, around: _Around, *, same: bool) -> Place | None:
    """The place that begins here; `same` where no sentence has ended since the last one."""
    near = around.here or around.part
    place = _place(line, n, near if around.whole and same else around.part)
    if place is not None:
        return place
    forms = (_OF_LINE, *([_BESIDE] if around.whole else [_BEGINS_CLAUSE] if near else []))
    behind = any(form.search(line.order, max(0, n - _NEAR), n) for form in forms)
    return _bare(line, n, near or "operative") if behind or _leads(line.tokens, n) else None


def _place(line: Line, n: int, part: str | None) -> Place | None:
    """A place that is named by a word of its own, by its opening words, or by number with a noun."""
    kind = line.tokens[n].kind
    if kind not in _SPECIAL:
        return by_opener(line, n) or by_number(line, n, part)
    declare = line.sheet.preamble[-1] if line.sheet.preamble else ""
    label = {"chapeau": "commit", "closing": "note", "declare": declare}.get(kind, kind)
    return Place(n, n + 1, (label,)) if label in line.sheet.order else None


def _preceding(line: Line, place: Place) -> Place:
    """The paragraph that is named by the one behind it, as in "the paragraph two before OP7"; else the place itself."""
    found = _PRECEDING.search(line.order, max(0, place.first - _NEAR), place.first)
    if found is None or not place.labels:
        return place
    steps = next((token.value for token in line.tokens[found.start() : found.end()] if token.kind == "cardinal"), 1)
    return replace(place, first=found.start(), labels=(line.sheet.before(place.labels[0], steps),))


def _leads(found: Sequence[Token], n: int) -> bool:
    """Whether a sentence begins so that a number alone says what it is about: "With regard to 9, …"."""
    first = next((at + 1 for at in range(n - 1, max(-1, n - _NEAR), -1) if found[at].kind == "stop"), 0)
    if n - first > _NEAR:
        return False
    said = [" ".join(token.word for token in found[first:stop]) for stop in (n, n - 1)]
    about = pattern_of("remarks.about")
    return any(about.fullmatch(words) for words in (*said, said[0].replace(" ", "")))  # Chinese parts no words


def _bare(line: Line, n: int, part: str) -> Place | None:
    """Numbers without a noun, as paragraphs of a part."""
    found = line.match(_BARE, n)
    if found is None:
        return None
    counts = [token.value for token in line.tokens[n : found.end()] if token.kind in NUMBERS]
    labels = [label for count in counts if (label := line.sheet.numbered(part, count))]
    return Place(n, found.end(), tuple(labels)) if len(labels) == len(counts) else None
