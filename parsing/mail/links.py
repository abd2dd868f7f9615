"""Links to files in clouds: pieces of a mail that did not come with it."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from parsing.mail.headers import one_line

_HOSTS: tuple[str, ...] = tuple(
    tomllib.loads(Path(__file__).with_name("mail.toml").read_text(encoding="utf-8"))["links"]["hosts"]
)
_URL = re.compile(r"https?://[^\s<>\"'\u3000，。；）】]{4,2000}")
_ANCHOR = re.compile(
    r"<a\s[^<>]{0,2000}?href\s*=\s*[\"']?(https?://[^\s\"'<>]{4,2000})[^<>]*>(.{0,300}?)</a", re.IGNORECASE | re.DOTALL
)
_TAGS = re.compile(r"<[^<>]*>|\s+")
_MOST = 50


@dataclass(frozen=True, slots=True)
class Link:
    """Where a file stands that was sent as a link, and a name for it."""

    url: str
    name: str


def links_in(own: str, htmls: Sequence[str]) -> tuple[Link, ...]:
    """The links to clouds in the sender's own words, each once: written out there, or behind words that stand there."""
    found: dict[str, Link] = {}
    for url in _URL.findall(own):
        _keep(found, url.rstrip(").,;:!?]*"), "")
    said = " ".join(own.split())
    for html in htmls:
        if any(host in html for host in _HOSTS):
            for url, words in _anchors(html):
                if words and words in said:
                    _keep(found, url, words)
    return tuple(found.values())[:_MOST]


def _anchors(html: str) -> Iterator[tuple[str, str]]:
    for anchor in _ANCHOR.finditer(html):
        yield unescape(anchor[1]), " ".join(unescape(_TAGS.sub(" ", anchor[2])).split())


def _keep(found: dict[str, Link], url: str, words: str) -> None:
    url = one_line(url)
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return
    if url in found or not any(host == known or host.endswith("." + known) for known in _HOSTS):
        return
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    shown = last if "." in last else words if words and not words.startswith("http") else ""
    found[url] = Link(url, shown or f"link to {host}")
