"""Changes marked by what is typed around words: [-old-]{+new+}, ~~old~~ **new**, <del>, or as a legend says.

A habit of the whole text, and borne out by the draft: without the marks, and without what they add, its words are left.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, pairwise

from parsing.model import Block, Draft, Mark, MarkedText, Problem, Run
from parsing.placing.extracts import DOTS, only_place
from parsing.placing.hand_marks import PLACES, with_marks
from parsing.placing.legend import Legend, first_and_last, is_legend, legend_of
from parsing.placing.match_paragraphs import ALIKE, nearest
from parsing.placing.typed_pairs import TypedPair, may_have_pairs, shown_by, typed_pairs
from parsing.prose.lines import lines
from parsing.prose.references.references import places_of
from parsing.text.search import find
from parsing.text.words import number_before, paragraph_key, similarity, words

_BORNE_OUT = 0.9
"""A paragraph whose rejected words are this similar to the draft's own bears its marks out."""
_LONGEST = 6000
"""Characters of a paragraph that is looked at, and marks in it."""
_MOST = 60
_PARAGRAPHS = 2000
"""Paragraphs with marks that are compared with the draft."""
_OWN = 0.5
"""A paragraph with fewer of the draft's words is none of it, and not compared."""
_NEW = 4
"""Words of a new paragraph, at least."""
_LEAD = re.compile(r"[^:：\n]{1,80}[:：][*_]*\s*")
"""Words before a wording that may name its place: "OP5 should read: “…”"."""
_PASSAGE = 2
_WEAK_PASSAGE = 3
"""Words of the draft in a passage with marks, at least."""
_AROUND = " \t.…,;"
_CAPITALS = re.compile(r"[A-Z]{2}")
_SIGNS = (",", ";", ".", ":")
_QUOTES = ('"', "“", "”", "«", "»", "„")


_Span = tuple[int, int, Mark]
"""text[start:end] with its mark."""


@dataclass(frozen=True, slots=True)
class _TypedParagraph:
    """Blocks [at, until) as one text, its pairs, and the wording in it: text[start:stop] of "OP5 should read: “…”"."""

    at: int
    until: int
    block: Block
    text: str
    pairs: tuple[TypedPair, ...]
    start: int
    stop: int


def with_typed_marks(text: MarkedText, draft: Draft) -> MarkedText:
    """The text with what was marked by typing as insertions and deletions made by hand."""
    if not _may_be_marked(text):
        return text
    legend = _legend(first_and_last([block for block in text.blocks if block.role == "own"]))
    paragraphs = list(islice(_paragraphs(text, legend, draft), _PARAGRAPHS))
    marked = _marked_paragraphs(paragraphs, legend, draft)
    problems = [*text.problems, *_not_compared(len(paragraphs))]
    return replace(text, blocks=tuple(_with_marked(text.blocks, marked)), problems=tuple(problems))


def _legend(blocks: Sequence[Block]) -> Legend:
    """What a legend among these blocks says of marks, and what it shows by having them around its own words."""
    legends = [block.text for block in blocks if is_legend(block.text)]
    return {**legend_of(legends), **shown_by(legends)}


def _may_be_marked(text: MarkedText) -> bool:
    """Whether any mark may be typed in a text that has no others."""
    runs = [run for block in text.blocks for run in block.runs]
    if not any(may_have_pairs(run.text) or _CAPITALS.search(run.text) for run in runs):
        return False
    return text.format == "html" or all(run.mark == "kept" for run in runs)


def _not_compared(paragraphs: int) -> Iterator[Problem]:
    if paragraphs == _PARAGRAPHS:
        yield Problem("", f"only the first {paragraphs:,} paragraphs with typed marks were compared with the draft")


def _marked_paragraphs(
    paragraphs: Sequence[_TypedParagraph], legend: Legend, draft: Draft
) -> dict[int, tuple[Block, int]]:
    """(marked block, until) of each paragraph that fits the draft, where the whole text has the habit to mark so."""
    fits = [_fit(paragraph, draft) for paragraph in paragraphs]
    is_habit = bool(legend) or any(fit.score >= _BORNE_OUT for fit in fits)
    marked: dict[int, tuple[Block, int]] = {}
    for paragraph, fit in zip(paragraphs, fits, strict=True):
        kept = fit if is_habit and fit.score >= ALIKE else _unemphasised(paragraph)
        if kept.spans:
            marked[paragraph.at] = (_marked(paragraph, kept), paragraph.until)
    return marked


