"""Where quoted words are in the official text, whatever their typography, and how exactly."""

import pytest

from parsing.text.search import Match, find

OFFICIAL = "Increase the use of “Nature-based Solutions” for climate, food and health; protect the well-being of all;"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("use of", [("use of", "exact")]),
        ("the", [("the", "exact"), ("the", "exact")]),
        ("The Use", [("the use", "loose")]),
        ('"Nature-based Solutions"', [("Nature-based Solutions", "exact")]),
        ("nature based solutions", [("Nature-based Solutions", "loose")]),
        ("of “Nature-based Solutions", [("of “Nature-based Solutions”", "exact")]),
        ("climate, food and health;", [("climate, food and health;", "exact")]),
        ("clim", []),
        ("Increase … climate", [("Increase the use of “Nature-based Solutions” for climate", "exact")]),
        ("climate … Increase", []),
        ("protect the wellbeing of al", [("protect the well-being of all", "mistaken")]),
        ("reduce pollution everywhere", []),
        (";", [(";", "exact"), (";", "exact")]),
        ("", []),
    ],
)
def test_words_are_found_in_the_official_text(words: str, found: list[tuple[str, str]]) -> None:
    assert [(_words(match), match.exactness) for match in find(words, OFFICIAL)] == found


def test_mistakes_are_found_where_they_are_asked_for() -> None:
    assert find("protect the wellbeing of al", OFFICIAL, mistakes=False) == ()


def _words(match: Match) -> str:
    return OFFICIAL[match.start : match.end]
