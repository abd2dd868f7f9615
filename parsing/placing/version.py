"""A version of the draft in a file: its lines, matched with the draft's paragraphs and compared with their text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from parsing.model import Draft, Origin, Run
from parsing.placing.diff_paragraph import ParagraphDiff, diff_paragraph
from parsing.placing.marked_lines import MarkedLine
from parsing.placing.match_paragraphs import COVERS, ParagraphMatches, match_paragraphs
from parsing.text.words import number_before

EXCERPT = 0.8
"""A text of whose words this share is in paragraphs of the draft is an excerpt of a version."""
OTHER_BASE = 0.5
OTHER_BASE_RETYPED = 0.7
"""Where this share of the paragraphs differs without tracking, the file was made on another version of the draft; in a
file without any tracking it must be more, since all its changes are untracked."""
_FEW = 3
"""Paragraphs that may differ in any file: of a short excerpt, few are soon a large share."""


@dataclass(frozen=True, slots=True)
class DraftCopy:
    """The lines of a file that hold the draft once, or little of it, and which of its paragraphs they are."""

    draft: Draft
    lines: Sequence[MarkedLine]
    matches: ParagraphMatches
    covers: bool
    """Whether it holds so much of the draft that what it lacks was taken out."""

    @classmethod
    def of(cls, lines: Sequence[MarkedLine], draft: Draft) -> "DraftCopy":
        matches = match_paragraphs(lines, draft)
        return cls(draft, lines, matches, covers=len(matches.held) >= COVERS * len(draft.paragraphs))

    @property
    def is_version(self) -> bool:
        """Whether the lines hold much of the draft, or little else, or carry changes of its paragraphs."""
        return self.covers or self._is_excerpt or any(self.lines[i].changed for i in self.matches.of)

    @property
    def _is_excerpt(self) -> bool:
        held = {*self.matches.of, *self.matches.parts}
        inside = sum(len(self.lines[i].original) for i in held)
        return len(held) > 2 and inside >= EXCERPT * sum(len(line.original) for line in self.lines)

    def label(self, i: int) -> str:
        """The label of the paragraph that the i-th line is."""
        return self.draft.paragraphs[self.matches.of[i]].label


@dataclass(frozen=True, slots=True)
class Compared:
    """A line beside the paragraph that it is: `line` is joined with those that hold the rest of the paragraph."""

    label: str
    line: MarkedLine
    diff: ParagraphDiff

    @property
    def has_untracked(self) -> bool:
        """Whether it differs from the official text without tracking."""
        return any(change.run is None for change in self.diff.changes)

    def without_untracked(self) -> "Compared":
        """Its tracked changes alone."""
        tracked = tuple(change for change in self.diff.changes if change.run is not None)
        return replace(self, diff=replace(self.diff, changes=tracked))


@dataclass(frozen=True, slots=True)
class Version:
    """A copy of the draft in a file, compared with the official text; lines are known by their index.

    `above` holds for every line the label of the paragraph that it comes under, moved ones aside. `run_on` holds for a
    line whose end was deleted those after it that run on in it. `other_base` are the labels of the paragraphs that
    differ without tracking, where they are so many that the file was made on another version of the draft.
    """

    copy: DraftCopy
    source: str
    compared: Mapping[int, Compared]
    above: Sequence[str | None]
    run_on: Mapping[int, Sequence[int]]
    untracked: Origin
    """What a change is that was not tracked."""
    other_base: Sequence[str]

    @property
    def draft(self) -> Draft:
        return self.copy.draft

    @property
    def lines(self) -> Sequence[MarkedLine]:
        return self.copy.lines

    @property
    def matches(self) -> ParagraphMatches:
        return self.copy.matches

    @property
    def swallowed(self) -> set[int]:
        """The lines that run on in one before them."""
        return {k for following in self.run_on.values() for k in following}

    @classmethod
    def of(cls, copy: DraftCopy, source: str, untracked: Origin, *, any_base: bool) -> "Version":
        """The copy, compared; with `any_base` all differences count, however many there are."""
        compared = {i: _compared(copy, i) for i in copy.matches.of}
        share = OTHER_BASE if untracked == "silent-change" else OTHER_BASE_RETYPED
        differing = sorted(i for i in compared if compared[i].has_untracked)
        other_base = not any_base and len(differing) > max(_FEW, share * len(compared))
        if other_base:
            compared = {i: one.without_untracked() for i, one in compared.items()}
        return cls(
            copy=copy,
            source=source,
            compared=compared,
            above=_labels_above(copy),
            run_on=_lines_that_run_on(copy.lines, compared),
            untracked=untracked,
            other_base=[compared[i].label for i in differing] if other_base else (),
        )

    def origin(self, run: Run | None) -> Origin:
        """What a change is: as its run was made, or untracked."""
        if run is None:
            return self.untracked
        return "formatting" if run.hand else "tracked-change"


def _compared(copy: DraftCopy, i: int) -> Compared:
    """The i-th line beside its paragraph: all lines that hold it, and all paragraphs that these lines hold."""
    line = copy.lines[i]
    for part in copy.matches.split.get(i, ()):
        line = line.joined(copy.lines[part])
    paragraphs = [copy.matches.of[i], *copy.matches.merged.get(i, ())]
    official = " ".join(copy.draft.paragraphs[j].text for j in paragraphs)
    heading = line.heading or copy.label(i) in ("title", "subtitle")
    return Compared(copy.label(i), line, diff_paragraph(line.unquoted(), official, heading=heading))


def _labels_above(copy: DraftCopy) -> list[str | None]:
    """For every line the label of the last paragraph of the draft before it; that of a moved one does not count."""
    labels: list[str | None] = []
    above = None
    for i in range(len(copy.lines)):
        labels.append(above)
        if i in copy.matches.of and i not in copy.matches.moved:
            last = copy.matches.merged.get(i, [copy.matches.of[i]])[-1]
            above = copy.draft.paragraphs[last].label
    return labels


def _lines_that_run_on(lines: Sequence[MarkedLine], compared: Mapping[int, Compared]) -> dict[int, list[int]]:
    """The lines that run on in one whose end was deleted, but not itself; deleted ones between them do not."""
    run_on: dict[int, list[int]] = {}
    taken: set[int] = set()
    for i in sorted(compared):
        if lines[i].end is not None and not compared[i].diff.deleted and i not in taken:
            following = _following(i, lines)
            run_on[i] = [k for k in following if k not in compared or _is_left(compared[k], lines[k])]
            taken.update(run_on[i])
    return run_on


def _following(i: int, lines: Sequence[MarkedLine]) -> list[int]:
    """The lines after the i-th up to the first whose own end was kept."""
    following = []
    for k in range(i + 1, len(lines)):
        following.append(k)
        if lines[k].end is None:
            break
    return following


def _is_left(compared: Compared, line: MarkedLine) -> bool:
    return not compared.diff.deleted and bool(words_behind_number(line).strip())


def words_behind_number(line: MarkedLine) -> str:
    """A line as it reads with its changes accepted, without the number before it."""
    return line.accepted[number_before(line.accepted) :]
