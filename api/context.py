"""What every route and page works with: the store, the settings, the clock, and the register of who may speak."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from consultation.facts import Desk
from parsing.model import Register
from settings import Settings
from store.reads.snapshot import read_desk, stamp
from store.session import Sessions

Content = Callable[[bytes, str], bytes | None]
"""From a mail's raw bytes, the content of the Part with that SHA-256; None where it cannot be taken out again."""


@dataclass(frozen=True, slots=True)
class House:
    """`content` takes Parts out of mails, where the caller has given a way that is safe for hostile mail."""

    sessions: Sessions
    settings: Settings
    clock: Callable[[], datetime]
    register: Register
    content: Content | None = None
    _last: dict[tuple[Any, ...], Desk] = field(default_factory=dict)
    """The desk of the last request, by its stamp."""

    def desk(self, session: Session) -> Desk:
        """The desk as it is now; read again only when something has changed."""
        now = stamp(session)
        desk = self._last.get(now)
        if desk is None:
            desk = self._read(session)
            self._last.clear()
            self._last[now] = desk
        return desk

    def _read(self, session: Session) -> Desk:
        mailboxes = {mailbox.name: mailbox.user for mailbox in self.settings.mailboxes}
        return read_desk(session, self.register, offset=self.settings.deadline_offset, mailboxes=mailboxes)
