"""The morning's letter to the drafters: what came, what needs review, who has not answered; as plain text."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from textwrap import fill

from consultation.alarm_words import shown_time, title_of
from consultation.facts import ConsultationSnapshot, EditFact, MailFact, name_of
from consultation.health import Alarm, span_in_words
from consultation.status import ANSWERED, SpeakerStatus, Status

MOST_MAILS = 60
"""Lines of one list: a letter is read on a telephone, and the pages have them all."""
WIDE = 78
REGIONS = {"none": "No regional group"}
"""How a region is called where the register's word is none for people."""


def summary_text(
    snapshot: ConsultationSnapshot,
    status: Status,
    wrong: Collection[Alarm],
    *,
    since: datetime,
    now: datetime,
    zone: tzinfo,
    link: str = "",
) -> str:
    """The letter. `since` is when the one before was made; `link` is where the pages are, empty where nobody knows."""
    blocks = (
        _head(snapshot, status, now, zone),
        _wrong(wrong),
        _came(snapshot, since, zone, link),
        _to_review(snapshot, link),
        _missing(status.parties),
    )
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def summary_subject(snapshot: ConsultationSnapshot, status: Status, since: datetime) -> str:
    """What the letter says, in a line."""
    came, waiting = len(_new_mails(snapshot, since)), len(_mails_to_review(snapshot))
    totals = status.totals
    return f"{came} new, {waiting} to review, {totals.answered} of {totals.parties} answered: {snapshot.draft.title}"


def _head(snapshot: ConsultationSnapshot, status: Status, now: datetime, zone: tzinfo) -> list[str]:
    draft, left = snapshot.draft, snapshot.deadline - now
    ends = f"Deadline {draft.deadline}, which ends at {shown_time(snapshot.deadline.astimezone(zone))}"
    when = f"in {span_in_words(left)}" if left.total_seconds() > 0 else f"{span_in_words(-left)} ago"
    return [
        f"{draft.title}, {draft.version}",
        f"As of {shown_time(now.astimezone(zone))}. {ends} ({when}).",
        f"{status.totals.answered} of {status.totals.parties} Parties have answered.",
    ]


def _wrong(wrong: Collection[Alarm]) -> list[str]:
    return ["PROBLEMS OF THE SERVICE", *(f"- {title_of(one)}: {one.words}" for one in wrong)] if wrong else []


def _came(snapshot: ConsultationSnapshot, since: datetime, zone: tzinfo, link: str) -> list[str]:
    new, edits = _new_mails(snapshot, since), Counter(fact.mail for fact in snapshot.current_edits)
    lines = [f"- {_mail_line(snapshot, mail, edits[mail.id])}{_place(link, mail)}" for mail in new]
    return [f"RECEIVED SINCE {shown_time(since.astimezone(zone))}: {_count(len(new), 'mail')}", *_shortened(lines)]


def _new_mails(snapshot: ConsultationSnapshot, since: datetime) -> list[MailFact]:
    return [mail for mail in snapshot.mails if mail.first_seen > since and mail.same_as is None]


def _mail_line(snapshot: ConsultationSnapshot, mail: MailFact, changes: int) -> str:
    notes: list[str] = [mail.kind or "not read yet"]
    notes += [_count(changes, "edit or comment", "edits and comments")] if changes else []
    notes += ["late"] if mail.late else []
    notes += ["needs review"] if mail.review else []
    return f"{_who(snapshot, mail)}: {', '.join(notes)}"


def _who(snapshot: ConsultationSnapshot, mail: MailFact) -> str:
    speakers = sorted(mail.speakers)
    return ", ".join(name_of(one, snapshot.names) for one in speakers) or "Not attributed"


def _to_review(snapshot: ConsultationSnapshot, link: str) -> list[str]:
    mails = _mails_to_review(snapshot)
    edits = Counter(fact.mail for fact in snapshot.current_edits if fact.review)
    lines = [
        f"- {_who(snapshot, mail)}: {'; '.join(_reasons(mail, edits[mail.id]))}{_place(link, mail)}" for mail in mails
    ]
    return [f"NEEDS REVIEW: {_count(len(mails), 'mail')}", *_shortened(lines)]


def _mails_to_review(snapshot: ConsultationSnapshot) -> list[MailFact]:
    doubtful = {fact.mail for fact in _doubtful(snapshot.current_edits)}
    return [mail for mail in snapshot.current_mails if mail.review or mail.id in doubtful]


def _doubtful(edits: Iterable[EditFact]) -> Iterator[EditFact]:
    return (fact for fact in edits if fact.review)


def _reasons(mail: MailFact, doubtful_edits: int) -> Iterator[str]:
    yield from mail.review
    if doubtful_edits:
        yield f"{_count(doubtful_edits, 'edit')} in doubt"


def _missing(parties: Sequence[SpeakerStatus]) -> list[str]:
    """Those without an answer of their own, by region; a star where others have answered for them."""
    missing = [row for row in parties if row.state not in ANSWERED]
    lines = [f"NOT ANSWERED YET: {len(missing)} (* covered by others)"] if missing else []
    for region in dict.fromkeys(row.region for row in missing):
        names = ", ".join(row.name + "*" * bool(row.covered_by) for row in missing if row.region == region)
        lines.append(
            fill(f"{REGIONS.get(region, region)}: {names}", WIDE, subsequent_indent="  ", break_on_hyphens=False)
        )
    return lines


def _shortened(lines: list[str]) -> list[str]:
    left = len(lines) - MOST_MAILS
    return lines if left <= 0 else [*lines[:MOST_MAILS], f"- and {left} more"]


def _place(link: str, mail: MailFact) -> str:
    return f"\n  {link}/mails/{mail.id}" if link else f" (mail {mail.id})"


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
