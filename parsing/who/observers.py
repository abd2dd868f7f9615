"""How an organization that no table knows names itself."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsing.languages.tables import phrases
from parsing.text.phrases import expression
from parsing.who.phrases import any_of, fold_in_place, pattern_in_place

_NOUNS = pattern_in_place("organizations.nouns")
_NATURE = pattern_in_place("organizations.nature")
_STATE = pattern_in_place("institutions.state", "institutions.introduced")
_SMALL = rf"(?:{expression(phrases('organizations.small'), str)}|&)"
_CAPITALISED = r"[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’.-]*"
_PHRASE = re.compile(rf"{_CAPITALISED}(?:[ \t]+(?:{_SMALL}[ \t]+){{0,2}}{_CAPITALISED}){{1,8}}|{_CAPITALISED}")
_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})\.\s")
_LEADING = re.compile(
    rf"^(?:(?:{expression(phrases('organizations.leading'), str.casefold)}|{_SMALL})[ \t]+)+", re.IGNORECASE
)
_TITLED = re.compile(rf"{_CAPITALISED}(?:[ \t]+\w+){{0,3}}?[ \t]+[«“\"][^«»“”\"\n]{{2,60}}[»”\"]")
_BEFORE_TITLE = re.compile(rf"{any_of('organizations.nouns')}\s*$")
_HAN = re.compile(rf"[\u3400-\u9fffA-Za-z]{{2,16}}?{any_of('organizations.endings')}")
_HAN_BEFORE = re.compile(rf"^{any_of('organizations.before')}+")
_ARABIC = re.compile(rf"(?:{'|'.join(phrases('organizations.nouns', 'ar'))})(?:[ \t]+[\u0620-\u06ff]+){{1,6}}")
_NO_NAMES = pattern_in_place("organizations.no_names")
_ORGANIZED = re.compile(
    r"(?:\.|^)(?:org|ac|edu|ngo|net)\.[a-z]{2}$|\.(?:org|ngo|edu|int|net|com|foundation|international|earth|eco|info)$"
)
_SHORTEST = 4
"""A Chinese organization's name has so many characters."""


@dataclass(frozen=True, slots=True)
class SelfNamed:
    """An organization by its own name, in how many places it occurs, and the words that tell what it is."""

    name: str
    places: int
    nature: str


def own_name(passages: Sequence[str]) -> SelfNamed | None:
    """The organization that is named in most of these passages (the sender first; subject, letterhead, signature …)."""
    nature = next((m[0] for text in passages if (m := _NATURE.search(fold_in_place(text)))), "")
    counted: Counter[str] = Counter()
    for text in passages:
        counted.update(set(_names_in(text)))
    if not counted:
        return None
    name, places = max(counted.items(), key=lambda item: (item[1], item[0] in passages[0], len(item[0])))
    return SelfNamed(name, places, nature)


def is_organization(host: str) -> bool:
    """Whether the host is under a domain that organizations take."""
    return bool(_ORGANIZED.search(host))


def is_titled(quoted: re.Match[str]) -> bool:
    """Whether what is in quotation marks is the name of an organization."""
    return bool(_BEFORE_TITLE.search(fold_in_place(quoted.string[max(0, quoted.start() - 30) : quoted.start()])))


def is_no_state(text: str) -> bool:
    """Whether the text says that an organization speaks."""
    return bool(_NATURE.search(fold_in_place(text)))


def _names_in(text: str) -> list[str]:
    names = [*_in_han(text), *(match[0] for match in _ARABIC.finditer(text) if not is_no_state(match[0]))]
    for match in _PHRASE.finditer(text):
        name = _LEADING.sub("", _SENTENCE.split(match[0])[0]).strip(" .,-'")
        folded = fold_in_place(name)
        if _NOUNS.search(folded) and " " in folded and not _STATE.search(folded) and not _NO_NAMES.search(folded):
            names.append(name)
    return names + [match[0] for match in _TITLED.finditer(text) if _names_an_organization(match[0])]


def _names_an_organization(titled: str) -> bool:
    return bool(_NOUNS.search(fold_in_place(re.split('[«“"]', titled)[0])))


def _in_han(text: str) -> Iterator[str]:
    """Chinese names: without the words that lead to them, and no words for what an organization is."""
    folded = fold_in_place(text)
    for match in _HAN.finditer(folded):
        before = _HAN_BEFORE.match(match[0])
        start = match.start() + (before.end() if before else 0)
        if match.end() - start >= _SHORTEST and not _NO_NAMES.search(folded, start, match.end()):
            yield text[start : match.end()]
