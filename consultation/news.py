"""What is new since an instant: mails that came or were first read, and what people decided."""

from dataclasses import dataclass
from datetime import datetime

from consultation.facts import ConsultationSnapshot, EditFact, MailFact


@dataclass(frozen=True, slots=True)
class News:
    """The ids of new mails and corrections. An edit is new where its mail is, or where it was corrected since."""

    mails: frozenset[int]
    corrections: frozenset[int]

    def has_mail(self, mail: MailFact) -> bool:
        return mail.id in self.mails or not self.corrections.isdisjoint(mail.corrections)

    def has_edit(self, fact: EditFact) -> bool:
        return fact.mail in self.mails or not self.corrections.isdisjoint((*fact.corrections, *fact.annotations))


def news(snapshot: ConsultationSnapshot, since: datetime) -> News:
    """What is new since then. A mail that could not be read at first is new once more when it is; what a later version
    reads differently is not.
    """
    return News(
        mails=frozenset(mail.id for mail in snapshot.mails if new_from(mail) >= since),
        corrections=frozenset(one.id for one in snapshot.corrections if one.at >= since),
    )


def new_from(mail: MailFact) -> datetime:
    """When a mail was first read; before that, when it came."""
    return mail.first_read or mail.first_seen
