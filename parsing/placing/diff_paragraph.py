"""One paragraph of a file against its official text: what was tracked and what was not, at the official offsets."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from parsing.model import Run
from parsing.placing.marked_lines import END, MarkedLine, NewParagraph, new_paragraphs
from parsing.text.diff_words import Different, Same, diff_words
from parsing.text.words import BIS, number_before

_PART_OF_NUMBER = re.compile(rf"[\W\d]*(?:{BIS})?\W*")
_NUMBER = re.compile(rf"\s*\(?\d{{1,2}}\s?(?:{BIS})?[.):]+\s*")
_ELLIPSIS = re.compile(r"\s*[\[(]?\s*(?:\.{3,}|…+)\s*[\])]?\s*")
_SMALL = 3
_LONG = 8
"""Letters of a small word, and of a long replacement."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """The words `new` in place of official[start:end]. `run` is the tracked run that says so, None where none does."""

    start: int
    end: int
    new: str = ""
    run: Run | None = None

    @property
    def owner(self) -> tuple[object, ...]:
        """What two neighbouring changes have in common that are one."""
        return (None,) if self.run is None else (self.run.author, self.run.move, self.run.hand)


@dataclass(frozen=True, slots=True)
class ParagraphDiff:
    """What a line changes in its paragraph: `changes` in order, none overlapping, and whole paragraphs inserted `above`
    and `below` it. `offsets` maps each offset of the line's original text, its end too, into the official text.
    """

    changes: tuple[TextChange, ...]
    offsets: Sequence[int]
    above: tuple[NewParagraph, ...] = ()
    below: tuple[NewParagraph, ...] = ()
    deleted: bool = False
    """Whether nothing of the paragraph is left."""


@dataclass(frozen=True, slots=True)
class _KeptText:
    """official[start:end] as it was."""

    start: int
    end: int


_Step = TextChange | _KeptText


def diff_paragraph(line: MarkedLine, official: str, *, heading: bool = False) -> ParagraphDiff:
    """What the line changes in the official text. In a heading the case of letters is no change unless tracked."""
    if line.original == official and not line.changed:
        return ParagraphDiff((), range(len(official) + 1))
    start = _start_of_words(line, official)
    words = diff_words(line.original, official, start=start, any_case=heading)
    tokens = list(_with_invisible(words, start, line.original, official))
    above, below, steps = _without_new_paragraphs(list(_Comparison(line, official, start).steps(tokens)))
    changes = tuple(_readable(_grouped(steps), official))
    offsets = _offsets(tokens, start, official)
    return ParagraphDiff(changes, offsets, above, below, _is_deleted(steps, changes, official))


def _start_of_words(line: MarkedLine, official: str) -> int:
    """Where the line's words begin, behind a number that was typed before them."""
    length = number_before(line.original)
    return 0 if official.startswith(line.original[:length].strip()) else length


def _with_invisible(
    tokens: Iterable[Same | Different], start: int, original: str, official: str
) -> Iterator[Same | Different]:
    """The tokens, with the invisible characters between them as tokens of which the official text has nothing."""
    for token in tokens:
        if start < token.start:
            yield Same(start, token.start, token.official_start, token.official_start)
        yield token
        start = token.end
    if start < len(original):
        yield Same(start, len(original), len(official), len(official))


def _offsets(tokens: Iterable[Same | Different], start: int, official: str) -> list[int]:
    """For each offset of the original text, its end too, the offset in the official text."""
    offsets = [0] * start
    for token in tokens:
        if _is_letter_by_letter(token):
            offsets += range(token.official_start, token.official_end)
        else:
            offsets += [token.official_start] * (token.end - token.start)
    return [*offsets, len(official)]


def _is_letter_by_letter(token: Same | Different) -> bool:
    """Whether each character of a token has its own in the official text; that of a ligature, or of spaces, has not."""
    return isinstance(token, Same) and token.end - token.start == token.official_end - token.official_start


def _is_deleted(steps: Iterable[_Step], changes: Sequence[TextChange], official: str) -> bool:
    """Whether nothing of the paragraph is left, and nothing has taken its place."""
    if any(isinstance(step, _KeptText) and official[step.start : step.end].strip() for step in steps):
        return False
    return any(change.end > change.start for change in changes) and not any(change.new.strip() for change in changes)


