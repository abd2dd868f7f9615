"""Tables for comments, in whatever form."""

import pytest
from small import SMALL, told
from specimen import Comment, word

from parsing.formats.word import read_word
from parsing.placing.comment_table import TableRead, read_tables
from parsing.placing.styling_marks import marked_by_hand

PP2, PP3, OP1, OP2, OP3 = (SMALL.text(label) for label in ("PP2", "PP3", "OP1", "OP2", "OP3"))


def _read(*rows: list[str], comments: tuple[Comment, ...] = ()) -> TableRead:
    return read_tables(
        read_word(word("Comments of our Government", list(rows), comments=comments)), SMALL, "table.docx"
    )


HEADS = ["Paragraph", "Original text", "Proposed text", "Rationale"]


@pytest.mark.parametrize(
    ("heads", "row", "edits"),
    [
        (HEADS, ["PP2", "ongoing loss", "net loss", ""], [("PP2", "replace", "ongoing", "net")]),
        (HEADS, ["PP2", "ongoing ", "[delete]", ""], [("PP2", "delete", "ongoing ", "")]),
        (HEADS, ["PP3", PP3, "Delete", ""], [("PP3", "delete_paragraph", PP3, "")]),
        (HEADS, ["OP 1", OP1, OP1.replace("wild", "all wild"), ""], [("OP1", "insert", "", "all ")]),
        (HEADS, ["", "reform subsidies", "end subsidies", ""], [("OP3", "replace", "reform", "end")]),
        (HEADS, ["New PP after PP2", "", "Welcoming the summit of the leaders,", ""],
         [("PP2", "add_paragraph", "", "Welcoming the summit of the leaders,")]),
        (HEADS, ["OP3", "", "No change", ""], []),
        (HEADS, ["OP3", "(whole paragraph)", "(no proposal for now)", "We reserve our position."],
         [("OP3", "comment", "", "We reserve our position.")]),
        (HEADS, ["After OP2", "–", "Promote education in all languages of the world;", ""],
         [("OP2", "add_paragraph", "", "Promote education in all languages of the world;")]),
        (HEADS, ["Before PP3", "(none)", "Mindful of the rights of Mother Earth,", ""],
         [("PP2", "add_paragraph", "", "Mindful of the rights of Mother Earth,")]),
        (HEADS, ["New paragraph before OP3", "n/a", "Be bold.", ""], [("OP2", "add_paragraph", "", "Be bold.")]),
        (["Место", "Текст", "Предложение"], ["Между пунктами 1 и 2", "нет", "Новый пункт: «Be bold.»"],
         [("OP1", "add_paragraph", "", "Be bold.")]),
        (["Место", "Текст", "Предложение"], ["пункт 3", "reform subsidies", "end subsidies"],
         [("OP3", "replace", "reform", "end")]),
        (["Párrafo", "Dice", "Debe decir"], ["Después del compromiso 3", "–", "Be bold in every region of the world."],
         [("OP3", "add_paragraph", "", "Be bold in every region of the world.")]),
        (["Endroit", "Texte actuel", "Texte proposé"],
         ["À la fin du préambule", "néant", "Mindful of the rights of Mother Earth,"],
         [("PP3", "add_paragraph", "", "Mindful of the rights of Mother Earth,")]),
        (["Onde", "Texto atual", "Proposta"], ["Depois do parágrafo 2", "nenhum", "Novo parágrafo: Be bold."],
         [("OP2", "add_paragraph", "", "Be bold.")]),
        (["الموضع", "النص الحالي", "النص المقترح"], ["بعد الفقرة 2", "لا يوجد", "Be bold in all regions of the world."],
         [("OP2", "add_paragraph", "", "Be bold in all regions of the world.")]),
        (["位置", "现有文字", "意见"], ["第二条之后", "（无）", "新增一条：Be bold in every region of the world."],
         [("OP2", "add_paragraph", "", "Be bold in every region of the world.")]),
        (["位置", "现有文字", "意见"], ["第三条", "reform subsidies", "改为：end subsidies"],
         [("OP3", "replace", "reform", "end")]),
        (["Rationale", "Proposed text", "Original text", "Paragraph"], ["", "net loss", "ongoing loss", "PP2"],
         [("PP2", "replace", "ongoing", "net")]),
        (["No.", "Reference", "Proposal", "Country"], ["1", "Paragraph 3", "Replace “reform” with “end”", "Iceland"],
         [("OP3", "replace", "reform", "end")]),
        (["Sl.", "Para", "Existing text", "Text proposed by India"], ["5", "OP3", "-", "No change"], []),
        (["Page", "Line", "Comment", ""], ["2", "11", "“reform subsidies” should read “end subsidies”", ""],
         [("OP3", "replace", "reform subsidies", "end subsidies")]),
        (["Paragraphe", "Texte actuel", "Proposition", "Motif"], ["PP2", "ongoing loss", "net loss", ""],
         [("PP2", "replace", "ongoing", "net")]),
        (["Párrafo", "Texto actual", "Propuesta", "Justificación"], ["PP2", "ongoing loss", "net loss", ""],
         [("PP2", "replace", "ongoing", "net")]),
        (["Parágrafo", "Texto atual", "Proposta", "Justificativa"], ["PP2", "ongoing loss", "net loss", ""],
         [("PP2", "replace", "ongoing", "net")]),
        (["Para", "Before", "After"], ["PP2", "ongoing loss", "net loss"], [("PP2", "replace", "ongoing", "net")]),
        (["Para", "Present wording", "Recommended"], ["PP2", "ongoing loss", "net loss"],
         [("PP2", "replace", "ongoing", "net")]),
        (["Пункт", "Исходный текст", "Предложение", "Обоснование"], ["PP2", "ongoing loss", "net loss", ""],
         [("PP2", "replace", "ongoing", "net")]),
        (["现案文", "中国建议"], [PP3, "删除"], [("PP3", "delete_paragraph", PP3, "")]),
        (["No", "Text of the draft", "Comments of Ghana"], ["1", PP3, "Delete"],
         [("PP3", "delete_paragraph", PP3, "")]),
        (["No", "Text of the draft", "Comments of Ghana"], ["1", PP3, "Ghana supports this."],
         [("PP3", "comment", "", "Ghana supports this.")]),
        (["No", "Original text", "Comments of Ghana"], ["1", "ongoing", "Delete"], [("PP2", "delete", "ongoing ", "")]),
        (HEADS, ["PP2", "… ongoing loss …", "… net loss …", ""], [("PP2", "replace", "ongoing", "net")]),
        (HEADS, ["PP2", "“...ongoing loss...”", "“...net loss...”", ""], [("PP2", "replace", "ongoing", "net")]),
        (["Para", "Now", "Text sought"], ["PP2", "ongoing loss", "net loss"], [("PP2", "replace", "ongoing", "net")]),
        (["Para", "Now", "Formulation of preference"], ["PP2", "ongoing loss", "net loss"],
         [("PP2", "replace", "ongoing", "net")]),
        (["Para", "Now", "New formulation"], ["PP2", "ongoing loss", "net loss"],
         [("PP2", "replace", "ongoing", "net")]),
        (["Para", "Now", "We want"], ["PP2", "ongoing loss", "net loss"], [("PP2", "replace", "ongoing", "net")]),
        (["النص الأصلي", "مقترح الجزائر"], ["ongoing loss", "net loss"], [("PP2", "replace", "ongoing", "net")]),
        (["النص الأصلي", "الجزائر"], [PP3, "تحذف"], [("PP3", "delete_paragraph", PP3, "")]),
        (["Ref.", "Instead of", "CZ proposes / remarks"], ["PP2", "ongoing loss", "ongoing losses"],
         [("PP2", "replace", "loss", "losses")]),
        (["Ref.", "Instead of", "CZ proposes / remarks"], ["PP2", "ongoing loss", "Which loss is meant?"],
         [("PP2", "comment", "", "Which loss is meant?")]),
        (["Original text", "Algeria"], [PP3, "Delete"], [("PP3", "delete_paragraph", PP3, "")]),
        (["النص الأصلي", "النص المقترح"], [PP3, "بدون تعديل"], []),
        (["النص الأصلي", "مقترحات مصر"], [PP3, "لا تعديل"], []),
        (["段落", "原文", "修改建议", "理由"], ["PP2", "ongoing loss", "net loss", ""],
         [("PP2", "replace", "ongoing", "net")]),
        (HEADS, ["PP2", "", PP2.replace("ongoing", "[-ongoing-]{+net+}"), ""], [("PP2", "replace", "ongoing", "net")]),
        (HEADS, ["PP2", "the [-ongoing-]{+net+} loss", "", ""], [("PP2", "replace", "ongoing", "net")]),
        (HEADS, ["PP2", "", "the [-ongoing-]{+net+} loss of biodiversity jeopardizes achievement", ""],
         [("PP2", "replace", "ongoing", "net")]),
    ],
)  # fmt: skip
def test_a_row_proposes_at_its_place(heads: list[str], row: list[str], edits: list[tuple[str, ...]]) -> None:
    found = _read(heads, row).edits
    assert told(found) == edits
    assert {e.origin for e in found} <= {"table"}


