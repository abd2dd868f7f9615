"""What an HTML element means for the characters inside it: changed, styled, hidden, somebody else's words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from parsing.formats.html_roles import is_indent, may_be_indent, role_of
from parsing.formats.revisions import Revision, mark_of, revised
from parsing.formats.styles import declarations, rules, styled
from parsing.model import Cell, Mark, Run, TextRole

_UNSEEN = frozenset({
    "script", "style", "head", "title", "template", "noframes", "xml", "textarea", "select", "option", "datalist",
    "object", "applet", "iframe", "svg", "math", "audio", "video", "canvas",
})  # fmt: skip
_STYLED = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "s": "strike", "strike": "strike",
    "sup": "superscript", "sub": "subscript", "mark": "highlight:FFFF00",
}  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KEEP_LINES = frozenset({"pre", "pre-wrap", "pre-line", "break-spaces"})
"""Values of white-space under which a line feed ends a line (CSS Text 3, 3)."""
_MOST_CLASSES = 20


@dataclass(frozen=True, slots=True)
class HtmlContext:
    """What holds for the characters inside an element."""

    ins: Revision | None = None
    gone: Revision | None = None
    style: frozenset[str] = frozenset()
    role: TextRole = "own"
    cell: Cell | None = None
    heading: bool = False
    pre: bool = False
    hidden: bool = False
    link: bool = False
    indented: bool = False
    number: bool = False
    """Inside the number that Word shows before a list's paragraph."""

    @property
    def mark(self) -> Mark:
        return mark_of(self.ins, self.gone)

    def run(self, text: str) -> Run:
        return revised(text, self.style, self.ins, self.gone)


class StyleSheet:
    """The plain rules of a page's style sheets."""

    def __init__(self) -> None:
        self._rules: dict[str, Mapping[str, str]] = {}

    def add(self, sheet: str) -> None:
        self._rules.update(rules(sheet))

    def of(self, tag: str, attributes: Mapping[str, str]) -> Mapping[str, str]:
        """What the sheets and the element's own attributes say of it, the later over the earlier."""
        css = dict(self._rules.get(tag, {}))
        for name in attributes.get("class", "").lower().split()[:_MOST_CLASSES]:
            css |= self._rules.get("." + name, {})
            css |= self._rules.get(f"{tag}.{name}", {})
        if tag == "font" and "color" in attributes:
            css["color"] = attributes["color"]
        if (own := attributes.get("style")) is not None:
            css |= declarations(own)
        return css


def context_inside(
    tag: str, attributes: Mapping[str, str], css: Mapping[str, str], outer: HtmlContext, *, in_history: bool = False
) -> HtmlContext:
    """The context inside an element; `outer` is the context around it. Where what is last is history
    (`in_history`), a blockquote without any sign quotes, too.
    """
    link = outer.link or (tag == "a" and "href" in attributes)
    return replace(
        _changed(tag, attributes, outer),
        style=_style(tag, css, outer.style, link=link),
        role=_role(tag, attributes, outer.role, in_history=in_history),
        indented=outer.indented or (may_be_indent(tag, attributes) and not in_history),
        heading=outer.heading or tag in _HEADINGS,
        pre=_keeps_lines(tag, css, outer),
        hidden=outer.hidden or _is_unseen(tag, css),
        link=link,
        number=outer.number or css.get("mso-list") == "ignore",
    )


def _changed(tag: str, attributes: Mapping[str, str], outer: HtmlContext) -> HtmlContext:
    """The context inside an insertion or a deletion; the outermost of a kind rules."""
    if tag == "ins" and outer.ins is None:
        return replace(outer, ins=_revision(attributes))
    if tag == "del" and outer.gone is None:
        return replace(outer, gone=_revision(attributes))
    return outer


def _role(tag: str, attributes: Mapping[str, str], outer: TextRole, *, in_history: bool) -> TextRole:
    """Whose words are inside: nobody's own again inside somebody else's."""
    if outer != "own":
        return outer
    if in_history and is_indent(tag, attributes):
        return "quoted"
    return role_of(tag, attributes) or "own"


def _style(tag: str, css: Mapping[str, str], outer: frozenset[str], *, link: bool) -> frozenset[str]:
    """How characters look; what a link looks like is the program's choice and no emphasis."""
    style = outer | {_STYLED[tag]} if tag in _STYLED else outer
    return styled(style, css) if css and not link else style


def _keeps_lines(tag: str, css: Mapping[str, str], outer: HtmlContext) -> bool:
    value = css.get("white-space", "inherit")
    return tag == "pre" or (outer.pre if value == "inherit" else value in _KEEP_LINES)


def _is_unseen(tag: str, css: Mapping[str, str]) -> bool:
    return tag in _UNSEEN or css.get("display") == "none" or css.get("mso-hide") == "all"


def _revision(attributes: Mapping[str, str]) -> Revision:
    """Who and when: Word writes cite="mailto:Name" and datetime, web editors data-username and data-time."""
    author = attributes.get("data-username") or unquote(attributes.get("cite", "")).removeprefix("mailto:")
    return Revision(author.strip() or None, attributes.get("datetime") or attributes.get("data-time") or None)
