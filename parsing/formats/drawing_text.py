"""The text of DrawingML (ECMA-376 part 1, 21.1.2): of slides, and of text boxes on sheets."""

from collections.abc import Iterator
from typing import Any

from parsing.formats.ooxml import child, get, local
from parsing.formats.styles import colour_of, is_plain
from parsing.formats.text import clean
from parsing.model import Run

_LOOKS = (("b", "bold", "0"), ("i", "italic", "0"), ("u", "underline", "none"), ("strike", "strike", "noStrike"))
"""Attributes of a run's properties, what they mean, and their value for no."""


def paragraphs_in(element: Any) -> Iterator[list[Run]]:
    """The runs of each a:p inside an element, in their order, those of mc:Fallback aside."""
    for one in element:
        name = local(one)
        if name == "p" and "drawingml" in one.tag:
            yield list(_runs(one))
        elif name and name != "Fallback":
            yield from paragraphs_in(one)


def _runs(paragraph: Any) -> Iterator[Run]:
    for one in paragraph:
        name = local(one)
        if name == "br":
            yield Run("\n")
        elif name in ("r", "fld"):
            yield Run(clean(_text(one)), style=_style(child(one, "rPr")))
        elif name == "AlternateContent":  # an equation, or what an older program shows instead
            choice = child(one, "Choice", "Fallback")
            if choice is not None:
                yield Run(clean("".join(t.text or "" for t in choice.iter() if local(t) == "t")))


def _text(run: Any) -> str:
    element = child(run, "t")
    return "" if element is None else element.text or ""


def _style(properties: Any | None) -> frozenset[str]:
    """How a run looks (21.1.2.3.9)."""
    if properties is None:
        return frozenset()
    style = {word for name, word, off in _LOOKS if (get(properties, name) or off) not in (off, "false")}
    colour = colour_of(get(child(child(properties, "solidFill"), "srgbClr"), "val") or "")
    if colour is not None and not is_plain(colour):
        style.add(f"colour:{colour}")
    return frozenset(style)
