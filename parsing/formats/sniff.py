"""The type of a file by its content: names and declared types lie, first bytes seldom do."""

import io
import re
import zipfile

EMPTY = "application/x-empty"
BINARY = "application/octet-stream"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
FODT = "application/vnd.oasis.opendocument.text-flat-xml"
DOC = "application/msword"
ENCRYPTED_OFFICE = "application/encrypted"

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"\xffWPC", "application/vnd.wordperfect"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"-----BEGIN PKCS7", "application/pkcs7-mime"),
    (b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
    (b"-----BEGIN PGP SIGNATURE", "application/pgp-signature"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLE_STREAMS = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("WordDocument", DOC),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_SIGNED = bytes.fromhex("06092a864886f70d0107")
"""The object identifiers 1.2.840.113549.1.7.x with which every PKCS #7 content begins (RFC 5652, 3)."""

_ZIPPED = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_XML = (
    ("office:document ", FODT),
    ("pkg:package", "application/vnd.ms-word.flat-opc+xml"),
    ("w:worddocument", "application/vnd.ms-word.2003+xml"),
    ("<html", "text/html"),
    ("<svg", "image/svg+xml"),
)
_NAMED = {
    ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".htm": "text/html", ".html": "text/html",
    ".eml": "message/rfc822", ".ics": "text/calendar", ".md": "text/markdown", ".xml": "application/xml",
}  # fmt: skip
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_HEADER = re.compile(r"(?:From [^\n]*\n)?(?:[A-Za-z][A-Za-z0-9-]*:[ \t][^\n]*\n(?:[ \t][^\n]*\n)*){3}")
_MAIL = re.compile(
    r"^(?:received|return-path|message-id|mime-version|from|subject|delivered-to):", re.IGNORECASE | re.MULTILINE
)
_HEAD = 4096
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0c\x1b\x0e\x0f")


def sniff(data: bytes, name: str = "") -> str:
    """The MIME type of a file by its content; by its name only where text could be several things."""
    if not data.strip(b"\x00\r\n\t "):
        return EMPTY
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data)
    if data.startswith(_OLE):
        return _ole(data)
    return _by_magic(data) or _text(data[:_HEAD], name)


def _by_magic(data: bytes) -> str | None:
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf\r\n\t ")
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head[:1] == b"\x30" and _SIGNED in head[:40]:
        return "application/pkcs7-mime"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    # ISO 32000-1, annex H 3.4.1: readers look for it in the first 1024 bytes
    return "application/pdf" if b"%PDF-" in data[:1024] else None


def _zipped(data: bytes) -> str:
    """What is packed in a ZIP; damaged ones by the names that still stand in them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", "replace").strip().lower()
    except Exception:  # noqa: BLE001 - zipfile raises a dozen kinds on damaged archives; the bytes still tell
        names = {name for name, _ in _ZIPPED if name.encode() in data}
        if b"mimetypeapplication/vnd.oasis.opendocument.text" in data[:200]:
            return ODT
    return next((found for name, found in _ZIPPED if name in names), "application/zip")


def _ole(data: bytes) -> str:
    """What a compound file holds, by the names of its streams ([MS-CFB] 2.6: UTF-16, in the directory)."""
    for stream, found in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return found
    return "application/x-ole-storage"


def _text(head: bytes, name: str) -> str:
    text = _peeked(head)
    if text is None:
        return BINARY
    text = text.lstrip("\ufeff \r\n\t")
    lowered = text.lower()
    if lowered.startswith(("<?xml", "<office:document")):
        return next((found for tag, found in _XML if tag in lowered), "application/xml")
    if _HTML.search(lowered[:1024]):
        return "text/html"
    header = _HEADER.match(text.replace("\r\n", "\n"))
    if header is not None and len(_MAIL.findall(header[0])) >= 2:
        return "message/rfc822"
    return _NAMED.get("." + name.rpartition(".")[2].lower(), "text/plain")


def _peeked(head: bytes) -> str | None:
    """The first characters of a text in whatever charset; None where they are no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if head.count(0) * 3 > len(head):
        for charset in ("utf-16-le", "utf-16-be"):
            text = head.decode(charset, "replace")
            if sum(c.isprintable() or c in "\r\n\t" for c in text) > 0.95 * len(text):
                return text
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return head.decode("latin-1") if controls <= len(head) // 100 else None
