"""The settings of mailboxes: how each is reached, and what opens it."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PREFIX = "KUNMING_MAILBOX_"
"""What variables of the environment begin with that set one mailbox."""
_LISTS = ("folders", "password_command")
"""What a variable gives as words with commas, or blanks, between them."""


def bare_host(host: object) -> object:
    """The address in `[::1]`, which is how URLs write it."""
    return host[1:-1] if isinstance(host, str) and host.startswith("[") and host.endswith("]") else host


def _https(address: str | None) -> str | None:
    if address is not None and not re.match(r"https://[^\s/]+", address):
        raise ValueError(f"{address!r} is not an https:// address")
    return address


class OAuth2(BaseModel):
    """How a mailbox is opened at Microsoft 365 or Google, which take no passwords from programs."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    provider: Literal["microsoft", "google"]
    """Whose mailbox it is."""
    flow: Literal["client-credentials", "device"] = "client-credentials"
    """client-credentials: an app of one's own, or a service account, to which the mailbox was opened. device: a person
    who may read the mailbox logs in once (`kunming mailbox login NAME`), with a browser on any machine.
    """
    tenant: str = Field(default="organizations", min_length=1)
    """The directory at Microsoft: its ID or its domain."""
    client_id: str = ""
    """The ID of the app, as the provider shows it."""
    client_secret: SecretStr | None = None
    """The secret itself; better in `client_secret_file`."""
    client_secret_file: Path | None = None
    """A file that holds the secret and nothing else; a bare name is that of a credential of systemd or Docker."""
    secret_expires: date | None = None
    """When the client secret ends: the provider shows that when it makes one, and tells no program."""
    certificate_file: Path | None = None
    """A certificate and its key in PEM, instead of a client secret (Microsoft)."""
    service_account_file: Path | None = None
    """The key of a service account in JSON, for the client-credentials flow at Google."""
    token_file: Path | None = None
    """Where tokens are kept between two polls; data/tokens/NAME.json where it is not set."""
    authority: Annotated[str | None, AfterValidator(_https)] = None
    """Another address than login.microsoftonline.com or oauth2.googleapis.com, as that of a national cloud."""
    scope: str | None = None
    """Another scope than that of the mail of outlook.office.com or mail.google.com."""
    ca_file: Path | None = None
    """Certificates of an authority that the system does not know, for the provider's address."""

    @model_validator(mode="after")
    def _checks(self) -> "OAuth2":
        secrets = [self.client_secret, self.client_secret_file, self.certificate_file]
        given = sum(secret is not None for secret in secrets)
        if given > 1:
            raise ValueError("client_secret, client_secret_file and certificate_file: give one of them")
        by_service_account = self.provider == "google" and self.flow == "client-credentials"
        if by_service_account != (self.service_account_file is not None):
            raise ValueError("service_account_file: it goes with provider = google and flow = client-credentials")
        if not by_service_account and not self.client_id:
            raise ValueError("client_id: it is not set")
        needs_secret = (self.provider, self.flow) in (("microsoft", "client-credentials"), ("google", "device"))
        if needs_secret and not given:
            raise ValueError("client_secret: it is not set, nor client_secret_file, nor certificate_file")
        return self


class Mailbox(BaseModel):
    """One mailbox to poll. `name` is what arrivals are kept under: do not change it for a mailbox already polled."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: str = Field(min_length=1)
    """What its arrivals are kept under: do not change it for a mailbox that was polled."""
    host: Annotated[str, BeforeValidator(bare_host)] = Field(min_length=1)
    """The IMAP server's name or address."""
    port: int = Field(default=993, ge=1, le=65535)
    """993 for tls, usually 143 for starttls."""
    user: str = Field(min_length=1)
    """The name that logs in, mostly the address."""
    password: SecretStr | None = None
    """The password itself; better in `password_file`, or by `password_command`."""
    password_file: Path | None = None
    """A file that holds the password and nothing else; a bare name is that of a credential of systemd or Docker."""
    password_command: tuple[str, ...] = ()
    """A program and its arguments, whose first line is the password; no shell is between."""
    oauth2: OAuth2 | None = None
    """Tokens instead of a password."""
    folders: tuple[str, ...] = ("INBOX",)
    """The folders that are polled."""
    read_junk: bool = True
    """The folders for spam are read too: a comment that was taken for spam is a comment."""
    security: Literal["tls", "starttls", "plain"] = "tls"
    """tls from the first byte; starttls; plain only where it is said, and never to another machine by accident."""
    ca_file: Path | None = None
    """Certificates of an authority that the system does not know."""
    timeout: float = Field(default=60.0, gt=0)
    """Seconds that the server may be silent."""

    @model_validator(mode="after")
    def _plain_stays_home(self) -> "Mailbox":
        if self.security == "plain" and self.host not in LOOPBACK:
            raise ValueError(f"security = plain would send the password to {self.host} unprotected")
        return self

    @model_validator(mode="after")
    def _opens_in_one_way(self) -> "Mailbox":
        ways = [self.password is not None, self.password_file is not None, bool(self.password_command)]
        given = sum(ways) + (self.oauth2 is not None)
        if given > 1:
            raise ValueError("password, password_file, password_command and oauth2: give one of them")
        if not given:
            raise ValueError("password: it is not set, nor password_file, password_command or oauth2")
        return self


def is_of_mailbox(variable: str) -> bool:
    """Whether a variable of the environment sets one mailbox, as KUNMING_MAILBOX_OUTCOME__PASSWORD_FILE does."""
    return variable.startswith(PREFIX) and "__" in variable[len(PREFIX) :]


def with_environment(mailboxes: Iterable[Any], environment: Mapping[str, str]) -> list[Any]:
    """The mailboxes as they are set, with what variables of the environment set of each by its name, in capitals and
    with `_` for all but letters and figures. One that is named there alone is a mailbox of that name in small letters.
    """
    given = {key: value for key, value in environment.items() if is_of_mailbox(key)}
    found = [dict(mailbox) if isinstance(mailbox, Mapping) else mailbox for mailbox in mailboxes]
    by_name = {_as_variable(str(one.get("name"))): one for one in found if isinstance(one, dict)}
    for variable, value in sorted(given.items()):
        name, *path = variable[len(PREFIX) :].split("__")
        if name not in by_name:
            by_name[name] = {"name": name.lower()}
            found.append(by_name[name])
        _put(by_name[name], [part.lower() for part in path], value)
    return found


def _as_variable(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name).upper()


def _put(mailbox: dict[str, Any], path: list[str], value: str) -> None:
    *above, last = path
    for part in above:
        mailbox[part] = dict(mailbox.get(part) or {})
        mailbox = mailbox[part]
    mailbox[last] = _words(last, value) if last in _LISTS else value


def _words(name: str, value: str) -> list[str]:
    separator = "," if name == "folders" else None
    return [word.strip() for word in value.split(separator)]
