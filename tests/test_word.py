"""What read_word makes of Word files: one feature a test, the smallest file that has it."""

import gc
import io
import zipfile
from collections import Counter

import pytest
from scaling import takes_linear_time
from specimen import Comment, W, bare_word, gone, ins, p, r, word
from specimen_package import package

from parsing.formats.door import read_format
from parsing.formats.word import read_word
from parsing.formats.word_stylesheet import WordStyleSheet
from parsing.model import Converters, MarkedText


def shown(text: MarkedText) -> list[str]:
    """The paragraphs with their marks, an author after a bar where it is not Ann."""
    return [
        "".join(_run(run.text, run.mark, run.author) for run in block.runs) + _END[block.end] for block in text.blocks
    ]


def _run(text: str, mark: str, author: str | None) -> str:
    by = "" if author in ("Ann", None) else f"|{author}"
    return {
        "kept": text,
        "inserted": f"{{+{text}{by}+}}",
        "deleted": f"[-{text}{by}-]",
        "undone": f"{{+[-{text}{by}-]+}}",
    }[mark]


_END = {"kept": "", "inserted": "{+¶+}", "deleted": "[-¶-]", "undone": "{+[-¶-]+}"}


@pytest.mark.parametrize(
    ("specimen", "paragraphs"),
    [
        (["Improve our work"], ["Improve our work"]),
        (["Improve {+our +}work"], ["Improve {+our +}work"]),
        (["Improve [-the -]work"], ["Improve [-the -]work"]),
        (["[-the-]{+our+} work"], ["[-the-]{+our+} work"]),
        (["{+our|Bo+} work"], ["{+our|Bo+} work"]),
        (["{+our [-best|Bo-]+} work"], ["{+our +}{+[-best-]+} work"]),
        (["One{+¶+}", "two"], ["One{+¶+}", "two"]),
        (["One[-¶-]", "two"], ["One[-¶-]", "two"]),
        (["{+New+}{+¶+}", "old"], ["{+New+}{+¶+}", "old"]),
        (["[-Old-][-¶-]", "next"], ["[-Old-][-¶-]", "next"]),
        (["<b>Improve</b> it"], ["Improve it"]),
    ],
)
def test_every_character_says_what_became_of_it(specimen: list[str], paragraphs: list[str]) -> None:
    assert shown(read_word(word(*specimen))) == paragraphs


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("<w:hyperlink>" + ins("new") + r(" old") + "</w:hyperlink>", ["{+new+} old"]),
        (ins("<w:hyperlink>" + r("new") + "</w:hyperlink>"), ["{+new+}"]),
        ("<w:smartTag>" + ins("new") + "</w:smartTag>", ["{+new+}"]),
        ("<w:customXml>" + r("kept") + "</w:customXml>", ["kept"]),
        ("<w:dir w:val='rtl'><w:bdo w:val='rtl'>" + r("نص") + "</w:bdo></w:dir>", ["نص"]),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + gone("old") + "</w:sdtContent></w:sdt>", ["[-old-]"]),
        ("<w:fldSimple w:instr='DATE'>" + r("3 September") + "</w:fldSimple>", ["3 September"]),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:noBreakHyphen/></w:r>", ["a\tb\n\u2011"]),
        ("<w:r><w:sym w:font='Symbol' w:char='F061'/></w:r>", ["α"]),
        ("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", ["x=1"]),
        ("<w:ruby><w:rt>" + r("kun") + "</w:rt><w:rubyBase>" + r("昆") + "</w:rubyBase></w:ruby>", ["(kun)昆"]),
        (
            "<mc:AlternateContent><mc:Choice Requires='w14'>" + r("one") + "</mc:Choice><mc:Fallback>" + r("one")
            + "</mc:Fallback></mc:AlternateContent>",
            ["one"],
        ),
    ],
)  # fmt: skip
def test_text_inside_other_elements_is_read_once(body: str, paragraphs: list[str]) -> None:
    assert shown(read_word(bare_word(p("<w:r/>" + body)))) == paragraphs


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_the_instruction_of_a_field_does_not_show_and_its_result_does() -> None:
    body = p(_field("begin"), r(" REF x ", "instrText"), r("nested"), _field("separate"), r("see 5"), _field("end"))
    read = read_word(bare_word(body))
    assert shown(read) == ["see 5"]
    assert [problem.problem for problem in read.problems] == [
        "words inside a field's instruction, which does not show: nested"
    ]


