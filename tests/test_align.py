"""Where the changes of a file are in the official text."""

import pytest
from replay import replayed
from small import SMALL, told, version
from specimen import Comment, bare_word, ins, p, r, word

from parsing.formats.word import read_word
from parsing.placing.align import Aligned, align
from parsing.text.words import plain
from store.shipped import shipped_draft

PP1, PP2, PP3 = (SMALL.text(label) for label in ("PP1", "PP2", "PP3"))
OP1, OP2, OP3 = (SMALL.text(label) for label in ("OP1", "OP2", "OP3"))


def _aligned(paragraphs: list[str], comments: tuple[Comment, ...] = ()) -> Aligned:
    return align(read_word(word(*paragraphs, comments=comments)), SMALL, "file.docx")


def _changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("label", "text", "edits"),
    [
        ("PP2", _changed(PP2, "the goals", "the {+global +}goals"), [("insert", "", "global ")]),
        ("PP2", _changed(PP2, "ongoing ", "[-ongoing -]"), [("delete", "ongoing ", "")]),
        ("PP2", _changed(PP2, "loss", "[-loss-]{+decline+}"), [("replace", "loss", "decline")]),
        ("PP2", _changed(PP2, "loss", "[-loss-]{+decline|Bo+}"), [("delete", "loss", ""), ("insert", "", "decline")]),
        ("PP2", _changed(PP2, "goals", "goal[-s-]"), [("delete", "s", "")]),
        ("OP2", "2. " + _changed(OP2, "“Nature", "{+ecosystems and +}“Nature"), [("insert", "", "ecosystems and ")]),
        ("OP2", "[-2. -]{+3. +}" + OP2, []),
        ("OP2", OP2.replace("“", '"').replace("”", '"').replace("-", "\u2011"), []),
        ("OP2", "2.\u00a0" + OP2.replace("food", "food\u00ad").replace(" and", "  and"), []),
        ("PP2", _changed(PP2, "loss", "{+net +}\u200bloss"), [("insert", "", "net ")]),
        ("PP2", "{+Gravely +}\u00ad" + PP2, [("insert", "", "Gravely ")]),
        ("PP2", PP2 + "{+ and beyond+}\u200e", [("insert", "", " and beyond")]),
        ("title", "# KUNMING DECLARATION", []),
    ],
)
def test_a_tracked_change_stands_at_its_official_offsets(label: str, text: str, edits: list[tuple[str, ...]]) -> None:
    found = _aligned(version(**{label: text})).edits
    assert [(e.action, e.old, e.new) for e in found] == edits
    assert all(e.paragraph == label and SMALL.text(label)[e.start : e.end] == e.old for e in found)
    assert {e.origin for e in found} <= {"tracked-change"}


def test_a_change_inside_a_word_is_shown_with_the_whole_word() -> None:
    edit = _aligned(version(PP2=_changed(PP2, "jeopardizes", "jeopardize[-s-]{+d+}"))).edits[0]
    assert (edit.old, edit.new, edit.evidence) == ("s", "d", "jeopardizes → jeopardized")


def test_a_change_without_tracking_beside_tracked_ones_is_silent() -> None:
    text = version(
        PP2=_changed(PP2, "loss", "{+net +}loss"), OP1="1. " + _changed(OP1, "protect wild", "conserve wild")
    )
    silent = _aligned(text).edits[1]
    assert (silent.paragraph, silent.old, silent.new, silent.origin, silent.needs_review) == (
        "OP1", "protect", "conserve", "silent-change", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("paragraphs", "edits"),
    [
        (version(OP1="1. " + OP1.replace("everywhere", "on land")), [("OP1", "replace", "everywhere", "on land")]),
        (version(PP3=None), [("PP3", "delete_paragraph", PP3, "")]),
        ([*version()[:3], "Welcoming the work of young people for nature,", *version()[3:]],
         [("PP2", "add_paragraph", "", "Welcoming the work of young people for nature,")]),
        ([*version()[:7], "Promote climate-friendly aquaculture;", *version()[7:]],
         [("OP2", "add_paragraph", "", "Promote climate-friendly aquaculture;")]),
        ([*version(PP1=None)[:3], PP1, *version(PP1=None)[3:]], [("PP1", "move_paragraph", PP1, "PP3")]),
    ],
)  # fmt: skip
def test_a_retyped_file_is_compared(paragraphs: list[str], edits: list[tuple[str, ...]]) -> None:
    found = _aligned(paragraphs).edits
    assert told(found) == edits
    assert {e.origin for e in found} == {"comparison"}


