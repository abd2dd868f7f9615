"""Where a text may be cut so that nobody reads half a word: between words, in scripts without spaces behind a mark of
punctuation where one is near, and never between a letter and what is written above or below it.
"""

import unicodedata

_REACH = 40
"""Characters within which a better place is looked for; hardly any word is longer."""
_WIDE_STOPS = frozenset("、。，．：；！？）」』】〉》”’…・")
"""Punctuation behind which a Chinese or Japanese text may be cut."""
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")
"""They make one sign of the characters beside them."""


def border_before(text: str, at: int) -> int:
    """The last place at or before `at` where the text may be cut; `at` itself where none is near."""
    return _first_border(text, range(at, max(at - _REACH, -1), -1), at)


def border_after(text: str, at: int) -> int:
    """The first place at or behind `at` where the text may be cut; `at` itself where none is near."""
    return _first_border(text, range(at, min(at + _REACH, len(text) + 1)), at)


def shortened(text: str, most: int) -> str:
    """The text in one line, its end left out where it has more than so many characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return f"{line[: border_before(line, most)].rstrip()} …"


def _first_border(text: str, places: range, otherwise: int) -> int:
    for is_border in (_is_between_words, _is_between_signs):
        found = next((place for place in places if is_border(text, place)), None)
        if found is not None:
            return found
    return otherwise


def _is_between_words(text: str, at: int) -> bool:
    if at in (0, len(text)):
        return True
    return text[at - 1].isspace() or text[at].isspace() or (text[at - 1] in _WIDE_STOPS and text[at] not in _WIDE_STOPS)


def _is_between_signs(text: str, at: int) -> bool:
    """Not within a word that is spelt, nor between a sign and what belongs to it."""
    before, after = text[at - 1], text[at]
    if after in _JOINERS or before in _JOINERS or unicodedata.category(after)[0] == "M":
        return False
    return not (_is_spelt(before) and _is_spelt(after))


def _is_spelt(character: str) -> bool:
    """Whether it is a letter or digit of a script that puts words together of letters; Han and kana do not."""
    wide = unicodedata.east_asian_width(character) == "W"
    return not wide and (character.isalnum() or unicodedata.category(character)[0] == "M")