def test_a_field_that_never_ends_swallows_nothing() -> None:
    assert shown(read_word(bare_word(p(_field("begin"), r("one")) + p(r("two"))))) == ["one", "two"]


def test_the_words_of_a_paragraph_inserted_as_a_block_are_inserted() -> None:
    assert shown(read_word(bare_word(ins(p(r("new"))) + p(r("old"))))) == ["{+new+}{+¶+}", "old"]


def test_a_row_or_cell_is_inserted_by_its_own_mark() -> None:
    row = "<w:tr><w:trPr><w:ins w:id='1' w:author='Ann'/></w:trPr><w:tc>" + p(r("new")) + "</w:tc></w:tr>"
    cell = "<w:tr><w:tc><w:tcPr><w:cellDel w:id='2' w:author='Bo'/></w:tcPr>" + p(r("old")) + "</w:tc></w:tr>"
    read = read_word(bare_word(f"<w:tbl>{row}{cell}</w:tbl>"))
    assert [(block.runs[0].mark, block.runs[0].author) for block in read.blocks] == [
        ("inserted", "Ann"),
        ("deleted", "Bo"),
    ]


def test_a_paragraph_does_not_run_on_into_a_table() -> None:
    read = read_word(word("Before[-¶-]", [["cell"]], "after"))
    assert shown(read) == ["Before", "cell", "after"]


def test_columns_of_a_table_are_counted_on_its_grid() -> None:
    wide = (
        "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
        + p(r("a"))
        + "</w:tc><w:tc>"
        + p(r("b"))
        + "</w:tc></w:tr>"
    )
    cells = [block.cell for block in read_word(bare_word(f"<w:tbl>{wide}</w:tbl>")).blocks]
    assert [cell and cell.column for cell in cells] == [0, 2]


def test_a_move_has_one_name_at_both_ends() -> None:
    runs = [run for block in read_word(word("[<m1:one<]", "two", "{>m1:one>}")).blocks for run in block.runs]
    assert [(run.text, run.mark, run.move) for run in runs] == [
        ("one", "deleted", "m1"), ("two", "kept", None), ("one", "inserted", "m1"),
    ]  # fmt: skip


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = "<w:txbxContent>" + p(r("box")) + "</w:txbxContent>"
    drawing = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    read = read_word(bare_word(p(drawing, r("text"))))
    assert [(block.place, shown(read)[n]) for n, block in enumerate(read.blocks)] == [
        ("body", "text"),
        ("textbox", "box"),
    ]


def test_notes_headers_and_footers_are_read_and_a_note_knows_where_it_is_referred_to() -> None:
    note = "<w:footnote w:id='2'>" + p(r("a note")) + "</w:footnote>"
    body = p(r("word"), ins("<w:r><w:footnoteReference w:id='2'/></w:r>"), r("s"))
    read = read_word(bare_word(body, {"footnotes": note, "header1": p(r("head")), "footer1": p(r("foot"))}))
    assert [(block.place, block.runs[0].mark, block.anchor) for block in read.blocks] == [
        ("body", "kept", None), ("footnote", "inserted", 4), ("header", "kept", None), ("footer", "kept", None),
    ]  # fmt: skip


def test_a_note_whose_last_end_was_deleted_keeps_the_place_of_its_reference() -> None:
    gone_end = "<w:p><w:pPr><w:rPr><w:del w:id='3'/></w:rPr></w:pPr>" + r("a note") + "</w:p>"
    body = p(r("word"), "<w:r><w:footnoteReference w:id='2'/></w:r>")
    read = read_word(bare_word(body, {"footnotes": f"<w:footnote w:id='2'>{gone_end}</w:footnote>"}))
    assert [(block.place, block.end, block.anchor) for block in read.blocks[1:]] == [("footnote", "kept", 4)]


