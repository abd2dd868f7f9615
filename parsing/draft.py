"""A Draft from its file: what is title, preamble and operative part, and the label of each paragraph.

Labels follow the habits of UN texts: PP1 … for the preamble, OP1 … for what is numbered after it, `opening` for the
words that say who speaks, `commit` or `chapeau` for the line over the numbered paragraphs, `note` for a bracket at the
end. They are a proposal: a person sees them before the Draft is kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from parsing.model import Block, Draft, MarkedText, Paragraph
from parsing.text.phrases import folded, pattern_of
from parsing.text.words import BIS, number_before

_TITLE = 20
"""Words of a title, at most; it ends without a stop."""
_ITEM = re.compile(r"\(?([a-z]{1,2}|[ivx]{1,5})[).]\s+", re.IGNORECASE)
_NUMBER = re.compile(rf"\d+(?:\s?(?:{BIS}))?", re.IGNORECASE)
_ENDS = (",", ";", ".", ":", "]", "，", "；", "。", "：", "،", "؛", "۔")


def draft_from(
    text: MarkedText,
    identity: str,
    version: str,
    deadline: date,
    *,
    comments_to: str = "",
    copy_to: str = "",
    language: str = "en",
    source: str = "",
) -> Draft:
    """The Draft that a file holds, as it reads with its changes accepted; without paragraphs where it holds none."""
    paragraphs = tuple(_Labels(list(_lines(text))).paragraphs())
    title = next((paragraph.text for paragraph in paragraphs if paragraph.label == "title"), identity)
    return Draft(identity, title, version, language, deadline, comments_to, copy_to, paragraphs, source)


@dataclass(frozen=True, slots=True)
class _DraftLine:
    """One paragraph of the file. `number` is the shown or typed one, `item` a letter such as "a"."""

    text: str
    number: str | None = None
    item: str | None = None
    heading: bool = False

    @property
    def is_title(self) -> bool:
        return self.number is None and len(self.text.split()) <= _TITLE and not self.text.endswith(_ENDS)

    @property
    def is_chapeau(self) -> bool:
        return self.number is None and self.item is None and self.text.endswith((":", "："))

    @property
    def is_opening(self) -> bool:
        return pattern_of("drafts.opening").match(folded(self.text)) is not None

    @property
    def is_bracket(self) -> bool:
        return self.text.startswith("[") and self.text.endswith("]")


def _lines(text: MarkedText) -> Iterator[_DraftLine]:
    for block in text.blocks:
        if block.role == "own" and block.place in ("body", "table", "textbox"):
            accepted = "".join(run.text for run in block.runs if run.mark in ("kept", "inserted"))
            words = " ".join(accepted.replace("\u00ad", "").split())
            if words and not words.isdigit():
                yield _line(words, block)


def _line(text: str, block: Block) -> _DraftLine:
    """A line with the number or the letter typed before it, which is then no part of its text, else the shown one."""
    shown = block.number or ""
    length = number_before(text)
    number = _NUMBER.search(text[:length]) if length else _NUMBER.search(shown)
    if number:
        return _DraftLine(text[length:], number[0], None, block.heading)
    item = _ITEM.match(text)
    if item:
        return _DraftLine(text[item.end() :], None, item[1], block.heading)
    lettered = _ITEM.match(shown + " ")
    return _DraftLine(text, None, lettered[1] if lettered else None, block.heading)


@dataclass(slots=True)
class _Labels:
    """Goes through the lines once; `part` is the one that it is in."""

    lines: Sequence[_DraftLine]
    part: str = "title"
    seen: set[str] = field(default_factory=set)
    preamble: int = 0
    operative: int = 0
    above: str = ""

    def paragraphs(self) -> Iterator[Paragraph]:
        for n, line in enumerate(self.lines):
            label, part = (self._at_beginning(n) if self.part == "title" else None) or self._behind_beginning(n)
            number = line.number if part == "operative" and line.item is None else None
            yield Paragraph(self._own(label), part, number, line.text)

    def _at_beginning(self, n: int) -> tuple[str, str] | None:
        """(label, part) of a title, or of the words that say who speaks; None for the first line behind these."""
        line = self.lines[n]
        if line.is_title and not line.is_opening:
            return ("title", "subtitle")[n] if n < 2 else f"heading{n + 1}", "title"
        self.part = "preambular"
        is_opening = line.number is None and not line.is_chapeau and line.is_opening
        return ("opening", "opening") if is_opening else None

    def _behind_beginning(self, n: int) -> tuple[str, str]:
        """(label, part) of a line behind the titles."""
        line = self.lines[n]
        if line.is_bracket and n == len(self.lines) - 1 and n > 0:
            return "note", "note"
        if line.heading and line.is_title:
            return f"heading{n + 1}", "heading"
        if line.item is not None and self.above:
            return f"{self.above}({line.item})", self.part
        if line.is_chapeau:
            self.part = "operative"
            return "commit" if _commits(line.text) else "chapeau", "operative-chapeau"
        return self._numbered(n)

    def _numbered(self, n: int) -> tuple[str, str]:
        """(label, part) of a paragraph that is counted."""
        line = self.lines[n]
        if self.part == "preambular" and self._turns(n):
            self.part = "operative"
        if self.part == "preambular":
            self.preamble += 1
            self.above = f"PP{self.preamble}"
        else:
            found = re.match(r"\d+", line.number or "")
            self.operative = int(found[0]) if found else self.operative + 1
            self.above = f"OP{line.number or self.operative}"
        return self.above, self.part

    def _turns(self, n: int) -> bool:
        """Whether the operative part begins here: with the first number, or, where a chapeau is to come, not yet."""
        if any(later.is_chapeau for later in self.lines[n:]):
            return False
        if any(line.number for line in self.lines):
            return self.lines[n].number is not None
        return self.lines[n].text.endswith((";", "；", "؛"))

    def _own(self, label: str) -> str:
        """The label, with a count where the text has it already."""
        count, own = 1, label
        while own in self.seen:
            count += 1
            own = f"{label} ({count})"
        self.seen.add(own)
        return own


def _commits(text: str) -> bool:
    return pattern_of("drafts.commits").search(folded(text)) is not None
