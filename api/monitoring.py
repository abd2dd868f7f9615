"""For monitoring: whether the process lives, whether what it shows is fresh, and the counters."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from api.context import AppContext
from api.json_output import HealthJson, ReadinessJson, health_json, readiness_json
from api.openapi import errors
from consultation.ledger import make_ledger
from consultation.polling import KeptPolls, freshness, why_stale
from consultation.status import status
from settings import Settings
from store.questions import asking_counts
from store.reads.ledger import read_counts
from store.reads.polls import read_last_polls

POLLED_DAILY = timedelta(days=1)
"""How often mailboxes are polled where only the nightly poll is set."""


def monitoring(context: AppContext) -> APIRouter:
    """The routes /healthz, /readyz and /metrics."""
    router = APIRouter(tags=["monitoring"])
    registry = CollectorRegistry()
    registry.register(_Counters(context))

    @router.get("/healthz", responses={503: {"model": HealthJson, "description": "It is not well."}})
    def get_healthz(response: Response) -> HealthJson:
        """Whether the process lives and the store answers; how the last poll of each mailbox went."""
        health = _health(context)
        response.status_code = 200 if health.ok else 503
        return health

    @router.get("/readyz", responses={503: {"model": ReadinessJson, "description": "The last good poll is too old."}})
    def get_readyz(response: Response) -> ReadinessJson:
        """Whether what it shows is fresh: 503 where the last good poll is too long ago."""
        readiness = _readiness(context)
        response.status_code = 200 if readiness.ready else 503
        return readiness

    @router.get("/metrics", response_class=PlainTextResponse, responses=errors(503))
    def get_metrics() -> Response:
        """The counters, in the text form of Prometheus."""
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _health(context: AppContext) -> HealthJson:
    now = context.clock()
    try:
        with context.sessions() as session:
            polls, counts = read_last_polls(session), read_counts(session)
    except SQLAlchemyError as error:
        return health_json(freshness(KeptPolls(), now), None, _no_store(error))
    return health_json(freshness(polls, now), make_ledger(counts).difference)


def _readiness(context: AppContext) -> ReadinessJson:
    now = context.clock()
    try:
        with context.sessions() as session:
            fresh = freshness(read_last_polls(session), now)
    except SQLAlchemyError as error:
        return readiness_json(freshness(KeptPolls(), now), _no_store(error))
    stale = why_stale(fresh, _interval(context.settings), now) if context.settings.mailboxes else ""
    return readiness_json(fresh, stale)


def _no_store(error: SQLAlchemyError) -> str:
    return f"the store does not answer: {type(error).__name__}"


def _interval(settings: Settings) -> timedelta:
    """How often each mailbox is polled."""
    every = settings.poll_every_minutes
    return POLLED_DAILY if every is None else timedelta(minutes=every)


class _Counters(Collector):
    """The counters, read from the store at each scrape."""

    def __init__(self, context: AppContext) -> None:
        self._context = context

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        with self._context.sessions() as session:
            polls, counts = read_last_polls(session), read_counts(session)
            asked = asking_counts(session)
            totals = status(self._context.snapshot(session)).totals
        fresh, held = freshness(polls, self._context.clock()), make_ledger(counts)
        if fresh.age_seconds is not None:
            age = GaugeMetricFamily("kunming_last_good_poll_age_seconds", "Since the last good poll ended.")
            age.add_metric([], fresh.age_seconds)
            yield age
        yield GaugeMetricFamily("kunming_polls_failing", "Mailboxes whose last poll went wrong.", len(fresh.failing))
        yield GaugeMetricFamily("kunming_ledger_difference", "Arrivals without a state; must be 0.", held.difference)
        yield GaugeMetricFamily("kunming_edits", "Proposed changes of Parties that are current.", totals.edits)
        yield GaugeMetricFamily(
            "kunming_unattributed_mails",
            "Mails that may be answers and are attributed to no one yet.",
            totals.unattributed,
        )
        yield _labelled("kunming_mails", "Mails held, by the outcome of their reading.", "stage",
                        {"read": held.read, "failed": held.failed, "waiting": held.waiting})  # fmt: skip
        yield _labelled("kunming_questions", "Questions to the model, by what came of them.", "state",
                        {"answered": asked.answered, "waiting": asked.waiting, "left": asked.left})  # fmt: skip
        yield GaugeMetricFamily("kunming_model_tokens", "Tokens of all answers of the model.", asked.tokens)
        yield _labelled("kunming_arrivals", "Arrivals in mailboxes, by state.", "state", held.states)
        yield _labelled("kunming_parties", "Parties by state.", "state", totals.states)


def _labelled(name: str, what: str, label: str, values: Mapping[Any, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
