"""Places named by number, "paragraphs 3 and 5 of the preamble", or by topic, "the paragraph on subsidies"."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from parsing.draft_index import DraftIndex
from parsing.prose.lexicon.order import none_of, one_of
from parsing.prose.lexicon.tokens import Token
from parsing.prose.references.reference import LONGEST, NOUN, NUMBERS, OF, Line, Place

_RANGES = frozenset(("range", "to_old", "dash"))
_SMALL = f"{one_of('of', 'number_mark', 'open', 'close')}*"
"""Words and signs that may be anywhere in a place."""
_MARK = one_of("number_mark")
_PARTS = ("operative", "preamble")
_PART = one_of(*_PARTS)
_NOUNS = rf"{NOUN}(?:{_SMALL}{NOUN})*"
_BEHIND = rf"(?:{_SMALL}{one_of('paragraph', 'recital', *_PARTS)})+"
_LINK = rf"(?:{_SMALL}{one_of('and', 'comma', *_RANGES)})+{_SMALL}"
_ORDINAL, _NUMBER = one_of("ordinal"), one_of("number", "ordinal")
_COUNT = rf"(?:{one_of('number')}|(?<!{OF}){one_of('cardinal')}(?!{NOUN}|{one_of('new', 'before')}))"
"""A number; "a paragraph", "the one on …" and "two new ones" count nothing."""
_LIST = rf"(?:{_ORDINAL}{_LINK})*(?:{_COUNT}(?:{_LINK}{_COUNT})*|{_ORDINAL})"
"""As in "3, 5 to 7", "first and second"; behind figures an ordinal counts something else: "OP5, first half"."""
_APART = rf"(?:(?<={_PART})|(?<={_PART}{NOUN})){one_of('comma', 'colon', 'dash')}{_SMALL}"
"""What sets a part off from what is in it: "Preamble: paragraph 4"."""
_HEAD = rf"{_NOUNS}(?:{_SMALL}{_APART}{_NOUNS})?"
_GROUP = re.compile(
    rf"{_HEAD}{_SMALL}(?:{_APART}|{one_of('dash', 'stop')})?{_SMALL}{_LIST}"
    rf"(?:{_SMALL}{one_of('bis')})?(?:{_BEHIND})?"
    rf"|(?={_NUMBER}){_LIST}{_BEHIND}"
    rf"|(?:{_MARK}|(?<={_MARK})){_LIST}{_SMALL}{_NOUNS}"
)
"""Numbers with their nouns: "paragraphs 3 and 5 of the preamble", "the third and fifth commitments", 第六条."""
_FURTHER = re.compile(_LINK)
_ALONE = re.compile(_HEAD)
"""Nouns without a number."""
_FOREIGN = re.compile(rf"(?:{one_of('open')}{one_of('other')}{one_of('close')})?{OF}+{one_of('foreign')}")
"""As in "paragraph 2 of Article 8", "paragraph 2(c) of decision 14/9"."""
_TOPIC = re.compile(
    rf"{one_of('comma')}?{one_of('topic')}"
    rf"(?P<words>{none_of('comma', 'colon', 'semicolon', 'stop', 'open', 'place', 'quote')}{{1,8}})"
    rf"(?:{one_of('open')}{OF}*(?P<number>{one_of(*NUMBERS)}){OF}*(?P<close>{one_of('close')}))?"
)
"""As in "on the combination of measures (the ninth)"."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Numbers with their nouns; `link` are the kinds between it and the last one."""

    tokens: Sequence[Token]
    link: frozenset[str]

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(token.kind for token in self.tokens)

    @property
    def numbers(self) -> Iterator[tuple[int, bool]]:
        """The numbers, each with whether it ends a range."""
        between, first = self.link, True
        for token in self.tokens:
            if token.kind in NUMBERS:
                yield token.value, "and" not in between and not _RANGES.isdisjoint(between)
                between, first = frozenset(), False
            elif not first:
                between |= {token.kind}


def by_number(line: Line, n: int, part: str | None) -> Place | None:
    groups, stop = _groups(line, n)
    if not groups:
        return _by_topic(line, n)
    if line.tokens[n].kind == "weak_paragraph" and any(token.word == "/" for token in line.tokens[n:stop]):
        return None  # the number of a letter: "No 1/05/9834"
    if line.match(_FOREIGN, stop):
        return Place(n, stop, missing="that is a paragraph of another text")
    named = {_part(group.kinds) for group in groups} - {None}
    own = part or ("preamble" if any("recital" in group.kinds for group in groups) else None)
    labels, missing = _labels(groups, line.sheet, named.pop() if len(named) == 1 else own)
    others = [other for name in _PARTS for other in _labels(groups, line.sheet, name)[0]]
    counts = [number for group in groups for number, _ in group.numbers]
    others += [line.sheet.preamble[count] for count in counts if -len(line.sheet.preamble) <= count < 0]  # "We declare"
    beside = next((kind for group in groups for kind in ("after", "before") if kind in group.kinds), "")
    return Place(
        n,
        stop,
        tuple(labels),
        tuple(other for other in others if other not in labels),
        missing=", ".join(missing),
        bis=any("bis" in group.kinds for group in groups),
        weak=all("weak_paragraph" in group.kinds and not _part(group.kinds) for group in groups),
        beside="last" if -1 in counts else beside,
    )


def _groups(line: Line, n: int) -> tuple[list[_Group], int]:
    """The groups of a place, linked with each other, and where it ends."""
    groups, stop = list[_Group](), n
    found = line.match(_GROUP, n)
    while found is not None and stop < n + LONGEST:
        groups.append(_Group(line.tokens[found.start() : found.end()], line.kinds(stop, found.start())))
        stop = found.end()
        link = line.match(_FURTHER, stop)
        found = line.match(_GROUP, link.end()) if link else None
    return groups, stop


def _labels(groups: Sequence[_Group], sheet: DraftIndex, default: str | None) -> tuple[list[str], list[str]]:
    """The labels that numbers name, and what is missing; `default` is the part of those that name none."""
    labels, missing = list[str](), list[str]()
    for group in groups:
        part = _part(group.kinds) or default
        for number, ranged in group.numbers:
            unknown = "" if number == -1 else "operative"  # "the last paragraph" is that of the text
            label = sheet.numbered(part or unknown, number)
            if label is None:
                missing.append(f"{'PP' if part == 'preamble' else 'OP'}{number}")
                continue
            if ranged and labels:
                labels += sheet.order[sheet.order.index(labels[-1]) + 1 : sheet.order.index(label)]
            labels.append(label)
    return labels, missing


def _part(kinds: Collection[str]) -> str | None:
    """The part of the text that nouns name."""
    return next((part for part in _PARTS if part in kinds), None)


def _by_topic(line: Line, n: int) -> Place | None:
    """As in "the paragraph of the preamble on the combination of measures (the ninth)"; or a part of the text alone."""
    alone = line.match(_ALONE, n)
    if alone is None:
        return None
    part = _part(line.kinds(n, alone.end()))
    topic = line.match(_TOPIC, alone.end())
    if topic and topic["close"]:
        label = line.sheet.numbered(part or "operative", line.tokens[topic.start("number")].value)
        return Place(n, topic.end(), (label,)) if label else None
    first, last = topic.span("words") if topic else (0, 0)
    for stop in range(last, first, -1):
        labels = line.sheet.about(" ".join(token.word for token in line.tokens[first:stop]), part)
        if labels and len(labels) <= 3:
            return Place(n, stop, labels if len(labels) == 1 else (), labels, sure=False)
    return Place(n, alone.end(), part=part) if part else None
