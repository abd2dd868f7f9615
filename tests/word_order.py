"""The order of elements that the schema of WordprocessingML prescribes, for what compilations write (ECMA-376, part 1,
annex A.1): for each parent the names of its children in their order, and those that may repeat.
"""

import zipfile
from io import BytesIO
from typing import Any

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_P_CONTENT = {"commentRangeStart", "commentRangeEnd", "ins", "del", "r", "bookmarkStart", "bookmarkEnd", "fldSimple"}
SEQUENCES: dict[str, tuple[str, ...]] = {
    "pPr": (
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
        "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct",
        "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing",
        "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl",
        "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
    ),
    "rPr": (
        "ins", "del", "moveFrom", "moveTo", "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike",
        "dstrike", "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color",
        "spacing", "w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText",
        "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath", "rPrChange",
    ),
}  # fmt: skip
"""Children in this order, each at most once."""
CHOICES: dict[str, set[str]] = {
    "body": {"p", "sectPr"},
    "p": {"pPr", *_P_CONTENT},
    "ins": {"r"},
    "del": {"r"},
    "r": {"rPr", "t", "delText", "tab", "br", "commentReference"},
    "comment": {"p"},
    "comments": {"comment"},
    "fldSimple": {"r"},
}
"""Children in any order, but for the properties, which come first."""
REVISION = {"id", "author", "date"}


def parts_of(content: bytes) -> dict[str, Any]:
    """The XML parts of a Word file that hold text, by name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xml") and name.startswith("word/")]
        wanted = ("document", "comments", "header", "footer", "styles")
        return {
            name: etree.fromstring(archive.read(name))
            for name in names
            if name.removeprefix("word/").startswith(wanted)
        }


def faults(content: bytes) -> list[str]:
    """Where a Word file breaks the order, or an annotation lacks what it must have; empty where it is valid."""
    found: list[str] = []
    ids: list[str] = []
    for name, root in parts_of(content).items():
        for element in root.iter(f"{{{W}}}*"):
            tag = etree.QName(element).localname
            children = [etree.QName(child).localname for child in element]
            found += [f"{name}: {fault}" for fault in _faults(tag, children)]
            if tag in ("ins", "del", "comment"):
                found += [f"{name}: {tag} without {one}" for one in REVISION if element.get(f"{{{W}}}{one}") is None]
                ids.append(element.get(f"{{{W}}}id"))
            inside_deletion = any(etree.QName(one).localname == "del" for one in element.iterancestors())
            if (tag, inside_deletion) in (("t", True), ("delText", False)):
                found.append(f"{name}: {tag} {'inside' if inside_deletion else 'outside'} a deletion")
    found += [f"the id {one} is there twice" for one in {one for one in ids if ids.count(one) > 1}]
    return found + _comments(content)


def _faults(tag: str, children: list[str]) -> list[str]:
    if tag in SEQUENCES:
        order = SEQUENCES[tag]
        places = [order.index(child) if child in order else -1 for child in children]
        if -1 in places:
            return [f"{tag} holds {children}"]
        return [] if places == sorted(set(places)) else [f"{tag} has {children}"]
    if tag in CHOICES:
        wrong = set(children) - CHOICES[tag]
        late = any(child in ("pPr", "rPr") for child in children[1:])
        sect = tag == "body" and "sectPr" in children[:-1]
        return [f"{tag} has {children}"] if wrong or late or sect else []
    return []


def _comments(content: bytes) -> list[str]:
    """Each comment has one start, one end after it, and one mark after that."""
    parts = parts_of(content)
    document, comments = parts["word/document.xml"], parts.get("word/comments.xml")
    kept = [] if comments is None else [one.get(f"{{{W}}}id") for one in comments.iter(f"{{{W}}}comment")]
    events: dict[str, list[str]] = {one: [] for one in kept}
    for element in document.iter(
        *(f"{{{W}}}{one}" for one in ("commentRangeStart", "commentRangeEnd", "commentReference"))
    ):
        events.setdefault(element.get(f"{{{W}}}id"), []).append(etree.QName(element).localname)
    wanted = ["commentRangeStart", "commentRangeEnd", "commentReference"]
    return [f"the comment {one} has {names}" for one, names in events.items() if names != wanted]
