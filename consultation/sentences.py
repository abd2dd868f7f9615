"""Sentences as facts: the outcome of each with the ids of its edits; those that are unread, by the one who speaks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from consultation.facts import EditFact, MailFact, Names, Speaker, name_of
from consultation.kept import KeptSentence, KeptUnplaced
from parsing.model import Outcome, OutcomeKind


@dataclass(frozen=True, slots=True)
class SentenceFact:
    """The outcome of one sentence, or table cell: an Outcome with the ids of its edits, and its number `n` in the Mail,
    from 0.
    """

    n: int
    source: str
    start: int
    end: int
    kind: OutcomeKind
    text: str
    edits: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class UnreadSentence:
    """A sentence that needs a reader, with the Mail that says it."""

    mail: MailFact
    n: int
    outcome: Outcome


def sentence_facts(outcomes: Iterable[Outcome], edits: Iterable[EditFact]) -> tuple[SentenceFact, ...]:
    """The facts of the sentences of one Mail, in its order; `edits` are those of the same Mail."""
    ids = {fact.index: fact.id for fact in edits}
    return tuple(
        SentenceFact(
            n=n,
            source=one.source,
            start=one.start,
            end=one.end,
            kind=one.kind,
            text=one.text,
            edits=tuple(ids[index] for index in one.edits if index in ids),
            why=one.why,
        )
        for n, one in enumerate(outcomes)
    )


def sentences_of(sentences: Iterable[SentenceFact]) -> dict[str, list[int]]:
    """By the id of an edit: the numbers of the sentences that state it."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for one in sentences:
        for edit in one.edits:
            numbers[edit].append(one.n)
    return dict(numbers)


def unread_of(mail_id: int, outcomes: Iterable[Outcome]) -> tuple[KeptSentence, ...]:
    """The sentences of one Mail that are unread."""
    return tuple(KeptSentence(mail_id, n, one) for n, one in enumerate(outcomes) if one.kind == "unread")


def unread_by_speaker(
    kept: Iterable[KeptSentence], mails: Iterable[MailFact], names: Names
) -> list[tuple[Speaker | None, tuple[UnreadSentence, ...]]]:
    """The unread sentences of these mails by the one who speaks: in the order of the names, None first."""
    by_id = {mail.id: mail for mail in mails}
    groups: dict[Speaker | None, list[UnreadSentence]] = defaultdict(list)
    for one in kept:
        if one.mail in by_id:
            mail = by_id[one.mail]
            groups[mail.saying(one.n).speaker].append(UnreadSentence(mail, one.n, one.outcome))
    order = sorted(groups, key=lambda who: name_of(who, names) if who else "")
    return [(who, tuple(groups[who])) for who in order]


def without_unread(unplaced: Iterable[KeptUnplaced], unread: Iterable[KeptSentence]) -> tuple[KeptUnplaced, ...]:
    """The statements without a place that are not shown already, as unread sentences or within one."""
    sentences: dict[tuple[int, str], list[str]] = defaultdict(list)
    for one in unread:
        sentences[one.mail, one.outcome.source].append(without_spaces(one.outcome.text))
    texts = {place: "\n".join(words) for place, words in sentences.items()}
    return tuple(
        one
        for one in unplaced
        if without_spaces(one.unplaced.text) not in texts.get((one.mail, one.unplaced.source), "")
    )


def without_spaces(text: str) -> str:
    """The text without its spaces and line breaks, which an Unplaced does not keep."""
    return "".join(text.split())
