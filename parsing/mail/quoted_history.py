"""Whose words the blocks of a mail are: the sender's own, quoted history, a signature, a disclaimer. Nothing is cut.

disclaimers -> history -> answers inside it -> signatures; and the mails that are passed on as text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from parsing.formats.blocks import located
from parsing.languages.tables import phrases
from parsing.mail.answers import answer_lines
from parsing.mail.attributions import attribution_at
from parsing.mail.comment_marks import speaks_of_the_draft
from parsing.mail.disclaimers import with_disclaimers
from parsing.mail.history_heads import Head, first_head
from parsing.mail.signatures import signature_lines, still_own
from parsing.model import Block, Run, TextRole

_FORWARDS = frozenset(phrases("quoted_mail.forward_prefix"))
_ANSWERS = frozenset(phrases("quoted_mail.reply_prefix"))
_QUOTE = re.compile(r"\s{0,3}(?:[A-Za-z]{0,3}>|\|\s(?!.*\|))")
"""How history is set off; a line with more bars is the row of a table that is typed."""
_PREFIX = re.compile(r"\s*(?:\[[^\]:]{1,40}\]\s*)*\[?([^\s:：\[]{1,14})\s*[:：]")
_NEAR = 3
"""An attribution comes at most so many lines above what it names."""
_DEEPEST = 6
"""Mails that were forwarded inside one another as text."""


@dataclass(frozen=True, slots=True)
class Forward:
    """A mail that is in another as text: its headers by their English lower-case names, and its blocks."""

    headers: Mapping[str, str]
    blocks: tuple[Block, ...]
    forwards: tuple["Forward", ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The blocks with their roles, and the mails that are passed on in them."""

    blocks: tuple[Block, ...]
    forwards: tuple[Forward, ...] = ()


def read_history(blocks: Sequence[Block], subject: str = "", sender: str = "", *, answers: bool = False) -> History:
    """Each block with its role and its span; one that holds words of law beside others becomes several. What a reader
    of HTML has marked stays as it is, as far as its words do not say otherwise. `sender` is the name of the one who
    wrote; `answers` says that the mail names one that it answers.
    """
    located_blocks = located(with_disclaimers(blocks))
    if not answers and _prefix_of(subject) not in _ANSWERS:
        located_blocks = _with_own_indents(located_blocks)
    return _read(located_blocks, subject, sender, 0)


