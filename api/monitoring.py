"""What a watchman asks: whether it lives, whether it is ready, how old the last good poll is, and the counters."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from api.context import House
from api.json_output import Json, freshness_form
from consultation.status import status
from settings import Settings
from store.reads.ledger import Freshness, freshness, ledger

SLACK = timedelta(hours=2)
"""How much longer than its interval a good poll may be away before the alarm."""


def watch(house: House) -> APIRouter:
    router = APIRouter(tags=["watch"])
    registry = CollectorRegistry()
    registry.register(_Counters(house))

    @router.get("/healthz")
    def healthz(response: Response) -> Json:
        """Whether the process lives and the store answers; how the last poll of each mailbox went."""
        return _health(house, response)

    @router.get("/readyz")
    def readyz(response: Response) -> Json:
        """Whether what it shows is fresh: 503 where the last good poll is too long ago."""
        with house.sessions() as session:
            fresh, now = freshness(session), house.clock()
        stale = too_old(fresh, house.settings, now)
        response.status_code = 503 if stale else 200
        return {"ready": not stale, "why": stale} | freshness_form(fresh, now)

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _health(house: House, response: Response) -> Json:
    try:
        with house.sessions() as session:
            fresh, difference = freshness(session), ledger(session).difference
    except SQLAlchemyError as error:
        response.status_code = 503
        return {"ok": False, "why": f"the store does not answer: {type(error).__name__}"}
    return {"ok": True, "ledger_difference": difference} | freshness_form(fresh, house.clock())


def too_old(fresh: Freshness, settings: Settings, now: datetime) -> str:
    """Why the last good poll is too long ago; empty where it is not, or where there is no mailbox to poll."""
    if not settings.mailboxes:
        return ""
    if fresh.stalest is None:
        return "a mailbox has had no good poll yet"
    every = settings.poll_every_minutes
    interval = timedelta(days=1) if every is None else timedelta(minutes=every)
    age = now - fresh.stalest
    return f"the last good poll of a mailbox was {age} ago" if age > interval + SLACK else ""


class _Counters(Collector):
    """Read from the store at each scrape."""

    def __init__(self, house: House) -> None:
        self._house = house

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        with self._house.sessions() as session:
            fresh, held, now = freshness(session), ledger(session), self._house.clock()
            totals = status(self._house.desk(session)).totals
        if fresh.last_good is not None:
            age = (now - fresh.last_good).total_seconds()
            yield GaugeMetricFamily("kunming_last_good_poll_age_seconds", "Since the last good poll ended.", age)
        yield GaugeMetricFamily("kunming_polls_failing", "Mailboxes whose last poll went wrong.", len(fresh.failing))
        yield GaugeMetricFamily("kunming_ledger_difference", "Places seen without a state; must be 0.", held.difference)
        yield GaugeMetricFamily("kunming_edits", "Proposed changes of Parties that stand.", totals.edits)
        yield GaugeMetricFamily("kunming_waiting_mails", "Mails that count for nobody yet.", totals.waiting)
        yield _labelled("kunming_mails", "Mails held, by what became of their reading.", "stage",
                        {"read": held.read, "failed": held.failed, "waiting": held.waiting})  # fmt: skip
        yield _labelled("kunming_arrivals", "Places in mailboxes that were seen, by state.", "state", held.states)
        yield _labelled("kunming_parties", "Parties by state.", "state", totals.states)


def _labelled(name: str, what: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
