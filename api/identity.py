"""Who asks: by a token, by the cookie of a log-in, or by what a configured proxy says."""

import logging
import secrets
import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api import openapi
from api.attempts import Attempts
from api.checks import Refusal, RequestHead, why_not_local
from api.context import AppContext
from api.cookies import session_cookie, visit_cookie
from api.visit import Visit
from store.accounts import (
    Account,
    TokenHolder,
    account_of_login,
    account_of_token,
    add_account,
    find_account,
    has_accounts,
    hash_of,
    token_used,
)
from store.audit import keep_audit
from store.version import StoreVersion

log = logging.getLogger("kunming.api")
LOCAL = Account(0, "local", "operator")
"""Whoever uses this machine, where there are no accounts."""
USED_EVERY = 60.0
"""Seconds between two notes that a token was used: a dashboard that asks every second causes one write a minute."""
PUBLIC = (*openapi.PUBLIC, "/login", "/login/openid", "/login/callback")
OWN = ("/login", "/logout", "/logout/everywhere", "/account/password")
"""What readers may send: it changes nothing but their own account."""
PUBLIC_FOLDER = "/static/"
NOT_LOGGED_IN = Refusal(
    HTTPStatus.UNAUTHORIZED, "no-login", "log in first, or send a token", {"WWW-Authenticate": 'Bearer realm="kunming"'}
)
WRONG_TOKEN = Refusal(
    HTTPStatus.UNAUTHORIZED,
    "token",
    "this token is unknown, revoked or expired",
    {"WWW-Authenticate": 'Bearer realm="kunming", error="invalid_token"'},
)
FOREIGN_USER = Refusal(HTTPStatus.FORBIDDEN, "proxy-user", "the header of the proxy's user came from elsewhere")
UNKNOWN_USER = Refusal(HTTPStatus.FORBIDDEN, "proxy-user", "the proxy's user has no account here, or a disabled one")


def is_public(path: str) -> bool:
    """Whether nobody needs to log in for it."""
    return path in PUBLIC or path.startswith(PUBLIC_FOLDER)


@dataclass
class Identity:
    """Tells who asks. `closed` stays true once there was an account: without one again, no one gets in."""

    context: AppContext
    attempts: Attempts
    version: StoreVersion
    closed: bool = False
    _secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """For the forms of visits without a cookie: no other site can read our pages, so it cannot know it."""
    _used: dict[int, float] = field(default_factory=dict)
    """By token: when its use was last written."""
    _holders: dict[str, tuple[Hashable, TokenHolder]] = field(default_factory=dict)
    """By the hash of a token that was shown: its holder, with the version of the store that says so."""

    def at_once(self, asked: RequestHead) -> Visit | None:
        """The Visit of a token that was shown before, where nothing was committed since: in microseconds, and without
        waiting for anything. None where the store must be asked.
        """
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != "bearer" or self._proxy_user(asked) is not None or not self.version.is_instant:
            return None
        version, holder = self._holders.get(hash_of(token.strip()), (None, None))
        if holder is None or self._is_note_due(holder.number) or version != self.version.now():
            return None
        if holder.expires_at is not None and holder.expires_at <= self.context.clock():
            return None
        return _visit(asked, holder.account, "token", self._secret)

    def identify(self, asked: RequestHead) -> Visit | Refusal:
        """The Visit, or why it is refused. It reads the store."""
        user = self._proxy_user(asked)
        if isinstance(user, Refusal):
            return user
        now = self.context.clock()
        with self.context.sessions() as session:
            if not self._is_closed(session):
                return why_not_local(asked) or _visit(asked, LOCAL, "local", self._secret)
            scheme, _, token = asked.headers.get("authorization", "").partition(" ")
            if scheme.casefold() == "bearer":
                return self._by_token(session, asked, token.strip(), now)
            account = account_of_login(session, session_cookie(asked), now)
        if account is not None:
            return _visit(asked, account, "session")
        return NOT_LOGGED_IN if user is None else self._by_proxy(asked, user, now)

    def _is_closed(self, session: Session) -> bool:
        """Whether everything asks for a login."""
        if not self.closed:
            self.closed = self.context.settings.asks_for_login or has_accounts(session)
        return self.closed

    def _by_token(self, session: Session, asked: RequestHead, token: str, now: datetime) -> Visit | Refusal:
        version = self.version.now()
        found = account_of_token(session, token, now)
        if found is None:
            return self.attempts.refused("token", asked.address) or WRONG_TOKEN
        self._holders[hash_of(token)] = version, found
        self._note_use(found.number, now)
        return _visit(asked, found.account, "token", self._secret)

    def _is_note_due(self, number: int) -> bool:
        return time.monotonic() - self._used.get(number, -USED_EVERY) >= USED_EVERY

    def _note_use(self, number: int, now: datetime) -> None:
        """Writes that the token was used, where the store can be written to just now."""
        if not self._is_note_due(number):
            return
        self._used[number] = time.monotonic()
        try:
            with self.context.sessions.begin() as session:
                token_used(session, number, now)
        except SQLAlchemyError as error:
            log.info("token=%d last_use=unwritten error=%s", number, type(error).__name__)

    def _proxy_user(self, asked: RequestHead) -> str | Refusal | None:
        """Whom the proxy names."""
        proxy = self.context.settings.proxy
        given = asked.headers.getlist(proxy.user_header) if proxy and proxy.user_header else []
        if not given:
            return None
        if not asked.is_from_proxy or len(given) > 1:
            return FOREIGN_USER
        return given[0].strip().encode("latin-1").decode("utf-8", "replace") or None

    def _by_proxy(self, asked: RequestHead, user: str, now: datetime) -> Visit | Refusal:
        proxy = self.context.settings.proxy
        with self.context.sessions.begin() as session:
            account = find_account(session, user)
            if account is None and proxy is not None and proxy.new_users is not None:
                account = add_account(session, user, proxy.new_users, now)
                keep_audit(session, now, account.name, "account made", "named by the proxy", asked.address)
        if account is None or account.disabled_at is not None:
            return UNKNOWN_USER
        return _visit(asked, account, "proxy")


def _visit(asked: RequestHead, account: Account, way: str, secret: str = "") -> Visit:
    return Visit(account, way, asked.address, asked.settings.root_path, secret or secret_of(asked))  # type: ignore[arg-type]  # the callers give ways


def secret_of(asked: RequestHead) -> str:
    """What this browser holds that no other knows: the cookie of its log-in, or that of its visit, or a new one."""
    return session_cookie(asked) or visit_cookie(asked) or secrets.token_urlsafe(32)
