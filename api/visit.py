"""Who asks: the Visit of the request under way, and the roles that a route can ask for.

The guard (api/guard.py) lets nobody in without an Account, so a route without a word about roles needs a reader. One
that needs more says so: `dependencies=[REVIEWER]`, or, where it must know who, a parameter of the type `Reviewer`.
"""

from collections.abc import Awaitable, Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated, Literal

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.types import Scope

from settings import Role
from store.accounts import Account

Way = Literal["local", "session", "token", "proxy"]
CSRF_FIELD = "csrf"
"""The field of every form that changes something: forms.begin writes it."""
CSRF_HEADER = "x-csrf-token"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request that was let in. `account` is None on public paths; `secret` is what this browser's cookie holds."""

    account: Account | None = None
    way: Way | None = None
    """`local` where there are no accounts, and whoever uses this machine may do everything."""
    address: str = ""
    root: str = ""
    """The path that is put before every link."""
    secret: str = ""

    @property
    def csrf(self) -> str:
        """The token of forms: who cannot read this browser's cookie cannot know it."""
        return sha256(b"form:" + self.secret.encode()).hexdigest()

    def is_csrf(self, given: str) -> bool:
        return compare_digest(given.encode(), self.csrf.encode())


VISIT: ContextVar[Visit] = ContextVar("VISIT", default=Visit())  # noqa: B039 - it is frozen


def visit() -> Visit:
    """The Visit of the request under way."""
    return VISIT.get()


def by_visit(scope: Scope) -> Hashable | None:
    """What tells the readers of pages apart (api/response_cache.py): who they are, and what their browser holds."""
    now, cookies = VISIT.get(), tuple(value for name, value in scope["headers"] if name == b"cookie")
    if now.account is None or (now.way == "proxy" and not cookies):
        return None
    return now.account.id, now.account.role, now.csrf, cookies


def needs(role: Role) -> Callable[[], Awaitable[Account]]:
    """A dependency that gives the Account, where it has this role or one that may more; else it raises 403."""

    async def account_with_role() -> Account:
        account = visit().account
        if account is None:
            raise HTTPException(401, "log in first")
        if not account.may(role):
            raise HTTPException(403, f"{account.name} is {account.role}; this needs {role}")
        return account

    return account_with_role


READER, REVIEWER, OPERATOR = (Depends(needs(role)) for role in ("reader", "reviewer", "operator"))
Reader = Annotated[Account, READER]
Reviewer = Annotated[Account, REVIEWER]
Operator = Annotated[Account, OPERATOR]
