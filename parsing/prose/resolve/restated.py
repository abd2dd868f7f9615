"""Paragraphs of the draft that are restated with changes: which they are, and the difference word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from parsing.draft_index import index_of, words_of
from parsing.model import Draft
from parsing.text.diff_words import Same, diff_words
from parsing.text.search import find
from parsing.text.splice import Splice, at_start
from parsing.text.words import lower_emphatic_capitals, number_before, similarity

WHOLE = 0.5
"""Two wordings of one paragraph share at least this much; different paragraphs of the draft share up to 0.33."""
_FRAGMENT = 0.6
"""A part of a paragraph that is named shares at least this much of its own words with it."""
_NEARLY_ALL = 0.8
"""A part of a paragraph that is not named shares at least this much, of at least _PIECE words."""
_PIECE = 10
_BREAKS_OFF = 0.8
"""A wording that ends, without a closing sign, before this much of the paragraph leaves the rest as it is."""
_FEWEST = 4
"""Words that may be in the same order by chance are fewer."""
_LONGEST = 6000
_ENDS = " ;,."
_WORD = re.compile(r"\w+")
_ELLIPSIS = re.compile(r"\s*[\[(]?(?:\.{3,}|…+)[\])]?\s*")


@dataclass(frozen=True, slots=True)
class Restated:
    """Changes that a wording makes to a paragraph, or to a `part` of it. `share` of the wording's words are in the
    official text.
    """

    label: str
    changes: tuple[Splice, ...]
    share: float
    part: bool = False


def restated(text: str, draft: Draft, labels: Sequence[str] = ()) -> Restated | None:
    """What a text changes in the paragraph that it restates; None where it restates none. `labels` are those that
    the words around name: they decide before likeness does.
    """
    bare = text[number_before(text) :]
    own, index = words_of(bare[:_LONGEST]), index_of(draft)
    if 2 * sum(map(index.vocabulary.__contains__, own)) < len(own):
        return None
    likely = dict.fromkeys((*labels[:6], index.closest(bare[:_LONGEST])[0]))
    found = (difference(bare, draft, label) for label in likely if _may_be(own, draft, label))
    return next((one for one in found if _is_said_again(own, one, named=one.label in labels)), None)


def _may_be(own: Sequence[str], draft: Draft, label: str) -> bool:
    """Whether enough of the words are in the paragraph at all; and the text is no novel."""
    theirs = index_of(draft).word_sets[label]
    return len(own) < 40 + 4 * len(theirs) and 2 * sum(map(theirs.__contains__, own)) >= len(own)


def _is_said_again(own: Sequence[str], found: Restated, *, named: bool) -> bool:
    """Whether the wording is the paragraph's: the whole, or a part that shares most of its words."""
    part = found.share >= _FRAGMENT if named else found.share >= _NEARLY_ALL and len(own) >= _PIECE
    return part or not found.part


def difference(text: str, draft: Draft, label: str) -> Restated:
    """The word difference between a wording and the paragraph; where the wording has gaps, piece by piece."""
    official = draft.text(label)
    text = text.strip("\"'“”«» \n")
    share = _share(text, official)
    pieces = [piece for piece in _ELLIPSIS.split(text) if words_of(piece)]
    if pieces == [text] and similarity(text, official) >= WHOLE and not _is_part(text, official):
        return Restated(label, tuple(_whole(text, official)), share)
    changes: list[Splice] = []
    for piece in pieces:
        window = _window(piece, official, changes[-1].end if changes else 0)
        if window is None:
            return Restated(label, (), 0.0, part=True)
        changes += _changes(piece.strip(_ENDS + "[]"), official, *window)
    return Restated(label, tuple(changes), share, part=True)


def _share(text: str, official: str) -> float:
    """Of the words of the text, how many the official paragraph has in the same order."""
    own = words_of(text)
    if len(own) < _FEWEST:
        return float(bool(own and find(text, official, mistakes=False)))
    return LCSseq.similarity(own, words_of(official)) / len(own)


def _is_part(text: str, official: str) -> bool:
    """Whether a wording begins in the middle of the paragraph, in small letters, or breaks off before its end."""
    start, end = _window(text, official, 0) or (0, len(official))
    return (start > 0 and text[0].islower()) or (text[-1].isalnum() and end < _BREAKS_OFF * len(official))


def _window(piece: str, official: str, after: int) -> tuple[int, int] | None:
    """The stretch of the official text that takes the fewest words put in, left out or exchanged to become the piece;
    None where that is half of its words.
    """
    own, theirs = words_of(piece), [word for word in _WORD.finditer(official) if word.start() >= after]
    costs = [(0, n) for n in range(len(theirs) + 1)]
    for put_in, said in enumerate(own, 1):
        row = [(put_in, 0)]
        for n, word in enumerate(theirs):
            cost, start = costs[n]
            exchanged = (cost + (word[0].lower() != said), start)
            row.append(min(exchanged, (costs[n + 1][0] + 1, costs[n + 1][1]), (row[n][0] + 1, row[n][1])))
        costs = row
    (cost, first), last = min((one, n) for n, one in enumerate(costs))
    return (theirs[first].start(), theirs[last - 1].end()) if 2 * cost < len(own) and first < last else None


def _whole(text: str, official: str) -> Iterator[Splice]:
    """The differences of two whole wordings; closing punctuation that the text leaves out is none."""
    text = text.strip()
    bare, end = text.rstrip(_ENDS), len(official.rstrip(_ENDS))
    if text[len(bare) :].strip() in ("", ".", official[end:].strip()):
        return _changes(bare, official, 0, end)
    return _changes(text, official, 0, len(official))


def _changes(text: str, official: str, start: int, end: int) -> Iterator[Splice]:
    """The differences of a text from official[start:end]; those with no more than a space between them are one."""
    last: Splice | None = None
    for token in diff_words(text, official[start:end]):
        if isinstance(token, Same):
            continue
        new = lower_emphatic_capitals(text[token.start : token.end], official)
        change = Splice(token.official_start + start, token.official_end + start, new)
        if change.end == 0 and new.islower():
            change = at_start(official, new)
        between = official[last.end : change.start] if last else ""
        if last and not between.strip():
            change = Splice(last.start, change.end, last.new + between + change.new)
        elif last:
            yield last
        last = change
    if last:
        yield last
