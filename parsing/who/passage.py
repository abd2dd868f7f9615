"""What one passage of a mail says of its speaker: claims to speak for others, words of one's own, letterheads."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from parsing.languages.tables import phrases
from parsing.text.arabic import AND, PREPOSITIONS
from parsing.text.phrases import expression
from parsing.who.names import Mention, clean, find_names, fold_name, given_names
from parsing.who.observers import is_titled
from parsing.who.phrases import any_of, fold_in_place, pattern_in_place
from parsing.who.register_index import RegisterIndex

_BEHALF = pattern_in_place("on_behalf.phrases")
_ECHO = pattern_in_place("on_behalf.of_another")
_EARLIER = pattern_in_place("on_behalf.of_earlier")
_OFFICE = pattern_in_place("on_behalf.office")
_APART = re.compile(r"[\s,،]*")
_COMMA = re.compile("[,،]")
_DENIED = re.compile(rf"{any_of('on_behalf.denial')}(?:[\s'-]+(?!{any_of('on_behalf.only')})\w+){{0,2}}[\s(]*$")
_LINKS = re.compile(rf"(?:[\s,、;/&+()'\d-]|{any_of('on_behalf.links')})*")
_PRONOUN = pattern_in_place("on_behalf.own_words")
_OWN_WORDS = re.compile(rf"[,;:，、،؛]|{_PRONOUN.pattern}")
_CLAUSE = re.compile(r"[.;:!?。；：！？؛؟](?:\s|$)|\n\s*\n|$")
_SENTENCE = re.compile(r"[.!?。！？؟](?:\s|$)|\n\s*\n")
_ABBREVIATED = re.compile(rf"(?:\b[a-z]|{any_of('abbreviations.words')})\.$")
_THINGS = any_of("own.things")
_OF = any_of("own.of")
_THING_OF = re.compile(rf"{_THINGS}(?:[\W_]{{1,3}}{_OF}\b)*[\W_]{{0,3}}(?:[\W_]{{1,2}}{_OF})?[\W_]{{0,2}}$")
_OWNED = re.compile(
    rf"(?:'?s\b)?'?(?:[\W_]|{any_of('own.particles')}){{0,8}}(?:{any_of('own.qualities')}\s*)*{_THINGS}"
)
_BESIDE_ADJECTIVES = any_of("institutions.beside_adjectives")
_DOES = re.compile(
    rf"\)?(?:\W+{_BESIDE_ADJECTIVES}){{0,3}}(?:,\s*[^,\n]{{1,100}},)?\s*{any_of('own.verbs', 'own.idle_verbs')}"
)
_IDLE = pattern_in_place("own.idle_verbs")
_SENDS = re.compile(rf"[^.;:\n]{{0,60}}{_THINGS}|\W+{any_of('own.sends')}")
_ARABIC_VERB = re.compile(rf"{any_of('own.verbs_before')}(?:\s+[\w]+){{0,4}}\s*[{AND}{PREPOSITIONS}]?$")
_OTHERS = pattern_in_place("others.before", "on_behalf.of_another")
_ARTICLE = any_of("articles.definite")
_PLACE = re.compile(rf"{any_of('places.within')}\s*(?:{_ARTICLE}\s+)?$")
_TOWN = re.compile(rf"{expression(phrases('places.town'), str)}\s[A-ZÀ-ÞА-ЯЁ][\w-]+(?:\s[A-ZÀ-ÞА-ЯЁ][\w-]+)?,\s$")
_STREET = re.compile(rf"{any_of('places.street_before')}[.\s]+(?:\w+\s+){{0,2}}$")
_OF_A_STREET = re.compile(rf"\s*{any_of('places.street_after')}")
_WORD = re.compile(r"[\w']+")
_EMBASSY = pattern_in_place("places.embassies")
_STATE = pattern_in_place("institutions.state", "institutions.introduced")
_INTRODUCED = re.compile(rf"{any_of('institutions.introduced')}[^.,;:!?]{{0,70}}$")
_INTRODUCED_AFTER = pattern_in_place("institutions.introduced_after")
_ADJECTIVAL = re.compile(rf"(?:\W+\w+){{0,3}}?\W*{_BESIDE_ADJECTIVES}")
_FOR_A_GROUP = re.compile(rf"(?:^|[,(-])\s*{any_of('on_behalf.for')}\s+(?:{_ARTICLE}\s+)?$")
_QUOTED = re.compile(
    "“[^“”]{1,600}”|«[^«»]{1,600}»|„[^„“”]{1,600}[“”]|「[^「」]{1,600}」|『[^『』]{1,600}』|"
    r'(?<![\w.,;:!?)])"(?=\S)[^"\n]{1,600}"'
)
_TITLES = re.compile(rf"\W*(?:{any_of('institutions.titles')}\W*)*")
_NUMBER = re.compile(r"\d")
_RUNS_ON = re.compile(rf"(?::|{any_of('places.within', 'lines.runs_on')})$")
_GREETING = re.compile(rf"^{any_of('names.greetings', 'leave_taking.phrases')}")
_LONGEST_CLAUSE = 160
_DENIAL = 40
"""A denial comes at most so many characters before a claim."""
_LINE = 80
"""A line of a letterhead or of a signature is no longer than so many characters."""


@dataclass(frozen=True, slots=True)
class TextWithNames:
    """Cleaned text with the names in it; `folded` has the same offsets."""

    text: str
    folded: str
    names: tuple[Mention, ...]
    seats: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """That the passage speaks in the name of all these, the first one first; `words` are the passage's own."""

    names: tuple[Mention, ...]
    words: str


