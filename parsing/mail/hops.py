"""When a mail was sent and when it came, in UTC, from fields that may hold anything."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_COMMENT = re.compile(r"\([^()]{0,200}\)")
_COLON = re.compile(r" ?: ?")
_FRACTION = re.compile(r"(:[0-9]{2})\.[0-9]+")
_LONGEST = 1000
"""Characters at the end of a field in which a date is looked for."""
_YEARS = range(1900, 2200)


def read_date(value: str) -> datetime | None:
    """The instant that a Date field names, aware UTC, or None where it names none: it is the sender's claim."""
    text = " ".join(_COMMENT.sub(" ", value[-_LONGEST:]).split())
    text = _FRACTION.sub(r"\1", _COLON.sub(":", text))
    return _by_library(text) or _iso(text)


def received_at(fields: Sequence[str]) -> datetime | None:
    """The instant of the topmost Received hop, which the receiving server wrote, aware UTC; None without one."""
    return read_date(fields[0].rpartition(";")[2]) if fields else None


def _by_library(text: str) -> datetime | None:
    try:
        parsed = parsedate_tz(text)
        if parsed is None or parsed[0] not in _YEARS:
            return None
        local = datetime(*parsed[:6], tzinfo=UTC)
        return local - timedelta(seconds=parsed[9] or 0)
    except (ValueError, TypeError, IndexError, OverflowError):  # what parsedate_tz raises on nonsense
        return None


def _iso(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
        if instant.year not in _YEARS:
            return None
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
