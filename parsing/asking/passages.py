"""The sentences of a text as a model is shown them: cut by lines and closing signs alone, so that they stay the same
whatever the readers of prose learn.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from parsing.draft_index import index_of, words_of
from parsing.model import AskedSentence, Block, Draft, Run

_END = re.compile(r"[.!?؟]+[\"'”»’)\]]*\s+(?=\S)|[。！？][”」』》]*\s*(?=\S)")
"""Where a sentence ends inside a line."""
_SHORTEST = 12
"""Characters before which no sentence ends: "1. ", "No. ", "para. "."""
_WRAPPED = 60
"""A line of so many characters that ends without a sign goes on in the next one: mail is wrapped at 65 to 78."""
_CLOSED = tuple(".!?:;。！？：；؟؛…|")
_ITEM = re.compile(r"\s*(?:[-–—*•·+>|]|\(?[\w\u0660-\u0669]{1,4}[.)、:]|\d)")
"""What begins an item of a list, which is no continuation."""
_LOOKS = ("strike", "highlight", "colour", "bold", "underline")
_TAGS = {"bold": "b", "underline": "u"}
_SAME = 0.6
"""A block with so much of a paragraph in common is that paragraph, changed or not."""
_VERSION = 0.4
"""A file that shows so many of the draft's paragraphs is a version of it: the two are compared word by word."""


def sentences_of(blocks: Sequence[Block], source: str, first: int = 1) -> Iterator[AskedSentence]:
    """The sentences of the blocks of a Part, numbered from `first`; what has no words is left out."""
    number = first
    for start, end, shown, role in _pieces(blocks):
        if words_of(shown):
            yield AskedSentence(number, source, start, end, shown if role == "own" else f"({role}) {shown}")
            number += 1


def without_version(blocks: Sequence[Block], draft: Draft) -> Sequence[Block]:
    """The blocks of a file without those that show paragraphs of the draft, where it is a version of the draft."""
    labels = [_paragraph(block, draft) for block in blocks]
    shown = {label for label in labels if label}
    if len(shown) < _VERSION * len(draft.paragraphs):
        return blocks
    return [block for block, label in zip(blocks, labels, strict=True) if not label]


def _paragraph(block: Block, draft: Draft) -> str:
    """The label of the paragraph that a block shows, or nothing."""
    said = set(words_of(block.text))
    if not said:
        return ""
    known = index_of(draft).words
    label = max(known, key=lambda one: len(said & set(known[one])))
    theirs = set(known[label])
    return label if len(said & theirs) >= _SAME * max(len(theirs), 1) else ""


_Piece = tuple[int, int, str, str]
"""Start and end in the text of the Part, the words as they are shown, and whose they are."""


def _pieces(blocks: Sequence[Block]) -> Iterator[_Piece]:
    located = [block for block in blocks if block.span is not None]
    for row, members in groupby(located, key=lambda block: block.cell and (block.cell.table, block.cell.row)):
        if row is not None:
            yield _row(list(members))
        else:
            for group in _wrapped(members):
                yield from _cut(group)


def _row(cells: Sequence[Block]) -> _Piece:
    """The cells of a row as one piece."""
    spans = [cell.span for cell in cells if cell.span]
    return spans[0][0], spans[-1][1], " | ".join(" ".join(_shown(cell).split()) for cell in cells), cells[0].role


def _wrapped(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Lines that were broken by a mail program, put together again."""
    group: list[Block] = []
    for block in blocks:
        if group and not _goes_on(group[-1], block):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _goes_on(one: Block, other: Block) -> bool:
    line = one.text.rstrip()
    return (
        one.role == other.role
        and one.span is not None
        and other.span is not None
        and other.span[0] <= one.span[1] + 1
        and len(line) >= _WRAPPED
        and not line.endswith(_CLOSED)
        and not _ITEM.match(other.text)
        and bool(other.text.strip())
    )


def _cut(group: Sequence[Block]) -> Iterator[_Piece]:
    """The sentences of lines that belong together."""
    first, last = group[0].span, group[-1].span
    assert first is not None
    assert last is not None
    text = " ".join(block.text for block in group)
    plain = len(text) == last[1] - first[0] and not any(_looks(run) for block in group for run in block.runs)
    if not plain:
        yield first[0], last[1], " ".join(" ".join(_shown(block) for block in group).split()), group[0].role
        return
    at = 0
    for end in _ends(text):
        yield first[0] + at, first[0] + end, " ".join(text[at:end].split()), group[0].role
        at = end


def _ends(text: str) -> Iterator[int]:
    at = 0
    for found in _END.finditer(text):
        if found.end() - at >= _SHORTEST:
            yield found.end()
            at = found.end()
    yield len(text)


def _shown(block: Block) -> str:
    """The words of a block with their marks; looks that all of it has in common say nothing."""
    common = set[str]() if len(block.runs) < 2 else set.intersection(*(set(_tags(run)) for run in block.runs))
    common -= {"ins", "del"}
    return "".join(_tagged(run, common) for run in block.runs)


def _looks(run: Run) -> bool:
    return bool(run.text.strip()) and bool(_tags(run))


def _tags(run: Run) -> list[str]:
    marks = {"inserted": ["ins"], "deleted": ["del"]}.get(run.mark, [])
    looks = sorted({look.partition(":")[0] for look in run.style})
    return marks + [_TAGS.get(look, look) for look in looks if look in _LOOKS]


def _tagged(run: Run, common: set[str]) -> str:
    tags = [tag for tag in _tags(run) if tag not in common] if run.text.strip() else []
    return "".join(f"<{tag}>" for tag in tags) + run.text + "".join(f"</{tag}>" for tag in reversed(tags))
