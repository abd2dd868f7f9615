"""The paragraphs that a mail's blocks hold: lines that were broken to a width joined again, list marks set apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsing.languages.tables import phrases
from parsing.model import Block, TextRole
from parsing.prose.requests.remarks import label_before
from parsing.text.phrases import folded

_WIDEST = 110
"""Lines longer than this were not broken to a width."""
_BROKEN_AT = 0.75
"""A line that is so long, of the longest, and does not end, was broken, though the next one looks like a heading."""
_SHORT = 45
"""Lines shorter than this were not broken, but ended."""
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
_ENDED = re.compile(r"[.;:!?。；：！？؟؛]['\"”’»)\]]?\s*$")
_QUOTE_ENDED = re.compile(r"[,.;]['\"”’»]\s*$")
_CLOSERS = tuple("\"”»」』'’")
_CLOSING = frozenset("”»」』")
_FEW = 3
"""A line of so few words is a heading, or a label."""
_QUOTATION = re.compile(r"[\"“„«「『‘'].*[\"”“»」』’'][.;,]?", re.DOTALL)
_OPENING = re.compile(r"[\"“„«「『‘']\s?[\w,;(]")
"""A line that begins with a quotation."""
_LONG = 1200
_LABELLED = re.compile(r"\s*\w[^.!?:：]{0,40}(?:[:：]\s|：)")
"""A line that begins with a label of its own: "Para 5: …"."""
_LINK = re.compile(r"[^\d:：]{1,44}[:：]")
"""What is between two quotations: "with:"; a heading with a number is none."""
_HEADED = re.compile(r"\s*(?:[^\W\d_]+\.?\s){0,2}[^\W\d_]*\.?\s?\d{1,2}\s?[-–—:：]\s")
"""A line that begins with what it is about: "OP13 - …", "Commitment no. 5: …"."""
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


def with_quotations(found: Sequence[Line]) -> list[Line]:
    """Lines with the quotations that are on lines of their own below them: "Replace:", "“A”", "with:", "“B”"."""
    out: list[Line] = []
    for line in found:
        last = out[-1] if out else None
        if last is not None and _continues(last, line):
            out[-1] = replace(last, text=f"{last.text} {line.text}", last=line.last)
        else:
            out.append(line)
    return out


def with_counts(found: Sequence[Line]) -> list[Line]:
    """Lines with what the numbers of the items below each one are. Those that leave some out, or begin further on than
    with 1, are paragraphs'; an item's line breaks no list, one that is apart ends it.
    """
    out: list[Line] = []
    first, rising, complete, counts = 0, True, True, False
    for line in reversed(found):
        out.append(replace(line, counts=True) if counts else line)
        number = line.number
        if number:
            rising = not first or (rising and number < first)
            complete = not first or (complete and number + 1 == first)
            first, counts = number, rising and not (number == 1 and complete)
    return out[::-1]


def _continues(last: Line, line: Line) -> bool:
    if last.role != line.role or line.mark or last.heading or line.heading or len(last.text) > _LONG:
        return False
    if (
        _OPENING.match(line.text)
        and not line.gap
        and last.text.endswith((":", "："))
        and not _QUOTATION.match(last.text)
    ):
        return True
    if _QUOTATION.fullmatch(line.text):
        return last.text.endswith((":", "：")) and (":" not in last.text[:-1] or not _QUOTATION.fullmatch(last.text))
    return _LINK.fullmatch(line.text) is not None and last.text[-1:] in _CLOSERS and ":" in last.text


@dataclass(frozen=True, slots=True)
class _Raw:
    text: str
    block: int
    role: TextRole
    number: str | None
    heading: bool


def lines(blocks: Sequence[Block]) -> list[Line]:
    """The paragraphs of the accepted text, in order."""
    out: list[Line] = []
    gap = False
    for chunk in _chunks(blocks):
        if not chunk:
            gap = True
            continue
        out += _joined(chunk, gap=gap)
        gap = False
    return out


def _chunks(blocks: Sequence[Block]) -> Iterator[list[_Raw]]:
    """Lines with no blank line between them; an empty chunk for a blank one."""
    chunk: list[_Raw] = []
    for n, block in enumerate(blocks):
        text = "".join(run.text for run in block.runs if run.mark in ("kept", "inserted"))
        number = block.number
        for piece in text.split("\n"):
            raw = _Raw(_PASSED_ON.sub("", piece).replace("\t", " ").rstrip(), n, block.role, number, block.heading)
            number = None
            if not raw.text.strip():
                yield from (chunk, []) if chunk else ([],)
                chunk = []
                continue
            if chunk and chunk[-1].role != raw.role:
                yield chunk
                chunk = []
            chunk.append(raw)
    yield chunk


def _joined(chunk: Sequence[_Raw], *, gap: bool) -> Iterator[Line]:
    width = max((len(raw.text) for raw in chunk if len(raw.text) <= _WIDEST), default=0)
    start = 0
    while start < len(chunk):
        stop, text = start + 1, chunk[start].text
        while stop < len(chunk) and _runs_on(chunk[stop - 1], chunk[stop], text, width):
            text = _join(text, chunk[stop].text.strip())
            stop += 1
        yield _line(chunk[start], chunk[stop - 1], text, gap=gap)
        gap, start = False, stop


def _runs_on(last: _Raw, following: _Raw, text: str, width: int) -> bool:
    """Whether a line was broken, and the following one is its rest."""
    if following.number is not None or last.heading or following.heading:
        return False
    here, rest = last.text.rstrip(), following.text.strip()
    ended = _ENDED.search(here) is not None
    if not ended and _goes_on_quoting(here, rest, text):
        return True
    small = rest[:1].islower() and not ended
    if _begins_anew(following.text, text, ended=ended, broken=small and len(here) > _BROKEN_AT * width):
        return False
    if small and len(here) >= _SHORT - 15:
        return True
    return not _ends_as_written(here, rest) and _has_no_room(here, rest, width, ended=ended)


def _begins_anew(line: str, text: str, *, ended: bool, broken: bool) -> bool:
    """Whether a line begins with a list mark, with what it is about, or with a label; or is a heading. `text` is what
    is before it, which has `ended`, or was `broken` to a width.
    """
    rest = line.strip()
    if _MARK.match(line) or (_HEADED.match(line) and not broken):
        return True
    if _COMMAND.match(text) and _COMMAND.match(rest):
        return True
    if _LABELLED.match(rest) and (ended or _LABELLED.match(text) or _is_of_a_pair(rest)):
        return True
    return ended and _is_heading(rest)


def _ends_as_written(here: str, rest: str) -> bool:
    """Whether a line ended where its writer ended it."""
    announced = here.endswith((":", "：")) and rest[:1].isupper()
    listed = announced or here.endswith((";", "；")) or (_QUOTE_ENDED.search(here) is not None and rest[:1].isupper())
    return listed or not _SHORT <= len(here) <= _WIDEST


def _has_no_room(here: str, rest: str, width: int, *, ended: bool) -> bool:
    """Whether the next word would not have fitted."""
    return len(here) + 1 + len(rest.split(maxsplit=1)[0]) > (max(width, 66) if ended else width)


def _goes_on_quoting(here: str, rest: str, text: str) -> bool:
    """Whether a line that does not end is followed by a quotation, or by the end of the one that it has begun."""
    if rest[:1] in _CLOSING and _open_quote(text):
        return True
    return _OPENING.match(rest) is not None and here[-1:] not in _CLOSERS and len(here.split()) > _FEW


def _is_of_a_pair(line: str) -> bool:
    """Whether a line begins with a label of words as they stand, or as they shall read."""
    return any(label_before(line, f"labels.{kind}") for kind in ("original", "proposed"))


def _is_heading(line: str) -> bool:
    """Whether a line may be a heading: few words, and no sign at their end."""
    return len(line) < _SHORT and line[-1].isalpha()


def _open_quote(text: str) -> bool:
    return text.count("“") > text.count("”") or text.count("«") > text.count("»") or text.count('"') % 2 == 1


def _join(text: str, rest: str) -> str:
    if text.endswith("-") and text[-2:-1].isalpha() and rest[:1].islower():
        return text + rest
    return text + rest if _HAN.match(text[-1]) and _HAN.match(rest[:1]) else f"{text} {rest}"


def _line(first: _Raw, last: _Raw, text: str, *, gap: bool) -> Line:
    found = _MARK.match(text)
    mark = found[0].strip() if found and found.end() < len(text) else ""
    if mark and found:
        text = text[found.end() :]
    return Line(text.strip(), first.role, first.number or mark, gap, first.heading, first.block, last.block)