# --- step by step through the official text ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A line beside its official text; the line's words begin at `start`, behind a typed number."""

    line: MarkedLine
    official: str
    start: int

    def steps(self, tokens: Iterable[Same | Different]) -> Iterator[_Step]:
        """What is kept and what is changed, in the order of the official text."""
        for offset in range(self.start):
            yield from self._inserted(offset, 0)
        for token in tokens:
            yield from self._same(token) if isinstance(token, Same) else self._different(token)
        yield from self._inserted(len(self.line.original), len(self.official))

    def _inserted(self, offset: int, at: int) -> Iterator[TextChange]:
        """What was inserted before an offset, the end of a paragraph by itself; numbers of paragraphs are no text."""
        for run in self.line.inserted.get(offset, ()):
            if not self._is_number(offset, run.text):
                yield from (TextChange(at, at, piece, run) for piece in re.split(f"({END})", run.text) if piece)

    def _is_number(self, offset: int, text: str) -> bool:
        if offset < self.start:
            return END not in text and _PART_OF_NUMBER.fullmatch(text) is not None
        return offset == self.start and _NUMBER.fullmatch(text) is not None

    def _same(self, token: Same) -> Iterator[_Step]:
        """A token that is the same but for typography: kept, or deleted by somebody."""
        original = self.line.original[token.start : token.end]
        if _is_letter_by_letter(token):
            yield from self._letters(token)
        elif original.isspace():
            yield from self._spaces(token)
        else:
            yield from self._ligature(token)
        if END in original:
            yield TextChange(token.official_end, token.official_end, END)

    def _letters(self, token: Same) -> Iterator[_Step]:
        shift = token.official_start - token.start
        for start, end, run in self._pieces(token.start, token.end):
            yield from self._inserted(start, start + shift)
            yield _kept_or_deleted(start + shift, end + shift, run)

    def _spaces(self, token: Same) -> Iterator[_Step]:
        """Several spaces where the official text has one; what was inserted between them has one on either side."""
        start, end = token.official_start, token.official_end
        gone = self.line.deleted[token.start : token.end]
        all_gone = all(gone)
        yield from self._inserted(token.start, start)
        yield _kept_or_deleted(start, end, gone[0] if all_gone else None)
        for offset in range(token.start + 1, token.end):
            new = list(self._inserted(offset, end))
            yield from new
            if new and not all_gone and not new[-1].new.endswith((" ", END)):
                yield TextChange(end, end, " ", new[-1].run)

    def _ligature(self, token: Same) -> Iterator[_Step]:
        """Characters that have no counterparts one by one: deleted together, where any of them is. Invisible ones have
        none at all.
        """
        for offset in range(token.start, token.end):
            yield from self._inserted(offset, token.official_start)
        gone = next((run for run in self.line.deleted[token.start : token.end] if run is not None), None)
        if token.official_start < token.official_end:
            yield _kept_or_deleted(token.official_start, token.official_end, gone)

    def _different(self, token: Different) -> Iterator[_Step]:
        """The line lacks words of the official text, has words of its own, or both.

        Mere spaces are no difference, and an ellipsis stands for the official words that it leaves out.
        """
        start, end = token.official_start, token.official_end
        is_ellipsis = self._is_ellipsis(token)
        is_nothing = is_ellipsis or self._is_blank(token)
        for first, last, run in self._pieces(token.start, token.end):
            yield from self._inserted(first, start)
            if run is None and not is_nothing:
                yield TextChange(start, start, self.line.original[first:last])
        if start < end or is_ellipsis:
            yield _KeptText(start, end) if is_nothing else TextChange(start, end)

    def _is_ellipsis(self, token: Different) -> bool:
        own = self.line.original[token.start : token.end]
        return _ELLIPSIS.fullmatch(own) is not None and not any(self.line.deleted[token.start : token.end])

    def _is_blank(self, token: Different) -> bool:
        own = self.line.original[token.start : token.end]
        lacking = self.official[token.official_start : token.official_end]
        return not own.strip() and END not in own and not lacking.strip()

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int, Run | None]]:
        """original[start:end] in pieces that one run, or none, has deleted and that have nothing inserted inside."""
        deleted, inserted = self.line.deleted, self.line.inserted
        first = start
        for offset in range(start + 1, end):
            if deleted[offset] is not deleted[first] or offset in inserted:
                yield first, offset, deleted[first]
                first = offset
        if first < end:
            yield first, end, deleted[first]