def test_the_true_instant_goes_before_the_local_clock() -> None:
    dated = (
        "<w:ins w:id='1' w:author='' w:date='2021-09-03T10:00:00Z' w16du:dateUtc='2021-09-03T02:00:00Z'>"
        + r("x")
        + "</w:ins>"
    )
    run = read_word(bare_word(p(dated))).blocks[0].runs[0]
    assert (run.author, run.date) == (None, "2021-09-03T02:00:00Z")


def test_a_comment_has_its_exact_range_its_thread_and_whether_it_is_resolved() -> None:
    data = word("Improve (1:our) work", comments=[Comment("Whose?"), Comment("Ours.", "Bo", parent=1, done=True)])
    first, answer = read_word(data).comments
    assert (first.text, first.start, first.end, first.parent, first.resolved) == ("Whose?", 8, 11, None, False)
    assert (answer.text, answer.author, answer.start, answer.parent, answer.resolved) == ("Ours.", "Bo", 8, 0, True)


def test_a_comment_without_a_range_and_one_at_block_level_are_kept() -> None:
    comments = "".join(f"<w:comment w:id='{n}'>{p(r(f'c{n}'))}</w:comment>" for n in (1, 2))
    body = "<w:commentRangeStart w:id='1'/>" + p(r("one")) + "<w:commentRangeEnd w:id='1'/>"
    read = read_word(bare_word(body, {"comments": comments}))
    assert [(c.text, c.start, c.end) for c in read.comments] == [("c1", 0, 4), ("c2", None, None)]


def _numbering(levels: str, more: str = "") -> str:
    one = "<w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>"
    return f"<w:abstractNum w:abstractNumId='7'>{levels}</w:abstractNum>{one}{more}"


def _level(n: int, form: str, text: str) -> str:
    return f"<w:lvl w:ilvl='{n}'><w:start w:val='1'/><w:numFmt w:val='{form}'/><w:lvlText w:val='{text}'/></w:lvl>"


def _item(level: int, number: int = 1, mark: str = "") -> str:
    return p(
        f"<w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{number}'/></w:numPr><w:rPr>{mark}</w:rPr></w:pPr>",
        r("x"),
    )


@pytest.mark.parametrize(
    ("levels", "items", "numbers"),
    [
        (_level(0, "decimal", "%1."), [0, 0, 0], ["1.", "2.", "3."]),
        (
            _level(0, "decimal", "%1") + _level(1, "lowerLetter", "(%2)"),
            [0, 1, 1, 0, 1],
            ["1", "(a)", "(b)", "2", "(a)"],
        ),
        (_level(0, "decimal", "%1") + _level(1, "decimal", "%1.%2"), [0, 1, 0, 1], ["1", "1.1", "2", "2.1"]),
        (_level(0, "upperRoman", "%1."), [0, 0, 0, 0], ["I.", "II.", "III.", "IV."]),
        (_level(0, "chineseCounting", "%1、"), [0] * 2, ["一、", "二、"]),
        (_level(0, "russianLower", "%1)"), [0, 0], ["а)", "б)"]),
        (_level(0, "bullet", "•"), [0], [None]),
    ],
)
def test_automatic_lists_show_their_numbers(levels: str, items: list[int], numbers: list[str | None]) -> None:
    read = read_word(bare_word("".join(map(_item, items)), {"numbering": _numbering(levels)}))
    assert [block.number for block in read.blocks] == numbers


def test_an_inserted_paragraph_does_not_change_the_numbers_after_it() -> None:
    inserted = "<w:ins w:id='1' w:author='Ann'/>"
    body = _item(0) + _item(0, mark=inserted) + _item(0)
    read = read_word(bare_word(body, {"numbering": _numbering(_level(0, "decimal", "%1."))}))
    assert [block.number for block in read.blocks] == ["1.", "2.", "2."]


