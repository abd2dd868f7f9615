"""Whose words the blocks of a mail are: the sender's own, quoted history, a signature, a disclaimer. Nothing is cut.

Three passes over the lines: history first, since signatures stand in it too; then signatures; then disclaimers.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from parsing.model import Block, Run, TextRole

_T = tomllib.loads(Path(__file__).with_name("quoted_history.toml").read_text(encoding="utf-8"))
_LABELS: dict[str, str] = {label: field for field, labels in _T["labels"].items() for label in labels}
_ORIGINAL: tuple[str, ...] = tuple(_T["rules"]["original"])
_FORWARDED: tuple[str, ...] = tuple(_T["rules"]["forwarded"])
_ENDS: tuple[str, ...] = tuple(_T["attribution"]["ends"])
_STARTS: tuple[str, ...] = tuple(_T["attribution"]["starts"])
_WITHIN: tuple[str, ...] = tuple(_T["attribution"]["within"])
_CLOSINGS = frozenset(_T["closing"]["phrases"])
_AGAIN: tuple[str, ...] = tuple(word + end for word in _T["closing"]["again"] for end in (":", ".", " ", "："))
_DEVICES: tuple[str, ...] = tuple(_T["device"]["phrases"])
_ANSWERS: tuple[str, ...] = tuple(_T["answers"]["phrases"])
_LEGAL: tuple[str, ...] = tuple(_T["disclaimer"]["phrases"])
_FORWARD_PREFIX = frozenset(_T["prefixes"]["forward"])

_QUOTE = re.compile(r"\s{0,3}(?:[A-Za-z]{0,3}>|\|\s(?!.*\|))")
"""How history is set off; a line with more bars is the row of a table that is typed."""
_DASHES = re.compile(r"[-_=*—–]{2,}")
_HEADER = re.compile(r"[>\s*_|]*([^\W\d_][^:：\n]{0,25}?)[*_\s]*[:：]\s*(.*)", re.DOTALL)
_PREFIX = re.compile(r"\s*(?:\[[^\]:]{1,40}\]\s*)*\[?([^\s:：\[]{1,14})\s*[:：]")
_ITEM = re.compile(
    r"\s*(?:[-•*·o▪]\s+\S|\(?[0-9]{1,2}[.):]\s+[^\W\d]|\(?[ivx]{1,4}[.)]\s|\(?[a-h]\)\s|(?:OP|PP)\s?\d|para(?:graph)?s?\b"
    r"|[一二三四五六七八九十]{1,3}、|第.{1,4}段|параграф|пункт|абзац|párrafo|paragraphe|alinéa|الفقرة)",
    re.IGNORECASE,
)
"""How a comment begins: an item of a list, or the paragraph that it speaks of."""
_TIME = re.compile(r"\b[0-9]{1,2}[:.h][0-9]{2}\b")
_ADDRESS_LAST = re.compile(r"<[^<>\s]+@[^<>\s]+>\s*:\Z")
_TWO_LANGUAGES = re.compile(r"\s[/|]\s")
_LOOKS = ("colour:", "highlight:", "strike")
_LONG_LINE = 160
"""Characters beyond which a line is no line of a signature."""
_LONG_SIGNATURE = 30
"""Lines beyond which what follows a leave-taking is no signature."""
_LONG_LAW = 60
"""Lines beyond which a paragraph is no disclaimer, and a hundredth of the characters that are looked at."""
_DEEPEST = 6
"""Mails that were forwarded inside one another as text."""


@dataclass(frozen=True, slots=True)
class Forward:
    """A mail that stands in another as text: its headers by their English lower-case names, and its blocks."""

    headers: dict[str, str]
    blocks: tuple[Block, ...]
    forwards: tuple["Forward", ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The blocks with their roles, and the mails that are passed on in them."""

    blocks: tuple[Block, ...]
    forwards: tuple[Forward, ...] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    """Headers of a mail that stand in the text: lines [start, end), where its content begins."""

    start: int
    end: int
    fields: dict[str, str]
    forwarded: bool


