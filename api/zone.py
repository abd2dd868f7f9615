"""The time zone that pages show times in: that of the settings, with the offset from UTC."""

from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from starlette.types import ASGIApp, Receive, Scope, Send

ZONE: ContextVar[tzinfo] = ContextVar("ZONE", default=UTC)


class InZone:
    """Sets the zone for each request."""

    def __init__(self, app: ASGIApp, timezone: str) -> None:
        self._app = app
        self._zone = UTC if timezone == "UTC" else ZoneInfo(timezone)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ZONE.set(self._zone)
        await self._app(scope, receive, send)


def local_time(at: datetime) -> datetime:
    """The time in the zone of the settings."""
    return at.astimezone(ZONE.get())


def offset_of(at: datetime) -> str:
    """`UTC`, or the offset from it at that time, as UTC+8, UTC−3:30."""
    minutes = round((at.utcoffset() or UTC.utcoffset(None)).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
