"""Which changes are editorial: of signs, spaces, capital letters, spelling, number or article, in a word or two."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import Literal

from consultation.redline import TEXT_ACTIONS, word_changes
from parsing.languages.tables import phrases, section
from parsing.model import Edit

EditorialKind = Literal["signs", "spacing", "capitals", "spelling", "number or article"]
MOST_WORDS = 2
"""Words that differ: what changes more is read as a sentence."""
_LONGEST = 120
"""Characters of the passage that is changed, about a line: what is longer is restated, whatever differs in it."""
_MEANING = frozenset("[]{}/\\%‰&@#*§¶†‡")
"""Signs that say something: square brackets are around what is not agreed, a stroke is read as “or”."""
_WORD = re.compile(r"[^\W_]+(?:['’\u2010-][^\W_]+)*")
_HEAD, _LONG = 4, 9
"""So many letters that two spellings of one word begin with, as the meaning of most words is in their beginning; and
the letters of a word that is long enough to differ from another in its middle.
"""


def editorial_kind(official: str, edit: Edit, language: str) -> EditorialKind | None:
    """What is different where the edit of the paragraph is editorial; None where it may change what is said. The
    language is the draft's.
    """
    if edit.action not in TEXT_ACTIONS:
        return None
    changes = word_changes(official, (edit,))
    if len(changes) != 1:
        return None
    return kind_of_change(official[changes[0].start : changes[0].end], changes[0].new, language)


def kind_of_change(old: str, new: str, language: str) -> EditorialKind | None:
    """The same of words in the place of others."""
    if old == new or len(old) > _LONGEST or len(new) > _LONGEST:
        return None
    if any(character.isnumeric() for character in old + new) or not _only_signs_without_meaning(old, new):
        return None
    if _letters(old) == _letters(new):
        return _of_the_same_letters(old, new)
    return _of_words(old, new, language)


def _only_signs_without_meaning(old: str, new: str) -> bool:
    """Whether the signs that only one of them has are punctuation that a copy editor sets."""
    ours, theirs = Counter(_signs(old)), Counter(_signs(new))
    return all(
        unicodedata.category(one)[0] in "PC" and one not in _MEANING for one in (ours - theirs) + (theirs - ours)
    )


def _signs(text: str) -> list[str]:
    return [one for one in text if not one.isalpha() and not one.isspace() and not unicodedata.combining(one)]


def _letters(text: str) -> str:
    """The letters alone, with their accents, in small letters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in plain if one.isalpha() or unicodedata.combining(one))


def _of_the_same_letters(old: str, new: str) -> EditorialKind | None:
    if _changed_words(old.split(), new.split()) > MOST_WORDS or _is_abbreviated(old, new):
        return None
    if "".join(old.split()) == "".join(new.split()):
        return "spacing"
    return "capitals" if old.casefold() == new.casefold() else "signs"


def _changed_words(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """How many words differ; where words are joined or taken apart, those that come of it are one."""
    if len(ours) == len(theirs):
        return sum(one != other for one, other in zip(ours, theirs, strict=True))
    return max(len(ours), len(theirs)) - 1


def _is_abbreviated(old: str, new: str) -> bool:
    """Whether a word has further capitals than the first in one of them only: as an abbreviation, which is a name."""
    return _capitals(old) != _capitals(new)


def _capitals(text: str) -> Counter[str]:
    found = [word for word in _WORD.findall(text) if any(letter.isupper() for letter in word[1:])]
    return Counter("".join(filter(str.isalpha, word)) for word in found)


def _of_words(old: str, new: str, language: str) -> EditorialKind | None:
    """Of words that are not written with the same letters: one by one, articles aside."""
    ours, theirs = _WORD.findall(old), _WORD.findall(new)
    articles = (*phrases("articles.definite", language), *phrases("articles.indefinite", language))
    bare, others = _without(ours, articles), _without(theirs, articles)
    if len(bare) != len(others):
        return None
    kinds = [_kind_of_word(one, other, language) for one, other in zip(bare, others, strict=True) if one != other]
    if _articles_differ(ours, theirs, articles):
        kinds.append("number or article")
    if None in kinds or not 0 < len(kinds) <= MOST_WORDS:
        return None
    return "spelling" if "spelling" in kinds else "number or article"


def _without(words: Sequence[str], articles: Sequence[str]) -> list[str]:
    return [word for word in words if word.casefold() not in articles]


def _articles_differ(ours: Sequence[str], theirs: Sequence[str], articles: Sequence[str]) -> bool:
    one, other = ([word.casefold() for word in words if word.casefold() in articles] for words in (ours, theirs))
    return one != other


def _kind_of_word(old: str, new: str, language: str) -> EditorialKind | None:
    """A name is written with a capital letter: its letters are never a matter of spelling."""
    if any(letter.isupper() for letter in old + new) or not _is_alphabetic(old + new):
        return None
    if _letters(old) == _letters(new):
        return "signs"
    if _differ_in_number(old, new, language):
        return "number or article"
    return "spelling" if _is_spelled_alike(_letters(old), _letters(new)) else None


def _is_alphabetic(text: str) -> bool:
    """Whether all its letters have capitals: in other scripts one character may be a word."""
    return all(letter.upper() != letter.lower() for letter in text if letter.isalpha())


def _differ_in_number(old: str, new: str, language: str) -> bool:
    if not {old, new}.isdisjoint(phrases("nouns.differ_in_plural", language)):
        return False
    return any(
        _has_endings(one, other, singular, plural)
        for singular, plurals in section("nouns.plurals", language).items()
        for plural in plurals
        for one, other in ((old, new), (new, old))
    )


def _has_endings(one: str, other: str, singular: str, plural: str) -> bool:
    stem = one.removesuffix(singular)
    return len(stem) >= _HEAD - 1 and one == stem + singular and other == stem + plural


def _is_spelled_alike(old: str, new: str) -> bool:
    """Whether they are one word in two spellings: with other accents, or with one letter that is missing, doubled,
    exchanged or in the place of the next, behind a beginning that they share.
    """
    if _without_accents(old) == _without_accents(new):
        return True
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    short, long = sorted((old[head : len(old) - tail], new[head : len(new) - tail]), key=len)
    if head < _HEAD:
        return False
    if len(long) == 1 and not short:
        doubled = long == old[head - 1]
        return doubled or (tail > 0 and _near_the_end(tail, old, new))
    exchanged = len(long) == len(short) == 1 and tail > 0
    turned = len(long) == 2 and short == long[::-1]
    return (exchanged or turned) and _near_the_end(tail, old, new)


def _near_the_end(tail: int, old: str, new: str) -> bool:
    return tail <= 1 or max(len(old), len(new)) >= _LONG


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    return sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(one, other, strict=False)))


def _without_accents(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
