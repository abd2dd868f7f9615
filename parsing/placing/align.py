"""Marked text + Draft -> Edits at character offsets of the official text.

A file's paragraphs, with its changes rejected, are matched to the Draft's; each is compared with its official text, and
what was done to it is told at the official text's offsets. What differs without having been tracked is an edit too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from parsing.model import Block, Draft, Edit, MarkedText, Origin, Problem, Run, Unplaced
from parsing.placing.comment_anchors import Anchor, Anchors, announced, asked_in, placed_comments
from parsing.placing.diff_paragraph import ParagraphDiff, TextChange, diff_paragraph
from parsing.placing.interleaved_remarks import is_paragraph, is_remark
from parsing.placing.marked_lines import END, MarkedLine, flowing, marked_lines, wide_tables
from parsing.placing.match_paragraphs import COVERS, ParagraphMatches, match_paragraphs
from parsing.placing.moves import in_order, moved_to, resettled, rewritten_at
from parsing.placing.repeated_drafts import accepted, copies, pasted_over
from parsing.placing.styling_marks import confirmed
from parsing.text.words import lower_emphatic_capitals, number_before, plain, whole_words

EXCERPT = 0.8
"""A text of whose words this share stands in paragraphs of the draft is an excerpt of a version."""
OTHER_BASE = 0.5
OTHER_BASE_RETYPED = 0.7
"""Where this share of the paragraphs differs without tracking, the file was made on another version of the draft; in a
file without any tracking it must be more, since all its changes are untracked."""
CONFIDENCE: dict[Origin, float] = {
    "tracked-change": 0.99, "silent-change": 0.9, "comparison": 0.9, "remark": 0.8, "formatting": 0.75,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aligned:
    """The Edits of a file, what found no place, and the blocks that were not used: the file's own words."""

    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    rest: tuple[Block, ...] = ()


def align(text: MarkedText, draft: Draft, source: str) -> Aligned:
    """What a text that is a version of the draft, or carries marks on its paragraphs, changes in it.

    `source` is the Part's name. A text that is neither is left wholly in `rest`.
    """
    text = confirmed(text, draft)
    found = marked_lines(text.blocks)
    if pasted_over(found, draft):
        return _as_tracked(_aligned(accepted(text), draft, source, any_base=True), found)
    return _aligned(text, draft, source)


def _aligned(text: MarkedText, draft: Draft, source: str, *, any_base: bool = False) -> Aligned:
    found = marked_lines(text.blocks)
    silent: Origin = "silent-change" if any(line.changed for line in found) else "comparison"
    parts = copies(flowing(found), draft)
    works = [_Work(draft, source, found, part, match_paragraphs(part, draft), silent, any_base) for part in parts]
    works = [work for work in works if work.is_version or any(work.lines[i].changed for i in work.match.of)]
    if not works:
        return Aligned(rest=text.blocks)
    for work in works:
        work.read()
    works[0].read_aside([work.lines for work in works])
    edits = [edit for work in works for edit in work.edits]
    edits = list(dict.fromkeys(edits)) if len(works) > 1 else edits
    anchors = Anchors([anchor for work in works for anchor in work.anchors()], found)
    for comment in placed_comments(text.comments, anchors, draft, source):
        edits += [comment, *asked_in(comment, draft)]
    used = {id(block) for work in works for line in work.used for block in line.blocks}
    return Aligned(
        in_order(edits, draft),
        tuple(one for work in works for one in work.unplaced),
        tuple(dict.fromkeys(problem for work in works for problem in work.problems)),
        tuple(block for block in text.blocks if id(block) not in used),
    )


def _as_tracked(aligned: Aligned, found: Sequence[MarkedLine]) -> Aligned:
    """The comparison of a text that was pasted over the draft with tracking on: its author's tracked changes."""
    run = next(run for line in found for run in line.deleted if run is not None)
    edits = (
        replace(edit, origin="tracked-change", author=run.author, date=run.date, needs_review=False)
        if edit.origin in ("comparison", "silent-change")
        else edit
        for edit in aligned.edits
    )
    return replace(aligned, edits=tuple(edits))


