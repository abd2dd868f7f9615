"""What becomes of the sentences of a line in which no act was found: remarks, reasons, courtesies, or unread.

Three things decide: what a sentence is on, why it may ask for a change, and whether it shows that it is a remark.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from parsing.confidence import DOUBTFUL_REMARK, REMARK
from parsing.draft_index import holding, words_of
from parsing.model import Draft, OutcomeKind
from parsing.prose.headings import is_name
from parsing.prose.lines import Line
from parsing.prose.requests.remarks import is_general, says
from parsing.prose.requests.sentences import Sentence
from parsing.prose.resolve.edits import Collector
from parsing.prose.signs import ASKING, REFUSING, YIELDING, Sign, shown_in, signs_of
from parsing.prose.statement import Remark
from parsing.text.phrases import folded, pattern_of

_GENERAL = ("general",)
_ALL_OF_IT = frozenset(("whole", "other_paragraphs"))
"""Kinds of words by which a sentence names more than single paragraphs."""
_REMARK = 6
"""What is shorter is no remark on the paragraph above, but a greeting or a name."""
_ON_PARAGRAPHS = frozenset(("paragraph", "recital", "operative", "preamble", "support"))
"""Kinds of words by which a sentence speaks of less than the whole text, or agrees with it."""
_COLONS = (":", "：", ";", "；")
_FINDING = frozenset[Sign](("wish", "lack", "question"))
"""Signs that a sentence finds, wishes or asks something."""
_REQUESTS: tuple[tuple[Sign, frozenset[str], str], ...] = (
    ("wording", frozenset(("yields",)), "it quotes words that are not the draft's, or several"),
    ("shown", frozenset(), "it shows words of the draft with others among them"),
    ("foreign words", frozenset(), "it holds words in the draft's language"),
    ("act", frozenset(("yields", "refuses", "question")), "it has words of a change"),
    ("change", frozenset(("yields", "refuses", "question", "general")), "it has words of a change"),
    ("quotation", frozenset(("yields", "refuses", "question")), "it quotes words, and does not say what of them"),
)
"""Signs of a request, what accounts for them, and why the sentence needs review where nothing does."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the lines above say of the sentences of a line."""

    language: str
    at: tuple[str, ...]
    """The paragraphs of which everything speaks, as in the margin of a document."""
    labels: tuple[str, ...]
    """The paragraphs of the heading."""
    numbered: str
    """The paragraph that has the number of the item."""
    general: bool
    closed: bool
    listing: bool
    since: int
    """The first of the edits below the heading."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    draft: Draft
    found: Collector
    around: Around

    def settle(self, line: Line, remarks: Sequence[Remark], since: int) -> None:
        """Sentences without an act: reasons of the line's edits, remarks on its paragraphs, general ones, nothing."""
        edited = {edit.paragraph for edit in self.found.edits[since:]}
        announces = line.text.rstrip().endswith((":", "："))
        before: tuple[str, ...] = ()
        for remark in remarks:
            signs = signs_of(remark.sentence, self.draft, self.around.language)
            if edited and edited.issuperset(remark.labels) and self._explains(remark, signs, line):
                self.found.reason(since, remark.text)
                self.found.settle(remark.sentence.text, "reason", "", remark.sentence.start)
                continue
            on = self._on(remark, signs, line)
            if on != _GENERAL and not remark.labels and before not in ((), _GENERAL):
                on = before
            announces = announces or "following" in remark.sentence.kinds
            if not on or (announces and on == _GENERAL):
                self._set_aside(remark, signs, line)
                before = ()
            else:
                self._keep(remark, signs, on, follows=on == before)
                before = on

    def _on(self, remark: Remark, signs: frozenset[Sign], line: Line) -> tuple[str, ...]:
        """The paragraphs that a sentence is on, or the text as a whole; () where it is no remark."""
        if self._is_on_the_text(remark, signs):
            return _GENERAL
        return remark.labels or self._remarked(remark.text, line)

    def _is_on_the_text(self, remark: Remark, signs: frozenset[Sign]) -> bool:
        """Whether a sentence speaks of the text as a whole, whatever the lines around it speak of."""
        sentence = remark.sentence
        if self.around.at or sentence.named:
            return False
        if self._is_of_all(remark, signs):
            return True
        below = len(self.found.edits) == self.around.since
        asks = "reserve" in sentence.kinds or {"wish", "lack"} <= signs or ("question" in signs and not below)
        return asks and says(remark.text, "remarks.subject", self.around.language)

    def _is_of_all(self, remark: Remark, signs: frozenset[Sign]) -> bool:
        """Whether a sentence says that it speaks of all of the text."""
        general = pattern_of("remarks.general", language=self.around.language).match(folded(remark.text))
        found = general and signs & {"wish", "lack"} and says(remark.text, "remarks.subject", self.around.language)
        return bool(found) or not remark.sentence.kinds.isdisjoint(_ALL_OF_IT)

    def _explains(self, remark: Remark, signs: frozenset[Sign], line: Line) -> bool:
        """Whether a sentence gives a reason, and asks for nothing itself; an opinion on the whole text is none, unless
        it begins an item of a list that asks for something.
        """
        alone = remark.leads and not line.mark and not (self.around.at or self.around.labels)
        general = alone and is_general(remark.text, self.around.language, remark.text)
        general = general or (self._is_on_the_text(remark, signs) and self._is_of_all(remark, signs))
        if remark.asks or general:
            return False
        asks = signs & {"wording", "question"} or {"quotation", "change"} <= signs
        asks = asks or "ordinal" in remark.sentence.kinds
        return not asks or "reason" in remark.sentence.kinds

    def _keep(self, remark: Remark, signs: frozenset[Sign], on: tuple[str, ...], *, follows: bool) -> None:
        """A remark; it is sure where it shows that it is one, and on what, and asks for nothing."""
        request = _request(remark, signs, on)
        doubt = request or self._doubt(remark, signs, on, follows=follows)
        if request and not self.around.at:
            named = remark.sentence.labels
            on = tuple(dict.fromkeys((*(() if remark.carried else remark.labels), *named))) or on
            if (remark.carried or on == _GENERAL) and not (named or self._is_on_the_text(remark, signs)):
                self.found.lost(remark.text, doubt)
                on = () if on == _GENERAL else on
        for label in on:
            self.found.remark(label, remark.text, remark.intent, DOUBTFUL_REMARK if doubt else REMARK)
        self.found.settle(remark.sentence.text, "official text", doubt, remark.sentence.start)

    def _doubt(self, remark: Remark, signs: frozenset[Sign], on: tuple[str, ...], *, follows: bool) -> str:
        """Why a sentence may be no remark on what it is taken to be on; empty where it shows both."""
        sentence = remark.sentence
        position = remark.intent in _POSITIONS or "question" in signs
        if follows and not sentence.labels:
            return ""
        if sentence.text.rstrip().endswith(_COLONS):
            return "it announces something, or is a wording"
        if on == _GENERAL:
            whole = self._is_of_all(remark, signs) or "everywhere" in sentence.kinds
            clear = whole or ((position or "lack" in signs) and not (self.around.labels or remark.labels))
            clear = (clear or self.around.general or bool(self.around.at)) and says(
                remark.text, "remarks.subject", self.around.language
            )
            return "" if clear and "colon" not in sentence.kinds else "it does not say that it speaks of the whole text"
        if not position and sentence.kinds.isdisjoint(_TELLING):
            return "nothing tells that it is a remark"
        strong = {label for place in sentence.named if not place.weak for label in place.labels}
        headed = () if remark.carried or "question" in signs else self.around.labels
        named = strong or set(sentence.labels or self.around.at or headed)
        return "" if named == set(on) else "it does not name its paragraph"

    def _set_aside(self, remark: Remark, signs: frozenset[Sign], line: Line) -> None:
        """A sentence that is no remark on any paragraph: a courtesy, more on what was read above, or unread."""
        text, sentence, language = remark.text, remark.sentence, self.around.language
        courtesy = says(text, "remarks.courtesy", language)
        if (remark.asks or (self.around.listing and line.mark)) and not courtesy:
            self._lost(remark, line, language)
        kept = bool(self.found.touched())
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
        if shown and (speaks or self.found.edits) and "wording" not in signs:
            self.found.remark(shown, remark.text, remark.intent, DOUBTFUL_REMARK)
        elif self._wishes_for_the_text(remark, signs):
            self.found.remark("general", remark.text, remark.intent, DOUBTFUL_REMARK)

    def _wishes_for_the_text(self, remark: Remark, signs: frozenset[Sign]) -> bool:
        """Whether a sentence that names no paragraph asks or wishes something of the text as a whole."""
        text, sentence = remark.text, remark.sentence
        if signs & ASKING or sentence.named or text.rstrip().endswith((":", "：")):
            return False
        asks = "question" in signs
        if not says(text, "remarks.subject", self.around.language) and not (asks and self.found.edits):
            return False
        if not sentence.kinds.isdisjoint(_ON_PARAGRAPHS) or ("colon" in sentence.kinds and not asks):
            return False
        return len(words_of(text)) >= _REMARK and bool(signs & _FINDING)

    def _outcome(self, signs: frozenset[Sign], text: str, *, courtesy: bool) -> tuple[OutcomeKind, str]:
        """What a sentence is that no reader has taken, and why it is thought so."""
        asking = signs & ASKING
        if asking or {"place", "change"} <= signs:
            return "unread", f"not read, and it bears signs of a request: {', '.join(sorted(asking or signs))}"
        if courtesy:
            return "courtesy", "a phrase of courtesy"
        if signs - {"change", "wish", "shape", "lack", "question"}:
            return "unread", f"not read, and it bears signs of a request: {', '.join(sorted(signs))}"
        said = len(words_of(text)) >= _REMARK and not is_name(text, self.around.language)
        if said and self.found.last and "question" not in signs:
            return "reason", "it goes on with what is above"
        if "question" in signs or (said and signs & {"wish", "shape", "lack"}):
            return "unread", "not read, and it wishes for something, or looks like a paragraph"
        return "courtesy", "no sign of a request"

    def _lost(self, remark: Remark, line: Line, language: str) -> None:
        """What asks for a change, or is in a list of them, and belongs nowhere for certain."""
        text = remark.text
        label = self.around.numbered
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
        language = self.around.language
        courtesy = says(text, "remarks.courtesy", language)
        if self.around.at:
            return () if courtesy and not says(text, "remarks.opinion", language) else self.around.at
        if self.around.labels and not courtesy and len(text) >= _REMARK and not is_name(text, language):
            return self.around.labels
        if self.around.closed or courtesy:
            return ()
        return _GENERAL if self.around.general or self._is_general(text, line) else ()

    def _is_general(self, text: str, line: Line) -> bool:
        """Whether a sentence finds something about the text as a whole, which a courtesy around it does not name."""
        language = self.around.language
        if not says(text, "remarks.opinion", language) or says(text, "remarks.sent", language):
            return False
        aside = any(says(line.text, concept, language) for concept in ("remarks.courtesy", "remarks.sent"))
        return is_general(text, language, text if aside else line.text, listed=bool(line.mark))


def _excuses(remark: Remark, signs: frozenset[Sign], on: tuple[str, ...]) -> set[str]:
    """What accounts for signs of a request in a sentence."""
    asks_too = remark.intent == "oppose" and {"act", "quotation"} <= signs and not remark.sentence.denied
    excuses = {
        "yields": not remark.sentence.asserted.isdisjoint(YIELDING),
        "refuses": remark.intent in REFUSING and not asks_too,
        "question": "question" in signs,
        "general": on == _GENERAL,
    }
    return {excuse for excuse, holds in excuses.items() if holds}


def _request(remark: Remark, signs: frozenset[Sign], on: tuple[str, ...]) -> str:
    """Why a sentence may ask for a change; empty where it asks for none."""
    excuses = _excuses(remark, signs, on)
    return next((why for sign, accounts, why in _REQUESTS if sign in signs and excuses.isdisjoint(accounts)), "")


_POSITIONS = frozenset(("support", "retain", "oppose", "reserve", "split"))
_TELLING = frozenset(("concede", "wished", "reported", "retract"))
