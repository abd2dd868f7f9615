"""Paragraphs of the draft that are restated with changes: which they are, and the difference word by word."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from parsing.draft_index import index_of, words_of
from parsing.languages.tables import phrases
from parsing.model import Draft
from parsing.text.diff_words import Different, Same, diff_words
from parsing.text.search import Match, find
from parsing.text.splice import Splice
from parsing.text.words import lower_emphatic_capitals, number_before, similarity

WHOLE = 0.5
"""Two wordings of one paragraph share at least this much; different paragraphs of the draft share up to 0.33."""
_MOST = 0.5
_NEARLY_ALL = 0.8
_MOST_OF_IT = 0.8
_PIECE = 10
_FRAGMENT = 0.6
_SHOWN = 0.3
_LONGEST = 6000
_ANCHOR = (5, 4, 3, 2, 1)
"""Words at an end of a piece that are looked for together, longest run first."""
_LONG_WORD = 6
_FEWEST = 4
_PASSAGE = 20
"""Words of a passage whose order is changed, at most."""
_WORD = re.compile(r"[\w-]+")
_ELLIPSIS = re.compile(r"\s*[\[(]?(?:\.{3,}|…+)[\])]?\s*")
_ENDS = ";,."
_BRACKETED = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Restated:
    """Changes that a wording makes to a paragraph. `share` of the wording's words are in the official text."""

    label: str
    changes: tuple[Splice, ...]
    share: float
    part: bool = False
    set_off: bool = False
    """Dots on both sides say that it is a part, however much of it is new."""


def restated(text: str, draft: Draft, labels: Sequence[str] = ()) -> Restated | None:
    """What a text changes in the paragraph that it restates; None where it restates none. `labels` are those that
    the words around name: they decide before likeness does.
    """
    bare = text[number_before(text) :]
    candidates = [*dict.fromkeys((*labels, *_candidates(bare, draft)))]
    best: Restated | None = None
    own = words_of(bare[:_LONGEST])
    for label in candidates[:6]:
        official = draft.text(label)
        part = (_longer_end(bare, official) or _turned(bare, official)) if label in labels else None
        if part is not None:
            return Restated(label, (part,), 1.0, part=True)
        if not _may_be(own, draft, label):
            continue
        found = difference(bare, draft, label)
        if not _is_said_again(own, found, draft, named=label in labels):
            continue
        if best is None or found.share > best.share + (0.15 if best.label in labels else 0):
            best = found
    return best


def _longer_end(text: str, official: str) -> Splice | None:
    """What a text has behind the paragraph's last words, with which it begins: "… to biodiversity, at all levels"."""
    bare = text.strip("\"'“”«»„ ")
    gap = _ELLIPSIS.match(bare)
    piece = bare[gap.end() :] if gap else bare
    first = find(" ".join(piece.split()[:_FEWEST]), official, mistakes=False)
    if not first or first[-1].start == 0:
        return None
    end = len(official.rstrip(_ENDS + " "))
    said = find(official[first[-1].start : end], piece, mistakes=False)
    new = piece[said[0].end :].rstrip(_ENDS + " ") if said and not said[0].start else ""
    return Splice(end, end, lower_emphatic_capitals(new, official)) if words_of(new) else None


def _turned(text: str, official: str) -> Splice | None:
    """The passage of which a text has the words in another order, links such as "and" aside: "B and A" for "A or B"."""
    own = [found[0].lower() for found in _WORD.finditer(text) if found[0].lower() not in _links()]
    theirs = [found for found in _WORD.finditer(official) if found[0].lower() not in _links()]
    words, count = [found[0].lower() for found in theirs], len(own)
    if not _FEWEST <= count <= _PASSAGE:
        return None
    at = next((n for n in range(len(words) - count + 1) if Counter(words[n : n + count]) == Counter(own)), None)
    if at is None or words[at : at + count] == own:
        return None
    return Splice(theirs[at].start(), theirs[at + count - 1].end(), text.strip("\"'“”«»„ " + _ENDS))


