"""Words that an act speaks of without quotation marks: "delete the word wild", "replace balanced by equitable"."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from parsing.languages.tables import phrases, section
from parsing.model import Draft
from parsing.prose.lexicon.tokens import Token
from parsing.prose.requests.recased import recased
from parsing.prose.requests.remarks import says
from parsing.prose.requests.sentences import Sentence
from parsing.prose.signs import CHANGE, WISH
from parsing.text.phrases import folded, pattern_of
from parsing.text.search import find, may_hold

_OLD = ("delete", "replace", "substitute", "after", "before", "instead", "between")
_NEW = ("with", "weak_with", "insert", "read", "write", "arrow")
_VERBS = ("delete", "replace", "after", "before", "arrow", "read")
"""What may be behind the words."""
_BETWEEN = ("of", "colon", "words", "following", "be")
_BOUNDS = frozenset(
    ("with", "weak_with", "for", "instead", "insert", "delete", "replace", "read", "after", "before", "at_end",
     "at_start", "semicolon", "stop", "colon", "place", "sentence", "line", "so_that", "reason", "in_place", "quote",
     "substitute")
)  # fmt: skip
_BOUNDS_BEFORE = frozenset(("place", "colon", "semicolon", "stop", "quote", "sentence", "line", "comma", "dash"))
"""Words of the draft that are before a verb do not begin with these."""
_SIDE = frozenset(("semicolon", "stop", "quote", "place", "reason"))
"""New words behind an arrow end here."""
_ENDS = _BOUNDS - {"with", "weak_with", "for"}
"""New words end here."""
_ACRONYM = re.compile(r"\([A-Z]{2,}s?\)")
_LATIN = "\u024f"
"""The last letter of Latin script."""
_OF_THE_TEXT = CHANGE | WISH | {
    "paragraph", "recital", "operative", "preamble", "sentence", "line", "be", "pronoun", "same",
}  # fmt: skip
"""Kinds of words that speak of the text, and are no wording for it."""
_RATHER = frozenset(("suggest", "prefer", "write"))
"""Kinds of words behind which new words are proposed."""
_EDGES = frozenset(("comma", "semicolon", "stop", "dash"))
"""What parts them from what is said of the old ones."""
_SMALL = frozenset(("and", "of", "with", "for", "be", "pronoun"))
"""Kinds of words that are the draft's only where it is said that they are words."""
_LONGEST = 16
"""Words of the draft that are named without quotation marks, at most."""
_SHORTEST = 3
"""Characters of such words, at least."""


@dataclass(frozen=True, slots=True)
class _Words:
    """tokens[first:stop] are words that are spoken of."""

    first: int
    stop: int


def with_operands(sentence: Sentence, draft: Draft, labels: Sequence[str]) -> Sentence:
    """The sentence with the words that an act speaks of as quotations; itself where it has none, or all are quoted."""
    with_case = recased(sentence, draft, labels)
    if with_case is not sentence:
        return with_case
    rather = _Operands(sentence, draft, labels).rather()
    if rather:
        return _replaced(sentence, rather)
    kinds = sentence.kinds
    if not kinds & {"delete", "replace", "substitute", "insert", "read", "arrow", "followed"} and not (
        "write" in kinds and kinds & {"after", "before", "between"}
    ):
        return sentence
    out = _after_colon(sentence) or _with_acronym(sentence, draft)
    roles: tuple[str, ...] = (*_OLD, *_NEW, "words")
    if "quote" in kinds and "words" not in kinds:
        roles = ("after", "before", "between")
    found = _Operands(out, draft, labels).of(roles)
    return _replaced(out, found) if found else out


