"""The type of a file by its content: names and declared types lie, first bytes seldom do."""

import io
import re
import zipfile
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from parsing.formats.opc import Opc

EMPTY = "application/x-empty"
BINARY = "application/octet-stream"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XPS = "application/vnd.ms-xpsdocument"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
ODG = "application/vnd.oasis.opendocument.graphics"
FODT = "application/vnd.oasis.opendocument.text-flat-xml"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
PAGES = "application/vnd.apple.pages"
NUMBERS = "application/vnd.apple.numbers"
KEYNOTE = "application/vnd.apple.keynote"
IWORK = "application/vnd.apple.iwork"
ENCRYPTED_OFFICE = "application/encrypted"
ARCHIVED_PAGE = "application/x-mimearchive"
BPLIST = "application/x-bplist"
WEBARCHIVE = "application/x-webarchive"
THEME = "application/vnd.ms-officetheme"


class _Magic(NamedTuple):
    """The bytes at a place in every file of a type."""

    start: bytes
    type: str
    at: int = 0


_MAGIC = (
    _Magic(b"%PDF-", "application/pdf"),
    _Magic(b"{\\rtf", "application/rtf"),
    _Magic(b"\x89PNG\r\n\x1a\n", "image/png"),
    _Magic(b"\xff\xd8\xff", "image/jpeg"),
    _Magic(b"GIF87a", "image/gif"),
    _Magic(b"GIF89a", "image/gif"),
    _Magic(b"II*\x00", "image/tiff"),
    _Magic(b"MM\x00*", "image/tiff"),
    _Magic(b"\x00\x00\x00\x0cjP  ", "image/jp2"),
    _Magic(b"\x00\x00\x00\x0cJXL ", "image/jxl"),
    _Magic(b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    _Magic(b" EMF", "image/emf", 40),
    _Magic(b"\xd7\xcd\xc6\x9a", "image/wmf"),
    _Magic(b"AT&TFORM", "image/vnd.djvu"),
    _Magic(b"%!PS", "application/postscript"),
    _Magic(b"\xffWPC", "application/vnd.wordperfect"),
    _Magic(b"\x31\xbe\x00\x00", "application/x-mswrite"),
    _Magic(b"\x32\xbe\x00\x00", "application/x-mswrite"),
    _Magic(b"\xdb\xa5\x2d\x00", DOC),
    _Magic(b"\x09\x02\x06\x00", XLS),
    _Magic(b"\x09\x04\x06\x00", XLS),
    _Magic(b"\x09\x08\x08\x00", XLS),
    _Magic(b"\x00\x00\x02\x00\x06\x04", "application/vnd.lotus-1-2-3"),
    _Magic(b"\xe4\x52\x5c\x7b", "application/onenote"),
    _Magic(b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    _Magic(b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    _Magic(b"Rar!\x1a\x07", "application/vnd.rar"),
    _Magic(b"\x1f\x8b", "application/gzip"),
    _Magic(b"\xfd7zXZ\x00", "application/x-xz"),
    _Magic(b"\x28\xb5\x2f\xfd", "application/zstd"),
    _Magic(b"ustar", "application/x-tar", 257),
    _Magic(b"-lh", "application/x-lha", 2),
    _Magic(b"\x1aE\xdf\xa3", "video/webm"),
    _Magic(b"\x7fELF", "application/x-elf"),
    _Magic(b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    _Magic(b"Standard Jet DB", "application/x-msaccess", 4),
    _Magic(b"Standard ACE DB", "application/x-msaccess", 4),
    _Magic(b"SQLite format 3\x00", "application/vnd.sqlite3"),
    _Magic(b"!BDN", "application/vnd.ms-outlook-pst"),
    _Magic(b"ActiveMime", "application/x-activemime"),
    _Magic(b"HWP Document File", "application/vnd.hancom.hwp"),
    _Magic(b"#!AMR", "audio/amr"),
    _Magic(b"bplist00", BPLIST),
    _Magic(b"-----BEGIN PKCS7", "application/pkcs7-mime"),
    _Magic(b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
    _Magic(b"-----BEGIN PGP SIGNATURE", "application/pgp-signature"),
    _Magic(b"-----BEGIN PGP PUBLIC KEY", "application/pgp-keys"),
    _Magic(b"BEGIN:VCALENDAR", "text/calendar"),
    _Magic(b"BEGIN:VCARD", "text/vcard"),
)
_MAGIC_LETTERS = (
    _Magic(b"BM", "image/bmp"),
    _Magic(b"MZ", "application/vnd.microsoft.portable-executable"),
    _Magic(b"BZh", "application/x-bzip2"),
    _Magic(b"AC10", "image/vnd.dwg"),
    _Magic(b"8BPS", "image/vnd.adobe.photoshop"),
    _Magic(b"ID3", "audio/mpeg"),
    _Magic(b"\xff\xfb", "audio/mpeg"),
    _Magic(b"\xff\xf3", "audio/mpeg"),
    _Magic(b"OggS", "audio/ogg"),
    _Magic(b"fLaC", "audio/flac"),
    _Magic(b"WEBP", "image/webp", 8),
    _Magic(b"WAVE", "audio/wav", 8),
    _Magic(b"AVI ", "video/x-msvideo", 8),
    _Magic(b"MSCF", "application/vnd.ms-cab-compressed"),
    _Magic(b"ITSF", "application/vnd.ms-htmlhelp"),
    _Magic(b"FWS", "application/x-shockwave-flash"),
    _Magic(b"CWS", "application/x-shockwave-flash"),
    _Magic(b"OTTO", "font/otf"),
    _Magic(b"\x00\x01\x00\x00\x00", "font/ttf"),
    _Magic(b"wOFF", "font/woff"),
    _Magic(b"wOF2", "font/woff2"),
)
"""Of letters that a text may begin with, too ("BMU, Germany"): they count only where the file is no text."""

_BRANDS = (
    (b"heic heix heim heis hevc hevx mif1 msf1", "image/heic"),
    (b"avif avis", "image/avif"),
    (b"M4A  M4B  M4P ", "audio/mp4"),
    (b"qt  ", "video/quicktime"),
    (b"3gp4 3gp5 3gp6 3g2a", "video/3gpp"),
)
"""Brands of ISO base media files (ISO/IEC 14496-12, 4.3); others are films."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLE_STREAMS = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
    ("VisioDocument", "application/vnd.visio"),
    ("HwpSummaryInformation", "application/vnd.hancom.hwp"),
    ("Quill", "application/vnd.ms-publisher"),
    ("MatOST", "application/vnd.ms-works"),
    ("TBkndTask", "application/vnd.ms-project"),
)
_SIGNED = bytes.fromhex("06092a864886f70d0107")
"""The object identifiers 1.2.840.113549.1.7.x with which every PKCS #7 content begins (RFC 5652, 3)."""

_MAIN_TYPES = (
    ("wordprocessingml", DOCX),
    ("ms-word.", DOCX),
    ("sheet.binary", XLSB),
    ("spreadsheetml", XLSX),
    ("ms-excel.", XLSX),
    ("presentationml", PPTX),
    ("ms-powerpoint.", PPTX),
    ("fixeddocumentsequence", XPS),
    ("visio", "application/vnd.visio"),
    ("thememanager", THEME),
)
"""Words in the content type of a package's main part."""

_ZIPPED = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", XLSB),
    ("ppt/presentation.xml", PPTX),
    ("fixeddocseq.fdseq", XPS),
    ("index/document.iwa", IWORK),
    ("index.apxl", KEYNOTE),
    ("index.zip", IWORK),
)
_IWORK_NAMED = {".pages": PAGES, ".numbers": NUMBERS, ".key": KEYNOTE}
_XML = (
    ("office:document ", FODT),
    ("pkg:package", "application/vnd.ms-word.flat-opc+xml"),
    ("w:worddocument", "application/vnd.ms-word.2003+xml"),
    ("urn:schemas-microsoft-com:office:spreadsheet", "application/vnd.ms-excel.2003+xml"),
    ("<html", "text/html"),
    ("<svg", "image/svg+xml"),
)
_NAMED = {
    ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".htm": "text/html", ".html": "text/html",
    ".eml": "message/rfc822", ".ics": "text/calendar", ".md": "text/markdown", ".xml": "application/xml",
    ".json": "application/json", ".gdoc": "application/json", ".gsheet": "application/json",
    ".gslides": "application/json", ".mht": ARCHIVED_PAGE, ".mhtml": ARCHIVED_PAGE, ".url": "text/x-url",
    ".webloc": "text/x-url",
}  # fmt: skip
_NAMED_BINARY = {
    ".pgp": "application/pgp-encrypted", ".gpg": "application/pgp-encrypted", ".tar": "application/x-tar",
}  # fmt: skip
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_HEADER = re.compile(r"(?:From [^\n]*\n)?(?:[A-Za-z][A-Za-z0-9-]*:[ \t][^\n]*\n(?:[ \t][^\n]*\n)*){3}")
_MAIL = re.compile(
    r"^(?:received|return-path|message-id|mime-version|from|subject|delivered-to):", re.IGNORECASE | re.MULTILINE
)
_SAVED_PAGE = re.compile(r"^(?:From: <?Saved by|Snapshot-Content-Location:)", re.IGNORECASE | re.MULTILINE)
_HEAD = 4096
_PROLOGUE = 64
"""Bytes at the start in which most formats have a NUL, and no text has."""
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0c\x1b\x0e\x0f")


@lru_cache(maxsize=1)  # a file is looked at several times on its way
def sniff(data: bytes, name: str = "") -> str:
    """The MIME type of a file by its content; by its name only where text could be several things."""
    if not data.strip(b"\x00\r\n\t "):
        return EMPTY
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, _ending(name))
    if data.startswith(_OLE):
        return _ole(data)
    return _by_magic(data) or _by_letters(data) or _by_words(data, _ending(name))


def _ending(name: str) -> str:
    return "." + name.rpartition(".")[2].lower()


def _by_magic(data: bytes) -> str | None:
    if data[4:8] == b"ftyp":
        return next((found for brands, found in _BRANDS if data[8:12] in brands), "video/mp4")
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf\r\n\t ")
    found = _starts(head, _MAGIC)
    if found == BPLIST and b"WebMainResource" in data:
        return WEBARCHIVE
    if found is None and head[:1] == b"\x30" and _SIGNED in head[:40]:
        return "application/pkcs7-mime"
    return found or _late_pdf(data)


def _late_pdf(data: bytes) -> str | None:
    """ISO 32000-1, annex H 3.4.1: readers look for the header in the first 1024 bytes."""
    return "application/pdf" if b"%PDF-" in data[:1024] else None


def _starts(data: bytes, magics: Iterable[_Magic]) -> str | None:
    return next((magic.type for magic in magics if data.startswith(magic.start, magic.at)), None)


def _by_letters(data: bytes) -> str | None:
    """What is no text, by letters with which a text might begin as well."""
    head = data[:_HEAD]
    is_text = _peeked(head) is not None and 0 not in head[:_PROLOGUE]
    return None if is_text else _starts(data, _MAGIC_LETTERS)


def _zipped(data: bytes, ending: str) -> str:
    """What is packed in a ZIP: by its declared type, by its main part, else by the names in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = _declared(archive) or _package(Opc(archive)) or _by_names(archive.namelist())
    except Exception:  # noqa: BLE001 - zipfile raises a dozen kinds on damaged archives; the bytes still tell
        found = _in_ruins(data)
    return _IWORK_NAMED.get(ending, IWORK) if found == IWORK else found


def _declared(archive: zipfile.ZipFile) -> str | None:
    """What a package of OpenDocument or EPUB says that it is, in an entry of its own."""
    if "mimetype" not in archive.NameToInfo or archive.getinfo("mimetype").file_size >= 200:
        return None
    return archive.read("mimetype").decode("ascii", "replace").strip().lower()


def _by_names(names: Iterable[str]) -> str:
    have = {name.lower() for name in names}
    return next((found for name, found in _ZIPPED if name in have), "application/zip")


def _in_ruins(data: bytes) -> str:
    """What a damaged ZIP was, by the names that can still be found in its bytes."""
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in data[:200]:
        return ODT
    return _by_names(name for name, _ in _ZIPPED if name.encode() in data.lower())


def _package(opc: Opc) -> str | None:
    """The type of an Office package by the content type of its main part; None where it is none."""
    main = opc.main()
    if main is None:
        return None
    type_ = opc.type_of(main)
    return next((found for word, found in _MAIN_TYPES if word in type_), None)


def _ole(data: bytes) -> str:
    """What a compound file holds, by the names of its streams ([MS-CFB] 2.6: UTF-16, in the directory)."""
    for stream, found in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return found
    return "application/x-ole-storage"


def _by_words(data: bytes, ending: str) -> str:
    """What a text is: markup, a mail, else by its name."""
    text = _peeked(data[:_HEAD])
    if text is None:
        return _NAMED_BINARY.get(ending, BINARY)
    text = text.lstrip("\ufeff \r\n\t")
    if (found := _markup(text)) is not None:
        return found
    named = _NAMED.get(ending, "text/plain")
    return "message/rfc822" if named != ARCHIVED_PAGE and _is_mail(text) else named


def _markup(text: str) -> str | None:
    lowered = text.lower()
    if lowered.startswith(("<?xml", "<office:document")):
        return next((found for tag, found in _XML if tag in lowered), "application/xml")
    if _SAVED_PAGE.search(text[:1024]):
        return ARCHIVED_PAGE
    return "text/html" if _HTML.search(lowered[:1024]) else None


def _is_mail(text: str) -> bool:
    """Whether a text begins with the fields of a mail's header."""
    header = _HEADER.match(text.replace("\r\n", "\n"))
    return header is not None and len(_MAIL.findall(header[0])) >= 2


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
