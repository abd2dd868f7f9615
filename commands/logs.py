"""How log lines look: `time LEVEL key=value …`, or the same as JSON. Times are in the zone of the settings.

A line never holds a mail's text, a token or a password. Whoever writes one says what varies as key=value (%s, %d, %r);
in JSON each is a field of its own.
"""

import logging
import re
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pythonjsonlogger.json import JsonFormatter

from settings import Settings

PAIR = re.compile(r"(?P<key>[a-z_]+)=(?P<value>%[-.\d]*[a-z]|'[^']*'|\S+)|%[-.\d]*[a-z]")
"""A key with its value in the template of a message, a place for an argument or words; or such a place alone."""
BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")
"""What would begin a line of its own, or steer a terminal."""


def set_up_logs(settings: Settings, usual: int = logging.WARNING) -> None:
    """Lines go to stderr as the settings say; `usual` is the level where they say none."""
    zone = ZoneInfo(settings.timezone)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson(zone) if settings.log_format == "json" else AsText(zone))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    level = settings.log_level.upper() if settings.log_level else usual
    logging.getLogger("kunming").setLevel(level)
    _gather_less()


def _gather_less() -> None:
    """A record finds out neither its thread and process nor the line of code that made it: no line of ours says
    them, and they take longer than all else ("Optimization" in Python's Logging HOWTO).
    """
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - as the HOWTO says it


class AsText(logging.Formatter):
    """`2021-09-06 03:00:04.123+08:00 INFO mail=12 class=comments …`, a record a line but for tracebacks."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._zone = zone

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 (its name)
        return _time_of(record, self._zone, " ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (its name)
        record.message = BREAKS.sub(lambda found: repr(found[0])[1:-1], record.message)
        return super().formatMessage(record)


class AsJson(JsonFormatter):
    """One JSON object a line: time, level, logger, the pairs of the message as fields, and the message as text."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__(json_ensure_ascii=True)  # U+2028 would end a line
        self._zone = zone

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        log_data["time"] = _time_of(record, self._zone, "T")
        log_data["level"] = record.levelname.lower()
        log_data["logger"] = record.name
        log_data["message"] = record.getMessage()
        log_data.update(pairs_of(record))
        log_data.update({name: message_dict[name] for name in ("exc_info",) if name in message_dict})


def pairs_of(record: logging.LogRecord) -> dict[str, Any]:
    """The pairs key=value of a message, with the arguments as they were given: numbers stay numbers."""
    arguments = iter(record.args if isinstance(record.args, tuple) else ())
    pairs: dict[str, Any] = {}
    for found in PAIR.finditer(str(record.msg)):
        value = found["value"] or found[0]
        given = _plain(next(arguments, None)) if value.startswith("%") else value.strip("'")
        if found["key"]:
            pairs[f"{found['key']}_" if found["key"] in RESERVED else found["key"]] = given
    return pairs


RESERVED = frozenset({"time", "level", "logger", "message"})


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _time_of(record: logging.LogRecord, zone: ZoneInfo, between: str) -> str:
    return datetime.fromtimestamp(record.created, zone).isoformat(between, "milliseconds")
