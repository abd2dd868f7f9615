"""Slides and OpenDocument sheets as marked text; the specimens are the smallest parts that hold a thing."""

import io
import zipfile

import pytest
from specimen_package import DRAWING, SLIDE, named, package
from test_formats_opendocument import SPACES

from parsing.formats.opendocument import read_opendocument
from parsing.formats.presentation import read_presentation
from parsing.model import MarkedText


def said(text: MarkedText) -> list[str]:
    return ["".join(run.text for run in block.runs) for block in text.blocks]


def words(*texts: str) -> str:
    return "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in texts)


def box(*texts: str, kind: str = "") -> str:
    holder = f"<p:nvSpPr><p:nvPr><p:ph type='{kind}'/></p:nvPr></p:nvSpPr>" if kind else ""
    return f"<p:sp>{holder}<p:txBody>{words(*texts)}</p:txBody></p:sp>"


def slide(inside: str, root: str = "sld") -> str:
    return f'<p:{root} xmlns:p="{SLIDE}" xmlns:a="{DRAWING}"><p:cSld><p:spTree>{inside}</p:spTree></p:cSld></p:{root}>'


def slides(*inside: str, **parts: str) -> MarkedText:
    """A presentation; its parts are named in reverse, so that only the relationships tell the order."""
    last = len(inside) - 1
    listed = "".join(f'<p:sldId r:id="i{n}"/>' for n in range(len(inside)))
    content = {
        "ppt/p.xml": f'<p:pres xmlns:p="{SLIDE}" xmlns:r="r"><p:sldIdLst>{listed}</p:sldIdLst></p:pres>',
        **{f"ppt/p.xml -> slide ppt/s{last - n}.xml": f"i{n}" for n in range(len(inside))},
        **{f"ppt/s{last - n}.xml": slide(one) for n, one in enumerate(inside)},
    }
    return read_presentation(package("pptx", "ppt/p.xml", content | named(parts)))


TABLE = (
    "<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody>{}</a:txBody></a:tc><a:tc><a:txBody>{}</a:txBody></a:tc></a:tr>"
    "</a:tbl></p:graphicFrame>"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (slides(box("one", "two"), box("three")), ["one", "two", "three"]),
        (slides(f"<p:grpSp>{box('in a group')}</p:grpSp>"), ["in a group"]),
        (slides(TABLE.format(words("OP5"), words("delete"))), ["OP5", "delete"]),
        (slides("<p:sp><p:txBody><a:p><a:r><a:t>a</a:t></a:r><a:br/><a:fld><a:t>b</a:t></a:fld></a:p></p:txBody></p:sp>"),
         ["a\nb"]),
        (slides(box("slide"), ppt__s0_xml_to_notesSlide_as_ppt__n_xml="n",
                ppt__n_xml=slide(box("7", kind="sldNum") + box("notes", kind="body"), "notes")), ["slide", "notes"]),
        (slides(box("slide"), ppt__s0_xml_to_diagramData_as_ppt__d_xml="d",
                ppt__d_xml=f'<d xmlns:a="{DRAWING}"><t>{words("diagram")}</t></d>'), ["slide", "diagram"]),
    ],
)  # fmt: skip
def test_all_words_on_slides_are_read_in_the_order_of_the_slides(text: MarkedText, found: list[str]) -> None:
    assert said(text) == found


def test_cells_of_a_table_on_a_slide_have_their_places() -> None:
    text = slides(TABLE.format(words("OP5"), words("delete")))
    places = [block.cell and (block.cell.table, block.cell.row, block.cell.column) for block in text.blocks]
    assert places == [(0, 0, 0), (0, 0, 1)]


def test_struck_words_on_a_slide_are_struck() -> None:
    red = '<a:solidFill><a:srgbClr val="FF0000"/></a:solidFill>'
    run = f'<a:r><a:rPr strike="sngStrike" b="1">{red}</a:rPr><a:t>x</a:t></a:r>'
    text = slides(f"<p:sp><p:txBody><a:p>{run}</a:p></p:txBody></p:sp>")
    assert text.blocks[0].runs[0].style == {"strike", "bold", "colour:FF0000"}


def test_comments_on_a_slide_are_about_its_text() -> None:
    text = slides(
        box("one"), box("two"),
        ppt__s0_xml_to_comments_as_ppt__c_xml="c",
        ppt__c_xml='<cmLst><cm authorId="0" dt="2021-09-03"><text>why</text></cm><cm authorId="0"><txBody>'
        f'<a:p xmlns:a="{DRAWING}"><a:r><a:t>ask</a:t></a:r></a:p></txBody><replyLst><reply authorId="9"><txBody/>'
        "</reply></replyLst></cm></cmLst>",
        ppt__p_xml_to_commentAuthors_as_ppt__a_xml="a",
        ppt__a_xml='<cmAuthorLst><cmAuthor id="0" name="Ana"/></cmAuthorLst>',
    )  # fmt: skip
    assert [(one.text, one.author, one.start, one.end, one.parent) for one in text.comments] == [
        ("why", "Ana", 4, 8, None), ("ask", "Ana", 4, 8, None), ("", None, 4, 8, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (slides("", ppt__media__p_xml="x"), "the file holds pictures and no text"),
        (read_presentation(b"no"), "the file is damaged"),
        (read_presentation(package("pptx", "ppt/p.xml", {})), "the file holds no presentation"),
    ],
)
def test_what_is_not_read_is_said(text: MarkedText, problem: str) -> None:
    assert [one.problem[: len(problem)] for one in text.problems] == [problem]


