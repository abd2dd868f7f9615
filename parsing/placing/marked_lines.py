"""Marked text as Lines: the paragraphs as they were before anybody changed them, and what was done to each."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from parsing.model import Block, Cell, Place, Run, TextRole

END = "\u2029"
"""Stands for the end of a paragraph inside a Line; a line feed is a break inside a paragraph."""


@dataclass(slots=True)
class Line:
    """One paragraph with all changes rejected.

    `deleted` holds for each character of `original` the run that deleted it, or None; `inserted` what was inserted
    before the character at an offset, END where a paragraph's end was; `undone` what one inserted and another deleted.
    `end` is the run that deleted the paragraph's own end. `blocks` are those of the file that it was made of.
    """

    place: Place = "body"
    role: TextRole = "own"
    number: str | None = None
    cell: Cell | None = None
    heading: bool = False
    anchor: int | None = None
    original: str = ""
    deleted: list[Run | None] = field(default_factory=list)
    inserted: dict[int, list[Run]] = field(default_factory=dict)
    undone: list[tuple[int, Run]] = field(default_factory=list)
    end: Run | None = None
    blocks: list[Block] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)
    """(position in the whole marked text, offset in `original`, length), for the anchors of comments."""

    @classmethod
    def of(cls, text: str) -> "Line":
        """A text without marks."""
        return cls(original=text, deleted=[None] * len(text))

    def unquoted(self) -> "Line":
        """Without the quotes around the whole of it, where it has no marks."""
        text = self.original.strip()
        if self.changed or len(text) < 2 or text[0] not in '“"«„' or text[-1] not in '”"»“':
            return self
        return replace(self, original=text[1:-1], deleted=[None] * (len(text) - 2))

    @property
    def accepted(self) -> str:
        """As it reads with its changes accepted, its own end aside."""
        if not self.changed:
            return self.original
        out = []
        for offset, character in enumerate(self.original):
            out += [run.text for run in self.inserted.get(offset, ())]
            if self.deleted[offset] is None:
                out.append(character)
        out += [run.text for run in self.inserted.get(len(self.original), ())]
        return "".join(out)

    @property
    def changed(self) -> bool:
        return bool(self.inserted) or self.end is not None or any(self.deleted)

    @property
    def shown(self) -> str:
        """With its changes visible: [-deleted-] {+inserted+}."""
        out = []
        for offset in range(len(self.original) + 1):
            out += ["{+" + run.text + "+}" for run in self.inserted.get(offset, ()) if run.text != END]
            if offset < len(self.original):
                gone = self.deleted[offset] is not None
                before = offset > 0 and self.deleted[offset - 1] is not None
                after = offset + 1 < len(self.original) and self.deleted[offset + 1] is not None
                out.append("[-" * (gone and not before) + self.original[offset] + "-]" * (gone and not after))
        return "".join(out).strip()

    @property
    def first(self) -> int:
        """The position of its first character in the whole marked text."""
        return self.spans[0][0]

    @property
    def last(self) -> int:
        """The position of its own end in the whole marked text."""
        return self.spans[-1][0] + self.spans[-1][2]

    def offset_of(self, position: int) -> int:
        """The offset in `original` of a position in the whole marked text, held within this Line."""
        inside = min(max(position, self.first), self.last)
        start, offset, length = self.spans[bisect_right(self.spans, inside, key=lambda span: span[0]) - 1]
        return offset + min(inside - start, length)

    def joined(self, other: "Line") -> "Line":
        """This Line and the next as one: what was split in two, together again, with END between them."""
        shift = len(self.original) + 1
        return Line(
            place=self.place,
            role=self.role,
            heading=self.heading,
            original=self.original + END + other.original,
            deleted=[*self.deleted, self.end, *other.deleted],
            inserted=self.inserted | {offset + shift: runs for offset, runs in other.inserted.items()},
            undone=self.undone + [(offset + shift, run) for offset, run in other.undone],
            end=other.end,
            blocks=self.blocks + other.blocks,
            spans=self.spans + [(position, offset + shift, length) for position, offset, length in other.spans],
        )

    def new_paragraphs(self) -> list[tuple[Run, str]]:
        """All whole paragraphs that were inserted in it, each with its first run."""
        runs = [run for at in sorted(self.inserted) for run in self.inserted[at]]
        return replace(self, inserted={0: [*runs, Run(END, "inserted")]}).taken_apart()[0]

    def taken_apart(self) -> tuple[list[tuple[Run, str]], "Line"]:
        """The whole paragraphs that were inserted at its head, each with its first run; and the Line without them."""
        runs = self.inserted.get(0, [])
        last = max((n for n, run in enumerate(runs) if run.text == END), default=-1)
        out: list[tuple[Run, str]] = []
        begin = 0
        for n, run in enumerate(runs[: last + 1]):
            if run.text == END:
                if text := "".join(one.text for one in runs[begin:n]).strip():
                    out.append((runs[begin], text))
                begin = n + 1
        rest = {0: runs[last + 1 :]} if runs[last + 1 :] else {}
        inserted = {at: own for at, own in self.inserted.items() if at} | rest
        whole = sum(run.text == END for run in runs)
        return out, replace(self, inserted=inserted, blocks=self.blocks[whole:])

    def cut(self, offset: int) -> tuple["Line", "Line"]:
        """The Line up to an offset of `original`, and the rest; both without what ties them to the file."""
        inserted: tuple[dict[int, list[Run]], dict[int, list[Run]]] = ({}, {})
        for at, runs in self.inserted.items():
            inserted[at >= offset][at if at < offset else at - offset] = runs
        one = Line(heading=self.heading, original=self.original[:offset], deleted=self.deleted[:offset])
        two = Line(heading=self.heading, original=self.original[offset:], deleted=self.deleted[offset:])
        one.inserted, two.inserted = inserted
        return one, two


def lines(blocks: Sequence[Block]) -> tuple[Line, ...]:
    """The Lines of a text. A paragraph that was wholly inserted stands in the one after it."""
    return tuple(_lines(blocks))


def flowing(found: Sequence[Line]) -> list[Line]:
    """The Lines that can hold paragraphs of the draft: running text, and what stands in tables."""
    return [line for line in found if line.role == "own" and line.place in ("body", "textbox", "table")]


def wide_tables(found: Sequence[Line]) -> set[int]:
    """Tables of several columns; one whose cells all stand in one is a frame around the text and no table."""
    return {line.cell.table for line in found if line.cell is not None and line.cell.column > 0}


def _lines(blocks: Sequence[Block]) -> Iterator[Line]:
    line: Line | None = None
    position = 0
    for block in blocks:
        if line is not None and (line.place, line.cell, line.role) != (block.place, block.cell, block.role):
            yield line
            line = None
        if line is None:
            line = Line(place=block.place, role=block.role, cell=block.cell)
        if not line.original:
            line.number, line.heading, line.anchor = block.number, block.heading, block.anchor
        line.blocks.append(block)
        for run in block.runs:
            _add(line, run, position)
            position += len(run.text)
        line.spans.append((position, len(line.original), 0))
        position += 1
        end = Run(END, block.end, block.end_author, block.end_date, hand=any(run.hand for run in block.runs))
        if block.end == "inserted":
            line.inserted.setdefault(len(line.original), []).append(end)
        elif block.end != "undone":
            line.end = end if block.end == "deleted" else None
            yield line
            line = None
    if line is not None:
        yield line


def _add(line: Line, run: Run, position: int) -> None:
    here = len(line.original)
    if run.mark == "inserted":
        line.inserted.setdefault(here, []).append(run)
    elif run.mark == "undone":
        line.undone.append((here, run))
    else:
        line.original += run.text
        line.deleted += [run if run.mark == "deleted" else None] * len(run.text)
    line.spans.append((position, here, len(run.text) if run.mark in ("kept", "deleted") else 0))
