"""The changes written into the draft's own Word file: its formatting is kept, and what is not the draft is refused."""

import io
from typing import Any

import docx
import pytest
from docx.shared import RGBColor
from specimen import word
from specimen_compilation import (
    DRAFT,
    as_wanted_by,
    change,
    compiled,
    lines_of,
    of_one,
    official_lines,
    proposed_lines,
    read_back,
    rejected,
)
from word_order import faults

from compilation.official import NotTheDraft
from compilation.word import tracked
from compilation.write import written
from parsing.model import Edit


def own_file(*, number: str = "{}.\t", style: str | None = None) -> Any:
    """The draft as a secretariat would have it: a letterhead, numbers, openers in italics, a coloured word."""
    document = docx.Document()
    document.add_paragraph("CONFERENCE OF THE PARTIES")
    for paragraph in DRAFT.paragraphs:
        made = document.add_paragraph(style=style if paragraph.number else None)
        if paragraph.number and style is None:
            made.add_run(number.format(paragraph.number)).bold = True
        first, space, rest = paragraph.text.partition(" ")
        made.add_run(first).italic = True
        made.add_run(space + rest[:20]).font.color.rgb = RGBColor(0x1C, 0x5D, 0x52)
        made.add_run(rest[20:] + "  ")
    document.add_paragraph("End of the document")
    return document


def bytes_of(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


SAID = {
    "NOR": [change("OP5", "Improve the effectiveness", "Raise the quality"), Edit("OP6", "delete_paragraph")],
    "CHE": [change("OP5", "|Improve", "Urgently "), Edit("PP2", "add_paragraph", new="Recalling more,")],
}


def test_rejected_it_is_the_file_that_was_given() -> None:
    content = tracked(compiled(SAID), bytes_of(own_file()))
    assert faults(content) == []
    found = lines_of(read_back(content), rejected)
    assert found[0] == "CONFERENCE OF THE PARTIES"
    assert found[-1] == "End of the document"
    numbered = [f"{one.number}.\t{one.text}" if one.number else one.text for one in DRAFT.paragraphs]
    assert [line.rstrip() for line in found[1:-1]] == numbered


def test_each_partys_text_comes_back_from_it() -> None:
    text = read_back(tracked(compiled(SAID), bytes_of(own_file())))
    for code, name in (("NOR", "Norway"), ("CHE", "Switzerland")):
        found = lines_of(text, as_wanted_by(name, text))
        assert [line.rstrip() for line in found[1:-1]] == proposed_lines(SAID[code])


def test_formatting_is_kept_and_new_words_look_like_those_that_they_replace() -> None:
    document = docx.Document(io.BytesIO(tracked(compiled(SAID), bytes_of(own_file()))))
    paragraph = next(one for one in document.paragraphs if one._p.xpath(".//w:t[contains(., 'Raise')]"))
    looks = {}
    for run in paragraph._p.xpath(".//w:r[w:t or w:delText]"):
        words = "".join(run.xpath("./w:t/text() | ./w:delText/text()"))
        looks[words] = bool(run.xpath("./w:rPr/w:i")), run.xpath("string(./w:rPr/w:color/@w:val)")
    assert looks["Improve"] == (True, "")
    assert looks["Raise the quality"] == (True, "")
    assert any(colour == "1C5D52" for _, colour in looks.values())


def test_a_number_in_the_same_run_as_the_words_is_no_part_of_them() -> None:
    document = own_file()
    for paragraph in document.paragraphs:
        text = paragraph.text
        for run in paragraph.runs[1:]:
            run._r.getparent().remove(run._r)
        paragraph.runs[0].text = text
    text = read_back(tracked(compiled({"NOR": SAID["NOR"]}), bytes_of(document)))
    assert [line.rstrip() for line in lines_of(text, of_one("Norway"))[1:-1]] == proposed_lines(SAID["NOR"])


def test_a_new_paragraph_has_no_automatic_number() -> None:
    said = {"NOR": [Edit("OP5", "add_paragraph", new="Conserve the ocean;")]}
    file = own_file(style="List Number")
    for paragraph in file.paragraphs:
        if paragraph.style.name == "List Number":
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 3
    document = docx.Document(io.BytesIO(tracked(compiled(said), bytes_of(file))))
    new = next(one for one in document.paragraphs if one._p.xpath(".//w:t[. = 'Conserve the ocean;']"))
    assert new._p.xpath("./w:pPr/w:numPr/w:numId/@w:val") == ["0"]


OTHERS = (
    (b"no zip", "no Word file"),
    (word("Something else"), "does not have its paragraph title"),
    (word(*(one.text for one in DRAFT.paragraphs[:-1]), "{+new+}"), "tracked changes"),
)


@pytest.mark.parametrize(("data", "message"), OTHERS)
def test_what_is_not_the_draft_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(NotTheDraft, match=message):
        tracked(compiled(SAID), data)


def test_a_file_of_the_settings_that_does_not_fit_is_not_used_and_that_is_said() -> None:
    text = read_back(written(compiled(SAID), "docx", own_file=word("Another draft")))
    assert lines_of(text, rejected) == official_lines()
    why = "The draft's own Word file was not used: the draft's file does not have its paragraph title."
    assert [one.author for one in text.comments if why in one.text] == ["Compilation"]


def test_other_formats_do_not_need_it() -> None:
    assert written(compiled(SAID), "csv", own_file=b"no zip") == written(compiled(SAID), "csv")
