"""Words of another look in a quoted paragraph of the draft are the sender's own, announced or not."""

import pytest
from small import SMALL

from parsing.formats.html import read_html
from parsing.placing.answers_in_quotes import with_answers_in_quotes

PP1 = "PP1. Recalling the relevance of the vision of living in {} harmony with nature,"


@pytest.mark.parametrize(
    ("html", "role"),
    [
        (PP1.format("<font color=red>full</font>"), "own"),
        (PP1.format("<b>full</b>"), "own"),
        (PP1.format("<i>full</i>"), "own"),
        (PP1.format('<span style="background:yellow">full</span>'), "own"),
        (PP1.format("<ins>full</ins>"), "own"),
        (PP1.format("").replace("vision of", "<s>vision of</s>"), "own"),
        (PP1.format("").replace("relevance", "<s>relevance</s> <u>value</u>"), "own"),
        (f"<font color=navy>{PP1.format('<font color=red>full</font>')}</font>", "own"),
        (PP1.format("full"), "quoted"),
        (PP1.format("").replace("Recalling", "<b>Recalling</b>"), "quoted"),
        (PP1.format("").replace("harmony", "<font color=red>harmony</font>"), "quoted"),
        ("Please comment <font color=red>by 6 September</font> on the draft that we sent you.", "quoted"),
    ],
)
def test_words_of_another_look_in_the_quoted_draft_are_answers(html: str, role: str) -> None:
    (block,) = with_answers_in_quotes(read_html(f"<blockquote type=cite>{html}</blockquote>"), SMALL).blocks
    assert block.role == role
