"""Tokens of Microsoft 365, through msal."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx
import msal

from credentials import secret_in_file, secret_of
from ingest.kept_token import KeptToken, nobody_logged_in, oauth2_of, refused, scope_of
from settings import Mailbox, OAuth2

logging.getLogger("msal").setLevel(logging.WARNING)  # below that it writes out the codes of devices
MICROSOFT = "https://login.microsoftonline.com"
UNUSED = timedelta(days=90)
"""After which Microsoft forgets a login that is not used."""


def access_token(mailbox: Mailbox, client: httpx.Client, kept: KeptToken, *, fresh: bool) -> str:
    """A token, from what is kept or from the provider."""
    oauth2 = oauth2_of(mailbox)
    cache = _cache(kept)
    app = _app(mailbox, client, cache)
    if oauth2.flow == "client-credentials":
        if fresh:
            app.remove_tokens_for_client()
        answer = app.acquire_token_for_client([scope_of(oauth2)])
    else:
        accounts = app.get_accounts()
        if not accounts:
            nobody_logged_in(mailbox)
        answer = app.acquire_token_silent_with_error([scope_of(oauth2)], accounts[0], force_refresh=fresh)
    return _taken(mailbox, kept, cache, answer)


def log_in(mailbox: Mailbox, client: httpx.Client, kept: KeptToken, show: Callable[[str], None]) -> None:
    """Waits until a person has typed the code that is shown, somewhere (RFC 8628)."""
    cache = _cache(kept)
    app = _app(mailbox, client, cache)
    flow = app.initiate_device_flow([scope_of(oauth2_of(mailbox))])
    if "user_code" not in flow:
        refused(mailbox, flow)
    show(str(flow["message"]))
    _taken(mailbox, kept, cache, app.acquire_token_by_device_flow(flow))


def _app(mailbox: Mailbox, client: httpx.Client, cache: msal.SerializableTokenCache) -> msal.ClientApplication:
    oauth2 = oauth2_of(mailbox)
    given = {
        "authority": f"{(oauth2.authority or MICROSOFT).rstrip('/')}/{oauth2.tenant}",
        "http_client": client,
        "token_cache": cache,
        "instance_discovery": None if oauth2.authority is None else False,
    }
    if oauth2.flow == "device":
        return msal.PublicClientApplication(oauth2.client_id, **given)
    return msal.ConfidentialClientApplication(oauth2.client_id, client_credential=_credential(oauth2), **given)


def _credential(oauth2: OAuth2) -> str | dict[str, str]:
    if oauth2.certificate_file is None:
        return secret_of(oauth2.client_secret, oauth2.client_secret_file) or ""
    held = secret_in_file(oauth2.certificate_file)
    return {"private_key": held, "public_certificate": held}


def _cache(kept: KeptToken) -> msal.SerializableTokenCache:
    cache = msal.SerializableTokenCache()
    if "cache" in kept.data:
        cache.deserialize(kept.data["cache"])
    return cache


def _taken(
    mailbox: Mailbox, kept: KeptToken, cache: msal.SerializableTokenCache, answer: Mapping[str, Any] | None
) -> str:
    if answer is None or "access_token" not in answer:
        refused(mailbox, answer or {"error": "interaction_required"})
    if cache.has_state_changed and oauth2_of(mailbox).flow == "device":
        kept.data["login_ends"] = time.time() + UNUSED.total_seconds()
    kept.data["cache"] = cache.serialize()
    return str(answer["access_token"])
