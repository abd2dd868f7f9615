"""What the words that a sentence quotes may ask for: every way to put them together, with the evidence for each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from parsing.draft_index import index_of, words_of
from parsing.model import Draft
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import Place
from parsing.prose.requests.acts import ASKING, Act
from parsing.prose.requests.paragraph_requests import FEWEST, is_paragraph
from parsing.prose.requests.sentences import Sentence
from parsing.prose.resolve.edits import shows_opening
from parsing.prose.resolve.resolve import TITLES, Bound, Where, bind
from parsing.prose.shapes import OF_ONE_AND_SPOKEN, SHAPES
from parsing.prose.signs import stands
from parsing.prose.weights import score
from parsing.text.search import find, is_sign
from parsing.text.splice import carries_on, is_closing, spliced
from parsing.text.words import number_before

MOST = 40
"""A sentence that quotes more is read by its forms alone: no one writes so, and time must stay linear."""
_WIDEST = 4
"""Quotations that one request puts together, at most."""
_SHOWN = 2
"""Quotations that show the text around one change, at most: as it is, and as it comes to be."""
_ENDS = " ;.,"
_ENDINGS = frozenset(("at_end", "at_start", "from", "rest"))
_LINKS = frozenset(("comma", "and", "semicolon", "words", "of", "open", "close"))
"""Kinds of tokens that carry on a list of quotations."""
_NEAR = 14
"""How many words beside a quotation bear on what is to become of it."""
_EDGES = frozenset(("comma", "semicolon", "and", "stop"))
"""Kinds of tokens at which one request may end and the next one begin."""
_ADDING = frozenset((
    "after", "before", "between", "new", "new_paragraph", "insert", "follow", "follow_up", "followed",
    "preceded", "at_end", "at_start",
))  # fmt: skip
"""Kinds of words by which a paragraph may be added."""
_ROLES = ASKING | {
    "with", "weak_with", "in_place", "for", "after", "before", "between", "at_end", "at_start", "from", "to_old",
    "range", "be", "than", "rest", "rest_after", "after_of", "before_of", "whole_paragraph", "new_paragraph", "new",
}  # fmt: skip
"""Kinds of words that tell what is to become of a quotation."""
_PARAGRAPH = 8
"""A wording of so many words may be a paragraph that is restated, where none is named."""


class Hypothesis(NamedTuple):
    """One way to understand the quotations [first:stop) of a sentence: the acts, what they change, and the evidence,
    each piece by its name. `score` is the logarithm of the odds that it is right.
    """

    shape: str
    first: int
    stop: int
    acts: tuple[Act, ...]
    bound: tuple[Bound, ...]
    evidence: tuple[str, ...]
    score: float
    last: Token
    """The last of its quotations."""
    about: range
    """The tokens that are about its quotations alone."""
    after: str = ""
    """The paragraph that a new one comes to follow, and its text."""
    text: str = ""


@dataclass(frozen=True)
class Item:
    """A sentence as evidence: the words that it quotes, and what is before, between and behind them."""

    sentence: Sentence
    default: Where
    draft: Draft
    spoken: Token | None = None
    """The only words that the sentence before quoted, where it asked for nothing: "“A” is too weak. We suggest “B”"."""

    @cached_property
    def at(self) -> tuple[int, ...]:
        """Where the quotations are among its tokens, but those that only say which paragraph is meant: "Noting …"."""
        quotes = [n for n, token in enumerate(self.sentence.tokens) if token.kind == "quote"]
        return tuple(n for n in quotes if not _names_paragraph(self.sentence.tokens[n].word, self.draft))

    def places(self, tokens: Sequence[Token]) -> list[Place]:
        """The places that are named in tokens."""
        places = (self.sentence.places[token.value] for token in tokens if token.kind == "place")
        return [place for place in places if place.names]


@dataclass(frozen=True)
class _Window:
    """Quotations [first:stop) of an item, of which something is to become together; those that are `shown` only show
    the text around the change, as it is or as it comes to be.
    """

    item: Item
    first: int
    stop: int
    shown: tuple[int, ...] = ()

    @cached_property
    def at(self) -> tuple[int, ...]:
        """Where the quotations of which something is to become are among the tokens."""
        return tuple(self.item.at[n] for n in range(self.first, self.stop) if n not in self.shown)

    @cached_property
    def quotes(self) -> tuple[Token, ...]:
        return tuple(self.item.sentence.tokens[n] for n in self.at)

    @cached_property
    def around(self) -> tuple[Token, ...]:
        """The quotations that show the text."""
        return tuple(self.item.sentence.tokens[self.item.at[n]] for n in self.shown)

    @cached_property
    def gaps(self) -> tuple[tuple[Token, ...], ...]:
        """The tokens before the first quotation, between two, and behind the last, up to those of other windows."""
        at = (-1, *self.item.at, len(self.item.sentence.tokens))
        edges = (at[self.first], *self.at, at[self.stop + 1])
        return tuple(self.item.sentence.tokens[a + 1 : b] for a, b in pairwise(edges))

    @cached_property
    def before(self) -> Sequence[Token]:
        """All tokens of the sentence before its first quotation."""
        return self.item.sentence.tokens[: self.at[0]]

    @cached_property
    def about(self) -> range:
        """The tokens that are about its quotations alone: up to where another request begins."""
        tokens, at = self.item.sentence.tokens, (-1, *self.item.at, len(self.item.sentence.tokens))
        gap, start, end = tokens[at[self.first] + 1 : at[self.first + 1]], at[self.first + 1], at[self.stop] + 1
        own = _behind_edge(gap)
        if self.first == 0 and all(token.kind not in ASKING for token in own):
            own = gap
        return range(start - len(own), end + len(_to_edge(tokens[end : at[self.stop + 1]])))

    @cached_property
    def beside(self) -> tuple[tuple[Token, str, str], ...]:
        """Each quotation with the words of a change that are nearest before and behind it."""
        nearest = ((_nearest(a[: -_NEAR - 1 : -1]), _nearest(b[:_NEAR])) for a, b in pairwise(self.gaps))
        return tuple((quote, *near) for quote, near in zip(self.quotes, nearest, strict=True))

    @cached_property
    def near(self) -> frozenset[str]:
        """The kinds of words of a change among the tokens that are about its quotations alone; an end in any."""
        sentence = self.item.sentence
        return frozenset(sentence.tokens[n].kind for n in self.about) & _ROLES | sentence.kinds & _ENDINGS

    @cached_property
    def verbs(self) -> tuple[str, str]:
        """The nearest words that ask for something, before its quotations and behind them."""
        behind = self.item.sentence.tokens[self.at[-1] :]
        before, after = (_nearest(tokens, ASKING - {"be"}) for tokens in (self.before[::-1], behind))
        listed = self.first > 0 and _LINKS.issuperset(token.kind for token in self.gaps[0])
        return f"verb before {before}{', listed' if listed else ''}", f"verb behind {after}"

    @cached_property
    def adds(self) -> str:
        """Whether the sentence has a word by which a paragraph may be added, or asks that one should read otherwise."""
        kinds = self.item.sentence.kinds
        if not kinds.isdisjoint(_ADDING) or any(place.bis for place in self.item.sentence.places):
            return "adds"
        return "adds nothing" if kinds.isdisjoint(("read", "replace", "write")) else "rewrites"

    def hypothesis(
        self, shape: str, acts: tuple[Act, ...], bound: tuple[Bound, ...], seen: Iterable[str], *new: str
    ) -> Hypothesis:
        """The quotations understood so, with all the evidence for it; `new` is what a new paragraph follows, and it."""
        others = f"other quotations {min(len(self.item.at) - (self.stop - self.first), 2)}"
        evidence = tuple(dict.fromkeys(("any", others, *self.verbs, *seen, *_of_roles(acts[0], self))))
        last = self.item.sentence.tokens[self.item.at[self.stop - 1]]
        weight = score(shape, evidence)
        return Hypothesis(shape, self.first, self.stop, acts, bound, evidence, weight, last, self.about, *new)


def hypotheses(item: Item) -> Iterator[Hypothesis]:
    """Every way in which a few quotations beside each other may be put together, and that the text allows."""
    if len(item.at) > MOST:
        return
    for first in range(len(item.at)):
        for stop in range(first + 1, min(first + _WIDEST, len(item.at)) + 1):
            whole = _Window(item, first, stop)
            if not _is_denied(whole):
                for window in (whole, *_with_shown(whole)):
                    yield from _of_window(window)


def _is_denied(window: _Window) -> bool:
    """Whether the sentence refuses, concedes or takes back what it says of these quotations."""
    return any(a <= n < b for a, b in window.item.sentence.denied for n in window.about)


def _with_shown(whole: _Window) -> Iterator[_Window]:
    """The same quotations, where some only show the text around what becomes of the others."""
    numbers = range(whole.first, whole.stop)
    for count in range(1, min(len(numbers), _SHOWN + 1)):
        for shown in combinations(numbers, count):
            window = replace(whole, shown=shown)
            if all(_may_show(token, window) for token in window.around):
                yield window


def _may_show(token: Token, window: _Window) -> bool:
    """Whether a quotation may show the text around what the others change: all its words are the draft's or theirs, and
    it holds one of them, is no text yet, or comes last.
    """
    draft, last = window.item.draft, window.item.at[window.stop - 1]
    words, others = words_of(token.word), [words_of(other.word) for other in window.quotes]
    if len(words) < 2 or is_sign(token.word):
        return is_sign(token.word)
    if frozenset(words).difference(index_of(draft).vocabulary, *others):
        return False
    holds = any(f" {' '.join(other)} " in f" {' '.join(words)} " for other in others if other != words)
    return holds or token is window.item.sentence.tokens[last] or not stands(token.word, draft)


def _shows(words: str, bound: Sequence[Bound], draft: Draft) -> str:
    """Whether words show the text around a change as it is, or as it comes to be: there, or at its end. A sign shows
    what goes with the words beside it.
    """
    official, changes = draft.text(bound[0].label), [one.change for one in bound]
    start, end = min(change.start for change in changes), max(change.end for change in changes)
    if is_sign(words):
        return "shown sign" if words.strip() in official[start:end] else ""
    before = find(words, official, mistakes=False)
    if any(match.start <= start and end <= match.end for match in before):
        return "shown before"
    if before and end < len(official.rstrip(_ENDS)):
        return ""
    text = spliced(official, changes)
    after = find(words, text, mistakes=False)
    is_end = bool(after) and after[-1].end >= len(text.rstrip(_ENDS))
    return "shown after" if after and (is_end or not before) else ""


def _of_window(window: _Window) -> Iterator[Hypothesis]:
    """Every way to put its quotations together at each of the places of which it may speak."""
    draft = window.item.draft
    for source, place in _places(window):
        for shape, acts, at in _attempts(window, place):
            bound = _bound(acts, at, draft)
            shown = [_shows(token.word, bound, draft) for token in window.around] if bound else []
            if bound and all(shown):
                words, sure = _of_words(acts[0], at, window), (f"bound {one.confidence:.2f}" for one in bound)
                yield window.hypothesis(shape, acts, bound, (f"place {source}", *words, *sure, *shown))
        if len(window.quotes) == 1 and not window.shown:
            yield from _of_paragraph(window, source, place)


def _places(window: _Window) -> list[tuple[str, Place | None]]:
    """What a window may speak of: the place named in it, before it, behind it; else what the words around name."""
    item = window.item
    named = {
        "inside": item.places([token for gap in window.gaps[1:-1] for token in gap])[-1:],
        "before": item.places(window.before)[-1:],
        "behind": item.places(window.gaps[-1])[:1],
    }
    return [(source, place) for source, places in named.items() for place in places] or [("around", None)]


def _attempts(window: _Window, place: Place | None) -> Iterator[tuple[str, tuple[Act, ...], Where]]:
    """The acts of each shape that the text allows, and where they are to be looked for."""
    item, quotes, shapes = window.item, window.quotes, SHAPES[len(window.quotes) - 1]
    if item.spoken is not None and len(quotes) == 1:
        quotes, shapes = (*quotes, item.spoken), OF_ONE_AND_SPOKEN
    wheres = {wanted: _where(window, place, wanted) for wanted in (None, *quotes)}
    standing = {n for n, token in enumerate(quotes) if _stands(token.word, wheres[None], item.draft)}
    for shape in (shape for shape in shapes if shape.standing <= standing):
        acts = tuple(role.act(quotes) for role in shape.roles)
        if shape.name == "swap":
            acts = tuple(_as_written(act, wheres[None], item.draft) for act in acts)
        at = wheres[acts[0].old or acts[0].beside]
        if all(_allows(act, at, item.draft) for act in acts):
            yield shape.name, acts, at


def _as_written(act: Act, at: Where, draft: Draft) -> Act:
    """An act whose new words, which are in the text too, are as they are written there."""
    assert act.new is not None
    words = (text[one.start : one.end] for text in map(draft.text, at.labels) for one in find(act.new.word, text))
    return act._replace(new=act.new._replace(word=next(words, act.new.word)))


def _where(window: _Window, place: Place | None, wanted: Token | None) -> Where:
    """Where words are to be looked for, by the place that is named and what the sentence says of it."""
    sentence, named = window.item.sentence, window.item.default
    if place is not None:
        named = Where(place.labels, place.others, missing=place.missing)
    at = next((n for n in window.at if sentence.tokens[n] is wanted), 0)
    nth = [token.value for token in sentence.tokens[max(0, at - 2) : at] if token.kind == "ordinal"]
    told = sentence.tokens[: window.at[-1] + 5] if "sentence" in sentence.kinds else ()
    hints = [token.value for token in told if token.kind == "sentence" and token.value]
    return named._replace(
        everywhere=not sentence.kinds.isdisjoint(("everywhere", "whole")),
        sentence=hints[-1] if hints else 0,
        context=next((token.word for token in window.around if wanted and _inside(wanted.word, token.word)), ""),
        occurrence=nth[0] if nth else 0,
    )


@lru_cache(maxsize=256)
def _bound(acts: tuple[Act, ...], at: Where, draft: Draft) -> tuple[Bound, ...]:
    """What acts change, where each of them changes something."""
    made = [bind(act, at, draft) for act in acts]
    return tuple(bound for found in made for bound in found) if all(made) else ()


def _of_paragraph(window: _Window, source: str, place: Place | None) -> Iterator[Hypothesis]:
    """A quotation as a new paragraph behind or before one that is named."""
    sentence, draft, quote = window.item.sentence, window.item.draft, window.quotes[0]
    labels = place.labels if place is not None else window.item.default.labels
    words, asked = quote.word, window.adds != "rewrites"
    if not labels or not asked or len(words_of(words)) < FEWEST or shows_opening(words, draft):
        return
    named = (n for n, t in enumerate(sentence.tokens) if t.kind == "place" and sentence.places[t.value] is place)
    at = next(named, 0)
    told = {token.kind for token in sentence.tokens[max(0, at - 3) : at]} & {"after", "before"}
    how = "before" if told == {"before"} else "after"
    act, after = Act("add", how, new=quote), labels[0] if how == "after" else index_of(draft).before(labels[0])
    seen = (f"place {source}", *_of_words(act, Where(labels), window))
    yield window.hypothesis(f"add {how}", (act,), (), seen, after, bare(words))


def bare(text: str) -> str:
    """A new paragraph without quotation marks or a number of its own."""
    words = text.strip().strip('“”"«»„').strip()
    return words[number_before(words) :]


# --- what the text allows ----------------------------------------------------------------------------


def _names_paragraph(words: str, draft: Draft) -> bool:
    """Whether words are the first ones of a paragraph, and dots stand for the others."""
    return words.rstrip().endswith(("...", "…")) and shows_opening(words.rstrip(), draft)


def _is_part_of_other(act: Act) -> bool:
    """Whether a sign that shall go, or the second of two words between which, belongs to the words beside it."""
    beside = act.beside.word.strip() if act.beside else ""
    is_edge = act.old is not None and is_sign(act.old.word) and act.old.word.strip() in (beside[:1], beside[-1:])
    return bool(beside) and (is_edge or (act.other is not None and _inside(act.other.word, beside)))


def _allows(act: Act, at: Where, draft: Draft) -> bool:
    """Whether the text can be changed so: what is new is not in place of the same words, or alone with a sign; what a
    paragraph shall read is no passage of it, but for a title.
    """
    old, new = act.old or act.beside, act.new.word.strip() if act.new else ""
    if act.how == "last_sign":
        return len(at.labels) == 1 and is_closing(new) and draft.text(at.labels[0])[-1:] != new
    if old is not None:
        return old.word.strip() != new and not _is_part_of_other(act)
    if is_sign(new) or act.kind != "read":
        return not is_sign(new)
    if not at.labels or at.labels[0] in TITLES:
        return bool(at.labels or at.others or at.missing) or len(words_of(new)) >= _PARAGRAPH
    return not any(find(new, draft.text(label), mistakes=False) for label in at.labels)


def _inside(words: str, around: str) -> bool:
    return words.strip() != around.strip() and bool(find(words, around, mistakes=False))


@lru_cache(maxsize=256)
def _stands(words: str, at: Where, draft: Draft) -> bool:
    """Whether words are where they are looked for, small mistakes allowed where a paragraph is named."""
    return any(find(words, draft.text(label)) for label in (*at.labels, *at.others)) or stands(words, draft)


# --- evidence ----------------------------------------------------------------------------------------


def _of_words(act: Act, at: Where, window: _Window) -> Iterator[str]:
    """How the quoted words relate to the official text and to each other."""
    draft = window.item.draft
    labels = (*at.labels, *at.others)
    named = [draft.text(label) for label in labels] or [paragraph.text for paragraph in draft.paragraphs]
    old, new = act.old or act.beside, act.new
    if old is not None:
        yield "old stands" if any(find(old.word, text, mistakes=False) for text in named) else "old elsewhere"
        yield f"old words {_size(old.word)}"
    if new is not None:
        yield f"new words {_size(new.word)}"
        if carries_on(new.word):
            yield "new carries on"
        shape = "new is a paragraph" if is_paragraph(new.word) else "new is none"
        yield f"{shape}, {window.adds}" if act.kind in ("add", "read") else shape
        if old is None or not _inside(new.word, old.word):
            stands_too = any(find(new.word, text, mistakes=False) for text in named)
            yield "new stands" if stands_too else "new is new"
    if old is not None and new is not None:
        yield _of_pair(words_of(old.word), words_of(new.word), named)


def _of_pair(old: Sequence[str], new: Sequence[str], named: Sequence[str]) -> str:
    """How new words relate to those beside which they are named: the same but for signs and case, more, fewer; and
    whether the text has the others already.
    """
    if old == new:
        return "signs and case alone"
    more = set(new).difference(old)
    if set(old) <= set(new):
        stands_too = len(more) > 1 and any(more <= set(words_of(text)) for text in named)
        return "new holds old, the rest stands" if stands_too else "new holds old"
    if not more:
        return "old holds new"
    return "they share nothing" if set(old).isdisjoint(new) else "they share words"


def _size(words: str) -> str:
    count = len(words_of(words))
    return "0" if not count else "1" if count == 1 else "2-3" if count < 4 else "4-8" if count < 9 else "9+"


def _of_roles(act: Act, window: _Window) -> Iterator[str]:
    """The words of a change beside what shall go, stay or come: "by" before what is new, whatever the order."""
    roles = {"old": act.old, "new": act.new, "beside": act.beside, "other": act.other}
    for quote, before, behind in window.beside:
        role = next((name for name, token in roles.items() if token is quote), "")
        if role:
            yield f"{act.kind} {act.how}: {before} before {role}"
            yield f"{act.kind} {act.how}: {behind} behind {role}"
    yield from (f"{act.kind} near {kind}" for kind in window.near)


def _nearest(tokens: Sequence[Token], kinds: frozenset[str] = _ROLES) -> str:
    """The kind of the first word of a change among tokens."""
    return next((token.kind for token in tokens if token.kind in kinds), "nothing")


def _behind_edge(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens behind the last sign or "and" at which a request may begin."""
    at = max((n for n, token in enumerate(tokens) if token.kind in _EDGES), default=-1)
    return tokens[at + 1 :]


def _to_edge(tokens: Sequence[Token]) -> Sequence[Token]:
    at = next((n for n, token in enumerate(tokens) if token.kind in _EDGES), len(tokens))
    return tokens[:at]
