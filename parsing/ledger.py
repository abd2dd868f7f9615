"""The ledger of sentences: every character of a Part's text has one outcome; what nobody read is `unread`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from operator import itemgetter

from parsing.draft_index import index_of, words_of
from parsing.model import Block, Draft, Edit, MarkedText, Outcome, OutcomeKind, Run
from parsing.prose.references.references import places_of
from parsing.prose.resolve.edits import SentenceOutcome
from parsing.prose.signs import request_in
from parsing.text.words import plain

Span = tuple[int, int]
_RANK: tuple[OutcomeKind, ...] = (
    "unread", "edit", "remark", "reason", "place", "official text", "courtesy", "disclaimer", "signature", "quoted",
)  # fmt: skip
"""Of two outcomes of the same characters the first of these is kept."""
_CHARACTERS = re.compile(r"^[> \t]*>|(\S+)", re.MULTILINE)
"""What is no space; before it, what a program puts before each line of a mail that it passes on."""
_WORD = re.compile(r"\w")
_LIST_MARK = re.compile(r"\s*[(（]?[\w\u064b-\u0652]{1,9}(?:\.\d{1,2}){0,3}\s?[.):、．）،:-]*[-–—\s]*")
"""The mark of an item, which goes with the sentence behind it: "(iv)", "一、", "أولاً -"."""
_SAME = 0.8
"""A block of whose words this share are a paragraph's shows that paragraph."""
_LIKE = 0.4
"""The same for a block that changes the paragraph."""


@dataclass(frozen=True, slots=True)
class RangeClaim:
    """What a reader says that characters [start, end) of a Part's text are."""

    start: int
    end: int
    kind: OutcomeKind
    edits: tuple[int, ...] = ()
    why: str = ""
    guess: bool = False
    """It is about a whole passage: what was read inside one is what it was read as."""
    weighed: tuple[str, ...] = ()
    """How its quotations were understood."""


def text_of(text: MarkedText) -> str:
    """The text of a Part: its blocks, whatever their marks, a line each."""
    return "\n".join("".join(run.text for run in block.runs) for block in text.blocks)


def cover(text: str, claims: Iterable[RangeClaim], source: str) -> tuple[Outcome, ...]:
    """The outcomes of a text, in order, that cover it once. What no claim holds is unread where it has words; spaces
    and signs between go with the sentence before them.
    """
    found = list(claims)
    strong = _apart(claim for claim in found if not claim.guess)
    weak = _apart(claim for claim in found if claim.guess)
    kept = sorted((*strong, *_between(strong, weak, len(text))), key=lambda claim: claim.start)
    spans: list[tuple[int, int, RangeClaim]] = []
    at = 0
    for claim in kept:
        start = claim.start
        if _LIST_MARK.fullmatch(text, at, start) or (not spans and not _WORD.search(text, at, start)):
            start = at
        else:
            _fill(spans, text, at, start)
        spans.append((start, claim.end, claim))
        at = claim.end
    _fill(spans, text, at, len(text))
    return tuple(
        Outcome(source, start, end, claim.kind, text[start:end], claim.edits, claim.why, claim.weighed)
        for start, end, claim in spans
    )


_NOT_TAKEN = RangeClaim(0, 0, "unread", why="no reader has taken it")
_WITHOUT_WORDS = RangeClaim(0, 0, "courtesy", why="it has no words")


def _fill(spans: list[tuple[int, int, RangeClaim]], text: str, start: int, end: int) -> None:
    """Accounts for what lies between two claims."""
    if _WORD.search(text, start, end):
        spans.append((start, end, _NOT_TAKEN))
    elif spans:
        first, _, claim = spans[-1]
        spans[-1] = (first, end, claim)
    elif start < end:
        spans.append((start, end, _WITHOUT_WORDS))


def _apart(claims: Iterable[RangeClaim]) -> list[RangeClaim]:
    """Claims in order, none overlapping: of two on the same characters the one that asks for more."""
    out: list[RangeClaim] = []
    for claim in sorted(claims, key=lambda one: (one.start, one.end)):
        if claim.end <= claim.start:
            continue
        last = out[-1] if out else None
        if last is None or claim.start >= last.end:
            out.append(claim)
        elif claim.end <= last.end:
            edits = tuple(dict.fromkeys((*last.edits, *claim.edits)))
            first = min((last, claim), key=lambda one: _RANK.index(one.kind))
            out[-1] = replace(last, kind=first.kind, edits=edits, why=first.why)
        else:
            out.append(replace(claim, start=last.end))
    return out


