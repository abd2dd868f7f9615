"""The forms that the words of a name take: Russian cases, French and Spanish genders and numbers of adjectives."""

from parsing.languages.tables import phrases, section

_CASES: dict[str, list[str]] = section("inflection.cases", "ru")
"""The ending of a word as the register has it, folded (й is written и): the endings of its other cases."""
_INDECLINABLE = frozenset("оуэию")
_CONSONANT = phrases("inflection.consonant")
_ADJECTIVES = phrases("inflection.adjectives")


def forms_of(word: str, *, adjective: bool) -> tuple[str, ...]:
    """The folded word in its other forms; none where it does not change."""
    if "\u0400" <= word[0] <= "\u04ff":
        return _cases(word)
    return _genders(word) if adjective and word.isascii() else ()


def _cases(word: str) -> tuple[str, ...]:
    if len(word) < 4:
        return ()
    for ending, others in _CASES.items():
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            return tuple(stem + other for other in others)
    return () if word[-1] in _INDECLINABLE else tuple(word + ending for ending in _CONSONANT)


def _genders(word: str) -> tuple[str, ...]:
    """norvegien, norvegienne; noruego, noruega, noruegos; frances, francesa."""
    if word.endswith("o"):
        return (word[:-1] + "a", word + "s", word[:-1] + "as")
    if word.endswith("e"):
        return (word + "s",)
    return tuple(word + ending for ending in _ADJECTIVES)
