"""Receipts to delegations: mails that were read a moment ago -> letters in the queue. Off unless `receipts.on`."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from consultation.details import mail_detail
from consultation.facts import ConsultationSnapshot, MailFact
from consultation.receipts import FRESH, Headers, receipt, why_no_receipt
from outgoing.letters import OutgoingLetter, queue_letter
from settings import Settings
from store.outgoing import is_queued, queued_since
from store.reads.mails import read_texts
from store.reads.receipts import read_heads, recently_read

log = logging.getLogger("kunming.outgoing")
SUPPRESS = {"X-Auto-Response-Suppress": "All"}
"""What keeps Exchange's own automatic answers from answering (MS-OXCMAIL, 2.2.3.2.14)."""
REFERENCES = 20
"""Message-IDs of a thread that a receipt names: the last ones."""


def queue_receipts(
    session: Session,
    settings: Settings,
    now: datetime,
    snapshot: Callable[[Session], ConsultationSnapshot],
    considered: set[int],
) -> int:
    """How many receipts were put into the queue, in the caller's transaction. `considered` are the Mails about which
    was decided before, and is added to; those that wait because others were answered a moment ago are not.
    """
    if not settings.receipts.on:
        return 0
    due = [mail_id for mail_id in recently_read(session, now - FRESH) if mail_id not in considered]
    if not due:
        return 0
    known, heads = snapshot(session), read_heads(session, due)
    limit = _Limit(session, settings, now)
    queued = 0
    for mail_id in due:
        mail = known.mail(mail_id)
        if mail is None or is_queued(session, key_of(mail)):
            considered.add(mail_id)
            continue
        why = why_no_receipt(mail, headers_of(heads[mail_id]), own_addresses(settings, known), now)
        if not why and not limit.lets(mail.sender or ""):
            continue
        considered.add(mail_id)
        log.info("receipt=%d sent=%s why=%r", mail_id, not why, why)
        if not why:
            queued += _queue(session, settings, known, mail, headers_of(heads[mail_id]), now)
            limit.count(mail.sender or "")
    return queued


def key_of(mail: MailFact) -> str:
    """One receipt for each Mail, ever."""
    return f"receipt {mail.sha256}"


def own_addresses(settings: Settings, snapshot: ConsultationSnapshot) -> frozenset[str]:
    """Our own addresses: what comes from them is not answered, nor what is not sent to them."""
    given = [mailbox.user for mailbox in settings.mailboxes if "@" in mailbox.user]
    given += [snapshot.draft.comments_to, snapshot.draft.copy_to]
    given += [parseaddr(settings.smtp.sender)[1]] if settings.smtp else []
    return frozenset(address for address in given if address)


def headers_of(raw: bytes) -> Headers:
    """The headers of a mail, by name in small letters."""
    found: dict[str, list[str]] = {}
    for name, value in _headers(raw):
        found.setdefault(name.lower(), []).append(value)
    return found


def _headers(raw: bytes) -> Iterator[tuple[str, str]]:
    """Each header that can be read; a broken one is as if it were not there."""
    parsed = BytesHeaderParser(policy=default).parsebytes(raw)
    for name, value in parsed.raw_items():
        yield str(name), " ".join(str(value).split())


def receipt_letter(
    settings: Settings, snapshot: ConsultationSnapshot, mail: MailFact, headers: Headers, session: Session
) -> OutgoingLetter:
    """The receipt of a Mail as it is sent."""
    detail = mail_detail(snapshot, mail, read_texts(session, mail.id))
    deadline = f"{snapshot.draft.deadline:%Y-%m-%d}"
    words = receipt(detail, snapshot.draft, deadline, ZoneInfo(settings.timezone))
    thread = re.findall(r"<[^<>\s]{1,250}>", " ".join(headers.get("references", ())))
    said = re.fullmatch(r"<[^<>\s]{1,250}>", (mail.message_id or "").strip())
    return OutgoingLetter(
        key=key_of(mail),
        kind="receipt",
        to=(mail.sender or "",),
        subject=words.subject,
        text=words.text,
        in_reply_to=said[0] if said else None,
        references=tuple(thread[-REFERENCES:]),
        headers={"Reply-To": snapshot.draft.comments_to, **SUPPRESS} if snapshot.draft.comments_to else dict(SUPPRESS),
        answers=True,
        language=words.language,
        expires=FRESH,
    )


def _queue(
    session: Session,
    settings: Settings,
    snapshot: ConsultationSnapshot,
    mail: MailFact,
    headers: Headers,
    now: datetime,
) -> bool:
    assert settings.smtp is not None
    return queue_letter(session, settings.smtp, receipt_letter(settings, snapshot, mail, headers, session), now)


class _Limit:
    """How many receipts may leave: to one address in a day, and in all in an hour."""

    def __init__(self, session: Session, settings: Settings, now: datetime) -> None:
        self._settings = settings.receipts
        sent = queued_since(session, "receipt", now - timedelta(days=1))
        self._to: Mapping[str, int] = Counter(to.casefold() for _, recipients in sent for to in recipients)
        self._counted = Counter(self._to)
        self._in_hour = sum(at > now - timedelta(hours=1) for at, _ in sent)

    def lets(self, sender: str) -> bool:
        few = self._counted[sender.casefold()] < self._settings.to_one_address_a_day
        return few and self._in_hour < self._settings.in_an_hour

    def count(self, sender: str) -> None:
        self._counted[sender.casefold()] += 1
        self._in_hour += 1
