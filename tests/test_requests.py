"""What is quoted in a sentence."""

import pytest

from parsing.text.quotations import quoted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“A” and “B”", ["A", "B"]),
        ("«A» and « B »", ["A", "B"]),
        ("„A“ and ”B“", ["A", "B"]),
        ("'A' isn't 'B'", ["A", "B"]),
        ("「A」和《B》", ["A", "B"]),
        ('"the “inner” words"', ["the “inner” words"]),
        ("'or \"mainstreaming\" of'", ['or "mainstreaming" of']),
        ('delete "A, ". Then "B"', ["A,", "B"]),
        ("l’alinéa d’avant", []),
        ("it's the peoples' text", []),
        ('5" of rain', []),
        ("“never closed", []),
    ],
)
def test_quotation_marks_of_every_style(text: str, words: list[str]) -> None:
    assert [quote.words for quote in quoted(text)] == words
