"""A Mail's text as its page shows it: Part by Part, each sentence with its outcome, and the counts of all outcomes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import get_args

from consultation.facts import EditFact
from consultation.redline import Segment
from consultation.sentences import SentenceFact, sentences_of
from parsing.model import Edit, OutcomeKind

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
    """A sentence as its line of the page: `gap` tells what stands before it in the original (nothing, a `line` break, a
    `blank` line), `next_unread` is the number of the unread sentence after it, `edits` are those that it states.
    """

    fact: SentenceFact
    gap: str
    next_unread: int | None = None
    edits: tuple[EditFact, ...] = ()

    @property
    def text(self) -> str:
        """The words with their line breaks, without those around them."""
        return self.fact.text.strip("\r\n").rstrip()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The words with what is deleted and inserted in them. The text of a file with tracked changes holds both, side
        by side; where one of its changes is not found, or could be at several places, none is marked.
        """
        changes = [fact.read for fact in self.edits if fact.read.origin in ("tracked-change", "formatting")]
        places = sorted(_place_of(edit, self.text) for edit in changes if edit.action != "comment")
        return tuple(_segments(self.text, places))


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of one outcome that follow each other; `folded` where they are long and known from elsewhere."""

    kind: OutcomeKind
    sentences: tuple[ShownSentence, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class PartText:
    """The text of one Part, `counts` by outcome, those that it has."""

    source: str
    counts: Mapping[OutcomeKind, int]
    passages: tuple[Passage, ...]

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


_Place = tuple[int, int, int]
"""Where the words that a change deletes begin in a text, where those that it inserts begin, and where these end."""
_NOWHERE: _Place = (-1, -1, -1)


def _place_of(edit: Edit, text: str) -> _Place:
    words = edit.old + edit.new
    if text.count(words) != 1:
        return _NOWHERE
    start = text.index(words)
    return start, start + len(edit.old), start + len(words)


def _segments(text: str, places: Sequence[_Place]) -> Iterator[Segment]:
    overlap = any(before[2] > after[0] for before, after in pairwise(places))
    at = 0
    for start, middle, end in () if overlap or _NOWHERE in places else places:
        yield Segment(text[at:start], "kept")
        yield Segment(text[start:middle], "deleted")
        yield Segment(text[middle:end], "inserted")
        at = end
    yield Segment(text[at:], "kept")


def mail_text(
    sentences: Sequence[SentenceFact], edits: Iterable[EditFact] = (), shown: range | None = None
) -> MailText:
    """The text of a Mail, made of the outcomes of its sentences, which come Part by Part, and of its edits. All are
    counted; the Parts hold those that are `shown`, by number.
    """
    by_id = {fact.id: fact for fact in edits}
    unread = [one.n for one in sentences if one.kind == "unread"]
    following = dict(pairwise(unread))
    parts = [_part_text(members, following, by_id, shown) for members in _by_part(sentences)]
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


def _part_text(
    sentences: Sequence[SentenceFact],
    following: Mapping[int, int],
    edits: Mapping[str, EditFact],
    shown: range | None,
) -> PartText:
    lines = _shown(sentences, following, edits)
    passages = groupby((one for one in lines if shown is None or one.fact.n in shown), key=lambda one: one.fact.kind)
    return PartText(
        sentences[0].source, _counts(sentences), tuple(_passage(kind, tuple(members)) for kind, members in passages)
    )


def _shown(
    sentences: Iterable[SentenceFact], following: Mapping[int, int], edits: Mapping[str, EditFact]
) -> Iterator[ShownSentence]:
    before = "\n\n"
    for one in sentences:
        stated = tuple(edits[edit] for edit in one.edits if edit in edits)
        yield ShownSentence(one, _gap(before, one.text), following.get(one.n), stated)
        before = one.text


def _gap(before: str, text: str) -> str:
    """What stands in the original between the words of two sentences."""
    spaces = before[len(before.rstrip()) :] + text[: len(text) - len(text.lstrip())]
    breaks = spaces.replace("\r\n", "\n").count("\n")
    return "blank" if breaks > 1 else "line" if breaks else ""


def _passage(kind: OutcomeKind, sentences: tuple[ShownSentence, ...]) -> Passage:
    length = sum(len(one.text) for one in sentences)
    return Passage(kind, sentences, folded=kind in FOLDED and length > LONG)


def _counts(sentences: Iterable[SentenceFact]) -> dict[OutcomeKind, int]:
    counts = Counter(one.kind for one in sentences)
    return {kind: counts[kind] for kind in OUTCOMES if counts[kind]}
