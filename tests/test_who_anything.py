"""Whatever a mail says, who speaks and what kind of mail it is are told without an error, and soon."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


LONG = [
    " " * 50_000,
    "\n" * 50_000,
    "A " * 50_000,
    "on behalf of " * 10_000,
    "Norway, " * 10_000,
    "comments of the of the of the " * 5_000,
    "-" * 50_000,
    '"' * 50_000 + "<",
    "(" * 50_000,
    "代表" * 30_000,
    "Republic of Guinea - " * 10_000,
    "no comments no comments " * 5_000,
    "a" * 100_000,
    "will send " * 20_000,
]


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_long_text_takes_no_long_time(text: str) -> None:
    letter = Letter(text, text, text, text, {"cc": (text,), "to": (text,)}, documents=(text,), file_names=(text,))
    told(letter)
    started = time.process_time()
    told(letter)
    addresses_in((text,))
    assert time.process_time() - started < 2
