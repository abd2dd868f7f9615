"""Plain text as marked text: a Block for each line, so that nothing of its layout is lost."""

import re
from collections.abc import Iterable, Iterator

from parsing.model import Block, MarkedText, Problem, Run

LONGEST = 20_000_000
"""Characters of one text that are read; the six languages' drafts together have a hundredth of that."""

_LINE_END = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def read_text(text: str) -> MarkedText:
    """One Block for each line; a blank line is a Block without runs. Lines that were broken to a width stay broken."""
    text, problems = cut(text, LONGEST)
    lines = _LINE_END.split(clean(text))
    if lines[-1] == "":
        lines.pop()
    return MarkedText("text", tuple(_blocks(lines)), problems=problems)


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    at = 0
    for line in lines:
        runs = (Run(line),) if line.strip() else ()
        end = at + len(line) if runs else at
        yield Block(runs, span=(at, end))
        at = end + 1


def clean(text: str) -> str:
    """Without the characters that no text holds: controls, NUL, lone surrogates, a byte order mark at the start."""
    return _NO_TEXT.sub("", text.removeprefix("\ufeff"))


def cut(text: str, longest: int) -> tuple[str, tuple[Problem, ...]]:
    """The text up to a length, and a Problem where that is not all."""
    if len(text) <= longest:
        return text, ()
    return text[:longest], (Problem("", f"only the first {longest:,} of {len(text):,} characters were read"),)