@pytest.mark.parametrize(
    ("typed", "edit"),
    [
        ("Promote aquaculture;", ("OP2", "add_paragraph", "", "Promote aquaculture;")),
        ("保护授粉昆虫及其栖息地；", ("OP2", "add_paragraph", "", "保护授粉昆虫及其栖息地；")),
        ("New para: Promote the use of water;", ("OP2", "add_paragraph", "", "Promote the use of water;")),
        ("[New paragraph: Promote the use of water;]", ("OP2", "add_paragraph", "", "Promote the use of water;")),
        ("New OP after OP1: Promote the use of water;", ("OP1", "add_paragraph", "", "Promote the use of water;")),
        ("[Uganda: we cannot accept this.]", ("OP2", "comment", "", "[Uganda: we cannot accept this.]")),
        ("(Uganda) unclear", ("OP2", "comment", "", "(Uganda) unclear")),
        ("Could this open the text?", ("OP2", "comment", "", "Could this open the text?")),
    ],
)  # fmt: skip
def test_what_is_typed_between_paragraphs_is_a_new_one_or_a_remark(typed: str, edit: tuple[str, ...]) -> None:
    assert told(_aligned([*version()[:7], typed, *version()[7:]]).edits) == [edit]


def test_excerpts_in_another_order_are_no_moves() -> None:
    assert told(_aligned(["3. " + OP3.replace("reform", "{+all +}reform"), PP2, PP3]).edits) == [
        ("OP3", "insert", "", "all ")
    ]


def test_a_paragraph_split_or_merged_without_tracking_is_told_as_that() -> None:
    cut = PP3.index("to reduce")
    rows = [*version(PP3=None)[:3], PP3[:cut], PP3[cut:], *version(PP3=None)[3:]]
    assert [(e.action, e.new, e.intent) for e in _aligned(rows).edits] == [("insert", "\n", "split")]
    rows = [*version()[:2], f"{PP2} {PP3}", *version()[4:]]
    assert [(e.paragraph, e.action, e.intent) for e in _aligned(rows).edits] == [
        ("PP2", "insert", "merge"), ("PP3", "delete_paragraph", "merge"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("paragraphs", "edits"),
    [
        (
            [*version()[:3], "{+Welcoming the summit,+}{+¶+}", *version()[3:]],
            [("PP2", "add_paragraph", "", "Welcoming the summit,")],
        ),
        (version(PP2=f"[-{PP2}-][-¶-]"), [("PP2", "delete_paragraph", PP2, "")]),
        (version(PP2=f"[-{PP2}-]"), [("PP2", "delete_paragraph", PP2, "")]),
        (
            [*version(PP1=f"[<m:{PP1}¶<]")[:3], f"{{>m:{PP1}¶>}}", *version()[3:]],
            [("PP1", "move_paragraph", PP1, "PP2")],
        ),
        (version(PP2=PP2 + "[-¶-]"), [("PP2", "insert", "", PP3), ("PP3", "delete_paragraph", PP3, "")]),
    ],
)
def test_paragraphs_are_added_removed_moved_and_merged_by_their_marks(
    paragraphs: list[str], edits: list[tuple[str, ...]]
) -> None:
    assert told(_aligned(paragraphs).edits) == edits


def test_a_moved_paragraph_keeps_the_changes_made_on_the_way() -> None:
    new = PP1.replace("vision", "shared vision")
    rows = [*version(PP1=f"[<m:{PP1}¶<]")[:3], f"{{>m:{new}¶>}}", *version()[3:]]
    assert told(_aligned(rows).edits) == [("PP1", "insert", "", "shared "), ("PP1", "move_paragraph", PP1, "PP2")]


def test_what_one_author_undoes_of_another_is_told_and_changes_nothing() -> None:
    edits = _aligned(version(PP2=_changed(PP2, "loss", "{+net [-and gross |Bo-]+}loss"))).edits
    assert [(e.action, e.new, e.author) for e in edits] == [("insert", "net ", "Ann"), ("comment", "", "Bo")]
    assert edits[1].comment == "Bo deletes what Ann had inserted: and gross"


def test_a_file_on_another_base_says_so_once() -> None:
    other = [
        text.replace("the ", "all those ").replace("and ", "or else ").replace("that ", "how ") for text in version()
    ]
    other[2] = other[2].replace("goals", "{+SDG +}goals")
    found = _aligned(other)
    assert [e.origin for e in found.edits] == ["tracked-change"]
    assert len(found.problems) == 1
    assert found.problems[0].problem.startswith("the file is based on another version of the draft")


def test_a_text_that_is_no_version_of_the_draft_is_left_alone() -> None:
    text = read_word(
        word("Dear Sir,", "we propose to change paragraph 1 as follows:", OP1.replace("areas", "places"), "Yours,")
    )
    assert align(text, SMALL, "file") == Aligned(rest=text.blocks)


def test_what_the_file_says_beside_the_draft_is_left_in_rest() -> None:
    found = _aligned(["Comments of our Government", *version(), "We thank the secretariat."])
    assert ["".join(run.text for run in block.runs) for block in found.rest] == [
        "Comments of our Government", "We thank the secretariat.",
    ]  # fmt: skip


def test_a_remark_between_the_paragraphs_is_a_comment_there() -> None:
    rows = [*version()[:3], "Rationale: the goals are those of 2015.", *version()[3:]]
    assert told(_aligned(rows).edits) == [("PP2", "comment", "", "Rationale: the goals are those of 2015.")]


def test_a_tracked_change_beside_the_draft_is_unplaced() -> None:
    found = _aligned(["Letter of [-May-]{+June+}", *version()])
    assert [one.text for one in found.unplaced] == ["Letter of [-May-]{+June+}"]


# --- comments ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "text", "words"),
    [
        ("PP2", _changed(PP2, "ongoing loss", "(1:ongoing loss)"), "ongoing loss"),
        ("PP2", _changed(PP2, "ongoing", "{+net +}(1:ongoing)"), "ongoing"),
        ("PP2", _changed(PP2, "ongoing", "[-(1:ongoing)-]"), "ongoing"),
        ("PP2", _changed(PP2, "ongoing", "{+(1:net )+}ongoing"), ""),
        ("OP1", "1. (1:" + OP1 + ")", OP1),
    ],
)
def test_a_comment_has_its_range_in_the_official_text(label: str, text: str, words: str) -> None:
    found = _aligned(version(**{label: text}), (Comment("Why?"),)).edits
    comment = next(e for e in found if e.action == "comment")
    assert (comment.paragraph, comment.old, comment.comment, comment.origin) == (label, words, "Why?", "margin-comment")
    assert SMALL.text(label)[comment.start : comment.end] == words


