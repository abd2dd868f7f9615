"""Marked text as lines: the paragraphs as they were before anybody changed them, and what was done to each."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from parsing.model import Block, Cell, Place, Run, TextRole

END = "\u2029"
"""Stands for the end of a paragraph inside a line; a line feed is a break inside a paragraph."""
_QUOTES = ('“"«„', '”"»“')
"""What opens, and what closes, a paragraph that is quoted as a whole."""


@dataclass(frozen=True, slots=True)
class NewParagraph:
    """The text of a paragraph that was inserted whole, and the run that begins it."""

    text: str
    run: Run


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """One paragraph with all changes rejected, and the changes beside it.

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
    deleted: Sequence[Run | None] = ()
    inserted: Mapping[int, Sequence[Run]] = field(default_factory=dict)
    undone: Sequence[tuple[int, Run]] = ()
    end: Run | None = None
    blocks: Sequence[Block] = ()
    spans: Sequence[tuple[int, int, int]] = ()
    """(position in the whole marked text, offset in `original`, length), for the anchors of comments."""

    @classmethod
    def of(cls, text: str) -> "MarkedLine":
        """A text without marks."""
        return cls(original=text, deleted=[None] * len(text))

    @property
    def changed(self) -> bool:
        """Whether anything in it, or its own end, was inserted or deleted."""
        return bool(self.inserted) or self.end is not None or any(self.deleted)

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
    def shown(self) -> str:
        """With its changes visible: [-deleted-] {+inserted+}."""
        out = []
        was_deleted = False
        for offset in range(len(self.original) + 1):
            is_deleted = any(self.deleted[offset : offset + 1])
            if was_deleted and not is_deleted:
                out.append("-]")
            out += ["{+" + run.text + "+}" for run in self.inserted.get(offset, ()) if run.text != END]
            if is_deleted and not was_deleted:
                out.append("[-")
            out.append(self.original[offset : offset + 1])
            was_deleted = is_deleted
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
        """The offset in `original` of a position in the whole marked text, held within this line."""
        inside = min(max(position, self.first), self.last)
        start, offset, length = self.spans[bisect_right(self.spans, inside, key=lambda span: span[0]) - 1]
        return offset + min(inside - start, length)

    def unquoted(self) -> "MarkedLine":
        """Without the quotation marks around the whole of it, where it has no changes."""
        text = self.original.strip()
        opening, closing = _QUOTES
        if self.changed or len(text) < 2 or text[0] not in opening or text[-1] not in closing:
            return self
        return replace(self, original=text[1:-1], deleted=[None] * (len(text) - 2))

    def joined(self, other: "MarkedLine") -> "MarkedLine":
        """This line and the next as one: what was split in two, together again, with END between them."""
        shift = len(self.original) + 1
        return MarkedLine(
            place=self.place,
            role=self.role,
            heading=self.heading,
            original=self.original + END + other.original,
            deleted=[*self.deleted, self.end, *other.deleted],
            inserted={**self.inserted, **{offset + shift: runs for offset, runs in other.inserted.items()}},
            undone=[*self.undone, *((offset + shift, run) for offset, run in other.undone)],
            end=other.end,
            blocks=[*self.blocks, *other.blocks],
            spans=[*self.spans, *((position, offset + shift, length) for position, offset, length in other.spans)],
        )

    def cut(self, offset: int) -> tuple["MarkedLine", "MarkedLine"]:
        """The line up to an offset of `original`, and the rest; both without what ties them to the file."""
        before = {at: runs for at, runs in self.inserted.items() if at < offset}
        after = {at - offset: runs for at, runs in self.inserted.items() if at >= offset}
        return (
            MarkedLine(
                heading=self.heading, original=self.original[:offset], deleted=self.deleted[:offset], inserted=before
            ),
            MarkedLine(
                heading=self.heading, original=self.original[offset:], deleted=self.deleted[offset:], inserted=after
            ),
        )

    def inserted_paragraphs(self) -> list[NewParagraph]:
        """All the whole paragraphs that were inserted in it, wherever they are."""
        return new_paragraphs(run for at in sorted(self.inserted) for run in self.inserted[at])

    def without_first_paragraphs(self) -> tuple[list[NewParagraph], "MarkedLine"]:
        """The whole paragraphs that were inserted at its head, and the line without them."""
        *whole, rest = _between_ends(self.inserted.get(0, ()))
        inserted = {at: runs for at, runs in self.inserted.items() if at > 0}
        if rest:
            inserted[0] = rest
        return _worded(whole), replace(self, inserted=inserted, blocks=self.blocks[len(whole) :])


