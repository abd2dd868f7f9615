"""What a reader sees of a character: the words of Run.style, from CSS declarations and from colours in any notation."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_NAMED = {
    "red": "FF0000", "blue": "0000FF", "green": "008000", "yellow": "FFFF00", "purple": "800080", "navy": "000080",
    "maroon": "800000", "teal": "008080", "olive": "808000", "orange": "FFA500", "lime": "00FF00", "aqua": "00FFFF",
    "cyan": "00FFFF", "fuchsia": "FF00FF", "magenta": "FF00FF", "gray": "808080", "grey": "808080", "pink": "FFC0CB",
    "darkred": "8B0000", "darkblue": "00008B", "darkgreen": "006400", "brown": "A52A2A", "crimson": "DC143C",
    "silver": "C0C0C0", "violet": "EE82EE", "gold": "FFD700", "lightblue": "ADD8E6", "lightgreen": "90EE90",
    "white": "FFFFFF", "black": "000000",
}  # fmt: skip
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+))?")
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})$")
_BOLD = re.compile(r"bold|[6-9]00")
_ANNOUNCED = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"^([a-z][a-z0-9]*)?(\.[\w-]+)?$")
DARK = 0x48
"""A grey whose channels are all below this is black to the eye: clients write #222222 for plain text."""


def colour_of(value: str) -> str | None:
    """Six hexadecimal digits, upper case; None where it is no colour of its own (auto, inherit, transparent)."""
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if (rgb := _RGB.match(value)) is not None:
        clear = rgb[4] is not None and rgb[4].strip(".0") == ""
        return None if clear else "".join(f"{min(int(c), 255):02X}" for c in rgb.groups()[:3])
    if (found := _HEX.match(value)) is None:
        return None
    digits = found[1].upper()
    return digits if len(digits) == 6 else "".join(c * 2 for c in digits)


def is_plain(colour: str) -> bool:
    """Whether text in this colour looks like any other: black, or a grey that is nearly so."""
    channels = [int(colour[n : n + 2], 16) for n in (0, 2, 4)]
    return max(channels) < DARK and max(channels) - min(channels) < 0x10


def is_paper(colour: str) -> bool:
    """Whether a background in this colour looks like none: white, or nearly so."""
    return min(int(colour[n : n + 2], 16) for n in (0, 2, 4)) >= 0xF0


@lru_cache(maxsize=4096)
def declarations(css: str) -> Mapping[str, str]:
    """{property: value} of a style attribute, both in lower case; the later one counts."""
    found = {}
    for declaration in css.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower()
    return found


def rules(sheet: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(selector, declarations) of the plain rules of a style sheet: an element, a class, or both."""
    for announced in _ANNOUNCED.finditer(sheet[:200_000]):
        for selector in announced[1].split(","):
            name = selector.strip().lower()
            if _SELECTOR.match(name) and name:
                yield name, declarations(announced[2])


def styled(style: frozenset[str], css: Mapping[str, str]) -> frozenset[str]:
    """The words of a style after declarations inside it: decorations add up, weight and colours are replaced."""
    found = set(style)
    decoration = css.get("text-decoration", "") + " " + css.get("text-decoration-line", "")
    if "line-through" in decoration:
        found.add("strike")
    if "underline" in decoration:
        found.add("underline")
    _switch(found, "bold", css.get("font-weight"), _BOLD)
    _switch(found, "italic", css.get("font-style"), re.compile("italic|oblique"))
    _colour(found, "colour:", css.get("color"))
    _colour(found, "highlight:", css.get("background-color") or css.get("background"))
    if css.get("vertical-align") in ("super", "sub"):
        found.add(css["vertical-align"] + "script")
    return frozenset(found)


def _switch(found: set[str], word: str, value: str | None, on: re.Pattern[str]) -> None:
    if value is not None and value != "inherit":
        (found.add if on.search(value) else found.discard)(word)


def _colour(found: set[str], word: str, value: str | None) -> None:
    if value is None or value == "inherit":
        return
    colour = _first_colour(value)
    if colour is None and word == "highlight:":
        return
    looks_like_none = is_plain if word == "colour:" else is_paper
    found.difference_update([style for style in found if style.startswith(word)])
    if colour is not None and not looks_like_none(colour):
        found.add(word + colour)


def _first_colour(value: str) -> str | None:
    """The colour with which a value begins: a background may go on with a picture and its place."""
    return colour_of(value if value.startswith("rgb") else value.split(" ", maxsplit=1)[0])
