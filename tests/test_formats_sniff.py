"""What a file is, by its content."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.formats.sniff import sniff


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x")
    return buffer.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (b"", "a.docx", "application/x-empty"),
        (b"\r\n \x00", "a.txt", "application/x-empty"),
        (b"%PDF-1.4\n", "a.docx", "application/pdf"),
        (b"\r\njunk before %PDF-1.4\n", "", "application/pdf"),
        (b"{\\rtf1\\ansi", "a.doc", "application/rtf"),
        (b"\xef\xbb\xbf{\\rtf1", "", "application/rtf"),
        (zipped("word/document.xml"), "a.zip", "docx"),
        (zipped("word/document.xml")[:-30], "a.docx", "docx"),
        (zipped("xl/workbook.xml"), "", "xlsx"),
        (zipped("mimetype", "content.xml"), "", "application/vnd.oasis.opendocument.text"),
        (zipped("a.docx", "b.txt"), "", "application/zip"),
        (OLE + "WordDocument".encode("utf-16-le"), "", "application/msword"),
        (OLE + "__properties_version1.0".encode("utf-16-le"), "", "application/vnd.ms-outlook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "application/encrypted"),
        (OLE, "", "application/x-ole-storage"),
        (b"\x89PNG\r\n\x1a\n", "", "image/png"),
        (b"\x78\x9f\x3e\x22\x00", "winmail.dat", "application/ms-tnef"),
        (b"0\x80\x06\x09*\x86H\x86\xf7\x0d\x01\x07\x02\xa0", "smime.p7m", "application/pkcs7-mime"),
        (b"-----BEGIN PGP MESSAGE-----", "", "application/pgp-encrypted"),
        (b"BEGIN:VCALENDAR\r\n", "", "text/calendar"),
        (b"<!DOCTYPE html><p>x", "", "text/html"),
        (b"<html>", "a.doc", "text/html"),
        (b"Subject: x\r\nFrom: a@b\r\nTo: c\r\n\r\nbody", "", "message/rfc822"),
        (b"Dear all: we\nfrom: our side\nplease: see\n", "", "text/plain"),
        ("<html>".encode("utf-16"), "", "text/html"),
        ("In paragraph 5".encode("utf-16-le"), "", "text/plain"),
        ("a;б".encode("cp1251"), "a.csv", "text/csv"),
        ("第五段".encode("gb18030"), "a.txt", "text/plain"),
        (bytes(range(32)) * 40, "a.txt", "application/octet-stream"),
    ],
)
def test_a_file_is_what_it_holds(data: bytes, name: str, found: str) -> None:
    kinds = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet"}
    full = f"application/vnd.openxmlformats-officedocument.{kinds[found]}" if found in kinds else found
    assert sniff(data, name) == full


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", OLE, b"<?xml ", b"0\x80"]))
def test_every_file_has_a_type(data: bytes, start: bytes) -> None:
    assert "/" in sniff(start + data)
