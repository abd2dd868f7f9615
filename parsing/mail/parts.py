"""What is inside a file that is a container: archives, Outlook's winmail.dat and .msg, S/MIME, encoded text.

Each reader takes bytes and a limit in bytes, and gives what it found; none opens what it finds.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from asn1crypto import cms, core, pem

from parsing.formats.pdf_embedded import embedded_files
from parsing.mail.archives import Archive, ArchivedFile, Sealed, packed_file, sevenzip_files, tar_files, zip_files
from parsing.mail.mapi import OutlookItem
from parsing.mail.msg import read_msg
from parsing.mail.tnef import read_tnef


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a container holds: files, an Outlook item, a signed MIME entity. `sealed` says why it cannot be opened;
    `is_document` that it says something itself.
    """

    files: tuple[ArchivedFile, ...] = ()
    item: OutlookItem | None = None
    entity: bytes | None = None
    problems: tuple[str, ...] = ()
    sealed: str = ""
    is_document: bool = False


def unpack(kind: str, name: str, data: bytes, limit: int) -> Unpacked | None:
    """What the container holds, of at most `limit` bytes in all; None where this type is no container."""
    reader = _READERS.get(kind)
    return reader(name, data, limit) if reader else None


def _archive(reader: Callable[[bytes, int], Archive]) -> Callable[[str, bytes, int], Unpacked]:
    """What a reader of archives finds; one of which nothing could be had is sealed."""

    def unpacked(_name: str, data: bytes, limit: int) -> Unpacked:
        try:
            found = reader(data, limit)
        except Sealed as error:
            return Unpacked(sealed=str(error))
        problems = tuple(found.problems)
        return Unpacked(tuple(found.files), problems=problems, sealed="" if found.files else "; ".join(problems))

    return unpacked


def _packed(kind: str) -> Callable[[str, bytes, int], Unpacked]:
    """What is packed alone."""

    def unpacked(name: str, data: bytes, limit: int) -> Unpacked:
        try:
            return Unpacked((packed_file(kind, name, data, limit),))
        except Sealed as error:
            return Unpacked(sealed=str(error))

    return unpacked


def _pdf(_name: str, data: bytes, limit: int) -> Unpacked:
    """The files that a PDF carries; it is read itself as well."""
    found = Archive(limit)
    for name, content in embedded_files(data):
        found.keep(name, len(content), partial(bytes, content))
    return Unpacked(tuple(found.files), is_document=True)


def _outlook(_name: str, data: bytes, _limit: int) -> Unpacked:
    item = read_msg(data)
    return Unpacked(item=item) if item else Unpacked(sealed="not readable as an Outlook message")


def _winmail(_name: str, data: bytes, _limit: int) -> Unpacked:
    item = read_tnef(data)
    return Unpacked(item=item) if item else Unpacked(sealed="not readable as an Outlook attachment (TNEF)")


def _smime(name: str, data: bytes, limit: int) -> Unpacked:
    """The content of a signed or compressed S/MIME file (RFC 8551), whoever signed it."""
    try:
        info = cms.ContentInfo.load(_der(data))
        kind = info["content_type"].native
        if kind == "signed_data":
            content = info["content"]["encap_content_info"]["content"]
            if not isinstance(content, core.Void) and content.native is not None:
                return _entity_or_file(name, bytes(_octets(content)))
            return Unpacked(sealed="a signature without content: what it signs is elsewhere")
        if kind == "compressed_data":
            return _compressed(name, info, limit)
    except Exception as error:  # noqa: BLE001  asn1crypto raises whatever a broken length leads to
        return Unpacked(sealed=f"not readable as S/MIME: {type(error).__name__}")
    if kind in ("enveloped_data", "encrypted_data", "authenticated_enveloped_data", "signed_and_enveloped_data"):
        return Unpacked(sealed="encrypted with S/MIME: only the recipient's key opens it")
    return Unpacked(sealed=f"S/MIME of a kind that holds no text ({kind})")


def _der(data: bytes) -> bytes:
    data = data.lstrip()
    if pem.detect(data):
        return bytes(pem.unarmor(data)[2])
    if data[:1] != b"\x30":
        return base64.b64decode(re.sub(rb"\s+", b"", data))
    return data


def _octets(content: core.Asn1Value) -> bytes:
    native = content.native
    return native if isinstance(native, bytes) else content.dump()


