"""What is left of a file for the reader of words, and whether it should have heard something."""

import pytest

from parsing.model import Block, MarkedText, Run
from parsing.prose.coverage import paragraphs_of, speaks_of
from parsing.prose.read_prose import understand
from store.shipped import shipped_draft

DRAFT = shipped_draft()


def test_the_paragraphs_of_a_document_are_parted_and_the_lines_of_a_mail_are_not() -> None:
    rows = [
        "1. Párrafo 4: sustituir “important” por “overriding”.",
        "Con sentimientos de aprecio y respeto",
        "del autor.",
    ]
    blocks = tuple(Block((Run(row),)) for row in rows)
    assert paragraphs_of(MarkedText("message"), blocks) == blocks
    parted = paragraphs_of(MarkedText("docx"), blocks)
    assert parted == (blocks[0], Block(()), blocks[1], blocks[2], Block(()))
    assert [edit.comment for edit in understand(parted, DRAFT, "letter").edits] == [""]


@pytest.mark.parametrize(
    ("line", "speaks"),
    [
        ("OP4: hmm “important goal” hmm", True),
        ("OP4: hmm “some other words” hmm", False),
        ("Please see “important goal” hmm", False),
        ("We thank you for your letter of 5 August.", False),
    ],
)
def test_a_line_that_names_a_paragraph_and_quotes_it_says_something(line: str, *, speaks: bool) -> None:
    assert speaks_of([Block((Run(line),))], DRAFT) is speaks
    assert speaks_of([Block((Run(line),), role="quoted")], DRAFT) is False
