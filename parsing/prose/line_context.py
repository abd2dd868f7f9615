"""Line by line: headings that name a place, acts, paragraphs that are restated, remarks, courtesies."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from parsing.draft_index import DraftIndex, holding, index_of, words_of
from parsing.model import Draft
from parsing.prose.headings import asks, bare_heading, without_label
from parsing.prose.lexicon.detect_language import language_of
from parsing.prose.lexicon.lexicon import lexicon
from parsing.prose.lexicon.tokens import tokens
from parsing.prose.lines import Line
from parsing.prose.outcomes import Around, Outcomes
from parsing.prose.references.references import read_places
from parsing.prose.relevance import may_concern
from parsing.prose.requests.paragraph_requests import FEWEST, adds, is_paragraph
from parsing.prose.requests.remarks import is_all, label_before
from parsing.prose.requests.sentences import Sentence, sentences
from parsing.prose.resolve.edits import Collector
from parsing.prose.resolve.resolve import Where, rewritten
from parsing.prose.resolve.restated import WHOLE, Restated, restated
from parsing.prose.statement import Announced, Statement
from parsing.text.quotations import after_colon, quoted, unquoted, without_quotations

_HEADING = 160
_LONG = 160
"""A longer line is looked at before it is read."""
_TRIED = 1200
"""A longer line is read in its likeliest language alone."""
_CLOSING = ("leave_taking.phrases", "leave_taking.thanks")
_NOT_COME = "a new paragraph is announced, and its text does not come"
_BRACKETS = "it holds brackets that may mean something"


@dataclass(slots=True)
class Reader:
    """Takes line after line, and keeps what those above have named and what they await."""

    draft: Draft
    at: tuple[str, ...]
    found: Collector
    language: str = "en"
    part: str | None = None
    """The part of the text that a heading has named."""
    counted: bool = False
    """The numbers of the items below the part's heading are those of its paragraphs."""
    named: Where = field(default_factory=Where)
    """The paragraphs of the heading, or of the sentence that has named some last."""
    heading: Literal["", "general", "item", "again"] = ""
    """The kind of heading: a label of general remarks, a numbered item, a restated paragraph; "" for any other."""
    since: int = 0
    """The first of the edits below the heading."""
    listing: bool = False
    """Whether the item above was one of a list of proposals."""
    closed: bool = False
    """Whether a closing formula has come."""
    expects: str = ""
    """What the label on the line above announces: "original" words, or "proposed" ones."""
    original: str = ""
    """Words that are shown as they stand, for which others are to come."""
    awaited: Announced | None = None
    sheet: DraftIndex = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = index_of(self.draft)

    def take(self, line: Line) -> None:
        """Take in the next line; `end` follows the last one."""
        self.found.blocks, self.found.line = (line.first, line.last), self.found.line + 1
        if line.gap:
            self.found.last = ()
        if line.role == "quoted":
            self._quoted(line)
        elif line.role == "own":
            self._own(line)

    def _quoted(self, line: Line) -> None:
        """An answer between quoted lines speaks of the paragraph that is quoted; or of what a heading names that is
        marked as a quotation is: ">> Paragraph 5".
        """
        if len(words_of(line.text)) < FEWEST:
            bare = replace(line, text=line.text.lstrip("> "))
            self._is_heading(bare, self._read(bare.text))
            return
        again = restated(f"{line.mark} {line.text}".strip(), self.draft)
        if again is not None:
            self._names(Where((again.label,)))
        elif self.awaited is not None and not line.gap and is_paragraph(unquoted(line.text)):
            self._is_new(line, self.awaited)  # set in right below what announces it
            self.found.settle(line.text, "edit")

    def _names(self, where: Where, heading: Literal["", "general", "item", "again"] = "") -> None:
        """Begins what is said below a heading."""
        self.named, self.heading, self.since = where, heading, len(self.found.edits)

    def _own(self, line: Line) -> None:
        text = line.text
        if line.mark and (self.heading == "again" or (line.number and self.heading == "item")):
            self._names(Where())
        if self.counted and (label := self._numbered(line)):
            self._names(Where((label,)))
        if len(text) > _LONG and not self._listens() and not may_concern(text, self.draft):
            self.found.settle(text, "courtesy", "it names no paragraph and has few words of the draft")
            return
        if self.awaited is not None and self._is_new(line, self.awaited):
            self.found.settle(text, "edit")
            return
        if any(is_all(text, concept, name) for concept in _CLOSING for name in (self.language, "en")):
            self.closed = True
            self.found.settle(text, "courtesy", "a closing formula")
            return
        cut = label_before(text, "labels.proposed")
        if 0 < cut < len(text) and self._instructs(text[cut:]):
            text = text[cut:]  # else it may be wording as well
        if self._is_one_of_a_pair(text):
            self.found.settle(text, "place", "words as they stand, or a label before words")
            return
        cut = label_before(text, "remarks.general")
        if 0 < cut < len(text):
            self._names(Where(), "general")
            text = text[cut:]
        line, read = replace(line, text=text), self._read(text)
        if self._is_heading(line, read):
            self.found.settle(text, "place", "a heading for the lines below")
        else:
            self._statement(line, read)

    def _instructs(self, text: str) -> bool:
        """Whether a text says what is to be done with words, and is no wording itself."""
        return any(asks(sentence) for sentence in self._read(text))

    def _listens(self) -> bool:
        """Whether the lines above make every line below them one of theirs."""
        return bool(self.at or self.awaited or self.named.labels or self.heading or self.expects or self.original)

    def _is_new(self, line: Line, awaited: Announced) -> bool:
        """Whether a line is the text of a new paragraph that is announced: any, unless it is the next item of a list,
        or speaks of a paragraph; what looks like one, where the announcement is doubtful; another quotation, where one
        has come.
        """
        text, self.awaited = unquoted(line.text), None
        is_quoted = text != line.text.strip()
        if not (awaited.doubt or awaited.came):
            speaks = not is_quoted and any(sentence.named for sentence in self._read(text))
            fits = not speaks and (not line.number or awaited.evidence.rstrip().endswith((":", "：")))
        else:
            like = is_quoted if awaited.came else is_paragraph(text)
            fits = like and restated(text, self.draft) is None
        if fits:
            Statement.add(self.found, awaited.after, text, awaited.evidence, awaited.doubt)
            self.awaited = replace(awaited, came=True)
        elif not awaited.came:
            self.found.reopen(awaited.evidence, _NOT_COME)
        return fits

    def end(self) -> None:
        """Say what was begun above and did not come."""
        if self.original and len(self.found.edits) == self.since:
            self.found.reopen(self.original, "its words are shown as they stand, and no proposal follows")
        if self.awaited is not None and not self.awaited.came:
            self.found.reopen(self.awaited.evidence, _NOT_COME)
        self.original, self.awaited = "", None

    # --- before and after, on lines of their own -----------------------------------------------------

    def _is_one_of_a_pair(self, text: str) -> bool:
        """Whether a line shows words as they stand or as they shall read, or is the label of the line below."""
        if any(self._behind_label(kind, text) for kind in ("original", "proposed")):
            return True
        kind, self.expects = self.expects, ""
        return bool(kind) and not self._instructs(text) and self._pair(kind, text, text)

    def _behind_label(self, kind: str, text: str) -> bool:
        """Whether a line is a label of the kind, or has words behind one: they are taken as such."""
        label = f"labels.{kind}"
        if text.rstrip().endswith(":") and is_all(text.strip().rstrip(":"), label):
            self.expects = kind
            return True
        cut = label_before(text, label)
        bare = unquoted(text[cut:].strip()) if cut else ""
        stands = kind == "proposed" or holding(bare, self.draft) or restated(bare, self.draft, self.named.labels)
        return bool(cut and stands) and self._pair(kind, bare, text)

    def _pair(self, kind: str, words: str, evidence: str) -> bool:
        bare = unquoted(words)
        if kind == "original":
            self.end()
            self.original, self.since = bare, len(self.found.edits)
            return True
        if not (self.original or self.named.labels or self.at):
            return False
        Statement.pair(self.found, self.draft, self.original, bare, self._default(), evidence)
        self.original = ""
        return True

    # --- a line's sentences --------------------------------------------------------------------------

    def _read(self, text: str) -> list[Sentence]:
        """The sentences of a line in the likeliest language, the next likely one where that says nothing."""
        best, most = list[Sentence](), -1
        for name in language_of(text, self.language)[: 3 if len(text) < _TRIED else 1]:
            cut = tokens(text, lexicon(name))
            read = sentences(text, cut, read_places(cut, self.sheet, self.part))
            placed, asking = any(s.places for s in read), any(asks(s) for s in read)
            if placed + 2 * asking > most:
                best, most, self.language = read, placed + 2 * asking, name
            if placed and (asking or not any(s.quotes for s in read)):
                break
        return best

    def _is_heading(self, line: Line, read: Sequence[Sentence]) -> bool:
        """Whether the line names a place, or general remarks, for the lines below and says no more."""
        text = line.text
        if len(text) > _HEADING or len(read) != 1 or self._says_short_again(line, read):
            return False
        if is_all(text, "remarks.general"):
            self._names(Where(), "general")
            return True
        sentence = read[0]
        if not bare_heading(text, sentence) or adds(sentence, self.draft):
            return False
        labels = tuple(label for place in sentence.places for label in place.labels)
        others = tuple(label for place in sentence.places for label in place.others)
        part = sentence.places[-1].part if sentence.places else None
        if labels or others:
            self._names(Where(labels, others), "item" if line.number else "")
        elif part:
            self._names(Where())
            self.part, self.counted = part, line.counts
        return bool(labels or others or part)

    def _says_short_again(self, line: Line, read: Sequence[Sentence]) -> bool:
        """Whether a line says a paragraph of few words again, behind its name: "Chapeau: We firmly commit to:"."""
        words, labels = self._wording(line, read)
        return words != line.text and len(words_of(words)) < FEWEST and self._again(words, labels) is not None

    def _default(self) -> Where:
        """What the words around a sentence name."""
        if self.at:
            return Where(self.at)
        if self.named.labels or self.named.others or not self.part:
            return self.named
        return Where((), self.sheet.of_part(self.part))

    def _numbered(self, line: Line) -> str:
        """The paragraph of the part above that has the number of an item."""
        return self.sheet.numbered(self.part or "", line.number) or "" if line.number else ""

    def _around(self) -> Around:
        general = self.heading == "general"
        return Around(self.language, self.at, self.named.labels, general, self.listing, self.since)

    def _statement(self, line: Line, read: Sequence[Sentence]) -> None:
        statement = Statement(self.draft, self.found, self._default(), self.language)
        since = len(self.found.edits)
        if self._says_again(line, read):
            self.found.settle(line.text, "official text", "the paragraph is shown as it stands")
            return
        if self.closed and not any(sentence.named for sentence in read):
            self.found.settle(line.text, "signature", "it is below the closing formula")
            return
        remarks = statement.read(read)
        self.awaited = statement.awaited
        Outcomes(self.draft, self.found, self._around()).settle(line, remarks, since)
        self.listing = bool(line.mark) and len(self.found.edits) > since
        if statement.place:
            self.named = Where((), statement.place.labels)

    # --- a paragraph restated ----------------------------------------------------------------------

    def _says_again(self, line: Line, read: Sequence[Sentence]) -> bool:
        """Whether a line says a paragraph again, and asks for nothing: the differences are kept."""
        text, labels = self._wording(line, read)
        again = self._again(unquoted(text), labels)
        if again is None or self._is_more(text, labels) or any(self._may_ask(sentence) for sentence in read):
            return False
        for bound in rewritten(again, labels, _BRACKETS if "[" in line.text else ""):
            self.found.change(bound, line.text)
        if not again.changes and "[" in line.text and "[" not in self.draft.text(again.label):
            self.found.lost(line.text, _BRACKETS)
        self._names(Where((again.label,)), "again")
        return True

    def _may_ask(self, sentence: Sentence) -> bool:
        """Whether a sentence asks for something by what it quotes or shows with an arrow, or for a new paragraph."""
        return "arrow" in sentence.kinds or asks(sentence) or adds(sentence, self.draft)

    def _wording(self, line: Line, read: Sequence[Sentence]) -> tuple[str, tuple[str, ...]]:
        """The words of a line that may say a paragraph again, and the labels that it may have."""
        text, labels = without_label(line.text, read)
        if self.heading != "again":
            labels = labels or self._default().labels or self._default().others
        return after_colon(text), labels

    def _again(self, text: str, labels: Sequence[str]) -> Restated | None:
        """The paragraph that a wording says again; one of a few words only where it alone is named: "Chapeau: …"."""
        again = restated(text, self.draft, labels)
        few = again is not None and len(words_of(text)) < FEWEST
        return None if again is None or (few and (again.part or list(labels) != [again.label])) else again

    def _is_more(self, text: str, labels: Sequence[str]) -> bool:
        """Whether there are words outside quotation marks that are not the draft's."""
        if not quoted(text) or unquoted(text) != text:
            return False
        again = restated(without_quotations(text), self.draft, labels)
        return again is None or again.share < WHOLE
