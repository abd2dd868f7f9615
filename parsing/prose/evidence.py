"""What a sentence asks for by what it quotes, whatever its verb.

Words that stand in the paragraph are old ones, or show the place; words that do not are new. A few words of place and
of order say how they are put together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from parsing.draft_index import DraftIndex, words_of
from parsing.model import Draft
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import Place
from parsing.prose.requests.frames import Act
from parsing.prose.requests.sentences import Sentence
from parsing.prose.resolve.resolve import Where
from parsing.text.search import find
from parsing.text.splice import carries_on
from parsing.text.words import similarity

_HOLDING = frozenset((
    "oppose", "retain", "reserve", "reported", "wished", "retract", "concede", "worry", "condition", "support",
    "bracket", "brackets", "split", "merge",
))  # fmt: skip
"""Kinds of words by which a sentence may ask for nothing: what it quotes is then for a person to weigh."""
_VERBS = frozenset(("replace", "substitute", "delete", "insert", "move"))
"""Verbs that a negation refuses; without one "not “A” but “B”" exchanges words."""
_EXCHANGING = frozenset(("replace", "substitute", "with", "instead", "in_place", "read", "arrow", "negation"))
_BESIDE = frozenset(("after", "before", "between", "follow", "follow_up", "new", "new_paragraph", "bis"))
"""Kinds of words that set a new paragraph beside others."""
_ELSE = frozenset(("insert", "replace", "substitute", "read", "write", "move", "after", "before", "between", "reason"))
"""Kinds of words by which something else is asked for than that words go."""
_LITTLE = 4
_HOLDS, _EXCHANGED = "the new words hold the old ones", "words are exchanged"
_PLAIN = (_HOLDS, _EXCHANGED)
"""Right in 35 of 35 sentences of 193 mails, of which 40 were not seen before: such an edit is sure."""
_FEWEST = 6
"""A paragraph has at least so many words."""
_LIKE = 0.4
"""New words so like the paragraph are its new wording; others are a paragraph of their own."""


class Request(NamedTuple):
    """An act for what is quoted, where it is to be looked for, and what makes it likely."""

    act: Act
    where: Where
    why: str
    plain: bool = False
    """It is all that the sentence quotes and names, and put together in the one way that it can be."""


@dataclass(slots=True)
class _Group:
    """Words that are quoted in one stretch of a sentence, the paragraphs that it names, and the kinds of its tokens."""

    places: list[Place] = field(default_factory=list)
    quotes: list[Token] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    said: int = 0
    """How many words it has that mean nothing to the reader."""
    wished: bool = False
    """Whether the sentence says that something should be so."""
    alone: bool = True
    """Nothing that it quotes is accounted for already."""

    def where(self, default: Where) -> Where:
        labels = tuple(dict.fromkeys(label for place in self.places for label in place.labels))
        others = tuple(dict.fromkeys(label for place in self.places for label in place.others))
        return Where(labels, others) if labels or others else default


def requests_in(
    sentence: Sentence,
    default: Where,
    draft: Draft,
    spoken: Token | None,
    taken: Sequence[Token] = (),
    *,
    wished: bool = False,
) -> Iterator[Request]:
    """What the quoted words ask for. An act of kind "add" asks for a paragraph after the one that is named.

    `spoken` are the words that the sentence before quoted, `taken` those that are accounted for already; `wished` says
    that the sentence wishes for something.
    """
    refused = "negation" in sentence.kinds and not sentence.kinds.isdisjoint(_VERBS)
    if refused or not sentence.kinds.isdisjoint(_HOLDING):
        return
    groups = _groups(sentence, taken)
    for group in groups:
        where, group.wished = group.where(default), wished
        for act, why in _acts(group, where, draft, spoken):
            plain = len(groups) == 1 and len(where.labels) == 1 and not taken and why in _PLAIN
            yield Request(act, where, why, plain and _is_one_request(sentence, where))


def _is_one_request(sentence: Sentence, where: Where) -> bool:
    """Whether a sentence names no other paragraph and asks nothing."""
    named = {label for place in sentence.named for label in place.labels}
    return named <= set(where.labels) and not sentence.text.rstrip().endswith(("?", "？", "؟"))


def _groups(sentence: Sentence, taken: Sequence[Token]) -> list[_Group]:
    """The stretches of a sentence: a place that follows quoted words begins a new one, or ends the last."""
    out = [_Group()]
    for token in sentence.tokens:
        place = sentence.places[token.value] if token.kind == "place" else None
        if place is not None and (place.labels or place.others):
            if out[-1].quotes:
                out.append(_Group())
            out[-1].places.append(place)
        elif token.kind == "quote":
            out[-1].alone = out[-1].alone and token not in taken
            out[-1].quotes += [token] * (token not in taken)
        out[-1].kinds.add(token.kind)
        out[-1].said += token.kind == "other"
    if len(out) > 1 and not out[-1].quotes and not out[-2].places:
        behind = out.pop()
        out[-1].places += behind.places
        out[-1].kinds |= behind.kinds
        out[-1].said += behind.said
    return [group for group in out if group.quotes]


def _acts(group: _Group, where: Where, draft: Draft, spoken: Token | None) -> list[tuple[Act, str]]:
    """The acts of one stretch; none where its words may be put together in several ways."""
    old: list[Token] = []
    new: list[Token] = []
    for token in group.quotes:
        (old if _stands(token.word, where, draft) else new).append(token)
    found: list[tuple[Act, str]] = []
    match (len(old), len(new)):
        case (0, 1) if spoken is not None and _stands(spoken.word, where, draft):
            found = [(_act("replace", old=spoken, new=new[0]), "the sentence before quotes words of the draft")]
        case (1, 1) if is_paragraph(new[0].word) and not is_paragraph(old[0].word):
            found = _new_alone(new[0], group.kinds, _holding(old[0].word, where, draft), draft)
        case (1, 1):
            found = [_one_of_each(old[0], new[0], group.kinds)]
        case (2, 1):
            found = _two_old(old, new[0], group.kinds)
        case (2, 0):
            found = _shortened(old)
        case (2, 2) if [token in old for token in group.quotes] == [True, False, True, False]:
            pairs = zip(old, new, strict=True)
            found = [(_act("replace", old=a, new=b), "old words and new ones in turn") for a, b in pairs]
        case (1, 0) if group.alone:
            found = _old_alone(old[0], group)
        case (0, 1):
            found = _new_alone(new[0], group.kinds, where, draft)
    return found


def _stands(words: str, where: Where, draft: Draft) -> bool:
    """Whether words stand where they are looked for; in the whole draft where no paragraph is named."""
    labels = (*where.labels, *where.others) or tuple(paragraph.label for paragraph in draft.paragraphs)
    return any(find(words, draft.text(label), mistakes=False) for label in labels)


def _holding(words: str, where: Where, draft: Draft) -> Where:
    """The paragraphs, of those where words are looked for, that hold them."""
    labels = (*where.labels, *where.others) or tuple(paragraph.label for paragraph in draft.paragraphs)
    return Where(tuple(label for label in labels if find(words, draft.text(label), mistakes=False)))


def _one_of_each(old: Token, new: Token, kinds: set[str]) -> tuple[Act, str]:
    """Words of the draft and new ones."""
    if set(words_of(old.word)) <= set(words_of(new.word)):
        return _act("replace", old=old, new=new), _HOLDS
    if not kinds.isdisjoint(("before", "preceded")):
        return _act("insert", "before", new=new, beside=old), "the new words stand before those of the draft"
    if new.word.lstrip()[:1] == "," or (carries_on(new.word) and not carries_on(old.word)):
        return _act("insert", "after", new=new, beside=old), "the new words carry on those of the draft"
    if not kinds.isdisjoint(_EXCHANGING):
        return _act("replace", old=old, new=new), _EXCHANGED
    if not kinds.isdisjoint(("after", "followed", "follow_up", "insert", "rest_after")):
        return _act("insert", "after", new=new, beside=old), "the new words stand after those of the draft"
    return _act("replace", old=old, new=new), "old words and new ones"


def _two_old(old: Sequence[Token], new: Token, kinds: set[str]) -> list[tuple[Act, str]]:
    """Between two passages; or in the stead of one that the other shows with the words around it."""
    if "between" in kinds:
        return [(_act("insert", "after", new=new, beside=old[0]), "the new words stand between those of the draft")]
    inner, outer = sorted(old, key=lambda token: len(token.word))
    if inner.word in outer.word:
        return [(_act("replace", old=inner, new=new), "old words, shown with those around them")]
    return []


def _shortened(old: Sequence[Token]) -> list[tuple[Act, str]]:
    """A passage of which only some words shall stay: "shorten “A B C” to “B C”"."""
    inner, outer = sorted(old, key=lambda token: len(token.word))
    if inner.word in outer.word and inner.word != outer.word:
        return [(_act("replace", old=outer, new=inner), "a passage, and what of it shall stay")]
    return []


def _old_alone(old: Token, group: _Group) -> list[tuple[Act, str]]:
    """Words of the draft that are to go: a word says so, or "the words" and little else stands beside them."""
    if "negation" in group.kinds:
        return []
    if "delete" in group.kinds:
        return [(_act("delete", old=old), "words of the draft, and a word of deletion")]
    little = group.said <= (_LITTLE if group.wished else 1)
    if "words" in group.kinds and little and group.kinds.isdisjoint(_ELSE):
        return [(_act("delete", old=old), "words of the draft, and nothing that shall stand for them")]
    return []


def _new_alone(new: Token, kinds: set[str], where: Where, draft: Draft) -> list[tuple[Act, str]]:
    """New words at the edge of a paragraph, a whole paragraph as it shall read, or a new one beside it."""
    beside = bool(where.labels) and is_paragraph(new.word) and not kinds.isdisjoint(_BESIDE)
    if beside and all(similarity(new.word, draft.text(label)) < _LIKE for label in where.labels):
        return [(_act("add", new=new), "a whole paragraph, beside the one that is named")]
    for edge in ("at_end", "at_start"):
        if edge in kinds and kinds.isdisjoint(("after", "before")):
            return [(_act("insert", edge, new=new), "new words at the edge of the paragraph")]
    whole = len(where.labels) == 1 and len(words_of(new.word)) >= _FEWEST
    if whole and similarity(new.word, draft.text(where.labels[0])) >= _LIKE:
        return [(_act("read", new=new), "the paragraph as it shall read")]
    return []


def move_in(sentence: Sentence, index: DraftIndex) -> tuple[str, str] | None:
    """The paragraph that comes to follow another, where a sentence names two and sets them beside each other."""
    kinds = sentence.kinds
    if not kinds.isdisjoint(_HOLDING | {"quote", "new", "new_paragraph", "insert", "bis", "delete", "negation"}):
        return None
    beside = [n for n, token in enumerate(sentence.tokens) if token.kind in ("after", "before", "follow_up")]
    places = [n for n, token in enumerate(sentence.tokens) if token.kind == "place"]
    named = [sentence.places[sentence.tokens[n].value].labels for n in places]
    if len(beside) != 1 or len(places) != 2 or any(len(labels) != 1 for labels in named):
        return None
    if not places[0] < beside[0] < places[1]:
        return None
    (label,), (other,) = named
    to = index.before(other) if sentence.tokens[beside[0]].kind == "before" else other
    return None if label in (to, other) else (label, to)


def announced_after(read: Sequence[Sentence], index: DraftIndex) -> str | None:
    """The paragraph that the text on the next line shall follow, where the sentences of a line set something beside a
    paragraph and end with a colon.
    """
    if not read or not read[-1].text.rstrip().endswith((":", "：")):
        return None
    for sentence in read:
        labels = next((place.labels for place in sentence.named if place.labels), ())
        if labels and not sentence.kinds.isdisjoint(_BESIDE) and sentence.kinds.isdisjoint(_HOLDING):
            ahead = "before" in sentence.kinds and "after" not in sentence.kinds
            return index.before(labels[0]) if ahead else labels[0]
    return None


def is_paragraph(text: str) -> bool:
    """Whether words look like a paragraph of a declaration: a capital at the beginning, a sign at the end."""
    bare = text.strip().strip('“”"«»„')
    return bare[:1].isupper() and bare[-1:] in ",;." and len(words_of(bare)) >= _FEWEST


def _act(kind: str, how: str = "", **tokens: Token) -> Act:
    return Act(kind, 0, 0, how, **tokens)
