"""How an organization that no table knows names itself."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsing.who.phrases import TABLE, any_of, fold_in_place

_NOUNS = re.compile(any_of(TABLE["organizations"]["nouns"]))
_NATURE = re.compile(any_of(TABLE["organizations"]["nature"]))
_STATE = re.compile(any_of(TABLE["institutions"]["state"]))
_SMALL = r"(?:of|for|and|the|on|in|to|de|des|du|la|le|les|et|pour|y|e|para|del|los|las|el|für|und|по|и|за|&)"
_CAPITALISED = r"[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’.-]*"
_PHRASE = re.compile(rf"{_CAPITALISED}(?:[ \t]+(?:{_SMALL}[ \t]+){{0,2}}{_CAPITALISED}){{1,8}}|{_CAPITALISED}")
_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})\.\s")
_OFFICE = (
    r"(?:(?:Vice|Co|Executive|Deputy|Secretary)[ \t-]+)?"
    r"(?:Chair\w*|Pr[eé]sident\w*|Coord[io]\w*|Direct(?:or|eur)\w*|Secretary|General|Head|Member)[ \t]+(?:of|de|du|del)"
)
_LEADING = re.compile(
    rf"^(?:(?:On behalf of|Au nom d[eu]|En nombre de|For|From|By|The|Dear|{_OFFICE}|{_SMALL})[ \t]+)+", re.IGNORECASE
)
_TITLED = re.compile(rf"{_CAPITALISED}(?:[ \t]+\w+){{0,3}}?[ \t]+[«“\"][^«»“”\"\n]{{2,60}}[»”\"]")
_BEFORE_TITLE = re.compile(rf"{any_of(TABLE['organizations']['nouns'])}\s*$")
_HAN = re.compile(rf"[\u3400-\u9fffA-Za-z]{{2,16}}?(?:{'|'.join(TABLE['organizations']['han'])})")
_HAN_BEFORE = re.compile(rf"^{TABLE['organizations']['han_before']}")
_HAN_NOT = re.compile(TABLE["organizations"]["han_not"])
_ARABIC = re.compile(r"(?:شبكة|مؤسسة|جمعية|منظمة|تحالف|اتحاد|معهد|جامعة|مركز|منتدى)(?:[ \t]+[\u0620-\u06ff]+){1,6}")
_NOT_NAMES = re.compile(
    r"convention on|conference\b|international organi[sz]ations|organi[sz]ations internationales|"
    r"organizaciones internacionales|"
    r"nations unies|naciones unidas|conference of the parties|high.level segment|working group|united nations|kunming|"
    r"environment\w* program|international (?:affairs|cooperation|relations|negotiations)|department|division|"
    r"joint (?:comments|submission|program)|action plans?\b|political forum|dear |press |copenhagen accord"
)
_ORGANIZED = re.compile(
    r"(?:\.|^)(?:org|ac|edu|ngo|net)\.[a-z]{2}$|\.(?:org|ngo|edu|int|net|com|foundation|international|earth|eco|info)$"
)
_SHORTEST = 4
"""A Chinese organization's name has so many characters."""


@dataclass(frozen=True, slots=True)
class SelfNamed:
    """An organization by its own name, in how many places it stands, and the words that tell what it is."""

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
    """Whether the host stands under a domain that organizations take."""
    return bool(_ORGANIZED.search(host))


def is_titled(quoted: re.Match[str]) -> bool:
    """Whether what stands in quotation marks is the name of an organization."""
    return bool(_BEFORE_TITLE.search(fold_in_place(quoted.string[max(0, quoted.start() - 30) : quoted.start()])))


def is_no_state(text: str) -> bool:
    """Whether the text says that an organization speaks."""
    return bool(_NATURE.search(fold_in_place(text)))


def _names_in(text: str) -> list[str]:
    names = [*_in_han(text), *(match[0] for match in _ARABIC.finditer(text) if not is_no_state(match[0]))]
    for match in _PHRASE.finditer(text):
        name = _LEADING.sub("", _SENTENCE.split(match[0])[0]).strip(" .,-'")
        folded = fold_in_place(name)
        if _NOUNS.search(folded) and " " in folded and not _STATE.search(folded) and not _NOT_NAMES.search(folded):
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
        if match.end() - start >= _SHORTEST and not _HAN_NOT.search(folded, start, match.end()):
            yield text[start : match.end()]
