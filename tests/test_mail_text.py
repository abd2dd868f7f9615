"""A mail's text as its page shows it: Parts, passages, what is folded, what comes before each sentence."""

import pytest
from fixture_inbox import outcomes

from api.mail_text import LONG, MailText, mail_text
from consultation.sentences import SentenceFact, sentence_facts
from parsing.model import OutcomeKind


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
    assert [one.marked.segments[0].text for one in shown] == ["A.", "B."]


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
