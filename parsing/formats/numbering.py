"""The numbers that Word shows before the paragraphs of automatic lists (ECMA-376 part 1, 17.9), and which are headings."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_CHINESE = "零一二三四五六七八九"
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None


class Numbers:
    """Counts as it is asked: once for each paragraph, in the order of the text."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._styles: dict[str, tuple[str | None, tuple[str, int] | None, str]] = {}
        self._counts: dict[str, list[int | None]] = defaultdict(lambda: [None] * _LEVELS)
        self._started: set[tuple[str, int]] = set()
        for style in _all(styles, "style"):
            self._read_style(style)
        for abstract in _all(numbering, "abstractNum"):
            levels = {int(_val(level, "ilvl", "0")): _level(level) for level in _all(abstract, "lvl")}
            self._abstract[_val(abstract, "abstractNumId", "")] = levels
        for number in _all(numbering, "num"):
            self._read_list(number)

    def _read_style(self, style: Any) -> None:
        based = _first(style, "basedOn")
        properties = _first(style, "pPr")
        self._styles[_val(style, "styleId", "")] = (
            None if based is None else _val(based, "val", ""),
            _numbering_of(properties),
            _val(_first(style, "name"), "val", "").lower(),
        )

    def _read_list(self, number: Any) -> None:
        abstract = _val(_first(number, "abstractNumId"), "val", "")
        changed = {}
        for override in _all(number, "lvlOverride"):
            n = int(_val(override, "ilvl", "0"))
            level = _first(override, "lvl")
            start = _first(override, "startOverride")
            base = _level(level) if level is not None else self._abstract.get(abstract, {}).get(n, _Level())
            if start is not None:
                base = _Level(_int(_val(start, "val", ""), 1), base.format, base.text, base.restart)
            changed[n] = base
        self._lists[_val(number, "numId", "")] = (abstract, changed)

    def of(self, properties: Any | None) -> str | None:
        """The number shown before this paragraph ("5.", "(a)"), None where there is none; bullets are none."""
        place = _numbering_of(properties) or self._of_style(_style_of(properties))
        if place is None or place[0] not in self._lists or not 0 <= place[1] < _LEVELS:
            return None
        number, n = place
        abstract, changed = self._lists[number]
        levels = self._abstract.get(abstract, {}) | changed
        counts = self._counts[abstract]
        if n in changed and (number, n) not in self._started:
            self._started.add((number, n))
            counts[n] = None
        level = levels.get(n, _Level())
        before = counts[n]
        counts[n] = level.start if before is None else before + 1
        for deeper in range(n + 1, _LEVELS):
            counts[deeper] = None
        if level.format in ("bullet", "none"):
            return None
        shown = re.sub(r"%([1-9])", lambda m: self._shown(int(m[1]) - 1, counts, levels), level.text)
        return shown.strip() or None

    @staticmethod
    def _shown(n: int, counts: list[int | None], levels: dict[int, _Level]) -> str:
        level = levels.get(n, _Level())
        return written(counts[n] or level.start, level.format)

    def _of_style(self, style: str | None) -> tuple[str, int] | None:
        for _ in range(20):
            based, numbering, _name = self._styles.get(style or "", (None, None, ""))
            if numbering is not None or based is None:
                return numbering
            style = based
        return None

    def is_heading(self, properties: Any | None) -> bool:
        """Whether the paragraph's style is Title, Subtitle or a Heading."""
        name = self._styles.get(_style_of(properties) or "", (None, None, ""))[2]
        return name.startswith(("heading", "title", "subtitle"))


def _level(level: Any) -> _Level:
    restart = _first(level, "lvlRestart")
    return _Level(
        start=_int(_val(_first(level, "start"), "val", "1"), 1),
        format=_val(_first(level, "numFmt"), "val", "decimal"),
        text=_val(_first(level, "lvlText"), "val", ""),
        restart=None if restart is None else _int(_val(restart, "val", ""), 0),
    )


def _numbering_of(properties: Any | None) -> tuple[str, int] | None:
    """(list, level) of a w:numPr; list "0" takes a style's numbering away."""
    found = _first(properties, "numPr")
    if found is None or (number := _first(found, "numId")) is None:
        return None
    return _val(number, "val", "0"), _int(_val(_first(found, "ilvl"), "val", "0"), 0)


def _style_of(properties: Any | None) -> str | None:
    style = _first(properties, "pStyle")
    return None if style is None else _val(style, "val", "")


def written(n: int, form: str) -> str:
    """A number as a list shows it, in one of the forms of ECMA-376 part 1, 17.18.59."""
    if form in ("lowerLetter", "upperLetter"):
        text = chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)
        return text.upper() if form == "upperLetter" else text
    if form in ("lowerRoman", "upperRoman"):
        text = _roman(n)
        return text.upper() if form == "upperRoman" else text
    if form in ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital") and n < 100:
        return _chinese(n)
    return f"{n:02d}" if form == "decimalZero" else str(n)


def _roman(n: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (n // value)
        n %= value
    return text


def _chinese(n: int) -> str:
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _CHINESE[tens] + "十"
    return head + (_CHINESE[ones] if ones or not tens else "")


def _all(element: Any | None, name: str) -> list[Any]:
    if element is None:
        return []
    return [c for c in element if isinstance(c.tag, str) and c.tag.rpartition("}")[2] == name]


def _first(element: Any | None, name: str) -> Any | None:
    return next(iter(_all(element, name)), None)


def _val(element: Any | None, name: str, default: str) -> str:
    if element is None:
        return default
    value: str | None = element.get(f"{element.tag.rpartition('}')[0]}}}{name}")
    return default if value is None else value


def _int(text: str, default: int) -> int:
    try:
        return int(text)
    except ValueError:
        return default