def _with_own_indents(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a mail that answers none: what may be an indent is one, where it speaks of the draft and nothing
    says that an older mail is quoted.
    """
    if not any(block.role == "quoted" and block.indented and speaks_of_the_draft(_text(block)) for block in blocks):
        return tuple(blocks)
    if _names_an_older_mail([_text(block) for block in blocks]):
        return tuple(blocks)
    return tuple(replace(block, role="own") if block.indented and block.role == "quoted" else block for block in blocks)


def _names_an_older_mail(lines: Sequence[str]) -> bool:
    attributed = (attribution_at(lines, number, quoted_below=True) is not None for number in range(len(lines)))
    return first_head(lines) is not None or any(attributed)


def _read(blocks: Sequence[Block], subject: str, sender: str, depth: int) -> History:
    lines = ["".join(run.text for run in block.runs) for block in blocks]
    lower = [line.lower().strip() for line in lines]
    roles: list[TextRole] = [block.role for block in blocks]
    older = list(_older_mails(blocks, lines, roles))
    _assign(roles, "quoted", _quoted_lines(blocks, lines, roles, older))
    forwards = tuple(_forwards(blocks, roles, older, subject, depth))
    _assign(roles, "own", list(answer_lines(blocks, lines, roles, sender)))
    _assign(roles, "own", list(still_own(lines, roles)))
    _assign(roles, "signature", list(signature_lines(lines, lower, roles)))
    marked = tuple(b if b.role == role else replace(b, role=role) for b, role in zip(blocks, roles, strict=True))
    return History(marked, forwards)


def _assign(roles: list[TextRole], role: TextRole, numbers: Iterable[int]) -> None:
    for number in numbers:
        roles[number] = role


# --- history -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Older:
    """An older mail in the text: its headers, or the line that names its author, and where its own text ends."""

    head: Head
    end: int


def _older_mails(blocks: Sequence[Block], lines: Sequence[str], roles: Sequence[TextRole]) -> Iterator[_Older]:
    """The older mails that nothing sets off reach to the end; of those that are set off there may be several."""
    head = first_head(lines)
    attribution = _attribution(blocks, lines, roles)
    if attribution is not None and (head is None or attribution.start < head.start):
        head = attribution
    while head is not None:
        end = _end_of(head, blocks, lines)
        yield _Older(head, end)
        head = first_head(lines, max(end, head.start + 1)) if end < len(lines) else None


def _end_of(head: Head, blocks: Sequence[Block], lines: Sequence[str]) -> int:
    """Where the text of an older mail ends: with what sets it off, else with everything."""
    last = head.end - 1
    for number in range(head.end, len(lines)):
        if not lines[number].strip():
            continue
        if _QUOTE.match(lines[last]) and not _QUOTE.match(lines[number]):
            return number
        if blocks[last].role == "quoted" and blocks[number].role != "quoted":
            return number
    return len(lines)


def _attribution(blocks: Sequence[Block], lines: Sequence[str], roles: Sequence[TextRole]) -> Head | None:
    """A line "… wrote:" below which the history is without quote marks, and nothing that is set off follows."""
    last = max((n for n in range(len(lines)) if _is_set_off(blocks[n], lines[n], roles[n])), default=-1)
    for number in range(last + 1, len(lines)):
        start = attribution_at(lines, number, quoted_below=False)
        if start is not None and any(text.strip() for text in lines[number + 1 : number + 6]):
            return Head(start, number + 1, {"from": lines[number]}, forwarded=False)
    return None


def _is_set_off(block: Block, line: str, role: TextRole) -> bool:
    return role == "quoted" or block.indented or _QUOTE.match(line) is not None


def _quoted_lines(
    blocks: Sequence[Block], lines: Sequence[str], roles: Sequence[TextRole], older: Sequence[_Older]
) -> set[int]:
    """Lines with a quote mark; what is indented below an attribution; the older mails."""
    quoted = {number for number, line in enumerate(lines) if _QUOTE.match(line)}
    for mail in older:
        quoted |= set(range(mail.head.start, mail.end))
    for number in range(len(lines)):
        if roles[number] == "own":
            quoted |= _attributed(blocks, lines, roles, number)
    return quoted


def _attributed(blocks: Sequence[Block], lines: Sequence[str], roles: Sequence[TextRole], number: int) -> set[int]:
    """The lines of an attribution that ends in this line, and what is indented below it."""
    below = _below(lines, number)
    if below is None or not _is_set_off(blocks[below], lines[below], roles[below]):
        return set()
    start = attribution_at(lines, number, quoted_below=True)
    return set() if start is None else {*range(start, number + 1), *_indented_from(blocks, below)}


def _below(lines: Sequence[str], number: int) -> int | None:
    """The next line with words, where it is near."""
    near = range(number + 1, min(number + 1 + _NEAR, len(lines)))
    return next((n for n in near if lines[n].strip()), None)


def _indented_from(blocks: Sequence[Block], start: int) -> set[int]:
    """The indented blocks from here on, with empty ones between them."""
    end = start
    while end < len(blocks) and (blocks[end].indented or not blocks[end].runs):
        end += 1
    return set(range(start, end))


# --- mails passed on as text -------------------------------------------------------------------------


def _forwards(
    blocks: Sequence[Block], roles: Sequence[TextRole], older: Sequence[_Older], subject: str, depth: int
) -> Iterator[Forward]:
    """The older mails, where this one passes them on."""
    if not older or depth >= _DEEPEST:
        return
    own = [_text(block) for block, role in zip(blocks, roles, strict=True) if role == "own"]
    for mail in older:
        if mail.head.fields.get("from") and _is_passed_on(mail.head, own, subject, depth):
            inner = tuple(_taken_out(blocks, mail))
            history = _read(inner, mail.head.fields.get("subject", ""), "", depth + 1)
            yield Forward(mail.head.fields, history.blocks, history.forwards)


def _is_passed_on(head: Head, own: Sequence[str], subject: str, depth: int) -> bool:
    """Whether a mail passes on the one with this head: it says so, it says nothing itself, or it is itself passed on
    and answers nothing.
    """
    if head.forwarded or _says_forward(subject, own):
        return True
    alone = not any(line.strip() for line in own) or (depth > 0 and _prefix_of(subject) not in _ANSWERS)
    return alone and "subject" in head.fields


def _says_forward(subject: str, own: Sequence[str]) -> bool:
    """Whether the first prefix of the subject says that the mail is passed on. "VS:" does so in Norwegian and answers
    in Finnish: an answer has something to say.
    """
    prefix = _prefix_of(subject)
    answers = prefix in _ANSWERS and any(map(speaks_of_the_draft, own))
    return prefix in _FORWARDS and not answers


def _prefix_of(subject: str) -> str:
    found = _PREFIX.match(subject)
    return found[1].lower() if found else ""


def _taken_out(blocks: Sequence[Block], mail: _Older) -> Iterator[Block]:
    """The blocks of an older mail as its own words, without the quote mark that sets them off."""
    marked = _QUOTE.match(_text(blocks[mail.head.end - 1])) is not None
    for block in blocks[mail.head.end : mail.end]:
        role: TextRole = "disclaimer" if block.role == "disclaimer" else "own"
        yield replace(block, role=role, runs=_unmarked(block.runs) if marked else block.runs)


def _unmarked(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The runs of a line without its first quote mark."""
    if not runs:
        return ()
    first, *others = runs
    rest = _QUOTE.sub("", first.text, count=1).removeprefix(" ")
    return tuple(run for run in (replace(first, text=rest), *others) if run.text)


def _text(block: Block) -> str:
    return "".join(run.text for run in block.runs)
