"""The package of a Word file: the root of its main part, the roots of the parts beside it, and its styles.

Where a relationship leads nowhere, the parts are taken by their usual names.
"""

import posixpath
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from parsing.formats.ooxml import local
from parsing.formats.opc import NotOpened, Opc
from parsing.formats.word_stylesheet import WordStyleSheet
from parsing.model import Problem

_KINDS = frozenset(
    {
        "comments", "commentsExtended", "commentsIds", "commentsExtensible", "footnotes", "endnotes", "header",
        "footer", "numbering",
    }
)  # fmt: skip
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OTHER_PROGRAMS = {"xl": "an Excel workbook", "ppt": "a PowerPoint presentation"}


@dataclass(frozen=True, slots=True)
class WordPackage:
    """The root of the main part, and the roots of the others by (kind, name).

    The kind is the relationship's: comments, footnotes, header, numbering … `pictures`: whether there are any.
    """

    main: Any
    parts: dict[tuple[str, str], Any]
    styles: WordStyleSheet = field(default_factory=WordStyleSheet)
    problems: tuple[Problem, ...] = ()
    pictures: bool = False

    def all(self, kind: str) -> Iterator[Any]:
        return (root for (have, _), root in sorted(self.parts.items(), key=lambda item: item[0]) if have == kind)

    def one(self, kind: str) -> Any | None:
        return next(self.all(kind), None)


def open_word_package(data: bytes) -> WordPackage:
    """The package; raises NotOpened with a sentence."""
    if not data:
        raise NotOpened("the file is empty")
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise NotOpened(
            "the file is encrypted with a password" if encrypted else "an old .doc file under the name of a .docx"
        )
    opc = Opc.of(data)
    name = opc.main() or _main_by_name(opc)
    main = opc.root(name)
    if local(main) != "document" or "wordprocessingml" not in main.tag:
        raise NotOpened(f"the file holds no Word document, but <{local(main)}>")
    parts, problems = _parts(opc, name)
    styles = WordStyleSheet(lambda: _styles(opc, name))
    return WordPackage(main, parts, styles, tuple(problems), pictures=_has_pictures(opc, name))


def _main_by_name(opc: Opc) -> str:
    found = [name for name in opc.names() if re.fullmatch(r"word/document\d*\.xml", name)]
    if found:
        return found[0]
    folders = {name.split("/")[0] for name in opc.names()}
    other = next((program for folder, program in _OTHER_PROGRAMS.items() if folder in folders), None)
    raise NotOpened(f"the file holds {other} and no Word document" if other else "the file holds no Word document")


def _parts(opc: Opc, main: str) -> tuple[dict[tuple[str, str], Any], list[Problem]]:
    """The parts beside the main one, and which of them could not be read."""
    parts: dict[tuple[str, str], Any] = {}
    problems = []
    for kind, name in _beside(opc, main, _KINDS):
        try:
            parts[kind, name] = opc.root(name)
        except NotOpened as error:
            if kind != "numbering":  # without it the words are the same
                problems.append(Problem(name, f"the {kind} could not be read: {error}"))
    return parts, problems


def _styles(opc: Opc, main: str) -> bytes | None:
    """The part of the styles; None where it is missing or cannot be read: without them the words are the same."""
    for _, name in _beside(opc, main, {"styles"}):
        with suppress(NotOpened):
            return opc.blob(name)
    return None


def _beside(opc: Opc, main: str, kinds: Collection[str]) -> Iterator[tuple[str, str]]:
    """(kind, name) of the parts beside the main one: by its relationships, and by their names without any."""
    related = [(one.kind, one.target) for one in opc.related(main)]
    seen = set()
    for kind, name in related or _by_name(opc, posixpath.dirname(main)):
        if kind in kinds and name in opc and name not in seen:
            seen.add(name)
            yield kind, name


def _by_name(opc: Opc, folder: str) -> list[tuple[str, str]]:
    kinds = {kind.lower(): kind for kind in (*_KINDS, "styles")}
    names = [name for name in opc.names() if name.startswith(f"{folder}/")]
    return [(kinds.get(re.sub(r"\d*\.xml$", "", posixpath.basename(name)), ""), name) for name in names]


def _has_pictures(opc: Opc, main: str) -> bool:
    return bool(opc.targets(main, "image")) or any("/media/" in name for name in opc.names())
