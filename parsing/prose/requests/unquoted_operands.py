"""Words that an act speaks of without quotation marks: "delete the word wild", "replace balanced by equitable"."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from parsing.model import Draft
from parsing.prose.lexicon.tokens import Token
from parsing.prose.requests.sentences import Sentence
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
_LONGEST = 16
"""Words of the draft that are named without quotation marks, at most."""


@dataclass(frozen=True, slots=True)
class _Words:
    """tokens[first:stop] are words that are spoken of."""

    first: int
    stop: int


def with_operands(sentence: Sentence, draft: Draft, labels: Sequence[str]) -> Sentence:
    """The sentence with the words that an act speaks of as quotations; itself where it has none, or all are quoted."""
    kinds = sentence.kinds
    if not kinds & {"delete", "replace", "substitute", "insert", "read", "arrow"}:
        return sentence
    out = _after_colon(sentence) or sentence
    roles: tuple[str, ...] = (*_OLD, *_NEW, "words")
    if "quote" in kinds and "words" not in kinds:
        roles = ("after", "before", "between")
    found = _operands(out, draft, labels, roles)
    return _replaced(out, found) if found else out


def _operands(sentence: Sentence, draft: Draft, labels: Sequence[str], roles: Sequence[str]) -> list[_Words]:
    """The words of each role; none at all where old words are not the draft's: it is no wording then."""
    tokens, out = sentence.tokens, list[_Words]()
    first_quote = next((n for n, token in enumerate(tokens) if token.kind == "quote"), len(tokens))
    n = 0
    while n < len(tokens):
        role = tokens[n].kind
        if role not in roles:
            n += 1
            continue
        behind = role in ("after", "before") or n <= first_quote
        before = _before(sentence, n, out[-1].stop if out else 0, draft, labels) if behind and role in _VERBS else None
        if before is not None:
            out.append(before)
        first, said = _start(tokens, n)
        if first >= len(tokens) or tokens[first].kind in (_ENDS if role == "arrow" else _BOUNDS):
            n = max(first, n + 1)
            continue
        found = None
        if role in _OLD or role == "words":
            found = _of_the_draft(sentence, first, draft, labels)
        at_edge = role == "insert" and not sentence.kinds.isdisjoint(("at_end", "at_start"))
        if found is None and role in _NEW and (said or out or at_edge):
            found = _new(tokens, first, _SIDE if role == "arrow" or at_edge else _ENDS if role == "insert" else _BOUNDS)
        if found is None and role in _OLD and said:
            return []
        if found is not None:
            out.append(found)
        n = found.stop if found is not None else n + 1
    return out


def _start(tokens: Sequence[Token], n: int) -> tuple[int, bool]:
    """Where the words begin, and whether "the words" announces them."""
    said, first = tokens[n].kind == "words", n + 1
    while first < len(tokens) and tokens[first].kind in _BETWEEN:
        said = said or tokens[first].kind == "words"
        first += 1
    return first, said


def _of_the_draft(
    sentence: Sentence, first: int, draft: Draft, labels: Sequence[str], end: int | None = None
) -> _Words | None:
    """The longest run of words from here, up to `end` if given, that is in a paragraph that is named."""
    if not labels:
        return None
    tokens, base = sentence.tokens, sentence.tokens[0].start
    word = sentence.text[tokens[first].start - base : tokens[first].end - base]
    officials = [official for label in labels if may_hold(word, official := draft.text(label))]
    if not officials:
        return None
    stops = range(min(len(tokens), first + _LONGEST), first, -1) if end is None else (end,)
    for stop in stops:
        if any(token.kind in ("quote", "place") for token in tokens[first:stop]):
            continue
        words = sentence.text[tokens[first].start - base : tokens[stop - 1].end - base]
        if len(words) < 3 or not words[-1].isalnum():
            continue
        if any(find(words, official, mistakes=False) for official in officials):
            return _Words(first, stop)
    return None


def _before(sentence: Sentence, n: int, start: int, draft: Draft, labels: Sequence[str]) -> _Words | None:
    """The words of the draft right before a verb, or 之后: "PP3: jeopardizes заменить на …"."""
    if not labels:
        return None
    tokens = sentence.tokens
    last = n
    while last > start and tokens[last - 1].kind in ("of", "be", "to_old"):
        last -= 1
    for first in range(max(start, last - _LONGEST), last):
        if tokens[first].kind in _BOUNDS_BEFORE:
            continue
        found = _of_the_draft(sentence, first, draft, labels, last)
        if found is not None and any(token.kind == "other" for token in tokens[first:last]):
            return found
    return None


def _new(tokens: Sequence[Token], first: int, bounds: Collection[str]) -> _Words | None:
    stop = first
    while stop < len(tokens) and tokens[stop].kind not in bounds:
        stop += 1
    while stop > first and tokens[stop - 1].kind in ("comma", "and", "of"):
        stop -= 1
    return _Words(first, stop) if stop > first else None


def _replaced(sentence: Sentence, found: Sequence[_Words]) -> Sentence:
    base, tokens, at = sentence.tokens[0].start, list[Token](), 0
    for words in found:
        tokens += sentence.tokens[at : words.first]
        start, end = sentence.tokens[words.first].start, sentence.tokens[words.stop - 1].end
        tokens.append(Token("quote", start, end, sentence.text[start - base : end - base]))
        at = words.stop
    return Sentence(sentence.text, (*tokens, *sentence.tokens[at:]), sentence.places)


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
    if any(token.kind in ("insert", "delete", "replace", "substitute") for token in tokens[colon:]):
        return None
    return _replaced(sentence, [_Words(colon + 1, len(tokens))])
