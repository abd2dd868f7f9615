"""Opens the package of an Office file: its main part, the parts beside it, and what is wrong with it.

python-docx opens the package (OPC, ECMA-376 part 2); where it cannot, because a relationship leads nowhere or a part is
no XML, the parts are taken by their usual names. Sizes are looked at before anything is unpacked.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.opc.package import OpcPackage
from lxml import etree

LARGEST_UNPACKED = 400_000_000
"""Bytes of all parts together, unpacked; a declaration with pictures has a hundredth of that."""


class NotOpened(Exception):
    """The file cannot be opened; the message is the sentence for the Problem."""


@dataclass(frozen=True, slots=True)
class Package:
    """The root of the main part, and the roots of the others by (kind, name); kind as in the relationship's type:
    comments, footnotes, header, numbering …
    """

    main: Any
    parts: dict[tuple[str, str], Any]

    def all(self, kind: str) -> Iterator[Any]:
        return (root for (have, _), root in sorted(self.parts.items(), key=lambda item: item[0]) if have == kind)

    def one(self, kind: str) -> Any | None:
        return next(self.all(kind), None)


def open_package(data: bytes) -> Package:
    """The Package; raises NotOpened with a sentence."""
    _check(data)
    try:
        return _by_relationships(data)
    except (KeyError, ValueError, LookupError, AttributeError, etree.XMLSyntaxError):
        return _by_names(data)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise NotOpened(f"the file is damaged: {error}") from error


def _check(data: bytes) -> None:
    if data[:8] == bytes.fromhex("d0cf11e0a1b11ae1"):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise NotOpened(
            "the file is encrypted with a password" if encrypted else "an old .doc file under the name of a .docx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise NotOpened("the file is empty" if not data else f"the file is damaged or no .docx: {error}") from error
    if size > LARGEST_UNPACKED:
        raise NotOpened(f"the file unpacks to {size / 1e6:.0f} MB, more than {LARGEST_UNPACKED / 1e6:.0f}")


def _by_relationships(data: bytes) -> Package:
    package = OpcPackage.open(io.BytesIO(data))
    main = next(rel.target_part for rel in package.rels.values() if rel.reltype.endswith("/officeDocument"))
    parts = {}
    for rel in main.rels.values():
        if not rel.is_external and (root := _root(rel.target_part)) is not None:
            parts[rel.reltype.rpartition("/")[2], str(rel.target_part.partname)] = root
    return Package(_root(main, must=True), parts)


def _root(part: Any, *, must: bool = False) -> Any | None:
    if hasattr(part, "element"):
        return part.element
    if not must and not part.partname.endswith(".xml"):
        return None
    return _parse(part.blob)


def _by_names(data: bytes) -> Package:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts, main = {}, None
        for name in archive.namelist():
            folder, _, file = name.rpartition("/")
            if folder != "word" or not file.endswith(".xml"):
                continue
            try:
                root = _parse(archive.read(name))
            except (
                etree.XMLSyntaxError,
                ValueError,
                OSError,
                EOFError,
                RuntimeError,
                zipfile.BadZipFile,
            ) as error:
                if file.startswith("document"):
                    raise NotOpened(f"the text of the file is damaged: {error}") from error
                continue
            if file.startswith("document"):
                main = root
            parts[file.removesuffix(".xml").rstrip("0123456789"), name] = root
    if main is None:
        raise NotOpened("the file holds no Word document")
    return Package(main, parts)


def _parse(blob: bytes) -> Any:
    return etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
