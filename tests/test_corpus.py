"""Small mails that each hold one difficulty of real mail: tests/corpus/NAME.eml, and what is right in expected.json.

`told` is enough where a person is told: something needs review, found no place, was not obtained, or nobody is known to
speak. `inner` is right where the mails inside are mails of their own.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from parsing.documents import unguarded
from parsing.model import Consultation, Converters, Message, Reading
from parsing.reading import read_mail
from store import register
from store.shipped import shipped_draft

CORPUS = Path(__file__).parent / "corpus"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CORPUS / "expected.json").read_text("utf-8"))
CONSULTATION = Consultation(shipped_draft(), register.load())
ARRIVED = datetime(2021, 9, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_small_mail_with_one_difficulty(name: str) -> None:
    expected = EXPECTED[name]
    reading = read_mail((CORPUS / f"{name}.eml").read_bytes(), ARRIVED, CONSULTATION, Converters(), unguarded)
    message = reading.message
    assert message is not None
    if expected.get("inner"):
        speakers = [inner.message.party for inner in reading.mails if inner.message]
        assert len(set(speakers)) == len(speakers) > 1
        return
    if expected.get("told") and _is_told(reading, message):
        assert message.party in (None, expected.get("party", message.party))
        return
    assert message.kind == expected.get("class", message.kind)
    assert message.party == expected.get("party", message.party)
    if "edits" in expected:
        assert _edits(reading) == sorted(map(_bare, expected["edits"]))


def _edits(reading: Reading) -> list[list[str]]:
    text_edits = [edit for edit in reading.edits if edit.action != "comment"]
    return sorted(_bare([edit.paragraph, edit.action, edit.old, edit.new]) for edit in text_edits)


def _bare(edit: list[str]) -> list[str]:
    return [words.strip(" ,") for words in edit]


def _is_told(reading: Reading, message: Message) -> bool:
    unread = any(part.fate in ("unreadable", "not-obtained") for part in reading.parts)
    nobody = message.party is None and message.observer is None
    return message.needs_review or bool(reading.unplaced or reading.problems) or unread or nobody
