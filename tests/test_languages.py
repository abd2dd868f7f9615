"""The tables of languages: each has every concept, or says why not; what they hold can be read."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import consultation.receipts
from compilation.words import words
from parsing.languages import tables
from parsing.languages.tables import CORRESPONDENCE, LANGUAGES, phrases, section
from parsing.prose.lexicon.lexicon import lexicon
from parsing.text.phrases import pattern

FOLDER = Path(tables.__file__).parent
VALUES = ("cardinal", "ordinal", "signs", "absent", "names.common_words", "inflection.cases", "nouns.plurals")
"""Sections whose keys are words and not concepts."""
NO_PHRASES = {*VALUES, "prefixes", "letters", "inflection.consonant", "inflection.adjectives"}
AS_THEY_ARE = (
    "mail_folders.",
    "quoted_mail.",
    "signatures.devices",
    "signatures.postscript",
    "leave_taking.",
    "disclaimers.phrases",
)
"""Concepts whose phrases are compared with lines in small letters, and not made patterns."""
TABLES = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")) for name in LANGUAGES}


def _concepts(table: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict) and above + name not in VALUES:
            yield from _concepts(value, f"{above}{name}.")
        elif above + name != "absent":
            yield above + name


CONCEPTS = {concept for table in TABLES.values() for concept in _concepts(table)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_concept_or_says_why_not(language: str) -> None:
    missing = CONCEPTS - set(_concepts(TABLES[language])) - set(section("absent", language))
    assert not missing, f"{language}.toml: words, or a reason under [absent], for {', '.join(sorted(missing))}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_is_missing_is_called_absent(language: str) -> None:
    absent = set(section("absent", language))
    assert absent <= CONCEPTS
    assert absent.isdisjoint(_concepts(TABLES[language]))
    assert all(section("absent", language).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_stands_once_in_its_list(language: str) -> None:
    for concept in set(_concepts(TABLES[language])) - {*VALUES, "letters"}:
        said = phrases(concept, language)
        assert said, concept
        assert len(set(said)) == len(said), concept


@pytest.mark.parametrize("concept", sorted(CONCEPTS - NO_PHRASES))
def test_every_phrase_is_a_pattern(concept: str) -> None:
    for phrase in phrases(concept):
        assert isinstance(pattern((phrase,)), re.Pattern), phrase


@pytest.mark.parametrize("language", CORRESPONDENCE)
def test_a_further_language_has_no_concept_of_its_own(language: str) -> None:
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    assert set(_concepts(table)) <= CONCEPTS


@pytest.mark.parametrize("concept", sorted(name for name in CONCEPTS if name.startswith(AS_THEY_ARE)))
def test_what_is_compared_with_lines_is_in_small_letters(concept: str) -> None:
    assert [phrase for phrase in phrases(concept) if phrase != phrase.lower()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stem_of_a_second_word_has_two_letters(language: str) -> None:
    found = lexicon(language)
    entries = [entry for known in (found.exact, found.stems) for several in known.values() for entry in several]
    seconds = [entry.words[1] for entry in entries if len(entry.words) > 1]
    assert seconds
    assert [word for word in seconds if word.endswith("*") and len(word) < 3] == []


def test_a_language_without_a_file_has_no_words() -> None:
    assert phrases("articles.definite", "../en") == phrases("articles.definite", "xx") == ()


def test_what_is_written_in_one_language_is_written_in_all() -> None:
    receipts = tomllib.loads((Path(consultation.receipts.__file__).parent / "receipts.toml").read_text("utf-8"))
    written = [{name: set(said) for name, said in receipts.items()}, {name: set(words(name)) for name in receipts}]
    for concepts in written:
        assert all(said == concepts["en"] for said in concepts.values())


def test_a_concept_that_no_language_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        phrases("labels.nonsense")
