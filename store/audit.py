"""Who did what: read a raw mail, exported, corrected, logged in or was refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import AuditRow

LONGEST = 1000
"""Characters of what is kept of names and the like that others have chosen."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody did."""

    id: int
    at: datetime
    who: str
    did: str
    what: str
    address: str


def keep_audit(session: Session, at: datetime, who: str, did: str, what: str = "", address: str = "") -> None:
    """`who` and `what` may be what a stranger typed: what no database takes is replaced."""
    session.add(AuditRow(at=at, who=_text(who, 200), did=did, what=_text(what, LONGEST), address=_text(address, 60)))


def _text(given: str, most: int) -> str:
    return given[:most].encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def read_audit(session: Session, most: int = 200, before: int | None = None) -> list[AuditEntry]:
    """The newest entries first; with `before`, those older than that number."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(most)
    rows: Iterable[AuditRow] = session.scalars(query if before is None else query.where(AuditRow.id < before))
    return [AuditEntry(row.id, row.at, row.who, row.did, row.what, row.address) for row in rows]