@cache
def _links() -> frozenset[str]:
    return frozenset((*phrases("wording.last_links", "en"), *phrases("wording.little", "en")))


def _is_said_again(own: Sequence[str], found: Restated, draft: Draft, *, named: bool) -> bool:
    """Whether the wording is the paragraph's. Without the paragraph's name it takes more: most of the paragraph, or ten
    words of which nearly all are its own.
    """
    if named:
        return found.share >= (_SHOWN if found.set_off else _FRAGMENT if found.part else WHOLE)
    theirs = len(index_of(draft).words[found.label])
    most = len(own) >= _MOST * theirs and not found.part
    return found.share >= (WHOLE if most else _NEARLY_ALL) and (most or len(own) >= _PIECE)


def _may_be(own: Sequence[str], draft: Draft, label: str) -> bool:
    """Whether enough of the words are in the paragraph at all; and the text is no novel."""
    theirs = set(index_of(draft).words[label])
    return len(own) < 40 + 4 * len(theirs) and 2 * sum(word in theirs for word in own) >= len(own)


def difference(text: str, draft: Draft, label: str) -> Restated:
    """The word difference between a wording and the paragraph; where the wording has gaps, piece by piece."""
    official = draft.text(label)
    text = _without_brackets(text.strip().strip("\"'“”«»").strip(), official)
    share = _share(text, official)
    pieces = [piece for piece in _ELLIPSIS.split(text) if words_of(piece)]
    whole_of_it = len(pieces) == 1 and not _ELLIPSIS.search(text) and not _breaks_off(text, official)
    if whole_of_it and similarity(text, official) >= WHOLE:
        return Restated(label, tuple(whole(text, official)), share)
    changes: list[Splice] = []
    for piece in pieces:
        changes += _changes_of_piece(piece, official, changes[-1].end if changes else 0)
    set_off = len(pieces) == 1 and _ELLIPSIS.match(text) is not None and text.rstrip("])").endswith(("...", "…"))
    return Restated(label, tuple(changes), share, part=True, set_off=set_off)


def _breaks_off(text: str, official: str) -> bool:
    """Whether a wording ends, without a closing sign, at words that are before the paragraph's end."""
    last = re.findall(r"[\w-]+", text)[-3:]
    if len(last) < 3 or not text[-1].isalnum():
        return False
    found = find(" ".join(last), official, mistakes=False)
    return len(found) == 1 and found[0].end < _MOST_OF_IT * len(official)


def _share(text: str, official: str) -> float:
    """Of the words of the text, how many the official paragraph has in the same order."""
    count = len(words_of(text))
    if count < _FEWEST:
        return 1.0 if count and find(text, official, mistakes=False) else 0.0
    if text == official:
        return 1.0
    same = sum(1 for t in diff_words(text, official, any_case=True) if isinstance(t, Same) and text[t.start].isalnum())
    return same / count


@lru_cache(maxsize=8)
def _runs(draft: Draft) -> dict[tuple[str, str, str], str]:
    """The runs of three words that are in one paragraph alone."""
    where: dict[tuple[str, str, str], set[str]] = {}
    for label, words in index_of(draft).words.items():
        for run in zip(words, words[1:], words[2:], strict=False):
            where.setdefault(run, set()).add(label)
    return {run: next(iter(labels)) for run, labels in where.items() if len(labels) == 1}


def _candidates(text: str, draft: Draft) -> list[str]:
    words, runs = words_of(text[:_LONGEST]), _runs(draft)
    counts = Counter(runs[run] for run in zip(words, words[1:], words[2:], strict=False) if run in runs)
    return [label for label, count in counts.most_common() if count >= len(words) / 8]


