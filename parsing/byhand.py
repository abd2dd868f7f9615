"""Changes made by hand: strike-through, bold, underline, colour, highlight, [brackets] used instead of tracking."""

from parsing.model import MarkedText


def marked_by_hand(text: MarkedText) -> MarkedText:
    """The text with what was marked by styling, as a habit of the whole file, as insertions and deletions."""
    return text
