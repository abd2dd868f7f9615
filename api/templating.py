"""How values look on a page: the templates with their filters."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from unicodedata import name
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from consultation.facts import Speaker
from consultation.redline import Segment, in_context, redline
from parsing.model import Edit, OutcomeKind

STATE_WORDS = {
    "none": "nothing yet",
    "announced": "announced",
    "received": "received, not read yet",
    "unreadable": "received, unreadable",
    "no-comments": "no comments",
    "commented": "commented",
    "covered": "covered",
}
KIND_WORDS = {"auto-reply": "automatic reply", "bounce": "undelivered", "rsvp": "about attending", None: "not read yet"}
ORIGIN_WORDS = {
    "tracked-change": "tracked change",
    "margin-comment": "comment in the margin",
    "silent-change": "changed without tracking",
    "comparison": "retyped file, compared",
    "formatting": "marked by hand",
    "table": "row of a table",
    "instruction": "instruction in words",
    "rewrite": "paragraph restated",
    "remark": "remark",
}
PARAGRAPH_WORDS = {
    "title": "Title",
    "subtitle": "Subtitle",
    "opening": "Opening",
    "commit": "“We commit to”",
    "note": "Closing note",
    "general": "The whole text",
}
OUTCOME_WORDS: dict[OutcomeKind, tuple[str, str]] = {
    "edit": ("edit", "edits"),
    "remark": ("remark", "remarks"),
    "reason": ("reason", "reasons"),
    "place": ("place", "places"),
    "courtesy": ("courtesy", "courtesies"),
    "signature": ("signature", "in the signature"),
    "disclaimer": ("disclaimer", "in a disclaimer"),
    "quoted": ("quoted", "quoted"),
    "official text": ("official text", "official text"),
    "unread": ("unread", "unread"),
}
"""What one sentence is called, and several."""
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""Characters that steer how others are shown, or hide: C0 and C1, bidi embeddings, overrides and isolates (Unicode
UAX #9), tags. The marks of direction U+200E, U+200F and U+061C are not among them: right-to-left text needs them.
"""
HEAT = (0, 1, 2, 4, 8)
"""From how many speakers on a paragraph or a word is shown warmer."""


def when(at: datetime | None) -> Markup:
    """The instant in UTC, for people and for machines."""
    if at is None:
        return Markup("<span class=faint>not known</span>")
    text = f"{at.day} {at:%b %Y, %H:%M}"
    return Markup('<time datetime="{}">{} <abbr title="Coordinated Universal Time">UTC</abbr></time>').format(
        at.isoformat(), text
    )


def day(at: datetime | None) -> Markup:
    if at is None:
        return Markup("")
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), f"{at.day} {at:%b}")


def age(span: timedelta) -> str:
    """How long ago, in the largest unit that fits."""
    minutes = int(span.total_seconds() // 60)
    for size, unit in ((60 * 48, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // (60 * 24) if unit == "day" else minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def size(number: int) -> str:
    return f"{number} B" if number < 1000 else f"{number / 1000:.0f} kB" if number < 1e6 else f"{number / 1e6:.1f} MB"


def heat(number: int) -> int:
    """0 for none, up to 5."""
    return sum(number > step for step in HEAT)


def change(edit: Edit, official: str) -> tuple[Segment, ...]:
    """One text edit as a redline with the words around it."""
    return in_context(redline(official, (edit,)))


def visible(text: str) -> Markup:
    """The text with control characters shown by their code, so that none is obeyed."""
    return Markup(CONTROLS.sub(lambda found: _control(found[0]), str(escape(text))))  # noqa: S704 - escaped before


def _control(character: str) -> str:
    title = escape(name(character, "control character").lower())
    return f'<span class="control" title="{title}">U+{ord(character):04X}</span>'


def outcome_words(kind: OutcomeKind, number: int = 1) -> str:
    return OUTCOME_WORDS[kind][number != 1]


def edges(text: str) -> tuple[str, str, str]:
    """The spaces before, the words, the spaces after: a mark begins and ends with a word, where there is one."""
    core = text.strip()
    if not core:
        return "", text, ""
    at = text.index(core)
    return text[:at], core, text[at + len(core) :]


def speaker_url(who: Speaker) -> str:
    folder = {"party": "parties", "group": "groups", "observer": "observers"}[who.kind]
    return f"/{folder}/{quote(who.name, safe='')}"


def anchor(who: Speaker) -> str:
    return quote(f"{who.name}", safe="")


templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters |= {
    "when": when,
    "day": day,
    "age": age,
    "count": count,
    "size": size,
    "heat": heat,
    "change": change,
    "edges": edges,
    "visible": visible,
    "outcome_words": outcome_words,
    "url": speaker_url,
    "anchor": anchor,
    "state_words": lambda state: STATE_WORDS[state],
    "kind_words": lambda kind: KIND_WORDS.get(kind, kind),
    "origin_words": lambda origin: ORIGIN_WORDS.get(origin, origin),
    "paragraph_words": lambda label: PARAGRAPH_WORDS.get(label, label),
}
templates.globals |= {"Speaker": Speaker}
