"""Tracked changes of an OpenDocument text: the changed regions that it declares before its first paragraph.

OpenDocument 1.3, part 3, 5.5.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from parsing.formats.opendocument_styles import OFFICE, TEXT
from parsing.formats.revisions import UNSIGNED, Revision

DC = "{http://purl.org/dc/elements/1.1/}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


@dataclass(frozen=True, slots=True)
class ChangedRegion:
    """A changed region (5.5.2): inserted, deleted, or both. `content` is what was taken out of the text."""

    ins: Revision | None
    gone: Revision | None
    content: Any | None


def changed_regions(body: Any) -> dict[str, ChangedRegion]:
    """The changed regions by their id; a change of format is none."""
    found = {}
    for region in body.iterfind(f"{TEXT}tracked-changes/{TEXT}changed-region"):
        gone, ins = region.find(f".//{TEXT}deletion"), region.find(f".//{TEXT}insertion")
        if gone is not None or ins is not None:
            name = region.get(TEXT + "id") or region.get(XML_ID) or ""
            found[name] = ChangedRegion(_revision_of(ins), _revision_of(gone), gone)
    return found


def _revision_of(element: Any | None) -> Revision | None:
    if element is None:
        return None
    info = element.find(OFFICE + "change-info")
    if info is None:
        return UNSIGNED
    return Revision(info.findtext(DC + "creator") or None, info.findtext(DC + "date") or None)


class OpenRegions:
    """The changed regions that are open: they may begin in one paragraph and end in another (5.5.8)."""

    def __init__(self, declared: Mapping[str, ChangedRegion]) -> None:
        self._declared = declared
        self._open: dict[str, ChangedRegion] = {}

    def take(self, element: Any) -> bool:
        """Whether an element is the start or the end of a region, which it then opens or closes."""
        if element.tag not in (TEXT + "change-start", TEXT + "change-end"):
            return False
        name = element.get(TEXT + "change-id", "")
        self._open.pop(name, None)
        if element.tag == TEXT + "change-start" and name in self._declared:
            self._open[name] = self._declared[name]
        return True

    def taken_out(self, element: Any) -> ChangedRegion | None:
        """The region whose words were deleted at a text:change; None where the file does not have them."""
        region = self._declared.get(element.get(TEXT + "change-id", ""))
        return None if region is None or region.content is None else region

    @property
    def ins(self) -> Revision | None:
        """The insertion that was opened last."""
        return next((region.ins for region in reversed(self._open.values()) if region.ins is not None), None)

    @property
    def gone(self) -> Revision | None:
        """The deletion that was opened last."""
        return next((region.gone for region in reversed(self._open.values()) if region.gone is not None), None)


def paragraphs_of(content: Any) -> Iterator[Any]:
    """The paragraphs of a deletion, in whatever lists, tables and sections."""
    for child in content:
        if child.tag in (TEXT + "p", TEXT + "h"):
            yield child
        elif child.tag not in (OFFICE + "change-info", TEXT + "insertion"):
            yield from paragraphs_of(child)
