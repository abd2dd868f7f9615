"""Settings, read once from the environment (`KUNMING_…`) and `kunming.toml`."""

import json
import os
import re
import tomllib
from contextlib import suppress
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from consultation.health import AlarmLimits
from credentials import NoSecret, secret_in_file
from mailbox_settings import LOOPBACK, Mailbox, OAuth2, bare_host, is_of_mailbox, with_environment

__all__ = [
    "LOOPBACK",
    "Alerts",
    "Canary",
    "Mailbox",
    "Model",
    "OAuth2",
    "OpenID",
    "Proxy",
    "Receipts",
    "Retention",
    "Role",
    "Settings",
    "Smtp",
    "WrongSettings",
    "load",
    "secret_in",
]

Role = Literal["reader", "reviewer", "operator"]
CONFIG = "KUNMING_CONFIG"
"""The variable of the environment that names the file of the settings."""
DEFAULT_FILE = "kunming.toml"
_TIME_OF_DAY = r"^([01]\d|2[0-3]):[0-5]\d$"


class WrongSettings(Exception):
    """The settings cannot be used; the message is one line that names the one that is wrong."""

    exit_code = 2


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone of the tz database, as Europe/Paris") from error
    return name


def _store_address(url: str) -> str:
    """The message does not repeat the address: it may hold a password."""
    expected = "it should be sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ValueError(f"no address of a store ({type(error).__name__}): {expected}") from None
    if address.drivername not in ("sqlite", "postgresql+psycopg") or not address.database:
        raise ValueError(expected)
    return url


def _origin(url: str) -> str:
    """Without the slash at the end."""
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname or address.query or address.fragment:
        raise ValueError(f"{url!r}: it should be as https://comments.example.org or https://example.org/comments")
    return url.rstrip("/")


class Model(BaseModel):
    """A language model that reads beside the rules, behind an endpoint with the chat-completions protocol. Without one
    nothing is asked; docs/model.md says what leaves the house.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    url: str = Field(pattern=r"^https?://[^\s/]+")
    """Up to where /chat/completions follows, as http://127.0.0.1:8000/v1."""
    name: str = Field(min_length=1)
    """The model, as the endpoint calls it."""
    key: SecretStr | None = None
    """The endpoint's key."""
    key_file: Path | None = None
    """A file that holds the key and nothing else."""
    ask: Literal["doubtful", "all"] = "doubtful"
    """About the mails in which anything is unread or unsure, or about all."""
    trust: Literal["review", "verified"] = "review"
    """Whether what the model alone has read always needs review, or only where a check leaves a doubt."""
    timeout: float = Field(default=120.0, gt=0)
    """Seconds for one answer; a small model on a processor takes one or two minutes."""
    concurrency: int = Field(default=2, ge=1, le=64)
    """Questions that are asked at the same time."""
    tokens_per_day: int | None = Field(default=None, ge=1)
    """The budget: with more used in the last 24 hours nothing is asked until later."""
    structured: bool = True
    """Whether the form of the answer is sent along (response_format); some endpoints refuse it."""
    parameters: dict[str, Any] = {"temperature": 0}
    """What else is sent with each question, as {"temperature": 0, "max_tokens": 8000}."""
    plain_http_to_other_machines: bool = False
    """Lets mails, and the key, go over the network unprotected."""
    ca_file: Path | None = None
    """Certificates of an authority that the system does not know."""

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine."""
        return urlsplit(self.url).hostname in LOOPBACK

    @model_validator(mode="after")
    def _checks(self) -> "Model":
        if self.key is not None and self.key_file is not None:
            raise ValueError("key and key_file: give one of them")
        if self.url.startswith("http:") and not (self.is_here or self.plain_http_to_other_machines):
            raise ValueError(
                f"url = {self.url!r} would send mails over the network unprotected; use https, or say "
                "plain_http_to_other_machines = true"
            )
        return self


class Smtp(BaseModel):
    """The mail server that mail goes out through: alerts, the morning's summary, receipts. Without one none is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    host: Annotated[str, BeforeValidator(bare_host)] = Field(min_length=1)
    """The server's name or address."""
    port: int | None = Field(default=None, ge=1, le=65535)
    """Usually 587 for starttls, 465 for tls and 25 for plain, which are taken where none is set."""
    user: str | None = None
    """Without one there is no login."""
    password: SecretStr | None = None
    """The password itself; better in `password_file`."""
    password_file: Path | None = None
    """A file that holds the password and nothing else."""
    security: Literal["starttls", "tls", "plain"] = "starttls"
    """tls from the first byte; starttls, or nothing is sent; plain only to this machine, or without a password."""
    sender: str = Field(min_length=3)
    """The address that mail comes from, as secretariat@example.org or Secretariat <secretariat@example.org>."""
    ca_file: Path | None = None
    """Certificates of an authority that the system does not know."""
    timeout: float = Field(default=60.0, gt=0)
    """Seconds that the server may be silent."""

    @property
    def at_port(self) -> int:
        return self.port or {"starttls": 587, "tls": 465, "plain": 25}[self.security]

    def secret(self) -> str | None:
        """The password, from wherever it is. Raises WrongSettings where the file cannot be read."""
        if self.password is not None:
            return self.password.get_secret_value()
        return None if self.password_file is None else secret_in(self.password_file, "smtp.password_file")

    @model_validator(mode="after")
    def _checks(self) -> "Smtp":
        if self.password is not None and self.password_file is not None:
            raise ValueError("password and password_file: give one of them")
        if self.user is not None and self.password is None and self.password_file is None:
            raise ValueError("user: a password or a password_file belongs to it")
        if self.security == "plain" and self.user is not None and self.host not in LOOPBACK:
            raise ValueError(f"security = plain would send the password to {self.host} unprotected")
        if "@" not in parseaddr(self.sender)[1]:
            raise ValueError(f"sender = {self.sender!r} is not a mail address")
        return self


