"""What every route and page works with: the store, the settings, the clock, and the register of who may speak."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from parsing.model import Register
from settings import Settings
from store.reads.desk import read_desk
from store.reads.facts import Desk
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

    def desk(self, session: Session) -> Desk:
        mailboxes = {mailbox.name: mailbox.user for mailbox in self.settings.mailboxes}
        return read_desk(session, self.register, offset=self.settings.deadline_offset, mailboxes=mailboxes)