def read_history(blocks: Sequence[Block], subject: str = "", depth: int = 0) -> History:
    """Each block with its role. What a reader of HTML has marked stays as it is."""
    lines = ["".join(run.text for run in block.runs) for block in blocks]
    lower = [line.lower().strip() for line in lines]
    roles: list[TextRole] = [block.role for block in blocks]
    head = _first_head(lines, lower)
    attribution = _attribution(lines, lower)
    if attribution is not None and (head is None or attribution.start < head.start):
        head = attribution
    _mark_quoted(lines, roles, head)
    _mark_attributions(lines, lower, roles)
    _mark_answers(blocks, lower, roles)
    _mark_signatures(lines, lower, roles)
    _mark_disclaimers(lower, roles)
    marked = tuple(b if b.role == role else replace(b, role=role) for b, role in zip(blocks, roles, strict=True))
    return History(marked, _forwards(blocks, roles, head, subject, depth))


# --- history -----------------------------------------------------------------------------------------


def _mark_quoted(lines: Sequence[str], roles: list[TextRole], head: _Head | None) -> None:
    """Lines with a quote mark; and all that follows the headers of an older mail."""
    for number, line in enumerate(lines):
        if _QUOTE.match(line):
            roles[number] = "quoted"
    if head is not None:
        for number in range(head.start, len(lines)):
            roles[number] = "quoted"


def _first_head(lines: Sequence[str], lower: Sequence[str]) -> _Head | None:
    """The first headers of an older mail that stand without quote marks, with the rule above them."""
    number = 0
    while number < len(lines):
        rule = _rule(lower[number])
        start = number
        if rule is not None:
            number += 1
            while number < len(lines) and not lower[number] and number < start + 4:
                number += 1
        fields, end = _fields(lines, number)
        if _are_headers(fields, ruled=rule is not None):
            return _Head(_with_line_above(lower, start), end, fields, rule == "forwarded")
        if rule == "forwarded" or (rule == "original" and number < len(lines)):
            return _Head(start, start + 1, {}, forwarded=rule == "forwarded")
        number = max(start + 1, number if rule is not None else end if fields else 0)
    return None


def _rule(line: str) -> str | None:
    """Whether a line says original or forwarded, and little more."""
    ruled = bool(_DASHES.match(line))
    if not (ruled or line.endswith((":", "："))) or len(line) > 150:
        return None
    words = line.strip("-_=*—–:： ").strip()
    if ruled and line.strip("-_=*—– ").endswith(_ENDS):  # Lotus: -----"Name" <address> wrote: -----
        return "original"
    for phrases, found in ((_FORWARDED, "forwarded"), (_ORIGINAL, "original")):
        for phrase in phrases:
            if words == phrase or (ruled and words.startswith(phrase + " ")):
                return found
    return None


def _fields(lines: Sequence[str], start: int) -> tuple[dict[str, str], int]:
    """The header lines that begin here, and where the text after them begins."""
    fields: dict[str, str] = {}
    number = start
    blank = 0
    while number < len(lines) and number - start < 40:
        line = lines[number]
        found = _HEADER.match(line) if ":" in line or "：" in line else None
        field = _LABELS.get(found[1].strip().lower()) if found else None
        if field is not None and found is not None:
            fields.setdefault(field, found[2].strip())
            blank = 0
        elif not line.strip():
            # HTML mail that was turned into text has a blank line between its headers
            blank += 1
            if blank > 1 or "subject" in fields:
                break
        elif not fields or not line[:1].isspace():
            break
        number += 1
    return fields, number


def _are_headers(fields: dict[str, str], *, ruled: bool) -> bool:
    """Whether these are the headers of a mail: from whom, and two more; below a rule one more is enough."""
    if not fields.get("from"):
        return ruled and len(fields) > 1
    others = len(fields.keys() & {"date", "to", "subject", "cc"})
    return others >= (1 if ruled else 2) and bool(fields.keys() & {"date", "subject"})


