"""What leaves by mail: an OutgoingLetter is put into the store's queue, and sent from there by `outgoing.deliver`."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import parseaddr

from sqlalchemy.orm import Session

from settings import Smtp
from store.outgoing import NewOutgoing, queue


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """A mail to be sent. Of the letters with one `key` only the first is sent, ever."""

    key: str
    kind: str
    """receipt, alert, summary: what it is counted as."""
    to: tuple[str, ...]
    """Addresses, without names."""
    subject: str
    text: str
    in_reply_to: str | None = None
    """The Message-ID of the mail that it answers."""
    replies_to: str | None = None
    """The key of the letter of ours that it follows."""
    references: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    """Further headers; Auto-Submitted is auto-generated unless it is said here (RFC 3834)."""
    answers: bool = False
    """Whether it answers a mail by itself: then it is auto-replied, and has no return path, so that no loop can be."""
    language: str = "en"
    insistent: bool = False
    """Whether to send it again where it is not known if it was sent, rather than not."""
    expires: timedelta | None = None
    """How long it is worth sending."""


def queue_letter(session: Session, smtp: Smtp, letter: OutgoingLetter, now: datetime) -> bool:
    """Whether the letter was put into the queue, in the caller's transaction; False where its key is known already."""
    message = message_of(smtp, letter, now)
    _, sender = parseaddr(smtp.sender)
    return queue(
        session,
        NewOutgoing(
            key=letter.key,
            kind=letter.kind,
            channel="mail",
            sender="" if letter.answers else sender,
            recipients=letter.to,
            content=message.as_bytes().decode(),
            insistent=letter.insistent,
            expires_at=now + letter.expires if letter.expires else None,
        ),
        now,
    )


def message_of(smtp: Smtp, letter: OutgoingLetter, now: datetime) -> EmailMessage:
    """The message, with a Message-ID that is the same however often it is made."""
    name, address = parseaddr(smtp.sender)
    user, _, domain = address.rpartition("@")
    message = EmailMessage(policy=SMTP if "".join([address, *letter.to]).isascii() else SMTPUTF8)
    message["From"] = Address(name, user, domain)
    message["To"] = ", ".join(letter.to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = now
    message["Message-ID"] = message_id(letter.key, domain)
    message["Auto-Submitted"] = letter.headers.get("Auto-Submitted") or _auto(letter)
    for name, value in _thread(letter, domain).items():
        message[name] = value
    for name, value in letter.headers.items():
        if name != "Auto-Submitted":
            message[name] = one_line(value)
    message.set_content(letter.text, cte="base64" if not letter.text.isascii() else "quoted-printable")
    message["Content-Language"] = letter.language  # set_content takes away what says something of the content
    return message


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the letter with that key: a server that is given it twice can tell."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}.kunming@{domain}>"


def one_line(text: str) -> str:
    """Text that may be in a header: what comes from a mail may hold line ends and control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _auto(letter: OutgoingLetter) -> str:
    return "auto-replied" if letter.answers else "auto-generated"


def _thread(letter: OutgoingLetter, domain: str) -> dict[str, str]:
    """In-Reply-To and References (RFC 5322, section 3.6.4)."""
    earlier = message_id(letter.replies_to, domain) if letter.replies_to else letter.in_reply_to
    if earlier is None:
        return {}
    references = dict.fromkeys([*letter.references, earlier])
    return {"In-Reply-To": one_line(earlier), "References": one_line(" ".join(references))}
