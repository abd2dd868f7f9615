"""Changes that were made by styling and not tracked."""

from dataclasses import replace

import pytest
from small import SMALL, told, version
from specimen import word

from parsing.formats.word import read_word
from parsing.model import Block, Edit, MarkedText, Run
from parsing.placing.align import align
from parsing.placing.legend import legend_of, without_legends
from parsing.placing.styling_marks import marked_by_hand

PP2, PP3, OP1, OP3 = (SMALL.text(label) for label in ("PP2", "PP3", "OP1", "OP3"))


def _edits(*paragraphs: str) -> tuple[Edit, ...]:
    return align(marked_by_hand(read_word(word(*paragraphs))), SMALL, "file.docx").edits


@pytest.mark.parametrize(
    ("pp2", "edits"),
    [
        (PP2.replace("ongoing ", "<s>ongoing </s>"), [("PP2", "delete", "ongoing ", "")]),
        (PP2.replace("loss", "<s>loss</s><b>decline</b>"), [("PP2", "replace", "loss", "decline")]),
        (PP2.replace("loss", "<s>loss</s><u>decline</u>"), [("PP2", "replace", "loss", "decline")]),
        (PP2.replace("loss", "<red>decline</red><s>loss</s>"), [("PP2", "replace", "loss", "decline")]),
        (PP2.replace("loss", "<s>loss</s><yellow>decline</yellow>"), [("PP2", "replace", "loss", "decline")]),
        (f"<s>{PP2}</s>", [("PP2", "delete_paragraph", PP2, "")]),
    ],
)
def test_struck_words_are_deleted_and_the_look_beside_them_is_new(pp2: str, edits: list[tuple[str, ...]]) -> None:
    found = _edits(*version(PP2=pp2))
    assert told(found) == edits
    assert {(e.origin, e.confidence < 0.9, e.needs_review) for e in found} == {("formatting", True, True)}


def test_a_bold_title_and_italic_openers_are_no_edits() -> None:
    assert (
        _edits(
            *version(
                title="<b>Kunming Declaration</b>", PP2="<i>Concerned</i>" + PP2[9:], commit="<b>We Commit to:</b>"
            )
        )
        == ()
    )


def test_a_bold_label_before_a_paragraph_is_no_addition_where_bold_marks_them() -> None:
    found = _edits(*version(PP2=f"<b>PP2.</b> {PP2.replace('loss', '<s>loss</s><b>decline</b>')}"))
    assert told(found) == [("PP2", "replace", "loss", "decline")]


def test_quotation_marks_around_a_whole_paragraph_are_not_put_into_it() -> None:
    assert told(_edits(*version(PP2=f'"{PP2.replace("loss", "decline")}"'))) == [("PP2", "replace", "loss", "decline")]


def test_a_bold_title_is_no_edit_where_bold_marks_additions() -> None:
    changed = version(title="<b>Kunming Declaration</b>", PP2=PP2.replace("loss", "<s>loss</s><b>decline</b>"))
    assert told(_edits(*changed)) == [("PP2", "replace", "loss", "decline")]


def test_words_of_the_draft_that_are_only_emphasised_are_no_additions() -> None:
    changed = version(
        PP2=PP2.replace("loss", "<s>loss</s><b>decline</b>"), OP1="1. " + OP1.replace("wild", "<b>wild</b>")
    )
    assert told(_edits(*changed)) == [("PP2", "replace", "loss", "decline")]


def test_a_whole_paragraph_in_the_look_of_additions_is_a_new_one() -> None:
    rows = version(PP2=PP2.replace("loss", "<s>loss</s><b>decline</b>"))
    rows.insert(4, "<b>Welcoming the work of young people for nature,</b>")
    assert ("PP3", "add_paragraph", "", "Welcoming the work of young people for nature,") in told(_edits(*rows))


def test_a_new_paragraph_that_says_where_it_shall_stand_is_put_there() -> None:
    rows = ["Deletions struck through, additions in red.", *version(PP2=PP2.replace("loss", "<s>loss</s>"))]
    rows.append("<red>New OP after OP1: Conserve islands and their surrounding seas;</red>")
    assert ("OP1", "add_paragraph", "", "Conserve islands and their surrounding seas;") in told(_edits(*rows))


def test_styling_beside_tracked_changes_is_left_alone_and_said() -> None:
    text = marked_by_hand(
        read_word(word(*version(PP2=PP2.replace("loss", "<s>loss</s>"), PP3=PP3.replace("many", "{+so +}many"))))
    )
    assert {run.mark for block in text.blocks for run in block.runs} == {"kept", "inserted"}
    assert text.problems[0].problem.startswith("some words are marked by styling")


