"""The item in a winmail.dat ([MS-OXTNEF]), as far as it is whole.

tnefparse stops at the first odd object, strips NULs from the ends of files, and counts to whatever a file claims: 53
bytes keep it busy for hours. Here every count is held against the bytes that are there.
"""

import struct
from collections.abc import Iterator

from parsing.mail.mapi import (
    BINARY,
    BODY,
    DISPLAY_NAME,
    FILE,
    FILE_NAME,
    MESSAGE_ID,
    OBJECT,
    SENDER_ADDRESS,
    SENDER_NAME,
    STRING8,
    SUBJECT,
    UNICODE,
    Attached,
    OutlookItem,
    Properties,
    Value,
    charset_of,
)  # fmt: skip

_SIGNATURE = b"\x78\x9f\x3e\x22"
_OF_ATTACHMENT = 2
_FROM, _RENDER, _PROPS, _RECIPIENTS, _ATTACHMENT, _CODEPAGE = 0x8000, 0x9002, 0x9003, 0x9004, 0x9005, 0x9007
_PLAIN = {0x8004: SUBJECT, 0x8009: MESSAGE_ID, 0x800C: BODY}
_PLAIN_FILE = {0x8010: FILE_NAME, 0x800F: FILE, 0x9001: DISPLAY_NAME}
_MULTIPLE, _NAMED = 0x1000, 0x8000
_SIZES = {0x0001: 0, 0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4,
          0x0014: 8, 0x0040: 8, 0x0048: 16}  # fmt: skip
"""Bytes of the values whose length their type tells, with their padding to four."""
_EMBEDDED = bytes.fromhex("0703020000000000c000000000000046")
"""The interface identifier before an item that is attached to this one."""
_DEEPEST = 20


def read_tnef(data: bytes, depth: int = 0) -> OutlookItem | None:
    """The item, or None where the bytes are no TNEF; what is cut off or broken is said in its problems."""
    if not data.startswith(_SIGNATURE):
        return None
    made = _Made()
    problems: list[str] = []
    try:
        for level, name, content in _objects(data):
            made.take(level, name, content)
    except (struct.error, ValueError) as error:
        problems.append(f"winmail.dat is damaged or cut off: {error}")
    return made.item(tuple(problems), depth)


class _Made:
    """An item in the making, object after object."""

    def __init__(self) -> None:
        self.charset: str | None = None
        self.values: dict[int, Value] = {}
        self.recipients: list[dict[int, Value]] = []
        self.files: list[dict[int, Value]] = []

    def take(self, level: int, name: int, content: bytes) -> None:
        if name == _RENDER:
            self.files.append({})
        elif level == _OF_ATTACHMENT:
            self._of_file(name, content)
        elif name == _CODEPAGE:
            self.charset = charset_of(int.from_bytes(content[:4], "little"))
        elif name == _PROPS:
            self.values |= _properties(_Reader(content))
        elif name == _RECIPIENTS:
            self._rows(content)
        elif name == _FROM:
            self._sender(content)
        elif name in _PLAIN:
            self.values.setdefault(_PLAIN[name], Value(STRING8, content))

    def item(self, problems: tuple[str, ...], depth: int) -> OutlookItem:
        return OutlookItem(
            Properties(self.values, self.charset),
            tuple(Properties(row, self.charset) for row in self.recipients),
            tuple(self._attached(file, depth) for file in self.files),
            problems,
        )

    def _of_file(self, name: int, content: bytes) -> None:
        if not self.files:
            self.files.append({})
        if name == _ATTACHMENT:
            self.files[-1] |= _properties(_Reader(content))
        elif name in _PLAIN_FILE:
            kind = BINARY if _PLAIN_FILE[name] == FILE else STRING8
            self.files[-1].setdefault(_PLAIN_FILE[name], Value(kind, content))

    def _rows(self, content: bytes) -> None:
        reader = _Reader(content)
        for _ in range(min(reader.number(), len(content) // 4)):
            self.recipients.append(_properties(reader))

    def _sender(self, content: bytes) -> None:
        """Name and address as a structure of Win16 (TRP): kind, size, length of either, then the strings."""
        _, _, name, address = struct.unpack_from("<4H", content)
        self.values.setdefault(SENDER_NAME, Value(STRING8, content[8 : 8 + name]))
        plain = content[8 + name : 8 + name + address].rpartition(b":")[2]
        self.values.setdefault(SENDER_ADDRESS, Value(STRING8, plain))

    def _attached(self, values: dict[int, Value], depth: int) -> Attached:
        properties = Properties(values, self.charset)
        data = properties.data(FILE) or b""
        if data.startswith(_EMBEDDED) and depth < _DEEPEST:
            item = read_tnef(data[len(_EMBEDDED) :], depth + 1)
            if item:
                return Attached(properties, item=item)
        return Attached(properties, data)


def _objects(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Level, name and content of each object, the last one as far as it goes."""
    at = 6
    while at + 9 <= len(data):
        level, name, _kind, length = struct.unpack_from("<BHHI", data, at)
        if level not in (1, _OF_ATTACHMENT):
            raise ValueError(f"no object at byte {at}")
        yield level, name, data[at + 9 : at + 9 + length]
        if at + 9 + length > len(data):
            raise ValueError(f"{at + 9 + length - len(data)} bytes are missing")
        at += 9 + length + 2


class _Reader:
    """Bytes read from the front; struct.error where they end."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self) -> int:
        found: int = struct.unpack_from("<I", self.data, self.at)[0]
        self.at += 4
        return found

    def take(self, length: int) -> bytes:
        if self.at + length > len(self.data):
            raise ValueError("a property is longer than what is left")
        found = self.data[self.at : self.at + length]
        self.at += length
        return found

    def padded(self) -> bytes:
        """A counted value and its padding to four bytes."""
        length = self.number()
        found = self.take(length)
        self.at += -length % 4
        return found


def _properties(reader: _Reader) -> dict[int, Value]:
    """The properties, up to the first that is broken: what is before it is good."""
    found: dict[int, Value] = {}
    count = min(reader.number(), len(reader.data) // 4)
    for _ in range(count):
        try:
            number, value = _property(reader)
        except (struct.error, ValueError):
            reader.at = len(reader.data)
            break
        if number is not None:
            found.setdefault(number, value)
    return found


def _property(reader: _Reader) -> tuple[int | None, Value]:
    head = reader.number()
    kind, number = head & 0xFFFF, head >> 16
    own: int | None = number
    if number >= _NAMED:
        own = None
        reader.take(16)
        if reader.number() == 0:
            reader.number()
        else:
            reader.padded()
    kind, several = kind & ~_MULTIPLE, bool(kind & _MULTIPLE)
    if kind in _SIZES:
        count = reader.number() if several else 1
        return own, Value(kind, reader.take(count * _SIZES[kind])[: _SIZES[kind]])
    if kind not in (STRING8, UNICODE, BINARY, OBJECT):
        raise ValueError(f"a property of an unknown type {kind:#06x}")
    values = [reader.padded() for _ in range(min(reader.number(), len(reader.data) // 4))]
    return own, Value(kind, values[0] if values else b"")
