"""Links to files in clouds: pieces of a mail that did not come with it."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from parsing.languages.tables import phrases
from parsing.mail.headers import one_line
from parsing.mail.wrapped_links import unwrapped
from parsing.text.phrases import folded, pattern

_HABITS = tomllib.loads(Path(__file__).with_name("mail.toml").read_text(encoding="utf-8"))["links"]
_HOSTS: tuple[str, ...] = tuple(_HABITS["hosts"])
_SHARE = re.compile("|".join(_HABITS["shares"]), re.IGNORECASE)
"""How servers for sharing files that anyone may run (Nextcloud, Seafile, SharePoint) write the address of a file."""
_FILE = re.compile(r"\.(?:docx?|odt|rtf|pdf|xlsx?|ods|pptx?|zip|7z|rar|pages|txt)$", re.IGNORECASE)
_ANNOUNCED = pattern(phrases("links.announced"))
_URL = re.compile(r"https?://[^\s<>\"'\u3000，。；）】]{4,2000}")
_ANCHOR = re.compile(
    r"<a\s[^<>]{0,2000}?href\s*=\s*[\"']?(https?://[^\s\"'<>]{4,2000})[^<>]*>(.{0,300}?)</a", re.IGNORECASE | re.DOTALL
)
_TAGS = re.compile(r"<[^<>]*>|\s+")
_AROUND = 200
"""Characters before a link in which a sentence may say what it leads to."""
_MOST = 50


@dataclass(frozen=True, slots=True)
class Link:
    """Where a file is kept that was sent as a link, and a name for it."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class _Written:
    """A link as it stands in the mail: the words that lead to it, and those that come before it."""

    url: str
    words: str
    before: str


def links_in(own: str, htmls: Sequence[str]) -> tuple[Link, ...]:
    """The links to files in the sender's own words, each once: written out there, or behind words that are there."""
    found: dict[str, Link] = {}
    for written in (*_written_out(own), *_behind_words(own, htmls)):
        link = _link(written)
        if link is not None:
            found.setdefault(link.url, link)
    return tuple(found.values())[:_MOST]


def _written_out(own: str) -> Iterator[_Written]:
    for url in _URL.finditer(own):
        yield _Written(url[0].rstrip(").,;:!?]*>"), "", own[max(0, url.start() - _AROUND) : url.start()])


def _behind_words(own: str, htmls: Sequence[str]) -> Iterator[_Written]:
    said = " ".join(own.split())
    for html in htmls:
        for anchor in _ANCHOR.finditer(html):
            words = " ".join(unescape(_TAGS.sub(" ", anchor[2])).split())
            at = said.find(words) if words else -1
            if at >= 0:
                yield _Written(unescape(anchor[1]), words, said[max(0, at - _AROUND) : at + len(words)])


def _link(written: _Written) -> Link | None:
    """The file that a link leads to; None where it may lead to any page."""
    target = unwrapped(one_line(written.url))
    host, path = _parts(target.url)
    last = unquote(path.rstrip("/").rpartition("/")[2])
    is_front_page = not target.hidden and not path.strip("/")
    is_said = not is_front_page and _ANNOUNCED.search(folded(written.before)) is not None
    if not host or not (_is_known(host) or _SHARE.search(host + path) or is_said):
        return None
    shown = last if _FILE.search(last) else _name_in(written.words)
    return Link(target.url, shown or f"link to {host}")


def _parts(url: str) -> tuple[str, str]:
    """Host and path; both empty where the link is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www."), parts.path
    except ValueError:
        return "", ""


def _is_known(host: str) -> bool:
    return any(host == known or host.endswith("." + known) for known in _HOSTS)


def _name_in(words: str) -> str:
    return "" if words.startswith("http") else words
