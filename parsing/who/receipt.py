"""When a mail came, as far as it can be proved, whether that was late, and whether the copy was sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone

from mailparser.exceptions import MailParserReceivedParsingError
from mailparser.utils import receiveds_parsing

from parsing.model import Consultation, Copied, Draft, OpenMail
from parsing.who.recipients import addresses_in

_SKEW = timedelta(minutes=30)
"""A claimed time that differs more from the proved one is worth a sentence."""
_LONGEST_HOP = 1000
_REACHED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "resent-to", "resent-cc")
_WHAT = {"internaldate": "the mailbox's own time", "received": "the topmost Received", "date": "Date, a claim"}


@dataclass(frozen=True, slots=True)
class Received:
    """All three times of a mail in UTC, the one that counts, and what follows. `at` is the provable time: the earlier
    of INTERNALDATE and the topmost Received; Date only where there is neither, since it is the sender's claim.
    """

    at: datetime | None
    internaldate: datetime | None
    received: datetime | None
    date: datetime | None
    deadline: datetime
    late: bool
    copy: Copied
    evidence: tuple[str, ...] = ()

    @property
    def copied(self) -> bool:
        return self.copy == "ok"


def received(
    mail: OpenMail, arrived: datetime | None, consultation: Consultation, *, mailboxes: Iterable[str] = ()
) -> Received:
    """When the mail came and whether that was late. `arrived` is INTERNALDATE; `mailboxes` are the addresses at which
    it arrived, as a twin's arrival through the second mailbox shows.
    """
    times = {"internaldate": _in_utc(arrived), "received": _in_utc(mail.received), "date": _in_utc(mail.date)}
    proved = [moment for name, moment in times.items() if moment and name != "date"]
    at = min(proved, default=times["date"])
    deadline = end_of_day(consultation.draft, consultation.deadline_offset)
    late = at is not None and at >= deadline
    copy, why = copied_to(mail.headers, consultation.draft, mailboxes)
    evidence = (*_of_time(times, at, deadline, late=late), *hop_of(mail.headers.get("received", ())), why)
    return Received(at, times["internaldate"], times["received"], times["date"], deadline, late, copy, evidence)


def end_of_day(draft: Draft, offset: timedelta) -> datetime:
    """The instant at which the deadline's day has ended, in UTC: what comes then or after is late."""
    zone = timezone(offset)
    return datetime.combine(draft.deadline + timedelta(days=1), time(), zone).astimezone(UTC)


def copied_to(headers: Mapping[str, Sequence[str]], draft: Draft, mailboxes: Iterable[str] = ()) -> tuple[Copied, str]:
    """Whether the mail was sent to the draft's second address, too, and the sentence that says how that is known."""
    wanted = draft.copy_to.lower()
    if wanted in {mailbox.strip().lower() for mailbox in mailboxes}:
        return "ok", f"The same mail arrived at {wanted}."
    for header in ("to", "cc", *_REACHED):
        if wanted in addresses_in(headers.get(header, ())):
            return "ok", f"{wanted} is in {header.title()}."
    if wanted in addresses_in(headers.get("from", ())):
        return "ok", f"{wanted} sent it."
    if not any(addresses_in(headers.get(header, ())) for header in ("to", "cc")):
        return "not provable", "The mail names no recipients."
    return "missing", f"{wanted} is neither in To nor in Cc."


def hop_of(fields: Sequence[str]) -> Iterator[str]:
    """The sentence of the topmost Received hop (RFC 5321, 4.4): which server took the mail, and from which."""
    if not fields:
        return
    try:
        (hop,) = receiveds_parsing([fields[0][:_LONGEST_HOP]])
    except (MailParserReceivedParsingError, ValueError, IndexError, OverflowError):  # what it raises on nonsense
        return
    server, sender = (" ".join(str(hop.get(name) or "").split()) for name in ("by", "from"))
    if server:
        yield f"{server} took it" + (f" from {sender}." if sender else ".")


def _of_time(
    times: Mapping[str, datetime | None], at: datetime | None, deadline: datetime, *, late: bool
) -> Iterator[str]:
    if at is None:
        yield "No time of receipt can be determined."
        return
    name = next(name for name, moment in times.items() if moment == at)
    came = f"Received {at:%Y-%m-%d %H:%M} UTC ({_WHAT[name]}), {'late' if late else 'in time'}"
    yield f"{came}: the deadline ended {deadline:%Y-%m-%d %H:%M} UTC."
    claimed = times["date"]
    if claimed and name != "date" and abs(claimed - at) > _SKEW:
        yield f"Date claims {claimed:%Y-%m-%d %H:%M} UTC."


def _in_utc(moment: datetime | None) -> datetime | None:
    """The instant in UTC; a time without zone is taken for UTC."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