def secret_in(file: Path, name: str) -> str:
    """The secret that a file holds, without the line's end. Raises WrongSettings, which names the setting."""
    try:
        return secret_in_file(file)
    except NoSecret as error:
        raise WrongSettings(f"{name}: {error}") from error


class Alerts(BaseModel):
    """Who is notified when something breaks, once, and once more when it is mended."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    to: tuple[str, ...] = ()
    """Addresses for mail, which goes out through [smtp]."""
    webhook: SecretStr | None = None
    """An address that takes a POST of JSON with the fields text, alarm, about, state and at."""
    ping_url: SecretStr | None = None
    """An address that is called after each good night: when it is not, the one who waits there raises the alarm."""
    least_free_mb: float = Field(default=500.0, ge=0)
    """With less room than that on a disk that is written to, there is an alarm."""
    days_before: float = Field(default=14.0, ge=0)
    """How many days before a token, certificate or secret expires this is reported."""

    @property
    def least_free(self) -> int:
        """Bytes."""
        return int(self.least_free_mb * 1_000_000)


class Summary(BaseModel):
    """The morning's mail to the drafters: what came, what needs review, who has not answered."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    to: tuple[str, ...] = ()
    """Addresses; it goes out through [smtp]."""
    at: str = Field(default="07:00", pattern=_TIME_OF_DAY)
    """When, in `timezone`."""


class Proxy(BaseModel):
    """The proxy in front: what it says of a request is believed, from its own addresses alone."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    addresses: tuple[IPvAnyNetwork, ...] = Field(min_length=1)
    """From which it asks, as ["127.0.0.1", "10.1.0.0/24"]. Its X-Forwarded-For and X-Forwarded-Proto count."""
    user_header: str | None = Field(default=None, pattern=r"^[A-Za-z][A-Za-z0-9-]*$")
    """The header in which it names who has logged in at it, as Remote-User; it must strike out what comes from outside
    under that name.
    """
    new_users: Role | None = None
    """The role of a user that it names for the first time; without it only accounts that are there get in."""


class OpenID(BaseModel):
    """Log-in at a provider of OpenID Connect, as Entra ID and Keycloak."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    issuer: Annotated[str, AfterValidator(_origin)]
    """Up to where /.well-known/openid-configuration follows, as https://login.microsoftonline.com/TENANT/v2.0 or
    https://keycloak.example.org/realms/REALM.
    """
    client_id: str = Field(min_length=1)
    """The ID under which this program is registered at the provider."""
    client_secret: SecretStr | None = None
    """The secret itself; better in `client_secret_file`."""
    client_secret_file: Path | None = None
    """A file that holds the secret and nothing else."""
    scopes: str = "openid profile email"
    """What the provider is asked for."""
    name_claim: str = "preferred_username"
    """What the account is called, when one logs in for the first time."""
    groups_claim: str = "groups"
    """The claim with the groups; of Entra ID also `roles`, of Keycloak one that a mapper puts in. A dot leads into an
    object, as realm_access.roles.
    """
    roles: dict[str, Role] = Field(default_factory=dict)
    """By group: the role. Of several the one that may most counts; it is set again at each log-in."""
    default_role: Role | None = None
    """The role of those who are in none of the groups; without it they do not get in."""
    label: str = "Log in with your organisation’s account"
    """What the button says."""

    @model_validator(mode="after")
    def _checks(self) -> "OpenID":
        if self.client_secret is not None and self.client_secret_file is not None:
            raise ValueError("client_secret and client_secret_file: give one of them")
        address = urlsplit(self.issuer)
        if address.scheme != "https" and address.hostname not in LOOPBACK:
            raise ValueError(f"issuer = {self.issuer!r}: tokens would go over the network unprotected; use https")
        if not self.roles and self.default_role is None:
            raise ValueError("roles: without any, and without default_role, nobody would get in")
        return self


