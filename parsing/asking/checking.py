"""Statements of a model checked against the mail and the official text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from parsing.asking.answers import Answer, ModelStatement
from parsing.asking.shown_place import shows_place
from parsing.asking.statement_edits import NotVerified, edits_of
from parsing.confidence import VERIFIED, VERIFIED_IN_DOUBT
from parsing.draft_index import index_of, words_of
from parsing.model import AskedSentence, Draft, Edit, Question

_TAG = re.compile(r"</?(?:ins|del|strike|b|u|colour|highlight)>")
_ROLE = re.compile(r"^\((?:quoted|signature|disclaimer)\) ")
_GAP = re.compile(r"…|\.{3,}")
_NO_WISH = ("withdrawn", "reported")
_STEM = 4
"""Letters that two forms of a word have in common at least; with so many more at most in either."""
_ENDING = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement and its outcome: edits, or the check that it failed. `doubt` is why the edits need review."""

    statement: ModelStatement
    sentences: tuple[AskedSentence, ...]
    edits: tuple[Edit, ...] = ()
    failed: str = ""
    doubt: str = ""

    @property
    def holds(self) -> bool:
        """Whether it asks for something that passed every check."""
        return bool(self.edits) and not self.failed

    @property
    def is_no_wish(self) -> bool:
        """Whether it says that the sender does not ask for something: it is withdrawn, or others want it."""
        return not self.failed and self.statement.stance in _NO_WISH


@dataclass(frozen=True, slots=True)
class _Mail:
    """The words of a mail as a question shows them."""

    words: tuple[str, ...]
    known: frozenset[str]
    by_number: dict[int, AskedSentence] = field(default_factory=dict)

    @classmethod
    def of(cls, question: Question) -> "_Mail":
        words = _words(question.sentences)
        return cls(words, frozenset(words), {sentence.number: sentence for sentence in question.sentences})


def plain_words(sentence: AskedSentence) -> str:
    """A sentence as the mail has it, without what was added to show it: words that look different are kept apart."""
    return _TAG.sub(" ", _ROLE.sub("", sentence.text))


def _words(sentences: Iterable[AskedSentence], between: str = " ") -> tuple[str, ...]:
    """The words of sentences; with nothing `between` the marks of looks do not part them."""
    shown = (_TAG.sub(between, _ROLE.sub("", sentence.text)) for sentence in sentences)
    return tuple(word for text in shown for word in words_of(text))


def check_statements(answer: Answer, question: Question, draft: Draft) -> tuple[Checked, ...]:
    """The statements of an answer, each with its edits or the check that it failed; of two that change the same words
    the later one fails.
    """
    mail = _Mail.of(question)
    out: list[Checked] = []
    for statement in dict.fromkeys(answer.statements):
        sentences = tuple(mail.by_number[n] for n in statement.sentences if n in mail.by_number)
        try:
            one = _checked(statement, sentences, mail, draft)
            _apart(one.edits, [edit for other in out for edit in other.edits])
        except NotVerified as error:
            one = Checked(statement, sentences, failed=str(error))
        out.append(one)
    return tuple(out)


def _checked(statement: ModelStatement, sentences: tuple[AskedSentence, ...], mail: _Mail, draft: Draft) -> Checked:
    _cite(statement, sentences, mail)
    if not _is_place(statement, draft):
        raise NotVerified(f"the draft has no paragraph “{statement.label}”")
    if statement.stance in _NO_WISH:
        return Checked(statement, sentences, doubt=f"it is {statement.stance}")
    doubt = _doubt(statement, sentences, mail, draft)
    if statement.stance == "support" and statement.act != "comment":
        statement = replace(statement, act="comment", intent="support")
    edits = edits_of(statement, _TAG.sub("", statement.words), sentences[0].source, draft)
    doubt = doubt or next((edit.evidence for edit in edits if edit.needs_review), "")
    return Checked(statement, sentences, tuple(_read(edit, statement, mail, doubt) for edit in edits), doubt=doubt)


