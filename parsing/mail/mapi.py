"""Outlook's own form of a mail: properties by number ([MS-OXPROPS]), from .msg files and winmail.dat alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from parsing.text.charsets import decode, fit

STRING8 = 0x001E
UNICODE = 0x001F
BINARY = 0x0102
OBJECT = 0x000D
SYSTIME = 0x0040
LONG = 0x0003

SUBJECT = 0x0037
CLASS = 0x001A
SUBMITTED = 0x0039
DELIVERED = 0x0E06
TRANSPORT_HEADERS = 0x007D
MESSAGE_ID = 0x1035
BODY = 0x1000
BODY_RTF = 0x1009
BODY_HTML = 0x1013
SENDER_NAME = 0x0C1A
SENDER_SMTP = 0x5D01
SENDER_ADDRESS = 0x0C1F
BEHALF_NAME = 0x0042
BEHALF_SMTP = 0x5D02
BEHALF_ADDRESS = 0x0065
DISPLAY_TO = 0x0E04
DISPLAY_CC = 0x0E03
CODEPAGE = 0x3FFD
INTERNET_CODEPAGE = 0x3FDE
RECIPIENT_TYPE = 0x0C15
DISPLAY_NAME = 0x3001
ADDRESS = 0x3003
SMTP_ADDRESS = 0x39FE
FILE = 0x3701
FILE_NAME = 0x3704
LONG_FILE_NAME = 0x3707
FILE_TYPE = 0x370E
FILE_PATH = 0x370D
FILE_SHORT_PATH = 0x3708
CONTENT_ID = 0x3712

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CODEPAGES = {20127: "us-ascii", 65000: "utf-7", 65001: "utf-8", 28591: "iso-8859-1", 50220: "iso-2022-jp",
              51949: "euc-kr", 51932: "euc-jp", 936: "gb18030", 54936: "gb18030", 20866: "koi8-r", 21866: "koi8-u",
              1200: "utf-16-le", 10000: "mac_roman"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One property as it is stored: its type and its bytes."""

    type: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Properties:
    """Properties by number, and the charset of those strings that are not Unicode."""

    values: Mapping[int, Value] = field(default_factory=dict)
    charset: str | None = None

    def text(self, *numbers: int) -> str:
        """The first of these properties that is a text with anything in it; an empty string where none is."""
        for number in numbers:
            value = self.values.get(number)
            if value and value.type in (STRING8, UNICODE) and (text := self._decoded(value)):
                return text
        return ""

    def data(self, number: int) -> bytes | None:
        """The bytes of a property, None where there is none."""
        value = self.values.get(number)
        return value.data if value and value.type in (BINARY, OBJECT, STRING8, UNICODE) else None

    def number(self, number: int) -> int | None:
        value = self.values.get(number)
        return int.from_bytes(value.data[:4], "little") if value and value.type == LONG else None

    def instant(self, *numbers: int) -> datetime | None:
        """The first of these properties that is a time, aware UTC."""
        for number in numbers:
            value = self.values.get(number)
            if value and value.type == SYSTIME and (ticks := int.from_bytes(value.data[:8], "little")):
                try:
                    return (_EPOCH + timedelta(microseconds=ticks // 10)).replace(microsecond=0)
                except OverflowError:
                    return None
        return None

    def _decoded(self, value: Value) -> str:
        if value.type == UNICODE:
            return fit(value.data.decode("utf-16-le", "replace")).rstrip("\0")
        return decode(value.data.rstrip(b"\0"), self.charset).text


@dataclass(frozen=True, slots=True)
class Attached:
    """A file attached to an item, or an item attached to it."""

    properties: Properties
    data: bytes = b""
    item: "OutlookItem | None" = None

    @property
    def name(self) -> str:
        return self.properties.text(LONG_FILE_NAME, FILE_NAME, DISPLAY_NAME)

    @property
    def type(self) -> str:
        return self.properties.text(FILE_TYPE).strip().lower()

    @property
    def content_id(self) -> str:
        return self.properties.text(CONTENT_ID)


@dataclass(frozen=True, slots=True)
class OutlookItem:
    """An Outlook item: a mail, mostly; also appointments, notes and contacts. `problems` are sentences."""

    properties: Properties
    recipients: tuple[Properties, ...] = ()
    attachments: tuple[Attached, ...] = ()
    problems: tuple[str, ...] = ()


def charset_of(codepage: int | None) -> str | None:
    """The charset of a Windows code page number."""
    if not codepage:
        return None
    return _CODEPAGES.get(codepage) or (
        f"iso-8859-{codepage - 28590}" if 28591 <= codepage <= 28606 else f"cp{codepage}"
    )
