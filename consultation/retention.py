"""Which mails are kept no longer, by rule. None of them is ever a comment, nor anything that a person has still to see,
unless a rule says that all goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from consultation.facts import ConsultationSnapshot, MailFact

AUTOMATIC = ("auto-reply", "bounce")


@dataclass(frozen=True, slots=True)
class Rules:
    """How many days mail is kept; None is for ever. `all_after_deadline` counts from the deadline or, where that is
    later, from when the mail came.
    """

    spam: int | None = None
    automatic: int | None = None
    all_after_deadline: int | None = None

    @property
    def any(self) -> bool:
        return any(days is not None for days in (self.spam, self.automatic, self.all_after_deadline))


@dataclass(frozen=True, slots=True)
class Expired:
    """A Mail that is kept no longer, and by which rule."""

    mail: MailFact
    why: str


def expired(snapshot: ConsultationSnapshot, rules: Rules, now: datetime) -> Iterator[Expired]:
    """The Mails whose time is over, oldest first."""
    for mail in snapshot.mails:
        if mail.same_as is None and (why := _why(snapshot, mail, rules, now)):
            yield Expired(mail, why)


def _why(snapshot: ConsultationSnapshot, mail: MailFact, rules: Rules, now: datetime) -> str:
    if _is_over(rules.all_after_deadline, max(snapshot.deadline, mail.first_seen), now):
        return f"retention: all mail, {rules.all_after_deadline} days after the deadline"
    if not may_go(mail):
        return ""
    if mail.kind == "spam" and _is_over(rules.spam, mail.first_seen, now):
        return f"retention: spam, after {rules.spam} days"
    if mail.kind in AUTOMATIC and _is_over(rules.automatic, mail.first_seen, now):
        return f"retention: automatic mail, after {rules.automatic} days"
    return ""


def may_go(mail: MailFact) -> bool:
    """Whether nothing in a mail can be an answer to the draft, and no person has to look at it or has decided it."""
    settled = not (mail.review or mail.doubtful_class or mail.corrections or mail.problems)
    return mail.stage == "read" and settled and not mail.speaks_on_the_draft


def _is_over(days: int | None, since: datetime, now: datetime) -> bool:
    return days is not None and now - since > timedelta(days=days)
