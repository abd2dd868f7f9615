"""The cookies: of a log-in, and of a visit, from which the tokens of forms are made."""

from datetime import timedelta
from http.cookies import CookieError, SimpleCookie

from starlette.responses import Response

from api.checks import RequestHead

SESSION, VISIT = "kunming", "kunming_visit"
LONGEST = 200
"""Characters; ours have 43."""


def session_cookie(asked: RequestHead) -> str:
    """What the cookie of a log-in holds; empty where there is none."""
    return _cookie(asked, SESSION)


def visit_cookie(asked: RequestHead) -> str:
    return _cookie(asked, VISIT)


def set_cookie(response: Response, asked: RequestHead, name: str, value: str, lasts: timedelta | None = None) -> None:
    """A cookie for this browser and our pages alone; over TLS alone where the pages are. Empty ones end."""
    age = 0 if not value else None if lasts is None else int(lasts.total_seconds())
    response.set_cookie(
        _name(asked, name), value, max_age=age, path=asked.settings.root_path or "/", secure=asked.scheme == "https",
        httponly=True, samesite="lax",
    )  # fmt: skip


def _name(asked: RequestHead, name: str) -> str:
    """Browsers take one with __Secure- over TLS alone, and one with __Host- besides from this very host alone, not from
    others of its domain; that one has no path (RFC 6265bis, 4.1.3).
    """
    if asked.scheme != "https":
        return name
    return f"__Secure-{name}" if asked.settings.root_path else f"__Host-{name}"


def _cookie(asked: RequestHead, name: str) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(asked.headers.get("cookie", ""))
    except CookieError:
        return ""
    found = cookies.get(_name(asked, name))
    return found.value if found is not None and found.value.isascii() and len(found.value) <= LONGEST else ""