def _with_marked(blocks: Sequence[Block], marked: Mapping[int, tuple[Block, int]]) -> Iterator[Block]:
    """The blocks with each marked one in the place of those that it was made of."""
    at = 0
    while at < len(blocks):
        block, at = marked.get(at, (blocks[at], at + 1))
        yield block


# --- the paragraphs and their marks ------------------------------------------------------------------


def _paragraphs(text: MarkedText, legend: Legend, draft: Draft) -> Iterator[_TypedParagraph]:
    """The paragraphs with typed marks."""
    for at, until, block in _whole_paragraphs(text):
        pairs = _pairs(block, legend, draft)
        if pairs:
            start, stop = _wording(block.text, pairs, draft)
            inside = tuple(pair for pair in pairs if start <= pair.start and pair.end <= stop)
            yield _TypedParagraph(at, until, block, block.text, inside, start, stop)


def _pairs(block: Block, legend: Legend, draft: Draft) -> Sequence[TypedPair]:
    text = block.text
    if block.role != "own" or block.place not in PLACES or len(text) > _LONGEST or is_legend(text):
        return ()
    found = islice(typed_pairs(text, legend), _MOST)
    return [
        pair for pair in found if not DOTS.fullmatch(text[pair.start : pair.end]) and not _is_name(text, pair, draft)
    ]


def _is_name(text: str, pair: TypedPair, draft: Draft) -> bool:
    """Whether words in capitals are written so in the draft: "UN"."""
    said = text[pair.first : pair.last]
    return pair.look == "capitals" and any(said in paragraph.text for paragraph in draft.paragraphs)


def _wording(text: str, pairs: Sequence[TypedPair], draft: Draft) -> tuple[int, int]:
    """Where the wording of a paragraph is: behind words that name its place, and without quotes around it."""
    start, stop = _end_of_lead(text, pairs, draft), len(text.rstrip())
    if text[start : start + 1] in _QUOTES and text[stop - 1 : stop] in _QUOTES and stop - start > 1:
        return start + 1, stop - 1
    return start, stop


def _end_of_lead(text: str, pairs: Sequence[TypedPair], draft: Draft) -> int:
    lead = _LEAD.match(text)
    if lead is None or any(pair.start < lead.end() < pair.end for pair in pairs):
        return 0
    return lead.end() if places_of(lead[0], draft) else 0


def _whole_paragraphs(text: MarkedText) -> Iterator[tuple[int, int, Block]]:
    """(at, until, block) of each paragraph; lines of plain text that were broken to a width are one."""
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


# --- against the draft -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a paragraph fits the draft without what its marks add; (start, end, mark) of its pieces."""

    score: float = 0.0
    spans: tuple[_Span, ...] = ()
    left_out: Mapping[int, str] = field(default_factory=dict)
    """The draft's words that the paragraph leaves out, by where they would be: around a passage, between two."""


def _fit(paragraph: _TypedParagraph, draft: Draft) -> _Fit:
    if _is_marked_whole(paragraph):
        return _fit_of_marked_whole(paragraph, draft)
    if not _has_words_of(draft, _rejected(paragraph, paragraph.pairs)):
        return _Fit()
    return _fit_of_passage(paragraph, draft) or _fit_of_paragraph(paragraph, draft)


def _is_marked_whole(paragraph: _TypedParagraph) -> bool:
    """Whether one pair that can mean nothing but a change holds all words of a paragraph."""
    if len(paragraph.pairs) != 1 or paragraph.pairs[0].weak:
        return False
    pair = paragraph.pairs[0]
    return not (paragraph.text[: pair.start] + paragraph.text[pair.end :]).strip()


def _fit_of_marked_whole(paragraph: _TypedParagraph, draft: Draft) -> _Fit:
    """A paragraph that is new, or deleted as a whole."""
    is_new = paragraph.pairs[0].mark == "inserted" and len(words(paragraph.text)) >= _NEW
    _, score = nearest(paragraph.text, draft)
    return _Fit(max(score, ALIKE if is_new else 0.0), tuple(_spans(paragraph, paragraph.pairs)))


