"""What of a mail a person must look at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from consultation.apply_corrections import active
from consultation.facts import MailFact
from consultation.kept import Correction

DOUBTFUL = 0.5
"""Below this confidence a person confirms who speaks: the evidence then speaks as much against as for it."""


def with_review(mails: Sequence[MailFact], corrections: Sequence[Correction]) -> tuple[MailFact, ...]:
    """The mails with the reasons for which they need review, without those that a person has confirmed already."""
    confirmed: dict[str, set[str]] = defaultdict(set)
    for one in active(corrections, "confirm"):
        confirmed[one.target["mail"]].update(one.value.get("seen", ()))
    return tuple(_with_reasons(mail, confirmed[mail.sha256]) for mail in mails)


def _with_reasons(mail: MailFact, confirmed: set[str]) -> MailFact:
    inner = tuple(replace(one, review=_open(review_reasons(one), confirmed)) for one in mail.inner)
    return replace(mail, review=_open(review_reasons(mail), confirmed), inner=inner)


def _open(reasons: Iterable[str], confirmed: set[str]) -> tuple[str, ...]:
    return tuple(reason for reason in reasons if reason not in confirmed)


def review_reasons(mail: MailFact) -> Iterator[str]:
    """Why the mail needs review, a sentence each."""
    yield from _of_reading(mail)
    if mail.has_reading and mail.speaks_on_the_draft:
        yield from _of_speaker(mail)
    if mail.stage == "read" and mail.speaks_on_the_draft:
        yield from _of_contents(mail)
    yield from (f"the virus scanner finds something: {part}" for part in mail.infected)
    yield from (one.sentence for one in mail.waiting)
    for one in mail.inner:
        if one.speaker is None:
            yield f"a mail inside is not attributed: {one.sender or one.subject}"


def _of_reading(mail: MailFact) -> Iterator[str]:
    if mail.stage == "failed":
        yield "reading it failed"
    if mail.stage == "refused":
        yield "too large: only its headers were kept"
    if mail.doubtful_class:
        yield f"its class is doubtful: {mail.kind}"


def _of_speaker(mail: MailFact) -> Iterator[str]:
    """The confidence is the lesser of class and speaker: where the class is doubtful it says nothing of the other."""
    if mail.speaker is None and not mail.inner:
        yield "not attributed: no Party, Group or observer is named"
    elif mail.speaker and mail.confidence < DOUBTFUL and not mail.doubtful_class:
        yield "its attribution is doubtful"


def _of_contents(mail: MailFact) -> Iterator[str]:
    """Its statements without a place are looked at one by one (consultation/statements.py)."""
    yield from (f"not read: {name}" for name in mail.unreadable)
    yield from (problem for problem in mail.problems if problem not in mail.unreadable)