def _cite(statement: ModelStatement, sentences: Sequence[AskedSentence], mail: _Mail) -> None:
    """Raises NotVerified for words that are not in the mail."""
    if not sentences:
        raise NotVerified("it cites no sentence of the mail")
    among = (_words(sentences), _words(sentences, between=""), mail.words)
    if not any(_stands(statement.words, words) for words in among):
        raise NotVerified("the words that it cites are not in the mail")


def _is_place(statement: ModelStatement, draft: Draft) -> bool:
    """Whether the draft has the paragraph of a statement; a comment may be on the whole text."""
    is_general = statement.label == "general" and statement.act == "comment"
    return is_general or statement.label in index_of(draft).order


def _read(edit: Edit, statement: ModelStatement, mail: _Mail, doubt: str) -> Edit:
    """An edit with who read it, the reason if it is in the mail, and how sure it is."""
    reason = statement.reason if edit.action != "comment" and _stands(statement.reason, mail.words) else ""
    return replace(
        edit,
        comment=edit.comment or reason,
        confidence=VERIFIED_IN_DOUBT if doubt else VERIFIED,
        needs_review=bool(doubt),
        read_by="model",
    )


# --- what is where -------------------------------------------------------------------------------


def _stands(words: str, among: Sequence[str]) -> bool:
    """Whether words, piece by piece where they have gaps, are in this order among others."""
    at = 0
    pieces = [piece for piece in map(words_of, _GAP.split(_TAG.sub("", words))) if piece]
    for piece in pieces:
        found = next(
            (n for n in range(at, len(among) - len(piece) + 1) if tuple(among[n : n + len(piece)]) == piece), -1
        )
        if found < 0:
            return False
        at = found + len(piece)
    return bool(pieces)


def _doubt(statement: ModelStatement, sentences: Sequence[AskedSentence], mail: _Mail, draft: Draft) -> str:
    """What a person has to look at in a statement that can be placed. Raises NotVerified for new words of its own."""
    cited = _words(sentences)
    strange = _new_form(statement, cited, mail, draft)
    if strange:
        return f"“{strange}” occurs in the mail in another form"
    if statement.stance == "conditional":
        return "it is asked for on a condition"
    if not shows_place(statement, [plain_words(one) for one in sentences], draft):
        return f"nothing in the sentences that it cites shows {statement.label}"
    is_together = statement.act == "rewrite" or not words_of(statement.new) or _stands(statement.new, cited)
    return "" if is_together else "the new words do not follow each other in the sentences that it cites"


def _new_form(statement: ModelStatement, cited: Sequence[str], mail: _Mail, draft: Draft) -> str:
    """The first new word that occurs in the mail only in another form, or nothing. Raises NotVerified for a word that
    occurs nowhere.
    """
    official = () if statement.label == "general" else index_of(draft).words[statement.label]
    strange = [word for word in words_of(statement.new) if word not in mail.known and word not in official]
    for word in strange:
        if not _is_inflected(word, (*cited, *official)):
            raise NotVerified(f"“{word}” is neither in the mail nor in the paragraph")
    return next(iter(strange), "")


def _is_inflected(word: str, others: Iterable[str]) -> bool:
    return any(_same_stem(word, other) for other in others)


@lru_cache(maxsize=4096)
def _same_stem(one: str, other: str) -> bool:
    common = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= _STEM and max(len(one), len(other)) - common <= _ENDING


def _apart(edits: Sequence[Edit], others: Sequence[Edit]) -> None:
    """Raises NotVerified where edits change words that others change too."""
    for edit in edits:
        for other in others:
            if edit.paragraph == other.paragraph and _overlap(edit, other):
                raise NotVerified("it changes words that another of its statements changes")


def _overlap(one: Edit, other: Edit) -> bool:
    if one.start is None or other.start is None or one.end is None or other.end is None:
        return one.action == other.action == "delete_paragraph"
    return one.start < other.end and other.start < one.end
