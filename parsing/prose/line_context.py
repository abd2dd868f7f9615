"""Line by line: headings that name a place, acts, paragraphs that are restated, remarks, courtesies."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from parsing.confidence import DOUBTFUL_REMARK, REMARK
from parsing.draft_index import DraftIndex, holding, index_of, words_of
from parsing.languages.tables import LANGUAGES
from parsing.model import Draft, OutcomeKind
from parsing.prose.evidence import FEWEST, announced_after, is_paragraph
from parsing.prose.headings import asks, bare_heading, is_name, is_title, makes_sense, may_say, without_label
from parsing.prose.hypotheses import Hypothesis, Item
from parsing.prose.lexicon.detect_language import language_of
from parsing.prose.lexicon.lexicon import lexicon
from parsing.prose.lexicon.tokens import kinds_in, tokens
from parsing.prose.lines import Line
from parsing.prose.references.references import read_places
from parsing.prose.relevance import may_concern
from parsing.prose.requests.paragraph_requests import added, speaks_of_new
from parsing.prose.requests.remarks import is_all, is_general, joined, label_before, says
from parsing.prose.requests.sentences import Sentence, sentences
from parsing.prose.requests.unquoted_operands import with_operands
from parsing.prose.resolve.edits import Collector
from parsing.prose.resolve.resolve import Where, rewritten
from parsing.prose.resolve.restated import WHOLE, Restated, restated, whole
from parsing.prose.signs import (
    ASKING,
    CHANGE,
    QUESTION_MARKS,
    REFUSING,
    SPEAKING,
    SPEAKING_PHRASES,
    YIELDING,
    Sign,
    shown_in,
    signs_of,
)
from parsing.prose.solve import solve
from parsing.prose.statement import Announced, Remark, Statement, labels_of
from parsing.text.phrases import folded, pattern_of
from parsing.text.quotations import after_colon, quoted, unquoted, without_quotations
from parsing.text.search import find
from parsing.text.words import similarity

_HEADING = 160
_LONG = 160
"""A longer line is looked at before it is read."""
_ALL_OF_IT = frozenset(("whole", "other_paragraphs"))
"""Kinds of words by which a sentence names more than single paragraphs."""
_REMARK = 6
"""What is shorter is no remark on the paragraph above, but a greeting or a name."""
_ON_PARAGRAPHS = frozenset(("paragraph", "recital", "operative", "preamble", "support"))
"""Kinds of words by which a sentence speaks of less than the whole text, or agrees with it."""
_STRETCH = frozenset(("from", "range"))
"""Kinds of words by which a heading says which part of a paragraph follows."""
_TRIED = 1200
"""A longer line is read in its likeliest language alone."""
_GENERAL = ("general",)
_NOT_COME = "a new paragraph is announced, and its text does not come"
_BRACKETS = "it holds brackets that may mean something"
_BY_SHAPE = "read from its shape: the line above sets something beside a paragraph"
_A_WORD = 4
"""A paragraph, "should be", and a word or two."""
_SHORT = 60
"""A closing formula, or a label such as "Proposed text:", is no longer."""


@dataclass(slots=True)
class _Context:
    """What the lines above have named: a part of the text, paragraphs, general remarks; what they await."""

    part: str | None = None
    counted: bool = False
    """The numbers of the items below the part's heading are those of its paragraphs."""
    labels: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    general: bool = False
    again: bool = False
    item: bool = False
    """A numbered item has named the paragraphs: they are not those of the next one."""
    carried: tuple[str, ...] = ()
    language: str = "en"
    closed: bool = False
    original: str = ""
    expects: str = ""
    listing: bool = False
    """Whether the item above was one of a list of proposals."""
    since: int = 0


