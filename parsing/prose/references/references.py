"""The places that a sentence names: numbers and ordinals, openers, topics, the title, the closing bracket."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from parsing.draft_index import DraftIndex, index_of
from parsing.model import Draft
from parsing.prose.lexicon.detect_language import language_of
from parsing.prose.lexicon.lexicon import lexicon
from parsing.prose.lexicon.tokens import Token, tokens
from parsing.prose.references.by_number import by_number
from parsing.prose.references.by_opening_words import by_opener
from parsing.prose.references.reference import NOUNS, NUMBERS, Place
from parsing.text.phrases import pattern_of

_SPECIAL = ("title", "subtitle", "opening", "chapeau", "declare", "closing")
_BEGIN = frozenset((*NOUNS, *NUMBERS, *_SPECIAL, "number_mark", "beginning_with", "new_paragraph"))
_WHOLE = frozenset(("new_paragraph", "new", "move", "follow"))
"""Where one of these is, a whole paragraph is spoken of."""
_LED = 6
"""Tokens before a number that the sentence is about, at most: "With regard to 9, …"."""
_ASIDE = frozenset(("comma", "open", "of", "with", "cardinal", "other", "words", "beginning_with", "paragraph"))
"""Kinds of words between a paragraph and what names it again: ", the one with"."""
_BEGINS = frozenset(("stop", "semicolon", "quote", "delete", "comma", "and"))
"""Kinds of tokens behind which an ordinal alone may name a paragraph."""
_SET_OFF_OR_ASKED = frozenset((
    "comma", "colon", "semicolon", "stop", "and", "delete", "insert", "replace", "substitute", "after", "before",
    "between", "with", "write", "read",
))  # fmt: skip
"""Kinds of tokens that are no noun which an ordinal before them could count."""
_SET_OFF = frozenset(("and", "comma", "colon", "stop", "semicolon", "quote", "open", "close"))
_ENDS = frozenset(("stop", "semicolon"))
"""Behind one of these another part of the text may be spoken of."""
NAMING = frozenset((*NOUNS, *_SPECIAL, "beginning_with"))
"""No place is without a token of these kinds."""


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
    the one whose paragraphs it has counted, and whether a whole paragraph is spoken of.
    """

    part: str | None
    here: str | None = None
    counted: str | None = None
    whole: bool = False

    def names(self, place: Place, found: Sequence[Token], sheet: DraftIndex) -> None:
        if place.labels and any(token.kind == "ordinal" for token in found):
            self.counted = "preamble" if place.labels[0] in sheet.preamble else "operative"
        self.here = next((token.kind for token in found if token.kind in ("preamble", "operative")), self.here)
        if place.part and not place.labels:  # "PREAMBLE: delete paragraph 4"
            self.part = place.part


def read_places(found: Sequence[Token], sheet: DraftIndex, part: str | None = None) -> list[Place]:
    """The places that tokens name, in order. `part` is the part of the text that a heading above names."""
    out: list[Place] = []
    around = _Around(part, whole=not _WHOLE.isdisjoint([token.kind for token in found]))
    ends = list(accumulate(token.kind in _ENDS for token in found))
    stop = 0
    for n in _beginnings(found):
        same = n >= stop and ends[n] == ends[max(0, stop - 1)]
        place = _place_at(found, n, sheet, around, same=same) if n >= stop else None
        if place is not None:
            out.append(place)
            stop = place.stop
            around.names(place, found[n:stop], sheet)
    again = {id(place) for place, following in pairwise(out) if _is_named_again(found, place, following)}
    return [place for place in out if id(place) not in again]


def _place_at(found: Sequence[Token], n: int, sheet: DraftIndex, around: _Around, *, same: bool) -> Place | None:
    """The place that begins here; `same` where no sentence has ended since the last one."""
    part, near = around.part, around.here or around.part
    if around.whole:
        place = _place(found, n, sheet, near if same else part) or _bare_number(found, n, sheet, around)
        return place or _numbers_beside(found, n, sheet, near)
    place = _preceding(found, n, sheet, part) or _place(found, n, sheet, part) or _bare_number(found, n, sheet, around)
    return place or _goes_on(found, n, sheet, part or around.counted)


def _is_named_again(found: Sequence[Token], place: Place, following: Place) -> bool:
    """Whether a paragraph that was counted from the end is named again right behind it: "the last preambular
    paragraph, the one with We declare".
    """
    if place.beside != "last" or not following.labels or following.labels == place.labels:
        return False
    between = [token.kind for token in found[place.stop : following.first]]
    told = all(token.kind not in NUMBERS for token in found[following.first : following.stop])
    aside = between[:1] in (["comma"], ["open"]) and set(between) <= _ASIDE
    return told and aside


def _bare_number(found: Sequence[Token], n: int, sheet: DraftIndex, around: _Around) -> Place | None:
    """A number that begins a sentence of a line that has named its part: "Commitments: 2, add …. 10, delete …"; one
    that the sentence is about: "With regard to 9, …"; or an ordinal that begins a line below a heading: "6th: delete".
    """
    after = n + 1
    while after < len(found) and found[after].kind == "ordinal_suffix":
        after += 1
    if after >= len(found) or found[after].kind not in ("comma", "colon", "close"):
        return None
    own = _part_of_number(found[: after + 1], n, around)
    label = sheet.numbered(own, found[n].value) if own else None
    return Place(n, after, (label,)) if label else None


