"""Alarms: what is wrong and since when, and what was. Each function works inside the caller's transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.health import Alarm
from store.tables import AlarmRow


@dataclass(frozen=True, slots=True)
class KeptAlarm:
    """An Alarm that was raised, and when it was mended; None while it lasts."""

    id: int
    alarm: Alarm
    since: datetime
    mended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Changes:
    """The alarms that were raised and those that were mended."""

    raised: tuple[KeptAlarm, ...] = ()
    mended: tuple[KeptAlarm, ...] = ()


def active_alarms(session: Session) -> tuple[KeptAlarm, ...]:
    """The alarms that are active, oldest first."""
    rows = session.scalars(select(AlarmRow).where(AlarmRow.standing.is_not(None)).order_by(AlarmRow.id))
    return tuple(map(_kept, rows))


def last_alarms(session: Session, most: int = 50) -> Sequence[KeptAlarm]:
    """The newest alarms, newest first, active or mended."""
    return [_kept(row) for row in session.scalars(select(AlarmRow).order_by(AlarmRow.id.desc()).limit(most))]


def keep_alarms(session: Session, wrong: Collection[Alarm], now: datetime) -> Changes:
    """Keeps what is wrong now; gives what that changes. An active alarm keeps the time when it was raised, and
    takes the newest words.
    """
    rows = {row.standing: row for row in session.scalars(select(AlarmRow).where(AlarmRow.standing.is_not(None)))}
    now_wrong = {alarm.key: alarm for alarm in wrong}
    mended = [_mend(row, now) for key, row in rows.items() if key not in now_wrong]
    raised: list[AlarmRow] = []
    for key, alarm in now_wrong.items():
        if key in rows:
            rows[key].words = alarm.words
        else:
            raised.append(AlarmRow(kind=alarm.kind, about=alarm.about, words=alarm.words, since=now, standing=key))
    session.add_all(raised)
    session.flush()
    return Changes(tuple(map(_kept, raised)), tuple(map(_kept, mended)))


def _mend(row: AlarmRow, now: datetime) -> AlarmRow:
    row.standing, row.mended_at = None, now
    return row


def _kept(row: AlarmRow) -> KeptAlarm:
    kind: Any = row.kind
    return KeptAlarm(row.id, Alarm(kind, row.about, row.words), row.since, row.mended_at)
