"""One paragraph of a file against its official text: what was tracked and what was not, at the official offsets."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from parsing.model import Run
from parsing.placing.marked_lines import END, Line
from parsing.text.diff_words import Different, diff_words
from parsing.text.words import number_before

_PART_OF_NUMBER = re.compile(r"[\W\d]*(?:bis|ter|quater|alt)?\W*")
_NUMBER = re.compile(r"\s*\(?\d{1,2}\s?(?:bis|ter|quater|alt)?[.):]+\s*")
_ELLIPSIS = re.compile(r"\s*[\[(]?\s*(?:\.{3,}|…+)\s*[\])]?\s*")
_SMALL = 3
_LONG = 8
"""Letters of a small word, and of a long replacement."""


@dataclass(frozen=True, slots=True)
class Op:
    """official[start:end] becomes `new`. `run` is the tracked run that says so; None where nothing was tracked."""

    start: int
    end: int
    new: str = ""
    run: Run | None = None

    @property
    def owner(self) -> tuple[object, ...]:
        return (None,) if self.run is None else (self.run.author, self.run.move, self.run.hand)


@dataclass(frozen=True, slots=True)
class Composed:
    """`ops` in order, none overlapping. `offsets` maps each offset of the Line's original text, its end too, into the
    official text. `above` and `below` are whole paragraphs inserted before and after. `gone`: nothing is left.
    """

    ops: tuple[Op, ...]
    offsets: list[int]
    above: tuple[tuple[Run, str], ...] = ()
    below: tuple[tuple[Run, str], ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    start: int
    end: int


_Step = Op | _Kept


def compose(line: Line, official: str, *, heading: bool = False) -> Composed:
    """What the Line does to the official text. In a heading the case of letters is no change unless tracked."""
    if line.original == official and not line.changed:
        return Composed((), list(range(len(official) + 1)))
    walk = _Walk(line, official)
    steps = walk.steps(any_case=heading)
    above, below, steps = _paragraphs(steps)
    ops = tuple(_readable(_grouped(steps), official))
    kept = any(isinstance(step, _Kept) and official[step.start : step.end].strip() for step in steps)
    gone = not kept and any(op.end > op.start for op in ops) and not "".join(op.new for op in ops).strip()
    return Composed(ops, walk.offsets, above, below, gone)


@dataclass(slots=True)
class _Walk:
    line: Line
    official: str
    offsets: list[int] = field(default_factory=list)
    start: int = 0
    """Where the words begin, after a typed number."""

    def steps(self, *, any_case: bool) -> list[_Step]:
        original = self.line.original
        start = number_before(original)
        if start and self.official.startswith(original[:start].strip()):
            start = 0
        self.start = start
        self.offsets = [0] * start
        out: list[_Step] = list(self._number(start))
        different: list[Different] = []
        for token in diff_words(original[start:], self.official, any_case=any_case):
            if isinstance(token, Different):
                different.append(token)
                continue
            out += self._differences(start, different)
            different = []
            out += self._same(token.start + start, token.end + start, token.official_start, token.official_end)
        out += self._differences(start, different)
        self.offsets.append(len(self.official))
        out += self._inserted(len(original), len(self.official))
        return out

    def _inserted(self, offset: int, at: int) -> Iterator[Op]:
        """What was inserted before an offset; a new number before the first word is no change of the text."""
        for run in self.line.inserted.get(offset, ()):
            if offset != self.start or not _NUMBER.fullmatch(run.text):
                yield Op(at, at, run.text, run)

    def _number(self, start: int) -> Iterator[Op]:
        """What was inserted at the paragraph's number; a new number is no change of the text."""
        for offset in range(start):
            for op in self._inserted(offset, 0):
                if END in op.new or not _PART_OF_NUMBER.fullmatch(op.new):
                    yield op

    def _same(self, a: int, b: int, c: int, d: int) -> Iterator[_Step]:
        if b - a == d - c:
            self.offsets += range(c, d)
            for p, q, run in self._pieces(a, b):
                here, there = c + p - a, c + q - a
                yield from self._inserted(p, here)
                yield _Kept(here, there) if run is None else Op(here, there, "", run)
        elif self.line.original[a:b].isspace():
            yield from self._spaces(a, b, c, d)
        else:
            self.offsets += [c] * (b - a)
            for p in range(a, b):
                yield from self._inserted(p, c)
            gone = next((run for run in self.line.deleted[a:b] if run is not None), None)
            yield _Kept(c, d) if gone is None else Op(c, d, "", gone)
        if END in self.line.original[a:b]:
            yield Op(d, d, END)

    def _spaces(self, a: int, b: int, c: int, d: int) -> Iterator[_Step]:
        """Several spaces where the official text has one; what was inserted between them has one on either side."""
        self.offsets += [c] * (b - a)
        yield from self._inserted(a, c)
        gone = self.line.deleted[a:b]
        yield _Kept(c, d) if not all(gone) else Op(c, d, "", gone[0])
        for p in range(a + 1, b):
            new = list(self._inserted(p, d))
            yield from new
            if new and not all(gone) and not new[-1].new.endswith((" ", END)):
                yield Op(d, d, " ", new[-1].run)

    def _differences(self, start: int, group: Sequence[Different]) -> Iterator[_Step]:
        """Neighbouring differences; an ellipsis stands for the official words that it leaves out."""
        if not group:
            return
        a, b = group[0].start + start, group[-1].end + start
        c, d = group[0].official_start, group[-1].official_end
        if _ELLIPSIS.fullmatch(self.line.original[a:b]) and not any(self.line.deleted[a:b]):
            self.offsets += [c] * (b - a)
            for p in range(a, b):
                yield from self._inserted(p, c)
            yield _Kept(c, d)
            return
        for token in group:
            yield from self._different(token.start + start, token.end + start, token)

    def _pieces(self, a: int, b: int) -> Iterator[tuple[int, int, Run | None]]:
        """original[a:b] in pieces that have one fate and nothing inserted inside."""
        deleted, inserted = self.line.deleted, self.line.inserted
        start = a
        for p in range(a + 1, b):
            if deleted[p] is not deleted[start] or p in inserted:
                yield start, p, deleted[start]
                start = p
        if start < b:
            yield start, b, deleted[start]

    def _different(self, a: int, b: int, token: Different) -> Iterator[_Step]:
        """The file lacks official[c:d], has original[a:b] of its own, or both. Mere spaces are no difference."""
        own = self.line.original[a:b]
        blank = (
            not own.strip() and END not in own and not self.official[token.official_start : token.official_end].strip()
        )
        self.offsets += [token.official_start] * (b - a)
        for p, q, run in self._pieces(a, b):
            yield from self._inserted(p, token.official_start)
            if run is None and not blank:
                yield Op(token.official_start, token.official_start, self.line.original[p:q])
        if token.official_start < token.official_end:
            yield (
                _Kept(token.official_start, token.official_end)
                if blank
                else Op(token.official_start, token.official_end)
            )


