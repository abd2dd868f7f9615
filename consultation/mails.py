"""Mails as facts: how far each has come, when it provably came, whether it was copied, what of it could not be read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from consultation.facts import MailFact, Stage
from consultation.kept import Arrival, KeptEdit, KeptInner, KeptMail
from parsing.model import Flags, Message, Part, Problem

READ = ("read", "converted")
UNREAD = ("unreadable", "not-obtained")


def mail_facts(
    mails: Sequence[KeptMail], copy_mailboxes: frozenset[str], edits: Iterable[KeptEdit] = ()
) -> tuple[MailFact, ...]:
    """The facts of each Mail in the order given. An arrival at one of `copy_mailboxes` shows that it was copied;
    `edits` are those of the Mails.
    """
    arrivals = _with_those_of_twins(mails)
    own = [one for one in edits if one.inner is None]
    to_review = {one.mail for one in own if one.edit.needs_review}
    said_in = defaultdict(set)
    for one in own:
        said_in[one.mail].add(one.edit.sources)
    facts = (_mail_fact(mail, tuple(arrivals[mail.id]), copy_mailboxes) for mail in mails)
    facts = (replace(fact, said_in=fact.said_in.union(said_in[fact.id])) for fact in facts)
    return tuple(replace(fact, doubtful_class=False) if fact.id in to_review else fact for fact in facts)


def _with_those_of_twins(mails: Iterable[KeptMail]) -> dict[int, list[Arrival]]:
    """By Mail: its own arrivals, then those of its twins."""
    arrivals = defaultdict(list, {mail.id: list(mail.arrivals) for mail in mails})
    for mail in mails:
        if mail.twin_of is not None:
            arrivals[mail.twin_of].extend(mail.arrivals)
    return arrivals


def _mail_fact(mail: KeptMail, arrivals: tuple[Arrival, ...], copy_mailboxes: frozenset[str]) -> MailFact:
    internaldate = min((arrival.internaldate for arrival in arrivals if arrival.internaldate), default=None)
    fact = MailFact(
        id=mail.id,
        sha256=mail.sha256,
        size=mail.size,
        first_seen=mail.first_seen,
        stage=_stage(mail),
        arrivals=arrivals,
        internaldate=internaldate,
        provable=internaldate,
        first_read=mail.first_read,
        read_at=mail.read_at,
        copied=any(arrival.mailbox in copy_mailboxes for arrival in arrivals),
        same_as=mail.twin_of,
        differences=mail.differences if mail.twin_of is not None else (),
        infected=_infected(mail.viruses),
    )
    return fact if mail.message is None else _with_reading(fact, mail, mail.message)


def _with_reading(fact: MailFact, mail: KeptMail, message: Message) -> MailFact:
    fact = replace(
        fact,
        message_id=message.message_id,
        sender=message.sender,
        subject=message.subject,
        kind=message.kind,
        party=message.party,
        group=message.group,
        observer=message.observer,
        date=message.date,
        received=message.received,
        provable=provable_time(fact.internaldate, message.received, message.date),
        copied=message.copied or fact.copied,
        confidence=message.confidence,
        flags=message.flags,
        files=_documents(mail.parts),
        unreadable=_unreadable(mail.parts),
        unplaced=_own_unplaced(mail),
        said_in=frozenset((source,) for source in mail.unplaced_in),
        doubtful_class=_is_class_doubtful(mail, message),
        problems=tuple(map(_sentence, mail.problems)),
    )
    return replace(fact, inner=tuple(_inner_fact(fact, inner) for inner in mail.inner))


def _inner_fact(outer: MailFact, inner: KeptInner) -> MailFact:
    """A mail inside another, as a fact: it came with that one."""
    return replace(
        outer,
        message_id=None,
        sender=inner.sender,
        subject=inner.subject,
        kind=inner.kind,
        party=inner.party,
        group=inner.group,
        observer=inner.observer,
        date=None if inner.date is None else datetime.fromisoformat(inner.date),
        confidence=inner.confidence,
        flags=Flags(),
        files=(),
        unreadable=(),
        unplaced=inner.unplaced,
        first_sentence=inner.first_sentence,
        said_in=frozenset(),
        doubtful_class=False,
        problems=(),
        infected=(),
    )


def _own_unplaced(mail: KeptMail) -> int:
    """How much of the Mail itself found no place, without that of the mails inside."""
    return mail.unplaced - sum(inner.unplaced for inner in mail.inner)


def _is_class_doubtful(mail: KeptMail, message: Message) -> bool:
    """Whether the reading asks for review, and neither a statement nor a Part of the Mail says why: then it is its
    class, or one of its edits.
    """
    return message.needs_review and not _own_unplaced(mail) and not _unreadable(mail.parts)


def _stage(mail: KeptMail) -> Stage:
    if mail.crashed:
        return "failed"
    if mail.message is not None:
        return "read"
    return "refused" if mail.refused else "unread"


def provable_time(internaldate: datetime | None, received: datetime | None, date: datetime | None) -> datetime | None:
    """The earlier of the mailbox's time and the topmost Received; the sender's own date only where there is neither."""
    return min((at for at in (internaldate, received) if at), default=date)


def _documents(parts: Iterable[Part]) -> tuple[tuple[str, str], ...]:
    """Name and SHA-256 of each file that was read, the mail's own body aside."""
    return tuple((part.name, part.sha256) for part in parts if part.fate in READ and _is_file(part))


def _is_file(part: Part) -> bool:
    return part.type.startswith("application/") and "." in part.name


def _unreadable(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(f"{part.name}: {part.why}" if part.why else part.name for part in parts if part.fate in UNREAD)


def _infected(viruses: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Each infected Part with what was found in it; the Mail itself only where no Part is."""
    found = tuple(viruses)
    named = [(name, virus) for name, virus in found if name] or [("the mail itself", virus) for _, virus in found]
    return tuple(f"{name}: {virus}" for name, virus in named)


def _sentence(problem: Problem) -> str:
    return f"{problem.source}: {problem.problem}" if problem.source else problem.problem
