"""Words of two texts compared: which are the same but for typography, which differ, and where.

Typography is the style of quotes and dashes, the width and kind of spaces, and Unicode's compatibility forms.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from parsing.model import Draft

_STYLES = str.maketrans(
    dict.fromkeys("“”„‟«»″〝〞「」『』＂", '"')
    | dict.fromkeys("‘’‚‛‹›′`´＇", "'")
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c", None)
)
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u9fff"
_JOINED = r"\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f\u064b-\u065f"
_TOKEN = re.compile(rf"\.{{3,}}|[{_IDEOGRAPH}]|[^\W{_IDEOGRAPH}](?:[^\W{_IDEOGRAPH}]|[{_JOINED}])*|\s+|[^\w\s]")
"""A word with its accents and invisible characters, an ideograph, a run of spaces, or one other character."""
_ABBREVIATION = re.compile(r".{2,5}|.*[B-DF-HJ-NP-TV-XZ]{5}.*")
"""One short word in capitals, or one that cannot be spoken."""
_PASSAGE = 8
"""Words of a passage that nobody would write by chance."""
_NOUN = r"(?:(?:operative|preambular)\s+)?(?:paragraphe?|para|p[áa]rrafo|пункт|commitment|OP|PP)"
_NUMBER = re.compile(
    rf"\s*(?:(?:\(?(?:OP|PP)[\s.]?\d+(?:\s?(?:bis|ter|alt))?\)?[.:)]?)|(?:{_NOUN}[\s.]*\d{{1,2}}\s?[.:)–-])|"
    r"(?:\(?\d{1,2}(?:\s?(?:bis|ter|alt))?[.):、]))\s+",
    re.IGNORECASE,
)
"""A number that is typed before a paragraph: "5. ", "(5) ", "OP5: ", "(PP1) ", "Paragraph 5: "."""


@dataclass(frozen=True, slots=True)
class Same:
    """text[a:b] and official[c:d] are one token, but for typography."""

    a: int
    b: int
    c: int
    d: int


@dataclass(frozen=True, slots=True)
class Different:
    """Where official[c:d] stood, the text has [a:b]; either may be empty."""

    a: int
    b: int
    c: int
    d: int


def number_before(text: str) -> int:
    """The length of a paragraph number typed at the start, with its space; 0 where there is none."""
    found = _NUMBER.match(text)
    return found.end() if found and found.end() < len(text) else 0


def lowered(new: str, official: str) -> str:
    """New words that stand in capitals to be seen, as they shall be written; an abbreviation stays as it is."""
    shown = [word for word in re.findall(r"[^\W\d_]{2,}", new) if word not in official]
    if not shown or not all(word.isupper() for word in shown):
        return new
    return new if len(shown) == 1 and _ABBREVIATION.fullmatch(shown[0]) else new.lower()


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span widened to the words that it cuts, for reading."""
    if (start > 0 and text[start - 1 : start].isalnum()) or (end < len(text) and text[end : end + 1].isalnum()):
        touched = [match.span() for match in _TOKEN.finditer(text) if match.start() <= end and match.end() >= start]
        worded = [(a, b) for a, b in touched if text[a].isalnum()]
        return min([start, *(a for a, _ in worded)]), max([end, *(b for _, b in worded)])
    return start, end


def plain(text: str) -> str:
    """The text without typography, for comparison: lengths may differ from the text's own."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_STYLES).split())


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """What two wordings of one paragraph have in common: no typography, number, case, or closing punctuation."""
    return plain(text[number_before(text) :]).casefold().strip(" ,;.:[]")


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text's key; without punctuation."""
    return tuple(token for token in _TOKEN.findall(key(text)) if token[0].isalnum())


def alike(one: str, other: str, at_least: float = 0.0) -> float:
    """How alike two texts are, 0 to 1: twice the words in their longest common subsequence, of all their words."""
    return Indel.normalized_similarity(words(one), words(other), score_cutoff=at_least)


def stands_in(text: str, draft: Draft) -> bool:
    """Whether a text is a paragraph of the draft, or a long passage of one, word for word."""
    passage = _spaced(text)
    if len(words(text)) < _PASSAGE:
        return bool(passage.strip()) and any(passage == _spaced(paragraph.text) for paragraph in draft.paragraphs)
    return any(passage in _spaced(paragraph.text) for paragraph in draft.paragraphs)


@lru_cache(maxsize=4096)
def _spaced(text: str) -> str:
    return f" {' '.join(words(text))} "


def compare(text: str, official: str, *, any_case: bool = False) -> Iterator[Same | Different]:
    """Tokens of the two, in order: a minimal word difference. Spaces that only one of them has are no difference."""
    if text == official:
        yield Same(0, len(text), 0, len(official))
        return
    left, right = _tokens(text, any_case=any_case), _tokens(official, any_case=any_case)
    last: Different | None = None
    for op in Indel.opcodes([t[0] for t in left], [t[0] for t in right]):
        if op.tag == "equal":
            if last is not None:
                yield last
            last = None
            for (_, a, b), (_, c, d) in zip(
                left[op.src_start : op.src_end], right[op.dest_start : op.dest_end], strict=True
            ):
                yield Same(a, b, c, d)
            continue
        a, b = _span(left, op.src_start, op.src_end, len(text))
        c, d = _span(right, op.dest_start, op.dest_end, len(official))
        last = Different(a, b, c, d) if last is None else Different(last.a, b, last.c, d)
    if last is not None:
        yield last


def _tokens(text: str, *, any_case: bool) -> list[tuple[str, int, int]]:
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word.isspace():
            word = " "
        elif not word.isascii() or not word.isalnum():
            word = unicodedata.normalize("NFKC", word).translate(_STYLES)
        if word:
            found.append((word.casefold() if any_case else word, match.start(), match.end()))
    return found


def _span(tokens: Sequence[tuple[str, int, int]], first: int, last: int, length: int) -> tuple[int, int]:
    """Characters of tokens [first:last]; an empty span stands where the next token begins."""
    if first == last:
        at = tokens[first][1] if first < len(tokens) else length
        return at, at
    return tokens[first][1], tokens[last - 1][2]
