"""The paragraphs that a mail's blocks hold: lines that were broken to a width joined again, list marks set apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from parsing.languages.tables import phrases
from parsing.model import Block, TextRole
from parsing.text.phrases import folded

_WIDEST = 110
"""Lines longer than this were not broken to a width."""
_SHORT = 45
"""Lines shorter than this were not broken, but ended."""
_LONG = 1200
_ORDINALS = "|".join(dict.fromkeys(form for word in phrases("lists.ordinals") for form in (word, folded(word))))
"""Arabic lists are numbered in words, which are written with their accents or without."""
_MARK = re.compile(
    r"\s*(?:"
    r"(?P<bullet>[-*•·–—▪◦‣●○■□➢➤✓»]|o(?=\s))[\s\u00a0]+"
    r"|(?P<outline>(?:\d{1,2}|[A-Z]|[IVX]{1,4})(?:\.\d{1,2}){1,3}\.?(?=\s+[^\W\d_a-zа-я]))[\s\u00a0]+"
    r"|(?P<number>\(?\d{1,2}[.):、．](?!\d)|[（(]\d{1,2}[)）]|[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十]{1,3}[)）])[\s\u00a0]*"
    r"|(?P<letter>\(?[A-Za-zа-яА-Я][.)](?=\s+\D)|\(?[ivxIVX]{1,5}[.)](?=\s))[\s\u00a0]+"
    rf"|(?P<ordinal>(?:{_ORDINALS})\s*[-–—:،.)/])\s*"
    r")"
)
_PASSED_ON = re.compile(r"^\s*(?:>[ \t]?)+")
"""What a program puts before each line of a mail that it passes on."""
_ENDED = re.compile(r"[.;:!?。；：！？؟؛]['\"”’»)\]]?$")
_ANNOUNCED = re.compile(r"[:：]$|[,.;]['\"”’»]$")
"""The end of a line that its writer ended, if what follows does not begin with a small letter."""
_ITEM_ENDS = (";", "；")
_CLOSERS = tuple("\"”»」』'’")
_QUOTATION = re.compile(r"[\"“„«「『‘'].*[\"”“»」』’'][.;,]?", re.DOTALL)
_OPENING = re.compile(r"[\"“„«「『‘']\s?[\w,;(]")
"""A line that begins with a quotation."""
_LINK = re.compile(r"[^\d:：]{1,44}[:：]")
"""What is between two quotations: "with:"; a heading with a number is none."""
_LABELLED = re.compile(r"\s*\w[^.!?:：]{0,40}(?:[:：]\s|：)")
"""A line that begins with a label of its own: "Para 5: …"."""
_COMMAND = re.compile(r"\s*(?:OP|PP)\s?-?\d{1,2}\b(?:\W*\w+){2}")
"""A line that begins with the label of a paragraph and says something of it: "OP9 swap A and B"."""
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or an item of a list. `mark` is the list mark before it, `gap` whether it is apart from the one
    above; `first` and `last` are the blocks that it came from.
    """

    text: str
    role: TextRole = "own"
    mark: str = ""
    gap: bool = False
    heading: bool = False
    first: int = 0
    last: int = 0
    counts: bool = False
    """Whether the numbers of the items below are those of paragraphs, and not their own: see `with_counts`."""

    @property
    def number(self) -> int:
        digits = re.findall(r"\d+", self.mark)
        return int(digits[0]) if len(digits) == 1 else 0


def lines(blocks: Sequence[Block]) -> list[Line]:
    """The paragraphs of the accepted text, in order."""
    out: list[Line] = []
    gap = False
    for (blank, _), written in groupby(_written(blocks), key=lambda line: (not line.text.strip(), line.role)):
        if not blank:
            out += _joined(list(written), gap=gap)
        gap = blank
    return out


def _written(blocks: Sequence[Block]) -> Iterator[Line]:
    """The lines as they are written, with the numbers of automatic lists."""
    for n, block in enumerate(blocks):
        text = "".join(run.text for run in block.runs if run.mark in ("kept", "inserted"))
        mark = block.number or ""
        for piece in text.split("\n"):
            bare = _PASSED_ON.sub("", piece).replace("\t", " ").rstrip()
            yield Line(bare, block.role, mark, heading=block.heading, first=n, last=n)
            mark = ""


