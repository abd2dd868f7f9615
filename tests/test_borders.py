"""Where a text is cut: nobody reads half a word, in no script."""

import re

import pytest

from consultation.borders import border_after, border_before, shortened
from consultation.search_words import excerpt, terms_of

CUT = [
    ("protect biodiversity now", 12, "biodiversity now"),
    ("area-based conservation", 7, "area-based conservation"),
    ("حماية التنوع البيولوجي", 9, "التنوع البيولوجي"),
    ("保护生物，促进发展。我们", 7, "促进发展。我们"),
    ("保护" * 40, 50, "保护" * 15),
    ("目标" * 30 + "2030年", 62, "2030年"),
    ("x" * 60 + "-" + "y" * 30, 80, "y" * 30),
    ("e\u0301e\u0301 e\u0301", 1, "e\u0301e\u0301 e\u0301"),
]


@pytest.mark.parametrize(("text", "at", "after"), CUT)
def test_a_text_is_cut_before_the_word_that_it_would_break(text: str, at: int, after: str) -> None:
    assert text[border_before(text, at) :] == after


@pytest.mark.parametrize(
    ("text", "at", "shown"),
    [
        ("protect biodiversity now", 12, "protect biodiversity"),
        ("protect biodiversity", 12, "protect biodiversity"),
        ("حماية التنوع البيولوجي", 9, "حماية التنوع"),
        ("保护生物，促进发展。我们", 6, "保护生物，促进发展。"),
    ],
)
def test_or_behind_it(text: str, at: int, shown: str) -> None:
    assert text[: border_after(text, at)] == shown


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("a short one", 20, "a short one"),
        ("two\n lines  of it", 20, "two lines of it"),
        ("protect biodiversity everywhere", 15, "protect …"),
        ("生物多样性，保护目标", 8, "生物多样性， …"),
        ("", 5, ""),
    ],
)
def test_a_text_is_shortened_by_whole_words(text: str, most: int, shown: str) -> None:
    assert shortened(text, most) == shown


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Considering everything that was said before, " * 6 + "we protect oceans\n\nand " + "rivers " * 50, "oceans"),
        ("نرحب بالتقدم المحرز في تنفيذ الاتفاقية " * 6 + "حماية المحيطات " + "والأنهار الكبيرة " * 30, "المحيطات"),
        ("我们欢迎这一段落，" * 30 + "保护海洋，" + "我们支持该提案。" * 40, "海洋"),
    ],
)
def test_what_is_found_is_shown_between_whole_words(text: str, query: str) -> None:
    pieces = excerpt(text, terms_of(query))
    shown = "".join(piece.text for piece in pieces[1:-1])
    assert (pieces[0].text, pieces[-1].text) == ("… ", " …")
    assert set(words(shown)) <= set(words(text))
    assert "\n" not in shown


def words(text: str) -> list[str]:
    """What is between spaces, and of a text without spaces between its marks."""
    return re.findall("[^，。\\s]+[，。]?", text)
