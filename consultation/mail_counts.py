"""How much each Mail says of the draft, and how much of it needs review."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from consultation.facts import ConsultationSnapshot
from consultation.review_queue import review_queue


@dataclass(frozen=True, slots=True)
class MailCounts:
    """Of one Mail: its current changes and comments, and the items of the review that are of it."""

    edits: int = 0
    comments: int = 0
    to_review: int = 0


def mail_counts(snapshot: ConsultationSnapshot) -> Mapping[int, MailCounts]:
    """By the id of the Mail; those that say nothing have no row."""
    kinds = Counter((fact.mail, fact.edit.action == "comment") for fact in snapshot.current_edits)
    waiting = Counter(item.mail.id for item in review_queue(snapshot) if item.mail)
    return {
        mail: MailCounts(kinds[mail, False], kinds[mail, True], waiting[mail])
        for mail in {*waiting, *(mail for mail, _ in kinds)}
        if mail is not None
    }
