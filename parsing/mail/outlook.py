"""An Outlook item as a mail: its headers, and its texts in the forms that it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import format_datetime, formataddr

from parsing.mail import mapi
from parsing.mail.headers import one_line
from parsing.mail.mapi import Attached, OutlookItem, Properties
from parsing.mail.rtf import read_rtf
from parsing.text.charsets import decode, fit

_OURS = {"content-type", "content-transfer-encoding", "mime-version", "content-disposition"}
"""Fields that spoke of the MIME form, which is gone."""


@dataclass(frozen=True, slots=True)
class ItemText:
    """One form of an item's text: as it stands (data), and decoded. `kind` is plain or html."""

    name: str
    type: str
    kind: str
    data: bytes
    text: str
    charset: str | None = None


def item_texts(item: OutlookItem) -> Iterator[ItemText]:
    """The text of an item as HTML, plain text and RTF, as far as it holds them."""
    html = _html_of(item.properties)
    if html:
        yield html
    plain = item.properties.text(mapi.BODY)
    if plain.strip():
        yield ItemText("body.txt", "text/plain", "plain", plain.encode(), plain, "utf-8")
    rtf = read_rtf(item.properties.data(mapi.BODY_RTF) or b"")
    if rtf is None or not rtf.text.strip():
        return
    if rtf.is_html and not html:
        yield ItemText("body.html", "text/html", "html", rtf.text.encode(), rtf.text, "utf-8")
    elif not rtf.is_html and not plain.strip():
        yield ItemText("body.rtf", "application/rtf", "plain", rtf.data, rtf.text)


def _html_of(properties: Properties) -> ItemText | None:
    html = properties.data(mapi.BODY_HTML) or b""
    if not html.strip(b"\0\r\n "):
        return None
    charset = mapi.charset_of(properties.number(mapi.INTERNET_CODEPAGE)) or properties.charset
    text = properties.text(mapi.BODY_HTML) or decode(html, charset).text
    return ItemText("body.html", "text/html", "html", html, text, charset)


def item_headers(item: OutlookItem) -> Message:
    """The header fields that came with the item, and those that its properties give where it has none."""
    properties = item.properties
    raw = properties.text(mapi.TRANSPORT_HEADERS)
    message = BytesHeaderParser().parsebytes(fit(raw).encode())
    for name in _OURS:
        del message[name]
    for name, value in _fields(item):
        if value and name not in message:
            message[name] = one_line(value)
    return message


def path_of(attached: Attached) -> str:
    """Where a file is that is attached by its path or link alone."""
    return attached.properties.text(mapi.FILE_PATH, mapi.FILE_SHORT_PATH)


def _fields(item: OutlookItem) -> Iterator[tuple[str, str]]:
    properties = item.properties
    yield "From", _sender(properties)
    yield "To", _recipients(item, 1) or properties.text(mapi.DISPLAY_TO)
    yield "Cc", _recipients(item, 2) or properties.text(mapi.DISPLAY_CC)
    yield "Subject", properties.text(mapi.SUBJECT)
    yield "Message-ID", properties.text(mapi.MESSAGE_ID)
    sent = properties.instant(mapi.SUBMITTED, mapi.DELIVERED)
    yield "Date", format_datetime(sent) if sent else ""
    yield "X-Message-Class", properties.text(mapi.CLASS)


def _sender(properties: Properties) -> str:
    """Who is shown as the author: the one on whose behalf it was sent, where there is one."""
    name = properties.text(mapi.BEHALF_NAME, mapi.SENDER_NAME)
    address = properties.text(mapi.BEHALF_SMTP, mapi.BEHALF_ADDRESS, mapi.SENDER_SMTP, mapi.SENDER_ADDRESS)
    if "@" not in address:
        address = next((a for a in (properties.text(mapi.SENDER_SMTP), name) if "@" in a), "")
    return _shown(name, address)


def _recipients(item: OutlookItem, kind: int) -> str:
    of_kind = (who for who in item.recipients if (who.number(mapi.RECIPIENT_TYPE) or 1) & 0xF == kind)
    shown = (_shown(who.text(mapi.DISPLAY_NAME), who.text(mapi.SMTP_ADDRESS, mapi.ADDRESS)) for who in of_kind)
    return ", ".join(text for text in shown if text)


def _shown(name: str, address: str) -> str:
    """Name and address for a field; Exchange's own addresses (/o=…) are none."""
    name, address = one_line(name).strip("'\""), one_line(address)
    if "@" not in address:
        return f'"{name}"' if name else ""
    if not address.isascii() or not name.isascii():
        return f'"{name}" <{address}>' if name else address
    return formataddr((name, address))
