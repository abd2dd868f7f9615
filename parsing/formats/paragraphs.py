"""Lines as a page shows them, mended into the paragraphs that somebody wrote: for PDFs and scans."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from parsing.languages.tables import phrases
from parsing.text.numerals import HAN_UP_TO_TEN
from parsing.text.phrases import expression

_BEGINS = re.compile(
    rf"(?:\(?(?:\d{{1,3}}(?:\.\d{{1,2}})*|[A-Za-z]|[ivxIVX]{{1,5}})[.)]|[•●▪◦*–—-]|[{HAN_UP_TO_TEN}]{{1,3}}、)\s"
    rf"|{expression(phrases('references.number_mark', 'zh'))}[{HAN_UP_TO_TEN}\d]+"
    r"|(?:OP|PP)\s?\d{1,2}\b"
)
_REFERS = re.compile(rf"(?:,|{expression(phrases('lines.runs_on'), str.casefold)})$", re.IGNORECASE)
"""What a number that begins a line goes on from: "as in paragraph", "commitments 4 and"."""
_ENDS = re.compile(r"[.;:!?。；：！？…][\"'”’»)\]]*$")
_WORD = re.compile(r"\w+(?:-\w+)+|\w+")
_ARABIC = re.compile("[\u0590-\u08ff]")
_IDEOGRAPH = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class LineRun:
    """Characters of a line that look alike and that the same annotations are about."""

    text: str
    style: frozenset[str] = frozenset()
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line: its runs, edges, baseline, size of letters and width of its first word, all in one unit."""

    runs: tuple[LineRun, ...]
    x0: float
    x1: float
    y: float
    size: float
    first: float
    page: int = 0
    backwards: bool | None = None
    """Whether it runs from right to left; None where that is not known."""
    fields: frozenset[int] = frozenset()
    """The lines of a form's fields into which some of its words were typed."""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(slots=True)
class Hyphens:
    """What is known of the hyphens of a text: the words in it, and whether its lines are broken inside words."""

    words: Counter[str] = field(default_factory=Counter)
    often: bool = False

    @classmethod
    def of(cls, lines: Sequence[PageLine]) -> "Hyphens":
        words: Counter[str] = Counter()
        broken = 0
        for line in lines:
            text = line.text.rstrip()
            words.update(word.lower() for word in _WORD.findall(text))
            broken += text.endswith("-")
        return cls(words, broken >= 3 and broken * 20 >= len(lines))

    def joins(self, before: str, after: str) -> bool:
        """Whether the hyphen between the halves of a word was put there by the line's end alone."""
        first = re.search(r"(\w+)-$", before)
        second = re.match(r"\w+", after)
        if first is None or second is None or not second[0][0].islower():
            return False
        whole, parted = (first[1] + second[0]).lower(), f"{first[1]}-{second[0]}".lower()
        if self.words[whole] or self.words[parted]:
            return self.words[whole] >= self.words[parted]
        return self.often


def paragraphs(lines: Sequence[PageLine], slack: float = 0.0) -> list[list[PageLine]]:
    """The lines of one column, paragraph by paragraph. `slack` is the share of the width that a line may leave empty
    and still be full, beyond what the next line's first word would need.
    """
    if not lines:
        return []
    shape = _Column.of(lines, slack)
    found = [[lines[0]]]
    for before, line in pairwise(lines):
        if shape.parts(found[-1], before, line):
            found.append([line])
        else:
            found[-1].append(line)
    return found