def _with_line_above(lower: Sequence[str], start: int) -> int:
    """The start, or the line of underscores or dashes above it that Outlook draws."""
    above = start - 1
    while above >= 0 and not lower[above] and above > start - 3:
        above -= 1
    return above if above >= 0 and len(lower[above]) > 8 and not lower[above].strip("_-—=") else start


def _attribution(lines: Sequence[str], lower: Sequence[str]) -> _Head | None:
    """A line "… wrote:" below which the history stands without quote marks."""
    last_quote = next((n for n in range(len(lines) - 1, -1, -1) if _QUOTE.match(lines[n])), -1)
    for number in range(last_quote + 1, len(lower)):
        line = lower[number]
        if (start := _ends_attribution(lower, number)) is None:
            continue
        if any(text.strip() for text in lines[number + 1 : number + 6]):
            return _Head(start, number + 1, {"from": line}, forwarded=False)
    return None


def _ends_attribution(lower: Sequence[str], number: int) -> int | None:
    """The line where an attribution begins that ends here: programs wrap it over up to three lines."""
    line = lower[number]
    if len(line) > 300 or not (line.endswith(_ENDS) or (line.endswith(":") and _is_timed(line))):
        return None
    for start in range(number, max(number - 3, -1), -1):
        text = " ".join(lower[start : number + 1])
        if not lower[start] or len(text) > 400:
            return None
        if (text.startswith(_STARTS) and re.search(r"\d|@", text)) or text[0].isdigit():
            return start
    return number if "@" in lower[number] else None


def _is_timed(line: str) -> bool:
    """Whether a line that ends in a colon has a time of day, and an address last or a verb within."""
    return bool(_TIME.search(line)) and (bool(_ADDRESS_LAST.search(line)) or any(verb in line for verb in _WITHIN))


def _mark_attributions(lines: Sequence[str], lower: Sequence[str], roles: list[TextRole]) -> None:
    """The lines that name who wrote the quoted lines right below them."""
    for number in range(len(lines)):
        if roles[number] != "own" or (start := _ends_attribution(lower, number)) is None:
            continue
        below = next((n for n in range(number + 1, min(number + 4, len(lines))) if lines[n].strip()), None)
        if below is not None and roles[below] == "quoted":
            for line in range(start, number + 1):
                roles[line] = "quoted"


def _mark_answers(blocks: Sequence[Block], lower: Sequence[str], roles: list[TextRole]) -> None:
    """Coloured, inserted or struck words in the history are the sender's own, where the sender says so above it."""
    answers = [n for n, block in enumerate(blocks) if roles[n] == "quoted" and any(map(_stands_out, block.runs))]
    own = "\n".join(line for line, role in zip(lower, roles, strict=True) if role == "own") if answers else ""
    if any(phrase in own for phrase in _ANSWERS):
        for number in answers:
            roles[number] = "own"


def _stands_out(run: Run) -> bool:
    return bool(run.text.strip()) and (run.mark != "kept" or any(look.startswith(_LOOKS) for look in run.style))


# --- signatures and disclaimers ----------------------------------------------------------------------


def _mark_signatures(lines: Sequence[str], lower: Sequence[str], roles: list[TextRole]) -> None:
    """What takes leave, to the end of the person's name and office. The first words of a mail greet: "Saludos
    cordiales."
    """
    number = next((n for n, line in enumerate(lines) if line.strip() and roles[n] == "own"), len(lines))
    if number + 1 < len(lines) and lines[number].strip() != "--" and _is_closing(lower[number]):
        number += 1
    while number < len(lines):
        if roles[number] != "own":
            number += 1
            continue
        if lines[number].strip() == "--" or _is_closing(lower[number]):
            end = _end_of_signature(lines, lower, roles, number)
            for line in range(number, end):
                roles[line] = "signature"
            number = max(end, number + 1)
            continue
        if lower[number].startswith(_DEVICES) and len(lower[number]) < 120:
            roles[number] = "signature"
        elif lower[number].startswith("-----begin pgp sign"):
            number = _mark_armour(lower, roles, number)
            continue
        number += 1


