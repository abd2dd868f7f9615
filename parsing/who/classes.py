"""What kind of mail it is, from several signals, each with its evidence."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from parsing.confidence import CLASS_BY_POINTS, CLASS_BY_WEAK_SIGNS, CLASS_DECIDED, CLASS_WITHOUT_SIGNS
from parsing.model import Kind
from parsing.who.letter import Letter
from parsing.who.names import clean
from parsing.who.phrases import fold_in_place, pattern_in_place

NOT_THEIRS: tuple[Kind, ...] = ("auto-reply", "bounce", "spam")
"""Classes of mail in which what looks like a proposal is our own text that came back, or unattributed."""
ASIDE: tuple[Kind, ...] = (*NOT_THEIRS, "rsvp", "announcement")
"""Classes of mail whose words are about other things: a sentence needs review where it speaks of the draft."""
_TABLE: dict[str, Any] = tomllib.loads((files("parsing.who") / "classes.toml").read_text("utf-8"))
_ENOUGH: float = _TABLE["enough"]
_POINTS: dict[str, float] = _TABLE["points"]
_SHOWN = 60
"""Characters of a header's value that its sentence shows."""
_QUESTION = re.compile(r"\w\s*[?؟]$", re.MULTILINE)
_TRIFLE = re.compile(r"(?i)\.(?:png|jpe?g|gif|bmp|ics|vcf|p7s|asc|html?|txt)$")
"""Files that come along with any mail: logos, cards, signatures."""
_SENTENCE = re.compile(r"[.!?。！？؟](?:\s|$)|\n\s*\n")
_SENTENCE_END = re.compile(r"[.!?。！？؟](?:\s|$)|\n\s*\n|$")
_SUBJECT, _BODY = 1_000, 20_000
"""So many characters are looked at: a mail says what it is early, and phrases take time."""
_MOST = 3
"""Phrases of one kind that count."""
_LONG = 900
"""A mail without any sign that has so many characters is taken for comments."""


@dataclass(frozen=True, slots=True)
class Classified:
    """The class of a mail, how sure it is from 0 to 1, and a sentence for each sign."""

    kind: Kind
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _ClassFound:
    proposals: int
    doubtful: int
    documents: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class _Sign:
    points: float
    sentence: str
    decides: bool = False


@dataclass(frozen=True, slots=True)
class _Header:
    """A header that tells, where its value in lower case matches; `says` is the sentence, where it needs one."""

    name: str
    value: re.Pattern[str]
    points: float
    says: str = ""


_HEADERS = {
    kind: tuple(_Header(row["name"], re.compile(row["value"]), row["points"], row.get("says", "")) for row in rows)
    for kind, rows in _TABLE["headers"].items()
}


def classify(letter: Letter, *, proposals: int, documents: int, unreadable: int, doubtful: int = 0) -> Classified:
    """The class of the mail. `proposals` counts the edits and comments that were found in it (mere support left out),
    `doubtful` those of them that need review, `documents` the attached documents with a text of their own, `unreadable`
    those that could not be read. What holds or may hold comments is never "no-comments".
    """
    found = _ClassFound(proposals, doubtful, documents, unreadable)
    letter = _folded(letter)
    for kind, judge in _STEPS:
        signs = tuple(judge(letter, found))
        points = sum(sign.points for sign in signs)
        if any(sign.decides for sign in signs) or points >= _ENOUGH:
            by_points = min(CLASS_DECIDED, CLASS_BY_POINTS + points / 10)
            sure = CLASS_DECIDED if any(sign.decides for sign in signs) else by_points
            return Classified(kind, round(sure, 2), tuple(dict.fromkeys(sign.sentence for sign in signs)))
    return _by_default(letter)


