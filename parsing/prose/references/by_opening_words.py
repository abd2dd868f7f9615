"""Places named by how a paragraph begins: "the Stressing paragraph", "the paragraph beginning with “Noting”"."""

import re

from parsing.prose.lexicon.order import one_of
from parsing.prose.references.reference import NOUN, OF, Line, Place

_OPENER = 6
"""Words by which a paragraph is named, at most."""
_ASIDE = 3
"""Words between a comma and "which begins with", at most; what is said without one may be asked to begin otherwise."""
_QUOTE, _COMMA = one_of("quote"), one_of("comma")
_SET_OFF = one_of("comma", "open")
_NOUNS = rf"{NOUN}(?:{OF}*{NOUN}|{_COMMA}{NOUN})*"
"""As in "paragraph of the preamble", "Preamble, paragraph"."""
_BEGINNING = re.compile(rf"(?P<nouns>{_NOUNS}{_SET_OFF}*)?{one_of('beginning_with')}{one_of('of', 'words', 'colon')}*")
"""As in "the paragraph beginning with", or "which begins with" alone."""
_QUOTED = re.compile(rf"{NOUN}+{_QUOTE}")
"""As in "the preambular paragraph “Recognizing …”", where no number names another one."""
_CALLED = re.compile(rf"{one_of('other', 'quote')}{_NOUNS}")
"""As in "the Stressing paragraph"."""
_BEHIND = re.compile(rf"{OF}*{_NOUNS}")
_ASIDES = re.compile(_SET_OFF)


def by_opener(line: Line, n: int) -> Place | None:
    """As in "the paragraph beginning 'Noting that this'", "the Stressing para", "the second Recognizing paragraph"."""
    beginning = line.match(_BEGINNING, n)
    if beginning is not None:
        return _begun(line, n, beginning)
    quoted = line.match(_QUOTED, n)
    if quoted is not None:
        return _opened(line, n, quoted.end(), line.tokens[quoted.end() - 1].word)
    called = line.match(_CALLED, n)
    if called is None:
        return None
    before = line.tokens[n - 1] if n else None
    nth = before.value if before is not None and before.kind == "ordinal" else 0
    return _opened(line, n, called.end(), line.tokens[n].word, nth)


def _begun(line: Line, n: int, beginning: re.Match[str]) -> Place | None:
    """The opener in quotation marks, or without them: "the one that starts Acknowledging with grave concern"; before
    the noun, as in 开头为“Stressing”的段落; or behind a comma: "the fifth, which begins with “Noting”".
    """
    named, at = beginning["nouns"] is not None, beginning.end()
    if at == len(line.tokens) or line.tokens[at].kind != "quote":
        return _begun_unquoted(line, n, at, least=1 if named else 2)
    behind = None if named else line.match(_BEHIND, at + 1)
    if named or behind or _ASIDES.search(line.order, max(0, n - _ASIDE), n):
        return _opened(line, n, behind.end() if behind else at + 1, line.tokens[at].word)
    return None


def _begun_unquoted(line: Line, n: int, first: int, *, least: int) -> Place | None:
    last = min(len(line.tokens), first + _OPENER)
    openers = (" ".join(token.word for token in line.tokens[first:stop]) for stop in range(last, first + least - 1, -1))
    places = (_opened(line, n, last - less, opener) for less, opener in enumerate(openers))
    return next(filter(None, places), None)


def _opened(line: Line, first: int, stop: int, opener: str, nth: int = 0) -> Place | None:
    """A place by its opener. Where several begin so, they are readings of one place, and the words must decide."""
    labels = line.sheet.beginning_with(opener.strip(" .…,"))
    if nth and abs(nth) <= len(labels):
        labels = (labels[nth - 1 if nth > 0 else nth],)
    if not labels:
        return None
    return Place(first, stop, labels if len(labels) == 1 else (), labels, sure=len(labels) == 1)
