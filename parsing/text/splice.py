"""Words put into, taken out of, or exchanged in a text as a careful editor would: spaces, commas, capitals."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from parsing.languages.tables import phrases

_LANGUAGE = "en"
"""Drafts are written in English, whatever language a delegation proposes changes in."""
_CLOSING = ",;.:)]?!”’"
_SPACE_AND_SIGNS_AT_END = re.compile(r"[\s;.,:\]]*$")
_WORD = re.compile(r"\w+")
_SMALL = 3
"""Letters of a word that says nothing by itself: "the", "of"."""
_LIST = 60
"""Characters behind which three commas make a list."""
_ITEM_BEFORE = re.compile(r", \w[\w-]*(?: [\w-]+){0,2}$")
"""One more item of a list before the last link of it: "monitoring, reporting and review"."""
_BESIDE = 200
"""Characters of the text beside new words that they are compared with."""
_MOST_REPEATED = 12
"""Words that anybody repeats of the text around new ones to say where these go."""

_NEAR = 4
"""Words beside old ones that new ones may repeat, further away than right beside them, at most."""
_DEFECTS = {
    "the same words would be there twice in a row": re.compile(
        r"\b(\w++(?:,? \w++){1,6}),? \1\b|\b(\w++) \2\b", re.IGNORECASE
    ),
    "two signs would be beside each other": re.compile(r"[,;:]\s*[,;:.]|\.\s*[,;:]"),
}
"""What a text must not have, by what is to be said of it."""

# Sets, since "" is in none of them: at either end of a text there is no sign to ask for.
_STOPS = frozenset(",;.:")
_CLAUSE_ENDS = frozenset(",;.")
_CLAUSE_STARTS = frozenset(",;:")
_COMMAS = frozenset(",;")


class Splice(NamedTuple):
    """The words `new` in place of official[start:end]; start == end where words are only put in."""

    start: int
    end: int
    new: str


def is_closing(words: str) -> bool:
    """Whether words are one sign with which a paragraph may end."""
    return words in _CLAUSE_ENDS


def spliced(official: str, changes: Iterable[Splice]) -> str:
    """The text with changes that do not overlap."""
    for change in sorted(changes, key=lambda one: (one.start, one.end), reverse=True):
        official = official[: change.start] + change.new + official[change.end :]
    return official


def defect(official: str, text: str) -> str:
    """What is wrong with a text that came from the official one, and not with that; empty where nothing is: words twice
    in a row, two signs in a row, a bracket that is not closed. The changes were then hardly meant so.
    """
    there = ((name, form, form.findall(text)) for name, form in _DEFECTS.items())
    more = (name for name, form, found in there if found and len(found) > len(form.findall(official)))
    return next(more, "") or ("a bracket is open" if _open(text) != _open(official) else "")


def _open(text: str) -> list[int]:
    """How many brackets of each kind are not closed."""
    return [text.count(left) - text.count(right) for left, right in ("()", "[]", "“”")]


# --- words put in ------------------------------------------------------------------------------------


def inserted_after(official: str, at: int, words: str) -> Splice:
    """The words behind official[:at], with the space or the comma that they need."""
    left, right = official[:at], official[at:]
    new = _without_repeated(words.strip(), left, right)
    new = _without_second_sign(new, left)
    new = _set_apart(new, left, right)
    if not new:
        return Splice(at, at, "")
    if _is_item_before_another(new, left, right):
        new += ","
    return Splice(at, at, _space_before(new, left) + new + _space_after(left, right))


def _without_second_sign(new: str, left: str) -> str:
    """The new words without their first sign, where the text before them ends with one."""
    if new[:1] in _CLAUSE_STARTS and left.rstrip()[-1:] in _CLAUSE_STARTS:
        return new[1:].lstrip()
    return new


def _set_apart(new: str, left: str, right: str) -> str:
    """The new words with a comma before them where they are one more item of a list, and without one that doubles."""
    if new[-1:] in _CLAUSE_ENDS and right[:1] in _STOPS:
        bare = new[:-1].rstrip()
        return f", {bare}" if right[0] == "," and _is_item(bare) else bare
    last_but_one = right.startswith(_before("wording.last_links")) and _ITEM_BEFORE.search(left)
    if _is_item(new) and (right[:1] == "," or last_but_one):
        return f", {new}"
    return new


def _is_item_before_another(new: str, left: str, right: str) -> bool:
    """Whether the words are one more of a list behind its comma, and the next one follows without another."""
    if not left.endswith(",") or not _is_item(new) or new[-1] in _CLOSING:
        return False
    return right.startswith(_before("wording.determiners")) or left[-_LIST:].count(",") > 2


def _space_before(new: str, left: str) -> str:
    if not left or new[0] in _CLOSING:
        return ""
    return "" if left[-1].isspace() or left[-1] in "([“‘-" else " "


def _space_after(left: str, right: str) -> str:
    """A space where the text goes on with a word, or where the new words come behind the space that was there."""
    if not right or right[0].isspace() or right[0] in _CLOSING:
        return ""
    return " " if right[0].isalnum() or right[0] in "“([" or left[-1:].isspace() else ""


def _is_item(new: str) -> bool:
    """Whether the words are one more of a list: they neither begin with a comma nor carry on the words before."""
    first = _WORD.match(new)
    return first is not None and first[0].lower() not in _links() and not new.endswith((",", ";"))


@cache
def _links() -> frozenset[str]:
    """Words that carry on those before them, so that no comma is wanted."""
    return frozenset(phrases("wording.links", _LANGUAGE))


@cache
def _before(concept: str) -> tuple[str, ...]:
    """The words of a concept as a text goes on with them."""
    return tuple(f" {word} " for word in phrases(concept, _LANGUAGE))


def carries_on(words: str) -> bool:
    """Whether words can only come behind others: they begin with a comma, or with a word that links."""
    return words.lstrip()[:1] in _COMMAS or not _is_item(words.strip())


def inserted_before(official: str, at: int, words: str) -> Splice:
    """The words before official[at:], with the spaces that they need."""
    new = _without_repeated(words.strip(), official[:at], official[at:])
    if at == 0:
        return at_start(official, new)
    if not new:
        return Splice(at, at, "")
    if new[0] in _CLOSING and official[at - 1].isspace():
        return inserted_after(official, at - 1, new)
    joined_before = official[at - 1].isspace() or official[at - 1] in "-([“" or new[0] in _CLOSING
    joined_after = new[-1] in "-([“" or official[at : at + 1] in tuple(",;.:)")
    return Splice(at, at, ("" if joined_before else " ") + new + ("" if joined_after else " "))


def at_end(official: str, words: str, stop: int | None = None) -> Splice:
    """The words at the end of official[:stop], before the closing punctuation."""
    bare = words.strip()
    if stop is None and official.endswith(",") and bare.endswith(",") and bare[:1].isalnum() and not carries_on(bare):
        return Splice(len(official), len(official), f" {bare}")
    end = len(official) if stop is None else stop
    signs = _SPACE_AND_SIGNS_AT_END.search(official[:end])
    return inserted_after(official, signs.start() if signs else end, bare.rstrip(";.") or words)


def at_start(official: str, words: str) -> Splice:
    """The words at the beginning; the capital passes to them."""
    new = words.strip()
    if not new:
        return Splice(0, 0, "")
    space = "" if new.endswith("-") else " "
    if official[:1].isupper() and not _begins_with_name(official):
        return Splice(0, 1, new[:1].upper() + new[1:] + space + official[:1].lower())
    return Splice(0, 0, new + space)


def _begins_with_name(official: str) -> bool:
    """Whether the first word keeps its capital."""
    first, _, rest = official.partition(" ")
    return first.isupper() or rest[:1].isupper()


def _without_repeated(new: str, left: str, right: str) -> str:
    """The new words without those at their edges that the text has beside them: they are given for orientation."""
    repeated = _repeated_ahead(_WORD.findall(new), _WORD.findall(right[:_BESIDE]))
    if repeated:
        new = new[: list(_WORD.finditer(new))[-repeated].start()].rstrip()
    repeated = _repeated_behind(_WORD.findall(new), _WORD.findall(left[-_BESIDE:]))
    if repeated:
        new = new[list(_WORD.finditer(new))[repeated - 1].end() :].lstrip()
    return new


def _repeated_ahead(own: Sequence[str], ahead: Sequence[str]) -> int:
    """How many words at the end of the new ones are those with which the text goes on."""
    for n in range(min(len(own) - 1, len(ahead), _MOST_REPEATED), 0, -1):
        if _same_words(own[-n:], ahead[:n]) and _orients(own[-n:], own[-n - 1 : -n]):
            return n
    return 0


def _repeated_behind(own: Sequence[str], behind: Sequence[str]) -> int:
    """How many words at the beginning of the new ones are those before them."""
    for n in range(min(len(own) - 1, len(behind), _MOST_REPEATED), 0, -1):
        if _same_words(own[:n], behind[-n:]) and _orients(own[:n], own[n : n + 1]):
            return n
    return 0


def _same_words(one: Sequence[str], other: Sequence[str]) -> bool:
    return [word.lower() for word in one] == [word.lower() for word in other]


def _orients(repeated: Sequence[str], beside: Sequence[str]) -> bool:
    """Whether repeated words say where to look: several, a small one, or one that a link joins to the new ones; "youth
    networks" after "youth" does not.
    """
    return len(repeated) > 1 or len(repeated[0]) <= _SMALL or not _links().isdisjoint(beside)


# --- words exchanged ---------------------------------------------------------------------------------


def replaced(official: str, start: int, end: int, old: str, words: str) -> Splice:
    """The words for official[start:end]. `old` are the words that were quoted for it, with their own punctuation. New
    words that hold the old ones, and begin or end with the text a little further away, stand for all of it up to there.
    """
    if {*_WORD.findall(old.lower())} <= {*_WORD.findall(words.lower())}:
        start, end = start - _said_before(words, official[:start]), end + _said_behind(words, official[end:])
    new = _with_edges_of(official, start, end, old.strip(), words.strip())
    if not new:
        return deleted(official, start, end)
    new = _with_case_of(official[start:end], old.strip(), new)
    new = _without_repeated(new, official[:start], official[end:])
    new = _without_word_beside(new, old, official[:start], official[end:])
    joined = official[start] in _STOPS and official[start - 1 : start].isalnum()
    return Splice(start, end, f" {new}" if joined and new[:1].isalnum() else new)


def _said_before(new: str, left: str) -> int:
    """How many characters the text has from the first two of the new words on, where these are a word or two away."""
    said, beside = _WORD.findall(new)[:2], list(_WORD.finditer(left))[-_NEAR:]
    pairs = ((one.start(), [one[0], other[0]]) for one, other in pairwise(beside[:-1]))
    return next((len(left) - start for start, pair in pairs if _same_words(pair, said)), 0)


def _said_behind(new: str, right: str) -> int:
    """The same up to the last two."""
    said, beside = _WORD.findall(new)[-2:], list(_WORD.finditer(right[:_BESIDE]))[:_NEAR]
    pairs = ((other.end(), [one[0], other[0]]) for one, other in pairwise(beside[1:]))
    return next((end for end, pair in pairs if _same_words(pair, said)), 0)


def _without_word_beside(new: str, old: str, left: str, right: str) -> str:
    """New words that hold the old ones at an edge, without the one at the other edge that the text has beside them: it
    shows where they belong.
    """
    own, kept, said = list(_WORD.finditer(new)), _WORD.findall(old), _WORD.findall(new)
    if len(own) <= len(kept) + 1 or not kept:
        return new
    before, behind = left.rstrip()[-_BESIDE:], right.lstrip()[:_BESIDE]
    if _same_words(said[-len(kept) :], kept) and before[-1:].isalnum() and _same_words(said[:1], before.split()[-1:]):
        return new[own[0].end() :].lstrip()
    if _same_words(said[: len(kept)], kept) and behind[:1].isalnum() and _same_words(said[-1:], behind.split()[:1]):
        return new[: own[-1].start()].rstrip()
    return new


def _with_edges_of(official: str, start: int, end: int, old: str, new: str) -> str:
    """The new words without the punctuation that was quoted with the old ones and is not in the span."""
    quoted_sign = old[-1:] in _STOPS and official[end - 1] != old[-1]
    if quoted_sign and new.endswith(old[-1]):
        return new[:-1].rstrip()
    if old[-1:] not in _CLAUSE_ENDS and _ends_needlessly(new, official[end:].lstrip()):
        return new[:-1].rstrip()
    if new[:1] in _COMMAS and old[:1] == new[:1] and official[start] != new[0]:
        return new[1:].lstrip()
    return new


def _ends_needlessly(new: str, following: str) -> bool:
    """Whether new words end with a sign though the text has one there, or with a full stop though it goes on."""
    if new[-1:] not in _CLAUSE_ENDS:
        return False
    return following[:1] in _CLAUSE_ENDS or (new[-1] == "." and bool(following))


def _with_case_of(span: str, old: str, new: str) -> str:
    """The new words with the first letter as the text has it, where the quotation of the old words changed its case."""
    if not (old[:1].isalpha() and span[:1].isalpha() and new[:1].isalpha()):
        return new
    case_differs = old[0] != span[0] and old[0].lower() == span[0].lower()
    follows_quotation = new[0].isupper() == old[0].isupper()
    is_abbreviation = len(new) > 1 and new[1].isupper()
    if not case_differs or not follows_quotation or is_abbreviation:
        return new
    return (new[0].upper() if span[0].isupper() else new[0].lower()) + new[1:]


# --- words taken out ---------------------------------------------------------------------------------


def deleted(official: str, start: int, end: int) -> Splice:
    """official[start:end] taken out, with the quotation marks around it, and what space or comma is then too many."""
    start, end = _with_quotes(official, start, end)
    start, end = _with_spare_space(official, start, end)
    start, end = _with_spare_comma(official, start, end)
    if official[:start].strip():
        return Splice(start, end, "")
    return _beginning_deleted(official, start, end)


def _with_quotes(official: str, start: int, end: int) -> tuple[int, int]:
    if official[start - 1 : start] == "“" and official[end : end + 1] == "”":
        return start - 1, end + 1
    return start, end


def _with_spare_space(official: str, start: int, end: int) -> tuple[int, int]:
    """The span with the space beside it that nothing needs any more."""
    before, after = official[:start], official[end:]
    if before.endswith(" ") and (not after or after[0] in " ,;.:)]"):
        return start - 1, end
    if after.startswith(" ") and (not before or before[-1] in "(["):
        return start, end + 1
    return start, end


def _with_spare_comma(official: str, start: int, end: int) -> tuple[int, int]:
    """The span with the comma that would come before another sign: of two commas the second goes."""
    left, following = official[:start].rstrip(), official[end : end + 1]
    if left.endswith(",") and following == ",":
        return start, end + 1
    if left.endswith(",") and following in (";", "."):
        return len(left) - 1, end
    return start, end


def _beginning_deleted(official: str, start: int, end: int) -> Splice:
    """The beginning taken out: the commas behind it go too, and the capital passes to the next word."""
    if official[end : end + 1] == ",":
        end = len(official) - len(official[end:].lstrip(", "))
    if official[end : end + 1].islower() and official[:1].isupper():
        return Splice(start, end + 1, official[end].upper())
    return Splice(start, end, "")


def without_sentence(official: str, start: int, end: int) -> Splice:
    """A sentence taken out; the last one leaves its closing sign to the one before."""
    if end < len(official) or start == 0:
        return deleted(official, start, end)
    kept = len(official[:start].rstrip().rstrip(".;,"))
    return Splice(kept, len(official) - 1, "")


def sentence_span(official: str, number: int) -> tuple[int, int] | None:
    """Where the sentence of this number begins and ends, from the last one for -1; None where there is none."""
    spans = sentences(official) if number else []
    n = number - 1 if number > 0 else number
    return spans[n] if -len(spans) <= n < len(spans) else None


def sentences(official: str) -> list[tuple[int, int]]:
    """Where the sentences of a paragraph begin and end."""
    ends = [m.end() for m in re.finditer(r"[.!?](?=\s+[A-Z“])", official)] + [len(official)]
    starts = [0, *(end + len(official[end:]) - len(official[end:].lstrip()) for end in ends[:-1])]
    return list(zip(starts, ends, strict=True))
