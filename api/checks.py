"""What a request must be like, whoever sends it: pure checks, each with its answer where it fails."""

import ipaddress
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from settings import LOOPBACK, Settings

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
FORM = "application/x-www-form-urlencoded"
TOKEN_PREFIX = "kmg_"  # noqa: S105 - no secret: what every token begins with
"""How every token begins, so that one that leaked is recognised."""
LONGEST = 16_000
"""Characters of an address, and of all headers; browsers and proxies send less."""
DEEPEST = 20
"""Levels of a JSON body; a correction has three."""
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)\.?(?::(\d{1,5}))?")
_TOKEN = re.compile(rf"{TOKEN_PREFIX}[\w%-]*")
LONGEST_LOGGED = 300
"""Characters of a path in a log."""
_FORWARDED = re.compile("forwarded|x-forwarded-.*|x-real-ip|x-original-.*|x-rewrite-url")
"""What a proxy adds; a person at this machine never sends it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused. `kind` goes to the log: it holds nothing of what was sent."""

    status: HTTPStatus
    kind: str
    detail: str
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class RequestHead:
    """A request's outside, without its body."""

    method: str
    path: str
    """Without the root path."""
    query: str
    headers: Headers
    peer: str
    """The address of whoever speaks to this server; a proxy's, where there is one."""
    settings: Settings

    @property
    def is_safe(self) -> bool:
        return self.method in SAFE_METHODS

    @property
    def is_from_proxy(self) -> bool:
        """Whether it comes from a proxy that is configured."""
        proxy, peer = self.settings.proxy, _address(self.peer)
        return proxy is not None and peer is not None and any(peer in network for network in proxy.addresses)

    @property
    def address(self) -> str:
        """Where it comes from: what the proxy says, or the peer."""
        hops = [hop.strip() for line in self.headers.getlist("x-forwarded-for") for hop in line.split(",")]
        said = _address(hops[-1]) if hops and self.is_from_proxy else None
        return str(said or self.peer)

    @property
    def scheme(self) -> str:
        """Http or https, as the browser has it."""
        if self.settings.public_url is None and self.settings.proxy is None:
            return "http"
        public = urlsplit(self.settings.public_url or "http:")
        if self.is_from_proxy:
            said = self.headers.get("x-forwarded-proto", "")
            return said if said in ("http", "https") else public.scheme
        return public.scheme if self.headers.get("host", "").casefold() == public.netloc.casefold() else "http"

    @property
    def origins(self) -> set[str]:
        """The origins of our own pages, as this request's browser names them."""
        public = urlsplit(self.settings.public_url or "")
        own = f"{self.scheme}://{self.headers['host']}", f"{public.scheme}://{public.netloc}"
        return {origin.casefold() for origin in own}

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().casefold()


def asked_of(scope: Scope, settings: Settings) -> RequestHead:
    """The request of an ASGI scope, whose path begins with the root path."""
    client = scope.get("client") or ("", 0)
    path = scope["path"].removeprefix(settings.root_path)
    query = scope["query_string"].decode("latin-1")
    return RequestHead(scope["method"], path, query, Headers(scope=scope), str(client[0]), settings)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def without_token(path: str) -> str:
    """The path for a log: a token that is in it is left out, and it has an end."""
    return _TOKEN.sub(f"{TOKEN_PREFIX}…", path[:LONGEST_LOGGED])


def why_refused(asked: RequestHead) -> Refusal | None:
    """The first check that fails, of those that hold for everybody."""
    for check in (_host, _head, _origin, _media_type, _length, _token_in_address):
        refusal = check(asked)
        if refusal is not None:
            return refusal
    return None


def _host(asked: RequestHead) -> Refusal | None:
    """DNS rebinding: a page of another site that has its own name lead here sends that name."""
    given = asked.headers.getlist("host")
    found = _HOST.fullmatch(given[0]) if len(given) == 1 else None
    if found is not None and found[1].casefold().strip("[]") in _allowed(asked.settings):
        return None
    return Refusal(HTTPStatus.BAD_REQUEST, "host", "this Host is not served here (setting allowed_hosts)")


def _allowed(settings: Settings) -> frozenset[str]:
    return _names(settings.public_url, settings.host, settings.allowed_hosts)


@lru_cache
def _names(public_url: str | None, host: str, allowed_hosts: tuple[str, ...]) -> frozenset[str]:
    """The names under which it is asked for."""
    own = (urlsplit(public_url or "").hostname or "", host, *allowed_hosts)
    return frozenset(name.casefold().strip("[]") for name in (*LOOPBACK, *own)) - {"", "0.0.0.0", "::"}  # noqa: S104 - none of them is a name