# --- OpenDocument ------------------------------------------------------------------------------------


def flat(kind: str, inside: str, root: str = "document") -> MarkedText:
    body = f"<office:body><office:{kind}>{inside}</office:{kind}></office:body>"
    return read_opendocument(f"<office:{root} {SPACES}>{body}</office:{root}>".encode())


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", more: str = "", note: str = "") -> str:
    comment = (
        f"<office:annotation><dc:creator>Ana</dc:creator><text:p>{note}</text:p></office:annotation>" if note else ""
    )
    words = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {more}>{comment if note else ''}{words}</table:table-cell>"


def placed(text: MarkedText) -> dict[tuple[int, int], str]:
    return {(b.cell.row, b.cell.column): "".join(r.text for r in b.runs) for b in text.blocks if b.cell is not None}


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (row(cell("OP5"), cell("delete")), {(0, 0): "OP5", (0, 1): "delete"}),
        (row(cell(more='table:number-columns-repeated="3"'), cell("x")), {(0, 3): "x"}),
        (row(cell("x", more='table:number-columns-repeated="2"')), {(0, 0): "x", (0, 1): "x"}),
        (row(cell(), more='table:number-rows-repeated="5"') + row(cell("x")), {(5, 0): "x"}),
        (row(cell("x"), more='table:number-rows-repeated="2"'), {(0, 0): "x", (1, 0): "x"}),
        (row(cell("x")) + row(cell(more='table:number-columns-repeated="1024"'),
                              more='table:number-rows-repeated="1048575"'), {(0, 0): "x"}),
        (f"<table:table-header-rows>{row(cell('head'))}</table:table-header-rows>" + row(cell("x")),
         {(0, 0): "head", (1, 0): "x"}),
    ],
)  # fmt: skip
def test_the_cells_of_an_opendocument_sheet_have_their_places(table: str, found: dict[tuple[int, int], str]) -> None:
    assert placed(flat("spreadsheet", f"<table:table>{table}</table:table>")) == found


def test_notes_on_cells_are_comments_and_no_text_of_the_cell() -> None:
    text = flat("spreadsheet", f"<table:table>{row(cell('full', note='one'), cell(note='two'))}</table:table>")
    assert placed(text) == {(0, 0): "full", (0, 1): ""}
    assert [(one.text, one.author, one.start, one.end) for one in text.comments] == [
        ("one", "Ana", 0, 5),
        ("two", "Ana", 5, 5),
    ]


def test_text_boxes_on_a_sheet_and_slides_are_read() -> None:
    frame = "<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>"
    sheet = flat("spreadsheet", f"<table:table><table:shapes>{frame}</table:shapes>{row(cell('x'))}</table:table>")
    assert sorted(said(sheet)) == ["box", "x"]
    pages = flat("presentation", f"<draw:page>{frame}<draw:g>{frame}</draw:g></draw:page>")
    assert [(block.place, block.runs[0].text) for block in pages.blocks] == [("body", "box"), ("body", "box")]


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        ("<text:p><draw:frame><draw:image/></draw:frame></text:p>", "the file holds pictures and no text"),
        ("<text:p/>", None),
        ("<text:p>words</text:p><draw:frame><draw:image/></draw:frame>", None),
    ],
)
def test_a_text_of_pictures_alone_says_so(inside: str, problem: str | None) -> None:
    assert [one.problem for one in flat("text", inside).problems] == ([problem] if problem else [])


def test_ids_that_stand_twice_do_no_harm() -> None:
    item = '<text:list xml:id="list1"><text:list-item><text:p>{}</text:p></text:list-item></text:list>'
    assert said(flat("text", item.format("one") + item.format("two"))) == ["one", "two"]


def test_tracked_changes_of_a_sheet_are_said() -> None:
    text = flat(
        "spreadsheet",
        f"<table:tracked-changes><text:p>old</text:p></table:tracked-changes><table:table>{row(cell('new'))}</table:table>",
    )
    assert (said(text), [one.problem for one in text.problems]) == (
        ["new"], ["changes are tracked in the sheet; what was there before was not read"],
    )  # fmt: skip


def test_packed_sheets_are_read_as_flat_ones() -> None:
    table = f"<table:table>{row(cell('x'))}</table:table>"
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"<office:document-content {SPACES}>{body}</office:document-content>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    text = read_opendocument(buffer.getvalue())
    assert (text.format, said(text)) == ("ods", ["x"])
