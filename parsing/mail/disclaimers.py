"""Words of law and warnings: the sentences that hold one of their phrases, and those after them that go on so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsing.languages.tables import phrases
from parsing.mail.comment_marks import speaks_of_the_draft
from parsing.model import Block, Run, TextRole
from parsing.text.phrases import folded, pattern

_LAW = phrases("disclaimers.phrases")
_FURTHER = pattern(phrases("disclaimers.further"))
_SENTENCE = re.compile(r"\S(?:[^\n.!?。！？؟]|[.!?؟](?![\"'”’»)\]*]*\s))*(?:[.!?؟][\"'”’»)\]*]*|[。！？]|(?=\n)|\Z)")
"""To a full stop that white space follows, or to the end of the line."""
_RULE = re.compile(r"[-_=*~#\s]{3,}")
_ADDRESS = re.compile(r"<?(?:https?://|www\.)\S+>?|\S+@\S+\.\S+")
_WIDEST = 100
"""Characters of a line beyond which a text is not broken to a width."""
_LONGEST = 6000
"""Characters of a paragraph that are looked at."""


@dataclass(frozen=True, slots=True)
class _DisclaimerLine:
    """A block with its text; `joins` where the sentence goes on in the next one: it was broken to a width."""

    block: Block
    text: str
    joins: bool


def is_law(lower: str) -> bool:
    """Whether a text in lower case holds a phrase of law."""
    return any(map(lower.replace("’", "'").__contains__, _LAW))


def with_disclaimers(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with the role of what is law; one that holds other words, too, becomes several."""
    out: list[Block] = []
    for paragraph in _paragraphs(blocks):
        text = "".join(line.text + (" " if line.joins else "\n") for line in paragraph)
        law = _law_in(text) if len(text) < _LONGEST and is_law(" ".join(text.lower().split())) else []
        out += _cut(paragraph, law) if law else (line.block for line in paragraph)
    return tuple(out)


# --- paragraphs --------------------------------------------------------------------------------------


def _paragraphs(blocks: Sequence[Block]) -> Iterator[list[_DisclaimerLine]]:
    """Neighbouring blocks with words that have one role, which is not history."""
    texts = ["".join(run.text for run in block.runs) for block in blocks]
    width = max(map(len, texts), default=0)
    paragraph: list[_DisclaimerLine] = []
    for number, block in enumerate(blocks):
        following = texts[number + 1] if number + 1 < len(texts) else ""
        line = _DisclaimerLine(block, texts[number], _goes_on(texts[number], following, width))
        if paragraph and not _belong_together(paragraph[-1].block, block):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _belong_together(above: Block, block: Block) -> bool:
    return bool(above.runs and block.runs) and above.role == block.role != "quoted" and above.cell == block.cell


def _goes_on(line: str, following: str, width: int) -> bool:
    """Whether a line was broken for its width alone: the next word did not fit, and begins no sentence."""
    first = following.split(maxsplit=1)[:1]
    if not first or width > _WIDEST or line.rstrip().endswith((".", ":", "!", "?")):
        return False
    return len(line.rstrip()) + 1 + len(first[0]) >= width and not first[0][:1].isupper()


# --- sentences ---------------------------------------------------------------------------------------


def _law_in(text: str) -> list[tuple[int, int]]:
    """The stretches of a paragraph's text that are law, in order: neighbouring sentences are one."""
    found: list[tuple[int, int]] = []
    goes_on = False
    for sentence in _SENTENCE.finditer(text):
        words = " ".join(sentence[0].lower().split())
        follows = goes_on
        goes_on = is_law(words) or (goes_on and _is_more_of_it(words))
        goes_on = goes_on and not speaks_of_the_draft(sentence[0])
        if goes_on:
            start = found.pop()[0] if follows else sentence.start()
            found.append((start, sentence.end()))
    return found


def _is_more_of_it(words: str) -> bool:
    """Whether a sentence goes on with the law before it: its words do, or it is a rule, an address, a link."""
    return bool(_RULE.fullmatch(words) or _ADDRESS.fullmatch(words) or _FURTHER.search(folded(words)))


def _cut(paragraph: Sequence[_DisclaimerLine], law: Sequence[tuple[int, int]]) -> Iterator[Block]:
    at = 0
    for line in paragraph:
        length = len(line.text)
        within = [(max(start - at, 0), min(end - at, length)) for start, end in law if start < at + length and end > at]
        yield from _pieces(line, within)
        at += length + 1


def _pieces(line: _DisclaimerLine, law: Sequence[tuple[int, int]]) -> Iterator[Block]:
    """The block in pieces, each with its role."""
    at = 0
    for start, end in law:
        yield from _piece(line, at, start, line.block.role)
        yield from _piece(line, start, end, "disclaimer")
        at = end
    yield from _piece(line, at, len(line.text), line.block.role)


def _piece(line: _DisclaimerLine, start: int, end: int, role: TextRole) -> Iterator[Block]:
    """Characters [start, end) as a block of their own, without the white space around them; none of white space."""
    words = line.text[start:end]
    if not words.strip():
        return
    if words.strip() == line.text.strip():
        yield replace(line.block, role=role)
        return
    start += len(words) - len(words.lstrip())
    runs = tuple(_runs_between(line.block.runs, start, start + len(words.strip())))
    yield replace(line.block, runs=runs, role=role, end="kept", number=line.block.number if start == 0 else None)


def _runs_between(runs: Sequence[Run], start: int, end: int) -> Iterator[Run]:
    at = 0
    for run in runs:
        text = run.text[max(start - at, 0) : max(end - at, 0)]
        if text:
            yield replace(run, text=text)
        at += len(run.text)
