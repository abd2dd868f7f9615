"""A place in the draft, as a sentence names it."""

from dataclasses import dataclass

NOUNS = ("paragraph", "weak_paragraph", "recital", "preamble", "operative")
"""A recital is a paragraph of the preamble, where nothing else is said."""
NUMBERS = ("number", "ordinal", "cardinal")
LONGEST = 60
"""Tokens of one place, at most: a list of paragraphs."""


@dataclass(frozen=True, slots=True)
class Place:
    """tokens[first:stop] name these labels. `others` are further readings, for when the words are not found in the
    first. `part` is set where a part of the text is named and no more; `missing` where there is no such number.
    """

    first: int
    stop: int
    labels: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    part: str | None = None
    missing: str = ""
    bis: bool = False
    sure: bool = True
    weak: bool = False
    beside: str = ""
    """What is in it of "after", "before" or "last": "New commitment, after 13", "new last paragraph"."""

    @property
    def names(self) -> bool:
        """Whether it names paragraphs, or would if there were such."""
        return bool(self.labels or self.others or self.missing)
