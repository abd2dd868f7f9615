"""The mails that were sent to find out whether mail arrives, and which of them have come back."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.health import CanaryMail
from store.tables import OutgoingRow, ReadingRow

LOOKED_AT = 50
_MESSAGE_ID = re.compile(r"^Message-ID:\s*(\S+)", re.MULTILINE)
_SUBJECT = re.compile(r"^Subject:\s*(.+?)\s*$", re.MULTILINE)


def last_canaries(session: Session) -> tuple[CanaryMail, ...]:
    """The last one to each address. It has returned when a mail with its Message-ID and its subject, which holds a
    random word, was kept and read.
    """
    query = select(OutgoingRow).where(OutgoingRow.kind == "canary").order_by(OutgoingRow.id.desc()).limit(LOOKED_AT)
    last: dict[str, CanaryMail] = {}
    for row in session.scalars(query):
        address = row.recipients[0] if row.recipients else ""
        if address and address not in last:
            last[address] = _canary(session, row, address)
    return tuple(last.values())


def _canary(session: Session, row: OutgoingRow, address: str) -> CanaryMail:
    said, subject = _MESSAGE_ID.search(row.content), _SUBJECT.search(row.content)
    returned = None
    if said and subject:
        same = (ReadingRow.message_id == said[1]) & (ReadingRow.subject == subject[1])
        returned = session.scalar(select(ReadingRow.read_at).where(same).limit(1))
    return CanaryMail(address, row.made_at, returned, "" if row.state == "sent" else row.error or row.state)