def _between(strong: Sequence[RangeClaim], weak: Sequence[RangeClaim], end: int) -> Iterator[RangeClaim]:
    """The pieces of the weak claims that lie outside the strong ones. A passage that was read in part is no longer
    unread: what lies between are the lines around a mail that is passed on.
    """
    gaps = list(zip([0, *(claim.end for claim in strong)], [*(claim.start for claim in strong), end], strict=True))
    at = 0
    for claim in weak:
        while at < len(gaps) and gaps[at][1] <= claim.start:
            at += 1
        pieces = list(_pieces(claim, gaps[at:]))
        whole = [(claim.start, claim.end)] == pieces
        for start, stop in pieces:
            kind = claim.kind if whole or claim.kind != "unread" else "quoted"
            yield replace(claim, start=start, end=stop, kind=kind)


def _pieces(claim: RangeClaim, gaps: Iterable[Span]) -> Iterator[Span]:
    """What of a claim lies in the gaps, which are in order."""
    for start, stop in gaps:
        if start >= claim.end:
            return
        if max(start, claim.start) < min(stop, claim.end):
            yield max(start, claim.start), min(stop, claim.end)


# --- whose words ------------------------------------------------------------------------------------


def set_aside(blocks: Iterable[Block], draft: Draft) -> Iterator[RangeClaim]:
    """The passages that are not the sender's own words: guesses, which what looks like a request speaks against."""
    located = (
        (block.role, block.span, _request(block, draft)) for block in blocks if block.span and block.role != "own"
    )
    for role, passage in groupby(located, key=itemgetter(0)):
        yield from _passage(role, [(span, why) for _, span, why in passage])


def _passage(role: OutcomeKind, lines: Sequence[tuple[Span, str]]) -> Iterator[RangeClaim]:
    """One passage, whose lines have a span and why they may hold a request: unread from its first request to its last,
    what it is taken for elsewhere.
    """
    asking = [n for n, (_, why) in enumerate(lines) if why]
    first, last = (asking[0], asking[-1]) if asking else (len(lines), len(lines))
    for span, _ in (*lines[:first], *lines[last + 1 :]):
        yield RangeClaim(*span, role, why=f"taken for {role}", guess=True)
    if asking:
        (start, _), why = lines[first]
        yield RangeClaim(start, lines[last][0][1], "unread", why=f"taken for {role}, but {why}", guess=True)


def _request(block: Block, draft: Draft) -> str:
    said = "".join(run.text for run in block.runs)
    marked = any(run.mark != "kept" or not _LOOKS.isdisjoint(_looks(run)) for run in block.runs if run.text.strip())
    return request_in(said, draft, marked=marked)


_LOOKS = frozenset(("strike", "highlight", "colour"))
"""Looks by which changes are shown inside the text that is quoted."""


def _looks(run: Run) -> set[str]:
    return {look.partition(":")[0] for look in run.style}


def in_other_mail(sentences: Iterable[Outcome], kind: str, draft: Draft) -> Iterator[Outcome]:
    """The outcomes in a mail that is no comment. What looks like a proposal may be our own text that came back, or a
    comment after all: it is unread. What does not speak of the draft is no request, whatever signs it bears.
    """
    for one in sentences:
        if one.kind in ("edit", "remark", "reason"):
            yield replace(one, kind="unread", edits=(), why=f"it looks like a proposal, in a mail that is {kind}")
        elif one.kind == "unread" and not request_in(one.text, draft):
            yield replace(
                one, kind="courtesy", edits=(), why=f"it does not speak of the draft, in a mail that is {kind}"
            )
        elif one.kind == "unread":
            yield replace(one, edits=())
        else:
            yield one


# --- sentences of prose -----------------------------------------------------------------------------


def of_sentences(
    text: str, blocks: Sequence[Block], outcomes: Sequence[SentenceOutcome], first_edit: int
) -> Iterator[RangeClaim]:
    """Sentences at their places: those of a line are in the blocks of the line, one after the other."""
    lines: dict[tuple[int, int], _LineCharacters] = {}
    for outcome in outcomes:
        first, last = blocks[outcome.first].span, blocks[outcome.last].span
        if first is None or last is None:
            continue
        key = (outcome.first, outcome.last)
        line = lines.get(key) or lines.setdefault(key, _LineCharacters.of(text, first[0], last[1]))
        edits = tuple(first_edit + n for n in outcome.edits)
        span = line.next(outcome.text)
        marked = any(run.mark == "undone" for block in blocks[outcome.first : outcome.last + 1] for run in block.runs)
        if outcome.kind == "official text" and marked:
            yield RangeClaim(*span, "unread", why="it shows the official text with marks that may mean something")
        else:
            yield RangeClaim(*span, outcome.kind, edits, outcome.why, weighed=outcome.weighed)


_MARKS = str.maketrans("", "", "“”")


