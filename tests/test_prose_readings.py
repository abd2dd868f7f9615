"""What becomes of sentences that ask for no words: questions, wishes, and words of the draft that are only shown."""

import pytest

from parsing.formats.html import read_html
from parsing.formats.text import read_text
from parsing.prose.read_prose import Understood, understand
from store.shipped import shipped_draft

DRAFT = shipped_draft()
REQUEST = "In paragraph 12 please replace “youth” with “young people”.\n\n"


def _said(text: str) -> Understood:
    return understand(read_text(text).blocks, DRAFT, "body")


@pytest.mark.parametrize(
    ("text", "label", "doubtful"),
    [
        ("Will observers be able to follow the adoption on-line?", "general", True),
        ("La question du Sahel mériterait une place dans le texte.", "general", True),
        ("Mountain lakes are hardly visible in the text and we hope there will be room for them.", "general", False),
        ("We are unsure what “the global environmental legal system” refers to: treaties?", "OP6", True),
        ("We would like to ask why this Declaration will be submitted to the General Assembly.", "note", True),
    ],
)
def test_what_asks_for_no_words_is_a_remark(text: str, label: str, doubtful: bool) -> None:
    found = _said(REQUEST + text).edits[1:]
    assert [(one.paragraph, one.action, one.needs_review) for one in found] == [(label, "comment", doubtful)]


def test_a_question_in_a_mail_that_asks_for_no_change_is_none() -> None:
    assert _said("Would you be interested in the list of all attendees of this event?").edits == ()


def test_the_next_item_of_a_list_is_not_the_text_that_the_one_before_announces() -> None:
    found = _said(
        "3. One new operative paragraph is in the attached file.\n\n4. The draft should be stronger on resources."
    )
    assert [one.action for one in found.edits] == ["comment"]
    assert found.unplaced


def test_what_speaks_of_a_paragraph_is_not_the_text_that_is_announced() -> None:
    found = _said("We propose a new paragraph after OP5.\n\nOn paragraph 7, Chad reserves its position on technology.")
    assert [(one.paragraph, one.action) for one in found.edits] == [("OP7", "comment")]
    assert [one.text for one in found.unplaced] == ["We propose a new paragraph after OP5."]


def test_a_new_paragraph_of_a_part_of_which_no_place_is_understood_needs_a_person() -> None:
    found = _said(f"Add to the preamble a new paragraph, next to the one on land (“Acknowledging …”):\n“{NEW}”").edits
    assert [(one.action, one.new, one.needs_review) for one in found] == [("add_paragraph", NEW, True)]


def test_a_deletion_that_the_next_sentence_may_be_against_needs_a_person() -> None:
    found = _said("Delete “wild” in paragraph 5. We are opposed.").edits
    assert [(one.action, one.old.strip(), one.needs_review) for one in found if one.start] == [("delete", "wild", True)]


def test_the_first_words_of_a_paragraph_with_dots_say_which_one_is_meant() -> None:
    found = _said("Preamble, paragraph 6 (“Recognizing that these crises share...”): please delete, it adds nothing.")
    assert [(one.paragraph, one.action) for one in found.edits] == [("PP6", "delete_paragraph")]


NEW = "Recognizing the sovereign rights of States over their biological resources,"


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Add a new paragraph after PP9, as follows:</p><blockquote>{NEW}</blockquote>",
        f"<p>New paragraph after PP9:</p><blockquote class=gmail_quote>{NEW}</blockquote>",
        f"<blockquote>New, after PP9</blockquote><p>{NEW}</p>",
    ],
)
def test_a_new_paragraph_may_be_set_in_as_quotations_are(html: str) -> None:
    found = understand(read_html(html).blocks, DRAFT, "body").edits
    assert [(one.paragraph, one.action, one.new) for one in found] == [("PP9", "add_paragraph", NEW)]


@pytest.mark.parametrize(
    "text",
    [
        "For each, the first line is the wording in your draft, the second line is what we would like to see.",
        "Pour chaque point, la première ligne reprend le texte du projet et la deuxième notre proposition.",
        'PP and OP are counted from the first "Recalling" and from commitment 1.',
        "Los párrafos se cuentan desde el primero que empieza con «Recalling».",
        "Абзацы преамбулы считаются с первого «Recalling».",
        "Two new paragraphs.",
    ],
)
def test_how_proposals_are_laid_out_is_no_remark(text: str) -> None:
    said = _said(text)
    assert said.edits == ()
    assert {one.kind for one in said.outcomes} <= {"place", "courtesy"}


def test_what_is_said_of_the_mail_does_not_make_a_remark_of_what_is_said_beside_it() -> None:
    said = _said("Governments must lead; business is ready. Here is where we think the draft could be sharper.")
    assert said.edits == ()


def test_words_in_italics_are_quoted_where_the_draft_has_them() -> None:
    said = understand(read_html("<p>OP 12. After <i>women, youth</i> add <i>, girls</i></p>").blocks, DRAFT, "body")
    assert [(one.paragraph, one.new) for one in said.edits] == [("OP12", ", girls")]


def test_words_in_italics_that_are_not_the_drafts_are_stressed() -> None:
    said = understand(read_html("<p>We <i>strongly</i> support OP 12.</p>").blocks, DRAFT, "body")
    assert [(one.paragraph, one.intent) for one in said.edits] == [("OP12", "support")]


def test_what_is_said_of_quotation_marks_needs_review() -> None:
    said = _said("In OP3 the quotation marks around “mainstreaming” are not needed.")
    assert [(one.paragraph, one.needs_review) for one in said.edits] == [("OP3", True)]


def test_an_exchange_beside_which_something_goes_needs_a_person() -> None:
    said = _said("En el párrafo 6 se elimine “severely” y se sustituya “crack down on” por “combat”.")
    assert all(one.needs_review for one in said.edits)


@pytest.mark.parametrize("text", ["It is not necessary to delete PP6.", "No es necesario suprimir PP6."])
def test_what_need_not_go_stays(text: str) -> None:
    assert [one.action for one in _said(text).edits] == ["comment"]


def test_a_paragraph_that_others_want_beside_one_needs_review() -> None:
    said = _said("We understand that Brazil wants to insert after paragraph 5:\nProtect the sources of all our rivers;")
    assert said.unplaced or all(one.needs_review for one in said.edits)


def test_a_remark_that_is_said_twice_may_go_on() -> None:
    again = "We support OP5.\n\nWe support OP5. It protects what our fishers live from."
    assert [(edit.paragraph, edit.action) for edit in _said(again).edits] == [("OP5", "comment")]
