"""What a compilation is made of: which speakers, paragraphs, days, and whether what needs review is in it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from consultation.facts import ConsultationSnapshot, EditFact, MailFact, Speaker
from consultation.find_edits import known_speakers
from parsing.model import State

ReviewChoice = Literal["all", "without", "only"]
"""With what needs review, without it, or that alone."""
GENERAL = "general"
"""The label of what is said of the whole text."""


class NotInConsultation(ValueError):
    """A Party, Group, observer or paragraph is asked for that there is not."""

    def __init__(self, what: str, value: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no {value!r}")
        self.what = what
        self.known = known


@dataclass(frozen=True, slots=True)
class Choice:
    """Empty or None where all are taken. `speakers` are codes of Parties and names of Groups and observers; `states`
    are those of the speakers' Status; `since` and `until` are days (UTC) on which mails came by the time that counts,
    both included; `late` is whether they came late.
    """

    speakers: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    since: date | None = None
    until: date | None = None
    late: bool | None = None
    review: ReviewChoice = "all"

    def takes_mail(self, mail: MailFact) -> bool:
        """Whether its day and its lateness are those asked for."""
        day = mail.counts_from.date()
        in_time = (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
        return in_time and self.late in (None, mail.late)

    def takes_paragraph(self, label: str) -> bool:
        return not self.paragraphs or label in self.paragraphs

    def takes_review(self, fact: EditFact) -> bool:
        return self.review == "all" or fact.needs_review == (self.review == "only")

    def takes_speaker(self, speaker: Speaker | None) -> bool:
        return not self.speakers or (speaker is not None and speaker.name in self.speakers)

    @property
    def has_dates(self) -> bool:
        """Whether it says anything of the mails themselves."""
        return self.since is not None or self.until is not None or self.late is not None


def checked(choice: Choice, snapshot: ConsultationSnapshot) -> Choice:
    """The choice with names and labels as the consultation writes them. Raises NotInConsultation."""
    labels = (*(paragraph.label for paragraph in snapshot.draft.paragraphs), GENERAL)
    speakers = known_speakers(snapshot) if choice.speakers else ()
    return replace(
        choice,
        speakers=tuple(_found("party", one, speakers) for one in choice.speakers),
        paragraphs=tuple(_found("paragraph", one, labels) for one in choice.paragraphs),
    )


def _found(what: str, value: str, known: tuple[str, ...]) -> str:
    for one in known:
        if one.casefold() == value.casefold():
            return one
    raise NotInConsultation(what, value, known)