TWICE = [p.text for p in SMALL.paragraphs]


@pytest.mark.parametrize(
    "heads", [[], ["Revised draft", "Text with the changes of Norway"], ["Declaration", "Norway"], ["A", "B"]]
)
@pytest.mark.parametrize("tracked", [0, 1])
def test_the_draft_beside_itself_with_tracked_changes_gives_the_changes_alone(heads: list[str], tracked: int) -> None:
    changed = [text.replace("ongoing", "[-ongoing-]{+net+}") for text in TWICE]
    rows = [[one, other] if tracked else [other, one] for one, other in zip(TWICE, changed, strict=True)]
    found = _read(*([heads] if heads else []), *rows)
    assert told(found.edits) == [("PP2", "replace", "ongoing", "net")]
    assert found.unplaced == ()


def test_the_draft_beside_itself_retyped_gives_the_changes_alone() -> None:
    changed = [text.replace("ongoing", "net").replace("wild", "all wild") for text in TWICE]
    edits = _read(["Zero draft", "Version of Norway"], *map(list, zip(TWICE, changed, strict=True))).edits
    assert told(edits) == [("PP2", "replace", "ongoing", "net"), ("OP1", "insert", "", "all ")]


def test_the_draft_s_own_words_are_no_comment() -> None:
    edits = _read(["Paragraph", "Comment"], ["PP2", PP2], ["OP3", "3. " + OP3], ["OP2", "This is too vague to follow."])
    assert told(edits.edits) == [("OP2", "comment", "", "This is too vague to follow.")]


