"""The numbers that Word shows before paragraphs of automatic lists (ECMA-376 part 1, 17.9), and which are headings."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from parsing.formats.ooxml import child, children, get, is_on, number
from parsing.formats.word_stylesheet import WordStyleSheet
from parsing.text.numerals import HAN_FROM_ZERO

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_COUNTED_IN_CHINESE = ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital")
_LETTERS = {
    "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
    "russianLower": "абвгдежзиклмнопрстуфхцчшщэюя",
    "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
}
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _ListLevel:
    """One level of a list. `restart`: the level (from 1) that starts it again, 0 for none; `style` is bound to it."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    style: str | None = None
    legal: bool = False


@dataclass(frozen=True, slots=True)
class _NumberedStyle:
    """What a paragraph style says of numbers and headings."""

    based: str | None = None
    list: str | None = None
    level: int | None = None
    name: str = ""


class Numbers:
    """Counts as it is asked: once for each paragraph, in the order of the text."""

    def __init__(self, numbering: Any | None, sheet: WordStyleSheet) -> None:
        self._sheet = sheet
        self._styles: dict[str | None, _NumberedStyle] = {}
        self._abstract: dict[str, dict[int, _ListLevel]] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, tuple[str, dict[int, _ListLevel]]] = {}
        self._counts: dict[str, list[int | None]] = defaultdict(lambda: [None] * _LEVELS)
        self._started: set[tuple[str, int]] = set()
        self._defined = {get(one, "abstractNumId") or "": one for one in children(numbering, "abstractNum")}
        for identity, abstract in self._defined.items():
            if link := get(child(abstract, "numStyleLink"), "val"):
                self._links[identity] = link
        for one in children(numbering, "num"):
            self._read_list(one)

    def _levels(self, abstract: str) -> dict[int, _ListLevel]:
        if abstract not in self._abstract:
            levels = children(self._defined.get(abstract), "lvl")
            self._abstract[abstract] = {number(one, "ilvl", 0): _level(one) for one in levels}
        return self._abstract[abstract]

    def _read_list(self, element: Any) -> None:
        abstract = get(child(element, "abstractNumId"), "val") or ""
        changed = {}
        for override in children(element, "lvlOverride"):
            n = number(override, "ilvl", 0)
            level, start = child(override, "lvl"), child(override, "startOverride")
            base = _level(level) if level is not None else self._levels(abstract).get(n, _ListLevel())
            changed[n] = base if start is None else replace(base, start=number(start, "val", 1))
        self._lists[get(element, "numId") or ""] = (abstract, changed)

    def _style(self, name: str | None) -> _NumberedStyle:
        if name not in self._styles:
            element = self._sheet.element(name)
            self._styles[name] = _NumberedStyle() if element is None else _read_style(element)
        return self._styles[name]

    def of(self, properties: Any | None, *, inserted: bool = False) -> str | None:
        """The number shown before this paragraph ("5.", "(a)"), None where there is none; bullets are none.

        An inserted paragraph shows its number and is not counted: those after it keep the numbers that they had.
        """
        place = self._place(properties)
        if place is None:
            return None
        name, n = place
        abstract, changed = self._resolved(name)
        levels = {**self._levels(abstract), **changed}
        counts = list(self._counts[abstract])
        if n in changed and (name, n) not in self._started:
            counts[n] = None
        level = levels.get(n, _ListLevel())
        before = counts[n]
        counts[n] = level.start if before is None else before + 1
        for deeper in range(n + 1, _LEVELS):
            restart = levels.get(deeper, _ListLevel()).restart
            if restart is None or n < restart:
                counts[deeper] = None
        if not inserted:
            self._counts[abstract] = counts
            self._started.add((name, n))
        return _shown(n, counts, levels)

    def _place(self, properties: Any | None) -> tuple[str, int] | None:
        """(list, level) of a paragraph: its own, or its style's; list "0" takes a style's numbering away."""
        style = get(child(properties, "pStyle"), "val")
        own = child(properties, "numPr")
        name = get(child(own, "numId"), "val")
        level = None if child(own, "ilvl") is None else number(child(own, "ilvl"), "val", 0)
        if name is None:
            name, of_style = self._of_style(style)
            level = of_style if level is None else level
        if name is None or name not in self._lists:
            return None
        level = level or 0
        return (name, level) if 0 <= level < _LEVELS else None

    def _of_style(self, style: str | None) -> tuple[str | None, int | None]:
        level = None
        for _ in range(20):
            found = self._style(style)
            level = found.level if level is None else level
            if found.list is not None:
                return found.list, self._bound(found.list, style) if level is None else level
            if found.based is None:
                break
            style = found.based
        return None, None

    def _bound(self, name: str, style: str | None) -> int | None:
        """The level of a list that a style is bound to."""
        abstract, changed = self._lists.get(name, ("", {}))
        levels: Mapping[int, _ListLevel] = {**self._levels(abstract), **changed}
        return next((n for n, level in levels.items() if level.style == style), None)

    def _resolved(self, name: str) -> tuple[str, dict[int, _ListLevel]]:
        """(abstract list, changed levels) of a list, through the style that an abstract list may only refer to."""
        abstract, changed = self._lists[name]
        for _ in range(5):
            link = self._style(self._links.get(abstract)).list
            if link is None or link not in self._lists:
                break
            abstract = self._lists[link][0]
        return abstract, changed

    def is_heading(self, properties: Any | None) -> bool:
        """Whether the paragraph's style is Title, Subtitle or a Heading."""
        style = get(child(properties, "pStyle"), "val")
        return style is not None and self._style(style).name.startswith(("heading", "title", "subtitle"))


