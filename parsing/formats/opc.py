"""Opens an Office package (OPC, ECMA-376 part 2): its parts by relationships and content types, never by fixed paths.

Sizes are looked at before anything is unpacked. A part that declares a document type is refused: no program of Office
writes one, and entities are bombs.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Self

from lxml import etree

LARGEST_XML = 64_000_000
"""Bytes of all parts that are read together, unpacked: a book of a thousand pages has a tenth of that."""
DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises on damaged archives: RuntimeError where a password is needed."""
_TYPES = "[content_types].xml"


class NotOpened(Exception):
    """The file cannot be opened; the message is the sentence for the Problem."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship to another part. `kind` is the last word of its type, the same in strict files."""

    id: str
    kind: str
    target: str


class Opc:
    """The parts of a package by their names as OPC compares them: no case, forward slashes, no slash in front."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries = {_canonical(entry.filename): entry for entry in archive.infolist()}
        self._unpacked = 0
        self._types: dict[str, str] | None = None
        self._relationships: dict[str, list[Relationship]] = {}

    @classmethod
    def of(cls, data: bytes) -> Self:
        """The package of a file. Raises NotOpened with a sentence."""
        try:
            return cls(zipfile.ZipFile(io.BytesIO(data)))
        except DAMAGED as error:
            raise NotOpened(f"the file is damaged: {error}") from error

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> Iterator[str]:
        return iter(self._entries)

    def size(self, name: str) -> int:
        """The bytes of a part, unpacked; 0 where there is none."""
        return self._entries[name].file_size if name in self._entries else 0

    def blob(self, name: str) -> bytes:
        """The bytes of a part. Raises NotOpened where it is missing or damaged, or too much was read by now."""
        with self._opened(name) as part:
            return part.read()

    def root(self, name: str) -> Any:
        """The root element of a part that is XML. Raises NotOpened as `blob` does."""
        with self._opened(name) as part:
            return parsed(part, name)

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        if name not in self._entries:
            raise NotOpened(f"{name} is missing")
        entry = self._entries[name]
        self._unpacked += entry.file_size
        if self._unpacked > LARGEST_XML:
            raise NotOpened(f"the file unpacks to more than {LARGEST_XML // 1_000_000} MB of text and markup")
        try:
            with self._archive.open(entry) as part:
                yield part
        except DAMAGED as error:
            raise NotOpened(f"{name} is damaged: {error}") from error

    def type_of(self, name: str) -> str:
        """The content type that the package declares for a part, lower case; "" where it declares none."""
        if self._types is None:
            self._types = self._declared()
        return self._types.get(name) or self._types.get("." + name.rpartition(".")[2], "")

    def _declared(self) -> dict[str, str]:
        """Content types by the part's name, or by "." and the ending of the names for which one is the default."""
        try:
            root = self.root(_TYPES)
        except NotOpened:
            return {}
        found = {}
        for entry in root.iterchildren(tag=etree.Element):
            kind = (entry.get("ContentType") or "").lower()
            if (part := entry.get("PartName")) is not None:
                found[_canonical(part)] = kind
            elif (ending := entry.get("Extension")) is not None:
                found["." + ending.lower()] = kind
        return found

    def main(self) -> str | None:
        """The name of the main part: by the package's relationships, else by the content types; None without one."""
        for relationship in self.related(""):
            if relationship.kind in ("officeDocument", "fixedrepresentation") and relationship.target in self:
                return relationship.target
        return next((name for name in self._entries if ".main+xml" in self.type_of(name)), None)

    def related(self, name: str) -> list[Relationship]:
        """The internal relationships of a part, or with "" of the package; none where they cannot be read."""
        if name not in self._relationships:
            self._relationships[name] = self._read_relationships(name)
        return self._relationships[name]

    def _read_relationships(self, name: str) -> list[Relationship]:
        folder, file = posixpath.split(name)
        try:
            root = self.root(f"{folder}/_rels/{file}.rels".lstrip("/"))
        except NotOpened:
            return []
        out = []
        for relation in root.iterchildren(tag=etree.Element):
            target = relation.get("Target")
            if target and relation.get("TargetMode") != "External":
                kind = _last_word(relation.get("Type"))
                out.append(Relationship(relation.get("Id") or "", kind, _resolved(folder, target)))
        return out

    def targets(self, name: str, kind: str) -> list[str]:
        """The names of the parts that a part refers to by a kind of relationship, without those that are missing."""
        found = [one.target for one in self.related(name) if one.kind == kind and one.target in self]
        return list(dict.fromkeys(found))


def _canonical(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _resolved(folder: str, target: str) -> str:
    return _canonical(posixpath.normpath(posixpath.join("/" + folder, target.replace("\\", "/"))))


def _last_word(type_: str | None) -> str:
    return (type_ or "").rpartition("/")[2]


def parsed(part: IO[bytes], name: str) -> Any:
    """The root element of XML that declares no document type. Raises NotOpened with a sentence.

    It is read from the part piece by piece: a large block of bytes that is freed beneath the tree has the system give
    back the memory of both, to be asked for again for the next file.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, collect_ids=False)
    try:
        root = etree.parse(part, parser).getroot()
    except etree.XMLSyntaxError as error:
        raise NotOpened(f"{name} is damaged: {str(error).partition(' (')[0]}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotOpened(f"{name} declares a document type or entities, which no program of Office does")
    return root
