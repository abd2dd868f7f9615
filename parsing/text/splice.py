"""Words put into, taken out of, or exchanged in a text as a careful editor would: spaces, commas, capitals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsing.text.search import is_sign

_CLOSING = ",;.:)]?!”’"
_LINKS = frozenset(
    [
        "and",
        "or",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "with",
        "by",
        "as",
        "than",
        "that",
        "which",
        "who",
        "whose",
        "where",
        "through",
        "including",
        "such",
        "particularly",
        "under",
        "within",
        "into",
        "across",
        "between",
        "among",
        "while",
        "whereby",
        "via",
        "per",
        "nor",
        "but",
        "both",
        "notably",
        "especially",
    ]
)
"""Words that carry on what stands before, so that no comma is wanted."""
_END = re.compile(r"[\s;.,:\]]*$")
_WORD = re.compile(r"\w+")
_SMALL = 3
_LIST = 60
"""Characters behind which three commas make a list."""
_LAST_LINK = re.compile(r" (?:and|or) ")
_ITEM_BEFORE = re.compile(r", \w[\w-]*(?: [\w-]+){0,2}$")
"""One more item of a list stands before the last link of it: "monitoring, reporting and review"."""


@dataclass(frozen=True, slots=True)
class Splice:
    """The words `new` in place of official[start:end]; start == end where words are only put in."""

    start: int
    end: int
    new: str


def inserted_after(official: str, at: int, words: str) -> Splice:
    """The words behind official[:at], with the space or the comma that they need."""
    new = _without_repeated(words.strip(), official[:at], official[at:])
    left, right = official[:at], official[at:]
    if left.rstrip()[-1:] in tuple(",;:") and new[:1] in tuple(",;:"):
        new = new[1:].lstrip()
    if right[:1] in (",", ";", ".", ":") and new[-1:] in (",", ";", "."):
        new = _moved_comma(new, right)
    elif _is_item(new) and (right[:1] == "," or (_LAST_LINK.match(right) and _ITEM_BEFORE.search(left))):
        new = f", {new}"
    if not new:
        return Splice(at, at, "")
    if _begins_item(left, new, right):
        new += ","
    before = "" if new[0] in _CLOSING or not left or left[-1].isspace() or left[-1] in "([“‘-" else " "
    after = " " if right[:1].isalnum() or right[:1] in ("“", "(", "[") else ""
    if left[-1:].isspace() and right and not right[0].isspace() and not after and right[0] not in _CLOSING:
        after = " "
    return Splice(at, at, before + new + after)


def _begins_item(left: str, new: str, right: str) -> bool:
    """Whether the words are one more of a list behind its comma, and the next one follows without another."""
    if not left.endswith(",") or not _is_item(new) or new[-1] in _CLOSING:
        return False
    return right.startswith((" the ", " a ", " an ", " other ")) or left[-_LIST:].count(",") > 2


def _moved_comma(new: str, right: str) -> str:
    """A comma at the end of the words, before a comma of the text, stands for one before them."""
    bare = new[:-1].rstrip()
    return f", {bare}" if right[0] == "," and _is_item(bare) else bare


def _is_item(new: str) -> bool:
    """Whether the words are one more of a list: they neither begin with a comma nor carry on the words before."""
    first = _WORD.match(new)
    return first is not None and first[0].lower() not in _LINKS and not new.endswith((",", ";"))


def carries_on(words: str) -> bool:
    """Whether words can only stand behind others: they begin with a comma, or with a word that links."""
    return words.lstrip()[:1] in tuple(",;") or not _is_item(words.strip())


def inserted_before(official: str, at: int, words: str) -> Splice:
    """The words before official[at:]."""
    new = _without_repeated(words.strip(), official[:at], official[at:])
    if at == 0:
        return at_start(official, new)
    if new[:1] in tuple(_CLOSING) and official[at - 1].isspace():
        return inserted_after(official, at - 1, new)
    if not new:
        return Splice(at, at, "")
    before = "" if official[at - 1].isspace() or official[at - 1] in "-([“" or new[0] in _CLOSING else " "
    after = "" if new[-1] in "-([“" or official[at : at + 1] in tuple(",;.:)") else " "
    return Splice(at, at, before + new + after)


def at_end(official: str, words: str, stop: int | None = None) -> Splice:
    """The words at the end, before the closing punctuation."""
    end = len(official) if stop is None else stop
    if stop is None and official.endswith(",") and words.rstrip().endswith(",") and words.lstrip()[:1].isalnum():
        return Splice(end, end, f" {words.strip()}")
    found = _END.search(official[:end])
    at = found.start() if found else end
    return inserted_after(official, at, words.strip().rstrip(";.") or words)


def at_start(official: str, words: str) -> Splice:
    """The words at the beginning; the capital passes to them."""
    new = words.strip()
    if not new:
        return Splice(0, 0, "")
    first = _WORD.match(official)
    joined = "" if new.endswith("-") else " "
    if first and official[:1].isupper() and not _is_name(official):
        return Splice(0, 1, new[:1].upper() + new[1:] + joined + official[:1].lower())
    return Splice(0, 0, new + joined)


def _is_name(official: str) -> bool:
    """Whether the first word keeps its capital."""
    first, _, rest = official.partition(" ")
    return first.isupper() or rest[:1].isupper()


def replaced(official: str, start: int, end: int, old: str, words: str) -> Splice:
    """The words for official[start:end]. `old` are the words that were quoted for it, with their own punctuation."""
    new = _matching_edges(words.strip(), old.strip(), official, start, end)
    if not new:
        return deleted(official, start, end)
    new = _matching_case(new, old.strip(), official[start:end])
    new = _without_repeated(new, official[:start], official[end:])
    joined = is_sign(official[start:end]) and official[start - 1 : start].isalnum()
    return Splice(start, end, f" {new}" if joined and new[:1].isalnum() else new)


def _matching_edges(new: str, old: str, official: str, start: int, end: int) -> str:
    """Punctuation that was quoted with the old words and stands not in the span goes from the new words too."""
    extra = old[-1:] if old[-1:] in tuple(",;.:") and official[end - 1] != old[-1] else ""
    if extra and new.endswith(extra):
        return new[:-1].rstrip()
    follows = official[end:].lstrip()[:1]
    if (
        new[-1:] in tuple(",;.")
        and old[-1:] not in tuple(",;.")
        and (follows in tuple(",;.") or (new[-1] == "." and follows))
    ):
        return new[:-1].rstrip()
    if new[:1] in tuple(",;") and old[:1] == new[:1] and official[start] != new[0]:
        return new[1:].lstrip()
    return new


def _matching_case(new: str, old: str, span: str) -> str:
    """A capital that the text has and the quotation lacks, or the other way, is no change."""
    if (
        not (old[:1].isalpha() and span[:1].isalpha() and new[:1].isalpha())
        or old[0] == span[0]
        or new[0].isupper() != old[0].isupper()
    ):
        return new
    if old[0].lower() != span[0].lower() or (len(new) > 1 and new[1].isupper()):
        return new
    return (new[0].upper() if span[0].isupper() else new[0].lower()) + new[1:]


def _without_repeated(new: str, left: str, right: str) -> str:
    """Words at the edges of the new words that the text already has beside them are told for orientation."""
    own, behind, ahead = _WORD.findall(new), _WORD.findall(left[-200:]), _WORD.findall(right[:200])
    for n in range(min(len(own) - 1, len(ahead), 12), 0, -1):
        if _tells(own[-n:], own[-n - 1 : -n]) and [w.lower() for w in own[-n:]] == [w.lower() for w in ahead[:n]]:
            matches = list(_WORD.finditer(new))
            new = new[: matches[-n].start()].rstrip()
            break
    own = _WORD.findall(new)
    for n in range(min(len(own) - 1, len(behind), 12), 0, -1):
        if _tells(own[:n], own[n : n + 1]) and [w.lower() for w in own[:n]] == [w.lower() for w in behind[-n:]]:
            matches = list(_WORD.finditer(new))
            return new[matches[n - 1].end() :].lstrip()
    return new


def _tells(repeated: Sequence[str], beside: Sequence[str]) -> bool:
    """Whether repeated words tell where to look: several, a small one, or one that a link joins to the new ones; "youth
    networks" after "youth" does not.
    """
    return len(repeated) > 1 or len(repeated[0]) <= _SMALL or not _LINKS.isdisjoint(beside)


def deleted(official: str, start: int, end: int) -> Splice:
    """official[start:end] taken out, with the quotation marks around it, and what space or comma is then too many."""
    if official[start - 1 : start] == "“" and official[end : end + 1] == "”":
        start, end = start - 1, end + 1
    before, after = official[:start], official[end:]
    if before.endswith(" ") and (not after or after[0] in " ,;.:)]"):
        start -= 1
    elif after.startswith(" ") and (not before or before[-1] in "(["):
        end += 1
    left, right = official[:start].rstrip(), official[end:]
    if left.endswith(",") and right[:1] == ",":
        end += 1
    elif left.endswith(",") and right[:1] in (";", "."):
        start = len(left) - 1
    if not left and official[end : end + 1] == ",":
        end += len(official[end:]) - len(official[end:].lstrip(", "))
    if not left and official[end : end + 1].islower() and official[:1].isupper():
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
    spans = sentences(official)
    n = number - 1 if number > 0 else number
    return spans[n] if number and -len(spans) <= n < len(spans) else None


def sentences(official: str) -> list[tuple[int, int]]:
    """Where the sentences of a paragraph begin and end."""
    ends = [m.end() for m in re.finditer(r"[.!?](?=\s+[A-Z“])", official)] + [len(official)]
    starts = [0, *(end + len(official[end:]) - len(official[end:].lstrip()) for end in ends[:-1])]
    return list(zip(starts, ends, strict=True))
