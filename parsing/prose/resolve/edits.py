"""Edits as they are found: made from changes, given reasons, checked against each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from parsing.confidence import CONTRADICTED, DOUBTFUL_ACT, NAMED, PARTLY_READ, REMARK, REVIEW
from parsing.draft_index import words_of
from parsing.model import Action, Draft, Edit, Origin, OutcomeKind, Unplaced
from parsing.prose.requests.remarks import joined
from parsing.prose.resolve.resolve import Bound
from parsing.text.splice import Splice, defect, spliced


@dataclass(frozen=True, slots=True)
class SentenceOutcome:
    """The outcome of a sentence that is in the blocks `first` to `last`; `edits` are indexes of Collector.edits."""

    first: int
    last: int
    at: tuple[int, int]
    """The number of its line, and where it begins there: the order of the text."""
    text: str
    kind: OutcomeKind
    edits: tuple[int, ...]
    why: str
    weighed: tuple[str, ...] = ()
    """How its quotations were understood, likeliest first: what `kunming parse --explain` shows."""


@dataclass(slots=True)
class Collector:
    """What is found as lines are read: edits, what is unplaced, and the outcome of each sentence."""

    draft: Draft
    source: str
    origin: Origin | None
    edits: list[Edit] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    outcomes: list[SentenceOutcome] = field(default_factory=list)
    blocks: tuple[int, int] = (0, 0)
    """The blocks of the line that is being read."""
    line: int = 0
    weighed: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    """What was weighed for the sentence at a line and a place in it."""
    _touched: list[int] = field(default_factory=list)
    _known: dict[tuple[object, ...], int] = field(default_factory=dict)
    _why_unplaced: str = ""
    _remarked: dict[tuple[int, str], int] = field(default_factory=dict)
    """The remarks by their line and paragraph."""
    last: tuple[int, ...] = ()
    """The edits of the sentence before, while the lines are together."""

    def settle(self, text: str, otherwise: OutcomeKind, why: str = "", at: int = 0) -> None:
        """Closes a sentence: what it is by what was found since the last one closed, else `otherwise`."""
        kind, edits = otherwise, tuple(dict.fromkeys(self._touched))
        if self._why_unplaced:
            kind, why = "unread", self._why_unplaced
        elif edits and otherwise != "reason":
            kind = "remark" if all(self.edits[n].action == "comment" for n in edits) else "edit"
            why = why if kind == "remark" else ""
        if edits or kind == "unread":
            self.last = edits
        if text.strip():
            weighed = self.weighed.pop((self.line, at), ())
            self.outcomes.append(SentenceOutcome(*self.blocks, (self.line, at), text, kind, edits, why, weighed))
        self._touched, self._why_unplaced = [], ""

    def more(self, edits: Sequence[int]) -> None:
        """The sentence that is being read says more on these edits."""
        self._touched += edits

    def touched(self) -> list[Edit]:
        """The edits of the sentence that is being read."""
        return [self.edits[n] for n in dict.fromkeys(self._touched)]

    def doubt(self, why: str) -> None:
        """The edits of the sentence need review."""
        for n in self._touched:
            self.edits[n] = _doubted(self.edits[n], why, PARTLY_READ)

    def take_back(self, labels: Sequence[str]) -> None:
        """The changes of these paragraphs need review: a sentence below says that they are taken back."""
        for n, edit in enumerate(self.edits):
            if edit.paragraph in labels and edit.action != "comment":
                self.edits[n] = _doubted(edit, "it may be taken back below")

    def reopen(self, text: str, why: str) -> None:
        """Makes a sentence that was settled unread: what it announced did not come."""
        self.lost(text, why)
        for n in range(len(self.outcomes) - 1, -1, -1):
            if self.outcomes[n].text in text or text in self.outcomes[n].text:
                self.outcomes[n] = replace(self.outcomes[n], kind="unread", why=why)
                break
        self._why_unplaced = ""

    def change(self, bound: Bound, evidence: str) -> None:
        """A change of words."""
        official, change = self.draft.text(bound.label), bound.change
        old = official[change.start : change.end]
        action: Action = "insert" if not old else "replace" if change.new else "delete"
        edit = Edit(bound.label, action, change.start, change.end, old, change.new)
        self._keep(edit, evidence, bound.confidence, bound.doubt, origin="rewrite" if bound.rewrite else "instruction")

    def paragraph(self, edit: Edit, evidence: str, doubt: str = "", sure: float = NAMED) -> None:
        """An act on a whole paragraph."""
        if edit.action == "add_paragraph" and shows_opening(edit.new, self.draft):
            doubt = doubt or "the new paragraph begins like one of the draft's"
        self._keep(edit, evidence, min(sure, DOUBTFUL_ACT) if doubt else sure, doubt)

    def remark(self, label: str, text: str, intent: str | None = None, confidence: float = REMARK) -> None:
        """A comment without wording; the line's next one on the same paragraph goes on with it."""
        n = self._remarked.get((self.line, label))
        if n is None:
            said = Edit(label, "comment", comment=text, intent=intent)
            self._remarked[self.line, label] = self._keep(said, text, confidence, origin="remark")
            return
        before = self.edits[n]
        text, least = joined((before.comment, text)), min(before.confidence, confidence)
        self.edits[n] = replace(before, comment=text, evidence=text, confidence=least, needs_review=least < REVIEW)
        self._touched.append(n)

    def lost(self, text: str, why: str) -> None:
        self.unplaced.append(Unplaced(text, self.source, why))
        self._why_unplaced = why

    def reason(self, since: int, text: str) -> None:
        """A reason for the edits that were found since then."""
        for n in range(since, len(self.edits)):
            if self.edits[n].action != "comment":
                self._touched.append(n)
                comment = self.edits[n].comment
                self.edits[n] = replace(self.edits[n], comment=f"{comment} {text}".strip())

    def _keep(
        self, edit: Edit, evidence: str, confidence: float, doubt: str = "", origin: Origin = "instruction"
    ) -> int:
        """Adds an edit, if it is not there already; which of the edits it is."""
        said = replace(
            edit, sources=(self.source,), origin=self.origin or origin, evidence=evidence, confidence=confidence
        )
        key = (edit.paragraph, edit.action, edit.start, edit.end, edit.new, edit.to, edit.comment)
        n = self._known.setdefault(key, len(self.edits))
        self._touched.append(n)
        if n == len(self.edits):
            unsure = replace(said, needs_review=confidence < REVIEW)
            self.edits.append(_doubted(said, doubt, confidence) if doubt else unsure)
        return n

    def edits_in_order(self) -> tuple[Edit, ...]:
        """The edits as they were said; those that contradict each other are kept and need a person."""
        at: dict[str, list[int]] = {}
        for n, edit in enumerate(self.edits):
            if edit.action != "comment":
                at.setdefault(edit.paragraph, []).append(n)
        doubts = {n: why for label, numbers in at.items() for n, why in self._defects(label, numbers)}
        contradicting = (n for numbers in at.values() for n in _contradicting(self.edits, numbers))
        doubts |= dict.fromkeys(contradicting, "contradicts another act on the same words")
        return tuple(_doubted(edit, doubts[n]) if n in doubts else edit for n, edit in enumerate(self.edits))

    def _defects(self, label: str, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
        """What would be wrong with a paragraph after its changes, with those that alone bring it there, or all."""
        official, edits = self.draft.text(label), ((n, self.edits[n]) for n in numbers)
        changes = {n: Splice(one.start or 0, one.end or 0, one.new) for n, one in edits if one.start is not None}
        why = defect(official, spliced(official, changes.values()))
        guilty = [n for n, change in changes.items() if why and defect(official, spliced(official, [change])) == why]
        yield from ((n, why) for n in guilty or changes if why)


def shows_opening(text: str, draft: Draft) -> bool:
    """Whether a text is the beginning of a paragraph of the draft: "Noting that a combination of measures..."."""
    words = words_of(text.rstrip(" .…"))
    return bool(words) and any(words_of(paragraph.text)[: len(words)] == words for paragraph in draft.paragraphs)


def _contradicting(edits: Sequence[Edit], numbers: Sequence[int]) -> Iterable[int]:
    """Those of one paragraph whose spans overlap, and all where the paragraph is also to be deleted."""
    gone = any(edits[n].action == "delete_paragraph" for n in numbers)
    texts = [n for n in numbers if edits[n].start is not None]
    if gone and texts:
        yield from (n for n in numbers if edits[n].action in ("delete_paragraph", "replace", "insert", "delete"))
    spans = sorted((edits[n].start or 0, edits[n].end or 0, n) for n in texts)
    furthest, holder = -1, -1
    for start, end, n in spans:
        if start < furthest:
            yield from (holder, n)
        if end > furthest:
            furthest, holder = end, n


def _doubted(edit: Edit, doubt: str, most: float = CONTRADICTED) -> Edit:
    """An edit that needs review, and is `most` sure."""
    evidence = f"{edit.evidence} ({doubt})"
    return replace(edit, confidence=min(edit.confidence, most), needs_review=True, evidence=evidence)
