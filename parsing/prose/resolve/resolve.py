"""Acts bound to the official text: where the words are, what changes there, and how sure that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from parsing import confidence as sure
from parsing.draft_index import holding
from parsing.model import Draft
from parsing.prose.requests.acts import Act
from parsing.prose.resolve.restated import Restated, restated
from parsing.text import splice
from parsing.text.search import Match, find
from parsing.text.splice import Splice

TITLES = ("title", "subtitle")
_NEXT = 3
"""Characters between words that are next to each other, at most."""
_SEVERAL = 3
"""So many words are hardly in a paragraph by chance."""
_ENDS = " ;.,"


class Where(NamedTuple):
    """Where an act is to be looked for: the labels that are named, further readings of the name, then everywhere.
    `everywhere` asks for each occurrence; `occurrence` and `sentence` are the numbers of those that are named, or 0.
    """

    labels: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    everywhere: bool = False
    sentence: int = 0
    context: str = ""
    missing: str = ""
    occurrence: int = 0


class Bound(NamedTuple):
    """A change of a paragraph. `doubt` says what a person should look at, `rewrite` that a whole wording was given."""

    label: str
    change: Splice
    confidence: float = sure.NAMED
    doubt: str = ""
    rewrite: bool = False


@dataclass(frozen=True, slots=True)
class _Spot:
    """Places in a paragraph, and how sure it is that they are meant."""

    label: str
    found: tuple[Match, ...]
    confidence: float
    doubt: str = ""


def bind(act: Act, where: Where, draft: Draft) -> tuple[Bound, ...]:
    """The changes that an act asks for. Its words are looked for in what is named first, then in the whole text."""
    if act.kind == "read":
        return _reading(act, where, draft)
    wanted = None if act.how == "sentence" else act.old or act.beside
    spots = _parts(act, where, draft) if wanted is None else _chosen(act, wanted.word, where, draft)
    moved = "words are moved" if act.kind == "move" else ""
    return tuple(
        Bound(spot.label, change, spot.confidence, spot.doubt or moved)
        for spot in spots
        for found in spot.found
        for change in _changes(act, draft.text(spot.label), found.start, found.end)
        if change.new != draft.text(spot.label)[change.start : change.end]
    )


# --- where the words are ---------------------------------------------------------------------------


def _parts(act: Act, where: Where, draft: Draft) -> Iterator[_Spot]:
    """The paragraphs that are named, or the sentence of them: for other words there, or more at an end."""
    for label in where.labels:
        official = draft.text(label)
        span = splice.sentence_span(official, where.sentence)
        if act.how == "sentence":
            begins = act.old is None or any(span and one.start == span[0] for one in find(act.old.word, official))
            if span and begins and len(where.labels) == 1:
                yield _Spot(label, (Match(*span),), sure.A_SENTENCE)
        elif act.how:
            yield _Spot(label, (Match(*(span or (0, len(official)))),), sure.AT_AN_END)


def _chosen(act: Act, words: str, where: Where, draft: Draft) -> Iterator[_Spot]:
    """The occurrences of words that are meant: all, where that is said; the one whose number is given; else the first
    of those beside the words named, and in the words around.
    """
    for spot in _spots(words, where, draft):
        official, found, nth = draft.text(spot.label), spot.found, where.occurrence - (where.occurrence > 0)
        if act.old and act.beside and act.kind != "move":
            found = _beside(act, found, find(act.beside.word, official))
        if where.occurrence and -len(found) <= nth < len(found):
            found = (found[nth],)
        elif len(found) > 1 and not where.everywhere and where.context:
            around = find(where.context, official, mistakes=False)
            found = tuple(f for f in found if any(a.start <= f.start and f.end <= a.end for a in around)) or found
        if len(found) == 1 or where.everywhere:
            yield _Spot(spot.label, found, spot.confidence, spot.doubt)
        elif found:
            doubt = spot.doubt or "the words occur there more than once"
            yield _Spot(spot.label, found[:1], sure.SEVERAL_TIMES, doubt)


def _beside(act: Act, found: Sequence[Match], beside: Sequence[Match]) -> tuple[Match, ...]:
    """The occurrences that are next to the words beside which an act tells them."""
    gaps = {f: [b.start - f.end if act.how == "before" else f.start - b.end for b in beside] for f in found}
    return tuple(f for f in found if any(0 <= gap <= _NEXT for gap in gaps[f]))


@lru_cache(maxsize=256)
def _spots(words: str, where: Where, draft: Draft) -> Sequence[_Spot]:
    """The paragraphs that have the words: those that are named, else all, else the only one."""
    named = _in(words, where.labels, draft)
    if named:
        missed = {label[2:] for label in where.labels}.difference(label[2:] for label, _ in named)
        named += [(label, found) for label, found in _in(words, where.others, draft) if label[2:] in missed]
        return [_spot(label, found, sure.NAMED, sure.NAMED_WITH_MISTAKES) for label, found in named]
    if where.everywhere:
        return [_Spot(label, found, sure.EVERYWHERE) for label, found in holding(words, draft)]
    others = _in(words, where.others, draft, mistakes=not where.labels)
    if len(others) == 1 and not where.labels:
        return [_spot(*others[0], sure.OTHER_MEANING, sure.OTHER_MEANING_WITH_MISTAKES)]
    held = holding(words, draft)
    told = [one for one in held if where.context and find(where.context, draft.text(one[0]), mistakes=False)]
    found = others if len(others) == 1 else told or held
    return [_Spot(*found[0], *_elsewhere(words, where, found[0][0]))] if len(found) == 1 else []


def _elsewhere(words: str, where: Where, label: str) -> tuple[float, str]:
    """How sure it is that words are meant which one paragraph has that is not named, and the doubt."""
    if label in where.others and any(label[:2] == named[:2] for named in where.labels):  # both are "the last" of a part
        return sure.OTHER_MEANING, ""
    if where.labels:
        return sure.ELSEWHERE, f"named as {', '.join(where.labels)}, but the words are only in {label}"
    if where.missing:
        return sure.ELSEWHERE_AND_DOUBTFUL, f"the draft has no {where.missing}; the words are only in {label}"
    if len(words.split()) >= _SEVERAL:
        return sure.UNNAMED, ""
    return sure.UNNAMED_AND_SHORT, f"no paragraph is named; the words are only in {label}"


def _in(
    words: str, labels: Sequence[str], draft: Draft, *, mistakes: bool = True
) -> list[tuple[str, tuple[Match, ...]]]:
    hits = ((label, find(words, draft.text(label), mistakes=mistakes)) for label in labels)
    return [(label, hit) for label, hit in hits if hit]


def _spot(label: str, found: tuple[Match, ...], plainly: float, with_mistakes: float) -> _Spot:
    """A paragraph that has the words, as they are or with small mistakes, and how sure either is."""
    if any(one.exactness == "mistaken" for one in found):
        return _Spot(label, found, with_mistakes, "the words are there with small differences")
    return _Spot(label, found, plainly)


# --- what changes there ------------------------------------------------------------------------------


def _changes(act: Act, official: str, start: int, end: int) -> tuple[Splice, ...]:
    """What an act makes of official[start:end], the words that are old or beside which, or the whole of which."""
    new, old = (token.word if token else "" for token in (act.new, act.old))
    if act.kind == "insert":
        return (_inserted(act.how, official, start, end, new),)
    if act.how == "last_sign":
        return (Splice(end - 1, end, new.strip()),)
    if act.how == "sentence":
        return (Splice(start, end, new.strip()) if new else splice.without_sentence(official, start, end),)
    if act.kind == "replace":
        return (splice.replaced(official, start, end, old, new),)
    gone = tuple(_deleted(act.how, official, start, end, new))
    if act.kind != "move" or act.beside is None:
        return gone
    there = find(act.beside.word, official, mistakes=False)[:1]
    return (*gone, *(_inserted(act.how, official, one.start, one.end, official[start:end]) for one in there))


def _inserted(how: str, official: str, start: int, end: int, new: str) -> Splice:
    """Words put in before official[start:end], behind it, or at its end."""
    if how == "at_start":
        return splice.inserted_before(official, start, new)
    if how not in ("before", "after"):
        return splice.at_end(official, new, end)
    if official[start - 1 : start] == "“" and official[end : end + 1] == "”":
        start, end = start - 1, end + 1  # new words are beside the quotation marks of the text, not inside them
    return (
        splice.inserted_before(official, start, new) if how == "before" else splice.inserted_after(official, end, new)
    )


def _deleted(how: str, official: str, start: int, end: int, last: str) -> Iterator[Splice]:
    """official[start:end] taken out; or the rest behind it, all from it on, or up to the `last` words."""
    stop = len(official.rstrip(_ENDS))
    if how == "from_here":
        yield splice.deleted(official, start, stop)
    elif how == "rest":
        yield splice.deleted(official, end, stop)
    elif how == "from":
        stops = [one.end for one in find(last, official) if one.start >= end]
        yield from (splice.deleted(official, start, stop) for stop in stops[:1])
    else:
        yield splice.deleted(official, start, end)


def _reading(act: Act, where: Where, draft: Draft) -> tuple[Bound, ...]:
    """A paragraph that shall read so: the difference; or a wholly new wording of it, which is no shorter than a third
    of it, or of a title.
    """
    assert act.new is not None
    words = act.new.word.strip()
    found = restated(words, draft, where.labels)
    if found is not None:
        return rewritten(found, where.labels)
    label = where.labels[0] if len(where.labels) == 1 else ""
    if not label or (len(words) < len(draft.text(label)) / 3 and label not in TITLES):
        return ()
    change, doubt = Splice(0, len(draft.text(label)), words), "" if label in TITLES else "wholly new wording"
    return (Bound(label, change, sure.NEW_WORDING, doubt, rewrite=True),)


def rewritten(again: Restated, labels: Sequence[str] = (), doubt: str = "") -> tuple[Bound, ...]:
    """The changes of a paragraph that is restated; `labels` are those that are named, `doubt` speaks against them."""
    confidence = sure.RESTATED_IN_DOUBT if doubt else sure.RESTATED
    if labels and again.label not in labels:
        confidence, doubt = sure.RESTATED_ELSEWHERE, f"named as {labels[0]}, but it says {again.label} again"
    elif again.part:
        confidence, doubt = sure.RESTATED_IN_PART, "only a part of the paragraph is restated"
    return tuple(Bound(again.label, change, confidence, doubt, rewrite=True) for change in again.changes)
