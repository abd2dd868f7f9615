"""Folded text cut into words, numbers, ideographs and signs."""

import re
from collections.abc import Iterator

_PIECE = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]"  # ideographs stand alone
    r"|\d+"
    r"|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+"
    r"|->|=>|\.\.\.|[^\w\s]|_"
)


def pieces(folded: str) -> Iterator[tuple[str, int, int]]:
    """(piece, start, end) in the folded text; spaces are left out."""
    return ((m[0], m.start(), m.end()) for m in _PIECE.finditer(folded))
