"""Elements of WordprocessingML (ECMA-376, part 1, 17) that compilations write: runs, revisions, comments."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
W16DU = "http://schemas.microsoft.com/office/word/2023/wordml/word16du"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SPACES = {"w": W, "w15": W15, "w16du": W16DU, "mc": MC}
IGNORABLE = "w15 w16du"
"""Prefixes that a reader may ignore where it does not know them (part 3, 10.1)."""
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 does not allow (2.2, Char)."""
_PIECE = re.compile("[\t\r\x85\u2028\u2029]|[^\t\r\x85\u2028\u2029]+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")

Element = Any


@dataclass(frozen=True, slots=True)
class By:
    """The author of a change or a comment, and its date."""

    author: str
    at: datetime
    initials: str = ""


def w(name: str) -> str:
    return f"{{{W}}}{name}"


def make(name: str, *children: Element, **attributes: str) -> Element:
    """The element w:name with attributes of the same namespace."""
    element = etree.Element(w(name), nsmap={"w": W})
    for key, value in attributes.items():
        element.set(w(key), value)
    element.extend(children)
    return element


def allowed(text: str) -> str:
    """The text without what XML forbids: each such character becomes U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)


def run(text: str, properties: Element | None = None, *, deleted: bool = False) -> Element:
    """A run with that text; tabs and breaks are elements of their own."""
    made = make("r")
    if properties is not None:
        made.append(copy.deepcopy(properties))
    for piece in _PIECE.findall(allowed(text)):
        if piece == "\t":
            made.append(make("tab"))
        elif len(piece) == 1 and piece in "\r\x85\u2028\u2029":
            made.append(make("br"))
        else:
            words = make("delText" if deleted else "t")
            words.text = piece
            words.set(XML_SPACE, "preserve")
            made.append(words)
    return made


def right_to_left(text: str) -> bool:
    """Whether most letters of the text are of a script that is written from right to left."""
    if _RIGHT_TO_LEFT.search(text) is None:
        return False
    letters = [char for char in text if char.isalpha()]
    return sum(bool(_RIGHT_TO_LEFT.match(char)) for char in letters) * 2 > len(letters)


_RUN_ORDER = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "vanish", "color", "spacing",
    "w", "kern", "position", "sz", "szCs", "highlight", "u", "shd", "vertAlign", "rtl", "cs", "lang",
)  # fmt: skip
"""The order of the properties of a run that are written here (CT_RPr)."""


def properties(*features: str, base: Element | None = None, **values: str) -> Element:
    """w:rPr with switches ("b", "rtl") and values (color="808080") over those of `base`, in the order of the schema."""
    made = make("rPr") if base is None else copy.deepcopy(base)
    for name in features:
        if made.find(w(name)) is None:
            made.append(make(name))
    for name, value in values.items():
        found = made.find(w(name))
        if found is None:
            found = make(name)
            made.append(found)
        found.set(w("val"), value)
    known = {name: n for n, name in enumerate(_RUN_ORDER)}
    made[:] = sorted(made, key=lambda child: known.get(etree.QName(child).localname, len(known)))
    return made


def stamp(at: datetime) -> str:
    """A date as Word writes it; the attribute w16du:dateUtc says that it is UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class RevisionRegister:
    """Gives each revision and comment of a document its id, and keeps the comments and the authors for their parts."""

    first: int = 1
    comments: list[Element] = field(default_factory=list)
    authors: dict[str, None] = field(default_factory=dict)
    _ids: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self._ids = count(self.first)

    def revision(self, name: str, by: By, *children: Element) -> Element:
        """w:ins or w:del."""
        made = make(name)
        self._sign(made, by)
        made.extend(children)
        return made

    def comment(self, text: str, by: By) -> int:
        """The id of a new comment, a paragraph a line."""
        made = make("comment")
        number = self._sign(made, by)
        made.set(w("initials"), by.initials or allowed(by.author)[:3])
        made.extend(_comment_line(line) for line in text.split("\n"))
        self.comments.append(made)
        return number

    def _sign(self, element: Element, by: By) -> int:
        author = allowed(by.author)
        self.authors[author] = None
        number = next(self._ids)
        element.set(w("id"), str(number))
        element.set(w("author"), author)
        element.set(w("date"), stamp(by.at))
        element.set(f"{{{W16DU}}}dateUtc", stamp(by.at))
        return number


def _comment_line(line: str) -> Element:
    if right_to_left(line):
        return make("p", make("pPr", make("bidi")), run(line, properties("rtl")))
    return make("p", run(line))


def comment_start(number: int) -> Element:
    return make("commentRangeStart", id=str(number))


def comment_end(number: int) -> tuple[Element, Element]:
    """The end of the words that a comment is about, and its mark."""
    return make("commentRangeEnd", id=str(number)), make("r", make("commentReference", id=str(number)))
