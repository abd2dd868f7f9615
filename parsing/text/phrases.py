r"""Phrases as the tables of languages write them, made into expressions over folded text.

A phrase is written as people write it; case, accents and the kind of apostrophe do not matter, and where it has a
blank, a hyphen or an apostrophe, any of them may be. Beside letters it may hold
    *              any further letters: "замен*", "*ministeriet"
    (a|b)          one of these
    [a|b]          one of these, or nothing: "of [the] office", "organi(s|z)ation[s]", "e[-]mail"
    {a|b}          any number of these, up to six: "no {further|specific} comments"
    …  …20         anything within the sentence, up to 60 characters, or so many
    _              any word
    #              a number
    ^              the beginning of a line
    \              the next sign as it is
    /…/            all of it: a regular expression, for the few that need one
Words of scripts that part them are found as whole words, Arabic ones with what is written together with them; those of
Chinese, Thai and others that part none anywhere.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache

from parsing.languages.tables import phrases
from parsing.text.arabic import PREFIX
from parsing.text.normalize import fold

_UNPARTED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese, which part no words, and Korean, which writes particles on to them."""
_ARABIC = re.compile(r"[\u0620-\u06ff]")
_ASCII = re.compile("[a-z0-9]")
_GAP = r"[\s'-]+"
_SIGNS = {" ": _GAP, "'": _GAP, "-": _GAP, "*": r"\w*", "_": r"\w+", "#": r"\d+", "^": "^"}
_GROUPS = {"(": (")", ""), "[": ("]", "?"), "{": ("}", "{0,6}")}
"""How each group ends, and how often it may occur."""
_OPTIONAL = tuple(f"){repeated}" for _, repeated in _GROUPS.values() if repeated)
_ANYTHING = "[^.。]"
_BETWEEN = 60
"""Characters that "…" stands for, at most."""

Fold = Callable[[str], str]
Atoms = Sequence[str]
"""A phrase, or a piece of one, as expressions that follow one another."""


def folded(text: str) -> str:
    """The text as patterns look for it."""
    return fold(text).text


@cache
def pattern_of(*concepts: str, language: str | None = None, ascii_alone: bool = False) -> re.Pattern[str]:
    """All phrases of the concepts, in one language or in all, as one pattern over `folded` text; made when it is first
    asked for. `ascii_alone` leaves out those that a text without other letters cannot hold, which takes less time.
    """
    found = (phrase for concept in concepts for phrase in phrases(concept, language))
    return pattern(phrase for phrase in found if not ascii_alone or _ASCII.search(folded(phrase)))


def pattern(wanted: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """The phrases as one pattern over `folded` text; no phrases are found nowhere."""
    return re.compile(expression(wanted), flags)


def expression(wanted: Iterable[str], fold: Fold = folded) -> str:
    """The source of a pattern that finds any of the phrases in text that was folded so."""
    given = tuple(wanted)
    written = [phrase for phrase in given if not _is_expression(phrase)]
    words = [phrase for phrase in written if not _UNPARTED.search(phrase)]
    anywhere = [phrase for phrase in written if _UNPARTED.search(phrase)]
    expressions = [phrase[1:-1] for phrase in given if _is_expression(phrase)]
    found = [*_found(words, r"(?<![^\W_])", r"(?![^\W_])", fold), *_found(anywhere, "", "", fold), *expressions]
    return _choice(found) if found else "(?!)"


def _found(written: Sequence[str], before: str, after: str, fold: Fold) -> Sequence[str]:
    """One expression for several phrases, with what must be around them; none for none."""
    return [f"{before}{_any(_atoms(phrase, fold) for phrase in written)}{after}"] if written else []


def _is_expression(phrase: str) -> bool:
    return len(phrase) > 2 and phrase.startswith("/") and phrase.endswith("/")


def _atoms(phrase: str, fold: Fold) -> Atoms:
    alternatives = _alternatives(deque(" ".join(phrase.split())), "", fold)
    atoms = alternatives[0] if len(alternatives) == 1 else [_group(alternatives)]
    return [PREFIX, *atoms] if _ARABIC.search(phrase) else atoms


def _alternatives(signs: deque[str], end: str, fold: Fold) -> list[Atoms]:
    """The alternatives up to the sign that ends them, which is taken away, too."""
    found: list[Atoms] = []
    atoms: list[str] = []
    while signs and (sign := signs.popleft()) != end:
        if sign == "|":
            found.append(_joined(atoms))
            atoms = []
        else:
            atoms.append(_atom(sign, signs, fold))
    return [*found, _joined(atoms)]


def _atom(sign: str, signs: deque[str], fold: Fold) -> str:
    if sign in _GROUPS:
        end, repeated = _GROUPS[sign]
        return _group(_alternatives(signs, end, fold)) + repeated
    if sign == "…":
        return f"{_ANYTHING}{{0,{_number(signs) or _BETWEEN}}}"
    if sign == "\\":
        return re.escape(signs.popleft())
    return _SIGNS.get(sign) or _letter(sign, fold)


@lru_cache(maxsize=4096)
def _letter(sign: str, fold: Fold) -> str:
    return re.escape(fold(sign))


def _group(alternatives: Iterable[Atoms]) -> str:
    return _choice(map("".join, alternatives))


def _number(signs: deque[str]) -> int:
    digits = ""
    while signs and signs[0].isdigit():
        digits += signs.popleft()
    return int(digits or 0)


def _joined(atoms: Sequence[str]) -> Atoms:
    """The atoms of words, with the gaps between them. A word that may be left out is so with its gap; where anything
    may be between two words, nothing need.
    """
    out: list[str] = []
    begun = follows = False
    for word in _words(atoms):
        if len(word) == 1 and word[0].startswith(_ANYTHING):
            out.append(rf"\b{word[0]}\b")
            follows = False
        elif len(word) == 1 and word[0].endswith(_OPTIONAL):
            group, repeated = word[0].rsplit(")", 1)
            out.append(f"(?:{_GAP}{group})){repeated}" if begun else f"(?:{group}){_GAP}){repeated}")
        else:
            out += [_GAP, *word] if follows else word
            begun = follows = True
    return out


def _words(atoms: Sequence[str]) -> list[list[str]]:
    words: list[list[str]] = [[]]
    for last, atom in zip(["", *atoms], atoms, strict=False):
        if atom != _GAP:
            words[-1].append(atom)
        elif last != _GAP:  # "s ' oppose": one gap
            words.append([])
    return words


def _any(wanted: Iterable[Atoms]) -> str:
    """One expression for several phrases, tried by their first letter, and the longest first."""
    rests: dict[str, list[str]] = {}
    for phrase in sorted(wanted, key=len, reverse=True):
        rests.setdefault(phrase[0], []).append("".join(phrase[1:]))
    return _choice(first + (_choice(rest) if len(rest) > 1 else rest[0]) for first, rest in rests.items())


def _choice(expressions: Iterable[str]) -> str:
    return f"(?:{'|'.join(expressions)})"
