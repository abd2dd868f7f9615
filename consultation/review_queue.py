"""The queue of all that needs review: mails, doubtful edits, statements without a place; one item, one decision."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from consultation.facts import ConsultationSnapshot, EditFact, MailFact, Speaker, StatementFact, name_of

ItemKind = Literal["mail", "claim", "edit", "statement"]


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One thing that a person decides: of a `mail` its reasons, what it claims (`claim`), an `edit`, or a `statement`.
    `number` is that of the mail inside which the reasons are about, 0 for the mail itself. `seen` are the corrections
    that hold for it now.
    """

    id: str
    kind: ItemKind
    speaker: Speaker | None
    name: str | None
    reasons: tuple[str, ...]
    is_open: bool
    seen: tuple[int, ...]
    mail: MailFact | None = None
    edit: EditFact | None = None
    statement: StatementFact | None = None
    number: int = 0

    @property
    def paragraph(self) -> str | None:
        return self.edit.edit.paragraph if self.edit else None


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which items are asked for; None where it does not matter."""

    kind: ItemKind | None = None
    speaker: str | None = None
    paragraph: str | None = None
    mail: int | None = None

    def takes(self, item: ReviewItem) -> bool:
        return (
            self.kind in (None, item.kind)
            and self.speaker in (None, item.speaker.name if item.speaker else None)
            and self.paragraph in (None, item.paragraph)
            and self.mail in (None, item.mail.id if item.mail else None)
        )


def review_queue(snapshot: ConsultationSnapshot, wanted: QueueFilter | None = None) -> tuple[ReviewItem, ...]:
    """What waits for a decision: mail by mail as they came; of each its reasons, then edits and statements in order."""
    items = [item for item in _all_items(snapshot) if item.is_open and (wanted is None or wanted.takes(item))]
    return tuple(items)


def find_item(snapshot: ConsultationSnapshot, item_id: str) -> ReviewItem | None:
    """The item with that id, decided or not."""
    return next((item for item in _all_items(snapshot) if item.id == item_id), None)


def following(queue: Sequence[ReviewItem], item_id: str) -> ReviewItem | None:
    """The item after that one; the first where it is the last, None where there is no other."""
    ids = [item.id for item in queue]
    at = ids.index(item_id) if item_id in ids else -1
    others = [*queue[at + 1 :], *queue[: max(at, 0)]]
    return others[0] if others else None


def preceding(queue: Sequence[ReviewItem], item_id: str) -> ReviewItem | None:
    """The item before that one; the last where it is the first, None where there is no other."""
    return following(queue[::-1], item_id)


def counts(queue: Iterable[ReviewItem]) -> Mapping[ItemKind, int]:
    """How many items of each kind wait."""
    found: dict[ItemKind, int] = {"mail": 0, "claim": 0, "edit": 0, "statement": 0}
    for item in queue:
        found[item.kind] += 1
    return found


def _all_items(snapshot: ConsultationSnapshot) -> Iterator[ReviewItem]:
    edits: dict[int, list[EditFact]] = {}
    for fact in snapshot.edits:
        if fact.mail is not None and not fact.by_hand:
            edits.setdefault(fact.mail, []).append(fact)
    statements: dict[int, list[StatementFact]] = {}
    for one in snapshot.statements:
        statements.setdefault(one.mail, []).append(one)
    for mail in snapshot.mails:
        yield from _of_mail(mail, snapshot)
        yield from _of_claims(mail, snapshot)
        in_order = sorted(edits.get(mail.id, ()), key=lambda fact: fact.index)
        yield from (_of_edit(mail, fact) for fact in in_order)
        yield from (_of_statement(mail, one) for one in statements.get(mail.id, ()))


def _of_mail(mail: MailFact, snapshot: ConsultationSnapshot) -> Iterator[ReviewItem]:
    for number, one in enumerate(mail.speaking):
        yield ReviewItem(
            id=f"mail-{mail.id}-{number}" if number else f"mail-{mail.id}",
            kind="mail",
            speaker=one.speaker,
            name=one.speaker and name_of(one.speaker, snapshot.names),
            reasons=one.reasons,
            is_open=mail.is_current and bool(one.reasons),
            seen=mail.corrections,
            mail=mail,
            number=number,
        )


def _of_claims(mail: MailFact, snapshot: ConsultationSnapshot) -> Iterator[ReviewItem]:
    """What the mail claims and nobody has decided: all of it is of one sender, and decided at once."""
    if mail.waiting:
        yield ReviewItem(
            id=f"claim-{mail.id}",
            kind="claim",
            speaker=mail.speaker,
            name=mail.speaker and name_of(mail.speaker, snapshot.names),
            reasons=tuple(one.sentence for one in mail.open_claims),
            is_open=mail.is_current and bool(mail.open_claims),
            seen=mail.corrections,
            mail=mail,
        )


def _of_edit(mail: MailFact, fact: EditFact) -> ReviewItem:
    return ReviewItem(
        id=fact.id,
        kind="edit",
        speaker=fact.speaker,
        name=fact.name,
        reasons=(fact.review,) if fact.review else (),
        is_open=fact.is_current and bool(fact.review),
        seen=fact.corrections,
        mail=mail,
        edit=fact,
    )


def _of_statement(mail: MailFact, one: StatementFact) -> ReviewItem:
    return ReviewItem(
        id=one.id,
        kind="statement",
        speaker=one.speaker,
        name=one.name,
        reasons=(_why(one),),
        is_open=one.needs_review,
        seen=one.corrections,
        mail=mail,
        statement=one,
    )


def _why(one: StatementFact) -> str:
    """Why a statement needs a person: nobody has read it, or it has no place; with what was made of it."""
    says = "no reader has understood this sentence" if one.n is not None else "it found no place in the draft"
    return f"{says}: {one.why}" if one.why else says