def _folded(letter: Letter) -> Letter:
    """The letter with its words as the phrases have them, as far as they are looked at."""
    return replace(
        letter,
        sender_name=fold_in_place(clean(letter.sender_name[:_SUBJECT])),
        subject=fold_in_place(clean(letter.subject[:_SUBJECT])),
        body=fold_in_place(clean(letter.body[:_BODY])),
        documents=tuple(fold_in_place(clean(document[:_BODY])) for document in letter.documents),
    )


def _bounce(letter: Letter, found: _ClassFound) -> Iterator[_Sign]:
    """A report of a mail system. People write of mails that came back, too, and send them again: what a person may have
    sent is none, nor is what holds proposals, unless it is a report by its form or in a machine's words.
    """
    sender = [*_phrases("mail_system", f"{letter.sender_name} {letter.sender_address.lower()}", "The sender")]
    machine = [*_of_headers("bounce", letter), *sender]
    words = [
        *_phrases("undelivered", letter.subject, "The subject"),
        *_phrases("delivery_report", letter.body, "The text"),
        *_phrases("undelivered", letter.body, "The text", _POINTS["delivery_report"]),
    ]
    is_report = "delivery-status" in letter.content_type.lower()
    if machine and (is_report or not found.proposals or (sender and words)):
        yield from (*machine, *words)


def _auto_reply(letter: Letter, found: _ClassFound) -> Iterator[_Sign]:
    """A machine's answer; a registry's mail that brings documents or proposals is none, whatever its headers."""
    if found.proposals or found.documents or found.unreadable:
        return
    yield from _of_headers("auto-reply", letter)
    for concept in ("automatic_answer", "receipt"):
        begins = tuple(_prefixed(concept, letter.subject))
        yield from begins or _phrases(concept, letter.subject, "The subject")
    yield from _phrases("away", letter.body, "The text")


def _of_headers(kind: Kind, letter: Letter) -> Iterator[_Sign]:
    """What machines write for machines."""
    for row in _HEADERS[kind]:
        value = next((v for v in letter.headers.get(row.name, ()) if row.value.search(v.strip().lower())), None)
        if value is not None:
            said = row.says or f"The header {row.name.title()} says {value.strip().lower()[:_SHOWN]}."
            yield _Sign(row.points, said, decides=row.points >= _ENOUGH)


def _prefixed(concept: str, subject: str) -> Iterator[_Sign]:
    """What a program puts before the subject that it answers: "Automatic reply: …"."""
    found = _said(concept).match(subject)
    if found and (found[0].endswith(":") or subject[found.end() :].lstrip().startswith((":", "："))):
        yield _Sign(_ENOUGH, f"The subject begins with “{found[0]}”.", decides=True)


def _spam(letter: Letter, found: _ClassFound) -> Iterator[_Sign]:
    """Advertising by its words; never what holds a proposal without doubt or is said to bring comments. What may hold
    one, as that of who offers to improve the draft, needs twice the signs.
    """
    words = [*_phrases("spam_subjects", letter.subject, "The subject")]
    words += _phrases("spam_words", letter.body, "The text")
    if found.proposals > found.doubtful or not words or any(_sent(letter, found)):
        return
    signs = [*words, *_of_headers("spam", letter), *_phrases("mass_mail", letter.body, "The text")]
    if not found.proposals or sum(sign.points for sign in signs) >= 2 * _ENOUGH:
        yield from signs


def _comments(_: Letter, found: _ClassFound) -> Iterator[_Sign]:
    if found.proposals:
        yield _Sign(2.0, f"It holds {found.proposals} proposals or comments.", decides=True)


def _no_comments(letter: Letter, found: _ClassFound) -> Iterator[_Sign]:
    """That it has none is believed where nothing could hold some; an attached letter must say it, too."""
    if found.unreadable or _said("proposal_words").search(letter.body):
        return
    said = _says_none(letter.body) or _says_none(letter.subject)
    told = tuple(filter(None, (_says_none(document) for document in letter.documents)))
    if found.documents and len(told) < found.documents:
        return
    words = said or next(iter(told), "")
    if words:
        yield _Sign(2.0, f"It says “{words}”.", decides=True)


