"""Search over mails, edits and comments: SQLite's FTS5 and PostgreSQL's text search behind one interface.

What is kept are words that were made equal before (consultation/search_words.py), so both find the same: one row for
each stretch of a mail and for each edit. The rows belong to a Reading, and go with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Integer,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session

from consultation.borders import border_before
from consultation.search_words import Term, words_of
from consultation.sentences import without_spaces
from store.tables import EditRow, PartRow, ReadingRow, SearchRow, SentenceRow

FoundKind = Literal["mail", "edit", "comment"]
STRETCH = 4_000
"""Characters of a mail that are one row: PostgreSQL keeps 256 places of a word in each."""
_INDEX = table("search_index", column("rowid", Integer))
"""The FTS5 table of SQLite."""
_EACH = 100
"""Readings that are indexed in one transaction."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where something was found: in the stretch of a Mail's Part `source` (empty: subject, sender, names of files) that
    reads `text`, or in the edit number `edit`. `n` is the row's number in the Mail.
    """

    mail: int
    n: int
    kind: FoundKind
    source: str
    edit: int | None
    text: str


def index_mail(session: Session, mail_id: int) -> None:
    """Makes the Mail's rows again from those of its Reading, in the caller's transaction."""
    session.execute(delete(SearchRow).where(SearchRow.mail_id == mail_id))
    rows = [row for row in _stretches(session, mail_id) if row["words"]]
    if rows:
        session.execute(insert(SearchRow), [{"mail_id": mail_id, "n": n, **row} for n, row in enumerate(rows)])


def index_missing(session: Session) -> int:
    """How many Readings had no rows of their own, a hundred at most, and have them now."""
    mails = select(ReadingRow.mail_id).where(~exists().where(SearchRow.mail_id == ReadingRow.mail_id))
    found = session.scalars(mails.limit(_EACH)).all()
    for mail_id in found:
        index_mail(session, mail_id)
    return len(found)


def _stretches(session: Session, mail_id: int) -> Iterator[dict[str, Any]]:
    reading = session.get_one(ReadingRow, mail_id)
    names = session.scalars(select(PartRow.name).where(PartRow.mail_id == mail_id).order_by(PartRow.n))
    head = "\n".join((reading.subject, reading.sender or "", *names))
    yield _row("mail", "", head or "-")
    sentences = session.execute(
        select(SentenceRow.source, SentenceRow.text).where(SentenceRow.mail_id == mail_id).order_by(SentenceRow.n)
    ).all()
    if without_spaces(reading.body) not in without_spaces("".join(said for _, said in sentences)):
        sentences = [("body", reading.body), *sentences]  # type: ignore[list-item]  # pairs like the rows
    for source, said in _joined((source, said) for source, said in sentences):
        yield _row("mail", source, said)
    for edit in session.scalars(select(EditRow).where(EditRow.mail_id == mail_id).order_by(EditRow.n)):
        kind: FoundKind = "comment" if edit.action == "comment" else "edit"
        said = "\n".join(filter(None, (edit.comment, edit.new, edit.old, edit.author)))
        yield _row(kind, ", ".join(edit.sources), said, edit.n)


def _row(kind: FoundKind, source: str, said: str, edit: int | None = None) -> dict[str, Any]:
    return {"kind": kind, "source": source, "edit": edit, "text": said, "words": words_of(said)}


def _joined(sentences: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Stretches of a Part: sentences as long as they fit, one that is longer cut where it must be."""
    at, held = "", ""
    for source, said in sentences:
        if held and (source != at or len(held) + len(said) > STRETCH):
            yield at, held
            held = ""
        at, held = source, held + said
        while len(held) > STRETCH:
            cut = border_before(held, STRETCH)
            yield at, held[:cut]
            held = held[cut:]
    if held:
        yield at, held


def find(
    session: Session,
    draft_id: str,
    terms: Sequence[Term],
    *,
    mails: Sequence[int] | None = None,
    kind: FoundKind | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> tuple[Found, ...]:
    """Where all the terms occur, the newest Mail first, in it in the order of its text, then its edits. `mails` and
    `kind` narrow it down; `after` is (mail, n) of the last one of the page before.
    """
    columns = (SearchRow.mail_id, SearchRow.n, SearchRow.kind, SearchRow.source, SearchRow.edit, SearchRow.text)
    query = select(*columns).join(ReadingRow, ReadingRow.mail_id == SearchRow.mail_id)
    query = query.where(ReadingRow.draft_id == draft_id, _matches(session, terms))
    if mails is not None:
        query = query.where(SearchRow.mail_id.in_(mails))
    if kind is not None:
        query = query.where(SearchRow.kind == kind)
    if after is not None:
        mail, n = after
        query = query.where(or_(SearchRow.mail_id < mail, (SearchRow.mail_id == mail) & (SearchRow.n > n)))
    rows = session.execute(query.order_by(SearchRow.mail_id.desc(), SearchRow.n).limit(limit))
    return tuple(Found(*row) for row in rows)  # type: ignore[arg-type]  # its kind was written as one


def _matches(session: Session, terms: Iterable[Term]) -> ColumnElement[bool]:
    if session.get_bind().dialect.name == "sqlite":
        asked = " AND ".join(map(_for_fts5, terms))
        return SearchRow.id.in_(select(_INDEX.c.rowid).where(literal_column("search_index").op("MATCH")(asked)))
    vector = func.to_tsvector(literal_column("'simple'::regconfig"), SearchRow.words)
    asked = " & ".join(map(_for_postgres, terms))
    return vector.op("@@", is_comparison=True)(func.to_tsquery(literal_column("'simple'::regconfig"), asked))


def _for_fts5(term: Term) -> str:
    """A phrase; words hold letters and digits alone, so that none is an operator (sqlite.org/fts5.html, 3)."""
    return f'"{" ".join(term.words)}"' + (" *" if term.open else "")


def _for_postgres(term: Term) -> str:
    """Words one behind the other (PostgreSQL, 12.3.2)."""
    *before, last = (f"'{word}'" for word in term.words)
    return "(" + " <-> ".join((*before, last + (":*" if term.open else ""))) + ")"
