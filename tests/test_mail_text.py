"""A mail's text as its page shows it: Parts, passages, what is folded, what comes before each sentence."""

import pytest
from fixture_inbox import outcomes

from api.mail_text import LONG, MailText, ShownSentence, mail_text
from consultation.facts import EditFact
from consultation.sentences import SentenceFact, sentence_facts
from parsing.model import Edit, OutcomeKind


def text_of(*said: tuple[str, ...], source: str = "body") -> MailText:
    return mail_text(sentence_facts(outcomes(source, *said), ()))


@pytest.mark.parametrize(
    ("texts", "gaps"),
    [
        (("A. ", "B."), ["blank", ""]),
        (("A.\n", "B."), ["blank", "line"]),
        (("A.", "\nB."), ["blank", "line"]),
        (("A.\r\n", "B."), ["blank", "line"]),
        (("A.\n \n", "B."), ["blank", "blank"]),
        (("A.\n", "\nB."), ["blank", "blank"]),
    ],
)
def test_the_breaks_of_the_original_are_kept(texts: tuple[str, ...], gaps: list[str]) -> None:
    (part,) = text_of(*(("courtesy", text) for text in texts)).parts
    shown = [one for passage in part.passages for one in passage.sentences]
    assert [one.gap for one in shown] == gaps
    assert [one.text for one in shown] == ["A.", "B."]


@pytest.mark.parametrize(
    ("kind", "length", "folded"),
    [
        ("quoted", LONG + 1, True),
        ("official text", LONG + 1, True),
        ("quoted", LONG, False),
        ("courtesy", LONG + 1, False),
        ("unread", LONG + 1, False),
        ("edit", LONG + 1, False),
    ],
)
def test_long_runs_of_known_words_are_folded(kind: OutcomeKind, length: int, folded: bool) -> None:
    (part,) = text_of((kind, "x" * (length - 1)), (kind, "x")).parts
    assert [passage.folded for passage in part.passages] == [folded]


def test_what_is_unread_within_quoted_history_is_not_folded_with_it() -> None:
    (part,) = text_of(("quoted", "x" * LONG), ("quoted", "y"), ("unread", "Delete OP5."), ("quoted", "z")).parts
    assert [(passage.kind, passage.folded) for passage in part.passages] == [
        ("quoted", True), ("unread", False), ("quoted", False),
    ]  # fmt: skip


def test_each_part_has_its_counts_and_they_add_up() -> None:
    body = outcomes("body", ("edit", "a"), ("unread", "b"), ("edit", "c"))
    file = outcomes("a.docx", ("unread", "d"), ("place", "e"))
    found = mail_text(sentence_facts((*body, *file), ()))
    assert [(part.source, dict(part.counts)) for part in found.parts] == [
        ("body", {"edit": 2, "unread": 1}),
        ("a.docx", {"unread": 1, "place": 1}),
    ]
    assert dict(found.counts) == {"edit": 2, "unread": 2, "place": 1}
    assert (found.total, sum(part.total for part in found.parts)) == (5, 5)


def test_a_mail_inside_that_stands_in_the_same_part_has_a_text_of_its_own() -> None:
    body = outcomes("body", ("courtesy", "FYI\n"), ("quoted", "Delete OP5."))
    inner = SentenceFact(2, "body", 4, 15, "edit", "Delete OP5.")
    found = mail_text((*sentence_facts(body, ()), inner))
    assert [dict(part.counts) for part in found.parts] == [{"courtesy": 1, "quoted": 1}, {"edit": 1}]


def test_each_unread_sentence_leads_to_the_next_in_whatever_part() -> None:
    body, file = outcomes("body", ("unread", "a"), ("edit", "b")), outcomes("a.docx", ("unread", "c"))
    found = mail_text(sentence_facts((*body, *file), ()))
    shown = [one for part in found.parts for passage in part.passages for one in passage.sentences]
    assert (found.first_unread, [one.next_unread for one in shown]) == (0, [2, None, None])


IN_WORD = [
    ("deleted and inserted side by side", "Improve the effectivenessreach of it;", ["effectiveness>reach"],
     [("Improve the ", "kept"), ("effectiveness", "deleted"), ("reach", "inserted"), (" of it;", "kept")]),
    ("several", "Improve and Halt loss", [">and ", "loss>"],
     [("Improve ", "kept"), ("and ", "inserted"), ("Halt ", "kept"), ("loss", "deleted")]),
    ("at several places", "the loss of the", ["the>"], [("the loss of the", "kept")]),
    ("one that is not found", "Improve and Halt", [">and ", "loss>"], [("Improve and Halt", "kept")]),
    ("one over another", "abcd", ["abc>", "bcd>"], [("abcd", "kept")]),
    ("none", "abc", [], [("abc", "kept")]),
]  # fmt: skip


@pytest.mark.parametrize(("_why", "text", "changes", "segments"), IN_WORD)
def test_tracked_changes_are_marked_in_a_sentence(
    _why: str, text: str, changes: list[str], segments: list[tuple[str, str]]
) -> None:
    pairs = [change.split(">") for change in changes]
    edits = [Edit("OP5", "replace", 0, 1, old, new) for old, new in pairs]
    facts = tuple(EditFact(str(n), edit, edit, 0, 1) for n, edit in enumerate(edits))
    sentence = ShownSentence(SentenceFact(0, "a.docx", 0, len(text), "edit", text), "", edits=facts)
    assert [(one.text, one.kind) for one in sentence.segments if one.text] == segments


def test_what_was_marked_by_hand_in_a_body_does_not_read_as_kept() -> None:
    """Struck and red words stand beside each other in the text of the body."""
    edit = Edit("OP5", "replace", 0, 4, "halt", "reverse", origin="formatting")
    said = SentenceFact(0, "body", 0, 30, "edit", "We must haltreverse the loss.", ("1",))
    sentence = ShownSentence(said, "", edits=(EditFact("1", edit, edit, 0, 1),))
    assert [(one.text, one.kind) for one in sentence.segments] == [
        ("We must ", "kept"), ("halt", "deleted"), ("reverse", "inserted"), (" the loss.", "kept"),
    ]  # fmt: skip


def test_an_instruction_is_shown_as_it_was_written() -> None:
    edit = Edit("OP5", "insert", 0, 0, "", "the", origin="instruction")
    sentence = ShownSentence(
        SentenceFact(0, "body", 0, 8, "edit", "Add: the"), "", edits=(EditFact("1", edit, edit, 0, 1),)
    )
    assert [one.kind for one in sentence.segments] == ["kept"]


def test_an_edit_knows_the_sentences_that_state_it() -> None:
    said = [SentenceFact(n, "body", n, n + 1, "edit", "x", edits) for n, edits in enumerate([("a",), ("a", "b"), ()])]
    assert mail_text(said).sentences_of == {"a": [0, 1], "b": [1]}
