"""What was said and found no place in the draft: unread sentences, and other statements; and what people made of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha1
from typing import Any

from consultation.apply_corrections import active, edit_by_hand
from consultation.facts import EditFact, MailFact, Names, StatementFact, name_of
from consultation.kept import Correction, KeptSentence, KeptUnplaced
from consultation.sentences import without_spaces, without_unread
from parsing.model import Draft

StatementKey = tuple[str, str]
"""The Part that a statement is in, and its words without their spaces: what remains the same in a new Reading."""


@dataclass(frozen=True, slots=True)
class _KeptStatement:
    """A statement as it was kept: `n` is the number of its sentence, None where it is none; `edits` those it states."""

    mail: int
    source: str
    text: str
    why: str
    n: int | None = None
    edits: tuple[int, ...] = ()

    @property
    def key(self) -> StatementKey:
        return self.source, without_spaces(self.text)


def statement_facts(
    unread: Iterable[KeptSentence],
    unplaced: Iterable[KeptUnplaced],
    mails: Iterable[MailFact],
    corrections: Iterable[Correction],
    names: Names,
) -> tuple[StatementFact, ...]:
    """The statements of these mails without a place, each once, mail by mail, those that people have settled too."""
    by_id = {mail.id: mail for mail in mails}
    settled = _settled(corrections)
    seen: Counter[tuple[int, StatementKey]] = Counter()
    facts = []
    for said in _all_said(tuple(unread), tuple(unplaced)):
        mail = by_id.get(said.mail)
        if mail is None:
            continue
        nth = seen[said.mail, said.key]
        seen[said.mail, said.key] += 1
        facts.append(_fact(said, mail, nth, settled.get((mail.sha256, said.key, nth), ()), names))
    return tuple(facts)


def _all_said(unread: tuple[KeptSentence, ...], unplaced: tuple[KeptUnplaced, ...]) -> list[_KeptStatement]:
    """Unread sentences, and the statements that are not among them."""
    sentences = [
        _KeptStatement(
            one.mail, one.outcome.source, one.outcome.text.strip(), one.outcome.why, one.n, one.outcome.edits
        )
        for one in unread
    ]
    others = [
        _KeptStatement(one.mail, one.unplaced.source, one.unplaced.text, one.unplaced.why)
        for one in without_unread(unplaced, unread)
    ]
    return sorted([*sentences, *others], key=lambda said: said.mail)


def _fact(said: _KeptStatement, mail: MailFact, nth: int, settled: tuple[int, ...], names: Names) -> StatementFact:
    digest = sha1("\x1f".join(said.key).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:10]
    speaker = mail.saying(said.n).speaker
    return StatementFact(
        id=f"{mail.id}-s{digest}-{nth}" if nth else f"{mail.id}-s{digest}",
        mail=mail.id,
        nth=nth,
        source=said.source,
        text=said.text,
        why=said.why,
        n=said.n,
        indexes=said.edits,
        speaker=speaker,
        name=speaker and name_of(speaker, names),
        is_current=mail.is_current,
        settled=bool(settled),
        corrections=settled,
    )


def _settled(corrections: Iterable[Correction]) -> Mapping[tuple[str, StatementKey, int], tuple[int, ...]]:
    """By mail, words and number: the corrections that settle a statement."""
    found: dict[tuple[str, StatementKey, int], tuple[int, ...]] = defaultdict(tuple)
    for one in active(corrections, "statement", "confirm"):
        for statement in _statements_of(one):
            key = (statement["source"], without_spaces(statement["text"]))
            found[one.target["mail"], key, statement["nth"]] += (one.id,)
    return found


def _statements_of(one: Correction) -> list[dict[str, Any]]:
    if one.kind == "statement":
        return [one.target["statement"]]
    return list(one.value.get("statements", ()))


def settled_counts(statements: Iterable[StatementFact]) -> Counter[int]:
    """By Mail: how many of its statements people have settled."""
    return Counter(one.mail for one in statements if one.settled)


def without_settled(mails: Iterable[MailFact], settled: Mapping[int, int]) -> tuple[MailFact, ...]:
    """The mails with so many fewer statements without a place: their own first, then those of the mails inside."""
    return tuple(_with_fewer(mail, settled[mail.id]) if settled.get(mail.id) else mail for mail in mails)


def _with_fewer(mail: MailFact, settled: int) -> MailFact:
    own = min(mail.unplaced, settled)
    left = settled - own
    inner = []
    for one in mail.inner:
        taken = min(one.unplaced, left)
        left -= taken
        inner.append(replace(one, unplaced=one.unplaced - taken))
    return replace(mail, unplaced=mail.unplaced - own, inner=tuple(inner))


def edits_of_statements(
    corrections: Iterable[Correction], mails: Iterable[MailFact], draft: Draft, names: Names
) -> Iterator[EditFact]:
    """The edits of this draft that people made of statements without a place: of the one who speaks in the mail."""
    by_hash = {mail.sha256: mail for mail in mails}
    for one in active(corrections, "statement"):
        mail = by_hash.get(one.target["mail"])
        if mail is None or not one.value.get("edit") or one.value["draft"] != draft.id:
            continue
        source = one.target["statement"]["source"]
        fact = edit_by_hand(one, mail.speaker, source, names)
        yield replace(fact, mail=mail.id, is_current=mail.is_current)


def with_edits(statements: Iterable[StatementFact], edits: Iterable[EditFact]) -> tuple[StatementFact, ...]:
    """The statements, those aside that wait for the review of the edits that they state. Where a person has let one of
    they hold, and none needs review, the sentence was read with it.
    """
    read = [fact for fact in edits if not fact.by_hand]
    by_index = {(fact.mail, fact.index): fact for fact in read}
    evidence: dict[int | None, list[tuple[str, EditFact]]] = defaultdict(list)
    for fact in read:
        if fact.review or fact.corrections:
            evidence[fact.mail].append((without_spaces(fact.read.evidence), fact))
    return tuple(_with_its_edits(one, _stated_by(one, by_index, evidence[one.mail])) for one in statements)


def _stated_by(
    statement: StatementFact,
    by_index: Mapping[tuple[int | None, int], EditFact],
    evidence: Iterable[tuple[str, EditFact]],
) -> list[EditFact]:
    """Of the edits of its mail those that were read from it; where it is no sentence, the doubtful ones in whose
    evidence it is in, so that nobody decides the same twice.
    """
    if statement.n is None:
        words = without_spaces(statement.text)
        return [fact for said, fact in evidence if words in said]
    stated = (by_index.get((statement.mail, index)) for index in statement.indexes)
    return [fact for fact in stated if fact is not None]


def _with_its_edits(statement: StatementFact, stated: Iterable[EditFact]) -> StatementFact:
    edits = [fact for fact in stated if fact.is_current]
    if any(fact.review for fact in edits):
        return replace(statement, waits=True)
    decided = any(fact.corrections for fact in edits)
    return replace(statement, settled=statement.settled or decided)