def test_a_place_that_is_merged_over_rows_holds_for_each() -> None:
    rows = [HEADS, ["OP3", "reform", "end", ""], ["", "harmful", "bad", ""], ["", "ongoing", "net", ""]]
    assert [(e.paragraph, e.old) for e in _read(*rows).edits] == [
        ("OP3", "reform"),
        ("OP3", "harmful"),
        ("PP2", "ongoing"),
    ]


def test_a_passage_is_changed_in_each_paragraph_that_its_row_names() -> None:
    edits = _read(HEADS, ["OP1 and OP3", "of", "for", ""], ["PP2 and PP3", "Concerned", "Deeply concerned", ""]).edits
    assert [(e.paragraph, e.old) for e in edits] == [("OP1", "of"), ("OP3", "of"), ("PP2", "Concerned")]


@pytest.mark.parametrize(("place", "said"), [("After OP2", "and its protocols"), ("End of OP2", "and its protocols")])
def test_words_beside_a_paragraph_that_look_like_none_need_a_person(place: str, said: str) -> None:
    (edit,) = _read(HEADS, [place, "", said, ""]).edits
    assert edit.needs_review


def test_the_kind_of_a_comment_is_no_comment() -> None:
    edits = _read(
        ["Para", "Comment", "Type"], ["OP3", "Replace “reform” with “end”", "ed"], ["OP1", "Unclear.", "ge"]
    ).edits
    assert [(e.paragraph, e.comment) for e in edits] == [("OP3", ""), ("OP1", "Unclear.")]


@pytest.mark.parametrize(
    "heads",
    [
        ["Párrafo", "Dice", "Debe decir"], ["Parágrafo", "Onde se lê", "Leia-se"], ["Paragraphe", "Au lieu de", "Lire"],
        ["Место", "Напечатано", "Следует читать"], ["Paragraph", "Then", "Now"], ["Where?", "Draft text", "Vorschlag"],
    ],
)  # fmt: skip
def test_what_the_heads_do_not_tell_the_cells_do(heads: list[str]) -> None:
    edits = _read(heads, ["PP2", "ongoing loss", "net loss"], ["OP3", "reform subsidies", "end subsidies"]).edits
    assert told(edits) == [("PP2", "replace", "ongoing", "net"), ("OP3", "replace", "reform", "end")]


def test_the_reason_of_a_row_belongs_to_its_edit() -> None:
    edit = _read(HEADS, ["PP2", "ongoing loss", "net loss", "It is a net loss."]).edits[0]
    assert (edit.comment, edit.evidence) == ("It is a net loss.", "PP2: net loss")


def test_a_row_without_a_proposal_is_a_comment() -> None:
    rows = [
        ["Paragraph", "Comment"],
        ["PP2", "This paragraph is too vague to follow."],
        ["General", "The text is long."],
    ]
    assert told(_read(*rows).edits) == [
        ("PP2", "comment", "", "This paragraph is too vague to follow."),
        ("general", "comment", "", "The text is long."),
    ]


def test_a_row_that_leaves_its_place_empty_goes_on_with_the_one_above() -> None:
    rows = [["Paragraph", "Proposal"], ["OP3", "Replace “reform” with “end”"], ["", "Delete “harmful”"]]
    assert [(e.paragraph, e.old.strip()) for e in _read(*rows).edits] == [("OP3", "reform"), ("OP3", "harmful")]


