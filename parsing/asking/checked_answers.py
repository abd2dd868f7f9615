"""What two readers have said of the sentences of a Mail, before it is put together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsing.asking.answers import Answer
from parsing.asking.checking import Checked
from parsing.model import AskedSentence, Edit, Kind, Outcome, Question, Unplaced

_WORD = re.compile(r"\w")
Span = tuple[str, int, int]
"""Characters [start, end) of the text of a Part."""


@dataclass(frozen=True, slots=True)
class Read:
    """What is known of a Mail: edits, the outcomes of the sentences, what found no place; and its class."""

    edits: tuple[Edit, ...]
    sentences: tuple[Outcome, ...]
    unplaced: tuple[Unplaced, ...]
    kind: Kind = "comments"


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question with the checked statements of its answer."""

    question: Question
    answer: Answer
    checked: tuple[Checked, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A checked statement with the indexes of the edits that it became, or agrees with."""

    checked: Checked
    edits: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Whether it is one of the edits."""
        return self.checked.holds and bool(self.edits)

    @property
    def is_remark(self) -> bool:
        """Whether it says something without a change."""
        return all(edit.action == "comment" for edit in self.checked.edits)


def spans_of(sentences: Iterable[AskedSentence]) -> list[Span]:
    """Where sentences are."""
    return [(one.source, one.start, one.end) for one in sentences]


def touches(outcome: Outcome, spans: Iterable[Span]) -> bool:
    """Whether a sentence has words in one of the spans."""
    return any(_has_words_in(outcome, start, end) for source, start, end in spans if source == outcome.source)


def _has_words_in(outcome: Outcome, start: int, end: int) -> bool:
    first, last = max(outcome.start, start), min(outcome.end, end)
    words = outcome.text[first - outcome.start : last - outcome.start]
    return first < last and (not outcome.text or _WORD.search(words) is not None)
