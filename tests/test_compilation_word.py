"""The Word compilation: read back by our own reader it is what each Party proposes, and rejected the official text."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import SMALL
from specimen_compilation import (
    DRAFT,
    NAMES,
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

from compilation.word import tracked
from parsing.model import Draft, Edit
from parsing.text.words import plain

Said = dict[str, list[Edit]]


def lines_for(said: Said, code: str, draft: Draft = DRAFT) -> list[str]:
    """What our reader says that a Party wants, by the rule of the comments."""
    text = read_back(tracked(compiled(said, draft)))
    return lines_of(text, as_wanted_by(NAMES[code], text))


# --- the rule, by example ----------------------------------------------------------------------------


def test_with_all_changes_rejected_it_is_the_official_text() -> None:
    said = {
        "NOR": [change("OP5", "Improve", "Raise"), Edit("OP6", "delete_paragraph")],
        "CHE": [change("OP5", "Improve", "Increase"), Edit("PP1", "add_paragraph", new="Recalling more,")],
    }
    assert lines_of(read_back(tracked(compiled(said))), rejected) == official_lines()


def test_each_change_stands_under_its_partys_name_with_the_date_of_its_mail() -> None:
    text = read_back(tracked(compiled({"NOR": [change("OP5", "Improve", "Raise")]})))
    runs = [run for block in text.blocks for run in block.runs if run.mark != "kept"]
    assert [(run.text, run.mark, run.author) for run in runs] == [
        ("Improve", "deleted", "Norway"),
        ("Raise", "inserted", "Norway"),
    ]
    assert {datetime.fromisoformat(run.date or "") for run in runs} == {
        compiled({}).made_at.replace(day=3, hour=12, minute=1)
    }


def test_colliding_words_are_deleted_once_and_the_alternatives_follow_in_order() -> None:
    said = {"NOR": [change("OP5", "Improve", "Raise")], "CHE": [change("OP5", "Improve", "Increase")],
            "JPN": [change("OP5", "Improve the", "The")]}  # fmt: skip
    text = read_back(tracked(compiled(said)))
    runs = [(run.text, run.mark, run.author) for block in text.blocks for run in block.runs if run.mark != "kept"]
    assert runs == [
        ("Improve the", "deleted", "Japan"),
        ("The", "inserted", "Japan"),
        ("Raise the", "inserted", "Norway"),
        ("Increase the", "inserted", "Switzerland"),
    ]
    comment = next(one.text for one in text.comments if one.text.startswith("Proposals for"))
    assert comment.split("\n") == [
        "Proposals for “Improve the”:", "Japan: “The”", "Norway: “Raise the”", "Switzerland: “Increase the”",
    ]  # fmt: skip


def test_alike_proposals_stand_once_and_a_comment_names_all() -> None:
    said = {
        "NOR": [change("OP5", "the| effectiveness", " full")],
        "CHE": [change("OP5", "the |effectiveness", "full ")],
    }
    text = read_back(tracked(compiled(said)))
    runs = [(run.text, run.author) for block in text.blocks for run in block.runs if run.mark != "kept"]
    assert runs == [(" full", "Norway")]
    assert "Same proposal: Norway, Switzerland" in [comment.text for comment in text.comments]


def test_a_deletion_over_several_changes_of_others_leaves_them_readable() -> None:
    gone = "Improve the effectiveness of area-based conservation and management"
    said = {"JPN": [change("OP5", gone, "")], "NOR": [change("OP5", "Improve", "Raise")],
            "CHE": [change("OP5", "conservation and management", "conservation")]}  # fmt: skip
    text = read_back(tracked(compiled(said)))
    inserted = [(run.text, run.author) for block in text.blocks for run in block.runs if run.mark == "inserted"]
    assert inserted == [("Raise", "Norway")]
    for code, edits in said.items():
        assert lines_of(text, as_wanted_by(NAMES[code], text)) == proposed_lines(edits)


def test_a_paragraph_is_deleted_with_its_number_and_its_mark() -> None:
    assert lines_for({"NOR": [Edit("OP5", "delete_paragraph")]}, "NOR") == [
        line for line in official_lines() if not line.startswith("5.")
    ]


def test_a_move_is_a_deletion_and_an_insertion() -> None:
    said = {"NOR": [Edit("OP5", "move_paragraph", to="OP7"), change("OP5", "Improve", "Raise")]}
    text = read_back(tracked(compiled(said)))
    assert lines_of(text, of_one("Norway")) == proposed_lines(said["NOR"])
    assert "Moved here from OP5" in [comment.text for comment in text.comments]


def test_a_split_is_an_inserted_paragraph_mark() -> None:
    said = {"NOR": [change("OP5", "area-based| conservation", "\n")]}
    text = read_back(tracked(compiled(said)))
    assert lines_of(text, rejected) == official_lines()
    assert lines_of(text, of_one("Norway")) == proposed_lines(said["NOR"])


def test_a_change_at_the_first_word_leaves_the_number() -> None:
    said = {"NOR": [change("OP5", "|Improve", "Urgently ")], "CHE": [change("OP5", "Improve", "Raise")]}
    text = read_back(tracked(compiled(said)))
    for code, edits in said.items():
        assert lines_of(text, of_one(NAMES[code])) == proposed_lines(edits)


def test_contradicting_edits_of_one_party_are_both_there() -> None:
    said = {"NOR": [change("OP5", "Improve", "Raise"), change("OP5", "Improve the", "Double the")]}
    text = read_back(tracked(compiled(said)))
    inserted = [run.text for block in text.blocks for run in block.runs if run.mark == "inserted"]
    assert inserted == ["Raise / Double"]


def test_comments_are_word_comments_at_their_words() -> None:
    at = DRAFT.text("OP5").index("effectiveness")
    said = [
        Edit("OP5", "comment", at, at + 13, comment="What is it?", origin="margin-comment"),
        Edit("OP1", "comment", comment="Good."),
        Edit("general", "comment", comment="Shorter, please."),
    ]
    text = read_back(tracked(compiled({"NOR": said})))
    stream = "\n".join(block.text for block in text.blocks)
    own = {one.text: stream[one.start : one.end] for one in text.comments if one.author == "Norway"}
    assert own["What is it?"] == "effectiveness"
    assert own["Good."] == f"1.\t{DRAFT.text('OP1')}"
    assert own["Shorter, please."] == "Kunming Declaration"


def test_a_reason_stands_at_its_change_under_the_partys_name() -> None:
    said = {"NOR": [change("OP5", "Improve", "Raise", comment="It can be measured.")]}
    text = read_back(tracked(compiled(said)))
    stream = "\n".join(block.text for block in text.blocks)
    found = next(one for one in text.comments if one.text == "It can be measured.")
    assert (found.author, stream[found.start : found.end]) == ("Norway", "ImproveRaise")


def test_the_first_comment_says_what_it_is_and_what_is_not_in_it() -> None:
    said = {"NOR": [change("OP5", "Improve", "Raise")]}
    text = read_back(tracked(compiled(said)))
    assert text.comments[0].text.startswith(
        "Draft: Kunming Declaration, Revised Zero Draft\nMade: 8 September 2021, 06:30 UTC"
    )
    assert "Proposals: 1 edit, 0 comments" in text.comments[0].text


def test_a_compilation_of_nothing_is_the_official_text_and_says_so() -> None:
    text = read_back(tracked(compiled({})))
    assert lines_of(text, rejected) == official_lines()
    assert "Empty: No proposal and no comment fits this choice." in text.comments[0].text


ODD = [
    "\x00\x0b bad \ufffe",
    "\ud800",
    "العربية من اليمين",
    "=1+1",
    "a\tb",
    'x < y & z > "q" \']]>',
    "\u2028line",
    "𠮷",
]


@pytest.mark.parametrize("new", ODD)
def test_characters_that_word_forbids_do_not_break_the_file(new: str) -> None:
    said = {"NOR": [change("OP5", "Improve", new), Edit("OP6", "comment", comment=new)]}
    text = read_back(tracked(compiled(said)))
    assert lines_of(text, rejected) == official_lines()
    assert any(run.mark == "inserted" for block in text.blocks for run in block.runs)


@pytest.mark.long
def test_ten_thousand_edits_make_a_file() -> None:
    said = {code: [change("OP5", "Improve", f"{code} {n}") for n in range(1000)] for code in CODES[:10]}
    text = read_back(tracked(compiled(said)))
    assert lines_of(text, rejected) == official_lines()
    inserted = "".join(run.text for block in text.blocks for run in block.runs if run.mark == "inserted")
    assert all(f"{code} {n}" in inserted for code in said for n in (0, 500, 999))


# --- the rule, for anything --------------------------------------------------------------------------

CODES = ("NOR", "CHE", "JPN", "BRA", "KEN", "FJI", "CAN", "MEX", "PER", "GHA", "CHL", "NPL")
WORDS = st.lists(
    st.sampled_from(["all", "nature", "and", "the", "العربية", "<b>&", "2030", "ж"]), min_size=1, max_size=3
)
NEW = st.one_of(st.just(""), WORDS.map(" ".join), WORDS.map(lambda words: " " + " ".join(words)), st.just("one\ntwo"))
LABELS = [paragraph.label for paragraph in SMALL.paragraphs]


@st.composite
def text_edits(draw: st.DrawFn, label: str) -> list[Edit]:
    """Edits of one paragraph by one Party, that do not overlap, and may touch."""
    text = SMALL.text(label)
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=6).map(sorted))
    out: list[Edit] = []
    for start, last in zip(cuts[::2], cuts[1::2], strict=False):
        end = draw(st.sampled_from((start, last)))
        new = draw(NEW)
        again = bool(out) and start == end == out[-1].start == out[-1].end
        if (new or end > start) and not again:
            action = "insert" if start == end else "replace" if new else "delete"
            out.append(Edit(label, action, start, end, text[start:end], new))  # type: ignore[arg-type]
    return out


@st.composite
def edits_of_one(draw: st.DrawFn) -> list[Edit]:
    out: list[Edit] = []
    for label in draw(st.lists(st.sampled_from(LABELS), max_size=4, unique=True)):
        match draw(st.sampled_from(("text", "text", "text", "delete", "move", "add"))):
            case "delete":
                out.append(Edit(label, "delete_paragraph", old=SMALL.text(label)))
            case "move":
                to = draw(st.sampled_from([one for one in LABELS if one != label]))
                out.append(Edit(label, "move_paragraph", to=to))
            case "add":
                out += [Edit(label, "add_paragraph", new=" ".join(draw(WORDS))) for _ in range(draw(st.integers(1, 2)))]
            case _:
                out += draw(text_edits(label))
    return out


SAID = st.dictionaries(st.sampled_from(CODES), edits_of_one(), max_size=12)


@pytest.mark.long
@settings(max_examples=60, deadline=timedelta(seconds=20))
@given(SAID)
def test_read_back_it_is_what_each_party_proposes(said: Said) -> None:
    compilation = compiled(said, SMALL)
    content = tracked(compilation)
    assert faults(content) == []
    text = read_back(content)
    assert lines_of(text, rejected) == official_lines(SMALL)
    shared = any(len(one.alternative.by) > 1 for place in compilation.paragraphs for one in place.added)
    for code, edits in said.items():
        found, wanted = _compared(lines_of(text, as_wanted_by(NAMES[code], text))), _compared(_proposed(edits))
        in_order = (lambda lines: lines) if not shared else sorted  # a shared paragraph comes where the first has it
        assert in_order(found) == in_order(wanted)


def _proposed(edits: list[Edit]) -> list[str]:
    """A Party says the same paragraph at one place once."""
    distinct = []
    for edit in edits:
        if edit.action != "add_paragraph" or edit not in distinct:
            distinct.append(edit)
    return proposed_lines(distinct, SMALL)


def _compared(lines: list[str]) -> list[str]:
    return [line for line in map(plain, lines) if line]
