"""Lines with Arabic in them, from where their letters are on the page to the order in which they are read."""

import pytest

from parsing.formats.pdf_characters import Char
from parsing.formats.pdf_geometry import Box
from parsing.formats.pdf_order import in_order


def _drawn(*words: str) -> list[Char]:
    """Words as pdfium gives them: placed from left to right as they are seen, each in its own order."""
    out, x = [], 0.0
    for word in words:
        arabic = "\u0621" <= word[0] <= "\u064a"
        for n, letter in enumerate(word):
            left = x + 5 * (len(word) - 1 - n if arabic else n)
            out.append(Char(letter, Box(left, 0, left + 5, 10), 10, 10.0, frozenset()))
        x += 5 * len(word)
    return out


@pytest.mark.parametrize(
    ("seen", "backwards", "read"),
    [
        (["عربي"], True, "عربي"),
        (["كلمة", " ", "في"], True, "في كلمة"),
        (["كلمة", " ", "في"], False, "في كلمة"),
        (['"', "fair", " ", "play", '"', " ", "كلمة", " ", "في"], True, 'في كلمة "fair play"'),
        (["كلمة", " ", "في", " ", '"', "fair", " ", "play", '"', "."], False, 'في كلمة "fair play".'),
        (["،", "11", " ", "في"], True, "في 11،"),
        (["كلمة", " ", "11", " ", "في"], False, "في 11 كلمة"),
        (["كلمة", " ", "2011", "-", "2020", " ", "في"], True, "في 2011-2020 كلمة"),
        (["post", " ", "2020", " ", "في"], True, "في post 2020"),
        (["fair", " ", "play", '"', "."], False, 'fair play".'),
        ([".", '"', "fair", " ", "play"], True, 'fair play".'),
    ],
)
def test_a_line_is_read_as_it_was_written(seen: list[str], read: str, *, backwards: bool) -> None:
    assert "".join(char.text for char in in_order([_drawn(*seen)], backwards=backwards)) == read


def test_a_gap_is_a_space_and_a_space_without_width_is_none() -> None:
    here = _drawn("fair")
    there = [Char(c.text, Box(c.box.x0 + 30, 0, c.box.x1 + 30, 10), 10, 10.0, frozenset()) for c in _drawn("play")]
    nothing = Char(" ", Box(10, 0, 10, 10), 10, 10.0, frozenset())
    assert "".join(char.text for char in in_order([[*here, nothing], there], backwards=False)) == "fair play"
