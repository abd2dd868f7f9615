"""Marked text + Draft -> Edits at character offsets of the official text.

A file's paragraphs, with its changes rejected, are matched to the Draft's; each is compared with its official text, and
what was done to it is told at the official text's offsets. What differs without having been tracked is an edit too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from parsing.compose import Op, compose
from parsing.match import Match, match
from parsing.model import Block, Draft, Edit, MarginComment, MarkedText, Origin, Problem, Run, Unplaced
from parsing.stream import Line, lines
from parsing.words import alike, number_before, plain

COVERS = 0.6
"""A file that holds this share of the draft's paragraphs is a version of it: what it lacks was taken out."""
SAME_MOVED = 0.97
CONFIDENCE: dict[Origin, float] = {
    "tracked-change": 0.99,
    "silent-change": 0.9,
    "comparison": 0.9,
    "margin-comment": 0.99,
}


@dataclass(frozen=True, slots=True)
class Aligned:
    """The Edits of a file, what found no place, and the blocks that were not used: the file's own words."""

    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    rest: tuple[Block, ...] = ()


def align(text: MarkedText, draft: Draft, source: str) -> Aligned:
    """What a file that holds the draft, or some of it, changes in it. `source` is the Part's name."""
    found = lines(text.blocks)
    flowing = [line for line in found if line.place in ("body", "textbox") or (line.cell and _one_column(found, line))]
    matched = match(flowing, draft)
    if not matched.of:
        return Aligned(rest=text.blocks)
    work = _Work(draft, source, found, flowing, matched)
    return work.result(text)


def _one_column(found: Sequence[Line], line: Line) -> bool:
    """Whether a line's table is a frame around the text and no table: all its cells stand in one column."""
    return all(other.cell is None or other.cell.table != line.cell.table or other.cell.column == 0 for other in found)  # type: ignore[union-attr]