@dataclass(slots=True)
class _Operands:
    """The words that the acts of a sentence speak of, as they are found from left to right; `labels` are those of the
    paragraphs that they are looked for in.
    """

    sentence: Sentence
    draft: Draft
    labels: Sequence[str]
    found: list[_Words] = field(default_factory=list)
    officials: list[str] = field(init=False)
    first_quote: int = field(init=False)

    def __post_init__(self) -> None:
        tokens = self.sentence.tokens
        self.officials = [self.draft.text(label) for label in self.labels]
        self.first_quote = next((n for n, token in enumerate(tokens) if token.kind == "quote"), len(tokens))

    def of(self, roles: Collection[str]) -> list[_Words]:
        """The words of each role; none at all where old words are not the draft's: it is no wording then."""
        n: int | None = 0
        while n is not None and n < len(self.sentence.tokens):
            n = self._take(n) if self.sentence.tokens[n].kind in roles else n + 1
        return [] if n is None else self.found

    def rather(self) -> list[_Words]:
        """Words that do not do, and what is proposed for them: "insufficient is too soft, we would say far from so"."""
        tokens = self.sentence.tokens
        asked = next((n for n, token in enumerate(tokens) if token.kind in _RATHER), 0)
        edge = next((n for n in range(asked, 0, -1) if tokens[n].kind in _EDGES), 0)
        if not edge or "quote" in self.sentence.kinds or not says(self.sentence.text, "remarks.too"):
            return []
        first = 1 + max((n for n in range(edge) if tokens[n].kind in _BOUNDS_BEFORE), default=-1)
        old, new = self._of_the_draft(first), _new(tokens, asked + 1, _BOUNDS - {"with", "for"})
        if old is None or new is None or self._is_vague(new, "remarks.vague", "remarks.advice"):
            return []
        said = {token.kind for token in tokens[new.first : new.stop]}
        return [old, new] if said.isdisjoint(_OF_THE_TEXT) else []

    def _is_vague(self, words: _Words, *concepts: str) -> bool:
        """Whether words only tell what the new ones shall be about, or are in another script than the draft."""
        said = self._said(words.first, words.stop)
        foreign = not section("letters", self.draft.language) and any(c.isalpha() and c > _LATIN for c in said)
        return foreign or pattern_of(*concepts).match(folded(said)) is not None

    def _take(self, n: int) -> int | None:
        """Takes the words before and behind a word that has a role; where to go on, or None for no wording."""
        tokens = self.sentence.tokens
        role = tokens[n].kind
        self.found += self._before(n) if self._may_stand_before(n) else ()
        first, said = _start(tokens, n)
        if first >= len(tokens) or tokens[first].kind in (_ENDS if role == "arrow" else _BOUNDS):
            return max(first, n + 1)
        found = self._of_the_draft(first) if role in (*_OLD, "words") else None
        if found and not said and all(tokens[m].kind in _SMALL for m in range(found.first, found.stop)):
            found = None
        found = found or self._new(role, first, said=said)
        if found is None:
            return None if role in _OLD and said else n + 1
        if role in _NEW and self._is_vague(found, "remarks.vague"):
            return None
        self.found.append(found)
        return found.stop

    def _may_stand_before(self, n: int) -> bool:
        """Whether words may stand before a verb; what stands before "after" and "before" may be quoted."""
        role = self.sentence.tokens[n].kind
        return role in _VERBS and (n <= self.first_quote or role in ("after", "before"))

    def _new(self, role: str, first: int, *, said: bool) -> _Words | None:
        """New words, where they are announced, or old ones or an edge of the paragraph are named before them."""
        at_edge = role == "insert" and not self.sentence.kinds.isdisjoint(("at_end", "at_start"))
        if role not in _NEW or not (said or self.found or at_edge or self._is_title(role, first)):
            return None
        bounds = _SIDE if role == "arrow" or at_edge else _ENDS if role == "insert" else _BOUNDS
        return _new(self.sentence.tokens, first, bounds)

    def _is_title(self, role: str, first: int) -> bool:
        """Whether words begin as the title that is spoken of: "The title should read Kunming Declaration on …"."""
        title = self.draft.text(self.labels[0]) if tuple(self.labels) == ("title",) else ""
        stop = first + len(title.split())
        return role == "read" and bool(title) and stop <= len(self.sentence.tokens) and self._said(first, stop) == title

    def _of_the_draft(self, first: int, end: int | None = None) -> _Words | None:
        """The longest run of words from here, up to `end` if given, that is in a paragraph that is named."""
        tokens = self.sentence.tokens
        officials = self._may_hold(first)
        if not officials:
            return None
        for stop in range(min(len(tokens), first + _LONGEST), first, -1) if end is None else (end,):
            words = self._said(first, stop)
            named = any(token.kind in ("quote", "place") for token in tokens[first:stop])
            if named or len(words) < _SHORTEST or not words[-1].isalnum():
                continue
            if any(find(words, official, mistakes=False) for official in officials):
                return _Words(first, stop)
        return None

    def _may_hold(self, n: int) -> list[str]:
        """The paragraphs that may have a word."""
        return [official for official in self.officials if may_hold(self._said(n, n + 1), official)]

    def _said(self, first: int, stop: int) -> str:
        """The words of tokens as they are written."""
        tokens, base = self.sentence.tokens, self.sentence.start
        return self.sentence.text[tokens[first].start - base : tokens[stop - 1].end - base]

    def _before(self, n: int) -> list[_Words]:
        """The words of the draft right before a verb, or 之后: "PP3: jeopardizes заменить на …".

        Its commonest words are none that is spoken of: "we ask that it be deleted".
        """
        commonest = phrases("common", self.draft.language)
        tokens, last = self.sentence.tokens, n
        start = self.found[-1].stop if self.found else 0
        while last > start and tokens[last - 1].kind in ("of", "be", "to_old"):
            last -= 1
        if last == start or not self._may_hold(last - 1):
            return []
        for first in range(max(start, last - _LONGEST), last):
            words = self._of_the_draft(first, last) if tokens[first].kind not in _BOUNDS_BEFORE else None
            spoken = (token for token in tokens[first:last] if token.kind == "other" and token.word not in commonest)
            if words is not None and any(spoken):
                return [words]
        return []


