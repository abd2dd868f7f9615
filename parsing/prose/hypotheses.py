"""What the words that a sentence quotes may ask for: every way to put them together, with the evidence for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import combinations, pairwise

from parsing.draft_index import index_of, words_of
from parsing.model import Draft
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import Place
from parsing.prose.requests.acts import ASKING, Act
from parsing.prose.requests.paragraph_requests import FEWEST, is_paragraph
from parsing.prose.requests.sentences import Sentence
from parsing.prose.resolve.edits import shows_opening
from parsing.prose.resolve.resolve import TITLES, Bound, Where, bind, where
from parsing.prose.shapes import OF_ONE_AND_SPOKEN, SHAPES
from parsing.prose.signs import stands
from parsing.prose.weights import score
from parsing.text.search import find, is_sign
from parsing.text.splice import carries_on, is_closing, spliced
from parsing.text.words import number_before, similarity

MOST = 40
"""A sentence that quotes more is read by its forms alone: no one writes so, and time must stay linear."""
_WIDEST = 4
"""Quotations that one request puts together, at most."""
_SHOWN = 2
"""Quotations that show the text around one change, at most: as it is, and as it comes to be."""
_ENDS = " ;.,"
_AT_END = ("at_end", "stop_here")
"""Kinds of words that speak of the end of a paragraph."""
_NEAR = 14
"""How many words beside a quotation bear on what is to become of it."""
_SILENT = frozenset(("other", "quote", "number", "cardinal", "ordinal", "open", "close", "dash"))
"""Kinds of tokens that say nothing of what is asked."""
_EDGES = frozenset(("comma", "semicolon", "and", "stop"))
"""Kinds of tokens at which one request may end and the next one begin."""
_LINKS = frozenset(("comma", "and", "semicolon", "words", "of", "open", "close"))
"""Kinds of tokens that carry on a list of quotations."""
_ADDING = frozenset((
    "after", "before", "between", "new", "new_paragraph", "insert", "follow", "follow_up", "followed",
    "preceded", "at_end", "at_start",
))  # fmt: skip
"""Kinds of words by which a paragraph may be added."""
_TOGETHER = "before, several"
"""Where the place is named that is several paragraphs."""
_LISTED = frozenset(("place", "and", "comma", "of", "other", "at_start", "at_end", "line", "sentence"))
"""Kinds of tokens between places of which the same is asked."""
_ROLES = ASKING | {
    "with", "weak_with", "in_place", "for", "after", "before", "between", "at_end", "at_start", "from", "to_old",
    "range", "be", "than", "rest", "rest_after", "after_of", "before_of", "whole_paragraph", "new_paragraph", "new",
}  # fmt: skip
"""Kinds of words that tell what is to become of a quotation."""
_STANCES = (
    "negation", "oppose", "reported", "wished", "retract", "condition", "concede", "worry", "retain", "support",
    "reserve", "prefer", "proposal",
)  # fmt: skip
_LITTLE = 4
"""Words of no meaning to the reader that may be beside a plain request."""
_PARAGRAPH = 8
"""A wording of so many words may be a paragraph that is restated, where none is named."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way to understand the quotations [first:stop) of a sentence: the acts, what they change, and the evidence,
    each piece by its name. `score` is the logarithm of the odds that it is right.
    """

    shape: str
    first: int
    stop: int
    acts: tuple[Act, ...]
    where: Where
    bound: tuple[Bound, ...]
    evidence: tuple[str, ...]
    last: Token
    """The last of its quotations."""
    after: str = ""
    """The paragraph that a new one comes to follow, and its text."""
    text: str = ""

    @property
    def score(self) -> float:
        return score(self.shape, self.evidence)

    @property
    def old(self) -> bool:
        """Whether it names words of the draft that change."""
        return any(act.old for act in self.acts)

    @property
    def beside(self) -> bool:
        """Whether it names words of the draft that show the place."""
        return any(act.beside for act in self.acts)


@dataclass(frozen=True)
class Item:
    """A sentence as evidence: the words that it quotes, and what is before, between and behind them."""

    sentence: Sentence
    default: Where
    draft: Draft
    wished: bool = False
    """It says that something should be so."""
    spoken: Token | None = None
    """The only words that the sentence before quoted, where it asked for nothing: "“A” is too weak. We suggest “B”"."""
    shown: tuple[int, ...] = ()
    """The quotations among its tokens that only show the text around a change, as it is or as it comes to be."""

    @cached_property
    def at(self) -> tuple[int, ...]:
        """Where the quotations are among its tokens of which something is to become."""
        found = (n for n, token in enumerate(self.sentence.tokens) if token.kind == "quote")
        return tuple(n for n in found if n not in self.shown)

    @cached_property
    def quotes(self) -> tuple[Token, ...]:
        return tuple(self.sentence.tokens[n] for n in self.at)

    @cached_property
    def gaps(self) -> tuple[tuple[Token, ...], ...]:
        """The tokens before the first quotation, between two, and behind the last."""
        edges = (-1, *self.at, len(self.sentence.tokens))
        return tuple(self.sentence.tokens[a + 1 : b] for a, b in pairwise(edges))

    def place(self, gap: int, *, last: bool) -> Place | None:
        """The last, or the first, place that is named in a gap."""
        places = (self.sentence.places[token.value] for token in self.gaps[gap] if token.kind == "place")
        named = [place for place in places if place.names]
        return named[-1 if last else 0] if named else None

    def beside(self, place: Place | None) -> str:
        """Which of the shapes of a new paragraph the words right before a place tell: "before PP5"."""
        tokens, places = self.sentence.tokens, self.sentence.places
        at = next((n for n, token in enumerate(tokens) if token.kind == "place" and places[token.value] is place), 0)
        kinds = {token.kind for token in tokens[max(0, at - 3) : at]} & {"after", "before"}
        return f"add {kinds.pop()}" if len(kinds) == 1 else ""

    def places_together(self, gap: int) -> Place | None:
        """The places that are named in a gap beside each other, as one: "in PP7, and once more in paragraph 12"."""
        named = [n for n, token in enumerate(self.gaps[gap]) if token.kind == "place"]
        places = [self.sentence.places[self.gaps[gap][n].value] for n in named]
        between = [token.kind for token in self.gaps[gap][named[0] : named[-1]]] if named else []
        if not _LISTED.issuperset(between) or "and" not in between or between.count("other") > 2:
            return None
        if len(places) < 2 or not all(place.labels for place in places):
            return None
        labels = tuple(dict.fromkeys(label for place in places for label in place.labels))
        return replace(places[0], stop=places[-1].stop, labels=labels, others=())

    def own(self, first: int, stop: int) -> Iterator[int]:
        """The tokens that are about the quotations [first:stop) alone: up to where another request begins."""
        before = self.gaps[first]
        own = _behind_edge(before)
        if first == 0 and all(token.kind not in ASKING for token in own):
            own = before
        yield from range(self.at[first] - len(own), self.at[first])
        yield from range(self.at[first], self.at[stop - 1] + 1)
        yield from range(self.at[stop - 1] + 1, self.at[stop - 1] + 1 + len(_to_edge(self.gaps[stop])))


@dataclass(frozen=True)
class _Window:
    """The quotations [first:stop) of an item, of which something is to become together."""

    item: Item
    first: int
    stop: int

    @cached_property
    def quotes(self) -> tuple[Token, ...]:
        return self.item.quotes[self.first : self.stop]

    @cached_property
    def span(self) -> tuple[int, int]:
        """The tokens from the first of its quotations to the last."""
        return self.item.at[self.first], self.item.at[self.stop - 1] + 1

    @cached_property
    def signs(self) -> tuple[str, ...]:
        """The evidence that is the same whatever is asked."""
        return ("any", *_of_signs(self.item, self.first, self.stop), *_of_sentence(self.item, self.first, self.stop))

    @cached_property
    def beside(self) -> tuple[tuple[Token, str, str], ...]:
        """Each quotation with the words of a change that are nearest before and behind it."""
        gaps = self.item.gaps
        return tuple(
            (self.item.quotes[n], _nearest(gaps[n], last=True), _nearest(gaps[n + 1], last=False))
            for n in range(self.first, self.stop)
        )

    @cached_property
    def adds(self) -> str:
        """Whether the sentence has a word by which a paragraph may be added, or asks that one should read otherwise."""
        kinds = self.item.sentence.kinds
        if not kinds.isdisjoint(_ADDING) or any(place.bis for place in self.item.sentence.places):
            return "adds"
        return "adds nothing" if kinds.isdisjoint(("read", "replace", "write")) else "rewrites"

    @cached_property
    def near(self) -> frozenset[str]:
        """The kinds of words of a change among the tokens that are about its quotations alone."""
        tokens = self.item.sentence.tokens
        return frozenset(tokens[n].kind for n in self.item.own(self.first, self.stop)) & _ROLES


def hypotheses(item: Item) -> Iterator[Hypothesis]:
    """Every way in which a few quotations beside each other may be put together, and that the text allows."""
    if len(item.quotes) > MOST:
        return
    for first in range(len(item.quotes)):
        for stop in range(first + 1, min(first + _WIDEST, len(item.quotes)) + 1):
            if not _is_denied(item, first, stop):
                yield from _of_window(_Window(item, first, stop))
                yield from _with_shown(item, first, stop)


def _with_shown(item: Item, first: int, stop: int) -> Iterator[Hypothesis]:
    """Those of some of the quotations, where the others show the text around the change, before it or after it."""
    for count in range(1, min(stop - first, _SHOWN + 1)):
        for shown in combinations(range(first, stop), count):
            changed = [n for n in range(first, stop) if n not in shown]
            around = [item.quotes[n] for n in shown]
            others = [item.quotes[n] for n in changed]
            if not all(_may_show(item.quotes[n], others, item.draft, last=n == stop - 1) for n in shown):
                continue
            rest = replace(item, shown=tuple(item.at[n] for n in shown))
            for one in _of_window(_Window(rest, first, stop - count), around):
                yield replace(one, stop=stop, last=item.quotes[stop - 1])


def _may_show(token: Token, changed: Sequence[Token], draft: Draft, *, last: bool) -> bool:
    """Whether a quotation may show the text around what the others change: all its words are the draft's or theirs, and
    it holds one of them, is no text yet, or comes last.
    """
    words, others = words_of(token.word), [words_of(other.word) for other in changed]
    if len(words) < 2 or is_sign(token.word):
        return is_sign(token.word)
    if frozenset(words).difference(index_of(draft).vocabulary, *others):
        return False
    holds = any(f" {' '.join(other)} " in f" {' '.join(words)} " for other in others if other != words)
    return holds or last or not stands(token.word, draft)


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


def _is_denied(item: Item, first: int, stop: int) -> bool:
    """Whether the sentence refuses, concedes or takes back what it says of these quotations."""
    spans = item.sentence.denied
    return bool(spans) and any(a <= n < b for n in item.own(first, stop) for a, b in spans)


def _of_window(window: _Window, around: Sequence[Token] = ()) -> Iterator[Hypothesis]:
    """Those of the quotations of a window, where those `around` show the text around the change."""
    item = window.item
    for source, place in _places(item, window.first, window.stop):
        for shape, acts, at in _attempts(window, place, around):
            bound = _bound(acts, at, item.draft)
            if source == _TOGETHER and {one.label for one in bound} != set(at.labels):
                continue
            shown = [_shows(token.word, bound, item.draft) for token in around] if bound else []
            if bound and all(shown):
                seen = _distinct(
                    *window.signs, f"place {source.split(',')[0]}", *_of_acts(acts, at, bound, window), *shown
                )
                yield Hypothesis(shape, window.first, window.stop, acts, at, bound, seen, window.quotes[-1])
        if len(window.quotes) == 1 and not around:
            yield from _of_paragraph(window, source, place)


def _of_acts(acts: Sequence[Act], at: Where, bound: Sequence[Bound], window: _Window) -> Iterator[str]:
    """How the words of a change relate to the text, how surely they were found, what is said beside them; whether a
    paragraph that shall read otherwise may be one that is added.
    """
    words = tuple(_of_words(acts[0], at, window.item.draft))
    yield from (*words, *_of_binding(bound), *_of_roles(acts[0], window))
    if acts[0].kind == "read" and len(at.labels) == 1 and "new is a paragraph" in words:
        yield f"paragraph {window.adds}"


def _attempts(
    window: _Window, place: Place | None, around: Sequence[Token]
) -> Iterator[tuple[str, tuple[Act, ...], Where]]:
    """The acts of each shape that the text allows, and where they are to be looked for."""
    item, quotes, shapes = window.item, window.quotes, SHAPES[len(window.quotes) - 1]
    if item.spoken is not None and len(quotes) == 1:
        quotes, shapes = (*quotes, item.spoken), OF_ONE_AND_SPOKEN
    named = item.default if place is None else Where(place.labels, place.others)
    standing = {n for n, token in enumerate(quotes) if _stands(token.word, named, item.draft)}
    ruled_out = _ruled_out(item.sentence, quotes, around)
    wheres: dict[Token | None, Where] = {}
    for shape in shapes:
        if not shape.standing <= standing or shape.name in ruled_out:
            continue
        acts = tuple(role.act(quotes, window.span) for role in shape.roles)
        if shape.name == "swap":
            acts = tuple(_as_written(act, named, item.draft) for act in acts)
        wanted = acts[0].old or acts[0].beside
        at = wheres.get(wanted)
        if at is None:
            at = where(acts[0], place, item.sentence, item.default, _context(wanted, around))
            wheres[wanted] = at
        if all(_allows(act, at, item.draft) for act in acts):
            yield shape.name, acts, at


def _ruled_out(sentence: Sentence, quotes: Sequence[Token], around: Sequence[Token]) -> frozenset[str]:
    """The shapes that do not come into question: no end is spoken of, or that of a sentence, or one quotation holds the
    other.
    """
    no_end = not around and sentence.kinds.isdisjoint(_AT_END)
    of_sentence = "sentence" in sentence.kinds
    held = len(quotes) == 2 and any(_inside(a.word, b.word) for a, b in (quotes, quotes[::-1]))
    ruled_out = {"end with a sign": no_end, "delete from here": of_sentence, "swap": held}
    return frozenset(shape for shape, holds in ruled_out.items() if holds)


@lru_cache(maxsize=256)
def _bound(acts: tuple[Act, ...], at: Where, draft: Draft) -> tuple[Bound, ...]:
    """What acts change, where each of them changes something."""
    made = [bind(act, at, draft) for act in acts]
    return tuple(bound for found in made for bound in found) if all(made) else ()


def _distinct(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _of_paragraph(window: _Window, source: str, place: Place | None) -> Iterator[Hypothesis]:
    """A quotation as a new paragraph behind or before one that is named."""
    item, first, quote = window.item, window.first, window.quotes[0]
    labels = place.labels if place is not None else item.default.labels
    if not labels or len(words_of(quote.word)) < FEWEST or _names_paragraph(quote.word, item.draft):
        return
    if window.adds == "rewrites":
        return
    index, at = index_of(item.draft), Where(labels)
    act = Act("add", *window.span, new=quote)
    likeness = max(similarity(quote.word, item.draft.text(label)) for label in labels)
    words = (*_of_words(act, at, item.draft), f"like {int(5 * likeness) / 5:.1f}", window.adds)
    seen = _distinct(*window.signs, f"place {source}", *words)
    told = item.beside(place)
    shapes = {"add after": labels[0], "add before": index.before(labels[0])}
    for shape, after in ((shape, after) for shape, after in shapes.items() if told in ("", shape)):
        yield Hypothesis(shape, first, first + 1, (act,), at, (), seen, quote, after, bare(quote.word))


def bare(text: str) -> str:
    """A new paragraph without quotation marks or a number of its own."""
    words = text.strip().strip('“”"«»„').strip()
    return words[number_before(words) :]


def _context(inside: Token | None, around: Sequence[Token]) -> str:
    """The quotation in which the words that an act is about are shown."""
    return next((token.word for token in around if inside and _inside(inside.word, token.word)), "")


def _places(item: Item, first: int, stop: int) -> list[tuple[str, Place | None]]:
    """What a window may speak of: the place named in it, before it, behind it; else what the words around name."""
    out: list[tuple[str, Place | None]] = []
    inside = next((p for gap in range(first + 1, stop) if (p := item.place(gap, last=True))), None)
    before = next((p for gap in range(first, -1, -1) if (p := item.place(gap, last=True))), None)
    behind = item.place(stop, last=False)
    if inside:
        out.append(("inside", inside))
    both = item.places_together(first) if before else None
    if both:
        out.append((_TOGETHER, both))
    if before:
        out.append(("before", before))
    if behind:
        out.append(("behind", behind))
    return out or [("around", None)]


# --- what the text allows ----------------------------------------------------------------------------


def _names_paragraph(words: str, draft: Draft) -> bool:
    """Whether words are the first ones of a paragraph, and dots stand for the others: they say which one is meant."""
    said = words.rstrip()
    return said.endswith(("...", "…")) and shows_opening(said, draft)


def _is_part_of_other(act: Act) -> bool:
    """Whether a sign that shall go, or the second of two words between which, belongs to the words beside it."""
    if act.beside is None:
        return False
    if act.old and is_sign(act.old.word) and act.old.word.strip() in _edges_of(act.beside.word):
        return True
    return act.other is not None and _inside(act.other.word, act.beside.word)


def _allows(act: Act, at: Where, draft: Draft) -> bool:
    """Whether the text can be changed so: what is old is there, and what is new is not in its place."""
    old = act.old or act.beside
    if old is None:
        return _ends_otherwise(act, at, draft) if act.how == "last_sign" else _is_new(act, at, draft)
    different = act.new is None or act.new.word.strip() != old.word.strip()
    names = act.old is not None and _names_paragraph(act.old.word, draft)
    return different and not names and not _is_part_of_other(act)


def _is_new(act: Act, at: Where, draft: Draft) -> bool:
    """Whether words without old ones can be new; what a paragraph shall read is no passage of it, but for a title."""
    assert act.new is not None
    if is_sign(act.new.word) or act.kind != "read":
        return not is_sign(act.new.word)
    if not at.labels or at.labels[0] in TITLES:
        return bool(at.labels or at.others or at.missing) or len(words_of(act.new.word)) >= _PARAGRAPH
    return not any(find(act.new.word, draft.text(label), mistakes=False) for label in at.labels)


def _as_written(act: Act, at: Where, draft: Draft) -> Act:
    """An act whose new words, which are in the text too, are as they are written there."""
    assert act.new is not None
    for official in (draft.text(label) for label in at.labels):
        for found in find(act.new.word, official)[:1]:
            return replace(act, new=act.new._replace(word=official[found.start : found.end]))
    return act


def _edges_of(words: str) -> tuple[str, str]:
    """The first and the last sign of words, which goes with them."""
    bare = words.strip()
    return bare[:1], bare[-1:]


def _ends_otherwise(act: Act, at: Where, draft: Draft) -> bool:
    """Whether the one paragraph that is named ends with another sign."""
    assert act.new is not None
    sign = act.new.word.strip()
    return len(at.labels) == 1 and is_closing(sign) and draft.text(at.labels[0])[-1:] != sign


def _inside(words: str, around: str) -> bool:
    return words.strip() != around.strip() and bool(find(words, around, mistakes=False))


@lru_cache(maxsize=256)
def _stands(words: str, at: Where, draft: Draft) -> bool:
    """Whether words are where they are looked for, small mistakes allowed where a paragraph is named."""
    labels = (*at.labels, *at.others)
    if any(find(words, draft.text(label)) for label in labels):
        return True
    return stands(words, draft)


# --- evidence ----------------------------------------------------------------------------------------


def _of_binding(bound: Sequence[Bound]) -> Iterator[str]:
    """How surely the words were found where they are looked for."""
    yield from (f"bound {one.confidence:.2f}" for one in bound)


def _of_words(act: Act, at: Where, draft: Draft) -> Iterator[str]:
    """How the quoted words relate to the official text and to each other."""
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
        if is_paragraph(new.word):
            yield "new is a paragraph"
    if old is not None and new is not None:
        yield from _of_pair(old.word, new.word, named, draft)
    elif new is not None:
        yield _where_new_stands(new.word, named, draft)


def _of_pair(old: str, new: str, named: Sequence[str], draft: Draft) -> Iterator[str]:
    """How new words relate to those beside which they are named, and to the text: the same but for case and hyphens,
    more of them, fewer; and whether it has them already.
    """
    a, b = set(words_of(old)), set(words_of(new))
    if words_of(old) == words_of(new):
        written = any(found.exactness == "exact" for text in named for found in find(old, text, mistakes=False))
        yield "signs and case alone" if written else "signs and case, not as written"
    elif not _inside(new, old):
        yield _where_new_stands(new, named, draft)
    if a <= b:
        yield "new holds old"
        stands_too = len(b - a) > 1 and any(b - a <= set(words_of(text)) for text in named)
        yield "rest stands" if stands_too else "rest is new"
    elif b <= a:
        yield "old holds new"
    else:
        yield "they share words" if a & b else "they share nothing"


def _of_roles(act: Act, window: _Window) -> Iterator[str]:
    """The words of a change beside what shall go, stay or come: "by" before what is new, whatever the order."""
    roles = {"old": act.old, "new": act.new, "beside": act.beside, "other": act.other}
    for quote, before, behind in window.beside:
        role = next((name for name, token in roles.items() if token is quote), "")
        if role:
            yield f"{act.kind} {act.how}: {before} before {role}"
            yield f"{act.kind} {act.how}: {behind} behind {role}"
    yield from (f"{act.kind} near {kind}" for kind in window.near)


def _nearest(gap: Sequence[Token], *, last: bool) -> str:
    """The kind of the word of a change that is nearest to a quotation."""
    kinds = [token.kind for token in (gap[-_NEAR:] if last else gap[:_NEAR]) if token.kind in _ROLES]
    return (kinds[-1] if last else kinds[0]) if kinds else "nothing"


def _where_new_stands(words: str, named: Sequence[str], draft: Draft) -> str:
    """Whether new words are in the paragraphs that are named; where they are several, in others."""
    if any(find(words, text, mistakes=False) for text in named):
        return "new stands"
    many = len(words_of(words)) > 1
    return "new stands elsewhere" if many and stands(words, draft) else "new is new"


def _size(words: str) -> str:
    count = len(words_of(words))
    return "0" if not count else "1" if count == 1 else "2-3" if count < 4 else "4-8" if count < 9 else "9+"


def _of_signs(item: Item, first: int, stop: int) -> Iterator[str]:
    """What is said before, between and behind the quotations, and how much."""
    yield from _of_kinds(item, first, stop)
    yield from _of_verbs(item, first, stop)
    near = {token.kind for gap in range(first, stop + 1) for token in _near(item, gap, first)}
    yield from (f"near {kind}" for kind in near - _SILENT)
    if "words" in near and near.isdisjoint(_ROLES):
        yield "only words"
    yield f"order {_order(item, first, stop)}"
    said = sum(item.sentence.tokens[n].kind == "other" for n in item.own(first, stop))
    yield "said little" if said <= 1 else "said some" if said <= _LITTLE else "said much"


def _of_kinds(item: Item, first: int, stop: int) -> Iterator[str]:
    """The kinds of words before, between and behind the quotations."""
    before, behind = item.gaps[first], item.gaps[stop]
    led, followed = _behind_edge(before[-_NEAR:]), _to_edge(behind[:_NEAR])
    told = {"before": led, "behind": followed}
    told |= {f"between{n - first}": item.gaps[n] for n in range(first + 1, stop)}
    if first == 0:
        told["ahead"] = before[: len(before) - len(led)]
    if stop == len(item.quotes):
        told["at last"] = behind[len(followed) :]
    yield from (f"{where} {kind}" for where, tokens in told.items() for kind in _kinds(tokens))


def _of_verbs(item: Item, first: int, stop: int) -> Iterator[str]:
    """The nearest words that ask for something; and whether the quotations belong to a list with those around them."""
    before = _asking(item, range(first, -1, -1), last=True)
    behind = _asking(item, range(stop, len(item.gaps)), last=False)
    yield f"verb before {before}"
    yield f"verb behind {behind}"
    if stop - first > 1:
        yield f"verb between {_asking(item, range(first + 1, stop), last=False)}"
    if first and {token.kind for token in item.gaps[first]} <= _LINKS:
        yield f"continued {before}"


def _near(item: Item, gap: int, first: int) -> Sequence[Token]:
    tokens = item.gaps[gap]
    return tokens[-_NEAR:] if gap == first else tokens[:_NEAR]


def _order(item: Item, first: int, stop: int) -> str:
    """The last word of a change before the quotations, what is between them, and the first one behind."""
    before, behind = _behind_edge(item.gaps[first][-_NEAR:]), _to_edge(item.gaps[stop][:_NEAR])
    told = [[token.kind for token in before if token.kind in _ROLES][-1:]]
    for gap in range(first + 1, stop):
        told += [["Q"], [token.kind for token in item.gaps[gap] if token.kind in _ROLES][:2]]
    told += [["Q"], [token.kind for token in behind if token.kind in _ROLES][:1]]
    return " ".join(kind for kinds in told for kind in kinds)


def _asking(item: Item, gaps: Sequence[int], *, last: bool) -> str:
    for gap in gaps:
        kinds = [token.kind for token in item.gaps[gap] if token.kind in ASKING]
        if kinds:
            return kinds[-1] if last else kinds[0]
    return "none"


def _kinds(tokens: Sequence[Token]) -> set[str]:
    said = {token.kind for token in tokens}
    return said - _SILENT or ({"words"} if "other" in said else {"nothing"})


def _behind_edge(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens behind the last sign or "and" at which a request may begin."""
    at = max((n for n, token in enumerate(tokens) if token.kind in _EDGES), default=-1)
    return tokens[at + 1 :]


def _to_edge(tokens: Sequence[Token]) -> Sequence[Token]:
    at = next((n for n, token in enumerate(tokens) if token.kind in _EDGES), len(tokens))
    return tokens[:at]


def _of_sentence(item: Item, first: int, stop: int) -> Iterator[str]:
    yield from (f"sentence {kind}" for kind in _STANCES if kind in item.sentence.kinds)
    yield "wished" if item.wished else "not wished"
    others = len(item.quotes) - (stop - first)
    yield f"other quotations {min(others, 2)}"
