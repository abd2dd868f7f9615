"""Marked text in the making: what the readers of formats write their characters to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from parsing.model import Block, Mark, Problem, Run

MOST_BLOCKS = 200_000
"""Paragraphs, lines and cells of one file; a declaration has thirty, a long report five thousand."""


@dataclass(slots=True)
class Blocks:
    """Blocks that are finished, the runs of the one that is being filled, and the lengths of both in characters."""

    done: list[Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    length: int = 0
    pending: int = 0
    full: bool = False

    @property
    def position(self) -> int:
        """Where the next character will stand in the whole marked text, as the anchors of comments count."""
        return self.length + self.pending

    def put(self, run: Run) -> None:
        if run.text and not self.full:
            self.runs.append(run)
            self.pending += len(run.text)

    def end(self, block: Block) -> None:
        """Keeps a finished block, and the runs that were put begin anew. Beyond MOST_BLOCKS nothing is kept."""
        self.runs, self.pending = [], 0
        if self.full:
            return
        self.done.append(block)
        self.length += sum(len(run.text) for run in block.runs) + 1
        self.full = len(self.done) >= MOST_BLOCKS

    def seal(self, first: int) -> None:
        """Keeps the end of the last block from `first` on: a paragraph's end cannot be taken away where no paragraph
        follows, at the end of a cell or of a container.
        """
        if len(self.done) <= first:
            return
        last = self.done[-1]
        for mark, gone in _GONE:
            if last.end == mark and any(run.mark not in gone for run in last.runs):
                self.done[-1] = replace(last, end="kept")

    def problems(self) -> Iterator[Problem]:
        if self.full:
            yield Problem("", f"only the first {MOST_BLOCKS:,} paragraphs were read")


_GONE: tuple[tuple[Mark, tuple[Mark, ...]], ...] = (
    ("deleted", ("deleted", "undone")),
    ("inserted", ("inserted", "undone")),
)


def joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours that differ in nothing but their text, as one."""
    for _, alike in groupby(runs, key=_but_for_text):
        first, *others = alike
        yield replace(first, text=first.text + "".join(run.text for run in others)) if others else first


def _but_for_text(run: Run) -> tuple[object, ...]:
    return run.mark, run.author, run.date, run.move, run.deleted_by, run.style, run.hand


def located(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks of a whole text, each with its span: a line for each block, whatever its marks."""
    out, at = [], 0
    for block in blocks:
        end = at + sum(len(run.text) for run in block.runs)
        out.append(block if block.span == (at, end) else replace(block, span=(at, end)))
        at = end + 1
    return tuple(out)


def has_words(blocks: Iterable[Block]) -> bool:
    """Whether blocks show anything but white space."""
    return any(run.text.strip() for block in blocks for run in block.runs)
