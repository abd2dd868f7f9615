"""The overview page: what it shows, made of the Status and the consultation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from consultation.facts import ConsultationSnapshot
from consultation.new_mails import arrivals_by_day, new_mails
from consultation.status import STATES, SpeakerStatus, Status
from parsing.model import State

REGIONS = ("African Group", "Asia-Pacific Group", "Central and Eastern Europe", "GRULAC", "WEOG")
"""In the order of the United Nations."""
SPANS = {"a day": timedelta(days=1), "three days": timedelta(days=3), "a week": timedelta(days=7)}
"""How far back one may look for what is new."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Region:
    """The Parties of one regional group: those with an answer or an announcement, those covered and by whom, those
    without an answer.
    """

    name: str
    rows: tuple[SpeakerStatus, ...]

    @property
    def heard(self) -> tuple[SpeakerStatus, ...]:
        return tuple(row for row in self.rows if row.state not in ("none", "covered"))

    @property
    def answered(self) -> int:
        return sum(row.state != "announced" for row in self.heard)

    @property
    def silent(self) -> tuple[SpeakerStatus, ...]:
        return self.of("none")

    @property
    def covered(self) -> tuple[tuple[tuple[str, ...], tuple[SpeakerStatus, ...]], ...]:
        """By those who answered for them."""
        by = dict.fromkeys(row.covered_by for row in self.of("covered"))
        return tuple((names, tuple(row for row in self.of("covered") if row.covered_by == names)) for names in by)

    def of(self, state: State) -> tuple[SpeakerStatus, ...]:
        return tuple(row for row in self.rows if row.state == state)

    @property
    def states(self) -> Mapping[State, int]:
        return {state: len(self.of(state)) for state in STATES}


@dataclass(frozen=True, slots=True)
class Countdown:
    """How long until the deadline's day has ended everywhere, or since when it has."""

    days: int
    hours: int
    is_over: bool


def overview(snapshot: ConsultationSnapshot, status: Status, now: datetime, span: timedelta) -> Json:
    """What the template shows."""
    days = arrivals_by_day(snapshot)
    return {
        "status": status,
        "states": STATES,
        "regions": regions(status.parties),
        "countdown": countdown(snapshot.deadline, now),
        "news": new_mails(snapshot, now - span),
        "span": span,
        "spans": SPANS,
        "days": days,
        "highest": max((day.mails for day in days), default=0) or 1,
    }


def regions(rows: Sequence[SpeakerStatus]) -> tuple[Region, ...]:
    """The regional groups in their order, then those who belong to none."""
    names = [*REGIONS, *sorted({row.region for row in rows} - set(REGIONS))]
    found = (Region(name, tuple(row for row in rows if row.region == name)) for name in names)
    return tuple(region for region in found if region.rows)


def countdown(deadline: datetime, now: datetime) -> Countdown:
    left = abs(deadline - now)
    return Countdown(left.days, left.seconds // 3600, now >= deadline)
