"""The door to the readers: every file gets a text, a fate and a sentence."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from PIL import Image

from parsing.formats.door import read_format
from parsing.formats.sheet import MOST_ROWS
from parsing.model import Converters, MarkedText, NotConverted

NONE = Converters(
    missing=(
        "LibreOffice is not installed: RTF and old Word files are kept, but not read",
        "tesseract is not installed: scans are kept, but not read",
    )
)
RTF = b"{\\rtf1 x}"
DOC = bytes.fromhex("d0cf11e0a1b11ae1") + "WordDocument".encode("utf-16-le")
ODT = (
    b'<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:'
    b'opendocument:xmlns:text:1.0"><office:body><office:text><text:p>read</text:p></office:text></office:body></office:document>'
)


def said(text: MarkedText) -> list[str]:
    return ["".join(run.text for run in block.runs) for block in text.blocks]


def picture(width: int = 1000, height: int = 1000, pages: int = 1) -> bytes:
    buffer = io.BytesIO()
    first, *others = (Image.new("L", (width, height)) for _ in range(pages))
    first.save(buffer, "TIFF" if pages > 1 else "PNG", save_all=pages > 1, append_images=others)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "declared", "data", "fate", "why"),
    [
        ("a.docx", "", b"", "empty", "the file is empty"),
        ("a.txt", "text/plain", b"Dear all", "read", ""),
        ("a.txt", "", b"\xef\xbb\xbf", "empty", "the file holds no text"),
        ("a.doc", "application/msword", b"<html><p>x", "read", ""),
        ("a.html", "", b"<html><p></p>", "empty", "the file holds no text"),
        ("a", "text/html", b"<p>x", "read", ""),
        ("a.odt", "", ODT, "read", ""),
        ("a.rtf", "", RTF, "unreadable", NONE.missing[0]),
        ("a.doc", "", DOC, "unreadable", NONE.missing[0]),
        ("a.png", "", picture(), "unreadable", f"it is a scan; {NONE.missing[1]}"),
        ("a.png", "", picture(100, 50), "ignored", "a small picture, no page of text"),
        ("a.exe", "", b"MZ\x00\x01", "ignored", "no text is read from application/vnd.microsoft.portable-executable"),
        ("a.DOCX", "", b"PK\x03\x04" + b"\x00" * 60, "unreadable",
         "the file is named .docx, and is damaged or of a kind that is not read (application/zip)"),
        ("a.hwp", "", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "unreadable",
         "the file is named .hwp, and is damaged or of a kind that is not read (application/x-ole-storage)"),
        ("a.docx", "", bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "unreadable",
         "the file is encrypted with a password"),
    ],
)  # fmt: skip
def test_every_file_has_a_fate_and_says_why(name: str, declared: str, data: bytes, fate: str, why: str) -> None:
    read = read_format(name, declared, data, NONE)
    assert (read.fate, read.why) == (fate, why)


def test_rtf_and_doc_are_converted_and_read_as_opendocument() -> None:
    asked = []

    def office(data: bytes, suffix: str) -> bytes:
        asked.append((data, suffix))
        return ODT

    reads = [read_format("x", "", data, Converters(office=office)) for data in (RTF, DOC)]
    assert asked == [(RTF, ".rtf"), (DOC, ".doc")]
    assert {(read.fate, read.why, *said(read.text)) for read in reads} == {
        ("converted", "converted by LibreOffice", "read")
    }
    assert [read.text.format for read in reads] == ["rtf", "doc"]


def fails(*_: object) -> bytes:
    raise NotConverted("LibreOffice did not finish within 40 seconds")


def test_what_is_not_converted_says_so() -> None:
    read = read_format("x", "", RTF, Converters(office=fails))
    assert (read.fate, read.why) == ("unreadable", "LibreOffice did not finish within 40 seconds")


def test_the_pages_of_a_fax_are_read_as_pictures() -> None:
    read = read_format("fax.tif", "", picture(pages=2), Converters(ocr=lambda _: "Dear Sir,"))
    assert (read.fate, read.why) == ("converted", "2 scanned pages were read by tesseract")
    assert said(read.text) == ["Dear Sir,", "Dear Sir,"]


def test_a_picture_without_text_is_ignored() -> None:
    assert read_format("a.png", "", picture(), Converters(ocr=lambda _: " \n")).fate == "ignored"


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("é".encode(), None, "é"),
        ("Замечания".encode("koi8-r"), "koi8-r", "Замечания"),
        ("第五段".encode("utf-16"), None, "第五段"),
        (b"a\x00b\x07c", None, "abc"),
    ],
)
def test_text_is_decoded(data: bytes, charset: str | None, text: str) -> None:
    assert said(read_format("a.txt", "text/plain", data, NONE, charset).text) == [text]


def test_lines_of_plain_text_stay_lines_and_blank_ones_are_kept() -> None:
    assert said(read_format("a.txt", "text/plain", b"a\r\nb\n \nc\rd", NONE).text) == ["a", "b", "", "c", "d"]


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"], sheet["A2"], sheet["B3"] = "Paragraph", "Text\nin lines", 5.0, "=1+1"
    sheet["A3"] = CellRichText("keep ", TextBlock(InlineFont(strike=True, color="FFFF0000"), "gone"))
    sheet["A4"] = "struck"
    sheet["A4"].font, sheet["A4"].comment = Font(strike=True), Comment("why", "Ana")
    book.create_sheet()["A1"] = "more"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_is_tables_of_its_cells() -> None:
    text = read_format("a.xlsx", "", workbook(), NONE).text
    cells = [(b.cell.table, b.cell.row, b.cell.column) for b in text.blocks if b.cell is not None]
    assert list(zip(said(text), cells, strict=True)) == [
        ("Paragraph", (0, 0, 0)), ("Text", (0, 0, 1)), ("in lines", (0, 0, 1)), ("5", (0, 1, 0)),
        ("keep gone", (0, 2, 0)), ("struck", (0, 3, 0)), ("more", (1, 0, 0)),
    ]  # fmt: skip
    assert [r.text for b in text.blocks for r in b.runs if "strike" in r.style] == ["gone", "struck"]
    (comment,) = text.comments
    whole = "\n".join(said(text)) + "\n"
    assert (comment.text, comment.author, whole[comment.start : comment.end]) == ("why", "Ana", "struck\n")


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (b"a,b\nc,d", {(0, 0): "a", (0, 1): "b", (1, 0): "c", (1, 1): "d"}),
        ('a;"б;\nв"\r\n;г'.encode("cp1251"), {(0, 0): "a", (0, 1): "б;", (1, 1): "г"}),
        (b"a\tb\n1\t2", {(0, 0): "a", (0, 1): "b", (1, 0): "1", (1, 1): "2"}),
    ],
)  # fmt: skip
def test_a_csv_is_a_table(data: bytes, cells: dict[tuple[int, int], str]) -> None:
    text = read_format("a.csv", "text/csv", data, NONE, "cp1251").text
    found = {(b.cell.row, b.cell.column): b.runs[0].text for b in reversed(text.blocks) if b.cell is not None}
    assert found == cells


def test_a_sheet_is_read_up_to_a_limit_and_says_so() -> None:
    text = read_format("a.csv", "text/csv", b"a,b\n" * (MOST_ROWS + 1), NONE).text
    assert [p.problem for p in text.problems] == [f"only the first {MOST_ROWS:,} rows were read"]


STARTS = st.sampled_from(
    [b"", b"%PDF-1.4\n", b"{\\rtf", b"<html>", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\x00", DOC, b"PK\x03\x04"]
)


@given(st.text(max_size=8), STARTS, st.binary(max_size=200))
def test_no_bytes_make_the_door_raise(name: str, start: bytes, rest: bytes) -> None:
    assert read_format(name, "", start + rest, Converters(office=fails, ocr=lambda _: "x")).fate


WORKBOOK = workbook()


@given(st.integers(0, len(WORKBOOK) - 1), st.binary(max_size=8))
def test_no_damaged_workbook_makes_the_door_raise(place: int, spoilt: bytes) -> None:
    read_format("a.xlsx", "", WORKBOOK[:place] + spoilt + WORKBOOK[place + len(spoilt) :], NONE)
