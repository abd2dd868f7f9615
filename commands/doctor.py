"""The command that looks at everything that a service needs, and says of each thing that is wrong what to do."""

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import typer
from pydantic import BaseModel
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from clamd import why_away
from commands.context import AsJson
from commands.opening import shown_url
from commands.senders import why_unverified
from consultation.health import span_in_words
from consultation.polling import night_after
from credentials import DOCKER, place_of
from ingest.asking import try_model
from ingest.convert import missing_programs
from ingest.isolation import missing_isolation
from ingest.mailbox import connect
from ingest.mailbox_errors import Unreachable, WrongMailbox
from outgoing.certificates import ends_at, mailbox_servers, tls_servers
from outgoing.errors import NotAccepted, NotNow
from outgoing.smtp import try_smtp
from settings import LOOPBACK, Mailbox, Settings, WrongSettings, file_of_settings, load
from store.accounts import has_accounts
from store.alarms import active_alarms
from store.disk_space import disk_spaces
from store.reads.polls import read_last_polls
from store.session import open_store, schema_of, sessions
from store.shipped import shipped_draft

State = Literal["ok", "FAILED", "note"]
OTHERS = 0o077
"""The rights of a group and of all."""
STRANGERS = 0o007
"""The rights of all: settings may be root's, and readable for the service's group."""
SECRET_FILES = (
    "password_file", "database_password_file", "client_secret_file", "key_file", "certificate_file",
    "service_account_file", "token_file",
)  # fmt: skip
OFFICE_SOCKETS = ("/tmp", "/var/tmp")  # noqa: S108 - where LibreOffice has its socket, whatever TMPDIR says
SECONDS = 10.0
"""In which another machine must answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing. A note is no failure: it says what one may want to know."""

    what: str
    state: State
    said: str
    do: str = ""


def doctor(as_json: AsJson = False) -> None:
    """Looks at settings, store, folders, room, clock, programs, mailboxes, mail server, certificates, model, proxy and
    addresses; says of each what is wrong and what to do. Exit 1 where one fails. Nothing is changed, nothing is sent.
    """
    found: list[Finding] = []
    for one in findings():
        found.append(one)
        if not as_json:
            typer.echo(_line(one))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    sys.exit(1 if any(one.state == "FAILED" for one in found) else 0)


def _line(one: Finding) -> str:
    return f"{one.state:6} {one.what}: {one.said}" + (f"\n       → {one.do}" if one.do else "")


def findings() -> Iterator[Finding]:
    """All that is found, one by one."""
    try:
        settings = load()
    except WrongSettings as error:
        yield Finding("settings", "FAILED", str(error), "docs/settings.md says what each may be")
        yield from _programs("")
        return
    for look in LOOKS:
        yield from look(settings)


def _settings(settings: Settings) -> Iterator[Finding]:
    file = file_of_settings()
    if not file.is_file():
        yield Finding("settings", "ok", f"there is no {file}; what is not in the environment has its default")
    elif file.stat().st_mode & STRANGERS and "password" in file.read_text("utf-8", "replace"):
        yield Finding(
            "settings", "FAILED", f"others on this machine can read the passwords in {file}", f"chmod 600 {file}"
        )
    else:
        yield Finding("settings", "ok", str(file))
    if not settings.mailboxes:
        yield Finding("mailboxes", "note", "none is set: `kunming run` shows the sample mails")
    if not (settings.alerts.to or settings.alerts.webhook):
        yield Finding("alerts", "note", "alerts have no recipient", "set alerts.to or alerts.webhook")
    if settings.alerts.ping_url is None:
        yield Finding("alerts", "note", "nobody notices when this machine is off at night", "set alerts.ping_url")


def _secret_files(settings: Settings) -> Iterator[Finding]:
    """Files with a secret that others on this machine can read; those of systemd and Docker are theirs to guard."""
    for name, file in secret_files(settings):
        place = place_of(file)
        if place.parent == DOCKER or not place.is_file() or not place.stat().st_mode & STRANGERS:
            continue
        yield Finding(name, "FAILED", f"others on this machine can read {place}", f"chmod 600 {place}")


