"""The notation of phrases: what each sign stands for."""

import re

import pytest

from parsing.text.phrases import folded, pattern

FOUND = (
    ("замен*", "Заменить слово"),
    ("*ministeriet", "Miljøministeriet"),
    ("réserve", "RESERVE"),
    ("s'oppose", "s’oppose"),
    ("s ' oppose", "s'oppose"),
    ("track changes", "track-changes"),
    ("e[-]mail", "e-mail"),
    ("e[-]mail", "email"),
    ("(first|last) letter", "the last letter"),
    ("out of [the] office", "out of office"),
    ("out of [the] office", "out of the office"),
    ("[zero] draft", "draft"),
    ("[zero] draft", "zero draft"),
    ("dice [actualmente]", "Dice:"),
    ("dice [actualmente]", "dice actualmente"),
    ("comment[s]", "comments"),
    ("no {further|specific} comments", "no comments"),
    ("no {further|specific} comments", "no further specific comments"),
    ("{further|specific} comments", "specific comments"),
    ("ask…more time", "ask you kindly for more time"),
    ("ask … time", "ask time"),
    ("ask … time", "ask for more time"),
    ("take _ time", "take your time"),
    ("paragraph #", "paragraph 12"),
    ("^recall", "A letter\nrecall: it"),
    ("ticket \\#", "ticket #"),
    ("/the (?=end)/", "the end"),
    ("现[有]案文", "的现有案文是"),
    ("现[有]案文", "現案文"),
    ("ملاحظات", "وملاحظات"),
    ("[ال]مقترح[ات]", "المقترحات"),
)
NOT_FOUND = (
    ("comment", "comments"),
    ("замен", "заменить"),
    ("(first|last) letter", "a letter"),
    ("out of [the] office", "out of an office"),
    ("type [of]", "typeof"),
    ("ask…5more time", "ask you kindly for more time"),
    ("ask…more time", "We ask. Give more time"),
    ("ask … time", "asked time"),
    ("^recall", "to recall"),
    ("paragraph #", "paragraph five"),
)


@pytest.mark.parametrize(("phrase", "text"), FOUND)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert pattern((phrase,), re.MULTILINE).search(folded(text))


@pytest.mark.parametrize(("phrase", "text"), NOT_FOUND)
def test_a_phrase_is_not_found(phrase: str, text: str) -> None:
    assert not pattern((phrase,), re.MULTILINE).search(folded(text))


def test_of_several_phrases_the_longest_is_found() -> None:
    found = pattern(("best", "best regards", "best wishes")).search(folded("With best regards"))
    assert found is not None
    assert found[0] == "best regards"


def test_no_phrases_are_found_nowhere() -> None:
    assert not pattern(()).search("anything")
