"""Excel workbooks as tables; the specimens are the smallest parts that hold a thing."""

import pytest
from specimen_package import DRAWING, SHEET, package, rows, workbook

from parsing.formats.sheet import MOST_COLUMNS, MOST_ROWS
from parsing.formats.workbook import read_workbook
from parsing.model import MarkedText

TABLE = rows("A1=Paragraph | B1=Comment", "A2=OP5 | B2=delete")
CELLS = {"A1": "Paragraph", "B1": "Comment", "A2": "OP5", "B2": "delete"}


def cells(text: MarkedText) -> dict[str, str]:
    """What each cell says, by its name; of the first sheet."""
    found: dict[str, str] = {}
    for block in text.blocks:
        if block.cell is not None and block.cell.table == 0:
            name = f"{chr(65 + block.cell.column)}{block.cell.row + 1}"
            line = "".join(run.text for run in block.runs)
            found[name] = f"{found[name]}\n{line}" if name in found else line
    return found


def read(*sheets: str, **parts: str) -> MarkedText:
    return read_workbook(workbook(*sheets, parts=parts))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (read(TABLE), CELLS),
        (read_workbook(workbook(TABLE, strict=True)), CELLS),
        (read_workbook(workbook(TABLE, main="xl/workbook22.xml")), CELLS),
        (read_workbook(package("xlsx", "xl/workbook.xml", {"xl/workbook.xml": f'<workbook xmlns="{SHEET}"/>',
         "xl/worksheets/s.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{TABLE}</sheetData></worksheet>'})), CELLS),
        (read_workbook(package("xlsx", "xl/workbook.xml", {
         "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="s0"/></sheets></workbook>',
         "xl/workbook.xml -> worksheet xl/s0.xml": "s0",
         "xl/s0.xml": f"<worksheet><sheetData>{TABLE}</sheetData></worksheet>"}, backslashes=True)), CELLS),
        (read('<row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>b</t></is></c></row>'),
         {"A1": "a", "B1": "b"}),
        (read(rows('A1 t="s"<v>1</v> | B1 t="s"<v>9</v> | C1 t="s"<v>x</v>'),
              xl__workbook_xml_to_sharedStrings_as_xl__ss_xml="ss",
              xl__ss_xml="<sst><si><t>no</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>ruby</t></rPh></si>"
              "</sst>"),
         {"A1": "rich text"}),
        (read(rows('A1 t="b"<v>1</v> | B1 t="e"<v>#REF!</v> | C1 t="str"<f>x</f><v>shown</v> | D1<v>2.50</v>')),
         {"A1": "TRUE", "B1": "#REF!", "C1": "shown", "D1": "2.5"}),
        (read(rows("A1=two_x000D_&#10;lines | B1=_x0041_")), {"A1": "two\nlines", "B1": "A"}),
        (read(rows('A1<f>"Replace "&amp;B1</f> | B1<f>1+1</f><v>2</v>')), {"A1": '="Replace "&B1', "B1": "2"}),
        (read(rows('A1 s="1"<v>44445</v> | B1 s="0"<v>44445</v>'), xl__workbook_xml_to_styles_as_xl__st_xml="st",
              xl__st_xml='<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>'),
         {"A1": "2021-09-06 00:00:00", "B1": "44445"}),
    ],
)  # fmt: skip
def test_the_cells_are_read_whichever_way_the_workbook_is_written(text: MarkedText, found: dict[str, str]) -> None:
    assert cells(text) == found


def test_of_a_damaged_sheet_what_can_be_read_is_read() -> None:
    assert cells(read(TABLE + "<row><c></row>")) == CELLS
    assert cells(read(TABLE.replace("delete", "del&#7;ete&nbsp;")))["A1"] == "Paragraph"


def test_a_formula_without_a_stored_result_says_so() -> None:
    problems = read(rows("A1<f>1+1</f>")).problems
    assert [p.problem for p in problems] == ["1 formulas have no stored result: the formulas themselves are shown"]


OLD = (
    "<comments><authors><author>Ana</author><author>tc=1</author></authors>"
    '<commentList><comment ref="{}" authorId="0">'
    "<text><r><t>Ana:</t></r><r><t>\nwhy</t></r></text></comment>{}</commentList></comments>"
)
THREAD = (
    '<ThreadedComments><threadedComment ref="B2" dT="2021-09-03T10:00:00" personId="p" id="1" done="1"><text>ask</text>'
    '</threadedComment><threadedComment ref="B2" personId="q" id="2" parentId="1"><text>answer</text></threadedComment>'
    "</ThreadedComments>"
)
BOILERPLATE = (
    '<comment ref="B2" authorId="1"><text><t>[Threaded comment]\n\nYour version of Excel allows you to read this …'
    "</t></text></comment>"
)
PEOPLE = '<personList><person displayName="Ana" id="p"/><person displayName="Ben" id="q"/></personList>'


def noted(sheet: str, comments: str, **parts: str) -> MarkedText:
    return read(sheet, xl__s0_xml_to_comments_as_xl__c_xml="c", xl__c_xml=comments, **parts)


def anchored(text: MarkedText) -> list[tuple[str, str | None, str]]:
    """Each comment: its words, who wrote it, the words that it is about."""
    whole = "".join("".join(run.text for run in block.runs) + "\n" for block in text.blocks)
    return [(one.text, one.author, whole[one.start : one.end].strip()) for one in text.comments]


@pytest.mark.parametrize(("place", "about"), [("B2", "delete"), ("D9", ""), ("$A$1", "Paragraph"), ("ZZ20000", "")])
def test_a_note_is_kept_with_its_cell_also_with_an_empty_one(place: str, about: str) -> None:
    assert anchored(noted(TABLE, OLD.format(place, ""))) == [("why", "Ana", about)]


def test_a_note_on_an_empty_cell_stands_at_the_place_of_the_cell() -> None:
    assert cells(noted(TABLE, OLD.format("C2", "")))["C2"] == ""


def test_a_thread_is_read_once_without_the_words_of_the_program() -> None:
    text = noted(
        TABLE,
        OLD.format("A1", BOILERPLATE),
        xl__s0_xml_to_threadedComment_as_xl__t_xml="t",
        xl__t_xml=THREAD,
        xl__workbook_xml_to_person_as_xl__p_xml="p",
        xl__p_xml=PEOPLE,
    )
    assert anchored(text) == [("why", "Ana", "Paragraph"), ("ask", "Ana", "delete"), ("answer", "Ben", "delete")]
    assert [(one.parent, one.resolved) for one in text.comments] == [(None, False), (None, True), (1, False)]


def test_a_thread_without_its_part_is_read_without_the_words_of_the_program() -> None:
    words = (
        "[Commentaire à thread]\n\nVotre version d’Excel vous permet de lire ce commentaire. En savoir plus : "
        "https://go.microsoft.com/fwlink/?linkid=870924\n\nCommentaire :\n    Delete this:\nRéponse :\n    why?"
    )
    comment = f'<comment ref="B2" authorId="1"><text><t>{words}</t></text></comment>'
    assert anchored(noted(TABLE, OLD.format("A1", comment)))[1][0] == "Delete this:\nwhy?"


def test_notes_in_a_large_sheet_are_read() -> None:
    large = rows(*(f"A{n}={'long text ' * 30}" for n in range(1, 15_000)))
    assert anchored(noted(large, OLD.format("C14000", ""))) == [("why", "Ana", "")]


def shape(text: str) -> str:
    return f"<sp><txBody><a:p><a:r><a:rPr strike='sngStrike'/><a:t>{text}</a:t></a:r></a:p></txBody></sp>"


def test_text_boxes_on_a_sheet_are_read_once() -> None:
    both = f"<m:Choice>{shape('new')}</m:Choice><m:Fallback>{shape('new')}</m:Fallback>"
    drawing = (
        f'<wsDr xmlns:a="{DRAWING}" xmlns:m="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<anchor>{shape('box')}</anchor><grpSp>{shape('in a group')}</grpSp><m:AlternateContent>{both}"
        "</m:AlternateContent></wsDr>"
    )
    text = read(TABLE, xl__s0_xml_to_drawing_as_xl__d_xml="d", xl__d_xml=drawing)
    boxes = [block.runs[0] for block in text.blocks if block.place == "textbox"]
    assert [run.text for run in boxes] == ["box", "in a group", "new"]
    assert boxes[0].style == {"strike"}


def test_looks_of_cells_and_of_parts_of_them_are_kept() -> None:
    styles = (
        '<styleSheet><fonts><font/><font><strike/><color rgb="FFFF0000"/></font></fonts><cellXfs><xf fontId="0"/>'
        '<xf fontId="1"/></cellXfs></styleSheet>'
    )
    text = read(
        rows('A1 s="1" t="inlineStr"<is><t>gone</t></is> | B1 t="inlineStr"<is><r><t>keep </t></r><r><rPr><b/>'
             '<u val="none"/></rPr><t>new</t></r></is>'),
        xl__workbook_xml_to_styles_as_xl__st_xml="st",
        xl__st_xml=styles,
    )  # fmt: skip
    assert [(run.text, set(run.style)) for block in text.blocks for run in block.runs] == [
        ("gone", {"strike", "colour:FF0000"}), ("keep ", set()), ("new", {"bold"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (read("", xl__media__p_xml="x"), "the file holds pictures and no text"),
        (read(TABLE, xl__workbook_xml_to_revisionHeaders_as_xl__r_xml="r"),
         "changes are tracked in the workbook; what was there before was not read"),
        (read(TABLE, xl__workbook_xml_to_sharedStrings_as_xl__ss_xml="ss", xl__ss_xml="<sst><si>"),
         "the strings of the workbook are damaged"),
        (read("<row><c>"), "the sheet is damaged: what could be read of it was"),
        (read("", xl__s0_xml="<!DOCTYPE x><x/>"), "the sheet could not be read: xl/s0.xml declares a document type"),
        (read(f'<row r="1">{"<c><v>1</v></c>" * (MOST_COLUMNS + 1)}</row>'),
         f"only {MOST_COLUMNS} columns of row 1 were read"),
        (read_workbook(b"no"), "the file is damaged"),
        (read_workbook(package("xlsx", "xl/workbook.xml", {"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'})),
         "xl/workbook.xml declares a document type or entities"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_said(text: MarkedText, problem: str) -> None:
    assert [one.problem[: len(problem)] for one in text.problems] == [problem]


def test_that_there_are_too_many_rows_is_said() -> None:
    problem = f"only the first {MOST_ROWS:,} rows were read"
    text = read(rows(*[f"A{n}=x" for n in range(1, MOST_ROWS + 3)]))
    assert [one.problem[: len(problem)] for one in text.problems] == [problem]