_Whole = tuple[tuple[Run, str], ...]
"""Inserted paragraphs, each with the run that begins it."""


def _paragraphs(steps: Sequence[_Step]) -> tuple[_Whole, _Whole, list[_Step]]:
    """Whole paragraphs inserted above and below, and the steps that stay."""
    kept = [n for n, step in enumerate(steps) if isinstance(step, _Kept)]
    first, last = (kept[0], kept[-1] + 1) if kept else (len(steps), len(steps))
    head, body, tail = list(steps[:first]), list(steps[first:last]), list(steps[last:])
    if kept:
        head, above = _cut_above(head)
        tail, below = _cut_below(tail)
        return above, below, head + body + tail
    if "".join(step.new for step in head if isinstance(step, Op)).endswith(END):
        head, above = _cut_above(head)
        return above, (), head
    head, below = _cut_below(head)
    return (), below, head


def _cut_above(steps: list[_Step]) -> tuple[list[_Step], _Whole]:
    """The steps after the last inserted paragraph end, and the paragraphs before it."""
    ends = [n for n, step in enumerate(steps) if isinstance(step, Op) and step.run is not None and END in step.new]
    if not ends:
        return steps, ()
    cut = ends[-1] + 1
    last = steps[ends[-1]]
    assert isinstance(last, Op)
    rest = last.new.rpartition(END)[2]
    stay: list[_Step] = [step for step in steps[:cut] if isinstance(step, Op) and _stays(step)]
    if rest:
        stay.append(Op(last.start, last.end, rest, last.run))
    return stay + steps[cut:], _paragraphs_of(steps[:cut], last.new[: len(last.new) - len(rest)])


