"""The reading of a sentence that explains most of what it quotes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from parsing.model import Draft
from parsing.prose.hypotheses import Hypothesis, Item, hypotheses
from parsing.prose.requests.sentences import Sentence
from parsing.prose.weights import weights_of
from parsing.text.splice import spliced

_TOLD = 3
"""Hypotheses that are listed when one asks how a sentence was read, at most, beside those that were taken."""
_WORTH_TELLING = 0.01
"""The probability of one that was not taken, at least."""
_WEIGHTY = 5
"""Pieces of evidence that are listed of each."""
_WIDEST = 4
"""Requests before one that may be about the same words, at most."""
_KEPT = 3
"""Readings up to each quotation from which the search goes on: the best one may change what the next words change."""
_CLOSE = 2.5
"""The score of another reading that is about as likely is less by no more than this."""
UNEXPLAINED = 0.25
"""What it costs to leave a quotation without an explanation: a person is asked either way, and sees what is likely."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The hypotheses that together explain most, and all that were weighed."""

    chosen: tuple[Hypothesis, ...]
    weighed: tuple[Hypothesis, ...]
    about: frozenset[int] = frozenset()
    """The tokens that are about what was chosen."""

    def read(self, sentence: Sentence) -> list[bool]:
        """For each token of the sentence whether it is about what was chosen."""
        return [n in self.about for n in range(len(sentence.tokens))]


def probability(score: float) -> float:
    """The probability that belongs to odds."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


def has_rival(one: Hypothesis, weighed: Sequence[Hypothesis], draft: Draft) -> bool:
    """Whether another hypothesis about its quotations, which makes something else of the text, is about as likely."""
    reads = _texts(one, draft)
    close = (other for other in weighed if other.score > one.score - _CLOSE)
    others = (other for other in close if other.first < one.stop and one.first < other.stop)
    return any(not _texts(other, draft).items() <= reads.items() for other in others)


def _texts(one: Hypothesis, draft: Draft) -> dict[str, str]:
    """How the paragraphs that it changes read then, and the one that it adds."""
    labels = dict.fromkeys(bound.label for bound in one.bound)
    changed = {label: [bound.change for bound in one.bound if bound.label == label] for label in labels}
    return {label: spliced(draft.text(label), changes) for label, changes in changed.items()} or {one.after: one.text}


def solve(item: Item) -> Solution:
    """The hypotheses, none overlapping, whose scores add up to the most; what none explains takes a little away."""
    weighed = tuple(hypotheses(item))
    chosen = _best(weighed, len(item.at))
    said = (n for one in chosen for n in one.about)
    about = frozenset(n for n in said if item.sentence.tokens[n].kind != "place")
    return Solution(chosen, weighed, about)


def explained(solution: Solution, draft: Draft) -> tuple[str, ...]:
    """The likeliest hypotheses, a line each: what it is, where, with which probability, and what spoke for it most."""
    likeliest = sorted(solution.weighed, key=lambda one: -one.score)[:_TOLD]
    others = (one for one in likeliest if one not in solution.chosen and probability(one.score) >= _WORTH_TELLING)
    told = [*solution.chosen, *others]
    return tuple(_line(one, draft, taken=one in solution.chosen) for one in told)


def _line(one: Hypothesis, draft: Draft, *, taken: bool) -> str:
    known = weights_of(one.shape)
    weighty = sorted(((known[name], name) for name in one.evidence if name in known), key=_weight)
    spoke = ", ".join(f"{name} {weight:+.1f}" for weight, name in weighty[:_WEIGHTY])
    if weighty[_WEIGHTY:]:
        spoke += f", {len(weighty) - _WEIGHTY} more {sum(weight for weight, _ in weighty[_WEIGHTY:]):+.1f}"
    made = [
        f"{bound.label} [{draft.text(bound.label)[bound.change.start : bound.change.end]}|{bound.change.new}]"
        for bound in one.bound
    ]
    what = " & ".join(made) or f"{one.after} + {one.text}"
    return f"{'taken' if taken else 'not taken'}, {probability(one.score):.2f}: {one.shape}, {what} ({spoke})"


def _weight(evidence: tuple[float, str]) -> float:
    return -abs(evidence[0])


def _best(weighed: Sequence[Hypothesis], count: int) -> tuple[Hypothesis, ...]:
    """From the first quotation to the last: the best few readings up to each one; of all, the best."""
    ending: dict[int, list[Hypothesis]] = {}
    for one in weighed:
        ending.setdefault(one.stop, []).append(one)
    best: list[list[tuple[float, tuple[Hypothesis, ...]]]] = [[(0.0, ())]]
    for stop in range(1, count + 1):
        tried = [(total - UNEXPLAINED, chosen) for total, chosen in best[-1]]
        for one in ending.get(stop, ()):
            for total, chosen in best[one.first]:
                if not any(_overlap(one, other) for other in chosen[-_WIDEST:]):
                    tried.append((total + one.score, (*chosen, one)))
        best.append(sorted(tried, key=lambda reading: -reading[0])[:_KEPT])
    return best[-1][0][1]


def _overlap(one: Hypothesis, other: Hypothesis) -> bool:
    """Whether two hypotheses change the same words."""
    return any(
        a.label == b.label and a.change.start < b.change.end and b.change.start < a.change.end
        for a in one.bound
        for b in other.bound
    )
