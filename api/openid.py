"""Log-in at a provider of OpenID Connect: authorization code with PKCE, state and nonce (OpenID Connect Core, 3.1)."""

import logging
import warnings
from collections.abc import Mapping
from typing import Any

import httpx
from anyio.to_thread import run_sync
from authlib.common.errors import AuthlibBaseError
from authlib.deprecate import AuthlibDeprecationWarning
from fastapi import APIRouter, Request
from joserfc.errors import JoseError
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.checks import asked_of
from api.context import AppContext
from api.login import Logins, local_path
from api.problems import login_page
from api.visit import visit
from settings import OpenID, Role, secret_in
from store.accounts import ROLES, Account, WrongAccount, account_of_subject, add_account, change_account
from store.audit import keep_audit

warnings.filterwarnings("ignore", message="The httpx module", category=AuthlibDeprecationWarning)
from authlib.integrations.starlette_client import OAuth  # noqa: E402 - it warns that its next version wants httpx2

log = logging.getLogger("kunming.api")
DISCOVERY = "/.well-known/openid-configuration"
WAITS = 10.0
"""Seconds for an answer of the provider."""
FORBIDDEN, BAD_GATEWAY = 403, 502
AWAY = "The provider of log-ins does not answer: try later."
REFUSED = "The provider of log-ins did not confirm who you are: begin again."
NOT_A_PROVIDER = (httpx.HTTPError, httpx.InvalidURL)
NOT_CONFIRMED = (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError)
"""What the library raises for a wrong state, nonce, audience, issuer, signature or form of an answer."""


class NotLetIn(Exception):
    """The provider knows who it is, and they may not come in here; the message says why."""


def openid_routes(context: AppContext, logins: Logins, openid: OpenID) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    provider = _provider(openid)
    claims = {
        "iss": {"essential": True, "value": openid.issuer},
        "aud": {"essential": True, "value": openid.client_id},
        "nonce": {"essential": True},
    }

    @router.get("/login/openid")
    async def to_provider(request: Request, back: str = "/") -> Response:
        """Leads to the provider."""
        request.session.clear()
        request.session["back"] = local_path(back)
        try:
            answer: Response = await provider.authorize_redirect(request, _callback(context, request))
        except (*NOT_A_PROVIDER, *NOT_CONFIRMED) as error:
            return _refused(request, error)
        return answer

    @router.get("/login/callback")
    async def from_provider(request: Request) -> Response:
        """Takes what the provider says of who has logged in there."""
        back = str(request.session.get("back", "/"))
        try:
            told = await provider.authorize_access_token(request, claims_options=claims)
            said = dict(told["userinfo"])
        except (*NOT_A_PROVIDER, *NOT_CONFIRMED) as error:
            return _refused(request, error)
        finally:
            request.session.clear()
        try:
            account = await run_sync(_account, context, openid, said)
        except (NotLetIn, WrongAccount) as error:
            await run_sync(logins.note, _name(openid, said), "log-in refused", str(error))
            return login_page(request, FORBIDDEN, str(error))
        return await run_sync(logins.open, request, account, back, "provider")

    return router


def _provider(openid: OpenID) -> Any:
    """The library's client of the provider; its description and keys are fetched when they are needed."""
    secret = None if openid.client_secret is None else openid.client_secret.get_secret_value()
    if openid.client_secret_file is not None:
        secret = secret_in(openid.client_secret_file, "openid.client_secret_file")
    return OAuth().register(
        "openid",
        client_id=openid.client_id,
        client_secret=secret,
        server_metadata_url=openid.issuer + DISCOVERY,
        client_kwargs={"scope": openid.scopes, "code_challenge_method": "S256", "timeout": WAITS},
    )


def _callback(context: AppContext, request: Request) -> str:
    """Where the provider leads back to, as browsers reach it."""
    asked = asked_of(request.scope, context.settings)
    here = f"{asked.scheme}://{asked.headers['host']}{context.settings.root_path}"
    return f"{context.settings.public_url or here}/login/callback"


def _refused(request: Request, error: Exception) -> Response:
    """The form again, with a line; the log has what kind of error it was, and nothing of what was sent."""
    log.warning("login=openid refused=%s address=%r", type(error).__name__, visit().address)
    if isinstance(error, NOT_A_PROVIDER):
        return login_page(request, BAD_GATEWAY, AWAY, back="/")
    return login_page(request, FORBIDDEN, REFUSED, back="/")


def _account(context: AppContext, openid: OpenID, said: Mapping[str, Any]) -> Account:
    """The account of who has logged in at the provider, with the role that the groups give. Raises NotLetIn."""
    name, role = _name(openid, said), role_of(openid, said)
    if role is None:
        raise NotLetIn("None of your groups may come in here: ask an operator.")
    subject = f"{openid.issuer} {said['sub']}"
    with context.sessions.begin() as session:
        found = account_of_subject(session, subject)
        if found is None:
            return _new_account(context, session, name, role, subject)
        if found.disabled_at is not None:
            raise NotLetIn("This account is disabled: ask an operator.")
        return found if found.role == role else change_account(session, found.name, role=role)


def _new_account(context: AppContext, session: Session, name: str, role: Role, subject: str) -> Account:
    made = add_account(session, name, role, context.clock(), subject=subject)
    keep_audit(session, context.clock(), made.name, "account made", f"{role}, named by the provider", visit().address)
    return made


def _name(openid: OpenID, said: Mapping[str, Any]) -> str:
    """What to call who has logged in."""
    names = (said.get(claim) for claim in (openid.name_claim, "preferred_username", "email", "name", "sub"))
    return next((name.strip()[:200] for name in names if isinstance(name, str) and name.strip()), "nobody")


def role_of(openid: OpenID, said: Mapping[str, Any]) -> Role | None:
    """The role that may most of those that the groups give; None where there is none."""
    groups: Any = said
    for step in [openid.groups_claim] if openid.groups_claim in said else openid.groups_claim.split("."):
        groups = groups.get(step) if isinstance(groups, Mapping) else None
    listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    roles = [openid.roles[group] for group in listed if isinstance(group, str) and group in openid.roles]
    return max(roles, key=ROLES.index, default=openid.default_role)
