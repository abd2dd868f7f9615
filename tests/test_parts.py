"""What is inside a mail's files."""

import base64
import io
import tarfile
import zlib
from functools import cache

import py7zr
import pytest
from specimen_mail import attached, fates, mail, multi, problems, signed, text, words, zipped
from test_formats_pdf import ATTACHED, pdf

from parsing.formats.sniff import sniff
from parsing.mail.links import links_in
from parsing.mail.message import UNREAD, OpeningLimits, open_file, open_mail
from parsing.mail.parts import unpack


def _archive(data: bytes, name: bytes = b"a.zip") -> bytes:
    return multi("mixed", text(b"hi"), attached(name, data, b"application/zip"))


def test_files_in_an_archive_are_pieces_of_their_own_one_deeper() -> None:
    opened = open_mail(_archive(zipped({"folder/a.txt": b"one", "b.txt": b"two"})))
    assert [(leaf.part.name, leaf.part.depth, leaf.data) for leaf in opened.leaves[2:]] == [
        ("a.txt", 1, b"one"),
        ("b.txt", 1, b"two"),
    ]
    assert opened.leaves[1].part.fate == "read"


def test_litter_of_operating_systems_is_none() -> None:
    assert len(fates(_archive(zipped({"__MACOSX/._a.txt": b"x", ".DS_Store": b"x", "a.txt": b"y"})))) == 3


def test_archives_in_archives_end_at_the_limit_of_depth() -> None:
    data = b"hi"
    for number in range(20):
        data = zipped({f"{number}.zip": data})
    opened = open_mail(_archive(data), OpeningLimits(depth=3))
    assert len(opened.leaves) == 5
    assert opened.leaves[-1].part.fate == "unreadable"
    assert "deeper than 3" in opened.problems[0].problem


def test_an_archive_that_unfolds_beyond_the_limit_is_named_and_not_unfolded() -> None:
    opened = open_mail(_archive(zipped({"zeros": bytes(1 << 20), "a.txt": b"hi"})), OpeningLimits(bytes=1 << 16))
    assert [(leaf.part.name, leaf.part.fate) for leaf in opened.leaves[2:]] == [
        ("zeros", "unreadable"),
        ("a.txt", "unreadable"),
    ]
    assert "unfolds to 1048576 bytes" in opened.leaves[2].part.why


def test_an_archive_that_lies_about_its_size_is_not_believed() -> None:
    data = bytearray(zipped({"zeros": bytes(1 << 20)}))
    for magic, at in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        data[data.index(magic) + at : data.index(magic) + at + 4] = (10).to_bytes(4, "little")
    opened = open_mail(_archive(bytes(data)))
    assert opened.leaves[2].part.size <= 10
    assert opened.leaves[2].part.fate == "unreadable"


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04", zipped({"a.txt": b"hi"})[:40], zipped({"a.txt": b"hi" * 99}).replace(b"PK\x01\x02", b"PK\x01\x03")],
)
def test_a_broken_archive_is_unreadable_and_says_so(data: bytes) -> None:
    assert fates(_archive(data))[1] == ("a.zip", "unreadable")
    assert "damaged" in problems(_archive(data))


def test_a_file_in_an_archive_that_wants_a_password_is_named() -> None:
    data = bytearray(zipped({"a.txt": b"hi"}))
    for magic, at in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        data[data.index(magic) + at] |= 1
    assert fates(_archive(bytes(data)))[2] == ("a.txt", "unreadable")
    assert "password" in problems(_archive(bytes(data)))


def test_names_in_an_archive_without_the_flag_for_utf_8() -> None:
    data = zipped({"xx.txt": b"hi"}).replace(b"xx.txt", "é.tt".encode() + b"\x74")
    assert fates(_archive(data))[2][0] == "é.ttt"


def test_a_saved_mail_whose_text_is_html_is_a_mail() -> None:
    saved = b"Subject: s\nContent-Type: text/html\n\n<html><body>Delete PP1.</body></html>"
    opened = open_mail(multi("mixed", text(b"FYI"), attached(b"a.eml", saved)))
    assert [(inside.subject, words(inside)) for inside in opened.inside] == [("s", "Delete PP1.")]


