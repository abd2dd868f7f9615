"""For monitoring: whether the process lives, whether what it shows is fresh, and the counters."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.context import AppContext
from api.json_output import HealthJson, ReadinessJson, health_json, readiness_json
from api.openapi import errors
from consultation.health import ALARM_KINDS, Health, checks
from consultation.ledger import Ledger, make_ledger
from consultation.polling import Freshness, KeptPolls, Poll, freshness, why_stale
from consultation.status import Totals, status
from store.accounts import has_accounts
from store.alarms import active_alarms
from store.disk_space import disk_spaces
from store.outgoing import OutgoingCounts, outgoing_counts
from store.questions import AskingCounts, asking_counts
from store.reads.health import read_health
from store.reads.ledger import read_counts
from store.reads.polls import read_last_polls

OWN_THREADS = 1
"""/healthz waits for no other request: a supervisor restarts what does not answer it."""


def monitoring(context: AppContext) -> APIRouter:
    """The routes /healthz, /readyz and /metrics."""
    router = APIRouter(tags=["monitoring"])
    registry = CollectorRegistry()
    registry.register(_Counters(context))

    threads = CapacityLimiter(OWN_THREADS)

    @router.get("/healthz", responses={503: {"model": HealthJson, "description": "It is not healthy."}})
    async def get_healthz(response: Response) -> HealthJson:
        """Whether the process lives and the store answers; how the last poll of each mailbox went. Strangers are not
        shown the names of mailboxes.
        """
        health = await run_sync(_health, context, limiter=threads)
        response.status_code = 200 if health.ok else 503
        return health

    @router.get("/readyz", responses={503: {"model": ReadinessJson, "description": "Data stale or incomplete."}})
    def get_readyz(response: Response) -> ReadinessJson:
        """Whether what it shows is fresh and complete: 503 where the last good poll is too long ago, a mail is listed
        and not held, a disk is nearly full, or mail is not being read. Without a login the names of mailboxes are not
        shown.
        """
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
            fresh, counts = freshness(read_last_polls(session), now), read_counts(session)
            shown = _for_anonymous(fresh, _nameless(context)) if _is_open_to_all(context, session) else fresh
    except SQLAlchemyError as error:
        return health_json(freshness(KeptPolls(), now), None, _no_store(error))
    return health_json(shown, make_ledger(counts).difference)


def _readiness(context: AppContext) -> ReadinessJson:
    now, settings = context.clock(), context.settings
    try:
        with context.sessions() as session:
            seen = service_health(context, session, now)
            strangers = _is_open_to_all(context, session)
    except SQLAlchemyError as error:
        nothing = Health(now)
        return readiness_json(freshness(KeptPolls(), now), nothing, (), _no_store(error))
    fresh = freshness(seen.polls, now)
    stale = why_stale(fresh, settings.poll_interval, now) if settings.mailboxes else ""
    checked = checks(seen, settings.limits, stale)
    if not strangers:
        return readiness_json(fresh, seen, checked)
    nameless = _nameless(context)
    return readiness_json(_for_anonymous(fresh, nameless), seen, checked, nameless=nameless)


def _is_open_to_all(context: AppContext, session: Session) -> bool:
    """Whether everybody can ask, as these routes ask for no login."""
    return context.settings.asks_for_login or has_accounts(session)


def _nameless(context: AppContext) -> dict[str, str]:
    """What mailboxes are called where anybody may ask, by their names: their numbers in the settings."""
    return {mailbox.name: f"mailbox {n}" for n, mailbox in enumerate(context.settings.mailboxes, 1)}


def _for_anonymous(fresh: Freshness, nameless: Mapping[str, str]) -> Freshness:
    """Without the names of mailboxes, and the words of servers, which name users and machines."""

    def shown(poll: Poll) -> Poll:
        return replace(poll, mailbox=nameless.get(poll.mailbox, "another mailbox"), error=None)

    return replace(fresh, last=fresh.last and shown(fresh.last), failing=tuple(map(shown, fresh.failing)))


def service_health(context: AppContext, session: Session, now: datetime) -> Health:
    """The state of the service now."""
    names = [mailbox.name for mailbox in context.settings.mailboxes]
    seen = read_health(session, now, names, with_model=context.settings.model is not None)
    return replace(seen, disks=disk_spaces(context.sessions.kw["bind"].url))


def _no_store(error: SQLAlchemyError) -> str:
    return f"the store does not answer: {type(error).__name__}"


class _Counters(Collector):
    """The counters, read from the store at each scrape."""

    def __init__(self, context: AppContext) -> None:
        self._context = context

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        context = self._context
        with context.sessions() as session:
            seen = service_health(context, session, context.clock())
            held = make_ledger(read_counts(session))
            asked, leaving = asking_counts(session), outgoing_counts(session)
            standing = Counter[str](one.alarm.kind for one in active_alarms(session))
            totals = status(context.snapshot(session)).totals
        yield from _of_polls(seen)
        yield from _of_mails(held, seen, totals)
        yield from _of_model(asked)
        yield from _of_service(seen, leaving, {kind: standing[kind] for kind in ALARM_KINDS})


def _of_polls(seen: Health) -> Iterable[GaugeMetricFamily]:
    fresh = freshness(seen.polls, seen.at)
    if fresh.age_seconds is not None:
        age = GaugeMetricFamily("kunming_last_good_poll_age_seconds", "Since the last good poll ended.")
        age.add_metric([], fresh.age_seconds)
        yield age
    ends = {mailbox: end.timestamp() for mailbox, end in seen.polls.last_good.items()}
    yield _labelled("kunming_mailbox_last_good_poll_timestamp_seconds", "When the last good poll of a mailbox ended.",
                    "mailbox", ends)  # fmt: skip
    yield GaugeMetricFamily("kunming_polls_failing", "Mailboxes whose last poll went wrong.", len(fresh.failing))


def _of_mails(held: Ledger, seen: Health, totals: Totals) -> Iterable[GaugeMetricFamily]:
    yield GaugeMetricFamily("kunming_ledger_difference", "Arrivals without a state; must be 0.", held.difference)
    yield GaugeMetricFamily("kunming_edits", "Proposed changes of Parties that are current.", totals.edits)
    yield GaugeMetricFamily(
        "kunming_unattributed_mails",
        "Mails that may be answers and are attributed to no one yet.",
        totals.unattributed,
    )
    yield _labelled("kunming_mails", "Mails held, by the outcome of their reading.", "stage",
                    {"read": held.read, "failed": held.failed, "waiting": held.waiting})  # fmt: skip
    yield GaugeMetricFamily("kunming_quarantined_mails", "Mails whose reading crashed twice.", seen.quarantined)
    since = seen.waiting_since
    waits = 0.0 if since is None else (seen.at - since).total_seconds()
    yield GaugeMetricFamily("kunming_oldest_waiting_seconds", "How long the oldest unread mail has waited.", waits)
    yield _labelled("kunming_arrivals", "Arrivals in mailboxes, by state.", "state", held.states)
    yield _labelled("kunming_parties", "Parties by state.", "state", totals.states)


def _of_model(asked: AskingCounts) -> Iterable[GaugeMetricFamily]:
    yield _labelled("kunming_questions", "Questions to the model, by outcome.", "state",
                    {"answered": asked.answered, "waiting": asked.waiting, "left": asked.left})  # fmt: skip
    yield GaugeMetricFamily("kunming_model_tokens", "Tokens of all answers of the model.", asked.tokens)


def _of_service(seen: Health, leaving: OutgoingCounts, standing: Mapping[str, int]) -> Iterable[GaugeMetricFamily]:
    yield _labelled("kunming_alarms", "Active alarms, by kind.", "kind", standing)
    yield _labelled("kunming_free_bytes", "Free space on the disks that are written to.", "folder",
                    {disk.folder: disk.free for disk in seen.disks})  # fmt: skip
    yield _labelled("kunming_outgoing", "Mails, webhooks and pings that leave, by state.", "state", leaving.states)
    yield _labelled("kunming_expires_timestamp_seconds", "When a token, certificate or secret expires.", "name",
                    {one.name: one.at.timestamp() for one in seen.expiries})  # fmt: skip


def _labelled(name: str, what: str, label: str, values: Mapping[Any, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
