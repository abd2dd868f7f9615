"""What a search has found, as facts: the mail or the edit, with the words around what was looked for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from consultation.facts import ConsultationSnapshot, EditFact, MailFact, Speaker
from consultation.search_words import SearchHighlight, Term, excerpt, holds_all

HitKind = Literal["mail", "edit", "comment"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: in a Mail's Part `source`, empty for its head, or in an edit."""

    kind: HitKind
    mail: MailFact | None
    edit: EditFact | None
    source: str
    pieces: tuple[SearchHighlight, ...]

    @property
    def speaker(self) -> Speaker | None:
        return self.edit.speaker if self.edit else self.mail.speaker if self.mail else None

    @property
    def mail_id(self) -> int | None:
        return self.mail.id if self.mail else None

    @property
    def edit_id(self) -> str | None:
        return self.edit.id if self.edit else None

    @property
    def paragraph(self) -> str | None:
        return self.edit.edit.paragraph if self.edit else None

    @property
    def name(self) -> str | None:
        return self.edit.name if self.edit else self.speaker.name if self.speaker else None

    @property
    def received(self) -> datetime | None:
        return self.mail.counts_from if self.mail else None

    @property
    def shows_change(self) -> bool:
        """Whether the change itself says what was found, more clearly than its words in one line."""
        return self.kind == "edit" and not (self.edit and (self.edit.translation or self.edit.note))

    @property
    def is_current(self) -> bool:
        return self.edit.is_current if self.edit else self.mail is not None and self.mail.is_current


def hit_of(
    snapshot: ConsultationSnapshot, mail_id: int, edit: int | None, source: str, text: str, terms: Sequence[Term]
) -> Hit | None:
    """What was found in a row of the store; None where the snapshot does not have it any more."""
    mail = snapshot.mail(mail_id)
    if mail is None:
        return None
    fact = None if edit is None else _edit(snapshot, mail_id, edit)
    kind: HitKind = "mail" if edit is None else _kind(fact)
    return Hit(kind, mail, fact, source, excerpt(text, terms))


def _edit(snapshot: ConsultationSnapshot, mail_id: int, index: int) -> EditFact | None:
    return next((fact for fact in snapshot.edits if fact.mail == mail_id and fact.index == index), None)


def _kind(fact: EditFact | None) -> HitKind:
    return "comment" if fact is None or fact.edit.action == "comment" else "edit"


def entered_hits(
    snapshot: ConsultationSnapshot, terms: Sequence[Term], kind: HitKind | None = None, speaker: str | None = None
) -> Iterator[Hit]:
    """What people entered: edits by hand, translations and notes of the drafters."""
    for fact in snapshot.edits:
        text = "\n".join(_entered(fact))
        if text and (kind in (None, _kind(fact))) and _is_of(fact, speaker) and holds_all(text, terms):
            mail = None if fact.mail is None else snapshot.mail(fact.mail)
            yield Hit(_kind(fact), mail, fact, "", excerpt(text, terms))


def _entered(fact: EditFact) -> Iterable[str]:
    edit = fact.edit
    own = (edit.comment, edit.new, edit.old) if fact.by_hand else ()
    return filter(None, (*own, fact.translation, fact.note))


def _is_of(fact: EditFact, speaker: str | None) -> bool:
    return speaker is None or (fact.speaker is not None and fact.speaker.name.casefold() == speaker.casefold())
