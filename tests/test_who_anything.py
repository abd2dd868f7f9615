"""Whatever a mail says, who speaks and what kind of mail it is are told without an error, and soon."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scaling import takes_linear_time

from parsing.who.claims import claim_of, marks_of
from parsing.who.classes import classify
from parsing.who.letter import Letter
from parsing.who.names import find_names, names_of
from parsing.who.party import attribute
from parsing.who.recipients import addresses_in
from store.register import load

REGISTER = load()
SAID = (
    "on behalf of the Norway Georgia Dr. comments from , . \n : ( ) <a@b.no> From Embassy Group African EU 代表 "
    "非洲集团 意见 от имени Республики باسم مصر no comments paragraph 5 please disregard "
    "OFFICIAL Republic of Guinea - Bissau ' \" ["
)
WORDS = st.sampled_from(SAID.split(" "))
TEXT = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))


def told(letter: Letter) -> None:
    found = attribute(letter, REGISTER)
    assert not (found.party and found.observer)
    assert 0 <= found.confidence <= 1
    classify(letter, proposals=0, documents=0, unreadable=0)
    claim_of(letter)
    marks_of(letter)


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, TEXT, TEXT, TEXT)
def test_no_text_is_an_error(name: str, address: str, subject: str, body: str, document: str) -> None:
    inner = Letter(name, address, subject, body, {"cc": (document,)}, file_names=(subject,), documents=(document,))
    told(inner)
    told(Letter(name, "x@cbd.int", subject, body, {"to": (name,)}, authors=(name,), forwarded=inner))
    addresses_in((name, address, body))


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_names_stand_where_they_are_said_to_and_never_overlap(text: str) -> None:
    names = find_names(text, names_of(REGISTER))
    ends = [0, *(name.end for name in names)]
    assert all(end <= name.start < name.end for end, name in zip(ends, names, strict=False))


LONG = {
    " ": 12_500, "\n": 12_500, "A ": 12_500, "on behalf of ": 2_500, "Norway, ": 2_500,
    "comments of the of the of the ": 1_250, "-": 12_500, '"': 12_500, "<": 12_500, "(": 12_500, "代表": 7_500,
    "Republic of Guinea - ": 2_500, "no comments no comments ": 1_250, "a": 25_000, "will send ": 5_000,
}  # fmt: skip


def _told_of(text: str) -> None:
    told(Letter(text, text, text, text, {"cc": (text,), "to": (text,)}, documents=(text,), file_names=(text,)))
    addresses_in((text,))


@pytest.mark.parametrize(("part", "times"), LONG.items())
def test_long_text_is_read_in_linear_time(part: str, times: int) -> None:
    assert takes_linear_time(_told_of, lambda count: part * count, times)
