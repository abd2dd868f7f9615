"""The headers of an older mail that are in a text, by the words of their labels or by their form alone; and the rules
above them that say "original" or "forwarded".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsing.languages.tables import phrases

_FIELDS = ("from", "sent", "date", "to", "cc", "bcc", "subject", "other")
_LABELS = {label: field for field in reversed(_FIELDS) for label in phrases(f"quoted_mail.{field}")}
_ORIGINAL = phrases("quoted_mail.original")
_FORWARDED = phrases("quoted_mail.forwarded")
_WROTE = phrases("quoted_mail.wrote")

_INVISIBLE = str.maketrans(dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]))
"""Marks of direction and of no width, which programs put around labels."""
_LABELLED = re.compile(r"[>\s*_|]*(?P<label>[^\W\d_][^:：\n]{0,30}?)[*_\s]*[:：][*_]*\s*(?P<value>.*)", re.DOTALL)
_ADDRESS = re.compile(r"[^\s<>@:;,]+@[^\s<>@:;,]+\.\w{2,}|mailto:")
_TIME = re.compile(r"(?<![\d.:])\d{1,2}[:.h]\d{2}(?![\d.])")
_DATE = re.compile(
    r"(?<![\d./-])\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)?\d{2}(?![\d./-])|(?<!\d)(?:19|20)\d{2}[./年-]"
    r"|\d{1,2}\D{1,20}(?<!\d)(?:19|20|25)\d{2}(?!\d)|(?<!\d)(?:19|20|25)\d{2}(?!\d)\D{1,20}\d{1,2}"
)
"""A date in figures, or a day and a year with the month's name between them (Thai years count from 543 BC)."""
_RULE = re.compile(r"[-_=*—–]{2,}")
_FRAMED = re.compile(r"(?P<left>-{5,}) ?[^\W\d_][\w'’ .]{3,40} ?-{5,}")
_GMAIL = 8
"""Gmail draws at least so many dashes before the words that say "forwarded", whatever the language; Outlook draws five
before those that say "original"."""
_LONGEST_HEAD = 40
"""Lines of one head that are looked at: lists of recipients wrap."""
_LONGEST_VALUE = 200
_FORM = range(3, 7)
"""So many labelled lines make a head by their form alone."""


