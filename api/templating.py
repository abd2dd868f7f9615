"""How values look on a page: the templates with their filters."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unicodedata import name
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup, escape

from api.visit import visit
from api.zone import local_time, offset_of
from consultation.agreement import Proposal
from consultation.borders import shortened
from consultation.decisions import EDIT_FIELDS
from consultation.easy_proposals import short_redline
from consultation.facts import EditFact, Speaker, name_of
from consultation.redline import Segment, in_context, redline
from consultation.review_queue import ReviewItem
from consultation.support import Support
from parsing.model import Action, Edit, OutcomeKind
from store.damage import is_damaged

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
PARAGRAPH_SHORT = {"title": "T", "subtitle": "S", "opening": "O", "commit": "C", "note": "N", "general": "All"}
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
ACTION_WORDS: dict[Action, str] = {
    "replace": "Replace words",
    "insert": "Insert words",
    "delete": "Delete words",
    "delete_paragraph": "Delete the paragraph",
    "add_paragraph": "Add a paragraph after it",
    "move_paragraph": "Move the paragraph",
    "comment": "Comment, no change of words",
}
ITEM_WORDS = {
    "mail": ("mail", "Mails"),
    "claim": ("claim", "Claims"),
    "edit": ("edit", "Edits"),
    "statement": ("statement", "Without a place"),
}
"""What one item of the queue is called, and all of its kind."""
HEAT = (0, 1, 2, 4, 8)
"""From how many speakers on a paragraph or a word is shown warmer."""


def when(at: datetime | None) -> Markup:
    """The instant in the zone of the settings with its offset, for people and for machines."""
    if at is None or is_damaged((at,)):
        return Markup("<span class=faint>not known</span>")
    local = local_time(at)
    text = f"{local.day} {local:%b %Y, %H:%M}"
    form = '<time datetime="{}">{} <abbr title="Offset from Coordinated Universal Time">{}</abbr></time>'
    return Markup(form).format(local.isoformat(), text, offset_of(local))  # noqa: S704 - format escapes


def day(at: datetime | None) -> Markup:
    if at is None:
        return Markup("")
    local = local_time(at)
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat(), f"{local.day} {local:%b}")


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


def warmth(number: int) -> int:
    """1 to 5, by how much one speaker says of a paragraph: each further one shows."""
    return min(number, 5)


def share(number: int, most: int) -> int:
    """0 for none, up to 5 for the most."""
    return -(-5 * number // most) if most else 0


def paragraph_short(label: str) -> str:
    """The label as the head of a narrow column."""
    return PARAGRAPH_SHORT.get(label, label.removeprefix("PP").removeprefix("OP"))


def change(edit: Edit, official: str) -> tuple[Segment, ...]:
    """One text edit as a redline with the words around it."""
    return in_context(redline(official, (edit,)))


def whole_redline(edit: Edit, official: str) -> tuple[Segment, ...]:
    """The paragraph with one edit in it: crossed out where it is deleted, as it is where its words stay."""
    if edit.action == "delete_paragraph":
        return (Segment(official, "deleted"),)
    added = (Segment(f"\n{edit.new}", "inserted"),) if edit.action == "add_paragraph" else ()
    return (*redline(official, (edit,)), *added)


def as_fields(item: ReviewItem) -> dict[str, str]:
    """The fields of the form of an edit, as the item says it; a statement begins as a comment."""
    if item.statement:
        said = {"action": "comment", "paragraph": "general", "comment": item.statement.text}
    else:
        assert item.edit is not None
        said = {name: getattr(item.edit.edit, name) or "" for name in EDIT_FIELDS if hasattr(item.edit.edit, name)}
    return defaultdict(str, said)


def merged(query: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of both, those with a value."""
    return {name: value for name, value in {**query, **more}.items() if value}


def seen_as(fact: EditFact) -> str:
    """An edit with the notes of the drafters that its page shows, as a form sends it back."""
    return f"{fact.id}:{','.join(map(str, fact.annotations))}"


def mark(fact: EditFact) -> tuple[str, str]:
    """What the drafters did with an edit, and their note."""
    return fact.disposition or "", fact.note


def by_support(proposals: Iterable[Proposal], support: Callable[[Iterable[Speaker]], Support]) -> list[Proposal]:
    """Those first that are made for most Parties, then by most speakers."""
    return sorted(proposals, key=lambda one: (-support(one.speakers).speaks_for, -len(one.speakers)))


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
    return f"{visit().root}/{folder}/{quote(who.name, safe='')}"


def anchor(who: Speaker) -> str:
    return quote(f"{who.name}", safe="")


class LinksUnderRoot(Extension):
    """Puts the root path before every link of a template: `href="/mails"` is written, and leads to the mails wherever
    the site is served. It works on the templates' own text alone; filters that make links do it themselves.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - as Jinja calls it
        return _LINK.sub(r"\1{{ visit().root }}/", source)


_LINK = re.compile(r'(\s(?:href|src|action|formaction)=")/(?!/)')


templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=[LinksUnderRoot],
)
templates.filters |= {
    "when": when,
    "day": day,
    "age": age,
    "count": count,
    "size": size,
    "heat": heat,
    "warmth": warmth,
    "share": share,
    "paragraph_short": paragraph_short,
    "change": change,
    "edges": edges,
    "shortened": shortened,
    "visible": visible,
    "outcome_words": outcome_words,
    "url": speaker_url,
    "name_of_speaker": name_of,
    "anchor": anchor,
    "state_words": lambda state: STATE_WORDS[state],
    "kind_words": lambda kind: KIND_WORDS.get(kind, kind),
    "origin_words": lambda origin: ORIGIN_WORDS.get(origin, origin),
    "whole_redline": whole_redline,
    "as_fields": as_fields,
    "merged": merged,
    "seen_as": seen_as,
    "mark": mark,
    "short_redline": lambda edit, official: short_redline(official, edit),
    "by_support": by_support,
    "item_word": lambda kind: ITEM_WORDS[kind][0],
    "item_words": lambda kind: ITEM_WORDS[kind][1],
    "action_word": lambda action: ACTION_WORDS[action],
    "paragraph_words": lambda label: PARAGRAPH_WORDS.get(label, label),
}
templates.globals |= {"Speaker": Speaker, "action_words": ACTION_WORDS, "dict": dict, "visit": visit}
