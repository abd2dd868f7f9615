"""What a reader sees of a Word run: bold, italic, underline, strike, capitals, colour, highlight."""

from functools import lru_cache
from typing import Any

from parsing.formats.ooxml import child, get, is_on, local
from parsing.formats.word_stylesheet import WordStyleSheet

_TOGGLES = {"b": "bold", "i": "italic", "strike": "strike", "dstrike": "strike", "caps": "capitals"}
_NO_COLOURS = ("auto", "000000", "none", "white", "FFFFFF", "black", None)


class WordStyles:
    """The look of runs, character styles resolved. What a paragraph's style gives all its runs is left aside."""

    def __init__(self, sheet: WordStyleSheet) -> None:
        self._sheet = sheet
        self._seen: dict[tuple[Any, ...], frozenset[str]] = {}

    def of(self, properties: Any) -> frozenset[str]:
        """The style of a w:rPr (ECMA-376 part 1, 17.3.2)."""
        key = tuple([(one.tag, *one.values()) for one in properties])
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._computed(properties)
        return found

    def _computed(self, properties: Any) -> frozenset[str]:
        style = set(self._of_named(get(child(properties, "rStyle"), "val")))
        for one in properties:
            name = local(one)
            if name in _TOGGLES:
                (style.add if is_on(one) else style.discard)(_TOGGLES[name])
            else:
                style |= _look(name, get(one, "val"), get(one, "fill"))
        if get(child(properties, "u"), "val") == "none":
            style.discard("underline")
        return frozenset(style)

    def _of_named(self, name: str | None, depth: int = 0) -> frozenset[str]:
        style = self._sheet.element(name)
        if style is None or depth > 10 or get(style, "type") != "character":
            return frozenset()
        inherited = self._of_named(get(child(style, "basedOn"), "val"), depth + 1)
        properties = child(style, "rPr")
        return inherited | (frozenset() if properties is None else self._computed(properties))


@lru_cache(maxsize=1024)
def _look(name: str, value: str | None, fill: str | None) -> frozenset[str]:
    match name:
        case "u" if value not in ("none", None):
            return frozenset(["underline"])
        case "color" if value not in _NO_COLOURS:
            return frozenset([f"colour:{value}"])
        case "highlight" if value not in _NO_COLOURS:
            return frozenset([f"highlight:{value}"])
        case "shd" if fill not in _NO_COLOURS:
            return frozenset([f"highlight:{fill}"])
        case "vertAlign" if value is not None and value in ("superscript", "subscript"):
            return frozenset([value])
        case _:
            return frozenset()
