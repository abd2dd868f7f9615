"""Changes marked by what is typed around words: [-old-]{+new+}, ~~old~~ **new**, <del>, or as a legend says.

A habit of the whole text, and borne out by the draft: without the marks, and without what they add, its words are left.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from parsing.languages.tables import phrases
from parsing.model import Block, Draft, Mark, MarkedText, Problem, Run
from parsing.placing.legend import Legend, is_legend, legend_of
from parsing.placing.match_paragraphs import ALIKE, nearest
from parsing.prose.lines import lines
from parsing.prose.references.references import places_of
from parsing.text.search import find
from parsing.text.words import number_before, paragraph_key, similarity, words

_PLACES = ("body", "table", "textbox")
_BORNE_OUT = 0.9
"""A paragraph whose rejected words are this much the draft's own bears its marks out."""
_EDGE = 40
"""Paragraphs at either end of a text among which a legend may stand."""
_LONGEST = 6000
"""Characters of a paragraph that is looked at, and marks in it."""
_MOST = 60
_PARAGRAPHS = 2000
"""Paragraphs with marks that are compared with the draft."""
_OWN = 0.5
"""A paragraph with fewer of the draft's words is none of it, and not compared."""
_NEW = 4
"""Words of a new paragraph, at least."""
_SAID_ONLY = ("brackets", "braces", "angles")
"""Looks that mean a change only where a legend says so, or [old] stands before new words."""
_LEAD = re.compile(r"[^:：\n]{1,80}[:：][*_]*\s*")
_PASSAGE = 2
_WEAK_PASSAGE = 3
"""Words of the draft in a passage with marks, at least."""
_AROUND = " \t.…,;"
_QUOTES = ('"', "“", "”", "«", "»", "„")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Words between two typed marks: text[start:end] with them, text[first:last] without."""

    start: int
    end: int
    first: int
    last: int
    mark: Mark
    weak: bool
    look: str


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Blocks [at, until) as one text, the pairs in it, and where the wording stands in it: "OP5 should read: “…”"."""

    at: int
    until: int
    block: Block
    text: str
    pairs: tuple[_Pair, ...]
    start: int
    stop: int


def with_typed_marks(text: MarkedText, draft: Draft) -> MarkedText:
    """The text with what was marked by typing as insertions and deletions made by hand."""
    if not any(_openings().search(run.text) for block in text.blocks for run in block.runs):
        return text
    if text.format != "html" and any(run.mark != "kept" for block in text.blocks for run in block.runs):
        return text
    legend = _legend(text)
    found = {paragraph.at: paragraph for paragraph in islice(_paragraphs(text, legend, draft), _PARAGRAPHS)}
    vocabulary = {word for paragraph in draft.paragraphs for word in words(paragraph.text)}
    read = {at: _read(paragraph, draft, vocabulary) for at, paragraph in found.items()}
    habit = bool(legend) or any(one.score >= _BORNE_OUT for one in read.values())
    out: list[Block] = []
    at = 0
    while at < len(text.blocks):
        reading = read.get(at)
        if reading is not None and not (habit and reading.score >= ALIKE):
            reading = _unemphasised(found[at])
        if reading is not None and reading.spans:
            out.append(_marked(found[at], reading))
            at = found[at].until
        else:
            out.append(text.blocks[at])
            at += 1
    says = f"only the first {_PARAGRAPHS:,} paragraphs with typed marks were compared with the draft"
    problems = (Problem("", says),) if len(found) == _PARAGRAPHS else ()
    return replace(text, blocks=tuple(out), problems=(*text.problems, *problems))


def _legend(text: MarkedText) -> Legend:
    edges = [_text(block) for block in text.blocks if block.role == "own"]
    edges = edges[:_EDGE] + edges[_EDGE:][-_EDGE:]
    return legend_of(edges)


def _text(block: Block) -> str:
    return "".join(run.text for run in block.runs)


# --- the paragraphs and their marks ------------------------------------------------------------------


