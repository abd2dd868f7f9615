"""When a mail came, by provable time, and whether it was copied."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone

from parsing.model import Consultation, OpenMail


@dataclass(frozen=True, slots=True)
class Received:
    """`at` is the provable time: the earlier of INTERNALDATE and the topmost Received, the Date only without both."""

    at: datetime | None
    late: bool
    copied: bool
    evidence: tuple[str, ...] = ()


def received(mail: OpenMail, arrived: datetime | None, consultation: Consultation) -> Received:
    """When the mail came, and whether that was late."""
    proofs = [at for at in (arrived, mail.received) if at is not None]
    at = min(proofs) if proofs else mail.date
    end = datetime.combine(
        consultation.draft.deadline + timedelta(days=1), time(), timezone(consultation.deadline_offset)
    )
    to = " ".join(value for name in ("to", "cc") for value in mail.headers.get(name, ())).casefold()
    return Received(at, at is not None and at.astimezone(UTC) >= end.astimezone(UTC), consultation.draft.copy_to in to)