def test_a_list_that_overrides_its_start_begins_again() -> None:
    start = "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride>"
    again = f"<w:num w:numId='2'><w:abstractNumId w:val='7'/>{start}</w:num>"
    parts = {"numbering": _numbering(_level(0, "decimal", "%1."), again)}
    read = read_word(bare_word(_item(0) + _item(0, 2) + _item(0, 2), parts))
    assert [block.number for block in read.blocks] == ["1.", "5.", "6."]


def test_a_number_comes_through_the_style() -> None:
    assert [block.number for block in read_word(word("#. one", "#. two", "three")).blocks] == ["1.", "2.", None]


def test_a_character_style_and_a_toggle_that_is_off_say_what_the_eye_sees() -> None:
    styles = "<w:style w:type='character' w:styleId='Gone'><w:rPr><w:strike/></w:rPr></w:style>"
    named = "<w:r><w:rPr><w:rStyle w:val='Gone'/></w:rPr><w:t>a</w:t></w:r>"
    off = "<w:r><w:rPr><w:strike w:val='0'/><w:b/></w:rPr><w:t>b</w:t></w:r>"
    read = read_word(bare_word(p(named, off), {"styles": styles}))
    assert [run.style for run in read.blocks[0].runs] == [{"strike"}, {"bold"}]


def test_strict_files_are_read_as_transitional_ones() -> None:
    strict = bare_word(p(ins("new")))
    with zipfile.ZipFile(io.BytesIO(strict)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    namespace = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    files["word/document.xml"] = files["word/document.xml"].replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", namespace
    )
    assert shown(read_word(_zipped(files))) == ["{+new+}"]


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_an_unknown_element_with_text_is_read_and_said() -> None:
    read = read_word(bare_word(p("<w:novel>" + r("words") + "</w:novel>")))
    assert shown(read) == ["words"]
    assert read.problems[0].problem == "text inside the unknown element <novel> was read as it is"


def test_an_embedded_file_is_said() -> None:
    assert "altChunk" in read_word(bare_word("<w:altChunk r:id='r9'/>" + p(r("x")))).problems[0].problem


_LAUGHS = (
    "<!DOCTYPE w [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 or str()};' * 9}'>" for n in range(1, 9))
    + "]>"
)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file is empty"),
        (b"hello", "the file is damaged: File is not a zip file"),
        (word("text")[:3000], "the file is damaged: File is not a zip file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "an old .doc file under the name of a .docx"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "the file is encrypted with a password",
        ),
        (_zipped({"xl/workbook.xml": b"<workbook/>"}), "the file holds an Excel workbook and no Word document"),
        (_zipped({"a.txt": b"x"}), "the file holds no Word document"),
        (_zipped({"word/document.xml": b"<w"}), "word/document.xml is damaged: "),
        (_zipped({"word/document.xml": b"<other/>"}), "the file holds no Word document, but <other>"),
        (bare_word(p(r("&lol;")), declare=_LAUGHS), "word/document.xml "),
        (bare_word("<w:p>" + "<w:smartTag>" * 9000 + r("x") + "</w:smartTag>" * 9000 + "</w:p>"), "word/document.xml "),
        (bare_word(p("<w:r/>")), "the file holds no text"),
    ],
)
def test_what_cannot_be_read_is_one_problem_in_a_sentence(data: bytes, problem: str) -> None:
    _is_one_problem(data, problem)


def test_what_unpacks_to_too_much_is_one_problem_in_a_sentence() -> None:
    data = _zipped({"word/document.xml": b" " * 70_000_000})
    _is_one_problem(data, "the file unpacks to more than 64 MB of text and markup")


def _is_one_problem(data: bytes, problem: str) -> None:
    read = read_word(data)
    assert not any(run.text for block in read.blocks for run in block.runs)
    assert [one.problem.startswith(problem) for one in read.problems] == [True]


_W = f'<w:document xmlns:w="{W}"><w:body>{{}}</w:body></w:document>'
_NOTE = '<w:footnote w:id="1"><w:p><w:r><w:t>note</w:t></w:r></w:p></w:footnote>'
_NOTES = f'<w:footnotes xmlns:w="{W}">{_NOTE}</w:footnotes>'


