"""What the page of a long mail shows of it: so many sentences, edits and statements, around the one that is asked for.

Each of them has an anchor in its mail: `s12` is a sentence by its number, `e` with an id an edit, `u` with an id a
statement that is no sentence. The address of a mail with `?at=` and an anchor is that of the page that has it, however
long the mail is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from consultation.details import MailDetail
from consultation.facts import EditFact, StatementFact
from consultation.sentences import SentenceFact, sentences_of

T = TypeVar("T")
SENTENCES = 300
EDITS = 100
"""So many are shown at once: few mails have more, and a browser still lays them out at once."""


@dataclass(frozen=True, slots=True)
class Window(Generic[T]):
    """`rows` are those from number `first` on, counted from 0, of `total`; `before` and `after` are the anchors at
    which the windows beside it begin.
    """

    rows: tuple[T, ...]
    first: int
    total: int
    before: str | None
    after: str | None

    @property
    def end(self) -> int:
        """The number of the row behind the last one."""
        return self.first + len(self.rows)


@dataclass(frozen=True, slots=True)
class MailWindows:
    """What is shown of one mail, with the anchors of all that is."""

    sentences: Window[SentenceFact]
    edits: Window[EditFact]
    statements: Window[StatementFact]
    anchors: frozenset[str]

    def href(self, anchor: str) -> str:
        """The way from this page to an anchor of the same mail."""
        return f"#{anchor}" if anchor in self.anchors else f"?at={anchor}#{anchor}"


def mail_windows(mail: MailDetail, statements: Sequence[StatementFact], at: str = "") -> MailWindows:
    """The windows around that anchor, those of a sentence and of the edits that it states together; the first ones
    where the mail has no such anchor (any more).
    """
    sentence, edit = _places(mail, at)
    statement = _numbers(statements, statement_anchor).get(at, 0)
    sentences = _window(mail.sentences, sentence, SENTENCES, sentence_anchor)
    edits = _window(mail.edits, edit, EDITS, edit_anchor)
    others = _window(statements, statement, EDITS, statement_anchor)
    return MailWindows(sentences, edits, others, frozenset(_anchors(sentences, edits, others)))


def sentence_anchor(fact: SentenceFact) -> str:
    return f"s{fact.n}"


def edit_anchor(fact: EditFact) -> str:
    return f"e{fact.id}"


def statement_anchor(fact: StatementFact) -> str:
    return f"u{fact.id}"


def _places(mail: MailDetail, at: str) -> tuple[int, int]:
    """The number of the sentence and of the edit that the anchor leads to: both, where one states the other."""
    sentences, edits = _numbers(mail.sentences, sentence_anchor), _numbers(mail.edits, edit_anchor)
    if at in edits:
        stating = sentences_of(mail.sentences).get(mail.edits[edits[at]].id, [0])
        return stating[0], edits[at]
    if at not in sentences:
        return 0, 0
    stated = mail.sentences[sentences[at]].edits
    return sentences[at], edits.get(f"e{stated[0]}", 0) if stated else 0


def _numbers(rows: Sequence[T], anchor_of: Callable[[T], str]) -> Mapping[str, int]:
    return {anchor_of(row): n for n, row in enumerate(rows)}


def _window(rows: Sequence[T], at: int, most: int, anchor_of: Callable[[T], str]) -> Window[T]:
    first = at // most * most
    end = first + most
    return Window(
        rows=tuple(rows[first:end]),
        first=first,
        total=len(rows),
        before=anchor_of(rows[first - most]) if first else None,
        after=anchor_of(rows[end]) if end < len(rows) else None,
    )


def _anchors(
    sentences: Window[SentenceFact], edits: Window[EditFact], statements: Window[StatementFact]
) -> Iterator[str]:
    yield from map(sentence_anchor, sentences.rows)
    yield from map(edit_anchor, edits.rows)
    yield from map(statement_anchor, statements.rows)
