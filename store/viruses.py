"""What the virus scanner said of Mails and their Parts. Each function works inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from consultation.kept import Verdict, VirusScan
from store.damage import DAMAGED, is_damaged, one_of
from store.tables import MailRow, PartRow, RawRow, VirusScanRow

_IS_FILE = and_(PartRow.size > 0, PartRow.fate != "not-obtained")
_HERE = MailRow.erased_at.is_(None)


@dataclass(frozen=True, slots=True)
class ToScan:
    """A Mail of which something is to be scanned: itself, where `raw`, and Parts, by SHA-256 with their sizes."""

    mail: int
    raw: bytes
    sha256: str
    parts: dict[str, int]
    itself: bool


def keep_scan(session: Session, mail_id: int, sha256: str, scan: VirusScan) -> None:
    """Keeps what was said of a Part of the Mail, or of the Mail itself; it replaces what was said before."""
    session.merge(VirusScanRow(mail_id=mail_id, sha256=sha256, **asdict(scan)))


def scans_of(session: Session, mail_id: int) -> dict[str, VirusScan]:
    """All that was said of the Mail and its Parts, by SHA-256."""
    rows = session.scalars(select(VirusScanRow).where(VirusScanRow.mail_id == mail_id))
    return {row.sha256: _scan(row) for row in rows}


def _scan(row: VirusScanRow) -> VirusScan:
    verdict = one_of(row.verdict, Verdict, "failed")
    damaged = is_damaged((verdict, row.said, row.at))
    return VirusScan("failed" if damaged else verdict, DAMAGED if damaged else row.said, row.at)


def viruses_of(session: Session, mail_id: int) -> list[str]:
    """What was found in the Mail or any of its Parts."""
    return [scan.said for scan in scans_of(session, mail_id).values() if scan.verdict == "infected"]


def viruses_by_mail(session: Session) -> dict[int, list[tuple[str, str]]]:
    """What was found, by Mail: the name of the Part, empty for the Mail itself, and that of the virus."""
    part = and_(PartRow.mail_id == VirusScanRow.mail_id, PartRow.sha256 == VirusScanRow.sha256)
    query = select(VirusScanRow.mail_id, PartRow.name, VirusScanRow.said).outerjoin(PartRow, part)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for mail_id, name, virus in session.execute(query.where(VirusScanRow.verdict == "infected").order_by(PartRow.n)):
        found[mail_id].append((name or "", virus))
    return found


def to_scan(session: Session, *, again: bool = False) -> Sequence[int]:
    """The Mails of which something was not scanned yet, or all."""
    query = select(MailRow.id).where(_HERE).order_by(MailRow.id)
    return session.scalars(query if again else query.where(_is_open(MailRow.sha256) | _has_open_part())).all()


def read_to_scan(session: Session, mail_id: int, *, again: bool = False) -> ToScan | None:
    """What of the Mail is to be scanned; None where its bytes are not there."""
    row = session.execute(
        select(MailRow.sha256, RawRow.content).join(RawRow, RawRow.mail_id == MailRow.id).where(MailRow.id == mail_id)
    ).first()
    if row is None:
        return None
    done = frozenset() if again else frozenset(scans_of(session, mail_id))
    parts = select(PartRow.sha256, PartRow.size).where(PartRow.mail_id == mail_id, _IS_FILE)
    left = {sha256: size for sha256, size in session.execute(parts) if sha256 not in done}
    return ToScan(mail_id, row.content, row.sha256, left, row.sha256 not in done)


def _has_open_part() -> ColumnElement[bool]:
    return select(PartRow.mail_id).where(PartRow.mail_id == MailRow.id, _IS_FILE, _is_open(PartRow.sha256)).exists()


def _is_open(sha256: Any) -> ColumnElement[bool]:
    """Whether nothing was said of it."""
    said = select(VirusScanRow.mail_id).where(VirusScanRow.mail_id == MailRow.id, VirusScanRow.sha256 == sha256)
    return ~said.correlate(MailRow, PartRow).exists()
