"""Which line of a file is which paragraph of the Draft: by words, in order first, then moved, split and merged ones."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile

from rapidfuzz import process
from rapidfuzz.distance import Indel

from parsing.model import Draft
from parsing.placing.marked_lines import MarkedLine
from parsing.text.words import number_before, paragraph_key, similarity, words

COVERS = 0.6
"""A file that holds this share of the draft's paragraphs is a version of it: what it lacks was taken out."""
ALIKE = 0.45
"""Two wordings of one paragraph are at least this similar: different paragraphs of the draft share up to 0.33, the
boldest rewriting that was seen 0.56."""
BETWEEN = 0.36
"""Between two matched neighbours less is enough."""
NUMBERED = 0.15
"""And less still under the paragraph's own number."""
MOVED = 0.7
"""Out of its order, a paragraph must be more alike to be taken for the same."""
CONTAINED = 0.6
"""The share of the words of a part that must be in the whole."""
BETTER = 0.03
"""How much more alike the whole must become by a part."""

_Scores = Mapping[tuple[int, int], float]
"""How similar a line (its index) is to a paragraph (its index), where it is enough to be one of its wordings."""


@dataclass(frozen=True, slots=True)
class ParagraphMatches:
    """The paragraph of each line that is one, by index: `of`. Lines in `moved` are out of the draft's order.

    `split` maps a matched line to those after it that hold the rest of its paragraph, `merged` a matched line to the
    paragraphs after its own that it holds too.
    """

    of: Mapping[int, int]
    moved: frozenset[int]
    split: Mapping[int, Sequence[int]]
    merged: Mapping[int, Sequence[int]]

    @property
    def first(self) -> int:
        """The index of the first matched line; -1 without any."""
        return min(self.of, default=-1)

    @property
    def last(self) -> int:
        """The index of the last matched line; -1 without any."""
        return max(self.of, default=-1)

    @property
    def held(self) -> set[int]:
        """The paragraphs that the file holds."""
        return set(self.of.values()) | {j for more in self.merged.values() for j in more}

    @property
    def parts(self) -> set[int]:
        """The lines that are the later parts of a split paragraph."""
        return {i for more in self.split.values() for i in more}


def match_paragraphs(lines: Sequence[MarkedLine], draft: Draft) -> ParagraphMatches:
    """The best assignment of lines to paragraphs: each to one at most, in order where it can be."""
    scores = _scores(lines, draft)
    in_order = _in_order(scores)
    moved = _out_of_order(scores, in_order)
    single = {**in_order, **moved, **_between(in_order, moved, lines, draft)}
    spans = _split(single, lines, draft)
    first_lines = {i: spans[i][0] if i in spans else i for i in single}
    of = {first_lines[i]: j for i, j in single.items()}
    split = {span[0]: span[1:] for span in spans.values()}
    merged = _merged(of, split, lines, draft)
    return ParagraphMatches(
        of={i: merged[i][0] if i in merged else j for i, j in of.items()},
        moved=frozenset(first_lines[i] for i in moved),
        split=split,
        merged={i: span[1:] for i, span in merged.items()},
    )


def nearest(text: str, draft: Draft) -> tuple[int, float]:
    """(index, similarity) of the paragraph that is most like a text."""
    scores = [(similarity(text, paragraph.text), -j) for j, paragraph in enumerate(draft.paragraphs)]
    score, index = max(scores, default=(0.0, 0))
    return -index, score


def _scores(lines: Sequence[MarkedLine], draft: Draft) -> _Scores:
    """The similarity of each line to each paragraph, where it is enough."""
    spelling = _spelling_of(draft)
    scores: dict[tuple[int, int], float] = {}
    for i, line in enumerate(lines):
        text = paragraph_key(line.original)
        if text in spelling.exact:
            scores |= {(i, j): 1.0 for j in spelling.exact[text]}
        elif text:
            near = process.extract(
                spelling.spelt(line.original),
                spelling.paragraphs,
                scorer=Indel.normalized_similarity,
                processor=None,
                limit=None,
                score_cutoff=ALIKE,
            )
            scores |= {(i, j): score for _, score, j in near}
    return scores


@dataclass(frozen=True, slots=True)
class _Spelling:
    """The paragraphs of a draft with one character for each word, as many lines are quickly compared with; `exact` are
    the paragraphs that have a text word for word.
    """

    letters: Mapping[str, str]
    paragraphs: Sequence[str]
    exact: Mapping[str, Sequence[int]]

    def spelt(self, text: str) -> str:
        """A text with one character for each word, the same one for all words that the draft does not have."""
        return "".join(self.letters.get(word, "?") for word in words(text))


@lru_cache(maxsize=8)
def _spelling_of(draft: Draft) -> _Spelling:
    letters: dict[str, str] = {}
    exact: dict[str, list[int]] = {}
    for j, paragraph in enumerate(draft.paragraphs):
        exact.setdefault(paragraph_key(paragraph.text), []).append(j)
        for word in words(paragraph.text):
            letters.setdefault(word, chr(0x10000 + len(letters)))
    paragraphs = ["".join(letters[word] for word in words(paragraph.text)) for paragraph in draft.paragraphs]
    return _Spelling(letters, paragraphs, exact)


# --- lines that are one paragraph each ---------------------------------------------------------------


