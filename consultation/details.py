"""One Mail and one speaker in full, and what found no place in the draft."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from consultation.facts import ConsultationSnapshot, EditFact, MailFact
from consultation.kept import Correction, KeptTexts, KeptUnplaced
from consultation.status import SpeakerStatus
from parsing.model import Outcome, Part, Problem, Unplaced


@dataclass(frozen=True, slots=True)
class UnplacedFact:
    """An Unplaced with the Mail that it stands in."""

    mail: MailFact
    unplaced: Unplaced


@dataclass(frozen=True, slots=True)
class MailDetail:
    """`edits` hold the dismissed ones too; `copies` are the other Mails that are the same as this one, `replaces` those
    whose place it took. `crashed` is the traceback of a reading that crashed, `refused` why only headers were kept.
    """

    fact: MailFact
    body: str
    evidence: tuple[str, ...]
    parts: tuple[Part, ...]
    edits: tuple[EditFact, ...]
    unplaced: tuple[Unplaced, ...]
    sentences: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    copies: tuple[MailFact, ...]
    replaces: tuple[MailFact, ...]
    corrections: tuple[Correction, ...]
    crashed: str | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class SpeakerDetail(SpeakerStatus):
    """The Status of one Party, Group or Observer with all its mails, and its edits and comments by paragraph."""

    mail_list: tuple[MailFact, ...] = ()
    by_paragraph: dict[str, tuple[EditFact, ...]] = field(default_factory=dict)


def mail_detail(snapshot: ConsultationSnapshot, fact: MailFact, texts: KeptTexts) -> MailDetail:
    """All that is known of one Mail of the snapshot; `texts` are its own, and may be of an earlier draft's Reading."""
    is_read = fact.stage == "read"
    edits = tuple(edit for edit in snapshot.edits if edit.mail == fact.id)
    return MailDetail(
        fact=fact,
        body=texts.body if is_read else "",
        evidence=texts.evidence if is_read else (),
        parts=texts.parts,
        edits=edits,
        unplaced=tuple(one.unplaced for one in texts.unplaced),
        sentences=texts.sentences if is_read else (),
        problems=texts.problems,
        copies=tuple(mail for mail in snapshot.mails if mail.same_as == fact.id),
        replaces=_replaced_by(snapshot, fact),
        corrections=_corrections(snapshot, fact, edits),
        crashed=texts.crashed,
        refused=texts.refused,
    )


def _replaced_by(snapshot: ConsultationSnapshot, fact: MailFact) -> tuple[MailFact, ...]:
    return tuple(mail for mail in snapshot.mails if mail.superseded and mail.superseded.by == fact.id)


def _corrections(snapshot: ConsultationSnapshot, fact: MailFact, edits: Iterable[EditFact]) -> tuple[Correction, ...]:
    """The corrections that were applied to the mail or to its edits."""
    ids = {*fact.corrections}.union(*(edit.corrections for edit in edits))
    return tuple(one for one in snapshot.corrections if one.id in ids)


def speaker_detail(snapshot: ConsultationSnapshot, row: SpeakerStatus) -> SpeakerDetail:
    """A row of the Status in full; dismissed and superseded edits and mails are there too, and marked so."""
    by_paragraph: dict[str, tuple[EditFact, ...]] = {}
    for fact in snapshot.edits:
        if fact.speaker and fact.speaker.name == row.code:
            label = fact.edit.paragraph
            by_paragraph[label] = (*by_paragraph.get(label, ()), fact)
    return SpeakerDetail(
        **{one.name: getattr(row, one.name) for one in fields(row)},
        mail_list=tuple(mail for mail in snapshot.mails if mail.speaker and mail.speaker.name == row.code),
        by_paragraph=by_paragraph,
    )


def unplaced_facts(kept: Iterable[KeptUnplaced], mails: Iterable[MailFact]) -> tuple[UnplacedFact, ...]:
    """Of what found no place in the draft that which stands in these mails."""
    by_id = {mail.id: mail for mail in mails}
    return tuple(UnplacedFact(by_id[one.mail], one.unplaced) for one in kept if one.mail in by_id)