def test_one_row_may_speak_of_several_paragraphs() -> None:
    both = f"{PP2.replace('ongoing ', '')}\n{PP3.replace('many', 'some')}"
    found = _read(HEADS, ["PP2 and PP3", f"{PP2}\n{PP3}", both, ""]).edits
    assert told(found) == [("PP2", "delete", "ongoing ", ""), ("PP3", "replace", "many", "some")]


def test_a_table_of_before_and_after_needs_no_places() -> None:
    rows = [["Original", "Proposed"], [PP2, PP2.replace("ongoing ", "")], [OP3, OP3.replace("harmful", "perverse")]]
    assert told(_read(*rows).edits) == [("PP2", "delete", "ongoing ", ""), ("OP3", "replace", "harmful", "perverse")]


def test_a_table_without_heads_is_known_by_its_cells() -> None:
    rows = [["PP2", "Replace “ongoing” with “net”"], ["OP3", "Replace “reform” with “end”"], ["OP1", "Delete “wild”"]]
    assert [(e.paragraph, e.old.strip()) for e in _read(*rows).edits] == [
        ("PP2", "ongoing"),
        ("OP3", "reform"),
        ("OP1", "wild"),
    ]


def test_words_that_stand_elsewhere_than_the_row_says_need_a_person() -> None:
    edit = _read(HEADS, ["PP2", "reform subsidies", "end subsidies", ""]).edits[0]
    assert (edit.paragraph, edit.needs_review) == ("OP3", True)


def test_another_table_is_left_in_the_text() -> None:
    text = read_word(word("Agenda", [["Monday", "Opening"], ["Tuesday", "Closing"]]))
    assert read_tables(text, SMALL, "agenda.docx") == TableRead(text)


def test_margin_comments_keep_their_places_when_a_table_is_taken_out() -> None:
    rows = [["Paragraph", "Comment"], ["PP2", "Too (1:vague) for us."]]
    text = read_word(word(rows, "After the (2:table)", comments=(Comment("Why?"), Comment("Here."))))
    read = read_tables(text, SMALL, "file")
    assert ("PP2", "comment", "", "Why?") in told(read.edits)
    (block,) = read.rest
    kept = next(comment for comment in read.text.comments if comment.text == "Here.")
    assert "".join(run.text for run in block.runs)[kept.start : kept.end] == "table"


def test_a_table_may_have_its_heads_on_the_left() -> None:
    rows = [
        ["Paragraph:", "PP2"], ["Current text:", "ongoing loss"], ["Proposed text:", "net loss"],
        ["Reason:", "It is net."],
        ["Paragraph:", "OP3"], ["Current text:", "reform subsidies"], ["Proposed text:", "end subsidies"],
    ]  # fmt: skip
    read = _read(*rows)
    assert told(read.edits) == [("PP2", "replace", "ongoing", "net"), ("OP3", "replace", "reform", "end")]
    assert read.edits[0].comment == "It is net."
    assert len(read.rest) == 1


def test_a_bare_number_is_one_of_the_section_above() -> None:
    rows = [
        ["Para", "Proposal"],
        ["PREAMBLE", ""],
        ["2", "Delete “ongoing”"],
        ["OPERATIVE PART", ""],
        ["2", "Delete “food”"],
    ]
    assert [e.paragraph for e in _read(*rows).edits] == ["PP2", "OP2"]


def test_a_column_of_the_drafts_own_words_shows_the_original() -> None:
    rows = [
        ["Declaration text", "Comments"],
        [PP2.replace("ongoing", "[-ongoing-]{+net+}"), "It is net."],
        [OP3, "Delete “harmful”"],
    ]
    edits = _read(*rows).edits
    assert [(e.paragraph, e.old.strip(), e.comment) for e in edits] == [
        ("PP2", "ongoing", "It is net."),
        ("OP3", "harmful", ""),
    ]


def test_styling_in_the_cells_of_a_table_marks_changes_too() -> None:
    rows = [["Section", "Proposed change"], ["PP2", PP2.replace("loss", "<s>loss</s><b>decline</b>")]]
    text = marked_by_hand(read_word(word(rows)))
    assert told(read_tables(text, SMALL, "file").edits) == [("PP2", "replace", "loss", "decline")]


def test_a_column_that_counts_the_rows_is_no_comment_whatever_its_head() -> None:
    heads = ["Lfd.", "Para", "Existing text", "Proposed text"]
    rows = [["1", "PP2", "ongoing", "net"], ["2", "OP3", "-", "No change"]]
    assert told(_read(heads, *rows).edits) == [("PP2", "replace", "ongoing", "net")]
