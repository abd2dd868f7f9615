"""Edits as facts: with whose they are, whether they stand, and an id that outlives a new Reading."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from hashlib import sha1
from json import loads

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from consultation.facts import EditFact, MailFact
from consultation.superseding import contradictions
from parsing.model import Draft, Edit
from store.tables import EditRow, ReadingRow

_EDITS, _READINGS = EditRow.__table__.c, ReadingRow.__table__.c
_FIELDS = (
    "paragraph", "action", "start_offset", "end_offset", "old", "new", "moves_after", "comment", "intent", "author",
    "date", "origin", "sources", "confidence", "needs_review", "evidence",
)  # fmt: skip
"""The columns in the order of an Edit's fields, for the speed of thousands of rows."""
_SOURCES = _FIELDS.index("sources")


def read_edits(session: Session, draft: Draft, mails: Iterable[MailFact]) -> Iterator[EditFact]:
    """All edits of the mails, in the order in which they were read."""
    of_mail = {mail.id: (mail.speaker, mail.stands and mail.speaks_on_the_draft) for mail in mails}
    columns = [cast(_EDITS[name], Text) if name == "sources" else _EDITS[name] for name in _FIELDS]
    query = select(_EDITS.mail_id, *columns).join(ReadingRow.__table__, _READINGS.mail_id == _EDITS.mail_id)
    rows = session.execute(query.where(_READINGS.draft_id == draft.id).order_by(_EDITS.mail_id, _EDITS.n))
    nth: Counter[str] = Counter()
    for mail_id, *values in rows.all():
        values[_SOURCES] = _sources(values[_SOURCES])
        edit = Edit(*values)
        speaker, stands = of_mail[mail_id]
        base = f"{mail_id}-{_content_hash(edit)}"
        n, nth[base] = nth[base], nth[base] + 1
        review = (edit.evidence or "doubtful") if edit.needs_review else ""
        yield EditFact(f"{base}-{n}" if n else base, edit, edit, n, mail_id, speaker, stands, review)


@lru_cache(maxsize=1024)
def _sources(kept: str) -> tuple[str, ...]:
    return tuple(loads(kept))


def _content_hash(edit: Edit) -> str:
    """Of the fields of consultation.facts.CONTENT."""
    content = (
        f"{edit.paragraph}\x1f{edit.action}\x1f{edit.start}\x1f{edit.end}\x1f{edit.old}\x1f{edit.new}\x1f{edit.to}"
        f"\x1f{edit.comment}"
    )
    return sha1(content.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:10]


def with_contradictions(edits: tuple[EditFact, ...]) -> tuple[EditFact, ...]:
    """The edits, those for review that another mail of the same speaker contradicts, unless a person has decided."""
    clash = contradictions(edits)
    if not clash:
        return edits
    return tuple(
        replace(fact, review=clash[fact.id]) if fact.id in clash and not fact.corrections else fact for fact in edits
    )


def in_order(edits: Iterable[EditFact], draft: Draft) -> tuple[EditFact, ...]:
    """By their place in the draft, what is said of the whole text last."""
    order = {paragraph.label: n for n, paragraph in enumerate(draft.paragraphs)}
    last = len(order)

    def place(fact: EditFact) -> tuple[int, int, int, str]:
        edit = fact.edit
        start = -1 if edit.start is None else edit.start
        return order.get(edit.paragraph, last), start, fact.mail or 0, fact.id

    return tuple(sorted(edits, key=place))
