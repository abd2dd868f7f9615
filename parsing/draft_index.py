"""An index of a Draft by part, number, opening words and words, for those who look paragraphs up."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from parsing.model import Draft, Paragraph
from parsing.text.normalize import fold
from parsing.text.search import Match, find
from parsing.text.segment import WORD


@dataclass(frozen=True, slots=True)
class DraftIndex:
    """The labels of a Draft in `order`, those of its `preamble` and `commitments`, and the words of each paragraph."""

    order: tuple[str, ...]
    preamble: tuple[str, ...]
    commitments: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    word_sets: dict[str, frozenset[str]]
    vocabulary: frozenset[str]
    """The words of all paragraphs."""
    by_word_set: dict[frozenset[str], str]
    """The label of the first paragraph that has all these words."""
    by_text: dict[str, str]
    """The same by the paragraph's text: most texts that are looked up are the draft's own."""

    @property
    def last_recital(self) -> str:
        """The last paragraph of the preamble before "We declare"."""
        plain = [label for label in self.preamble if self.words[label][:1] != ("we",)]
        return (plain or list(self.preamble))[-1]

    def of_part(self, part: str | None) -> tuple[str, ...]:
        if part == "preamble":
            return self.preamble
        return self.commitments if part == "operative" else self.order

    def numbered(self, part: str, number: int) -> str | None:
        """The label of a number in a part; negative numbers count from the end; None where there is no such number."""
        labels = self.of_part(part)
        if number < 0:
            labels = tuple(label for label in labels if part != "preamble" or self.words[label][:1] != ("we",))
            return labels[number] if -number <= len(labels) else None
        return labels[number - 1] if 0 < number <= len(labels) else None

    def before(self, label: str, by: int = 1) -> str:
        """The label of the paragraph that many before one; where there is none, of the first."""
        at = self.order.index(label)
        return self.order[max(0, at - by)]

    def beginning_with(self, text: str, part: str | None = None) -> tuple[str, ...]:
        """The paragraphs that begin with these words."""
        words = words_of(text)
        if not words:
            return ()
        return tuple(label for label in self.of_part(part) if self.words[label][: len(words)] == words)

    def about(self, text: str, part: str | None = None) -> tuple[str, ...]:
        """The paragraphs that hold these words, one after the other; else those that hold each of them somewhere."""
        words = words_of(text)
        if not words:
            return ()
        labels = self.of_part(part)
        phrase = f" {' '.join(words)} "
        found = tuple(label for label in labels if phrase in f" {' '.join(self.words[label])} ")
        return found or tuple(label for label in labels if self.word_sets[label].issuperset(words))

    def closest(self, text: str) -> tuple[str, float]:
        """The paragraph with most of the words of a text, and the share of them that it has."""
        if text in self.by_text:
            return self.by_text[text], 1.0
        words = frozenset(words_of(text))
        if words in self.by_word_set:
            return self.by_word_set[words], 1.0
        shared = {label: len(words & known) for label, known in self.word_sets.items()}
        best = max(shared, key=shared.__getitem__, default="")
        return best, shared.get(best, 0) / max(1, len(words))


@lru_cache(maxsize=256)
def words_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, folded; an ideograph is a word of its own."""
    return tuple(WORD.findall(fold(text).text))


@lru_cache(maxsize=8)
def index_of(draft: Draft) -> DraftIndex:
    words = {p.label: words_of(p.text) for p in draft.paragraphs}
    sets = {label: frozenset(those) for label, those in words.items()}
    by_set = {
        those: next(label for label, others in sets.items() if those <= others) for those in sets.values() if those
    }
    return DraftIndex(
        tuple(p.label for p in draft.paragraphs),
        _labels(draft.paragraphs, "preambular"),
        _labels(draft.paragraphs, "operative"),
        words,
        sets,
        frozenset[str]().union(*words.values()),
        by_set,
        {p.text: by_set[sets[p.label]] for p in draft.paragraphs if sets[p.label]},
    )


@lru_cache(maxsize=1024)
def holding(words: str, draft: Draft) -> tuple[tuple[str, tuple[Match, ...]], ...]:
    """The labels of the paragraphs that hold words without mistakes, each with where they are in it."""
    found = ((paragraph.label, find(words, paragraph.text, mistakes=False)) for paragraph in draft.paragraphs)
    return tuple((label, places) for label, places in found if places)


def _labels(paragraphs: Iterable[Paragraph], part: str) -> tuple[str, ...]:
    return tuple(p.label for p in paragraphs if p.part == part)
