"""The lines that name who wrote what is quoted below them: "On Monday, Bo wrote:", in any language."""

from collections.abc import Sequence

from parsing.languages.tables import phrases
from parsing.mail.history_heads import has_address, is_dated, plain_line

_WROTE = phrases("quoted_mail.wrote")
_VERBS = tuple(dict.fromkeys(phrase.rstrip(":： ") for phrase in _WROTE))
_WRAPPED = 3
"""Programs wrap an attribution over so many lines."""
_LONGEST = 400


def attribution_at(lines: Sequence[str], end: int, *, quoted_below: bool) -> int | None:
    """The line where an attribution begins that ends in line `end`; None where none does. Where no quoted lines are
    below it, it must say both when and who: a verb of writing, or an address.
    """
    last = plain_line(lines[end])
    if not last.endswith((":", "：")):
        return None
    for start in range(end, max(end - _WRAPPED, -1), -1):
        text = " ".join(map(plain_line, lines[start : end + 1]))
        if not plain_line(lines[start]) or len(text) > _LONGEST:
            return None
        if is_dated(text) and (quoted_below or _says_who(text)):
            return start
    return end if quoted_below and _says_who(last) else None


def _says_who(text: str) -> bool:
    return has_address(text) or any(verb in text for verb in _VERBS)
