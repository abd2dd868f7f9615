"""Changes that are marked by what is typed around words."""

import pytest
from scaling import takes_linear_time
from small import SMALL, told, version

from parsing.formats.text import read_text
from parsing.mail.message import open_mail
from parsing.model import Edit
from parsing.placing.align import align
from parsing.placing.comment_table import read_tables
from parsing.placing.extracts import with_left_out
from parsing.placing.styling_marks import marked_by_hand
from parsing.placing.typed_marks import with_typed_marks
from parsing.placing.typed_tables import with_typed_tables

PP2, PP3, OP1, OP3 = (SMALL.text(label) for label in ("PP2", "PP3", "OP1", "OP3"))


def _edits(*paragraphs: str) -> tuple[Edit, ...]:
    text = with_typed_marks(read_text("\n\n".join(paragraphs)), SMALL)
    return align(marked_by_hand(text), SMALL, "body").edits


@pytest.mark.parametrize(
    "changed",
    ["[-loss-]{+decline+}", "~~loss~~ **decline**", "~~loss~~ __decline__", "<del>loss</del> <ins>decline</ins>",
     "<s>loss</s> <u>decline</u>", "{--loss--}{++decline++}", "[loss] _decline_", "[loss] *decline*",
     "--loss-- ++decline++", "**decline** ~~loss~~", "[s]loss[/s] [b]decline[/b]", "[DELETE: loss] [ADD: decline]",
     "[suprimir: loss] [añadir: decline]"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "PP2. ", "PP2: ", "**PP2:** ", "PP2 should read: "])
def test_typed_marks_are_changes(changed: str, before: str) -> None:
    found = _edits(before + PP2.replace("loss", changed))
    assert told(found) == [("PP2", "replace", "loss", "decline")]
    assert {(e.origin, e.needs_review) for e in found} == {("formatting", True)}


@pytest.mark.parametrize(
    ("legend", "changed"),
    [
        ("Deletions in [square brackets], additions in _underscores_:", "[loss] _decline_"),
        ("Our additions are between *asterisks*, deletions in {curly brackets}.", "{loss} *decline*"),
        ("Supprimés : entre ~tildes~ ; ajouts : entre crochets", "~loss~ [decline]"),
        ("~~Deletions are between tildes~~ and +additions between plus signs+.", "~~loss~~ +decline+"),
        ("[New text is in square brackets], {text to be taken out is in curly brackets}", "{loss} [decline]"),
        ("Additions in CAPITALS, deletions in [square brackets].", "[loss] DECLINE"),
    ],
)
def test_a_legend_is_believed(legend: str, changed: str) -> None:
    assert told(_edits(legend, PP2.replace("loss", changed))) == [("PP2", "replace", "loss", "decline")]


@pytest.mark.parametrize(
    "extract",
    ["PP2: ... the ongoing ~~loss~~ **decline** of biodiversity ... achievement ...",
     "“Concerned … ongoing [-loss-] {+decline+} of biodiversity […]”",
     "Concerned that the ongoing ~~loss~~ **decline** of biodiversity jeopardizes"],
)  # fmt: skip
def test_dots_or_an_end_in_the_middle_stand_for_words_that_are_left_out(extract: str) -> None:
    text = with_left_out(with_typed_marks(read_text(extract), SMALL), SMALL)
    assert told(align(text, SMALL, "body").edits) == [("PP2", "replace", "loss", "decline")]


def test_lines_that_were_broken_to_a_width_are_one_paragraph() -> None:
    changed = PP2.replace("jeopardizes", "~~jeopardizes~~ **endangers the\nhopeful**")
    assert told(_edits(changed)) == [("PP2", "replace", "jeopardizes", "endangers the hopeful")]


def test_lines_of_a_mail_are_too() -> None:
    changed = PP2.replace("jeopardizes", "~~jeopardizes~~ **endangers\nthe hopeful**")
    body = open_mail(f"From: a@b.no\n\n{changed}\n".encode()).body
    found = align(marked_by_hand(with_typed_marks(body, SMALL)), SMALL, "body").edits
    assert told(found) == [("PP2", "replace", "jeopardizes", "endangers the hopeful")]


@pytest.mark.parametrize("passage", ["the ongoing ~~loss~~ **decline** of biodiversity", "ongoing [-loss-]{+decline+}"])
@pytest.mark.parametrize("before", ["", "PP2: ", "PP2\n"])
def test_a_passage_may_stand_alone(before: str, passage: str) -> None:
    assert told(_edits(before + passage)) == [("PP2", "replace", "loss", "decline")]


def test_cells_of_a_typed_table_hold_marks() -> None:
    rows = f"Para | Proposal\nPP2 | ongoing ~~loss~~ **decline**\nOP3 | {OP3.replace('reform', '[-reform-]{+end+}')}\n"
    text = with_typed_marks(with_typed_tables(read_text(rows), SMALL), SMALL)
    assert told(read_tables(text, SMALL, "body").edits) == [
        ("PP2", "replace", "loss", "decline"),
        ("OP3", "replace", "reform", "end"),
    ]


def test_whole_paragraphs_are_taken_out_and_put_in() -> None:
    changed = version(PP3=f"~~{PP3}~~", OP1=f"1. {OP1}\n\n{{+1 bis. Protect the ocean and its coasts;+}}")
    assert told(_edits(*changed)) == [
        ("PP3", "delete_paragraph", PP3, ""),
        ("OP1", "add_paragraph", "", "Protect the ocean and its coasts;"),
    ]


@pytest.mark.parametrize(
    "emphasised",
    [PP2.replace("Concerned", "*Concerned*"), "**PP2.** " + PP2, "__" + PP2 + "__", PP2.replace("loss", "[loss]"),
     "See https://example.org/a_b_c and *please* answer _soon_.", "*Comments of our Government*"],
)  # fmt: skip
def test_emphasis_of_the_draft_s_own_words_is_no_change(emphasised: str) -> None:
    assert _edits(emphasised) == ()


def test_a_part_of_a_word_may_be_marked() -> None:
    assert told(_edits(PP2.replace("goals,", "goal~~s~~**keepers**,"))) == [("PP2", "replace", "s", "keepers")]


def test_emphasis_beside_a_change_is_none() -> None:
    changed = PP2.replace("Concerned", "*Concerned*").replace("ongoing ", "~~ongoing ~~")
    assert told(_edits(changed)) == [("PP2", "delete", "ongoing ", "")]


def test_emphasis_inside_quotes_is_no_part_of_the_words() -> None:
    text = with_typed_marks(read_text('OP3: change "reform" to "**end**", not to "*drop*".'), SMALL)
    said = "".join(run.text for run in text.blocks[0].runs if run.mark == "kept")
    assert said == 'OP3: change "reform" to "end", not to "drop".'


@pytest.mark.parametrize(
    ("part", "times"), [("*a _b [c ~d {e <f ", 400), ("~~x~~ **y** ", 400), (PP2.replace(" ", " *x* ") + "\n\n", 25)]
)
def test_many_marks_are_read_in_linear_time(part: str, times: int) -> None:
    assert takes_linear_time(lambda text: with_typed_marks(read_text(text), SMALL), lambda count: part * count, times)


def test_of_thousands_of_marked_paragraphs_the_first_are_read_and_the_rest_is_told() -> None:
    text = with_typed_marks(read_text("the ongoing *net* loss of biodiversity\n\n" * 2500), SMALL)
    assert sum(run.mark == "inserted" for block in text.blocks for run in block.runs) == 2000
    assert text.problems[0].problem.startswith("only the first 2,000 paragraphs")