@dataclass(frozen=True, slots=True)
class Head:
    """Headers of an older mail: lines [start, end), the rule above them included; its text begins at `end`. `fields`
    have English lower-case names.
    """

    start: int
    end: int
    fields: Mapping[str, str]
    forwarded: bool


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A line "label: value"; `field` is None where no language has the label."""

    field: str | None
    value: str


def first_head(lines: Sequence[str], number: int = 0) -> Head | None:
    """The first headers of an older mail from that line on, with the rule above them; None where there are none."""
    while number < len(lines):
        rule = rule_of(lines[number])
        start, number = number, _below(lines, number) if rule else number
        labelled, end = _labelled_lines(lines, number)
        fields = _fields(labelled, ruled=rule is not None)
        if fields:
            forwarded = rule == "forwarded" or (rule == "framed" and _is_gmails(lines[start]))
            return Head(_with_line_above(lines, start), end, fields, forwarded)
        if rule == "forwarded" or (rule == "original" and number < len(lines)):
            return Head(start, start + 1, {}, forwarded=rule == "forwarded")
        number = max(start + 1, number)
    return None


def is_dated(text: str) -> bool:
    """Whether a time of day or a date is in the text."""
    return bool(_TIME.search(text) or _DATE.search(text))


def has_address(text: str) -> bool:
    return _ADDRESS.search(text) is not None


def plain_line(line: str) -> str:
    """The line in lower case without invisible marks and the spaces around it."""
    return _visible(line).lower().strip()


def _visible(line: str) -> str:
    return line if line.isascii() else line.translate(_INVISIBLE).replace("\u00a0", " ")


# --- rules -------------------------------------------------------------------------------------------


def rule_of(line: str) -> str | None:
    """Whether a line says "original" or "forwarded" and little more; "framed" where it has that form in a language
    that is not known.
    """
    lower = plain_line(line).lstrip("> ")
    ruled = bool(_RULE.match(lower))
    if len(lower) > 150 or not (ruled or lower.endswith((":", "："))):
        return None
    words = lower.strip("-_=*—–:： ").strip()
    if _says(words, _FORWARDED, ruled=ruled):
        return "forwarded"
    if _says(words, _ORIGINAL, ruled=ruled):
        return "original"
    if ruled and lower.strip("-_=*—– ").endswith(_WROTE):  # Lotus: -----"Name" <address> wrote: -----
        return "original"
    return "framed" if _FRAMED.fullmatch(lower) else None


def _says(words: str, said: Sequence[str], *, ruled: bool) -> bool:
    """Whether the words are one of these phrases; on a ruled line they may go on ("forwarded by Bo")."""
    if not ruled:
        return words in said
    begun = next((phrase for phrase in said if words.startswith(phrase)), None)
    return begun is not None and words[len(begun) : len(begun) + 1] in ("", " ")


def _is_gmails(line: str) -> bool:
    frame = _FRAMED.fullmatch(plain_line(line).lstrip("> "))
    return frame is not None and len(frame["left"]) >= _GMAIL


def _below(lines: Sequence[str], rule: int) -> int:
    """The first line with words below a rule, no more than three further down."""
    number = rule + 1
    while number < len(lines) and not lines[number].strip("> \t") and number < rule + 4:
        number += 1
    return number


def _with_line_above(lines: Sequence[str], start: int) -> int:
    """The start, or the line of underscores or dashes above it that Outlook draws."""
    above = start - 1
    while above >= 0 and not lines[above].strip() and above > start - 3:
        above -= 1
    return above if above >= 0 and _is_drawn(lines[above].strip()) else start


def _is_drawn(line: str) -> bool:
    return len(line) > 8 and not line.strip("_-—=")


# --- labels ------------------------------------------------------------------------------------------


def _labelled_lines(lines: Sequence[str], start: int) -> tuple[list[_Labelled], int]:
    """The labelled lines that begin here, and where the text after them begins. Between them may be one blank line
    (HTML that was turned into text), a value below its label (a table), the rest of a wrapped list of recipients.
    """
    found: list[_Labelled] = []
    end = start
    gap = 0
    for number in range(start, min(start + _LONGEST_HEAD, len(lines))):
        if not lines[number].strip("> \t"):
            gap += 1
            if gap > 1 or _is_complete(found):
                break
        elif _takes(found, lines[number], gap):
            gap, end = 0, number + 1
        else:
            break
    return found, end


def _takes(found: list[_Labelled], line: str, gap: int) -> bool:
    """Whether a line belongs to the labelled lines above it, which it then has been added to."""
    labelled = _labelled(line)
    if labelled is not None and _goes_on(labelled, found, gap):
        found.append(labelled)
        return True
    if found and not found[-1].value:
        found[-1] = _Labelled(found[-1].field, line.strip())
        return True
    return bool(found) and line[:1].isspace()


def _goes_on(labelled: _Labelled, found: Sequence[_Labelled], gap: int) -> bool:
    """Whether a labelled line is one more of a head: not of the next one, nor of the text below it."""
    fields = {one.field for one in found}
    if labelled.field:
        return labelled.field not in fields
    return len(found) < _FORM.stop and not gap and "subject" not in fields


def _is_complete(found: Sequence[_Labelled]) -> bool:
    """Whether the subject, which programs write last, has come; or, where no label is known, a whole head."""
    fields = {one.field for one in found}
    return "subject" in fields or (fields == {None} and len(found) in _FORM)


@lru_cache(maxsize=_LONGEST_HEAD * 4)
def _labelled(line: str) -> _Labelled | None:
    """The line as one of a head; remembered, since each is looked at from all that are above it."""
    text = _visible(line)
    match = _LABELLED.match(text) if ":" in text or "：" in text else None
    if match is None or len(match["value"]) > _LONGEST_VALUE * 10:
        return None
    names = [name.strip() for name in match["label"].lower().split("/")]  # two languages: "From / De:"
    return _Labelled(next((_LABELS[name] for name in names if name in _LABELS), None), match["value"].strip())


# --- what makes a head -------------------------------------------------------------------------------


def _fields(labelled: Sequence[_Labelled], *, ruled: bool) -> dict[str, str]:
    """The fields of a head; empty where these lines are none: a memo, a form, an entry of a list."""
    known: dict[str, str] = {}
    for one in labelled:
        if one.field:
            known.setdefault(one.field, one.value)
    if labelled and labelled[0].field and _are_headers(known, ruled=ruled):
        return _named(known)
    return dict(_by_form(labelled))


def _are_headers(known: Mapping[str, str], *, ruled: bool) -> bool:
    """Whether these are the headers of a mail: from whom, and two more, with what only programs write among them (when
    it was *sent*, a time of day, an address): a letter has "From: the Ministry, To: …, Date: 2 September" too.
    """
    others = known.keys() & {"date", "sent", "to", "subject", "cc"}
    if ruled:
        return len(others) >= 1 and ("from" in known or len(others) > 1)
    values = " ".join(known.values())
    by_program = "sent" in known or has_address(values) or _TIME.search(known.get("date", "")) is not None
    return bool(known.get("from")) and len(others) > 1 and bool(others - {"to", "cc"}) and by_program


def _named(known: Mapping[str, str]) -> dict[str, str]:
    """The fields by their names in a mail: what was *sent* is its date."""
    fields = {"date" if name == "sent" else name: value for name, value in known.items()}
    return {name: value for name, value in fields.items() if name != "other"}


def _is_by_form(labelled: Sequence[_Labelled]) -> bool:
    """Whether lines have the form of a head in whatever language: a name and an address first, and when it was further
    down. A form to fill in has its address alone.
    """
    if len(labelled) not in _FORM or not all(0 < len(one.value) <= _LONGEST_VALUE for one in labelled):
        return False
    sender = labelled[0].value
    return has_address(sender) and sender.endswith((">", "]")) and any(is_dated(one.value) for one in labelled[1:])


def _by_form(labelled: Sequence[_Labelled]) -> Iterator[tuple[str, str]]:
    """The fields by their order: the first address sent it, the next received it, the subject is last."""
    if not _is_by_form(labelled):
        return
    first, *others = labelled
    yield "from", first.value
    yield "date", next(one.value for one in others if is_dated(one.value))
    yield from (("to", one.value) for one in others[:3] if has_address(one.value))
    if not has_address(labelled[-1].value) and not is_dated(labelled[-1].value):
        yield "subject", labelled[-1].value
