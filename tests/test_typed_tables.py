"""Tables that are typed as lines."""

import pytest
from small import SMALL, told

from parsing.formats.text import read_text
from parsing.mail.message import open_mail
from parsing.placing.comment_table import read_tables
from parsing.placing.typed_tables import with_typed_tables

PP3 = SMALL.text("PP3")
TWO = [("PP2", "replace", "ongoing", "net"), ("OP3", "replace", "reform", "end")]


def _told(text: str) -> list[tuple[str | None, ...]]:
    return told(read_tables(with_typed_tables(read_text(text), SMALL), SMALL, "body").edits)


TABLES = {
    "tabs": """
Para\tExisting text\tSuggested text
PP2\tongoing loss\tnet loss
OP3\treform subsidies\tend subsidies
""",
    "tabs that move the eye": """
Para\t\tExisting text\t\tSuggested text
PP2\t\tongoing loss\t\tnet loss
OP3\t\treform subsidies\tend subsidies
""",
    "spaces": """
Para  Existing text     Suggested text
PP2   ongoing loss      net loss
OP3   reform subsidies  end subsidies
""",
    "Spanish": """
Párrafo  Texto actual      Propuesta
PP2      ongoing loss      net loss
OP3      reform subsidies  end subsidies
""",
    "a ruler, and blank lines between the rows": """
Para  Existing text     Suggested text
----  -------------     --------------
PP2   ongoing loss      net loss

OP3   reform subsidies  end subsidies

Thank you.
""",
    "bars": """
Para | Existing text | Suggested text
PP2 | ongoing loss | net loss
OP3 | reform subsidies | end subsidies
""",
    "bars, with lines that go on below a blank first cell": """
Para | Text in draft | Suggested text
PP2  | ongoing       | net
     | loss          | loss
OP3  | reform        | end subsidies
     | subsidies     |
""",
    "Markdown": """
| Para | Existing text | Suggested text |
|------|:--------------|---------------:|
| PP2 | ongoing loss | net loss |
| OP3 | reform subsidies | end subsidies |
""",
    "a grid": """
+------+------------------+----------------+
| Para | Existing text    | Suggested text |
+======+==================+================+
| PP2  | ongoing          | net            |
|      | loss             | loss           |
+------+------------------+----------------+
| OP3  | reform subsidies | end subsidies  |
+------+------------------+----------------+
""",
    "cells that run over lines": """
Para  Existing   Suggested
      text       text
PP2   ongoing    net loss
      loss
OP3   reform     end
      subsidies  subsidies
""",
    "a column of places without a head, and one head that says little": """
       Current text       Norway
       ---------------    ---------------
PP2    ongoing            net
       loss               loss

OP3    reform             end
       subsidies          subsidies
""",
    "no heads, and a column of new wordings": """
PP2   ongoing loss      net loss         It is.
OP3   reform subsidies  end subsidies    They are.
OP1   wild species      wild species     –
""",
    "a place that runs over lines": """
Para        Existing text     Suggested text

PP2,        ongoing loss      net loss
first line

OP3         reform            end subsidies
            subsidies
""",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_typed_table_is_a_table(table: str) -> None:
    assert _told(f"Please see our table below.\n\n{table}") == TWO


def test_a_cell_that_is_too_wide_pushes_the_next_one_on() -> None:
    wide = "Para  Current    Suggested   Reason\nPP2   the ongoing loss of biodiversity  the net loss of biodiversity"
    assert _told(wide) == [("PP2", "replace", "ongoing", "net")]


def test_a_missing_cell_leaves_the_others_in_their_columns() -> None:
    assert _told("Para  Existing text  Suggested text  Reason\nPP2   ongoing loss                   Too vague\n") == [
        ("PP2", "comment", "", "Too vague")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1.  Improve the text\n2.  Improve the title\n3.  Improve the rest",
        "Ministry of Environment    Tel. 1234\nMain Street 5              Fax 1235\nOslo                       Norway",
        f"PP2  {SMALL.text('PP2')}\nPP3  {PP3}\nOP1  {SMALL.text('OP1')}",
        "                 COMMENTS\n              of Norway\n\nWe like PP3.  We like OP2.  We like OP3.",
        "Country:    Norway\nParty:      Norway\nComments:   none",
        "From:     Anna\nTo:       Secretariat\nSubject:  Comments",
        "Reference | Comments",
    ],
)
def test_lists_addresses_and_paragraphs_are_no_tables(text: str) -> None:
    assert with_typed_tables(read_text(text), SMALL) == read_text(text)


def test_the_rows_of_a_table_with_bars_are_no_history() -> None:
    mail = b"From: a@b.no\n\nOur table:\n\n| Para | Comment |\n| PP2 | Fine |\n| a quoted line\n"
    roles = {"".join(run.text for run in b.runs): b.role for b in open_mail(mail).body.blocks if b.runs}
    assert roles == {
        "Our table:": "own",
        "| Para | Comment |": "own",
        "| PP2 | Fine |": "own",
        "| a quoted line": "quoted",
    }