def new_paragraphs(inserted: Iterable[Run]) -> list[NewParagraph]:
    """The paragraphs that inserted runs hold, with END between them."""
    return _worded(_between_ends(inserted))


def _worded(paragraphs: Iterable[Sequence[Run]]) -> list[NewParagraph]:
    """The paragraphs of these runs, without the empty ones."""
    texts = [("".join(run.text for run in runs).strip(), runs) for runs in paragraphs]
    return [NewParagraph(text, runs[0]) for text, runs in texts if text]


def _between_ends(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs before, between and after those that are the end of a paragraph."""
    groups: list[list[Run]] = [[]]
    for run in runs:
        if run.text == END:
            groups.append([])
        else:
            groups[-1].append(run)
    return groups


def marked_lines(blocks: Sequence[Block]) -> tuple[MarkedLine, ...]:
    """The lines of a text. A paragraph that was wholly inserted is in the one after it."""
    return tuple(_line(position, group) for position, group in _blocks_of_lines(blocks))


def flowing(lines: Sequence[MarkedLine]) -> list[MarkedLine]:
    """The lines that can hold paragraphs of the draft: running text, and what is in tables."""
    return [line for line in lines if line.role == "own" and line.place in ("body", "textbox", "table")]


def wide_tables(lines: Sequence[MarkedLine]) -> set[int]:
    """Tables of several columns; one whose cells are all in one column is a frame around the text and no table."""
    return {line.cell.table for line in lines if line.cell is not None and line.cell.column > 0}


def _blocks_of_lines(blocks: Sequence[Block]) -> Iterator[tuple[int, list[Block]]]:
    """The blocks of each line, and the position of the first in the whole marked text.

    A block whose end was inserted, or undone, runs on into the next one.
    """
    group: list[Block] = []
    start = position = 0
    for block in blocks:
        if group and not _runs_on(group[-1], block):
            yield start, group
            group, start = [], position
        group.append(block)
        position += sum(len(run.text) for run in block.runs) + 1
        if block.end in ("kept", "deleted"):
            yield start, group
            group, start = [], position
    if group:
        yield start, group


def _runs_on(block: Block, following: Block) -> bool:
    return (block.place, block.cell, block.role) == (following.place, following.cell, following.role)


def _line(position: int, blocks: list[Block]) -> MarkedLine:
    """The line that blocks make together; its number and its style are those of the first with original words."""
    text = _Text(position)
    head = blocks[0]
    for block in blocks:
        head = head if text.original else block
        text.add_block(block)
    last = blocks[-1]
    return MarkedLine(
        place=head.place,
        role=head.role,
        number=head.number,
        cell=head.cell,
        heading=head.heading,
        anchor=head.anchor,
        original=text.original,
        deleted=text.deleted,
        inserted=text.inserted,
        undone=text.undone,
        end=_end_of(last) if last.end == "deleted" else None,
        blocks=blocks,
        spans=text.spans,
    )


@dataclass(slots=True)
class _Text:
    """The characters of a line while they are read, each by its mark; the fields are those of MarkedLine."""

    position: int
    original: str = ""
    deleted: list[Run | None] = field(default_factory=list)
    inserted: dict[int, list[Run]] = field(default_factory=dict)
    undone: list[tuple[int, Run]] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)

    def add_block(self, block: Block) -> None:
        for run in block.runs:
            self._add(run)
        self.spans.append((self.position, len(self.original), 0))
        self.position += 1
        if block.end == "inserted":
            self._insert(_end_of(block))

    def _add(self, run: Run) -> None:
        offset = len(self.original)
        if run.mark == "inserted":
            self._insert(run)
        elif run.mark == "undone":
            self.undone.append((offset, run))
        else:
            self.original += run.text
            self.deleted += [run if run.mark == "deleted" else None] * len(run.text)
        self.spans.append((self.position, offset, len(self.original) - offset))
        self.position += len(run.text)

    def _insert(self, run: Run) -> None:
        self.inserted.setdefault(len(self.original), []).append(run)


def _end_of(block: Block) -> Run:
    """The end of a block as a run of its own; made by hand where any mark of the block was."""
    return Run(END, block.end, block.end_author, block.end_date, hand=any(run.hand for run in block.runs))
