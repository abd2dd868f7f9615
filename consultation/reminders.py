"""The Parties that have not answered, and the addresses to remind."""

from collections.abc import Iterable
from dataclasses import dataclass

from consultation.status import ANSWERED, SpeakerStatus
from parsing.model import FocalPoint


@dataclass(frozen=True, slots=True)
class Reminder:
    """A Party that has sent no answer of its own, with its focal points; others may have answered for it."""

    party: SpeakerStatus
    focal_points: tuple[FocalPoint, ...]


def reminders(parties: Iterable[SpeakerStatus], directory: Iterable[FocalPoint]) -> tuple[Reminder, ...]:
    """The Parties without an answer of their own, in the order in which they are given."""
    points = tuple(directory)
    return tuple(
        Reminder(row, tuple(point for point in points if point.party == row.code))
        for row in parties
        if row.state not in ANSWERED
    )
