"""The named styles of a Word file. Each is parsed when a paragraph or run first names it.

Their part is often the largest of the file, and a text names few of them: as bytes it is cut into its w:style elements
(ECMA-376 part 1, 17.7.4.17) in a tenth of the time that parsing all of it takes.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import pairwise
from typing import Any

from parsing.formats.ooxml import children, get
from parsing.formats.opc import NotOpened, parsed

_OTHER_CHARSET = rb"""[^<>?]*\sencoding\s*=\s*["'](?!(?i:utf-8|us-ascii)["'])"""
_DECLARATION = rb"<\?xml(?!" + _OTHER_CHARSET + rb")\s[^<>?]*\?>"
_ATTRIBUTE = rb"""(?:[^<>"']|"[^"<]*"|'[^'<]*')"""
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:" + _DECLARATION + rb")?\s*(<((?:[\w.-]+:)?)styles(?:\s" + _ATTRIBUTE + rb"*)?>)"
)
_STYLE = re.compile(
    rb"<((?:[\w.-]+:)?)style(?=\s)" + _ATTRIBUTE + rb"""*?\s(?:\1)?styleId\s*=\s*(?:"([^"<]*)"|'([^'<]*)')"""
)
_LONGEST_ROOT = 20_000
"""Bytes of the root's tag, which is parsed with each style; Word's takes three thousand."""


class WordStyleSheet:
    """The styles by their ids. `read` gives the bytes of their part, None where there is none; it is called once, when
    a style is first asked for.
    """

    def __init__(self, read: Callable[[], bytes | None] = lambda: None) -> None:
        self._read = read
        self._seen: dict[str, Any | None] = {}

    def element(self, name: str | None) -> Any | None:
        """The w:style with this id; None where there is none, or where it cannot be read."""
        if not name:
            return None
        if name not in self._seen:
            self._seen[name] = self._found(name)
        return self._seen[name]

    def _found(self, name: str) -> Any | None:
        if self._cut is None:
            return self._whole.get(name)
        try:
            return self._cut.style(name)
        except NotOpened:
            return self._whole.get(name)

    @cached_property
    def _xml(self) -> bytes:
        return self._read() or b""

    @cached_property
    def _cut(self) -> "_CutStyles | None":
        return _cut(self._xml)

    @cached_property
    def _whole(self) -> dict[str, Any]:
        """All styles, of a part that cannot be cut; none where it is damaged: without them the words are the same."""
        try:
            return _by_id(self._xml)
        except NotOpened:
            return {}


@dataclass(frozen=True, slots=True)
class _CutStyles:
    """A part's bytes, and where in them each style is. `opening` and `closing` are the tags of the root."""

    xml: bytes
    opening: bytes
    closing: bytes
    spans: dict[str, tuple[int, int]]

    def style(self, name: str) -> Any | None:
        """The style, with the namespaces that the root declares. Raises NotOpened where it is no whole element."""
        if name not in self.spans:
            return None
        start, end = self.spans[name]
        return _by_id(self.opening + self.xml[start:end] + self.closing).get(name)


def _by_id(xml: bytes) -> dict[str, Any]:
    return {get(style, "styleId") or "": style for style in children(parsed(io.BytesIO(xml), "styles"), "style")}


def _cut(xml: bytes) -> _CutStyles | None:
    """The part cut into its styles; None where that is not safe: in comments, CDATA sections, processing
    instructions and other charsets what looks like a tag may be none.
    """
    root = _ROOT.match(xml)
    if root is None or len(root[1]) > _LONGEST_ROOT or b"<!" in xml or xml.find(b"<?", root.start(1)) >= 0:
        return None
    closing = b"</" + root[2] + b"styles>"
    starts = [*_starts(xml, b"<" + root[2] + b"style"), (xml.rfind(closing), "")]
    spans = {name: (start, end) for (start, name), (end, _) in pairwise(starts)}
    return _CutStyles(xml, root[1], closing, spans)


def _starts(xml: bytes, tag: bytes) -> Iterator[tuple[int, str]]:
    """Where each style begins, and its id."""
    at = xml.find(tag)
    while at >= 0:
        if found := _STYLE.match(xml, at):
            yield at, unescape((found[2] or found[3] or b"").decode("utf-8", "replace"))
        at = xml.find(tag, at + len(tag))
