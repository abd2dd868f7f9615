"""Who decides: the account; where there are none, a name that the person types and the browser remembers."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

from fastapi import HTTPException, Request, Response

from api.visit import visit

COOKIE = "reviewer"
_YEAR = 365 * 24 * 3600
LONGEST_NAME = 200


def person(request: Request, choice: Mapping[str, str]) -> str:
    """The name of the person who sends a form: of the account, else as it says, else as it was remembered. 422 where
    there is none.
    """
    name = (_account() or choice.get("by") or remembered(request)).strip()[:LONGEST_NAME]
    if not name:
        raise HTTPException(422, "A decision carries the name of the person who makes it: enter yours.")
    return name


def remembered(request: Request) -> str:
    """The name of the account, or that which the browser remembers; empty where there is none."""
    return _account() or unquote(request.cookies.get(COOKIE, ""))[:LONGEST_NAME]


def remember(response: Response, name: str) -> None:
    """Has the browser remember a name that was typed."""
    if not _account():
        response.set_cookie(COOKIE, quote(name), max_age=_YEAR, httponly=True, samesite="lax")


def _account() -> str:
    account = visit().account
    return "" if account is None or visit().way == "local" else account.name
