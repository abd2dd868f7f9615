"""PDF files as marked text; the specimens are written here, page by page."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.formats.pdf import FROM_PICTURE, MOST_PAGES, read_pdf
from parsing.formats.pdf_embedded import embedded_files
from parsing.formats.scan import NO_WORDS
from parsing.model import Converters, MarkedText, NotConverted

NONE = Converters(missing=("tesseract is not installed: scans are kept, but not read",))


IMAGE = "<</Type/XObject/Subtype/Image/Width 2/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 2>>"


def pdf(*pages: str, notes: str = "", more: Sequence[str] = (), catalog: str = "") -> bytes:
    """A PDF whose pages draw these instructions; F1 is Helvetica, F2 Helvetica-Bold, I1 a picture, half black. `more`
    objects come after the pages: with one page the first is 8.
    """
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{6 + 2 * n} 0 R' for n in range(len(pages)))}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        f"{IMAGE}stream\n\x00\xff\nendstream",
    ]
    for n, page in enumerate(pages):
        resources = "/Resources<</Font<</F1 3 0 R/F2 4 0 R>>/XObject<</I1 5 0 R>>>>"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]{resources}/Contents {7 + 2 * n} 0 R/Annots[{notes}]>>",
            f"<</Length {len(page)}>>stream\n{page}\nendstream",
        ]
    objects += more
    out, places = "%PDF-1.4\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{out.index('xref')}\n%%EOF"
    return out.encode("latin-1")


def at(x: float, y: float, text: str, font: str = "F1", size: float = 12, colour: str = "0 0 0") -> str:
    """Words that begin at a place, counted from the lower left."""
    escaped = text.replace("(", "\\(").replace(")", "\\)")
    return f"BT {colour} rg /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET\n"


def lines(*texts: str, x: float = 50, top: float = 700, step: float = 16) -> str:
    return "".join(at(x, top - n * step, text) for n, text in enumerate(texts))


def read(data: bytes) -> MarkedText:
    return read_pdf(data, NONE).text


def said(text: MarkedText, place: str = "body") -> list[str]:
    return ["".join(run.text for run in block.runs) for block in text.blocks if block.place == place]


def styled(text: MarkedText) -> dict[str, set[str]]:
    return {run.text.strip(): set(run.style) for block in text.blocks for run in block.runs if run.style}


LONG = "The Ministry proposes to replace the words phase out or reform by the"
FULL = "biodiversity and the ecosystem functions that support all forms of it"


@pytest.mark.parametrize(
    ("written", "paragraphs"),
    [
        (lines("Hello"), ["Hello"]),
        (lines(LONG, "word eliminate."), [f"{LONG} word eliminate."]),
        (lines(LONG, FULL, "end.", "New begins here"), [f"{LONG} {FULL} end.", "New begins here"]),
        (lines("Kunming", LONG, FULL), ["Kunming", f"{LONG} {FULL}"]),
        (lines(LONG, "1. The first", "2. The second"), [LONG, "1. The first", "2. The second"]),
        (lines(FULL + " in paragraph", "7. It should be kept"), [FULL + " in paragraph 7. It should be kept"]),
        (lines(LONG + " eco-", "environmental order"), [f"{LONG} eco-environmental order"]),
        (lines("The word biodiversity stands in the text of the draft so that the bio-", "diversity is kept"),
         ["The word biodiversity stands in the text of the draft so that the biodiversity is kept"]),
        (lines(LONG, FULL) + lines("After a gap", top=640), [f"{LONG} {FULL}", "After a gap"]),
        (at(50, 500, "below") + at(50, 700, "above"), ["above", "below"]),
        (at(50, 700, "left") + at(300, 700, "right"), ["left right"]),
    ],
)  # fmt: skip
def test_lines_are_mended_into_the_paragraphs_that_somebody_wrote(written: str, paragraphs: Sequence[str]) -> None:
    assert said(read(pdf(written))) == paragraphs


def test_a_paragraph_runs_on_overleaf_and_page_numbers_stand_aside() -> None:
    footer = at(290, 30, "{}")
    text = read(pdf(lines(LONG, FULL) + footer.format("1"), lines("life on earth", "New one.") + footer.format("2")))
    assert said(text) == [f"{LONG} {FULL} life on earth", "New one."]
    assert said(text, "footer") == ["1"]


def test_what_stands_above_every_page_is_a_header_once() -> None:
    text = read(pdf(*(at(50, 780, "Comments of Kenya") + lines(f"Page {n} says this.") for n in "abc")))
    assert said(text, "header") == ["Comments of Kenya"]
    assert said(text) == ["Page a says this.", "Page b says this.", "Page c says this."]


def test_two_columns_are_read_one_after_the_other() -> None:
    column = ["whose words fill it to the edge of", "the gutter that lies in the middle"] * 4
    text = read(pdf(lines(*column, x=50) + lines(*column, x=320)))
    assert said(text) == [" ".join(column + column)]


@pytest.mark.parametrize(
    ("drawn", "style"),
    [
        (at(50, 700, "word", "F2"), {"bold"}),
        (at(50, 700, "word", colour="1 0 0"), {"colour:FF0000"}),
        (at(50, 700, "word", colour="0.1 0.1 0.1"), set()),
        (at(50, 700, "word") + "50 703.5 26 0.6 re f\n", {"strike"}),
        (at(50, 700, "word") + "0.5 w 50 703.5 m 76 703.5 l S\n", {"strike"}),
        (at(50, 700, "word") + "50 698.5 26 0.6 re f\n", {"underline"}),
        (at(50, 700, "word") + "50 697.5 500 0.6 re f\n", set()),
        ("1 1 0 rg 49 697 28 14 re f\n" + at(50, 700, "word"), {"highlight:FFFF00"}),
    ],
)
def test_what_the_eye_sees_of_a_word_is_its_style(drawn: str, style: set[str]) -> None:
    assert styled(read(pdf(drawn))).get("word", set()) == style


def test_only_the_words_under_the_rule_are_struck() -> None:
    text = read(pdf(at(50, 700, "keep ") + at(80, 700, "gone") + at(106, 700, " on") + "80 703.5 26 0.6 re f\n"))
    assert styled(text) == {"gone": {"strike"}}
    assert said(text) == ["keep gone on"]


GRID = "0.5 w 50 600 m 50 700 l S 200 600 m 200 700 l S 550 600 m 550 700 l S\n" + "".join(
    f"50 {y} m 550 {y} l S\n" for y in (700, 650, 600)
)


def test_ruled_cells_are_a_table_and_it_goes_on_overleaf() -> None:
    first = GRID + at(55, 670, "Paragraph") + at(205, 670, "Comment") + at(55, 620, "OP5") + at(205, 620, "Delete it")
    second = GRID + at(55, 670, "OP6") + at(205, 670, "Keep it")
    text = read(pdf(at(50, 730, "Before") + first, second + at(50, 500, "After.")))
    cells = [(b.cell.table, b.cell.row, b.cell.column, b.runs[0].text) for b in text.blocks if b.cell is not None]
    assert cells == [
        (0, 0, 0, "Paragraph"), (0, 0, 1, "Comment"), (0, 1, 0, "OP5"), (0, 1, 1, "Delete it"),
        (0, 2, 0, "OP6"), (0, 2, 1, "Keep it"),
    ]  # fmt: skip
    assert said(text) == ["Before", "After."]


def note(kind: str, rest: str) -> str:
    return f"<</Type/Annot/Subtype/{kind}/Rect[80 698 106 712]/T(Ana)/M(D:20210903101112Z)/Contents(see){rest}>>"


QUAD = "/QuadPoints[80 712 106 712 80 698 106 698]"


@pytest.mark.parametrize("kind", ["Highlight", "StrikeOut", "Underline"])
def test_an_annotation_is_a_comment_on_the_words_that_it_covers(kind: str) -> None:
    text = read(pdf(at(50, 700, "keep ") + at(80, 700, "gone") + at(106, 700, " on"), notes=note(kind, QUAD)))
    (comment,) = text.comments
    assert (comment.text, comment.author, comment.date) == ("see", "Ana", "2021-09-03T10:11:12")
    assert "keep gone on"[comment.start : comment.end] == "gone"
    assert ("strike" in styled(text).get("gone", set())) is (kind == "StrikeOut")


def test_a_note_in_the_margin_is_anchored_beside_its_line() -> None:
    text = read(pdf(lines("First line.", "Second line."), notes=note("Text", "")))
    assert (text.comments[0].start, text.comments[0].end) == (7, 8)


SCAN = "q 600 0 0 800 0 0 cm /I1 Do Q\n"


def test_a_scan_is_read_by_the_program_for_pictures() -> None:
    read = read_pdf(pdf(SCAN), Converters(ocr=lambda picture: f"Dear Sir,\n\n{picture[1:4].decode()} of a\npage\n"))
    assert (said(read.text), read.scans) == (["Dear Sir,", "PNG of a page"], 1)


def fails(_picture: bytes) -> str:
    raise NotConverted("tesseract did not finish within 40 seconds")


@pytest.mark.parametrize(
    ("converters", "problem"),
    [
        (NONE, "it is a scan; tesseract is not installed: scans are kept, but not read"),
        (Converters(ocr=fails), "tesseract did not finish within 40 seconds"),
    ],
)
def test_a_scan_that_cannot_be_read_says_why(converters: Converters, problem: str) -> None:
    assert [p.problem for p in read_pdf(pdf(SCAN), converters).text.problems] == [problem]


HERE = "q 300 0 0 200 100 500 cm /I1 Do Q\n"
SMALL = "q 40 0 0 40 50 740 cm /I1 Do Q\n"
FULL_PAGE = lines(*(f"{n} words that fill a line of the page from edge to edge" for n in range(20)), top=420)


@pytest.mark.parametrize(
    ("page", "found", "problems"),
    [
        (HERE, ["Dear Sir,"], [FROM_PICTURE]),
        (HERE + at(500, 20, "12"), ["Dear Sir,"], [FROM_PICTURE]),
        (HERE + FULL_PAGE, ["Dear Sir,"], [FROM_PICTURE]),
        (SMALL + FULL_PAGE, [], []),
        (HERE + at(150, 560, "letters over it") + FULL_PAGE, [], []),
        (SCAN + FULL_PAGE, [], []),
    ],
)
def test_a_picture_on_a_part_of_a_page_is_read_and_said(page: str, found: list[str], problems: list[str]) -> None:
    text = read_pdf(pdf(page), Converters(ocr=lambda _: "Dear Sir,")).text
    assert [line for line in said(text) if line == "Dear Sir,"] == found
    assert [one.problem for one in text.problems] == problems


@pytest.mark.parametrize(
    ("page", "problems"), [(SCAN, [NO_WORDS]), (HERE, [NO_WORDS]), (HERE + FULL_PAGE, []), ("", [])]
)
def test_a_page_in_which_no_words_are_found_waits_for_a_person(page: str, problems: list[str]) -> None:
    assert [one.problem for one in read_pdf(pdf(page), Converters(ocr=lambda _: " ")).text.problems] == problems


def annotation(kind: str, rest: str = "/Contents(see)") -> str:
    return f"<</Type/Annot/Subtype/{kind}/Rect[80 698 106 712]/T(Ana){rest}>>"


@pytest.mark.parametrize(
    ("kind", "rest", "text"),
    [
        *((kind, "/Contents(see)", "see") for kind in (
            "Text", "FreeText", "Square", "Circle", "Line", "Polygon", "PolyLine", "Ink", "Stamp", "Caret",
            "FileAttachment", "Highlight", "Underline", "Squiggly", "StrikeOut", "Redact", "Sound",
        )),
        ("Text", "/RC(<body><p>rich <b>text</b></p><p>two</p></body>)", "rich text\ntwo"),
        ("Text", "/Contents(plain)/RC(<p>rich</p>)", "plain"),
    ],
)  # fmt: skip
def test_notes_of_every_kind_are_comments(kind: str, rest: str, text: str) -> None:
    read_text = read(pdf(lines("First line of the page."), notes=annotation(kind, rest)))
    assert [(one.text, one.author) for one in read_text.comments] == [(text, "Ana")]
    assert not read_text.problems


@pytest.mark.parametrize(
    ("kind", "rest", "problem"),
    [
        ("Ink", "", "handwriting was put on the page and is not read: please look at it"),
        ("Stamp", "/Name/Approved", "a stamp (Approved) was put on the page and is not read: please look at it"),
        ("Circle", "", "a drawn circle was put on the page and is not read: please look at it"),
        ("Sound", "", "a sound recording was put on the page and is not read: please look at it"),
    ],
)
def test_handwriting_stamps_and_shapes_without_words_are_said(kind: str, rest: str, problem: str) -> None:
    text = read(pdf(lines("First line of the page."), notes=annotation(kind, rest)))
    assert [(one.source, one.problem) for one in text.problems] == [("page 1", problem)]


def test_what_was_drawn_several_times_is_said_once() -> None:
    (problem,) = read(pdf(lines("First line."), notes=annotation("Ink", "") * 3)).problems
    assert problem.problem.startswith("handwriting (3 times)")


@pytest.mark.parametrize(
    ("kind", "hidden"), [("Link", ""), ("Popup", "/Contents(see)"), ("Text", "/Contents(see)/F 2")]
)
def test_what_is_no_note_or_hidden_is_none(kind: str, hidden: str) -> None:
    text = read(pdf(lines("First line."), notes=annotation(kind, hidden)))
    assert (text.comments, text.problems) == ((), ())


def test_an_answer_names_the_note_that_it_answers() -> None:
    objects = ("<</Type/Annot/Subtype/Text/Rect[80 698 106 712]/Contents(ask)>>",
               "<</Type/Annot/Subtype/Text/Rect[80 698 106 712]/Contents(answer)/IRT 8 0 R>>",
               "<</Type/Annot/Subtype/StrikeOut/Rect[80 698 106 712]/Contents(group)/IRT 8 0 R/RT/Group>>")  # fmt: skip
    text = read(pdf(lines("First line."), notes="8 0 R 9 0 R 10 0 R", more=objects))
    assert [(one.text, one.parent) for one in text.comments] == [("ask", None), ("answer", 0), ("group", None)]


LOW_ROW = "".join(f"50 {y} 400 0.5 re f\n" for y in (600, 640, 660)) + "".join(
    f"{x} 600 0.5 60 re f\n" for x in (50, 250, 450)
)


def clipped(y: float, height: float, text: str) -> str:
    """Words that are shown in a cell of the right column of LOW_ROW alone."""
    return f"q 250 {y} 200 {height} re W n {text} Q\n"


@pytest.mark.parametrize("below", ["", at(260, 628, "hidden words") + at(260, 614, "more hidden words")])
def test_the_last_lines_of_a_row_that_is_too_low_belong_to_the_row(below: str) -> None:
    page = (
        LOW_ROW + at(60, 644, "OP5") + clipped(640, 20, at(260, 644, "first line") + below)
        + at(60, 606, "OP7") + clipped(600, 40, at(260, 606, "delete"))
    )  # fmt: skip
    text = read(pdf(page))
    found = [(block.cell and (block.cell.row, block.cell.column), block.runs[0].text) for block in text.blocks]
    first = "first line hidden words more hidden words" if below else "first line"
    assert found == [((0, 0), "OP5"), ((0, 1), first), ((1, 0), "OP7"), ((1, 1), "delete")]


# --- forms -------------------------------------------------------------------------------------------


def form(*fields: str) -> bytes:
    """A form whose fields are widgets, one below the other, each with its label before it."""
    widgets = tuple(
        f"<</Type/Annot/Subtype/Widget/Rect[200 {690 - 40 * n} 500 {710 - 40 * n}]{field}>>"
        for n, field in enumerate(fields)
    )
    names = " ".join(f"{8 + n} 0 R" for n in range(len(fields)))
    return pdf(lines(*(f"Label {n}:" for n in range(len(fields))), step=40), notes=names, more=widgets,
               catalog=f"/AcroForm<</Fields[{names}]>>")  # fmt: skip


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("/FT/Tx/T(a)/V(Replace it)", "Label 0: Replace it"),
        ("/FT/Tx/T(a)/V(caf\\351)", "Label 0: café"),
        ("/FT/Tx/T(a)/V<FEFF7B2C4E946BB5>", "Label 0: 第五段"),
        ("/FT/Ch/T(a)/V(Norway)/Opt[(Norway)(Peru)]", "Label 0: Norway"),
        ("/FT/Btn/T(a)/V/Yes/AS/Yes", "Label 0: ☒"),
        ("/FT/Btn/T(a)/V/Off/AS/Off", "Label 0:"),
        ("/FT/Tx/T(a)", "Label 0:"),
        ("/FT/Sig/T(a)", "Label 0:"),
        ("/FT/Btn/Ff 65536/T(a)/MK<</CA(Send)>>", "Label 0:"),
    ],
)
def test_what_is_typed_into_a_form_stands_beside_its_label(field: str, line: str) -> None:
    assert said(read(form(field))) == [line]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (("/FT/Tx/T(a)/V(one)", "/FT/Tx/T(b)/V(three)"), ["Label 0: one", "Label 1: three"]),
        (("/FT/Tx/Ff 4096/T(a)/V(one\\ntwo)", "/FT/Tx/T(b)"), ["Label 0: one", "two", "Label 1:"]),
    ],
)
def test_each_line_of_a_field_is_a_paragraph(fields: tuple[str, ...], found: list[str]) -> None:
    assert said(read(form(*fields))) == found


def test_fields_without_labels_do_not_run_together() -> None:
    fields = [f"/Rect[50 {650 - 14 * n} 500 {664 - 14 * n}]/FT/Tx/T({n})/V(words {n})" for n in range(2)]
    widgets = [f"<</Subtype/Widget{field}>>" for field in fields]
    catalog = "/AcroForm<</Fields[8 0 R 9 0 R]>>"
    text = read(pdf(lines("Please tell us"), notes="8 0 R 9 0 R", more=widgets, catalog=catalog))
    assert said(text) == ["Please tell us", "words 0", "words 1"]


def test_a_long_answer_in_a_small_field_is_one_line() -> None:
    words = "a proposal of many words " * 20
    assert said(read(form(f"/FT/Tx/T(a)/V({words})"))) == [f"Label 0: {words.strip()}"]


def test_what_is_typed_into_a_form_of_xfa_is_read() -> None:
    data = "<d><f><country>Norway</country><text>Delete it</text><empty/></f></d>"
    stream = f"<</Length {len(data)}>>stream\n{data}\nendstream"
    text = read(pdf(lines("Please wait"), more=(stream,), catalog="/AcroForm<</XFA[(datasets) 8 0 R]/Fields[]>>"))
    assert said(text) == ["Please wait", "Norway", "Delete it"]


# --- files inside ------------------------------------------------------------------------------------

ATTACHED = (
    "<</Type/Filespec/F(a.txt)/UF(a.txt)/EF<</F 9 0 R>>>>",
    "<</Type/EmbeddedFile/Length 5>>stream\nwords\nendstream",
)


@pytest.mark.parametrize(
    ("data", "files"),
    [
        (pdf("", more=ATTACHED, catalog="/Names<</EmbeddedFiles<</Names[(a.txt) 8 0 R]>>>>"), [("a.txt", b"words")]),
        (pdf("", more=ATTACHED, catalog="/Names<</EmbeddedFiles<</Names[(a.txt) 8 0 R]>>>>/Collection<</View/D>>"),
         [("a.txt", b"words")]),
        (pdf("", more=ATTACHED, notes=annotation("FileAttachment", "/FS 8 0 R")), [("a.txt", b"words")]),
        (pdf("", more=ATTACHED, notes=annotation("FileAttachment", "/FS 8 0 R"),
             catalog="/Names<</EmbeddedFiles<</Names[(a.txt) 8 0 R]>>>>"), [("a.txt", b"words")]),
        (pdf(""), []),
        (b"%PDF-1.4 /EmbeddedFile", []),
    ],
)  # fmt: skip
def test_the_files_inside_a_pdf_are_found(data: bytes, files: list[tuple[str, bytes]]) -> None:
    assert embedded_files(data) == files


def test_a_page_stamped_with_a_number_is_still_a_scan() -> None:
    assert read(pdf(SCAN + at(500, 20, "12"))).problems


def test_a_pdf_of_ten_thousand_pages_is_read_up_to_a_limit_and_says_so() -> None:
    text = read(pdf(*["" for _ in range(9_999)], lines("last")))
    assert [p.problem for p in text.problems] == [f"only the first {MOST_PAGES} of 10,000 pages were read"]


@pytest.mark.parametrize(("data", "why"), [(b"", "damaged"), (b"%PDF-1.4\n", "damaged"), (pdf("")[:200], "damaged")])
def test_a_damaged_file_says_so(data: bytes, why: str) -> None:
    assert why in read(data).problems[0].problem


WHOLE = pdf(lines(LONG, FULL), notes=note("Highlight", QUAD))


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=20))
def test_no_bytes_make_the_reader_raise(place: int, spoilt: bytes) -> None:
    read(WHOLE[:place] + spoilt + WHOLE[place + len(spoilt) :])
