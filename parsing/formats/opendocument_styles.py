"""What the styles of an OpenDocument text say: how characters look, what is a heading, how lists are numbered.

OpenDocument 1.3, part 3: 16 (styles), 20 (their attributes); loext is LibreOffice's own namespace.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from parsing.formats.numbering import written
from parsing.formats.styles import styled

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_FORMATS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "一, 二, 三, ...": "chineseCounting", "": "none",
}  # fmt: skip
_CHAIN = 20
"""Styles that a style may be based on, one upon the other."""


@dataclass(frozen=True, slots=True)
class _NamedStyle:
    name: str
    parent: str | None
    automatic: bool
    css: dict[str, str]
    list: str | None


@dataclass(frozen=True, slots=True)
class _NumberFormat:
    """How one level of a list is numbered. `pattern` is what is shown, with %1% for the number of the first level."""

    format: str = "none"
    pattern: str = ""
    start: int = 1


@dataclass(slots=True)
class ListCount:
    """One list that is being counted: its style, and the number that each of its levels has reached."""

    style: str = ""
    counts: list[int | None] = field(default_factory=lambda: [None] * 10)


class OpenDocumentStyles:
    """All styles of a file, by family and name. Each is read when it is first asked for: a text uses few of them."""

    def __init__(self, *roots: Any) -> None:
        self._elements: dict[tuple[str, str], Any] = {}
        self._list_elements: dict[str, Any] = {}
        self._styles: dict[tuple[str, str], _NamedStyle | None] = {}
        self._lists: dict[str, dict[int, _NumberFormat]] = {}
        for root in roots:
            for style in root.iter(STYLE + "style"):
                self._elements[style.get(STYLE + "family", ""), style.get(STYLE + "name", "")] = style
            for of_list in root.iter(TEXT + "list-style", TEXT + "outline-style"):
                name = of_list.get(STYLE + "name", "")
                self._list_elements["" if of_list.tag == TEXT + "outline-style" else name] = of_list

    def _style(self, family: str, name: str) -> _NamedStyle | None:
        key = (family, name)
        if key not in self._styles:
            element = self._elements.get(key)
            self._styles[key] = None if element is None else _named_style(element)
        return self._styles[key]

    def _list(self, name: str) -> dict[int, _NumberFormat]:
        if name not in self._lists:
            element = self._list_elements.get(name)
            self._lists[name] = {} if element is None else _levels(element)
        return self._lists[name]

    def _chain(self, family: str, name: str | None) -> list[_NamedStyle]:
        """The style and those that it is based on, the style first."""
        found: list[_NamedStyle] = []
        while name is not None and len(found) < _CHAIN and (style := self._style(family, name)) is not None:
            found.append(style)
            name = style.parent
        return found

    def of_span(self, name: str | None, outer: frozenset[str]) -> frozenset[str]:
        """How characters look inside a span."""
        for style in reversed(self._chain("text", name)):
            outer = styled(outer, style.css)
        return outer

    def of_paragraph(self, name: str | None) -> frozenset[str]:
        """How characters look that were formatted with their whole paragraph; a named style's look is no emphasis."""
        look: frozenset[str] = frozenset()
        for style in reversed(self._chain("paragraph", name)):
            look = styled(look, style.css) if style.automatic else look
        return look

    def is_heading(self, name: str | None) -> bool:
        names = (style.name.lower() for style in self._chain("paragraph", name))
        return any(name.startswith(("heading", "title", "subtitle")) for name in names)

    def list_of(self, name: str | None) -> str | None:
        """The list style that a paragraph style names."""
        return next((style.list for style in self._chain("paragraph", name) if style.list is not None), None)

    def number(self, counter: ListCount, level: int, start: int | None = None) -> str | None:
        """The number shown before the next item at a level (from 0) of a list; None for bullets."""
        levels = self._list(counter.style)
        level = min(level, len(counter.counts) - 1)
        own = levels.get(level, _NumberFormat())
        before = counter.counts[level]
        counter.counts[level] = start if start is not None else own.start if before is None else before + 1
        counter.counts[level + 1 :] = [None] * (len(counter.counts) - level - 1)
        if own.format == "none":
            return None

        def shown(match: re.Match[str]) -> str:
            n = min(int(match[1]), len(counter.counts)) - 1
            of = levels.get(n, _NumberFormat())
            return written(counter.counts[n] or of.start, of.format) if of.format != "none" else ""

        return re.sub(r"%(\d\d?)%", shown, own.pattern).strip() or None


def _named_style(style: Any) -> _NamedStyle:
    properties = style.find(STYLE + "text-properties")
    return _NamedStyle(
        name=style.get(STYLE + "display-name") or style.get(STYLE + "name", ""),
        parent=style.get(STYLE + "parent-style-name"),
        automatic=style.getparent().tag == OFFICE + "automatic-styles",
        css=_css(properties) if properties is not None else {},
        list=style.get(STYLE + "list-style-name"),
    )


def _levels(of_list: Any) -> dict[int, _NumberFormat]:
    levels = {}
    for element in of_list:
        if not isinstance(element.tag, str):
            continue
        n = integer(element.get(TEXT + "level"), 1)
        if element.tag.endswith(("list-level-style-number", "outline-level-style")) and 1 <= n <= 10:
            levels[n - 1] = _level(element, n)
    return levels


def _level(element: Any, n: int) -> _NumberFormat:
    form = _FORMATS.get(element.get(STYLE + "num-format", ""), "decimal")
    pattern = element.get(LOEXT + "num-list-format")
    if pattern is None:
        first = n - min(max(integer(element.get(TEXT + "display-levels"), 1), 1), n) + 1
        numbers = ".".join(f"%{k}%" for k in range(first, n + 1))
        pattern = element.get(STYLE + "num-prefix", "") + numbers + element.get(STYLE + "num-suffix", "")
    return _NumberFormat(form, pattern, integer(element.get(TEXT + "start-value"), 1))


def _css(properties: Any) -> dict[str, str]:
    """Text properties in the words of CSS, from which most of them come (20.183 and on)."""
    css = {}
    for name in ("font-weight", "font-style", "color", "background-color"):
        if (value := properties.get(FO + name)) is not None:
            css[name] = value.lower()
    lines = []
    for kind, word in (("line-through", "line-through"), ("underline", "underline")):
        values = (properties.get(f"{STYLE}text-{kind}-{end}") for end in ("style", "type"))
        if any(value not in (None, "none") for value in values):
            lines.append(word)
    if lines:
        css["text-decoration"] = " ".join(lines)
    position = properties.get(STYLE + "text-position", "").split(" ")[0]
    if position in ("super", "sub"):
        css["vertical-align"] = position
    return css


def integer(text: str | None, default: int) -> int:
    try:
        return min(max(int(text or ""), -999_999), 999_999)
    except ValueError:
        return default
