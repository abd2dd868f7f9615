"""Mails read with the recorded answers of a model (tests/cassettes): what each delegation proposes comes out."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from parsing.asking.asking import Asking
from parsing.documents import unguarded
from parsing.model import Consultation, Converters, Edit, Reading
from parsing.reading import read_mail
from parsing.text.words import plain, similarity
from store import register
from store.shipped import shipped_draft

CASSETTES = Path(__file__).parent / "cassettes"
CONSULTATION = Consultation(shipped_draft(), register.load())
EXPECTED = json.loads((CASSETTES / "expected.json").read_text("utf-8"))


def read(name: str, answers: dict[str, str]) -> Reading:
    raw = (CASSETTES / f"{name}.eml").read_bytes()
    asking = Asking("all", "verified", answers)
    return read_mail(raw, None, CONSULTATION, Converters(), unguarded, asking=asking)


def with_model(name: str) -> Reading:
    answer = (CASSETTES / f"{name}.answer.txt").read_text("utf-8")
    return read(name, {question.key: answer for question in read(name, {}).questions})


def shown(text: str) -> str:
    """A text as it is compared: without typography and spaces before signs."""
    return re.sub(r" (?=[,;.])", "", plain(text))


def proposed(edits: tuple[Edit, ...]) -> dict[str, str]:
    """The paragraphs as the edits make them."""
    texts: dict[str, str] = {}
    by_label: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        if edit.start is not None:
            by_label[edit.paragraph].append(edit)
    for label, changes in by_label.items():
        text = CONSULTATION.draft.text(label)
        for edit in sorted(changes, key=lambda one: (one.start or 0, one.end or 0), reverse=True):
            assert text[edit.start : edit.end] == edit.old
            text = text[: edit.start] + edit.new + text[edit.end :]
        texts[label] = shown(text)
    return texts


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_with_the_recorded_answers_each_mail_proposes_what_it_says(name: str) -> None:
    reading, wanted = with_model(name), EXPECTED[name]
    assert proposed(reading.edits) == {label: shown(text) for label, text in wanted["proposed"].items()}
    deleted = [edit.paragraph for edit in reading.edits if edit.action == "delete_paragraph"]
    added = [(edit.paragraph, edit.new) for edit in reading.edits if edit.action == "add_paragraph"]
    assert deleted == wanted["deleted"]
    assert [label for label, _ in added] == [label for label, _ in wanted["added"]]
    assert all(similarity(new, text) > 0.95 for (_, new), (_, text) in zip(added, wanted["added"], strict=True))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_recorded_answer_sets_no_class_no_party_and_no_date(name: str) -> None:
    one, other = read(name, {}).message, with_model(name).message
    assert one is not None
    assert other is not None
    assert (one.kind, one.party, one.group, one.date, one.late) == (
        other.kind, other.party, other.group, other.date, other.late,
    )  # fmt: skip
