"""Passages of one paragraph: which proposals meet, which go over others, and whose each alternative is."""

import pytest
from specimen_compilation import DRAFT, change, compiled

from consultation.passages import LONGEST, Alternative, Passages
from parsing.model import Edit

OP5 = DRAFT.text("OP5")
WORDS = "Improve the effectiveness of area-based conservation and management through establishing effective systems"


def passages(said: dict[str, list[Edit]]) -> Passages:
    compilation = compiled(said)
    return next(one for one in compilation.paragraphs if one.paragraph.label == "OP5").passages


def told(said: dict[str, list[Edit]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each passage: its words, and its alternatives with those who want them."""
    return [(OP5[one.start : one.end], list(map(_wanted, one.alternatives))) for one in passages(said).apart]


def _wanted(alternative: Alternative) -> tuple[str, str]:
    return alternative.new, " ".join(who.name for who in alternative.by)


def test_edits_beside_each_other_are_passages_of_their_own() -> None:
    said = {"NOR": [change("OP5", "|Improve", "Urgently "), change("OP5", "Improve", "raise")]}
    assert told(said) == [("", [("Urgently ", "NOR")]), ("Improve", [("raise", "NOR")])]
    assert [len(one.alternatives[0].members) for one in passages(said).apart] == [1, 1]


def test_what_overlaps_is_one_passage_and_each_alternative_a_version_of_its_words() -> None:
    said = {"NOR": [change("OP5", "Improve the", "Raise a")], "CHE": [change("OP5", "the effectiveness", "quality")]}
    assert told(said) == [("Improve the effectiveness", [("Raise a effectiveness", "NOR"), ("Improve quality", "CHE")])]


def test_the_same_said_in_two_places_is_one_alternative() -> None:
    said = {
        "NOR": [change("OP5", "the |effectiveness", "full ")],
        "CHE": [change("OP5", "the| effectiveness", " full")],
    }
    assert told(said) == [("", [("full ", "NOR CHE")])]


def test_a_chain_of_overlaps_does_not_grow_over_the_paragraph() -> None:
    words = WORDS.split()
    pairs = [" ".join(words[n : n + 2]) for n in range(len(words) - 1)]
    codes = ("NOR", "CHE", "JPN", "BRA", "KEN", "FJI", "CAN", "MEX", "PER", "GHA", "CHL", "NPL")
    said = {code: [change("OP5", pair, f"{code} words")] for code, pair in zip(codes, pairs, strict=False)}
    found = passages(said)
    assert all(one.end - one.start <= LONGEST for one in found.apart)
    assert len(OP5[found.apart[0].start : found.apart[-1].end]) > LONGEST
    everybody = {who.name for one in (*found.apart, *found.over) for who in one.speakers}
    assert everybody == set(codes[: len(pairs)])


LONG = OP5[:150].rsplit(" ", 1)[0]


@pytest.mark.parametrize("inside", ["Improve", "effectiveness"])
def test_a_long_proposal_goes_over_a_short_one(inside: str) -> None:
    said = {"JPN": [change("OP5", LONG, "Do more")], "NOR": [change("OP5", inside, "Raise")]}
    found = passages(said)
    assert [OP5[one.start : one.end] for one in found.over] == [LONG]
    assert told(said) == [(inside, [("Raise", "NOR")])]
