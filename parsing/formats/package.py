"""Opens the package of a Word file (OPC, ECMA-376 part 2): its main part, the parts beside it, what is wrong with it.

Sizes are looked at before anything is unpacked. Where a relationship leads nowhere, the parts are taken by their usual
names. A part that declares a document type is refused: no program of Office writes one, and entities are bombs.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from parsing.formats.ooxml import local
from parsing.model import Problem

LARGEST_XML = 64_000_000
"""Bytes of all parts that are read together, unpacked: a book of a thousand pages has a tenth of that."""
_KINDS = frozenset(
    {
        "comments", "commentsExtended", "commentsIds", "commentsExtensible", "footnotes", "endnotes", "header",
        "footer", "numbering", "styles",
    }
)  # fmt: skip
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_BROKEN = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error)
"""What zipfile raises over damaged files: RuntimeError where a password is needed."""


class NotOpened(Exception):
    """The file cannot be opened; the message is the sentence for the Problem."""


@dataclass(frozen=True, slots=True)
class Package:
    """The root of the main part, and the roots of the others by (kind, name).

    The kind is the relationship's: comments, footnotes, header, numbering … `pictures`: whether there are any.
    """

    main: Any
    parts: dict[tuple[str, str], Any]
    problems: tuple[Problem, ...] = ()
    pictures: bool = False

    def all(self, kind: str) -> Iterator[Any]:
        return (root for (have, _), root in sorted(self.parts.items(), key=lambda item: item[0]) if have == kind)

    def one(self, kind: str) -> Any | None:
        return next(self.all(kind), None)


def open_package(data: bytes) -> Package:
    """The Package; raises NotOpened with a sentence."""
    if not data:
        raise NotOpened("the file is empty")
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise NotOpened(
            "the file is encrypted with a password" if encrypted else "an old .doc file under the name of a .docx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Archive(archive).package()
    except _BROKEN as error:
        raise NotOpened(f"the file is damaged or no .docx: {error}") from error


class _Archive:
    """The entries of a zip by their names as OPC compares them: no case, forward slashes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in archive.infolist()}
        self.unpacked = 0

    def package(self) -> Package:
        name = self._main_name()
        main = self._root(name)
        if local(main) != "document" or "wordprocessingml" not in main.tag:
            raise NotOpened(f"the file holds no Word document, but <{local(main)}>")
        parts, problems = {}, []
        for kind, beside in self._beside(name):
            try:
                parts[kind, beside] = self._root(beside)
            except (NotOpened, *_BROKEN) as error:
                if kind not in ("numbering", "styles"):
                    problems.append(Problem(beside, f"the {kind} could not be read: {error}"))
        pictures = any(entry.startswith("word/media/") for entry in self.entries)
        return Package(main, parts, tuple(problems), pictures)

    def _main_name(self) -> str:
        for kind, target in self._relationships("_rels/.rels", ""):
            if kind == "officeDocument" and target in self.entries:
                return target
        found = [name for name in self.entries if re.fullmatch(r"word/document\d*\.xml", name)]
        if not found:
            kinds = {"xl": "an Excel workbook", "ppt": "a PowerPoint presentation"}
            other = next((kinds[name.split("/")[0]] for name in self.entries if name.split("/")[0] in kinds), None)
            raise NotOpened(
                f"the file holds {other} and no Word document" if other else "the file holds no Word document"
            )
        return found[0]

    def _beside(self, main: str) -> Iterator[tuple[str, str]]:
        """(kind, name) of the parts beside the main one: by its relationships, and by their names without any."""
        folder, file = posixpath.split(main)
        related = self._relationships(f"{folder}/_rels/{file}.rels".lstrip("/"), folder)
        by_name = [
            (re.sub(r"\d*\.xml$", "", posixpath.basename(n)), n) for n in self.entries if n.startswith(f"{folder}/")
        ]
        kinds = {kind.lower(): kind for kind in _KINDS}
        seen = set()
        for kind, target in related or [(kinds.get(kind, ""), name) for kind, name in by_name]:
            if kind in _KINDS and target in self.entries and target not in seen:
                seen.add(target)
                yield kind, target

    def _relationships(self, name: str, folder: str) -> list[tuple[str, str]]:
        """(last word of the type, target) of the internal relationships; none where they cannot be read."""
        try:
            root = self._root(name)
        except (NotOpened, *_BROKEN):
            return []
        out = []
        for relation in root:
            target = relation.get("Target") if isinstance(relation.tag, str) else None
            if target and relation.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/" + folder, target.replace("\\", "/")))
                out.append(((relation.get("Type") or "").rpartition("/")[2], path.lstrip("/").lower()))
        return out

    def _root(self, name: str) -> Any:
        if name not in self.entries:
            raise NotOpened(f"{name} is missing")
        entry = self.entries[name]
        self.unpacked += entry.file_size
        if self.unpacked > LARGEST_XML:
            raise NotOpened(f"the file unpacks to more than {LARGEST_XML // 1_000_000} MB of text and markup")
        return _parsed(self.archive.read(entry), name)


def _parsed(blob: bytes, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(blob, parser)
    except etree.XMLSyntaxError as error:
        raise NotOpened(f"{name} is damaged: {str(error).partition(' (')[0]}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotOpened(f"{name} declares a document type or entities, which no Word file does")
    return root