def _has_words_of(draft: Draft, text: str) -> bool:
    said, vocabulary = words(text), _vocabulary(draft)
    return bool(said) and sum(word in vocabulary for word in said) >= _OWN * len(said)


@lru_cache(maxsize=8)
def _vocabulary(draft: Draft) -> frozenset[str]:
    return frozenset(word for paragraph in draft.paragraphs for word in words(paragraph.text))


def _fit_of_paragraph(paragraph: _TypedParagraph, draft: Draft) -> _Fit:
    """A whole paragraph, each weak mark as the draft bears it out: as an addition, or as emphasis of its own words."""
    index, score = nearest(_rejected(paragraph, paragraph.pairs), draft)
    official = draft.paragraphs[index].text
    pairs = paragraph.pairs
    for n, pair in enumerate(pairs):
        if not pair.weak or pair.mark != "inserted":
            continue
        emphasis = (*pairs[:n], replace(pair, mark="kept"), *pairs[n + 1 :])
        kept = similarity(_rejected(paragraph, emphasis), official)
        is_no_worse = kept == score and _has_words(paragraph.text, pair)
        if kept > score or is_no_worse or _is_number(paragraph.text, pair):
            pairs, score = emphasis, max(kept, score)
    if any(_is_foreign_deletion(paragraph.text, pair, official) for pair in pairs):
        score = 0.0
    return _Fit(score, tuple(_spans(paragraph, pairs)))


def _has_words(text: str, pair: TypedPair) -> bool:
    return bool(words(text[pair.first : pair.last]))


def _is_number(text: str, pair: TypedPair) -> bool:
    """Whether the words are the number before a paragraph: "**OP5:** …"."""
    said = text[pair.first : pair.last].rstrip(" .:)")
    return not text[: pair.start].strip() and number_before(f"{said}. x") == len(said) + 2


def _is_foreign_deletion(text: str, pair: TypedPair, official: str) -> bool:
    """Whether a weak mark would delete words that the official text does not have."""
    if not pair.weak or pair.mark != "deleted":
        return False
    return f" {' '.join(words(text[pair.first : pair.last]))} " not in f" {' '.join(words(official))} "


def _unemphasised(paragraph: _TypedParagraph) -> _Fit:
    """A sentence of the delegation's own, with what is emphasised inside its quotation marks bare: replace "*A*"."""
    text = paragraph.text
    quoted = [
        replace(pair, mark="kept")
        for pair in paragraph.pairs
        if pair.weak and text[: pair.start][-1:] in _QUOTES and text[pair.end :][:1] in _QUOTES
    ]
    whole = replace(paragraph, start=0, stop=len(text))
    return _Fit(spans=tuple(_spans(whole, quoted))) if quoted else _Fit()


# --- a passage of a paragraph ------------------------------------------------------------------------


def _fit_of_passage(paragraph: _TypedParagraph, draft: Draft) -> _Fit | None:
    """A passage that is, without what is added to it, in one place of the draft, and with it in none; or several, one
    behind the other, with dots for what is left out between them.
    """
    pieces = [piece for piece in map(_trimmed, _between_dots(paragraph)) if _rejected(piece, piece.pairs).strip()]
    rejected = [_rejected(piece, piece.pairs) for piece in pieces]
    pairs = [pair for piece in pieces for pair in piece.pairs]
    least = _WEAK_PASSAGE if all(pair.weak for pair in pairs) else _PASSAGE
    if not pairs or sum(len(words(text)) for text in rejected) < least:
        return None
    place = only_place(rejected, places_of(paragraph.text[: pieces[0].start], draft), draft)
    if place is None:
        return None
    is_whole = paragraph_key(rejected[0]) == paragraph_key(place.official)
    if is_whole or any(_is_emphasis(piece, pair, place.official) for piece in pieces for pair in piece.pairs):
        return None
    left_out = {} if paragraph.block.cell is not None and len(pieces) == 1 else _around(pieces, place.left_out)
    return _Fit(1.0, tuple(_spans_of_pieces(paragraph, pieces)), left_out)


def _around(pieces: Sequence[_TypedParagraph], left_out: Sequence[str]) -> dict[int, str]:
    """What the official text has before the first piece, between two and behind the last, by where it would be."""
    return dict(zip((pieces[0].start, *(piece.stop for piece in pieces)), left_out, strict=True))


