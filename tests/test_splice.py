"""Words put into, taken out of, or exchanged in a paragraph: spaces, commas and capitals come out right."""

import pytest

from parsing.text.splice import (
    Splice,
    at_end,
    at_start,
    defect,
    deleted,
    inserted_after,
    inserted_before,
    replaced,
    sentence_span,
    without_sentence,
)

OFFICIAL = "Noting the role of women, youth, and indigenous peoples (all of them) in “mainstreaming” biodiversity;"


def _read(official: str, splice: Splice) -> str:
    return official[: splice.start] + splice.new + official[splice.end :]


@pytest.mark.parametrize(
    ("after", "words", "reads"),
    [
        ("role", "and rights", "the role and rights of women"),
        ("women", "girls", "of women, girls, youth"),
        ("women,", ", including girls,", "of women, including girls, youth"),
        ("women", "including girls,", "of women including girls, youth"),
        ("role", "role and rights", "the role and rights of women"),
        ("role", "and rights of", "the role and rights of women"),
        ("youth", "youth networks", "women, youth, youth networks, and"),
        ("(", "nearly", "peoples (nearly all of them)"),
        ("biodiversity", "and ecosystems;", "biodiversity and ecosystems;"),
    ],
)
def test_words_are_inserted_behind_others(after: str, words: str, reads: str) -> None:
    at = OFFICIAL.index(after) + len(after)
    assert reads in _read(OFFICIAL, inserted_after(OFFICIAL, at, words))


@pytest.mark.parametrize(
    ("before", "words", "reads"),
    [
        ("women", "all", "role of all women, youth"),
        ("youth", "girls and youth", "women, girls and youth, and"),
        ("biodiversity", "agro-", "” agro-biodiversity;"),
        ("in “", ", together,", "them), together, in “"),
        ("Noting", "Further", "Further noting the role"),
    ],
)
def test_words_are_inserted_before_others(before: str, words: str, reads: str) -> None:
    assert reads in _read(OFFICIAL, inserted_before(OFFICIAL, OFFICIAL.index(before), words))


@pytest.mark.parametrize(
    ("official", "words", "reads"),
    [
        ("Noting the role;", "Deeply", "Deeply noting the role;"),
        ("UNEP notes the role;", "Deeply", "Deeply UNEP notes the role;"),
        ("Noting the role;", "Re-", "Re-noting the role;"),
    ],
)
def test_words_at_the_beginning_take_the_capital(official: str, words: str, reads: str) -> None:
    assert _read(official, at_start(official, words)) == reads


@pytest.mark.parametrize(
    ("official", "words", "reads"),
    [
        ("Noting the role;", "of women", "Noting the role of women;"),
        ("Noting the role;", "of women;", "Noting the role of women;"),
        ("Noting the role,", "Recalling it,", "Noting the role, Recalling it,"),
    ],
)
def test_words_at_the_end_come_before_its_sign(official: str, words: str, reads: str) -> None:
    assert _read(official, at_end(official, words)) == reads


@pytest.mark.parametrize(
    ("span", "old", "words", "reads"),
    [
        ("role", "role", "rights", "the rights of women"),
        ("role", "Role", "Rights", "the rights of women"),
        ("role", "role", "UNDRIP", "the UNDRIP of women"),
        ("women", "women,", "girls,", "of girls, youth"),
        ("biodiversity", "biodiversity", "nature.", "nature;"),
        ("the role", "the role", "the rights of", "Noting the rights of women"),
        ("youth, ", "youth,", "", "women, and"),
    ],
)
def test_words_take_the_place_of_others(span: str, old: str, words: str, reads: str) -> None:
    start = OFFICIAL.index(span)
    assert reads in _read(OFFICIAL, replaced(OFFICIAL, start, start + len(span), old, words))


@pytest.mark.parametrize(
    ("span", "reads"),
    [
        ("youth,", "women, and indigenous"),
        ("(all of them)", "peoples in “"),
        ("all", "(of them)"),
        ("mainstreaming", "them) in biodiversity;"),
        ("Noting", "The role of women"),
        (" biodiversity", "“mainstreaming”;"),
    ],
)
def test_what_is_deleted_leaves_no_space_or_comma_behind(span: str, reads: str) -> None:
    start = OFFICIAL.index(span)
    assert reads in _read(OFFICIAL, deleted(OFFICIAL, start, start + len(span)))


def test_a_sentence_is_found_by_its_number_and_taken_out() -> None:
    official = "It is so. It is not. It may be;"
    assert [official[slice(*span)] for n in (1, 2, -1) if (span := sentence_span(official, n))] == [
        "It is so.", "It is not.", "It may be;",
    ]  # fmt: skip
    assert sentence_span(official, 4) is None
    assert _read(official, without_sentence(official, 21, len(official))) == "It is so. It is not;"


@pytest.mark.parametrize(
    ("official", "old", "new", "text"),
    [
        ("our human and planetary health;", "planetary health", "our human, animal and planetary health", None),
        ("of old knowledge, tales and songs", "old knowledge", "new and old knowledge, tales and songs", "of {new}"),
        ("the hills or the sea", "the sea", "the hills", "the hills or the hills"),
    ],
)
def test_new_words_that_repeat_the_text_further_away_stand_for_all_of_it(
    official: str, old: str, new: str, text: str | None
) -> None:
    start = official.index(old)
    wanted = (text or "{new};").format(new=new)
    assert _read(official, replaced(official, start, start + len(old), old, new)) == wanted


@pytest.mark.parametrize(
    ("official", "text", "why"),
    [
        ("of land ecosystems and habitats", "of land and marine ecosystems ecosystems and habitats", "twice"),
        ("of land and habitats", "of land and sea, and sea and habitats", "twice"),
        ("the use of knowledge, practices", "the use of old knowledge,, practices", "two signs"),
        ("the use (of knowledge), practices", "the use (of knowledge, practices", "bracket"),
        ("a spatial, planning process", "a spatial planning, planning process", ""),
        ("that that is so", "that that is not so", ""),
        ("plans, and so on …", "plans, strategies, and so on …", ""),
    ],
)
def test_what_is_wrong_with_a_text_after_its_changes(official: str, text: str, why: str) -> None:
    found = defect(official, text)
    assert found == why or (why and why in found)
