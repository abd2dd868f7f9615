"""To log in and out with a name and a password, and a person's own account."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.attempts import Attempts
from api.checks import Refusal, asked_of
from api.context import AppContext
from api.cookies import SESSION, session_cookie, set_cookie
from api.page import page
from api.passwords import LONGEST, WeakPassword, hash_password, is_password
from api.problems import answer, login_page
from api.visit import Reader, visit
from store.accounts import (
    LONGEST_NAME,
    Account,
    change_account,
    end_login,
    end_logins,
    find_account,
    keep_login,
    logins_of,
    name_key,
    password_of,
)
from store.audit import keep_audit

WRONG = "Wrong name or password."
HASHING = 1
"""Passwords that are checked at once: each takes 64 MB for a moment, and is counted before the next is looked at."""
FOUND, SEE_OTHER, FORBIDDEN = 302, 303, 403


@dataclass(frozen=True)
class Logins:
    """Opens and closes log-ins."""

    context: AppContext
    attempts: Attempts
    hashing: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(HASHING))

    @property
    def lasts(self) -> timedelta:
        return timedelta(hours=self.context.settings.login_hours)

    def check(self, name: str, password: str) -> Account | Refusal | None:
        """The account of that name and password. Counts a wrong one; many that were sent at once are looked at one by
        one, so that none goes by before those before it were counted.
        """
        refusal = self.attempts.too_many(name_key(name), visit().address)
        if refusal is not None:
            return refusal
        with self.context.sessions() as session:
            account, kept = find_account(session, name), password_of(session, name)
        right = is_password(kept, password)
        if not right or account is None:
            self.attempts.wrong(name_key(name), visit().address)
            self.note(name, "log-in refused", "wrong name or password")
            return None
        return account

    def open(self, request: Request, account: Account, back: str, how: str) -> Response:
        """Logs the account in, in this browser, and leads to where it wanted to go."""
        secret, now = secrets.token_urlsafe(32), self.context.clock()
        with self.context.sessions.begin() as session:
            keep_login(session, account, secret, now, self.lasts, visit().address)
            keep_audit(session, now, account.name, "logged in", how, visit().address)
        answer = RedirectResponse(visit().root + local_path(back), SEE_OTHER)
        set_cookie(answer, asked_of(request.scope, self.context.settings), SESSION, secret, self.lasts)
        return answer

    def note(self, who: str, did: str, what: str = "") -> None:
        with self.context.sessions.begin() as session:
            keep_audit(session, self.context.clock(), who, did, what, visit().address)


def local_path(back: str) -> str:
    """A path of this site; of anything else, the first page. Browsers take two slashes for another site."""
    is_local = back.startswith("/") and back[1:2] not in ("/", "\\") and back.isprintable()
    return back if is_local else "/"


def login(logins: Logins) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _in(router, logins)
    _out(router, logins)
    _own_account(router, logins)
    return router


def _refused(request: Request, refusal: Refusal) -> Response:
    return answer(request, refusal.status, refusal.detail, headers=refusal.headers)


def _in(router: APIRouter, logins: Logins) -> None:
    @router.get("/login")
    def login_form(request: Request, back: str = "/") -> Response:
        return login_page(request, 200, back=local_path(back))

    @router.post("/login")
    async def log_in(
        request: Request,
        name: Annotated[str, Form(max_length=LONGEST_NAME)] = "",
        password: Annotated[str, Form(max_length=LONGEST)] = "",
        back: Annotated[str, Form(max_length=2000)] = "/",
    ) -> Response:
        account: Account | Refusal | None = logins.attempts.too_many(name_key(name), visit().address)
        if account is None:
            account = await run_sync(logins.check, name, password, limiter=logins.hashing)
        if isinstance(account, Refusal):
            return _refused(request, account)
        if account is None:
            return login_page(request, FORBIDDEN, WRONG, back=local_path(back))
        return await run_sync(logins.open, request, account, back, "password")


def _out(router: APIRouter, logins: Logins) -> None:
    @router.post("/logout")
    def log_out(request: Request, account: Reader) -> Response:
        """Ends the log-in of this browser."""
        asked = asked_of(request.scope, logins.context.settings)
        with logins.context.sessions.begin() as session:
            end_login(session, session_cookie(asked))
            keep_audit(session, logins.context.clock(), account.name, "logged out", "", visit().address)
        return _gone(request, logins)

    @router.post("/logout/everywhere")
    def log_out_everywhere(request: Request, account: Reader) -> Response:
        """Ends all log-ins of this account."""
        with logins.context.sessions.begin() as session:
            end_logins(session, account.id)
            keep_audit(session, logins.context.clock(), account.name, "logged out", "everywhere", visit().address)
        return _gone(request, logins)


def _gone(request: Request, logins: Logins) -> Response:
    answer = RedirectResponse(f"{visit().root}/login", SEE_OTHER)
    set_cookie(answer, asked_of(request.scope, logins.context.settings), SESSION, "")
    return answer


def _own_account(router: APIRouter, logins: Logins) -> None:
    @router.get("/account")
    def own_account(request: Request, account: Reader) -> HTMLResponse:
        """The own account, and where it is logged in."""
        return _account_page(logins, request, account)

    @router.post("/account/password")
    async def own_password(
        request: Request,
        account: Reader,
        old: Annotated[str, Form(max_length=LONGEST)] = "",
        new: Annotated[str, Form(max_length=LONGEST)] = "",
    ) -> Response:
        """Changes the password, and ends all log-ins but a new one here."""
        refusal = logins.attempts.too_many(name_key(account.name), visit().address)
        if refusal is not None:
            return _refused(request, refusal)
        return await run_sync(_change_password, logins, request, account, old, new, limiter=logins.hashing)


def _change_password(logins: Logins, request: Request, account: Account, old: str, new: str) -> Response:
    found = logins.check(account.name, old)
    if isinstance(found, Refusal):
        return _refused(request, found)
    if found is None:
        return _account_page(logins, request, account, "The old password is wrong.", FORBIDDEN)
    try:
        kept = hash_password(new, account.name)
    except WeakPassword as error:
        return _account_page(logins, request, account, f"{str(error).capitalize()}.", 422)
    with logins.context.sessions.begin() as session:
        changed = change_account(session, account.name, password=kept)
        keep_audit(session, logins.context.clock(), account.name, "password changed", "", visit().address)
    return logins.open(request, changed, "/account", "new password")


def _account_page(
    logins: Logins, request: Request, account: Account, problem: str = "", status: int = 200
) -> HTMLResponse:
    with logins.context.sessions() as session:
        current = logins_of(session, account.id, logins.context.clock())
        shown = {"logins": current, "way": visit().way, "problem": problem, "own": find_account(session, account.name)}
        return page(
            logins.context, session, request, "account.html", logins.context.snapshot(session), shown, status=status
        )