def _between_dots(paragraph: _TypedParagraph) -> Iterator[_TypedParagraph]:
    """The pieces of a wording between dots for what is left out."""
    text = paragraph.text
    start = paragraph.start + number_before(text[paragraph.start : paragraph.stop])
    dots = [match.span() for match in DOTS.finditer(text, start, paragraph.stop)]
    for first, last in (*dots, (paragraph.stop, paragraph.stop)):
        pairs = tuple(pair for pair in paragraph.pairs if start <= pair.start and pair.end <= first)
        yield replace(paragraph, start=start, stop=first, pairs=pairs)
        start = last


def _trimmed(paragraph: _TypedParagraph) -> _TypedParagraph:
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


def _is_emphasis(paragraph: _TypedParagraph, pair: TypedPair, official: str) -> bool:
    """Whether the words of a weak mark are in the draft where they are here: they are emphasised and not added."""
    if not pair.weak or pair.mark != "inserted":
        return False
    as_kept = [replace(one, mark="kept") if one == pair else one for one in paragraph.pairs]
    return bool(find(_rejected(paragraph, as_kept), official, mistakes=False))


def _spans_of_pieces(paragraph: _TypedParagraph, pieces: Sequence[_TypedParagraph]) -> Iterator[_Span]:
    """The pieces with their marks; what is between them is in neither view."""
    at = 0
    for piece in pieces:
        yield at, piece.start, "undone"
        yield from (span for span in _spans(piece, piece.pairs) if piece.start <= span[0] < piece.stop)
        at = piece.stop
    yield at, len(paragraph.text), "undone"


# --- the marks ---------------------------------------------------------------------------------------


def _rejected(paragraph: _TypedParagraph, pairs: Sequence[TypedPair]) -> str:
    """The wording without the marks and what they add."""
    return "".join(paragraph.text[a:b] for a, b, mark in _spans(paragraph, pairs) if mark in ("kept", "deleted"))


def _spans(paragraph: _TypedParagraph, pairs: Sequence[TypedPair]) -> Iterator[tuple[int, int, Mark]]:
    """The pieces of the text with their marks.

    In neither view are the typed marks themselves, what frames the wording, and the space between old and new words.
    """
    yield 0, paragraph.start, "undone"
    at, before = paragraph.start, "kept"
    for pair in pairs:
        is_space = at < pair.start and paragraph.text[at : pair.start].isspace()
        is_between = is_space and {before, pair.mark} == {"deleted", "inserted"}
        start = pair.start - _has_space_before(paragraph.text, pair)
        yield at, max(at, start), "undone" if is_between else "kept"
        yield max(at, start), pair.start, pair.mark
        yield pair.start, pair.first, "undone"
        yield pair.first, pair.last, pair.mark
        yield pair.last, pair.end, "undone"
        at, before = pair.end, pair.mark
    yield at, paragraph.stop, "kept"
    yield paragraph.stop, len(paragraph.text), "undone"


def _has_space_before(text: str, pair: TypedPair) -> bool:
    """Whether the space before added words is theirs, since a sign follows them: "means [and ends], ..."."""
    return pair.mark == "inserted" and text[pair.end : pair.end + 1] in _SIGNS and text[pair.start - 1] == " "


def _marked(paragraph: _TypedParagraph, fit: _Fit) -> Block:
    """The block of a paragraph with its marks, and with the draft's words that it leaves out."""
    return with_marks(paragraph.block, _cut(paragraph.block.runs, fit))


def _cut(runs: Sequence[Run], fit: _Fit) -> Iterator[Run]:
    """The runs cut at the borders of the spans, each piece with the mark of its span, and what was left out between."""
    position = 0
    edges = {*fit.left_out, *(edge for span in fit.spans for edge in span[:2])}
    for run in runs:
        end = position + len(run.text)
        borders = sorted({position, end, *(edge for edge in edges if position < edge < end)})
        for a, b in pairwise(borders):
            yield from _left_out(fit, a)
            mark = next(mark for start, stop, mark in fit.spans if start <= a < stop)
            piece = run.text[a - position : b - position]
            yield replace(run, text=piece) if mark == "kept" else replace(run, text=piece, mark=mark, hand=True)
        position = end
    yield from _left_out(fit, position)


def _left_out(fit: _Fit, at: int) -> Iterator[Run]:
    text = fit.left_out.get(at, "")
    if text:
        yield Run(text)
