"""Names of Parties, Groups and Observers in running text of any of the six languages."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from parsing.languages.tables import LANGUAGES, phrases, section
from parsing.model import Register
from parsing.text.arabic import AND, ARTICLE, PREPOSITIONS
from parsing.text.han import SIMPLIFIED
from parsing.who.inflection import forms_of
from parsing.who.phrases import pattern_in_place

Who = Literal["party", "group", "observer", "seat", "nobody"]

_TABLE = tomllib.loads((files("parsing.who") / "names.toml").read_text("utf-8"))
_CAPITAL = frozenset(_TABLE["capital"])
_GIVEN = frozenset(_TABLE["given"])
_COMMON = {
    word: frozenset(before)
    for language in LANGUAGES
    for word, before in section("names.common_words", language).items()
}
_TITLES = pattern_in_place("names.titles", "names.greetings")
_AROUND = pattern_in_place(
    "names.around", "own.things", "own.verbs", "own.idle_verbs", "own.of", "institutions.beside_adjectives",
    "institutions.state", "institutions.introduced", "articles.definite", "labels.comment",
    "quoted_mail.forward_prefix",
)  # fmt: skip
_VOWELS = "".join(chr(c) for c in range(0x0780, 0x1800) if unicodedata.category(chr(c)) in ("Mn", "Mc"))
"""The signs within words of the scripts of India and its neighbours, which are no letters."""
_WORD = re.compile(rf"(?:[^\W_]|[{_VOWELS}])+|[,،]")
_GAP = re.compile(r"[\s\-–—‐‑'’ʼ`´.()&·_/\"]{0,4}")
_HAN = re.compile(r"[0-9]{0,2}[\u3400-\u9fff](?:[\u3400-\u9fff()-]*[\u3400-\u9fff)])?")
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SIMPLIFIED = str.maketrans(SIMPLIFIED)
_MARKED_SPEAKER = 5
"""Names in capitals of up to so many letters (UK, CAR) are words of their own: found in capitals alone."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that was found at characters [start, end) of the cleaned text. `code` is a Party's code, a Group's or an
    Observer's name; an adjective ("Norwegian") names its Party with less weight, and so does the seat
    of its government.
    """

    who: Who
    code: str
    start: int
    end: int
    adjective: bool = False


class _Word(NamedTuple):
    text: str
    folded: str
    start: int
    end: int


@dataclass(slots=True)
class _Node:
    """What is after the words that lead here: a name that ends, and the words that may follow."""

    next: "dict[str, _Node]" = field(default_factory=dict)
    name: "_Name | None" = None


@dataclass(frozen=True, slots=True)
class _Name:
    who: Who
    code: str
    adjective: bool
    shouted: bool
    """Found in capitals alone."""
    small: bool
    """Written in small letters, as French, Spanish and Russian adjectives are."""


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """The names of a register, ready to be looked for. `lemmas` leads from an inflected word to those of the table."""

    words: _Node
    starts: dict[str, list[_Node]]
    han: dict[str, _Name]
    lemmas: dict[str, tuple[str, ...]]
    lengths: dict[str, tuple[int, ...]]


def find_names(text: str, names: Names) -> tuple[Mention, ...]:
    """All names in the text, in their order; offsets are those of `clean(text)`. None is found inside another, and of
    two that overlap ("Republic of Guinea" in "Republic of Guinea-Bissau") the one that ends later counts.
    """
    text = clean(text)
    found = [*_in_words(text, names), *_in_han(text, names)]
    return tuple(sorted((m for m in found if m.who != "nobody"), key=lambda m: m.start))


def given_names(name: str) -> frozenset[str]:
    """The folded words of a person's name that are Parties' names, too."""
    return frozenset(word for word in map(fold_name, _WORD.findall(clean(name))) if word in _GIVEN)


def clean(text: str) -> str:
    """The text with compatible characters in one form and without marks that are between letters."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=1 << 15)