def passage(text: str, index: RegisterIndex, people: Collection[str] = ()) -> TextWithNames:
    """The passage; `people` are folded words that are given names in this mail ("Georgia"), and no Party's."""
    cleaned = clean(text)
    found = find_names(cleaned, index.names)
    names = tuple(
        name for name in found if name.who != "seat" and fold_name(cleaned[name.start : name.end]) not in people
    )
    return TextWithNames(cleaned, fold_in_place(cleaned), names, tuple(name for name in found if name.who == "seat"))


def without_quotes(text: str) -> str:
    """The text with blanks for what is in quotation marks: words of the draft, or that are proposed for it; an
    organization keeps its name (фонд «Чистая вода»).
    """
    return _QUOTED.sub(lambda quoted: quoted[0] if is_titled(quoted) else re.sub(r"\S", " ", quoted[0]), text)


def said_on_behalf(passage: TextWithNames) -> Iterator[OnBehalf]:
    """Every "on behalf of …" that is the passage's own, and "Togo, for the African Group"."""
    for phrase in _BEHALF.finditer(passage.folded):
        if _is_anothers(passage, phrase.start()) or _DENIED.search(
            passage.folded[max(0, phrase.start() - _DENIAL) : phrase.start()]
        ):
            continue
        end = _end_of_claim(passage, phrase)
        named = tuple(_in_one_list(passage, phrase.end(), end))
        if named:
            yield OnBehalf(named, " ".join(passage.text[phrase.start() : named[-1].end].split()))
    for left, right in zip(passage.names, passage.names[1:], strict=False):
        between = passage.folded[left.end : right.start]
        if right.who == "group" and left.who == "party" and _FOR_A_GROUP.fullmatch(between):
            yield OnBehalf((right,), " ".join(passage.text[left.start : right.end].split()))


def _is_anothers(passage: TextWithNames, at: int) -> bool:
    """Whether the sentence tells of another's statement, as "supports the statement made by Egypt on behalf of …"."""
    start = _start_of_sentence(passage, at)
    if _ECHO.search(passage.folded, start, at):
        return True
    earlier = _EARLIER.search(passage.folded, start, at)
    return earlier is not None and not _OWN_WORDS.search(passage.folded, earlier.end(), at)


def _start_of_sentence(passage: TextWithNames, at: int) -> int:
    ends = [m.end() for m in _SENTENCE.finditer(passage.folded, max(0, at - 300), at)]
    return ends[-1] if ends else max(0, at - 300)


def _end_of_claim(passage: TextWithNames, phrase: re.Match[str]) -> int:
    """Where the names of a claim end at the latest: what an office is held of comes before the next comma."""
    end = _end_of_clause(passage, phrase.end())
    comma = _COMMA.search(passage.folded, phrase.end(), end) if _OFFICE.search(phrase[0]) else None
    return comma.start() if comma else end


def _end_of_clause(passage: TextWithNames, at: int) -> int:
    limit = min(len(passage.folded), at + _LONGEST_CLAUSE)
    for end in _CLAUSE.finditer(passage.folded, at, limit):
        if not _ABBREVIATED.search(passage.folded[at : end.start() + 1]):
            return end.start()
    return limit


def _in_one_list(passage: TextWithNames, start: int, end: int) -> Iterator[Mention]:
    """The first name after the phrase, and those that are joined to it by commas and "and"."""
    names = [name for name in passage.names if start <= name.start < end]
    if not names:
        return
    between = passage.folded[start : names[0].start]
    if _PRONOUN.search(between) or _BEHALF.search(between):
        return
    last = names[0]
    yield last
    for name in names[1:]:
        if not _LINKS.fullmatch(passage.folded[last.end : name.start]):
            return
        yield name
        last = name


def is_own(passage: TextWithNames, name: Mention) -> bool:
    """Whether the name owns what is sent ("comments of Norway", "Norway's comments") or does something ("proposes")."""
    before = passage.folded[max(0, name.start - 70) : name.start]
    after = passage.folded[name.end : name.end + 90]
    if name.adjective and not is_institutional_adjective(passage, name):
        return False
    if _THING_OF.search(before):
        return not _is_another_s(passage, name)
    if _is_in_a_place(passage, name) or _is_another_s(passage, name):
        return False
    if _OWNED.match(after) or _ARABIC_VERB.search(before) or _chairs_a_group(passage, name):
        return True
    return _does_something(name, after)


def _does_something(name: Mention, after: str) -> bool:
    """Whether a verb of proposing follows; of a Group, one that any sentence about States has is none."""
    does = _DOES.match(after)
    return does is not None and not (name.who == "group" and _is_idle(after, does.end()))


