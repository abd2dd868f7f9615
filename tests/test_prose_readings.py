"""What becomes of sentences that ask for no words: questions, wishes, and words of the draft that are only shown."""

import pytest

from parsing.formats.text import read_text
from parsing.prose.read_prose import Understood, understand
from store.shipped import shipped_draft

DRAFT = shipped_draft()
REQUEST = "In paragraph 12 please replace “youth” with “young people”.\n\n"


def _said(text: str) -> Understood:
    return understand(read_text(text).blocks, DRAFT, "body")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Will observers be able to follow the adoption on-line?", "general"),
        ("La question du Sahel mériterait une place dans le texte.", "general"),
        ("Mountain lakes are hardly visible anywhere in the text and we hope there will be room for them.", "general"),
        ("We are unsure what “the global environmental legal system” refers to: treaties?", "OP6"),
        ("We would like to ask why this Declaration will be submitted to the General Assembly.", "note"),
    ],
)
def test_what_asks_for_no_words_is_a_remark_in_doubt(text: str, label: str) -> None:
    found = _said(REQUEST + text).edits[1:]
    assert [(one.paragraph, one.action, one.needs_review) for one in found] == [(label, "comment", True)]


def test_a_question_in_a_mail_that_asks_for_no_change_is_none() -> None:
    assert _said("Would you be interested in the list of all attendees of this event?").edits == ()


def test_the_next_item_of_a_list_is_not_the_text_that_the_one_before_announces() -> None:
    found = _said(
        "3. One new operative paragraph is in the attached file.\n\n4. The draft should be stronger on resources."
    )
    assert [one.action for one in found.edits] == ["comment"]
    assert found.unplaced


def test_the_first_words_of_a_paragraph_with_dots_say_which_one_is_meant() -> None:
    found = _said("Preamble, paragraph 6 (“Recognizing that these crises share...”): please delete, it adds nothing.")
    assert [(one.paragraph, one.action) for one in found.edits] == [("PP6", "delete_paragraph")]