def secret_files(part: BaseModel, within: str = "") -> Iterator[tuple[str, Path]]:
    """The settings that name a file with a secret, and the files."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, BaseModel):
                yield from secret_files(one, f"{within}{name}.")
            elif isinstance(one, Path) and name in SECRET_FILES:
                yield f"{within}{name}", one


def _store(settings: Settings) -> Iterator[Finding]:
    url, where = settings.database_url, shown_url(settings.database_url)
    try:
        schema = schema_of(url)
    except (SQLAlchemyError, OSError) as error:
        cause = " ".join(str(getattr(error, "orig", None) or error).split())
        yield Finding("store", "FAILED", f"{where}: {cause}", "see that it runs, and that database_url is right")
        return
    match schema.state:
        case "none":
            yield Finding("store", "note", f"{where}: there is none yet; `kunming run` makes it")
        case "current":
            yield Finding("store", "ok", f"{where}: schema {schema.have}")
            yield from _in_store(settings)
        case "older":
            yield Finding("store", "FAILED", f"{where}: schema {schema.have} of an older version", "kunming upgrade")
        case "newer":
            yield Finding(
                "store", "FAILED", f"{where}: schema {schema.have} of a newer version", "install that version"
            )


def _in_store(settings: Settings) -> Iterator[Finding]:
    engine = open_store(settings.database_url)
    try:
        with sessions(engine)() as session:
            standing, guarded = active_alarms(session), has_accounts(session)
            ends = read_last_polls(session).last_good.values()
            unverified, do = why_unverified(settings, session)
    finally:
        engine.dispose()
    for one in standing:
        yield Finding("alarm", "note", f"{one.alarm.key}: {one.alarm.words} (since {one.since:%Y-%m-%d %H:%M} UTC)")
    if unverified and settings.mailboxes:
        yield Finding("senders", "note" if settings.authserv_id is None else "FAILED", unverified, do)
    yield from _reach_of(settings, guarded=guarded)
    if any(end > datetime.now(UTC) for end in ends):
        yield Finding("clock", "FAILED", "the last good poll is in the future", "set the clock of this machine")


def _reach_of(settings: Settings, *, guarded: bool) -> Iterator[Finding]:
    open_to_all = settings.host not in LOOPBACK and not (guarded or settings.openid or settings.proxy)
    if open_to_all:
        yield Finding("accounts", "FAILED", f"host = {settings.host}, and there is no account", "kunming account add")


def _folders(settings: Settings) -> Iterator[Finding]:
    address = make_url(settings.database_url)
    if address.get_backend_name() == "sqlite":
        folder = Path(address.database or "").resolve().parent
        yield _folder(folder)
    if not any(os.access(place, os.W_OK) for place in OFFICE_SOCKETS):
        said = "neither /tmp nor /var/tmp is writable: LibreOffice starts nowhere else, and old files stay unread"
        yield Finding("folder", "FAILED", said, "mount a tmpfs there (docker run --tmpfs /tmp, PrivateTmp=yes)")
    for disk in disk_spaces(settings.database_url):
        free = f"{disk.free / 1e9:.1f} GB are free in {disk.folder}"
        little = disk.free < settings.alerts.least_free
        yield Finding("room", "FAILED" if little else "ok", free, "make room, or give it more" if little else "")


def _folder(folder: Path) -> Finding:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return Finding("folder", "FAILED", f"{there} is not writable for this user", "chown it, or start as its owner")
    if there == folder and folder.stat().st_mode & OTHERS:
        return Finding("folder", "FAILED", f"others on this machine can look into {folder}", f"chmod 700 {folder}")
    return Finding("folder", "ok", str(folder))


def _clock(settings: Settings) -> Iterator[Finding]:
    now = datetime.now(ZoneInfo(settings.timezone))
    night = night_after(settings.nightly_at, settings.timezone, now).astimezone(now.tzinfo)
    at, next_night = now.isoformat(" ", "minutes"), night.isoformat(" ", "minutes")
    yield Finding("time zone", "ok", f"it is {at} in {settings.timezone}; the next nightly poll is at {next_night}")
    if shutil.which("timedatectl"):
        ended = subprocess.run(
            ["timedatectl", "show", "-p", "NTPSynchronized", "--value"],
            capture_output=True, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
        if ended.stdout.strip() == "no":
            yield Finding("clock", "note", "it is not kept right by a time server", "timedatectl set-ntp true")


def _programs_of(settings: Settings) -> Iterator[Finding]:
    yield from _programs(settings.database_url)


def _programs(url: str) -> Iterator[Finding]:
    missing = [*missing_programs(postgresql=url.startswith("postgresql")), *missing_isolation()]
    if not missing:
        yield Finding("programs", "ok", "all programs beside Python are installed")
    for line in missing:
        yield Finding("programs", "FAILED", line)


def _mailboxes(settings: Settings) -> Iterator[Finding]:
    for mailbox in settings.mailboxes:
        yield _mailbox(mailbox)


def _mailbox(mailbox: Mailbox) -> Finding:
    what = f"mailbox {mailbox.name}"
    try:
        with connect(mailbox) as connection:
            counts = [f"{folder} {connection.examine(folder).messages} mails" for folder in mailbox.folders]
    except WrongMailbox as error:
        return Finding(what, "FAILED", str(error), "the setting at the beginning of the line is wrong")
    except Unreachable as error:
        return Finding(what, "FAILED", str(error), "see that the server runs and a firewall lets this machine through")
    return Finding(what, "ok", ", ".join(counts))


def _mail_server(settings: Settings) -> Iterator[Finding]:
    if settings.smtp is None:
        return
    try:
        said = try_smtp(settings.smtp)
    except (NotNow, NotAccepted, WrongSettings) as error:
        yield Finding("mail server", "FAILED", str(error), "the setting at the beginning of the line is wrong")
    else:
        yield Finding("mail server", "ok", f"{settings.smtp.host}:{settings.smtp.at_port} says {said}")


def _certificates(settings: Settings) -> Iterator[Finding]:
    for server in dict.fromkeys([*mailbox_servers(settings), *tls_servers(settings)]):
        try:
            left = ends_at(server) - datetime.now(UTC)
        except ssl.SSLCertVerificationError as error:
            yield Finding(server.name, "FAILED", error.verify_message, "renew it, or name its authority in ca_file")
            continue
        except OSError as error:
            yield Finding(server.name, "FAILED", str(error), "see that the server runs and can be reached from here")
            continue
        soon = left.days < settings.alerts.days_before
        yield Finding(
            server.name, "FAILED" if soon else "ok", f"ends in {span_in_words(left)}", "renew it" if soon else ""
        )


def _model(settings: Settings) -> Iterator[Finding]:
    if settings.model is not None:
        works, said = try_model(settings.model, shipped_draft())
        what = f"The model {settings.model.name} at {settings.model.url}"
        yield Finding(what, "ok" if works else "FAILED", said, "" if works else "see [model] in docs/settings.md")


def _addresses(settings: Settings) -> Iterator[Finding]:
    """Webhook, ping and provider: that they can be reached. They are not called: that would tell them something."""
    alerts = settings.alerts
    for name, secret in (("alerts.webhook", alerts.webhook), ("alerts.ping_url", alerts.ping_url)):
        if secret is not None:
            yield _reach(name, secret.get_secret_value())
    if settings.openid is not None:
        yield _reach("openid.issuer", settings.openid.issuer)
    if settings.public_url is not None:
        yield _reach("public_url", settings.public_url)


def _reach(name: str, url: str) -> Finding:
    address = urlsplit(url)
    port = address.port or (443 if address.scheme == "https" else 80)
    where = f"{address.hostname}:{port}"
    if _proxy_for(address.scheme):
        return Finding(name, "note", f"{where} is reached through the proxy {_proxy_for(address.scheme)}")
    try:
        socket.create_connection((address.hostname or "", port), SECONDS).close()
    except OSError as error:
        return Finding(name, "FAILED", f"{where}: {error}", "see the address, the network and the firewall")
    return Finding(name, "ok", f"{where} can be reached")


def _proxy_for(scheme: str) -> str:
    """The proxy that the environment names for what leaves, without a password in its address."""
    said = os.environ.get(f"{scheme}_proxy") or os.environ.get(f"{scheme.upper()}_PROXY") or ""
    return said.rpartition("@")[2]


def _scanner(settings: Settings) -> Iterator[Finding]:
    if settings.clamd is not None:
        away = why_away(settings.clamd)
        do = "see that clamd runs, and that this user may open its socket"
        yield Finding("virus scanner", "FAILED" if away else "ok", away or str(settings.clamd), do if away else "")


def _proxy(settings: Settings) -> Iterator[Finding]:
    """The proxy in front."""
    proxy = settings.proxy
    if proxy is None:
        return
    if any(network.prefixlen == 0 for network in proxy.addresses):
        said = "addresses = everybody: whoever asks could say who he is"
        yield Finding("proxy", "FAILED", said, "set proxy.addresses to those of the proxy alone")
    else:
        yield Finding("proxy", "ok", f"believed from {', '.join(map(str, proxy.addresses))}")


LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _settings, _secret_files, _store, _folders, _clock, _programs_of, _mailboxes, _mail_server, _certificates, _model,
    _scanner, _proxy, _addresses,
)  # fmt: skip
"""In the order in which one sets a service up."""