def test_a_mail_in_an_archive_is_a_mail_inside() -> None:
    opened = open_mail(_archive(zipped({"a.eml": mail(b"Delete PP1.", b"Subject: s", b"Message-ID: <a@b>")})))
    assert [words(inside) for inside in opened.inside] == ["Delete PP1."]


@pytest.mark.parametrize(
    ("data", "sealed"),
    [
        (signed(b"")[:20], "not readable as S/MIME"),
        (b"0\x80", "not readable as S/MIME"),
        (b"0" * 50, "not readable as S/MIME"),
        (b"%%%", "not readable as S/MIME"),
    ],
)
def test_a_broken_s_mime_file_is_unreadable(data: bytes, sealed: str) -> None:
    found = unpack("application/pkcs7-mime", "smime.p7m", data, 1000)
    assert found is not None
    assert found.sealed.startswith(sealed)


@pytest.mark.parametrize("wrap", [bytes, base64.encodebytes])
def test_a_signed_file_outside_mail_is_the_file(wrap: type[bytes]) -> None:
    found = unpack("application/pkcs7-mime", "a.xml.p7m", wrap(signed(b"<a/>")), 1000)
    assert found is not None
    assert [(file.name, file.data) for file in found.files] == [("a.xml", b"<a/>")]


def test_signed_within_signed_ends() -> None:
    content = text(b"hi")
    for _ in range(30):
        content = b"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(
            signed(content)
        )
    assert "wrapped more than" in problems(mail(b"", b"X: y")[:-1] + content)


WORDS = {"folder/a.txt": b"one", "b.txt": b"two"}


def tarred(kind: str = "w", **extra: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=kind) as archive:  # type: ignore[call-overload]  # one of its modes
        for name, data in WORDS.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for name, target in extra.items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            archive.addfile(link)
    return buffer.getvalue()


@cache
def sevenzipped(method: int = py7zr.FILTER_LZMA2, password: str | None = None, *, header: bool = False) -> bytes:
    buffer = io.BytesIO()
    filters = None if password else [{"id": method}]
    with py7zr.SevenZipFile(buffer, "w", filters=filters, password=password, header_encryption=header) as archive:
        for name, data in WORDS.items():
            archive.writestr(data, name)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (b"a.tar", tarred()),
        (b"a.tar", tarred(link="/etc/passwd")),
        (b"a.tar.gz", tarred("w:gz")),
        (b"a.tgz", tarred("w:gz")),
        (b"a.tar.bz2", tarred("w:bz2")),
        (b"a.tar.xz", tarred("w:xz")),
        (b"a.7z", sevenzipped()),
        (b"a.7z", sevenzipped(py7zr.FILTER_BZIP2)),
    ],
)
def test_archives_of_every_kind_are_opened(name: bytes, data: bytes) -> None:
    opened = open_mail(multi("mixed", text(b"hi"), attached(name, data, b"application/octet-stream")))
    assert [leaf.data for leaf in opened.leaves if leaf.part.name.endswith(".txt")][1:] == [b"one", b"two"]
    assert not opened.problems


@pytest.mark.parametrize(
    ("kind", "data", "sealed"),
    [
        ("application/x-7z-compressed", sevenzipped(password="secret"), "encrypted: the archive needs a password"),
        ("application/x-7z-compressed", sevenzipped(password="secret", header=True),
         "encrypted: the archive needs a password"),
        ("application/x-7z-compressed", sevenzipped()[:40], "the archive is damaged"),
        ("application/x-tar", tarred()[:300], "the archive is damaged"),
        ("application/x-xz", b"\xfd7zXZ\x00no", "the archive is damaged"),
        ("application/x-bzip2", b"BZh9no", "the archive is damaged"),
        ("application/gzip", b"\x1f\x8bno", "the archive is damaged"),
        ("application/vnd.rar", b"Rar!\x1a\x07\x00", "an archive of a kind that is not opened (RAR)"),
    ],
)  # fmt: skip
def test_an_archive_that_cannot_be_opened_says_why(kind: str, data: bytes, sealed: str) -> None:
    found = unpack(kind, "a", data, 10_000)
    assert found is not None
    assert (found.sealed or "; ".join(found.problems)).startswith(sealed)


