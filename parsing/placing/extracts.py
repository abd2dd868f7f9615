"""Paragraphs that are shown with dots for what is left out: with the draft's words in the place of the dots."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsing.model import Block, Draft, MarkedText, Run
from parsing.placing.hand_marks import PLACES
from parsing.prose.references.references import places_of
from parsing.text.search import Match, find
from parsing.text.words import number_before, words

DOTS = re.compile(r"\s*[\[(]?(?:\.{3,}|…+)[\])]?\s*")
"""What stands for words that are left out."""
_LEAD = re.compile(r"[^:：\n]{1,80}[:：]\s*")
"""Words before an extract that may name its place: "OP5: … protected areas …"."""
_EDGES = ' \t,;."“”'
_REJECTED = ("kept", "deleted")
"""Marks of the words that were there before any change."""
_FEWEST = 3
"""Words of the draft in an extract, at least."""


@dataclass(frozen=True, slots=True)
class OnlyPlace:
    """The one paragraph that has the pieces of an extract, and what it has before, between and behind them."""

    official: str
    left_out: tuple[str, ...]


def only_place(pieces: Sequence[str], labels: Sequence[str], draft: Draft) -> OnlyPlace | None:
    """Where pieces are, one behind the other, once in the named paragraphs, or in the draft."""
    officials = [paragraph.text for paragraph in draft.paragraphs if not labels or paragraph.label in labels]
    found = [(official, places) for official in officials for places in _in_order(pieces, official)]
    if len(found) != 1:
        return None
    official, places = found[0]
    edges = (0, *(edge for place in places for edge in (place.start, place.end)), len(official))
    return OnlyPlace(official, tuple(official[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)))


def _in_order(pieces: Sequence[str], official: str) -> Iterator[Sequence[Match]]:
    """The places of pieces that follow each other in a paragraph; of a single one every place that it has."""
    if len(pieces) == 1:
        yield from ((match,) for match in find(pieces[0], official, mistakes=False))
        return
    places: list[Match] = []
    for piece in pieces:
        after = places[-1].end if places else 0
        match = next((one for one in find(piece, official, mistakes=False) if one.start >= after), None)
        if match is None:
            return
        places.append(match)
    yield places


def with_left_out(text: MarkedText, draft: Draft) -> MarkedText:
    """The text with the draft's words in its marked extracts, outside tables."""
    return replace(text, blocks=tuple(_filled(block, draft) if _may_be(block) else block for block in text.blocks))


def _may_be(block: Block) -> bool:
    is_marked = any(run.hand for run in block.runs)
    return is_marked and block.role == "own" and block.place in PLACES and block.cell is None


def _filled(block: Block, draft: Draft) -> Block:
    """The block with what its dots stand for, where its words without what is added are in one place of the draft."""
    rejected = "".join(run.text for run in block.runs if run.mark in _REJECTED)
    start = _end_of_lead(rejected, draft)
    dots = [match.span() for match in DOTS.finditer(rejected, start)]
    edges = (start, *(edge for span in dots for edge in span), len(rejected))
    pieces = [_trimmed(rejected, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if words(rejected[a:b])]
    said = [rejected[a:b] for a, b in pieces]
    if not (dots or _breaks_off(rejected)) or sum(len(words(one)) for one in said) < _FEWEST:
        return block
    place = only_place(said, places_of(rejected[:start], draft), draft)
    if place is None:
        return block
    ends = (0, *(edge for piece in pieces for edge in piece), len(rejected))
    between = zip(ends[::2], ends[1::2], place.left_out, strict=True)
    *gaps, last = [_Gap(a, b, text).without_shared_sign(rejected) for a, b, text in between]
    gaps.append(last.behind_shared_quote(rejected, place.official))
    return replace(block, runs=tuple(_with_words(block.runs, gaps)))


def _breaks_off(text: str) -> bool:
    """Whether words end as no paragraph does: what follows there is left out."""
    return text.rstrip()[-1:].isalnum()


def _end_of_lead(text: str, draft: Draft) -> int:
    """Where the wording begins, behind words that name its place, or its number."""
    lead = _LEAD.match(text)
    start = lead.end() if lead is not None and places_of(lead[0], draft) else 0
    return start + number_before(text[start:])


def _trimmed(text: str, start: int, stop: int) -> tuple[int, int]:
    """A piece without the signs around it."""
    while start < stop and text[start] in _EDGES:
        start += 1
    while start < stop and text[stop - 1] in _EDGES:
        stop -= 1
    return start, stop


@dataclass(frozen=True, slots=True)
class _Gap:
    """What is between two pieces, [start:stop) of the words before any change, and the draft's words for it."""

    start: int
    stop: int
    words: str

    def without_shared_sign(self, text: str) -> "_Gap":
        """Behind the sign at its beginning that the draft has there, too: what is added behind it stays behind it."""
        sign = text[self.start : self.stop][:1]
        return _Gap(self.start + 1, self.stop, self.words[1:]) if sign and sign == self.words[:1] else self

    def behind_shared_quote(self, text: str, official: str) -> "_Gap":
        """The last gap behind a closing quotation mark that belongs to the words before it in the draft, too."""
        before = official[: len(official) - len(self.words)]
        shared = text[self.start : self.start + 1] == "”" == before[-1:]
        return _Gap(self.start + 1, self.stop, self.words) if shared and self.start < self.stop else self


def _with_words(runs: Sequence[Run], gaps: Sequence[_Gap]) -> Iterator[Run]:
    """The runs with the draft's words in the gaps; what is there instead is in neither view."""
    waiting = list(gaps)
    if gaps[0].start == gaps[0].stop:
        yield from _kept(waiting.pop(0).words)
    at = 0
    for run in runs:
        if run.mark not in _REJECTED:
            yield run
            continue
        edges = (edge for gap in gaps for edge in (gap.start, gap.stop) if at < edge < at + len(run.text))
        for a, b in pairwise(sorted({at, at + len(run.text), *edges})):
            piece = replace(run, text=run.text[a - at : b - at])
            inside = any(gap.start <= a < gap.stop for gap in gaps)
            if inside and waiting and waiting[0].start == a:
                yield from _kept(waiting.pop(0).words)
            yield replace(piece, mark="undone", hand=True) if inside else piece
        at += len(run.text)
    for gap in waiting:
        yield from _kept(gap.words)


def _kept(text: str) -> Iterator[Run]:
    if text:
        yield Run(text)