def _head(asked: RequestHead) -> Refusal | None:
    if "\0" in asked.path or "%00" in asked.query:
        return Refusal(HTTPStatus.BAD_REQUEST, "nul", "an address has no NUL")
    if len(asked.path) + len(asked.query) > LONGEST:
        return Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, "address", f"an address has at most {LONGEST:,} characters")
    if sum(len(name) + len(value) for name, value in asked.headers.raw) > LONGEST:
        return Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers", f"headers have at most {LONGEST:,} bytes")
    return None


def _origin(asked: RequestHead) -> Refusal | None:
    """Browsers say from which site an unsafe request comes; programs say nothing."""
    if asked.is_safe:
        return None
    origin, site = asked.headers.get("origin"), asked.headers.get("sec-fetch-site", "none")
    if origin.casefold() in asked.origins if origin is not None else site in ("none", "same-origin"):
        return None
    return Refusal(HTTPStatus.FORBIDDEN, "origin", "a page of another site sent this")


def _media_type(asked: RequestHead) -> Refusal | None:
    """A form of another site can send no JSON, and JSON routes take nothing else."""
    if asked.is_safe:
        return None
    has_body = asked.headers.get("content-length", "0") != "0" or "transfer-encoding" in asked.headers
    wanted = "application/json" if asked.path.startswith("/api/") else FORM
    if asked.media_type == wanted or not (has_body or asked.media_type):
        return None
    return Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "type", f"the body of this request is {wanted}")


def _length(asked: RequestHead) -> Refusal | None:
    length, most = asked.headers.get("content-length", "0"), asked.settings.largest_request
    if not (length.isascii() and length.isdigit()):
        return Refusal(HTTPStatus.BAD_REQUEST, "length", "Content-Length is not a number")
    return too_large(most) if len(length) > 18 or int(length) > most else None


def too_large(most: int) -> Refusal:
    detail = f"a body may have {most:,} bytes (setting largest_request_mb)"
    return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "size", detail, {"Connection": "close"})


def _token_in_address(asked: RequestHead) -> Refusal | None:
    if TOKEN_PREFIX not in asked.query and TOKEN_PREFIX not in asked.path:
        return None
    detail = "a token in an address ends up in logs and histories: revoke it, and send it as Authorization: Bearer"
    return Refusal(HTTPStatus.BAD_REQUEST, "token-in-address", detail)


def why_not_local(asked: RequestHead) -> Refusal | None:
    """Without accounts only who uses this machine is served, and no proxy passes others on to us."""
    peer = _address(asked.peer)
    if peer is None or not peer.is_loopback:
        return Refusal(HTTPStatus.FORBIDDEN, "not-local", "without accounts this machine alone is served")
    host = urlsplit(f"//{asked.headers['host']}").hostname
    if host not in LOOPBACK:
        return Refusal(HTTPStatus.BAD_REQUEST, "host", "without accounts only localhost is served")
    if any(_FORWARDED.fullmatch(name) for name in asked.headers):
        detail = "this came through a proxy: without accounts that is refused (kunming account add)"
        return Refusal(HTTPStatus.FORBIDDEN, "forwarded", detail)
    return None


def form_field(body: bytes, name: str) -> str:
    """One field of a form as browsers send it; empty where it is not there. Raises ValueError."""
    return parse_qs(body.decode("ascii"), max_num_fields=1000).get(name, [""])[0]


def why_bad_json(body: bytes) -> str | None:
    """What is wrong with a JSON body, if anything: texts are valid Unicode without NUL, numbers are finite and fit in
    64 bit, and nothing is nested deeper than any value here.
    """
    try:
        told = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        text = "".join(_texts(told))
        text.encode("utf-8")
    except RecursionError:
        return "nested too deeply"
    except UnicodeEncodeError:
        return "a lone surrogate, which is no text"
    except UnicodeDecodeError:
        return "no UTF-8"
    except ValueError as error:
        return f"not JSON: {error}"
    return "a NUL in a text" if "\0" in text else None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _texts(told: Any, level: int = 0) -> Iterator[str]:
    """All texts in it, the names too. Raises RecursionError, ValueError."""
    if level > DEEPEST:
        raise RecursionError
    match told:
        case str():
            yield told
        case dict():
            yield from told
            yield from _texts_of(told.values(), level)
        case list():
            yield from _texts_of(told, level)
        case float() | int() if abs(told) >= 2**63:
            raise ValueError("a number beyond 64 bit")


def _texts_of(values: Iterable[Any], level: int) -> Iterator[str]:
    for value in values:
        yield from _texts(value, level + 1)
