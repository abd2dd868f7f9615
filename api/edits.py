"""Edits by filter, in pages that go on where the last one ended even when new mail came in between."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from api.json_output import Json, fact_form
from consultation.edits import position
from consultation.facts import ConsultationSnapshot, EditFact


class EditQuery(BaseModel):
    """`party` is a code, or the name of a Group or observer; `q` is looked for in all words of an edit."""

    model_config = ConfigDict(extra="forbid")

    party: str | None = None
    paragraph: str | None = None
    action: str | None = None
    origin: str | None = None
    review: bool | None = None
    q: str | None = None
    all: bool = False
    """With what is not current, too."""
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = None


def edits_page(snapshot: ConsultationSnapshot, asked: EditQuery) -> Json:
    """One page of the edits that are asked for, and the cursor of the next, None at the end."""
    after = _cursor(asked.cursor)
    found = [(key, fact) for key, fact in _in_order(snapshot) if _asked(snapshot, fact, asked) and key > after]
    page = found[: asked.limit]
    more = base64.urlsafe_b64encode(json.dumps(page[-1][0]).encode()).decode() if len(found) > len(page) else None
    return {"edits": [fact_form(snapshot, fact) for _, fact in page], "next": more}


def _in_order(snapshot: ConsultationSnapshot) -> Iterator[tuple[list[Any], EditFact]]:
    order = {paragraph.label: n for n, paragraph in enumerate(snapshot.draft.paragraphs)}
    for fact in snapshot.edits:
        yield [*position(fact, order)], fact


def _cursor(text: str | None) -> list[Any]:
    if text is None:
        return []
    try:
        place, start, mail, fact = json.loads(base64.urlsafe_b64decode(text))
        return [int(place), int(start), int(mail), str(fact)]
    except (ValueError, TypeError, binascii.Error) as error:
        raise HTTPException(422, "cursor: not one that this API gave") from error


def _asked(snapshot: ConsultationSnapshot, fact: EditFact, asked: EditQuery) -> bool:
    edit = fact.edit
    tests: list[tuple[object, Callable[[], bool]]] = [
        (not asked.all, lambda: fact.is_current),
        (asked.party, lambda: fact.speaker is not None and fact.speaker.name.casefold() == str(asked.party).casefold()),
        (asked.paragraph, lambda: edit.paragraph.casefold() == str(asked.paragraph).casefold()),
        (asked.action, lambda: edit.action == asked.action),
        (asked.origin, lambda: edit.origin == asked.origin),
        (asked.review is not None, lambda: bool(fact.review) == asked.review),
        (asked.q, lambda: str(asked.q).casefold() in _words(snapshot, fact)),
    ]
    return all(test() for wanted, test in tests if wanted)


def _words(snapshot: ConsultationSnapshot, fact: EditFact) -> str:
    name = snapshot.name_of(fact.speaker) if fact.speaker else ""
    edit = fact.edit
    return "\n".join((name, edit.paragraph, edit.old, edit.new, edit.comment, edit.author or "")).casefold()