def _joined(written: Sequence[Line], *, gap: bool) -> Iterator[Line]:
    """Lines with no blank one between them: each with those that go on with it."""
    width = max((len(line.text) for line in written if len(line.text) <= _WIDEST), default=0)
    whole = replace(written[0], gap=gap)
    for above, line in pairwise(written):
        if _runs_on(above, line, whole.text, width):
            whole = replace(whole, text=_join(whole.text, line.text.strip()), last=line.last)
        else:
            yield _with_mark(whole)
            whole = line
    yield _with_mark(whole)


def _with_mark(line: Line) -> Line:
    """A line with the list mark that is typed before it set apart."""
    found = _MARK.match(line.text)
    if found is None or found.end() == len(line.text):
        return replace(line, text=line.text.strip())
    return replace(line, text=line.text[found.end() :].strip(), mark=line.mark or found[0].strip())


def _runs_on(above: Line, line: Line, text: str, width: int) -> bool:
    """Whether a line was broken, and the following one is its rest. `text` is what came of the lines above."""
    if line.mark or above.heading or line.heading:
        return False
    here, rest = above.text, line.text.strip()
    ended, small = _ENDED.search(here) is not None, rest[:1].islower()
    if not ended and _OPENING.match(rest) and here[-1] not in _CLOSERS:
        return True
    if _begins_anew(line.text, text, ended=ended):
        return False
    if small and not ended and len(here) >= _SHORT:
        return True
    if here[-1] in _ITEM_ENDS or (_ANNOUNCED.search(here) and not small):
        return False
    return _SHORT <= len(here) <= _WIDEST and len(here) + 1 + len(rest.split(maxsplit=1)[0]) > width


def _begins_anew(line: str, text: str, *, ended: bool) -> bool:
    """Whether a line begins with a list mark, with what it is about, or with a label. `text` is what is before it,
    which may have `ended`.
    """
    if _MARK.match(line) or (_COMMAND.match(text) and _COMMAND.match(line)):
        return True
    return _LABELLED.match(line) is not None and (ended or _LABELLED.match(text) is not None)


def _join(text: str, rest: str) -> str:
    hyphen = text.endswith("-") and text[-2:-1].isalpha() and rest[:1].islower()
    han = _HAN.match(text[-1]) and _HAN.match(rest[:1])
    return text + rest if hyphen or han else f"{text} {rest}"


def with_quotations(found: Sequence[Line]) -> list[Line]:
    """Lines with the quotations that are on lines of their own below them: "Replace:", "“A”", "with:", "“B”"."""
    out: list[Line] = []
    for line in found:
        if out and _goes_on_quoting(out[-1], line):
            out[-1] = replace(out[-1], text=f"{out[-1].text} {line.text}", last=line.last)
        else:
            out.append(line)
    return out


def _goes_on_quoting(last: Line, line: Line) -> bool:
    """Whether a line is the quotation that the one above announces, or what is between two of them."""
    if last.role != line.role or line.mark or last.heading or line.heading or len(last.text) > _LONG:
        return False
    if last.text.endswith((":", "：")) and not _QUOTATION.fullmatch(last.text):
        return bool(_QUOTATION.fullmatch(line.text) or (_OPENING.match(line.text) and not line.gap))
    return _LINK.fullmatch(line.text) is not None and last.text[-1:] in _CLOSERS and ":" in last.text


def with_counts(found: Sequence[Line]) -> list[Line]:
    """Lines with what the numbers of the items below each one are: paragraphs', if they rise, and leave some out or
    begin further on than with 1.
    """
    out: list[Line] = []
    first, rising, gaps = 0, True, False
    for line in reversed(found):
        out.append(replace(line, counts=rising and (gaps or first > 1)))
        number = line.number
        if number:
            rising = rising and (not first or number < first)
            gaps = gaps or (first > 0 and number + 1 < first)
            first = number
    return out[::-1]
