"""Tracked changes of an OpenDocument text: the changed regions that it declares before its first paragraph.

OpenDocument 1.3, part 3, 5.5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from parsing.formats.opendocument_styles import OFFICE, TEXT

DC = "{http://purl.org/dc/elements/1.1/}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


@dataclass(frozen=True, slots=True)
class Change:
    author: str | None
    date: str | None


NOBODY = Change(None, None)


@dataclass(frozen=True, slots=True)
class Region:
    """A changed region (5.5.2): inserted, deleted, or both. `content` is what was taken out of the text."""

    ins: Change | None
    gone: Change | None
    content: Any | None


def regions(body: Any) -> dict[str, Region]:
    """The changed regions by their id; a change of format is none."""
    found = {}
    for region in body.iterfind(f"{TEXT}tracked-changes/{TEXT}changed-region"):
        gone, ins = region.find(f".//{TEXT}deletion"), region.find(f".//{TEXT}insertion")
        if gone is not None or ins is not None:
            name = region.get(TEXT + "id") or region.get(XML_ID) or ""
            found[name] = Region(_change_of(ins), _change_of(gone), gone)
    return found


def _change_of(element: Any | None) -> Change | None:
    if element is None:
        return None
    info = element.find(OFFICE + "change-info")
    if info is None:
        return NOBODY
    return Change(info.findtext(DC + "creator") or None, info.findtext(DC + "date") or None)


def pieces(content: Any) -> Iterator[Any]:
    """The paragraphs of a deletion, in whatever lists, tables and sections they stood."""
    for child in content:
        if child.tag in (TEXT + "p", TEXT + "h"):
            yield child
        elif child.tag not in (OFFICE + "change-info", TEXT + "insertion"):
            yield from pieces(child)
