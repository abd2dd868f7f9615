"""Places named by how a paragraph begins: "the Stressing paragraph", "the paragraph beginning with “Noting”"."""

from collections.abc import Sequence

from parsing.draft_index import DraftIndex
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import LONGEST, NOUNS, Place

_OPENER = 6
"""Words by which a paragraph is named, at most."""
_ASIDE = 3
"""Words between a comma and "which begins with", at most; what is said without one may be asked to begin otherwise."""


def by_opener(found: Sequence[Token], n: int, sheet: DraftIndex) -> Place | None:
    """As in "the paragraph beginning 'Noting that this'", "the Stressing para", "the second Recognizing paragraph"."""
    token = found[n]
    if token.kind in NOUNS or token.kind == "new_paragraph":
        shown = _shown_in_brackets(found, n, sheet)
        return shown if shown is not None or token.kind not in NOUNS else _beginning(found, n, sheet)
    if token.kind == "beginning_with":
        return _begun(found, n, sheet)
    if token.kind == "quote" and _is_named_by_its_opener(found, n, sheet):
        return _opened(n, n + 1, sheet.beginning_with(token.word))
    if n + 1 < len(found) and found[n + 1].kind in NOUNS:
        stop = _noun(found, n + 1)
        labels = sheet.beginning_with(token.word)
        nth = found[n - 1].value if n and found[n - 1].kind == "ordinal" else 0
        if labels and nth and abs(nth) <= len(labels):
            labels = (labels[nth - 1 if nth > 0 else nth],)
        return _opened(n, stop, labels)
    return None


def _shown_in_brackets(found: Sequence[Token], n: int, sheet: DraftIndex) -> Place | None:
    """As in "from the following paragraph (“Noting that…”)": dots stand for the other words of the only one."""
    kinds = [token.kind for token in found[n + 1 : n + 4]]
    if kinds != ["open", "quote", "close"] or not found[n + 2].word.rstrip().endswith(("…", "...")):
        return None
    labels = sheet.beginning_with(found[n + 2].word.rstrip(" .…"))
    return _opened(n, n + 4, labels) if len(labels) == 1 else None


def _is_named_by_its_opener(found: Sequence[Token], n: int, sheet: DraftIndex) -> bool:
    """Whether the first word of one paragraph, quoted at the beginning, stands for it: "In “Reaffirming”, delete …"."""
    led = n == 0 or (n == 1 and found[0].kind == "of")
    set_off = n + 1 < len(found) and found[n + 1].kind in ("comma", "colon")
    return led and set_off and len(found[n].word.split()) == 1 and len(sheet.beginning_with(found[n].word)) == 1


def _begun(found: Sequence[Token], n: int, sheet: DraftIndex) -> Place | None:
    """The opener before the noun, as in 开头为“Stressing”的段落, or alone: "the fifth, which begins with “Noting”"."""
    quote = n + 1
    while quote < len(found) and found[quote].kind in ("of", "words"):
        quote += 1
    if not (quote < len(found) and found[quote].kind == "quote"):
        return _begun_unquoted(found, n, quote, sheet)
    opener, at = found[quote].word.strip(" .…,"), quote + 1
    while at < len(found) and found[at].kind == "of":
        at += 1
    if not (at < len(found) and found[at].kind in NOUNS):
        aside = any(token.kind in ("comma", "open") for token in found[max(0, n - _ASIDE) : n])
        return _opened(n, quote + 1, sheet.beginning_with(opener)) if aside else None
    return _opened(n, _noun(found, at), sheet.beginning_with(opener))


def _begun_unquoted(found: Sequence[Token], n: int, first: int, sheet: DraftIndex, *, least: int = 2) -> Place | None:
    """The same without quotation marks: "the one that starts Acknowledging with grave concern"."""
    for last in range(min(len(found), first + _OPENER), first + least - 1, -1):
        labels = sheet.beginning_with(" ".join(token.word for token in found[first:last]))
        if labels:
            return _opened(n, last, labels)
    return None


def _beginning(found: Sequence[Token], n: int, sheet: DraftIndex) -> Place | None:
    stop = _noun(found, n)
    while stop < len(found) and found[stop].kind in ("comma", "open"):
        stop += 1
    if stop < len(found) and found[stop].kind == "beginning_with":
        stop += 1
        while stop < len(found) and found[stop].kind in ("of", "words", "colon"):
            stop += 1
    elif not (stop < len(found) and found[stop].kind == "quote" and _are_nouns(found[n:stop])):
        return None
    if stop >= len(found):
        return None
    if found[stop].kind == "quote":
        return _opened(n, stop + 1, sheet.beginning_with(found[stop].word.strip(" .…,")))
    return _begun_unquoted(found, n, stop, sheet, least=1)


def _noun(found: Sequence[Token], n: int) -> int:
    """Where the nouns of a place end: "paragraph of the preamble", "Preamble, paragraph beginning …"."""
    stop, last = n, min(len(found), n + LONGEST)
    while stop < last and (found[stop].kind in (*NOUNS, "of") or _comma_in(found, stop)):
        stop += 1
    while stop > n + 1 and found[stop - 1].kind == "of":
        stop -= 1
    return stop


def _are_nouns(found: Sequence[Token]) -> bool:
    """As in "the preambular paragraph “Recognizing …”", where no number names another one."""
    return all(token.kind in NOUNS for token in found)


def _comma_in(found: Sequence[Token], at: int) -> bool:
    return found[at].kind == "comma" and at + 1 < len(found) and found[at + 1].kind in NOUNS


def _opened(first: int, stop: int, labels: tuple[str, ...]) -> Place | None:
    """A place by its opener. Where several begin so, they are readings of one place, and the words must decide."""
    if not labels:
        return None
    return Place(first, stop, labels if len(labels) == 1 else (), labels, sure=len(labels) == 1)
