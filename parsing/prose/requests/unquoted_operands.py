"""Words that an act speaks of without quotation marks: "delete the word wild", "replace balanced by equitable"."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from parsing.languages.tables import phrases, section
from parsing.model import Draft
from parsing.prose.lexicon.tokens import Token
from parsing.prose.requests.sentences import Sentence
from parsing.text.phrases import folded, pattern_of
from parsing.text.search import find, may_hold

_ASKS = frozenset(("delete", "replace", "substitute", "insert", "read", "arrow", "followed"))
_BESIDE = frozenset(("after", "before", "between"))
_OLD = ("delete", "replace", "substitute", "instead", *_BESIDE)
_NEW = ("with", "weak_with", "insert", "read", "write", "arrow")
_VERBS = ("delete", "replace", "after", "before", "arrow", "read")
"""What may be behind the words."""
_BETWEEN = ("of", "colon", "words", "following", "be")
_ENDS = frozenset((
    "semicolon", "stop", "quote", "place", "reason", "instead", "insert", "delete", "replace", "read", "after",
    "before", "at_end", "at_start", "colon", "sentence", "line", "so_that", "in_place", "substitute",
))  # fmt: skip
"""Words end here; new ones that replace others may hold "with" and "for"."""
_NO_BEGINNING = _ENDS | {"comma", "dash"}
_LATIN = "\u024f"
"""The last letter of Latin script."""
_SMALL = frozenset(("and", "of", "with", "for", "be", "pronoun"))
"""Kinds of words that are the draft's only where it is said that they are words."""
_LONGEST = 16
"""Words of the draft that are named without quotation marks, at most."""
_SHORTEST = 3
"""Characters of such words, at least."""


def with_operands(sentence: Sentence, draft: Draft, labels: Sequence[str]) -> Sentence:
    """The sentence with the words that an act speaks of as quotations; itself where it has none, or all are quoted."""
    kinds = sentence.kinds
    if kinds.isdisjoint(_ASKS) and not ("write" in kinds and kinds & _BESIDE):
        return sentence
    quoted = "quote" in kinds and "words" not in kinds
    found = _Operands(sentence, draft, labels).of(_BESIDE if quoted else (*_OLD, *_NEW, "words"))
    return _replaced(sentence, found) if found else sentence


@dataclass(slots=True)
class _Operands:
    """The words that the acts of a sentence speak of, as ranges of its tokens, as they are found from left to right;
    `labels` are those of the paragraphs that they are looked for in.
    """

    sentence: Sentence
    draft: Draft
    labels: Sequence[str]
    found: list[range] = field(default_factory=list)

    def of(self, roles: Collection[str]) -> list[range]:
        """The words of each role; none at all where old words are not the draft's: it is no wording then."""
        n: int | None = 0
        while n is not None and n < len(self.sentence.tokens):
            n = self._take(n) if self.sentence.tokens[n].kind in roles else n + 1
        return [] if n is None else self.found

    def _take(self, n: int) -> int | None:
        """Takes the words before and behind a word that has a role; where to go on, or None for no wording."""
        tokens = self.sentence.tokens
        role = tokens[n].kind
        self.found += self._before(n) if role in _VERBS else ()
        first = next((m for m in range(n + 1, len(tokens)) if tokens[m].kind not in _BETWEEN), len(tokens))
        said = any(token.kind == "words" for token in tokens[n:first])  # "the words" announces them
        if first >= len(tokens) or tokens[first].kind in _ENDS:
            return max(first, n + 1)
        found = self._of_the_draft(first) if role in (*_OLD, "words") else None
        if found and not said and all(tokens[m].kind in _SMALL for m in found):
            found = None
        found = found or self._new(role, first, said=said)
        if found is None:
            return None if role in _OLD and said else n + 1
        if role in _NEW and self._is_vague(found):
            return None
        self.found.append(found)
        return found.stop

    def _new(self, role: str, first: int, *, said: bool) -> range | None:
        """New words, where they are announced, or old ones or an edge of the paragraph are named before them."""
        at_edge = role == "insert" and not self.sentence.kinds.isdisjoint(("at_end", "at_start"))
        if role not in _NEW or not (said or self.found or at_edge):
            return None
        tokens = self.sentence.tokens
        stop = next((n for n in range(first, len(tokens)) if tokens[n].kind in _ENDS), len(tokens))
        is_wording = any(token.kind not in _SMALL and token.kind != "comma" for token in tokens[first:stop])
        return range(first, stop) if is_wording else None

    def _is_vague(self, words: range) -> bool:
        """Whether words only tell what the new ones shall be about, or are in another script than the draft."""
        said = self._said(words)
        foreign = not section("letters", self.draft.language) and any(c.isalpha() and c > _LATIN for c in said)
        return foreign or pattern_of("remarks.vague").match(folded(said)) is not None

    def _of_the_draft(self, first: int, end: int | None = None) -> range | None:
        """The longest run of words from here, up to `end` if given, that is in a paragraph that is named."""
        tokens = self.sentence.tokens
        word = self._said(range(first, first + 1))
        officials = [text for text in map(self.draft.text, self.labels) if may_hold(word, text)]
        stops = range(min(len(tokens), first + _LONGEST), first, -1) if end is None else (end,)
        for words in (range(first, stop) for stop in stops if officials):
            said = self._said(words)
            named = any(tokens[n].kind in ("quote", "place") for n in words)
            if named or len(said) < _SHORTEST or not said[-1].isalnum():
                continue
            if any(find(said, official, mistakes=False) for official in officials):
                return words
        return None

    def _said(self, words: range) -> str:
        """Words as they are written."""
        tokens, base = self.sentence.tokens, self.sentence.start
        return self.sentence.text[tokens[words.start].start - base : tokens[words.stop - 1].end - base]

    def _before(self, n: int) -> list[range]:
        """The words of the draft right before a verb, or 之后: "PP3: jeopardizes заменить на …".

        Its commonest words are none that is spoken of: "we ask that it be deleted".
        """
        tokens, last = self.sentence.tokens, n
        start = self.found[-1].stop if self.found else 0
        while last > start and tokens[last - 1].kind in ("of", "be", "to_old"):
            last -= 1
        commonest = phrases("common", self.draft.language)
        end = self._said(range(last - 1, last))
        held = any(may_hold(end, text) for text in map(self.draft.text, self.labels))
        for first in range(max(start, last - _LONGEST), last if held else 0):
            spoken = (t for t in tokens[first:last] if t.kind == "other" and t.word not in commonest)
            words = self._of_the_draft(first, last) if tokens[first].kind not in _NO_BEGINNING else None
            if words is not None and any(spoken):
                return [words]
        return []


def _replaced(sentence: Sentence, found: Sequence[range]) -> Sentence:
    base, tokens, at = sentence.tokens[0].start, list[Token](), 0
    for words in found:
        tokens += sentence.tokens[at : words.start]
        start, end = sentence.tokens[words.start].start, sentence.tokens[words.stop - 1].end
        tokens.append(Token("quote", start, end, sentence.text[start - base : end - base]))
        at = words.stop
    return Sentence(sentence.text, (*tokens, *sentence.tokens[at:]), sentence.places)