def _read_style(style: Any) -> _NumberedStyle:
    numbering = child(child(style, "pPr"), "numPr")
    level = child(numbering, "ilvl")
    return _NumberedStyle(
        get(child(style, "basedOn"), "val"),
        get(child(numbering, "numId"), "val"),
        None if level is None else number(level, "val", 0),
        (get(child(style, "name"), "val") or "").lower(),
    )


def _level(level: Any) -> _ListLevel:
    restart = child(level, "lvlRestart")
    return _ListLevel(
        start=number(child(level, "start"), "val", 1),
        format=get(child(level, "numFmt"), "val") or "decimal",
        text=get(child(level, "lvlText"), "val") or "",
        restart=None if restart is None else number(restart, "val", 0),
        style=get(child(level, "pStyle"), "val"),
        legal=is_on(child(level, "isLgl")),
    )


def _shown(n: int, counts: list[int | None], levels: Mapping[int, _ListLevel]) -> str | None:
    here = levels.get(n, _ListLevel())
    if here.format in ("bullet", "none"):
        return None

    def one(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        level = levels.get(at, _ListLevel())
        count = counts[at]
        return written(level.start if count is None else count, "decimal" if here.legal else level.format)

    return re.sub(r"%([1-9])", one, here.text).strip() or None


def written(n: int, form: str) -> str:
    """A number as a list shows it, in one of the forms of ECMA-376 part 1, 17.18.59."""
    lower = form.replace("upper", "lower").replace("Upper", "Lower")
    if lower in _LETTERS and n > 0:
        times, letter = divmod(n - 1, len(_LETTERS[lower]))
        text = _LETTERS[lower][letter] * min(times + 1, 100)
    elif lower == "lowerRoman" and n < 10_000:
        text = _roman(n)
    elif form in _COUNTED_IN_CHINESE and n < 100:
        return _chinese(n)
    else:
        return f"{n:02d}" if form == "decimalZero" else str(n)
    return text if lower == form else text.upper()


def _roman(n: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (n // value)
        n %= value
    return text


def _chinese(n: int) -> str:
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else "十" if tens == 1 else HAN_FROM_ZERO[tens] + "十"
    return head + (HAN_FROM_ZERO[ones] if ones or not tens else "")