def _paragraphs(text: MarkedText, legend: Legend, draft: Draft) -> Iterator[_Paragraph]:
    """The paragraphs with typed marks; lines that were broken to a width are one."""
    for at, until, block in _whole(text):
        said = _text(block)
        if block.role != "own" or block.place not in _PLACES or len(said) > _LONGEST or is_legend(said):
            continue
        pairs = [pair for _, pair in zip(range(_MOST), _pairs(said, legend), strict=False)]
        if pairs:
            start, stop = _wording(said, pairs, draft)
            inside = tuple(pair for pair in pairs if start <= pair.start and pair.end <= stop)
            yield _Paragraph(at, until, block, said, inside, start, stop)


def _wording(text: str, pairs: Sequence[_Pair], draft: Draft) -> tuple[int, int]:
    """Where the wording stands in a paragraph: behind words that name its place, and without quotes around it."""
    lead = _LEAD.match(text)
    inside = lead is not None and any(pair.start < lead.end() < pair.end for pair in pairs)
    start = lead.end() if lead and not inside and places_of(lead[0], draft) else 0
    stop = len(text.rstrip())
    if text[start : start + 1] in _QUOTES and text[stop - 1 : stop] in _QUOTES and stop - start > 1:
        start, stop = start + 1, stop - 1
    return start, stop


def _whole(text: MarkedText) -> Iterator[tuple[int, int, Block]]:
    blocks = text.blocks
    if text.format not in ("text", "message"):
        yield from ((n, n + 1, block) for n, block in enumerate(blocks))
        return
    for line in lines(blocks):
        until = line.last + 1
        if until > line.first + 1 and all(map(_is_typed, blocks[line.first : until])):
            said = f"{line.mark} {line.text}".strip()
            first, last = blocks[line.first].span, blocks[line.last].span
            span = (first[0], last[1]) if first and last else None
            yield line.first, until, replace(blocks[line.first], runs=(Run(said),), span=span)
        else:
            yield from ((n, n + 1, blocks[n]) for n in range(line.first, until))


def _is_typed(block: Block) -> bool:
    """Whether a block is a line of plain text, and no paragraph or cell that was styled."""
    return block.cell is None and not any(run.style or run.mark != "kept" for run in block.runs)


def _pairs(text: str, legend: Legend) -> Iterator[_Pair]:
    """The pairs that may mean a change: of weak brackets and braces those that a legend names, or [old] before new."""
    found = list(_found(text, legend))
    for n, pair in enumerate(found):
        after = found[n + 1] if n + 1 < len(found) else None
        replaced = after is not None and after.mark == "inserted" and not text[pair.end : after.start].strip()
        if pair.look in legend or pair.look not in _SAID_ONLY or (pair.look == "brackets" and replaced):
            yield pair


def _found(text: str, legend: Legend) -> Iterator[_Pair]:
    for found in _expression().finditer(text):
        row = _table()[int((found.lastgroup or "g0")[1:])]
        first, last = found.span(found.lastgroup or 0)
        mark = legend.get(row["look"], row["act"])
        weak = row.get("weak", False) and row["look"] not in legend
        yield _Pair(found.start(), found.end(), first, last, mark, weak, row["look"])


# --- against the draft -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """How much the draft bears a paragraph out; (start, end, mark) of its pieces."""

    score: float = 0.0
    spans: tuple[tuple[int, int, Mark], ...] = ()
    before: str = ""
    after: str = ""
    """The draft's words around a passage that stands for its paragraph."""


def _unemphasised(paragraph: _Paragraph) -> _Read:
    """A sentence of the delegation's own, with what is emphasised inside its quotation marks bare: replace "*A*"."""
    text = paragraph.text
    quoted = [
        replace(pair, mark="kept")
        for pair in paragraph.pairs
        if pair.weak and text[: pair.start][-1:] in _QUOTES and text[pair.end :][:1] in _QUOTES
    ]
    whole = replace(paragraph, start=0, stop=len(text))
    return _Read(spans=tuple(_spans(whole, quoted))) if quoted else _Read()


