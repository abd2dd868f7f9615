"""Statements of a model checked against the mail and the official text, and bound to it as those of the rules are."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from parsing.asking.answers import Answer, Statement
from parsing.confidence import VERIFIED, VERIFIED_IN_DOUBT
from parsing.draft_index import index_of, words_of
from parsing.model import AskedSentence, Draft, Edit, Question
from parsing.prose.lexicon.tokens import Token
from parsing.prose.requests.acts import Act
from parsing.prose.resolve.edits import Collector, shows_opening
from parsing.prose.resolve.resolve import Binding, Where, bind
from parsing.text.search import find, is_sign

_TAG = re.compile(r"</?(?:ins|del|strike|b|u|colour|highlight)>")
_ROLE = re.compile(r"^\((?:quoted|signature|disclaimer)\) ")
_GAP = re.compile(r"…|\.{3,}")
_OPENING, _CLOSING = '"“«「『„', '"”»」』“'
_STEM = 4
"""Letters that two forms of a word have in common at least; with so many more at most in either."""
_ENDING = 3


class NotVerified(Exception):
    """A statement does not pass a check; the message names it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement and what became of it: edits, or the check that it failed. `doubt` is why the edits need review."""

    statement: Statement
    sentences: tuple[AskedSentence, ...]
    edits: tuple[Edit, ...] = ()
    failed: str = ""
    doubt: str = ""

    @property
    def holds(self) -> bool:
        """Whether it asks for something that passed every check."""
        return bool(self.edits) and not self.failed


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
    """A sentence as the mail has it, without what was added to show it: words that look different stand apart."""
    return _TAG.sub(" ", _ROLE.sub("", sentence.text))


def _words(sentences: Iterable[AskedSentence], between: str = " ") -> tuple[str, ...]:
    """The words of sentences; with nothing `between` the marks of looks do not part them."""
    shown = (_TAG.sub(between, _ROLE.sub("", sentence.text)) for sentence in sentences)
    return tuple(word for text in shown for word in words_of(text))


def check(answer: Answer, question: Question, draft: Draft) -> tuple[Checked, ...]:
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


def _checked(statement: Statement, sentences: tuple[AskedSentence, ...], mail: _Mail, draft: Draft) -> Checked:
    if not sentences:
        raise NotVerified("it cites no sentence of the mail")
    cited = _words(sentences)
    among = (cited, _words(sentences, between=""), mail.words)
    if not any(_stands(statement.words, words) for words in among):
        raise NotVerified("the words that it cites do not stand in the mail")
    if statement.label not in index_of(draft).order and not (
        statement.label == "general" and statement.act == "comment"
    ):
        raise NotVerified(f"the draft has no paragraph “{statement.label}”")
    if statement.stance in ("withdrawn", "reported"):
        return Checked(statement, sentences, doubt=f"it is {statement.stance}")
    doubt = _doubt(statement, cited, mail, draft)
    if statement.stance == "support" and statement.act != "comment":
        statement = replace(statement, act="comment", intent="support")
    found = Collector(draft, sentences[0].source, None)
    _keep(statement, draft, found)
    doubt = doubt or next((edit.evidence for edit in found.edits if edit.needs_review), "")
    return Checked(
        statement, sentences, tuple(_read(edit, statement, mail, doubt) for edit in found.edits), doubt=doubt
    )


def _read(edit: Edit, statement: Statement, mail: _Mail, doubt: str) -> Edit:
    reason = statement.reason if edit.action != "comment" and _stands(statement.reason, mail.words) else ""
    confidence = VERIFIED_IN_DOUBT if doubt else VERIFIED
    return replace(
        edit, comment=edit.comment or reason, confidence=confidence, needs_review=bool(doubt), read_by="model"
    )


# --- what stands where -------------------------------------------------------------------------------


def _stands(words: str, among: Sequence[str]) -> bool:
    """Whether words, piece by piece where they have gaps, stand in this order among others."""
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


def _doubt(statement: Statement, cited: Sequence[str], mail: _Mail, draft: Draft) -> str:
    """What a person has to look at in a statement that can be placed. Raises NotVerified for new words of its own."""
    official = () if statement.label == "general" else index_of(draft).words[statement.label]
    strange = [word for word in words_of(statement.new) if word not in mail.known and word not in official]
    invented = [word for word in strange if not _is_inflected(word, (*cited, *official))]
    if invented:
        raise NotVerified(f"“{invented[0]}” stands neither in the mail nor in the paragraph")
    if strange:
        return f"“{strange[0]}” stands in the mail in another form"
    if statement.stance == "conditional":
        return "it is asked for on a condition"
    if statement.act == "rewrite" or not words_of(statement.new) or _stands(statement.new, cited):
        return ""
    return "the new words do not stand together in the sentences that it cites"


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


# --- edits -------------------------------------------------------------------------------------------


def _keep(statement: Statement, draft: Draft, found: Collector) -> None:
    """Puts the edits of a statement among those found. Raises NotVerified where it fits nowhere."""
    said = _TAG.sub("", statement.words)
    match statement.act:
        case "comment":
            found.remark(statement.label, said, statement.intent or None)
        case "delete_paragraph":
            found.paragraph(Edit(statement.label, "delete_paragraph"), said)
        case "add_paragraph":
            _add(statement, said, draft, found)
        case "move_paragraph":
            _move(statement, said, draft, found)
        case _:
            for bound in _bound(statement, draft).bound:
                found.change(bound, said)
    if not found.edits:
        raise NotVerified("it says what the official text says already")


def _add(statement: Statement, said: str, draft: Draft, found: Collector) -> None:
    if not words_of(statement.new):
        raise NotVerified("it adds a paragraph without words")
    doubt = "the new paragraph begins like one of the draft's" if shows_opening(statement.new, draft) else ""
    found.paragraph(Edit(statement.label, "add_paragraph", new=statement.new), said, doubt)


def _move(statement: Statement, said: str, draft: Draft, found: Collector) -> None:
    index = index_of(draft)
    if statement.to not in index.order or statement.to in (statement.label, index.before(statement.label)):
        raise NotVerified(f"the paragraph cannot come to follow “{statement.to}”")
    found.paragraph(Edit(statement.label, "move_paragraph", to=statement.to), said)


def _bound(statement: Statement, draft: Draft) -> Binding:
    official = draft.text(statement.label)
    act, context = _act(statement, official)
    binding = bind(act, Where((statement.label,), context=context), draft)
    if not binding.bound:
        raise NotVerified(binding.why or "it fits nowhere in the paragraph")
    if any(bound.label != statement.label for bound in binding.bound):
        raise NotVerified(f"its words do not stand in {statement.label}")
    if any(official[bound.change.start : bound.change.end] == bound.change.new for bound in binding.bound):
        raise NotVerified("it says what the official text says already")
    return binding


def _act(statement: Statement, official: str) -> tuple[Act, str]:
    """The act, and the words around those that it changes."""
    old, new, anchor = (_quote(words) for words in (statement.old, statement.new, statement.anchor))
    if statement.act in ("replace", "delete"):
        context = _around(statement, official)
        if statement.act == "delete" or not statement.new:
            return Act("delete", 0, 0, old=old), context
        return Act("replace", 0, 0, old=old, new=new), context
    if not statement.new:
        raise NotVerified("it has no new words")
    if statement.act == "rewrite":
        return Act("read", 0, 0, new=new), ""
    if statement.act in ("insert_after", "insert_before"):
        _once(statement.anchor, official)
        return Act("insert", 0, 0, statement.act.removeprefix("insert_"), new=new, beside=anchor), ""
    return Act("insert", 0, 0, statement.act.removeprefix("insert_"), new=new), ""


def _quote(words: str) -> Token:
    """Words as quoted ones, without the quotation marks that a model copies with them."""
    quoted = len(words) > 1 and words[0] in _OPENING and words[-1] in _CLOSING
    return Token("quote", 0, len(words), words[1:-1] if quoted else words)


def _around(statement: Statement, official: str) -> str:
    """The words around the old ones, where these stand more than once; raises NotVerified where that does not tell."""
    there = find(statement.old, official, mistakes=False) if statement.old else ()
    if not there:
        raise NotVerified(f"“{statement.old}” does not stand in {statement.label}")
    if len(there) == 1:
        return ""
    _once(statement.anchor, official)
    around = find(statement.anchor, official, mistakes=False)[0]
    if sum(around.start <= one.start and one.end <= around.end for one in there) != 1:
        raise NotVerified(f"“{statement.old}” stands {len(there)} times in {statement.label}")
    return statement.anchor


def _once(words: str, official: str) -> None:
    """Raises NotVerified for words that do not stand in the paragraph exactly once."""
    if not words or (is_sign(words) and official.count(words) != 1):
        raise NotVerified(f"“{words}” does not tell a place in the paragraph")
    count = len(find(words, official, mistakes=False))
    if count != 1:
        raise NotVerified(f"“{words}” stands {count} times in the paragraph")
