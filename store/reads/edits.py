"""The edits of the Readings on one Draft."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from json import loads
from typing import get_args

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from consultation.kept import KeptEdit
from parsing.model import Action, Draft, Edit, Origin, ReadBy
from store.damage import DAMAGED, Damaged, is_damaged
from store.tables import EditRow, ReadingRow

_EDITS, _READINGS = EditRow.__table__.c, ReadingRow.__table__.c
_FIELDS = (
    "paragraph", "action", "start_offset", "end_offset", "old", "new", "moves_after", "comment", "intent", "author",
    "date", "origin", "sources", "confidence", "needs_review", "evidence", "read_by",
)  # fmt: skip
"""The columns in the order of an Edit's fields, for the speed of thousands of rows."""
_SOURCES = _FIELDS.index("sources")
NONE = ("?",)
"""The sources of an edit in whose row another program wrote what is not JSON."""
GENERAL = "general"
_WORDS = frozenset((GENERAL, *get_args(Action), *get_args(Origin), *get_args(ReadBy)))


def read_edits(session: Session, draft: Draft) -> Iterator[KeptEdit]:
    """All edits on that draft: by mail, and in the order in which they were read."""
    columns = [cast(_EDITS[name], Text) if name == "sources" else _EDITS[name] for name in _FIELDS]
    query = select(_EDITS.mail_id, _EDITS.inner, *columns).join(
        ReadingRow.__table__, _READINGS.mail_id == _EDITS.mail_id
    )
    rows = session.execute(query.where(_READINGS.draft_id == draft.id).order_by(_EDITS.mail_id, _EDITS.n))
    words = _WORDS.union(paragraph.label for paragraph in draft.paragraphs)
    for mail_id, inner, *values in rows.all():
        values[_SOURCES] = sources = _sources(values[_SOURCES])
        edit = Edit(*values)
        if sources is NONE:
            edit = replace(edit, needs_review=True, evidence=DAMAGED)
        if is_damaged(values) or not words.issuperset((edit.paragraph, edit.action, edit.origin, edit.read_by)):
            edit = _as_remark(edit)
        yield KeptEdit(mail_id, edit, None if isinstance(inner, Damaged) else inner)


def _as_remark(edit: Edit) -> Edit:
    """What an edit says whose row is damaged: it changes nothing, and a person looks at it."""
    words = "\n".join(filter(None, (edit.old, edit.new, edit.comment)))
    return Edit(GENERAL, "comment", comment=words, origin="remark", needs_review=True, evidence=DAMAGED)


@lru_cache(maxsize=1024)
def _sources(kept: str) -> tuple[str, ...]:
    try:
        found = loads(kept)
    except (ValueError, RecursionError):
        return NONE
    return tuple(map(str, found)) if isinstance(found, list) else NONE