def test_a_comment_on_a_new_paragraph_stands_at_the_one_it_follows() -> None:
    rows = [*version()[:3], "{+(1:Welcoming the summit),+}{+¶+}", *version()[3:]]
    comment = next(e for e in _aligned(rows, (Comment("Good."),)).edits if e.action == "comment")
    assert (comment.paragraph, comment.start) == ("PP2", None)


def test_a_comment_in_a_note_stands_where_the_note_is_referred_to() -> None:
    cut = PP2.index("loss")
    body = "".join(p(r(text)) for text in version()[:2])
    body += p(r(PP2[:cut]), "<w:r><w:footnoteReference w:id='2'/></w:r>", r(PP2[cut:]))
    body += "".join(p(r(text)) for text in version()[3:])
    anchor = "<w:commentRangeStart w:id='1'/>" + r("see there") + "<w:commentRangeEnd w:id='1'/>"
    parts = {
        "footnotes": f"<w:footnote w:id='2'>{p(anchor)}</w:footnote>",
        "comments": f"<w:comment w:id='1'>{p(r('Where?'))}</w:comment>",
    }
    edit = align(read_word(bare_word(body, parts)), SMALL, "file").edits[0]
    assert (edit.paragraph, edit.start, edit.end) == ("PP2", cut, cut)


def test_answers_and_resolved_comments_say_so() -> None:
    rows = version(PP2=_changed(PP2, "ongoing loss", "(1:ongoing loss)"))
    found = _aligned(rows, (Comment("Why?", done=True), Comment("Because.", "Bo", parent=1))).edits
    assert [(e.comment, e.author, e.intent) for e in found] == [
        ("Why?", "Ann", "resolved"), ("Because.", "Bo", "resolved"),
    ]  # fmt: skip
    assert found[1].evidence == "in answer to Ann: Why?"