def fold_name(word: str) -> str:
    """The word without case and accents; Arabic letters that are written either way in one form."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))
    return bare.replace("ة", "ه").replace("ى", "ي").replace("،", ",")


def _in_words(text: str, names: Names) -> Iterator[Mention]:
    words = [_Word(m[0], fold_name(m[0]), *m.span()) for m in _WORD.finditer(text)]
    found: tuple[_Name, int, int] | None = None
    for at in range(len(words)):
        if found and at >= found[2]:
            yield from _mention(text, words, *found)
            found = None
        name, length = _longest(text, words, at, names)
        if name and (found is None or at + length > found[2]):
            found = name, at, at + length
    if found:
        yield from _mention(text, words, *found)


def _mention(text: str, words: Sequence[_Word], name: _Name, at: int, end: int) -> Iterator[Mention]:
    if not _is_a_person(text, words, at, end - at) and not _is_a_common_word(words, at, end - at):
        yield Mention(name.who, name.code, words[at].start, words[end - 1].end, name.adjective)


def _longest(text: str, words: Sequence[_Word], at: int, names: Names) -> tuple[_Name | None, int]:
    """The longest name that begins with this word, and how many words it has."""
    nodes = names.starts.get(words[at].folded) or _after_prefix(words[at].folded, names)
    best: _Name | None = None
    length = 0
    count = 1
    while nodes:
        if name := _name_here(nodes, words[at : at + count], alone=count == len(words)):
            best, length = name, count
        if at + count >= len(words) or not _joined(text, words[at + count - 1], words[at + count]):
            break
        nodes = _step(nodes, words[at + count].folded, names)
        count += 1
    return best, length


def _name_here(nodes: Sequence[_Node], words: Sequence[_Word], *, alone: bool) -> _Name | None:
    """The first name that ends at one of these nodes and is written as these words; a text that is `alone` a name may
    be written in small letters.
    """
    for node in nodes:
        if node.name and (_is_written_as(node.name, words) or (alone and not node.name.shouted)):
            return node.name
    return None


def _step(nodes: Iterable[_Node], word: str, names: Names) -> list[_Node]:
    tried = (word, *names.lemmas.get(word, ()))
    return [node.next[t] for node in nodes for t in tried if t in node.next]


def _after_prefix(word: str, names: Names) -> list[_Node]:
    if not "\u0620" <= word[0] <= "\u06ff":
        return []
    return [node for bare in _without_prefix(word) for node in names.starts.get(bare, ())]


def _without_prefix(word: str) -> tuple[str, ...]:
    """Arabic "and", "in", "for", "as" are written on to the word (wa-, fa-, bi-, li-, ka-); li- takes the a of al-."""
    tried = [word[1:]] if word[0] in AND + PREPOSITIONS else []
    bare = word[1:] if word[0] in AND else word
    if bare.startswith("لل"):
        tried.append(ARTICLE + bare[2:])
    elif bare and bare[0] in PREPOSITIONS:
        tried.append(bare[1:])
    return tuple(t for t in tried if len(t) > 2)


def _joined(text: str, left: _Word, right: _Word) -> bool:
    gap = text[left.end : right.start]
    if not _GAP.fullmatch(gap) or gap.count("\n") > 1:
        return False
    return "." not in gap or len(left.text) <= 4 or left.text == ","


def _is_written_as(name: _Name, words: Sequence[_Word]) -> bool:
    if name.shouted:
        return all(word.text == word.text.upper() for word in words)
    return len(words) > 1 or name.small or words[0].folded not in _CAPITAL or words[0].text[0].isupper()


def _is_a_person(text: str, words: Sequence[_Word], at: int, length: int) -> bool:
    """Whether a name that people bear is after a title or beside another name."""
    word = words[at]
    if length > 1 or word.folded not in _GIVEN:
        return False
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    if before is None:
        return _is_surname(text, word, after)
    if before.text == "," and "\n" in text[before.end : word.start]:
        return _TITLES.fullmatch(words[at - 2].folded) is not None  # a line of its own, below one that ends in a comma
    return bool(_TITLES.fullmatch(before.folded)) or _is_surname(text, before, word) or _is_surname(text, word, after)


def _is_a_common_word(words: Sequence[_Word], at: int, length: int) -> bool:
    """Whether it is a word of its own ("financial"): something goes with it, and nothing of a State comes before it."""
    if length > 1 or words[at].folded not in _COMMON or len(words) == 1:
        return False
    return not at or words[at - 1].folded not in _COMMON[words[at].folded]


def _is_surname(text: str, left: _Word | None, right: _Word | None) -> bool:
    """Whether the one beside the other makes a person's name of both."""
    if (
        left is None
        or right is None
        or text[left.end : right.start].strip(" .")
        or "\n" in text[left.end : right.start]
    ):
        return False
    other = right if left.folded in _GIVEN else left
    if left.folded in _GIVEN and right.folded in _GIVEN:
        other = right
    return other.text[0].isupper() and not _AROUND.fullmatch(other.folded) and not other.text.isdigit()


def _in_han(text: str, names: Names) -> Iterator[Mention]:
    text = text.translate(_SIMPLIFIED)
    for run in _HAN.finditer(text):
        at = run.start()
        while at < run.end():
            for length in names.lengths.get(text[at], ()):
                name = names.han.get(text[at : at + length])
                if name and at + length <= run.end():
                    yield Mention(name.who, name.code, at, at + length, name.adjective)
                    at += length
                    break
            else:
                at += 1


@lru_cache(maxsize=4)
def names_of(register: Register) -> Names:
    names = Names(_Node(), {}, {}, {}, {})
    for who, code, spellings, adjective in _rows(register):
        for spelling in spellings:
            _add(
                names, spelling, _Name(who, code, adjective, _is_shouted(spelling), adjective and spelling[0].islower())
            )
    for word in (*names.words.next, *names.lemmas):
        if nodes := _step([names.words], word, names):
            names.starts[word] = nodes
    return names


def _rows(register: Register) -> Iterator[tuple[Who, str, Sequence[str], bool]]:
    """Whoever comes first keeps a name that several bear."""
    for party in register.parties:
        yield "party", party.code, party.names, False
    for group in register.groups:
        yield "group", group.name, (group.name, *group.aliases), False
    for observer in register.observers:
        yield "observer", observer.name, (observer.name, *observer.aliases), False
    for party in register.parties:
        yield "party", party.code, party.adjectives, True
        yield "seat", party.code, party.seats, False
    yield "nobody", "", (*_TABLE["nobody"], *phrases("names.in_other_words")), False


def _is_shouted(spelling: str) -> bool:
    letters = [c for c in spelling if c.isalpha()]
    return len(letters) <= _MARKED_SPEAKER and "".join(letters).isupper()


def _add(names: Names, spelling: str, name: _Name) -> None:
    spelling = clean(spelling)
    if _HAN.match(spelling):
        spelling = spelling.translate(_SIMPLIFIED)
        names.han.setdefault(spelling, name)
        lengths = {*names.lengths.get(spelling[0], ()), len(spelling)}
        names.lengths[spelling[0]] = tuple(sorted(lengths, reverse=True))
        return
    node = names.words
    words = [fold_name(word) for word in _WORD.findall(spelling)]
    for word in words:
        for form in forms_of(word, adjective=name.adjective and spelling[0].islower()):
            if word not in names.lemmas.get(form, ()) and form != word:
                names.lemmas[form] = (*names.lemmas.get(form, ()), word)
        node = node.next.setdefault(word, _Node())
    if words and node.name is None:
        node.name = name
