"""The same change said twice is one edit with two sources."""

from dataclasses import replace

import pytest

from parsing.deduplicate import deduplicated
from parsing.model import Edit

IN_FILE = Edit("OP4", "insert", 70, 70, "", " and reversing", origin="tracked-change", author="A", sources=("f.docx",))
IN_MAIL = Edit(
    "OP4", "insert", 70, 70, "", " and reversing", origin="instruction", sources=("body.txt",), comment="As agreed."
)


def test_the_same_change_in_mail_and_file_is_one_edit_with_two_sources() -> None:
    (edit,), became = deduplicated([IN_MAIL, IN_FILE])
    assert became == (0, 0)
    assert edit.sources == ("body.txt", "f.docx")
    assert (edit.origin, edit.author, edit.comment) == ("tracked-change", "A", "As agreed.")


@pytest.mark.parametrize(
    "other",
    [
        replace(IN_MAIL, paragraph="OP5"),
        replace(IN_MAIL, start=71, end=71),
        replace(IN_MAIL, new=" and halting"),
        replace(IN_FILE),
    ],
)
def test_what_differs_or_stands_twice_in_one_source_stays_two(other: Edit) -> None:
    assert len(deduplicated([IN_FILE, other])[0]) == 2


def test_the_order_is_that_of_the_first_saying() -> None:
    later = replace(IN_FILE, paragraph="OP9")
    edits, became = deduplicated([IN_FILE, later, IN_MAIL])
    assert [edit.paragraph for edit in edits] == ["OP4", "OP9"]
    assert became == (0, 1, 0)
