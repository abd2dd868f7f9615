"""What is left of a file for the reader of words."""

from parsing.model import Block, MarkedText, Run
from parsing.prose.coverage import paragraphs_of
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
