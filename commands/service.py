"""The service: polling by the schedule, the API and the pages."""

import logging
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from threading import Event

import typer
import uvicorn

from api.app import create_app
from commands.context import CommandContext, open_context, sandbox
from commands.ending import end_within
from commands.http import BoundedHttp
from commands.mail import poll_line, reading_line
from commands.senders import why_unverified
from ingest.embedded import AUTHSERV_ID, EXAMPLES, embedded_mailbox
from ingest.fetch import poll_all
from ingest.intake import Interrupted, holding_lease, in_use, now
from ingest.sandbox import ReaderCrashed, ReaderNotStarted, Sandbox
from ingest.schedule import Plan, scheduled
from outgoing.notifying import notifying
from parsing.documents import content_of
from settings import LOOPBACK, Mailbox, Settings, WrongSettings, load
from store.accounts import has_accounts
from store.session import WAITS_FOR_REQUESTS, open_store, sessions

log = logging.getLogger("kunming.commands")
LINGERS = 3
"""Seconds that requests under way have when the service is ended."""


def run() -> None:
    """Polls by the schedule, reads what comes, and serves the API and the pages."""
    settings = load()
    if not (settings.mailboxes or settings.authserv_id):
        settings = settings.model_copy(update={"authserv_id": AUTHSERV_ID})
    context = open_context(settings, makes=True, upgrades=True, logs_from=logging.INFO)
    check_reach(context)
    _warn(context)
    with holding_lease(context.sessions, now, name="schedule", doing="kunming run"):
        pass  # where another runs, this raises before anything is done
    with ExitStack() as stack:
        mailboxes = settings.mailboxes or (_samples(stack, context),)
        plan = Plan(settings.nightly_at, settings.timezone, settings.poll_every_minutes)
        told = stack.enter_context(notifying(context.notifier(mailboxes)))
        read = partial(_read, context, told)
        stack.enter_context(scheduled(plan, context.sessions, mailboxes, settings.largest_mail, now, read=read))
        stack.callback(end_within)
        _serve(context, mailboxes)


def serve() -> None:
    """Serves the API and the pages, without polling."""
    context = open_context(load(), makes=True, logs_from=logging.INFO)
    check_reach(context)
    with in_use(context.sessions, now, "kunming serve"):
        _serve(context, context.settings.mailboxes)


def check_reach(context: CommandContext) -> None:
    """Raises WrongSettings where others would reach pages that no login protects."""
    settings = context.settings
    if settings.host in LOOPBACK or settings.openid or (settings.proxy and settings.proxy.user_header):
        return
    with context.sessions() as session:
        if not has_accounts(session):
            raise WrongSettings(
                f"host = {settings.host!r}: only 127.0.0.1 is served until there are accounts (kunming account add)"
            )


def _warn(context: CommandContext) -> None:
    """Says at the start where a forged sender cannot be recognised."""
    if context.settings.mailboxes:
        with context.sessions() as session:
            unverified, do = why_unverified(context.settings, session)
        if unverified:
            log.warning("senders=unverified why=%r do=%r", unverified, do)


def _read(context: CommandContext, told: Callable[[], None], stop: Event) -> None:
    """Reads what came; then sends what is due after it, also where the reading failed."""
    try:
        context.read_new(stop=stop)
        for line in context.retain():
            log.info("retention=%r", line)
    finally:
        told()


def _samples(stack: ExitStack, context: CommandContext) -> Mailbox:
    """The mailbox of an embedded server with the sample mails, polled once."""
    mails = sorted(EXAMPLES.glob("*.eml"))
    mailbox = stack.enter_context(embedded_mailbox(mails))
    typer.echo(f"No mailbox is configured: an embedded IMAP server holds the {len(mails)} sample mails of examples/.")
    polled = poll_all(context.sessions, [mailbox], context.settings.largest_mail, "samples", now)
    typer.echo(f"Polled {poll_line(polled[0])}; {reading_line(context.read_new(), context.to_review())}.")
    return mailbox


def _serve(context: CommandContext, mailboxes: Sequence[Mailbox]) -> None:
    settings = context.settings.model_copy(update={"mailboxes": tuple(mailboxes)})
    listening = _listen(settings)
    # uvicorn hands a signal on when it has ended; what else runs is then ended by the contexts around it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), sandbox(settings, context.consultation, workers=1) as children:
        waiting_less = sessions(open_store(settings.database_url, WAITS_FOR_REQUESTS))
        site = create_app(waiting_less, settings, now, partial(_content, children))
        host, port = listening.getsockname()[:2]
        typer.echo(f"Open http://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl-C ends it).")
        config = uvicorn.Config(
            site,
            http=partial(BoundedHttp, settings.largest_request),  # type: ignore[arg-type]  # it makes a protocol
            log_config=None,
            access_log=False,
            ws="none",
            proxy_headers=False,  # the guard knows which proxies there are
            server_header=False,
            timeout_graceful_shutdown=LINGERS,
        )
        uvicorn.Server(config).run(sockets=[listening])


def _content(children: Sandbox, raw: bytes, sha256: str) -> bytes | None:
    try:
        found = children.run(content_of, (raw, sha256))
    except (ReaderNotStarted, Interrupted) as error:
        log.warning("download=%s error=%r", sha256, str(error))
        return None
    return None if isinstance(found, ReaderCrashed) else found


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named TCP, so that asyncio sends the end of an answer at once instead of after the client's delayed ACK of 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen()
    except OSError as error:
        raise WrongSettings(f"port: {settings.port} on {settings.host} cannot be used: {error.strerror}") from error
    return listening
