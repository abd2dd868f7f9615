"""What is deleted and inserted in the words of a Part: none of it reads as kept."""

import pytest

from consultation.marks_in_text import TextInPieces, marked_text
from parsing.model import Edit, Origin

OFFICIAL = "Improve the effectiveness of a system, and of the areas; halt the loss, the waste;"


def edit(old: str, new: str, nth: int = 0, origin: Origin = "tracked-change") -> Edit:
    """The nth `old` of OFFICIAL becomes `new`; "a|b" is the point between them."""
    words = old.replace("|", "")
    start = -1
    for _ in range(nth + 1):
        start = OFFICIAL.index(words, start + 1)
    if "|" in old:
        start, words = start + old.index("|"), ""
    action = "insert" if not words else "replace" if new else "delete"
    return Edit("OP5", action, start, start + len(words), words, new, origin=origin)  # type: ignore[arg-type]  # is one


def shown(found: TextInPieces) -> str:
    """The text with [-what is deleted-] and {+inserted+}."""
    marks = {"kept": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return "".join(marks[one.kind].format(one.text) for one in found.segments if one.text)


CASES = [
    ("one for the other, side by side", "Improve the effectivenessreach of a system", [edit("effectiveness", "reach")],
     "Improve the [-effectiveness-]{+reach +}of a system"),
    ("with a space between", "Improve the effectiveness reach of a system", [edit("effectiveness", "reach")],
     "Improve the [-effectiveness -]{+reach +}of a system"),
    ("the new one first", "Improve the reach effectiveness of a system", [edit("effectiveness", "reach")],
     "Improve the {+reach +}[-effectiveness -]of a system"),
    ("struck, and nothing beside it", "Improve the effectiveness of a system", [edit(" of a system", "")],
     "Improve the effectiveness [-of a system-]"),
    ("a word that is there more than once", "halt the loss, the waste;", [edit("the", "", 2)],
     "halt [-the -]loss, the waste;"),
    ("a comma", "halt the loss, the waste;", [edit(",", "", 1)], "halt the loss[-, -]the waste;"),
    ("several", "Improve and Halt the reach of a system,", [edit("Improve| the", " and Halt"),
                                                             edit("effectiveness of", "reach of")], None),
    ("behind its number", "5. Improve the effectiveness reach of a", [edit("effectiveness", "reach")],
     "5. Improve the [-effectiveness -]{+reach +}of a"),
    ("all of it, behind its number", "5. Improve the effectiveness", [edit("Improve the effectiveness", "")],
     "5. [-Improve the effectiveness-]"),
    ("with other breaks", "Improve the\n effectiveness  reach of a", [edit("effectiveness", "reach")],
     "Improve the\n [-effectiveness  -]{+reach +}of a"),
    ("a whole paragraph that is struck", OFFICIAL, [Edit("OP5", "delete_paragraph", origin="formatting")],
     f"[-{OFFICIAL}-]"),
    ("a whole one that is new", "Protect oceans;", [Edit("OP5", "add_paragraph", new="Protect oceans;",
                                                          origin="tracked-change")], "{+Protect oceans;+}"),
    ("an instruction", "Add: reach", [edit("effectiveness", "reach", origin="instruction")], "Add: reach"),
    ("nothing", "Improve the", [], "Improve the"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "edits", "marked"), CASES)
def test_what_is_deleted_and_inserted_is_marked(why: str, text: str, edits: list[Edit], marked: str | None) -> None:
    found = marked_text(text, edits, {"OP5": OFFICIAL})
    assert "".join(one.text for one in found.segments) == text, why
    if marked is not None:
        assert shown(found) == marked
        assert found.is_sure


UNSURE = [
    ("at several places of other words", "the loss of the", [edit("the", "")], "the loss of the"),
    ("one that is not there", "We welcome reach as it is", [edit("effectiveness", "reach")],
     "We welcome reach as it is"),
    ("one of two that is", "Sentence: drop effectiveness here", [edit("effectiveness", ""), edit("a system", "")],
     "Sentence: drop [-effectiveness -]here"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "edits", "marked"), UNSURE)
def test_where_not_all_is_found_it_says_so(why: str, text: str, edits: list[Edit], marked: str) -> None:
    found = marked_text(text, edits, {"OP5": OFFICIAL})
    assert shown(found) == marked, why
    assert not found.is_sure