@pytest.mark.parametrize("data", [sevenzipped(), tarred(), tarred("w:gz")])
def test_an_archive_beyond_its_limit_is_not_unfolded(data: bytes) -> None:
    kind = sniff(data)
    found = unpack(kind, "a", data, 4)
    assert found is not None
    assert "unfolds to" in (found.sealed or " ".join(file.why for file in found.files))
    assert sum(len(file.data) for file in found.files) <= 4


def test_the_files_inside_a_pdf_are_parts_and_the_pdf_is_read_too() -> None:
    data = pdf("", more=ATTACHED, catalog="/Names<</EmbeddedFiles<</Names[(a.txt) 8 0 R]>>>>")
    opened = open_mail(multi("mixed", text(b"hi"), attached(b"a.pdf", data, b"application/pdf")))
    assert [(leaf.part.name, leaf.part.depth, leaf.part.why) for leaf in opened.leaves[1:]] == [
        ("a.pdf", 0, UNREAD), ("a.txt", 1, UNREAD),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "names"),
    [
        ("a.zip", zipped(WORDS), ["a.zip", "a.txt", "b.txt"]),
        ("a.7z", sevenzipped(), ["a.7z", "a.txt", "b.txt"]),
        ("a.pdf", pdf("", more=ATTACHED, notes="<</Subtype/FileAttachment/Rect[0 0 9 9]/FS 8 0 R>>"),
         ["a.pdf", "a.txt"]),
        ("folder/a.docx", b"PK", ["folder/a.docx"]),
    ],
)  # fmt: skip
def test_a_bare_file_is_opened_with_what_it_holds(name: str, data: bytes, names: list[str]) -> None:
    assert [leaf.part.name for leaf in open_file(name, data).leaves] == names


def test_mails_in_a_bare_archive_are_mails() -> None:
    opened = open_file("a.zip", zipped({"a.eml": mail(b"Delete PP1.", b"Subject: s", b"Message-ID: <a@b>")}))
    assert [(one.subject, words(one)) for one in opened.inside] == [("s", "Delete PP1.")]


def test_gzip_within_its_limit() -> None:
    packer = zlib.compressobj(wbits=31)
    data = packer.compress(bytes(10_000)) + packer.flush()
    small, large = (unpack("application/gzip", "a.gz", data, limit) for limit in (20_000, 100))
    assert small is not None
    assert large is not None
    assert [len(file.data) for file in small.files] == [10_000]
    assert "unfolds to more than 100" in large.sealed


URL = "https://env.sharepoint.com/:w:/r/Comments%20PP1.docx"


@pytest.mark.parametrize(
    ("own", "html", "names"),
    [
        (f"Our comments: {URL}.", "", ["Comments PP1.docx"]),
        ("Our comments", f'<a href="{URL}">Our comments</a>', ["Comments PP1.docx"]),
        ("Our words", f'<a href="{URL}">Their old comments</a>', []),
        ("https://drive.google.com/file/d/1a2b/view", "", ["link to drive.google.com"]),
        (f"{URL} {URL}", "", ["Comments PP1.docx"]),
        ("https://www.cbd.int/a.docx", "", []),
        ("https://sharepoint.com.evil.example/a.docx", "", []),
        ("https://[", "", []),
    ],
)
def test_files_behind_links_are_named(own: str, html: str, names: list[str]) -> None:
    assert [link.name for link in links_in(own, [html])] == names


def test_a_link_to_a_cloud_is_a_piece_that_was_not_obtained() -> None:
    raw = mail(f"Our comments: {URL}\n\nOn 1.1.2021 Bo <b@x.example> wrote:\n> https://we.tl/t-1".encode())
    assert fates(raw) == [("body.txt", "read"), ("Comments PP1.docx", "not-obtained")]