def test_a_comment_without_a_place_is_general() -> None:
    body = "".join(p(r(text)) for text in version()) + p(ins("x"))
    comments = f"<w:comment w:id='1'>{p(r('In all.'))}</w:comment>"
    edits = align(read_word(bare_word(body, {"comments": comments})), SMALL, "file").edits
    assert ("general", "comment", "", "In all.") in told(edits)


@pytest.mark.parametrize(
    ("comment", "asked"),
    [
        ("Delete.", [("delete", "ongoing loss", "")]),
        ("Replace “loss” with “decline”", [("replace", "loss", "decline")]),
        ("We strongly support these words and cannot accept their deletion.", []),
        ("Could this be explained?", []),
    ],
)
def test_what_a_comment_asks_for_in_plain_words_is_a_change_for_a_person(
    comment: str, asked: list[tuple[str, ...]]
) -> None:
    found = _aligned(version(PP2=_changed(PP2, "ongoing loss", "(1:ongoing loss)")), (Comment(comment),)).edits
    assert [(e.action, e.old, e.new) for e in found if e.action != "comment"] == asked
    assert all(e.needs_review for e in found if e.action != "comment")
    assert [e.comment for e in found if e.action == "comment"] == [comment]


def test_a_paragraph_deleted_and_written_anew_beside_it_is_one_that_was_changed() -> None:
    rows = [*version(PP2=f"[-{PP2}-][-¶-]")[:3], f"{{+{PP2.replace('loss', 'decline')}+}}{{+¶+}}", *version()[3:]]
    assert told(_aligned(rows).edits) == [("PP2", "replace", "loss", "decline")]


def test_the_draft_in_a_table_beside_something_else_is_compared() -> None:
    rows = [[text, "–"] for text in version(PP2=_changed(PP2, "loss", "[-loss-]{+decline+}"))]
    found = align(read_word(word("Annex", rows)), SMALL, "file")
    assert told(found.edits) == [("PP2", "replace", "loss", "decline")]


def test_paragraphs_inserted_after_the_last_one_are_new_ones_and_what_follows_is_not() -> None:
    rows = [
        *version(),
        "{+Thank our hosts for the summit;+}{+¶+}",
        "{+Meet again next year.+}{+¶+}",
        "Yours sincerely,",
    ]
    found = _aligned(rows)
    assert told(found.edits) == [
        ("OP3", "add_paragraph", "", "Thank our hosts for the summit;"),
        ("OP3", "add_paragraph", "", "Meet again next year."),
    ]
    assert ["".join(run.text for run in block.runs) for block in found.rest] == ["Yours sincerely,"]


@pytest.mark.parametrize("last", [True, False])
def test_of_two_copies_of_the_draft_the_changed_one_counts(*, last: bool) -> None:
    copies = [version(), version(OP1="1. " + OP1.replace("everywhere", "on land"))]
    first, second = copies if last else reversed(copies)
    found = _aligned([*first, "The same again:", *second])
    assert told(found.edits) == [("OP1", "replace", "everywhere", "on land")]


def test_a_version_pasted_over_the_draft_with_tracking_is_compared_with_it() -> None:
    gone = [f"[-{paragraph.text}-][-¶-]" for paragraph in SMALL.paragraphs]
    new = [f"{{+{text}+}}{{+¶+}}" for text in version(OP1="1. " + OP1.replace("everywhere", "on land"))]
    edit = _aligned([*gone, *new, "End"]).edits[0]
    assert (edit.paragraph, edit.old, edit.new, edit.origin, edit.author) == (
        "OP1", "everywhere", "on land", "tracked-change", "Ann",
    )  # fmt: skip


def test_brackets_put_around_words_say_so() -> None:
    found = _aligned(version(OP1="1. [" + OP1[:-1] + "];")).edits
    assert [(e.new, e.intent) for e in found] == [("[", "bracket"), ("]", "bracket")]


def test_paragraphs_run_together_and_moved_are_told_as_both() -> None:
    draft = shipped_draft()
    texts = {p.label: p.text for p in draft.paragraphs}
    texts["OP10"] += " " + texts.pop("OP11")
    texts["OP11"] = texts.pop("OP9")
    order = sorted(texts, key=[p.label for p in draft.paragraphs].index)
    file = [texts[label] for label in order]
    edits = align(read_word(word(*file)), draft, "file").edits
    assert replayed(draft, edits) == [plain(text) for text in file]
