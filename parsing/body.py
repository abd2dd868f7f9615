"""What a mail itself says: which of its texts that is, as marked text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from parsing.formats.html import read_html
from parsing.formats.text import read_text
from parsing.model import MarkedText

_SEEN = {"strike", "underline", "colour", "highlight"}
"""What the eye may take for a change."""
_COMMAND = re.compile(r"<<|</?[A-Za-z][A-Za-z-]{0,59}>")
_STUB = 3
"""A plain text with less than a third of the words of its HTML twin is a stub, as "Your program shows no HTML"."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text of a mail: the index of its piece, its kind (plain or html), and the alternative that it belongs to."""

    index: int
    kind: str
    text: str
    group: int | None = None
    named: bool = False
    marked: MarkedText = field(default=MarkedText(""))


def choose(texts: Sequence[Said]) -> tuple[list[Said], list[Said]]:
    """The texts that are the mail's own words, read, in their order, and those that say the same again.

    Of alternatives the HTML is taken when it carries marks or tables, when there is no plain text, or a stub of one.
    """
    groups: dict[int, list[Said]] = {}
    for number, text in enumerate(texts):
        groups.setdefault(-1 - number if text.group is None else text.group, []).append(text)
    taken: list[Said] = []
    again: list[Said] = []
    for group in groups.values():
        plain = [_read(text) for text in group if text.kind == "plain"]
        html = [_read(text) for text in group if text.kind == "html"]
        ours, theirs = (html, plain) if _html_is_better(plain, html) else (plain, html)
        taken += ours
        again += theirs
    return taken, again


def unflow(text: str, delsp: bool = False) -> str:
    """The text with its soft line ends joined (RFC 3676): quoted lines with their like only."""
    out: list[str] = []
    open_depth: int | None = None
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        content = content[:-1] if flows and delsp else content
        if open_depth == depth and content != "-- ":
            out[-1] += content
        else:
            out.append(f"{'>' * depth} {content}" if depth else content)
        open_depth = depth if flows else None
    return "\n".join(out)


def _read(said: Said) -> Said:
    return replace(said, marked=read_text(said.text) if said.kind == "plain" else read_html(said.text))


def _html_is_better(plain: Sequence[Said], html: Sequence[Said]) -> bool:
    if not html or not plain:
        return bool(html)
    words, twin = _words(plain), _words(html)
    return words * _STUB < twin or (twin > 0 and any(_carries_marks(said.marked) for said in html))


def _words(texts: Sequence[Said]) -> int:
    return sum(len(run.text.split()) for said in texts for block in said.marked.blocks for run in block.runs)


def _carries_marks(text: MarkedText) -> bool:
    return any(
        block.cell is not None or any(run.mark != "kept" or run.style & _SEEN for run in block.runs)
        for block in text.blocks
    )


def unenriched(text: str) -> str:
    """The words of text/enriched and text/richtext (RFC 1896) without their commands."""
    return _COMMAND.sub(lambda found: "<" if found[0] == "<<" else "", text)
