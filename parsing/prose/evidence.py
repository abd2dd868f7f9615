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
_OTHERWISE = frozenset(("quote", "new", "new_paragraph", "insert", "bis", "delete", "negation"))
"""Kinds of words by which two paragraphs that are named are something else than moved."""
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

    def take(self, token: Token, *, is_taken: bool) -> None:
        """Takes in the next token; quoted words that are accounted for already are no longer its own."""
        if token.kind == "quote":
            self.alone = self.alone and not is_taken
            self.quotes += [] if is_taken else [token]
        self.kinds.add(token.kind)
        self.said += token.kind == "other"

    def join(self, behind: "_Group") -> None:
        """Takes in a stretch that holds nothing but the place of this one."""
        self.places += behind.places
        self.kinds |= behind.kinds
        self.said += behind.said

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
        place = _named(sentence, token)
        if place is not None and out[-1].quotes:
            out.append(_Group())
        out[-1].places += [] if place is None else [place]
        out[-1].take(token, is_taken=token in taken)
    if len(out) > 1 and not out[-1].quotes and not out[-2].places:
        behind = out.pop()
        out[-1].join(behind)
    return [group for group in out if group.quotes]


def _named(sentence: Sentence, token: Token) -> Place | None:
    """The place that a token is, where it names paragraphs."""
    place = sentence.places[token.value] if token.kind == "place" else None
    return place if place is not None and (place.labels or place.others) else None


def _acts(group: _Group, where: Where, draft: Draft, spoken: Token | None) -> list[tuple[Act, str]]:
    """The acts of one stretch, by how many of its quotations are old words and how many new ones; none where they may
    be put together in several ways.
    """
    is_old = [_stands(token.word, where, draft) for token in group.quotes]
    old = [token for token, stands in zip(group.quotes, is_old, strict=True) if stands]
    new = [token for token, stands in zip(group.quotes, is_old, strict=True) if not stands]
    match (len(old), len(new)):
        case (1, 0):
            return _old_alone(old[0], group)
        case (2, 0):
            return _shortened(old)
        case (0, 1):
            return _behind_sentence(new[0], where, draft, spoken) or _new_alone(new[0], group.kinds, where, draft)
        case (1, 1):
            return _of_two(old[0], new[0], group.kinds, where, draft)
        case (2, 1):
            return _two_old(old, new[0], group.kinds)
    return _in_turn(old, new) if is_old == [True, False, True, False] else []


def _behind_sentence(new: Token, where: Where, draft: Draft, spoken: Token | None) -> list[tuple[Act, str]]:
    """New words for those of the draft that the sentence before quotes."""
    if spoken is None or not _stands(spoken.word, where, draft):
        return []
    return [(_act("replace", old=spoken, new=new), "the sentence before quotes words of the draft")]


def _of_two(old: Token, new: Token, kinds: set[str], where: Where, draft: Draft) -> list[tuple[Act, str]]:
    """Words of the draft with new ones; with a whole new paragraph they show the paragraph that is meant."""
    if is_paragraph(new.word) and not is_paragraph(old.word):
        return _new_alone(new, kinds, _holding(old.word, where, draft), draft)
    return [_one_of_each(old, new, kinds)]


def _in_turn(old: Sequence[Token], new: Sequence[Token]) -> list[tuple[Act, str]]:
    return [(_act("replace", old=a, new=b), "old words and new ones in turn") for a, b in zip(old, new, strict=True)]


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
    if "negation" in group.kinds or not group.alone:
        return []
    if "delete" in group.kinds:
        return [(_act("delete", old=old), "words of the draft, and a word of deletion")]
    little = group.said <= (_LITTLE if group.wished else 1)
    if "words" in group.kinds and little and group.kinds.isdisjoint(_ELSE):
        return [(_act("delete", old=old), "words of the draft, and nothing that shall stand for them")]
    return []


def _new_alone(new: Token, kinds: set[str], where: Where, draft: Draft) -> list[tuple[Act, str]]:
    """New words at the edge of a paragraph, a whole paragraph as it shall read, or a new one beside it."""
    alike = [similarity(new.word, draft.text(label)) >= _LIKE for label in where.labels]
    edge = next((edge for edge in ("at_end", "at_start") if edge in kinds), "")
    if alike and not any(alike) and is_paragraph(new.word) and not kinds.isdisjoint(_BESIDE):
        return [(_act("add", new=new), "a whole paragraph, beside the one that is named")]
    if edge and kinds.isdisjoint(("after", "before")):
        return [(_act("insert", edge, new=new), "new words at the edge of the paragraph")]
    if alike == [True] and len(words_of(new.word)) >= _FEWEST:
        return [(_act("read", new=new), "the paragraph as it shall read")]
    return []


def move_in(sentence: Sentence, index: DraftIndex) -> tuple[str, str] | None:
    """The paragraph that comes to follow another, where a sentence names two and sets them beside each other."""
    if not sentence.kinds.isdisjoint(_HOLDING | _OTHERWISE):
        return None
    told = [token for token in sentence.tokens if token.kind in ("place", "after", "before", "follow_up")]
    if [token.kind == "place" for token in told] != [True, False, True]:
        return None
    moved, other = sentence.places[told[0].value].labels, sentence.places[told[2].value].labels
    if len(moved) != 1 or len(other) != 1 or moved == other:
        return None
    to = index.before(other[0]) if told[1].kind == "before" else other[0]
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
    return bare[:1].isupper() and bare[-1:] in ",;." and len(words_of(bare)) >= _FEWEST


def _act(kind: str, how: str = "", **tokens: Token) -> Act:
    return Act(kind, 0, 0, how, **tokens)