def _says_none(text: str) -> str:
    """The words that say there are no comments, unless the sentence takes it back."""
    for match in _said("no_comments").finditer(text):
        end = _SENTENCE_END.search(text, match.end())
        start = max((m.end() for m in _SENTENCE.finditer(text, 0, match.start())), default=0)
        taken_back = _said("taken_back").search(text, match.end(), end.start() if end else len(text))
        if not taken_back and not _said("of_a_part").search(text, start, match.end()):
            return " ".join(match[0].split())
    return ""


def _sent(letter: Letter, found: _ClassFound) -> Iterator[_Sign]:
    """Documents that are said to be comments are, even where nothing was found in them yet."""
    if not (found.documents or found.unreadable or any(not _TRIFLE.search(name) for name in letter.file_names)):
        return
    if words := _said("comments_sent").search(letter.body):
        yield _Sign(2.0, f"It brings documents and says “{' '.join(words[0].split())}”.")


def _rsvp(letter: Letter, _: _ClassFound) -> Iterator[_Sign]:
    yield from _phrases("rsvp_subjects", letter.subject, "The subject")
    yield from _phrases("rsvp_words", letter.body, "The text")
    yield from _phrases("rsvp_sure", letter.body, "The text")


def _announcement(letter: Letter, found: _ClassFound) -> Iterator[_Sign]:
    if found.documents or found.unreadable:
        return
    yield from _phrases("announcement_subjects", letter.subject, "The subject")
    yield from _phrases("announcement_words", letter.body, "The text")
    if _QUESTION.search(letter.body):
        yield _Sign(_POINTS["announcement_words"], "The text asks a question.")
    yield from _phrases("announcement_sure", letter.body, "The text")


def _acts(letter: Letter, _: _ClassFound) -> Iterator[_Sign]:
    """Words of proposals, of which none was found yet: a person must see them as comments."""
    if words := _said("proposal_words").search(letter.body):
        yield _Sign(2.0, f"It has words of a proposal, “{' '.join(words[0].split())}”.")


def _documents(_: Letter, found: _ClassFound) -> Iterator[_Sign]:
    if found.documents or found.unreadable:
        yield _Sign(2.0, f"It brings {found.documents + found.unreadable} documents.")


def _by_default(letter: Letter) -> Classified:
    """A short mail without signs announces something; a long one is for a person to read as comments."""
    weak = tuple(sign.sentence for sign in _announcement(letter, _ClassFound(0, 0, 0, 0)))
    if len(letter.body) > _LONG:
        return Classified(
            "comments", CLASS_WITHOUT_SIGNS, ("Nothing tells what kind of mail it is, and it has much to say.",)
        )
    sure = CLASS_BY_WEAK_SIGNS if weak else CLASS_WITHOUT_SIGNS
    return Classified("announcement", sure, weak or ("Nothing tells what kind of mail it is.",))


def _phrases(concept: str, text: str, source: str, points: float | None = None) -> Iterator[_Sign]:
    found = dict.fromkeys(" ".join(m[0].split()) for m in _said(concept).finditer(text))
    for words in list(found)[:_MOST]:
        yield _Sign(_POINTS[concept] if points is None else points, f"{source} says “{words}”.")


def _said(concept: str) -> re.Pattern[str]:
    return pattern_in_place(f"mail_classes.{concept}", flags=re.MULTILINE)


_STEPS: tuple[tuple[Kind, Callable[[Letter, _ClassFound], Iterator[_Sign]]], ...] = (
    ("bounce", _bounce),
    ("spam", _spam),
    ("auto-reply", _auto_reply),
    ("comments", _comments),
    ("no-comments", _no_comments),
    ("comments", _sent),
    ("rsvp", _rsvp),
    ("announcement", _announcement),
    ("comments", _documents),
    ("comments", _acts),
)