def _compressed(name: str, info: cms.ContentInfo, limit: int) -> Unpacked:
    packed = info["content"]["encap_content_info"]["content"].native
    unfolded = zlib.decompressobj().decompress(packed, limit + 1)
    if len(unfolded) > limit:
        return Unpacked(sealed=f"not unpacked: it unfolds to more than {limit} bytes")
    return _entity_or_file(name, unfolded)


def _entity_or_file(name: str, content: bytes) -> Unpacked:
    """What was signed is a MIME entity in mail, any file outside it (test.xml.p7m)."""
    if re.match(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?i:content-|mime-version:)", content):
        return Unpacked(entity=content)
    return Unpacked((ArchivedFile(re.sub(r"\.p7[ms]$", "", name, flags=re.IGNORECASE) or "signed", content),))


def _sealed(why: str) -> Callable[[str, bytes, int], Unpacked]:
    return lambda _name, _data, _limit: Unpacked(sealed=why)


_READERS: dict[str, Callable[[str, bytes, int], Unpacked]] = {
    "application/zip": _archive(zip_files),
    "application/x-tar": _archive(tar_files),
    "application/x-7z-compressed": _archive(sevenzip_files),
    "application/gzip": _packed("application/gzip"),
    "application/x-bzip2": _packed("application/x-bzip2"),
    "application/x-xz": _packed("application/x-xz"),
    "application/pdf": _pdf,
    "application/vnd.ms-outlook": _outlook,
    "application/ms-tnef": _winmail,
    "application/pkcs7-mime": _smime,
    "application/pgp-encrypted": _sealed("encrypted with PGP: only the recipient's key opens it"),
    "application/encrypted": _sealed("encrypted: the file needs a password"),
    "application/vnd.rar": _sealed("an archive of a kind that is not opened (RAR)"),
}


# --- files encoded as letters inside a text --------------------------------------------------------

_BEGIN_UU = re.compile(r"begin(?:-base64)? [0-7]{3,4} (\S.*)\Z")
_BEGIN_YENC = re.compile(r"=ybegin .*\bname=(.+)\Z")


def split_encoded(text: str) -> tuple[str, tuple[ArchivedFile, ...]]:
    """The text with a line [name] for each file in it as uuencode or yEnc, and those files."""
    if "begin" not in text:
        return text, ()
    out: list[str] = []
    files: list[ArchivedFile] = []
    lines = iter(text.splitlines())
    for line in lines:
        if found := _BEGIN_UU.match(line):
            file, rest = _uu(found[1].strip(), lines, line.startswith("begin-base64"))
        elif found := _BEGIN_YENC.match(line):
            file, rest = _yenc(found[1].strip(), lines)
        else:
            out.append(line)
            continue
        if file is None:
            out += [line, *rest]
        else:
            files.append(file)
            out += [f"[{file.name}]", *rest]
    return ("\n".join(out), tuple(files)) if files else (text, ())


def _uu(name: str, lines: Iterator[str], is_base64: bool) -> tuple[ArchivedFile | None, list[str]]:
    """The file and the lines that turned out not to be its own; no file where not one line decodes."""
    data = bytearray()
    spent: list[str] = []
    for line in lines:
        if line.strip() in ("end", "===="):
            return ArchivedFile(name, bytes(data)), []
        try:
            data += base64.b64decode(line, validate=True) if is_base64 else _uu_line(line)
        except (binascii.Error, ValueError):
            spent.append(line)
            break
    if not data:
        return None, spent
    return ArchivedFile(name, bytes(data), "" if len(data) > 3 else "damaged uuencode"), spent


def _uu_line(line: str) -> bytes:
    if not line.strip():
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # programs that pad or cut: the first character tells how many letters count (as the standard library does)
        letters = (((ord(line[0]) - 32) & 63) * 4 + 5) // 3
        return binascii.a2b_uu(line[:letters])


def _yenc(name: str, lines: Iterator[str]) -> tuple[ArchivedFile | None, list[str]]:
    data = bytearray()
    for line in lines:
        if line.startswith("=yend"):
            break
        if not line.startswith("=ypart"):
            data += _yenc_line(line.encode("latin-1", "replace"))
    return ArchivedFile(name, bytes(data)), []


def _yenc_line(line: bytes) -> bytes:
    """One line by the yEnc draft 1.3: each byte is shifted by 42; after "=" by 64 more."""
    first, *escaped = line.split(b"=")
    out = bytearray((byte - 42) & 255 for byte in first)
    for piece in escaped:
        out += bytes((byte - (106 if number == 0 else 42)) & 255 for number, byte in enumerate(piece))
    return bytes(out)
