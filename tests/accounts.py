"""Accounts, tokens and log-ins for tests."""

import secrets
from datetime import timedelta
from functools import cache
from typing import Any

from fixture_inbox import NOW, Inbox
from httpx import Client

from api.passwords import hash_password
from settings import Role
from store.accounts import Account, add_account, find_account, keep_login, keep_token

PASSWORD = "correct horse battery"
ROLES: tuple[Role, ...] = ("reader", "reviewer", "operator")


@cache
def _kept() -> str:
    return hash_password(PASSWORD, "")


def add(inbox: Inbox, name: str, role: Role = "reader") -> Account:
    """An account with PASSWORD."""
    with inbox.sessions.begin() as session:
        return add_account(session, name, role, NOW, password=_kept())


def token(inbox: Inbox, name: str, role: Role | None = None, *, days: float = 1) -> str:
    """A new token of the account."""
    secret = "kmg_" + secrets.token_urlsafe(32)
    with inbox.sessions.begin() as session:
        account = find_account(session, name)
        assert account is not None
        keep_token(session, account, "a test", secret, role or account.role, NOW, timedelta(days=days))
    return secret


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def logged_in(inbox: Inbox, name: str, *, hours: float = 1) -> str:
    """The cookie of a log-in."""
    secret = secrets.token_urlsafe(32)
    with inbox.sessions.begin() as session:
        account = find_account(session, name)
        assert account is not None
        keep_login(session, account, secret, NOW, timedelta(hours=hours), "127.0.0.1")
    return secret


def csrf(client: Client, path: str = "/login") -> str:
    """The token of the forms on that page."""
    text = client.get(path, headers={"Accept": "text/html"}).text
    return text.partition('name="csrf" value="')[2].partition('"')[0]


def log_in(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    """The answer to the form of the log-in."""
    return client.post("/login", data={"csrf": csrf(client), "name": name, "password": password, **more})
