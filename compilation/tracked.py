"""The official text with every proposal as a tracked change under the name of the one who makes it.

With all changes rejected it is the official text. Words for which proposals collide are deleted once, under the first
who changes them; the alternatives follow in order, each under its author, and a comment lists who wants what. What
several propose alike is shown once, under the first; a comment names all. A move is a deletion and an insertion.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from compilation import phrases
from compilation.official import OfficialDocument, OfficialParagraph
from compilation.paragraph_writer import ParagraphWriter
from compilation.phrases import COMPILER
from compilation.word_xml import By, RevisionRegister
from consultation.compilation import Compilation, CompiledParagraph, ProposedParagraph
from consultation.facts import EditFact
from consultation.passages import Passage, Span

_BETWEEN = " / "
"""Between two versions of one author, which nothing else would tell apart."""
_LISTED = 100
"""Things left out that the comment at the title lists; more are in the Excel file."""


def track_changes(official: OfficialDocument, compilation: Compilation, notes: RevisionRegister) -> None:
    """Puts the proposals into the document; `notes` then holds the comments and the authors."""
    for compiled in compilation.paragraphs:
        place = official.paragraphs[compiled.paragraph.label]
        _Tracked(compilation, compiled, place, notes).write()
    _comment_on_the_whole(official, compilation, notes)


@dataclass(slots=True)
class _Tracked:
    """Writes one paragraph from its start to its end."""

    compilation: Compilation
    compiled: CompiledParagraph
    place: OfficialParagraph
    notes: RevisionRegister
    starts: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    ends: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The ids of the comments that begin and end at an offset."""
    around: list[int] = field(default_factory=list)
    """Those of the comments on the whole paragraph, its number too."""
    writer: ParagraphWriter = field(init=False)

    def write(self) -> None:
        if not self.compiled.facts and not self.compiled.added:
            return
        self.writer = ParagraphWriter(self.place, self.notes)
        self._place_comments()
        deleted = None if self.compiled.deleted is None else self.by(self.compiled.deleted.first)
        self.writer.open(self.around)
        self.writer.begin(deleted)
        self._write_words()
        self.writer.close(self.around)
        after = self.writer.finish(deleted)
        for addition in self.compiled.added:
            after = self._add(addition, after)

    # --- comments --------------------------------------------------------------------------------

    def _place_comments(self) -> None:
        text = self.place.text
        for passage in self.compiled.passages.over:
            span = passage.start, passage.end
            self._place(span, self.own(phrases.who_wants_what_over(self.compilation, text, passage)))
            self._reasons(span, _members(passage))
        whole = phrases.who_deletes_or_moves(self.compilation, self.compiled)
        if whole:
            self.around.append(self.own(whole))
        if self.compiled.deleted:
            self._reasons(None, self.compiled.deleted.members)
        for fact in self.compiled.comments:
            self._place(self._span(fact), self.said(fact))
            self._review(self._span(fact), fact)
        self._reasons(None, self._changes_of_movers())

    def _changes_of_movers(self) -> Iterator[EditFact]:
        """The changes that are made where the paragraph is moved to."""
        for fact in self.compiled.facts:
            changes_words = fact.edit.action in ("replace", "insert", "delete")
            if changes_words and fact.speaker in self.compiled.moved_to:
                yield fact

    def _span(self, fact: EditFact) -> Span | None:
        """The words that a comment is about: never a part of a passage; None for the whole paragraph."""
        start, end = fact.edit.start, fact.edit.end
        if start is None or end is None or not 0 <= start <= end <= len(self.place.text):
            return None
        for passage in self.compiled.passages.apart:
            start = passage.start if passage.start < start < passage.end else start
            end = passage.end if passage.start < end < passage.end else end
        return start, end

    def _reasons(self, span: Span | None, facts: Iterable[EditFact]) -> None:
        for fact in facts:
            if fact.edit.comment:
                self._place(span, self.said(fact))
            self._review(span, fact)

    def _review(self, span: Span | None, fact: EditFact) -> None:
        if fact.review:
            self._place(span, self.own(f"Needs review ({self.compilation.name(fact.speaker)}): {fact.review}"))

    def _place(self, span: Span | None, number: int) -> None:
        """Puts a comment around these words, or around the whole paragraph."""
        if span is None:
            self.around.append(number)
        else:
            self.starts[span[0]].append(number)
            self.ends[span[1]].append(number)

    def said(self, fact: EditFact) -> int:
        return self.notes.comment(phrases.comment_text(fact), self.by(fact))

    def own(self, text: str) -> int:
        return self.notes.comment(text, compiler(self.compilation))

    def by(self, fact: EditFact) -> By:
        return by(self.compilation, fact)

    # --- words -----------------------------------------------------------------------------------

    def _write_words(self) -> None:
        """Goes through the offsets at which anything begins or ends."""
        passages = self.compiled.passages
        begins = {one.start: one for one in passages.apart if one.start < one.end}
        points = {one.start: one for one in passages.apart if one.start == one.end}
        ends = (one.end for one in passages.apart)
        at = 0
        for offset in sorted(
            {0, len(self.place.text), *begins, *points, *ends, *self.starts, *self.ends, *self._overs()}
        ):
            if offset < at:
                continue
            self._gap(at, offset)
            at = offset
            for over in sorted((one for one in passages.over if one.end == offset), key=lambda one: -one.start):
                self._insert(over)
            self._close(offset)
            self._open(offset)
            if offset in points:
                self._change(points[offset])
            if offset in begins:
                self._change(begins[offset])
                at = begins[offset].end

    def _overs(self) -> set[int]:
        """Where what goes over passages begins and ends."""
        return {offset for one in self.compiled.passages.over for offset in (one.start, one.end)}

    def _gap(self, start: int, end: int) -> None:
        """Words that no passage changes: deleted where a proposal goes over them, or over the whole paragraph."""
        if start == end:
            return
        covering = [one for one in self.compiled.passages.over if one.start <= start and end <= one.end]
        firsts = [one.alternatives[0].first for one in covering]
        if firsts:
            self.writer.delete(start, end, self.by(min(firsts, key=self._order)))
        elif self.compiled.deleted is not None:
            self.writer.delete(start, end, self.by(self.compiled.deleted.first))
        else:
            self.writer.keep(start, end)

    def _order(self, fact: EditFact) -> tuple[int, str]:
        assert fact.speaker is not None
        return self.compilation.order(fact.speaker)

    def _change(self, passage: Passage) -> None:
        """The words of a passage deleted, and its alternatives; its comments around both."""
        numbers = list(self._on(passage))
        self.writer.open(numbers)
        if passage.start < passage.end:
            self.writer.delete(passage.start, passage.end, self.by(passage.alternatives[0].first))
        self._insert(passage)
        self.writer.close(numbers)

    def _insert(self, passage: Passage) -> None:
        before = None
        for one in passage.alternatives:
            if one.new:
                again = _BETWEEN if before == one.first.speaker else ""
                self.writer.insert(again + one.new, self.by(one.first), passage.start, passage.end)
                before = one.first.speaker

    def _on(self, passage: Passage) -> Iterator[int]:
        """The ids of the comments on a passage."""
        wanted = phrases.who_wants_what(self.compilation, self.place.text, passage)
        if wanted:
            yield self.own(wanted)
        for fact in _members(passage):
            if fact.edit.comment:
                yield self.said(fact)
            if fact.review:
                yield self.own(f"Needs review ({self.compilation.name(fact.speaker)}): {fact.review}")

    def _open(self, offset: int) -> None:
        self.writer.open(self.starts.pop(offset, ()))

    def _close(self, offset: int) -> None:
        """Ends the comments that end here; those about a point begin and end at once."""
        ending = self.ends.pop(offset, [])
        beginning = self.starts.get(offset, [])
        points = [number for number in ending if number in beginning]
        self.starts[offset] = [number for number in beginning if number not in points]
        self.writer.close([number for number in ending if number not in points])
        self.writer.open(points)
        self.writer.close(points)

    # --- new paragraphs --------------------------------------------------------------------------

    def _add(self, addition: ProposedParagraph, after: object) -> object:
        numbers = []
        note = phrases.added(self.compilation, addition)
        if note:
            numbers.append(self.own(note))
        for fact in addition.alternative.members:
            if addition.moved_from is None and fact.edit.comment:
                numbers.append(self.said(fact))
            if addition.moved_from is None and fact.review:
                numbers.append(self.own(f"Needs review ({self.compilation.name(fact.speaker)}): {fact.review}"))
        return self.writer.add(addition.alternative.new, self.by(addition.alternative.first), after, numbers)