def _read(paragraph: _Paragraph, draft: Draft, vocabulary: set[str]) -> _Read:
    """The paragraph with each weak mark as the draft bears it out: as an addition, or as emphasis of its own words."""
    pairs = list(paragraph.pairs)
    text = paragraph.text
    if len(pairs) == 1 and not (text[: pairs[0].start] + text[pairs[0].end :]).strip() and not pairs[0].weak:
        score = ALIKE if len(words(text)) >= _NEW and pairs[0].mark == "inserted" else 0.0
        score = max(score, nearest(text, draft)[1])
        return _Read(score, tuple(_spans(paragraph, pairs)))
    said = words(_rejected(paragraph, pairs))
    if sum(word in vocabulary for word in said) < _OWN * len(said) or not said:
        return _Read()
    passage = _passage(paragraph, draft)
    if passage is not None:
        return passage
    index, score = nearest(_rejected(paragraph, pairs), draft)
    official = draft.paragraphs[index].text
    for n, pair in enumerate(pairs):
        if pair.weak and pair.mark == "inserted":
            as_kept = [*pairs[:n], replace(pair, mark="kept"), *pairs[n + 1 :]]
            kept = similarity(_rejected(paragraph, as_kept), official)
            if kept > score or (kept == score and _has_words(text, pair)) or _is_number(text, pair):
                pairs, score = as_kept, max(kept, score)
    weak_loss = any(pair.weak and pair.mark == "deleted" and not _stands(text, pair, official) for pair in pairs)
    return _Read(0.0 if weak_loss else score, tuple(_spans(paragraph, pairs)))


def _passage(paragraph: _Paragraph, draft: Draft) -> _Read | None:
    """A passage that stands, without what is added to it, in one place of the draft, and with it in none."""
    trimmed = _trimmed(paragraph)
    rejected = _rejected(trimmed, trimmed.pairs)
    least = _WEAK_PASSAGE if all(pair.weak for pair in trimmed.pairs) else _PASSAGE
    if not trimmed.pairs or len(words(rejected)) < least:
        return None
    labels = places_of(paragraph.text[: trimmed.start], draft)
    found = [
        (official, place)
        for official in (p.text for p in draft.paragraphs if not labels or p.label in labels)
        for place in find(rejected, official, mistakes=False)
    ]
    if len(found) != 1 or any(pair.weak and _is_own(trimmed, pair, found[0][0]) for pair in trimmed.pairs):
        return None
    official, place = found[0]
    if paragraph_key(rejected) == paragraph_key(official):
        return None
    return _Read(1.0, tuple(_spans(trimmed, trimmed.pairs)), official[: place.start], official[place.end :])


def _trimmed(paragraph: _Paragraph) -> _Paragraph:
    """Without the number before its wording, and without dots and commas around it."""
    text, stop = paragraph.text, paragraph.stop
    start = paragraph.start + number_before(text[paragraph.start : stop])
    pairs = tuple(pair for pair in paragraph.pairs if pair.start >= start)
    first, last = (pairs[0].start, pairs[-1].end) if pairs else (stop, start)
    while start < min(first, stop) and text[start] in _AROUND:
        start += 1
    while stop > max(last, start) and text[stop - 1] in _AROUND:
        stop -= 1
    return replace(paragraph, start=start, stop=stop, pairs=pairs)


def _is_own(paragraph: _Paragraph, pair: _Pair, official: str) -> bool:
    """Whether the words of one mark stand in the draft where they stand here: they are emphasised and not added."""
    as_kept = [replace(one, mark="kept") if one == pair else one for one in paragraph.pairs]
    return bool(find(_rejected(paragraph, as_kept), official, mistakes=False)) and pair.mark == "inserted"


def _rejected(paragraph: _Paragraph, pairs: Sequence[_Pair]) -> str:
    """The wording without the marks and what they add."""
    return "".join(paragraph.text[a:b] for a, b, mark in _spans(paragraph, pairs) if mark in ("kept", "deleted"))


def _spans(paragraph: _Paragraph, pairs: Sequence[_Pair]) -> Iterator[tuple[int, int, Mark]]:
    """The pieces of the text with their marks. In neither view stand the typed marks themselves, what frames the
    wording, and the space between old and new words.
    """
    yield 0, paragraph.start, "undone"
    at, before = paragraph.start, "kept"
    for pair in pairs:
        between = at < pair.start and paragraph.text[at : pair.start].isspace()
        replaced = between and {before, pair.mark} == {"deleted", "inserted"}
        yield from ((at, pair.start, "undone" if replaced else "kept"), (pair.start, pair.first, "undone"))
        yield from ((pair.first, pair.last, pair.mark), (pair.last, pair.end, "undone"))
        at, before = pair.end, pair.mark
    yield from ((at, paragraph.stop, "kept"), (paragraph.stop, len(paragraph.text), "undone"))


