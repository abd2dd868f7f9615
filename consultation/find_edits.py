"""The edits and comments that are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from consultation.facts import ConsultationSnapshot, Disposition, EditFact
from consultation.news import News
from parsing.model import Action, Origin


@dataclass(frozen=True, slots=True)
class EditFilter:
    """What an edit must be; None where it does not matter. `speaker` is a code or a name in any case; `words` are
    looked for in all words of an edit.
    """

    speaker: str | None = None
    paragraph: str | None = None
    action: Action | None = None
    origin: Origin | None = None
    review: bool | None = None
    language: str | None = None
    disposition: Disposition | None = None
    mail: int | None = None
    news: News | None = None
    """What is new since an instant: an edit must be."""
    words: str = ""
    current_only: bool = True

    def takes(self, fact: EditFact) -> bool:
        edit = fact.edit
        return (
            (fact.is_current or not self.current_only)
            and _same(self.speaker, fact.speaker.name if fact.speaker else "")
            and _same(self.paragraph, edit.paragraph)
            and self.action in (None, edit.action)
            and self.origin in (None, edit.origin)
            and self.review in (None, fact.needs_review)
            and self.disposition in (None, fact.disposition)
            and self.mail in (None, fact.mail)
            and (self.news is None or self.news.has_edit(fact))
            and _same(self.language, fact.language if self.language else "")
            and self.words.casefold() in _words(fact)
        )


def find_edits(snapshot: ConsultationSnapshot, wanted: EditFilter) -> Iterator[EditFact]:
    """The edits that the filter takes, in the draft's order."""
    return (fact for fact in snapshot.edits if wanted.takes(fact))


def known_speakers(snapshot: ConsultationSnapshot) -> tuple[str, ...]:
    """The codes of Parties, then the names of Groups and Observers: of the register, and who else has spoken."""
    register = snapshot.register
    names = (
        *(party.code for party in register.parties),
        *(group.name for group in register.groups),
        *(observer.name for observer in register.observers),
        *(mail.speaker.name for mail in snapshot.mails if mail.speaker),
        *(fact.speaker.name for fact in snapshot.edits if fact.speaker),
    )
    return tuple(dict.fromkeys(names))


def _same(wanted: str | None, value: str) -> bool:
    return wanted is None or wanted.casefold() == value.casefold()


def _words(fact: EditFact) -> str:
    edit = fact.edit
    return "\n".join((fact.name or "", edit.paragraph, edit.old, edit.new, edit.comment, edit.author or "")).casefold()
