"""Edits by filter, in pages that go on where the last one ended even when new mail came in between."""

import base64
import json
from collections.abc import Collection
from itertools import islice

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from api.json_output import Action, EditJson, EditsPageJson, Origin
from api.problems import InvalidQuery
from consultation.by_paragraph import GENERAL
from consultation.edits import Position, paragraph_order, position
from consultation.facts import ConsultationSnapshot
from consultation.find_edits import EditFilter, find_edits, known_speakers

_POSITION = TypeAdapter(Position)


class EditQuery(BaseModel):
    """Which edits, and where the page begins."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    party: str | None = None
    """The code of a Party, or the name of a Group or observer."""
    paragraph: str | None = None
    """A label of the draft, or `general`."""
    action: Action | None = None
    origin: Origin | None = None
    review: bool | None = None
    """Whether it needs review."""
    q: str = ""
    """Looked for in all words of an edit."""
    all: bool = False
    """With what is not current, too."""
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = None
    """The `next` of the page before."""


def edits_page(snapshot: ConsultationSnapshot, asked: EditQuery) -> EditsPageJson:
    """One page of the edits that are asked for, and the cursor of the next. Raises InvalidQuery."""
    order = paragraph_order(snapshot.draft)
    _check_known("party", asked.party, known_speakers(snapshot))
    _check_known("paragraph", asked.paragraph, (*order, GENERAL.label))
    wanted = EditFilter(
        speaker=asked.party,
        paragraph=asked.paragraph,
        action=asked.action,
        origin=asked.origin,
        review=asked.review,
        words=asked.q,
        current_only=not asked.all,
    )
    after = _position(asked.cursor)
    found = (fact for fact in find_edits(snapshot, wanted) if after is None or position(fact, order) > after)
    page = list(islice(found, asked.limit + 1))
    more = len(page) > asked.limit
    page = page[: asked.limit]
    return EditsPageJson(
        edits=list(map(EditJson.model_validate, page)), next=_cursor(position(page[-1], order)) if more else None
    )


def _check_known(name: str, value: str | None, known: Collection[str]) -> None:
    if value is not None and value.casefold() not in {one.casefold() for one in known}:
        raise InvalidQuery(name, f"there is no {value!r}", known)


def _cursor(last: Position) -> str:
    """The position of the last edit of a page, as a word of the query."""
    return base64.urlsafe_b64encode(json.dumps(last).encode()).decode()


def _position(cursor: str | None) -> Position | None:
    if cursor is None:
        return None
    try:
        return _POSITION.validate_json(base64.urlsafe_b64decode(cursor), strict=True)
    except ValueError as error:  # no base64, and no Position
        raise InvalidQuery("cursor", "not one that this API gave") from error