def _in_order(scores: _Scores) -> dict[int, int]:
    """The assignment that keeps the order and has the largest sum of scores."""
    pairs = sorted(scores)
    if all(i < later_i and j < later_j for (i, j), (later_i, later_j) in pairwise(pairs)):
        return dict(pairs)  # each line is like one paragraph alone, and all are in order: mostly it is so
    lines, paragraphs = sorted({i for i, _ in scores}), sorted({j for _, j in scores})
    best = _best_sums(scores, lines, paragraphs)
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


def _best_sums(scores: _Scores, lines: Sequence[int], paragraphs: Sequence[int]) -> list[list[float]]:
    """The largest sum of scores that lines[i:] and paragraphs[j:] can have, for each i and j: dynamic programming."""
    best = [[0.0] * (len(paragraphs) + 1) for _ in range(len(lines) + 1)]
    for i in range(len(lines) - 1, -1, -1):
        for j in range(len(paragraphs) - 1, -1, -1):
            pair = scores.get((lines[i], paragraphs[j]), -1.0) + best[i + 1][j + 1]
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    return best


def _out_of_order(scores: _Scores, in_order: Mapping[int, int]) -> dict[int, int]:
    """The paragraphs of further lines, the most similar first, whatever their order."""
    moved: dict[int, int] = {}
    taken = set(in_order.values())
    for score, line, paragraph in sorted(((s, i, j) for (i, j), s in scores.items()), reverse=True):
        if score < MOVED:
            break
        if line not in in_order and line not in moved and paragraph not in taken:
            moved[line] = paragraph
            taken.add(paragraph)
    return moved


def _between(
    in_order: Mapping[int, int], moved: Mapping[int, int], lines: Sequence[MarkedLine], draft: Draft
) -> dict[int, int]:
    """The paragraphs of lines that are alone between two matched neighbours, though they are less similar."""
    found: dict[int, int] = {}
    taken = set(moved.values())
    for (line, paragraph), (next_line, next_paragraph) in pairwise(sorted(in_order.items())):
        open_lines = [i for i in range(line + 1, next_line) if i not in moved and lines[i].original.strip()]
        open_paragraphs = [j for j in range(paragraph + 1, next_paragraph) if j not in taken]
        if open_lines and open_paragraphs:
            found |= _in_order(_lower_scores(open_lines, open_paragraphs, lines, draft))
    return found


def _lower_scores(
    open_lines: Sequence[int], open_paragraphs: Sequence[int], lines: Sequence[MarkedLine], draft: Draft
) -> _Scores:
    scores = {}
    for i in open_lines:
        number = _number(lines[i])
        for j in open_paragraphs:
            paragraph = draft.paragraphs[j]
            score = similarity(lines[i].original, paragraph.text)
            if score >= (NUMBERED if number == (paragraph.number or "-") else BETWEEN):
                scores[i, j] = score
    return scores


def _number(line: MarkedLine) -> str:
    """The number typed or shown before a line, its digits alone."""
    return "".join(re.findall(r"\d+", line.original[: number_before(line.original)] or line.number or ""))


# --- split and merged paragraphs ---------------------------------------------------------------------


def _split(single: Mapping[int, int], lines: Sequence[MarkedLine], draft: Draft) -> dict[int, range]:
    """The lines, by one of them, that hold a paragraph together: its free neighbours hold words that it lacks."""
    texts = [line.original for line in lines]
    taken = set(single)
    spans = {}
    for i, j in sorted(single.items()):
        span = _grown(i, texts, taken, draft.paragraphs[j].text)
        if len(span) > 1:
            spans[i] = span
            taken.update(span)
    return spans


def _merged(
    of: Mapping[int, int], split: Mapping[int, Sequence[int]], lines: Sequence[MarkedLine], draft: Draft
) -> dict[int, range]:
    """The paragraphs that each line holds which has run several together; none for one that is itself split."""
    texts = [paragraph.text for paragraph in draft.paragraphs]
    taken = set(of.values())
    spans = {}
    for i, j in sorted(of.items()):
        span = _grown(j, texts, taken, lines[i].original)
        taken.update(span)
        if len(span) > 1 and i not in split:
            spans[i] = span
    return spans


def _grown(n: int, texts: Sequence[str], taken: Collection[int], whole: str) -> range:
    """The n-th text and those around it that are free and make it more similar to the whole, the following first."""
    first = last = n
    text = texts[n]
    for k in takewhile(lambda k: k not in taken, range(n + 1, len(texts))):
        joined = f"{text} {texts[k]}"
        if not _completes(texts[k], text, joined, whole):
            break
        last, text = k, joined
    for k in takewhile(lambda k: k not in taken, range(n - 1, -1, -1)):
        joined = f"{texts[k]} {text}"
        if not _completes(texts[k], text, joined, whole):
            break
        first, text = k, joined
    return range(first, last + 1)


def _completes(part: str, text: str, joined: str, whole: str) -> bool:
    """Whether a part belongs to the whole, and makes the text that it is joined to more similar to it."""
    return _belongs(part, whole) and similarity(joined, whole) > similarity(text, whole) + BETTER


def _belongs(part: str, whole: str) -> bool:
    """Whether most words of a part are in the whole, in their order."""
    own, all_of_it = len(words(part)), len(words(whole))
    common = similarity(part, whole) * (own + all_of_it) / 2
    return own > 1 and common >= CONTAINED * own
