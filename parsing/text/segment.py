"""Folded text cut into words, numbers, ideographs and signs."""

import re
from collections.abc import Iterator

_WORD = r"[\u3040-\u30ff\u3400-\u9fff]|\d+|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+"
"""An ideograph is a word of its own."""
WORD = re.compile(_WORD)
_PIECE = re.compile(_WORD + r"|->|=>|\.\.\.|[^\w\s]|_")


def pieces(folded: str, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """(piece, start, end) in the folded text; spaces are left out."""
    found = _PIECE.finditer(folded, start, len(folded) if end is None else end)
    return ((m[0], *m.span()) for m in found)