@pytest.mark.parametrize(
    ("legend", "means"),
    [
        ("Additions are in bold, deletions are struck through.", {"bold": "inserted", "strike": "deleted"}),
        ("New text is underlined; deleted text in red", {"underline": "inserted", "colour:red": "deleted"}),
        (
            "en rojo subrayado lo que se agrega, en rojo tachado lo que se quita",
            {"underline": "inserted", "strike": "deleted"},
        ),
        ("Proposed additions highlighted in yellow", {"highlight": "inserted", "colour:yellow": "inserted"}),
        ("Additions in [square brackets]", {"brackets": "inserted"}),
        ("Les ajouts sont en gras et les suppressions barrées ou tachado", {"bold": "inserted", "strike": "deleted"}),
        ("Adiciones en negrita; supresiones tachadas (tachado)", {"bold": "inserted", "strike": "deleted"}),
        ("Добавления выделены жирным, удаления зачеркнуты", {"bold": "inserted", "strike": "deleted"}),
        ("新增内容用粗体，删除内容用删除线", {"bold": "inserted", "strike": "deleted"}),
        ("[в квадратных скобках] – текст, предлагаемый к исключению; подчеркнутый текст – дополнения",
         {"brackets": "deleted", "underline": "inserted"}),
        ("[…] = исключить, подчёркнуто = добавить", {"brackets": "deleted", "underline": "inserted"}),
        ("النص بين قوسين معقوفين يحذف، والنص الذي تحته خط يضاف", {"brackets": "deleted", "underline": "inserted"}),
        ("Fresh words are underlined and words to be removed are struck through.", {"strike": "deleted"}),
        ("New words are underlined and words to be removed are struck through.",
         {"underline": "inserted", "strike": "deleted"}),
        ("Красным выделено то, что мы добавляем, зачёркнуто то, что убираем.",
         {"colour:red": "inserted", "strike": "deleted"}),
        ("Blue is new, struck is gone. Anything I have not coloured is fine.",
         {"colour:blue": "inserted", "strike": "deleted"}),
        ("What we add is red, what we ditch is struck through.", {"colour:red": "inserted", "strike": "deleted"}),
        ("Our insertions are in CAPS.", {"capitals": "inserted"}),
        ("Improve the effectiveness of protected areas", {}),
    ],
)  # fmt: skip
def test_a_legend_says_what_the_looks_mean(legend: str, means: dict[str, str]) -> None:
    assert legend_of([legend]) == means


def test_a_legend_in_the_file_is_believed() -> None:
    rows = [
        "Additions in red, deletions in bold.",
        *version(OP3="3. " + OP3.replace("subsidies", "<b>subsidies</b><red>taxes</red>")),
    ]
    assert told(_edits(*rows)) == [("OP3", "replace", "subsidies", "taxes")]


def test_struck_words_are_deleted_though_the_legend_speaks_of_additions_alone() -> None:
    rows = ["New text is in red.", *version(PP2=PP2.replace("ongoing ", "<s>ongoing </s>"))]
    assert told(_edits(*rows)) == [("PP2", "delete", "ongoing ", "")]


def test_brackets_mark_additions_where_the_legend_says_so() -> None:
    rows = ["Additions are in brackets.", *version(OP3="3. " + OP3.replace("subsidies", "[all ]subsidies"))]
    assert told(_edits(*rows)) == [("OP3", "insert", "", "all ")]


@pytest.mark.parametrize(
    ("legend", "stays"),
    [
        ("Note: text in [brackets] is new text proposed by us.", False),
        ("注：方括号内的文字为我方拟增加的文字。", False),
        ("In paragraph 3, the brackets show an addition.", True),
        ("We would welcome more on the role of young people.", True),
    ],
)
def test_a_legend_that_the_marks_bear_out_is_no_remark(legend: str, *, stays: bool) -> None:
    rows = ["Additions in brackets.", *version(OP3="3. " + OP3.replace("subsidies", "[all] subsidies"))]
    text = marked_by_hand(read_word(word(*rows)))
    said = Block((Run(legend),))
    assert without_legends([said], text) == ((said,) if stays else ())
    assert without_legends([said], replace(text, blocks=(said,))) == (said,)


def test_the_marks_of_html_are_made_by_hand() -> None:
    runs = (Run("Work with "), Run("many ", "inserted"), Run(OP3[10:]))
    rows = tuple(Block(runs if text.startswith("3.") else (Run(text),)) for text in version())
    edits = align(marked_by_hand(MarkedText("html", rows)), SMALL, "body").edits
    assert [(e.paragraph, e.new, e.origin) for e in edits] == [("OP3", "many ", "formatting")]


def test_an_addition_between_two_spaces_keeps_one_on_either_side() -> None:
    rows = ["Additions are in brackets.", *version(OP3="3. " + OP3.replace("subsidies", "[all] subsidies"))]
    assert told(_edits(*rows)) == [("OP3", "insert", "", "all ")]


def test_an_ellipsis_stands_for_the_words_that_it_leaves_out() -> None:
    rows = [
        "Additions are in brackets.",
        "PP2: ... ongoing loss of [all] biodiversity jeopardizes achievement of the goals,",
    ]
    assert told(_edits(*rows, "OP3: Work with ministries of finance to reform [all] subsidies ...")) == [
        ("PP2", "insert", "", "all "), ("OP3", "insert", "", "all "),
    ]  # fmt: skip
