"""What a mail itself says: which of its texts that is, as marked text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape

from parsing.formats.html import read_html
from parsing.formats.text import read_text
from parsing.model import Block, MarkedText, Run

_SEEN = ("strike", "underline", "colour:", "highlight:")
"""What the eye may take for a change."""
_COMMAND = re.compile(r"<<|</?[A-Za-z][A-Za-z-]{0,59}>")
_MARKING = re.compile(r"<(?:ins|del|s|strike|u|table|font)[\s>]|color|background|text-decoration|<style", re.IGNORECASE)
_STYLE, _STYLE_END = re.compile("<style", re.IGNORECASE), re.compile("</style", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_ADDED = re.compile(r"<?(?:https?://|mailto:)[^\s<>]+>?|\[(?:cid|image):[^\]]{0,200}\]", re.IGNORECASE)
"""What programs write into the plain text for links and pictures."""
_LIST_MARK = re.compile(r"[\s>]*(?:\(?(?:\d{1,3}|[a-z]{1,3})[.)]\s)?")
_NO_WORD = re.compile(r"[\W_]+")
_NO_HTML = re.compile(r"\bhtml\b", re.IGNORECASE)
"""Of a plain text that says to look at the HTML."""


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
    """The texts that are the mail's own words, read, in their order, and those that say nothing else.

    Of alternatives the one that says more is taken, and the HTML where it carries marks or tables; of the other one
    what the first lacks, where it lacks something.
    """
    groups: dict[int, list[Said]] = {}
    for number, text in enumerate(texts):
        groups.setdefault(-1 - number if text.group is None else text.group, []).append(text)
    taken: list[Said] = []
    again: list[Said] = []
    for group in groups.values():
        own, others = _of_alternatives(group)
        taken += own
        again += others
    return taken, again


def _of_alternatives(group: Sequence[Said]) -> tuple[list[Said], list[Said]]:
    plain, html = _by_kind(group)
    if not html or (plain and _says_the_same(plain, html)):
        return plain, html
    html = list(map(_read, html))
    first, second = (html, plain) if _is_html_first(plain, html) else (plain, html)
    taken, again = list(first), list[Said]()
    for said in second:
        lacked = _lacked(said, first)
        if lacked.marked.blocks:
            taken.append(lacked)
        else:
            again.append(said)
    return taken, again


def _by_kind(group: Sequence[Said]) -> tuple[list[Said], list[Said]]:
    """The plain texts, read, and the HTML."""
    plain = [_read(said) for said in group if said.kind == "plain"]
    return plain, [said for said in group if said.kind == "html"]


def _says_the_same(plain: Sequence[Said], html: Sequence[Said]) -> bool:
    """Whether the HTML says what the plain texts say and carries no mark: most does, and need not be read."""
    return not any(map(_may_mark, html)) and _says_all(plain, "\n".join(_words_of(said.text) for said in html))


def _is_html_first(plain: Sequence[Said], html: Sequence[Said]) -> bool:
    says_anything = any(block.runs for said in html for block in said.marked.blocks)
    if says_anything and any(_carries_marks(said.marked) for said in html):
        return True
    only_plain = sum(len(_lacked(said, html).marked.blocks) for said in plain)
    only_html = sum(len(_lacked(said, plain).marked.blocks) for said in html)
    return only_html > only_plain


def _lacked(said: Said, others: Sequence[Said]) -> Said:
    """The text with those blocks alone whose words the others do not have."""
    known = "\n".join(_letters(view) for view in _views([b for other in others for b in other.marked.blocks]))
    blocks = tuple(block for block in said.marked.blocks if not _is_said(_shown(block), known))
    return replace(said, marked=replace(said.marked, blocks=blocks))


def _views(blocks: Sequence[Block]) -> Iterator[str]:
    """What blocks say: with all words, without those that are taken out, without those that are put in."""
    yield "".join(map(_shown, blocks))
    yield "".join(run.text for block in blocks for run in block.runs if not _is_taken_out(run))
    yield "".join(run.text for block in blocks for run in block.runs if run.mark != "inserted")


def _is_taken_out(run: Run) -> bool:
    return run.mark in ("deleted", "undone") or "strike" in run.style


def _says_all(plain: Sequence[Said], words: str) -> bool:
    """Whether texts and the words of their HTML say the same."""
    said = "\n".join(_shown(block) for text in plain for block in text.marked.blocks)
    known, letters = _letters(words), _letters(said)
    return all(_is_said(line, known) for line in said.splitlines()) and all(
        _is_said(line, letters) for line in words.splitlines()
    )


def _is_said(line: str, known: str) -> bool:
    """Whether the letters of a line are in a row among the known ones."""
    return _letters(_LIST_MARK.sub("", line, count=1)) in known or bool(_NO_HTML.search(line))


def _letters(text: str) -> str:
    return _NO_WORD.sub("", _ADDED.sub(" ", text)).casefold()


def _shown(block: Block) -> str:
    return "".join(run.text for run in block.runs)


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
    """Whether the HTML holds anything at all by which it could carry marks."""
    return _MARKING.search(said.text) is not None


def without_style_sheets(html: str) -> str:
    first, *others = _STYLE.split(html)
    return " ".join([first, *(_STYLE_END.split(piece, maxsplit=1)[-1] for piece in others)])


def _words_of(html: str) -> str:
    """About what the HTML shows, for comparing: without its tags and style sheets, a line for each stretch."""
    return unescape(_TAG.sub("\n", without_style_sheets(html)))


def _carries_marks(text: MarkedText) -> bool:
    return any(block.cell is not None or _is_marked(block) for block in text.blocks)


def _is_marked(block: Block) -> bool:
    return any(run.mark != "kept" or any(look.startswith(_SEEN) for look in run.style) for run in block.runs)


def unenriched(text: str) -> str:
    """The words of text/enriched and text/richtext (RFC 1896) without their commands."""
    return _COMMAND.sub(lambda found: "<" if found[0] == "<<" else "", text)
