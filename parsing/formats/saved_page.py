"""Web pages that a browser saved as one file (.mht, .webarchive), and books of them (.epub)."""

import plistlib
from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import unquote

from parsing.formats.html import read_html
from parsing.formats.ooxml import get
from parsing.formats.opc import NotOpened, Opc
from parsing.formats.text import read_text
from parsing.model import MarkedText, Problem
from parsing.text.charsets import decode

_MOST_CHAPTERS = 1_000


def read_mht(data: bytes) -> MarkedText:
    """The page in a MIME archive (RFC 2557); where it is a saved mail, its text."""
    message = message_from_bytes(data, policy=policy.compat32)
    for kind, reader in (("text/html", read_html), ("text/plain", read_text)):
        for part in message.walk():
            if part.get_content_type() == kind:
                content = part.get_payload(decode=True)
                charset = part.get_param("charset")
                named = charset if isinstance(charset, str) else None
                return replace(reader(decode(content if isinstance(content, bytes) else b"", named).text), format="mht")
    return MarkedText("mht", problems=(Problem("", "the file holds no page"),))


def read_webarchive(data: bytes) -> MarkedText:
    """The page in an archive of Safari's: a property list with the page and what belongs to it."""
    try:
        main = plistlib.loads(data)["WebMainResource"]
        page, charset = bytes(main["WebResourceData"]), main.get("WebResourceTextEncodingName")
    except Exception:  # noqa: BLE001 - plistlib and what it gives raise whatever a damaged list leads to
        return MarkedText("webarchive", problems=(Problem("", "the file is damaged: its page could not be found"),))
    return replace(read_html(decode(page, charset if isinstance(charset, str) else None).text), format="webarchive")


def read_epub(data: bytes) -> MarkedText:
    """The chapters of a book in their order (EPUB 3.3, 5.7)."""
    try:
        opc = Opc.of(data)
        chapters = [read_html(decode(opc.blob(name)).text) for name in _spine(opc)[:_MOST_CHAPTERS]]
    except NotOpened as error:
        return MarkedText("epub", problems=(Problem("", str(error)),))
    return _together(chapters)


def _spine(opc: Opc) -> list[str]:
    """The chapters' names: the container names the package, its spine the items."""
    container = opc.root("meta-inf/container.xml")
    package = next((get(one, "full-path") for one in container.iter("{*}rootfile")), None)
    if package is None:
        raise NotOpened("the file names no book")
    root, folder = opc.root(package.lower()), package.lower().rpartition("/")[0]
    items = {get(one, "id"): get(one, "href") or "" for one in root.iter("{*}item")}
    named = [items.get(get(one, "idref"), "") for one in root.iter("{*}itemref")]
    names = [f"{folder}/{unquote(href).lower()}".lstrip("/") for href in named]
    return [name for name in names if name in opc]


def _together(chapters: Sequence[MarkedText]) -> MarkedText:
    """The chapters as one text; tables are counted through."""
    blocks: list[Any] = []
    tables = 0
    for chapter in chapters:
        cells = [block.cell.table for block in chapter.blocks if block.cell is not None]
        for block in chapter.blocks:
            cell = None if block.cell is None else replace(block.cell, table=block.cell.table + tables)
            blocks.append(replace(block, cell=cell))
        tables += max(cells, default=-1) + 1
    problems = tuple(problem for chapter in chapters for problem in chapter.problems)
    return MarkedText("epub", tuple(blocks), problems=problems)