def _start(tokens: Sequence[Token], n: int) -> tuple[int, bool]:
    """Where the words begin, and whether "the words" announces them."""
    said, first = tokens[n].kind == "words", n + 1
    while first < len(tokens) and tokens[first].kind in _BETWEEN:
        said = said or tokens[first].kind == "words"
        first += 1
    return first, said


def _new(tokens: Sequence[Token], first: int, bounds: Collection[str]) -> _Words | None:
    stop = first
    while stop < len(tokens) and tokens[stop].kind not in bounds:
        stop += 1
    while stop > first and tokens[stop - 1].kind in ("comma", "and", "of"):
        stop -= 1
    is_wording = any(token.kind not in _SMALL and token.kind != "comma" for token in tokens[first:stop])
    return _Words(first, stop) if is_wording else None


def _replaced(sentence: Sentence, found: Sequence[_Words]) -> Sentence:
    base, tokens, at = sentence.tokens[0].start, list[Token](), 0
    for words in found:
        tokens += sentence.tokens[at : words.first]
        start, end = sentence.tokens[words.first].start, sentence.tokens[words.stop - 1].end
        tokens.append(Token("quote", start, end, sentence.text[start - base : end - base]))
        at = words.stop
    return Sentence(sentence.text, (*tokens, *sentence.tokens[at:]), sentence.places)


def _with_acronym(sentence: Sentence, draft: Draft) -> Sentence:
    """The sentence with an acronym in brackets that shall be behind what it quotes: "add the acronym, (OECMs)"."""
    tokens = sentence.tokens
    if len(sentence.quotes) != 1 or sentence.kinds.isdisjoint(("insert", "write", "followed")):
        return sentence
    for n in range(2, len(tokens)):
        if [token.kind for token in tokens[n - 2 : n + 1]] == ["open", "other", "close"]:
            said = sentence.text[tokens[n - 2].start - sentence.start : tokens[n].end - sentence.start]
            known = any(said[1:-1] in paragraph.text for paragraph in draft.paragraphs)
            if _ACRONYM.fullmatch(said) and not known:
                put = tuple(token._replace(kind="insert") if token.kind == "write" else token for token in tokens)
                return _replaced(replace(sentence, tokens=put), [_Words(n - 2, n + 1)])
    return sentence


def _after_colon(sentence: Sentence) -> Sentence | None:
    """New words that follow a colon to the sentence's end: "at the end add: and inland waters"."""
    tokens = sentence.tokens
    colon = next((n for n in range(len(tokens) - 1, 0, -1) if tokens[n].kind == "colon"), 0)
    if not colon or colon + 1 >= len(tokens):
        return None
    before = {token.kind for token in tokens[:colon]}
    if any(token.kind == "quote" for token in tokens[colon:]) or not before & {"insert", "with", "read"}:
        return None
    if not (before & {"quote", "at_end", "at_start"}) and not ("read" in before and "place" in before):
        return None
    return _replaced(sentence, [_Words(colon + 1, len(tokens))])
