"""Marked text as Lines: the paragraphs as they were before anybody changed them, and what was done to each."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsing.model import Block, Cell, Place, Run


@dataclass(slots=True)
class Line:
    """One paragraph with all changes rejected.

    `deleted` holds for each character of `original` the run that deleted it, or None; `inserted` what was inserted before
    the character at an offset, a line feed where a paragraph's end was. `end` is the run that deleted the paragraph's own
    end. `blocks` are those of the file that it was made of.
    """

    place: Place = "body"
    number: str | None = None
    cell: Cell | None = None
    heading: bool = False
    original: str = ""
    deleted: list[Run | None] = field(default_factory=list)
    inserted: dict[int, list[Run]] = field(default_factory=dict)
    end: Run | None = None
    blocks: list[Block] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)
    """(position in the whole marked text, offset in `original`, length), for the anchors of comments."""

    @property
    def accepted(self) -> str:
        """As it reads with its changes accepted, its own end aside."""
        out = []
        for offset in range(len(self.original) + 1):
            out += [run.text for run in self.inserted.get(offset, ())]
            if offset < len(self.original) and self.deleted[offset] is None:
                out.append(self.original[offset])
        return "".join(out)

    @property
    def changed(self) -> bool:
        return bool(self.inserted) or self.end is not None or any(run is not None for run in self.deleted)

    def offset_of(self, position: int) -> int | None:
        """The offset in `original` of a position in the whole marked text; None where it is not in this line."""
        if not self.spans or not self.spans[0][0] <= position <= self.spans[-1][0] + self.spans[-1][2]:
            return None
        start, offset, length = self.spans[bisect_right(self.spans, position, key=lambda span: span[0]) - 1]
        return offset + min(position - start, length)


def lines(blocks: Sequence[Block]) -> tuple[Line, ...]:
    """The Lines of a text. A paragraph that was wholly inserted stands in the one after it."""
    return tuple(_lines(blocks))


def _lines(blocks: Sequence[Block]) -> Iterator[Line]:
    line = Line()
    fresh = True
    position = 0
    for block in blocks:
        if not fresh and (line.place, line.cell) != (block.place, block.cell):
            yield line
            line, fresh = Line(), True
        if fresh or not line.original:
            line.place, line.number, line.cell, line.heading = block.place, block.number, block.cell, block.heading
        fresh = False
        line.blocks.append(block)
        for run in block.runs:
            _add(line, run, position)
            position += len(run.text)
        mark = Run("\n", block.end, block.end_author, block.end_date)
        line.spans.append((position, len(line.original), 0))
        position += 1
        if block.end in ("inserted", "undone"):
            if block.end == "inserted":
                line.inserted.setdefault(len(line.original), []).append(mark)
            continue
        line.end = mark if block.end == "deleted" else None
        yield line
        line, fresh = Line(), True
    if not fresh:
        yield line


def _add(line: Line, run: Run, position: int) -> None:
    here = len(line.original)
    if run.mark == "inserted":
        line.inserted.setdefault(here, []).append(run)
    elif run.mark in ("kept", "deleted"):
        line.original += run.text
        line.deleted += [run if run.mark == "deleted" else None] * len(run.text)
    line.spans.append((position, here, len(run.text) if run.mark in ("kept", "deleted") else 0))