def _kept_or_deleted(start: int, end: int, run: Run | None) -> _Step:
    return _KeptText(start, end) if run is None else TextChange(start, end, "", run)


# --- whole inserted paragraphs -----------------------------------------------------------------------

_Paragraphs = tuple[NewParagraph, ...]


def _without_new_paragraphs(steps: list[_Step]) -> tuple[_Paragraphs, _Paragraphs, list[_Step]]:
    """The whole paragraphs inserted above and below, and the steps of the paragraph itself."""
    kept = [n for n, step in enumerate(steps) if isinstance(step, _KeptText)]
    if kept:
        first, last = kept[0], kept[-1] + 1
        above, head = _cut_above(_changes(steps[:first]))
        below, tail = _cut_below(_changes(steps[last:]))
        return above, below, [*head, *steps[first:last], *tail]
    changes = _changes(steps)
    if "".join(change.new for change in changes).endswith(END):
        above, rest = _cut_above(changes)
        return above, (), [*rest]
    below, rest = _cut_below(changes)
    return (), below, [*rest]


def _changes(steps: Iterable[_Step]) -> list[TextChange]:
    return [step for step in steps if isinstance(step, TextChange)]


def _cut_above(changes: list[TextChange]) -> tuple[_Paragraphs, list[TextChange]]:
    """The paragraphs up to the last end of one that was inserted, and the changes without them."""
    ends = [n for n, change in enumerate(changes) if _ends_paragraph(change)]
    if not ends:
        return (), changes
    cut = ends[-1] + 1
    return _inserted_paragraphs(changes[:cut]), [*filter(_belongs_to_paragraph, changes[:cut]), *changes[cut:]]


def _cut_below(changes: list[TextChange]) -> tuple[_Paragraphs, list[TextChange]]:
    """The paragraphs behind the first end of one that was inserted, and the changes without them."""
    cut = next((n for n, change in enumerate(changes) if _ends_paragraph(change)), None)
    if cut is None:
        return (), changes
    return _inserted_paragraphs(changes[cut:]), [*changes[:cut], *filter(_belongs_to_paragraph, changes[cut:])]


def _ends_paragraph(change: TextChange) -> bool:
    return change.run is not None and change.new == END


def _belongs_to_paragraph(change: TextChange) -> bool:
    """Whether a change among whole inserted paragraphs is one of the official one: it deletes, or was not tracked."""
    return change.end > change.start or change.run is None


def _inserted_paragraphs(changes: Iterable[TextChange]) -> _Paragraphs:
    inserted = (replace(change.run, text=change.new) for change in changes if change.run is not None and change.new)
    return tuple(new_paragraphs(inserted))


# --- as a reader would say it ------------------------------------------------------------------------


def _grouped(steps: Iterable[_Step]) -> list[TextChange]:
    """The changes, neighbouring ones of one owner as one."""
    changes: list[TextChange] = []
    touches = False
    for step in steps:
        if isinstance(step, _KeptText):
            touches = False
            continue
        if touches and step.owner == changes[-1].owner and step.start == changes[-1].end:
            changes[-1] = replace(changes[-1], end=step.end, new=changes[-1].new + step.new)
        else:
            changes.append(step)
        touches = True
    return changes


def _readable(changes: Iterable[TextChange], official: str) -> list[TextChange]:
    """Without changes that change nothing; untracked ones with a space or a small word between them as one."""
    readable: list[TextChange] = []
    for change in changes:
        if _changes_nothing(change, official):
            continue
        between = official[readable[-1].end : change.start] if readable else ""
        if readable and _read_as_one(readable[-1], change, between):
            readable[-1] = replace(readable[-1], end=change.end, new=readable[-1].new + between + change.new)
        else:
            readable.append(change)
    return readable


def _changes_nothing(change: TextChange, official: str) -> bool:
    """Whether an untracked change is one of spaces alone."""
    if change.run is not None or change.new.strip() or END in change.new:
        return False
    return not official[change.start : change.end].strip()


def _read_as_one(change: TextChange, following: TextChange, between: str) -> bool:
    """Whether two untracked changes read as one: a small word between two long replacements is no island."""
    if change.run is not None or following.run is not None:
        return False
    if not between.strip():
        return bool(between)
    both_long = all(one.end - one.start >= _LONG and len(one.new) >= _SMALL for one in (change, following))
    is_word = between[0].isspace() and between[-1].isspace()
    return both_long and is_word and len(between.strip()) <= _SMALL
