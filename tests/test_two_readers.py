"""What the rules and a model say of the same sentences, put together: pure, no model needed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from parsing.asking.answers import Answer, ModelStatement
from parsing.asking.checked_answers import AnsweredQuestion, Read
from parsing.asking.checking import check_statements
from parsing.asking.schema import OutcomeName
from parsing.asking.two_readers import together
from parsing.model import AskedSentence, Edit, Kind, Outcome, OutcomeKind, Question, Trust
from store.shipped import shipped_draft

DRAFT = shipped_draft()
OP5 = DRAFT.text("OP5")


def change(old: str, new: str, label: str = "OP5", *, sure: bool = True) -> Edit:
    """An edit of the rules; without old words an insertion at the beginning."""
    start = DRAFT.text(label).index(old)
    action = "replace" if old and new else "insert" if new else "delete"
    return Edit(label, action, start, start + len(old), old, new, origin="instruction", needs_review=not sure)  # type: ignore[arg-type]


def remark(label: str, words: str, *, sure: bool = True) -> Edit:
    return Edit(label, "comment", comment=words, origin="table", needs_review=not sure, evidence=words)


def said(sentence: int, words: str, label: str, act: str, **fields: str) -> ModelStatement:
    return ModelStatement((sentence,), words, label, act, **fields)  # type: ignore[arg-type]


def both(
    sentences: Sequence[tuple[str, OutcomeKind, Sequence[int]]],
    edits: Sequence[Edit],
    statements: Sequence[ModelStatement],
    trust: Trust = "verified",
    kind: Kind = "comments",
    outcomes: dict[int, OutcomeName] | None = None,
) -> Read:
    """What is read of sentences (the outcome and the edits that the rules give each) with an answer of a model."""
    own, asked, at = [], [], 0
    for n, (text, outcome, indexes) in enumerate(sentences, 1):
        own.append(Outcome("body.txt", at, at + len(text), outcome, text, tuple(indexes)))
        asked.append(AskedSentence(n, "body.txt", at, at + len(text), text))
        at += len(text) + 1
    question = Question("key", (), tuple(asked))
    answer = Answer(tuple(statements), outcomes or {})
    answered = [AnsweredQuestion(question, answer, check_statements(answer, question, DRAFT))]
    return together(Read(tuple(edits), tuple(own), (), kind), answered, DRAFT, trust)


def shown(read: Read) -> list[tuple[str, str, str, bool]]:
    """Of each edit its place, its words, who read it, and whether it needs review."""
    return [(edit.paragraph, edit.new or edit.comment, edit.read_by, edit.needs_review) for edit in read.edits]


ROW = "OP5 | Improve | Strengthen | more is needed"
ROW_SAID = said(1, ROW, "OP5", "replace", old="Improve", new="Strengthen", reason="more is needed")


def test_a_remark_that_the_model_takes_for_the_reason_of_a_change_is_kept_with_the_change() -> None:
    read = both([(ROW, "remark", [0])], [remark("OP5", "more is needed")], [ROW_SAID])
    assert [(edit.new, edit.comment) for edit in read.edits] == [("Strengthen", "more is needed")]
    assert [(one.kind, one.edits) for one in read.sentences] == [("edit", (0,))]
    assert read.unplaced == ()


def test_a_reason_in_a_sentence_of_its_own_is_one() -> None:
    sentences: list[tuple[str, OutcomeKind, Sequence[int]]] = [
        ("OP5: “Strengthen” instead of “Improve”.", "edit", [0]), ("More is needed.", "remark", [1]),
    ]  # fmt: skip
    rules = [change("Improve", "Strengthen"), remark("OP5", "More is needed.", sure=False)]
    statement = said(1, "“Strengthen” instead of “Improve”", "OP5", "replace", old="Improve", new="Strengthen")
    read = both(sentences, rules, [replace(statement, reason="More is needed.")])
    assert [(edit.new, edit.comment, edit.read_by) for edit in read.edits] == [
        ("Strengthen", "More is needed.", "both")
    ]
    assert [(one.kind, one.edits) for one in read.sentences] == [("edit", (0,)), ("reason", (0,))]


def test_a_remark_on_another_paragraph_is_no_reason() -> None:
    read = both([(ROW, "remark", [0])], [remark("OP6", "more is needed")], [ROW_SAID])
    assert [place for place, *_ in shown(read)] == ["OP6", "OP5"]


def test_the_cells_of_a_row_are_one_remark_where_the_model_takes_them_for_one() -> None:
    row = "OP6 | (no proposal) | We reserve our position."
    rules = [remark("OP6", "(no proposal)", sure=False), remark("OP6", "We reserve our position.", sure=False)]
    read = both([(row, "remark", [0, 1])], rules, [said(1, row, "OP6", "comment", intent="reserve")])
    assert shown(read) == [("OP6", "(no proposal)\nWe reserve our position.", "both", False)]
    assert read.sentences[0].edits == (0,)


def test_a_cell_that_shows_words_of_the_paragraph_is_no_remark_of_its_own() -> None:
    row = "OP5 | protected areas | Which are meant?"
    rules = [remark("OP5", "protected areas"), remark("OP5", "Which are meant?")]
    read = both([(row, "remark", [0, 1])], rules, [said(1, row, "OP5", "comment", intent="question")])
    assert shown(read) == [("OP5", "Which are meant?", "both", False)]


def test_of_two_edits_of_the_rules_that_contradict_each_other_the_one_that_both_read_stays() -> None:
    rules = [change("Improve the", "Strengthen the", sure=False), change("Improve", "Enhance", sure=False)]
    words = "OP5: Strengthen the, not Improve the"
    statement = said(1, words, "OP5", "replace", old="Improve the", new="Strengthen the")
    read = both([(words, "edit", [0, 1])], rules, [statement])
    assert shown(read) == [("OP5", "Strengthen the", "both", False)]
    assert [one.why.partition(";")[0] for one in read.unplaced] == ["the rules: OP5 replace “Improve” “Enhance”"]
    cautious = both([(words, "edit", [0, 1])], rules, [statement], "review")
    assert shown(cautious) == [("OP5", "Strengthen the", "both", False), ("OP5", "Enhance", "rules", True)]


@pytest.mark.parametrize(
    ("sure", "end", "review"),
    [(False, "threats;", False), (True, "threats,;", False)],
)
def test_where_the_signs_alone_differ_those_of_the_model_are_taken_if_the_rules_were_unsure(
    sure: bool, end: str, review: bool
) -> None:
    words = "OP5 should end with: eliminate threats"
    rules = [change("threats to biodiversity", "threats,", sure=sure)]
    statement = said(1, words, "OP5", "delete", old="to biodiversity")
    read = both([(words, "edit", [0])], rules, [statement])
    (edit,) = read.edits
    assert edit.start is not None
    assert (OP5[: edit.start] + edit.new + OP5[edit.end :]).split(" ")[-1] == end
    assert (edit.read_by, edit.needs_review) == ("both", review)


GO = "OP5 can go, or at least say Strengthen."


@pytest.mark.parametrize(
    ("sure", "kept", "unplaced"),
    [
        (True, [("OP5", "Strengthen", "rules", True)], "the rules read otherwise; the model: OP5 delete_paragraph"),
        (False, [("OP5", "", "model", True)],
         "the rules: OP5 replace “Improve” “Strengthen”; the model: OP5 delete_paragraph"),
    ],
)  # fmt: skip
def test_a_paragraph_is_not_both_changed_and_deleted(sure: bool, kept: list[object], unplaced: str) -> None:
    rules = [change("Improve", "Strengthen", sure=sure)]
    read = both([(GO, "edit", [0])], rules, [said(1, "OP5 can go", "OP5", "delete_paragraph")])
    assert shown(read) == kept
    assert [one.why for one in read.unplaced] == [unplaced]


def test_what_the_rules_delete_the_model_does_not_change() -> None:
    rules = [Edit("OP5", "delete_paragraph", origin="instruction")]
    words = "OP5 can go, or at least say Strengthen instead of Improve."
    statement = said(1, words, "OP5", "replace", old="Improve", new="Strengthen")
    read = both([(words, "edit", [0])], rules, [statement])
    assert shown(read) == [("OP5", "", "rules", True)]
    assert "the rules read otherwise" in read.unplaced[0].why


@pytest.mark.parametrize("stance", ["withdrawn", "reported"])
def test_what_the_model_takes_for_no_wish_of_the_sender_is_for_a_person_with_that_word(stance: str) -> None:
    words = "We had thought of Strengthen for Improve, and let it go."
    statement = said(1, words, "OP5", "replace", old="Improve", new="Strengthen", stance=stance)
    read = both([(words, "edit", [0])], [change("Improve", "Strengthen")], [statement])
    assert shown(read) == [("OP5", "Strengthen", "rules", True)]
    assert read.edits[0].evidence == f" (the model: it is {stance})"


AGREES = "We have no comments and support the text as it stands."
ASKS = "When will the next version come?"


@pytest.mark.parametrize(
    ("kind", "words", "intent", "outcome", "kept"),
    [
        ("no-comments", AGREES, "support", "remark", 0),
        ("comments", AGREES, "support", "courtesy", 0),
        ("comments", AGREES, "support", "unread", 1),
        ("announcement", ASKS, "question", "courtesy", 0),
        ("comments", ASKS, "question", "courtesy", 1),
    ],
)
def test_what_the_class_of_the_mail_says_is_no_comment(
    kind: Kind, words: str, intent: str, outcome: OutcomeKind, kept: int
) -> None:
    read = both([(words, outcome, [])], [], [said(1, words, "general", "comment", intent=intent)], kind=kind)
    assert len(read.edits) == kept
    assert [one.kind for one in read.sentences] == (["remark"] if kept else [outcome])
    assert read.unplaced == ()


HIDDEN = "We have no comments but that OP5 should say Strengthen instead of Improve."
HIDDEN_SAID = said(1, HIDDEN, "OP5", "replace", old="Improve", new="Strengthen")


def test_a_proposal_in_a_mail_that_seems_to_have_none_is_for_a_person() -> None:
    read = both([(HIDDEN, "remark", [])], [], [HIDDEN_SAID], kind="no-comments")
    assert shown(read) == [("OP5", "Strengthen", "model", True)]
    assert [one.why for one in read.unplaced] == [
        "the model reads OP5 replace “Improve” “Strengthen”, in a mail that is no-comments"
    ]


def test_in_a_mail_of_nobodys_no_statement_is_an_edit() -> None:
    read = both([(HIDDEN, "courtesy", [])], [], [HIDDEN_SAID], kind="spam")
    assert (read.edits, [one.kind for one in read.sentences]) == ((), ["courtesy"])
    assert [one.why for one in read.unplaced] == ["the model's statement on it was not accepted: the mail is spam"]


def test_a_sentence_beside_the_one_that_a_statement_cites_is_not_its_own() -> None:
    sentences: list[tuple[str, OutcomeKind, Sequence[int]]] = [("Thank you.", "courtesy", []), (HIDDEN, "unread", [])]
    read = both(sentences, [], [replace(HIDDEN_SAID, sentences=(2,))])
    assert [one.edits for one in read.sentences] == [(), (0,)]


def test_what_the_model_takes_an_unread_sentence_for_is_said_and_changes_nothing() -> None:
    read = both([(HIDDEN, "unread", [])], [], [], outcomes={1: "courtesy"})
    assert [(one.kind, one.why) for one in read.sentences] == [("unread", "; the model takes it for courtesy")]
