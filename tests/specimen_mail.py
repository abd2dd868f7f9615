"""Mails built from their smallest pieces: what programs write, so that the readers under test are fed real bytes."""

import base64
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

from parsing.mail.message import open_mail
from parsing.model import OpenMail, TextRole

FROM = b"From: Ana Diaz <ana@env.gov.example>\n"


def mail(body: bytes, *head: bytes) -> bytes:
    """A mail with a From field, further header lines, and a body."""
    return FROM + b"".join(line + b"\n" for line in head) + b"\n" + body


def multi(kind: str, *parts: bytes) -> bytes:
    """A mail of several parts, each with its own headers."""
    return FROM + entity(kind, *parts)


def entity(kind: str, *parts: bytes, boundary: bytes = b"") -> bytes:
    boundary = boundary or b"=_" + str(sum(map(len, parts))).encode() + kind.encode()
    body = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    return (
        b"Content-Type: multipart/"
        + kind.encode()
        + b'; boundary="'
        + boundary
        + b'"\n\n'
        + body
        + b"--"
        + boundary
        + b"--\n"
    )


def text(words: bytes, kind: bytes = b"plain", *head: bytes) -> bytes:
    return b"Content-Type: text/" + kind + b"\n" + b"".join(line + b"\n" for line in head) + b"\n" + words


def attached(name: bytes, data: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    return (
        b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: base64\n"
        b'Content-Disposition: attachment; filename="' + name + b'"\n\n' + base64.encodebytes(data)
    )  # fmt: skip


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)  # always of the same day
    return out.getvalue()


def signed(content: bytes) -> bytes:
    """An opaque S/MIME file around the content, without certificates or signers (RFC 5652, 5.1)."""
    from asn1crypto import cms  # noqa: PLC0415

    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "data", "content": content},
            "signer_infos": [],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def tnef(properties: Mapping[int, str | bytes], *files: tuple[str, bytes]) -> bytes:
    """A winmail.dat with MAPI properties and files."""
    out = b"\x78\x9f\x3e\x22\x01\x00" + _object(1, 0x9007, struct.pack("<II", 1252, 0))
    out += _object(1, 0x9003, _mapi(properties))
    for name, data in files:
        out += (
            _object(2, 0x9002, bytes(14)) + _object(2, 0x8010, name.encode("cp1252") + b"\0") + _object(2, 0x800F, data)
        )
    return out


def _object(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _mapi(properties: Mapping[int, str | bytes]) -> bytes:
    out = struct.pack("<I", len(properties))
    for number, value in properties.items():
        kind, data = (0x001F, value.encode("utf-16-le")) if isinstance(value, str) else (0x0102, value)
        out += struct.pack("<HHII", kind, number, 1, len(data)) + data + bytes(-len(data) % 4)
    return out


Storage = dict[str, "bytes | Storage"]


def msg(properties: Mapping[int, str | bytes], *files: tuple[str, "bytes | Storage"]) -> bytes:
    """A .msg with its properties; a file is bytes, or the item() that is attached."""
    return _compound(item(properties, *files, header=32))


def item(properties: Mapping[int, str | bytes], *files: tuple[str, "bytes | Storage"], header: int = 24) -> Storage:
    """The storage of one Outlook item ([MS-OXMSG])."""
    storage: Storage = {"__properties_version1.0": bytes(header)} | _streams(properties)
    for number, (name, content) in enumerate(files):
        inner: Storage = {"__properties_version1.0": bytes(8)} | _streams({0x3707: name})
        if isinstance(content, bytes):
            inner["__substg1.0_37010102"] = content
        else:
            inner["__substg1.0_3701000D"] = content
        storage[f"__attach_version1.0_#{number:08X}"] = inner
    return storage


def _streams(properties: Mapping[int, str | bytes]) -> Storage:
    streams: Storage = {}
    for number, value in properties.items():
        kind, data = ("001F", value.encode("utf-16-le")) if isinstance(value, str) else ("0102", value)
        streams[f"__substg1.0_{number:04X}{kind}"] = data
    return streams


def _compound(root: Storage) -> bytes:
    """A compound file ([MS-CFB]) of 512-byte sectors; streams are padded with NULs to 4096: none is a small one."""
    names: list[str] = ["Root Entry"]
    kinds: list[int] = [5]
    contents: list[bytes] = [b""]
    children: list[list[int]] = [[]]

    def add(storage: Storage, parent: int) -> None:
        for name, content in storage.items():
            number = len(names)
            names.append(name)
            kinds.append(2 if isinstance(content, bytes) else 1)
            contents.append(content.ljust(4096, b"\0") if isinstance(content, bytes) else b"")
            children.append([])
            children[parent].append(number)
            if not isinstance(content, bytes):
                add(content, number)

    add(root, 0)
    return _sectors(names, kinds, contents, children)


def _sectors(
    names: Sequence[str], kinds: Sequence[int], contents: Sequence[bytes], children: Sequence[list[int]]
) -> bytes:
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    body = b""
    fat: list[int] = []
    starts: list[int] = []
    for content in contents:
        count = -(-len(content) // 512)
        starts.append(len(fat) if count else 0)
        fat += [*range(len(fat) + 1, len(fat) + count), end] if count else []
        body += content.ljust(count * 512, b"\0")
    directory = b""
    siblings = {kid: kids[at + 1] if at + 1 < len(kids) else free for kids in children for at, kid in enumerate(kids)}
    for number, name in enumerate(names):
        raw = (name + "\0").encode("utf-16-le")
        kid = children[number][0] if children[number] else free
        directory += raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kinds[number], 1)
        directory += struct.pack("<III", free, siblings.get(number, free), kid) + bytes(36)
        directory += struct.pack("<IQ", starts[number], len(contents[number]))
    first = len(fat)
    count = -(-len(directory) // 512)
    fat += [*range(first + 1, first + count), end]
    body += directory.ljust(count * 512, b"\0")
    sectors = -(-(len(fat) + 2 + len(fat) // 128) // 128)
    places = list(range(len(fat), len(fat) + sectors))
    fat += [0xFFFFFFFD] * sectors
    body += struct.pack(f"<{len(fat)}I", *fat).ljust(sectors * 512, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, sectors, first, 0, 4096, end, 0, end, 0)
    return head + struct.pack("<109I", *(places + [free] * (109 - sectors))) + body


def words(opened: OpenMail) -> str:
    """What the mail says, whoever says it, a line each."""
    return "\n".join("".join(run.text for run in block.runs) for block in opened.body.blocks)


def said(opened: OpenMail, role: TextRole = "own") -> str:
    """What the mail says in one role; lines without words are left out."""
    lines = ("".join(run.text for run in block.runs) for block in opened.body.blocks if block.role == role)
    return "\n".join(line for line in lines if line.strip())


def fates(raw: bytes) -> list[tuple[str, str]]:
    """The name and fate of each piece of a mail."""
    return [(leaf.part.name, leaf.part.fate) for leaf in open_mail(raw).leaves]


def problems(raw: bytes) -> str:
    return "\n".join(problem.problem for problem in open_mail(raw).problems)