@dataclass(slots=True)
class _Work:
    """One alignment, and what it has found so far."""

    draft: Draft
    source: str
    all: Sequence[MarkedLine]
    lines: Sequence[MarkedLine]
    match: ParagraphMatches
    silent: Origin = "comparison"
    """What a change is that was not tracked."""
    any_base: bool = False
    """Whether all differences count, however many there are."""
    edits: list[Edit] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    used: list[MarkedLine] = field(default_factory=list)
    composed: dict[int, ParagraphDiff] = field(default_factory=dict)
    above: dict[int, str | None] = field(default_factory=dict)
    """By line: the label of the paragraph that it stands under, moved ones aside."""
    whole: dict[int, MarkedLine] = field(default_factory=dict)
    """The matched Lines, split ones joined."""
    other_base: bool = False
    swallowed: set[int] = field(default_factory=set)
    """Lines that run on in the one before them."""
    removed: dict[str, tuple[str | None, Run | None]] = field(default_factory=dict)
    """Deleted paragraphs, until a move claims them: the label above, and the run that deleted them."""

    @property
    def covers(self) -> bool:
        return len(self.match.held) >= COVERS * len(self.draft.paragraphs)

    @property
    def is_version(self) -> bool:
        """Whether the text holds much of the draft, or little else."""
        if self.covers:
            return True
        held = {*self.match.of, *self.match.parts}
        inside = sum(len(self.lines[i].original) for i in held)
        return len(held) > 2 and inside >= EXCERPT * sum(len(line.original) for line in self.lines)

    def label(self, i: int) -> str:
        return self.draft.paragraphs[self.match.of[i]].label

    def read(self) -> None:
        """Finds the changes of every line, and of what the file lacks."""
        self._compose()
        wide = wide_tables(self.lines)
        above = None
        for i, line in enumerate(self.lines):
            self.above[i] = above
            if i in self.match.of:
                self._matched(i, line)
                if i not in self.match.moved:
                    above = self.draft.paragraphs[max([self.match.of[i], *self.match.merged.get(i, [])])].label
            elif line.cell is not None and line.cell.table in wide:
                self._aside(line)
            elif i not in self.match.parts and i not in self.swallowed:
                self._unmatched(i, line)
        self._missing()
        self._moves()

    def read_aside(self, copies: Sequence[Sequence[MarkedLine]]) -> None:
        """Takes in what stands outside the running text."""
        running = {id(line) for copy in copies for line in copy}
        for line in self.all:
            if id(line) not in running and line.role == "own":
                self._aside(line)

    def _compose(self) -> None:
        """Compares each matched line with its official text, and asks whether they have the same base."""
        for i, j in self.match.of.items():
            line, official = self.lines[i], self.draft.paragraphs[j].text
            for k in self.match.split.get(i, ()):
                line = line.joined(self.lines[k])
            for k in self.match.merged.get(i, ()):
                official += " " + self.draft.paragraphs[k].text
            heading = line.heading or self.label(i) in ("title", "subtitle")
            self.whole[i] = line
            self.composed[i] = diff_paragraph(line.unquoted(), official, heading=heading)
        differing = [i for i in self.composed if any(op.run is None for op in self.composed[i].changes)]
        share = OTHER_BASE if self.silent == "silent-change" else OTHER_BASE_RETYPED
        if not self.any_base and len(differing) > max(3, share * len(self.match.of)):
            self._other_base(sorted(differing))

    def _other_base(self, differing: Sequence[int]) -> None:
        self.other_base = True
        labels = ", ".join(self.label(i) for i in differing)
        self.problems.append(
            Problem(
                self.source,
                f"the file is based on another version of the draft: without any tracking, {len(differing)} of "
                f"{len(self.match.of)} paragraphs differ from the official text ({labels})",
            )
        )
        for i in differing:
            done = self.composed[i]
            self.composed[i] = replace(done, changes=tuple(op for op in done.changes if op.run is not None))

    def edit(self, origin: Origin, run: Run | None = None, **values: object) -> None:
        author, date = (run.author, run.date) if run else (None, None)
        origin = "formatting" if origin == "tracked-change" and run is not None and run.hand else origin
        self.edits.append(
            Edit(
                origin=origin,
                author=author,
                date=date,
                sources=(self.source,),
                confidence=CONFIDENCE[origin],
                needs_review=origin in ("silent-change", "formatting") or self.other_base,
                **values,  # type: ignore[arg-type]
            )
        )

    # --- paragraphs that stand in the draft ----------------------------------------------------------

    def _matched(self, i: int, line: MarkedLine) -> None:
        self.used += [line, *(self.lines[k] for k in self.match.split.get(i, ()))]
        label, done = self.label(i), self.composed[i]
        for new in done.above:
            self._added(self.above[i], new.text, new.run, "tracked-change")
        if i in self.swallowed:
            pass
        elif done.deleted:
            self.removed[label] = (self.above[i], done.changes[0].run if done.changes else None)
        elif i in self.match.merged:
            self._merged_silently(i, line)
        else:
            self._changed(i, done)
        for offset, run in line.undone:
            self._undone(label, done.offsets[min(offset, len(done.offsets) - 1)], run)
        for new in done.below:
            self._added(label, new.text, new.run, "tracked-change")
        if line.end is not None and not done.deleted and i not in self.swallowed:
            self._merged(i, line.end)

    def _changed(self, i: int, done: ParagraphDiff) -> None:
        self._out_of_order(i)
        for op in done.changes:
            self._text_edit(self.label(i), op)

    def _out_of_order(self, i: int) -> None:
        if i in self.match.moved and self.covers:
            moved = self.draft.paragraphs[self.match.of[i]]
            to = self.above[i]
            self.edit(self.silent, paragraph=moved.label, action="move_paragraph", to=to, old=moved.text)

    def _text_edit(self, label: str, op: TextChange) -> None:
        official = self.draft.text(label)
        old, told = official[op.start : op.end], op.new.replace(END, "\n")
        new = told if op.run is not None else lower_emphatic_capitals(told, official)
        start, end = whole_words(official, op.start, op.end)
        widened = official[start : op.start] + new + official[op.end : end]
        self.edit(
            "tracked-change" if op.run is not None else self.silent,
            op.run,
            paragraph=label,
            action="insert" if op.start == op.end else "replace" if new else "delete",
            start=op.start,
            end=op.end,
            old=old,
            new=new,
            intent="split" if END in op.new else "bracket" if not old and new.strip() in ("[", "]") else None,
            evidence="" if (start, end) == (op.start, op.end) else f"{official[start:end]} → {widened}",
        )

    def _undone(self, label: str, at: int, run: Run) -> None:
        """What one author inserted and another deleted changes no words, and is told."""
        if run.deleted_by != run.author and run.text.strip():
            says = (
                f"{run.deleted_by or 'Someone'} deletes what {run.author or 'another'} had inserted: {run.text.strip()}"
            )
            by = replace(run, author=run.deleted_by)
            self.edit(
                "tracked-change", by, paragraph=label, action="comment", start=at, end=at, comment=says, intent="undone"
            )

    def _merged(self, i: int, end: Run) -> None:
        """The end of a paragraph that survives was deleted: those after it that survive run on in it."""
        here = self.label(i)
        at = len(self.draft.text(here))
        for k in range(i + 1, len(self.lines)):
            line = self.lines[k]
            words = line.accepted[number_before(line.accepted) :]
            if k not in self.match.of:
                self.used.append(line)
                self.swallowed.add(k)
            elif self.composed[k].deleted or not words.strip():
                words = ""
            else:
                self.swallowed.add(k)
                self._swallow(self.label(k), end)
            if words:
                new = words.replace(END, "\n")
                self.edit(
                    "tracked-change", end, paragraph=here, action="insert", start=at, end=at, new=new, intent="merge"
                )
            if line.end is None:
                return

    def _swallow(self, label: str, run: Run | None) -> None:
        origin: Origin = "tracked-change" if run is not None else self.silent
        self.edit(origin, run, paragraph=label, action="delete_paragraph", old=self.draft.text(label), intent="merge")

    def _merged_silently(self, i: int, line: MarkedLine) -> None:
        """Two paragraphs of the draft that the file has run together without tracking."""
        self._out_of_order(i)
        label, done = self.label(i), self.composed[i]
        at = len(self.draft.text(label))
        cut = next((n for n, offset in enumerate(done.offsets) if offset > at), len(line.original))
        cut = len(line.original[:cut].rstrip())
        one, two = line.cut(cut)
        for op in diff_paragraph(one, self.draft.text(label)).changes:
            self._text_edit(label, op)
        if two.accepted:
            new = two.accepted.replace(END, "\n")
            self.edit(self.silent, paragraph=label, action="insert", start=at, end=at, new=new, intent="merge")
        for j in self.match.merged[i]:
            self._swallow(self.draft.paragraphs[j].label, None)

    # --- paragraphs that do not ----------------------------------------------------------------------

    def _unmatched(self, i: int, line: MarkedLine) -> None:
        if self.above[i] is not None or not line.original.strip():
            new, line = line.without_first_paragraphs()
            for one in new:
                self._added(self.above[i], one.text, one.run, "tracked-change")
            self.used.append(MarkedLine(blocks=self.lines[i].blocks[: len(self.lines[i].blocks) - len(line.blocks)]))
        text = line.accepted.strip()
        if line.changed and not line.original.strip():
            self.used.append(self.lines[i])
            run = next((run for runs in line.inserted.values() for run in runs), None)
            self._added(self.above[i], text, run, "tracked-change")
        elif line.changed:
            why = "a tracked change in a paragraph that does not stand in the draft"
            self.unplaced.append(Unplaced(line.shown, self.source, why))
        elif not self.covers or not self.match.first < i < self.match.last or self.other_base:
            return
        elif self.above[i] is not None and is_remark(text):
            self.used.append(self.lines[i])
            self.edit("remark", paragraph=self.above[i], action="comment", comment=text)
        elif is_paragraph(text):
            self.used.append(self.lines[i])
            self._added(self.above[i], text, None, self.silent)

    def _added(self, after: str | None, text: str, run: Run | None, origin: Origin) -> None:
        text = text[number_before(text) :].replace(END, "\n").strip()
        after, text = announced(text, after, self.draft)
        if not text:
            return
        if after is None:
            self.unplaced.append(Unplaced(text, self.source, "inserted above the text of the draft"))
            return
        self.edit(origin, run, paragraph=after, action="add_paragraph", new=text)

    def _missing(self) -> None:
        """Paragraphs of the draft that a version of it has no longer."""
        if not self.covers or self.other_base:
            return
        held = self.match.held
        for j, paragraph in enumerate(self.draft.paragraphs):
            if j in held:
                continue
            if min(held) < j < max(held):
                self.edit(self.silent, paragraph=paragraph.label, action="delete_paragraph", old=paragraph.text)
            else:
                self.problems.append(Problem(self.source, f"the file does not hold {paragraph.label}"))

    def _moves(self) -> None:
        """A paragraph deleted at one place and inserted at another is one move, with the changes made on the way."""
        for label, (above, run) in self.removed.items():
            official = self.draft.text(label)
            at = rewritten_at(self.edits, label, official, above)
            if at is not None:
                self._differences(label, self.edits.pop(at).new, run)
                continue
            at = moved_to(self.edits, official, run)
            if at is None:
                origin: Origin = "tracked-change" if run is not None else self.silent
                self.edit(origin, run, paragraph=label, action="delete_paragraph", old=official)
                continue
            self.edits = [resettled(edit, label, above) for edit in self.edits]
            landed = self.edits[at]
            self.edits[at] = replace(
                landed, paragraph=label, action="move_paragraph", to=landed.paragraph, old=official, new=""
            )
            self._differences(label, landed.new, run)

    def _differences(self, label: str, text: str, run: Run | None) -> None:
        for op in diff_paragraph(MarkedLine.of(text), self.draft.text(label)).changes:
            self._text_edit(label, replace(op, run=run or Run("")))

    def _aside(self, line: MarkedLine) -> None:
        """Notes, headers, footers and tables: their words are the delegation's, their changes find no place."""
        if line.changed:
            why = f"a tracked change in a {line.place}, which is no text of the draft"
            self.unplaced.append(Unplaced(line.shown, self.source, why))
        elif plain(line.original) in {plain(paragraph.text) for paragraph in self.draft.paragraphs}:
            self.used.append(line)

    def anchors(self) -> list[Anchor]:
        """The Lines beside which a comment can stand: those of the draft, and those that come to follow one."""
        added = {id(line) for line in self.used}
        anchors = []
        for i, line in enumerate(self.lines):
            if i in self.composed:
                anchors.append(Anchor(self.whole[i], self.label(i), self.composed[i].offsets, self.above[i]))
            elif i not in self.match.parts:
                anchors.append(Anchor(line, self.above[i] if id(line) in added else None))
        return anchors