def _members(passage: Passage) -> Iterator[EditFact]:
    for alternative in passage.alternatives:
        yield from alternative.members


def by(compilation: Compilation, fact: EditFact) -> By:
    """The speaker as an author, with the date of its mail."""
    code = fact.speaker.name if fact.speaker and fact.speaker.kind == "party" else ""
    return By(compilation.name(fact.speaker), compilation.date(fact), code)


def compiler(compilation: Compilation) -> By:
    return By(COMPILER, compilation.made_at, "C")


def _comment_on_the_whole(official: OfficialDocument, compilation: Compilation, notes: RevisionRegister) -> None:
    """What the compilation is and what is not in it, and what is said of the whole text, at the first paragraph."""
    first = next(iter(official.paragraphs.values()))
    numbers = [notes.comment("\n".join(lines), compiler(compilation)) for lines in _introduction(compilation)]
    numbers += [notes.comment(phrases.comment_text(fact), by(compilation, fact)) for fact in compilation.general]
    ParagraphWriter.surround(first.element, numbers)


def _introduction(compilation: Compilation) -> Iterator[list[str]]:
    yield [f"{name}: {value}" for name, value in phrases.description(compilation)]
    yield phrases.TRACKED_LEGEND
    listed = compilation.left_out[:_LISTED]
    if listed:
        lines = ["Not in this compilation:", *(phrases.left_out_line(compilation, one) for one in listed)]
        more = len(compilation.left_out) - len(listed)
        yield [*lines, f"… and {more} more: the Excel file lists them"] if more else lines
