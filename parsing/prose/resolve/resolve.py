"""Acts bound to the official text: where the words are, what changes there, and how sure that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsing.confidence import (
    A_SENTENCE,
    AT_AN_END,
    ELSEWHERE,
    ELSEWHERE_AND_DOUBTFUL,
    EVERYWHERE,
    MOVED_WORDS,
    NAMED,
    NAMED_WITH_MISTAKES,
    NEW_WORDING,
    OTHER_MEANING,
    OTHER_MEANING_WITH_MISTAKES,
    RESTATED,
    RESTATED_ELSEWHERE,
    RESTATED_IN_DOUBT,
    RESTATED_IN_PART,
    SEVERAL_TIMES,
    UNLIKELY_MEANING,
    UNNAMED,
    UNNAMED_AND_SHORT,
    WITHOUT_POSITION,
)
from parsing.draft_index import holding
from parsing.model import Draft
from parsing.prose.requests.acts import Act
from parsing.prose.resolve.restated import Restated, restated
from parsing.text import splice
from parsing.text.search import Match, find, is_sign
from parsing.text.splice import Splice

TITLES = ("title", "subtitle")
_NEXT = 3
"""Characters between words that are next to each other, at most."""


@dataclass(frozen=True, slots=True)
class Where:
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


@dataclass(frozen=True, slots=True)
class Bound:
    """A change of a paragraph. `doubt` says what a person should look at, `rewrite` that a whole wording was given."""

    label: str
    change: Splice
    confidence: float = NAMED
    doubt: str = ""
    rewrite: bool = False


@dataclass(frozen=True, slots=True)
class _Spot:
    label: str
    found: tuple[Match, ...]
    confidence: float = NAMED
    doubt: str = ""


def bind(act: Act, where: Where, draft: Draft) -> tuple[Bound, ...]:
    """The changes that an act asks for. Its words are looked for in what is named first, then in the whole text."""
    if act.kind == "read":
        return _reading(act, where, draft)
    if act.kind == "insert" and (act.beside is None or (act.how == "at_end" and is_sign(act.beside.word))):
        return tuple(_at_edge(act, where, draft))
    if act.how in ("sentence", "last_sign"):
        return (_for_a_sentence if act.how == "sentence" else _at_the_end)(act, where, draft)
    return tuple(_at_words(act, where, draft))


def _at_words(act: Act, where: Where, draft: Draft) -> Iterator[Bound]:
    """The changes at the words that are named, wherever these are."""
    wanted = act.old or act.beside
    assert wanted is not None
    for spot in _spots(wanted.word, where, draft):
        if _has_what_is_beside(act, spot, draft):
            official = draft.text(spot.label)
            for found in _chosen(spot, act, where, draft):
                yield from _changed(act, spot, found, official)
                yield from _put_elsewhere(act, spot, found, official)


def _has_what_is_beside(act: Act, spot: _Spot, draft: Draft) -> bool:
    """Whether words that are named with those beside them are there in the text."""
    if act.old is None or act.beside is None or act.kind == "move":
        return True
    return bool(_beside(act, spot.found, draft.text(spot.label)))


def _beside(act: Act, found: Sequence[Match], official: str) -> list[Match]:
    """The occurrences that are next to the words beside which an act tells them."""
    assert act.beside is not None
    beside = find(act.beside.word, official)
    return [
        f for f in found for b in beside if 0 <= (b.start - f.end if act.how == "before" else f.start - b.end) <= _NEXT
    ]


# --- where the words are ---------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _spots(words: str, where: Where, draft: Draft) -> Sequence[_Spot]:
    named = _in(words, where.labels, draft)
    if named:
        missed = {label[2:] for label in where.labels}.difference(label[2:] for label, _ in named)
        named += [(label, found) for label, found in _in(words, where.others, draft) if label[2:] in missed]
        return [_spot(label, found, NAMED, NAMED_WITH_MISTAKES) for label, found in named]
    if where.everywhere:
        return [_Spot(label, f, EVERYWHERE) for label, f in holding(words, draft)]
    others = _in(words, where.others, draft, mistakes=not where.labels)
    if len(others) == 1:
        label, found = others[0]
        if not where.labels:
            return [_spot(label, found, OTHER_MEANING, OTHER_MEANING_WITH_MISTAKES)]
        return [_Spot(label, found, UNLIKELY_MEANING, f"named as {where.labels[0]}, but the words are in {label}")]
    return _elsewhere(words, where, draft)


def _elsewhere(words: str, where: Where, draft: Draft) -> list[_Spot]:
    """In exactly one paragraph of the whole text."""
    found = holding(words, draft)
    if where.context and len(found) > 1:
        found = tuple((label, f) for label, f in found if find(where.context, draft.text(label), mistakes=False))
    if len(found) != 1:
        return []
    label, hits = found[0]
    if where.labels:
        doubt = f"named as {', '.join(where.labels)}, but the words are only in {label}"
        return [_Spot(label, hits, ELSEWHERE, doubt)]
    if where.missing:
        doubt = f"the draft has no {where.missing}; the words are only in {label}"
        return [_Spot(label, hits, ELSEWHERE_AND_DOUBTFUL, doubt)]
    if len(words.split()) >= 3:
        return [_Spot(label, hits, UNNAMED)]
    return [_Spot(label, hits, UNNAMED_AND_SHORT, f"no paragraph is named; the words are only in {label}")]


def _in(
    words: str, labels: Sequence[str], draft: Draft, *, mistakes: bool = True
) -> list[tuple[str, tuple[Match, ...]]]:
    hits = ((label, find(words, draft.text(label), mistakes=mistakes)) for label in labels)
    return [(label, hit) for label, hit in hits if hit]


def _spot(label: str, found: tuple[Match, ...], plainly: float, with_mistakes: float) -> _Spot:
    """A paragraph that has the words, as they are or with small mistakes, and how sure either is."""
    doubt = _mistake(found)
    return _Spot(label, found, with_mistakes if doubt else plainly, doubt)


def _mistake(found: Sequence[Match]) -> str:
    mistaken = any(one.exactness == "mistaken" for one in found)
    return "the words are there with small differences" if mistaken else ""


def _chosen(spot: _Spot, act: Act, where: Where, draft: Draft) -> Sequence[Match]:
    """The occurrences that are meant: all, where that is said; the one whose number is given; else the first of those
    in the sentence or beside the words named.
    """
    official, found = draft.text(spot.label), spot.found
    if len(found) == 1 or where.everywhere:
        return found
    if not where.occurrence and _exchanges_signs(act) and act.beside is None and found[-1].end == len(official):
        return found[-1:]
    nth = where.occurrence - (where.occurrence > 0)
    if where.occurrence and -len(found) <= nth < len(found):
        return [found[nth]]
    told = _told_apart(act, found, where, official)
    return told if len(told) == 1 else [Match(told[0].start, told[0].end, "several")]


def _told_apart(act: Act, found: Sequence[Match], where: Where, official: str) -> Sequence[Match]:
    """The occurrences beside the words that are named, in the sentence, in the words around; all where none is so."""
    if act.old is not None and act.beside is not None:
        found = _beside(act, found, official) or found
    if where.context:
        found = [one for one in found if _is_inside(one, find(where.context, official, mistakes=False))] or found
    return found


def _is_inside(one: Match, around: Sequence[Match]) -> bool:
    return any(other.start <= one.start and one.end <= other.end for other in around)


def _exchanges_signs(act: Act) -> bool:
    """Whether the sign at the end of a paragraph is to be replaced by another."""
    return act.kind == "replace" and all(token is not None and is_sign(token.word) for token in (act.old, act.new))


# --- what changes there ------------------------------------------------------------------------------


def _changed(act: Act, spot: _Spot, found: Match, official: str) -> Iterator[Bound]:
    confidence, doubt = spot.confidence, spot.doubt
    if found.exactness == "several":
        confidence, doubt = SEVERAL_TIMES, doubt or "the words occur there more than once"
    change = _change(act, found, official)
    if change is None:
        return
    if change.new == official[change.start : change.end]:
        return
    yield Bound(spot.label, change, confidence, doubt)


def _put_elsewhere(act: Act, spot: _Spot, found: Match, official: str) -> Iterator[Bound]:
    """Words that were taken out, at the place in the same paragraph where they shall be."""
    if act.kind != "move" or act.beside is None:
        return
    words = official[found.start : found.end + (act.how == "before" and official[found.end : found.end + 1] == ",")]
    for there in find(act.beside.word, official, mistakes=False)[:1]:
        before = act.how == "before"
        put = splice.inserted_before if before else splice.inserted_after
        change = put(official, there.start if before else there.end, words)
        yield Bound(spot.label, change, MOVED_WORDS, "words are moved")


def _change(act: Act, found: Match, official: str) -> Splice | None:
    start, end = found.start, found.end
    if act.kind == "replace":
        assert act.old is not None
        assert act.new is not None
        return splice.replaced(official, start, end, act.old.word, act.new.word)
    if act.kind in ("delete", "move"):
        return _deleted(act, start, end, official)
    assert act.new is not None
    if official[start - 1 : start] == "“" and official[end : end + 1] == "”":
        start, end = start - 1, end + 1  # new words are beside the quotation marks of the text, not inside them
    if act.how == "before":
        return splice.inserted_before(official, start, act.new.word)
    return splice.inserted_after(official, end, act.new.word)


def _deleted(act: Act, start: int, end: int, official: str) -> Splice | None:
    if act.how == "from_here":
        return Splice(len(official[:start].rstrip(" ,;")), len(official.rstrip(" ;.,")), "")
    if act.how == "rest":
        stop = len(official.rstrip(" ;.,"))
        return Splice(end, stop + (official[end - 1] == official[stop : stop + 1]), "")
    if act.how == "from":
        assert act.new is not None
        last = next((f for f in find(act.new.word, official) if f.start >= end), None)
        return None if last is None else splice.deleted(official, start, last.end)
    return splice.deleted(official, start, end)


def _at_edge(act: Act, where: Where, draft: Draft) -> Iterator[Bound]:
    """At the beginning or the end of the paragraph or of the sentence that is named; `beside` is a sign put before."""
    assert act.new is not None
    words = act.new.word if act.beside is None else f"{act.beside.word} {act.new.word.lstrip(' ,;')}"
    for label in where.labels:
        official = draft.text(label)
        start, end = splice.sentence_span(official, where.sentence) or (0, len(official))
        if act.how == "at_start":
            yield Bound(label, splice.inserted_before(official, start, words), AT_AN_END)
        elif act.how == "at_end":
            yield Bound(label, splice.at_end(official, words, end), AT_AN_END)
        elif splice.carries_on(words):
            doubt = "it is not said where in the paragraph"
            yield Bound(label, splice.at_end(official, words), WITHOUT_POSITION, doubt)


def _for_a_sentence(act: Act, where: Where, draft: Draft) -> tuple[Bound, ...]:
    """New words for a sentence of the paragraph that is named, or none: then its first words are quoted."""
    if len(where.labels) != 1:
        return ()
    official = draft.text(where.labels[0])
    span = splice.sentence_span(official, where.sentence)
    if span is None or (act.old and not any(one.start == span[0] for one in find(act.old.word, official))):
        return ()
    change = Splice(*span, act.new.word.strip()) if act.new else splice.without_sentence(official, *span)
    return (Bound(where.labels[0], change, A_SENTENCE),)


def _at_the_end(act: Act, where: Where, draft: Draft) -> tuple[Bound, ...]:
    """Another sign at the end of the paragraph that is named."""
    assert act.new is not None
    end = len(draft.text(where.labels[0]))
    return (Bound(where.labels[0], Splice(end - 1, end, act.new.word.strip()), AT_AN_END),)


def _reading(act: Act, where: Where, draft: Draft) -> tuple[Bound, ...]:
    """A paragraph that shall read so: the difference; of a part of it, the difference in that part."""
    assert act.new is not None
    words, label = act.new.word, where.labels[0] if len(where.labels) == 1 else ""
    found = restated(words, draft, where.labels)
    if found is not None:
        return rewritten(found, where.labels)
    return _wholly_new(words, label, draft) if label else ()


def rewritten(again: Restated, labels: Sequence[str] = (), doubt: str = "") -> tuple[Bound, ...]:
    """The changes of a paragraph that is restated; `labels` are those that are named, `doubt` speaks against them."""
    sure = RESTATED_IN_DOUBT if doubt else RESTATED
    if labels and again.label not in labels:
        sure, doubt = RESTATED_ELSEWHERE, f"named as {labels[0]}, but it says {again.label} again"
    elif again.part:
        sure, doubt = RESTATED_IN_PART, "only a part of the paragraph is restated"
    return tuple(Bound(again.label, change, sure, doubt, rewrite=True) for change in again.changes)


def _wholly_new(words: str, label: str, draft: Draft) -> tuple[Bound, ...]:
    """A wholly new wording of a paragraph, or of a title; a short one may be that of some words of it."""
    official = draft.text(label)
    if len(words) < len(official) / 3 and label not in TITLES:
        return ()
    change = Splice(0, len(official), words.strip())
    return (Bound(label, change, NEW_WORDING, "" if label in TITLES else "wholly new wording", rewrite=True),)