@dataclass(slots=True)
class Reader:
    draft: Draft
    at: tuple[str, ...]
    found: Collector
    context: _Context = field(default_factory=_Context)
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
            self._quoted_heading(line)
            return
        again = restated(f"{line.mark} {line.text}".strip(), self.draft)
        if again is not None:
            self._names((again.label,), ())
        elif self.awaited is not None and not line.gap and is_paragraph(unquoted(line.text)):
            self._is_new(line, self.awaited)  # set in right below what announces it
            self.found.settle(line.text, "edit")

    def _quoted_heading(self, line: Line) -> None:
        text = line.text.lstrip("> ")
        read = self._read(text)
        if self._is_heading(replace(line, text=text), read) or len(read) != 1:
            return
        addition = added(read[0], self.sheet)
        if addition is not None and addition.after is not None and not addition.texts:
            self.awaited = Announced(addition.after, text)

    def _names(self, labels: tuple[str, ...], others: tuple[str, ...]) -> None:
        self.context.labels, self.context.others = labels, others
        self.context.general = self.context.again = self.context.item = False
        self.context.since = len(self.found.edits)

    def _own(self, line: Line) -> None:
        text = line.text
        if line.mark and (self.context.again or (line.number and self.context.item)):
            self._names((), ())
        if self.context.counted and (label := self._numbered(line)):
            self._names((label,), ())
        if len(text) > _LONG and not self._listens() and not may_concern(text, self.draft):
            self.found.settle(text, "courtesy", "it names no paragraph and has few words of the draft")
            return
        if self.awaited is not None and self._is_new(line, self.awaited):
            self.found.settle(text, "edit")
            return
        if len(text) < _SHORT and any(
            is_all(text, concept, name)
            for name in {self.context.language, "en"}
            for concept in ("leave_taking.phrases", "leave_taking.thanks")
        ):
            self.context.closed = True
            self.found.settle(text, "courtesy", "a closing formula")
            return
        text = self._behind_proposal(text)
        if self._is_one_of_a_pair(text):
            self.found.settle(text, "place", "words as they stand, or a label before words")
            return
        text = self._behind_general(text)
        line, read = replace(line, text=text), self._read(text)
        if self._is_heading(line, read):
            self.found.settle(text, "place", "a heading for the lines below")
        else:
            self._statement(line, read)

    def _behind_proposal(self, text: str) -> str:
        """The instruction behind a label such as "Proposal:"; what follows there may be wording as well."""
        cut = label_before(text, "labels.proposed")
        return text[cut:] if 0 < cut < len(text) and self._instructs(text[cut:]) else text

    def _instructs(self, text: str) -> bool:
        """Whether a text says what is to be done with words, and is no wording itself."""
        return any(one.old or one.beside for sentence in self._read(text) for one in self._solved(sentence))

    def _solved(self, sentence: Sentence) -> tuple[Hypothesis, ...]:
        """What a sentence asks for by what it quotes."""
        default = self._default()
        told = with_operands(sentence, self.draft, labels_of(sentence, default))
        return solve(Item(told, default, self.draft)).chosen if asks(told) else ()

    def _behind_general(self, text: str) -> str:
        """The text behind a label such as "General comment:", which makes of the line a general remark."""
        cut = label_before(text, "remarks.general")
        if 0 < cut < len(text):
            self._names((), ())
            self.context.general = True
            return text[cut:]
        return text

    def _listens(self) -> bool:
        """Whether the lines above make every line below them one of theirs."""
        context = self.context
        return bool(
            self.at or self.awaited or context.labels or context.others or context.general or context.expects
            or context.original
        )  # fmt: skip

    def _is_new(self, line: Line, awaited: Announced) -> bool:
        """Whether a line is the text of a new paragraph that is announced: any, unless it is the next item of a list;
        what looks like one, where the announcement is doubtful; another quotation, where one has come.
        """
        text, self.awaited = unquoted(line.text), None
        if awaited.plain:
            fits = not line.number or awaited.evidence.rstrip().endswith((":", "："))
        else:
            like = text != line.text.strip() if awaited.came else is_paragraph(text)
            fits = like and restated(text, self.draft) is None
        if fits:
            Statement.add(self.found, awaited.after, text, awaited.evidence, awaited.doubt)
            self.awaited = replace(awaited, came=True)
        elif not awaited.came:
            self.found.reopen(awaited.evidence, _NOT_COME)
        return fits

    def end(self) -> None:
        """Say what was begun above and did not come."""
        if self.context.original and len(self.found.edits) == self.context.since:
            self.found.reopen(self.context.original, "its words are shown as they stand, and no proposal follows")
        if self.awaited is not None and not self.awaited.came:
            self.found.reopen(self.awaited.evidence, _NOT_COME)
        self.context.original, self.awaited = "", None

    # --- before and after, on lines of their own -----------------------------------------------------

    def _is_one_of_a_pair(self, text: str) -> bool:
        """Whether a line shows words as they stand or as they shall read, or is the label of the line below."""
        if any(self._behind_label(kind, text) for kind in ("original", "proposed")):
            return True
        kind, self.context.expects = self.context.expects, ""
        return bool(kind) and not self._instructs(text) and self._pair(kind, text, text)

    def _behind_label(self, kind: str, text: str) -> bool:
        """Whether a line is a label of the kind, or has words behind one: they are taken as such."""
        label = f"labels.{kind}"
        if text.rstrip().endswith(":") and is_all(text.strip().rstrip(":"), label):
            self.context.expects = kind
            return True
        cut = label_before(text, label)
        if not cut or (kind == "original" and not self._stands_in(text[cut:])):
            return False
        return self._pair(kind, text[cut:].strip(), text)

    def _stands_in(self, words: str) -> bool:
        """Whether words are shown as the draft's: some paragraph has them, or most of them."""
        bare = unquoted(words.strip())
        here = any(find(bare, paragraph.text) for paragraph in self.draft.paragraphs)
        return here or restated(bare, self.draft, self.context.labels) is not None

    def _pair(self, kind: str, words: str, evidence: str) -> bool:
        bare = unquoted(words)
        if kind == "original":
            self.end()
            self.context.original, self.context.since = bare, len(self.found.edits)
            return True
        if not (self.context.original or self.context.labels or self.at):
            return False
        Statement.pair(self.found, self.draft, self.context.original, bare, self._default(), evidence)
        self.context.original = ""
        return True

    # --- a line's sentences --------------------------------------------------------------------------

    def _read(self, text: str) -> list[Sentence]:
        """The sentences of a line in the likeliest language, the next likely one where that says nothing."""
        best: list[Sentence] = []
        names = language_of(text, self.context.language)
        most = -1
        for name in names[: 3 if len(text) < _TRIED else 1]:
            if most >= 0 and not may_say(kinds_in(text, lexicon(name))):
                continue
            cut = tokens(text, lexicon(name))
            read = sentences(text, cut, read_places(cut, self.sheet, self.context.part))
            if any(s.places for s in read) and makes_sense(read):
                self.context.language = name
                return read
            worth = 2 * any(asks(s) for s in read) + any(s.places for s in read)
            if worth > most:
                most, self.context.language, best = worth, name, read
        return best

    def _is_heading(self, line: Line, read: Sequence[Sentence]) -> bool:
        """Whether the line names a place, or general remarks, for the lines below and says no more."""
        text, language = line.text, self.context.language
        if len(text) > _HEADING or len(read) != 1 or self._says_short_again(line, read):
            return False
        if any(is_all(text, "remarks.general", name) for name in (language, *LANGUAGES)):
            self._names((), ())
            self.context.general = True
            return True
        sentence = read[0]
        if self.context.general and not sentence.places and is_title(text, sentence):
            self.context.general = False
            return True
        is_bare = bare_heading(text, sentence) or self._names_stretch(text, sentence)
        return is_bare and not Statement.adds(sentence, self.sheet) and self._names_places(line, sentence)

    def _names_places(self, line: Line, sentence: Sentence) -> bool:
        """Whether a heading names paragraphs for the lines below, or a part of the text."""
        labels = tuple(label for place in sentence.places for label in place.labels)
        others = tuple(label for place in sentence.places for label in place.others)
        part = sentence.places[-1].part if sentence.places else None
        if labels or others:
            self._names(labels, others)
            self.context.item = bool(line.number)
        elif part:
            self._names((), ())
            self.context.part, self.context.carried, self.context.counted = part, (), line.counts
        return bool(labels or others or part)

    def _says_short_again(self, line: Line, read: Sequence[Sentence]) -> bool:
        """Whether a line says a paragraph of few words again, behind its name: "Chapeau: We firmly commit to:"."""
        words, labels = self._wording(line, read)
        return words != line.text and len(words_of(words)) < FEWEST and self._again(words, labels) is not None

    def _names_stretch(self, text: str, sentence: Sentence) -> bool:
        """Whether a heading names a stretch of a paragraph: "OP5, first half (up to “measures”):"."""
        if not text.rstrip().endswith((":", "：")) or sentence.kinds.isdisjoint(_STRETCH):
            return False
        shown = all(find(words, self.draft.text(label)) for words in sentence.quotes for label in sentence.labels)
        return shown and sentence.kinds.isdisjoint(CHANGE)

    def _default(self) -> Where:
        """What the words around a sentence name."""
        if self.at:
            return Where(self.at)
        if self.context.labels or self.context.others:
            return Where(self.context.labels, self.context.others)
        if self.context.carried or not self.context.part:
            return Where((), self.context.carried)
        return Where((), self.sheet.of_part(self.context.part))

    def _numbered(self, line: Line) -> str:
        """The paragraph of the part above that has the number of an item."""
        return self.sheet.numbered(self.context.part or "", line.number) or "" if line.number else ""

    def _statement(self, line: Line, read: Sequence[Sentence]) -> None:
        statement = Statement(self.draft, self.found, self._default(), self.context.language)
        since = len(self.found.edits)
        if self._says_again(line, read):
            self.found.settle(line.text, "official text", "the paragraph is shown as it stands")
            return
        if self.context.closed and not any(sentence.named for sentence in read):
            self.found.settle(line.text, "signature", "it is below the closing formula")
            return
        remarks = statement.read(read)
        self.awaited = statement.awaited
        after = announced_after(read, self.sheet) if self.awaited is None else None
        last = read[-1] if read else None
        if after is not None and last is not None and remarks and remarks[-1].sentence.start == last.start:
            remarks = remarks[:-1]
            self.awaited = Announced(after, last.text, doubt=_BY_SHAPE)
            self.found.settle(last.text, "place", "it announces a new paragraph", last.start)
        self._remarks(line, remarks, since)
        if statement.place:
            self.context.carried = statement.place.labels
            if not self.at:
                self.context.labels, self.context.others = (), ()

    # --- a paragraph restated ----------------------------------------------------------------------

    def _says_again(self, line: Line, read: Sequence[Sentence]) -> bool:
        """Whether a line says a paragraph again, and asks for nothing: the differences are kept. What it quotes is
        weighed last, since that takes time.
        """
        text, labels = self._wording(line, read)
        again = self._again(unquoted(text), labels)
        if again is None or self._is_more(text, labels) or self._asks(read):
            return False
        self._keep_rewritten(again, labels, line.text)
        self._names((again.label,), ())
        self.context.again = True
        return True

    def _asks(self, read: Sequence[Sentence]) -> bool:
        """Whether a sentence asks for something by what it quotes, or for a new paragraph."""
        arrow = any("arrow" in sentence.kinds for sentence in read)
        return arrow or any(self._solved(sentence) or Statement.adds(sentence, self.sheet) for sentence in read)

    def _wording(self, line: Line, read: Sequence[Sentence]) -> tuple[str, tuple[str, ...]]:
        """The words of a line that may say a paragraph again, and the labels that it may have."""
        text, labels = without_label(line.text, read)
        if not self.context.again:
            labels = labels or self._default().labels or self._default().others
        return after_colon(text), labels

    def _again(self, text: str, labels: Sequence[str]) -> Restated | None:
        """The paragraph that a wording says again; one of a few words only where it alone is named: "Chapeau: …"."""
        if len(words_of(text)) >= FEWEST:
            return restated(text, self.draft, labels)
        official = self.draft.text(labels[0]) if len(labels) == 1 else ""
        is_short = 0 < len(words_of(official)) < FEWEST
        if not is_short or similarity(text.lower(), official.lower()) < WHOLE:
            return None
        return Restated(labels[0], tuple(whole(text, official)), 1.0)

    def _is_more(self, text: str, labels: Sequence[str]) -> bool:
        """Whether there are words outside quotation marks that are not the draft's."""
        if not quoted(text) or unquoted(text) != text:
            return False
        again = restated(without_quotations(text), self.draft, labels)
        return again is None or again.share < WHOLE

    def _keep_rewritten(self, again: Restated, labels: Sequence[str], evidence: str) -> None:
        bracketed = any("[" in change.new or "]" in change.new for change in again.changes)
        for bound in rewritten(again, labels, _BRACKETS if bracketed else ""):
            self.found.change(bound, evidence)
        if not again.changes and "[" in evidence and "[" not in self.draft.text(again.label):
            self.found.lost(evidence, _BRACKETS)

    # --- remarks -------------------------------------------------------------------------------------

    def _remarks(self, line: Line, remarks: Sequence[Remark], since: int) -> None:
        """Sentences without an act: reasons of the line's edits, remarks on its paragraphs, general ones, nothing."""
        edited = {edit.paragraph for edit in self.found.edits[since:]}
        groups: list[tuple[tuple[str, ...], list[Remark]]] = []
        announces = line.text.rstrip().endswith((":", "："))
        for remark in remarks:
            if edited.issuperset(remark.labels) and edited and self._explains(remark, line):
                self.found.reason(since, remark.text)
                self.found.settle(remark.sentence.text, "reason", "", remark.sentence.start)
                continue
            where = _GENERAL if self._is_on_the_whole(remark) else remark.labels or self._remarked(remark.text, line)
            announces = announces or "following" in remark.sentence.kinds
            if not where or (announces and where == _GENERAL):
                while groups:
                    self._keep_remark(*groups.pop(0))
                self._set_aside(remark, line)
            elif groups and (groups[-1][0] == where or (not remark.labels and groups[-1][0] != _GENERAL)):
                groups[-1][1].append(remark)
            else:
                groups.append((where, [remark]))
        for where, members in groups:
            self._keep_remark(where, members)
        self.context.listing = bool(line.mark) and len(self.found.edits) > since

    def _is_on_the_whole(self, remark: Remark) -> bool:
        """Whether a sentence speaks of the text as a whole, whatever the lines around it speak of."""
        return not self.at and (_is_on_the_whole(remark) or self._begins_generally(remark))

    def _explains(self, remark: Remark, line: Line) -> bool:
        """Whether a sentence gives a reason, and asks for nothing itself; an opinion on the whole text is none, unless
        it begins an item of a list that asks for something.
        """
        alone = remark.leads and not line.mark and not self._default().labels
        general = alone and is_general(remark.text, self.context.language, remark.text)
        if remark.asks or general or self._is_on_the_whole(remark):
            return False
        signs = signs_of(remark.sentence, self.draft, self.context.language)
        asks = (
            signs & {"new wording", "two quotations", "sign", "position", "question"}
            or {"quotation", "change"} <= signs
        )
        asks = asks or "ordinal" in remark.sentence.kinds
        return not asks or "reason" in remark.sentence.kinds

    def _keep_remark(self, where: Sequence[str], members: Sequence[Remark]) -> None:
        """Sentences on the same paragraphs, as one remark; it is sure where none asks for a change. One that asks, and
        may speak of another paragraph, is unread.
        """
        general = tuple(where) == _GENERAL
        asked = next(filter(None, (self._request(one, general=general) for one in members)), "")
        if asked and (general or self._may_be_elsewhere(where, members)):
            touched = {edit.paragraph for edit in self.found.edits[self.context.since :]}
            for one in members:
                self._keep_doubtful(one, asked, [label for label in where if label in touched])
            return
        doubt = asked or self._doubt_of_remark(members, general=general)
        text, sure = joined(one.text for one in members), DOUBTFUL_REMARK if doubt else REMARK
        for label in where:
            self.found.remark(label, text, members[0].intent, sure)
        self.found.settle_all([(one.sentence.text, one.sentence.start) for one in members], "official text", doubt)

    def _may_be_elsewhere(self, where: Sequence[str], members: Sequence[Remark]) -> bool:
        """Whether sentences may speak of another paragraph than the one that they are taken to speak of."""
        loose = all(one.carried or self._is_on_the_text(one) for one in members)
        return loose or any(_names_others(one, where) for one in members)

    def _doubt_of_remark(self, members: Sequence[Remark], *, general: bool) -> str:
        """Why sentences that ask for no change may be no remark on what they are taken to speak of."""
        if not any(map(self._is_evident, members)):
            return "nothing tells that it is a remark"
        whole = not general or all(map(self._is_on_all_of_it, members))
        return "" if whole else "it does not say that it speaks of the whole text"

    def _keep_doubtful(self, remark: Remark, doubt: str, likely: Sequence[str]) -> None:
        """A sentence that may speak of another paragraph than the lines around it: of those that it names, if any; of
        `likely`, which the lines above change.
        """
        own = () if remark.carried else remark.labels
        named = tuple(dict.fromkeys((*own, *remark.sentence.labels)))
        for label in named or likely:
            self.found.remark(label, remark.text, remark.intent, DOUBTFUL_REMARK)
        if not named and self._is_on_the_text(remark):
            self.found.remark("general", remark.text, remark.intent, DOUBTFUL_REMARK)
        elif not named:
            self.found.lost(remark.text, doubt)
        self.found.settle(remark.sentence.text, "unread", doubt, remark.sentence.start)

    def _is_on_the_text(self, remark: Remark) -> bool:
        """Whether a sentence names no paragraph, and asks, misses or reserves something about the text itself."""
        signs = signs_of(remark.sentence, self.draft, self.context.language)
        asks = "reserve" in remark.sentence.kinds or signs >= {"wish", "lack"} or "question" in signs
        asks = asks or self._begins_generally(remark)
        return asks and not remark.sentence.named and says(remark.text, "remarks.subject", self.context.language)

    def _is_on_all_of_it(self, remark: Remark) -> bool:
        """Whether a sentence names the text itself, and no change or line of it."""
        subject = says(remark.text, "remarks.subject", self.context.language) or _is_on_the_whole(remark)
        return subject and remark.sentence.kinds.isdisjoint(("line", "colon", "replace", "following"))

    def _is_evident(self, remark: Remark) -> bool:
        """Whether a sentence shows that it speaks about the text, and is no wording for it."""
        kinds = remark.sentence.kinds
        if remark.intent or not kinds.isdisjoint(SPEAKING) or remark.text.rstrip().endswith(QUESTION_MARKS):
            return True
        return any(says(remark.text, concept, self.context.language) for concept in SPEAKING_PHRASES)

    def _request(self, remark: Remark, *, general: bool) -> str:
        """Why a remark may ask for a change; empty where it asks for none."""
        signs = signs_of(remark.sentence, self.draft, self.context.language)
        asks_too = remark.intent == "oppose" and {"act", "quotation"} <= signs and not remark.sentence.denied
        told = (_yields(remark.sentence) or remark.intent in REFUSING) and not asks_too
        return _asked_of_words(remark, signs, told=told, general=general) or self._asked_of_places(
            remark, signs, told=told, general=general
        )

    def _asked_of_places(self, remark: Remark, signs: frozenset[Sign], *, told: bool, general: bool) -> str:
        """Why a remark may ask for a change of paragraphs, or speak of others than it seems to."""
        asks, plain = "question" in signs, remark.intent is None
        below = asks and len(self.found.edits) == self.context.since  # it is right below a heading
        named = bool(remark.labels or general or below or "quotation" in signs)
        reasons = {
            "it sets paragraphs beside each other": "position" in signs,
            "it speaks of several paragraphs": plain and _names_several(remark.sentence),
            "it says in a word what a paragraph should be": plain and _should_be(remark.sentence),
            "it asks something, and names no paragraph": asks and (remark.carried or not named),
            "it may speak of the whole text": not general and not below and self._is_on_the_text(remark),
            "it quotes words of the draft and does not say what it thinks of them": "quotation" in signs
            and plain
            and not (asks or told),
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    def _set_aside(self, remark: Remark, line: Line) -> None:
        """A sentence that is no remark on any paragraph: a courtesy, more on what was read above, or unread."""
        text, sentence, language = remark.text, remark.sentence, self.context.language
        courtesy = says(text, "remarks.courtesy", language)
        if (remark.asks or (self.context.listing and line.mark)) and not courtesy:
            self._lost(remark, line, language)
        kept = bool(self.found.touched())
        signs = signs_of(sentence, self.draft, language)
        courtesy = courtesy or says(text, "remarks.sent", language)
        kind, why = self._outcome(signs, text, courtesy=courtesy)
        alone = remark.leads and not self.found.remarks_here
        if kind == "reason" and alone and self._wishes_for_the_text(remark, signs):
            kind, why = "unread", "it wishes for something in the text as a whole"
        if kind == "unread" and not kept:
            self._keep_in_doubt(remark, signs)
        if kind == "reason":
            self.found.more(self.found.last)
        self.found.settle(sentence.text, kind, why, sentence.start)

    def _keep_in_doubt(self, remark: Remark, signs: frozenset[Sign]) -> None:
        """A remark at the one paragraph that has the words which a sentence shows, or on the text as a whole."""
        shown = "" if remark.sentence.named or remark.asks else shown_in(remark.sentence, self.draft)
        speaks = signs & {"question", "wish", "lack", "quotation"}
        if shown and (speaks or self.found.edits) and not signs & {"new wording", "two quotations"}:
            self.found.remark(shown, remark.text, remark.intent, DOUBTFUL_REMARK)
        elif self._wishes_for_the_text(remark, signs):
            self.found.remark("general", remark.text, remark.intent, DOUBTFUL_REMARK)

    def _begins_generally(self, remark: Remark) -> bool:
        """Whether a sentence begins with "in general" or the like, and finds something about the text."""
        language = self.context.language
        if remark.sentence.named or pattern_of("remarks.general", language=language).match(folded(remark.text)) is None:
            return False
        found = signs_of(remark.sentence, self.draft, language) & {"wish", "lack"}
        return bool(found) and says(remark.text, "remarks.subject", language)

    def _wishes_for_the_text(self, remark: Remark, signs: frozenset[Sign]) -> bool:
        """Whether a sentence that names no paragraph asks or wishes something of the text as a whole."""
        text, sentence = remark.text, remark.sentence
        if signs & ASKING or sentence.named or text.rstrip().endswith((":", "：")):
            return False
        asks = "question" in signs
        if not says(text, "remarks.subject", self.context.language) and not (asks and self.found.edits):
            return False
        if not sentence.kinds.isdisjoint(_ON_PARAGRAPHS) or ("colon" in sentence.kinds and not asks):
            return False
        return len(words_of(text)) >= _REMARK and bool(signs & {"question", "wish", "lack"})

    def _outcome(self, signs: frozenset[Sign], text: str, *, courtesy: bool) -> tuple[OutcomeKind, str]:
        """What a sentence is that no reader has taken, and why it is thought so."""
        asking = signs & ASKING
        if asking or {"place", "change"} <= signs:
            return "unread", f"not read, and it bears signs of a request: {', '.join(sorted(asking or signs))}"
        if courtesy:
            return "courtesy", "a phrase of courtesy"
        if signs - {"change", "wish", "shape", "lack", "proposing", "sign", "question"}:
            return "unread", f"not read, and it bears signs of a request: {', '.join(sorted(signs))}"
        said = len(words_of(text)) >= _REMARK and not is_name(text, self.context.language)
        if said and self.found.last and "question" not in signs:
            return "reason", "it goes on with what is above"
        if "question" in signs or (said and signs & {"wish", "shape", "lack"}):
            return "unread", "not read, and it wishes for something, or looks like a paragraph"
        return "courtesy", "no sign of a request"

    def _lost(self, remark: Remark, line: Line, language: str) -> None:
        """What asks for a change, or is in a list of them, and belongs nowhere for certain."""
        text = remark.text
        label = self._numbered(line) if self.context.part else ""
        if label:
            self.found.remark(label, text, None, DOUBTFUL_REMARK)
        elif line.mark and says(text, "remarks.subject", language):
            self.found.remark("general", text, None, DOUBTFUL_REMARK)
        else:
            self.found.lost(text, self._why_lost(remark.sentence))

    def _why_lost(self, sentence: Sentence) -> str:
        """Why what a sentence asks for has no place."""
        missing = next((place.missing for place in sentence.places if place.missing), "")
        if missing:
            return f"the draft has no {missing}"
        for words in sentence.quotes:
            if len(holding(words, self.draft)) > 1:
                return f"“{words}” occurs in several places of the draft"
        return "it asks for a change, but not clearly which and where"

    def _remarked(self, text: str, line: Line) -> tuple[str, ...]:
        """Where a sentence that names no place belongs; () where it is no remark."""
        context, language = self.context, self.context.language
        courtesy = says(text, "remarks.courtesy", language)
        if self.at:
            return () if courtesy and not says(text, "remarks.opinion", language) else self.at
        if context.labels and not courtesy and len(text) >= _REMARK and not is_name(text, language):
            return context.labels
        if context.closed or courtesy:
            return ()
        return _GENERAL if context.general or self._is_general(text, line) else ()

    def _is_general(self, text: str, line: Line) -> bool:
        """Whether a sentence finds something about the text as a whole, which a courtesy around it does not name."""
        language = self.context.language
        if not says(text, "remarks.opinion", language) or says(text, "remarks.sent", language):
            return False
        aside = any(says(line.text, concept, language) for concept in ("remarks.courtesy", "remarks.sent"))
        return is_general(text, language, text if aside else line.text, listed=bool(line.mark))


def _is_on_the_whole(remark: Remark) -> bool:
    """Whether a sentence speaks of the text as a whole, or of all of it but what others are on."""
    return not _ALL_OF_IT.isdisjoint(remark.sentence.kinds) and not remark.sentence.named


def _yields(sentence: Sentence) -> bool:
    """Whether a sentence concedes something, regrets it, or tells what others want."""
    return not sentence.asserted.isdisjoint(YIELDING)


def _asked_of_words(remark: Remark, signs: frozenset[Sign], *, told: bool, general: bool) -> str:
    """Why a remark may ask for other words; `told` where its refusal or concession accounts for words of a change."""
    proposing: frozenset[Sign] = frozenset(("sign", "act") if general else ("sign", "act", "proposing", "change"))
    reported = not remark.sentence.kinds.isdisjoint(("reported", "wished"))
    changes = "change" in signs and bool(signs & {"quotation", "place", "draft words"})
    reasons = {
        "it quotes words that are not the draft's": "new wording" in signs and not _yields(remark.sentence),
        "it shows words of the draft with others among them": "shown" in signs,
        "it quotes words twice": "two quotations" in signs and not reported,
        "it speaks of a new paragraph": speaks_of_new(remark.sentence) and not told,
        "it holds words in the draft's language": "foreign words" in signs,
        "it has words of a change": changes and not told,
        "it seems to propose words": bool(signs & proposing) and not told,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _should_be(sentence: Sentence) -> bool:
    """Whether a sentence says in a word or two what should become of a paragraph: "Paragraph 6 must be axed"."""
    told = [token.kind for token in sentence.tokens if token.kind != "of"]
    clause = list(takewhile(lambda kind: kind not in ("comma", "reason", "stop", "semicolon"), told))
    return clause[:2] == ["place", "be"] and set(clause[2:]) == {"other"} and len(clause) <= _A_WORD


def _names_several(sentence: Sentence) -> bool:
    """Whether a sentence names paragraphs in several places: it says something else of each."""
    return len({place.labels for place in sentence.named if place.labels}) > 1


def _names_others(remark: Remark, where: Sequence[str]) -> bool:
    """Whether a sentence names other paragraphs than those that it is taken to speak of."""
    named = remark.sentence.labels
    return bool(named) and set(where).isdisjoint(named)