class Canary(BaseModel):
    """A mail that is sent every night through [smtp], and must come back by itself into a mailbox that is polled."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    to: tuple[str, ...] = ()
    """Addresses whose mail arrives in a mailbox that is polled."""
    at: str = Field(default="02:00", pattern=_TIME_OF_DAY)
    """When it is sent, in `timezone`: before `nightly_at`."""
    within_hours: float = Field(default=6.0, gt=0, le=23)
    """When it has not come back by then, there is an alarm."""


class Retention(BaseModel):
    """How many days mail is kept; without a rule for ever. What is erased stays in the ledger (docs/keeping.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    spam_days: int | None = Field(default=None, ge=1)
    """Spam in which nothing needs review."""
    automatic_days: int | None = Field(default=None, ge=1)
    """Automatic replies and bounces in which nothing needs review."""
    all_days_after_deadline: int | None = Field(default=None, ge=30)
    """Everything, comments too."""


class Receipts(BaseModel):
    """Whether a delegation whose sender is verified is sent what was received and understood; docs/receipts.md."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    on: bool = False
    """Whether receipts are sent at all."""
    to_one_address_a_day: int = Field(default=5, ge=1)
    """Receipts to one address in 24 hours; what is beyond waits."""
    in_an_hour: int = Field(default=60, ge=1)
    """Receipts in all; what is beyond waits."""


class Settings(BaseSettings):
    """Everything that can be set. The environment wins over the file; KUNMING_MAILBOXES is JSON."""

    model_config = SettingsConfigDict(
        env_prefix="KUNMING_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
    )

    database_url: Annotated[str, AfterValidator(_store_address)] = "sqlite:///data/kunming.sqlite"
    """The store: sqlite:///FILE, with four slashes for an absolute path, or postgresql+psycopg://USER@HOST/NAME."""
    database_password_file: Path | None = None
    """A file that holds the password of PostgreSQL and nothing else, so that it need not be in `database_url`."""
    mailboxes: tuple[Mailbox, ...] = ()
    """What is polled; `[[mailboxes]]` for each. Without any, `run` shows the sample mails."""
    model: Model | None = None
    """A language model beside the rules."""
    smtp: Smtp | None = None
    """The mail server that mail goes out through."""
    alerts: Alerts = Alerts()
    """Who is notified when something breaks."""
    summary: Summary = Summary()
    """The morning's mail to the drafters."""
    receipts: Receipts = Receipts()
    """Answers to delegations, saying what was received and understood."""
    retention: Retention = Retention()
    """How long mail is kept."""
    canary: Canary = Canary()
    """A test mail every night."""
    host: Annotated[str, BeforeValidator(bare_host)] = "127.0.0.1"
    """The address that is listened on: 0.0.0.0 and :: are all; only 127.0.0.1 works without accounts."""
    port: int = Field(default=8015, ge=0, le=65535)
    """0 takes any free port."""
    public_url: Annotated[str, AfterValidator(_origin)] | None = None
    """Where people reach it, as https://example.org/comments. Its host is allowed, its path is put before every link,
    and with https cookies are sent over TLS alone.
    """
    allowed_hosts: tuple[str, ...] = ()
    """Names beside that of public_url, and of this machine to itself, that a request may ask for."""
    proxy: Proxy | None = None
    """The proxy in front."""
    openid: OpenID | None = None
    """Log-in through OpenID Connect."""
    clamd: Path | None = None
    """The socket of clamd: mails and their Parts are scanned for viruses when they are read, and before they are given
    out; while it does not answer, none is given out.
    """
    login_hours: float = Field(default=12.0, gt=0, le=24 * 31)
    """How long one stays logged in."""
    largest_request_mb: float = Field(default=1.0, gt=0, le=1000)
    """The largest body of a request; a larger one is refused before it is read."""
    nightly_at: str = Field(default="03:00", pattern=_TIME_OF_DAY)
    """When every mailbox is polled, and all its UIDs compared with the ledger; in `timezone`."""
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """The zone of `nightly_at` and `summary.at`, and of the times that are shown, by its name in the tz database."""
    poll_every_minutes: int | None = Field(default=None, ge=1)
    """How often mailboxes are polled beside the nightly poll; not, where it is not set."""
    largest_mail_mb: float = Field(default=60.0, gt=0)
    """Of a larger mail only the headers and the list of its parts are kept, and it needs review."""
    read_seconds: float = Field(default=60.0, gt=0)
    """How long the reading of one mail may take."""
    read_memory_mb: int = Field(default=2048, ge=512)
    """Address space of a child that reads; a mail of 60 MB in short lines takes more than one GB of it."""
    read_workers: int = Field(default=2, ge=1, le=64)
    """How many mails are read at the same time."""
    authserv_id: str | None = None
    """The server whose Authentication-Results are believed, by the name that it gives itself there (RFC 8601)."""
    believe_directory: bool = False
    """Without authserv_id: whether a mail from an address of the directory is believed to be its sender's own, and may
    take an earlier one's place. Only where the mail server refuses forged mail itself; docs/who.md.
    """
    official_file: Path | None = None
    """The draft's own Word file (.docx): compilations with tracked changes are written into it and keep its formatting.
    Where it does not fit the draft in use, a document is made of the draft's text, and says why.
    """
    log_format: Literal["text", "json"] = "text"
    """text: time, level and key=value; json: the same as an object a line."""
    log_level: Literal["debug", "info", "warning", "error"] | None = None
    """Where none is set: info for `run` and `serve`, warning for the other commands."""
    deadline_utc_offset_hours: float = Field(default=-12, ge=-14, le=14)
    """When the deadline's day ends: UTC-12 is when it has ended everywhere on Earth."""

    @property
    def largest_mail(self) -> int:
        """Bytes."""
        return int(self.largest_mail_mb * 1_000_000)

    @property
    def poll_interval(self) -> timedelta:
        """How often each mailbox is polled: once a night at the least."""
        every = self.poll_every_minutes
        return timedelta(days=1) if every is None else timedelta(minutes=every)

    @property
    def largest_request(self) -> int:
        """Bytes."""
        return int(self.largest_request_mb * 1_000_000)

    @property
    def root_path(self) -> str:
        """The path of public_url; empty at the root of a host."""
        return urlsplit(self.public_url or "").path

    @property
    def is_https(self) -> bool:
        """Whether people reach it over TLS."""
        return urlsplit(self.public_url or "").scheme == "https"

    @property
    def asks_for_login(self) -> bool:
        """Whether the settings alone, without an account, make everything ask for a login."""
        return any((self.public_url, self.proxy, self.openid))

    @property
    def limits(self) -> AlarmLimits:
        """From where on something is wrong."""
        return AlarmLimits(
            self.poll_interval,
            self.alerts.least_free,
            timedelta(days=self.alerts.days_before),
            timedelta(hours=self.canary.within_hours),
        )

    @property
    def deadline_offset(self) -> timedelta:
        return timedelta(hours=self.deadline_utc_offset_hours)

    @model_validator(mode="after")
    def _checks(self) -> "Settings":
        names = [mailbox.name for mailbox in self.mailboxes]
        if len(set(names)) < len(names):
            raise ValueError("mailboxes: two of them have the same name")
        if self.receipts.on and self.smtp is None:
            raise ValueError("receipts.on: mail goes out through [smtp], which is not set")
        if self.receipts.on and self.authserv_id is None:
            raise ValueError("receipts.on: without authserv_id no sender is verified, and none is answered")
        if self.believe_directory and self.authserv_id is not None:
            raise ValueError("believe_directory: with authserv_id that server's verdicts alone are believed")
        for name, to in (("alerts", self.alerts.to), ("summary", self.summary.to), ("canary", self.canary.to)):
            if to and self.smtp is None:
                raise ValueError(f"{name}.to: mail goes out through [smtp], which is not set")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = TomlConfigSettingsSource(settings_cls, file_of_settings())
        return init_settings, _SingleMailboxes(settings_cls, env_settings, file), env_settings, file


class _SingleMailboxes(PydanticBaseSettingsSource):
    """The mailboxes, where variables of the environment set single ones of them."""

    def __init__(self, settings_cls: type[BaseSettings], *others: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        self._others = others

    def get_field_value(self, _field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        if not any(is_of_mailbox(name) for name in os.environ):
            return {}
        said = (source().get("mailboxes") for source in self._others)
        return {"mailboxes": with_environment(next((one for one in said if one is not None), ()), os.environ)}


def load(**overrides: Any) -> Settings:
    """The Settings; WrongSettings with one line that names what is wrong."""
    given = [name for name in os.environ if name.startswith("KUNMING_") and name != CONFIG]
    known = {*Settings.model_fields}
    unknown = [name for name in given if name[8:].lower().split("__")[0] not in known and not is_of_mailbox(name)]
    if unknown:
        raise WrongSettings(f"{unknown[0]}: no such setting")
    file = file_of_settings()
    try:
        return _with_database_password(Settings(**overrides))
    except (ValidationError, SettingsError, ValueError, OSError) as error:
        raise WrongSettings(_explain(error, file)) from error


def _with_database_password(settings: Settings) -> Settings:
    """With the password in the address of the store, where it is in a file."""
    file = settings.database_password_file
    if file is None:
        return settings
    address = make_url(settings.database_url).set(password=secret_in(file, "database_password_file"))
    return settings.model_copy(update={"database_url": address.render_as_string(hide_password=False)})


def _explain(error: Exception, file: Path) -> str:
    """What is wrong with the settings, in a line."""
    match error:
        case ValidationError():
            return _one_line(error, file)
        case SettingsError():
            named = re.search(r'field "(\w+)"', str(error))
            return f"KUNMING_{named[1].upper() if named else '…'}: not JSON: {error.__cause__ or error}"
        case UnicodeDecodeError():
            return f"{file}: not UTF-8 text"
        case OSError():
            return f"{file}: {error.strerror}"
    return f"{file}: {error}"


def file_of_settings() -> Path:
    """The file of the settings; the usual one need not be there."""
    named = os.environ.get(CONFIG)
    if named and not Path(named).is_file():
        raise WrongSettings(f"{CONFIG} or --config: there is no file {named}")
    return Path(named or DEFAULT_FILE)


def _one_line(error: ValidationError, file: Path) -> str:
    """The first thing that is wrong, by the name that the documentation gives the setting."""
    first = error.errors()[0]
    name = _name_of(first["loc"], file)
    message = _MESSAGES.get(first["type"], first["msg"]).removeprefix("Value error, ")
    message = message.replace("Input should be", "it should be")
    if first["type"] in _WITH_VALUE and not name.endswith(("password", "secret")):
        message = f"{first['input']!r}: {message}"
    # a check of several settings names the one that it is about
    within = first["type"] == "value_error" and re.match(r"\w+: ", message)
    return f"{name}{'.' if within else ': '}{message}" if name else message


def _name_of(place: tuple[int | str, ...], file: Path) -> str:
    """A mailbox by its own name, as in messages about its server; by its number where it has none."""
    parts = [str(part) for part in place]
    if len(place) > 1 and isinstance(place[1], int):
        with suppress(OSError, ValueError, LookupError, TypeError):
            given = os.environ.get("KUNMING_MAILBOXES")
            said = {} if given or not file.is_file() else tomllib.loads(file.read_text("utf-8"))
            mailboxes = json.loads(given) if given else said.get("mailboxes", ())
            parts[1] = str(with_environment(mailboxes, os.environ)[place[1]]["name"])
    return ".".join(parts)


_MESSAGES = {
    "missing": "it is not set",
    "extra_forbidden": "no such setting",
    "string_pattern_mismatch": "not a time of day such as 03:00",
    "string_too_short": "it is empty",
}
_WITH_VALUE = (
    "string_pattern_mismatch", "int_parsing", "float_parsing", "bool_parsing", "literal_error", "greater_than",
    "greater_than_equal", "less_than", "less_than_equal",
)  # fmt: skip