def _cut_below(steps: list[_Step]) -> tuple[list[_Step], _Whole]:
    """The steps before the first inserted paragraph end, and the paragraphs after it."""
    found = (n for n, step in enumerate(steps) if isinstance(step, Op) and step.run is not None and END in step.new)
    at = next(found, None)
    if at is None:
        return steps, ()
    first = steps[at]
    assert isinstance(first, Op)
    before, _, after = first.new.partition(END)
    stay = steps[:at] + ([Op(first.start, first.end, before, first.run)] if before else [])
    stay += [step for step in steps[at + 1 :] if isinstance(step, Op) and _stays(step)]
    moved: list[_Step] = [Op(first.start, first.end, after, first.run), *steps[at + 1 :]]
    return stay, _paragraphs_of(moved, None)


def _stays(step: Op) -> bool:
    """Whether a step among whole inserted paragraphs belongs to the official one: it deletes, or was not tracked."""
    return step.end > step.start or step.run is None


def _paragraphs_of(steps: Sequence[_Step], last: str | None) -> _Whole:
    """The inserted text of the steps as paragraphs; `last` is what the last of them has of them."""
    out: list[tuple[Run, str]] = []
    text, run = "", None
    inserted = [step for step in steps if isinstance(step, Op) and step.run is not None and step.new]
    for n, step in enumerate(inserted):
        new = last if last is not None and n == len(inserted) - 1 else step.new
        for piece in re.split(f"({END})", new):
            if piece == END:
                if text.strip() and run is not None:
                    out.append((run, text))
                text, run = "", None
            elif piece:
                text, run = text + piece, run or step.run
    if text.strip() and run is not None:
        out.append((run, text))
    return tuple(out)


def _grouped(steps: Sequence[_Step]) -> Iterator[Op]:
    """Neighbouring steps of one owner as one change."""
    group: Op | None = None
    for step in steps:
        if isinstance(step, _Kept):
            if group is not None:
                yield group
            group = None
        elif group is not None and group.owner == step.owner and step.start == group.end:
            group = Op(group.start, step.end, group.new + step.new, group.run)
        else:
            if group is not None:
                yield group
            group = step
    if group is not None:
        yield group


def _readable(ops: Iterable[Op], official: str) -> Iterator[Op]:
    """Without changes that change nothing; untracked ones with a space or a small word between them as one."""
    last: Op | None = None
    for op in ops:
        if op.run is None and not op.new.strip() and END not in op.new and not official[op.start : op.end].strip():
            continue
        between = "" if last is None else official[last.end : op.start]
        if last is not None and last.run is None and op.run is None and _one(last, op, between):
            last = Op(last.start, op.end, last.new + between + op.new)
            continue
        if last is not None:
            yield last
        last = op
    if last is not None:
        yield last


def _one(last: Op, op: Op, between: str) -> bool:
    """Whether two changes read as one: a small word between two long replacements is no island."""
    if not between.strip():
        return bool(between)
    both = all(one.end - one.start >= _LONG and len(one.new) >= _SMALL for one in (last, op))
    return both and len(between.strip()) <= _SMALL and between[0].isspace() and between[-1].isspace()
