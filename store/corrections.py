"""What people decided, kept with who, when and why; nothing here is ever overwritten."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultation.kept import Correction
from consultation.new_corrections import NewCorrection
from store.damage import DamagedObject, is_damaged
from store.session import changed
from store.tables import CorrectionRow, DraftRow


def deciding(session: Session) -> None:
    """Has people decide one after the other: another transaction that decides waits here until this one has ended, and
    then reads what was decided. A row that is written before anything is read locks SQLite as well as PostgreSQL.
    """
    changed(session, update(DraftRow).where(DraftRow.current).values(current=True))


def keep_correction(session: Session, new: NewCorrection, now: datetime) -> Correction:
    """The correction as it is kept; one that undoes another marks that one as undone."""
    row = CorrectionRow(at=now, who=new.who, why=new.why, kind=new.kind, target=new.target, value=new.value)
    session.add(row)
    session.flush()
    if new.kind == "undo":
        undone = CorrectionRow.id == new.target["correction"]
        changed(session, update(CorrectionRow).where(undone).values(undone_by=row.id))
    return _correction(row)


def read_corrections(session: Session) -> tuple[Correction, ...]:
    """All corrections in the order in which they were made, the undone ones too."""
    return tuple(map(_correction, session.scalars(select(CorrectionRow).order_by(CorrectionRow.id))))


def _correction(row: CorrectionRow) -> Correction:
    """The correction; what cannot be read of its row leaves a target that no form takes."""
    kind: Any = row.kind
    damaged = is_damaged((row.at, row.who, row.why, row.kind, row.undone_by))
    target = DamagedObject() if damaged else row.target
    undone_by = None if is_damaged((row.undone_by,)) else row.undone_by
    return Correction(row.id, row.at, row.who, row.why, kind, target, row.value, undone_by)
