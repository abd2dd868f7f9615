"""What a mail itself says: which of its texts that is, as marked text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from parsing.formats.html import read_html
from parsing.formats.text import read_text
from parsing.model import MarkedText

_SEEN = ("strike", "underline", "colour:", "highlight:")
"""What the eye may take for a change."""
_COMMAND = re.compile(r"<<|</?[A-Za-z][A-Za-z-]{0,59}>")
_MARKING = re.compile(r"<(?:ins|del|s|strike|u|table|font)[\s>]|color|background|text-decoration|<style", re.IGNORECASE)
_STYLE, _STYLE_END = re.compile("<style", re.IGNORECASE), re.compile("</style", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
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
        plain = [text for text in group if text.kind == "plain"]
        html = [text for text in group if text.kind == "html"]
        if not plain or not html:
            taken += map(_read, group)
            continue
        plain, html = [_read(text) for text in plain], [_read(text) if _may_mark(text) else text for text in html]
        better = _html_is_better(plain, html)
        taken += [said if said.marked.format else _read(said) for said in (html if better else plain)]
        again += plain if better else html
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
        if open_depth != depth or content in ("", "-- "):
            out.append("\n")
            out.append(f"{'>' * depth} " if depth else "")
        out.append(content)
        open_depth = depth if flows else None
    return "".join(out[1:])


def _read(said: Said) -> Said:
    return replace(said, marked=read_text(said.text) if said.kind == "plain" else read_html(said.text))


def _may_mark(said: Said) -> bool:
    """Whether the HTML holds anything at all by which it could carry marks: most does not, and need not be read."""
    return _MARKING.search(said.text) is not None


def _html_is_better(plain: Sequence[Said], html: Sequence[Said]) -> bool:
    words = sum(len(said.text.split()) for said in plain)
    twin = sum(len(_words_of(said.text).split()) for said in html)
    return words * _STUB < twin or (twin > 0 and any(_carries_marks(said.marked) for said in html))


def without_style_sheets(html: str) -> str:
    first, *others = _STYLE.split(html)
    return " ".join([first, *(_STYLE_END.split(piece, maxsplit=1)[-1] for piece in others)])


def _words_of(html: str) -> str:
    """About what the HTML shows, for counting: without its tags and style sheets."""
    return _TAG.sub(" ", without_style_sheets(html))


def _carries_marks(text: MarkedText) -> bool:
    return any(
        block.cell is not None
        or any(run.mark != "kept" or any(look.startswith(_SEEN) for look in run.style) for run in block.runs)
        for block in text.blocks
    )


def unenriched(text: str) -> str:
    """The words of text/enriched and text/richtext (RFC 1896) without their commands."""
    return _COMMAND.sub(lambda found: "<" if found[0] == "<<" else "", text)
