"""What archives hold: ZIP, 7-Zip, tar, and files packed alone (gzip, bzip2, xz). None opens what it finds."""

import bz2
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Protocol

from parsing.text.charsets import decode

_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, NotImplementedError, ValueError, OSError, EOFError, IndexError)


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file found inside a container. `why` is set where its bytes cannot be had."""

    name: str
    data: bytes
    why: str = ""


@dataclass(slots=True)
class Archive:
    """The files of an archive, and what is wrong with it; `left` is how many bytes may still be unpacked."""

    left: int
    files: list[ArchivedFile] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def keep(self, name: str, size: int, unpack: Callable[[], bytes]) -> None:
        """Unpacks one file, where it is no litter and not too large."""
        if _is_litter(name):
            return
        if size > self.left:
            self.files.append(
                ArchivedFile(name, b"", f"not unpacked: it unfolds to {size} bytes, more than {self.left}")
            )
            return
        try:
            data = unpack()
        except Exception as error:  # noqa: BLE001  each codec raises its own; zlib, lzma, bz2 and struct among them
            why = f"cannot be unpacked: {type(error).__name__} {error}".strip()
            self.files.append(ArchivedFile(name, b"", why))
        else:
            self.left -= len(data)
            self.files.append(ArchivedFile(name, data))


def _is_litter(name: str) -> bool:
    """What macOS and Windows leave in archives: no one sent it."""
    base = name.rpartition("/")[2]
    return name.startswith("__MACOSX/") or base.startswith("._") or base in (".DS_Store", "Thumbs.db", "desktop.ini")


def zip_files(data: bytes, limit: int) -> Archive:
    """The files in a ZIP archive, of at most `limit` bytes in all."""
    found = Archive(limit)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for info in archive.infolist():
                _zip_member(archive, info, found)
    except _DAMAGED as error:
        found.problems.append(f"the archive is damaged: {error}")
    return found


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, found: Archive) -> None:
    name = _zip_name(info)
    if info.is_dir():
        return
    if info.flag_bits & 0x1 and not _is_litter(name):
        found.files.append(ArchivedFile(name, b"", "encrypted: the archive needs a password"))
        return
    found.keep(name, info.file_size, lambda: archive.read(info))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: without the flag for UTF-8 Python reads cp437, and hardly anyone writes it."""
    if info.flag_bits & 0x800:
        return info.filename
    return decode(info.filename.encode("cp437", "replace")).text


def tar_files(data: bytes, limit: int) -> Archive:
    """The files in a tar archive; links and devices are none."""
    found = Archive(limit)
    try:
        with tarfile.open(fileobj=BytesIO(data), mode="r:") as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isfile() else None
                if stream is not None:
                    found.keep(member.name, member.size, stream.read)
    except _DAMAGED as error:
        found.problems.append(f"the archive is damaged: {error}")
    return found


def sevenzip_files(data: bytes, limit: int) -> Archive:
    """The files in a 7-Zip archive. Raises Sealed where it wants a password."""
    import py7zr  # noqa: PLC0415 - ten libraries for archives that few mails hold
    from py7zr.io import BytesIOFactory  # noqa: PLC0415

    found = Archive(limit)
    try:
        with py7zr.SevenZipFile(BytesIO(data)) as archive:
            if archive.needs_password():
                raise Sealed("encrypted: the archive needs a password")
            sizes = {one.filename: one.uncompressed for one in archive.list() if not one.is_directory}
            if sum(sizes.values()) > limit:
                raise Sealed(f"not unpacked: it unfolds to {sum(sizes.values())} bytes, more than {limit}")
            unpacked = BytesIOFactory(limit)
            archive.extractall(factory=unpacked)  # noqa: S202 - into memory, never to disk
            for name, size in sizes.items():
                stream = unpacked.products.get(name)
                if stream is not None:
                    found.keep(name, size, stream.read)
    except py7zr.PasswordRequired as error:
        raise Sealed("encrypted: the archive needs a password") from error
    except (py7zr.exceptions.ArchiveError, lzma.LZMAError, *_DAMAGED) as error:
        found.problems.append(f"the archive is damaged: {error}")
    return found


class Sealed(Exception):
    """The container cannot be opened; the message is the sentence for the Part."""


class _Decompressor(Protocol):
    def decompress(self, data: bytes, /, max_length: int) -> bytes: ...


class _Gzip:
    """gzip in the form of the other two."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return zlib.decompressobj(wbits=31).decompress(data, max_length)


_PACKED: dict[str, tuple[Callable[[], _Decompressor], str]] = {
    "application/gzip": (_Gzip, r"\.gz$"),
    "application/x-bzip2": (bz2.BZ2Decompressor, r"\.bz2$"),
    "application/x-xz": (lzma.LZMADecompressor, r"\.xz$"),
}


def packed_file(kind: str, name: str, data: bytes, limit: int) -> ArchivedFile:
    """The one file that was packed alone; .tgz and the like hold a tar archive. Raises Sealed."""
    decompressor, ending = _PACKED[kind]
    try:
        unfolded = decompressor().decompress(data, limit + 1)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise Sealed(f"the archive is damaged: {error}") from error
    if not unfolded:
        raise Sealed("the archive is damaged: nothing can be unpacked")
    if len(unfolded) > limit:
        raise Sealed(f"not unpacked: it unfolds to more than {limit} bytes")
    inner = re.sub(r"\.t(?:gz|bz2|xz)$", ".tar", name, flags=re.IGNORECASE)
    inner = re.sub(ending, "", inner, flags=re.IGNORECASE)
    return ArchivedFile(inner if inner != name else "unpacked", unfolded)
