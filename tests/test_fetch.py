"""A real Dovecot, polled: every mail once, byte for byte, and no trace left in the mailbox."""

import hashlib
from datetime import UTC, datetime

from fixture_dovecot import Dovecot
from sqlalchemy import select

from ingest.fetch import poll_all
from store.session import Sessions
from store.tables import RawRow


def now() -> datetime:
    return datetime.now(UTC)


def mail(n: int, body: bytes = b"Dear colleagues") -> bytes:
    return b"From: a@example.org\r\nSubject: %d\r\nMessage-ID: <%d@example.org>\r\n\r\n%s\r\n" % (n, n, body)


def hashes(store: Sessions) -> list[str]:
    with store() as session:
        return sorted(hashlib.sha256(raw).hexdigest() for raw in session.scalars(select(RawRow.content)))


def test_every_mail_is_kept_once_as_it_came(dovecot: Dovecot, store: Sessions) -> None:
    mails = [mail(n) for n in range(52)]
    dovecot.append(*mails)
    polled = poll_all(store, [dovecot.mailbox()], 60_000_000, "hand", now)
    assert [(one.outcome, one.new, one.error) for one in polled] == [("ok", 52, None)]
    assert hashes(store) == sorted(hashlib.sha256(one).hexdigest() for one in mails)
    again = poll_all(store, [dovecot.mailbox()], 60_000_000, "hand", now)
    assert [(one.outcome, one.listed, one.new) for one in again] == [("ok", 0, 0)]