@dataclass(slots=True)
class _Work:
    """One alignment. `offsets` holds, for each matched Line, where its characters stand in the official text."""

    draft: Draft
    source: str
    all: Sequence[Line]
    lines: Sequence[Line]
    match: Match
    offsets: dict[int, list[int]] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    own: list[Line] = field(default_factory=list)
    """Lines that hold the delegation's own words."""

    removed: dict[str, tuple[str, Run | None]] = field(default_factory=dict)
    """Labels of paragraphs that were deleted with their words as they stood, until a move claims them."""

    def result(self, text: MarkedText) -> Aligned:
        for i, line in enumerate(self.lines):
            if i in self.match.of:
                self._matched(i, line)
            else:
                self._unmatched(i, line)
        self._missing()
        self._moves()
        for line in self.all:
            if not any(line is other for other in self.lines):
                self._aside(line)
        self._comments(text.comments)
        return Aligned(self._sorted(), tuple(self.unplaced), tuple(self.problems), self._rest())

    def _rest(self) -> tuple[Block, ...]:
        own = {id(block) for line in self.own for block in line.blocks}
        return tuple(block for line in self.all for block in line.blocks if id(block) in own)

    @property
    def silent(self) -> Origin:
        return "silent-change" if any(line.changed for line in self.all) else "comparison"

    @property
    def covers(self) -> bool:
        return len(self.match.of) >= COVERS * len(self.draft.paragraphs)

    def label(self, i: int) -> str:
        return self.draft.paragraphs[self.match.of[i]].label

    def before(self, i: int) -> str | None:
        """The label of the nearest matched paragraph above a Line."""
        above = [k for k in self.match.of if k < i and k not in self.match.moved]
        return self.label(max(above)) if above else None

    def edit(self, origin: Origin, run: Run | None = None, **values: object) -> None:
        author, date = (run.author, run.date) if run else (None, None)
        self.edits.append(
            Edit(
                origin=origin,
                author=author,
                date=date,
                sources=(self.source,),
                confidence=CONFIDENCE[origin],
                needs_review=origin == "silent-change",
                **values,  # type: ignore[arg-type]
            )
        )

    # --- paragraphs that stand in the draft ----------------------------------------------------------

    def _matched(self, i: int, line: Line) -> None:
        label = self.label(i)
        official = self.draft.text(label)
        done = compose(line, official, heading=line.heading or label in ("title", "subtitle"))
        self.offsets[i] = done.offsets
        for run, text in done.above:
            self._added(self.before(i), text, run, "tracked-change")
        if done.gone:
            self.removed[label] = (official, done.ops[0].run if done.ops else None)
        else:
            for op in done.ops:
                self._text_edit(label, op)
            if i in self.match.moved:
                self.edit(self.silent, paragraph=label, action="move_paragraph", to=self.before(i), old=official)
        for run, text in done.below:
            self._added(label, text, run, "tracked-change")
        if line.end is not None and not done.gone:
            self._merged(i, line.end)

    def _text_edit(self, label: str, op: Op) -> None:
        action = "insert" if op.start == op.end else "replace" if op.new else "delete"
        old = self.draft.text(label)[op.start : op.end]
        intent = "split" if "\n" in op.new and "\n" not in old else None
        origin: Origin = "tracked-change" if op.run is not None else self.silent
        self.edit(
            origin,
            op.run,
            paragraph=label,
            action=action,
            start=op.start,
            end=op.end,
            old=old,
            new=op.new,
            intent=intent,
        )

    def _merged(self, i: int, end: Run) -> None:
        """The end of a paragraph that survives was deleted: the next one that survives runs on in it."""
        following = next((k for k in range(i + 1, len(self.lines)) if k in self.match.of), None)
        if following is None:
            return
        line, label = self.lines[following], self.label(following)
        done = compose(line, self.draft.text(label))
        if done.gone or not line.accepted.strip():
            return
        here = self.label(i)
        at = len(self.draft.text(here))
        words = line.accepted[number_before(line.accepted) :]
        self.edit("tracked-change", end, paragraph=here, action="insert", start=at, end=at, new=words, intent="merge")
        self.edit(
            "tracked-change",
            end,
            paragraph=label,
            action="delete_paragraph",
            old=self.draft.text(label),
            intent="merge",
        )

    # --- paragraphs that do not ----------------------------------------------------------------------

    def _unmatched(self, i: int, line: Line) -> None:
        text = line.accepted.strip()
        if line.changed and not line.original.strip():
            run = next(run for runs in line.inserted.values() for run in runs)
            for words in text.split("\n"):
                self._added(self.before(i), words, run, "tracked-change")
        elif line.changed:
            why = "a tracked change in a paragraph that does not stand in the draft"
            self.unplaced.append(Unplaced(_shown(line), self.source, why))
            self.own.append(line)
        elif not text or text.isdigit():
            return
        elif self.covers and self.match.first < i < self.match.last and len(text.split()) > 3:
            self._added(self.before(i), text, None, self.silent)
        else:
            self.own.append(line)

    def _added(self, after: str | None, text: str, run: Run | None, origin: Origin) -> None:
        text = text[number_before(text) :].strip()
        if not text:
            return
        if after is None:
            self.unplaced.append(Unplaced(text, self.source, "inserted above the text of the draft"))
            return
        self.edit(origin, run, paragraph=after, action="add_paragraph", new=text)

    def _missing(self) -> None:
        """Paragraphs of the draft that a version of it has no longer."""
        if not self.covers:
            return
        have = set(self.match.of.values())
        for j, paragraph in enumerate(self.draft.paragraphs):
            if j in have:
                continue
            if min(have) < j < max(have):
                self.edit(self.silent, paragraph=paragraph.label, action="delete_paragraph", old=paragraph.text)
            else:
                self.problems.append(Problem(self.source, f"the file does not hold {paragraph.label}"))

    def _moves(self) -> None:
        """A paragraph deleted at one place and inserted at another is one move, with the changes made on the way."""
        for label, (official, run) in self.removed.items():
            at = next((n for n, edit in enumerate(self.edits) if self._is_move(edit, official, run)), None)
            if at is None:
                self.edit("tracked-change", run, paragraph=label, action="delete_paragraph", old=official)
                continue
            landed = self.edits[at]
            self.edits[at] = replace(
                landed, paragraph=label, action="move_paragraph", to=landed.paragraph, old=official, new=""
            )
            moved = Line(original=landed.new, deleted=[None] * len(landed.new))
            for op in compose(moved, official).ops:
                self._text_edit(label, replace(op, run=run or Run("")))

    def _is_move(self, edit: Edit, official: str, run: Run | None) -> bool:
        if edit.action != "add_paragraph" or edit.origin != "tracked-change":
            return False
        return alike(edit.new, official) >= (0.6 if run is not None and run.move else SAME_MOVED)

    def _aside(self, line: Line) -> None:
        """Notes, headers, footers and tables: their words are the delegation's, their changes find no place."""
        if line.changed:
            why = f"a tracked change in a {line.place}, which is no text of the draft"
            self.unplaced.append(Unplaced(_shown(line), self.source, why))
        if (text := line.accepted.strip()) and plain(text) not in map(plain, (p.text for p in self.draft.paragraphs)):
            self.own.append(line)

    # --- comments ------------------------------------------------------------------------------------

    def _comments(self, comments: Sequence[MarginComment]) -> None:
        for comment in comments:
            if not comment.text:
                continue
            label, start, end = self._anchor(comment)
            run = Run("", author=comment.author, date=comment.date)
            old = self.draft.text(label)[start:end] if start is not None and end is not None else ""
            self.edit(
                "margin-comment", run, paragraph=label, action="comment", start=start, end=end, old=old, comment=comment.text,
                intent="resolved" if comment.resolved else "reply" if comment.parent is not None else None,
            )  # fmt: skip

    def _anchor(self, comment: MarginComment) -> tuple[str, int | None, int | None]:
        """(label, start, end) in the official text of the first paragraph that a comment's range touches."""
        if comment.start is None or comment.end is None:
            return "general", None, None
        for i in sorted(self.offsets):
            line, offsets = self.lines[i], self.offsets[i]
            first = line.spans[0][0] if line.spans else 0
            last = line.spans[-1][0] if line.spans else -1
            if comment.end < first or comment.start > last or (comment.end == first < last and comment.start < first):
                continue
            a = line.offset_of(max(comment.start, first))
            b = line.offset_of(min(comment.end, last))
            start, end = offsets[a or 0], offsets[b if b is not None else len(offsets) - 1]
            return self.label(i), start, max(start, end)
        return "general", None, None

    def _sorted(self) -> tuple[Edit, ...]:
        """In the order of the draft; what was told at one place keeps its order."""
        order = {paragraph.label: n for n, paragraph in enumerate(self.draft.paragraphs)}

        def place(edit: Edit) -> tuple[int, int, int]:
            inside = edit.action not in ("add_paragraph",)
            return (order.get(edit.paragraph, -1), 0 if inside else 1, edit.start or 0)

        return tuple(sorted(self.edits, key=place))


def _shown(line: Line) -> str:
    """A line with its changes visible: [-deleted-] {+inserted+}."""
    return "".join(_marked(line)).strip()


def _marked(line: Line) -> Iterator[str]:
    for offset in range(len(line.original) + 1):
        for run in line.inserted.get(offset, ()):
            yield "{+" + run.text + "+}"
        if offset < len(line.original):
            gone = line.deleted[offset] is not None
            before = offset > 0 and line.deleted[offset - 1] is not None
            after = offset + 1 < len(line.original) and line.deleted[offset + 1] is not None
            yield ("[-" if gone and not before else "") + line.original[offset] + ("-]" if gone and not after else "")
