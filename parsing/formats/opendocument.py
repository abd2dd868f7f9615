"""OpenDocument texts, sheets and slides: one stream of marked text, which holds every character once.

The elements are those of OpenDocument 1.3, part 3; tracked changes are its 5.5. See docs/formats/opendocument.md.
"""

import io
import zipfile
from typing import Any

from lxml import etree

from parsing.formats.blocks import has_words
from parsing.formats.opc import DAMAGED, LARGEST_XML, NotOpened
from parsing.formats.opendocument_changes import changed_regions
from parsing.formats.opendocument_styles import OFFICE, STYLE, OpenDocumentStyles
from parsing.formats.opendocument_walk import DRAW, OpenDocumentWalk
from parsing.model import MarkedText, Place, Problem

_KINDS = {"text": "odt", "spreadsheet": "ods", "presentation": "odp", "drawing": "odg"}
_ENTRIES = ("META-INF/manifest.xml", "content.xml", "styles.xml")


def read_opendocument(data: bytes) -> MarkedText:
    """The marked text of an .odt, .ods, .odp or .odg, packed or flat.

    What cannot be opened has no blocks and one Problem that says why.
    """
    try:
        content, styles = _opened(data)
        kind, body = _body(content)
    except NotOpened as error:
        return MarkedText("odt", problems=(Problem("", str(error)),))
    roots = [root for root in (styles, content) if root is not None]
    walk = OpenDocumentWalk(
        OpenDocumentStyles(*roots), changed_regions(body), "textbox" if kind in ("odt", "ods") else "body"
    )
    # LibreOffice gives each sheet a header with its name and a footer with its number; a text has its own
    walk.all(body, _pages(content if styles is None else styles) if kind == "odt" else [])
    comments = tuple(walk.margin())
    problems = [*walk.problems, *walk.out.problems()]
    if not comments and not has_words(walk.out.done) and next(body.iter(DRAW + "image"), None) is not None:
        problems.append(Problem("", "the file holds pictures and no text"))
    return MarkedText(kind, tuple(walk.out.done), comments, tuple(problems))


def _body(content: Any) -> tuple[str, Any]:
    """What kind of document the file is, and its body. Raises NotOpened where it is of no kind that is read."""
    for name, kind in _KINDS.items():
        if (body := content.find(f"{OFFICE}body/{OFFICE}{name}")) is not None:
            return kind, body
    raise NotOpened("the file holds no text, sheet or slides")


def _opened(data: bytes) -> tuple[Any, Any | None]:
    """The root of the content, and that of the styles where they are a file of their own."""
    if not data.startswith(b"PK"):  # the flat form, one XML file
        return _parsed(data, "file"), None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            manifest, content, styles = (_entry(archive, name) for name in _ENTRIES)
    except DAMAGED as error:
        raise NotOpened(f"the file is damaged: {error}") from error
    if b"encryption-data" in (manifest or b""):
        raise NotOpened("the file is encrypted with a password")
    if content is None:
        raise NotOpened("the file holds no text, sheet or slides")
    return _parsed(content, "text of the file"), None if styles is None else _parsed(styles, "styles")


def _entry(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of one entry; its size is looked at before it is unpacked."""
    if name not in archive.NameToInfo:
        return None
    size = archive.getinfo(name).file_size
    if size > LARGEST_XML:
        raise NotOpened(f"{name} unpacks to {size / 1e6:.0f} MB, more than {LARGEST_XML / 1e6:.0f}")
    return archive.read(name)


def _parsed(blob: bytes, what: str) -> Any:
    try:
        return etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True, collect_ids=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotOpened(f"the {what} is damaged: {error}") from error


def _pages(styles: Any) -> list[tuple[Place, Any]]:
    """The headers and footers of all page styles that show something, each text once."""
    found: dict[tuple[Place, str], Any] = {}
    for page in styles.iterfind(f"{OFFICE}master-styles/{STYLE}master-page"):
        for child in page:
            name = child.tag.rpartition("}")[2].partition("-")[0] if isinstance(child.tag, str) else ""
            if name in ("header", "footer") and child.get(STYLE + "display") != "false":
                place: Place = "header" if name == "header" else "footer"
                found.setdefault((place, "".join(child.itertext())), child)
    return [(place, child) for (place, text), child in found.items() if text.strip()]