def _has_words(text: str, pair: _Pair) -> bool:
    return bool(words(text[pair.first : pair.last]))


def _is_number(text: str, pair: _Pair) -> bool:
    """Whether the words are the number before a paragraph: "**OP5:** …"."""
    said = text[pair.first : pair.last].rstrip(" .:)")
    return not text[: pair.start].strip() and number_before(f"{said}. x") == len(said) + 2


def _stands(text: str, pair: _Pair, official: str) -> bool:
    return f" {' '.join(words(text[pair.first : pair.last]))} " in f" {' '.join(words(official))} "


# --- the marks ---------------------------------------------------------------------------------------


def _marked(paragraph: _Paragraph, read: _Read) -> Block:
    runs = tuple(_cut(paragraph.block.runs, read.spans))
    if paragraph.block.cell is None:
        runs = (*_kept(read.before), *runs, *_kept(read.after))
    marks = {run.mark for run in runs if run.text.strip() and run.mark != "undone"}
    end = next(iter(marks)) if len(marks) == 1 and paragraph.block.end == "kept" else paragraph.block.end
    return replace(paragraph.block, runs=runs, end=end)


def _kept(text: str) -> tuple[Run, ...]:
    return (Run(text),) if text else ()


def _cut(runs: Sequence[Run], spans: Sequence[tuple[int, int, Mark]]) -> Iterator[Run]:
    """The runs cut at the borders of the spans, each piece with the mark of its span."""
    position = 0
    for run in runs:
        end = position + len(run.text)
        borders = sorted({position, end, *(b for span in spans for b in span[:2] if position < b < end)})
        for a, b in pairwise(borders):
            mark = next(mark for start, stop, mark in spans if start <= a < stop)
            piece = run.text[a - position : b - position]
            yield replace(run, text=piece) if mark == "kept" else replace(run, text=piece, mark=mark, hand=True)
        position = end


# --- the table of marks ------------------------------------------------------------------------------


@cache
def _table() -> list[dict[str, Any]]:
    pairs = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["pair"]
    worded = [
        {"open": f"{opening}{word}{colon}", "close": closing, "act": act, "look": "words"}
        for act, concept in (("deleted", "verdicts.delete"), ("inserted", "verdicts.insert"))
        for word in phrases(concept)
        if " " not in word
        for opening, closing in (("[", "]"), ("(", ")"))
        for colon in ":："
    ]
    return sorted(worded + pairs, key=lambda row: -len(row["open"]))


@cache
def _expression() -> re.Pattern[str]:
    """All pairs. Weak marks that are the same on both sides stand tight around words, a single sign not inside one."""
    return re.compile("|".join(_pattern(n, row) for n, row in enumerate(_table())), re.IGNORECASE)


def _pattern(n: int, row: dict[str, Any]) -> str:
    opening, closing = re.escape(row["open"]), re.escape(row["close"])
    edge = re.escape(row["open"][0])
    if row["open"] == row["close"] and row.get("weak"):
        inside = rf"(?P<g{n}>[^\s{edge}](?:[^{edge}]{{0,1500}}?[^\s{edge}])?)"
        around = edge if len(row["open"]) > 1 else rf"\w{edge}"
        return rf"(?<![{around}]){opening}{inside}{closing}(?![{around}])"
    if row["look"] == "words":
        return rf"{opening}\s*(?P<g{n}>[^\[\]()]{{1,1500}}?)\s*{closing}"
    if row["open"][-1] in "[{<":
        return rf"{opening}(?P<g{n}>[^\[\]{{}}<>]{{1,1500}}){closing}"
    return rf"{opening}(?P<g{n}>.{{1,1500}}?){closing}"


@cache
def _openings() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(row["open"]) for row in _table()), re.IGNORECASE)
