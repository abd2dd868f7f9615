"""A Mail's text as its page shows it: Part by Part, each sentence with its outcome, and the counts of all outcomes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import get_args

from consultation.facts import EditFact
from consultation.marks_in_text import TextInPieces, marked_text
from consultation.sentences import SentenceFact, sentences_of
from parsing.model import OutcomeKind

OUTCOMES: tuple[OutcomeKind, ...] = (
    "edit",
    "unread",
    *(kind for kind in get_args(OutcomeKind) if kind not in ("edit", "unread")),
)
"""In the order of the legend: what was found, what needs a reader, then the rest."""
FOLDED: tuple[OutcomeKind, ...] = ("quoted", "official text")
"""Outcomes whose long runs are folded: words that are known from elsewhere."""
LONG = 600
"""Characters of a run that is long: more than about eight lines, which are skimmed at a glance."""


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence as its line of the page: `marked` are its words with what is deleted and inserted in them, without the
    line breaks around them; `gap` tells what is before it in the original (nothing, a `line` break, a `blank`
    line), `next_unread` is the number of the unread sentence after it, `edits` are those that it states.
    """

    fact: SentenceFact
    marked: TextInPieces
    gap: str
    next_unread: int | None = None
    edits: tuple[EditFact, ...] = ()

    @property
    def text(self) -> str:
        """The words with their line breaks, without those around them."""
        return self.fact.text.strip("\r\n").rstrip()


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """Sentences of one outcome that follow each other; `folded` where they are long and known from elsewhere."""

    kind: OutcomeKind
    sentences: tuple[ShownSentence, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class PartText:
    """The text of one Part, `counts` by outcome, those that it has."""

    source: str
    counts: Mapping[OutcomeKind, int]
    passages: tuple[ShownPassage, ...]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class MailText:
    """All texts of a Mail, `parts_in_all` of them; `first_unread` is the number of its first unread sentence."""

    parts: tuple[PartText, ...]
    parts_in_all: int
    counts: Mapping[OutcomeKind, int]
    total: int
    first_unread: int | None
    sentences_of: Mapping[str, Sequence[int]]
    """By the id of an edit: the numbers of the sentences that state it."""


def mail_text(
    sentences: Sequence[SentenceFact],
    edits: Iterable[EditFact] = (),
    officials: Mapping[str, str] | None = None,
    shown: range | None = None,
) -> MailText:
    """The text of a Mail, made of the outcomes of its sentences, which come Part by Part, and of its edits of a draft
    whose paragraphs are `officials`, by label. All are counted; the Parts hold those that are `shown`, by number.
    """
    lines = _Lines({fact.id: fact for fact in edits}, officials or {}, shown)
    unread = [one.n for one in sentences if one.kind == "unread"]
    following = dict(pairwise(unread))
    parts = [_part_text(members, following, lines) for members in _by_part(sentences)]
    return MailText(
        parts=tuple(part for part in parts if part.passages),
        parts_in_all=len(parts),
        counts=_counts(sentences),
        total=len(sentences),
        first_unread=unread[0] if unread else None,
        sentences_of=sentences_of(sentences),
    )


def _by_part(sentences: Iterable[SentenceFact]) -> list[list[SentenceFact]]:
    """The sentences of each text: another one begins with another Part, and where one of the mails inside goes back to
    a passage of the same.
    """
    parts: list[list[SentenceFact]] = []
    for one in sentences:
        last = parts[-1][-1] if parts else None
        if last and last.source == one.source and last.end <= one.start:
            parts[-1].append(one)
        else:
            parts.append([one])
    return parts


@dataclass(frozen=True, slots=True)
class _Lines:
    """What lines are made with: the edits by their ids, the draft's paragraphs, which sentences are shown."""

    edits: Mapping[str, EditFact]
    officials: Mapping[str, str]
    shown: range | None

    def line(self, one: SentenceFact, before: str, next_unread: int | None) -> ShownSentence:
        stated = tuple(self.edits[edit] for edit in one.edits if edit in self.edits)
        words = one.text.strip("\r\n").rstrip()
        here = [fact.read for fact in stated if one.source in fact.read.sources or not fact.read.sources]
        marked = marked_text(words, here, self.officials)
        return ShownSentence(one, marked, _gap(before, one.text), next_unread, stated)


def _part_text(sentences: Sequence[SentenceFact], following: Mapping[int, int], lines: _Lines) -> PartText:
    passages = groupby(_shown(sentences, following, lines), key=lambda one: one.fact.kind)
    return PartText(
        sentences[0].source, _counts(sentences), tuple(_passage(kind, tuple(members)) for kind, members in passages)
    )


def _shown(sentences: Iterable[SentenceFact], following: Mapping[int, int], lines: _Lines) -> Iterator[ShownSentence]:
    before = "\n\n"
    for one in sentences:
        if lines.shown is None or one.n in lines.shown:
            yield lines.line(one, before, following.get(one.n))
        before = one.text


def _gap(before: str, text: str) -> str:
    """What is in the original between the words of two sentences."""
    spaces = before[len(before.rstrip()) :] + text[: len(text) - len(text.lstrip())]
    breaks = spaces.replace("\r\n", "\n").count("\n")
    return "blank" if breaks > 1 else "line" if breaks else ""


def _passage(kind: OutcomeKind, sentences: tuple[ShownSentence, ...]) -> ShownPassage:
    length = sum(len(one.fact.text.strip()) for one in sentences)
    return ShownPassage(kind, sentences, folded=kind in FOLDED and length > LONG)


def _counts(sentences: Iterable[SentenceFact]) -> dict[OutcomeKind, int]:
    counts = Counter(one.kind for one in sentences)
    return {kind: counts[kind] for kind in OUTCOMES if counts[kind]}
