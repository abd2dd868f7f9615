"""The forms that the words of a name take: Russian cases, French and Spanish genders and numbers of adjectives."""

_CASES = (
    # ending of the word as names.toml has it (folded: й is written и): the endings of its other cases
    ("кая", ("кои", "кую", "кою")),
    ("ная", ("нои", "ную", "ною")),
    ("кое", ("кого", "кому", "ким", "ком")),
    ("ное", ("ного", "ному", "ным", "ном")),
    ("кие", ("ких", "ким", "кими")),
    ("ные", ("ных", "ным", "ными")),
    ("кии", ("кого", "кому", "ким", "ком", "кая", "кои", "кую", "кое", "кие", "ких", "кими")),
    ("ныи", ("ного", "ному", "ным", "ном", "ная", "нои", "ную", "ное", "ные", "ных", "ными")),
    ("ия", ("ии", "ию", "иеи", "иею")),
    ("ея", ("еи", "ею", "ее")),
    ("ство", ("ства", "ству", "ством", "стве")),
    ("ова", ("овов", "овам", "овами", "овах", "овы", "ове", "ову", "овои")),
    ("ы", ("", "ов", "ам", "ами", "ах")),
    ("ка", ("ки", "ке", "ку", "кои")),
    ("га", ("ги", "ге", "гу", "гои")),
    ("а", ("ы", "и", "е", "у", "ои")),
    ("ья", ("ьи", "ье", "ью", "ьеи")),
    ("я", ("и", "е", "ю", "еи")),
    ("аи", ("ая", "аю", "аем", "ае")),
    ("еи", ("ея", "ею", "еем", "ее")),
    ("ь", ("я", "ю", "ем", "е", "и", "ью")),
)
_INDECLINABLE = frozenset("оуэию")
_CONSONANT = ("а", "у", "ом", "е")
_LATIN = ("s", "e", "es", "ne", "nes", "a", "as")


def forms_of(word: str, *, adjective: bool) -> tuple[str, ...]:
    """The folded word in its other forms; none where it does not change."""
    if "\u0400" <= word[0] <= "\u04ff":
        return _cases(word)
    return _genders(word) if adjective and word.isascii() else ()


def _cases(word: str) -> tuple[str, ...]:
    if len(word) < 4:
        return ()
    for ending, others in _CASES:
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
    return tuple(word + ending for ending in _LATIN)