def _part_of_number(found: Sequence[Token], n: int, around: _Around) -> str | None:
    """The part of the text of which a number alone names a paragraph; None where it names none."""
    number = found[n].kind == "number"
    if n > 1 and number and found[n - 1].kind == "of" and found[n - 2].kind in ("line", "sentence"):
        return around.part or "operative"  # "last line of 13, …"
    if found[n].kind in ("number", "ordinal") and _leads(found, n):
        return around.here or around.part or "operative"
    if n > 0 and around.here and number and found[n - 1].kind in ("colon", "stop", "semicolon"):
        return around.here
    ordinal = found[n].kind == "ordinal" or (number and len(found) > n + 2)
    return around.part if n == 0 and ordinal else None


def _goes_on(found: Sequence[Token], n: int, sheet: DraftIndex, part: str | None) -> Place | None:
    """An ordinal that goes on counting the paragraphs of a part: "In the second, …", "“A” in the eighth", "The tenth:
    …". With a noun of its own it counts something else.
    """
    if part is None or found[n].kind not in ("ordinal", "number"):
        return None
    back, after = n - 1, n + 1
    while back >= 0 and found[back].kind in ("of", "to_old"):
        back -= 1
    while after < len(found) and found[after].kind == "ordinal_suffix":
        after += 1
    begins = back < 0 or found[back].kind in _BEGINS
    behind = found[after].kind if after < len(found) else "stop"
    counts = found[n].kind == "ordinal" or after > n + 1
    told = behind in _SET_OFF_OR_ASKED or (behind == "other" and back >= 0 and found[back].kind == "quote")
    label = sheet.numbered(part, found[n].value) if counts and begins and told else None
    return Place(n, after, (label,)) if label else None


def _leads(found: Sequence[Token], n: int) -> bool:
    """Whether a sentence begins so that a number alone says what it is about: "With regard to 9, …"."""
    first = next((at + 1 for at in range(n - 1, max(-1, n - _LED), -1) if found[at].kind == "stop"), 0)
    if n - first > _LED:
        return False
    last = n - 1 if n - first > 1 and found[n - 1].kind == "of" else n
    said = [" ".join(token.word for token in found[first:stop]) for stop in (n, last)]
    about = pattern_of("remarks.about")
    return any(about.fullmatch(words) for words in (*said, said[0].replace(" ", "")))  # Chinese parts no words


def _numbers_beside(found: Sequence[Token], n: int, sheet: DraftIndex, part: str | None) -> Place | None:
    """Numbers alone, next to which a whole paragraph shall be: "a new paragraph after 7, which says: …", "entre el 5
    y el 6". They are set off, where "after 3 months" is not.
    """
    before = (token.kind for token in reversed(found[:n]) if token.kind not in ("of", "range"))
    if next(before, None) not in ("after", "before", "between", "follow"):
        return None
    labels, stop = list[str](), n
    for at in range(n, len(found)):
        if found[at].kind in ("number", "ordinal") and (label := sheet.numbered(part or "operative", found[at].value)):
            labels, stop = [*labels, label], at + 1
        elif found[at].kind not in ("and", "of"):
            break
    set_off = stop == len(found) or found[stop].kind in _SET_OFF
    return Place(n, stop, tuple(labels)) if labels and set_off else None


def _preceding(found: Sequence[Token], n: int, sheet: DraftIndex, part: str | None) -> Place | None:
    """As in "the paragraph preceding OP7" or "the paragraph two before OP7", where nothing is put there: "insert the
    following paragraph before OP7".
    """
    if found[n].kind != "paragraph" or not _is_named_already(found, n):
        return None
    steps, at = _steps_back(found, n + 1)
    kinds = [token.kind for token in found[at : at + 2]]
    if "before" not in kinds or kinds[0] not in ("before", "other"):
        return None
    named = range(at + kinds.index("before") + 1, len(found))
    place = next((_place(found, m, sheet, part) for m in named if found[m].kind != "of"), None)
    if place is None or len(place.labels) != 1:
        return None
    return Place(n, place.stop, (sheet.before(place.labels[0], steps),))


def _is_named_already(found: Sequence[Token], n: int) -> bool:
    """Whether an article is before the paragraph ("the paragraph"), and no word that puts it there."""
    told = (token.kind for token in reversed(found[:n]) if token.kind not in ("of", "other", "following"))
    return next(told, None) != "insert"


def _steps_back(found: Sequence[Token], at: int) -> tuple[int, int]:
    """How many paragraphs one goes back, one unless it is said ("two", "three paragraphs"), and where that ends."""
    if at == len(found) or found[at].kind != "cardinal":
        return 1, at
    counted = at + 1 < len(found) and found[at + 1].kind == "paragraph"
    return found[at].value, at + (2 if counted else 1)


def _beginnings(found: Sequence[Token]) -> list[int]:
    """Where a place may begin: other words than those of places begin one before a noun alone."""
    out: list[int] = []
    last = ""
    for n, token in enumerate(found):
        kind = token.kind
        if kind in _BEGIN or (kind == "quote" and n < 2):
            if kind in NOUNS and last in ("other", "quote"):
                out.append(n - 1)
            out.append(n)
        last = kind
    return out


def _place(found: Sequence[Token], n: int, sheet: DraftIndex, part: str | None) -> Place | None:
    token = found[n]
    if token.kind in _SPECIAL:
        return _special(found, n, sheet)
    opener = by_opener(found, n, sheet)
    if opener is not None:
        return opener
    if token.kind in NOUNS or token.kind in NUMBERS or token.kind == "number_mark":
        return by_number(found, n, sheet, part)
    return None


def _special(found: Sequence[Token], n: int, sheet: DraftIndex) -> Place | None:
    kind = found[n].kind
    label = {"chapeau": "commit", "closing": "note", "declare": sheet.preamble[-1] if sheet.preamble else ""}.get(
        kind, kind
    )
    return Place(n, n + 1, (label,)) if label in sheet.order else None
