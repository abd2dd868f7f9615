"""Which lines take leave: from "-- " or "Best regards" to the end of the person's name and office."""

from collections.abc import Iterator, Sequence

from parsing.languages.tables import phrases
from parsing.mail.comment_marks import has_first_person, is_item, speaks_of_the_draft
from parsing.model import TextRole

_LEAVE_TAKING = frozenset(phrases("leave_taking.phrases"))
_DEVICES = phrases("signatures.devices")
_POSTSCRIPT = tuple(word + end for word in phrases("signatures.postscript") for end in (":", ".", " ", "："))
_LANGUAGES_APART = (" / ", " | ")
_LONG_LINE = 160
"""Characters beyond which a line is no line of a signature."""
_LONG_DEVICE = 120
_LONGEST = 30
"""Lines beyond which what follows a leave-taking is no signature."""
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "؟")
_HEADING = 80
"""Characters of a heading at most."""


def signature_lines(lines: Sequence[str], lower: Sequence[str], roles: Sequence[TextRole]) -> Iterator[int]:
    """The numbers of the lines that sign. The first words of a mail greet and take no leave: "Saludos cordiales."."""
    number = _first_own(lines, lower, roles)
    while number < len(lines):
        if roles[number] != "own":
            number += 1
            continue
        end = _end_of_signature(lines, lower, roles, number)
        yield from (line for line in range(number, end) if roles[line] == "own")
        number = max(end, number + 1)


def still_own(lines: Sequence[str], roles: Sequence[TextRole]) -> Iterator[int]:
    """The numbers of the lines that a reader of HTML took for a signature and that speak of the draft."""
    for number, line in enumerate(lines):
        if roles[number] == "signature" and speaks_of_the_draft(line):
            yield number


def takes_leave(lower: str) -> bool:
    """Whether a line takes leave: one of the phrases, alone, or two of them, as in two languages."""
    if not lower or len(lower) > _HEADING:
        return False
    if lower.rstrip(",.!،，:： \u00a0") in _LEAVE_TAKING:
        return True
    apart = next((sign for sign in _LANGUAGES_APART if sign in lower), "\n")
    return any(part.strip(" ,.!") in _LEAVE_TAKING for part in lower.split(apart))


def _first_own(lines: Sequence[str], lower: Sequence[str], roles: Sequence[TextRole]) -> int:
    """Where signatures are looked for from: not in the first line, where more follows it."""
    first = next((n for n, line in enumerate(lines) if line.strip() and roles[n] == "own"), len(lines))
    greets = first + 1 < len(lines) and takes_leave(lower[first])
    return first + 1 if greets else first


def _end_of_signature(lines: Sequence[str], lower: Sequence[str], roles: Sequence[TextRole], start: int) -> int:
    """Where the signature ends that begins here; `start` itself where none does."""
    if lines[start].strip() == "--" or takes_leave(lower[start]):
        return _end_of_name(lines, lower, roles, start)
    if lower[start].startswith(_DEVICES) and len(lower[start]) < _LONG_DEVICE:
        return start + 1
    if lower[start].startswith("-----begin pgp sign"):
        return _end_of_armour(lower, start)
    return start


def _end_of_name(lines: Sequence[str], lower: Sequence[str], roles: Sequence[TextRole], start: int) -> int:
    """Where the person's own words begin again; else the end, or the next role."""
    filled = 0
    for number in range(start + 1, len(lines)):
        if roles[number] not in ("own", "disclaimer"):
            return number
        if not lower[number] or roles[number] == "disclaimer":
            continue
        filled += 1
        if filled > _LONGEST:
            return number
        if _speaks_again(lines[number], lower[number], set_apart=not lower[number - 1]):
            return _with_heading(lines, start, number)
    return len(lines)


def _speaks_again(line: str, lower: str, *, set_apart: bool) -> bool:
    """Whether a line below a leave-taking is no name, office or address. A sentence of the sender's is separate."""
    if len(line) > _LONG_LINE or lower.startswith(_POSTSCRIPT) or is_item(line):
        return True
    if set_apart and lower.endswith(_SENTENCE_ENDS) and has_first_person(lower):
        return True
    return speaks_of_the_draft(line)


def _with_heading(lines: Sequence[str], start: int, number: int) -> int:
    """The line, or the heading above it: a line set apart, in capitals or below two blank lines or more."""
    heading = next((n for n in range(number - 1, start, -1) if lines[n].strip()), start)
    if heading == number - 1 or heading - 1 <= start or lines[heading - 1].strip() or len(lines[heading]) > _HEADING:
        return number
    far_apart = not lines[heading - 2].strip()
    return heading if far_apart or lines[heading].isupper() else number


def _end_of_armour(lower: Sequence[str], start: int) -> int:
    """Where the lines end that PGP puts around a text that it signs."""
    signed = lower[start].startswith("-----begin pgp signed")
    for number in range(start, len(lower)):
        if lower[number].startswith("-----end pgp") or (signed and not lower[number]):
            return number + 1
    return len(lower)
