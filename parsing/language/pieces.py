"""Folded text cut into words, numbers, ideographs and signs."""

import re
from collections.abc import Iterator

_WORD = r"[\u3040-\u30ff\u3400-\u9fff]|\d+|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+"
"""Ideographs stand alone."""
WORD = re.compile(_WORD)
_PIECE = re.compile(_WORD + r"|->|=>|\.\.\.|[^\w\s]|_")


def pieces(folded: str) -> Iterator[tuple[str, int, int]]:
    """(piece, start, end) in the folded text; spaces are left out."""
    return ((m[0], *m.span()) for m in _PIECE.finditer(folded))