@dataclass(frozen=True, slots=True)
class _Column:
    """The edges of a column, the usual distance of its lines, and which way it is read."""

    left: float
    right: float
    leading: float
    slack: float
    backwards: bool

    @classmethod
    def of(cls, lines: Sequence[PageLine], slack: float) -> "_Column":
        gaps = [b.y - a.y for a, b in pairwise(lines) if 0 < b.y - a.y < 2.2 * a.size]
        arabic = sum(len(_ARABIC.findall(line.text)) for line in lines)
        return cls(
            left=min(line.x0 for line in lines),
            right=max(line.x1 for line in lines),
            leading=median(gaps) if gaps else 1.2 * lines[0].size,
            slack=slack,
            backwards=(
                arabic * 2 > sum(len(line.text) for line in lines)
                if lines[0].backwards is None
                else 2 * sum(line.backwards is True for line in lines) > len(lines)
            ),
        )

    def parts(self, paragraph: Sequence[PageLine], before: PageLine, line: PageLine) -> bool:
        """Whether a new paragraph begins with this line."""
        if self._looks_new(before, line) or _is_other_field(before, line):
            return True
        if before.page != line.page or line.y < before.y:  # another page, another column
            ended = bool(_ENDS.search(before.text.rstrip())) or _opens(before, line)
            return not _is_inside(before, line) and (ended or self._is_short(before, line))
        if self._is_short(before, line):
            return True
        return line.y - before.y > 1.3 * self.leading or self._is_indented(paragraph, before, line)

    def _looks_new(self, before: PageLine, line: PageLine) -> bool:
        if max(before.size, line.size) > 1.25 * min(before.size, line.size):
            return True
        return bool(_BEGINS.match(line.text.lstrip())) and not _REFERS.search(before.text.rstrip())

    def _is_short(self, before: PageLine, line: PageLine) -> bool:
        """Whether the next line's first word would still have fitted: then the end was meant. Inside a sentence that
        must be plain to see, after its end less is enough.
        """
        room = before.x0 - self.left if self.backwards else self.right - before.x1
        slack = self.slack * (self.right - self.left)
        if _is_inside(before, line):
            return room > line.first + slack + 4 * line.size
        if _ENDS.search(before.text.rstrip()):
            return room > slack / 2 + 0.6 * line.size
        return room > line.first + slack + 0.3 * line.size

    def _is_indented(self, paragraph: Sequence[PageLine], before: PageLine, line: PageLine) -> bool:
        """Whether a line is an indented first line of a paragraph; under a number or bullet all others are indented."""
        if self.backwards or _BEGINS.match(paragraph[0].text.lstrip()):
            return False
        return line.x0 - before.x0 > 0.8 * line.size and before.x0 - self.left < 0.5 * line.size


def _is_other_field(before: PageLine, line: PageLine) -> bool:
    """Whether one of two lines was typed into a field of a form, and the other was not, or into another."""
    return before.fields != line.fields and before.fields.isdisjoint(line.fields)


def _opens(before: PageLine, line: PageLine) -> bool:
    """Whether a line begins with a word that is set apart, as preambular paragraphs do ("*Recalling* that …")."""
    return line.text[:1].isupper() and line.runs[0].style != before.runs[-1].style


def _is_inside(before: PageLine, line: PageLine) -> bool:
    """Whether a sentence goes on: no end before, a small letter after."""
    return line.text[:1].islower() and not _ENDS.search(before.text.rstrip())


def joined_text(paragraph: Iterable[PageLine], hyphens: Hyphens) -> list[LineRun]:
    """The runs of a paragraph in one line, words that a line's end had broken whole again."""
    runs: list[LineRun] = []
    for line in paragraph:
        new = [run for run in line.runs if run.text]
        if not new:
            continue
        if runs:
            runs[-1], new[0] = _joint(runs[-1], new[0], hyphens)
        runs += new
    return runs


def _joint(last: LineRun, first: LineRun, hyphens: Hyphens) -> tuple[LineRun, LineRun]:
    """The two runs at a line's end, with the space or hyphen that belongs between them."""
    before, after = last.text.rstrip(), first.text.lstrip()
    if before.endswith("\u00ad"):
        before = before[:-1]
    elif before.endswith("-") and re.search(r"\w-$", before):
        before = before[:-1] if hyphens.joins(before, after) else before
    elif not (before and after and _IDEOGRAPH.match(before[-1]) and _IDEOGRAPH.match(after[0])):
        before += " "
    return replace(last, text=before), replace(first, text=after)


def lines_of(text: str) -> Iterator[PageLine]:
    """The lines of a text without coordinates (tesseract's): one character is one wide, a blank line is
    room between two.
    """
    for n, line in enumerate(text.replace("\f", "\n").split("\n")):
        if stripped := line.strip():
            yield PageLine((LineRun(stripped),), 0, len(stripped), float(n), 1.0, len(stripped.split()[0]))
