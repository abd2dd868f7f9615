"""Which changes are editorial, and which of these proposals are easy: tables over pure functions."""

import pytest
from fixture_inbox import DRAFT, Inbox, change, inbox, message, remark, snapshot_of

from consultation.easy_proposals import easy_proposals, short_redline
from consultation.editorial import EditorialKind, editorial_kind, kind_of_change
from parsing.model import Edit

__all__ = ["inbox"]

CASES: list[tuple[str, str, EditorialKind | None]] = [
    ("", ",", "signs"),
    (";", ".", "signs"),
    ("“aaaa”", '"aaaa"', "signs"),
    ("aaaa bbbb", "aaaa-bbbb", "signs"),
    ("aaaa", "Aaaa,", "signs"),
    ("aaaa  bbbb", "aaaa bbbb", "spacing"),
    ("aaaa bbbb", "aaaabbbb", "spacing"),
    ("  ", " ", "spacing"),
    ("aaaa", "Aaaa", "capitals"),
    ("Aaaa Bbbb", "aaaa bbbb", "capitals"),
    ("organise", "organize", "spelling"),
    ("colour", "color", "spelling"),
    ("fulfil", "fulfill", "spelling"),
    ("centre", "center", "spelling"),
    ("judgement", "judgment", "spelling"),
    ("naïve", "naive", "spelling"),
    ("system", "systems", "number or article"),
    ("countries", "country", "number or article"),
    ("", "the", "number or article"),
    ("the", "a", "number or article"),
    ("a system", "systems", "number or article"),
    # what may change what is said
    ("aaaa", "aaaa", None),
    ("aaaa", "bbbb", None),
    ("", "bbbb", None),
    ("aaaa", "", None),
    ("2020", "2030", None),
    ("1.5", "15", None),
    ("30", "30 %", None),
    ("[aaaa]", "aaaa", None),
    ("aaaa and bbbb", "aaaa/bbbb", None),
    ("", "not", None),
    ("no", "now", None),
    ("effective", "ineffective", None),
    ("legal", "illegal", None),
    ("with", "without", None),
    ("shall", "should", None),
    ("should", "shall", None),
    ("may", "must", None),
    ("adopt", "adapt", None),
    ("present", "prevent", None),
    ("prescribe", "proscribe", None),
    ("contact", "contract", None),
    ("policy", "police", None),
    ("united", "untied", None),
    ("developed", "developing", None),
    ("conservation", "conversation", None),
    ("people", "peoples", None),
    ("Kunming", "Kumming", None),
    ("Party", "Parties", None),
    ("us", "US", None),
    ("who", "WHO", None),
    ("Aaaa Bbbb Cccc", "aaaa bbbb cccc", None),
    ("同意加强保护工作", "不同意加强保护工作", None),
    ("نرحب", "لا نرحب", None),
]


@pytest.mark.parametrize(("old", "new", "kind"), CASES)
def test_a_change_is_editorial_where_it_leaves_what_is_said(old: str, new: str, kind: EditorialKind | None) -> None:
    assert kind_of_change(old, new, "en") == kind


def test_articles_and_endings_are_those_of_the_language() -> None:
    kinds = [kind_of_change("aire", "aires", language) for language in ("fr", "ru")]
    assert kinds == ["number or article", None]


def test_a_long_passage_is_judged_by_the_words_that_differ() -> None:
    edit = change("OP5", "establishing effective systems of", "establishing effective system of")
    assert editorial_kind(DRAFT.text("OP5"), edit, "en") == "number or article"
    assert editorial_kind(DRAFT.text("OP5"), Edit("OP5", "delete_paragraph"), "en") is None


SYSTEM = change("OP5", "effective systems", "effective system")
COMMA = change("OP5", "conservation| and management", ",")
QUOTES = change("OP5", "area-based", "area‑based")
EASY: list[tuple[str, tuple[Edit, ...], list[str]]] = [
    ("alone", (SYSTEM,), ["number or article"]),
    ("two apart", (SYSTEM, COMMA), ["signs", "number or article"]),
    ("a change of typography", (QUOTES,), ["signs"]),
    ("beside a change of other words", (SYSTEM, change("OP5", "wild species", "wildlife")), ["number or article"]),
    ("one that goes further", (SYSTEM, change("OP5", "effective systems of protected", "effective system of marine")),
     ["number or article"]),
    ("a question on it", (SYSTEM, remark("OP5", "Why?", intent="question")), ["number or article"]),
    ("another wording", (SYSTEM, change("OP5", "systems", "networks")), []),
    ("deleted by another", (SYSTEM, change("OP5", "establishing effective systems of", "")), []),
    ("typography in words that another changes", (QUOTES, change("OP5", "area-based", "local")), []),
    ("the paragraph is to go", (SYSTEM, Edit("OP5", "delete_paragraph")), []),
    ("the paragraph is to stay", (SYSTEM, remark("OP5", "Retain it.", intent="retain")), []),
    ("somebody opposes", (SYSTEM, remark("OP5", "We oppose that.", intent="oppose")), []),
    ("a number", (change("OP5", "effectiveness|", " by 30 %"),), []),
]  # fmt: skip


@pytest.mark.parametrize(("what", "edits", "kinds"), EASY)
def test_a_proposal_is_easy_where_nobody_is_against_it(
    inbox: Inbox, what: str, edits: tuple[Edit, ...], kinds: list[str]
) -> None:
    for party, edit in zip(("NOR", "CHE", "PAK"), edits, strict=False):
        inbox.mail(message(party), edit)
    assert [one.kind for one in easy_proposals(snapshot_of(inbox))] == kinds, what


def test_what_is_doubtful_is_not_easy_and_alike_ones_are_one(inbox: Inbox) -> None:
    inbox.mail(message("NOR"), SYSTEM)
    inbox.mail(message("CHE"), change("OP5", "systems", "system"))
    (one,) = easy_proposals(snapshot_of(inbox))
    assert [fact.name for fact in one.members] == ["Norway", "Switzerland"]
    inbox.mail(message("PAK"), change("OP5", "systems", "system", needs_review=True))
    assert easy_proposals(snapshot_of(inbox)) == ()


def test_spaces_that_go_are_shown() -> None:
    pieces = short_redline("aaaa  bbbb cccc", Edit("OP5", "replace", 4, 6, "  ", " "))
    assert [one.text for one in pieces if one.kind != "kept"] == ["␣␣", "␣"]
