"""Edits by filter, in the order that is asked for, page by page."""

from collections.abc import Callable
from functools import partial
from typing import Literal

from pydantic import Field

from api.cursors import KeyOf, PageQuery, Since, page_of
from api.json_output import Action, Disposition, EditJson, EditsPageJson, Origin
from api.problems import check_known
from consultation.by_paragraph import GENERAL
from consultation.edits import paragraph_order, position
from consultation.facts import ConsultationSnapshot, EditFact
from consultation.find_edits import EditFilter, find_edits, known_speakers
from consultation.news import news
from consultation.status import alphabetical
from parsing.languages.tables import LANGUAGES

EditSort = Literal["place", "-place", "received", "-received", "party", "-party", "confidence", "-confidence"]


class EditQuery(PageQuery):
    """Which edits, in which order, and where the page begins."""

    party: str | None = None
    """The code of a Party, or the name of a Group or observer."""
    paragraph: str | None = None
    """A label of the draft, or `general`."""
    action: Action | None = None
    origin: Origin | None = None
    review: bool | None = None
    """Whether it needs review."""
    language: str | None = None
    """Of what it says: ar, en, es, fr, pt, ru or zh."""
    disposition: Disposition | None = None
    """What the drafters did with it."""
    mail: int | None = None
    """The id of the mail that says it."""
    since: Since = None
    """Only what came, was first read, or was decided by a person at or after this instant, with its zone."""
    q: str = ""
    """Looked for in all words of an edit."""
    all: bool = False
    """With what is not current, too."""
    sort: EditSort = "place"
    """By place in the draft, by the time that counts, by the name of who proposes it, or by confidence; from the
    largest down with "-".
    """
    limit: int | None = Field(default=100, ge=1, le=1000)


def edits_page(snapshot: ConsultationSnapshot, asked: EditQuery) -> EditsPageJson:
    """One page of the edits that are asked for, and the cursor of the next. Raises InvalidQuery."""
    page, cursor = page_of(
        find_edits(snapshot, _filter(snapshot, asked)),
        _key(snapshot, asked.sort),
        sort=asked.sort,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    return EditsPageJson(edits=list(map(EditJson.model_validate, page)), next=cursor)


def _filter(snapshot: ConsultationSnapshot, asked: EditQuery) -> EditFilter:
    if asked.party is not None:
        check_known("party", asked.party, known_speakers(snapshot))
    check_known("paragraph", asked.paragraph, (*paragraph_order(snapshot.draft), GENERAL.label))
    check_known("language", asked.language, LANGUAGES)
    return EditFilter(
        speaker=asked.party,
        paragraph=asked.paragraph,
        action=asked.action,
        origin=asked.origin,
        review=asked.review,
        language=asked.language,
        disposition=asked.disposition,
        mail=asked.mail,
        news=None if asked.since is None else news(snapshot, asked.since),
        words=asked.q,
        current_only=not asked.all,
    )


def _key(snapshot: ConsultationSnapshot, sort: str) -> KeyOf[EditFact]:
    """What edits are sorted by; edits that are equal in it follow the draft's order."""
    place: KeyOf[EditFact] = partial(position, order=paragraph_order(snapshot.draft))
    first = _firsts(snapshot).get(sort.removeprefix("-"))
    return place if first is None else lambda fact: (first(fact), *place(fact))


def _firsts(snapshot: ConsultationSnapshot) -> dict[str, Callable[[EditFact], int | float | str]]:
    mails = {mail.id: mail.counts_from.timestamp() for mail in snapshot.mails}
    decided = {one.id: one.at.timestamp() for one in snapshot.corrections}
    return {
        "received": lambda fact: (
            mails.get(fact.mail or 0) or min(map(decided.__getitem__, fact.corrections), default=0)
        ),
        "party": lambda fact: alphabetical(fact.name or ""),
        "confidence": lambda fact: fact.edit.confidence,
    }