@pytest.mark.parametrize(
    "data",
    [
        package("docx", "word/document2.xml", {"word/document2.xml": _W.format(p(r("text"))),
                "word/document2.xml -> footnotes word/f.xml": "f", "word/f.xml": _NOTES}),
        package("docx", "Content/Main.XML", {"Content/Main.XML": _W.format(p(r("text"))),
                "Content/Main.XML -> footnotes other/f.xml": "f", "other/f.xml": _NOTES}),
        package("docx", "word/document.xml", {"word/document.xml": _W.format(p(r("text"))),
                "word/document.xml -> footnotes word/f.xml": "f", "word/f.xml": _NOTES}, backslashes=True),
        package("docx", "word/document.xml", {"word/document.xml": _W.format(p(r("text"))),
                "word/document.xml -> footnotes word/f.xml": "f", "word/f.xml": _NOTES}, strict=True),
    ],
)  # fmt: skip
def test_the_parts_of_a_file_are_found_by_its_relationships(data: bytes) -> None:
    read = read_format("a", "", data, Converters())
    assert [(block.place, block.runs[0].text) for block in read.text.blocks] == [("body", "text"), ("footnote", "note")]


@pytest.mark.parametrize("cut", range(0, 36_000, 1801))
def test_a_damaged_file_never_raises(cut: int) -> None:
    whole = word("OP5. Improve [-the-]{+our+} effectiveness")
    read_word(whole[:cut] + b"\xff" * 40 + whole[cut + 40 :])


def test_a_damaged_part_beside_the_text_is_said_and_the_text_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(bare_word(p(r("text")), {"footnotes": ""}))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    read = read_word(_zipped(files | {"word/footnotes.xml": b"<w:foot"}))
    assert shown(read) == ["text"]
    assert [problem.source for problem in read.problems] == ["word/footnotes.xml"]


def _many_runs(count: int) -> bytes:
    run = "<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r>"
    return bare_word(f"<w:p>{run * count}</w:p>")


def test_many_runs_are_read_in_linear_time() -> None:
    assert takes_linear_time(read_word, _many_runs, 2_500)


def test_of_many_runs_none_is_lost() -> None:
    assert sum(len(run.text) for run in read_word(_many_runs(20_000)).blocks[0].runs) == 40_000


def test_no_character_is_lost_or_told_twice() -> None:
    body = (
        p(r("kept "), ins("new "), gone("old "), "<w:hyperlink>" + r("link ") + "</w:hyperlink>")
        + "<w:tbl><w:tr><w:tc>" + p(r("cell ")) + "</w:tc></w:tr></w:tbl>"
        + p(_field("begin"), r("hidden"), _field("separate"), r("shown"), _field("end"))
        + p("<w:moveTo w:id='5'>" + r("moved") + "</w:moveTo>")
    )  # fmt: skip
    comments = "<w:comment w:id='1'>" + p(r("said"), gone("unsaid")) + "</w:comment>"
    read = read_word(bare_word(body, {"header1": p(r("head")), "comments": comments}))
    told = "".join(run.text for block in read.blocks for run in block.runs) + "".join(c.text for c in read.comments)
    told += "".join(problem.problem.rpartition(": ")[2] for problem in read.problems)
    want = "kept new old link cell hiddenshownmovedheadsaidunsaid"
    assert Counter(told) == Counter(want)


def test_styles_are_read_when_one_is_first_named() -> None:
    reads = []
    sheet = WordStyleSheet(lambda: reads.append("read"))
    assert sheet.element(None) is None
    assert reads == []
    assert [sheet.element("Heading1"), sheet.element("Heading2")] == [None, None]
    assert reads == ["read"]


def test_the_trees_of_a_file_go_with_its_reading() -> None:
    data = word("Improve (1:our) work", comments=[Comment("Whose?")])
    read_word(data)
    gc.collect()
    gc.disable()
    try:
        read_word(data)
        assert gc.collect() == 0
    finally:
        gc.enable()
