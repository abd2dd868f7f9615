"""Which Line of a file is which paragraph of the Draft: by words, in order first, then moved, split and merged ones."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import Indel

from parsing.model import Draft
from parsing.placing.marked_lines import Line
from parsing.text.words import number_before, paragraph_key, similarity, words

COVERS = 0.6
"""A file that holds this share of the draft's paragraphs is a version of it: what it lacks was taken out."""
ALIKE = 0.45
"""Two wordings of one paragraph share at least this much: different paragraphs of the draft share up to 0.33, the
boldest rewriting that was seen 0.56."""
BETWEEN = 0.36
"""Between two matched neighbours less is enough."""
NUMBERED = 0.15
"""And less still under the paragraph's own number."""
MOVED = 0.7
"""Out of its order, a paragraph must be more alike to be taken for the same."""
CONTAINED = 0.6
"""Of the words of a part, those that must stand in the whole."""
BETTER = 0.03
"""How much more alike the whole must become by a part."""

_Scores = dict[tuple[int, int], float]


@dataclass(slots=True)
class Match:
    """`of` maps the index of a Line to the index of its paragraph; `moved` holds the Lines that stand out of order.

    `split` maps a matched Line to those after it that hold the rest of its paragraph, `merged` a matched Line to the
    paragraphs after its own that it holds too.
    """

    of: dict[int, int]
    moved: set[int] = field(default_factory=set)
    split: dict[int, list[int]] = field(default_factory=dict)
    merged: dict[int, list[int]] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The index of the first matched Line; -1 without any."""
        return min(self.of, default=-1)

    @property
    def last(self) -> int:
        return max(self.of, default=-1)

    @property
    def held(self) -> set[int]:
        """The paragraphs that the file holds."""
        return set(self.of.values()) | {j for more in self.merged.values() for j in more}

    @property
    def parts(self) -> set[int]:
        """The Lines that are the later parts of a split paragraph."""
        return {i for more in self.split.values() for i in more}


def match(lines: Sequence[Line], draft: Draft) -> Match:
    """The best assignment of Lines to paragraphs: each to one at most, in order where it can be."""
    scores = _scores(lines, draft)
    found = Match(_in_order(scores))
    taken = set(found.of.values())
    for score, line, paragraph in sorted(((s, i, j) for (i, j), s in scores.items()), reverse=True):
        if score >= MOVED and line not in found.of and paragraph not in taken:
            found.of[line] = paragraph
            taken.add(paragraph)
            found.moved.add(line)
    _between(found, lines, draft)
    _split(found, lines, draft)
    _merged(found, lines, draft)
    return found


def nearest(text: str, draft: Draft) -> tuple[int, float]:
    """(index, how alike) of the paragraph that is most like a text."""
    scores = [(similarity(text, paragraph.text), -j) for j, paragraph in enumerate(draft.paragraphs)]
    score, index = max(scores, default=(0.0, 0))
    return -index, score


def _scores(lines: Sequence[Line], draft: Draft) -> _Scores:
    """How alike each Line is to each paragraph, where it is enough. Words are written as one character each."""
    exact: dict[str, list[int]] = {}
    letters: dict[str, str] = {}
    choices = []
    for j, paragraph in enumerate(draft.paragraphs):
        exact.setdefault(paragraph_key(paragraph.text), []).append(j)
        choices.append("".join(letters.setdefault(w, chr(0x10000 + len(letters))) for w in words(paragraph.text)))
    scores: _Scores = {}
    for i, line in enumerate(lines):
        text = paragraph_key(line.original)
        if text in exact:
            scores |= {(i, j): 1.0 for j in exact[text]}
        elif text:
            written = "".join(letters.get(word, "?") for word in words(line.original))
            near = process.extract(
                written, choices, scorer=Indel.normalized_similarity, processor=None, limit=None, score_cutoff=ALIKE
            )
            scores |= {(i, j): score for _, score, j in near}
    return scores


def _in_order(scores: _Scores) -> dict[int, int]:
    """The assignment that keeps the order and has the largest sum of scores, by dynamic programming."""
    lines, paragraphs = sorted({i for i, _ in scores}), sorted({j for _, j in scores})
    best = [[0.0] * (len(paragraphs) + 1) for _ in range(len(lines) + 1)]
    for i in range(len(lines) - 1, -1, -1):
        for j in range(len(paragraphs) - 1, -1, -1):
            pair = scores.get((lines[i], paragraphs[j]), -1.0) + best[i + 1][j + 1]
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    of, i, j = {}, 0, 0
    while i < len(lines) and j < len(paragraphs):
        score = scores.get((lines[i], paragraphs[j]))
        if score is not None and best[i][j] == score + best[i + 1][j + 1]:
            of[lines[i]] = paragraphs[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return of


def _between(found: Match, lines: Sequence[Line], draft: Draft) -> None:
    """Matches what stands alone between two matched neighbours, though it is less alike."""
    held = found.held
    order = [(i, j) for i, j in sorted(found.of.items()) if i not in found.moved]
    for (i, j), (after, until) in pairwise(order):
        open_lines = [k for k in range(i + 1, after) if k not in found.of and lines[k].original.strip()]
        open_paragraphs = [k for k in range(j + 1, until) if k not in held]
        if not open_lines or not open_paragraphs:
            continue
        scores = {
            (a, b): score
            for a in open_lines
            for b in open_paragraphs
            if (score := similarity(lines[a].original, draft.paragraphs[b].text))
            >= (NUMBERED if _number(lines[a]) == (draft.paragraphs[b].number or "-") else BETWEEN)
        }
        found.of |= _in_order(scores)


def _number(line: Line) -> str:
    """The number typed or shown before a Line, its digits alone."""
    return "".join(re.findall(r"\d+", line.original[: number_before(line.original)] or line.number or ""))


def _split(found: Match, lines: Sequence[Line], draft: Draft) -> None:
    """Paragraphs of which the file has made several: a free neighbour holds words that the matched Line lacks."""
    parts: set[int] = set()

    def free(i: int) -> bool:
        return 0 <= i < len(lines) and i not in found.of and i not in parts and bool(words(lines[i].original))

    for i, j in sorted(found.of.items()):
        first, last = _grown(i, free, draft.paragraphs[j].text, lines)
        if first != last:
            del found.of[i]
            found.of[first] = j
            found.split[first] = list(range(first + 1, last + 1))
            parts.update(found.split[first])
            found.moved = {first if k == i else k for k in found.moved}


def _grown(i: int, free: Callable[[int], bool], official: str, lines: Sequence[Line]) -> tuple[int, int]:
    """(first, last) of the Lines around i that together hold its paragraph."""

    def joins(part: str, joined: str) -> bool:
        return _belongs(part, official) and similarity(joined, official) > similarity(text, official) + BETTER

    first = last = i
    text = lines[i].original
    while free(last + 1) and joins(part := lines[last + 1].original, joined := f"{text} {part}"):
        last, text = last + 1, joined
    while free(first - 1) and joins(part := lines[first - 1].original, joined := f"{part} {text}"):
        first, text = first - 1, joined
    return first, last


def _merged(found: Match, lines: Sequence[Line], draft: Draft) -> None:
    """Neighbouring paragraphs that the file has run together in one Line."""
    held = found.held
    for i, j in sorted(found.of.items()):
        line = lines[i].original
        first = last = j
        official = draft.paragraphs[j].text
        while last + 1 < len(draft.paragraphs) and last + 1 not in held:
            more = draft.paragraphs[last + 1].text
            if not (
                _belongs(more, line) and similarity(line, f"{official} {more}") > similarity(line, official) + BETTER
            ):
                break
            last, official = last + 1, f"{official} {more}"
            held.add(last)
        while first > 0 and first - 1 not in held:
            more = draft.paragraphs[first - 1].text
            if not (
                _belongs(more, line) and similarity(line, f"{more} {official}") > similarity(line, official) + BETTER
            ):
                break
            first, official = first - 1, f"{more} {official}"
            held.add(first)
        if first != last and i not in found.split:
            found.of[i] = first
            found.merged[i] = list(range(first + 1, last + 1))


def _belongs(part: str, whole: str) -> bool:
    """Whether most words of a part stand in the whole, in their order."""
    own, all_of_it = len(words(part)), len(words(whole))
    common = similarity(part, whole) * (own + all_of_it) / 2
    return own > 1 and common >= CONTAINED * own