@dataclass(slots=True)
class _LineCharacters:
    """The characters of a line that are no spaces, and where they are: however it was broken, its sentences follow
    each other there.
    """

    characters: str
    places: Sequence[int]
    end: int
    at: int = 0

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "_LineCharacters":
        spans = [found.span(1) for found in _CHARACTERS.finditer(text, start, end) if found[1]]
        places = list(chain.from_iterable(range(*span) for span in spans))
        return cls("".join(text[first:last] for first, last in spans), places, end)

    def next(self, words: str) -> Span:
        """Where the next sentence is; the rest of the line where its words are not found."""
        wanted = "".join(words.split())
        at = self.characters.find(wanted, self.at)
        if at < 0:  # the reader has put quotation marks around italics
            wanted = wanted.translate(_MARKS)
            at = self.characters.find(wanted, self.at)
        if at < 0 or not wanted:
            return (self.places[self.at] if self.at < len(self.places) else self.end), self.end
        self.at = at + len(wanted)
        return self.places[at], self.places[self.at - 1] + 1


# --- tables and the draft's own paragraphs -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Numbered:
    """Edits with the indexes that they have among those of their text."""

    edits: Sequence[Edit]
    first: int = 0
    by_label: dict[str, list[int]] = field(default_factory=dict)
    by_words: list[tuple[int, str]] = field(default_factory=list)
    """New paragraphs and comments, with their words."""

    def __post_init__(self) -> None:
        for n, edit in enumerate(self.edits):
            self.by_label.setdefault(edit.paragraph, []).append(n)
            words = edit.new if edit.action == "add_paragraph" else edit.comment if edit.action == "comment" else ""
            bare = plain(words).strip()
            if len(bare) > 2:
                self.by_words.append((n, bare))

    def kind(self, numbers: Sequence[int]) -> OutcomeKind:
        """What states these edits: a remark, where all are comments."""
        return "remark" if all(self.edits[n].action == "comment" for n in numbers) else "edit"


def of_paragraphs(blocks: Iterable[Block], numbered: Numbered, draft: Draft) -> Iterator[RangeClaim]:
    """Blocks that were compared with the draft: shown as it stands, or changed."""
    for block in blocks:
        said = _words(block)
        if block.span and said.strip():
            kind, edits = _compared(block, said, numbered, draft)
            yield RangeClaim(*block.span, kind, tuple(numbered.first + n for n in edits), "compared with the draft")


def _words(block: Block) -> str:
    return "".join(run.text for run in block.runs)


def _compared(block: Block, said: str, numbered: Numbered, draft: Draft) -> tuple[OutcomeKind, list[int]]:
    stated = _stated(block, numbered)
    if stated:
        return numbered.kind(stated), stated
    label, share = index_of(draft).closest(said)
    changes = [n for n in numbered.by_label.get(label, ()) if numbered.edits[n].action != "add_paragraph"]
    if changes and share >= _LIKE:
        return "edit", changes
    return ("official text" if share >= _SAME or not _WORD.search(said) else "unread"), []


def _stated(block: Block, numbered: Numbered) -> list[int]:
    """The new paragraphs and comments of which a block holds the words, or is a part."""
    if not numbered.by_words:
        return []
    accepted = plain("".join(run.text for run in block.runs if run.mark in ("kept", "inserted")))
    return [n for n, words in numbered.by_words if words in accepted or (len(accepted) > 2 and accepted in words)]


def of_cells(blocks: Iterable[Block], numbered: Numbered, draft: Draft) -> Iterator[RangeClaim]:
    """Cells of comment tables: what became an edit, its reason, its place, and the official text that is shown."""
    bare = [(plain(edit.evidence), plain(edit.comment)) for edit in numbered.edits]
    for block in blocks:
        said = plain(_words(block))
        if block.span and said:
            stated = [n for n, (evidence, comment) in enumerate(bare) if said in evidence or said in comment]
            reasons = [n for n in stated if numbered.edits[n].action != "comment" and said in bare[n][1]]
            kind, edits = _cell(said, stated, reasons, numbered, draft)
            yield RangeClaim(*block.span, kind, tuple(numbered.first + n for n in edits), "a cell of a table")


_FEW = 8
"""A cell of so few words that states nothing is a label, a number, a name or a verdict."""


def _cell(
    said: str, stated: list[int], reasons: list[int], numbered: Numbered, draft: Draft
) -> tuple[OutcomeKind, list[int]]:
    """What a cell is, of whose words the `stated` edits were made; to the `reasons` of these it is the reason."""
    if len(words_of(said)) <= _FEW:
        names_place = said.isdigit() or bool(places_of(said, draft))
        return ("edit", stated) if stated and not names_place else ("place", [])
    if reasons:
        return "reason", reasons
    if stated:
        return numbered.kind(stated), stated
    if index_of(draft).closest(said)[1] >= _SAME:
        return "official text", []
    return "unread", []
