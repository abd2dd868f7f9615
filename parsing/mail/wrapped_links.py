"""Links that a filter of mail has put its own in the place of, as far as its link tells where it led."""

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

_INSIDE = re.compile(r"https?(?::|%3A)(?:/|%2F){2}", re.IGNORECASE)
_PROOFPOINT_V2 = re.compile(r"^https?://urldefense\.proofpoint\.com/v[12]/url\?", re.IGNORECASE)
_PROOFPOINT_V3 = re.compile(r"^https?://urldefense\.(?:com|us|proofpoint\.com)/v3/__(.+?)__;([^!]*)!", re.IGNORECASE)
_ESCAPED = re.compile(r"-([0-9A-Fa-f]{2})")
_STAR = re.compile(r"\*(\*.)?")
_NAMES_HOST = ("domain", "d")
"""Parameters in which a filter names the host alone (Mimecast, Sophos)."""
_HIDING = re.compile(r"(?:^|\.)(?:mimecast(?:protect)?\.com|sophos\.com|trendmicro\.com|mimecast\.co\.za)$")
"""Filters whose links do not tell where they led."""
_DEEPEST = 4
"""Filters that a mail passes one after the other."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads; `hidden` where only the filter knows."""

    url: str
    hidden: bool = False


def unwrapped(url: str) -> Target:
    """The link that was there before filters of mail replaced it (Safe Links, urldefense, Mimecast and others)."""
    for _ in range(_DEEPEST):
        inner = _inner(url)
        if inner is None:
            break
        url = inner
    host = _host(url)
    if not _HIDING.search(host):
        return Target(url)
    named = next((value for name in _NAMES_HOST for value in _parameters(url).get(name, []) if "." in value), "")
    return Target(f"https://{named}/" if named else url, hidden=not named)


def _inner(url: str) -> str | None:
    """The link inside a link; None where there is none."""
    if _PROOFPOINT_V2.match(url):
        encoded = _parameters(url).get("u", [""])[0]
        return unquote(_ESCAPED.sub(r"%\1", encoded.replace("_", "/")))
    if v3 := _PROOFPOINT_V3.match(url):
        return _with_signs(v3[1], v3[2])
    inside = _INSIDE.search(url, 8)
    if inside is None:
        return None
    rest = url[inside.start() :]
    if "%" in inside[0]:  # a parameter of the filter's link: it ends where the next one begins
        return unquote(rest.partition("&")[0])
    return rest


def _with_signs(url: str, encoded: str) -> str:
    """The link of urldefense v3: stars stand for the signs that are encoded behind it, two stars and a letter for so
    many of them (A is 2).
    """
    try:
        signs = list(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8", "replace"))
    except (binascii.Error, ValueError):
        return url

    def put(star: re.Match[str]) -> str:
        count = ord(star[1][1]) - ord("A") + 2 if star[1] else 1
        taken, signs[:count] = signs[:count], []
        return "".join(taken) or star[0]

    return _STAR.sub(put, url)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _parameters(url: str) -> dict[str, list[str]]:
    try:
        return parse_qs(urlsplit(url).query)
    except ValueError:
        return {}
