"""Tokens of Google, through google-auth."""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import google.auth.exceptions
import google.auth.transport
import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from google.oauth2.credentials import Credentials
from google.oauth2.service_account import Credentials as ServiceAccount

from credentials import NoSecret, place_of, secret_in_file, secret_of
from ingest.kept_token import KeptToken, nobody_logged_in, oauth2_of, refused, scope_of
from ingest.mailbox_errors import WrongMailbox
from settings import Mailbox, OAuth2

GOOGLE = "https://oauth2.googleapis.com"
GOOGLE_CONSENT = "https://accounts.google.com/o/oauth2/v2/auth"
BACK_TO = "http://127.0.0.1/"
"""Where Google sends the browser after the consent. Nothing listens there: the person copies the address."""
EARLY = 300.0
"""Seconds before its end from which on a token is not used any more."""


class _Transport(google.auth.transport.Request):  # type: ignore[misc]  # google-auth has no types
    """google-auth's way to ask, over httpx."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 (the client has its own)
        **_more: Any,
    ) -> "_TransportResponse":
        try:
            answer = self._client.request(method, url, content=body, headers=headers)
        except httpx.HTTPError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise
            raise google.auth.exceptions.TransportError(error) from error
        return _TransportResponse(answer.status_code, answer.headers, answer.content)


@dataclass(frozen=True, slots=True)
class _TransportResponse:
    """As google.auth.transport.Response has it."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def access_token(mailbox: Mailbox, client: httpx.Client, kept: KeptToken, *, fresh: bool) -> str:
    """A token, from what is kept or from the provider."""
    held = kept.data.get("access_token")
    if held and not fresh and kept.data.get("ends", 0) > time.time() + EARLY:
        return str(held)
    credentials = _google_credentials(mailbox, kept)
    credentials.refresh(_Transport(client))
    _keep_google(kept, credentials.token, credentials.expiry)
    return str(credentials.token)


def _keep_google(kept: KeptToken, token: str, expiry: datetime | None) -> None:
    ends = time.time() if expiry is None else expiry.replace(tzinfo=UTC).timestamp()
    kept.data |= {"access_token": token, "ends": ends}


def _google_credentials(mailbox: Mailbox, kept: KeptToken) -> Credentials | ServiceAccount:
    oauth2 = oauth2_of(mailbox)
    if oauth2.service_account_file is not None:
        return ServiceAccount.from_service_account_info(
            _service_account(mailbox, oauth2.service_account_file), scopes=[scope_of(oauth2)], subject=mailbox.user
        )
    if "refresh_token" not in kept.data:
        nobody_logged_in(mailbox)
    return Credentials(
        None,
        refresh_token=kept.data["refresh_token"],
        token_uri=_google_tokens(oauth2),
        client_id=oauth2.client_id,
        client_secret=secret_of(oauth2.client_secret, oauth2.client_secret_file),
    )


def _service_account(mailbox: Mailbox, file: Path) -> dict[str, Any]:
    setting = f"mailboxes.{mailbox.name}.oauth2.service_account_file"
    try:
        held = json.loads(secret_in_file(file))
    except NoSecret as error:
        raise WrongMailbox(f"{setting}: {error}") from None
    except ValueError:
        held = None
    if not isinstance(held, dict) or "private_key" not in held:
        raise WrongMailbox(f"{setting}: {place_of(file)} is no key of a service account in JSON")
    return held


def _google_tokens(oauth2: OAuth2) -> str:
    return f"{(oauth2.authority or GOOGLE).rstrip('/')}/token"


def log_in(
    mailbox: Mailbox, client: httpx.Client, kept: KeptToken, show: Callable[[str], None], ask: Callable[[str], str]
) -> None:
    """Google gives no code for a device that may read mail: the person consents in a browser anywhere, and copies the
    address that it is then sent to (RFC 8252 with PKCE, RFC 7636).
    """
    oauth2 = oauth2_of(mailbox)
    state, verifier = os.urandom(16).hex(), os.urandom(32).hex()
    asked = {
        "client_id": oauth2.client_id,
        "redirect_uri": BACK_TO,
        "response_type": "code",
        "scope": scope_of(oauth2),
        "access_type": "offline",
        "prompt": "consent",
        "login_hint": mailbox.user,
        "state": state,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    show(f"Open this address in a browser and agree as {mailbox.user}:\n{GOOGLE_CONSENT}?{urlencode(asked)}")
    came = parse_qs(
        urlsplit(ask("Then copy the address of the page that cannot be opened, and put it here").strip()).query
    )
    if came.get("state") != [state] or "code" not in came:
        raise WrongMailbox(f"mailboxes.{mailbox.name}.oauth2: that is not the address of this login: nothing was kept")
    secret = secret_of(oauth2.client_secret, oauth2.client_secret_file)
    given = {
        "grant_type": "authorization_code",
        "code": came["code"][0],
        "redirect_uri": BACK_TO,
        "client_id": oauth2.client_id,
        "code_verifier": verifier,
    }
    answer = client.post(_google_tokens(oauth2), data=given | ({"client_secret": secret} if secret else {})).json()
    if "refresh_token" not in answer:
        refused(mailbox, answer)
    now = time.time()
    kept.data |= {"refresh_token": answer["refresh_token"], "access_token": answer["access_token"]}
    kept.data["ends"] = now + int(answer.get("expires_in", 0))
    if "refresh_token_expires_in" in answer:
        kept.data["login_ends"] = now + int(answer["refresh_token_expires_in"])