def _without_brackets(text: str, official: str) -> str:
    """Square brackets around words that the official text does not have show what is added."""
    return _BRACKETED.sub(
        lambda m: m[0] if find(m[1], official, mistakes=False) or _ELLIPSIS.fullmatch(m[0]) else m[1], text
    )


def whole(text: str, official: str) -> Iterator[Splice]:
    """The differences of two whole wordings; closing punctuation that the text leaves out is none."""
    text = text.strip()
    end = len(official.rstrip(_ENDS + " "))
    stop = len(text.rstrip(_ENDS + " "))
    literal = text[stop:].strip() in ("", ".") or text[stop:].strip() == official[end:].strip()
    if literal:
        yield from _merged(diff_words(text[:stop], official[:end]), text, official)
    else:
        yield from _merged(diff_words(text, official), text, official)


def _changes_of_piece(piece: str, official: str, after: int) -> list[Splice]:
    """The differences inside the stretch of the official text that a piece runs along."""
    window = _window(piece, official, after)
    if window is not None:
        return _changes_inside(piece.strip(" " + _ENDS), official, *window)
    tokens = list(diff_words(piece, official[after:], any_case=True))
    kept = [token for token in tokens if isinstance(token, Same) and piece[token.start].isalnum()]
    if len(kept) < 2:
        return []
    first, last = kept[0], kept[-1]
    start, end = first.official_start + after, last.official_end + after
    out = _changes_inside(piece[first.start : last.end], official, start, end)
    lead, tail = piece[: first.start].strip(), piece[last.end :].strip(" " + _ENDS)
    if lead and not after and lead[:1].isupper() and len(words_of(official[:start])) == len(words_of(lead)):
        out.insert(0, Splice(0, len(official[:start].rstrip()), lead))  # another opening word
    elif lead:
        space = " " if piece[first.start - 1].isspace() else ""
        out.insert(0, Splice(start, start, lead + space))
    if tail:
        out.append(Splice(end, end, (" " if not tail.startswith(",") else "") + tail))
    return out


def _changes_inside(piece: str, official: str, start: int, end: int) -> list[Splice]:
    inside = official[start:end]
    changes = _merged(diff_words(piece, inside), piece, inside)
    return [Splice(change.start + start, change.end + start, change.new) for change in changes]


def _window(piece: str, official: str, after: int) -> tuple[int, int] | None:
    """Where a piece begins and ends in the official text, by its first and its last words."""
    words = [(m.start(), m.end()) for m in re.finditer(r"[\w-]+", piece)]
    first = _anchor((piece[: words[n - 1][1]] for n in _ANCHOR if n <= len(words) // 2), official[after:])
    last = _anchor((piece[words[-n][0] : words[-1][1]] for n in _ANCHOR if n <= len(words) // 2), official[after:])
    if first is None or last is None or last.end <= first.start:
        return None
    return first.start + after, last.end + after


def _anchor(tried: Iterable[str], official: str) -> Match | None:
    """Where the longest of some words are; a word alone must be a long one that occurs there once."""
    for words in tried:
        found = find(words, official, mistakes=False)
        if found and (" " in words or (len(found) == 1 and len(words) >= _LONG_WORD)):
            return found[0]
    return None


def _merged(tokens: Iterator[Same | Different], text: str, official: str) -> Iterator[Splice]:
    """Differences that touch, or have a mere space between them, as one."""
    last: Splice | None = None
    for token in tokens:
        if isinstance(token, Same):
            continue
        new = lower_emphatic_capitals(text[token.start : token.end], official)
        if (
            token.official_start == token.official_end == 0
            and new != text[token.start : token.end]
            and official[:1].isupper()
        ):
            last = Splice(0, 1, new[:1].upper() + new[1:] + official[:1].lower())
            continue
        change = Splice(token.official_start, token.official_end, new)
        between = official[last.end : change.start] if last else "x"
        if last and not between.strip():
            last = Splice(last.start, change.end, last.new + between + change.new)
            continue
        if last:
            yield last
        last = change
    if last:
        yield last
