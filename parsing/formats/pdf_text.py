"""Areas of pages to marked text: paragraphs whole again over columns and pages, headers and footers aside."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from parsing.formats.blocks import Blocks, joined
from parsing.formats.paragraphs import Hyphens, PageLine, joined_text, paragraphs
from parsing.formats.pdf_annotations import PageNote
from parsing.formats.pdf_layout import Area
from parsing.formats.pdf_tables import Grid
from parsing.formats.text import clean
from parsing.languages.tables import phrases
from parsing.model import Block, Cell, MarginComment, MarkedText, Place, Run
from parsing.text.phrases import expression

_EDGE = 0.12
"""Of a page's height, above and below: headers, footers and numbers are there."""
_SCAN_SLACK = 0.12
"""Of a line's width: letters that a picture's text counts as one are not of one width."""
_NUMBER = re.compile(
    r"(?:\w{1,6}\.?\s)?[-–—|]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–—|]?"
    rf"(?:\s*(?:/|{expression(phrases('lines.page_of'), str.casefold)})\s*\d{{1,4}})?",
    re.IGNORECASE,
)


def text_of(areas: Sequence[Area], heights: Mapping[int, float], notes: Sequence[PageNote]) -> MarkedText:
    """The marked text of the areas of all pages; `heights` are the pages', `notes` what the lines' runs refer to."""
    margins = _Margins.of(areas, heights)
    lines = [line for area in areas for line in area.lines]
    writer = _Writer(Hyphens.of(lines), 1.2 * median(line.size for line in lines) if lines else 0.0)
    writer.body([replace(area, lines=tuple(margins.without(area))) for area in areas])
    for place in ("header", "footer"):
        for line in margins.lines(areas, place):
            writer.paragraph([line], Block((), place=place))
    return MarkedText("pdf", tuple(writer.out.done), tuple(writer.comments(notes)), tuple(writer.out.problems()))


@dataclass(frozen=True, slots=True)
class _Margins:
    """Which lines at the edges of pages are headers and footers: page numbers, and lines repeated on several pages."""

    heights: Mapping[int, float]
    often: frozenset[tuple[Place, str]]

    @classmethod
    def of(cls, areas: Sequence[Area], heights: Mapping[int, float]) -> "_Margins":
        bare = cls(heights, frozenset())
        seen = {
            (line.page, bare.key(line)) for area in areas if not area.scan for line in area.lines if bare.zone(line)
        }
        counts = Counter(key for _, key in seen)
        return cls(heights, frozenset(key for key, count in counts.items() if count >= max(2, 0.4 * len(heights))))

    def zone(self, line: PageLine) -> Place | None:
        height = self.heights.get(line.page, 0.0)
        return "header" if line.y < _EDGE * height else "footer" if line.y > (1 - _EDGE) * height else None

    def key(self, line: PageLine) -> tuple[Place, str]:
        return self.zone(line) or "body", re.sub(r"\d+", "#", line.text.strip().lower())

    def place(self, line: PageLine) -> Place | None:
        """Header or footer; None for a line of the text."""
        zone = self.zone(line)
        if zone is not None and (self.key(line) in self.often or _NUMBER.fullmatch(line.text.strip())):
            return zone
        return None

    def without(self, area: Area) -> Iterator[PageLine]:
        apart = area.scan or area.grid is not None
        return (line for line in area.lines if apart or self.place(line) is None)

    def lines(self, areas: Sequence[Area], place: Place) -> Iterator[PageLine]:
        """The headers or the footers, each text once."""
        found: dict[str, PageLine] = {}
        for area in areas:
            for line in area.lines if not area.scan and area.grid is None else ():
                if self.place(line) == place:
                    found.setdefault(self.key(line)[1], line)
        return iter(found.values())


@dataclass(slots=True)
class _Writer:
    """Writes paragraphs; `large` is the height from which a line is a heading."""

    hyphens: Hyphens
    large: float
    out: Blocks = field(default_factory=Blocks)
    ranges: dict[int, tuple[int, int]] = field(default_factory=dict)
    tables: int = 0
    rows: int = 0

    def body(self, areas: Sequence[Area]) -> None:
        flow: list[PageLine] = []
        grid: Grid | None = None
        first = 0
        for area in areas:
            if not area.lines:
                continue
            if area.grid is None or area.cell is None:
                if not area.scan:
                    flow += area.lines
                    continue
                self._flow(flow)
                flow = []
                self._flow(area.lines, _SCAN_SLACK)
                continue
            self._flow(flow)
            if area.grid is not grid:
                first = self._table(area.grid, grid if not flow else None)
            flow, grid = [], area.grid
            row, column = first + area.cell[0], area.cell[1]
            self.rows = max(self.rows, row + 1)
            block = Block((), place="table", cell=Cell(self.tables - 1, row, column))
            for lines in paragraphs(area.lines):
                self.paragraph(lines, block)
        self._flow(flow)

    def _table(self, grid: Grid, before: Grid | None) -> int:
        """Begins a table, or goes on with the one overleaf; the row from which it is counted."""
        if before is not None and grid.continues(before):
            return self.rows
        self.tables, self.rows = self.tables + 1, 0
        return 0

    def _flow(self, lines: Sequence[PageLine], slack: float = 0.0) -> None:
        for paragraph in paragraphs(lines, slack):
            large = len(paragraph) <= 2 and paragraph[0].size >= self.large > 0 and not slack
            self.paragraph(paragraph, Block((), heading=large))

    def paragraph(self, lines: Sequence[PageLine], block: Block) -> None:
        """Writes one paragraph as the block is, and remembers what the annotations are about."""
        for run in joined_text(lines, self.hyphens):
            start = self.out.position
            self.out.put(Run(clean(run.text), style=run.style))
            for note in run.notes:
                self.ranges[note] = (self.ranges.get(note, (start, 0))[0], self.out.position)
        self.out.end(replace(block, runs=tuple(joined(self.out.runs))))

    def comments(self, notes: Sequence[PageNote]) -> Iterator[MarginComment]:
        """The annotations that say something; answers name the comment that they answer."""
        order = {n: k for k, n in enumerate(n for n, note in enumerate(notes) if note.text)}
        for n in order:
            note = notes[n]
            start, end = self.ranges.get(n, (None, None))
            parent = None if note.parent is None else order.get(note.parent)
            yield MarginComment(clean(note.text), note.author, note.date, start, end, parent)
