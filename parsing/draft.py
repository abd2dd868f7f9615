"""A Draft from its file: what is title, preamble and operative part, and the label of each paragraph.

Labels follow the habits of UN texts: PP1 … for the preamble, OP1 … for what is numbered after it, `opening` for the
words that say who speaks, `commit` or `chapeau` for the line over the numbered paragraphs, `note` for a bracket at the
end. They are a proposal: a person sees them before the Draft is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from parsing.model import Block, Draft, MarkedText, Paragraph
from parsing.text.phrases import folded, pattern_of
from parsing.text.words import number_before

_TITLE = 20
"""Words of a title, at most; it ends without a stop."""
_ITEM = re.compile(r"\(?([a-z]{1,2}|[ivx]{1,5})[).]\s+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\s?(?:bis|ter|quater|alt))?", re.IGNORECASE)
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
    """The Draft that a file holds, as it reads with its changes accepted; and where it has none, none."""
    paragraphs = tuple(_Labels().of(list(_lines(text))))
    title = next((paragraph.text for paragraph in paragraphs if paragraph.label == "title"), identity)
    return Draft(identity, title, version, language, deadline, comments_to, copy_to, paragraphs, source)


@dataclass(frozen=True, slots=True)
class _Line:
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


def _lines(text: MarkedText) -> Iterator[_Line]:
    for block in text.blocks:
        if block.role == "own" and block.place in ("body", "table", "textbox"):
            said = "".join(run.text for run in block.runs if run.mark in ("kept", "inserted"))
            said = " ".join(said.replace("\u00ad", "").split())
            if said and not said.isdigit():
                yield _line(said, block)


def _line(text: str, block: Block) -> _Line:
    shown = block.number or ""
    length = number_before(text)
    typed = text[:length]
    number = _NUMBER.search(typed) or (None if length else _NUMBER.search(shown))
    if number:
        return _Line(text[length:], number[0], None, block.heading)
    item = _ITEM.match(text)
    if item:
        return _Line(text[item.end() :], None, item[1], block.heading)
    lettered = _ITEM.match(shown + " ")
    return _Line(text, None, lettered[1] if lettered else None, block.heading)


@dataclass(slots=True)
class _Labels:
    """Goes through the lines once; `part` is the one that it is in."""

    part: str = "title"
    seen: set[str] = field(default_factory=set)
    preamble: int = 0
    operative: int = 0
    above: str = ""

    def of(self, lines: list[_Line]) -> Iterator[Paragraph]:
        for n, line in enumerate(lines):
            label, part = self._label(line, lines, n)
            number = line.number if part == "operative" and line.item is None else None
            yield Paragraph(self._own(label), part, number, line.text)

    def _label(self, line: _Line, lines: list[_Line], n: int) -> tuple[str, str]:
        """(label, part) of the n-th line."""
        if self.part == "title" and line.is_title and not _is_opening(line.text):
            return ("title", "subtitle")[n] if n < 2 else f"heading{n + 1}", "title"
        if self.part == "title":
            self.part = "preambular"
            if line.number is None and not line.is_chapeau and _is_opening(line.text):
                return "opening", "opening"
        if n == len(lines) - 1 and n and line.text.startswith("[") and line.text.endswith("]"):
            return "note", "note"
        if line.heading and line.is_title:
            return f"heading{n + 1}", "heading"
        return self._paragraph(line, lines, n)

    def _paragraph(self, line: _Line, lines: list[_Line], n: int) -> tuple[str, str]:
        if line.item is not None and self.above:
            return f"{self.above}({line.item})", self.part
        if line.is_chapeau:
            self.part = "operative"
            return "commit" if _commits(line.text) else "chapeau", "operative-chapeau"
        return self._numbered(line, lines, n)

    def _numbered(self, line: _Line, lines: list[_Line], n: int) -> tuple[str, str]:
        if self.part == "preambular" and _turns(line, lines, n):
            self.part = "operative"
        if self.part == "preambular":
            self.preamble += 1
            self.above = f"PP{self.preamble}"
        else:
            found = re.match(r"\d+", line.number or "")
            self.operative = int(found[0]) if found else self.operative + 1
            self.above = f"OP{line.number or self.operative}"
        return self.above, self.part

    def _own(self, label: str) -> str:
        """The label, with a count where the text has it already."""
        count, own = 1, label
        while own in self.seen:
            count += 1
            own = f"{label} ({count})"
        self.seen.add(own)
        return own


def _turns(line: _Line, lines: list[_Line], n: int) -> bool:
    """Whether the operative part begins here: with the first number, or, where a chapeau is to come, not yet."""
    if any(later.is_chapeau for later in lines[n:]):
        return False
    numbered = any(later.number for later in lines)
    return line.number is not None if numbered else line.text.endswith((";", "；", "؛"))


def _is_opening(text: str) -> bool:
    return pattern_of("drafts.opening").match(folded(text)) is not None


def _commits(text: str) -> bool:
    return pattern_of("drafts.commits").search(folded(text)) is not None
