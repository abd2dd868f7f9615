"""The item in an Outlook .msg file ([MS-OXMSG]): a compound file whose streams are the properties."""

from collections.abc import Iterable
from io import BytesIO

from olefile import OleFileIO
from oxmsg.storage import Storage

from parsing.mail.mapi import (
    BINARY,
    CODEPAGE,
    FILE,
    INTERNET_CODEPAGE,
    OBJECT,
    STRING8,
    UNICODE,
    Attached,
    OutlookItem,
    Properties,
    Value,
    charset_of,
)  # fmt: skip

_ROOT, _EMBEDDED, _SMALL = 32, 24, 8
"""Bytes before the first property of a message, of a message inside it, of an attachment or recipient."""
_PROPERTIES = "__properties_version1.0"
_STREAM = "__substg1.0_"
_DEEPEST = 20
"""Items within items; the mails that they are have the stricter limit of the mail."""


def read_msg(data: bytes) -> OutlookItem | None:
    """The item, or None where the bytes are no message of Outlook's."""
    try:
        with OleFileIO(BytesIO(data)) as ole:
            root = Storage.from_ole(ole)
    except Exception:  # noqa: BLE001  olefile raises whatever a broken table leads to
        return None
    if not any(stream.name.startswith((_PROPERTIES, _STREAM)) for stream in root.streams):
        return None
    return _item(root, _ROOT, 0)


def _item(storage: Storage, header: int, depth: int, charset: str | None = None) -> OutlookItem:
    properties = _properties(storage, header, charset)
    return OutlookItem(
        properties,
        tuple(_properties(inner, _SMALL, properties.charset) for inner in _named(storage, "__recip_version1.0_")),
        tuple(_attached(inner, properties.charset, depth) for inner in _named(storage, "__attach_version1.0_")),
    )


def _named(storage: Storage, start: str) -> Iterable[Storage]:
    return sorted((inner for inner in storage.storages if inner.name.startswith(start)), key=lambda inner: inner.name)


def _attached(storage: Storage, charset: str | None, depth: int) -> Attached:
    properties = _properties(storage, _SMALL, charset)
    embedded = next(iter(_named(storage, f"{_STREAM}{FILE:04X}{OBJECT:04X}")), None)
    if embedded is None:
        return Attached(properties, properties.data(FILE) or b"")
    if any(stream.name == _PROPERTIES for stream in embedded.streams) and depth < _DEEPEST:
        return Attached(properties, item=_item(embedded, _EMBEDDED, depth + 1, charset))
    # an OLE object, as a drawing: its largest stream is what there is to see
    return Attached(properties, max((stream.bytes_ for stream in embedded.streams), key=len, default=b""))


def _properties(storage: Storage, header: int, charset: str | None) -> Properties:
    values: dict[int, Value] = {}
    for stream in storage.streams:
        if stream.name == _PROPERTIES:
            values |= _fixed(stream.bytes_[header:])
    for stream in storage.streams:
        tag = stream.name.removeprefix(_STREAM)
        if len(tag) == 8 and tag != stream.name and (number := _hex(tag)) is not None:
            kind = number & 0xFFFF
            if kind in (STRING8, UNICODE, BINARY, OBJECT):
                values[number >> 16] = Value(kind, stream.bytes_)
    found = Properties(values)
    own = charset_of(found.number(CODEPAGE)) or charset_of(found.number(INTERNET_CODEPAGE))
    return Properties(values, own or charset)


def _fixed(data: bytes) -> dict[int, Value]:
    """The properties that are in the table itself: 16 bytes each, type, number, flags, value."""
    found: dict[int, Value] = {}
    for at in range(0, len(data) - 15, 16):
        kind, number = int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")
        if kind not in (STRING8, UNICODE, BINARY, OBJECT):
            found[number] = Value(kind, data[at + 8 : at + 16])
    return found


def _hex(tag: str) -> int | None:
    try:
        return int(tag, 16)
    except ValueError:
        return None
