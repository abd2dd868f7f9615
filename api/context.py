"""What every route and page works with: the store, the settings, the clock, and the register of who may speak."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from consultation.facts import ConsultationSnapshot
from consultation.kept import KeptConsultation
from consultation.snapshot import make_snapshot
from parsing.model import Register
from settings import Settings
from store.reads.snapshot import read_consultation, snapshot_version, with_corrections
from store.session import Sessions

Made = TypeVar("Made")
Content = Callable[[bytes, str], bytes | None]
"""From a mail's raw bytes, the content of the Part with that SHA-256; None where it cannot be taken out again."""


def read_snapshot(session: Session, register: Register, settings: Settings) -> ConsultationSnapshot:
    """The consultation as it is now. Raises NoDraft."""
    return _made_of(read_consultation(session), register, settings)


def _made_of(kept: KeptConsultation, register: Register, settings: Settings) -> ConsultationSnapshot:
    mailboxes = {mailbox.name: mailbox.user for mailbox in settings.mailboxes}
    return make_snapshot(kept, register, offset=settings.deadline_offset, mailboxes=mailboxes)


@dataclass(frozen=True, slots=True)
class AppContext:
    """`content` takes Parts out of mails, where the caller has given a way that is safe for hostile mail."""

    sessions: Sessions
    settings: Settings
    clock: Callable[[], datetime]
    register: Register
    content: Content | None = None
    _last: dict[tuple[Any, ...], ConsultationSnapshot] = field(default_factory=dict)
    """The snapshot of the last request, by its version."""
    _kept: dict[tuple[Any, ...], KeptConsultation] = field(default_factory=dict)
    """What it was made of, by the version of what came and was read: a decision changes the corrections alone."""
    _made: dict[Callable[..., Any], tuple[ConsultationSnapshot, Any]] = field(default_factory=dict)
    """What was made last of a snapshot, by the function that makes it."""
    _making: Lock = field(default_factory=Lock)
    """Held while a snapshot is made: requests that come meanwhile wait for that one."""

    def snapshot(self, session: Session) -> ConsultationSnapshot:
        """The consultation as it is now; read again only when something has changed."""
        with self._making:
            version = snapshot_version(session)
            snapshot = self._last.get(version)
            if snapshot is None:
                snapshot = _made_of(self._read(session, version[0]), self.register, self.settings)
                self._last.clear()
                self._last[version] = snapshot
            return snapshot

    def _read(self, session: Session, version: tuple[Any, ...]) -> KeptConsultation:
        """All that is held; mails and edits are read again only when some have come or were read again."""
        kept = self._kept.get(version)
        if kept is not None:
            return with_corrections(session, kept)
        self._kept.clear()
        self._kept[version] = read_consultation(session)
        return self._kept[version]

    def made(self, make: Callable[[ConsultationSnapshot], Made], snapshot: ConsultationSnapshot) -> Made:
        """What the function makes of the snapshot; made again only for another one."""
        kept = self._made.get(make)
        if kept is None or kept[0] is not snapshot:
            kept = snapshot, make(snapshot)
            self._made[make] = kept
        return cast("Made", kept[1])
