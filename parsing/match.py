"""Which Line of a file is which paragraph of the Draft: by words, in order first, then moved ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from parsing.model import Draft
from parsing.stream import Line
from parsing.words import alike, key, words

ALIKE = 0.45
"""Two wordings of one paragraph share at least this much: different paragraphs of the draft share up to 0.33, the
boldest rewriting that was seen 0.56."""
MOVED = 0.7
"""Out of its order, a paragraph must be more alike to be taken for the same."""


@dataclass(frozen=True, slots=True)
class Match:
    """`of` maps the index of a Line to the index of its paragraph; `moved` holds the Lines that stand out of order."""

    of: dict[int, int]
    moved: frozenset[int]

    @property
    def first(self) -> int:
        """The index of the first matched Line; -1 without any."""
        return min(self.of, default=-1)

    @property
    def last(self) -> int:
        return max(self.of, default=-1)


def match(lines: Sequence[Line], draft: Draft) -> Match:
    """The best assignment of Lines to paragraphs: each to one at most, in order where it can be."""
    scores = _scores(lines, draft)
    of = _in_order(scores, len(lines), len(draft.paragraphs))
    taken = set(of.values())
    moved = set()
    for score, line, paragraph in sorted(((s, i, j) for (i, j), s in scores.items()), reverse=True):
        if score >= MOVED and line not in of and paragraph not in taken:
            of[line] = paragraph
            taken.add(paragraph)
            moved.add(line)
    return Match(of, frozenset(moved))


def _scores(lines: Sequence[Line], draft: Draft) -> dict[tuple[int, int], float]:
    exact: dict[str, list[int]] = {}
    for j, paragraph in enumerate(draft.paragraphs):
        exact.setdefault(key(paragraph.text), []).append(j)
    scores = {}
    for i, line in enumerate(lines):
        text = key(line.original)
        if not text:
            continue
        if text in exact:
            scores |= {(i, j): 1.0 for j in exact[text]}
            continue
        for j, paragraph in enumerate(draft.paragraphs):
            if _comparable(len(words(text)), len(words(paragraph.text))) and (
                score := alike(line.original, paragraph.text, ALIKE)
            ):
                scores[i, j] = score
    return scores


def _comparable(one: int, other: int) -> bool:
    """Whether two lengths let the texts be alike at all: the ratio is at most 2 * shorter / (shorter + longer)."""
    return 2 * min(one, other) >= ALIKE * (one + other)


def _in_order(scores: dict[tuple[int, int], float], lines: int, paragraphs: int) -> dict[int, int]:
    """The assignment that keeps the order and has the largest sum of scores, by dynamic programming."""
    best = [[0.0] * (paragraphs + 1) for _ in range(lines + 1)]
    for i in range(lines - 1, -1, -1):
        for j in range(paragraphs - 1, -1, -1):
            skip = max(best[i + 1][j], best[i][j + 1])
            best[i][j] = max(skip, scores.get((i, j), -1.0) + best[i + 1][j + 1])
    of, i, j = {}, 0, 0
    while i < lines and j < paragraphs:
        if (i, j) in scores and best[i][j] == scores[i, j] + best[i + 1][j + 1]:
            of[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return of
