"""What is read from a cell into which another program, or a failing disk, wrote what its column does not hold. SQLite
keeps anything in any column; PostgreSQL refuses it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any, get_args

from sqlalchemy import Boolean, DateTime, Float, Integer, LargeBinary, String, types
from sqlalchemy.dialects import sqlite

DAMAGED = "its row in the store is damaged"
Read = Callable[[Any], Any]


class Damaged:
    """In the place of a value that cannot be read. What stands in for it works as a value of its column does."""

    __slots__ = ()


class DamagedObject(Damaged, dict[str, Any]):
    """In the place of a JSON object that cannot be read: no form takes its field."""

    def __init__(self) -> None:
        super().__init__(damaged=True)


class DamagedList(Damaged, list[Any]):
    """In the place of a JSON list that cannot be read."""


class DamagedTime(Damaged, datetime):
    """In the place of a time."""


class DamagedNumber(Damaged, int):
    """In the place of a number, or of a yes or no."""


class DamagedText(Damaged, str):
    """In the place of text: what of it can be read."""

    __slots__ = ()


NEVER = DamagedTime(1970, 1, 1, tzinfo=UTC)
NO_NUMBER = DamagedNumber(0)


def is_damaged(values: Iterable[object]) -> bool:
    """Whether one of a row's values cannot be read."""
    return any(isinstance(value, Damaged) for value in values)


def one_of(value: str, words: Any, otherwise: str) -> Any:
    """The value where it is one of a Literal's words, else a DamagedText that is `otherwise`, one of these."""
    return value if value in get_args(words) else DamagedText(otherwise)


# --- the types of SQLite's columns, as they are read -------------------------------------------------


def _tolerant(read: Read | None, damaged: Callable[[Any], Any]) -> Read:
    def tolerant(value: Any) -> Any:
        try:
            return read(value) if read else value
        except (ValueError, TypeError, OverflowError):
            return damaged(value)

    return tolerant


class _Time(sqlite.DATETIME):
    def result_processor(self, dialect: Any, coltype: object) -> Any:
        return _tolerant(super().result_processor(dialect, coltype), lambda _: NEVER)


class _Number(types.Integer):
    def result_processor(self, dialect: Any, coltype: object) -> Any:  # noqa: ARG002
        return lambda value: value if value is None or value.__class__ is int else NO_NUMBER


class _Measure(types.Float[Any]):
    def result_processor(self, dialect: Any, coltype: object) -> Any:  # noqa: ARG002
        return _measure


def _measure(value: Any) -> Any:
    """A number that is finite: JSON has no other."""
    return value if value is None or (isinstance(value, int | float) and abs(value) < float("inf")) else NO_NUMBER


class _YesNo(types.Boolean):
    def result_processor(self, dialect: Any, coltype: object) -> Any:  # noqa: ARG002
        return lambda value: None if value is None else NO_NUMBER if value not in (0, 1) else bool(value)


class _TextColumn(types.String):
    def result_processor(self, dialect: Any, coltype: object) -> Any:  # noqa: ARG002
        return lambda value: value if value is None or value.__class__ is str else DamagedText(as_text(value))


class _Bytes(types.LargeBinary):
    def result_processor(self, dialect: Any, coltype: object) -> Any:  # noqa: ARG002
        return lambda value: value if value is None or value.__class__ is bytes else str(value).encode()


as_text = partial(str, encoding="utf-8", errors="replace")
"""The text of bytes, with signs of replacement for what is not UTF-8."""
TOLERANT: dict[type[Any], type[Any]] = {
    DateTime: _Time,
    Integer: _Number,
    Float: _Measure,
    Boolean: _YesNo,
    String: _TextColumn,
    LargeBinary: _Bytes,
}
"""By the type of a column: how SQLite's dialect reads it."""
