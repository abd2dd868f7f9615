"""Places named by number, "paragraphs 3 and 5 of the preamble", or by topic, "the paragraph on subsidies"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from parsing.draft_index import DraftIndex
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import LONGEST, NOUNS, NUMBERS, Place

_STOPS = ("comma", "colon", "semicolon", "stop", "open", "place", "quote")
_TOPIC = 8
"""Words of a topic, as in "the paragraph on the combination of measures"."""


def by_number(found: Sequence[Token], n: int, sheet: DraftIndex, part: str | None) -> Place | None:
    walk = _Walk(found, n)
    walk.run()
    groups = [group for group in walk.groups if group.noun]
    if not groups or _is_reference(found[n : walk.stop]):
        return None
    if not any(group.numbers for group in groups):
        return _by_topic(found, n, walk.stop, groups, sheet)
    if any(t.kind == "foreign" for t in _next(found, walk.stop)):
        return Place(n, walk.stop, missing="that is a paragraph of another text")
    numbered = [group for group in groups if group.numbers]
    for group, following in pairwise(numbered):
        if group.part is None and following.closed:
            group.part = following.part
        following.carried = group.part or group.carried
    return _named(n, walk, numbered, sheet, part)


@dataclass(slots=True)
class _Group:
    """Numbers with their nouns: "paragraphs 3 and 5 of the preamble"."""

    part: str | None = None
    noun: bool = False
    recital: bool = False
    weak: bool = False
    closed: bool = False
    carried: str | None = None
    """The part of the numbers before it: 序言部分第八段和第九段."""
    numbers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Walk:
    """The numbers and nouns of one place, token by token, as far as they hang together."""

    found: Sequence[Token]
    at: int
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    link: str = ""
    stop: int = 0
    bis: bool = False
    beside: str = ""
    counted: bool = False
    """A mark says that the number counts, as in 第六条."""
    figures: bool = False
    """The last number is in figures."""

    def run(self) -> None:
        self.counted = self.found[self.at].kind == "number_mark"
        last = min(len(self.found), self.at + LONGEST)
        while self.at < last and self._step(self.found[self.at]):
            self.at += 1

    def _step(self, token: Token) -> bool:
        group = self.groups[-1]
        if token.kind in NOUNS:
            return self._noun(token, group)
        if token.kind in NUMBERS:
            return self._number(token, group)
        if token.kind == "bis" and group.numbers:
            self.bis, self.stop = True, self.at + 1
            return True
        if token.kind in ("of", "ordinal_suffix", "number_mark", "stop", "open", "close"):
            return self._filler(token, group)
        return self._connector(token, group)

    def _noun(self, token: Token, group: _Group) -> bool:
        if group.numbers and self.link:
            if not group.noun or not self._near():
                return False
            if self.link == "range" and self._ends_range(token, group):
                return True
            group = _Group()
            self.groups.append(group)
        elif group.numbers and token.kind == "weak_paragraph" and not self.counted:
            return False
        group.closed = bool(group.numbers)
        group.noun = True
        group.weak = group.weak or token.kind == "weak_paragraph"
        group.recital = group.recital or token.kind == "recital"
        if token.kind in ("preamble", "operative"):
            group.part = token.kind
        return self._took()

    def _ends_range(self, token: Token, group: _Group) -> bool:
        """The noun restated at the end of a range: "PP4-PP6"."""
        return token.kind == group.part and not group.closed

    def _number(self, token: Token, group: _Group) -> bool:
        if token.kind == "cardinal" and self._counts_nothing(token, group):
            return False
        if group.numbers and not self.link:
            return False
        if token.kind == "ordinal" and group.numbers and self.figures and not self._noun_next():
            return False  # "OP5, first half"
        self.figures = token.kind == "number"
        if group.numbers and group.closed:
            group = _Group()
            self.groups.append(group)
        if self.link == "range" and group.numbers and group.numbers[-1] < token.value < group.numbers[-1] + 40:
            group.numbers += range(group.numbers[-1] + 1, token.value)
        group.numbers.append(token.value)
        return self._took()

    def _counts_nothing(self, token: Token, group: _Group) -> bool:
        """As in "a paragraph", "a new one" in languages where "a" is "one"; "paragraph 5, the one on …"."""
        pronoun = token.value == 1 and bool(self.link) and self.found[self.at - 1].kind == "of"
        return pronoun or (not group.noun and not self.link) or self._noun_next() or self._new_next()

    def _took(self) -> bool:
        self.link, self.stop = "", self.at + 1
        return True

    def _filler(self, token: Token, group: _Group) -> bool:
        if token.kind == "stop":  # "para. 5", "OP.4"
            return group.noun and not group.numbers and token.word == "."
        return True

    def _connector(self, token: Token, group: _Group) -> bool:
        if token.kind in ("comma", "colon") and not group.numbers:  # "Preamble: paragraph 4"
            return group.noun and group.part is not None and self._near()
        if token.kind == "dash" and self._suffix_next():  # "2-м"
            return True
        if token.kind == "dash" and not group.numbers:  # "OP-5"
            return group.noun and (self._number_next() or (group.part is not None and self._near()))
        if token.kind in ("after", "before") and not group.numbers:  # "New commitment, after 13"
            self.beside = token.kind
            return group.noun and self._number_next()
        if token.kind in ("comma", "and", "range", "to_old", "dash") and group.numbers:
            self.link = "range" if token.kind in ("range", "to_old", "dash") else self.link or "and"
            return self._near()
        return False

    def _number_next(self) -> bool:
        return self.at + 1 < len(self.found) and self.found[self.at + 1].kind in NUMBERS

    def _noun_next(self) -> bool:
        return bool(self.link) and self.at + 1 < len(self.found) and self.found[self.at + 1].kind in NOUNS

    def _new_next(self) -> bool:
        return self.at + 1 < len(self.found) and self.found[self.at + 1].kind == "new"

    def _suffix_next(self) -> bool:
        return self.at + 1 < len(self.found) and self.found[self.at + 1].kind == "ordinal_suffix"

    def _near(self) -> bool:
        """A number or a noun comes at once."""
        for token in self.found[self.at + 1 : self.at + 4]:
            if token.kind in NUMBERS or token.kind in NOUNS:
                return True
            if token.kind not in ("of", "and", "number_mark", "after", "before"):
                return False
        return False


def _is_reference(place: Sequence[Token]) -> bool:
    """Whether it is the number of a letter: "No 1/05/9834"."""
    return place[0].kind == "weak_paragraph" and any(token.word == "/" for token in place)


def _next(found: Sequence[Token], stop: int) -> Iterator[Token]:
    """The token that depends on a place: "paragraph 2 of Article 8"."""
    if stop < len(found) and found[stop].kind == "of":
        while stop < len(found) and found[stop].kind == "of":
            stop += 1
        yield from found[stop : stop + 1]
    elif [token.kind for token in found[stop : stop + 4]] == [
        "open",
        "other",
        "close",
        "of",
    ]:  # "2 (c) of decision 14/9"
        yield from _next(found, stop + 3)


def _named(n: int, walk: _Walk, groups: Sequence[_Group], sheet: DraftIndex, part: str | None) -> Place | None:
    labels: list[str] = []
    others: list[str] = []
    missing: list[str] = []
    for group in groups:
        own = group.part or group.carried or part or ("preamble" if group.recital else None)
        for number in group.numbers:
            walk.beside = "last" if number == -1 else walk.beside
            label = sheet.numbered(own or "operative", number)
            if number == -1 and own is None:
                label = sheet.order[-1]
            if label is None and own is None:
                label = sheet.numbered("preamble", number)
            if label is None:
                missing.append(f"{'PP' if own == 'preamble' else 'OP'}{number}")
                continue
            labels.append(label)
            if group.part is None:
                others += _readings(sheet, number, label)
    weak = all(group.weak and group.part is None for group in groups)
    return Place(
        n,
        walk.stop,
        tuple(labels),
        tuple(others),
        missing=", ".join(missing),
        bis=walk.bis,
        weak=weak,
        beside=walk.beside,
    )


def _readings(sheet: DraftIndex, number: int, label: str) -> list[str]:
    other = (sheet.numbered("preamble", number), sheet.numbered("operative", number))
    return [o for o in other if o is not None and o != label]


def _by_topic(found: Sequence[Token], n: int, stop: int, groups: Sequence[_Group], sheet: DraftIndex) -> Place | None:
    """As in "the paragraph of the preamble on the combination of measures (the ninth)"; or a part of the text alone."""
    part = next((group.part for group in groups if group.part), None)
    at = stop + 1 if stop < len(found) and found[stop].kind == "comma" else stop
    if at < len(found) and found[at].kind == "topic":
        last = at + 1
        while last < min(len(found), at + 1 + _TOPIC) and found[last].kind not in _STOPS:
            last += 1
        numbered = _in_brackets(found, last, sheet, part)
        if numbered is not None:
            return replace(numbered, first=n)
        for end in range(last, at + 1, -1):
            labels = sheet.about(" ".join(t.word for t in found[at + 1 : end]), part)
            if labels and len(labels) <= 3:
                return Place(n, end, labels if len(labels) == 1 else (), labels, sure=False)
    return Place(n, stop, part=part) if part else None


def _in_brackets(found: Sequence[Token], at: int, sheet: DraftIndex, part: str | None) -> Place | None:
    """The number that is given in brackets after a topic."""
    if not (at < len(found) and found[at].kind == "open"):
        return None
    inside = [t for t in found[at + 1 : at + 5] if t.kind not in ("of", "ordinal_suffix")]
    if len(inside) < 2 or inside[0].kind not in NUMBERS or inside[1].kind != "close":
        return None
    label = sheet.numbered(part or "operative", inside[0].value)
    return Place(at, found.index(inside[1]) + 1, (label,)) if label else None
