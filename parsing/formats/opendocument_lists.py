"""The numbers of an OpenDocument text's lists and headings (OpenDocument 1.3, part 3, 5.3), counted as it is asked."""

from typing import Any

from parsing.formats.opendocument_changes import XML_ID
from parsing.formats.opendocument_styles import TEXT, ListCount, OpenDocumentStyles, integer


class Lists:
    """The lists of a text: which goes on with which, and what each has counted."""

    def __init__(self, styles: OpenDocumentStyles) -> None:
        self._styles = styles
        self._by_id: dict[str, ListCount] = {}
        self._by_style: dict[str, ListCount] = {}
        self._headings = ListCount()

    def counter(self, element: Any, outer: ListCount | None) -> ListCount:
        """The count of a text:list: that of the list around it, of the one that it continues, or a new one."""
        style = element.get(TEXT + "style-name")
        counter = outer
        if counter is None or (style is not None and style != counter.style):
            counter = self._continued(element, style or "") or ListCount(style or "")
        self._by_id[element.get(XML_ID, "")] = self._by_style[counter.style] = counter
        return counter

    def _continued(self, element: Any, style: str) -> ListCount | None:
        """The list that an element says it goes on with (19.780, 19.781)."""
        before = self._by_id.get(element.get(TEXT + "continue-list", "-"))
        if before is None and element.get(TEXT + "continue-numbering") == "true":
            before = self._by_style.get(style)
        return before

    def number_of_item(self, item: Any, counter: ListCount, level: int) -> str | None:
        """The number shown before an item, which is counted."""
        start = item.get(TEXT + "start-value")
        number = self._styles.number(counter, level, None if start is None else integer(start, 1))
        shown = item.findtext(TEXT + "number")
        return number if shown is None else shown.strip() or None

    def number_of_heading(self, heading: Any) -> str | None:
        """The number shown before a text:h outside of lists, which is counted."""
        return self._styles.number(self._headings, integer(heading.get(TEXT + "outline-level"), 1) - 1)
