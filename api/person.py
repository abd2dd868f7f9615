"""Who decides: the name under which a correction is kept."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

from fastapi import HTTPException, Request, Response

COOKIE = "reviewer"
_YEAR = 365 * 24 * 3600
LONGEST_NAME = 200


def person(request: Request, choice: Mapping[str, str]) -> str:
    """The name of the person who sends a form: as it says, else as it was remembered. 422 where there is none."""
    name = (choice.get("by") or remembered(request)).strip()[:LONGEST_NAME]
    if not name:
        raise HTTPException(422, "A decision carries the name of the person who makes it: enter yours.")
    return name


def remembered(request: Request) -> str:
    """The name that the browser remembers; empty where there is none."""
    return unquote(request.cookies.get(COOKIE, ""))[:LONGEST_NAME]


def remember(response: Response, name: str) -> None:
    """Has the browser remember the name."""
    response.set_cookie(COOKIE, quote(name), max_age=_YEAR, httponly=True, samesite="lax")
