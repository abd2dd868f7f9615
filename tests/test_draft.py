"""The labels that a text's paragraphs get when it becomes a Draft."""

from datetime import date

import pytest
from specimen import word

from parsing.draft import draft_from
from parsing.formats.word import read_word
from parsing.model import Draft
from store.shipped import shipped_draft

BY = date(2021, 10, 8)


def _draft(*paragraphs: str) -> Draft:
    return draft_from(read_word(word(*paragraphs)), "other", "Final Draft", BY)


def test_the_draft_that_ships_has_its_labels_from_its_own_text() -> None:
    shipped = shipped_draft()
    typed = [f"{p.number}. {p.text}" if p.number else p.text for p in shipped.paragraphs]
    assert _draft(*typed).paragraphs == shipped.paragraphs


def test_automatic_numbers_are_numbers_of_paragraphs() -> None:
    shipped = shipped_draft()
    typed = [f"#. {p.text}" if p.number else p.text for p in shipped.paragraphs]
    assert _draft(*typed).paragraphs == shipped.paragraphs


@pytest.mark.parametrize(
    ("paragraphs", "labels"),
    [
        (["Declaration", "Recalling the Convention,", "1. Decide to act;"], ["title", "PP1", "OP1"]),
        (["Title", "We, the Ministers,", "Recalling,", "We:", "Act;"], ["title", "opening", "PP1", "chapeau", "OP1"]),
        (["Recalling the Convention,", "Decides to act;", "Requests more."], ["PP1", "OP1", "OP2"]),
        (["Recalling,", "We commit:", "1. Act:", "(a) here;", "b) so."], ["PP1", "commit", "OP1", "OP1(a)", "OP1(b)"]),
        (["Recalling it,", "1. Act;", "1 bis. Act again;"], ["PP1", "OP1", "OP1 bis"]),
        (["1. Act;", "2. Rest.", "1. Act again."], ["OP1", "OP2", "OP1 (2)"]),
        (["Rappelant la Convention,", "Nous nous engageons à :", "1. Agir ;"], ["PP1", "commit", "OP1"]),
        (["回顾《公约》，", "我们承诺：", "1. 采取行动；"], ["PP1", "commit", "OP1"]),
    ],
)  # fmt: skip
def test_preamble_chapeau_and_operative_part_are_told_apart(paragraphs: list[str], labels: list[str]) -> None:
    assert [paragraph.label for paragraph in _draft(*paragraphs).paragraphs] == labels


def test_the_draft_reads_as_it_does_with_its_changes_accepted() -> None:
    draft = _draft("Declaration", "Recalling [-the-]{+our+} Convention,")
    assert draft.text("PP1") == "Recalling our Convention,"
    assert (draft.id, draft.title, draft.version, draft.deadline) == ("other", "Declaration", "Final Draft", BY)


def test_a_file_without_text_has_no_paragraphs() -> None:
    assert _draft("").paragraphs == ()
