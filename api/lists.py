"""Mails, Parties and what is kept beside them by filter, in the order that is asked for, page by page."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from pydantic import Field

from api.cursors import PageQuery, Since, page_of
from api.json_output import MailClass, State
from api.problems import check_known
from consultation.details import UnplacedFact
from consultation.facts import ConsultationSnapshot, MailFact
from consultation.find_edits import known_speakers
from consultation.kept import Correction
from consultation.news import news
from consultation.sentences import SentenceFact
from consultation.status import SpeakerStatus, alphabetical
from parsing.model import Unplaced

MailSort = Literal["received", "-received", "seen", "-seen", "party", "-party", "size", "-size"]
PartySort = Literal["name", "-name", "edits", "-edits", "comments", "-comments", "last_received", "-last_received"]


class MailQuery(PageQuery):
    """Which mails, in which order, and where the page begins."""

    party: str | None = None
    """The code of a Party, or the name of a Group or observer, that speaks in it."""
    kind: MailClass | None = Field(default=None, alias="class")
    review: bool | None = None
    """Whether it needs review."""
    since: Since = None
    """Only what came, was first read, or was decided by a person at or after this instant, with its zone."""
    q: str = ""
    """Looked for in subject and sender."""
    sort: MailSort = "received"
    """By the time that counts, by when it was first seen here, by who speaks, or by size; from the largest down with
    "-".
    """


def mails_page(snapshot: ConsultationSnapshot, asked: MailQuery) -> tuple[list[MailFact], str | None]:
    """One page of the mails that are asked for, and the cursor of the next. Raises InvalidQuery."""
    if asked.party is not None:
        check_known("party", asked.party, known_speakers(snapshot))
    first = _MAIL_KEYS[asked.sort.removeprefix("-")]
    return page_of(
        find_mails(snapshot, asked),
        lambda mail: (first(mail), mail.id),
        sort=asked.sort,
        limit=asked.limit,
        cursor=asked.cursor,
    )


_MAIL_KEYS: Mapping[str, Callable[[MailFact], int | float | str]] = {
    "received": lambda mail: mail.counts_from.timestamp(),
    "seen": lambda mail: mail.first_seen.timestamp(),
    "party": lambda mail: mail.speaker.name.casefold() if mail.speaker else "",
    "size": lambda mail: mail.size,
}


def find_mails(snapshot: ConsultationSnapshot, asked: MailQuery) -> Iterable[MailFact]:
    """The mails that are asked for, by provable time."""
    new = None if asked.since is None else news(snapshot, asked.since)
    return (mail for mail in snapshot.mails if _is_asked(mail, asked) and (new is None or new.has_mail(mail)))


def _is_asked(mail: MailFact, asked: MailQuery) -> bool:
    return (
        (not asked.party or asked.party.casefold() in {speaker.name.casefold() for speaker in mail.speakers})
        and asked.kind in (None, mail.kind)
        and asked.review in (None, bool(mail.review))
        and asked.q.casefold() in f"{mail.subject}\n{mail.sender}".casefold()
    )


class PartyQuery(PageQuery):
    """Which Parties, in which order, and where the page begins."""

    state: State | None = None
    region: str | None = None
    """A regional group; `none` for those that are in none."""
    sort: PartySort = "name"
    """From the largest down with "-"."""


def parties_page(rows: tuple[SpeakerStatus, ...], asked: PartyQuery) -> tuple[list[SpeakerStatus], str | None]:
    """One page of the Parties that are asked for, and the cursor of the next. Raises InvalidQuery."""
    check_known("region", asked.region, sorted({row.region for row in rows}))
    region = (asked.region or "").casefold()
    found = (
        row for row in rows if asked.state in (None, row.state) and (not region or row.region.casefold() == region)
    )
    first = _PARTY_KEYS[asked.sort.removeprefix("-")]
    return page_of(
        found,
        lambda row: (first(row), alphabetical(row.name), row.code),
        sort=asked.sort,
        limit=asked.limit,
        cursor=asked.cursor,
    )


_PARTY_KEYS: Mapping[str, Callable[[SpeakerStatus], int | float | str]] = {
    "name": lambda row: alphabetical(row.name),
    "edits": lambda row: row.edits,
    "comments": lambda row: row.comments,
    "last_received": lambda row: row.last_received.timestamp() if row.last_received else 0,
}


class SinceQuery(PageQuery):
    """What is new, and where the page begins."""

    since: Since = None
    """Only what came, was first read, or was decided by a person at or after this instant, with its zone."""


def unplaced_page(
    snapshot: ConsultationSnapshot, found: Iterable[UnplacedFact], asked: SinceQuery
) -> tuple[list[UnplacedFact], str | None]:
    """One page of what found no place, mail by mail, and the cursor of the next. Raises InvalidQuery."""
    new = None if asked.since is None else news(snapshot, asked.since)
    rows = [one for one in found if new is None or new.has_mail(one.mail)]
    return page_of(rows, lambda one: (one.mail.id, one.n), limit=asked.limit, cursor=asked.cursor)


def sentences_page(sentences: Iterable[SentenceFact], asked: PageQuery) -> tuple[list[SentenceFact], str | None]:
    """One page of the sentences of one mail, in its order, and the cursor of the next. Raises InvalidQuery."""
    return page_of(sentences, lambda one: (one.n,), limit=asked.limit, cursor=asked.cursor)


def statements_page(statements: Iterable[Unplaced], asked: PageQuery) -> tuple[list[Unplaced], str | None]:
    """One page of what found no place in one mail, in its order, and the cursor of the next. Raises InvalidQuery."""
    page, cursor = page_of(enumerate(statements), lambda one: (one[0],), limit=asked.limit, cursor=asked.cursor)
    return [said for _, said in page], cursor


def corrections_page(corrections: Iterable[Correction], asked: SinceQuery) -> tuple[list[Correction], str | None]:
    """One page of the corrections in the order in which they were made, and the cursor of the next."""
    rows = (one for one in corrections if asked.since is None or one.at >= asked.since)
    return page_of(rows, lambda one: (one.id,), limit=asked.limit, cursor=asked.cursor)
