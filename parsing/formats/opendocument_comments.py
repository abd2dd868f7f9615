"""The comments of an OpenDocument file (OpenDocument 1.3, part 3, 14.1 and 14.2), where they begin and end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from parsing.formats.opendocument_changes import DC
from parsing.formats.opendocument_styles import LOEXT, OFFICE
from parsing.model import MarginComment


@dataclass(slots=True)
class Annotation:
    """A comment, from its first character to its last; `on_cell` where it is about a cell and not about words."""

    element: Any
    start: int
    end: int
    on_cell: bool


class CommentCollector:
    """The comments found so far. Names may occur twice; an end belongs to the last comment of its name."""

    def __init__(self) -> None:
        self.all: list[Annotation] = []
        self._by_name: dict[str, Annotation] = {}

    def begin(self, element: Any, position: int, *, on_cell: bool = False) -> None:
        annotation = Annotation(element, position, position, on_cell)
        self.all.append(annotation)
        self._by_name[element.get(OFFICE + "name", "")] = annotation

    def end(self, element: Any, position: int) -> None:
        if (annotation := self._by_name.get(element.get(OFFICE + "name", "-"))) is not None:
            annotation.end = position

    def margin(self, words: Callable[[Any], str]) -> Iterator[MarginComment]:
        """The comments, in their order; `words` gives an annotation's own text."""
        names = {one.element.get(OFFICE + "name", ""): n for n, one in enumerate(self.all)}
        for one in self.all:
            yield MarginComment(
                text=words(one.element),
                author=one.element.findtext(DC + "creator") or None,
                date=one.element.findtext(DC + "date") or None,
                start=one.start,
                end=one.end,
                parent=names.get(one.element.get(LOEXT + "parent-name", "-")),
                resolved=one.element.get(LOEXT + "resolved") == "true",
            )
