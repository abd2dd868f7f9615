"""The door to the readers: every file gets a text, a fate and a sentence."""

import io
import plistlib
import zipfile

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from PIL import Image, ImageDraw
from test_formats_pdf import lines, pdf

from parsing.formats.door import read_format
from parsing.formats.scan import NO_PAGE, NO_WORDS
from parsing.formats.sheet import MOST_ROWS
from parsing.model import Converters, MarkedText, NotConverted

NONE = Converters(
    missing=(
        "LibreOffice is not installed: RTF, old Word and old Excel files are kept, but not read",
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


def ruled(width: int, height: int, ink: str = "black", lines: int = 3) -> Image.Image:
    """A sheet with some strokes on it, as of handwriting."""
    sheet = Image.new("RGB", (width, height), "white")
    for n in range(lines):
        ImageDraw.Draw(sheet).line((10, 20 * n + 10, width // 2, 20 * n + 20), fill=ink, width=3)
    return sheet


def saved(sheet: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    sheet.save(buffer, kind)
    return buffer.getvalue()


def picture(width: int = 1000, height: int = 1000, pages: int = 1) -> bytes:
    buffer = io.BytesIO()
    first, *others = (ruled(width, height) for _ in range(pages))
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
        ("a.rtf", "", RTF, "unreadable", f"an RTF document: {NONE.missing[0]}"),
        ("a.doc", "", DOC, "unreadable", f"an old Word document: {NONE.missing[0]}"),
        ("a.png", "", picture(), "unreadable", f"it is a scan; {NONE.missing[1]}"),
        ("a.png", "", picture(100, 50), "ignored", "a small picture, no page of text"),
        ("a.exe", "", b"MZ\x00\x01", "unreadable", "a Windows program is not read"),
        ("a.DOCX", "", b"PK\x03\x04" + b"\x00" * 60, "unreadable",
         "the file is named as a Word document, and is damaged or of another kind"),
        ("a.hwp", "", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "unreadable",
         "the file is named as a Hangul document (.hwp), and is damaged or of another kind"),
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
    assert (read.fate, read.why) == ("unreadable", "an RTF document: LibreOffice did not finish within 40 seconds")


def test_the_pages_of_a_fax_are_read_as_pictures() -> None:
    read = read_format("fax.tif", "", picture(pages=2), Converters(ocr=lambda _: "Dear Sir,"))
    assert (read.fate, read.why) == ("converted", "2 scanned pages were read by tesseract")
    assert said(read.text) == ["Dear Sir,", "Dear Sir,"]


PHOTO = Image.linear_gradient("L").resize((800, 800)).convert("RGB")


@pytest.mark.parametrize(
    ("sheet", "fate", "why"),
    [
        (ruled(1000, 1000), "unreadable", NO_WORDS),
        (ruled(1000, 1000, "blue", lines=40), "unreadable", NO_WORDS),
        (ruled(1000, 1000, lines=1), "unreadable", NO_WORDS),
        (PHOTO, "unreadable", NO_WORDS),
        (Image.effect_noise((1500, 1500), 200).convert("RGB"), "unreadable", NO_PAGE),
        (Image.new("RGB", (1000, 1000), "white"), "ignored", "a picture of one colour"),
        (Image.new("RGB", (2000, 3000), (250, 251, 252)), "ignored", "a picture of one colour"),
        (ruled(1000, 1000).point(lambda level: level // 2 + 128), "unreadable", NO_WORDS),
        (Image.merge("RGB", (PHOTO.getchannel(0), *[Image.new("L", (800, 800), 20)] * 2)), "ignored",
         "a coloured picture without text"),
    ],
)  # fmt: skip
def test_a_picture_in_which_no_words_are_found_waits_for_a_person_unless_it_can_hold_none(
    sheet: Image.Image, fate: str, why: str
) -> None:
    read = read_format("a.png", "", saved(sheet), Converters(ocr=lambda _: " \n"))
    assert (read.fate, read.why) == (fate, why)


def test_a_blank_or_noisy_picture_costs_no_reading() -> None:
    def never(_: bytes) -> str:
        raise AssertionError

    for sheet in (Image.new("L", (3000, 3000), 255), Image.effect_noise((1500, 1500), 200)):
        read_format("a.png", "", saved(sheet), Converters(ocr=never))


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP", "JPEG", "PNG", "JPEG2000"])
def test_pictures_of_all_kinds_are_read(kind: str) -> None:
    read = read_format("a", "", saved(ruled(1000, 1000), kind), Converters(ocr=lambda _: "Dear Sir,"))
    assert (read.fate, said(read.text)) == ("converted", ["Dear Sir,"])


def test_of_an_animation_the_first_picture_is_read() -> None:
    buffer = io.BytesIO()
    frames = [ruled(1000, 1000, lines=n) for n in range(2, 30)]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    read = read_format("a.gif", "", buffer.getvalue(), Converters(ocr=lambda _: "Dear Sir,"))
    assert said(read.text) == ["Dear Sir,"]


def test_the_preview_of_an_old_pages_document_is_read_where_nothing_else_can() -> None:
    data = in_zip(**{"Index.xml": b"x", "index.zip": b"x", "QuickLook__Preview.pdf": pdf(lines("Dear Sir,"))})
    read = read_format("a.pages", "", data, NONE)
    assert (read.fate, said(read.text)) == ("read", ["Dear Sir,"])


def test_a_photograph_of_a_telephone_is_read() -> None:
    heif = io.BytesIO()
    pillow_heif.from_pillow(ruled(1000, 1000)).save(heif)
    read = read_format("IMG_1.HEIC", "", heif.getvalue(), Converters(ocr=lambda _: "Dear Sir,"))
    assert (read.fate, said(read.text)) == ("converted", ["Dear Sir,"])


def in_zip(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "fate", "why"),
    [
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + bytes(80), "unreadable", "the picture is damaged"),
        ("a.m4a", b"\x00\x00\x00\x18ftypM4A " + bytes(80), "unreadable", "a sound recording (MPEG-4) is not read"),
        ("a.mp4", b"\x00\x00\x00\x18ftypisom" + bytes(80), "unreadable", "a film (MPEG-4) is not read"),
        ("a.mov", b"\x00\x00\x00\x14ftypqt  " + bytes(80), "unreadable", "a film (QuickTime) is not read"),
        ("a.mp3", b"ID3\x03" + bytes(80), "unreadable", "a sound recording (MP3) is not read"),
        ("a.ogg", b"OggS\x00" + bytes(80), "unreadable", "a sound recording (Ogg) is not read"),
        ("a.wav", b"RIFF\x00\x01\x00\x00WAVE" + bytes(80), "unreadable", "a sound recording (WAV) is not read"),
        ("a.dwg", b"AC1027" + bytes(80), "unreadable", "an AutoCAD drawing (DWG) is not read"),
        ("a.one", b"\xe4R\\{" + bytes(80), "unreadable", "OneNote notes is not read"),
        ("a.psd", b"8BPS" + bytes(80), "unreadable", "the picture is damaged"),
        ("a.djvu", b"AT&TFORM" + bytes(80), "unreadable", "scanned pages (DjVu) is not read"),
        ("a.rar", b"Rar!\x1a\x07\x00" + bytes(80), "unreadable", "a RAR archive is not read"),
        ("a.cab", b"MSCF\x00" + bytes(80), "unreadable", "a CAB archive is not read"),
        ("a.ps", b"%!PS-Adobe-3.0\n", "unreadable", "a PostScript file is not read"),
        ("a.pub", bytes.fromhex("d0cf11e0a1b11ae1") + "Quill".encode("utf-16-le"), "unreadable",
         "a Publisher document is not read"),
        ("a.pages", in_zip(Index__Document_iwa=b"x").replace(b"Document_iwa", b"Document.iwa"), "unreadable",
         f"an Apple Pages document: {NONE.missing[0]}"),
        ("a.numbers", in_zip(Index__Document_iwa=b"x").replace(b"Document_iwa", b"Document.iwa"), "unreadable",
         f"an Apple Numbers sheet: {NONE.missing[0]}"),
        ("a.pages", b"PK\x03\x04" + b"x" * 80, "unreadable",
         "the file is named as an Apple Pages document, and is damaged or of another kind"),
        ("a.zip", in_zip(a=b"x"), "unreadable", "a ZIP archive is not read"),
        ("a.pgp", b"\x85\x02\x0c\x03" + bytes(range(200, 256)) + bytes(20), "unreadable",
         "a file encrypted with PGP is not read"),
        ("a.webarchive", b"bplist00" + b"x" * 80, "unreadable", "a property list of Apple's is not read"),
        ("a.wpd", b"\xffWPC" + bytes(80), "unreadable", f"a WordPerfect document: {NONE.missing[0]}"),
        ("a.bin", bytes(range(1, 32)) * 9, "unreadable", "data of an unknown kind is not read"),
        ("a.gdoc", b'{"url":"https://docs.google.com/document/d/1/edit"}', "not-obtained",
         "the file only points to https://docs.google.com/document/d/1/edit"),
        ("a.url", b"[InternetShortcut]\r\nURL=https://files.example/x\r\n", "not-obtained",
         "the file only points to https://files.example/x"),
        ("a.vcf", b"BEGIN:VCARD\nFN:Ana\n", "ignored", "a business card"),
        ("a.asc", b"-----BEGIN PGP SIGNATURE-----\n", "ignored", "a signature"),
        ("a.asc", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "ignored", "a key"),
        ("a.ttf", b"\x00\x01\x00\x00\x00" + bytes(range(1, 30)), "ignored", "a font"),
        ("a.ico", b"\x00\x00\x01\x00\x01\x00", "ignored", "an icon"),
        ("BMU.txt", b"BMU, Germany: we have no comments.", "read", ""),
        ("MZV.txt", b"MZV CR: delete paragraph 5.", "read", ""),
        ("a.dat", b"In paragraph 5, delete it.", "read", ""),
        ("a.css", b"p { color: red }", "read", ""),
    ],
)  # fmt: skip
def test_only_what_cannot_hold_words_is_ignored(name: str, data: bytes, fate: str, why: str) -> None:
    read = read_format(name, "application/octet-stream", data, NONE)
    assert (read.fate, read.why[: len(why)] if why else "") == (fate, why)


MHT = b"""From: <Saved by a browser>
MIME-Version: 1.0
Content-Type: multipart/related; boundary=x

--x
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Delete =E2=80=9Cwild=E2=80=9D.</p>
--x--
"""


def opf(*chapters: str) -> bytes:
    """An EPUB whose chapters are read in the order of its spine, not in that of its entries."""
    items = "".join(f'<item id="{name}" href="{name}.xhtml"/>' for name in chapters)
    spine = "".join(f'<itemref idref="{name}"/>' for name in reversed(chapters))
    return in_zip(
        **{
            "mimetype": b"application/epub+zip",
            "META-INF__container.xml": b'<container><rootfiles><rootfile full-path="O/p.opf"/></rootfiles></container>',
            "O__p.opf": f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>".encode(),
            **{f"O__{name}.xhtml": f"<html><p>{name}</p></html>".encode() for name in chapters},
        }
    )


def xps(page: str) -> bytes:
    related = "http://schemas.microsoft.com/xps/2005/06/fixedrepresentation"
    return in_zip(
        **{
            "_rels__.rels": f'<R><Relationship Type="{related}" Target="/s.fdseq"/></R>'.encode(),
            "s.fdseq": b'<FixedDocumentSequence><DocumentReference Source="D/d.fdoc"/></FixedDocumentSequence>',
            "D__d.fdoc": b'<FixedDocument><PageContent Source="P/1.fpage"/></FixedDocument>',
            "D__P__1.fpage": f"<FixedPage>{page}</FixedPage>".encode(),
            "[Content_Types].xml": b'<Types><Default Extension="fdseq" ContentType="application/'
            b'vnd.ms-package.xps-fixeddocumentsequence+xml"/></Types>',
        }
    )


def glyphs(y: int, text: str) -> str:
    return f'<Glyphs OriginX="9" OriginY="{y}" FontRenderingEmSize="10" UnicodeString="{text}"/>'


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.mht", MHT, ["Delete “wild”."]),
        ("a.mhtml", b"From: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>one</p>", ["one"]),
        ("a.webarchive", plistlib.dumps({"WebMainResource": {"WebResourceData": "<p>é</p>".encode(),
         "WebResourceTextEncodingName": "UTF-8"}}, fmt=plistlib.FMT_BINARY), ["é"]),
        ("a.epub", opf("one", "two"), ["two", "one"]),
        ("a.xps", xps(glyphs(20, "Dear") + glyphs(20, "Sir,") + glyphs(32, "we say") + glyphs(60, "yes")),
         ["Dear Sir, we say", "yes"]),
        ("a.xml", b"<a><p>one <b>two</b> three</p><q/><r>four</r></a>", ["one two three", "four"]),
        ("a.xml", b"<?xml version='1.0'?><a>one", ["one"]),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY x "lol">]><a>&x;one</a>', ["&x;one"]),
        ("a.svg", b"<?xml version='1.0'?><svg><text>one</text></svg>", ["one"]),
        ("a.json", b'{"c": "Delete wild.", "d": ["one", {"e": "two"}], "n": 5}', ["Delete wild.", "one", "two"]),
        ("a.json", b'[{"Paragraph": "OP5", "Comment": "delete"}]', ["Paragraph", "Comment", "OP5", "delete"]),
        ("a.json", b"{not json", ["{not json"]),
    ],
)  # fmt: skip
def test_words_are_read_from_many_kinds_of_files(name: str, data: bytes, text: list[str]) -> None:
    read = read_format(name, "application/octet-stream", data, NONE)
    assert (read.fate, [line for line in said(read.text) if line]) == ("read", text)


@given(st.sampled_from([MHT, opf("one", "two"), xps(glyphs(9, "x"))]), st.integers(0, 1000), st.binary(max_size=20))
def test_no_damage_to_them_makes_the_door_raise(whole: bytes, place: int, spoilt: bytes) -> None:
    for name in ("a.mht", "a.epub"):
        read_format(name, "", whole[:place] + spoilt + whole[place + len(spoilt) :], NONE)


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
        ("keep gone", (0, 2, 0)), ("=1+1", (0, 2, 1)), ("struck", (0, 3, 0)), ("more", (1, 0, 0)),
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
