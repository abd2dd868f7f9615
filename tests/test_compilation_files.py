"""Excel, CSV and JSON of a compilation: the same rows, nothing that a program takes for a formula, nothing too long."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from specimen_compilation import DRAFT, NOW, change, compiled, consultation, without_place

from compilation.data import json_file
from compilation.table import csv_file
from compilation.workbook import LONGEST, workbook
from compilation.write import NoSuchForm, file_name, written
from consultation.choice import Choice, NotInConsultation
from consultation.compilation import Compilation, compile_comments
from parsing.model import Edit, Flags, Part

IMPROVE = {"NOR": [change("OP5", "Improve", "Raise")], "CHE": [change("OP5", "Improve", "Increase")],
           "JPN": [change("OP5", "Improve", "Raise"), Edit("OP6", "comment", comment="Good.")]}  # fmt: skip


def sheets(compilation: Compilation) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(compilation)))


def table(sheet: Any) -> list[dict[str, Any]]:
    heads, *lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(heads, line, strict=True)) for line in lines]


def csv_rows(compilation: Compilation) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_file(compilation).decode("utf-8-sig"))))


# --- Excel -------------------------------------------------------------------------------------------


def test_a_row_an_edit_says_who_agrees_and_who_proposes_something_else() -> None:
    rows = table(sheets(compiled(IMPROVE))["Edits"])
    assert [(row["Speaker"], row["Same proposal by"], row["Other proposals by"]) for row in rows] == [
        ("Japan", "Norway", "Switzerland"),
        ("Norway", "Japan", "Switzerland"),
        ("Switzerland", None, "Japan, Norway"),
        ("Japan", None, None),
    ]
    assert rows[0]["Official words"] == "Improve"
    assert rows[3]["Comment"] == "Good."


def test_the_matrix_counts_by_paragraph_and_speaker() -> None:
    rows = table(sheets(compiled(IMPROVE))["Matrix"])
    op5 = next(row for row in rows if row["Paragraph"] == "OP5")
    assert (op5["All"], op5["Japan"], op5["Norway"], op5["Switzerland"]) == (3, 1, 1, 1)
    assert len(rows) == len(DRAFT.paragraphs)


def test_the_status_has_all_parties_by_region() -> None:
    book = sheets(compiled(IMPROVE))
    rows = table(book["Status"])
    assert len(rows) == 196
    assert [row["Region"] for row in rows] == sorted(row["Region"] for row in rows)
    assert next(row["commented"] for row in table(book["Regions"]) if row["Region"] == "All") == 3


def test_heads_are_frozen_and_tables_have_filters() -> None:
    book = sheets(compiled(IMPROVE))
    for name in ("Edits", "Matrix", "Regions", "Status", "Not in it"):
        assert book[name].freeze_panes, name
        assert book[name].auto_filter.ref, name
    assert book["Edits"].column_dimensions["F"].width > 40


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", " =1", "＝1")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_starts_a_formula(text: str) -> None:
    edits = [change("OP5", "Improve", text, author=text, sources=(text,)), Edit("OP6", "comment", comment=text)]
    compilation = compiled({"NOR": edits, f"observer:{text}": edits})
    book = sheets(compilation)
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert table(book["Edits"])[0]["Proposed words"] == text
    for row in csv_rows(compilation):
        assert not any(value.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "＝")) for value in row.values())


@pytest.mark.parametrize("letter", ["a", "𠮷", "ع"])
def test_a_cell_holds_no_more_than_it_can_and_says_so(letter: str) -> None:
    compilation = compiled({"NOR": [Edit("OP5", "add_paragraph", new=letter * 40_000)]})
    found = table(sheets(compilation)["Edits"])[0]["Proposed words"]
    assert len(found.encode("utf-16-le")) // 2 <= LONGEST
    assert found.startswith(letter * 1000)
    assert found.endswith("the JSON has all of it]")
    assert json.loads(json_file(compilation))["edits"][0]["new"] == letter * 40_000


@pytest.mark.parametrize("text", ["\x00\x1b[31m", "\ud800", "_x0041_", "\ufffe", "العربية", "a\r\nb"])
def test_characters_that_excel_forbids_do_not_break_the_file(text: str) -> None:
    compilation = compiled({"NOR": [Edit("OP5", "comment", comment=f"before {text} after")]})
    found = table(sheets(compilation)["Edits"])[0]["Comment"]
    assert found.startswith("before ")
    assert found.endswith(" after")
    assert csv_rows(compilation)[-1]["Comment"].startswith("before ")
    assert json.loads(json_file(compilation))["edits"][0]["comment"].startswith("before ")


@pytest.mark.long
def test_ten_thousand_edits_are_ten_thousand_rows() -> None:
    said = {code: [change("OP5", "Improve", f"{code} {n}") for n in range(1000)] for code in
            ("NOR", "CHE", "JPN", "BRA", "KEN", "FJI", "CAN", "MEX", "PER", "GHA")}  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(workbook(compiled(said))), read_only=True)
    assert len(table(book["Edits"])) == 10_000


# --- CSV and JSON ------------------------------------------------------------------------------------


def test_csv_and_json_hold_the_same_rows_as_the_sheet() -> None:
    compilation = compiled(IMPROVE)
    ids = [row["Edit"] for row in table(sheets(compilation)["Edits"])]
    assert [row["Edit"] for row in csv_rows(compilation) if row["Edit"]] == ids
    assert [edit["id"] for edit in json.loads(json_file(compilation))["edits"]] == ids


def test_json_has_the_alternatives_in_order() -> None:
    form = json.loads(json_file(compiled(IMPROVE)))
    passage = next(one for one in form["paragraphs"] if one["label"] == "OP5")["passages"][0]
    assert (passage["old"], passage["collide"]) == ("Improve", True)
    assert [(one["new"], one["by"]) for one in passage["alternatives"]] == [
        ("Raise", ["JPN", "NOR"]),
        ("Increase", ["CHE"]),
    ]


# --- what is in it and what is not -------------------------------------------------------------------


def test_what_is_not_in_it_is_listed_with_its_reason() -> None:
    scan = Part("scan.pdf", "application/pdf", 1, "00", "unreadable", "handwriting")
    doubtful = change("OP5", "Improve", "Lift", needs_review=True, evidence="which “improve”?")
    snapshot = consultation({"NOR": [doubtful], "observer:": [change("OP5", "Improve", "Raise")]},
                            parts={"NOR": (scan,)})  # fmt: skip
    compilation = compile_comments(snapshot, Choice(review="without"), [without_place(1, "Be bold.")], made_at=NOW)
    kinds = {(one.kind, one.text, one.why) for one in compilation.left_out}
    assert kinds == {
        ("unplaced", "Be bold.", "names no paragraph"),
        ("unreadable", "scan.pdf: handwriting", "a Part that could not be read"),
        ("in review", "OP5: Improve → Lift", next(fact.review for fact in snapshot.edits if fact.review)),
        ("not attributed", "OP5: Improve → Raise", "its mail is not attributed to anyone"),
    }
    assert len(table(sheets(compilation)["Not in it"])) == 4
    assert {row["Kind"] for row in csv_rows(compilation)} == {"about", *(kind for kind, _, _ in kinds)}
    assert len(json.loads(json_file(compilation))["left_out"]) == 4


CHOICES: tuple[tuple[Choice, list[str]], ...] = (
    (Choice(speakers=("nor",)), ["NOR"]),
    (Choice(paragraphs=("op6",)), ["JPN"]),
    (Choice(states=("commented",)), ["JPN", "NOR", "CHE"]),
    (Choice(states=("none",)), []),
    (Choice(until=date(2021, 9, 2)), ["NOR"]),
    (Choice(since=date(2021, 9, 3), until=date(2021, 9, 3)), ["CHE"]),
    (Choice(late=True), ["JPN"]),
    (Choice(late=False), ["NOR", "CHE"]),
    (Choice(review="only"), []),
)
DAYS = {"NOR": datetime(2021, 9, 2, 9, tzinfo=UTC), "CHE": datetime(2021, 9, 3, 9, tzinfo=UTC),
        "JPN": datetime(2021, 9, 9, 9, tzinfo=UTC)}  # fmt: skip


@pytest.mark.parametrize(("choice", "codes"), CHOICES)
def test_what_is_chosen_is_in_it(choice: Choice, codes: list[str]) -> None:
    compilation = compiled(IMPROVE, choice=choice, at=DAYS)
    assert [who.name for who in compilation.speakers] == codes
    assert compilation.counts.parties == len(codes)


@pytest.mark.parametrize("choice", [Choice(speakers=("XXX",)), Choice(paragraphs=("OP99",))])
def test_what_there_is_not_is_refused(choice: Choice) -> None:
    with pytest.raises(NotInConsultation):
        compiled(IMPROVE, choice=choice)


def test_each_form_says_what_it_is() -> None:
    compilation = compiled(IMPROVE, choice=Choice(speakers=("NOR",)), flags=Flags(marks=("RESTRICTED",)))
    about = {row[0].value: row[1].value for row in sheets(compilation)["About"].iter_rows(min_row=3)}
    assert about["Draft"] == "Kunming Declaration, Revised Zero Draft"
    assert about["Made"] == "8 September 2021, 06:30 UTC"
    assert about["Made of"] == "Norway; all paragraphs; with what needs review"
    assert (about["Mails"], about["Speakers"], about["Proposals"]) == ("1", "1 Party", "1 edit, 0 comments")
    assert about["Handling marks"] == "RESTRICTED"
    assert ("about", "Handling marks", "RESTRICTED") in {
        (row["Kind"], row["Speaker"], row["Comment"]) for row in csv_rows(compilation)
    }


@pytest.mark.parametrize("file_format", ["docx", "xlsx", "csv", "json"])
def test_the_same_compilation_gives_the_same_bytes(file_format: Any) -> None:
    assert written(compiled(IMPROVE), file_format) == written(compiled(IMPROVE), file_format)


@pytest.mark.parametrize("file_format", ["docx", "xlsx", "csv", "json"])
def test_an_export_of_nothing_is_a_valid_file_that_says_so(file_format: Any) -> None:
    content = written(compiled({}), file_format)
    text = content if file_format in ("csv", "json") else b"".join(_parts(content))
    assert b"No proposal and no comment fits this choice." in text


def _parts(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_only_word_files_have_forms() -> None:
    with pytest.raises(NoSuchForm):
        written(compiled({}), "xlsx", "tracked")


def test_a_file_is_named_for_what_it_is() -> None:
    assert file_name(compiled(IMPROVE), "xlsx") == "kunming-revised-zero-draft-2021-09-08.xlsx"
    one = compiled(IMPROVE, choice=Choice(speakers=("NOR",)))
    assert file_name(one, "docx") == "kunming-revised-zero-draft-NOR-2021-09-08.docx"