def _chairs_a_group(passage: TextWithNames, name: Mention) -> bool:
    """Whether the name goes on with the office that its bearer holds in a Group."""
    apart = _APART.match(passage.folded, name.end)
    phrase = _BEHALF.match(passage.folded, apart.end()) if apart else None
    if phrase is None or not _OFFICE.search(phrase[0]):
        return False
    end = _end_of_claim(passage, phrase)
    return next((n.who for n in passage.names if phrase.end() <= n.start < end), "") == "group"


def _is_idle(after: str, at: int) -> bool:
    """Whether the words up to there are of any sentence about States ("… are affected"), and nothing is sent."""
    last = max((m.start() for m in _WORD.finditer(after, 0, at)), default=at)
    return bool(_IDLE.fullmatch(after, last, at)) and not _SENDS.match(after, at)


def _is_another_s(passage: TextWithNames, name: Mention) -> bool:
    """Whether the words before the name, with no comma between, make it one who is supported, thanked or addressed."""
    start = max(_start_of_sentence(passage, name.start), name.start - 60)
    found = list(_OTHERS.finditer(passage.folded, start, name.start))
    return bool(found) and not re.search("[,;:،，]", passage.folded[found[-1].end() : name.start])


def introduces_itself(passage: TextWithNames, name: Mention) -> bool:
    """Whether an institution of the name's State writes: "The Embassy of Nepal presents its compliments"."""
    if _is_in_a_place(passage, name) or _is_another_s(passage, name):
        return False
    found = _INTRODUCED.search(passage.folded[: name.start], max(0, name.start - 100))
    if found:
        return not any(found.start() <= other.start < name.start for other in passage.names)
    return bool(_INTRODUCED_AFTER.match(passage.folded, name.end))


def _is_in_a_place(passage: TextWithNames, name: Mention) -> bool:
    """Whether something is in or with the name: "to China", "in Nairobi, Kenya"."""
    start = max(0, name.start - 70)
    return bool(_PLACE.search(passage.folded[start : name.start]) or _TOWN.search(passage.text[start : name.start]))


def is_a_place(passage: TextWithNames, name: Mention) -> bool:
    """Whether the name is the country that an embassy is in, or a street's."""
    before = passage.folded[max(0, name.start - 160) : name.start]
    if _is_in_a_place(passage, name) and _EMBASSY.search(before):
        return True
    return bool(_STREET.search(before) or _OF_A_STREET.match(passage.folded, name.end))


def is_institutional_adjective(passage: TextWithNames, name: Mention) -> bool:
    """Whether an adjective is next to an institution: "Norwegian Ministry", "gouvernement malien"."""
    if _ADJECTIVAL.match(passage.folded[name.end : name.end + 45]):
        return True
    return bool(_STATE.search(passage.folded[max(0, name.start - 25) : name.start]))


def is_official(passage: TextWithNames, name: Mention) -> bool:
    """Whether an institution of a State is with the name, in its line or the two before."""
    start = name.start
    for _ in range(3):
        start = passage.folded.rfind("\n", 0, max(0, start))
        if start < 0:
            break
    end = _line(passage, name)[1]
    if _is_alone(passage, name) and (after := passage.folded.find("\n", end + 1)) != end + 1:
        end = after if after >= 0 else len(passage.folded)
    return bool(_STATE.search(passage.folded, max(0, start), end))


def signs(passage: TextWithNames, name: Mention) -> bool:
    """Whether the name is alone in its line, as the last word of a signature; neither in a list of Parties, nor
    below a postal address, nor as a person's.
    """
    if not _is_alone(passage, name) or {name.code} != {n.code for n in passage.names if _is_alone(passage, n)}:
        return False
    start, end = _line(passage, name)
    before = passage.folded[:start].rstrip().rpartition("\n")[2].strip()
    adjoins = passage.folded[:start].endswith(before + "\n")
    if passage.seats or _goes_on(before, adjoins=adjoins):
        return False
    may_be_a_person = fold_name(passage.text[start:end].strip(" .,")) in given_names(
        passage.text[name.start : name.end]
    )
    return not may_be_a_person or (adjoins and not _ends_a_greeting(before))


def _goes_on(line: str, *, adjoins: bool) -> bool:
    """Whether the line above leads on to the name: by its last word, or as a postal address."""
    return bool(_RUNS_ON.search(line)) or (adjoins and bool(_NUMBER.search(line)))


def _ends_a_greeting(line: str) -> bool:
    return line.endswith((",", "!")) or bool(_GREETING.search(line))


def _is_alone(passage: TextWithNames, name: Mention) -> bool:
    start, end = _line(passage, name)
    return all(_TITLES.fullmatch(passage.folded, *around) for around in ((start, name.start), (name.end, end)))


def _line(passage: TextWithNames, name: Mention) -> tuple[int, int]:
    end = passage.text.find("\n", name.end)
    return passage.text.rfind("\n", 0, name.start) + 1, end if end >= 0 else len(passage.text)


def is_in_a_short_line(passage: TextWithNames, name: Mention) -> bool:
    """Whether the name is in a line as letterheads and signatures have it."""
    start, end = _line(passage, name)
    return end - start <= _LINE
