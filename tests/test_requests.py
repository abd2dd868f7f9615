"""Which acts a sentence holds, and which of its quoted words have which part in them."""

import pytest

from parsing.prose.lexicon.lexicon import lexicon
from parsing.prose.lexicon.tokens import tokens
from parsing.prose.requests.sentences import Sentence
from parsing.text.quotations import quoted


def _acts(text: str, language: str) -> str:
    out = []
    for act in Sentence(text, tuple(tokens(text, lexicon(language))), ()).acts:
        roles = (("-", act.old), ("+", act.new), ("@", act.beside), ("@", act.other))
        words = " ".join(sign + token.word for sign, token in roles if token is not None)
        out.append(f"{act.kind} {act.how} {words}".replace("  ", " "))
    return "; ".join(out)


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("delete “A”", "delete -A"),
        ("“A” should be deleted", "delete -A"),
        ("delete “A” and “B”", "delete -A; delete -B"),
        ("delete “A” before “B”", "delete before -A @B"),
        ("delete everything after “A”", "delete rest @A"),
        ("delete from “A” to “B”", "delete from -A +B"),
        ("strike out the words “A”", "delete -A"),
        ("replace “A” with “B”", "replace -A +B"),
        ("replace “A” by “B”", "replace -A +B"),
        ("change “A” to “B”", "replace -A +B"),
        ("“A” to be replaced by “B”", "replace -A +B"),
        ("“A” should read “B”", "replace -A +B"),
        ("“A” should be “B”", "replace -A +B"),
        ("“A” -> “B”", "replace -A +B"),
        ("for “A” read “B”", "replace -A +B"),
        ("substitute “B” for “A”", "replace -A +B"),
        ("substitute “A” with “B”", "replace -A +B"),
        ("say “B” instead of “A”", "replace -A +B"),
        ("instead of “A”, say “B”", "replace -A +B"),
        ("delete “A” and insert “B” in its place", "replace -A +B"),
        ("replace “A” with “B” and “C” with “D”", "replace -A +B; replace -C +D"),
        ("replace “A” with “B”, delete “C”, and after “D” insert “E”", "replace -A +B; delete -C; insert after +E @D"),
        ("insert “B” after “A”", "insert after +B @A"),
        ("after “A” insert “B”", "insert after +B @A"),
        ("insert, after “A”, the words “B”", "insert after +B @A"),
        ("“B” be inserted after “A”", "insert after +B @A"),
        ("after “A”, “B” should be added", "insert after +B @A"),
        ("add “B” before “A”", "insert before +B @A"),
        ("insert “C” between “A” and “B”", "insert +C @A @B"),
        ("add “A” at the end", "insert at_end +A"),
        ("at the beginning, insert “A”", "insert at_start +A"),
        ("delete “A” so that it reads “B”", "delete -A"),
        ("“A”: add “B” after “C”", "insert after +B @C"),
        ("to read: “A”", "read +A"),
        ("the reference to “A” is unclear", ""),
    ],
)
def test_acts_in_english(text: str, acts: str) -> None:
    assert _acts(text, "en") == acts


@pytest.mark.parametrize(
    ("language", "text", "acts"),
    [
        ("fr", "remplacer les mots « A » par les mots « B »", "replace -A +B"),
        ("fr", "substituer « B » à « A »", "replace -A +B"),
        ("fr", "lire « B » au lieu de « A »", "replace -A +B"),
        ("fr", "supprimer « A »", "delete -A"),
        ("fr", "après « A », insérer « B »", "insert after +B @A"),
        ("fr", "ajouter « A » à la fin", "insert at_end +A"),
        ("es", "donde dice “A” debe decir “B”", "replace -A +B"),
        ("es", "sustitúyase “A” por “B”", "replace -A +B"),
        ("es", "suprímanse las palabras “A”", "delete -A"),
        ("es", "después de “A”, insértese “B”", "insert after +B @A"),
        ("es", "poner “B” en lugar de “A”", "replace -A +B"),
        ("ru", "слово «A» заменить словом «B»", "replace -A +B"),
        ("ru", "заменить «A» на «B»", "replace -A +B"),
        ("ru", "вместо слов «A» читать «B»", "replace -A +B"),
        ("ru", "слова «A» исключить", "delete -A"),
        ("ru", "после слова «A» дополнить словами «B»", "insert after +B @A"),
        ("zh", "将“A”改为“B”", "replace -A +B"),
        ("zh", "以“B”取代“A”", "replace -A +B"),
        ("zh", "删除“A”", "delete -A"),
        ("zh", "“A”删去", "delete -A"),
        ("zh", "在“A”之后增加“B”", "insert after +B @A"),
        ("zh", "在“A”和“B”之间插入“C”", "insert +C @A @B"),
        ("ar", 'يستعاض عن عبارة "A" بعبارة "B"', "replace -A +B"),
        ("ar", 'تُحذف عبارة "A"', "delete -A"),
        ("ar", 'بعد عبارة "A" تُدرج عبارة "B"', "insert after +B @A"),
        ("ar", 'إضافة عبارة "B" بعد عبارة "A"', "insert after +B @A"),
        ("pt", "substituir “A” por “B”", "replace -A +B"),
        ("pt", "onde se lê “A”, leia-se “B”", "replace -A +B"),
        ("pt", "após “A”, inserir “B”", "insert after +B @A"),
    ],
)
def test_acts_in_other_languages(language: str, text: str, acts: str) -> None:
    assert _acts(text, language) == acts


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
