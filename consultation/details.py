"""One Mail and one speaker in full, and what found no place in the draft."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

from consultation.facts import ConsultationSnapshot, EditFact, MailFact, Speaker, StatementFact
from consultation.kept import Correction, KeptPart, KeptTexts, KeptUnplaced
from consultation.sentences import SentenceFact, sentence_facts, without_spaces
from consultation.status import SpeakerStatus
from parsing.model import Problem, Unplaced

_NEAR = timedelta(days=7)
"""A password, or a file that was forgotten, comes within so long."""


@dataclass(frozen=True, slots=True)
class UnplacedFact:
    """An Unplaced with the Mail that says it."""

    mail: MailFact
    unplaced: Unplaced
    n: int = 0
    """Its number in the Mail, from 0."""


@dataclass(frozen=True, slots=True)
class MailDetail(MailFact):
    """One Mail with what it says: `edits` with the dismissed ones, `statements` that found no place in the draft.
    `sentences` are the outcomes of all that it says.

    `reported` are the problems of its reading, `copies` the ids of other Mails that are copies of it, `siblings` those
    that belong to it (one brings the file, the other its password), `replaces` those whose place it took, `claimed_by`
    those that would take its place and need review, `decided` the corrections of it, its edits and its
    statements, the undone ones too. `crashed` is the traceback of a reading that crashed, `refused` the reason why only
    its headers were kept.
    """

    body: str = ""
    evidence: tuple[str, ...] = ()
    parts: tuple[KeptPart, ...] = ()
    edits: tuple[EditFact, ...] = ()
    statements: tuple[Unplaced, ...] = ()
    sentences: tuple[SentenceFact, ...] = ()
    reported: tuple[Problem, ...] = ()
    copies: tuple[int, ...] = ()
    siblings: tuple[int, ...] = ()
    replaces: tuple[int, ...] = ()
    claimed_by: tuple[int, ...] = ()
    decided: tuple[Correction, ...] = ()
    crashed: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class SpeakerDetail(SpeakerStatus):
    """The Status of one Party, Group or Observer with all its mails, and its edits and comments by paragraph."""

    mail_list: tuple[MailFact, ...] = ()
    by_paragraph: dict[str, tuple[EditFact, ...]] = field(default_factory=dict)


def mail_detail(snapshot: ConsultationSnapshot, mail: MailFact, texts: KeptTexts) -> MailDetail:
    """All that is known of one Mail of the snapshot; `texts` are its own, and may be of an earlier draft's Reading."""
    edits = tuple(fact for fact in snapshot.edits if fact.mail == mail.id)
    return MailDetail(
        **_values(mail),
        body=texts.body if mail.has_reading else "",
        evidence=texts.evidence if mail.has_reading else (),
        parts=texts.parts,
        edits=edits,
        statements=tuple(one.unplaced for one in texts.unplaced),
        sentences=sentence_facts(texts.sentences, edits) if mail.has_reading else (),
        reported=texts.problems,
        copies=tuple(other.id for other in snapshot.mails if other.same_as == mail.id),
        siblings=tuple(other.id for other in snapshot.mails if _are_siblings(mail, other)),
        replaces=_replaced_by(snapshot, mail),
        claimed_by=_claimed_by(snapshot, mail),
        decided=tuple(one for one in snapshot.corrections if one.target.get("mail") == mail.sha256),
        crashed=texts.crashed,
        refused=texts.refused,
    )


def _values(value: MailFact | SpeakerStatus) -> dict[str, Any]:
    """The fields of a value, for one that has more."""
    return {one.name: getattr(value, one.name) for one in fields(value)}


def _are_siblings(mail: MailFact, other: MailFact) -> bool:
    """Whether one of two mails of a sender says that it belongs with another, and the other has what it speaks of: it
    says so too, or has a Part that could not be read.
    """
    if mail.id == other.id or mail.sender is None or mail.sender != other.sender:
        return False
    near = abs(mail.counts_from - other.counts_from) <= _NEAR
    speak_of_it = sum(bool(one.flags.sibling) for one in (mail, other))
    return near and (speak_of_it > 1 or (speak_of_it == 1 and bool(mail.unreadable or other.unreadable)))


def _replaced_by(snapshot: ConsultationSnapshot, mail: MailFact) -> tuple[int, ...]:
    return tuple(other.id for other in snapshot.mails if other.superseded and other.superseded.by == mail.id)


def _claimed_by(snapshot: ConsultationSnapshot, mail: MailFact) -> tuple[int, ...]:
    return tuple(other.id for other in snapshot.mails if any(mail.id in one.of for one in other.waiting))


def decided_of(snapshot: ConsultationSnapshot, who: Speaker, mails: Iterable[MailFact]) -> tuple[Correction, ...]:
    """What people decided about one speaker: of these mails of its, of what was entered for it, of its deadline."""
    hashes = {mail.sha256 for mail in mails}
    return tuple(
        one for one in snapshot.corrections if one.target.get("mail") in hashes or one.target.get(who.kind) == who.name
    )


def speaker_detail(snapshot: ConsultationSnapshot, row: SpeakerStatus) -> SpeakerDetail:
    """A row of the Status in full; dismissed and superseded edits and mails are there too, and marked so."""
    by_paragraph: dict[str, list[EditFact]] = defaultdict(list)
    for fact in snapshot.edits:
        if fact.speaker and fact.speaker.name == row.code:
            by_paragraph[fact.edit.paragraph].append(fact)
    mails = tuple(mail for mail in snapshot.mails if row.code in {speaker.name for speaker in mail.speakers})
    edits = {label: tuple(facts) for label, facts in by_paragraph.items()}
    return SpeakerDetail(**_values(row), mail_list=mails, by_paragraph=edits)


def unplaced_facts(
    kept: Iterable[KeptUnplaced], mails: Iterable[MailFact], statements: Iterable[StatementFact] = ()
) -> tuple[UnplacedFact, ...]:
    """What found no place in the draft, of these mails, without what people have settled."""
    by_id, numbers = {mail.id: mail for mail in mails}, Counter[int]()
    settled = {(one.mail, one.source, without_spaces(one.text)) for one in statements if one.settled}
    found = []
    for one in kept:
        n, numbers[one.mail] = numbers[one.mail], numbers[one.mail] + 1
        if one.mail in by_id and (one.mail, one.unplaced.source, without_spaces(one.unplaced.text)) not in settled:
            found.append(UnplacedFact(by_id[one.mail], one.unplaced, n))
    return tuple(found)
