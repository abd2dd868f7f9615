"""Search over mails, edits and comments, as the API and its page give it."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from sqlalchemy.orm import Session

from api.cursors import Key, PageQuery, cursor_of, key_in
from api.json_output import HitJson, SearchPageJson
from api.problems import InvalidQuery, check_known
from consultation.facts import ConsultationSnapshot
from consultation.find_edits import known_speakers
from consultation.search_hits import Hit, entered_hits, hit_of
from consultation.search_words import Term, terms_of
from store.search import find

_ORDER = "mail"
"""What is found comes by mail, the newest first."""
A_PAGE = 50


class SearchQuery(PageQuery):
    """What is looked for, and where the page begins."""

    q: str = Field(min_length=1, max_length=200)
    """Words, all of which must be there, each from its beginning; in quotes as they stand."""
    kind: Literal["mail", "edit", "comment"] | None = None
    party: str | None = None
    """The code of a Party, or the name of a Group or observer."""
    limit: int | None = Field(default=A_PAGE, ge=1, le=200)


def search_page(session: Session, snapshot: ConsultationSnapshot, asked: SearchQuery) -> SearchPageJson:
    """One page of what is found, and the cursor of the next. Raises InvalidQuery."""
    hits, cursor = search(session, snapshot, asked)
    return SearchPageJson(hits=list(map(HitJson.model_validate, hits)), next=cursor)


def search(session: Session, snapshot: ConsultationSnapshot, asked: SearchQuery) -> tuple[list[Hit], str | None]:
    """What is found: first what people entered by hand, then by mail, the newest first. Raises InvalidQuery."""
    if asked.party is not None:
        check_known("party", asked.party, known_speakers(snapshot))
    terms = terms_of(asked.q)
    if not terms:
        raise InvalidQuery("q", "there is no word in it")
    first = [] if asked.cursor else list(entered_hits(snapshot, terms, asked.kind, asked.party))
    found, cursor = _found(session, snapshot, asked, terms)
    return first + found, cursor


def _found(
    session: Session, snapshot: ConsultationSnapshot, asked: SearchQuery, terms: Sequence[Term]
) -> tuple[list[Hit], str | None]:
    limit = asked.limit or A_PAGE
    rows = find(
        session,
        snapshot.draft.id,
        terms,
        mails=_mails_of(snapshot, asked.party),
        kind=asked.kind,
        after=None if asked.cursor is None else _place(key_in(asked.cursor, _ORDER)),
        limit=limit + 1,
    )
    page = rows[:limit]
    hits = (hit_of(snapshot, row.mail, row.edit, row.source, row.text, terms) for row in page)
    more = cursor_of(_ORDER, (page[-1].mail, page[-1].n)) if len(rows) > limit else None
    return [hit for hit in hits if hit is not None], more


def _mails_of(snapshot: ConsultationSnapshot, party: str | None) -> list[int] | None:
    if party is None:
        return None
    wanted = party.casefold()
    return [mail.id for mail in snapshot.mails if wanted in {one.name.casefold() for one in mail.speakers}]


def _place(key: Key) -> tuple[int, int]:
    if len(key) != 2 or not all(isinstance(one, int) and abs(one) < 2**31 for one in key):
        raise InvalidQuery("cursor", "not one that this API gave for this order")
    mail, n = key
    return int(mail), int(n)