def _is_closing(line: str) -> bool:
    """Whether a line takes leave: one of the phrases, alone, or two of them, as in two languages."""
    if not line or len(line) > 80:
        return False
    bare = line.rstrip(",.!،， \u00a0")
    if bare in _CLOSINGS:
        return True
    return any(part.strip(" ,.!") in _CLOSINGS for part in _TWO_LANGUAGES.split(bare))


def _end_of_signature(lines: Sequence[str], lower: Sequence[str], roles: Sequence[TextRole], start: int) -> int:
    """Where the person's own words begin again after a signature; else the end, or the next role."""
    filled = 0
    for number in range(start + 1, len(lines)):
        if roles[number] != "own":
            return number
        if not lower[number]:
            continue
        filled += 1
        if _speaks_again(lines[number], lower[number]) or filled > _LONG_SIGNATURE:
            return number
    return len(lines)


def _speaks_again(line: str, lower: str) -> bool:
    if len(line) > _LONG_LINE:
        return not _is_law(lower)
    return bool(_ITEM.match(line)) or lower.startswith(_AGAIN)


def _mark_armour(lower: Sequence[str], roles: list[TextRole], start: int) -> int:
    """Lines that PGP puts around a text that it signs."""
    signed = lower[start].startswith("-----begin pgp signed")
    number = start
    while number < len(lower):
        roles[number] = "signature"
        number += 1
        if (signed and not lower[number - 1]) or lower[number - 1].startswith("-----end pgp"):
            break
    return number


def _mark_disclaimers(lower: Sequence[str], roles: list[TextRole]) -> None:
    """Paragraphs of law: lines between blank ones that hold one of the phrases."""
    for start, end in _paragraphs(lower, roles):
        text = " ".join(lower[start:end]) if end - start < _LONG_LAW else ""
        if _is_law(text[: _LONG_LAW * 100].replace("’", "'")):
            for number in range(start, end):
                roles[number] = "disclaimer"


def _is_law(text: str) -> bool:
    return any(phrase in text for phrase in _LEGAL)


def _paragraphs(lower: Sequence[str], roles: Sequence[TextRole]) -> Iterator[tuple[int, int]]:
    """Neighbouring lines with words and one role that is not history."""
    start = 0
    for number in range(len(lower) + 1):
        ended = number == len(lower) or not lower[number] or roles[number] != roles[start]
        if ended:
            if number > start and roles[start] != "quoted":
                yield start, number
            start = number if number < len(lower) and lower[number] else number + 1
            start = min(start, len(lower) - 1) if lower else 0


# --- mails passed on as text -------------------------------------------------------------------------


def _forwards(
    blocks: Sequence[Block], roles: Sequence[TextRole], head: _Head | None, subject: str, depth: int
) -> tuple[Forward, ...]:
    """The mail below the headers, where this one passes it on: it says so, or nothing of its own stands above."""
    if head is None or not head.fields.get("from") or depth >= _DEEPEST:
        return ()
    above = any(
        role == "own" and any(run.text.strip() for run in block.runs)
        for block, role in zip(blocks[: head.start], roles, strict=False)
    )
    if not (head.forwarded or _says_forward(subject) or (not above and "subject" in head.fields)):
        return ()
    inner = [replace(block, role="own") for block in blocks[head.end :]]
    history = read_history(inner, head.fields.get("subject", ""), depth + 1)
    return (Forward(head.fields, history.blocks, history.forwards),)


def _says_forward(subject: str) -> bool:
    """Whether the first prefix of the subject says that the mail is passed on."""
    found = _PREFIX.match(subject)
    return found is not None and found[1].lower() in _FORWARD_PREFIX
