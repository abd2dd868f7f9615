"""The secretariat's own directory of focal points."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from parsing.model import FocalPoint
from store.tables import FocalPointRow


def read_focal_points(session: Session) -> tuple[FocalPoint, ...]:
    """The focal points, by address."""
    rows = session.scalars(select(FocalPointRow).order_by(FocalPointRow.address))
    return tuple(FocalPoint(row.address, row.name, row.party, row.role) for row in rows)
