"""What a mail says of its Party's earlier ones, and how it is to be handled."""

import re
from collections.abc import Iterator, Sequence

from parsing.model import Claim, Replaces
from parsing.who.letter import Letter
from parsing.who.names import clean
from parsing.who.phrases import any_of, fold_in_place, pattern_in_place

_REPLACES, _WITHDRAWS, _UNLESS, _FIRST, _PREVIOUS = (
    pattern_in_place(f"claims.{name}") for name in ("replaces", "withdraws", "unless", "first", "previous")
)
_SENTENCE = re.compile(r"(?<=[.!?。！？؟;])\s+|\n\s*\n|(?<=[。！？])")
_MARK = any_of("claims.marks")
_MARK_LINE = re.compile(
    rf"^(?:[^\w\n]|_){{0,20}}(?P<mark>{_MARK}(?:\s*[/-]+\s*{_MARK})*)(?:[^\w\n]|_){{0,20}}$", re.MULTILINE
)
_MARK_IN_BRACKETS = re.compile(rf"[\[(【{{]\s*(?P<mark>{_MARK}(?:\s*[/-]+\s*{_MARK})*)\s*[\])】}}]")
_MARK_AT_AN_END = re.compile(rf"^(?P<mark>{_MARK})\s*[:|/-]+\s|\s[|/-]+\s*(?P<last>{_MARK})$")
_MARK_SENTENCE = pattern_in_place("claims.mark_sentences")
_IDENTIFIER = re.compile(r"<[^<>\s]+>")
_LONGEST = 200
_SUBJECT, _BODY = 1_000, 20_000
"""So many characters are looked at."""


def claim_of(letter: Letter) -> Claim:
    """What the letter says of earlier ones: that it replaces all of them, the one before or the first, or withdraws
    them; an empty Claim where it says nothing, and then it adds to them.
    """
    for text in (letter.subject[:_SUBJECT], letter.body[:_BODY]):
        for sentence, words in _sentences(text):
            withdraws = _WITHDRAWS.search(words) is not None
            if _UNLESS.search(words) or not (withdraws or _REPLACES.search(words)):
                continue
            around = fold_in_place(clean(letter.body[:_BODY])) if text == letter.subject[:_SUBJECT] else words
            return Claim(
                replaces=None if withdraws else _which(around),
                withdraws=withdraws,
                of=_answers(letter),
                why=sentence[:_LONGEST],
            )
    return Claim()


def sibling_of(letter: Letter) -> str:
    """The words that say that another mail of the sender belongs to this one: it brings the password, or the file that
    was forgotten; empty where nothing says so.
    """
    for text in (letter.subject[:_SUBJECT], letter.body[:_BODY]):
        for sentence, words in _sentences(text):
            if pattern_in_place("claims.sibling").search(words):
                return sentence[:_LONGEST]
    return ""


def marks_of(letter: Letter) -> tuple[str, ...]:
    """The handling marks of the letter and its documents, as they are written, each once."""
    found = list(_marks_in_subject(letter.subject[:_SUBJECT]))
    for text in (letter.body, *letter.documents):
        found += _marks_in(text[:_BODY])
    return tuple({fold_in_place(mark): mark for mark in reversed(found)}.values())[::-1]


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Each sentence as it is written and folded, its lines joined."""
    for sentence in _SENTENCE.split(clean(text)):
        joined = " ".join(sentence.split())
        if joined:
            yield joined, fold_in_place(joined)


def _which(words: str) -> Replaces:
    if _FIRST.search(words):
        return "first"
    return "previous" if _PREVIOUS.search(words) else "all"


def _answers(letter: Letter) -> tuple[str, ...]:
    """The Message-ID that the letter answers: its own Party's earlier mail, where it is one."""
    return tuple(_IDENTIFIER.findall(" ".join(letter.headers.get("in-reply-to", ()))))


def _marks_in_subject(subject: str) -> Iterator[str]:
    cleaned = clean(subject)
    folded = fold_in_place(cleaned)
    for pattern in (_MARK_IN_BRACKETS, _MARK_AT_AN_END):
        for found in pattern.finditer(folded):
            group = "mark" if found.group("mark") else "last"
            yield cleaned[found.start(group) : found.end(group)]


def _marks_in(text: str) -> Sequence[str]:
    cleaned = clean(text)
    folded = fold_in_place(cleaned)
    lines = [cleaned[m.start("mark") : m.end("mark")] for m in _MARK_LINE.finditer(folded)]
    return [*lines, *(" ".join(cleaned[m.start() : m.end()].split()) for m in _MARK_SENTENCE.finditer(folded))]
