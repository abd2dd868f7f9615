"""The ledger of sentences: of the text of each Part every character has exactly one outcome."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.documents import unguarded
from parsing.ledger import RangeClaim, cover
from parsing.model import Block, Consultation, Converters, Outcome, Reading, Run
from parsing.prose.read_prose import understand
from parsing.reading import read_mail
from store import register
from store.shipped import shipped_draft

CONSULTATION = Consultation(shipped_draft(), register.load())
EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.eml"))
OUTCOMES = Path(__file__).parent / "outcomes.tsv"
ARRIVED = datetime(2021, 9, 1, tzinfo=UTC)


def _read(raw: bytes) -> Reading:
    return read_mail(raw, ARRIVED, CONSULTATION, Converters(), unguarded)


def _mail(body: str) -> bytes:
    head = "From: a@env.gov.no\r\nSubject: Comments\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return (head + body).encode()


def assert_covered(reading: Reading) -> None:
    """The outcomes of each Part follow each other without a gap, from 0 on."""
    ends: dict[str, int] = {}
    for one in reading.sentences:
        assert one.start == ends.get(one.source, 0)
        assert one.end > one.start
        assert one.end - one.start == len(one.text)
        ends[one.source] = one.end
        assert all(0 <= n < len(reading.edits) for n in one.edits)


@pytest.mark.parametrize(
    ("claims", "kinds"),
    [
        ([], ["unread"]),
        ([RangeClaim(0, 3, "edit")], ["edit", "unread"]),
        ([RangeClaim(4, 7, "edit"), RangeClaim(0, 3, "courtesy")], ["courtesy", "edit"]),
        ([RangeClaim(0, 7, "quoted", guess=True), RangeClaim(4, 7, "edit")], ["quoted", "edit"]),
        ([RangeClaim(0, 7, "remark"), RangeClaim(0, 7, "unread")], ["unread"]),
        ([RangeClaim(0, 4, "remark"), RangeClaim(2, 7, "edit")], ["remark", "edit"]),
    ],
)
def test_claims_cover_a_text_once_and_what_none_holds_is_unread(claims: list[RangeClaim], kinds: list[str]) -> None:
    found = cover("abc def", claims, "body")
    assert [one.kind for one in found] == kinds
    assert "".join(one.text for one in found) == "abc def"


def test_spaces_and_list_marks_go_with_a_sentence() -> None:
    found = cover("1. Delete.\n\n(b) Keep.\n", [RangeClaim(3, 10, "edit"), RangeClaim(16, 21, "remark")], "body")
    assert [(one.text, one.kind) for one in found] == [("1. Delete.", "edit"), ("\n\n(b) Keep.\n", "remark")]


def test_a_text_without_words_has_an_outcome_too() -> None:
    assert cover("---\n", [], "body") == (Outcome("body", 0, 4, "courtesy", "---\n", why="it has no words"),)


@pytest.mark.parametrize("row", OUTCOMES.read_text("utf-8").splitlines())
def test_a_sentence_has_its_outcome(row: str) -> None:
    text, _, kind = row.partition("\t")
    said = understand([Block((Run(text),))], CONSULTATION.draft, "body")
    assert [one.kind for one in said.outcomes] == [kind]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_outcomes_of_a_mail_cover_its_parts(path: Path) -> None:
    assert_covered(_read(path.read_bytes()))


WORDS = st.sampled_from(
    ["In OP5", "paragraph 9", "replace", "“wild species”", "with", "“nature”", "delete", ".", "\n", "\n\n", "> ", "-- ",
     "1. ", "•", "from", "|", "[x]", "**y**", "~~z~~", "Best regards", "我们建议", "删除", "第5段", "الفقرة",
     "«mot»", "a" * 90]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_the_outcomes_of_any_body_cover_it(body: str) -> None:
    assert_covered(_read(_mail(body)))
